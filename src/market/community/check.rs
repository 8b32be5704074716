//! What is wrong with the inputs, field by field. Communities themselves are checked with the case.

use crate::case::{Case, Problem};

use crate::market::View;

use super::model::network::Network;
use super::model::system::System;
use super::params::{CommunityMarket, Comparator, Droop, Given, Reaction};
use super::report::way;

/// Every problem of the parameters beyond their ranges; paths start at `mechanism`.
pub fn check(case: &Case, params: &CommunityMarket) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(field, message));
    };
    if params.thread && (case.boundaries.is_empty() || case.balancing.is_none()) {
        error(
            "mechanism.thread",
            "There is no market above: the case needs a boundary and `balancing`. Switch the thread off, or start from the preset theisen-thread.".into(),
        );
    }
    if let Some(given) = &params.given {
        problems.extend(given_problems(given));
        return problems;
    }
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(field, message));
    };
    let Some(all) = &case.communities else {
        error(
            "case.communities",
            "The case has no communities. Add `communities` to the case, or start from a preset of this mechanism.".into(),
        );
        return problems;
    };
    if !all.members.iter().any(|m| m.takes_part) {
        error(
            "case.communities.members",
            "No community takes part. Let at least one in.".into(),
        );
    }
    if ["LSE", "market"]
        .iter()
        .any(|own| all.members.iter().any(|m| m.id == *own))
    {
        error(
            "case.communities.members",
            "A community is called LSE or market. Give it another id.".into(),
        );
    }
    let last = intervals(case, params);
    if params.thread && !(1..=last).contains(&params.thread_interval) {
        error(
            "mechanism.thread_interval",
            format!(
                "There is no interval {}. Choose 1 to {last}.",
                params.thread_interval
            ),
        );
    }
    if all.minutes_per_interval > 60.0
        || (60.0 / all.minutes_per_interval.max(1e-6)).fract().abs() > 1e-9
    {
        error(
            "case.communities.minutes_per_interval",
            format!(
                "Intervals of {} min do not fill an hour. Give 60, 30, 20, 15, 10, 5 or another part of 60.",
                all.minutes_per_interval
            ),
        );
    }
    let seen = params.reaction != Reaction::None;
    if (params.network || seen) && problems.is_empty() {
        let one = System::new(case, params).is_ok_and(|s| Network::new(case, &s).is_some());
        if !one {
            problems.push(Problem::error(
                if params.network { "mechanism.network" } else { "mechanism.reaction" },
                "A community is on no radial feeder, so that there are no limits and no voltages. Switch this off, or move the community.",
            ));
        }
    }
    if seen {
        problems.extend(droop_problems(&params.droop));
    }
    problems
}

/// What is wrong with the curves over the voltage: every one needs a slope.
fn droop_problems(droop: &Droop) -> Vec<Problem> {
    [
        ("inject_none_pu", droop.inject_full_pu, droop.inject_none_pu),
        ("absorb_none_pu", droop.inject_none_pu, droop.absorb_none_pu + 1e-4),
        ("absorb_full_pu", droop.absorb_none_pu, droop.absorb_full_pu),
        ("charge_full_pu", droop.charge_none_pu, droop.charge_full_pu),
        ("feed_none_pu", droop.feed_full_pu, droop.feed_none_pu),
    ]
    .into_iter()
    .filter(|(_, before, after)| after - before < 1e-4)
    .map(|(field, before, _)| {
        let message = format!(
            "The voltages of a curve have to rise by at least 0.0001 p.u. Give more than {before} p.u."
        );
        Problem::error(format!("mechanism.droop.{field}"), message)
    })
    .collect()
}

/// Intervals of the days asked for; one where bids are given.
fn intervals(case: &Case, params: &CommunityMarket) -> usize {
    match &case.communities {
        Some(all) if params.given.is_none() => {
            let per_day = (24.0 / all.hours().max(1e-6)).round() as usize;
            let most = all.intervals();
            params
                .days
                .map_or(most, |d| d.saturating_mul(per_day).min(most))
        }
        _ => 1,
    }
}

/// Every problem of a view of the outcome; paths start at `view`.
pub fn check_view(case: &Case, params: &CommunityMarket, view: &View) -> Vec<Problem> {
    let mut problems = Vec::new();
    let last = intervals(case, params);
    let shown = view.step.filter(|_| params.given.is_none());
    if let Some(step) = shown.filter(|step| !(1..=last).contains(step)) {
        let message = format!("There is no interval {step}. Choose 1 to {last}.");
        problems.push(Problem::error("view.step", message));
    }
    if let (None, Some(id)) = (way(view), &view.outcome) {
        let ids = Comparator::ALL.map(Comparator::id).join(", ");
        let message = format!("`{id}` is no way to buy. Choose one of {ids}.");
        problems.push(Problem::error("view.outcome", message));
    }
    problems
}

/// What is wrong with bids that are given.
fn given_problems(given: &Given) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(field, message));
    };
    if given.bids.is_empty() {
        error(
            "mechanism.given.bids",
            "There is no bid. Give at least one.".into(),
        );
    }
    if !given.lse_usd_per_kwh.is_finite() {
        error(
            "mechanism.given.lse_usd_per_kwh",
            "Not a number. Give a price in $/kWh.".into(),
        );
    }
    for bid in &given.bids {
        let falls = |values: &[f64], up: bool| {
            values
                .windows(2)
                .all(|w| if up { w[0] <= w[1] } else { w[0] >= w[1] })
                && values.iter().all(|v| v.is_finite())
        };
        let path = format!("mechanism.given.bids.{}", bid.id);
        if !falls(&[bid.min_kw, bid.preferred_kw, bid.max_kw], true) {
            error(
                &format!("{path}.preferred_kw"),
                "Demand has to rise from least over preferred to most.".into(),
            );
        }
        let prices = [
            bid.top_usd_per_kwh,
            bid.above_usd_per_kwh,
            bid.below_usd_per_kwh,
            bid.bottom_usd_per_kwh,
        ];
        if !falls(&prices, false) {
            error(
                &format!("{path}.top_usd_per_kwh"),
                "Prices have to fall from top over above and below to bottom.".into(),
            );
        }
    }
    problems
}
