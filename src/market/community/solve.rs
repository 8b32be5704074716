//! From a case and inputs to the outcome.

use std::rc::Rc;

use crate::case::Case;
use crate::market::{Context, Failure};
use crate::opt::lp_file as file;

use super::model::battery::Store;
use super::model::bid::{Bid, Corners};
use super::model::clearing::{clear, program};
use super::model::network::{Names, Network};
use super::model::roll::{self, Trace, supply};
use super::model::schedule::{Stage, cost_usd, schedule};
use super::model::sharing::share;
use super::model::system::System;
use super::model::iso_coupling::couple;
use super::model::proof;
use super::outcome::{Days, Outcome, Shown};
use super::params::{BidForm, CommunityMarket, Comparator, Given};

/// Minutes of an interval whose bids are given.
const GIVEN_MINUTES: f64 = 5.0;

/// Members up to which sharing is valued.
const SHARING_UP_TO: usize = 64;

/// Runs the days, or clears the bids given.
///
/// # Errors
/// A sentence when a program cannot be solved.
pub fn solve(
    case: &Case,
    params: &CommunityMarket,
    context: &Context<CommunityMarket>,
) -> Result<Outcome, Failure> {
    let given = params.given.as_ref().map(|g| given(g, params)).transpose()?;
    let days = match given {
        Some(_) => None,
        None => Some(days(case, params, context)?),
    };
    let handed = match (&given, &days) {
        _ if !params.thread => None,
        (Some(given), _) => Some(given.clone()),
        (None, Some(days)) => {
            let t = params.thread_interval.saturating_sub(1);
            days.interval(t, params)
        }
        (None, None) => None,
    };
    let coupling = match handed {
        Some(of) => Some(couple(
            context.markets,
            case,
            &of.bids,
            &of.supply,
            of.hours,
        )?),
        None => None,
    };
    Ok(Outcome {
        days,
        given,
        coupling,
        boundary: case.boundaries.first().map(|b| b.id.clone()),
    })
}

/// The clearing of one interval (from 1) as an LP file, in kW and $/kWh.
///
/// # Errors
/// An interval that is not reached, or whose bids are not kept.
pub fn lp_file(case: &Case, params: &CommunityMarket, step: usize) -> Result<String, Failure> {
    let shown = match &params.given {
        Some(bids) => Some(given(bids, params)?),
        None => {
            let days = compute(case, params)?;
            step.checked_sub(1).and_then(|t| days.interval(t, params))
        }
    };
    let shown = shown.ok_or_else(|| format!("there are no bids of interval {step}"))?;
    Ok(file::write(&program(&shown.bids, &shown.supply).model))
}

/// Clears bids that are given.
fn given(given: &Given, params: &CommunityMarket) -> Result<Shown, Failure> {
    let bids: Vec<Bid> = given
        .bids
        .iter()
        .map(|b| {
            let corners = Corners {
                min_kw: b.min_kw,
                preferred_kw: b.preferred_kw,
                max_kw: b.max_kw,
                top: b.top_usd_per_kwh,
                above: b.above_usd_per_kwh,
                below: b.below_usd_per_kwh,
                bottom: b.bottom_usd_per_kwh,
            };
            corners.steps(params.steps)
        })
        .collect();
    let hours = GIVEN_MINUTES / 60.0;
    let supply = supply(given.lse_usd_per_kwh, params);
    let cleared = clear(&bids, &supply);
    let sharing = (bids.len() > 1)
        .then(|| share(std::iter::once((bids.as_slice(), supply)), hours))
        .transpose()?;
    let certificate = proof::clearing("clearing shown".into(), &bids, &supply, &cleared);
    Ok(Shown {
        ids: given.bids.iter().map(|b| b.id.clone()).collect(),
        price: vec![cleared.usd_per_kwh; bids.len()],
        bids,
        supply,
        cleared,
        hours,
        sharing,
        certificate: Some(certificate),
    })
}

/// The days; those of the last question where only what is handed up differs.
fn days(
    case: &Case,
    params: &CommunityMarket,
    context: &Context<CommunityMarket>,
) -> Result<Rc<Days>, Failure> {
    let alone = |params: &CommunityMarket| CommunityMarket {
        thread: false,
        thread_interval: 1,
        ..params.clone()
    };
    let same = context
        .last
        .as_ref()
        .filter(|last| alone(last.params) == alone(params) && last.case == case);
    match same.and_then(|last| last.outcome.days.clone()) {
        Some(days) => Ok(days),
        None => compute(case, params).map(Rc::new),
    }
}

fn compute(case: &Case, params: &CommunityMarket) -> Result<Days, Failure> {
    let system = System::new(case, params)?;
    let network = Network::new(case, &system);
    let limits = network.as_ref().filter(|_| params.network);
    let traces: Result<Vec<Trace>, Failure> = Comparator::ALL
        .into_iter()
        .map(|c| roll::run(&system, params, c, limits))
        .collect();
    let traces = traces?;
    let flows = network.as_ref().map_or_else(Vec::new, |network| {
        traces.iter().map(|t| network.flows(&t.q_kw)).collect()
    });
    let names = network
        .as_ref()
        .map_or_else(Names::default, |network| network.names(case));
    let rival_form = match params.bid {
        BidForm::Opportunity => BidForm::Published,
        _ => BidForm::Opportunity,
    };
    let other = CommunityMarket {
        bid: rival_form,
        ..params.clone()
    };
    let mut rival = roll::run(&system, &other, Comparator::Transactive, limits)?;
    // Nobody looks at its bids.
    rival.bids.clear();
    let market = traces.last().ok_or("no way to buy")?;
    let kept = (2..=SHARING_UP_TO).contains(&system.members.len());
    let sharing = kept
        .then(|| {
            let intervals = market.bids.iter().enumerate();
            share(
                intervals.map(|(t, bids)| (bids.as_slice(), supply(system.lse[t], params))),
                system.hours,
            )
        })
        .transpose()?;
    let certificates = proof::of_days(&system, params, market)?;
    Ok(Days {
        bound_usd: hindsight_usd(&system, params),
        rival,
        rival_form,
        traces,
        flows,
        names,
        sharing,
        certificates,
        system,
    })
}

/// Σ_j of the least cost at the prices that came, feed-in paid for, with the stored energy of the
/// end valued as everywhere, $.
fn hindsight_usd(system: &System, params: &CommunityMarket) -> f64 {
    let mean = system.mean_usd_per_kwh();
    let one = |j: usize| {
        let member = &system.members[j];
        let stages: Vec<Stage> = (0..system.intervals)
            .map(|t| Stage {
                hours: system.hours,
                usd_per_kwh: system.lse[t],
                net_kw: member.net_kw[t],
            })
            .collect();
        let mut aim = system.aim(j, params, false);
        aim.wear_usd_per_kwh = 0.0;
        // Free at the end: what is stored then is worth the mean price, as in every bill. The program
        // counts from the least that can be stored.
        (aim.desired_kwh, aim.spare_usd_per_kwh) = (0.0, mean);
        let none = Store {
            energy_kwh: 0.0,
            power_kw: 0.0,
            efficiency: 1.0,
            least_kwh: 0.0,
            most_kwh: 0.0,
        };
        let store = member.store.unwrap_or(none);
        let plan = schedule(&store, &stages, &aim, member.initial_kwh);
        let cost = cost_usd(&store, &stages, &aim, &plan.battery_kw, member.initial_kwh);
        cost + mean * (member.initial_kwh - store.least_kwh)
    };
    (0..system.members.len()).map(one).sum()
}
