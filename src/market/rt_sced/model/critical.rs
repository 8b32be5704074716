//! Which lines matter to which aggregator?
//!
//! A line is proposed as critical to an aggregator when it binds or comes near its limit in the
//! rolling dispatch with distribution factors, and the factors can be wrong about it: by up to
//!
//! ```text
//! e_la = max over the split D of | Σ_i SF_li (D_i − DF_ia Σ_j D_j) |
//! ```
//!
//! the aggregator's largest possible error on the line.

use super::operation::OVERLOAD_TOLERANCE_MW;
use super::process::{Interval, Process};
use super::system::System;
use crate::market::Failure;
use crate::market::rt_sced::params::{CriticalLines, Method, RtSced};

/// A line loaded to this share of its limit nearly binds.
pub const NEAR: f64 = 0.9;

/// Errors smaller than this share of the limit do not make a line critical.
pub const TELLING: f64 = 0.001;

/// And of an interpolated bid: it loses more than so small an error of the factors costs.
const TELLING_ON_GRID: f64 = 0.02;

/// One limited line as seen from one aggregator.
#[derive(Clone, Debug)]
pub struct Standing {
    pub group: usize,
    /// Index into [`System::limits`].
    pub limit: usize,
    /// Greatest |flow| / limit over the run.
    pub loading: f64,
    /// Intervals in which the line has a price or is exceeded.
    pub binding: usize,
    /// e_la, MW.
    pub possible_error_mw: f64,
    /// Binding or near it, and the factors can be wrong about it.
    pub critical: bool,
    /// Greatest error actually made from one interval to the next, MW.
    pub error_mw: f64,
}

/// Every pair of an aggregator and a limited line, most telling first.
pub fn standings(system: &System, intervals: &[Interval]) -> Vec<Standing> {
    let limits = system.line_limits();
    let mut all: Vec<Standing> = (0..system.groups.len())
        .flat_map(|group| limits.clone().map(move |limit| (group, limit)))
        .map(|(group, limit)| standing(system, intervals, group, limit))
        .collect();
    let weight = |s: &Standing| s.possible_error_mw * s.loading;
    crate::sort::by(&mut all, |a, b| {
        let first = (b.critical, b.binding).cmp(&(a.critical, a.binding));
        first.then(weight(b).total_cmp(&weight(a)))
    });
    all
}

fn standing(system: &System, intervals: &[Interval], group: usize, limit: usize) -> Standing {
    let line = &system.limits[limit];
    let factors = system.capacity_shares(group);
    let loading = |i: &Interval| i.flows_mw[line.branch].abs() / line.max_p_mw.max(1e-9);
    let binds = |i: &&Interval| {
        let mut prices = i.dispatch.prices.lines.iter();
        i.overloads_mw[limit] > OVERLOAD_TOLERANCE_MW
            || prices.any(|(k, y)| *k == limit && *y != 0.0)
    };
    let error_between = |before: &Interval, now: &Interval| {
        let step = |d: usize| now.actual.ders[d] - before.actual.ders[d];
        error(system, group, limit, &now.factors[group], step).abs()
    };
    let pairs = intervals.windows(2);
    let errors = pairs.map(|pair| error_between(&pair[0], &pair[1]));
    let loading = intervals.iter().map(loading).fold(0.0, f64::max);
    let binding = intervals.iter().filter(binds).count();
    let possible_error_mw = possible_error_mw(system, group, limit, &factors);
    Standing {
        group,
        limit,
        loading,
        binding,
        possible_error_mw,
        critical: (binding > 0 || loading >= NEAR) && possible_error_mw >= TELLING * line.max_p_mw,
        error_mw: errors.fold(0.0, f64::max),
    }
}

/// Σ_i SF_li (D_i − DF_ia Σ_j D_j) of a split or of a change of it, MW.
fn error(
    system: &System,
    group: usize,
    limit: usize,
    factors: &[f64],
    output: impl Fn(usize) -> f64,
) -> f64 {
    let ptdf = system.ptdf(limit);
    let members = &system.groups[group].members;
    let total: f64 = members.iter().map(|&d| output(d)).sum();
    let part =
        |(&d, factor): (&usize, &f64)| ptdf[system.ders[d].bus] * (output(d) - factor * total);
    members.iter().zip(factors).map(part).sum()
}

/// e_la: the error is linear in the split, so its extremes have every DER at one of its ends.
fn possible_error_mw(system: &System, group: usize, limit: usize, factors: &[f64]) -> f64 {
    let (mut least, mut greatest) = (0.0, 0.0);
    for &d in &system.groups[group].members {
        let alone = |j: usize| if j == d { 1.0 } else { 0.0 };
        let per_mw = error(system, group, limit, factors, alone);
        let unit = &system.ders[d];
        let (low, high) = (per_mw * unit.min_p_mw, per_mw * unit.max_p_mw);
        least += low.min(high);
        greatest += low.max(high);
    }
    f64::max(-least, greatest)
}

/// Critical lines of a run as (aggregator, limit): those of the scenario, else those proposed.
///
/// # Errors
/// A name that is not in the case; validation finds it first.
pub fn lines(system: &System, params: &RtSced) -> Result<Vec<(usize, usize)>, Failure> {
    if !params.method.is_equivalent() {
        return Ok(Vec::new());
    }
    if params.equivalent.lines == CriticalLines::Proposed {
        return proposed(system, params);
    }
    let mut all = Vec::new();
    for (aggregator, chosen) in &params.equivalent.critical_lines {
        let group = system.groups.iter().position(|g| g.id == *aggregator);
        for id in chosen.ids() {
            let limit = system.limits.iter().position(|l| l.id == *id);
            let (Some(group), Some(limit)) = (group, limit) else {
                return Err(format!(
                    "critical line `{id}` of aggregator `{aggregator}` is not a limited line of the case"
                ).into());
            };
            all.push((group, limit));
        }
    }
    Ok(all)
}

/// Lines proposed from the dispatch that distribution factors give, most telling first.
fn proposed(system: &System, params: &RtSced) -> Result<Vec<(usize, usize)>, Failure> {
    let by_factors = RtSced {
        method: Method::DistributionFactors,
        ..params.clone()
    };
    let start = Process::start(system, &by_factors, &[])?;
    let rolled = start.run(system, &by_factors, params.intervals);
    let standings = standings(system, &rolled.intervals);
    let worth = |s: &Standing| {
        let limit = system.limits[s.limit].max_p_mw;
        params.method != Method::UnionJack || s.possible_error_mw >= TELLING_ON_GRID * limit
    };
    let critical = standings.into_iter().filter(|s| s.critical && worth(s));
    Ok(critical.map(|s| (s.group, s.limit)).collect())
}
