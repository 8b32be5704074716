//! From a case and inputs to the outcome.

use std::rc::Rc;

use crate::case::Case;
use crate::market::{Context, Failure};
use crate::opt::{Certificate, lp_file as file};

use super::model::battery::Store;
use super::model::bid::{Bid, Corners};
use super::model::clearing::{clear, program};
use super::model::exchange::Exchange;
use super::model::iso_coupling::couple;
use super::model::network::{Flows, Names, Network};
use super::model::proof;
use super::model::reserve::Service;
use super::model::roll::{self, Around, supply};
use super::model::schedule::{Stage, cost_usd, schedule};
use super::model::sharing::{Interval, Sharing, share};
use super::model::system::System;
use super::model::thermal::{Comfort, Heat};
use super::model::trace::Trace;
use super::model::voltage::Loop;
use super::outcome::{Days, Outcome, Shown};
use super::params::{BidForm, CommunityMarket, Comparator, Given, Reaction};

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
    let given = params
        .given
        .as_ref()
        .map(|g| given(g, params))
        .transpose()?;
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
    let alone = Interval {
        bids: &bids,
        supply,
        cleared: &cleared,
        price: vec![cleared.usd_per_kwh; bids.len()],
        limits: None,
    };
    let sharing = (bids.len() > 1)
        .then(|| share(std::iter::once(alone), hours))
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
    let looped = looped(&network, params);
    let around = around(&network, &looped, params);
    let traces = ways(&system, params, around)?;
    let flows_of = |traces: &[Trace]| -> Vec<Flows> {
        network.as_ref().map_or_else(Vec::new, |network| {
            traces
                .iter()
                .map(|t| network.flows(&t.q_kw, &t.kvar))
                .collect()
        })
    };
    let flows = flows_of(&traces);
    let unreacted = match around.voltages {
        Some(_) => {
            let blind = Around {
                voltages: None,
                ..around
            };
            let traces = ways(&system, params, blind)?;
            let flows = flows_of(&traces);
            traces.into_iter().zip(flows).collect()
        }
        None => Vec::new(),
    };
    let names = network
        .as_ref()
        .map_or_else(Names::default, |network| network.names());
    let bands = network.as_ref().map_or_else(Vec::new, |network| {
        let members = 0..network.place.len();
        members.map(|j| network.band_pu(j)).collect()
    });
    let rival_form = match params.bid {
        BidForm::Opportunity => BidForm::Published,
        _ => BidForm::Opportunity,
    };
    let other = CommunityMarket {
        bid: rival_form,
        ..params.clone()
    };
    let mut rival = roll::run(&system, &other, Comparator::Transactive, around)?;
    // Nobody looks at its bids.
    rival.bids.clear();
    let unsold = Service::of(params)
        .map(|_| {
            let params = CommunityMarket {
                reserve_usd_per_mw_h: 0.0,
                ..params.clone()
            };
            roll::run(&system, &params, Comparator::Transactive, around)
        })
        .transpose()?;
    let market = traces.last().ok_or("no way to buy")?;
    let sharing = shared(&system, params, market, around.limits)?;
    let mut exchange = Exchange::new(system.members.len());
    for t in 0..market.cleared.len() {
        exchange.add(network.as_ref(), &market.delivered_kw(t), system.hours);
    }
    let mut certificates = proof::of_days(&system, params, market)?;
    if let Some(voltages) = around.voltages {
        let each = traces.iter().zip(Comparator::ALL);
        certificates.extend(each.map(|(trace, way)| {
            let proof = proof::of_voltages(voltages, &system, trace);
            let solve = format!("{}: {}", way.name(), proof.solve);
            Certificate { solve, ..proof }
        }));
    }
    Ok(Days {
        bound_usd: hindsight_usd(&system, params),
        rival,
        rival_form,
        draws: draws(case, params, &traces)?,
        exchange,
        unsold,
        traces,
        flows,
        unreacted,
        names,
        bands,
        sharing,
        certificates,
        system,
    })
}

