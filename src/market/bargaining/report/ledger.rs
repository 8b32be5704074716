//! Every payment of the day.
//!
//! On the day before, everyone trades the plan at the price of its bus with the ISO, who keeps the
//! congestion rent. In real time the DSOs pay by the chosen rule, and the ISO pays generators for what
//! their output costs more than planned and for opportunities lost: what is left to it is its net
//! benefit.

use crate::market::bargaining::outcome::{Day, Settled};
use crate::market::bargaining::params::ISO;
use crate::report::Ledger;

pub fn ledger(run: &Settled) -> Ledger {
    let mut ledger = Ledger::default();
    if let Some(day) = &run.day {
        (0..run.slots).for_each(|t| dispatched(day, t, &mut ledger));
    }
    if let Some(own) = run.by_rule() {
        for (player, paid) in run.players.iter().zip(own.paid_usd()).skip(1) {
            ledger.pay(player, ISO, run.chosen.name(), paid);
        }
    }
    ledger.entries.retain(|entry| entry.amount_usd.abs() > 1e-9);
    ledger
}

fn dispatched(day: &Day, t: usize, ledger: &mut Ledger) {
    let system = &day.system;
    let hours = system.hours;
    let price = &day.plan.dispatch.lmp[t];
    let energy = "day-ahead energy";
    let loads = system.load_mw.iter().zip(price);
    let demand = loads.map(|(p, price)| p * price * hours).sum();
    ledger.pay("loads", ISO, energy, demand);
    for (dso, import) in system.dsos.iter().zip(&day.plan.import_mw) {
        ledger.pay(&dso.id, ISO, energy, price[dso.bus] * import[t] * hours);
    }
    for (n, unit) in system.units.iter().enumerate() {
        let planned = day.plan.reserved.p_mw[n][t];
        ledger.pay(ISO, &unit.id, energy, price[unit.bus] * planned * hours);
        let cost = day.together.generation[n][t];
        let change = cost.fuel_usd - day.planned_usd[n][t];
        ledger.pay(ISO, &unit.id, "change of cost", change);
        ledger.pay(ISO, &unit.id, "lost opportunity", cost.lost_opportunity_usd);
    }
}
