//! The common market: in one program, or in levels by residual supply functions.
//!
//! In levels: every area turns its bids and its network into a residual supply function; the area
//! above clears with those of the areas below it; then each area disaggregates its cleared export
//! and prices its buses with the export free and sold at the price of the interface. Fixing the
//! export instead would leave the price at the interface open.
//!
//! Eq. `[mezghani2023]`(2.2), (2.3), (2.4).

use crate::market::Failure;
use crate::opt::{Certificate, DualFace, Duals, Model, SIMPLEX_COLUMNS, Solution, certify};

use super::super::params::{Form, ResidualSupply};
use super::ac::PowerFlow;
use super::build;
use super::curve::{Curve, Sample};
use super::disaggregation::{Disaggregated, is_short};
use super::dispatch::Dispatch;
use super::evaluator::Evaluator;
use super::interval;
pub use super::levels::{common, each, levels};
use super::nested::{self, Exchange};
use super::price_parts;
use super::prices::{AreaPrices, Prices};
use super::program::{Program, View};
use super::programs;
use super::shortage;
use super::system::System;
use crate::opt::diving;

/// A cleared market.
#[derive(Clone, Debug)]
pub struct Cleared {
    pub dispatch: Dispatch,
    pub prices: Prices,
    /// Residual supply functions by area; empty for a program in one piece.
    pub curves: Vec<Option<Curve>>,
    /// Objective of the top clearing, $.
    pub objective_usd: f64,
    /// No dispatch of the admitted bids costs less, $; NaN where not known.
    pub bound_usd: f64,
    /// Why it is not known.
    pub unbounded: Option<String>,
    pub certificates: Vec<Certificate>,
    /// Least cost of every area at its cleared export and what its curve promised for it, $.
    pub promised: Vec<(f64, f64)>,
    /// Exchanges of nested cuts; empty for other forms.
    pub exchanges: Vec<Exchange>,
    /// Areas whose whole bids fit another export than the one asked for, and how far it moved, MW.
    pub moved: Vec<(usize, f64)>,
    /// How far the feeders' flows are from an AC power flow.
    pub power_flow: PowerFlow,
    /// Answers of the areas' programs at their cleared exports, near which others are; `None` where a program
    /// has no cones, and of systems too large to keep them.
    pub answers: Vec<Option<Solution>>,
}

impl Cleared {
    /// What the clearing can cost more than the common optimum, $: the certified error.
    pub fn error_usd(&self, system: &System) -> f64 {
        self.cost_usd(system) - self.bound_usd
    }

    pub fn cost_usd(&self, system: &System) -> f64 {
        self.dispatch.cost_usd(system)
    }
}

/// One program over all networks; where a cone is not tight, with `steps` back to a power flow.
///
/// # Errors
/// A sentence when the program cannot be solved.
pub fn in_one(system: &System, view: View, steps: bool) -> Result<Cleared, Failure> {
    let (program, whole, power_flow) = programs::whole(system, view, steps)?;
    let mut dispatch = Dispatch::new(system);
    dispatch.read(system, &program, &whole.solution.x);
    let mut prices = Prices::new(system);
    let (priced, areas) = price(system, &program, &whole.fixed, &whole.solution)?;
    prices.put(areas);
    Ok(Cleared {
        objective_usd: program.model.objective(&whole.solution.x),
        bound_usd: whole.bound,
        unbounded: None,
        dispatch,
        prices,
        curves: Vec::new(),
        certificates: vec![priced],
        promised: Vec::new(),
        exchanges: Vec::new(),
        moved: Vec::new(),
        power_flow,
        answers: Vec::new(),
    })
}

/// A market that sees no network below transmission.
///
/// # Errors
/// As [`in_one`].
pub fn unseen(system: &System, view: View) -> Result<Cleared, Failure> {
    let unlimited = View {
        limits_below: false,
        ..view
    };
    in_one(system, unlimited, false)
}

