//! The residual supply function of an area: what its export costs.
//!
//! > TC_d(e) = least cost of area d with export e,   RSF_d(e) ∈ ∂TC_d(e).
//!
//! Eq. `[mezghani2023]`(2.3). A curve is kept as samples of TC and of its slope, and handed to the
//! area above as steps of a price each, or as cuts.

use serde::{Deserialize, Serialize};

use crate::opt::{Model, Var};

use super::super::params::{Form, StepPrice};
use super::offers::Terms;

/// TC at one export and its slope there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// One value per period, MW.
    pub export_mw: Vec<f64>,
    pub cost_usd: f64,
    /// Slope to the left and to the right of each period's export, $/MWh; equal where the solver
    /// gives one multiplier only.
    pub below_usd_per_mwh: Vec<f64>,
    pub above_usd_per_mwh: Vec<f64>,
    /// Unserved or spilled energy, MWh and Mvarh.
    pub slack_mwh: f64,
    /// p of every bid of the area (in its order), by period, MW.
    pub p_mw: Vec<Vec<f64>>,
    /// The limits that hold the area there.
    pub limits: Vec<Limit>,
}

/// A limit of an area's network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub of: Limited,
    pub id: String,
    /// From 1, where there are several.
    pub period: Option<usize>,
}

/// What a limit is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limited {
    Line,
    /// Voltage at a bus.
    Voltage,
    Zone,
    Boundary,
}

impl Sample {
    /// Whether the export is the same in all periods.
    pub fn is_equal(&self) -> bool {
        self.export_mw.iter().all(|at| *at == self.export_mw[0])
    }

    /// Slope along equal exports in all periods, $ per MW of export, from the right.
    pub fn slope_above(&self, hours: f64) -> f64 {
        self.above_usd_per_mwh.iter().sum::<f64>() * hours
    }

    /// The same from the left.
    pub fn slope_below(&self, hours: f64) -> f64 {
        self.below_usd_per_mwh.iter().sum::<f64>() * hours
    }
}

/// One step: a width of export at a price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub width_mw: f64,
    pub usd_per_mwh: f64,
}

/// Export in MW and cost in $.
pub type Point = (f64, f64);

/// The curve of one area.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Curve {
    pub area: usize,
    /// By ascending export.
    pub samples: Vec<Sample>,
    /// Per period: where the steps begin, MW, and the steps by ascending price.
    pub start_mw: Vec<f64>,
    pub steps: Vec<Vec<Step>>,
    /// Least and greatest export of each period, whatever the other periods export, MW: what cuts
    /// allow.
    pub limits_mw: Vec<(f64, f64)>,
    /// How far TC can lie from the chords of the samples at equal exports in all periods, $; infinite where
    /// that is not known.
    #[serde(with = "unbounded")]
    pub gap_usd: f64,
    /// How far the costs of the samples can be off because a solver closed no gap, $.
    #[serde(default)]
    pub off_usd: f64,
    /// How the area above sees it.
    pub form: Form,
    /// Problems solved for it.
    pub evaluations: usize,
}

/// Steps of every period from samples, prices made ascending by pooling neighbours.
///
/// Eq. `[mezghani2023]`(2.3). With several periods a chord is the sum over periods; the private function `chord` splits
/// it.
pub fn steps(samples: &[Sample], rule: StepPrice, hours: f64) -> Vec<Vec<Step>> {
    let periods = samples.first().map_or(0, |s| s.export_mw.len());
    (0..periods)
        .map(|t| {
            let raw = samples.windows(2).filter_map(|pair| {
                let [left, right] = pair else { return None };
                let width = right.export_mw[t] - left.export_mw[t];
                let price = match rule {
                    StepPrice::RightEnd => right.below_usd_per_mwh[t],
                    StepPrice::Chord => chord(left, right, t, hours),
                };
                (width > 0.0).then_some(Step {
                    width_mw: width,
                    usd_per_mwh: price,
                })
            });
            ascending(raw)
        })
        .collect()
}

