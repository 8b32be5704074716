//! Who pays whom.

use crate::report::Ledger;

use super::Run;
use crate::market::community::params::Comparator;

const LSE: &str = "LSE";
/// From whom the LSE buys.
const MARKET: &str = "market";

pub fn ledger(run: &Run) -> Ledger {
    let mut ledger = Ledger::default();
    if let Some(days) = &run.days {
        let system = &days.system;
        let trace = days.trace(run.way);
        for (member, bill) in system.members.iter().zip(&trace.bills) {
            ledger.pay(&member.id, LSE, "energy", bill.energy_usd);
            ledger.pay(&member.id, LSE, "demand charge", bill.demand_usd);
            ledger.pay(&member.id, LSE, "imbalance", bill.imbalance_usd);
            ledger.pay(MARKET, &member.id, "reserve", bill.reserve_usd);
        }
        let mut energy = 0.0;
        let mut imbalance = 0.0;
        for t in 0..system.intervals {
            let price = system.lse[t] * system.hours;
            let real = trace.total_kw(t);
            match (run.way, trace.cleared.get(t)) {
                (Comparator::Transactive, Some(cleared)) => {
                    energy += price * cleared.lse_kw;
                    let sum: f64 = cleared.quantity_kw.iter().sum();
                    imbalance += price * (real - sum);
                }
                // Feed-in beyond the net load of a community is not credited by the LSE, but flows.
                _ => energy += price * real,
            }
        }
        ledger.pay(LSE, MARKET, "energy", energy);
        ledger.pay(LSE, MARKET, "imbalance", imbalance);
    } else if let Some(shown) = &run.shown {
        for ((id, price), kw) in shown
            .ids
            .iter()
            .zip(&shown.price)
            .zip(&shown.cleared.quantity_kw)
        {
            ledger.pay(id, LSE, "energy", price * kw * shown.hours);
        }
        let bought = shown.cleared.lse_kw * shown.hours * shown.supply.lse_usd_per_kwh;
        ledger.pay(LSE, MARKET, "energy", bought);
    }
    ledger.entries.retain(|entry| entry.amount_usd.abs() > 1e-9);
    ledger
}
