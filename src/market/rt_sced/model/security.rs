//! Security-constrained dispatch: no line over its rating after the loss of any one line or unit, with every output as it
//! is but for that of the unit, which the others take up.
//!
//! ```text
//! −ρ P_m^UB ≤ P_m + LODF_mk P_k                  ≤ ρ P_m^UB      every line m, every line k that does not split the network
//! −ρ P_m^UB ≤ P_m + (Σ_j γ_j SF_mj − SF_mg) P_g  ≤ ρ P_m^UB      every line m, every unit g (see `outages`)
//! ```
//!
//! with ρ the share of the rating that holds after a loss. In the second the output of g has a coefficient of its own, so
//! that its bid and the LMP of its bus differ by what its loss costs. Of these rows, as many as lines squared, few are ever met.
//! They are found within one program for each interval ([`sought`]): solved, all losses of what came out are screened,
//! of every line the worst is added in each direction, and the simplex goes on from where it was, until none is
//! exceeded. Those that are met in the end are limits of the system like any other ([`System::limits`]), and so are
//! their prices; whatever is dispatched and priced with them is screened again.
//!
//! Screening and its rows by LODF: Wood, Wollenberg, Sheblé, Power Generation, Operation, and Control, 3rd ed. (2014),
//! ch. 7; the rows added as they are violated: Alsac and Stott, IEEE Trans. PAS-93 (1974) 745–751.

use std::rc::Rc;

use super::correction::{Lost, least_excess, least_moves};
use super::dispatch::clearing::NoDispatch;
use super::dispatch::sought::{Sought, sought};
use super::limit::Outage;
use super::outages::Loss;
use super::process::{Interval, Roll};
use super::roll::{roll_to, start};
use super::screening::{Screened, add, add_found, found, known, screen};
use super::system::{System, Told};
use crate::case::Case;
use crate::market::Failure;
use crate::market::rt_sced::params::{Method, RtSced};
use crate::network::{Loaded, most_loaded};

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
    pub after: Vec<Afterwards>,
    /// What units do after the losses that cost something, in the first run.
    pub corrections: Vec<Corrected>,
}

/// What units do after the loss of a line.
pub struct Corrected {
    /// The branch.
    pub lost: usize,
    /// The interval, from 0.
    pub step: usize,
    /// What its rows cost in all, for each MW of their limits, $/MWh.
    pub usd_per_mwh: f64,
    /// Generators that move, MW.
    pub moves_mw: Vec<(usize, f64)>,
}

/// What a loss does.
pub struct Afterwards {
    pub lost: Loss,
    /// It splits the network, leaves its flows undetermined, or no other unit could take up the output.
    pub not_held: bool,
    /// The line that is then loaded most against its rating, and when.
    pub worst: Option<Loaded>,
}

/// What the loss of each line in service would do to flows by interval, in the order of the case; then that of units, where
/// it is held.
pub fn after_each(system: &System, flows_mw: &[&[f64]]) -> Vec<Afterwards> {
    let Some(security) = &system.security else {
        return Vec::new();
    };
    let lines = &system.limits[system.line_limits()];
    let lines_lost = security.splits.iter().map(|&branch| Loss::Line(branch));
    let units_lost = security.alone.iter().map(|&g| Loss::Unit(g));
    let not_held = lines_lost.chain(units_lost).map(|lost| Afterwards {
        lost,
        not_held: true,
        worst: None,
    });
    let mut after: Vec<Afterwards> = not_held.collect();
    security.each(&system.network, |lost, shares| {
        let rated = lines.iter().zip(shares);
        let rated = rated.map(|(l, share)| (l.branch, security.rating * l.max_p_mw, *share));
        after.push(Afterwards {
            lost,
            not_held: shares.iter().any(|share| share.is_nan()),
            worst: most_loaded(system.place_of(lost), rated, flows_mw),
        });
    });
    crate::sort::by_key(&mut after, |after| after.lost);
    after
}

