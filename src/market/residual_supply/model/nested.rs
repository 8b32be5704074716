//! Nested cuts: functions of several periods, refined at the exports that the clearing asks for.
//!
//! The least cost TC_a(e) of an area is convex in its exports e of all periods together once whole bids may
//! be taken in part. The area above clears with cuts of it; every area asked for an export answers with its
//! cost and slopes there, which is the next cut (Benders' decomposition, level by level):
//!
//! ```text
//! lower bound   = cost of the clearing with the cuts,  TC_a(e) ≥ TC_a(e_k) + Σ_t μ_kt (e_t − e_kt) · Δ
//! what is known = the same with every area's cost at e in place of its cuts
//! ```
//!
//! Once the two are within the tolerance the clearing with whole bids follows, and its exports are asked for,
//! too. No export is assumed to be the same in all periods, as it is for functions of one export.
//!
//! Kelley's clearing jumps from corner to corner. Every other time what is asked for lies half-way between it
//! and the best exports known; that costs nothing above, as the area above is convex, too.
//!
//! Eq. `[mezghani2023]`(2.3), sections 2.5 (T1, T4) and 2.10 of the model notes.

use crate::market::Failure;
use crate::opt::diving;

use super::super::params::ResidualSupply;
use super::build::{self, Sampler};
use super::curve::{Curve, Sample};
use super::levels::{common, each, levels};
use super::program::{Export, write};
use super::system::System;

/// Exchanges after which the cuts stay as they are.
const ROUNDS: usize = 60;

/// Exchanges with whole bids.
const WHOLE_ROUNDS: usize = 6;

/// Exports closer than this are one, as a share of 1 + their size.
const ONE_EXPORT: f64 = 1e-7;

/// Share of the way from the best exports known to those asked for.
const HALF_WAY: f64 = 0.5;

/// What one exchange between the levels proved.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// No clearing with bids taken in part costs less, $.
    pub lower_usd: f64,
    /// What one of those seen so far costs, $.
    pub upper_usd: f64,
    /// Areas that answered with a new cut.
    pub cuts: usize,
    /// Whether whole bids were kept whole above; then there is no lower bound and no upper one.
    pub whole: bool,
}

/// Exports by area.
type Exports = Vec<Vec<f64>>;

/// Exports that the top area can clear, what it costs there by itself, and what the areas cost.
struct Known {
    exports: Exports,
    own_usd: f64,
    cost_usd: f64,
}

struct Nested<'a> {
    system: &'a System,
    params: &'a ResidualSupply,
    admitted: &'a [bool],
    curves: Vec<Option<Curve>>,
}

/// The functions with further cuts, and what every exchange proved.
///
/// # Errors
/// A sentence that names the area.
pub fn refined(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    curves: Vec<Option<Curve>>,
) -> Result<(Vec<Option<Curve>>, Vec<Exchange>), Failure> {
    let mut nested = Nested {
        system,
        params,
        admitted,
        curves,
    };
    let mut exchanges = Vec::new();
    nested.in_part(&mut exchanges)?;
    nested.whole(&mut exchanges)?;
    Ok((nested.curves, exchanges))
}

