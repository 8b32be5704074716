//! From a case and inputs to the outcome.

use crate::case::Case;
use crate::case::text::nearest;
use crate::market::Failure;
use crate::network::is_same;
use crate::opt::union_jack::UnionJack;

use super::model::comparison::{Compared, run_each};
use super::model::critical::standings;
use super::model::cures::offers;
use super::model::dispatch::clearing::NoDispatch;
use super::model::map::{self, DispatchMap};
use super::model::operation::OVERLOAD_TOLERANCE_MW;
use super::model::others::others;
use super::model::point::{Asked, OnGrid};
use super::model::process::{Interval, Process, Roll};
use super::model::region::{self, Region};
use super::model::roll::{roll, roll_to};
use super::model::security::{self, Held};
use super::model::stability::analyse;
use super::model::system::System;
use super::model::totals::Totals;
use super::outcome::{Outcome, Single};
use super::params::{LossModel, Method, RtSced, Security};

/// Largest M that can be asked about beside the run.
const GRID_TRIED: u32 = 5;

/// Runs the process.
///
/// # Errors
/// A sentence, when the case cannot be read as a network or the arithmetic fails. An infeasible
/// market is an outcome.
#[cfg(feature = "internals")]
pub fn solve(case: &Case, params: &RtSced) -> Result<Outcome, Failure> {
    solve_after(case, params, None)
}

/// Runs the process; of the case and outcome solved `last` the network is taken over where it is the same.
///
/// # Errors
/// A sentence, when the case cannot be read as a network or the arithmetic fails. An infeasible
/// market is an outcome.
pub fn solve_after(
    case: &Case,
    params: &RtSced,
    last: Option<(&Case, &Outcome)>,
) -> Result<Outcome, Failure> {
    let known = last.filter(|(before, _)| is_same(before, case));
    let system = match known {
        Some((_, outcome)) => System::on(outcome.system.network.clone(), case, params)?,
        None => System::new(case, params)?,
    };
    let (system, runs, held) = secured(system, params, params.intervals)?;
    let mut runs = runs.into_iter();
    let mut roll = |params: &RtSced| runs.next().map_or_else(|| roll(&system, params), Ok);
    let run = roll(params)?;
    let optimum = match params.method {
        Method::Optimal => None,
        // Losses are had without bids of aggregators alone: the run is the optimum.
        _ if system.rho_per_mw.is_some() => None,
        _ => {
            let best = RtSced {
                method: Method::Optimal,
                ..params.clone()
            };
            Some(roll(&best)?)
        }
    };
    let intervals = &run.intervals;
    if let Some(NoDispatch::Unsolved(why)) = &run.stopped {
        return Err(format!("interval {}: {why}", intervals.len() + 1).into());
    }
    let stability = match intervals.is_empty() {
        true => None,
        false => analyse(&system, params, &run.process, intervals),
    };
    let best = optimum.as_ref().unwrap_or(&run).intervals.iter();
    let missing = std::iter::repeat(f64::NAN);
    let best: Vec<f64> = best
        .map(|i| i.cost_usd_per_h)
        .chain(missing)
        .take(intervals.len())
        .collect();
    let single = single(&system, params, &best, roll)?;
    let priced = |k: &usize| intervals.iter().any(|i| i.line_price(*k) != 0.0);
    let priced = (0..system.limits.len()).filter(priced);
    let priced = priced.map(|k| (k, system.ptdf(k).to_vec()));
    let standings = standings(&system, intervals);
    let watched = stability.as_ref().map(|s| s.watch.group);
    let region = match intervals.is_empty() {
        true => None,
        false => region::of_run(&system, params, &run, watched, &standings),
    };
    let cures = match &run.stopped {
        Some(NoDispatch::Infeasible(conflict)) => {
            Some(offers(case, params, &system, conflict, intervals.len()))
        }
        _ => None,
    };
    Ok(Outcome {
        totals: Totals::new(intervals, &best, params.interval_hours()),
        telling: telling_limits(&system, intervals),
        priced: priced.collect(),
        optimum,
        stability,
        standings,
        region,
        cures,
        beside: params
            .rules_beside
            .then(|| run_each(&system, params, Compared::FIGURE.into_iter())),
        single,
        held,
        roll: run,
        system,
    })
}

