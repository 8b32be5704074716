//! How a residual supply function is sampled: on a uniform grid as published, or where the
//! certified error is largest.
//!
//! Between two samples TC lies below the chord and above both tangents; where the tangents meet
//! the two differ most, and there the next sample is taken. In a linear program those are the
//! kinks, so the curve becomes exact after finitely many samples.
//!
//! Eq. `[mezghani2023]`(2.3), and section 2.9 of the model notes for the adaptive rule.

use std::ops::Range;

use crate::opt::{DualFace, Duals, Model, SIMPLEX_COLUMNS, conic};

use super::curve::{Curve, Form, Sample, StepPrice, steps};
use super::implied::settled;
use super::integers;
use super::params::{Grid, Rsf, Variant};
use super::program::{AreaFlow, Export, Program, View, value, write};
use super::shape::shaped;
use super::system::{Kind, System};
use super::tight::tight;

/// A sample may be off by this share of its cost where the solver closes no gap; the error
/// certified for the curve grows by it.
const NEARLY: f64 = 1e-3;

/// Tries before that.
const TRIES: usize = 2;

const BEYOND_CAP: &str = "a price is beyond the price cap";

/// Evaluates TC of one area at given exports.
pub struct Evaluator<'a> {
    system: &'a System,
    area: usize,
    program: Program,
    /// Continuous program kept for changed exports; interior point only.
    session: Option<(conic::Held, conic::Session)>,
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
    ) -> Result<Self, String> {
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
            slack: view.slack,
            evaluations: 0,
            effort: conic::Effort::default(),
            off_usd: 0.0,
        })
    }

    /// TC, its slopes and what happens there.
    ///
    /// # Errors
    /// A sentence when the problem cannot be solved.
    pub fn at(&mut self, export_mw: &[f64]) -> Result<Sample, String> {
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
            let outcome = session.solve();
            self.effort.iterations += session.effort().iterations;
            self.effort.retries += session.effort().retries;
            let solution = held.whole(&self.program.model, outcome.optimal()?);
            let off = session.effort().gap * (1.0 + solution.objective.abs());
            self.off_usd = self.off_usd.max(off);
            solution
        } else {
            let whole = integers::solve(&self.program.model)?;
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
        let duals = integers::duals(&solution)?;
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
            limits: tight(self.system, self.area, &self.program, x),
        }
    }
}

/// Worth of a MWh at the ends of the range, in units of the dearest bid.
const REWARD: f64 = 10.0;

/// Ends of a range this close are one, as a share of their size.
const ONE_END: f64 = 1e-5;

/// A range narrower than this is one point, as a share of its size.
const ONE_POINT: f64 = 1e-9;

/// The largest size of a price in an area and below it, $/MWh; at least 10.
fn dearest(system: &System, a: usize) -> f64 {
    let area = &system.areas[a];
    let offers = area
        .bids
        .iter()
        .flat_map(|&(b, _)| &system.balancing.bids[b].offers);
    let prices = offers
        .flat_map(|o| &o.segments)
        .map(|s| s.usd_per_mwh.abs());
    let below = area.below.iter().map(|&b| dearest(system, b));
    prices.chain(below).fold(10.0, f64::max)
}

/// Charges losses a little more than they help to import: the relaxed cone could otherwise burn
/// any amount of energy in the lines.
fn forbid_burning(system: &System, a: usize, program: &mut Program, reward: f64) {
    const MORE: f64 = 1.01;
    let (Some(block), Kind::Feeder { tree, .. }) = (&program.blocks[a], &system.areas[a].kind)
    else {
        return;
    };
    let mut costs = Vec::new();
    for flow in &block.flow {
        let AreaFlow::Feeder(flow) = flow else {
            continue;
        };
        for (l, above) in flow.l.iter().zip(&tree.above) {
            if let (Some(l), Some(above)) = (l, above) {
                costs.push((*l, MORE * reward * above.r_pu));
            }
        }
    }
    for (l, cost) in costs {
        program.model.set_cost(l, cost);
    }
}

/// Least and greatest export, the same in all periods, that needs no slack; the whole reach
/// where every export needs some, and whether none needs any.
fn range(system: &System, a: usize, view: View) -> (f64, f64, bool) {
    ends(system, a, view, Export::Pushed(1.0), 0..system.periods)
}

/// Least and greatest export of period `t` that needs no slack, whatever the other periods
/// export.
fn limits(system: &System, a: usize, view: View, t: usize) -> (f64, f64) {
    let worthless = vec![0.0; system.periods];
    let (low, high, _) = ends(system, a, view, Export::Sold(&worthless), t..t + 1);
    (low, high)
}

