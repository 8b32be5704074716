//! One dispatch: the linear program of one interval, its limits and its prices.

use crate::opt::infeasible::{Explanation, Limit, explain_among, linear};
use crate::opt::union_jack::{self, Surface, minimise, on_triangles};
use crate::opt::zonotope::supporting_row;
use crate::opt::{Certificate, Model, NewRow, Outcome, Row, Var, certify, simplex};

use super::equivalent::{Equivalent, reached};
use super::prices::{LineRow, Prices, prices};
use super::system::{State, System};

/// How the program sees aggregated DERs.
#[derive(Clone, Copy)]
pub enum Sight<'a> {
    /// Each DER at its own bus (elemental pricing nodes).
    Elemental,
    /// Each aggregator as one node; distribution factors by group and member.
    Factors(&'a [Vec<f64>]),
    /// Aggregators with critical lines through their network equivalents, the others and all other
    /// lines through the factors.
    Equivalent(&'a [Vec<f64>], &'a [Equivalent]),
}

impl<'a> Sight<'a> {
    pub fn equivalents(self) -> &'a [Equivalent] {
        match self {
            Sight::Equivalent(_, equivalents) => equivalents,
            _ => &[],
        }
    }

    /// Factors of aggregator `a`; `None` where each member is seen at its own bus.
    pub fn factors(self, a: usize) -> Option<&'a [f64]> {
        match self {
            Sight::Elemental => None,
            Sight::Factors(factors) | Sight::Equivalent(factors, _) => {
                factors.get(a).map(Vec::as_slice)
            }
        }
    }
}

/// What one dispatch is asked for.
pub struct Request<'a> {
    pub name: String,
    pub sight: Sight<'a>,
    /// Latest state estimation; its flows are taken as measured.
    pub se: &'a State,
    /// Loads to be served, MW.
    pub loads_mw: &'a [f64],
    /// Least and greatest output of each generator, MW, ramps included.
    pub generator_range_mw: &'a [(f64, f64)],
    /// Limits that bound last time: tried first, as (limit, upper side).
    pub likely: &'a [(usize, bool)],
}

/// A cleared interval.
pub struct Dispatch {
    pub generators_mw: Vec<f64>,
    /// Output the program gives each DER; inside an aggregator only its total is an instruction.
    pub ders_mw: Vec<f64>,
    pub prices: Prices,
    pub certificate: Certificate,
    pub binding: Vec<(usize, bool)>,
    /// What each network equivalent was asked for and answered.
    pub answers: Vec<Answer>,
}

/// A network equivalent in one interval.
#[derive(Clone, Debug)]
pub struct Answer {
    pub p_a_mw: f64,
    /// P_l'' by critical line, MW.
    pub other_mw: Vec<f64>,
    /// Its cost as the program had it, $/h.
    pub bid_usd_per_h: f64,
    /// Its cost after its own dispatch, `Eq. [zuo2022](12)`, $/h.
    pub cost_usd_per_h: f64,
    /// Output of its blocks, MW.
    blocks_mw: Vec<f64>,
}

/// Why nothing could be dispatched.
pub struct Conflict {
    pub explanation: Explanation,
    rows: Vec<Cause>,
    columns: Vec<Cause>,
}

impl Conflict {
    /// What a limit of the program stands for.
    pub fn cause(&self, limit: Limit) -> Option<Cause> {
        match limit {
            Limit::RowLower(row) | Limit::RowUpper(row) => self.rows.get(row.0).copied(),
            Limit::VarLower(var) | Limit::VarUpper(var) => self.columns.get(var.0).copied(),
            Limit::Cone(_) => None,
        }
    }
}

/// What a row or bound of the program stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Balance,
    Line(usize),
    Generator(usize),
    Der(usize),
}

/// Ways a dispatch can end without a schedule.
pub enum Failure {
    Infeasible(Box<Conflict>),
    Numerics(String),
}

/// Who owns a column of the program.
#[derive(Clone, Copy)]
enum Owner {
    Generator(usize),
    Der(usize),
    /// P_a of an equivalent.
    Total(usize),
    /// φ_l of an equivalent: the n-th of its critical lines.
    Sent(usize, usize),
    /// P_l'' of an equivalent on a Union Jack.
    Other(usize),
    /// Value of an equivalent's exact curve, $/h.
    Value(usize),
}