/// Reads the prices of a solved program: for small linear ones from the face of all optimal
/// multipliers, at ties the cost of one more MWh at every bus together.
fn price(
    system: &System,
    program: &Program,
    fixed: &Model,
    solution: &Solution,
) -> Result<(Certificate, Vec<AreaPrices>), Failure> {
    let mut duals: Duals = diving::duals(solution)?.clone();
    let mut priced: Vec<AreaPrices> = program
        .blocks
        .iter()
        .flatten()
        .map(|block| AreaPrices::new(system, block.area))
        .collect();
    let small = fixed.cones().is_empty() && fixed.vars().len() <= SIMPLEX_COLUMNS;
    // Cuts of cones meet within the digits of their multipliers: where no face of prices is found among them
    // the solver's own prices stand, and the certificate says how well they prove the point.
    if small && let Ok(all) = all_prices(system, program, fixed, solution, &mut priced) {
        duals = all;
    }
    for area in &mut priced {
        for t in 0..system.periods {
            area.lmp[t] = program.prices(system, &duals, area.area, t);
            area.reactive[t] = program.reactive_prices(system, &duals, area.area, t);
        }
    }
    let blocks = program.blocks.iter().flatten();
    let parts = price_parts::read(system, fixed, &duals, blocks);
    for (area, parts) in priced.iter_mut().zip(parts) {
        area.parts = parts;
    }
    let name = fixed.name().to_string();
    Ok((certify(name, fixed, &solution.x, Some(&duals)), priced))
}

/// Fills in the intervals of all optimal prices; returns those of the rule at ties.
fn all_prices(
    system: &System,
    program: &Program,
    fixed: &Model,
    solution: &Solution,
    priced: &mut [AreaPrices],
) -> Result<Duals, Failure> {
    let face = DualFace::new(fixed, &solution.x)?;
    let mut everywhere = Vec::new();
    let mut intervals = Vec::new();
    for area in priced.iter() {
        for t in 0..system.periods {
            for i in 0..system.areas[area.area].buses.len() {
                let rows = program.price_rows(system, area.area, t, i);
                intervals.push(face.interval(&rows)?);
                everywhere.extend(rows);
            }
        }
    }
    let duals = face.duals(&everywhere)?;
    let places = priced.iter_mut().flat_map(|area| &mut area.interval);
    for (place, interval) in places.flatten().zip(intervals) {
        *place = interval;
    }
    Ok(duals)
}

/// The residual supply functions of every area, those below first.
///
/// # Errors
/// A sentence that names the area.
pub fn curves(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
) -> Result<Vec<Option<Curve>>, Failure> {
    complete(system, params, admitted, Vec::new())
}

/// The same where some are made already.
///
/// # Errors
/// As [`curves`].
pub fn complete(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    made: Vec<Curve>,
) -> Result<Vec<Option<Curve>>, Failure> {
    let mut curves: Vec<Option<Curve>> = vec![None; system.areas.len()];
    for curve in made {
        let a = curve.area;
        if let Some(place) = curves.get_mut(a) {
            *place = Some(curve);
        }
    }
    for level in levels(system) {
        let level: Vec<usize> = level.into_iter().filter(|&a| curves[a].is_none()).collect();
        let made = each(&level, |a| {
            build::curve(system, a, common(params, &curves, admitted), &params.rsf)
        })?;
        for curve in made {
            let a = curve.area;
            curves[a] = Some(curve);
        }
    }
    Ok(curves)
}

/// Rounds in which cuts are taken anew at the cleared exports; they stop once no export is new.
const CUT_ROUNDS: u32 = 40;

