//! From a household's curve to the LMP of the ISO and back to its bill.
//!
//! The bids of the communities become one demand of the LSE; it enters the balancing market above as
//! a residual supply function; the LMP there is the price at which the LSE buys and sells on. The ISO
//! has decided how much that is, and no more: the communities pay the LMP for it, not what one more kW
//! would be worth to them. Only where the LSE's own capacity ends is their price above it.

use crate::case::Case;
use crate::market::Failure;
use crate::market::shared::coupling::{Balanced, Demand, Markets};

use super::bid::{Bid, NARROW_KW};
use super::clearing::{Cleared, Supply, aggregate, clear, fill, finish};

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
    /// The same with their preferred demand.
    pub rigid_cleared: Cleared,
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
    let rigid_bids: Vec<Bid> = bids.iter().map(|b| Bid::fixed(b.preferred_kw)).collect();
    let asked = |bids: &[Bid]| aggregate(bids).up_to(supply.capacity_kw);
    let demand = asked(bids);
    let balance = |bid: &Bid| (markets.balance)(case, &boundary.bus, &demand_mw(bid));
    let responsive = balance(&demand)?;
    let rigid = balance(&asked(&rigid_bids))?;
    let cleared = at_lmp(bids, supply, &responsive);
    let rigid_cleared = clear(&rigid_bids, &at(supply, &rigid));
    let bills = |cleared: &Cleared| {
        let paid = |kw: &f64| cleared.usd_per_kwh * kw * hours;
        cleared.quantity_kw.iter().map(paid).collect()
    };
    Ok(IsoCoupling {
        bus: boundary.bus.clone(),
        bill_usd: bills(&cleared),
        rigid_bill_usd: bills(&rigid_cleared),
        demand,
        responsive,
        rigid,
        cleared,
        rigid_cleared,
    })
}

/// What the LSE offers at the LMP.
fn at(supply: &Supply, above: &Balanced) -> Supply {
    Supply {
        lse_usd_per_kwh: above.lmp_usd_per_mwh / 1000.0,
        ..*supply
    }
}

/// The communities with what the ISO gives the LSE, at the LMP.
fn at_lmp(bids: &[Bid], supply: &Supply, above: &Balanced) -> Cleared {
    let capacity_kw = (above.taken_mw * 1000.0).max(0.0);
    let supply = at(supply, above);
    // The ISO has weighed every step against the LMP: what it gives is handed down by merit order, and
    // no step misses it by the rounding of a price.
    let lse_usd_per_kwh = match capacity_kw > NARROW_KW {
        true => f64::NEG_INFINITY,
        false => supply.lse_usd_per_kwh,
    };
    let given = Supply {
        lse_usd_per_kwh,
        capacity_kw,
        ..supply
    };
    finish(bids, &supply, fill(bids, &given))
}
