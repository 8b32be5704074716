//! A lower bound of the common optimum that the areas' functions can vouch for.
//!
//! The least cost TC_a(e) of an area is convex in its exports e of all periods together once whole bids may
//! be taken in part, so every sample with the multipliers μ_k of its exports bounds it everywhere:
//!
//! ```text
//! TC_a(e) ≥ TC_a(e_k) + Σ_t μ_kt (e_t − e_kt) · Δ
//! ```
//!
//! The area above clears with these cuts in place of the areas below, and with exports as wide as the common
//! market has them: the limit of the boundary, or as far as drawing more would save anything. The cost of
//! that program is below the common optimum. The exports it asks for are evaluated next, period by period,
//! and give the next cuts (Kelley's cutting planes), until no cut is off or the bound is within the
//! tolerance. What a clearing costs beyond the bound is its certified error; a clearing that costs less than
//! its bound has none, for one of the two is wrong.
//!
//! Eq. `[mezghani2023]`(2.3), section 2.9 of the model notes.

use crate::market::Failure;
use crate::network::formulation::feeder::Physics;
use crate::opt::{Model, Solution, Var, certify};

use super::super::params::{Form, ResidualSupply, Variant};
use super::clear::{self, Cleared, levels};
use super::curve::{Curve, Sample};
use super::program::{Export, Program, write};
use super::system::System;
use crate::opt::diving;

/// Rounds of cuts after which a bound is left as it is.
const ROUNDS: usize = 60;

/// A bound this close to a cost is enough, as a share of it.
const ENOUGH: f64 = 1e-7;

/// How far the cost of a cone's sample may be off beyond its own gap, as a share of it.
const CONE: f64 = 1e-7;

/// A cost may lie below its bound by this share of it, which is rounding of the programs that it was found by.
const ROUNDING: f64 = 1e-6;

/// A range is widened where a MWh more that is drawn saves more than this, $/MWh,
const WORTH: f64 = 1e-6;

/// and the export is this near the end of the range, as a share of it,
const AT_END: f64 = 1e-4;

/// by this factor.
const WIDER: f64 = 8.0;

/// No dispatch of the admitted bids costs less than this, $; `cost_usd` is that of the clearing whose
/// error is asked for.
///
/// # Errors
/// A sentence that says why there is no bound.
pub fn below(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    market: &Cleared,
    cost_usd: f64,
) -> Result<f64, Failure> {
    let mut cuts = Cuts {
        system,
        params,
        admitted,
        curves: vec![None; system.areas.len()],
        answers: &market.answers,
    };
    let export_mw = &market.dispatch.export_mw;
    for a in system.exporting().rev() {
        let mut own = empty(system, params, a);
        let known = market.curves.get(a).and_then(Option::as_ref);
        if let Some(curve) = known.filter(|curve| vouched(system, params, curve)) {
            own.samples.clone_from(&curve.samples);
            for sample in &mut own.samples {
                sample.cost_usd -= curve.off_usd + margin(params, sample.cost_usd);
            }
        }
        if own.samples.is_empty() {
            let (sample, solved) = cuts.sample(a, &export_mw[a])?;
            own.samples.push(match cuts.held(&solved).is_empty() {
                true => sample,
                false => floor(system, admitted, a, &export_mw[a]),
            });
        }
        cuts.curves[a] = Some(own);
    }
    let best = cuts.raised(cost_usd)?;
    if best > cost_usd + ROUNDING * (1.0 + cost_usd.abs()) {
        return Err("the clearing costs less than what the cuts prove".into());
    }
    Ok(best.min(cost_usd))
}

/// Whether the samples of a function bound its area's cost: those of whole bids do not, and those above other
/// areas rest on steps of these.
fn vouched(system: &System, params: &ResidualSupply, curve: &Curve) -> bool {
    params.rsf.variant == Variant::Relaxed && system.areas[curve.area].below.is_empty()
}

