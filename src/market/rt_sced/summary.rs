//! The numbers of a run: series, summary, payments, certificates.

use crate::report::{Certificate, Index, Ledger, Quantity, Series};

use super::operation::OVERLOAD_TOLERANCE_MW;
use super::roll::Interval;
use super::stability::range;
use super::{Method, Run};

/// One value per interval.
fn clocked(run: &Run, id: String, name: String, unit: &str, value: impl Fn(&Interval) -> f64) -> Series {
    Series {
        id,
        name,
        unit: unit.into(),
        index: Index::Clock,
        values: run.roll.intervals.iter().map(value).collect(),
    }
}

pub fn series(run: &Run) -> Vec<Series> {
    let system = run.system;
    let mut all = Vec::new();
    for (g, unit) in system.generators.iter().enumerate() {
        all.push(clocked(run, format!("p:{}", unit.id), unit.id.clone(), "MW", |i| i.actual.generators[g]));
    }
    for (d, unit) in system.ders.iter().enumerate() {
        all.push(clocked(run, format!("p:{}", unit.id), unit.id.clone(), "MW", |i| i.actual.ders[d]));
    }
    for (l, id) in system.load_ids.iter().enumerate() {
        all.push(clocked(run, format!("load:{id}"), id.clone(), "MW", |i| i.actual.loads[l]));
    }
    for (a, group) in system.groups.iter().enumerate() {
        let id = &group.id;
        all.push(clocked(run, format!("pa:{id}"), id.clone(), "MW", |i| system.group_output_mw(a, &i.actual.ders)));
        all.push(clocked(run, format!("lmpa:{id}"), format!("aggregator {id}"), "$/MWh", |i| i.dispatch.prices.groups[a].0));
        if run.roll.intervals.iter().any(|i| i.dispatch.prices.lmp_range.is_some()) {
            all.push(clocked(run, format!("lmpa_low:{id}"), format!("{id}, least"), "$/MWh", |i| i.dispatch.prices.groups[a].1));
            all.push(clocked(run, format!("lmpa_high:{id}"), format!("{id}, greatest"), "$/MWh", |i| i.dispatch.prices.groups[a].2));
        }
        if run.params.method == Method::DistributionFactors {
            for (m, &d) in group.members.iter().enumerate() {
                let der = &system.ders[d].id;
                all.push(clocked(run, format!("df:{der}"), format!("DF of {der}"), "1", |i| i.factors[a][m]));
            }
        }
    }
    for (l, id) in system.branch_ids.iter().enumerate() {
        all.push(clocked(run, format!("flow:{id}"), id.clone(), "MW", |i| i.flows_mw[l]));
    }
    for (k, limit) in system.limits.iter().enumerate() {
        let id = &limit.id;
        all.push(clocked(run, format!("loading:{id}"), id.clone(), "1", |i| i.flows_mw[limit.branch].abs() / limit.max_p_mw));
        all.push(clocked(run, format!("over:{id}"), id.clone(), "MW", |i| i.overloads_mw[k]));
        all.push(clocked(run, format!("mu:{id}"), id.clone(), "$/MWh", |i| line_price(i, k)));
    }
    for (b, id) in system.bus_ids.iter().enumerate() {
        all.push(clocked(run, format!("lmp:{id}"), format!("bus {id}"), "$/MWh", |i| i.dispatch.prices.lmp[b]));
        if run.roll.intervals.iter().any(|i| i.dispatch.prices.lmp_range.is_some()) {
            let at = |i: &Interval| i.dispatch.prices.lmp_range.as_ref().map_or((i.dispatch.prices.lmp[b], i.dispatch.prices.lmp[b]), |r| r[b]);
            all.push(clocked(run, format!("lmp_low:{id}"), format!("bus {id}, least"), "$/MWh", |i| at(i).0));
            all.push(clocked(run, format!("lmp_high:{id}"), format!("bus {id}, greatest"), "$/MWh", |i| at(i).1));
        }
    }
    for k in priced_limits(run) {
        let line = &system.limits[k].id;
        let shift_factors = system.shift_factors(k);
        for (b, id) in system.bus_ids.iter().enumerate() {
            let name = format!("congestion of {line} at bus {id}");
            all.push(clocked(run, format!("cong:{line}:{id}"), name, "$/MWh", |i| line_price(i, k) * shift_factors[b]));
        }
    }
    all.push(clocked(run, "energy".into(), "energy component".into(), "$/MWh", |i| i.dispatch.prices.energy));
    all.push(clocked(run, "overload".into(), "worst overload".into(), "MW", Interval::worst_overload_mw));
    all.push(clocked(run, "cost".into(), "cost of operation".into(), "$/h", |i| i.cost_usd_per_h));
    let optimum = (0..run.roll.intervals.len()).map(|t| run.best(t).map_or(f64::NAN, |i| i.cost_usd_per_h));
    all.push(Series {
        id: "cost_optimum".into(),
        name: "global optimum".into(),
        unit: "$/h".into(),
        index: Index::Clock,
        values: optimum.collect(),
    });
    if let Some(stability) = &run.stability
        && !stability.map.is_empty()
    {
        let group = &system.groups[stability.watch.group].id;
        let index = |at: Vec<f64>| Index::Numbers { name: format!("P_{group}, interval t"), unit: "MW".into(), at };
        all.push(Series {
            id: "map".into(),
            name: format!("P_{group}, interval t+1"),
            unit: "MW".into(),
            index: index(stability.map.iter().map(|m| m.0).collect()),
            values: stability.map.iter().map(|m| m.1).collect(),
        });
        let outputs: Vec<f64> = run.roll.intervals.iter().map(|i| system.group_output_mw(stability.watch.group, &i.actual.ders)).collect();
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for pair in outputs.windows(2) {
            xs.extend([pair[0], pair[0]]);
            ys.extend([pair[0], pair[1]]);
        }
        all.push(Series {
            id: "path".into(),
            name: "path of the run".into(),
            unit: "MW".into(),
            index: index(xs),
            values: ys,
        });
    }
    all
}

