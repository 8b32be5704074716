//! From a case and inputs to the outcome.

use crate::case::Case;
use crate::market::{Context, Failure};
use crate::network::formulation::feeder::Physics;
use crate::opt::lp_file as file;

use super::model::clear;
use super::model::curve::Curve;
use super::model::evaluator::Evaluator;
use super::model::program::{Export, write};
use super::model::schemes::{self, admitted};
use super::model::system::{BESIDE_UP_TO, System};
use super::model::{build, lost_opportunity_cost, settlement, theorems};
use super::outcome::{Asked, Compared, Comparison, Grids, Outcome};
use super::params::{Grid, ResidualSupply, Rsf, Scheme, Variant};

/// Fewest areas whose functions are worth sharing among workers.
const FEWEST: usize = 4;

/// Points of the uniform grids compared, and most points of the adaptive ones.
const UNIFORM: [u32; 7] = [5, 9, 17, 33, 65, 129, 257];
const ADAPTIVE: [u32; 8] = [2, 3, 4, 6, 9, 13, 20, 30];

/// Whether a clearing takes long, whatever the scheme.
fn large(case: &Case) -> bool {
    let below: usize = case.feeders.iter().map(|f| f.buses.len()).sum();
    let periods = case.balancing.as_ref().map_or(1, |b| b.periods);
    (case.buses.len() + below) * periods > BESIDE_UP_TO
}

/// Clears the case by the chosen scheme, with the residual supply functions already made.
///
/// # Errors
/// A sentence when a program of the scheme cannot be solved.
pub fn solve(
    case: &Case,
    params: &ResidualSupply,
    context: &Context<ResidualSupply>,
) -> Result<Outcome, Failure> {
    let made = context.pieces.iter().map(|text| serde_json::from_str(text));
    let made: Result<Vec<Curve>, _> = made.collect();
    let made = made.map_err(|why| why.to_string())?;
    let system = System::new(case)?;
    let scheme = params.scheme;
    let coordination = schemes::run(&system, params, scheme, made)?;
    let small = !large(case);
    let common = || {
        let all = admitted(&system, Scheme::Common);
        let view = clear::common(params, &[], &all);
        clear::in_one(&system, view, params.recover_ac).ok()
    };
    let beside = (small && scheme != Scheme::Common).then(common).flatten();
    let market = &coordination.market;
    let lost = lost_opportunity_cost::lost_opportunity_cost(
        &system,
        params,
        market,
        &coordination.admitted,
        small,
    );
    let mut outcome = Outcome {
        overloads: market.dispatch.overloads(&system),
        payments: settlement::settle(&system, market, params.settlement),
        settlement: params.settlement,
        lost,
        theorems: Vec::new(),
        unmet: Vec::new(),
        beside,
        coordination,
        system,
    };
    let (system, run, central) = (&outcome.system, &outcome.coordination, outcome.central());
    let unmet = theorems::unmet(system, params, run, central);
    if small && scheme == Scheme::Rsf {
        outcome.theorems = theorems::check(system, params, run, central, &outcome.payments, &unmet);
    }
    outcome.unmet = unmet;
    Ok(outcome)
}

/// How many functions can be made independently of one another, none where the work is long and in
/// one piece; `None` where it is short.
pub fn pieces(case: &Case, params: &ResidualSupply) -> Option<usize> {
    // Asked before every solve: most scenarios are answered without reading the case.
    let zones = case.balancing.as_ref()?.zones.len();
    let large = large(case);
    if !large && (params.scheme != Scheme::Rsf || case.feeders.len() + zones < FEWEST) {
        return None;
    }
    if params.scheme != Scheme::Rsf {
        return Some(0);
    }
    let system = System::new(case).ok()?;
    let lowest = clear::levels(&system).into_iter().next()?;
    match lowest.len() {
        many if many >= FEWEST => Some(many),
        _ => large.then_some(0),
    }
}

/// Function `k` of [`pieces`] as text.
///
/// # Errors
/// A sentence that names the area.
pub fn piece(system: &System, params: &ResidualSupply, k: usize) -> Result<String, Failure> {
    let lowest = clear::levels(system).into_iter().next().unwrap_or_default();
    let a = *lowest
        .get(k)
        .ok_or_else(|| format!("there are {} residual supply functions", lowest.len()))?;
    let all = admitted(system, Scheme::Rsf);
    let seen = clear::common(params, &[], &all);
    let curve = build::curve(system, a, seen, &params.rsf)?;
    serde_json::to_string(&curve).map_err(|why| why.to_string().into())
}

/// What area `a` does and costs at an export of `x` MW in every period.
///
/// # Errors
/// A program that cannot be solved.
pub fn ask(outcome: &Outcome, params: &ResidualSupply, a: usize, x: f64) -> Result<Asked, Failure> {
    let system = &outcome.system;
    let all = admitted(system, Scheme::Rsf);
    let area = &system.areas[a];
    let known = &outcome.coordination.market.curves;
    // Functions of the areas below: those of the outcome, where it has them.
    let made = match (area.below.is_empty(), params.scheme) {
        (true, _) => Some(vec![None; system.areas.len()]),
        (false, Scheme::Rsf) => None,
        (false, _) => Some(clear::curves(system, params, &all)?),
    };
    let seen = clear::common(params, made.as_deref().unwrap_or(known), &all);
    let sample =
        Evaluator::new(system, a, seen, params.rsf.variant)?.at(&vec![x; system.periods])?;
    let bids = area.bids.iter().map(|&(b, _)| b);
    Ok(Asked {
        area: a,
        sample,
        bids: bids.filter(|&b| all[b]).collect(),
    })
}

