//! Who pays whom.
//!
//! BSP g is paid λ_i p_g, BRP i is paid λ_i inj_i (a shortage pays). The operator of an area, the
//! DSO of a feeder, buys from those below it and sells its export to the operator above at the
//! price of the interface. What was scheduled is settled already, the losses of the schedule with it: only
//! the export beyond the schedule is sold. Where every price of a bus is right, because nothing there can
//! move, there is no price and nothing is paid; an area that meets its interface at such a bus has no
//! balancing price and is settled at the prices of its own buses. Every entry has a payer and a payee, so the sum is zero.
//!
//! Eq. `[mezghani2023]`(2.4).

use std::collections::{HashMap, HashSet};

use super::super::params::Settlement;
use super::clear::Cleared;
use super::system::{Kind, System};

/// What is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    ActivatedEnergy,
    Imbalance,
    InterfaceEnergy,
}

/// One payment; $, negative where the money flows from payee to payer.
#[derive(Clone, Debug)]
pub struct Payment {
    pub payer: String,
    pub payee: String,
    pub item: Item,
    pub amount_usd: f64,
}

/// All payments of a clearing.
#[derive(Clone, Debug, Default)]
pub struct Payments {
    pub entries: Vec<Payment>,
}

impl Payments {
    /// What a party is paid less what it pays, $.
    pub fn net_usd(&self, party: &str) -> f64 {
        let net = |e: &Payment| match (e.payee == party, e.payer == party) {
            (true, false) => e.amount_usd,
            (false, true) => -e.amount_usd,
            _ => 0.0,
        };
        self.entries.iter().map(net).sum()
    }

    /// Every party, in order of first appearance.
    pub fn parties(&self) -> Vec<&str> {
        let mut known = HashSet::new();
        let entries = self.entries.iter();
        let parties = entries.flat_map(|e| [e.payer.as_str(), e.payee.as_str()]);
        parties.filter(|party| known.insert(*party)).collect()
    }

    /// Net receipts of the operators of all areas below the top, $.
    pub fn operators_usd(&self, system: &System) -> f64 {
        let nets = system
            .exporting()
            .map(|a| self.net_usd(&operator(system, a)));
        nets.sum()
    }
}

/// Name of the party that runs an area.
pub fn operator(system: &System, a: usize) -> String {
    let area = &system.areas[a];
    match area.kind {
        Kind::Dc { .. } => "TSO".into(),
        Kind::Zone { .. } => format!("TSO {}", area.id),
        Kind::Feeder { .. } if system.areas.len() == 2 => "DSO".into(),
        Kind::Feeder { .. } => format!("DSO {}", area.id),
    }
}

/// Whether area `a` has a price above it in period `t`.
pub fn has_balancing_price(system: &System, cleared: &Cleared, a: usize, t: usize) -> bool {
    let open = |(up, bus)| cleared.prices.is_open(system, up, t, bus);
    system.areas[a].above.is_some_and(|above| !open(above))
}

/// Price paid to a resource at bus `i` of area `a` in period `t`, $/MWh; NaN where there is none.
pub fn price_usd_per_mwh(
    system: &System,
    cleared: &Cleared,
    rule: Settlement,
    (a, i): (usize, usize),
    t: usize,
) -> f64 {
    match (rule, system.areas[a].above) {
        (Settlement::BalancingPrice, Some(above)) if has_balancing_price(system, cleared, a, t) => {
            price_usd_per_mwh(system, cleared, rule, above, t)
        }
        _ if cleared.prices.is_open(system, a, t, i) => f64::NAN,
        _ => cleared.prices.lmp[a][t][i],
    }
}

/// All payments of a clearing.
pub fn settle(system: &System, cleared: &Cleared, rule: Settlement) -> Payments {
    let mut payments = Payments::default();
    let mut places: HashMap<(String, String, Item), usize> = HashMap::new();
    let mut pay = |payer: &str, payee: &str, item: Item, amount: f64| {
        if !amount.is_finite() || amount.abs() < 1e-9 {
            return;
        }
        let key = (payer.to_string(), payee.to_string(), item);
        let place = *places.entry(key).or_insert_with(|| {
            payments.entries.push(Payment {
                payer: payer.to_string(),
                payee: payee.to_string(),
                item,
                amount_usd: 0.0,
            });
            payments.entries.len() - 1
        });
        payments.entries[place].amount_usd += amount;
    };
    let hours = system.hours;
    for (b, bid) in system.balancing.bids.iter().enumerate() {
        let Some(&at) = system.place.get(&bid.bus) else {
            continue;
        };
        let payer = operator(system, at.0);
        for (t, &p) in cleared.dispatch.p_mw[b].iter().enumerate() {
            let price = price_usd_per_mwh(system, cleared, rule, at, t);
            let amount = price * p * hours;
            pay(&payer, bid.payee(), Item::ActivatedEnergy, amount);
        }
    }
    for imbalance in &system.balancing.imbalances {
        let Some(&at) = system.place.get(&imbalance.bus) else {
            continue;
        };
        let payer = operator(system, at.0);
        for t in 0..system.periods {
            let price = price_usd_per_mwh(system, cleared, rule, at, t);
            let amount = price * imbalance.p(t) * hours;
            pay(&payer, &imbalance.id, Item::Imbalance, amount);
        }
    }
    for a in system.exporting() {
        let Some(above) = system.areas[a].above else {
            continue;
        };
        let (payer, payee) = (operator(system, above.0), operator(system, a));
        for t in 0..system.periods {
            let sold = cleared.dispatch.export_mw[a][t] - system.scheduled_export_mw(a, t);
            let price = price_usd_per_mwh(system, cleared, rule, above, t);
            pay(&payer, &payee, Item::InterfaceEnergy, price * sold * hours);
        }
    }
    payments
}