/// Clears level by level with given residual supply functions, and again for every further round
/// that is asked for; `priced` but where the cost alone is asked for, with prices below transmission.
///
/// # Errors
/// A sentence when an area cannot be solved.
pub fn in_levels(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    mut curves: Vec<Option<Curve>>,
    priced: bool,
) -> Result<Cleared, Failure> {
    let mut exchanges = Vec::new();
    if params.rsf.form == Form::NestedCuts && curves.iter().flatten().any(is_choice) {
        (curves, exchanges) = nested::refined(system, params, admitted, curves)?;
    }
    let mut pass = descend(system, params, admitted, &curves, priced)?;
    // Cuts promise what they are worth where they were taken: taken anew where the clearing lands.
    let rounds = match params.rsf.form {
        Form::Cuts if !system.is_large() => params.rsf.rounds.max(CUT_ROUNDS),
        _ => params.rsf.rounds,
    };
    for _ in 0..rounds {
        if !taken_anew(system, params, admitted, &mut curves, &pass.dispatch)? {
            break;
        }
        pass = descend(system, params, admitted, &curves, priced)?;
    }
    let mut cleared = pass.mended(system, params, admitted, &curves);
    cleared.curves = curves;
    cleared.exchanges = exchanges;
    Ok(cleared)
}

/// Samples every function at the export of a dispatch, those below first; whether any sample is new.
///
/// # Errors
/// A program that cannot be solved.
pub fn taken_anew(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    curves: &mut [Option<Curve>],
    dispatch: &Dispatch,
) -> Result<bool, Failure> {
    let mut moved = false;
    for a in levels(system).into_iter().flatten() {
        let at = &dispatch.export_mw[a];
        let near = |(s, e): (&f64, &f64)| (s - e).abs() <= 1e-7 * (1.0 + e.abs());
        let at_it = |s: &Sample| s.export_mw.iter().zip(at).all(near);
        let known = |curve: &Curve| curve.samples.iter().any(at_it);
        if curves[a].as_ref().is_none_or(known) {
            continue;
        }
        let view = common(params, curves, admitted);
        let sample = Evaluator::new(system, a, view, params.rsf.variant)?.at(at)?;
        if let Some(curve) = curves[a].take() {
            let mut curve = build::with(system, &params.rsf, curve, sample);
            curve.evaluations += 1;
            curves[a] = Some(curve);
            moved = true;
        }
    }
    Ok(moved)
}

/// Whether an area has more than one export.
fn is_choice(curve: &Curve) -> bool {
    curve.limits_mw.iter().any(|(low, high)| low < high)
}

/// One pass from the top area down, as it stands before shortages are mended.
struct Pass {
    program: Program,
    /// The top program with its whole bids held.
    held: Model,
    objective_usd: f64,
    dispatch: Dispatch,
    prices: Prices,
    promised: Vec<(f64, f64)>,
    /// Of the top area, and of every other.
    top: Certificate,
    proofs: Vec<Vec<Certificate>>,
    flows: Vec<PowerFlow>,
    /// Areas whose whole bids leave energy missing or spilled.
    short: Vec<usize>,
    answers: Vec<Option<Solution>>,
}

/// One pass from the top area down, with or without the prices below it.
fn descend(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    curves: &[Option<Curve>],
    priced: bool,
) -> Result<Pass, Failure> {
    let view = common(params, curves, admitted);
    let (program, whole) = programs::top(system, view)?;
    let (top, areas) = price(system, &program, &whole.fixed, &whole.solution)?;
    let mut pass = Pass {
        program,
        held: whole.fixed,
        objective_usd: whole.solution.objective,
        dispatch: Dispatch::new(system),
        prices: Prices::new(system),
        promised: vec![(0.0, 0.0); system.areas.len()],
        top,
        proofs: vec![Vec::new(); system.areas.len()],
        flows: vec![PowerFlow::default(); system.areas.len()],
        short: Vec::new(),
        answers: vec![None; system.areas.len()],
    };
    pass.dispatch.read(system, &pass.program, &whole.solution.x);
    pass.prices.put(areas);
    // Those above first: their exports and prices are what the areas below them need.
    for level in levels(system).into_iter().rev() {
        let shares = each(&level, |a| {
            let named = |why: Failure| format!("{}: {why}", system.areas[a].id).into();
            let export = &pass.dispatch.export_mw[a];
            let above = priced.then_some(&pass.prices);
            share(system, params, view, a, export, above).map_err(named)
        })?;
        for share in shares {
            let Disaggregated {
                area: a,
                program: own,
                taken,
                proof,
                flow,
            } = share.own;
            let export = pass.dispatch.export_mw[a].clone();
            pass.promised[a] = (
                own.model.objective(&taken.x),
                promise(system, curves, a, &export),
            );
            pass.dispatch.read(system, &own, &taken.x);
            pass.proofs[a] = vec![proof];
            if let Some((proof, prices)) = share.priced {
                pass.prices.put(prices);
                pass.proofs[a].push(proof);
            }
            let apart = system.areas[a].below.is_empty() && system.areas[0].below.contains(&a);
            let whole = own.model.has_integers() || flow.recovered > 0;
            if apart && whole && is_short(system, &own, a, &taken.x) {
                pass.short.push(a);
            }
            pass.flows[a] = flow;
            if !own.model.cones().is_empty() && !system.is_large() {
                pass.answers[a] = Some(taken);
            }
        }
    }
    Ok(pass)
}

