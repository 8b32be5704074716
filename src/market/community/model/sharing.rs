//! What sharing brings, and how it could be split.
//!
//! A coalition clears its own bids against the LSE. Its worth is the bid welfare this adds to what
//! its members reach one by one; it never falls when a community joins.

use crate::market::Failure;
use crate::market::shared::cooperative_game::Game;
use crate::market::shared::nash_bargain::equal_payments_usd;

use super::bid::Bid;
use super::clearing::{Supply, clear};

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
}

/// Bid welfare of some communities on their own in one interval, $/h.
///
/// Eq. `[theisen2024]`(3.1) d.
pub fn welfare_usd_per_h(bids: &[Bid], supply: &Supply) -> f64 {
    clear(bids, supply).welfare_usd_per_h(bids, supply)
}

/// Gains of sharing over intervals of `hours`, with the bids of all communities in each.
///
/// # Errors
/// None with two communities or more.
pub fn share<'a>(
    intervals: impl Iterator<Item = (&'a [Bid], Supply)>,
    hours: f64,
) -> Result<Sharing, Failure> {
    let mut sum = Sharing::default();
    let (mut utility, mut cost) = (Vec::new(), 0.0);
    for (bids, supply) in intervals {
        let m = bids.len();
        if utility.is_empty() {
            utility = vec![0.0; m];
            sum.market_usd = vec![0.0; m];
            sum.market_paid_usd = vec![0.0; m];
            if m <= MOST_IN_COALITIONS {
                sum.coalitions_usd = vec![0.0; 1 << m];
            }
        }
        let alone: Vec<f64> = bids
            .iter()
            .map(|b| welfare_usd_per_h(std::slice::from_ref(b), &supply))
            .collect();
        let cleared = clear(bids, &supply);
        for (j, bid) in bids.iter().enumerate() {
            let quantity = cleared.quantity_kw[j];
            let gained = bid.value_usd_per_h(quantity) - alone[j];
            let paid = cleared.usd_per_kwh * quantity;
            utility[j] += hours * gained;
            sum.market_usd[j] += hours * (gained - paid);
            sum.market_paid_usd[j] += hours * paid;
        }
        cost += hours * supply.lse_usd_per_kwh * cleared.lse_kw;
        let everyone = cleared.welfare_usd_per_h(bids, &supply);
        for (set, worth) in sum.coalitions_usd.iter_mut().enumerate() {
            let size = set.count_ones() as usize;
            let members = (0..m).filter(|j| set >> j & 1 == 1);
            let apart: f64 = members.clone().map(|j| alone[j]).sum();
            let together = match size {
                0 | 1 => apart,
                _ if size == m => everyone,
                _ => {
                    let own: Vec<Bid> = members.map(|j| bids[j].clone()).collect();
                    welfare_usd_per_h(&own, &supply)
                }
            };
            *worth += hours * (together - apart);
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
