//! From a household's curve to the LMP of the ISO and back to its bill.
//!
//! The bids of the communities become one demand of the LSE; it enters the balancing market above as
//! a residual supply function; the LMP there is the price at which the LSE buys, and the communities
//! clear at it with what the LSE was given.

use crate::case::Case;
use crate::market::Failure;
use crate::market::shared::coupling::{Balanced, Demand, Markets};

use super::bid::Bid;
use super::clearing::{Cleared, Supply, aggregate, clear};

/// The way up and down.
#[derive(Clone, Debug)]
pub struct IsoCoupling {
    /// Transmission bus of the LSE.
    pub bus: String,
    pub demand: Bid,
    pub responsive: Balanced,
    /// With the preferred demand at any price instead.
    pub rigid: Balanced,
    /// The communities at the LMP.
    pub cleared: Cleared,
    /// What each pays in the interval, $: with bids, and with its preferred demand at the LMP it
    /// then has.
    pub bill_usd: Vec<f64>,
    pub rigid_bill_usd: Vec<f64>,
}

fn demand_mw(bid: &Bid) -> Demand {
    let steps = bid.steps.iter();
    Demand {
        fixed_mw: bid.min_kw / 1000.0,
        steps: steps
            .map(|s| (s.width_kw / 1000.0, s.usd_per_kwh * 1000.0))
            .collect(),
    }
}

/// Hands the bids of one interval up and the price down.
///
/// Eq. `[theisen2024]`(3.5), not in the paper.
///
/// # Errors
/// A case without a boundary or a balancing market, or one that cannot be cleared.
pub fn couple(
    markets: &Markets,
    case: &Case,
    bids: &[Bid],
    supply: &Supply,
    hours: f64,
) -> Result<IsoCoupling, Failure> {
    let boundary = case
        .boundaries
        .first()
        .ok_or("the case has no boundary: there is no market above the feeder")?;
    let demand = aggregate(bids);
    let responsive = (markets.balance)(case, &boundary.bus, &demand_mw(&demand))?;
    let rigid = (markets.balance)(
        case,
        &boundary.bus,
        &demand_mw(&Bid::fixed(demand.preferred_kw)),
    )?;
    let at = Supply {
        lse_usd_per_kwh: responsive.lmp_usd_per_mwh / 1000.0,
        capacity_kw: (responsive.taken_mw * 1000.0).max(0.0),
        ..*supply
    };
    let cleared = clear(bids, &at);
    let bill = |price: f64, kw: f64| price * kw * hours;
    Ok(IsoCoupling {
        bus: boundary.bus.clone(),
        bill_usd: cleared
            .quantity_kw
            .iter()
            .map(|kw| bill(cleared.usd_per_kwh, *kw))
            .collect(),
        rigid_bill_usd: bids
            .iter()
            .map(|b| bill(rigid.lmp_usd_per_mwh / 1000.0, b.preferred_kw))
            .collect(),
        demand,
        responsive,
        rigid,
        cleared,
    })
}