/// The least moves that mend the losses that have a price, by interval.
fn corrections(system: &System, intervals: &[Interval]) -> Vec<Corrected> {
    let mut all = Vec::new();
    let Some(security) = &system.security else {
        return all;
    };
    let price = |interval: &Interval, lost: usize| -> f64 {
        let lines = interval.dispatch.prices.lines.iter();
        let of = lines.filter(|(k, _)| {
            let cut = system.limits[*k].cut.as_ref();
            cut.is_some_and(|cut| cut.lost == lost)
        });
        of.map(|(_, y)| y.abs()).sum()
    };
    security.each(&system.network, |lost, shares| {
        let Loss::Line(branch) = lost else { return };
        for (step, interval) in intervals.iter().enumerate() {
            let usd_per_mwh = price(interval, branch);
            let flows = interval.dispatch.expected_mw.first();
            let Some(flows) = flows.filter(|_| usd_per_mwh > 0.0) else {
                continue;
            };
            let lost = Lost { branch, shares };
            let excess = least_excess(system, lost, flows).map_or(0.0, |c| c.excess_mw);
            let moves_mw = least_moves(system, lost, flows, excess);
            all.push(Corrected {
                lost: branch,
                step,
                usd_per_mwh,
                moves_mw: moves_mw.unwrap_or_default(),
            });
        }
    });
    all
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
    system.told = Told::Nothing;
    if let Some(params) = runs.first() {
        let open = roll_to(system, params, count)?;
        held.without_usd_per_h = open.intervals.iter().map(|i| i.cost_usd_per_h).collect();
    }
    for params in runs {
        reached(system, params, count)?;
    }
    loop {
        let rolls = runs.iter().map(|params| roll_to(system, params, count));
        let rolls = rolls.collect::<Result<Vec<Roll>, Failure>>()?;
        held.rounds += 1;
        let mut flows: Vec<&[f64]> = rolls.iter().flat_map(expected).collect();
        let cleared = flows.len();
        flows.extend(rolls.iter().filter_map(given_way));
        let Screened {
            exceeded,
            met,
            worst_mw,
        } = screen(system, &flows, &known(&system.limits));
        let worst_mw = worst_mw.into_iter().take(cleared);
        held.worst_mw = worst_mw.fold(f64::NEG_INFINITY, f64::max);
        let none = |roll: &Roll| matches!(roll.stopped, Some(NoDispatch::Infeasible(_)));
        system.has_no_start = rolls
            .iter()
            .all(|roll| none(roll) && roll.intervals.is_empty());
        if system.told != Told::Why && rolls.iter().any(none) {
            let mut found = found(&exceeded);
            for roll in &rolls {
                if let Some(NoDispatch::Infeasible(conflict)) = &roll.stopped {
                    found.extend(&conflict.found);
                    system.gave_way_mw.clone_from(&conflict.flows_mw);
                }
            }
            let any = add_found(system, &found);
            // What gives way meets other losses.
            system.told = match system.told {
                Told::Nothing if any && !exceeded.is_empty() => Told::Nothing,
                Told::Nothing => Told::Flows,
                _ => Told::Why,
            };
            continue;
        }
        if exceeded.is_empty() && !met.is_empty() {
            // A limit that is met exactly has a price all the same.
            if add_found(system, &met) {
                continue;
            }
        }
        // What is known already is exceeded by rounding, and the certificate says by how much.
        if !add_found(system, &found(&exceeded)) {
            system.told = Told::Why;
            system.has_no_start = false;
            let intervals = rolls.first().map_or(&[][..], |roll| &roll.intervals);
            let flows: Vec<&[f64]> = intervals.iter().map(|i| i.flows_mw.as_slice()).collect();
            held.after = after_each(system, &flows);
            held.corrections = corrections(system, intervals);
            return Ok((rolls, held));
        }
    }
}

/// How many of the first `count` intervals have a secure dispatch, without prices; the limits that these meet become
/// those of the system.
///
/// # Errors
/// The run cannot start.
fn reached(system: &mut System, params: &RtSced, count: usize) -> Result<usize, Failure> {
    let mut process = start(system, params)?;
    let alike = params.method == Method::Optimal && !system.has_ramps();
    let mut seen: Vec<f64> = Vec::new();
    for t in 0..count {
        let load = params.load_multiplier(t);
        if !alike || !seen.contains(&load) {
            seen.push(load);
            let asked = process.ask(system, params, t, |request| Ok(sought(system, request)));
            // What cannot be asked has no dispatch.
            let Ok(Sought { found, clears }) = asked else {
                return Ok(t);
            };
            add_found(system, &found);
            if !clears {
                return Ok(t);
            }
        }
        match process.next_state(system, params, t) {
            Ok(state) => process.se = state,
            Err(_) => return Ok(t),
        }
    }
    Ok(count)
}

/// Whether a scenario has a dispatch in its first `count` intervals; `like` is a system with the same network.
pub fn clears(case: &Case, params: &RtSced, count: usize, like: &System) -> bool {
    let reached = System::new(case, params).and_then(|mut system| {
        if let (Some(security), Some(other)) = (&mut system.security, &like.security)
            && system.network.has_flows_of(&like.network)
            && security.take_shares(other)
        {
            // What held there is likely to hold here.
            let after = like.limits.iter().filter_map(|limit| {
                let line = |o: &Outage| limit.cut.is_none() && matches!(o.lost, Loss::Line(_));
                let outage = limit.outage.filter(line)?;
                let k = like.limits.iter().position(|l| l.branch == limit.branch)?;
                Some(((k, outage.lost), outage.share))
            });
            add(&mut system, &after.collect());
        }
        system.told = Told::Nothing;
        match system.security {
            None => Ok(roll_to(&system, params, count)?.intervals.len()),
            Some(_) => reached(&mut system, params, count),
        }
    });
    reached.is_ok_and(|intervals| intervals >= count)
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
