//! A run in sums over its intervals.

use super::operation::COUNTED_OVERLOAD_MW;
use super::process::Interval;

pub struct Totals {
    /// Costs in sum, $/h.
    pub usd_per_h: f64,
    /// Paid above the optimum over the intervals within limits that have one, $.
    pub loss_usd: f64,
    /// Intervals (0-based) in which a limit is exceeded by more than what is counted.
    pub overloaded: Vec<usize>,
    pub worst_overload_mw: f64,
    pub overload_mwh: f64,
}

impl Totals {
    /// Sums over intervals of so many hours, with the optimum's cost by interval.
    pub fn new(intervals: &[Interval], best_usd_per_h: &[f64], hours: f64) -> Totals {
        let over = |i: &Interval| i.worst_overload_mw() > COUNTED_OVERLOAD_MW;
        let cost: f64 = intervals.iter().map(|i| i.cost_usd_per_h).sum();
        let pairs = intervals.iter().zip(best_usd_per_h);
        let within = pairs.filter(|(i, _)| !over(i));
        let worst = intervals.iter().map(Interval::worst_overload_mw);
        let energy = intervals.iter().map(|i| &i.overloads_mw);
        Totals {
            usd_per_h: cost,
            loss_usd: within.map(|(i, b)| (i.cost_usd_per_h - b) * hours).sum(),
            overloaded: (0..intervals.len())
                .filter(|&t| over(&intervals[t]))
                .collect(),
            worst_overload_mw: worst.fold(0.0, f64::max),
            overload_mwh: energy.map(|mw| mw.iter().sum::<f64>() * hours).sum(),
        }
    }
}
