//! Does the rolling process settle? Its map, fixed point, factor and pattern.
//!
//! The process is followed through the output of one aggregator: if state estimation finds it at
//! x MW, the next interval leaves it at f(x) MW. A fixed point f(x*) = x* repels when |f′(x*)| > 1
//! and attracts when |f′(x*)| < 1; near it the error is multiplied by f′(x*) every interval. For
//! fixed factors, one binding line l and one marginal member i the factor is
//! 1 − SF_li / Σ_j SF_lj DF_j.
//!
//! Rules with a memory carry the factors along: the state is (x, DF). The program contains factors
//! only times P_a − P̂_a, which is 0 at a fixed point, so the joint map is triangular there: its
//! multipliers are f′(x*), with the factors that x* itself leads to, and those of the memory alone
//! (1 − α for smoothing). The greatest in size decides. f is therefore asked with memories that have
//! settled at x.

use super::process::{Interval, Process};
use super::system::System;
use crate::market::rt_sced::params::{Method, RtSced};

/// The DER whose output is followed, and its aggregator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    pub der: usize,
    pub group: usize,
}

/// What a sequence does in the long run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pattern {
    /// Constant from interval `from` (0-based) on.
    Steady {
        from: usize,
    },
    /// Repeats every `period` intervals from interval `from` (0-based) on.
    Cycle {
        period: usize,
        from: usize,
    },
    /// Each swing is about `ratio` < 1 times the one before.
    Damped {
        ratio: f64,
    },
    /// Each swing is about `ratio` > 1 times the one before.
    Growing {
        ratio: f64,
    },
    Irregular,
}

pub struct Stability {
    pub watch: Watch,
    /// (x, f(x)) in MW of the aggregator's output.
    pub map: Vec<(f64, f64)>,
    pub fixed_point_mw: Option<f64>,
    /// Slope of the map left and right of the fixed point.
    pub factor: Option<(f64, f64)>,
    /// Multiplier of the memory of the factors, where the rule has one that fades.
    pub memory: Option<f64>,
    /// Pattern of the watched DER's output.
    pub pattern: Pattern,
    /// Least and greatest output of the watched DER over the last half of the run, MW.
    pub tail_mw: (f64, f64),
}

impl Stability {
    /// The multiplier of the joint map of dispatch and memory that decides, where left and right
    /// of the fixed point agree.
    pub fn deciding(&self) -> Option<f64> {
        let slope = self.single_factor()?;
        let memory = self.memory.filter(|m| m.abs() > slope.abs());
        Some(memory.unwrap_or(slope))
    }

    /// The memory of the factors, not the dispatch, decides.
    pub fn memory_decides(&self) -> bool {
        self.deciding() != self.single_factor()
    }

    /// One number for the slope where left and right agree.
    pub fn single_factor(&self) -> Option<f64> {
        self.factor
            .filter(|(left, right)| (left - right).abs() <= 1e-2 * left.abs().max(1.0))
            .map(|(left, right)| 0.5 * (left + right))
    }
}

/// Two MW values closer than this are the same, MW.
const SAME_MW: f64 = 1e-6;
const MAP_POINTS: usize = 41;

/// The watched DER: the user's, else the aggregated one that moves most, else the one furthest
/// from its own limits.
pub fn choose_watch(system: &System, params: &RtSced, intervals: &[Interval]) -> Option<Watch> {
    let grouped = |d: usize| system.group_of[d].map(|group| Watch { der: d, group });
    if let Some(d) = system.ders.iter().position(|d| d.id == params.watch) {
        return grouped(d);
    }
    let score = |d: usize| -> (f64, f64) {
        let (low, high) = range(intervals.iter().map(|i| i.actual.ders[d]));
        let unit = &system.ders[d];
        let inside = intervals.last().map_or(0.0, |i| {
            (i.actual.ders[d] - unit.min_p_mw).min(unit.max_p_mw - i.actual.ders[d])
        });
        (
            if high - low > SAME_MW {
                high - low
            } else {
                0.0
            },
            inside,
        )
    };
    let mut best: Option<(usize, (f64, f64))> = None;
    for d in 0..system.ders.len() {
        let s = score(d);
        if system.group_of[d].is_some() && best.is_none_or(|(_, b)| s > b) {
            best = Some((d, s));
        }
    }
    best.and_then(|(d, _)| grouped(d))
}

