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

use crate::opt::iteration::{SAME, fixed_point, pattern, slopes};

use super::process::{Interval, Process};
use super::system::System;
use crate::market::rt_sced::params::{Method, RtSced};

pub use crate::opt::iteration::{Pattern, range};

/// The DER whose output is followed, and its aggregator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    pub der: usize,
    pub group: usize,
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
        (if high - low > SAME { high - low } else { 0.0 }, inside)
    };
    let mut best: Option<(Watch, (f64, f64))> = None;
    for watch in (0..system.ders.len()).filter_map(grouped) {
        let s = score(watch.der);
        if best.is_none_or(|(_, b)| s > b) {
            best = Some((watch, s));
        }
    }
    best.map(|(watch, _)| watch)
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
    if high - low <= SAME {
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
    if most - least <= SAME {
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
    for (a, memory) in process.memories.iter_mut().enumerate() {
        memory.settle(&params.df, &system.members_mw(a, &process.se.ders));
    }
    let state = process.next_state(system, params, t).ok()?;
    Some(system.group_output_mw(group, &state.ders))
}