/// Price of period `t` on the chord between two samples: between its slopes at the two ends, the
/// same share of the way in every period.
fn chord(left: &Sample, right: &Sample, t: usize, hours: f64) -> f64 {
    let ends = |t: usize| (left.above_usd_per_mwh[t], right.below_usd_per_mwh[t]);
    let periods = left.export_mw.len();
    let width = |t: usize| (right.export_mw[t] - left.export_mw[t]) * hours;
    let low: f64 = (0..periods).map(|t| ends(t).0 * width(t)).sum();
    let high: f64 = (0..periods).map(|t| ends(t).1 * width(t)).sum();
    let rise = right.cost_usd - left.cost_usd;
    let energy: f64 = (0..periods).map(width).sum();
    // Slopes that agree, and a rounding of the solver beyond them, are shared equally.
    let share = if (high - low).abs() <= 1e-9 * (1.0 + rise.abs()) {
        0.5
    } else {
        ((rise - low) / (high - low)).clamp(0.0, 1.0)
    };
    let (a, b) = ends(t);
    let rest = (rise - low - share * (high - low)) / energy;
    a + share * (b - a) + rest
}

/// Pools adjacent steps until prices ascend; equal neighbours become one.
fn ascending(raw: impl Iterator<Item = Step>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for step in raw {
        let mut step = step;
        while let Some(last) = steps.last()
            && last.usd_per_mwh >= step.usd_per_mwh - 1e-9 * (1.0 + step.usd_per_mwh.abs())
        {
            let width = last.width_mw + step.width_mw;
            let value = last.width_mw * last.usd_per_mwh + step.width_mw * step.usd_per_mwh;
            step = Step {
                width_mw: width,
                usd_per_mwh: value / width,
            };
            steps.pop();
        }
        steps.push(step);
    }
    steps
}

impl Curve {
    /// The curve added to itself: twice every quantity at the same prices.
    pub fn doubled(&self) -> Curve {
        let mut twice = self.clone();
        let both = |values: &mut Vec<f64>| values.iter_mut().for_each(|v| *v *= 2.0);
        both(&mut twice.start_mw);
        for step in twice.steps.iter_mut().flatten() {
            step.width_mw *= 2.0;
        }
        for limits in &mut twice.limits_mw {
            *limits = (2.0 * limits.0, 2.0 * limits.1);
        }
        for sample in &mut twice.samples {
            both(&mut sample.export_mw);
            sample.cost_usd *= 2.0;
        }
        twice.gap_usd *= 2.0;
        twice
    }

    /// Ends of the exports sampled in period `t`, MW.
    pub fn range_mw(&self, t: usize) -> (f64, f64) {
        let wide: f64 = self.steps[t].iter().map(|s| s.width_mw).sum();
        (self.start_mw[t], self.start_mw[t] + wide)
    }

    /// Price interval of the steps at an export, $/MWh: below and above it. Outside the range
    /// ∓∞.
    pub fn price_at(&self, t: usize, export_mw: f64) -> (f64, f64) {
        let near = 1e-7 * (1.0 + export_mw.abs());
        let mut at = self.start_mw[t];
        let mut below = f64::NEG_INFINITY;
        if export_mw < at - near {
            return (f64::NEG_INFINITY, f64::NEG_INFINITY);
        }
        for step in &self.steps[t] {
            if export_mw < at + near {
                return (below, step.usd_per_mwh);
            }
            below = step.usd_per_mwh;
            at += step.width_mw;
            if export_mw < at - near {
                return (below, below);
            }
        }
        if export_mw <= at + near {
            (below, f64::INFINITY)
        } else {
            (f64::INFINITY, f64::INFINITY)
        }
    }

