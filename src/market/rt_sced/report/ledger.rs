//! Who pays whom.

use crate::report::{Entry, Ledger};

use super::run::Run;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::system::System;
use crate::market::rt_sced::params::Method;

/// Settlement of the run.
pub fn ledger(run: &Run) -> Ledger {
    let equivalents = run.outcome.roll.process.equivalents.iter().map(|e| e.group);
    let equivalents: Vec<usize> = equivalents.collect();
    let how = (run.params.method == Method::Optimal, equivalents.as_slice());
    settle(run.system, run.intervals, run.params.interval_hours(), how)
}

/// Settlement of what was produced and used, at the LMPs of each interval.
///
/// Loads pay the ISO the LMP of their bus, the ISO pays generators theirs and aggregators the
/// aggregator's price; a DER that bids for itself is paid at its bus. Where the dispatch knows what
/// an aggregator sends over the priced lines (elemental nodes, network equivalents) its price has
/// two parts, λ P_a + Σ_l y_l P_l', which is its members' output at their buses' LMPs. What stays
/// with the ISO is the congestion rent. What changes hands at a bus without a price is left out.
///
/// `of_elements`: every DER is dispatched at its own node; `equivalents`: aggregators that have a network equivalent.
pub fn settle(
    system: &System,
    intervals: &[Interval],
    hours: f64,
    (of_elements, equivalents): (bool, &[usize]),
) -> Ledger {
    let in_parts = |a: usize| of_elements || equivalents.contains(&a);
    let mut ledger = Ledger::default();
    let mut pay = |payer: &str, payee: &str, usd_per_h: &dyn Fn(&Interval) -> f64| {
        ledger
            .entries
            .extend(energy(payer, payee, hours, intervals, usd_per_h));
    };
    for (l, id) in system.load_ids.iter().enumerate() {
        let bus = system.load_bus[l];
        pay(id, "ISO", &|i| {
            i.dispatch.prices.lmp[bus] * i.actual.loads[l]
        });
    }
    for (g, unit) in system.generators.iter().enumerate() {
        pay("ISO", &unit.id, &|i| {
            i.dispatch.prices.lmp[unit.bus] * i.actual.generators[g]
        });
    }
    let of_der =
        |i: &Interval, d: usize| i.dispatch.prices.lmp[system.ders[d].bus] * i.actual.ders[d];
    for (a, group) in system.groups.iter().enumerate() {
        pay("ISO", &group.id, &|i| match in_parts(a) {
            true => group.members.iter().map(|&d| of_der(i, d)).sum(),
            false => i.dispatch.prices.groups[a].0 * system.group_output_mw(a, &i.actual.ders),
        });
    }
    let alone = (0..system.ders.len()).filter(|&d| system.group_of[d].is_none());
    for d in alone {
        pay("ISO", &system.ders[d].id, &|i| of_der(i, d));
    }
    ledger
}

/// What one pays another for energy over the intervals; nothing where there is no price in any of them.
fn energy(
    payer: &str,
    payee: &str,
    hours: f64,
    intervals: &[Interval],
    usd_per_h: &dyn Fn(&Interval) -> f64,
) -> Option<Entry> {
    let amounts = intervals.iter().map(|i| usd_per_h(i) * hours);
    let amount_usd = amounts.filter(|usd| usd.is_finite()).reduce(|a, b| a + b)?;
    Some(Entry {
        payer: payer.into(),
        payee: payee.into(),
        item: "energy".into(),
        amount_usd,
    })
}