/// A change of export, MW, with what it costs by the slope of the area's cost and solved again, $.
pub type StepOfExport = (f64, f64, f64);

/// A step of the proof, MW, where nothing ends before.
const STEP_MW: f64 = 0.1;

/// What a little more and a little less export of area `a` costs. Nothing where costs are not straight pieces
/// (cones, whole bids) or one slope does not tell the periods apart.
///
/// # Errors
/// As [`ask`].
pub fn steps_of_export(
    outcome: &Outcome,
    params: &ResidualSupply,
    a: usize,
) -> Result<Vec<StepOfExport>, Failure> {
    let system = &outcome.system;
    let straight = params.physics != Physics::BranchFlow && params.rsf.variant == Variant::Relaxed;
    let Some(curve) = outcome.curve(a).filter(|_| straight && system.periods == 1) else {
        return Ok(Vec::new());
    };
    let export = outcome.coordination.market.dispatch.export_mw[a][0];
    let here = ask(outcome, params, a, export)?.sample;
    let steps = outcome.steps(curve, 0);
    let ends = || steps.iter().flat_map(|step| [step.from_mw, step.to_mw]);
    let mut proofs = Vec::new();
    for way in [1.0, -1.0] {
        let ahead = ends()
            .map(|end| way * (end - export))
            .filter(|room| *room > 1e-6);
        let room = ahead.fold(f64::INFINITY, f64::min);
        if !room.is_finite() {
            continue;
        }
        let step = way * STEP_MW.min(room);
        let slope = match way > 0.0 {
            true => here.slope_above(system.hours),
            false => here.slope_below(system.hours),
        };
        let there = ask(outcome, params, a, export + step)?.sample;
        proofs.push((step, slope * step, there.cost_usd - here.cost_usd));
    }
    Ok(proofs)
}

/// The program of the top area (`step` 1) or of the next areas in order as an LP file.
///
/// # Errors
/// A step beyond the areas, or a program with cones.
pub fn lp_file(case: &Case, params: &ResidualSupply, step: usize) -> Result<String, Failure> {
    let system = System::new(case)?;
    let admitted = admitted(&system, params.scheme);
    let a = step.saturating_sub(1);
    if a >= system.areas.len() {
        let names: Vec<&str> = system.areas.iter().map(|a| a.id.as_str()).collect();
        let first = names[..names.len().min(12)].join(", ");
        return Err(format!("there are {} programs: {first}", names.len()).into());
    }
    let curves = match params.scheme {
        Scheme::Rsf => clear::curves(&system, params, &admitted)?,
        _ => Vec::new(),
    };
    let view = clear::common(params, &curves, &admitted);
    let schedule: Vec<f64> = (0..system.periods)
        .map(|t| system.scheduled_export_mw(a, t))
        .collect();
    let export = match a {
        0 => Export::None,
        _ => Export::Fixed(&schedule),
    };
    let program = write(&system, a, view, export);
    if !program.model.cones().is_empty() {
        return Err(format!(
            "the program of {} has second-order cones, which an LP file cannot hold; choose lossless feeders or LinDistFlow",
            system.areas[a].id
        ).into());
    }
    Ok(file::write(&program.model))
}

/// Runs every scheme on the same case.
///
/// # Errors
/// A sentence when the case cannot be read.
pub fn compare(case: &Case, params: &ResidualSupply) -> Result<Comparison, Failure> {
    let system = System::new(case)?;
    let mut schemes = Vec::new();
    let mut failed = Vec::new();
    for scheme in Scheme::ALL {
        match schemes::run(&system, params, scheme, Vec::new()) {
            Ok(coordination) => {
                let (market, admitted) = (&coordination.market, &coordination.admitted);
                schemes.push(Compared {
                    lost: lost_opportunity_cost::lost_opportunity_cost(
                        &system, params, market, admitted, false,
                    ),
                    payments: settlement::settle(&system, market, params.settlement),
                    coordination,
                });
            }
            Err(why) => failed.push((scheme, why)),
        }
    }
    let grids = match system.is_large() {
        true => None,
        false => grids(&system, params)?,
    };
    Ok(Comparison {
        system,
        schemes,
        failed,
        grids,
    })
}

/// Error of the function of the first area at the bottom by its number of points; `None` without areas below.
fn grids(system: &System, params: &ResidualSupply) -> Result<Option<Grids>, Failure> {
    let lowest = clear::levels(system).into_iter().next().unwrap_or_default();
    let Some(&area) = lowest.first() else {
        return Ok(None);
    };
    let all = admitted(system, Scheme::Rsf);
    let view = clear::common(params, &[], &all);
    let relaxed = |grid: Grid| Rsf {
        variant: Variant::Relaxed,
        grid,
        ..params.rsf.clone()
    };
    let mut uniform = Vec::new();
    for points in UNIFORM {
        let rsf = Rsf {
            points,
            ..relaxed(Grid::Uniform)
        };
        let curve = build::curve(system, area, view, &rsf)?;
        uniform.push((f64::from(points), curve.gap_usd));
    }
    let mut adaptive: Vec<(f64, f64)> = Vec::new();
    for max_points in ADAPTIVE {
        let rsf = Rsf {
            max_points,
            gap_usd: 1e-9,
            ..relaxed(Grid::Adaptive)
        };
        let curve = build::curve(system, area, view, &rsf)?;
        let used = curve.samples.len() as f64;
        if adaptive.last().is_none_or(|&(points, _)| used > points) {
            adaptive.push((used, curve.gap_usd));
        }
    }
    Ok(Some(Grids {
        area,
        uniform,
        adaptive,
    }))
}