/// The system of a scenario; where outages are held, with the limits that this takes, the first `count` intervals of its
/// runs, and what it came to.
///
/// # Errors
/// A run cannot start.
fn secured(
    mut system: System,
    params: &RtSced,
    count: usize,
) -> Result<(System, Vec<Roll>, Option<Held>), Failure> {
    if system.security.is_none() {
        return Ok((system, Vec::new(), None));
    }
    let runs = security::runs(&system, params);
    let (rolls, held) = security::hold(&mut system, &runs, count)?;
    Ok((system, rolls, Some(held)))
}

/// The run one interval at a time, where ramps make looking ahead another one.
fn single(
    system: &System,
    params: &RtSced,
    best_usd_per_h: &[f64],
    mut roll: impl FnMut(&RtSced) -> Result<Roll, Failure>,
) -> Result<Option<Single>, Failure> {
    if params.horizon() == 1 || !system.has_ramps() {
        return Ok(None);
    }
    let alone = RtSced {
        look_ahead_intervals: 1,
        ..params.clone()
    };
    let roll = roll(&alone)?;
    let stability = match roll.intervals.is_empty() {
        true => None,
        false => analyse(system, &alone, &roll.process, &roll.intervals),
    };
    Ok(Some(Single {
        totals: Totals::new(&roll.intervals, best_usd_per_h, params.interval_hours()),
        stability,
        roll,
    }))
}

/// Limits that bind or are exceeded somewhere, else the most loaded one.
fn telling_limits(system: &System, intervals: &[Interval]) -> Vec<usize> {
    let limits = &system.limits;
    let loading = |k: usize| {
        let flows = intervals
            .iter()
            .map(|i| system.flow_on(k, &i.flows_mw).abs());
        flows.fold(0.0, f64::max) / limits[k].max_p_mw.max(1e-9)
    };
    let binds = |k: &usize| {
        intervals.iter().any(|i| {
            i.overloads_mw[*k] > OVERLOAD_TOLERANCE_MW
                || i.dispatch.binding.iter().any(|b| b.0 == *k)
        })
    };
    let telling: Vec<usize> = (0..limits.len()).filter(binds).collect();
    match telling.is_empty() {
        true => system
            .line_limits()
            .max_by(|&a, &b| loading(a).total_cmp(&loading(b)))
            .into_iter()
            .collect(),
        false => telling,
    }
}

/// What holds at the point (P_a, P_l'') in MW of the plane that `key` names; `:m=4` after it asks about the published
/// method with M = 4, too.
///
/// # Errors
/// A sentence: an unknown key, or the arithmetic.
pub fn probe(
    outcome: &Outcome,
    (case, params): (&Case, &RtSced),
    key: &str,
    at_mw: (f64, f64),
) -> Result<Asked, Failure> {
    let system = &outcome.system;
    let (plane, m) = match key.rsplit_once(":m=") {
        Some((plane, m)) => (plane, Some(m)),
        None => (key, None),
    };
    let (group, limit) = region::of_key(system, plane)
        .ok_or_else(|| format!("there is no plane `{plane}` in this case"))?;
    let built;
    let (region, edges) = match &outcome.region {
        Some(Ok(shown)) if (shown.region.group, shown.region.limit) == (group, limit) => {
            (&shown.region, shown.edges.as_slice())
        }
        _ => {
            built = Region::new(system, group, limit)?;
            (&built, [].as_slice())
        }
    };
    let known = &outcome.roll.process.equivalents;
    let grid = match m {
        None => region.grid(system, params, known)?,
        Some(m) => {
            let params = with_grid(params, m)?;
            region.grid(system, &params, &[])?
        }
    };
    let tried = match m {
        None => None,
        Some(m) => Some(tried(outcome, case, &with_grid(params, m)?, grid.clone())?),
    };
    let on = edges.iter().enumerate().filter(|(_, e)| e.holds(at_mw));
    let at = region.at(system, at_mw.0, at_mw.1)?;
    let now = outcome.roll.intervals.last().map(|i| &i.actual);
    let whole = now
        .zip(at.split())
        .and_then(|(now, parts)| others(system, now, limit, parts, at_mw.1));
    Ok(Asked {
        group,
        limit,
        edges: on.map(|(k, _)| k).collect(),
        on_grid: grid.map(|grid| grid.at(at_mw.0, at_mw.1)),
        whole: whole.map(|state| {
            let flows = system.flows_mw(&state);
            (state, flows)
        }),
        at,
        tried,
    })
}

