//! The run in numbers: summary and certificates.

use std::rc::Rc;

use crate::report::{Certificate, Quantity};

use super::Run;
use super::operation::OVERLOAD_TOLERANCE_MW;
use super::roll::Interval;
use super::stability::range;

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
        all.push(Quantity {
            id: id.into(),
            name,
            value,
            unit: unit.into(),
            note: note.into(),
        });
    };
    let mean = |f: &dyn Fn(usize) -> f64| (n > 0).then(|| (0..n).map(f).sum::<f64>() / n as f64);
    let hours = run.params.interval_hours();
    add(
        "intervals",
        "intervals cleared".into(),
        Some(n as f64),
        "1",
        "",
    );
    add(
        "cost_last",
        "cost, last interval".into(),
        intervals.last().map(|i| i.cost_usd_per_h),
        "$/h",
        "below the optimum only where a limit is exceeded",
    );
    add(
        "cost_mean",
        "cost, mean".into(),
        mean(&|t| intervals[t].cost_usd_per_h),
        "$/h",
        "",
    );
    if run.system.no_load_usd_per_h() != 0.0 {
        add(
            "cost_no_load",
            "of it at no output".into(),
            Some(run.system.no_load_usd_per_h()),
            "$/h",
            "costs of running, the same whatever is dispatched",
        );
    }
    let best = |t: usize| run.best(t).map_or(f64::NAN, |i| i.cost_usd_per_h);
    add(
        "cost_optimum",
        "global optimum, last interval".into(),
        (n > 0).then(|| best(n - 1)).filter(|v| v.is_finite()),
        "$/h",
        "every DER dispatched at its own bus",
    );
    add(
        "cost_optimum_mean",
        "global optimum, mean".into(),
        mean(&best).filter(|v| v.is_finite()),
        "$/h",
        "",
    );
    let feasible_extra: f64 = (0..n)
        .filter(|&t| intervals[t].worst_overload_mw() <= OVERLOAD_TOLERANCE_MW)
        .map(|t| (intervals[t].cost_usd_per_h - best(t)) * hours)
        .sum();
    add(
        "loss",
        "paid above the optimum".into(),
        Some(feasible_extra).filter(|v| v.is_finite()),
        "$",
        "over the intervals within limits",
    );
    let over = run.overloaded();
    add(
        "overloaded_intervals",
        "intervals over a limit".into(),
        Some(over.len() as f64),
        "1",
        "",
    );
    add(
        "overload_max",
        "worst overload".into(),
        Some(
            intervals
                .iter()
                .map(Interval::worst_overload_mw)
                .fold(0.0, f64::max),
        ),
        "MW",
        "",
    );
    let energy: f64 = intervals
        .iter()
        .map(|i| i.overloads_mw.iter().sum::<f64>() * hours)
        .sum();
    add(
        "overload_energy",
        "energy over limits".into(),
        Some(energy),
        "MWh",
        "",
    );
    if let Some(stability) = &run.stability {
        let der = &run.system.ders[stability.watch.der].id;
        let group = &run.system.groups[stability.watch.group].id;
        let watched = |i: &Interval| i.actual.ders[stability.watch.der];
        add(
            "watched_last",
            format!("output of {der}, last interval"),
            intervals.last().map(watched),
            "MW",
            "",
        );
        let (low, high) = stability.tail_mw;
        add(
            "tail_low",
            format!("output of {der}, least in the last half"),
            Some(low),
            "MW",
            "",
        );
        add(
            "tail_high",
            format!("output of {der}, greatest in the last half"),
            Some(high),
            "MW",
            "",
        );
        add(
            "swing",
            format!("swing of {der} in the last half"),
            Some(high - low),
            "MW",
            "greatest minus least",
        );
        let (all_low, all_high) = range(intervals.iter().map(watched));
        add(
            "swing_all",
            format!("swing of {der} over the run"),
            Some(all_high - all_low),
            "MW",
            "",
        );
        add(
            "fixed_point",
            format!("fixed point of aggregator {group}"),
            stability.fixed_point_mw,
            "MW",
            "where the next interval would repeat this one",
        );
        let (left, right) = stability.factor.unzip();
        if stability.single_factor().is_some() || stability.factor.is_none() {
            add(
                "factor",
                "error factor per interval".into(),
                stability.deciding(),
                "1",
                match stability.memory_decides() {
                    true => "of the memory of the factors; the slope of the map is smaller",
                    false => "slope of the map at the fixed point; beyond ±1 the error grows",
                },
            );
            if let Some(memory) = stability.memory {
                add(
                    "factor_memory",
                    "error factor of the memory alone".into(),
                    Some(memory),
                    "1",
                    "what an error of the remembered factors is multiplied by in an interval",
                );
            }
        } else {
            add(
                "factor_left",
                "error factor below the fixed point".into(),
                left,
                "1",
                "",
            );
            add(
                "factor_right",
                "error factor above the fixed point".into(),
                right,
                "1",
                "",
            );
        }
        if run.optimum.intervals.len() >= n && n > 0 {
            let optimum = run.best(n - 1).map(|i| i.actual.ders[stability.watch.der]);
            add(
                "watched_optimum",
                format!("output of {der} at the optimum"),
                optimum,
                "MW",
                "",
            );
        }
    }
    all
}

/// One certificate per solve; intervals that share a solve share its certificate.
pub fn certificates(run: &Run) -> Vec<Certificate> {
    let of = |what: &str, intervals: &[Interval]| -> Vec<Certificate> {
        let mut all: Vec<Certificate> = Vec::new();
        for (t, interval) in intervals.iter().enumerate() {
            let before = t.checked_sub(1).map(|t| &intervals[t].dispatch);
            if before.is_some_and(|before| Rc::ptr_eq(before, &interval.dispatch)) {
                continue;
            }
            let ours = &interval.dispatch.certificate;
            all.push(Certificate {
                solve: format!("{what}, {}", ours.solve),
                ..ours.clone()
            });
        }
        all
    };
    let mut all = of("RT-SCED", &run.roll.intervals);
    all.extend(of("optimum", &run.optimum.intervals));
    all
}
