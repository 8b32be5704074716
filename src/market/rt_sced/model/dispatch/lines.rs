//! The network as the program of one interval sees it.

use std::rc::Rc;

use crate::network::combined;
use crate::opt::{Constraint, Tag, Var};

use super::program::{Columns, Detail, Owner};
use super::request::{Aggregation, Request};
use crate::market::rt_sced::model::equivalent::Equivalent;
use crate::market::rt_sced::model::limit::Limit;
use crate::market::rt_sced::model::losses::Losses;
use crate::market::rt_sced::model::system::{State, System};

/// Largest excess of an expected flow over its limit that counts as satisfied in a case of ordinary
/// size, MW.
pub const FLOW_TOLERANCE_MW: f64 = 1e-7;

/// Sides of limits from which on not all that are exceeded become rows at once, and how many then do.
const MANY: usize = 200;
const AT_ONCE: usize = 100;

/// The network as the program of one interval sees it: `Eq. [zuo2022](3)`, `(4)`, `(10)`, `(11)`.
pub(super) struct Lines<'a> {
    pub(super) system: &'a System,
    pub(super) aggregation: Aggregation<'a>,
    detail: Detail,
    loads_mw: &'a [f64],
    more_mw: &'a [(usize, f64)],
    se: &'a State,
    /// Measured flow minus the flow the program's own picture of the state would give, MW.
    correction_mw: Vec<f64>,
    /// Losses about a dispatch, where they are asked for.
    pub(super) losses: Option<Rc<Losses>>,
    /// Column's injection as (bus, share).
    pub(super) spread: Vec<Vec<(usize, f64)>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(
        system: &'a System,
        request: &Request<'a>,
        columns: &Columns,
        detail: Detail,
    ) -> Lines<'a> {
        let aggregation = request.aggregation;
        let group = |e: usize| request.equivalents()[e].group;
        let spread = columns.owner.iter().map(|owner| match *owner {
            Owner::Der(d) => spread_of_der(system, aggregation, d),
            Owner::Generator(_) | Owner::DcLine { .. } => owner.injects(system),
            Owner::Total(e) => spread_of_group(system, aggregation, group(e)),
            Owner::Sent(..) | Owner::Other(_) | Owner::Value(_) => Vec::new(),
        });
        let mut lines = Lines {
            system,
            aggregation,
            detail,
            loads_mw: request.loads_mw,
            more_mw: request.more_mw,
            se: request.se,
            correction_mw: Vec::new(),
            losses: request.losses.clone(),
            spread: spread.collect(),
        };
        lines.correction_mw = match aggregation {
            _ if system.rho_per_mw.is_some() => vec![0.0; system.branch_ids.len()],
            Aggregation::Elemental => vec![0.0; system.branch_ids.len()],
            _ => lines.correction_mw(),
        };
        lines
    }

    /// Shift factors of limit `k`, by bus.
    pub(super) fn ptdf(&self, k: usize) -> &[f64] {
        match &self.losses {
            Some(losses) => losses.ptdf(self.system, k),
            None => self.system.ptdf(k),
        }
    }

    pub(super) fn equivalents(&self) -> &'a [Equivalent] {
        self.aggregation.equivalents()
    }

    /// Measured flows minus those of the program's own picture of the state, MW.
    fn correction_mw(&self) -> Vec<f64> {
        let (system, se) = (self.system, self.se);
        let injection = self.pictured_injection(se);
        let mut pictured = system.network.flows_mw(&injection);
        // What an exact curve sends over its critical lines is pictured as it is.
        for equivalent in self.equivalents().iter().filter(|e| self.is_exact(e)) {
            let sent = equivalent.sent_mw(system, &se.ders);
            let p_a = system.group_output_mw(equivalent.group, &se.ders);
            for (&k, sent) in equivalent.lines.iter().zip(sent) {
                pictured[system.limits[k].branch] +=
                    sent - self.by_factors(equivalent.group, k) * p_a;
            }
        }
        let measured = system.flows_mw(se);
        measured.iter().zip(&pictured).map(|(m, p)| m - p).collect()
    }

    /// Injections of a state as the program pictures them: aggregates spread by their factors.
    fn pictured_injection(&self, state: &State) -> Vec<f64> {
        let system = self.system;
        let mut injection = system.injection_mw(&State {
            ders: Vec::new(),
            ..state.clone()
        });
        for (d, &p) in state.ders.iter().enumerate() {
            for (bus, share) in spread_of_der(system, self.aggregation, d) {
                injection[bus] += share * p;
            }
        }
        injection
    }

    /// The equivalent's flow on its critical lines is a variable of the program, or, laid open, a
    /// sum of them.
    pub(super) fn is_exact(&self, equivalent: &Equivalent) -> bool {
        equivalent.jack.is_none() || self.detail == Detail::Open
    }

    /// Σ SF_li DF_ia: what the factors say one MW of aggregator `a` puts on limit `k`.
    pub(super) fn by_factors(&self, a: usize, k: usize) -> f64 {
        combined(
            self.system.ptdf(k),
            &spread_of_group(self.system, self.aggregation, a),
        )
    }

    /// Flow the program expects on every branch for a point of the program, MW.
    pub(super) fn expected_flows(&self, columns: &Columns, x: &[f64]) -> Vec<f64> {
        self.flows_under(self.loads_mw, columns, x)
    }

    /// [`Lines::expected_flows`] under other loads, which the point serves.
    pub(super) fn flows_under(&self, loads_mw: &[f64], columns: &Columns, x: &[f64]) -> Vec<f64> {
        let system = self.system;
        let injection = self.injection_under(loads_mw, x);
        if let Some(losses) = &self.losses {
            return losses.flows_mw(system, &injection);
        }
        let mut flows = system.network.flows_mw(&injection);
        for (flow, correction) in flows.iter_mut().zip(&self.correction_mw) {
            *flow += correction;
        }
        for (owner, value) in columns.owner.iter().zip(x) {
            match *owner {
                Owner::Total(e) if self.equivalents()[e].jack.is_none() => {
                    let equivalent = &self.equivalents()[e];
                    for &k in &equivalent.lines {
                        flows[system.limits[k].branch] -=
                            self.by_factors(equivalent.group, k) * value;
                    }
                }
                Owner::Sent(e, n) => {
                    let k = self.equivalents()[e].lines[n];
                    flows[system.limits[k].branch] += value;
                }
                Owner::Der(d) if self.detail == Detail::Open => {
                    let mine = |e: &&Equivalent| Some(e.group) == system.group_of[d];
                    for equivalent in self.equivalents().iter().filter(mine) {
                        for &k in &equivalent.lines {
                            let own = system.ptdf(k)[system.ders[d].bus];
                            let pictured = self.by_factors(equivalent.group, k);
                            flows[system.limits[k].branch] += (own - pictured) * value;
                        }
                    }
                }
                _ => {}
            }
        }
        if system.has_outputs() {
            flows.extend(columns.outputs_mw(system, x));
        }
        flows
    }

    /// Net injection by bus at a point of the program under loads, MW.
    pub(super) fn injection_under(&self, loads_mw: &[f64], x: &[f64]) -> Vec<f64> {
        let mut injection = vec![0.0; self.system.bus_ids.len()];
        for (bus, p) in self.system.load_bus.iter().zip(loads_mw) {
            injection[*bus] -= p;
        }
        for (bus, p) in self.more_mw {
            injection[*bus] -= p;
        }
        for (spread, p) in self.spread.iter().zip(x) {
            for (bus, share) in spread {
                injection[*bus] += share * p;
            }
        }
        injection
    }

    /// The flow of limit `k` as (terms, constant): everything the program can see of it.
    ///
    /// For `viewer`, an equivalent on a Union Jack, it is what the others put on the line,
    /// P_l'' = P̂_l − P̂_l' + increments of all but itself.
    pub(super) fn flow(
        &self,
        columns: &Columns,
        k: usize,
        viewer: Option<usize>,
    ) -> (Vec<(Var, f64)>, f64) {
        let system = self.system;
        let ptdf = self.ptdf(k);
        let equivalents = self.equivalents();
        let coefficient = |owner: &Owner, spread: &Vec<(usize, f64)>| match *owner {
            Owner::Total(e) if viewer == Some(e) => 0.0,
            Owner::Total(e)
                if equivalents[e].jack.is_none() && equivalents[e].line(k).is_some() =>
            {
                0.0
            }
            Owner::Sent(e, n) if equivalents[e].lines[n] == k => 1.0,
            Owner::Der(d) if self.opens(d, k) => ptdf[system.ders[d].bus],
            Owner::Generator(g) => combined(ptdf, spread) + system.limits[k].share_of(g),
            _ => combined(ptdf, spread),
        };
        let columns = columns.var.iter().zip(&columns.owner).zip(&self.spread);
        let terms = columns
            .map(|((&v, owner), spread)| (v, coefficient(owner, spread)))
            .filter(|(_, coefficient)| *coefficient != 0.0)
            .collect();
        let mut constant = match &self.losses {
            Some(losses) => losses.constant_mw(system, k) + self.load_part_mw(ptdf),
            None => self.constant(&system.limits[k]),
        };
        if let Some(e) = viewer {
            // The correction pictured the viewer by its factors; what it really sends goes out.
            let equivalent = &equivalents[e];
            let p_a = system.group_output_mw(equivalent.group, &self.se.ders);
            let sent: f64 = equivalent.sent_mw(system, &self.se.ders)[0];
            constant += self.by_factors(equivalent.group, k) * p_a - sent;
        }
        (terms, constant)
    }

    /// Row of limit `k`: Σ coefficient · column ≤ right-hand side on the upper side, ≥ on the lower.
    pub(super) fn row(&self, columns: &Columns, k: usize, is_upper: bool) -> Constraint {
        let flow = self.flow(columns, k, None);
        Constraint {
            tag: side_of(k, is_upper),
            ..side(&self.system.limits[k], flow, is_upper)
        }
    }

    /// The same of a limit that need not be one of the system, where there are no equivalents: without a tag.
    pub(super) fn row_of(&self, columns: &Columns, limit: &Limit, is_upper: bool) -> Constraint {
        let ptdf = self.system.ptdf_of(limit);
        let own = |owner: &Owner| match *owner {
            Owner::Generator(g) => limit.share_of(g),
            _ => 0.0,
        };
        let columns = columns.var.iter().zip(&columns.owner).zip(&self.spread);
        let terms = columns
            .map(|((&v, owner), spread)| (v, combined(ptdf, spread) + own(owner)))
            .filter(|(_, coefficient)| *coefficient != 0.0)
            .collect();
        side(limit, (terms, self.constant(limit)), is_upper)
    }

    /// What loads, corrections and phase shifters put on what a limit bounds, MW.
    fn constant(&self, limit: &Limit) -> f64 {
        let system = self.system;
        self.load_part_mw(system.ptdf_of(limit))
            + limit.part_mw(&self.correction_mw)
            + system.shifter_flow_of(limit)
    }

    fn load_part_mw(&self, ptdf: &[f64]) -> f64 {
        let loads = self.system.load_bus.iter().zip(self.loads_mw);
        let more = self.more_mw.iter().map(|(bus, p)| (bus, p));
        loads.chain(more).map(|(bus, p)| -ptdf[*bus] * p).sum()
    }

    /// DER `d` belongs to an equivalent laid open, with limit `k` among its critical lines.
    fn opens(&self, d: usize, k: usize) -> bool {
        let group = self.system.group_of[d];
        let mut equivalents = self.equivalents().iter();
        equivalents.any(|e| Some(e.group) == group && e.line(k).is_some())
    }

    /// Limits that the region of an equivalent on a Union Jack already holds.
    pub(super) fn covered(&self, k: usize) -> bool {
        let mut equivalents = self.equivalents().iter();
        equivalents.any(|e| !self.is_exact(e) && e.line(k).is_some())
    }

    /// Rows of limits that the expected flows exceed and `tried` does not hold yet.
    pub(super) fn exceeded(
        &self,
        columns: &Columns,
        x: &[f64],
        tried: &mut Vec<(usize, bool)>,
    ) -> Vec<Constraint> {
        let flows = self.expected_flows(columns, x);
        let mut over = self.over(&flows);
        over.retain(|side| !tried.contains(side));
        self.keep_worst(&mut over, &flows);
        let rows = over.iter().map(|&(k, upper)| self.row(columns, k, upper));
        let rows = rows.collect();
        tried.extend(over);
        rows
    }

    /// Of very many sides that are exceeded the worst: most others no longer are once those hold.
    pub(super) fn keep_worst(&self, over: &mut Vec<(usize, bool)>, flows: &[f64]) {
        if over.len() <= MANY {
            return;
        }
        let excess = |&(k, _): &(usize, bool)| {
            let limit = &self.system.limits[k];
            limit.loaded_mw(self.system.flow_on(k, flows)) - limit.max_p_mw
        };
        crate::sort::by(over, |a, b| excess(b).total_cmp(&excess(a)));
        over.truncate(AT_ONCE);
        crate::sort::by(over, |a, b| a.cmp(b));
    }

    /// Sides of limits that flows exceed, in the order of the case.
    pub(super) fn over(&self, flows: &[f64]) -> Vec<(usize, bool)> {
        let tolerance = self.system.tolerance_mw(FLOW_TOLERANCE_MW);
        let limits = self.system.limits.iter().enumerate();
        let system_has = |k: usize, upper| self.system.limits[k].has(upper);
        let sides = limits.flat_map(|(k, limit)| {
            let flow = self.system.flow_on(k, flows);
            [
                (k, true, flow - limit.max_p_mw),
                (k, false, -flow - limit.max_p_mw),
            ]
        });
        sides
            .filter(|&(k, upper, excess)| {
                excess > tolerance && system_has(k, upper) && !self.covered(k)
            })
            .map(|(k, upper, _)| (k, upper))
            .collect()
    }
}