/// Whether equivalents enter as such or with their DERs laid open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Aggregated,
    Open,
}

struct Columns {
    owner: Vec<Owner>,
    var: Vec<Var>,
}

impl Columns {
    fn push(&mut self, owner: Owner, var: Var) {
        self.owner.push(owner);
        self.var.push(var);
    }

    /// The variables of equivalent `e`: P_a, then the coordinates of its curve, then its value.
    fn of_equivalent(&self, e: usize) -> impl Iterator<Item = Var> + '_ {
        let pairs = self.owner.iter().zip(&self.var);
        pairs
            .filter(move |(owner, _)| owner.equivalent() == Some(e))
            .map(|(_, v)| *v)
    }
}

impl Owner {
    fn equivalent(&self) -> Option<usize> {
        match *self {
            Owner::Generator(_) | Owner::Der(_) => None,
            Owner::Total(e) | Owner::Sent(e, _) | Owner::Other(e) | Owner::Value(e) => Some(e),
        }
    }
}

/// Blocks of an offer between `low` and `high`: (lower, upper, price) of each block's share.
///
/// Prices do not decrease, so filling the blocks below `low` first costs least.
pub fn blocks_between(
    offer: &[crate::case::Block],
    low: f64,
    high: f64,
) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
    let mut before = 0.0;
    offer.iter().map(move |block| {
        let width = block.p_mw;
        let lower = (low - before).clamp(0.0, width);
        let upper = (high - before).clamp(0.0, width);
        before += block.p_mw;
        (lower, upper, block.usd_per_mwh)
    })
}

/// `Eq. [zuo2022](5)`, `(6)`, `(7)`, `(8)`: offers in blocks, one balance row, bounds.
///
/// An equivalent enters with P_a and, on its exact curve, φ by critical line and its cost as a
/// variable of its own; on a Union Jack, with P_l''.
fn program(system: &System, request: &Request, view: View) -> (Model, Columns, Row) {
    let mut model = Model::new(request.name.clone());
    let mut columns = Columns {
        owner: Vec::new(),
        var: Vec::new(),
    };
    let generators = system.generators.iter().zip(request.generator_range_mw);
    for (g, (unit, &(low, high))) in generators.enumerate() {
        for (k, (lower, upper, price)) in blocks_between(&unit.offer, low, high).enumerate() {
            let var = model.var(format!("{}_{}", unit.id, k + 1), lower, upper, price);
            columns.push(Owner::Generator(g), var);
        }
    }
    let equivalents = match view {
        View::Aggregated => request.sight.equivalents(),
        View::Open => &[],
    };
    for (d, unit) in system.ders.iter().enumerate() {
        let group = system.group_of[d];
        if equivalents.iter().any(|e| Some(e.group) == group) {
            continue;
        }
        let blocks = blocks_between(&unit.offer, unit.min_p_mw, unit.max_p_mw);
        for (k, (lower, upper, price)) in blocks.enumerate() {
            let var = model.var(format!("{}_{}", unit.id, k + 1), lower, upper, price);
            columns.push(Owner::Der(d), var);
        }
    }
    for (e, equivalent) in equivalents.iter().enumerate() {
        let id = &system.groups[equivalent.group].id;
        let (low, high) = equivalent.bid.range(0);
        let total = model.var(format!("P_{id}"), low, high, 0.0);
        columns.push(Owner::Total(e), total);
        if equivalent.jack.is_some() {
            let (low, high) = equivalent.bid.range(1);
            let line = &system.limits[equivalent.lines[0]].id;
            let other = model.var(format!("P_{line}''_{id}"), low, high, 0.0);
            columns.push(Owner::Other(e), other);
            continue;
        }
        for (n, &k) in equivalent.lines.iter().enumerate() {
            let (low, high) = equivalent.contribution.range(1 + n);
            let line = &system.limits[k].id;
            let sent = model.var(format!("P_{line}'_{id}"), low, high, 0.0);
            columns.push(Owner::Sent(e, n), sent);
        }
        let curve = &equivalent.contribution;
        let least = curve.cut(vec![0.0; curve.dimension()]).constant;
        let value = model.var(format!("cost_{id}"), least, f64::INFINITY, 1.0);
        columns.push(Owner::Value(e), value);
    }
    let load: f64 = request.loads_mw.iter().sum();
    let injects =
        |owner: &Owner| matches!(owner, Owner::Generator(_) | Owner::Der(_) | Owner::Total(_));
    let pairs = columns.owner.iter().zip(&columns.var);
    let balance = model.row(
        "power_balance",
        pairs
            .filter(|(owner, _)| injects(owner))
            .map(|(_, &v)| (v, 1.0)),
        load,
        load,
    );
    (model, columns, balance)
}

