//! Every payment of the day.
//!
//! The DSO pays resources and the TSO's market, and the parties that are off their schedule pay the
//! DSO what it pays: what they owe is the cost of their imbalance. In the second stage the TSO pays
//! the resources it uses and the bids of its own market.

use crate::report::Ledger;

use super::answer::Run;

/// Parties that are off their schedule.
pub const OFF_SCHEDULE: &str = "imbalance";

pub fn ledger(run: &Run) -> Ledger {
    let mut ledger = Ledger::default();
    let Some(shown) = run.shown() else {
        return ledger;
    };
    let system = &run.system;
    let h = system.hours_per_period;
    for ((hour, period), second) in system.hours.iter().zip(&shown.periods).zip(run.second) {
        let cleared = &period.cleared;
        for k in 0..system.resources.len() {
            let owner = &system.owners[system.owner[k]];
            let (up, down) = if shown.pay_as_bid {
                (period.bids.up[k], period.bids.down[k])
            } else {
                (cleared.dlmp[k], cleared.dlmp[k])
            };
            ledger.pay("DSO", owner, "energy upwards", up * cleared.up_mw[k] * h);
            ledger.pay(
                owner,
                "DSO",
                "energy downwards",
                down * cleared.down_mw[k] * h,
            );
            let price = second.tso.lambda;
            ledger.pay(
                "TSO",
                owner,
                "second stage",
                price * (second.tso.up_mw[k] - second.tso.down_mw[k]) * h,
            );
        }
        ledger.pay(
            "DSO",
            "TSO",
            "energy from the TSO",
            hour.tso_up * cleared.tso_up_mw * h,
        );
        ledger.pay(
            "TSO",
            "DSO",
            "energy to the TSO",
            hour.tso_down * cleared.tso_down_mw * h,
        );
        ledger.pay(
            OFF_SCHEDULE,
            "DSO",
            "cost of the imbalance",
            shown.payment(hour, period) * h,
        );
        let own = hour.tso_up * second.tso.tso_up_mw - hour.tso_down * second.tso.tso_down_mw;
        ledger.pay("TSO", "transmission bids", "second stage", own * h);
    }
    ledger.entries.retain(|entry| entry.amount_usd.abs() > 1e-9);
    ledger
}