/// A side of a limit from its flow as (terms, constant).
fn side(limit: &Limit, (terms, constant): (Vec<(Var, f64)>, f64), is_upper: bool) -> Constraint {
    let most = limit.max_p_mw;
    let (lower, upper) = match is_upper {
        true => (f64::NEG_INFINITY, most - constant),
        false => (-most - constant, f64::INFINITY),
    };
    Constraint {
        name: limit.row_names[usize::from(is_upper)].clone(),
        terms,
        lower,
        upper,
        ..Constraint::default()
    }
}

/// The limit that a row is of.
pub(super) fn limit_of(tag: Tag) -> Option<usize> {
    match tag {
        Tag::Own(side) => Some(side / 2),
        _ => None,
    }
}

/// The row of a side of limit `k`, whatever program it is in.
pub(super) fn side_of(k: usize, upper: bool) -> Tag {
    Tag::Own(2 * k + usize::from(upper))
}

fn spread_of_der(system: &System, aggregation: Aggregation, d: usize) -> Vec<(usize, f64)> {
    match system.group_of[d] {
        Some(a) if aggregation.factors(a).is_some() => spread_of_group(system, aggregation, a),
        _ => vec![(system.ders[d].bus, 1.0)],
    }
}

fn spread_of_group(system: &System, aggregation: Aggregation, a: usize) -> Vec<(usize, f64)> {
    let factors = aggregation.factors(a).unwrap_or_default();
    let members = system.groups[a].members.iter().zip(factors);
    members
        .map(|(&m, &share)| (system.ders[m].bus, share))
        .collect()
}