/// The network as the program of one interval sees it: `Eq. [zuo2022](3)`, `(4)`, `(10)`, `(11)`.
struct Lines<'a> {
    system: &'a System,
    sight: Sight<'a>,
    view: View,
    loads_mw: &'a [f64],
    se: &'a State,
    /// Measured flow minus the flow the program's own picture of the state would give, MW.
    correction_mw: Vec<f64>,
    /// Column's injection as (bus, share).
    spread: Vec<Vec<(usize, f64)>>,
}

impl<'a> Lines<'a> {
    fn new(system: &'a System, request: &Request<'a>, columns: &Columns, view: View) -> Lines<'a> {
        let sight = request.sight;
        let spread = columns
            .owner
            .iter()
            .map(|owner| match *owner {
                Owner::Generator(g) => vec![(system.generators[g].bus, 1.0)],
                Owner::Der(d) => spread_of_der(system, sight, d),
                Owner::Total(e) => spread_of_group(system, sight, sight.equivalents()[e].group),
                Owner::Sent(..) | Owner::Other(_) | Owner::Value(_) => Vec::new(),
            })
            .collect();
        let mut lines = Lines {
            system,
            sight,
            view,
            loads_mw: request.loads_mw,
            se: request.se,
            correction_mw: Vec::new(),
            spread,
        };
        lines.correction_mw = match sight {
            Sight::Elemental => vec![0.0; system.branch_ids.len()],
            Sight::Factors(_) | Sight::Equivalent(..) => {
                let measured = system.flows_mw(request.se);
                let mut pictured = system
                    .network
                    .flows_mw(&lines.pictured_injection(request.se));
                // What an exact curve sends over its critical lines is pictured as it is.
                let exact = sight.equivalents().iter().filter(|e| lines.is_exact(e));
                for equivalent in exact {
                    let sent = equivalent.sent_mw(system, &request.se.ders);
                    let p_a = system.group_output_mw(equivalent.group, &request.se.ders);
                    for (&k, sent) in equivalent.lines.iter().zip(sent) {
                        pictured[system.limits[k].branch] +=
                            sent - lines.by_factors(equivalent.group, k) * p_a;
                    }
                }
                measured.iter().zip(&pictured).map(|(m, p)| m - p).collect()
            }
        };
        lines
    }

    /// Injections of a state as the program pictures them: aggregates spread by their factors.
    fn pictured_injection(&self, state: &State) -> Vec<f64> {
        let system = self.system;
        let mut injection = vec![0.0; system.bus_ids.len()];
        for (g, p) in system.generators.iter().zip(&state.generators) {
            injection[g.bus] += p;
        }
        for (bus, p) in system.load_bus.iter().zip(&state.loads) {
            injection[*bus] -= p;
        }
        for (d, &p) in state.ders.iter().enumerate() {
            for (bus, share) in spread_of_der(system, self.sight, d) {
                injection[bus] += share * p;
            }
        }
        injection
    }

    /// The equivalent's flow on its critical lines is a variable of the program, or, laid open, a
    /// sum of them.
    fn is_exact(&self, equivalent: &Equivalent) -> bool {
        equivalent.jack.is_none() || self.view == View::Open
    }

    /// Σ SF_li DF_ia: what the factors say one MW of aggregator `a` puts on limit `k`.
    fn by_factors(&self, a: usize, k: usize) -> f64 {
        on_line(
            self.system.shift_factors(k),
            &spread_of_group(self.system, self.sight, a),
        )
    }

    /// Flow the program expects on every branch for a point of the program, MW.
    fn expected_flows(&self, columns: &Columns, x: &[f64]) -> Vec<f64> {
        let system = self.system;
        let mut injection = vec![0.0; system.bus_ids.len()];
        for (bus, p) in system.load_bus.iter().zip(self.loads_mw) {
            injection[*bus] -= p;
        }
        for (spread, p) in self.spread.iter().zip(x) {
            for (bus, share) in spread {
                injection[*bus] += share * p;
            }
        }
        let mut flows = system.network.flows_mw(&injection);
        for (flow, correction) in flows.iter_mut().zip(&self.correction_mw) {
            *flow += correction;
        }
        for (owner, value) in columns.owner.iter().zip(x) {
            match *owner {
                Owner::Total(e) if self.sight.equivalents()[e].jack.is_none() => {
                    let equivalent = &self.sight.equivalents()[e];
                    for &k in &equivalent.lines {
                        flows[system.limits[k].branch] -=
                            self.by_factors(equivalent.group, k) * value;
                    }
                }
                Owner::Sent(e, n) => {
                    let k = self.sight.equivalents()[e].lines[n];
                    flows[system.limits[k].branch] += value;
                }
                _ => {}
            }
        }
        flows
    }

    /// The flow of limit `k` as (terms, constant): everything the program can see of it.
    ///
    /// For `viewer`, an equivalent on a Union Jack, it is what the others put on the line,
    /// P_l'' = P̂_l − P̂_l' + increments of all but itself.
    fn flow(&self, columns: &Columns, k: usize, viewer: Option<usize>) -> (Vec<(Var, f64)>, f64) {
        let system = self.system;
        let limit = &system.limits[k];
        let shift_factors = system.shift_factors(k);
        let equivalents = self.sight.equivalents();
        let coefficient = |owner: &Owner, spread: &Vec<(usize, f64)>| match *owner {
            Owner::Total(e) if viewer == Some(e) => 0.0,
            Owner::Total(e)
                if equivalents[e].jack.is_none() && equivalents[e].line(k).is_some() =>
            {
                0.0
            }
            Owner::Sent(e, n) if equivalents[e].lines[n] == k => 1.0,
            Owner::Der(d) if self.opens(d, k) => shift_factors[system.ders[d].bus],
            _ => on_line(shift_factors, spread),
        };
        let columns = columns.var.iter().zip(&columns.owner).zip(&self.spread);
        let terms = columns
            .map(|((&v, owner), spread)| (v, coefficient(owner, spread)))
            .filter(|(_, coefficient)| *coefficient != 0.0)
            .collect();
        let from_loads: f64 = system
            .load_bus
            .iter()
            .zip(self.loads_mw)
            .map(|(bus, p)| -shift_factors[*bus] * p)
            .sum();
        let mut constant =
            from_loads + self.correction_mw[limit.branch] + system.shifter_flow_mw(limit.branch);
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
    fn row(&self, columns: &Columns, k: usize, upper: bool) -> NewRow {
        let (terms, constant) = self.flow(columns, k, None);
        let limit = &self.system.limits[k];
        NewRow {
            name: row_name(self.system, k, upper),
            terms,
            lower: if upper {
                f64::NEG_INFINITY
            } else {
                -limit.max_p_mw - constant
            },
            upper: if upper {
                limit.max_p_mw - constant
            } else {
                f64::INFINITY
            },
        }
    }

    /// DER `d` belongs to an equivalent laid open, with limit `k` among its critical lines.
    fn opens(&self, d: usize, k: usize) -> bool {
        let group = self.system.group_of[d];
        let mut equivalents = self.sight.equivalents().iter();
        equivalents.any(|e| Some(e.group) == group && e.line(k).is_some())
    }

    /// Limits that the region of an equivalent on a Union Jack already holds.
    fn covered(&self, k: usize) -> bool {
        let mut equivalents = self.sight.equivalents().iter();
        equivalents.any(|e| !self.is_exact(e) && e.line(k).is_some())
    }

    /// Rows of limits that the expected flows exceed and `tried` does not hold yet.
    fn exceeded(
        &self,
        columns: &Columns,
        x: &[f64],
        tried: &mut Vec<(usize, bool)>,
    ) -> Vec<NewRow> {
        let flows = self.expected_flows(columns, x);
        let mut rows = Vec::new();
        for (k, limit) in self.system.limits.iter().enumerate() {
            let flow = flows[limit.branch];
            for upper in [true, false] {
                let excess = if upper { flow } else { -flow } - limit.max_p_mw;
                if excess > FLOW_TOLERANCE_MW && !self.covered(k) && !tried.contains(&(k, upper)) {
                    tried.push((k, upper));
                    rows.push(self.row(columns, k, upper));
                }
            }
        }
        rows
    }
}

