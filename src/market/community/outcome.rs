//! Everything that a sentence, table or chart of a community market may show.

use std::rc::Rc;

use crate::opt::Certificate;

use super::model::bid::Bid;
use super::model::clearing::{Cleared, Supply};
use super::model::exchange::Exchange;
use super::model::iso_coupling::IsoCoupling;
use super::model::network::{Flows, Names};
use super::model::proof;
use super::model::roll::supply;
use super::model::sharing::Sharing;
use super::model::system::System;
use super::model::trace::Trace;
use super::params::{BidForm, CommunityMarket, Comparator};

/// The days, or one interval whose bids are given.
pub struct Outcome {
    pub days: Option<Rc<Days>>,
    pub given: Option<Shown>,
    /// What became of the bids that were handed up.
    pub coupling: Option<IsoCoupling>,
    /// Where the communities' feeder meets transmission.
    pub boundary: Option<String>,
}

/// One interval.
#[derive(Clone, Debug)]
pub struct Shown {
    pub ids: Vec<String>,
    pub bids: Vec<Bid>,
    pub supply: Supply,
    pub cleared: Cleared,
    /// Price at every community, $/kWh: the same for all where no limit binds.
    pub price: Vec<f64>,
    pub hours: f64,
    pub sharing: Option<Sharing>,
    /// The clearing against its program; none where a limit of the feeder moved it.
    pub certificate: Option<Certificate>,
}

impl Shown {
    /// Whether communities pay prices of their own.
    pub fn parted(&self) -> bool {
        self.price.windows(2).any(|p| (p[0] - p[1]).abs() > 1e-9)
    }
}

/// The days by every way to buy.
pub struct Days {
    pub system: System,
    /// By [`Comparator::ALL`].
    pub traces: Vec<Trace>,
    pub flows: Vec<Flows>,
    /// The same where nobody reacts to voltages; empty where nobody is asked to.
    pub unreacted: Vec<(Trace, Flows)>,
    pub names: Names,
    /// Band of the voltage at every member's point of connection, p.u.
    pub bands: Vec<(f64, f64)>,
    /// The market with the other way to bid: what stored energy is worth, or the published curve.
    pub rival: Trace,
    pub rival_form: BidForm,
    /// No way to buy costs less, with every price and load known and feed-in paid for, $.
    pub bound_usd: f64,
    /// The market without reserve, where some is sold.
    pub unsold: Option<Trace>,
    pub sharing: Option<Sharing>,
    /// Who delivers to whom in the market.
    pub exchange: Exchange,
    /// Costs by [`Comparator::ALL`] for every seed, $; empty where there is one.
    pub draws: Vec<[f64; 4]>,
    pub certificates: Vec<Certificate>,
}

impl Days {
    /// The days bought in this way.
    pub fn trace(&self, comparator: Comparator) -> &Trace {
        let at = Comparator::ALL.iter().position(|c| *c == comparator);
        &self.traces[at.unwrap_or(0)]
    }

    /// Flows of the feeder in the days bought in this way; `None` where its network is not asked for.
    pub fn flows(&self, comparator: Comparator) -> Option<&Flows> {
        let at = Comparator::ALL.iter().position(|c| *c == comparator)?;
        self.flows.get(at)
    }

    /// Interval `t`, from 0; `None` where bids are too many to be kept.
    pub fn interval(&self, t: usize, params: &CommunityMarket) -> Option<Shown> {
        let market = self.traces.last()?;
        let bids = market.bids.get(t).filter(|bids| !bids.is_empty())?;
        let supply = supply(*self.system.lse.get(t)?, params);
        let cleared = market.cleared.get(t)?;
        let moved = market.congested.contains(&t);
        let name = "clearing shown".to_string();
        Some(Shown {
            ids: self.system.members.iter().map(|m| m.id.clone()).collect(),
            certificate: (!moved).then(|| proof::clearing(name, bids, &supply, cleared)),
            bids: bids.clone(),
            supply,
            cleared: cleared.clone(),
            price: market.price.iter().map(|p| p[t]).collect(),
            hours: self.system.hours,
            sharing: None,
        })
    }
}