/// Cuts of the areas below, which stand for them.
struct Cuts<'a> {
    system: &'a System,
    params: &'a ResidualSupply,
    admitted: &'a [bool],
    curves: Vec<Option<Curve>>,
    /// Answers that programs of areas with no others below them are near.
    answers: &'a [Option<Solution>],
}

/// A program with cuts in place of the areas below, and its solution.
struct Solved {
    program: Program,
    model: Model,
    solution: Solution,
}

impl Solved {
    /// Nothing of the program costs less, $.
    fn least_usd(&self) -> f64 {
        self.solution.objective - doubt(&self.model, &self.solution)
    }

    /// What it asks of the areas below.
    fn read(&self, asked: &mut [Vec<f64>]) {
        for (a, exports) in self.program.curved.iter().enumerate() {
            if let Some(exports) = exports {
                asked[a] = exports.iter().map(|v| self.solution.x[v.0]).collect();
            }
        }
    }
}

impl Cuts<'_> {
    /// The best bound of the top area's program, with further cuts where it asks for exports, $.
    fn raised(&mut self, cost_usd: f64) -> Result<f64, Failure> {
        let rsf = &self.params.rsf;
        let nested = rsf.form == Form::NestedCuts;
        let near = ENOUGH * (1.0 + cost_usd.abs());
        let near = if nested {
            near.max(0.1 * rsf.clearing_gap_usd)
        } else {
            near
        };
        let large = self.system.is_large() && !nested;
        let mut best = f64::NEG_INFINITY;
        for _ in 0..ROUNDS {
            let top = self.solve(0, Export::None)?;
            let mut held = self.held(&top);
            if held.is_empty() {
                best = best.max(top.least_usd());
            }
            if cost_usd - best <= near || (large && held.is_empty()) {
                break;
            }
            let mut asked: Vec<Vec<f64>> = vec![Vec::new(); self.system.areas.len()];
            top.read(&mut asked);
            let moved = match large {
                true => Ok(false),
                false => self.cut(&mut asked, near, &mut held),
            };
            match moved {
                Ok(true) => {}
                Ok(false) if !held.is_empty() => self.widen(&held),
                // No cut is off, or an export that a zone cannot have at all: the bound stays as it is.
                Ok(false) | Err(_) => break,
            }
        }
        match best.is_finite() {
            true => Ok(best),
            false => Err("no exports of the areas were found that are wide enough".into()),
        }
    }

    /// Evaluates the exports `asked` for, and keeps what lies above the cuts; whether anything did. Areas
    /// whose ends held back another join `held`.
    fn cut(
        &mut self,
        asked: &mut [Vec<f64>],
        near: f64,
        held: &mut Vec<usize>,
    ) -> Result<bool, Failure> {
        let mut moved = false;
        // From the top down: what an area asks of those below it is known once it is evaluated.
        for a in levels(self.system).into_iter().rev().flatten() {
            let export = asked[a].clone();
            let (sample, solved) = self.sample(a, &export)?;
            solved.read(asked);
            let below = self.held(&solved);
            let Some(own) = &mut self.curves[a] else {
                continue;
            };
            let above = sample.cost_usd > own.cost_at(&export, self.system.hours) + near;
            if above && below.is_empty() {
                own.samples.push(sample);
                moved = true;
            }
            held.extend(below);
        }
        Ok(moved)
    }

    /// The cut of one area at an export, and the program that it is from.
    fn sample(&self, a: usize, export_mw: &[f64]) -> Result<(Sample, Solved), Failure> {
        let solved = self.solve(a, Export::Fixed(export_mw))?;
        let duals = diving::duals(&solved.solution)?;
        let rows = solved.program.export_rows.iter();
        let slopes = rows.map(|row| duals.rows[row.0] / self.system.hours);
        let sample = cut_at(export_mw, solved.least_usd(), slopes.collect());
        Ok((sample, solved))
    }

    /// The program of an area with whole bids taken in part, solved.
    fn solve(&self, a: usize, export: Export) -> Result<Solved, Failure> {
        let view = clear::common(self.params, &self.curves, self.admitted);
        let program = write(self.system, a, view, export);
        let model = program.model.relaxed();
        let known = self.answers.get(a).and_then(Option::as_ref);
        let solution = match known.filter(|_| self.system.areas[a].below.is_empty()) {
            Some(known) => diving::priced_near(&model, known)?,
            None => diving::priced(&model)?,
        };
        Ok(Solved {
            program,
            model,
            solution,
        })
    }

    /// The areas below that would draw more than their range has. A cone that burns draws more than any power
    /// flow; otherwise what lies beyond the reach of an area is slack at the price cap, worth no more above.
    fn held(&self, solved: &Solved) -> Vec<usize> {
        let (Some(duals), Physics::BranchFlow) = (&solved.solution.duals, self.params.physics)
        else {
            return Vec::new();
        };
        let draws = |v: &Var| {
            let column = &solved.model.vars()[v.0];
            let room = solved.solution.x[v.0] - column.lower;
            let at_end = room <= AT_END * (column.upper - column.lower);
            at_end && duals.reduced[v.0] > WORTH * self.system.hours
        };
        let exports = solved.program.curved.iter().enumerate();
        let held = exports.filter(|(b, exports)| {
            let more = exports.as_ref().is_some_and(|vars| vars.iter().any(draws));
            more && self.system.areas[*b].max_export_mw.is_none()
        });
        held.map(|(b, _)| b).collect()
    }

    fn widen(&mut self, areas: &[usize]) {
        for &a in areas {
            for ends in self.curves[a].iter_mut().flat_map(|c| &mut c.limits_mw) {
                ends.0 *= WIDER;
            }
        }
    }
}