fn on_line(shift_factors: &[f64], spread: &[(usize, f64)]) -> f64 {
    spread.iter().map(|(b, s)| shift_factors[*b] * s).sum()
}

fn row_name(system: &System, k: usize, upper: bool) -> String {
    let side = if upper { "max" } else { "min" };
    format!("flow_{}_{side}", system.limits[k].id)
}

fn spread_of_der(system: &System, sight: Sight, d: usize) -> Vec<(usize, f64)> {
    match system.group_of[d] {
        Some(a) if sight.factors(a).is_some() => spread_of_group(system, sight, a),
        _ => vec![(system.ders[d].bus, 1.0)],
    }
}

fn spread_of_group(system: &System, sight: Sight, a: usize) -> Vec<(usize, f64)> {
    let factors = sight.factors(a).unwrap_or_default();
    let members = system.groups[a].members.iter().zip(factors);
    members
        .map(|(&m, &share)| (system.ders[m].bus, share))
        .collect()
}

/// Largest excess of an expected flow over its limit that counts as satisfied, MW.
pub const FLOW_TOLERANCE_MW: f64 = 1e-7;

/// The least-cost point of one interval, before prices.
struct Cleared<'a> {
    model: Model,
    x: Vec<f64>,
    balance: Row,
    rows: Vec<LineRow>,
    columns: Columns,
    lines: Lines<'a>,
    answers: Vec<Answer>,
}

