//! What each chart shows, in a sentence.

use crate::report::words::share;
use crate::report::{amount, capitalised};

use super::run::Run;
use super::words::{between, mw};
use crate::market::rt_sced::model::operation::COUNTED_OVERLOAD_MW;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::stability::range;

/// Captions of the charts that show one interval, for every interval: (chart, captions).
pub fn captions(run: &Run) -> Vec<(&'static str, Vec<String>)> {
    if run.intervals.len() < 2 {
        return Vec::new();
    }
    let each = |text: &dyn Fn(usize, &Interval) -> String| -> Vec<String> {
        let intervals = run.intervals.iter().enumerate();
        intervals.map(|(t, i)| text(t + 1, i)).collect()
    };
    let by_bus = |t: usize, i: &Interval| format!("In interval {t}: {}.", prices_of(i));
    let paid = groups_paid(run);
    let over_time = |t: usize, i: &Interval| match paid.is_empty() {
        true => by_bus(t, i),
        false => format!("{paid}. {}", by_bus(t, i)),
    };
    let mut all = vec![("lmp_by_bus", each(&by_bus)), ("lmp", each(&over_time))];
    if run.stability.is_none() {
        let outputs = |t: usize, i: &Interval| format!("In interval {t}: {}.", outputs_of(run, i));
        all.push(("dispatch", each(&outputs)));
    }
    all
}

/// The outputs of the first generators.
fn outputs_of(run: &Run, interval: &Interval) -> String {
    let outputs = &interval.actual.generators;
    let units = run.system.generators.iter().zip(outputs).take(8);
    let parts: Vec<String> = units.map(|(u, p)| format!("{} {}", u.id, mw(*p))).collect();
    parts.join(", ")
}

pub fn prices_of(interval: &Interval) -> String {
    let prices = interval.dispatch.prices.lmp.iter().copied();
    let (low, high) = range(prices.filter(|price| price.is_finite()));
    let (least, most) = (amount(low, ""), amount(high, ""));
    match high - low {
        width if width.is_nan() => "no bus has a price".into(),
        width if width < 1e-6 => format!("one price everywhere, {least} $/MWh"),
        _ => format!("LMPs run from {least} to {most} $/MWh"),
    }
}

/// Prices of the last interval, which is named where there are others.
fn last_prices(run: &Run) -> String {
    let prices = run.intervals.last().map_or(String::new(), prices_of);
    match run.intervals.len() {
        0 | 1 => capitalised(&prices),
        _ => format!("In the last interval: {prices}"),
    }
}

pub fn dispatch(run: &Run) -> String {
    match (run.stability, run.intervals.last()) {
        (None, None) => "Nothing was dispatched.".into(),
        (None, Some(last)) if run.intervals.len() > 1 => {
            format!("In the last interval: {}.", outputs_of(run, last))
        }
        (None, Some(last)) => format!("{}.", outputs_of(run, last)),
        (Some(stability), _) => {
            let first = run.intervals.iter().take(6);
            let outputs: Vec<String> = first
                .map(|i| amount(i.actual.ders[stability.watch.der], ""))
                .collect();
            let more = if run.intervals.len() > 6 { ", …" } else { "" };
            let der = run.watched();
            format!("{der} by interval: {}{more} MW.", outputs.join(", "))
        }
    }
}

