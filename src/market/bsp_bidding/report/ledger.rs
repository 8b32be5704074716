//! Every payment of the day.
//!
//! The DSO pays resources and the TSO's market, and the parties that are off their schedule pay the
//! DSO what it pays: what they owe is the cost of their imbalance. In the second stage the TSO pays
//! the resources it uses and the bids of its own market.

use crate::report::Ledger;

use super::run::Run;

/// Parties that are off their schedule.
const OFF_SCHEDULE: &str = "imbalance";

pub fn ledger(run: &Run) -> Ledger {
    let mut ledger = Ledger::default();
    let system = &run.outcome.system;
    let h = system.hours_per_period;
    let day = &run.shown.day;
    for (t, period) in day.periods.iter().enumerate() {
        let (hour, cleared, tso) = (
            &system.hours[t],
            &period.cleared,
            &run.shown.second_stage[t].tso,
        );
        for (k, &owner) in system.owner.iter().enumerate() {
            let owner = &system.owners[owner];
            let (up, down) = cleared.paid(&period.bids, day.pay_as_bid, k);
            let (up, down) = (up * cleared.up_mw[k] * h, down * cleared.down_mw[k] * h);
            let second = tso.lambda * (tso.up_mw[k] - tso.down_mw[k]) * h;
            ledger.pay("DSO", owner, "energy upwards", up);
            ledger.pay(owner, "DSO", "energy downwards", down);
            ledger.pay("TSO", owner, "second stage", second);
        }
        let bought = hour.tso_up * cleared.tso_up_mw * h;
        let sold = hour.tso_down * cleared.tso_down_mw * h;
        let owed = run.shown.day.rates[t].payment * h;
        let own = hour.tso_up * tso.tso_up_mw - hour.tso_down * tso.tso_down_mw;
        ledger.pay("DSO", "TSO", "energy from the TSO", bought);
        ledger.pay("TSO", "DSO", "energy to the TSO", sold);
        ledger.pay(OFF_SCHEDULE, "DSO", "cost of the imbalance", owed);
        ledger.pay("TSO", "transmission bids", "second stage", own * h);
    }
    ledger.entries.retain(|entry| entry.amount_usd.abs() > 1e-9);
    ledger
}