/// Solves the program; limits enter only when they are violated.
fn clear<'a>(system: &'a System, request: &Request<'a>) -> Result<Cleared<'a>, Failure> {
    let (mut model, columns, balance) = program(system, request, View::Aggregated);
    let lines = Lines::new(system, request, &columns, View::Aggregated);
    for &(k, upper) in request.likely {
        if !lines.covered(k) {
            model.push(lines.row(&columns, k, upper));
        }
    }
    let mut tried: Vec<(usize, bool)> = request.likely.to_vec();
    let on_jack = request.sight.equivalents().iter().any(|e| e.jack.is_some());
    let mut others: Vec<(Row, usize)> = Vec::new();
    let outcome = if on_jack {
        let seen = clear_on_jack(&mut model, &lines, &columns, &mut others, |x| {
            lines.exceeded(&columns, x, &mut tried)
        });
        seen.map_or_else(|outcome| outcome, Outcome::Optimal)
    } else {
        clear_on_curves(&mut model, &lines, &columns, |x| {
            lines.exceeded(&columns, x, &mut tried)
        })
    };
    let x = match outcome {
        Outcome::Optimal(solution) => solution.x,
        Outcome::Infeasible => {
            return Err(Failure::Infeasible(Box::new(conflict(system, request))));
        }
        Outcome::Unbounded => return Err(Failure::Numerics("the dispatch is unbounded".into())),
        Outcome::Failed(why) => return Err(Failure::Numerics(why)),
    };
    // By name: the solver leaves out a row that the point already meets.
    let named = |name: &str| {
        let mut tried = tried.iter();
        tried.find(|(k, upper)| row_name(system, *k, *upper) == name)
    };
    let limits = model.rows().iter().enumerate().skip(1);
    let mut rows: Vec<LineRow> = limits
        .filter_map(|(i, row)| named(&row.name).map(|&(k, upper)| LineRow::limit(Row(i), k, upper)))
        .collect();
    rows.extend(
        others
            .into_iter()
            .map(|(row, k)| LineRow::definition(row, k)),
    );
    let answers = answers(&lines, &columns, &model, &x).map_err(Failure::Numerics)?;
    Ok(Cleared {
        model,
        x,
        balance,
        rows,
        columns,
        lines,
        answers,
    })
}