/// Analyses a finished run; `process` is its state after the last interval.
pub fn analyse(
    system: &System,
    params: &RtSced,
    process: &Process,
    intervals: &[Interval],
) -> Option<Stability> {
    let watch = choose_watch(system, params, intervals)?;
    let watched: Vec<f64> = intervals.iter().map(|i| i.actual.ders[watch.der]).collect();
    let pattern = pattern(&watched);
    let tail_mw = range(watched[watched.len() / 2..].iter().copied());
    let mut stability = Stability {
        watch,
        map: Vec::new(),
        fixed_point_mw: None,
        factor: None,
        memory: match params.method {
            Method::DistributionFactors => process.memories[watch.group].multiplier(&params.df),
            _ => None,
        },
        pattern,
        tail_mw,
    };
    if params.method == Method::Optimal {
        return Some(stability);
    }
    let next = |x: f64| next_output(system, params, process, watch.group, intervals.len(), x);
    let (low, high) = (
        system.group_min_mw(watch.group),
        system.group_max_mw(watch.group),
    );
    if high - low <= SAME_MW {
        return Some(stability);
    }
    // Behind network equivalents nothing bends the map but factors of other lines: ends and middle do.
    let points = match params.method.is_equivalent() {
        true => 3,
        false => MAP_POINTS,
    };
    stability.map = (0..points)
        .map(|k| low + (high - low) * k as f64 / (points - 1) as f64)
        .map(|x| (x, next(x).unwrap_or(f64::NAN)))
        .collect();
    let (least, most) = range(stability.map.iter().map(|m| m.1));
    if most - least <= SAME_MW {
        // Flat: one interval forgets every error.
        stability.fixed_point_mw = Some(0.5 * (least + most));
        stability.factor = Some((0.0, 0.0));
        return Some(stability);
    }
    let now = system.group_output_mw(watch.group, &process.se.ders);
    stability.fixed_point_mw = fixed_point(&stability.map, now, &next);
    stability.factor = stability
        .fixed_point_mw
        .and_then(|x| slopes(x, low, high, &next));
    Some(stability)
}

/// f(x): output of aggregator `group` one interval after state estimation found it at `x` MW.
///
/// The factors are those that an aggregator found there for long leads to. Everything else is as
/// after the run, with the loads scaled to balance: only the difference
/// between measured and pictured flows enters the next dispatch, and loads are in both.
fn next_output(
    system: &System,
    params: &RtSced,
    process: &Process,
    group: usize,
    t: usize,
    x: f64,
) -> Option<f64> {
    let mut process = process.clone();
    system.split_group(group, x, &mut process.se.ders);
    process.se.balance();
    for (group, memory) in system.groups.iter().zip(&mut process.memories) {
        let seen = group.members.iter().map(|&d| process.se.ders[d]);
        memory.settle(&params.df, &seen.collect::<Vec<f64>>());
    }
    let state = process.next_state(system, params, t).ok()?;
    Some(system.group_output_mw(group, &state.ders))
}

/// The crossing of the map with the diagonal nearest to `now`, by false position; a jump across
/// the diagonal is not a fixed point.
fn fixed_point(map: &[(f64, f64)], now: f64, next: &impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let mut found: Option<f64> = None;
    let mut keep = |x: f64| {
        if found.is_none_or(|best: f64| (x - now).abs() < (best - now).abs()) {
            found = Some(x);
        }
    };
    for pair in map.windows(2) {
        let ((mut a, fa), (mut b, fb)) = (pair[0], pair[1]);
        let (mut ga, mut gb) = (fa - a, fb - b);
        if ga.abs() <= SAME_MW {
            keep(a);
            continue;
        }
        if ga * gb >= 0.0 || ga.is_nan() || gb.is_nan() {
            continue;
        }
        for step in 0..60 {
            // False position; every third step halves the bracket so that it always shrinks.
            let m = if step % 3 == 2 {
                0.5 * (a + b)
            } else {
                a - ga * (b - a) / (gb - ga)
            };
            let Some(fm) = next(m) else { break };
            let gm = fm - m;
            if gm.abs() <= 1e-9 {
                keep(m);
                break;
            }
            if ga * gm < 0.0 {
                (b, gb) = (m, gm);
            } else {
                (a, ga) = (m, gm);
            }
            if b - a < 1e-10 {
                break;
            }
        }
    }
    if let Some(&(x, f)) = map.last()
        && (f - x).abs() <= SAME_MW
    {
        keep(x);
    }
    found
}