impl Nested<'_> {
    /// Exchanges with bids taken in part, until the bounds meet.
    fn in_part(&mut self, exchanges: &mut Vec<Exchange>) -> Result<(), Failure> {
        let (mut lower_usd, mut best): (f64, Option<Known>) = (f64::NEG_INFINITY, None);
        for round in 0..ROUNDS {
            let view = common(self.params, &self.curves, self.admitted);
            let program = write(self.system, 0, view, Export::None);
            let solution = diving::priced(&program.model.relaxed())?;
            lower_usd = lower_usd.max(solution.objective);
            let mut asked: Exports = vec![Vec::new(); self.system.areas.len()];
            for (a, exports) in program.curved.iter().enumerate() {
                asked[a] = exports.iter().flatten().map(|v| solution.x[v.0]).collect();
            }
            let promised: f64 = self.top().map(|a| self.promise(a, &asked[a])).sum();
            let mut own_usd = solution.objective - promised;
            if let Some(known) = best.as_ref().filter(|_| round % 2 == 1) {
                let mix = |new: f64, old: f64| old + HALF_WAY * (new - old);
                own_usd = mix(own_usd, known.own_usd);
                for (new, old) in asked.iter_mut().zip(&known.exports) {
                    new.iter_mut()
                        .zip(old)
                        .for_each(|(e, old)| *e = mix(*e, *old));
                }
            }
            let (below_usd, cuts) = self.answered(&mut asked)?;
            let cost_usd = own_usd + below_usd;
            if best.as_ref().is_none_or(|known| cost_usd < known.cost_usd) {
                best = Some(Known {
                    exports: asked,
                    own_usd,
                    cost_usd,
                });
            }
            let upper_usd = best.as_ref().map_or(cost_usd, |known| known.cost_usd);
            exchanges.push(Exchange {
                lower_usd,
                upper_usd,
                cuts,
                whole: false,
            });
            let met = upper_usd - lower_usd <= self.params.rsf.clearing_gap_usd;
            if met || (cuts == 0 && round % 2 == 0) {
                break;
            }
        }
        Ok(())
    }

    /// Exchanges at the exports that the clearing with whole bids asks for, until the cuts say what these cost.
    fn whole(&mut self, exchanges: &mut Vec<Exchange>) -> Result<(), Failure> {
        for _ in 0..WHOLE_ROUNDS {
            let view = common(self.params, &self.curves, self.admitted);
            let program = write(self.system, 0, view, Export::None);
            if !program.model.has_integers() {
                return Ok(());
            }
            let found = diving::solve(&program.model)?;
            let mut asked: Exports = vec![Vec::new(); self.system.areas.len()];
            for (a, exports) in program.curved.iter().enumerate() {
                let x = &found.solution.x;
                asked[a] = exports.iter().flatten().map(|v| x[v.0]).collect();
            }
            let promised: f64 = self.top().map(|a| self.promise(a, &asked[a])).sum();
            let (below_usd, cuts) = self.answered(&mut asked)?;
            exchanges.push(Exchange {
                lower_usd: f64::NAN,
                upper_usd: f64::NAN,
                cuts,
                whole: true,
            });
            if cuts == 0 || below_usd - promised <= self.params.rsf.clearing_gap_usd {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The areas right below the top one.
    fn top(&self) -> impl Iterator<Item = usize> {
        self.system.areas[0].below.iter().copied()
    }

    /// What an area's cuts say of an export, $.
    fn promise(&self, a: usize, export_mw: &[f64]) -> f64 {
        let curve = self.curves[a].as_ref();
        curve.map_or(0.0, |curve| curve.cost_at(export_mw, self.system.hours))
    }

    /// Asks every area for its export, those above first, as they ask those below them; what all cost at
    /// exports that they can have, $, and how many cuts were new.
    fn answered(&mut self, asked: &mut Exports) -> Result<(f64, usize), Failure> {
        let (mut cost_usd, mut cuts) = (0.0, 0);
        for level in levels(self.system).into_iter().rev() {
            let answers = each(&level, |a| self.answer(a, &asked[a]))?;
            for (a, answer) in level.into_iter().zip(answers) {
                // What the area costs with its cuts below; the areas below bring what they cost beyond these.
                let above = self.system.areas[a].above.is_some_and(|(up, _)| up == 0);
                let beyond = if above {
                    0.0
                } else {
                    self.promise(a, &asked[a])
                };
                cost_usd += answer.sample.cost_usd - beyond;
                for (b, export) in answer.below {
                    asked[b] = export;
                }
                if let Some(evaluations) = answer.evaluations {
                    cuts += 1;
                    self.keep(a, answer.sample, evaluations, answer.off_usd);
                }
            }
        }
        Ok((cost_usd, cuts))
    }

    /// What an area costs at an export, with the slopes there.
    fn answer(&self, a: usize, export_mw: &[f64]) -> Result<Answer, Failure> {
        let same = |s: &&Sample| {
            let pairs = s.export_mw.iter().zip(export_mw);
            pairs
                .clone()
                .all(|(s, e)| (s - e).abs() <= ONE_EXPORT * (1.0 + e.abs()))
        };
        let below = &self.system.areas[a].below;
        let known = self.curves[a]
            .as_ref()
            .and_then(|c| c.samples.iter().find(same));
        if let Some(sample) = known.filter(|_| below.is_empty()) {
            return Ok(Answer {
                sample: sample.clone(),
                below: Vec::new(),
                evaluations: None,
                off_usd: 0.0,
            });
        }
        let view = common(self.params, &self.curves, self.admitted);
        let named = |why: Failure| -> Failure {
            format!("{} at an export asked for: {why}", self.system.areas[a].id).into()
        };
        let mut sampler = Sampler::new(self.system, a, view, self.params.rsf.variant, true)?;
        let sample = sampler.at(export_mw).map_err(named)?;
        let mut asked = Vec::new();
        if !below.is_empty() {
            let program = write(self.system, a, view, Export::Fixed(export_mw));
            let solution =
                diving::priced(&program.model.relaxed()).map_err(|why| named(why.into()))?;
            for &b in below {
                let exports = program.curved[b].iter().flatten();
                asked.push((b, exports.map(|v| solution.x[v.0]).collect()));
            }
        }
        let (evaluations, off_usd) = sampler.effort();
        Ok(Answer {
            sample,
            below: asked,
            evaluations: Some(evaluations),
            off_usd,
        })
    }

    fn keep(&mut self, a: usize, sample: Sample, evaluations: usize, off_usd: f64) {
        if let Some(curve) = self.curves[a].take() {
            let mut curve = build::with(self.system, &self.params.rsf, curve, sample);
            curve.evaluations += evaluations;
            curve.off_usd = curve.off_usd.max(off_usd);
            self.curves[a] = Some(curve);
        }
    }
}

/// What an area says of one export.
struct Answer {
    sample: Sample,
    /// Exports that it asks of the areas below it.
    below: Vec<(usize, Vec<f64>)>,
    /// Programs solved; `None` where the export was sampled before.
    evaluations: Option<usize>,
    off_usd: f64,
}
