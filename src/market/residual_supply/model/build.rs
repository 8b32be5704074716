//! How a residual supply function is sampled: on a uniform grid as published, or where the
//! certified error is largest.
//!
//! Between two samples TC lies below the chord and above both tangents; where the tangents meet
//! the two differ most, and there the next sample is taken. In a linear program those are the
//! kinks, so the curve becomes exact after finitely many samples.
//!
//! Eq. `[mezghani2023]`(2.3), and section 2.9 of the model notes for the adaptive rule.

use super::super::params::{Form, Grid, Rsf, StepPrice, Variant};
use super::curve::{Curve, Sample, steps};
use super::evaluator::Evaluator;
use super::export_range::{limits, range};
use super::program::View;
use super::shape::shaped;
use super::system::System;
use crate::market::Failure;

/// A range narrower than this is one point, as a share of its size.
const ONE_POINT: f64 = 1e-9;

/// The residual supply function of area `a`; `view.curves` holds those of the areas below it.
///
/// # Errors
/// A sentence that names the area.
pub fn curve(system: &System, a: usize, view: View, rsf: &Rsf) -> Result<Curve, Failure> {
    let named = |why: Failure| -> Failure {
        let id = &system.areas[a].id;
        format!("the residual supply function of {id} could not be found: {why}").into()
    };
    let reach = system.areas[a].reach_mw(system, view.physics);
    let relaxed = rsf.variant == Variant::Relaxed;
    let even = |given: Option<(f64, f64)>, points: u32| -> Result<Sampled, Failure> {
        let mut evaluator = Evaluator::new(system, a, view, rsf.variant)?;
        let given = given.unwrap_or_else(|| {
            let (low, high, _) = range(system, a, view);
            (low, high)
        });
        let samples = uniform(&mut evaluator, given, points)?;
        Ok(Sampled {
            samples,
            evaluations: evaluator.evaluations,
            off_usd: evaluator.off_usd,
        })
    };
    let Sampled {
        samples,
        evaluations,
        off_usd,
    } = match rsf.grid {
        Grid::Uniform => even(Some((-reach, reach)), rsf.points),
        Grid::Adaptive if relaxed => adaptive(system, a, view, rsf),
        // Slopes certify nothing where costs jump: an even grid over the feasible range.
        Grid::Adaptive => even(None, rsf.max_points),
    }
    .map_err(named)?;
    let hours = system.hours;
    let cap = system.balancing.price_cap_usd_per_mwh;
    let samples = shaped(samples, rsf.variant, cap);
    let gap_usd = if relaxed {
        certified_gap(&samples, hours) + 2.0 * off_usd
    } else {
        f64::INFINITY
    };
    // Cuts hold up to the very ends, and for unequal exports.
    let form = rsf.form.handed_over();
    let apart = form == Form::Cuts && rsf.grid == Grid::Adaptive;
    let limits_mw = (0..system.periods).map(|t| {
        let ends = (&samples[0], &samples[samples.len() - 1]);
        if apart {
            limits(system, a, view, t)
        } else {
            (ends.0.export_mw[t], ends.1.export_mw[t])
        }
    });
    Ok(Curve {
        area: a,
        start_mw: samples[0].export_mw.clone(),
        limits_mw: limits_mw.collect(),
        steps: steps(&samples, step_price(rsf), hours),
        samples,
        gap_usd,
        off_usd,
        form,
        evaluations,
    })
}

fn step_price(rsf: &Rsf) -> StepPrice {
    match rsf.variant {
        Variant::FixAndPrice => StepPrice::RightEnd,
        _ => rsf.step_price,
    }
}

/// A function with one more sample.
pub fn with(system: &System, rsf: &Rsf, curve: Curve, sample: Sample) -> Curve {
    let cap = system.balancing.price_cap_usd_per_mwh;
    let shape = |samples| shaped(samples, rsf.variant, cap);
    curve.with(sample, shape, step_price(rsf), system.hours)
}

/// `points` equally spaced exports from one end of a range to the other.
fn uniform(
    evaluator: &mut Evaluator,
    (low, high): (f64, f64),
    points: u32,
) -> Result<Vec<Sample>, Failure> {
    let width = high - low;
    // Without a choice there is one point.
    let n = match width <= ONE_POINT * (1.0 + high.abs()) {
        true => 1,
        false => points.max(2),
    };
    let step = width / f64::from((n - 1).max(1));
    (0..n)
        .map(|k| evaluator.at(&vec![low + step * f64::from(k); evaluator.system.periods]))
        .collect()
}

/// Problems solved for the ends of the range.
const ENDS: usize = 2;

/// How far inside its end a range may be sampled, as a share of its width.
const FURTHEST_INSIDE: f64 = 0.01;

/// The samples of one curve, the problems solved for them, and how far their costs can be off, $.
struct Sampled {
    samples: Vec<Sample>,
    evaluations: usize,
    off_usd: f64,
}

/// Evaluates an area without slack, and with it at exports where that is not solved.
pub struct Sampler<'a> {
    evaluator: Evaluator<'a>,
    /// What the second one sees; `None` where the first has slack.
    with_slack: Option<View<'a>>,
    second: Option<Evaluator<'a>>,
    variant: Variant,
}