fn cut_at(export_mw: &[f64], cost_usd: f64, slopes: Vec<f64>) -> Sample {
    Sample {
        export_mw: export_mw.to_vec(),
        cost_usd,
        below_usd_per_mwh: slopes.clone(),
        above_usd_per_mwh: slopes,
        slack_mwh: 0.0,
        p_mw: Vec::new(),
        limits: Vec::new(),
    }
}

/// No export costs less: every bid of the area and below where it earns most.
fn floor(system: &System, admitted: &[bool], a: usize, export_mw: &[f64]) -> Sample {
    fn least_usd(system: &System, admitted: &[bool], a: usize) -> f64 {
        let area = &system.areas[a];
        let bids = area.bids.iter().filter(|(b, _)| admitted[*b]);
        let offers = bids.flat_map(|(b, _)| &system.balancing.bids[*b].offers);
        let segments = offers.flat_map(|offer| &offer.segments);
        let least = segments.map(|s| {
            let ends = [0.0, s.min_p_mw, s.max_p_mw].map(|p| p * s.usd_per_mwh * system.hours);
            ends.into_iter().fold(0.0, f64::min)
        });
        let below = area.below.iter().map(|&b| least_usd(system, admitted, b));
        least.chain(below).sum()
    }
    let level = vec![0.0; export_mw.len()];
    cut_at(export_mw, least_usd(system, admitted, a), level)
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

/// How far the least cost can lie below that of a solution, $: the gap to what its multipliers prove.
fn doubt(model: &Model, solution: &Solution) -> f64 {
    let proof = certify("bound", model, &solution.x, solution.duals.as_ref());
    let size = 1.0 + solution.objective.abs();
    let cone = if model.cones().is_empty() { 0.0 } else { CONE };
    (proof.gap.abs() + cone) * size
}

/// The same for a sample of which only the cost is kept.
fn margin(params: &ResidualSupply, cost_usd: f64) -> f64 {
    let cone = params.physics == Physics::BranchFlow;
    if cone {
        CONE * (1.0 + cost_usd.abs())
    } else {
        0.0
    }
}
