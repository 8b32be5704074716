//! Who pays whom.

use crate::report::Ledger;

use super::{Method, Run};

/// Settlement of what was produced and used, at the LMPs of each interval.
///
/// Loads pay the ISO the LMP of their bus, the ISO pays generators theirs and aggregators the
/// aggregator's price; a DER that bids for itself is paid at its bus. Where the dispatch knows what
/// an aggregator sends over the priced lines (elemental nodes, network equivalents) its price has
/// two parts, λ P_a + Σ_l y_l P_l', which is its members' output at their buses' LMPs. What stays
/// with the ISO is the congestion rent. What changes hands at a bus without a price is left out.
pub fn ledger(run: &Run) -> Ledger {
    let system = run.system;
    let hours = run.params.interval_hours();
    let mut ledger = Ledger::default();
    for interval in &run.roll.intervals {
        let prices = &interval.dispatch.prices;
        for (l, id) in system.load_ids.iter().enumerate() {
            let amount = prices.lmp[system.load_bus[l]] * interval.actual.loads[l];
            pay(&mut ledger, id, "ISO", amount * hours);
        }
        for (g, unit) in system.generators.iter().enumerate() {
            let amount = prices.lmp[unit.bus] * interval.actual.generators[g];
            pay(&mut ledger, "ISO", &unit.id, amount * hours);
        }
        for (a, group) in system.groups.iter().enumerate() {
            let equivalents = &run.roll.process.equivalents;
            let in_parts =
                run.params.method == Method::Optimal || equivalents.iter().any(|e| e.group == a);
            let amount = if in_parts {
                let members = group.members.iter();
                members
                    .map(|&d| prices.lmp[system.ders[d].bus] * interval.actual.ders[d])
                    .sum()
            } else {
                prices.groups[a].0 * system.group_output_mw(a, &interval.actual.ders)
            };
            pay(&mut ledger, "ISO", &group.id, amount * hours);
        }
        for (d, unit) in system.ders.iter().enumerate() {
            if system.group_of[d].is_none() {
                let amount = prices.lmp[unit.bus] * interval.actual.ders[d];
                pay(&mut ledger, "ISO", &unit.id, amount * hours);
            }
        }
    }
    ledger
}

/// A payment for energy; none where there is no price.
fn pay(ledger: &mut Ledger, payer: &str, payee: &str, amount_usd: f64) {
    if amount_usd.is_finite() {
        ledger.pay(payer, payee, "energy", amount_usd);
    }
}