impl<'a> Sampler<'a> {
    /// A sampler that tries without slack first where `free`.
    ///
    /// # Errors
    /// A malformed model.
    pub fn new(
        system: &'a System,
        a: usize,
        view: View<'a>,
        variant: Variant,
        free: bool,
    ) -> Result<Self, Failure> {
        // No export of the range needs slack: without its columns the problem is smaller and better scaled.
        let bare = View {
            slack: view.slack && !free,
            ..view
        };
        Ok(Sampler {
            evaluator: Evaluator::new(system, a, bare, variant)?,
            with_slack: (view.slack && free).then_some(view),
            second: None,
            variant,
        })
    }

    fn equal(&mut self, export: f64) -> Result<Sample, Failure> {
        let export = vec![export; self.evaluator.system.periods];
        self.at(&export)
    }

    /// The sample at an export of each period, MW.
    ///
    /// # Errors
    /// A sentence when the problem cannot be solved.
    pub fn at(&mut self, export: &[f64]) -> Result<Sample, Failure> {
        let (system, area) = (self.evaluator.system, self.evaluator.area);
        match (self.evaluator.at(export), self.with_slack) {
            (Err(_), Some(view)) => {
                let second = match &mut self.second {
                    Some(second) => second,
                    none => none.insert(Evaluator::new(system, area, view, self.variant)?),
                };
                second.at(export)
            }
            (answer, _) => answer,
        }
    }

    /// The sample at one end of a range: inside by a little, so that a solver's tolerance is no
    /// infeasibility, and further where that is not solved.
    fn end(&mut self, end: f64, other: f64) -> Result<Sample, Failure> {
        let mut inset = match self.evaluator.is_interior() {
            true => 1e-5,
            false => 0.0,
        };
        loop {
            match self.equal(end + inset * (other - end)) {
                Err(_) if inset > 0.0 && inset < FURTHEST_INSIDE => inset *= 10.0,
                answer => return answer,
            }
        }
    }

    /// Problems solved, and how far the costs of their samples can be off, $.
    pub fn effort(&self) -> (usize, f64) {
        let both = || std::iter::once(&self.evaluator).chain(&self.second);
        let off_usd = both().map(|e| e.off_usd).fold(0.0, f64::max);
        (both().map(|e| e.evaluations).sum(), off_usd)
    }

    fn done(&self, samples: Vec<Sample>) -> Sampled {
        let (evaluations, off_usd) = self.effort();
        Sampled {
            samples,
            evaluations: ENDS + evaluations,
            off_usd,
        }
    }
}

/// Samples until no chord can be off by more than `gap_usd`, or `max_points` are taken.
fn adaptive(system: &System, a: usize, view: View, rsf: &Rsf) -> Result<Sampled, Failure> {
    let hours = system.hours;
    let (low, high, free) = range(system, a, view);
    let mut sampler = Sampler::new(system, a, view, rsf.variant, free)?;
    let mut samples = vec![sampler.end(low, high)?];
    if high - low <= ONE_POINT * (1.0 + high.abs()) {
        return Ok(sampler.done(samples));
    }
    samples.push(sampler.end(high, low)?);
    let (low, high) = (samples[0].export_mw[0], samples[1].export_mw[0]);
    // Losses apart: where the schedule is cleared again, a point there would leave its price to rounding.
    let schedule = system.scheduled_power_mw(a, 0);
    if schedule > low + 1e-6
        && schedule < high - 1e-6
        && let Ok(sample) = sampler.equal(schedule)
    {
        samples.insert(1, sample);
    }
    // Where two tangents meet, but the problem is not solved there: the gap stays.
    let mut unsolved: Vec<f64> = Vec::new();
    loop {
        let worst = samples
            .windows(2)
            .map(|pair| meeting(&pair[0], &pair[1], hours))
            .enumerate()
            .filter(|(_, (export, _))| !unsolved.contains(export))
            .max_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let Some((k, (export, gap))) = worst else {
            return Ok(sampler.done(samples));
        };
        let (left, right) = (samples[k].export_mw[0], samples[k + 1].export_mw[0]);
        let near = 1e-9 * (1.0 + left.abs().max(right.abs()));
        let enough = gap <= rsf.gap_usd || samples.len() >= rsf.max_points as usize;
        if enough || export <= left + near || export >= right - near {
            return Ok(sampler.done(samples));
        }
        match sampler.equal(export) {
            Ok(sample) => samples.insert(k + 1, sample),
            Err(_) => unsolved.push(export),
        }
    }
}

/// Where the tangents of two neighbouring samples meet, and how far below the chord, $.
fn meeting(left: &Sample, right: &Sample, hours: f64) -> (f64, f64) {
    let (a, b) = (left.export_mw[0], right.export_mw[0]);
    let (g, h) = (left.slope_above(hours), right.slope_below(hours));
    let middle = 0.5 * (a + b);
    if h - g <= 1e-9 * (1.0 + g.abs().max(h.abs())) {
        return (middle, 0.0);
    }
    let at = ((left.cost_usd - right.cost_usd - g * a + h * b) / (h - g)).clamp(a, b);
    let tangent = (left.cost_usd + g * (at - a)).max(right.cost_usd + h * (at - b));
    let share = (at - a) / (b - a);
    let chord = left.cost_usd * (1.0 - share) + right.cost_usd * share;
    (at, chord - tangent)
}

/// Largest distance between chords and tangents, $.
pub fn certified_gap(samples: &[Sample], hours: f64) -> f64 {
    let gaps = samples
        .windows(2)
        .map(|pair| meeting(&pair[0], &pair[1], hours).1);
    gaps.fold(0.0, f64::max)
}