/// What sharing brings over the days; nothing where one is alone or there are too many.
fn shared(
    system: &System,
    params: &CommunityMarket,
    market: &Trace,
    limits: Option<&Network>,
) -> Result<Option<Sharing>, Failure> {
    let m = system.members.len();
    let kept = market.bids.iter().all(|bids| !bids.is_empty());
    if !kept || !(2..=SHARING_UP_TO).contains(&m) {
        return Ok(None);
    }
    let intervals = market.bids.iter().enumerate().map(|(t, bids)| Interval {
        bids,
        supply: supply(system.lse[t], params),
        cleared: &market.cleared[t],
        price: market.price.iter().map(|p| p[t]).collect(),
        limits: limits
            .filter(|_| !market.unmet.contains(&t))
            .map(|network| (t, network, params.physics)),
    });
    share(intervals, system.hours).map(Some)
}

/// Costs by way to buy for every seed, $; the first is that of the days themselves.
fn draws(
    case: &Case,
    params: &CommunityMarket,
    traces: &[Trace],
) -> Result<Vec<[f64; 4]>, Failure> {
    if params.draws < 2 {
        return Ok(Vec::new());
    }
    let costs = |traces: &[Trace]| std::array::from_fn(|k| traces[k].total_usd());
    let mut all = vec![costs(traces)];
    for k in 1..params.draws as u64 {
        let params = CommunityMarket {
            seed: params.seed.wrapping_add(k),
            ..params.clone()
        };
        let system = System::new(case, &params)?;
        let network = Network::new(case, &system);
        let looped = looped(&network, &params);
        let traces = ways(&system, &params, around(&network, &looped, &params))?;
        all.push(costs(&traces));
    }
    Ok(all)
}

/// The feeders with what communities do about their voltages.
fn looped<'a>(network: &'a Option<Network<'a>>, params: &CommunityMarket) -> Option<Loop<'a>> {
    let network = network
        .as_ref()
        .filter(|_| params.reaction != Reaction::None)?;
    Some(Loop {
        network,
        reaction: params.reaction,
        droop: params.droop,
    })
}

fn around<'a>(
    network: &'a Option<Network<'a>>,
    looped: &'a Option<Loop<'a>>,
    params: &CommunityMarket,
) -> Around<'a> {
    Around {
        limits: network.as_ref().filter(|_| params.network),
        voltages: looped.as_ref(),
    }
}

/// Every way to buy, in the order of [`Comparator::ALL`].
fn ways(system: &System, params: &CommunityMarket, around: Around) -> Result<Vec<Trace>, Failure> {
    let all = Comparator::ALL.into_iter();
    all.map(|c| roll::run(system, params, c, around)).collect()
}

/// The least cost of a community's heat at the prices that came, $.
fn heat_bound_usd(system: &System, j: usize, params: &CommunityMarket) -> f64 {
    let Some(tank) = &system.members[j].tank else {
        return 0.0;
    };
    let worth = system.mean_usd_per_kwh() * tank.kwh_per_k();
    let comfort = Comfort {
        desired_c: tank.least_c,
        missing_usd_per_k: 0.0,
        spare_usd_per_k: worth,
        ..System::comfort(tank, params)
    };
    let stages: Vec<Heat> = (0..system.intervals)
        .map(|t| Heat {
            hours: system.hours,
            usd_per_kwh: system.lse[t],
            ambient_c: tank.ambient_c[t],
        })
        .collect();
    let plan = tank.schedule(&stages, &comfort, tank.initial_c);
    let cost = tank.cost_usd(&stages, &comfort, &plan.power_kw, tank.initial_c);
    cost + worth * (tank.initial_c - tank.least_c)
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
        cost + mean * (member.initial_kwh - store.least_kwh) + heat_bound_usd(system, j, params)
    };
    (0..system.members.len()).map(one).sum()
}