    /// Largest tangent value and chord value of TC at equal exports `e` in all periods, $.
    pub fn bounds_at(&self, e: f64, hours: f64) -> (f64, f64) {
        let samples: Vec<&Sample> = self.samples.iter().filter(|s| s.is_equal()).collect();
        let tangents = samples.iter().map(|s| {
            let over = e - s.export_mw[0];
            let slope = if over >= 0.0 {
                s.slope_above(hours)
            } else {
                s.slope_below(hours)
            };
            s.cost_usd + slope * over
        });
        let lower = tangents.fold(f64::NEG_INFINITY, f64::max);
        let upper = samples.windows(2).find_map(|pair| {
            let (a, b) = (pair[0].export_mw[0], pair[1].export_mw[0]);
            let near = 1e-9 * (1.0 + e.abs());
            let inside = e >= a - near && e <= b + near && b > a;
            inside.then(|| {
                let share = ((e - a) / (b - a)).clamp(0.0, 1.0);
                pair[0].cost_usd * (1.0 - share) + pair[1].cost_usd * share
            })
        });
        let at_point = || {
            let same = |s: &&&Sample| (s.export_mw[0] - e).abs() <= 1e-9 * (1.0 + e.abs());
            samples
                .iter()
                .find(same)
                .map_or(f64::INFINITY, |s| s.cost_usd)
        };
        (lower, upper.unwrap_or_else(at_point))
    }

    /// The samples and points on the tangents between them, export in MW and cost in $. Where energy is missing or
    /// spilled at the cap its cost would hide all others: such samples are left out as long as two others stay.
    pub fn chords_and_tangents(&self, hours: f64) -> (Vec<Point>, Vec<Point>) {
        let point = |s: &Sample| (s.export_mw[0], s.cost_usd);
        let equal = || self.samples.iter().filter(|s| s.is_equal());
        let mut chords: Vec<Point> = equal().filter(|s| s.slack_mwh <= 1e-5).map(point).collect();
        if chords.len() < 2 {
            chords = equal().map(point).collect();
        }
        let between = chords.windows(2).flat_map(|pair| {
            let (a, b) = (pair[0].0, pair[1].0);
            (0..=8).map(move |k| a + (b - a) * f64::from(k) / 8.0)
        });
        let tangents = between.map(|e| (e, self.bounds_at(e, hours).0));
        let tangents = tangents.collect();
        (chords, tangents)
    }

    /// Prices of period `t` that a picture of the steps shows. Steps at the ends of the range, where energy is
    /// missing or spilled at the cap, and others far from most of what is sold would crush the rest.
    pub fn usual_prices(&self, t: usize, cap: f64) -> (f64, f64) {
        let within = |s: &&Step| s.usd_per_mwh.abs() < 0.5 * cap * (1.0 - 1e-9);
        let some: Vec<&Step> = self.steps[t].iter().filter(within).collect();
        if some.is_empty() {
            return (f64::NEG_INFINITY, f64::INFINITY);
        }
        let all: f64 = some.iter().map(|s| s.width_mw).sum();
        let price_at = |part: f64| {
            let mut sold = 0.0;
            let reached = some.iter().find(|s| {
                sold += s.width_mw;
                sold >= part * all
            });
            reached.map_or(0.0, |s| s.usd_per_mwh)
        };
        let (low, high) = (price_at(0.05), price_at(0.95));
        let room = 2.0 * (high - low).max(0.2 * low.abs().max(high.abs())).max(1.0);
        (low - room, high + room)
    }

