//! A lower bound of the common optimum that the areas' functions can vouch for.
//!
//! The least cost TC_a(e) of an area is convex in its exports e of all periods together once whole bids may
//! be taken in part, so every sample with the multipliers μ_k of its exports bounds it everywhere:
//!
//! ```text
//! TC_a(e) ≥ TC_a(e_k) + Σ_t μ_kt (e_t − e_kt) · Δ
//! ```
//!
//! The area above clears with these cuts in place of the areas below and with exports as wide as they can
//! be; the cost of that program is below the common optimum. The exports it asks for are evaluated next,
//! period by period, and give the next cuts (Kelley's cutting planes), until no cut is off or the bound
//! is within the tolerance. What a clearing costs beyond the bound is its certified error.
//!
//! Eq. `[mezghani2023]`(2.3), section 2.9 of the model notes.

use crate::opt::{Model, Solution, certify};

use super::clear::{self, levels};
use super::curve::{Curve, Form, Sample};
use super::integers;
use super::params::{ResidualSupply, Variant};
use super::program::{Export, write};
use super::system::System;

/// Rounds of cuts after which a bound is left as it is.
const ROUNDS: usize = 60;

/// A bound this close to a cost is enough, as a share of it.
const ENOUGH: f64 = 1e-7;

/// How far the cost of a cone's sample may be off beyond its own gap, as a share of it.
const CONE: f64 = 1e-7;

/// No dispatch of the admitted bids costs less than this, $; `cost_usd` is that of the clearing whose
/// error is asked for, `curves` the functions it used and `export_mw` what it cleared.
///
/// # Errors
/// A sentence when a program cannot be solved.
pub fn below(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    curves: &[Option<Curve>],
    export_mw: &[Vec<f64>],
    cost_usd: f64,
) -> Result<f64, String> {
    let mut cuts: Vec<Option<Curve>> = vec![None; system.areas.len()];
    let near = ENOUGH * (1.0 + cost_usd.abs());
    for a in system.exporting().rev() {
        let known = curves.get(a).and_then(Option::as_ref);
        let known = known.filter(|_| {
            // Samples above other areas rest on steps of these, which bound nothing.
            params.rsf.variant == Variant::Relaxed && system.areas[a].below.is_empty()
        });
        let mut own = empty(system, params, a);
        if let Some(curve) = known {
            own.samples.clone_from(&curve.samples);
            for sample in &mut own.samples {
                sample.cost_usd -= curve.off_usd + margin(params, sample.cost_usd);
            }
        }
        if own.samples.is_empty() {
            let (sample, _) = evaluate(system, params, admitted, &cuts, a, &export_mw[a])?;
            own.samples.push(sample);
        }
        cuts[a] = Some(own);
    }
    let rounds = if system.is_large() { 1 } else { ROUNDS };
    let mut best = f64::NEG_INFINITY;
    for round in 1..=rounds {
        let view = clear::common(params, &cuts, admitted);
        let top = write(system, 0, view, Export::None);
        let (model, solution) = relaxed(&top.model)?;
        best = best.max(solution.objective - doubt(&model, &solution));
        if round == rounds || cost_usd - best <= near {
            break;
        }
        let mut asked: Vec<Vec<f64>> = vec![Vec::new(); system.areas.len()];
        read(&top.curved, &solution, &mut asked);
        let mut moved = false;
        // From the top down: what an area asks of those below it is known once it is evaluated.
        for level in levels(system).into_iter().rev() {
            for a in level {
                let export = asked[a].clone();
                // An export that a zone cannot have at all: the bound stays as it is.
                let Ok((sample, program)) = evaluate(system, params, admitted, &cuts, a, &export)
                else {
                    return Ok(best.min(cost_usd));
                };
                read(&program.0, &program.1, &mut asked);
                let Some(own) = &mut cuts[a] else { continue };
                if sample.cost_usd > own.cost_at(&export, system.hours) + near {
                    own.samples.push(sample);
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    Ok(best.min(cost_usd))
}

/// Exports of areas written as curves.
fn read(curved: &[Option<Vec<crate::opt::Var>>], solution: &Solution, asked: &mut [Vec<f64>]) {
    for (a, exports) in curved.iter().enumerate() {
        if let Some(exports) = exports {
            asked[a] = exports.iter().map(|v| solution.x[v.0]).collect();
        }
    }
}

/// A function of which nothing is known but how far exports can reach.
fn empty(system: &System, params: &ResidualSupply, a: usize) -> Curve {
    let reach = system.areas[a].reach_mw(system, params.physics);
    Curve {
        area: a,
        samples: Vec::new(),
        start_mw: vec![-reach; system.periods],
        steps: vec![Vec::new(); system.periods],
        limits_mw: vec![(-reach, reach); system.periods],
        gap_usd: f64::INFINITY,
        off_usd: 0.0,
        form: Form::Cuts,
        evaluations: 0,
    }
}

/// Export variables of the areas below, and the point they stand at.
type Below = (Vec<Option<Vec<crate::opt::Var>>>, Solution);

/// The cut of one area at an export, and what it asks of the areas below it.
fn evaluate(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    cuts: &[Option<Curve>],
    a: usize,
    export_mw: &[f64],
) -> Result<(Sample, Below), String> {
    let view = clear::common(params, cuts, admitted);
    let program = write(system, a, view, Export::Fixed(export_mw));
    let (model, solution) = relaxed(&program.model)?;
    let duals = integers::duals(&solution)?;
    let rows = program.export_rows.iter();
    let slopes: Vec<f64> = rows.map(|row| duals.rows[row.0] / system.hours).collect();
    let sample = Sample {
        export_mw: export_mw.to_vec(),
        cost_usd: solution.objective - doubt(&model, &solution),
        below_usd_per_mwh: slopes.clone(),
        above_usd_per_mwh: slopes,
        slack_mwh: 0.0,
        p_mw: Vec::new(),
        limits: Vec::new(),
    };
    Ok((sample, (program.curved, solution)))
}

/// A program with whole bids taken in part, solved.
fn relaxed(model: &Model) -> Result<(Model, Solution), String> {
    let model = model.relaxed();
    let solution = integers::priced(&model).optimal()?;
    Ok((model, solution))
}

/// How far the least cost can lie below that of a solution, $: the gap to what its multipliers prove.
fn doubt(model: &Model, solution: &Solution) -> f64 {
    let proof = certify("bound", model, &solution.x, solution.duals.as_ref());
    let size = 1.0 + solution.objective.abs();
    let cone = if model.cones().is_empty() { 0.0 } else { CONE };
    (proof.gap.abs() + cone) * size
}

/// The same for a sample of which only the cost is kept.
fn margin(params: &ResidualSupply, cost_usd: f64) -> f64 {
    let cone = params.physics == crate::flow::feeder::Physics::BranchFlow;
    if cone {
        CONE * (1.0 + cost_usd.abs())
    } else {
        0.0
    }
}
