//! Security-constrained dispatch: no line over its rating after the loss of any one line, with every output as it is.
//!
//! ```text
//! −ρ P_m^UB ≤ P_m + LODF_mk P_k ≤ ρ P_m^UB        every line m, every outage k that does not split the network
//! ```
//!
//! with ρ the share of the rating that holds after an outage. Of these rows, as many as lines squared, few are ever met:
//! the interval is cleared with those known, all outages of what came out are screened, and of what every line is
//! exceeded by the worst is added in each direction, until nothing is. The rows are limits like any other
//! ([`System::limits`]) and so are their prices.
//!
//! Screening and its rows by LODF: Wood, Wollenberg, Sheblé, Power Generation, Operation, and Control, 3rd ed. (2014),
//! ch. 7; the rows added as they are violated: Alsac and Stott, IEEE Trans. PAS-93 (1974) 745–751.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::dispatch::clearing::NoDispatch;
use super::process::Roll;
use super::roll::roll_to;
use super::system::{Outage, System};
use crate::case::Case;
use crate::market::Failure;
use crate::market::rt_sced::params::{Method, RtSced};
use crate::network::After;

/// Excess over a rating after an outage that counts as none in a case of ordinary size, MW: that of a flow as it is.
pub const TOLERANCE_MW: f64 = super::dispatch::FLOW_TOLERANCE_MW;

/// Distance from a rating, relative, at which a flow may count as meeting it: more than prices take for tight.
const MET: f64 = 1e-6;

/// What holding outages took, and what it came to.
#[derive(Default)]
pub struct Held {
    /// Costs of the intervals cleared without it, $/h.
    pub without_usd_per_h: Vec<f64>,
    /// Times everything was cleared and screened.
    pub rounds: usize,
    /// Largest excess over a rating after any of the outages, as the programs expect flows, MW; below 0 where all are
    /// within.
    pub worst_mw: f64,
    /// What the loss of each line would do in the first run as it is carried out.
    pub after: Vec<After>,
}

/// What the loss of each line in service would do to flows by interval, in the order of the case.
pub fn after_each(system: &System, rating: f64, flows_mw: &[&[f64]]) -> Vec<After> {
    let mut ratings: Vec<Option<f64>> = vec![None; system.branch_ids.len()];
    for limit in &system.limits[system.line_limits()] {
        ratings[limit.branch] = Some(rating * limit.max_p_mw);
    }
    system.network.after_each(&ratings, flows_mw)
}

/// The runs that a scenario needs: its own, that with every DER at its own bus, and that one interval at a time.
pub fn runs(system: &System, params: &RtSced) -> Vec<RtSced> {
    let mut all = vec![params.clone()];
    if params.method != Method::Optimal {
        all.push(RtSced {
            method: Method::Optimal,
            ..params.clone()
        });
    }
    if params.horizon() > 1 && system.has_ramps() {
        all.push(RtSced {
            look_ahead_intervals: 1,
            ..params.clone()
        });
    }
    all
}

/// Runs the first `count` intervals of each until all are secure; the limits that takes become those of the system.
///
/// Where no dispatch is secure, the runs end as they do without one.
///
/// # Errors
/// A run cannot start.
pub fn hold(
    system: &mut System,
    runs: &[RtSced],
    count: usize,
) -> Result<(Vec<Roll>, Held), Failure> {
    let mut held = Held::default();
    system.tells_conflicts = false;
    loop {
        let rolls = runs.iter().map(|params| roll_to(system, params, count));
        let rolls = rolls.collect::<Result<Vec<Roll>, Failure>>()?;
        held.rounds += 1;
        if held.rounds == 1 {
            let intervals = rolls.first().map_or(&[][..], |roll| &roll.intervals);
            held.without_usd_per_h = intervals.iter().map(|i| i.cost_usd_per_h).collect();
        }
        let mut flows: Vec<&[f64]> = rolls.iter().flat_map(expected).collect();
        let cleared = flows.len();
        flows.extend(rolls.iter().filter_map(given_way));
        let Screened {
            exceeded,
            met,
            worst_mw,
        } = screen(system, &flows);
        let worst_mw = worst_mw.into_iter().take(cleared);
        held.worst_mw = worst_mw.fold(f64::NEG_INFINITY, f64::max);
        let none = |roll: &Roll| matches!(roll.stopped, Some(NoDispatch::Infeasible(_)));
        if exceeded.is_empty() && !system.tells_conflicts && rolls.iter().any(none) {
            // What gives way meets other losses.
            system.tells_conflicts = true;
            continue;
        }
        if exceeded.is_empty() && !met.is_empty() {
            // A limit that is met exactly has a price all the same.
            add(system, &met);
            continue;
        }
        if exceeded.is_empty() {
            system.tells_conflicts = true;
            let intervals = rolls.first().map_or(&[][..], |roll| &roll.intervals);
            let flows: Vec<&[f64]> = intervals.iter().map(|i| i.flows_mw.as_slice()).collect();
            let rating = system.security.as_ref().map_or(1.0, |s| s.rating);
            held.after = after_each(system, rating, &flows);
            return Ok((rolls, held));
        }
        add(system, &exceeded);
    }
}