/// With exact curves, and without any equivalent: cuts enter where a curve's value lies too low.
fn clear_on_curves(
    model: &mut Model,
    lines: &Lines,
    columns: &Columns,
    mut exceeded: impl FnMut(&[f64]) -> Vec<NewRow>,
) -> Outcome {
    let equivalents = lines.sight.equivalents();
    let vars: Vec<Vec<Var>> = (0..equivalents.len())
        .map(|e| columns.of_equivalent(e).collect())
        .collect();
    let mut trouble = None;
    let outcome = simplex::solve_lazy(model, |x| {
        let mut rows = exceeded(x);
        for (equivalent, vars) in equivalents.iter().zip(&vars) {
            let Some((&value, over)) = vars.split_last() else {
                continue;
            };
            let point: Vec<f64> = over.iter().map(|v| x[v.0]).collect();
            match equivalent.contribution.at(&point) {
                Ok(place) => rows.extend(supporting_row(&place, over, value, x)),
                Err(why) => trouble = Some(why),
            }
        }
        rows
    });
    trouble.map_or(outcome, Outcome::Failed)
}

/// With Union Jack bids: P_l'' is tied to the others' flow, the triangles are found, and `model`
/// becomes the linear program on them.
fn clear_on_jack(
    model: &mut Model,
    lines: &Lines,
    columns: &Columns,
    others: &mut Vec<(Row, usize)>,
    exceeded: impl FnMut(&[f64]) -> Vec<NewRow>,
) -> Result<crate::opt::Solution, Outcome> {
    *others = tie_others(model, lines, columns);
    let surfaces = surfaces(lines, columns);
    let minimum = minimise(model, &surfaces, exceeded)?;
    *model = on_triangles(model, &surfaces, &minimum.triangles);
    match simplex::solve(model) {
        Outcome::Optimal(solution) => Ok(solution),
        other => Err(other),
    }
}

/// The rows that define P_l'' of every Union Jack and keep (P_a, P_l'') in its region; returns the
/// definitions with their limits.
fn tie_others(model: &mut Model, lines: &Lines, columns: &Columns) -> Vec<(Row, usize)> {
    let system = lines.system;
    let mut definitions = Vec::new();
    for (e, equivalent) in lines.sight.equivalents().iter().enumerate() {
        let vars: Vec<Var> = columns.of_equivalent(e).collect();
        let ([p_a, other], Some(jack)) = (vars.as_slice(), &equivalent.jack) else {
            continue;
        };
        let k = equivalent.lines[0];
        let id = &system.groups[equivalent.group].id;
        let (terms, constant) = lines.flow(columns, k, Some(e));
        let terms = terms.into_iter().map(|(v, a)| (v, -a));
        let row = model.row(
            format!("others_on_{}_{id}", system.limits[k].id),
            terms.chain([(*other, 1.0)]),
            constant,
            constant,
        );
        definitions.push((row, k));
        for (n, facet) in jack.region.iter().enumerate() {
            let terms = [*p_a, *other].into_iter().zip(facet.normal.iter().copied());
            let name = format!("region_{id}_{}", n + 1);
            model.row(name, terms, f64::NEG_INFINITY, facet.upper);
        }
    }
    definitions
}

fn surfaces<'a>(lines: &Lines<'a>, columns: &Columns) -> Vec<Surface<'a>> {
    let equivalents = lines.sight.equivalents().iter().enumerate();
    equivalents
        .filter_map(|(e, equivalent)| {
            let jack = equivalent.jack.as_ref()?;
            let mut vars = columns.of_equivalent(e);
            Some(Surface {
                jack: &jack.grid,
                cuts: &jack.cuts,
                region: &jack.region,
                x: vars.next()?,
                y: vars.next()?,
            })
        })
        .collect()
}

