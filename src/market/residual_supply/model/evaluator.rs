//! The least cost TC of one area at given exports, with its slopes.
//!
//! Eq. `[mezghani2023]`(2.3).

use crate::market::Failure;
use crate::opt::diving;
use crate::opt::presolve::settled;
use crate::opt::{DualFace, Duals, Model, SIMPLEX_COLUMNS, Solution, conic};

use super::super::params::Variant;
use super::binding_limits::binding;
use super::curve::Sample;
use super::program::{Export, Program, View, value, write};
use super::system::System;

/// A sample may be off by this share of its cost where the solver closes no gap; the error
/// certified for the curve grows by it.
const NEARLY: f64 = 1e-3;

/// Tries before that.
const TRIES: usize = 2;

const BEYOND_CAP: &str = "a price is beyond the price cap";

/// Evaluates TC of one area at given exports.
pub struct Evaluator<'a> {
    pub(super) system: &'a System,
    pub(super) area: usize,
    program: Program,
    /// Continuous program kept for changed exports; interior point only.
    session: Option<(conic::Held, conic::Session)>,
    /// Its optima so far by export: the next is near one of them.
    known: Vec<(Vec<f64>, Solution)>,
    /// Whether energy may be missing or spilled at the price cap.
    slack: bool,
    pub evaluations: usize,
    /// What the interior point took for them.
    pub effort: conic::Effort,
    /// How far the cost of a sample can be off because no try closed its gap, $.
    pub off_usd: f64,
}

impl<'a> Evaluator<'a> {
    /// An evaluator of area `a`; the areas below it stand in `view` as curves.
    ///
    /// # Errors
    /// A malformed model.
    pub fn new(
        system: &'a System,
        area: usize,
        view: View,
        variant: Variant,
    ) -> Result<Self, Failure> {
        let zeros = vec![0.0; system.periods];
        let mut program = write(system, area, view, Export::Fixed(&zeros));
        if variant == Variant::Relaxed {
            program.model = program.model.relaxed();
        }
        let session = if program.model.has_integers() || small(&program.model) {
            None
        } else {
            let held = conic::Held::of(&settled(&program.model))?;
            let mut session = conic::Session::new(held.model.clone())?;
            session.accept(NEARLY, TRIES);
            Some((held, session))
        };
        Ok(Evaluator {
            system,
            area,
            program,
            session,
            known: Vec::new(),
            slack: view.slack,
            evaluations: 0,
            effort: conic::Effort::default(),
            off_usd: 0.0,
        })
    }

    /// Whether samples are those of an interior point, with its tolerance.
    pub fn is_interior(&self) -> bool {
        self.session.is_some()
    }

