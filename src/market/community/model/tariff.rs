//! The battery at its best for a flat tariff with a demand charge on the peak of each day.

use super::battery::Store;
use super::schedule::{Aim, Stage, cost_usd, schedule};

/// Rounds of the search for the best peak.
const ROUNDS: usize = 32;

/// Battery power of every stage of a day, kW: min Σ price·Q_t Δ + demand·max_t Q_t.
///
/// For a given peak this is a schedule with a cap; what it costs is convex in the peak, so the best
/// peak is found by sections. Eq. `[theisen2024]`(3.1), comparators.
pub fn plan(
    store: &Store,
    stages: &[Stage],
    aim: &Aim,
    demand_usd_per_kw: f64,
    stored_kwh: f64,
) -> Vec<f64> {
    let nets = || stages.iter().map(|s| s.net_kw);
    let mut high = nets().fold(0.0, f64::max);
    let mut low = (nets().fold(f64::INFINITY, f64::min) - store.power_kw)
        .max(0.0)
        .min(high);
    let shortest = stages.iter().map(|s| s.hours).fold(f64::INFINITY, f64::min);
    let at = |cap_kw: f64| {
        let aim = Aim {
            cap_kw,
            // Dearer than any peak that could be had instead.
            over_usd_per_kwh: 2.0 * demand_usd_per_kw / shortest + 1.0,
            ..*aim
        };
        let powers = schedule(store, stages, &aim, stored_kwh).battery_kw;
        let cost = cost_usd(store, stages, &aim, &powers, stored_kwh) + demand_usd_per_kw * cap_kw;
        (cost, powers)
    };
    // Golden sections.
    let share = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (high - share * (high - low), low + share * (high - low));
    let (mut at_a, mut at_b) = (at(a), at(b));
    for _ in 0..ROUNDS {
        if at_a.0 <= at_b.0 {
            high = b;
            (b, at_b) = (a, at_a);
            a = high - share * (high - low);
            at_a = at(a);
        } else {
            low = a;
            (a, at_a) = (b, at_b);
            b = low + share * (high - low);
            at_b = at(b);
        }
    }
    if at_a.0 <= at_b.0 { at_a.1 } else { at_b.1 }
}