    /// Writes the curve as an offer to inject its export; returns one export variable per period.
    ///
    /// Steps: e_t = E¹_t + Σ_n y_n, 0 ≤ y_n ≤ Δ_n, cost Σ μ_n y_n. Cuts: cost ≥ TC_k + Σ_t
    /// μ_kt (e_t − e_kt) for every sample; they hold for unequal exports, too.
    pub fn add(&self, model: &mut Model, name: &str, hours: f64) -> Vec<Var> {
        let exports: Vec<Var> = (0..self.steps.len())
            .map(|t| {
                let (low, high) = match self.form {
                    Form::Steps => self.range_mw(t),
                    Form::Cuts | Form::NestedCuts => self.limits_mw[t],
                };
                model.var(format!("export[{name}, {}]", t + 1), low, high, 0.0)
            })
            .collect();
        match self.form {
            Form::Steps => {
                for (t, &export) in exports.iter().enumerate() {
                    let mut terms: Terms = vec![(export, 1.0)];
                    for (n, step) in self.steps[t].iter().enumerate() {
                        let label = format!("step {} of {name}, {}", n + 1, t + 1);
                        let cost = step.usd_per_mwh * hours;
                        terms.push((model.var(label, 0.0, step.width_mw, cost), -1.0));
                    }
                    let start = self.start_mw[t];
                    model.row(format!("steps of {name}, {}", t + 1), terms, start, start);
                }
                // TC at the start of the curve, so that the objective is a cost.
                let first = self.samples.first().map_or(0.0, |s| s.cost_usd);
                model.set_constant(model.constant() + first);
            }
            Form::Cuts | Form::NestedCuts => {
                let free = f64::INFINITY;
                let cost = model.var(format!("cost of {name}"), -free, free, 1.0);
                for (k, sample) in self.samples.iter().enumerate() {
                    let mut cut = |slopes: &[f64]| {
                        let mut terms: Terms = vec![(cost, 1.0)];
                        let mut right = sample.cost_usd;
                        for (t, &export) in exports.iter().enumerate() {
                            terms.push((export, -slopes[t] * hours));
                            right -= slopes[t] * hours * sample.export_mw[t];
                        }
                        model.row(format!("cut {} of {name}", k + 1), terms, right, free);
                    };
                    cut(&sample.above_usd_per_mwh);
                    if sample.below_usd_per_mwh != sample.above_usd_per_mwh {
                        cut(&sample.below_usd_per_mwh);
                    }
                }
            }
        }
        exports
    }

    /// Variables that hold what `exports` cost, as [`Curve::add`] wrote them: by period those of steps, and that of all
    /// periods together of cuts.
    pub fn costs(&self, exports: &[Var]) -> Vec<Vec<Var>> {
        let mut next = exports.last().map_or(0, |var| var.0 + 1);
        let mut take = |many: usize| {
            let from = next;
            next += many;
            (from..next).map(Var).collect()
        };
        match self.form {
            Form::Steps => self.steps.iter().map(|steps| take(steps.len())).collect(),
            Form::Cuts | Form::NestedCuts => vec![take(1)],
        }
    }

    /// What the curve says an export costs, $: by its steps, or the highest of its cuts.
    pub fn cost_at(&self, export_mw: &[f64], hours: f64) -> f64 {
        if self.form == Form::Cuts {
            let cut = |sample: &Sample, slopes: &[f64]| {
                let over = export_mw.iter().zip(&sample.export_mw);
                let rise = over.zip(slopes).map(|((e, at), slope)| slope * (e - at));
                sample.cost_usd + rise.sum::<f64>() * hours
            };
            let samples = self.samples.iter();
            return samples.fold(f64::NEG_INFINITY, |most, s| {
                let above = cut(s, &s.above_usd_per_mwh);
                most.max(above).max(cut(s, &s.below_usd_per_mwh))
            });
        }
        let mut cost = self.samples.first().map_or(0.0, |s| s.cost_usd);
        for (t, steps) in self.steps.iter().enumerate() {
            let mut left = export_mw[t] - self.start_mw[t];
            for step in steps {
                let taken = left.clamp(0.0, step.width_mw);
                cost += taken * step.usd_per_mwh * hours;
                left -= taken;
            }
        }
        cost
    }

    /// The curve with one more sample, all of them put through `shape` and its steps drawn anew.
    /// Steps over several periods follow equal exports only and stay as they are.
    pub fn with(
        mut self,
        sample: Sample,
        shape: impl FnOnce(Vec<Sample>) -> Vec<Sample>,
        rule: StepPrice,
        hours: f64,
    ) -> Curve {
        let at = self
            .samples
            .partition_point(|s| s.export_mw[0] < sample.export_mw[0]);
        let single = sample.export_mw.len() == 1;
        self.samples.insert(at, sample);
        if single {
            self.samples = shape(self.samples);
            self.steps = steps(&self.samples, rule, hours);
        }
        self
    }
}

/// Infinity is `null` in JSON.
mod unbounded {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
    }
}