/// Shadow price of limit `k`, $/MWh: both sides together, ∂cost/∂limit of the flow from → to.
pub fn line_price(interval: &Interval, k: usize) -> f64 {
    let lines = interval.dispatch.prices.lines.iter();
    lines.filter(|(j, _)| *j == k).map(|(_, y)| y).sum()
}

/// Limits with a price in some interval.
pub fn priced_limits(run: &Run) -> Vec<usize> {
    (0..run.system.limits.len())
        .filter(|&k| run.roll.intervals.iter().any(|i| line_price(i, k) != 0.0))
        .collect()
}

pub fn quantities(run: &Run) -> Vec<Quantity> {
    let intervals = &run.roll.intervals;
    let n = intervals.len();
    let mut all = Vec::new();
    let mut add = |id: &str, name: String, value: Option<f64>, unit: &str, note: &str| {
        all.push(Quantity { id: id.into(), name, value, unit: unit.into(), note: note.into() });
    };
    let mean = |f: &dyn Fn(usize) -> f64| (n > 0).then(|| (0..n).map(f).sum::<f64>() / n as f64);
    let hours = run.params.interval_hours();
    add("intervals", "intervals cleared".into(), Some(n as f64), "1", "");
    add("cost_last", "cost, last interval".into(), intervals.last().map(|i| i.cost_usd_per_h), "$/h", "below the optimum only where a limit is exceeded");
    add("cost_mean", "cost, mean".into(), mean(&|t| intervals[t].cost_usd_per_h), "$/h", "");
    let best = |t: usize| run.best(t).map_or(f64::NAN, |i| i.cost_usd_per_h);
    add("cost_optimum", "global optimum, last interval".into(), (n > 0).then(|| best(n - 1)).filter(|v| v.is_finite()), "$/h", "every DER dispatched at its own bus");
    add("cost_optimum_mean", "global optimum, mean".into(), mean(&best).filter(|v| v.is_finite()), "$/h", "");
    let feasible_extra: f64 = (0..n)
        .filter(|&t| intervals[t].worst_overload_mw() <= OVERLOAD_TOLERANCE_MW)
        .map(|t| (intervals[t].cost_usd_per_h - best(t)) * hours)
        .sum();
    add("loss", "paid above the optimum".into(), Some(feasible_extra).filter(|v| v.is_finite()), "$", "over the intervals within limits");
    let over = run.overloaded();
    add("overloaded_intervals", "intervals over a limit".into(), Some(over.len() as f64), "1", "");
    add("overload_max", "worst overload".into(), Some(intervals.iter().map(Interval::worst_overload_mw).fold(0.0, f64::max)), "MW", "");
    let energy: f64 = intervals.iter().map(|i| i.overloads_mw.iter().sum::<f64>() * hours).sum();
    add("overload_energy", "energy over limits".into(), Some(energy), "MWh", "");
    if let Some(stability) = &run.stability {
        let der = &run.system.ders[stability.watch.der].id;
        let group = &run.system.groups[stability.watch.group].id;
        let watched = |i: &Interval| i.actual.ders[stability.watch.der];
        add("watched_last", format!("output of {der}, last interval"), intervals.last().map(watched), "MW", "");
        let (low, high) = stability.tail_mw;
        add("tail_low", format!("output of {der}, least in the last half"), Some(low), "MW", "");
        add("tail_high", format!("output of {der}, greatest in the last half"), Some(high), "MW", "");
        add("swing", format!("swing of {der} in the last half"), Some(high - low), "MW", "greatest minus least");
        let (all_low, all_high) = range(intervals.iter().map(watched));
        add("swing_all", format!("swing of {der} over the run"), Some(all_high - all_low), "MW", "");
        add("fixed_point", format!("fixed point of aggregator {group}"), stability.fixed_point_mw, "MW", "where the next interval would repeat this one");
        let (left, right) = stability.factor.unzip();
        if stability.single_factor().is_some() || stability.factor.is_none() {
            add("factor", "error factor per interval".into(), stability.single_factor(), "1", "slope of the map at the fixed point; beyond ±1 the error grows");
        } else {
            add("factor_left", "error factor below the fixed point".into(), left, "1", "");
            add("factor_right", "error factor above the fixed point".into(), right, "1", "");
        }
        if run.optimum.intervals.len() >= n && n > 0 {
            let optimum = run.best(n - 1).map(|i| i.actual.ders[stability.watch.der]);
            add("watched_optimum", format!("output of {der} at the optimum"), optimum, "MW", "");
        }
    }
    all
}

