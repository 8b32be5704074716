//! The run in numbers: summary and certificates.

use std::rc::Rc;

use crate::report::plots::{Picture, picture, quantity};
use crate::report::{Certificate, Quantity, Role};

use super::look_ahead;
use super::losses;
use super::run::{Row, Run};
use super::security;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::stability::{Stability, range};

/// What a number means, in a few words.
fn note(id: &str, stability: Option<&Stability>) -> &'static str {
    match id {
        "cost_last" | "above_optimum" => "below the optimum only where a limit is exceeded",
        "cost_no_load" => "costs of running, the same whatever is dispatched",
        "cost_security" => "above the same run without it",
        "cost_optimum" => "every DER dispatched at its own bus",
        "loss" => "over the intervals within limits",
        "swing" => "greatest minus least",
        "fixed_point" => "where the next interval would repeat this one",
        "factor" if stability.is_some_and(Stability::memory_decides) => {
            "of the memory of the factors; the slope of the map is smaller"
        }
        "factor" => "slope of the map at the fixed point; beyond ±1 the error grows",
        "factor_memory" => {
            "what an error of the remembered factors is multiplied by in an interval"
        }
        _ => "",
    }
}

pub fn quantities(run: &Run) -> Vec<Quantity> {
    let mut all = Vec::new();
    let mut add = |(id, name, value, unit): Row| {
        let note = note(id, run.stability);
        all.push(quantity(id.into(), name.into(), value, unit, note));
    };
    of_costs(run).into_iter().for_each(&mut add);
    losses::rows(run).into_iter().for_each(&mut add);
    security::rows(run).into_iter().for_each(&mut add);
    look_ahead::rows(run).into_iter().for_each(&mut add);
    if let Some(stability) = run.stability {
        of_watched(run, stability, add);
    }
    all
}

fn of_costs(run: &Run) -> Vec<Row<'static>> {
    let totals = &run.outcome.totals;
    let n = run.intervals.len();
    let by_interval = |sum: f64| if n > 0 { sum / n as f64 } else { f64::NAN };
    let last = run.intervals.last().map_or(f64::NAN, |i| i.cost_usd_per_h);
    let mean = by_interval(totals.usd_per_h);
    let best = |t: usize| run.outcome.best(t).map_or(f64::NAN, |i| i.cost_usd_per_h);
    let then = n.checked_sub(1).map_or(f64::NAN, best);
    let optimum = by_interval((0..n).map(best).sum());
    let over = totals.overloaded.len() as f64;
    let no_load = run.system.no_load_usd_per_h();
    let (worst, energy) = (totals.worst_overload_mw, totals.overload_mwh);
    let mut rows = vec![
        ("intervals", "intervals cleared", n as f64, "1"),
        ("cost_last", "cost, last interval", last, "$/h"),
        ("cost_mean", "cost, mean", mean, "$/h"),
        ("cost_no_load", "of it at no output", no_load, "$/h"),
        ("cost_optimum", "global optimum, last interval", then, "$/h"),
        ("cost_optimum_mean", "global optimum, mean", optimum, "$/h"),
        (
            "above_optimum",
            "above the global optimum, mean",
            mean - optimum,
            "$/h",
        ),
        ("loss", "paid above the optimum", totals.loss_usd, "$"),
        ("overloaded_intervals", "intervals over a limit", over, "1"),
        ("overload_max", "worst overload", worst, "MW"),
        ("overload_energy", "energy over limits", energy, "MWh"),
    ];
    rows.retain(|row| row.0 != "cost_no_load" || no_load != 0.0);
    rows
}

/// The watched DER, its aggregator's map and what multiplies an error.
fn of_watched(run: &Run, stability: &Stability, mut add: impl FnMut(Row)) {
    let der = run.watched();
    let output = |when: &str| format!("output of {der}{when}");
    let swing = |when: &str| format!("swing of {der} {when}");
    let watched = |i: &Interval| i.actual.ders[stability.watch.der];
    let last = run.intervals.last().map_or(f64::NAN, watched);
    let (low, high) = stability.tail_mw;
    let (all_low, all_high) = range(run.intervals.iter().map(watched));
    let all = all_high - all_low;
    let fixed = stability.fixed_point_mw.unwrap_or(f64::NAN);
    let group = &run.system.groups[stability.watch.group].id;
    let map = format!("fixed point of aggregator {group}");
    add(("watched_last", &output(", last interval"), last, "MW"));
    add(("tail_low", &output(", least in the last half"), low, "MW"));
    add((
        "tail_high",
        &output(", greatest in the last half"),
        high,
        "MW",
    ));
    add(("swing", &swing("in the last half"), high - low, "MW"));
    add(("swing_all", &swing("over the run"), all, "MW"));
    add(("fixed_point", &map, fixed, "MW"));
    match stability.factor {
        Some((left, right)) if stability.single_factor().is_none() => {
            for (id, side, slope) in [
                ("factor_left", "below", left),
                ("factor_right", "above", right),
            ] {
                add((
                    id,
                    &format!("error factor {side} the fixed point"),
                    slope,
                    "1",
                ));
            }
        }
        _ => {
            let factor = stability.deciding().unwrap_or(f64::NAN);
            add(("factor", "error factor per interval", factor, "1"));
            if let Some(m) = stability.memory {
                add(("factor_memory", "error factor of the memory alone", m, "1"));
            }
        }
    }
    let optimum = run.outcome.optimum.as_ref();
    let last = run.intervals.len().checked_sub(1);
    if let Some(best) = optimum.and_then(|o| o.intervals.get(last?)) {
        let at_best = watched(best);
        add(("watched_optimum", &output(" at the optimum"), at_best, "MW"));
    }
}

/// One certificate per solve; intervals that share a solve share its certificate.
pub fn certificates(run: &Run) -> Vec<Certificate> {
    let of = |what: &'static str, intervals: &[Interval]| -> Vec<Certificate> {
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
    let mut all = of("RT-SCED", run.intervals);
    let optimum = run.outcome.optimum.iter();
    all.extend(optimum.flat_map(|o| of("optimum", &o.intervals)));
    all.extend(security::certificate(run));
    all
}

/// What a sweep draws.
#[rustfmt::skip]
pub const PICTURES: &[Picture] = &[
    picture("sweep", "Least and greatest output in the long run", ("output", "MW", true), &[
        ("tail_high", Role::Der, false),
        ("tail_low", Role::Generator, false),
        ("watched_optimum", Role::Optimum, true),
    ]),
    picture("sweep_swing", "Swing in the long run", ("swing", "MW", true), &[("swing", Role::Der, false)]),
    picture("sweep_overload", "Worst overload", ("overload", "MW", true), &[
        ("overload_max", Role::Line, false),
    ]),
    picture("sweep_cost", "Mean cost", ("cost", "$/h", false), &[
        ("cost_mean", Role::Price, false),
        ("cost_optimum_mean", Role::Optimum, true),
    ]),
];
