//! Who pays whom.

use crate::report::Ledger;

use super::run::Run;
use crate::market::rt_sced::params::Method;

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
    let equivalents = &run.outcome.roll.process.equivalents;
    let in_parts =
        |a: usize| run.params.method == Method::Optimal || equivalents.iter().any(|e| e.group == a);
    let mut ledger = Ledger::default();
    for interval in run.intervals {
        let (prices, actual) = (&interval.dispatch.prices, &interval.actual);
        let of_der = |d: usize| prices.lmp[system.ders[d].bus] * actual.ders[d];
        for (l, id) in system.load_ids.iter().enumerate() {
            let amount = prices.lmp[system.load_bus[l]] * actual.loads[l];
            pay(&mut ledger, id, "ISO", amount * hours);
        }
        for (g, unit) in system.generators.iter().enumerate() {
            let amount = prices.lmp[unit.bus] * actual.generators[g];
            pay(&mut ledger, "ISO", &unit.id, amount * hours);
        }
        for (a, group) in system.groups.iter().enumerate() {
            let amount: f64 = match in_parts(a) {
                true => group.members.iter().map(|&d| of_der(d)).sum(),
                false => prices.groups[a].0 * system.group_output_mw(a, &actual.ders),
            };
            pay(&mut ledger, "ISO", &group.id, amount * hours);
        }
        let alone = (0..system.ders.len()).filter(|&d| system.group_of[d].is_none());
        for d in alone {
            pay(&mut ledger, "ISO", &system.ders[d].id, of_der(d) * hours);
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