/// Whether a scenario has a dispatch in its first `count` intervals.
pub fn clears(case: &Case, params: &RtSced, count: usize) -> bool {
    let rolled = System::new(case, params).and_then(|mut system| match system.security {
        None => roll_to(&system, params, count),
        Some(_) => loop {
            system.tells_conflicts = false;
            let roll = roll_to(&system, params, count)?;
            let flows: Vec<&[f64]> = expected(&roll).collect();
            let Screened { exceeded, .. } = screen(&system, &flows);
            // What has no dispatch has none with more limits either.
            if exceeded.is_empty() || roll.intervals.len() < count {
                break Ok(roll);
            }
            add(&mut system, &exceeded);
        },
    });
    rolled.is_ok_and(|roll| roll.intervals.len() >= count)
}

/// Flows that the programs of a run expect.
fn expected(roll: &Roll) -> impl Iterator<Item = &[f64]> {
    let dispatches = roll.intervals.iter().enumerate().filter(|(t, interval)| {
        let before = t.checked_sub(1).map(|t| &roll.intervals[t].dispatch);
        before.is_none_or(|before| !Rc::ptr_eq(before, &interval.dispatch))
    });
    let flows = dispatches.flat_map(|(_, interval)| &interval.dispatch.expected_mw);
    flows.map(Vec::as_slice)
}

/// Flows of what gives way where a program has no dispatch: what is in conflict is told with the losses it meets.
fn given_way(roll: &Roll) -> Option<&[f64]> {
    match &roll.stopped {
        Some(NoDispatch::Infeasible(conflict)) => conflict.flows_mw.as_deref(),
        _ => None,
    }
}

/// Adds limits after outages to a system, in the order of the case.
pub fn add(system: &mut System, pairs: &BTreeMap<(usize, usize), f64>) {
    let rating = system.security.as_ref().map_or(1.0, |s| s.rating);
    for (&(k, branch), &share) in pairs {
        let line = &system.limits[k];
        let outage = Outage { branch, share };
        let most = rating * line.max_p_mw;
        let limit = line.after(outage, &system.branch_ids[branch], most);
        system.limits.push(limit);
    }
}

/// What outages do to flows.
struct Screened {
    /// Limits of lines that an outage exceeds and that are not yet limits of the system after it, each with its LODF.
    exceeded: BTreeMap<(usize, usize), f64>,
    /// Those that are met and not yet limits of the system either.
    met: BTreeMap<(usize, usize), f64>,
    /// Largest excess of all, of each of the flows, MW.
    worst_mw: Vec<f64>,
}

/// Of each line, the outage that exceeds it most in each direction.
fn screen(system: &System, flows: &[&[f64]]) -> Screened {
    let mut screened = Screened {
        exceeded: BTreeMap::new(),
        met: BTreeMap::new(),
        worst_mw: vec![f64::NEG_INFINITY; flows.len()],
    };
    let Some(security) = &system.security else {
        return screened;
    };
    let tolerance = system.tolerance_mw(TOLERANCE_MW);
    let lines = system.line_limits();
    let later = system.limits[lines.end..].iter();
    let known: BTreeSet<(usize, usize)> = later
        .filter_map(|l| Some((l.branch, l.outage?.branch)))
        .collect();
    let all = &system.limits[lines.clone()];
    let ratings = all.iter().map(|l| (l.branch, security.rating * l.max_p_mw));
    let ratings: Vec<(usize, f64)> = ratings.collect();
    // Excess, outage and LODF by flows, line and direction.
    let none = (tolerance, usize::MAX, 0.0);
    let mut worst = vec![[none; 2]; flows.len() * lines.len()];
    for &out in &security.outages {
        let column = system.network.lodf_column(out);
        for (n, flows) in flows.iter().enumerate() {
            let most = &mut screened.worst_mw[n];
            for (k, &(branch, rating)) in ratings.iter().enumerate() {
                let share = column[branch];
                let flow = flows[branch] + share * flows[out];
                let excess = flow.abs() - rating;
                let near = MET * (system.tolerance_mw(1.0) + rating);
                if branch == out || excess < -near && excess <= *most {
                    continue;
                }
                if excess.abs() <= near && !known.contains(&(branch, out)) {
                    screened.met.insert((k, out), share);
                }
                // Flows that are no numbers are not secure.
                *most = most.max(if excess.is_nan() {
                    f64::INFINITY
                } else {
                    excess
                });
                let side = &mut worst[n * lines.len() + k][usize::from(flow > 0.0)];
                if excess > side.0 && !known.contains(&(branch, out)) {
                    *side = (excess, out, share);
                }
            }
        }
    }
    for (place, sides) in worst.iter().enumerate() {
        let found = sides.iter().filter(|(_, out, _)| *out != usize::MAX);
        let k = place % lines.len();
        let pairs = found.map(|&(_, out, share)| ((k, out), share));
        screened.exceeded.extend(pairs);
    }
    screened
}
