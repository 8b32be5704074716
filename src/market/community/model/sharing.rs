//! What sharing brings, and how it could be split.
//!
//! A coalition clears its own bids against the LSE. Its worth is the bid welfare this adds to what
//! its members reach one by one; it never falls when a community joins.
//!
//! Where limits of the feeders count, all use the lines at once: the worth v(S) of a coalition is what the
//! welfare of everyone gains when those in S may deliver to each other, the others only take from the LSE,
//! and everything stays within the limits. Where no limit binds this is the same.

use crate::market::Failure;
use crate::market::shared::cooperative_game::Game;
use crate::market::shared::nash_bargain::equal_payments_usd;
use crate::network::formulation::feeder::Physics;

use super::bid::Bid;
use super::clearing::{Cleared, Supply, clear};
use super::network::Network;

/// Communities up to which all coalitions are valued.
pub const MOST_IN_COALITIONS: usize = 5;

/// Gains over some intervals, by community, $.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sharing {
    /// Worth of everyone together.
    pub worth_usd: f64,
    /// By the price of the market, equal shares of the Nash bargain, and Shapley value where the
    /// coalitions were valued.
    pub market_usd: Vec<f64>,
    pub nash_usd: Vec<f64>,
    pub shapley_usd: Option<Vec<f64>>,
    /// What each pays the LSE for energy by the market and by the bargain.
    pub market_paid_usd: Vec<f64>,
    pub nash_paid_usd: Vec<f64>,
    /// Worth of every coalition by its set of bits.
    pub coalitions_usd: Vec<f64>,
    /// Whether limits of the feeders counted.
    pub limited: bool,
    /// What the limits take from the worth of everyone together, $; 0 without limits.
    pub lost_usd: f64,
}

/// Bid welfare of some communities on their own in one interval, $/h.
///
/// Eq. `[theisen2024]`(3.1) d.
pub fn welfare_usd_per_h(bids: &[Bid], supply: &Supply) -> f64 {
    clear(bids, supply).welfare_usd_per_h(bids, supply)
}

/// A cleared interval.
pub struct Interval<'a> {
    pub bids: &'a [Bid],
    pub supply: Supply,
    pub cleared: &'a Cleared,
    /// By community, $/kWh.
    pub price: Vec<f64>,
    /// Its number from 0, and the feeders where their limits count.
    pub limits: Option<(usize, &'a Network<'a>, Physics)>,
}

impl Interval<'_> {
    /// Everyone's welfare where the members of each group deliver to each other, $/h: without limits what
    /// the groups reach in all, then what limits take from it, and each community's part where they do.
    fn groups(&self, groups: &[Vec<usize>]) -> Result<(f64, Option<Vec<f64>>), Failure> {
        let Some((t, network, physics)) = self.limits else {
            return Ok((0.0, None));
        };
        let (bids, supply) = (self.bids, &self.supply);
        let mut kw = vec![0.0; bids.len()];
        let mut free = 0.0;
        for group in groups {
            let own: Vec<Bid> = group.iter().map(|&j| bids[j].clone()).collect();
            let cleared = clear(&own, supply);
            free += cleared.welfare_usd_per_h(&own, supply);
            // What nobody takes is spilled where it is made.
            let lost = cleared.spill_kw / group.len() as f64;
            for (&j, q) in group.iter().zip(&cleared.quantity_kw) {
                kw[j] = q + lost;
            }
        }
        if !network.over(t, &kw) {
            return Ok((0.0, None));
        }
        let parts = network.parts_usd_per_h(bids, supply, t, physics, groups)?;
        let lost = parts
            .as_ref()
            .map_or(0.0, |parts| free - parts.iter().sum::<f64>());
        Ok((lost, parts))
    }
}

/// Members of a set of bits together, everyone else alone.
fn grouped(set: usize, m: usize) -> Vec<Vec<usize>> {
    let (inside, outside): (Vec<usize>, Vec<usize>) = (0..m).partition(|j| set >> j & 1 == 1);
    let alone = outside.into_iter().map(|j| vec![j]);
    let together = Some(inside).filter(|s| !s.is_empty());
    together.into_iter().chain(alone).collect()
}

/// Gains of sharing over intervals of `hours`, with the bids of all communities in each.
///
/// # Errors
/// None with two communities or more, but for a program within limits that cannot be solved.
pub fn share<'a>(
    intervals: impl Iterator<Item = Interval<'a>>,
    hours: f64,
) -> Result<Sharing, Failure> {
    let mut sum = Sharing::default();
    let (mut utility, mut cost) = (Vec::new(), 0.0);
    for at in intervals {
        let (bids, supply, cleared) = (at.bids, at.supply, at.cleared);
        let m = bids.len();
        if utility.is_empty() {
            utility = vec![0.0; m];
            sum.market_usd = vec![0.0; m];
            sum.market_paid_usd = vec![0.0; m];
            if m <= MOST_IN_COALITIONS {
                sum.coalitions_usd = vec![0.0; 1 << m];
            }
        }
        sum.limited |= at.limits.is_some();
        let each = |b: &Bid| welfare_usd_per_h(std::slice::from_ref(b), &supply);
        let free: Vec<f64> = bids.iter().map(each).collect();
        let (lost_apart, parts) = at.groups(&grouped(0, m))?;
        let alone = parts.unwrap_or_else(|| free.clone());
        for (j, bid) in bids.iter().enumerate() {
            let quantity = cleared.quantity_kw[j];
            let gained = bid.value_usd_per_h(quantity) - alone[j];
            let paid = at.price[j] * quantity;
            utility[j] += hours * gained;
            sum.market_usd[j] += hours * (gained - paid);
            sum.market_paid_usd[j] += hours * paid;
        }
        cost += hours * supply.lse_usd_per_kwh * cleared.lse_kw;
        let everyone = cleared.welfare_usd_per_h(bids, &supply);
        let unlimited = at
            .limits
            .map_or(everyone, |_| welfare_usd_per_h(bids, &supply));
        sum.lost_usd += hours * ((unlimited - everyone) - lost_apart);
        for (set, worth) in sum.coalitions_usd.iter_mut().enumerate() {
            let size = set.count_ones() as usize;
            let members = (0..m).filter(|j| set >> j & 1 == 1);
            let apart: f64 = members.clone().map(|j| free[j]).sum();
            let (together, lost) = match size {
                0 | 1 => (apart, lost_apart),
                _ if size == m => (everyone, 0.0),
                _ => {
                    let own: Vec<Bid> = members.map(|j| bids[j].clone()).collect();
                    let (lost, _) = at.groups(&grouped(set, m))?;
                    (welfare_usd_per_h(&own, &supply), lost)
                }
            };
            *worth += hours * (together - apart - lost + lost_apart);
        }
    }
    sum.worth_usd = utility.iter().sum::<f64>() - cost;
    sum.nash_paid_usd = equal_payments_usd(&utility, cost);
    sum.nash_usd = utility
        .iter()
        .zip(&sum.nash_paid_usd)
        .map(|(u, paid)| u - paid)
        .collect();
    if sum.coalitions_usd.len() >= 4 {
        sum.shapley_usd = Some(Game::new(sum.coalitions_usd.clone())?.shapley());
    }
    Ok(sum)
}
