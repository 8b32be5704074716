//! Everything of the days, kept while only the interval shown changes.

use std::cell::RefCell;
use std::rc::Rc;

use crate::case::Case;
use crate::report::Certificate;

use super::battery::Store;
use super::network::{Flows, Names, Network};
use super::params::{BidForm, CommunityMarket, Comparator};
use super::proof;
use super::roll::{self, Trace, supply};
use super::schedule::{Stage, cost_usd, schedule};
use super::sharing::{Sharing, share};
use super::system::System;

/// The days by every way to buy.
pub struct Days {
    pub system: System,
    /// By [`Comparator::ALL`].
    pub traces: Vec<Trace>,
    pub flows: Vec<Flows>,
    pub names: Names,
    /// The market with the other way to bid: what stored energy is worth, or the published curve.
    pub rival: Trace,
    pub rival_form: BidForm,
    /// No way to buy costs less, with every price and load known and feed-in paid for, $.
    pub bound_usd: f64,
    pub sharing: Option<Sharing>,
    pub certificates: Vec<Certificate>,
}

impl Days {
    pub fn trace(&self, comparator: Comparator) -> &Trace {
        let at = Comparator::ALL.iter().position(|c| *c == comparator);
        &self.traces[at.unwrap_or(0)]
    }

    pub fn flows(&self, comparator: Comparator) -> Option<&Flows> {
        let at = Comparator::ALL.iter().position(|c| *c == comparator)?;
        self.flows.get(at)
    }
}

thread_local! {
    static LAST: RefCell<Option<(Case, CommunityMarket, Rc<Days>)>> = const { RefCell::new(None) };
}

/// The parameters that the days depend on.
fn of_days(case: &Case, params: &CommunityMarket) -> CommunityMarket {
    let many = case
        .communities
        .as_ref()
        .is_some_and(|all| all.members.len() > roll::KEPT);
    CommunityMarket {
        show_interval: if many { params.show_interval } else { 1 },
        comparator: Comparator::default(),
        thread: false,
        ..params.clone()
    }
}

/// Runs the days, or returns those of the last run where nothing they depend on has changed.
///
/// # Errors
/// A sentence that names the program that could not be solved.
pub fn days(case: &Case, params: &CommunityMarket) -> Result<Rc<Days>, String> {
    let key = of_days(case, params);
    let known = LAST.with_borrow(|last| {
        let (of, with, days) = last.as_ref()?;
        (*with == key && of == case).then(|| days.clone())
    });
    if let Some(days) = known {
        return Ok(days);
    }
    let days = Rc::new(compute(case, &key)?);
    LAST.set(Some((case.clone(), key, days.clone())));
    Ok(days)
}

fn compute(case: &Case, params: &CommunityMarket) -> Result<Days, String> {
    let system = System::new(case, params)?;
    let network = Network::new(case, &system);
    let limits = network.as_ref().filter(|_| params.network);
    let traces: Result<Vec<Trace>, String> = Comparator::ALL
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
    let rival = roll::run(&system, &other, Comparator::Transactive, limits)?;
    let market = traces.last().ok_or("no way to buy")?;
    let kept = (2..=roll::KEPT).contains(&system.members.len());
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