/// What each equivalent does with its instruction: `Eq. [zuo2022](12)` to `(16)` at the point it
/// was given.
fn answers(
    lines: &Lines,
    columns: &Columns,
    model: &Model,
    x: &[f64],
) -> Result<Vec<Answer>, String> {
    let system = lines.system;
    let flows = lines.expected_flows(columns, x);
    let equivalents = lines.sight.equivalents().iter().enumerate();
    equivalents
        .map(|(e, equivalent)| {
            let vars: Vec<Var> = columns.of_equivalent(e).collect();
            let values: Vec<f64> = vars.iter().map(|v| x[v.0]).collect();
            let p_a_mw = values.first().copied().unwrap_or_default();
            if equivalent.jack.is_some() {
                let answer = reached(&equivalent.bid, &values)?;
                let weights = model.vars().iter().zip(x).skip(columns.var.len());
                let prefix = format!("weight_{}_", jack_number(lines, e));
                let mine = weights.filter(|(column, _)| column.name.starts_with(&prefix));
                return Ok(Answer {
                    p_a_mw,
                    other_mw: values[1..].to_vec(),
                    bid_usd_per_h: mine.map(|(column, w)| column.cost * w).sum(),
                    cost_usd_per_h: answer.cost,
                    blocks_mw: answer.x[..equivalent.blocks.len()].to_vec(),
                });
            }
            let (value, point) = values
                .split_last()
                .ok_or("an equivalent without variables")?;
            let answer = reached(&equivalent.contribution, point)?;
            let sent = point.iter().skip(1);
            let on = equivalent
                .lines
                .iter()
                .map(|&k| flows[system.limits[k].branch]);
            Ok(Answer {
                p_a_mw,
                other_mw: on.zip(sent).map(|(flow, sent)| flow - sent).collect(),
                bid_usd_per_h: *value,
                cost_usd_per_h: answer.cost,
                blocks_mw: answer.x,
            })
        })
        .collect()
}

/// Number of the surface of equivalent `e`, from 1.
fn jack_number(lines: &Lines, e: usize) -> usize {
    let before = lines.sight.equivalents().iter().take(e + 1);
    before.filter(|e| e.jack.is_some()).count()
}

impl Cleared<'_> {
    /// Output of generators and DERs, MW.
    fn outputs_mw(&self, system: &System) -> (Vec<f64>, Vec<f64>) {
        let mut generators = vec![0.0; system.generators.len()];
        let mut ders = vec![0.0; system.ders.len()];
        for (owner, p) in self.columns.owner.iter().zip(&self.x) {
            match *owner {
                Owner::Generator(g) => generators[g] += p,
                Owner::Der(d) => ders[d] += p,
                Owner::Total(_) | Owner::Sent(..) | Owner::Other(_) | Owner::Value(_) => {}
            }
        }
        for (equivalent, answer) in self.lines.sight.equivalents().iter().zip(&self.answers) {
            equivalent.write(&answer.blocks_mw, &mut ders);
        }
        (generators, ders)
    }
}

/// The schedule of one interval alone: what every generator and DER is to produce.
///
/// # Errors
/// As [`dispatch`].
pub fn schedule(system: &System, request: &Request) -> Result<State, Failure> {
    let (generators, ders) = clear(system, request)?.outputs_mw(system);
    let loads = request.loads_mw.to_vec();
    Ok(State {
        generators,
        ders,
        loads,
    })
}