    /// TC, its slopes and what happens there.
    ///
    /// # Errors
    /// A sentence when the problem cannot be solved.
    pub fn at(&mut self, export_mw: &[f64]) -> Result<Sample, Failure> {
        self.evaluations += 1;
        let cap = self.system.balancing.price_cap_usd_per_mwh;
        let hours = self.system.hours;
        let rows = self.program.export_rows.clone();
        for (&row, &at) in rows.iter().zip(export_mw) {
            self.program.model.set_limits(row, at, at);
        }
        let mut below = Vec::new();
        let mut above = Vec::new();
        let solution = if let Some((held, session)) = &mut self.session {
            for (&row, &at) in rows.iter().zip(export_mw) {
                session.set_limits(row, at, at);
            }
            let far = |known: &[f64]| -> f64 {
                let apart = known.iter().zip(export_mw).map(|(a, b)| (a - b).abs());
                apart.sum()
            };
            let known = self.known.iter();
            let nearest = known.min_by(|a, b| far(&a.0).total_cmp(&far(&b.0)));
            let outcome = match nearest {
                Some((_, known)) => session.solve_from(known),
                None => session.solve(),
            };
            self.effort.iterations += session.effort().iterations;
            self.effort.retries += session.effort().retries;
            let found = outcome?;
            self.known.push((export_mw.to_vec(), found.clone()));
            let solution = held.whole(&self.program.model, found);
            let off = session.effort().gap * (1.0 + solution.objective.abs());
            self.off_usd = self.off_usd.max(off);
            solution
        } else {
            let whole = diving::solve(&self.program.model)?;
            if self.system.periods == 1
                && small(&whole.fixed)
                && let Ok(face) = DualFace::new(&whole.fixed, &whole.solution.x)
            {
                if !self.slack && !self.all_below_cap(&face) {
                    return Err(BEYOND_CAP.into());
                }
                // Both slopes, from the face of optimal multipliers.
                if let Ok(ends) = face.interval(&[(rows[0], 1.0 / hours)]) {
                    below = vec![ends.0.max(-cap)];
                    above = vec![ends.1.min(cap)];
                }
            }
            whole.solution
        };
        let duals = diving::duals(&solution)?;
        if !self.slack && self.dearer_than_cap(duals) {
            return Err(BEYOND_CAP.into());
        }
        if below.is_empty() {
            below = rows
                .iter()
                .map(|row| (duals.rows[row.0] / hours).clamp(-cap, cap))
                .collect();
            above.clone_from(&below);
        }
        Ok(self.sample(export_mw, below, above, &solution.x))
    }

    /// Whether some bus is worth more than the price cap: then energy missing there would cost less, and
    /// the sample of a program without slack is none of the area's cost.
    fn dearer_than_cap(&self, duals: &Duals) -> bool {
        let cap = self.system.balancing.price_cap_usd_per_mwh * (1.0 + 1e-6);
        (0..self.system.periods).any(|t| {
            let active = self.program.prices(self.system, duals, self.area, t);
            let reactive = self
                .program
                .reactive_prices(self.system, duals, self.area, t);
            active
                .iter()
                .chain(&reactive)
                .any(|price| price.abs() > cap)
        })
    }

    /// The same of all optimal prices where there are several: slopes are taken from all of them, and with
    /// slack only those below the cap are prices.
    fn all_below_cap(&self, face: &DualFace) -> bool {
        let cap = self.system.balancing.price_cap_usd_per_mwh * (1.0 + 1e-6);
        let periods = 0..self.system.periods;
        face.is_unique()
            || periods.into_iter().all(|t| {
                let rows = self.program.balance_rows(self.system, self.area, t);
                rows.iter().all(|rows| {
                    let ends = face.interval(rows);
                    ends.is_ok_and(|(low, high)| -low <= cap && high <= cap)
                })
            })
    }

    fn sample(&self, export_mw: &[f64], below: Vec<f64>, above: Vec<f64>, x: &[f64]) -> Sample {
        let periods = self.system.periods;
        let mut p_mw = Vec::new();
        let mut slack_mwh = 0.0;
        if let Some(block) = &self.program.blocks[self.area] {
            for (b, vars) in &block.bids {
                let mut p = vec![0.0; periods];
                let offers = &self.system.balancing.bids[*b].offers;
                for (offer, terms) in offers.iter().zip(&vars.p) {
                    p[offer.period - 1] += value(terms, x);
                }
                p_mw.push(p);
            }
            let slacks = block.slack_p.iter().chain(&block.slack_q).flatten();
            slack_mwh = slacks.map(|(up, down)| x[up.0] + x[down.0]).sum::<f64>();
        }
        Sample {
            export_mw: export_mw.to_vec(),
            cost_usd: self.program.model.objective(x),
            below_usd_per_mwh: below,
            above_usd_per_mwh: above,
            slack_mwh: slack_mwh * self.system.hours,
            p_mw,
            limits: binding(self.system, self.area, &self.program, x),
        }
    }
}

/// Whether a program goes to the simplex.
fn small(model: &Model) -> bool {
    model.cones().is_empty() && model.vars().len() <= SIMPLEX_COLUMNS
}
