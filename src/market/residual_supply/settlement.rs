//! Who pays whom.
//!
//! BSP g is paid λ_i p_g, BRP i is paid λ_i inj_i (a shortage pays). The operator of an area, the
//! ADS of a feeder, buys from those below it and sells its export to the operator above at the
//! price of the interface. What was scheduled is settled already: only the export beyond the
//! schedule is sold. Every entry has a payer and a payee, so the sum is zero.
//!
//! Eq. `[mezghani2023]`(2.4).

use std::collections::HashMap;

use crate::report::Ledger;

use super::clear::Cleared;
use super::params::Settlement;
use super::system::{Kind, System};

/// Name of the party that runs an area.
pub fn operator(system: &System, a: usize) -> String {
    let area = &system.areas[a];
    match area.kind {
        Kind::Dc { .. } => "TSO".into(),
        Kind::Zone { .. } => format!("TSO {}", area.id),
        Kind::Feeder { .. } if system.areas.len() == 2 => "ADS".into(),
        Kind::Feeder { .. } => format!("ADS {}", area.id),
    }
}

/// Price paid to a resource at bus `i` of area `a` in period `t`, $/MWh.
pub fn price_usd_per_mwh(
    system: &System,
    cleared: &Cleared,
    rule: Settlement,
    (a, i): (usize, usize),
    t: usize,
) -> f64 {
    match (rule, system.areas[a].above) {
        (Settlement::BalancingPrice, Some(above)) => {
            price_usd_per_mwh(system, cleared, rule, above, t)
        }
        _ => cleared.prices.lmp[a][t][i],
    }
}

/// All payments of a clearing.
pub fn settle(system: &System, cleared: &Cleared, rule: Settlement) -> Ledger {
    let mut sums: HashMap<(String, String, &str), f64> = HashMap::new();
    let mut order: Vec<(String, String, &str)> = Vec::new();
    let mut pay = |payer: &str, payee: &str, item: &'static str, amount: f64| {
        if !amount.is_finite() || amount.abs() < 1e-9 {
            return;
        }
        let key = (payer.to_string(), payee.to_string(), item);
        *sums.entry(key.clone()).or_insert_with(|| {
            order.push(key);
            0.0
        }) += amount;
    };
    let hours = system.hours;
    for (b, bid) in system.balancing.bids.iter().enumerate() {
        let Some(&at) = system.place.get(&bid.bus) else {
            continue;
        };
        let payer = operator(system, at.0);
        for (t, &p) in cleared.dispatch.p_mw[b].iter().enumerate() {
            let price = price_usd_per_mwh(system, cleared, rule, at, t);
            pay(&payer, bid.payee(), "activated energy", price * p * hours);
        }
    }
    for imbalance in &system.balancing.imbalances {
        let Some(&at) = system.place.get(&imbalance.bus) else {
            continue;
        };
        let payer = operator(system, at.0);
        for t in 0..system.periods {
            let price = price_usd_per_mwh(system, cleared, rule, at, t);
            pay(
                &payer,
                &imbalance.id,
                "imbalance",
                price * imbalance.p(t) * hours,
            );
        }
    }
    for a in system.exporting() {
        let Some((up, _)) = system.areas[a].above else {
            continue;
        };
        let (payer, payee) = (operator(system, up), operator(system, a));
        for t in 0..system.periods {
            let sold = cleared.dispatch.export_mw[a][t] - system.scheduled_export_mw(a, t);
            let price = match (rule, system.areas[a].above) {
                (Settlement::BalancingPrice, Some(above)) => {
                    price_usd_per_mwh(system, cleared, rule, above, t)
                }
                _ => cleared.prices.interface(system, a, t),
            };
            pay(&payer, &payee, "interface energy", price * sold * hours);
        }
    }
    let mut ledger = Ledger::default();
    for key in order {
        let amount = sums[&key];
        ledger.entries.push(crate::report::Entry {
            payer: key.0,
            payee: key.1,
            item: key.2.to_string(),
            amount_usd: amount,
        });
    }
    ledger
}
