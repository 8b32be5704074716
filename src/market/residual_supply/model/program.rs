//! The clearing of an area and of what is written below it, as one model.
//!
//! ```text
//! min Σ C p + cap · Σ (slack up + slack down)
//! network of every area; at every bus   Σ p + injection + exports from below + slack = flows out
//! area below: its own network (whole), or its residual supply function (curve)
//! ```
//!
//! Eq. `[mezghani2023]`(2.2). Slack on P, and on Q where it is modelled, costs the price cap at
//! every bus.

use crate::case::balancing::Bid;
use crate::network::formulation::feeder::{self, FeederFlow, Physics};
use crate::network::formulation::{Injected, dc};
use crate::opt::{Duals, Model, Row, Var};

use super::curve::Curve;
use super::offers::{self, BidVars, Reactive, Terms};
use super::system::{Kind, System};

/// What an earlier market sold is kept to within a solver's tolerance, MW.
const KEPT_MW: f64 = 1e-7;

/// What is written.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub physics: Physics,
    /// Residual supply functions by area; an area with one is not written itself.
    pub curves: &'a [Option<Curve>],
    /// Bids that take part, by index.
    pub admitted: &'a [bool],
    /// Whether the limits of zones and feeders count; without them feeders are lossless, too.
    pub limits_below: bool,
    /// Unserved and spilled energy at the price cap; without it an area can be infeasible.
    pub slack: bool,
    /// Least and greatest activation of every bid by period, MW, where an earlier market has sold
    /// from it or cut it.
    pub kept: Option<&'a [Vec<(f64, f64)>]>,
}

