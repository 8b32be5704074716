//! Every payment of the day.
//!
//! On the day before, everyone trades the plan at the price of its bus with the ISO, who keeps the
//! congestion rent. In real time the DSOs pay by the chosen rule, and the ISO pays generators for what
//! their output costs more than planned and for opportunities lost: what is left to it is its net
//! benefit.

use crate::report::Ledger;

use super::answer::Run;
use super::params::ISO;

pub fn ledger(run: &Run) -> Ledger {
    let mut ledger = Ledger::default();
    if let Some(day) = &run.day {
        let system = &day.system;
        let hours = system.hours;
        for t in 0..system.slots {
            let price = &day.plan.joint.lmp[t];
            let demand: f64 = system
                .load_mw
                .iter()
                .zip(price)
                .map(|(p, price)| p * price * hours)
                .sum();
            ledger.pay("loads", ISO, "day-ahead energy", demand);
            for (dso, import) in system.dsos.iter().zip(&day.plan.import_mw) {
                let amount = price[dso.bus] * import[t] * hours;
                ledger.pay(&dso.id, ISO, "day-ahead energy", amount);
            }
            for (n, unit) in system.units.iter().enumerate() {
                let amount = price[unit.bus] * day.plan.reserved.p_mw[n][t] * hours;
                ledger.pay(ISO, &unit.id, "day-ahead energy", amount);
                let cost = day.together.generation[n][t];
                let planned = unit.cost_usd(day.plan.reserved.p_mw[n][t]) * hours;
                ledger.pay(ISO, &unit.id, "change of cost", cost.fuel_usd - planned);
                ledger.pay(ISO, &unit.id, "lost opportunity", cost.lost_usd);
            }
        }
    }
    if let Some(settled) = run.settled(run.chosen) {
        for (player, paid) in run.players.iter().skip(1).zip(settled.paid_usd()) {
            ledger.pay(player, ISO, run.chosen.name(), paid);
        }
    }
    ledger.entries.retain(|entry| entry.amount_usd.abs() > 1e-9);
    ledger
}