/// Settlement of what was produced and used, at the LMPs of each interval.
///
/// Loads pay the ISO the LMP of their bus, the ISO pays generators theirs and aggregators the
/// aggregator's price; a DER that bids for itself is paid at its bus. What stays with the ISO is
/// the congestion rent.
pub fn ledger(run: &Run) -> Ledger {
    let system = run.system;
    let hours = run.params.interval_hours();
    let mut ledger = Ledger::default();
    for interval in &run.roll.intervals {
        let prices = &interval.dispatch.prices;
        for (l, id) in system.load_ids.iter().enumerate() {
            ledger.pay(id, "ISO", "energy", prices.lmp[system.load_bus[l]] * interval.actual.loads[l] * hours);
        }
        for (g, unit) in system.generators.iter().enumerate() {
            ledger.pay("ISO", &unit.id, "energy", prices.lmp[unit.bus] * interval.actual.generators[g] * hours);
        }
        let elemental = run.params.method == Method::Optimal;
        for (a, group) in system.groups.iter().enumerate() {
            let amount = if elemental {
                let members = group.members.iter();
                members.map(|&d| prices.lmp[system.ders[d].bus] * interval.actual.ders[d]).sum()
            } else {
                prices.groups[a].0 * system.group_output_mw(a, &interval.actual.ders)
            };
            ledger.pay("ISO", &group.id, "energy", amount * hours);
        }
        for (d, unit) in system.ders.iter().enumerate() {
            if system.group_of[d].is_none() {
                ledger.pay("ISO", &unit.id, "energy", prices.lmp[unit.bus] * interval.actual.ders[d] * hours);
            }
        }
    }
    ledger
}

pub fn certificates(run: &Run) -> Vec<Certificate> {
    let of = |what: &'static str| {
        move |i: &Interval| Certificate {
            solve: format!("{what}, {}", i.dispatch.certificate.solve),
            primal_residual: i.dispatch.certificate.primal_residual,
            dual_residual: i.dispatch.certificate.dual_residual,
            gap: i.dispatch.certificate.gap,
            largest_violation: i.dispatch.certificate.largest_violation,
            certified: i.dispatch.certificate.certified,
        }
    };
    let rolled = run.roll.intervals.iter().map(of("RT-SCED"));
    rolled.chain(run.optimum.intervals.iter().map(of("optimum"))).collect()
}