/// Where the export of the program's own area goes.
#[derive(Clone, Copy)]
pub enum Export<'a> {
    /// Nowhere: the top area.
    None,
    /// Fixed by a row, one value per period, MW.
    Fixed(&'a [f64]),
    /// Sold at a price per period, $/MWh, within the limit of the boundary.
    Sold(&'a [f64]),
    /// Limited only, for the ends of its range; costs `f64` per MW in every period.
    Pushed(f64),
}

/// Flow variables of one area in one period.
#[derive(Clone, Debug)]
pub enum AreaFlow {
    Dc(dc::DcFlow),
    Zone { balance: Row, limits: Vec<Row> },
    Feeder(FeederFlow),
}

/// One area inside a model.
#[derive(Clone, Debug)]
pub struct Block {
    pub area: usize,
    /// Every admitted bid of the area with its variables.
    pub bids: Vec<(usize, BidVars)>,
    /// Export per period; empty on top.
    pub export: Vec<Var>,
    pub flow: Vec<AreaFlow>,
    /// What is injected per period and bus, the export at the root included.
    pub injected: Vec<Vec<Injected>>,
    /// Up and down slack of P per period and bus, then of Q.
    pub slack_p: Vec<Vec<(Var, Var)>>,
    pub slack_q: Vec<Vec<(Var, Var)>>,
}

/// A model with the places of its areas.
#[derive(Clone, Debug)]
pub struct Program {
    pub model: Model,
    /// By area; `None` where it is not written.
    pub blocks: Vec<Option<Block>>,
    /// Export variables of areas written as curves, by area.
    pub curved: Vec<Option<Vec<Var>>>,
    /// What these cost: variables by area and period, or of all periods together.
    pub curve_costs: Vec<Vec<Vec<Var>>>,
    /// Rows that fix the export of the program's own area, by period.
    pub export_rows: Vec<Row>,
    pub hours: f64,
    /// τ of the bids written so far by exclusive group, whatever their areas.
    taken: Vec<Vec<Var>>,
}

/// Writes the program of area `top` and of everything below it.
pub fn write(system: &System, top: usize, view: View, export: Export) -> Program {
    let mut program = Program {
        model: Model::new(format!("clearing of {}", system.areas[top].id)),
        blocks: vec![None; system.areas.len()],
        curved: vec![None; system.areas.len()],
        curve_costs: vec![Vec::new(); system.areas.len()],
        export_rows: Vec::new(),
        hours: system.hours,
        taken: vec![Vec::new(); system.balancing.exclusive.len()],
    };
    let exports = area(
        &mut program,
        system,
        top,
        view,
        !matches!(export, Export::None),
    );
    // A group holds over all areas of the program.
    for (group, taken) in system.balancing.exclusive.iter().zip(&program.taken) {
        if taken.len() > 1 {
            offers::exclusive(&mut program.model, &group.id, taken);
        }
    }
    let most = system.areas[top].max_export_mw.unwrap_or(f64::INFINITY);
    for (t, &var) in exports.iter().enumerate() {
        match export {
            Export::None => {}
            Export::Fixed(at) => {
                let name = format!("export of {}, period {}", system.areas[top].id, t + 1);
                let row = program.model.row(name, [(var, 1.0)], at[t], at[t]);
                program.export_rows.push(row);
            }
            Export::Sold(price) => {
                program.model.set_bounds(var, -most, most);
                program.model.set_cost(var, -price[t] * system.hours);
            }
            Export::Pushed(cost) => {
                program.model.set_bounds(var, -most, most);
                program.model.set_cost(var, cost);
            }
        }
    }
    if exports.len() > 1 && matches!(export, Export::Pushed(_)) {
        for pair in exports.windows(2) {
            let terms = [(pair[0], 1.0), (pair[1], -1.0)];
            program
                .model
                .row("same export in all periods", terms, 0.0, 0.0);
        }
    }
    program
}

/// Writes one area and those below; returns its export variables.
fn area(program: &mut Program, system: &System, a: usize, view: View, exports: bool) -> Vec<Var> {
    let this = &system.areas[a];
    let free = f64::INFINITY;
    let mut injected: Vec<Vec<Injected>> = (0..system.periods)
        .map(|t| {
            let p = this.fixed_p_mw[t].iter();
            p.zip(&this.fixed_q_mvar[t])
                .map(|(&p_mw, &q_mvar)| Injected {
                    p_mw,
                    q_mvar,
                    ..Injected::default()
                })
                .collect()
        })
        .collect();
    // Areas below.
    for &b in &this.below {
        let vars = match view.curves.get(b) {
            Some(Some(curve)) => {
                let vars = curve.add(&mut program.model, &system.areas[b].id, system.hours);
                program.curve_costs[b] = curve.costs(&vars);
                program.curved[b] = Some(vars.clone());
                vars
            }
            _ => {
                let vars = area(program, system, b, view, true);
                let most = system.areas[b].max_export_mw.filter(|_| view.limits_below);
                let most = most.unwrap_or(free);
                for &var in &vars {
                    program.model.set_bounds(var, -most, most);
                }
                vars
            }
        };
        let bus = system.areas[b].above.map_or(0, |(_, bus)| bus);
        for (t, &var) in vars.iter().enumerate() {
            injected[t][bus].p.push((var, 1.0));
        }
    }
    let reactive = reactive(system, a, view);
    let bids = bids(program, system, a, view, reactive, &mut injected);
    let model = &mut program.model;
    let mut slack_p = Vec::new();
    let mut slack_q = Vec::new();
    if view.slack {
        let cost = system.balancing.price_cap_usd_per_mwh * system.hours;
        for (t, at) in injected.iter_mut().enumerate() {
            let mut slacks = |what: &str, of: fn(&mut Injected) -> &mut Terms| {
                let buses = at.iter_mut().zip(&this.buses);
                let pair = buses.map(|(at, bus)| {
                    let name = |way: &str| format!("{what} {way}[{bus}, {}]", t + 1);
                    let up = model.var(name("missing"), 0.0, free, cost);
                    let down = model.var(name("spilled"), 0.0, free, cost);
                    of(at).extend([(up, 1.0), (down, -1.0)]);
                    (up, down)
                });
                pair.collect::<Vec<_>>()
            };
            slack_p.push(slacks("MW", |at| &mut at.p));
            if reactive != Reactive::None {
                slack_q.push(slacks("Mvar", |at| &mut at.q));
            }
        }
    }
    let export: Vec<Var> = if exports {
        (0..system.periods)
            .map(|t| model.var(format!("export[{}, {}]", this.id, t + 1), -free, free, 0.0))
            .collect()
    } else {
        Vec::new()
    };
    let flow = (0..system.periods)
        .map(|t| {
            let export = export.get(t).copied();
            network(model, system, a, view, &mut injected[t], export, t)
        })
        .collect();
    program.blocks[a] = Some(Block {
        area: a,
        bids,
        export: export.clone(),
        flow,
        injected,
        slack_p,
        slack_q,
    });
    export
}

/// How reactive power enters the model of an area.
fn reactive(system: &System, a: usize, view: View) -> Reactive {
    let area = &system.areas[a];
    let Kind::Feeder { tree, .. } = &area.kind else {
        return Reactive::None;
    };
    if !view.limits_below {
        return Reactive::None;
    }
    let fixed = area.fixed_q_mvar.iter().flatten().any(|&q| q != 0.0);
    let able = area
        .bids
        .iter()
        .any(|&(b, _)| system.balancing.bids[b].reactive);
    match (
        feeder::has_reactive(tree, view.physics, fixed || able),
        view.physics,
    ) {
        (false, _) => Reactive::None,
        (true, Physics::BranchFlow) => Reactive::Cone,
        (true, _) => Reactive::Linear,
    }
}

/// Writes the area's bids and puts them at their buses.
fn bids(
    program: &mut Program,
    system: &System,
    a: usize,
    view: View,
    reactive: Reactive,
    injected: &mut [Vec<Injected>],
) -> Vec<(usize, BidVars)> {
    let balancing = &system.balancing;
    let model = &mut program.model;
    let mut written = Vec::new();
    // Reactive power without bounds and without a price: one source of it per bus is enough.
    let mut supplied = vec![vec![false; system.areas[a].buses.len()]; system.periods];
    for &(b, bus) in &system.areas[a].bids {
        if !view.admitted[b] {
            continue;
        }
        let bid = &balancing.bids[b];
        let group = system.group_of(b);
        let unbounded = bid.reactive && bid.half_planes.is_empty() && bid.max_s_mva.is_none();
        let mut reactive = reactive;
        if unbounded {
            let mut periods = bid.offers.iter().map(|offer| offer.period - 1);
            if periods.all(|t| supplied[t][bus]) {
                reactive = Reactive::None;
            }
            for offer in &bid.offers {
                supplied[offer.period - 1][bus] = true;
            }
        }
        let vars = offers::add(model, bid, group.is_some(), reactive, system.hours);
        for (offer, (p, q)) in bid.offers.iter().zip(vars.p.iter().zip(&vars.q)) {
            let at = &mut injected[offer.period - 1][bus];
            at.p.extend_from_slice(p);
            at.q.extend(q.map(|q| (q, 1.0)));
        }
        if let (Some(group), Some(tau)) = (group, vars.taken) {
            program.taken[group].push(tau);
        }
        if let Some(kept) = view.kept {
            keep(model, bid, &vars, &kept[b]);
        }
        written.push((b, vars));
    }
    written
}

/// Holds the activation of a bid in every period within what an earlier market left of it.
fn keep(model: &mut Model, bid: &Bid, vars: &BidVars, kept: &[(f64, f64)]) {
    for (t, &(low, high)) in kept.iter().enumerate() {
        let offers = bid.offers.iter().zip(&vars.p);
        let here = offers.filter(|(offer, _)| offer.period == t + 1);
        let terms: Terms = here.flat_map(|(_, p)| p.iter().copied()).collect();
        if !terms.is_empty() {
            let name = format!("left of {}, period {}", bid.id, t + 1);
            model.row(name, terms, low - KEPT_MW, high + KEPT_MW);
        }
    }
}

/// Writes the network of one period; the export leaves at the root, the hub, or the first bus.
fn network(
    model: &mut Model,
    system: &System,
    a: usize,
    view: View,
    injected: &mut [Injected],
    export: Option<Var>,
    t: usize,
) -> AreaFlow {
    let tag = if system.periods > 1 {
        format!(", {}", t + 1)
    } else {
        String::new()
    };
    match &system.areas[a].kind {
        Kind::Dc { branches } => AreaFlow::Dc(dc::add(model, branches, injected, &tag)),
        Kind::Zone { zone } => {
            let mut balance: Terms = injected.iter().flat_map(|at| at.p.clone()).collect();
            balance.extend(export.map(|e| (e, -1.0)));
            let fixed: f64 = injected.iter().map(|at| at.p_mw).sum();
            let name = format!("balance[{}{tag}]", zone.id);
            let balance = model.row(name, balance, -fixed, -fixed);
            let limits = zone.limits.iter().map(|limit| {
                let mut terms: Terms = Vec::new();
                let mut flow = limit.flow_mw;
                for (at, bus) in injected.iter().zip(&system.areas[a].buses) {
                    let factor = limit.factor(bus);
                    terms.extend(at.p.iter().map(|&(v, k)| (v, factor * k)));
                    flow += factor * at.p_mw;
                }
                let most = if view.limits_below {
                    limit.max_p_mw
                } else {
                    f64::INFINITY
                };
                model.row(
                    format!("limit of {}{tag}", limit.id),
                    terms,
                    -most - flow,
                    most - flow,
                )
            });
            let limits = limits.collect();
            AreaFlow::Zone { balance, limits }
        }
        Kind::Feeder { feeder, tree } => {
            injected[tree.root].p.extend(export.map(|e| (e, -1.0)));
            if view.limits_below {
                let flow = feeder::add(model, feeder, tree, view.physics, injected, &tag);
                return AreaFlow::Feeder(flow);
            }
            let mut unlimited = feeder.clone();
            for line in &mut unlimited.lines {
                (line.max_s_mva, line.min_p_mw, line.max_p_mw) = (None, None, None);
            }
            let flow = feeder::add(model, &unlimited, tree, Physics::Lossless, injected, &tag);
            AreaFlow::Feeder(flow)
        }
    }
}

impl Program {
    /// Price at every bus of an area in period `t`, $/MWh: the cost of one more MWh of load there.
    ///
    /// In a zone λ_i = λ + Σ_l factor_li · y_l.
    pub fn prices(&self, system: &System, duals: &Duals, a: usize, t: usize) -> Vec<f64> {
        let area = &system.areas[a];
        let Some(block) = &self.blocks[a] else {
            return vec![f64::NAN; area.buses.len()];
        };
        let at = |row: Row| duals.rows[row.0] / self.hours;
        match (&block.flow[t], &area.kind) {
            (AreaFlow::Dc(flow), _) => flow.balance.iter().map(|&row| at(row)).collect(),
            (AreaFlow::Feeder(flow), _) => flow.balance_p.iter().map(|&row| at(row)).collect(),
            (AreaFlow::Zone { balance, limits }, Kind::Zone { zone }) => {
                let of = |bus: &String| {
                    let limits = limits.iter().zip(&zone.limits);
                    let congestion = limits.map(|(&row, l)| l.factor(bus) * at(row));
                    at(*balance) + congestion.sum::<f64>()
                };
                area.buses.iter().map(of).collect()
            }
            _ => vec![f64::NAN; area.buses.len()],
        }
    }

    /// Rows and weights whose sum of multipliers is the price of one bus, for its interval.
    pub fn price_rows(&self, system: &System, a: usize, t: usize, bus: usize) -> Vec<(Row, f64)> {
        let Some(block) = &self.blocks[a] else {
            return Vec::new();
        };
        let share = 1.0 / self.hours;
        match (&block.flow[t], &system.areas[a].kind) {
            (AreaFlow::Dc(flow), _) => vec![(flow.balance[bus], share)],
            (AreaFlow::Feeder(flow), _) => vec![(flow.balance_p[bus], share)],
            (AreaFlow::Zone { balance, limits }, Kind::Zone { zone }) => {
                let id = &system.areas[a].buses[bus];
                let mut rows = vec![(*balance, share)];
                let limits = limits.iter().zip(&zone.limits);
                rows.extend(limits.map(|(&row, l)| (row, share * l.factor(id))));
                rows
            }
            _ => Vec::new(),
        }
    }

    /// What [`Program::price_rows`] says of every bus of an area, and of its reactive power.
    pub fn balance_rows(&self, system: &System, a: usize, t: usize) -> Vec<Vec<(Row, f64)>> {
        let buses = 0..system.areas[a].buses.len();
        let mut all: Vec<_> = buses.map(|i| self.price_rows(system, a, t, i)).collect();
        if let Some(AreaFlow::Feeder(flow)) = self.blocks[a].as_ref().map(|block| &block.flow[t]) {
            let rows = flow.balance_q.iter().flatten();
            all.extend(rows.map(|&row| vec![(row, 1.0 / self.hours)]));
        }
        all
    }

    /// Price of reactive power at every bus of a feeder, $/Mvarh; zero where it is free.
    pub fn reactive_prices(&self, system: &System, duals: &Duals, a: usize, t: usize) -> Vec<f64> {
        let flow = self.blocks[a].as_ref().map(|block| &block.flow[t]);
        match flow {
            Some(AreaFlow::Feeder(flow)) => {
                let at = |row: &Option<Row>| row.map_or(0.0, |r| duals.rows[r.0] / self.hours);
                flow.balance_q.iter().map(at).collect()
            }
            _ => vec![0.0; system.areas[a].buses.len()],
        }
    }
}

/// Value of a combination of variables.
pub fn value(terms: &Terms, x: &[f64]) -> f64 {
    terms.iter().map(|&(v, a)| a * x[v.0]).sum()
}
