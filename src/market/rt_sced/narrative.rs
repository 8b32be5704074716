//! The run in words: headline and chart summaries. No new numbers.

use crate::report::capitalised;
pub use crate::report::plain;
use crate::report::words::share;

use super::Run;
use super::dispatch::Failure;
use super::messages::conflict_text;
use super::params::{Method, Rule};
use super::roll::Interval;
use super::stability::{Pattern, range};

/// "3 to 4 MW", or "3 MW" where both ends read the same.
fn between(low: f64, high: f64, digits: u8, unit: &str) -> String {
    let (low, high) = (plain(low, digits), plain(high, digits));
    match low == high {
        true => format!("{high} {unit}"),
        false => format!("{low} to {high} {unit}"),
    }
}

/// "1 interval", "2 intervals".
pub fn mw(value: f64) -> String {
    format!("{} MW", plain(value, 3))
}

fn method_name(run: &Run) -> &'static str {
    match (run.params.method, run.params.df.rule) {
        (Method::Optimal, _) => "Dispatch of every DER at its own bus",
        (Method::UnionJack, _) => "Union Jack bids",
        (Method::ExactCurve, _) => "Exact cost curves",
        (_, Rule::Capacity) => "Fixed factors",
        (_, Rule::LatestSe) => "Factors from the latest state estimation",
        (_, Rule::Unscheduled) => "Factors from unscheduled capacity",
        (_, Rule::MovingAverage) => "Factors averaged over recent intervals",
        (_, Rule::MeanOfAll) => "Factors averaged over all intervals",
        (_, Rule::Smoothing) => "Exponentially smoothed factors",
        (_, Rule::Block) => "Shift factors by bid block",
        (_, Rule::Given) => "The given factors",
    }
}

pub fn headline(run: &Run) -> String {
    let intervals = &run.roll.intervals;
    if let Some(Failure::Infeasible(conflict)) = &run.roll.stopped {
        let t = intervals.len() + 1;
        let why = conflict_text(conflict, run);
        return match conflict.in_operation {
            true => format!("No redispatch clears the overload in interval {t}: {why}."),
            false => format!("No dispatch exists in interval {t}: {why}."),
        };
    }
    let Some(last) = intervals.last() else {
        return "Nothing was dispatched.".into();
    };
    let Some(stability) = &run.stability else {
        return format!(
            "Least cost is {} $/h; {}.",
            plain(last.cost_usd_per_h, 2),
            price_phrase(run)
        );
    };
    let der = &run.system.ders[stability.watch.der].id;
    let name = method_name(run);
    let over = run.overloaded();
    let overload = match over.len() {
        0 => String::new(),
        n => {
            let worst = intervals
                .iter()
                .map(|i| i.worst_overload_mw())
                .fold(0.0, f64::max);
            let line = worst_line(run).unwrap_or_default();
            format!(
                "; line {line} is over its limit {}, by up to {}",
                share(n, intervals.len(), "interval"),
                mw(worst)
            )
        }
    };
    let output = last.actual.ders[stability.watch.der];
    match stability.pattern {
        Pattern::Steady { from } => {
            let excess = run
                .best(intervals.len() - 1)
                .map(|b| last.cost_usd_per_h - b.cost_usd_per_h);
            let against = match excess {
                _ if run.params.method == Method::Optimal => format!(
                    " at {} $/h, the global optimum",
                    plain(last.cost_usd_per_h, 3)
                ),
                Some(e) if e.abs() < 5e-4 => {
                    format!(", at the optimum of {} $/h", plain(last.cost_usd_per_h, 3))
                }
                Some(e) if e > 0.0 => format!(", {} $/h above the optimum", plain(e, 3)),
                _ => String::new(),
            };
            let when = if from == 0 {
                String::new()
            } else {
                format!(" from interval {}", from + 1)
            };
            format!(
                "{name}: {der} holds {}{when}{against}{overload}.",
                mw(output)
            )
        }
        Pattern::Cycle { period, .. } => {
            let (low, high) = stability.tail_mw;
            let way = if period == 2 {
                "alternate between".to_string()
            } else {
                format!("repeat every {period} intervals between")
            };
            let held = match stability.deciding() {
                Some(f) if f.abs() > 1.0 + 1e-3 => ", the limits that stop a growing error",
                _ => "",
            };
            format!(
                "{name} make {der} {way} {} and {} for ever{held}{overload}.",
                mw(low),
                mw(high)
            )
        }
        Pattern::Damped { ratio } => {
            format!(
                "{name} make {der} swing, each swing {} times the one before, so it settles{overload}.",
                plain(ratio, 2)
            )
        }
        Pattern::Growing { ratio } => {
            format!(
                "{name} make {der} swing, each swing {} times the one before, until limits stop it{overload}.",
                plain(ratio, 2)
            )
        }
        Pattern::Irregular => {
            let (low, high) = stability.tail_mw;
            match high - low < 5e-4 {
                true => format!("{name}: {der} ends at {}{overload}.", mw(high)),
                false => format!(
                    "{name} keep {der} moving between {} and {}{overload}.",
                    mw(low),
                    mw(high)
                ),
            }
        }
    }
}

fn worst_line(run: &Run) -> Option<String> {
    let mut worst: Option<(f64, usize)> = None;
    for interval in &run.roll.intervals {
        for (k, &excess) in interval.overloads_mw.iter().enumerate() {
            if excess > worst.map_or(0.0, |w| w.0) {
                worst = Some((excess, k));
            }
        }
    }
    worst.map(|(_, k)| run.system.limits[k].id.clone())
}

fn price_phrase(run: &Run) -> String {
    let last = run.roll.intervals.last();
    last.map_or(String::new(), prices_of)
}

