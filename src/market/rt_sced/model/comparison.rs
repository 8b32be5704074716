//! Every method on the same case: Fig. 8 of `[zuo2022]`, with money.

use super::dispatch::clearing::NoDispatch;
use super::process::Interval;
use super::roll::{roll, roll_to};
use super::stability::{choose_watch, range};
use super::system::System;
use super::totals::Totals;
use crate::case::Case;
use crate::market::Failure;
use crate::market::rt_sced::params::{CriticalLines, DistributionFactors, Method, RtSced, Rule};

/// Methods that are compared, those of the paper's Fig. 8 and the exact curve.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    Factors(Rule),
    /// Fixed factors without looking ahead, where the scenario does.
    OneAtATime,
    UnionJack,
    ExactCurve,
    Optimal,
}

impl Compared {
    pub const ALL: [Compared; 7] = [
        Compared::Factors(Rule::Capacity),
        Compared::Factors(Rule::LatestSe),
        Compared::Factors(Rule::MovingAverage),
        Compared::Factors(Rule::Unscheduled),
        Compared::UnionJack,
        Compared::ExactCurve,
        Compared::Optimal,
    ];

    /// Those of the paper's Fig. 8.
    pub const FIGURE: [Compared; 5] = [
        Compared::Factors(Rule::Capacity),
        Compared::Factors(Rule::LatestSe),
        Compared::Factors(Rule::MovingAverage),
        Compared::UnionJack,
        Compared::Optimal,
    ];

    /// The question under this method.
    pub fn settings(self, params: &RtSced) -> RtSced {
        let (method, rule) = match self {
            Compared::Factors(rule) => (Method::DistributionFactors, rule),
            Compared::OneAtATime => (Method::DistributionFactors, Rule::Capacity),
            Compared::UnionJack => (Method::UnionJack, Rule::Capacity),
            Compared::ExactCurve => (Method::ExactCurve, Rule::Capacity),
            Compared::Optimal => (Method::Optimal, Rule::Capacity),
        };
        let mut equivalent = params.equivalent.clone();
        if method == Method::ExactCurve && params.method != Method::ExactCurve {
            // Lines chosen for the plane of a Union Jack are one each; exact curves take all that matter.
            equivalent.lines = CriticalLines::Proposed;
        }
        RtSced {
            equivalent,
            method,
            look_ahead_intervals: match self {
                Compared::OneAtATime => 1,
                _ => params.look_ahead_intervals,
            },
            df: DistributionFactors {
                rule,
                ..params.df.clone()
            },
            ..params.clone()
        }
    }
}

/// Why a method has no run, or one that ends early.
pub enum Ended {
    NotStarted(Failure),
    /// Intervals cleared, and what stopped the next.
    Stopped(usize, NoDispatch),
}

/// One method in numbers.
pub struct MethodRun {
    pub method: Compared,
    pub intervals: Vec<Interval>,
    /// Aggregators that have a network equivalent.
    pub equivalents: Vec<usize>,
    pub totals: Totals,
    /// Least and greatest output of the watched DER in the second half, MW.
    pub tail_mw: (f64, f64),
    pub mean_usd_per_h: f64,
    pub over_mwh_per_day: f64,
    /// Over the intervals within limits; NaN without an optimum.
    pub loss_usd_per_day: f64,
}

/// Cost of the first interval by M, $/h; NaN where it has no dispatch.
pub struct ByM {
    pub union_jack: Vec<f64>,
    pub exact_curve: f64,
}

pub struct Comparison {
    pub system: System,
    /// The DER that swings most under fixed factors.
    pub der: usize,
    pub der_id: String,
    pub runs: Vec<MethodRun>,
    pub ended: Vec<(Compared, Ended)>,
    /// None where no Union Jack holds the first interval.
    pub by_m: Option<ByM>,
    /// Least cost of the first interval, $/h.
    pub first_optimum: Option<f64>,
}

/// Runs of several methods, and why some have none or one that ends early.
#[derive(Default)]
pub struct Runs {
    pub runs: Vec<(Compared, Vec<Interval>)>,
    /// Aggregators that have a network equivalent in each of these runs.
    pub equivalents: Vec<Vec<usize>>,
    pub ended: Vec<(Compared, Ended)>,
}