/// What the function of an area says of an export, $.
fn promise(system: &System, curves: &[Option<Curve>], a: usize, export_mw: &[f64]) -> f64 {
    let curve = curves[a].as_ref();
    curve.map_or(f64::NAN, |curve| curve.cost_at(export_mw, system.hours))
}

impl Pass {
    /// The market with its shortages mended.
    fn mended(
        mut self,
        system: &System,
        params: &ResidualSupply,
        admitted: &[bool],
        curves: &[Option<Curve>],
    ) -> Cleared {
        let cleared = shortage::Short {
            system,
            params,
            view: common(params, curves, admitted),
            prices: &self.prices,
            top: (&self.program, &self.held),
        };
        let asked = self.dispatch.export_mw.clone();
        let mended = cleared.mended(self.dispatch, self.short);
        let dispatch = mended.dispatch;
        let mut moved = Vec::new();
        for (a, part) in mended.moved {
            let export = &dispatch.export_mw[a];
            let cost = dispatch.area_cost_usd(system, a);
            self.promised[a] = (cost, promise(system, curves, a, export));
            let pairs = export.iter().zip(&asked[a]);
            moved.push((
                a,
                pairs
                    .map(|(e, asked)| (e - asked).abs())
                    .fold(0.0, f64::max),
            ));
            self.proofs[a][0] = part.proof;
            self.flows[a] = part.flow;
        }
        let mut power_flow = PowerFlow::default();
        self.flows
            .into_iter()
            .for_each(|flow| power_flow.take(flow));
        let first = std::iter::once(self.top).chain(mended.top);
        Cleared {
            objective_usd: self.objective_usd,
            bound_usd: f64::NAN,
            unbounded: None,
            dispatch,
            prices: self.prices,
            curves: Vec::new(),
            certificates: first.chain(self.proofs.into_iter().flatten()).collect(),
            promised: self.promised,
            exchanges: Vec::new(),
            moved,
            power_flow,
            answers: self.answers,
        }
    }
}

/// What one area does with its cleared export.
struct Share {
    own: Disaggregated,
    priced: Option<(Certificate, Vec<AreaPrices>)>,
}

/// Disaggregates one area, and prices it where the prices `above` it are at hand.
fn share(
    system: &System,
    params: &ResidualSupply,
    view: View,
    a: usize,
    export: &[f64],
    above: Option<&Prices>,
) -> Result<Share, Failure> {
    let own = programs::disaggregation(system, params, view, a, export)?;
    let Some(above) = above else {
        return Ok(Share { own, priced: None });
    };
    let (sold, held, solution) = programs::sold(system, view, &own, above)?;
    let (priced, prices) = price(system, &sold, &held, &solution)?;
    let sold = interval::Sold {
        area: a,
        program: &sold,
        held: &held,
        solution: &solution,
    };
    let prices = interval::widened(system, &sold, export, above, prices);
    let priced = Some((priced, prices));
    Ok(Share { own, priced })
}