/// Captions of the charts that show one interval, for every interval: (chart, captions).
pub fn captions(run: &Run) -> Vec<(&'static str, Vec<String>)> {
    let each = |text: &dyn Fn(usize, &Interval) -> String| -> Vec<String> {
        let intervals = run.roll.intervals.iter().enumerate();
        intervals.map(|(t, i)| text(t + 1, i)).collect()
    };
    if run.roll.intervals.len() < 2 {
        return Vec::new();
    }
    let by_bus =
        |t: usize, i: &Interval| format!("{} in interval {t}.", capitalised(&prices_of(i)));
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
    let units = run
        .system
        .generators
        .iter()
        .zip(&interval.actual.generators);
    let parts: Vec<String> = units
        .take(8)
        .map(|(u, p)| format!("{} {}", u.id, mw(*p)))
        .collect();
    parts.join(", ")
}

fn prices_of(interval: &Interval) -> String {
    let prices = interval.dispatch.prices.lmp.iter().copied();
    let (low, high) = range(prices.filter(|price| price.is_finite()));
    if low.is_nan() {
        "no bus has a price".to_string()
    } else if high - low < 1e-6 {
        format!("one price everywhere, {} $/MWh", plain(low, 2))
    } else {
        format!(
            "LMPs run from {} to {} $/MWh",
            plain(low, 2),
            plain(high, 2)
        )
    }
}

pub fn dispatch(run: &Run) -> String {
    let intervals = &run.roll.intervals;
    let Some(stability) = &run.stability else {
        let Some(last) = intervals.last() else {
            return "Nothing was dispatched.".into();
        };
        return format!("In the last interval: {}.", outputs_of(run, last));
    };
    let der = &run.system.ders[stability.watch.der].id;
    let first: Vec<String> = intervals
        .iter()
        .take(6)
        .map(|i| plain(i.actual.ders[stability.watch.der], 3))
        .collect();
    let more = if intervals.len() > 6 { ", …" } else { "" };
    format!("{der} by interval: {}{more} MW.", first.join(", "))
}

pub fn flow(run: &Run) -> String {
    let parts: Vec<String> = run
        .telling_limits()
        .iter()
        .take(3)
        .map(|&k| {
            let limit = &run.system.limits[k];
            let (low, high) = range(run.roll.intervals.iter().map(|i| i.flows_mw[limit.branch]));
            let over = run
                .roll
                .intervals
                .iter()
                .filter(|i| i.overloads_mw[k] > super::operation::OVERLOAD_TOLERANCE_MW)
                .count();
            format!(
                "line {} carries {} against {}, {}",
                limit.id,
                between(low, high, 3, "MW"),
                mw(limit.max_p_mw),
                match over {
                    0 => "never over it".into(),
                    _ => format!(
                        "over it {}",
                        share(over, run.roll.intervals.len(), "interval")
                    ),
                }
            )
        })
        .collect();
    if parts.is_empty() {
        "No line is limited.".into()
    } else {
        capitalised(&format!("{}.", parts.join("; ")))
    }
}

pub fn cost(run: &Run) -> String {
    let intervals = &run.roll.intervals;
    let (low, high) = range(intervals.iter().map(|i| i.cost_usd_per_h));
    let best = intervals
        .len()
        .checked_sub(1)
        .and_then(|t| run.best(t))
        .map(|i| i.cost_usd_per_h);
    let over = run.overloaded().len();
    let mut text = format!("Operation costs {}", between(low, high, 3, "$/h"));
    if let Some(best) = best {
        text.push_str(&format!("; the optimum is {} $/h", plain(best, 3)));
    }
    if over > 0 {
        text.push_str(&format!(
            "; {} a limit, so that cost is no saving",
            match over {
                1 => "1 interval breaks".to_string(),
                n => format!("{n} intervals break"),
            }
        ));
    }
    text.push('.');
    text
}

/// What the first aggregators are paid over the run, capitalised; empty without any.
fn groups_paid(run: &Run) -> String {
    let parts: Vec<String> = run
        .system
        .groups
        .iter()
        .enumerate()
        .take(3)
        .map(|(a, group)| {
            let (low, high) = range(
                run.roll
                    .intervals
                    .iter()
                    .map(|i| i.dispatch.prices.groups[a].0),
            );
            match high - low < 1e-6 {
                true => format!(
                    "aggregator {} is paid {} $/MWh throughout",
                    group.id,
                    plain(low, 2)
                ),
                false => format!(
                    "aggregator {} is paid {}",
                    group.id,
                    between(low, high, 2, "$/MWh")
                ),
            }
        })
        .collect();
    capitalised(&parts.join("; "))
}

pub fn lmp(run: &Run) -> String {
    let head = capitalised(&price_phrase(run));
    match groups_paid(run) {
        paid if paid.is_empty() => format!("{head}."),
        paid => format!("{paid}. {head} in the last interval."),
    }
}

pub fn lmp_by_bus(run: &Run) -> String {
    format!("{} in the last interval.", capitalised(&price_phrase(run)))
}

pub fn cobweb(run: &Run) -> String {
    let Some(stability) = &run.stability else {
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
            let memory = match stability.memory {
                Some(m) => format!(
                    " The memory of the factors multiplies theirs by {}; the map is drawn for factors that have settled.",
                    plain(m, 3)
                ),
                None => String::new(),
            };
            format!(
                "{at} with slope {}: every interval multiplies the error by it{sign}, {verdict}.{memory}",
                plain(f, 3)
            )
        }
        (None, Some((l, r))) => format!(
            "{at} at a kink: slope {} below and {} above.",
            plain(l, 3),
            plain(r, 3)
        ),
        (None, None) => format!("{at}."),
    }
}