pub fn flow(run: &Run) -> String {
    let of_line = |&k: &usize| {
        let limit = &run.system.limits[k];
        let over = |i: &&Interval| i.overloads_mw[k] > COUNTED_OVERLOAD_MW;
        let often = match run.intervals.iter().filter(over).count() {
            0 => "never over it".into(),
            n => format!("over it {}", share(n, run.intervals.len(), "interval")),
        };
        format!(
            "line {} carries {} against {}, {often}",
            limit.id,
            between(
                range(
                    run.intervals
                        .iter()
                        .map(|i| run.system.flow_on(k, &i.flows_mw))
                ),
                "MW"
            ),
            mw(limit.max_p_mw),
        )
    };
    let parts: Vec<String> = run.outcome.telling.iter().take(3).map(of_line).collect();
    let rest = |i: &Interval| (1e-6..=COUNTED_OVERLOAD_MW).contains(&i.worst_overload_mw());
    let uncounted = match run.intervals.iter().any(rest) {
        false => "",
        true => " An excess of up to 0.00005 MW is not counted.",
    };
    match parts.is_empty() {
        true => "No line is limited.".into(),
        false => capitalised(&format!("{}.{uncounted}", parts.join("; "))),
    }
}

pub fn cost(run: &Run) -> String {
    let costs = range(run.intervals.iter().map(|i| i.cost_usd_per_h));
    let mut text = format!("Operation costs {}", between(costs, "$/h"));
    let last = run.intervals.len().checked_sub(1);
    if let Some(best) = last.and_then(|t| run.outcome.best(t)) {
        let best = amount(best.cost_usd_per_h, "");
        text.push_str(&format!("; the optimum is {best} $/h"));
    }
    let breaks = match run.outcome.totals.overloaded.len() {
        0 => return text + ".",
        1 => "1 interval breaks".to_string(),
        n => format!("{n} intervals break"),
    };
    format!("{text}; {breaks} a limit, so that cost is no saving.")
}

/// What the first aggregators are paid over the run, capitalised; empty without any.
fn groups_paid(run: &Run) -> String {
    let groups = run.system.groups.iter().enumerate().take(3);
    let paid = |(a, group): (usize, &crate::market::rt_sced::model::system::Group)| {
        let prices = run.intervals.iter().map(|i| i.dispatch.prices.groups[a].0);
        let (low, high) = range(prices);
        let price = match high - low < 1e-6 {
            true => format!("{} $/MWh throughout", amount(low, "")),
            false => between((low, high), "$/MWh"),
        };
        format!("aggregator {} is paid {price}", group.id)
    };
    let parts: Vec<String> = groups.map(paid).collect();
    capitalised(&parts.join("; "))
}

pub fn lmp(run: &Run) -> String {
    match (groups_paid(run), last_prices(run)) {
        (paid, prices) if paid.is_empty() => format!("{prices}."),
        (paid, prices) => format!("{paid}. {prices}."),
    }
}

pub fn lmp_by_bus(run: &Run) -> String {
    format!("{}.", last_prices(run))
}

pub fn cobweb(run: &Run) -> String {
    let Some(stability) = run.stability else {
        return String::new();
    };
    let at = match stability.fixed_point_mw {
        Some(x) => format!("The map crosses the diagonal at {}", mw(x)),
        None => return "The map does not cross the diagonal: no dispatch repeats itself.".into(),
    };
    match (stability.single_factor(), stability.factor) {
        (Some(f), _) if f.abs() < 1e-6 => {
            format!("{at} and is flat there: whatever the error, the next interval is free of it.")
        }
        (Some(f), _) => {
            let verdict = match f.abs() {
                v if (v - 1.0).abs() < 1e-3 => "the error keeps its size",
                v if v < 1.0 => "the error dies out",
                _ => "the error grows until limits stop it",
            };
            let sign = if f < 0.0 { " and changes sign" } else { "" };
            let memory = stability.memory.map_or(String::new(), |m| {
                format!(
                    " The memory of the factors multiplies theirs by {}; the map is drawn for factors that have settled.",
                    amount(m, "")
                )
            });
            format!(
                "{at} with slope {}: every interval multiplies the error by it{sign}, {verdict}.{memory}",
                amount(f, "")
            )
        }
        (None, Some((l, r))) => format!(
            "{at} at a kink: slope {} below and {} above.",
            amount(l, ""),
            amount(r, "")
        ),
        (None, None) => format!("{at}."),
    }
}