/// Least and greatest export of the first of `periods`, all of which are pushed.
fn ends(
    system: &System,
    a: usize,
    view: View,
    export: Export,
    periods: Range<usize>,
) -> (f64, f64, bool) {
    let reach = system.areas[a].reach_mw(system, view.physics);
    // More than any bid is worth: the bids keep their costs, so that the problem has one answer.
    let reward = REWARD * dearest(system, a) * system.hours;
    let end = |cost: f64| -> Option<f64> {
        let view = View {
            slack: false,
            ..view
        };
        let mut program = write(system, a, view, export);
        program.model = program.model.relaxed();
        let exports = program.blocks[a].as_ref()?.export.clone();
        for &v in &exports {
            program.model.set_bounds(v, -reach, reach);
        }
        for &v in &exports[periods.clone()] {
            program.model.set_cost(v, cost * reward);
        }
        if cost > 0.0 {
            forbid_burning(system, a, &mut program, reward);
        }
        let solution = integers::priced(&settled(&program.model)).optimal().ok()?;
        Some(solution.x[exports[periods.start].0])
    };
    let ends = (end(1.0), end(-1.0));
    match ends {
        (Some(low), Some(high)) if low <= high => (low, high, true),
        // No choice at all: the two ends differ by the solver's tolerance.
        (Some(low), Some(high)) if low - high <= ONE_END * (1.0 + low.abs()) => {
            let middle = 0.5 * (low + high);
            (middle, middle, true)
        }
        _ => (-reach, reach, false),
    }
}

/// Whether a program goes to the simplex.
fn small(model: &Model) -> bool {
    model.cones().is_empty() && model.vars().len() <= SIMPLEX_COLUMNS
}

/// The residual supply function of area `a`; `view.curves` holds those of the areas below it.
///
/// # Errors
/// A sentence that names the area.
pub fn curve(system: &System, a: usize, view: View, rsf: &Rsf) -> Result<Curve, String> {
    let named = |why: String| {
        let id = &system.areas[a].id;
        format!("the residual supply function of {id} could not be found: {why}")
    };
    let reach = system.areas[a].reach_mw(system, view.physics);
    let relaxed = rsf.variant == Variant::Relaxed;
    let even = |given: Option<(f64, f64)>, points: u32| -> Result<Sampled, String> {
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
    let price = match rsf.variant {
        Variant::FixAndPrice => StepPrice::RightEnd,
        _ => rsf.step_price,
    };
    // Cuts hold up to the very ends, and for unequal exports.
    let apart = rsf.form == Form::Cuts && rsf.grid == Grid::Adaptive;
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
        steps: steps(&samples, price, hours),
        samples,
        gap_usd,
        off_usd,
        form: rsf.form,
        evaluations,
    })
}

/// `points` equally spaced exports from one end of a range to the other.
fn uniform(
    evaluator: &mut Evaluator,
    (low, high): (f64, f64),
    points: u32,
) -> Result<Vec<Sample>, String> {
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
struct Sampler<'a> {
    evaluator: Evaluator<'a>,
    /// What the second one sees; `None` where the first has slack.
    with_slack: Option<View<'a>>,
    second: Option<Evaluator<'a>>,
    variant: Variant,
}

impl Sampler<'_> {
    fn at(&mut self, export: f64) -> Result<Sample, String> {
        let Evaluator { system, area, .. } = self.evaluator;
        let export = vec![export; system.periods];
        match (self.evaluator.at(&export), self.with_slack) {
            (Err(_), Some(view)) => {
                let second = match &mut self.second {
                    Some(second) => second,
                    none => none.insert(Evaluator::new(system, area, view, self.variant)?),
                };
                second.at(&export)
            }
            (answer, _) => answer,
        }
    }

    /// The sample at one end of a range: a hair inside, so that a solver's tolerance is no
    /// infeasibility, and further where that is not solved.
    fn end(&mut self, end: f64, other: f64) -> Result<Sample, String> {
        let mut inset = match self.evaluator.session {
            Some(_) => 1e-5,
            None => 0.0,
        };
        loop {
            match self.at(end + inset * (other - end)) {
                Err(_) if inset > 0.0 && inset < FURTHEST_INSIDE => inset *= 10.0,
                answer => return answer,
            }
        }
    }

    fn done(&self, samples: Vec<Sample>) -> Sampled {
        let both = || std::iter::once(&self.evaluator).chain(&self.second);
        Sampled {
            samples,
            evaluations: ENDS + both().map(|e| e.evaluations).sum::<usize>(),
            off_usd: both().map(|e| e.off_usd).fold(0.0, f64::max),
        }
    }
}

/// Samples until no chord can be off by more than `gap_usd`, or `max_points` are taken.
fn adaptive(system: &System, a: usize, view: View, rsf: &Rsf) -> Result<Sampled, String> {
    let hours = system.hours;
    let (low, high, free) = range(system, a, view);
    // No export of the range needs slack: without its columns the problem is smaller and better
    // scaled.
    let bare = View {
        slack: view.slack && !free,
        ..view
    };
    let mut sampler = Sampler {
        evaluator: Evaluator::new(system, a, bare, rsf.variant)?,
        with_slack: (view.slack && free).then_some(view),
        second: None,
        variant: rsf.variant,
    };
    let mut samples = vec![sampler.end(low, high)?];
    if high - low <= ONE_POINT * (1.0 + high.abs()) {
        return Ok(sampler.done(samples));
    }
    samples.push(sampler.end(high, low)?);
    let (low, high) = (samples[0].export_mw[0], samples[1].export_mw[0]);
    let schedule = system.scheduled_export_mw(a, 0);
    if schedule > low + 1e-6
        && schedule < high - 1e-6
        && let Ok(sample) = sampler.at(schedule)
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
        match sampler.at(export) {
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