/// Runs some methods one after the other.
pub fn run_each(system: &System, params: &RtSced, methods: impl Iterator<Item = Compared>) -> Runs {
    let mut all = Runs::default();
    for method in methods {
        match roll(system, &method.settings(params)) {
            Err(why) => all.ended.push((method, Ended::NotStarted(why))),
            Ok(roll) => {
                let at = roll.intervals.len();
                let stopped = roll.stopped.map(|why| (method, Ended::Stopped(at, why)));
                all.ended.extend(stopped);
                let equivalents = roll.process.equivalents.iter().map(|e| e.group);
                all.equivalents.push(equivalents.collect());
                all.runs.push((method, roll.intervals));
            }
        }
    }
    all
}

/// Runs every method.
///
/// # Errors
/// A sentence, when the case cannot be read as a network or has no aggregator.
pub fn compare(case: &Case, params: &RtSced) -> Result<Comparison, Failure> {
    let system = System::new(case, params)?;
    if system.groups.is_empty() {
        return Err("the case has no aggregator, so all methods are the same dispatch".into());
    }
    let looks_ahead = params.look_ahead_intervals > 1 && system.has_ramps();
    let apart = looks_ahead.then_some(Compared::OneAtATime);
    let [fixed, others @ ..] = Compared::ALL;
    let methods = std::iter::once(fixed).chain(apart).chain(others);
    let Runs {
        runs,
        equivalents,
        ended,
    } = run_each(&system, params, methods);
    let first = runs.first().map_or(&[][..], |(_, intervals)| intervals);
    let watch = choose_watch(&system, params, first)
        .ok_or("no DER belongs to an aggregator, so all methods are the same dispatch")?;
    let optimum = runs.iter().find(|(method, _)| *method == Compared::Optimal);
    let optimum = optimum.map_or(&[][..], |(_, intervals)| intervals);
    let best: Vec<f64> = optimum.iter().map(|i| i.cost_usd_per_h).collect();
    let hours = params.interval_hours();
    let numbers = |((method, intervals), equivalents): ((Compared, Vec<Interval>), Vec<usize>)| {
        let totals = Totals::new(&intervals, &best, hours);
        let n = intervals.len().max(1) as f64;
        let per_day = 24.0 / (n * hours);
        let tail = intervals[intervals.len() / 2..].iter();
        MethodRun {
            method,
            tail_mw: range(tail.map(|i| i.actual.ders[watch.der])),
            mean_usd_per_h: totals.usd_per_h / n,
            over_mwh_per_day: totals.overload_mwh * per_day,
            loss_usd_per_day: match best.is_empty() {
                true => f64::NAN,
                false => totals.loss_usd * per_day,
            },
            totals,
            intervals,
            equivalents,
        }
    };
    Ok(Comparison {
        runs: runs.into_iter().zip(equivalents).map(numbers).collect(),
        ended,
        by_m: by_m(&system, params),
        first_optimum: best.first().copied(),
        der: watch.der,
        der_id: system.ders[watch.der].id.clone(),
        system,
    })
}

/// Cost of the first interval against M, and by the exact curve.
fn by_m(system: &System, params: &RtSced) -> Option<ByM> {
    let first = |m: u32, method: Method| -> f64 {
        let mut one = RtSced {
            method,
            ..params.clone()
        };
        one.equivalent.m = m;
        let rolled = roll_to(system, &one, 1).ok();
        let cost = rolled.and_then(|r| r.intervals.first().map(|i| i.cost_usd_per_h));
        cost.unwrap_or(f64::NAN)
    };
    let grids = 1..=RtSced::MAX_M;
    let union_jack: Vec<f64> = grids.map(|m| first(m, Method::UnionJack)).collect();
    let any = union_jack.iter().any(|cost| !cost.is_nan());
    any.then(|| ByM {
        union_jack,
        exact_curve: first(params.equivalent.m, Method::ExactCurve),
    })
}