/// The parameters with bids on a grid of this M.
fn with_grid(params: &RtSced, m: &str) -> Result<RtSced, Failure> {
    let m = m.parse().ok().filter(|m| (1..=GRID_TRIED).contains(m));
    let m = m.ok_or_else(|| format!("M is a whole number from 1 to {GRID_TRIED}"))?;
    let mut params = params.clone();
    params.method = Method::UnionJack;
    params.equivalent.m = m;
    params.rules_beside = false;
    Ok(params)
}

/// What the published method costs with this grid.
fn tried(
    outcome: &Outcome,
    case: &Case,
    params: &RtSced,
    grid: Option<UnionJack>,
) -> Result<OnGrid, Failure> {
    let system = System::on(outcome.system.network.clone(), case, params)?;
    let run = roll(&system, params)?;
    let last = run.intervals.len().checked_sub(1);
    let cost =
        last.and_then(|t| Some(run.intervals[t].cost_usd_per_h - outcome.best(t)?.cost_usd_per_h));
    Ok(OnGrid {
        m: params.equivalent.m,
        grid,
        above_optimum_usd_per_h: cost,
    })
}

/// Whether there is an interval `step` (from 1).
fn step_of(params: &RtSced, step: usize) -> Result<(), Failure> {
    match (1..=params.intervals).contains(&step) {
        true => Ok(()),
        false => Err(format!(
            "there is no interval {step}; choose 1 to {}",
            params.intervals
        )
        .into()),
    }
}

/// The process before interval `step` (from 1).
pub(super) fn before(system: &System, params: &RtSced, step: usize) -> Result<Process, Failure> {
    step_of(params, step)?;
    let run = roll_to(system, params, step - 1)?;
    if run.stopped.is_some() {
        return Err(format!(
            "interval {} has no dispatch, so interval {step} is not reached",
            run.intervals.len() + 1
        )
        .into());
    }
    Ok(run.process)
}

/// What became of a question about interval `step`.
pub(super) fn answered<T>(answer: Result<T, NoDispatch>, step: usize) -> Result<T, Failure> {
    answer.map_err(|failure| match failure {
        NoDispatch::Unsolved(why) => why.to_string().into(),
        NoDispatch::Infeasible(_) => format!("interval {step} has no dispatch").into(),
    })
}

fn no_bus<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> Failure {
    let meant = nearest(id, ids).map_or(String::new(), |near| format!(" Did you mean {near}?"));
    format!("there is no bus `{id}`.{meant}").into()
}

/// The map of interval `step` (from 1) with the prices of a bus, all where it is empty, from case and inputs at the samples of its box.
///
/// # Errors
/// A sentence, when there is no such bus or interval, or its program is not affine in the inputs.
pub fn map(
    samples: &[(&Case, &RtSced)],
    ranges: [(f64, f64); 2],
    bus: &str,
    step: usize,
) -> Result<DispatchMap, Failure> {
    if let Some((case, params)) = samples.first() {
        step_of(params, step)?;
        if params.losses != LossModel::None {
            let why = "a map is of one linear program, and losses bend: leave them out";
            return Err(Failure::from(why).at("mechanism.losses"));
        }
        if params.security != Security::None {
            let why = "a map is of one program, and which outages are rows of it changes over the map: hold no outage";
            return Err(Failure::from(why).at("mechanism.security"));
        }
        let ids = || case.buses.iter().map(|bus| bus.id.as_str());
        if !bus.is_empty() && ids().all(|id| id != bus) {
            return Err(no_bus(bus, ids()));
        }
    }
    map::map(samples, ranges, step.saturating_sub(1))
}

/// The linear program of interval `step` (from 1) with every limit a named row.
///
/// # Errors
/// A sentence, when the interval is out of range or an earlier one has no dispatch.
pub fn lp_file(case: &Case, params: &RtSced, step: usize) -> Result<String, Failure> {
    step_of(params, step)?;
    let (system, _, _) = secured(System::new(case, params)?, params, step)?;
    let mut process = before(&system, params, step)?;
    let text = answered(process.lp_file(&system, params, step - 1), step)?;
    // Such a file has no constant in its objective that every reader takes.
    Ok(match system.no_load_usd_per_h() {
        0.0 => text,
        usd => {
            format!("\\ The costs of generators at no output, {usd} $/h, come on top.\n{text}")
        }
    })
}