/// Clears one interval: least cost within the limits as the program sees them, with prices.
///
/// The certificate covers every limit, also those that never became a row, and that an exact curve
/// has the cost its aggregator's own dispatch has. With Union Jack bids it is that of the linear
/// program on the triangles found.
///
/// # Errors
/// [`Failure::Infeasible`] names the limits in conflict.
pub fn dispatch(system: &System, request: &Request) -> Result<Dispatch, Failure> {
    let cleared = clear(system, request)?;
    let Cleared {
        model,
        x,
        balance,
        rows,
        lines,
        columns,
        answers,
    } = &cleared;
    let (prices, duals) = prices(system, request.sight, answers, model, x, *balance, rows)
        .map_err(Failure::Numerics)?;
    let mut certificate = certify(request.name.clone(), model, x, Some(&duals));
    let flows = lines.expected_flows(columns, x);
    let overloads = system.overloads_mw(&flows).into_iter().enumerate();
    let worst = overloads
        .filter(|(k, _)| !lines.covered(*k))
        .fold(0.0, |worst: f64, (_, excess)| worst.max(excess));
    certificate.largest_violation = certificate.largest_violation.max(worst);
    certificate.certified &= worst <= FLOW_TOLERANCE_MW;
    for (equivalent, answer) in request.sight.equivalents().iter().zip(answers) {
        let short = match equivalent.jack {
            None => (answer.cost_usd_per_h - answer.bid_usd_per_h).abs(),
            // The interpolation of a convex function never lies under it.
            Some(_) => (answer.cost_usd_per_h - answer.bid_usd_per_h).max(0.0),
        };
        certificate.largest_violation = certificate.largest_violation.max(short);
        certificate.certified &=
            short <= crate::opt::certificate::TOLERANCE * (1.0 + answer.cost_usd_per_h.abs());
    }
    let binding = rows
        .iter()
        .filter(|line| duals.rows[line.row.0] != 0.0)
        .filter_map(|line| Some((line.limit, line.upper?)))
        .collect();
    let (generators_mw, ders_mw) = cleared.outputs_mw(system);
    Ok(Dispatch {
        generators_mw,
        ders_mw,
        prices,
        certificate,
        binding,
        answers: cleared.answers,
    })
}

/// The whole program with every limit written out, and what its rows and columns stand for.
///
/// Equivalents are opened: their DERs stand at their own buses on critical lines and behind the
/// factors on the others, which is the program whose projection the exact curves are.
fn full_program(system: &System, request: &Request) -> (Model, Vec<Cause>, Vec<Cause>) {
    let (mut model, columns, _) = program(system, request, View::Open);
    let lines = Lines::new(system, request, &columns, View::Open);
    let mut rows = vec![Cause::Balance];
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
            rows.push(Cause::Line(k));
        }
    }
    let cause = |owner: &Owner| match *owner {
        Owner::Generator(g) => Some(Cause::Generator(g)),
        Owner::Der(d) => Some(Cause::Der(d)),
        _ => None,
    };
    let columns = columns.owner.iter().filter_map(cause).collect();
    (model, rows, columns)
}

/// The program of one interval as text, every limit a named row.
///
/// With exact curves the cuts are those the dispatch needed; with Union Jack bids it is the whole
/// integer program.
///
/// # Errors
/// As [`dispatch`], where the cuts have to be found first.
pub fn lp_file(system: &System, request: &Request) -> Result<String, Failure> {
    let equivalents = request.sight.equivalents();
    if equivalents.is_empty() {
        return Ok(crate::opt::lp_file::write(&full_program(system, request).0));
    }
    if equivalents.iter().any(|e| e.jack.is_some()) {
        return Ok(crate::opt::lp_file::write(&integer_program(
            system, request,
        )));
    }
    let mut cleared = clear(system, request)?;
    let has = |model: &Model, row: &NewRow| model.rows().iter().any(|r| r.name == row.name);
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            let row = cleared.lines.row(&cleared.columns, k, upper);
            if !has(&cleared.model, &row) {
                cleared.model.push(row);
            }
        }
    }
    Ok(crate::opt::lp_file::write(&cleared.model))
}

/// The integer program with Union Jack bids over the whole grids, every limit a row.
pub fn integer_program(system: &System, request: &Request) -> Model {
    let (mut model, columns, _) = program(system, request, View::Aggregated);
    let lines = Lines::new(system, request, &columns, View::Aggregated);
    for k in (0..system.limits.len()).filter(|&k| !lines.covered(k)) {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
        }
    }
    tie_others(&mut model, &lines, &columns);
    union_jack::whole(&model, &surfaces(&lines, &columns))
}

/// Explains an infeasible interval by the limits a user can change: lines, load, and the ranges
/// of resources. That no output is negative is not up for change.
fn conflict(system: &System, request: &Request) -> Conflict {
    let (model, rows, columns) = full_program(system, request);
    let lower = |var: Var| model.vars().get(var.0).map_or(0.0, |column| column.lower);
    let explanation = explain_among(&model, linear, |limit| match limit {
        Limit::VarLower(var) => lower(var) > 0.0,
        _ => true,
    });
    Conflict {
        explanation,
        rows,
        columns,
    }
}