/// Slopes of the map left and right of `x`; at an end of the range the one that exists, twice.
fn slopes(x: f64, low: f64, high: f64, next: &impl Fn(f64) -> Option<f64>) -> Option<(f64, f64)> {
    let h = 1e-4 * (high - low);
    let at = next(x)?;
    let left = (x - h >= low)
        .then(|| next(x - h))
        .flatten()
        .map(|f| (at - f) / h);
    let right = (x + h <= high)
        .then(|| next(x + h))
        .flatten()
        .map(|f| (f - at) / h);
    Some((left.or(right)?, right.or(left)?))
}

/// Least and greatest of a sequence; (NaN, NaN) when empty.
pub fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::NAN, f64::NAN), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}

/// What the sequence does in the long run.
pub fn pattern(x: &[f64]) -> Pattern {
    let n = x.len();
    for period in 1..=8 {
        let repeats = |t: usize| (x[t] - x[t + period]).abs() <= SAME_MW;
        // At least two whole rounds must repeat, so that one chance equality is not a cycle.
        let needed = if period == 1 { 1 } else { period + 1 };
        let same = (0..n.saturating_sub(period))
            .rev()
            .take_while(|&t| repeats(t))
            .count();
        if same >= needed {
            let from = n - period - same;
            return if period == 1 {
                Pattern::Steady { from }
            } else {
                Pattern::Cycle { period, from }
            };
        }
    }
    let swings: Vec<f64> = x.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    let ratios: Vec<f64> = swings
        .windows(2)
        .map(|w| w[1] / w[0])
        .filter(|r| r.is_finite())
        .collect();
    let last = &ratios[ratios.len().saturating_sub(3)..];
    if last.is_empty() {
        return Pattern::Irregular;
    }
    let ratio = libm::pow(last.iter().product(), 1.0 / last.len() as f64);
    if last.iter().all(|r| *r < 1.0) {
        Pattern::Damped { ratio }
    } else if last.iter().all(|r| *r > 1.0) {
        Pattern::Growing { ratio }
    } else {
        Pattern::Irregular
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_told_apart() {
        assert_eq!(pattern(&[1.0, 2.0, 2.0]), Pattern::Steady { from: 1 });
        assert_eq!(
            pattern(&[1.0, 4.0, 1.0, 4.0, 1.0, 4.0]),
            Pattern::Cycle { period: 2, from: 0 }
        );
        let halving: Vec<f64> = (0..6).map(|t| 2.0 - (-0.5f64).powi(t)).collect();
        match pattern(&halving) {
            Pattern::Damped { ratio } => assert!((ratio - 0.5).abs() < 1e-12),
            other => panic!("{other:?}"),
        }
        let growing: Vec<f64> = (0..6).map(|t| 2.0 - 0.1 * (-1.5f64).powi(t)).collect();
        assert!(matches!(pattern(&growing), Pattern::Growing { .. }));
    }

    #[test]
    fn a_jump_over_the_diagonal_is_no_fixed_point() {
        let jump = |x: f64| Some(if x < 1.0 { 2.0 } else { 0.5 });
        let map: Vec<(f64, f64)> = (0..=20)
            .map(|k| k as f64 * 0.1 + 0.05)
            .map(|x| (x, jump(x).unwrap()))
            .collect();
        assert_eq!(fixed_point(&map, 1.0, &jump), None);
        let line = |x: f64| Some(3.0 - 0.5 * x);
        let map: Vec<(f64, f64)> = (0..=20)
            .map(|k| k as f64 * 0.2)
            .map(|x| (x, line(x).unwrap()))
            .collect();
        let x = fixed_point(&map, 0.0, &line).unwrap();
        assert!((x - 2.0).abs() < 1e-9);
        let (left, right) = slopes(x, 0.0, 4.0, &line).unwrap();
        assert!((left + 0.5).abs() < 1e-6 && (right + 0.5).abs() < 1e-6);
    }
}
