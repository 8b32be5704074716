//! Every method on the same case, side by side: Fig. 8 of `[zuo2022]`, with money.

use crate::case::Case;
use crate::report::words::counted;
use crate::report::{
    Axis, Cell, Chart, Clock, Column, Index, Level, Mark, Message, Report, Role, Series, Status,
    Table,
};

use super::dispatch::Failure;
use super::narrative::{mw, plain};
use super::operation::OVERLOAD_TOLERANCE_MW;
use super::params::{CriticalLines, DistributionFactors, Method, RtSced, Rule};
use super::roll::{Interval, Roll, roll, roll_to};
use super::stability::{choose_watch, range};
use super::system::System;

/// One method of the comparison.
struct Variant {
    id: &'static str,
    name: &'static str,
    role: Role,
    dashed: bool,
    method: Method,
    rule: Rule,
}

const fn variant(
    id: &'static str,
    name: &'static str,
    role: Role,
    method: Method,
    rule: Rule,
) -> Variant {
    Variant {
        id,
        name,
        role,
        dashed: matches!(method, Method::Optimal),
        method,
        rule,
    }
}

/// The methods of the paper's Fig. 8 and the exact curve.
const VARIANTS: [Variant; 7] = [
    variant(
        "capacity",
        "fixed factors",
        Role::Line,
        Method::DistributionFactors,
        Rule::Capacity,
    ),
    variant(
        "latest_se",
        "factors from state estimation",
        Role::Price,
        Method::DistributionFactors,
        Rule::LatestSe,
    ),
    variant(
        "moving_average",
        "mean of the last factors",
        Role::Der,
        Method::DistributionFactors,
        Rule::MovingAverage,
    ),
    variant(
        "unscheduled",
        "unscheduled capacity",
        Role::Load,
        Method::DistributionFactors,
        Rule::Unscheduled,
    ),
    variant(
        "union_jack",
        "Union Jack",
        Role::Aggregator,
        Method::UnionJack,
        Rule::Capacity,
    ),
    variant(
        "exact_curve",
        "exact curve",
        Role::Generator,
        Method::ExactCurve,
        Rule::Capacity,
    ),
    variant(
        "optimal",
        "global optimum",
        Role::Optimum,
        Method::Optimal,
        Rule::Capacity,
    ),
];

/// Values of M in the chart of its effect.
const M_SHOWN: std::ops::RangeInclusive<u32> = 1..=RtSced::MAX_M;

/// Runs every method and writes the comparison.
///
/// # Errors
/// A sentence, when the case cannot be read as a network or has no aggregator.
pub fn compare(case: &Case, params: &RtSced) -> Result<Report, String> {
    let system = System::new(case, params)?;
    if system.groups.is_empty() {
        return Err("the case has no aggregator, so all methods are the same dispatch".into());
    }
    let mut messages = Vec::new();
    let mut note = |text: String| {
        messages.push(Message {
            level: Level::Warning,
            text,
            field: None,
            cures: Vec::new(),
        });
    };
    let mut runs: Vec<(&Variant, Roll)> = Vec::new();
    for variant in &VARIANTS {
        match roll(&system, &settings(params, variant)) {
            Err(why) => note(format!("{}: {why}.", variant.name)),
            Ok(roll) => {
                if let Some(stopped) = &roll.stopped {
                    let why = match stopped {
                        Failure::Infeasible(_) => "has no dispatch",
                        Failure::Numerics(_) => "could not be solved",
                    };
                    let t = roll.intervals.len() + 1;
                    note(format!("{}: interval {t} {why}.", variant.name));
                }
                runs.push((variant, roll));
            }
        }
    }
    // The DER that swings most under fixed factors, as everywhere.
    let first = runs.first().map_or(&[][..], |(_, roll)| &roll.intervals);
    let watch = choose_watch(&system, params, first)
        .ok_or("no DER belongs to an aggregator, so all methods are the same dispatch")?;
    let best: Vec<f64> = runs
        .iter()
        .find(|(variant, _)| variant.method == Method::Optimal)
        .map_or_else(Vec::new, |(_, roll)| {
            roll.intervals.iter().map(|i| i.cost_usd_per_h).collect()
        });
    let der = &system.ders[watch.der].id;
    let mut report = Report {
        status: Status::Solved,
        clock: Some(Clock {
            name: "interval".into(),
            steps: params.intervals,
            minutes_per_step: params.interval_minutes,
        }),
        messages,
        ..Report::default()
    };
    type Value<'a> = Box<dyn Fn(&Interval) -> f64 + 'a>;
    let pictures: [(&str, String, &str, &str, bool, Value); 3] = [
        (
            "dispatch",
            format!("Output of {der} by method"),
            "output",
            "MW",
            true,
            Box::new(|i| i.actual.ders[watch.der]),
        ),
        (
            "cost",
            "Cost by method".into(),
            "cost",
            "$/h",
            false,
            Box::new(|i| i.cost_usd_per_h),
        ),
        (
            "overload",
            "Worst overload by method".into(),
            "overload",
            "MW",
            true,
            Box::new(Interval::worst_overload_mw),
        ),
    ];
    let rows: Vec<Summary> = runs
        .iter()
        .map(|(variant, roll)| Summary::new(variant, roll, &best, watch.der, params))
        .collect();
    for (id, title, label, unit, zero, value) in pictures {
        let mut marks = Vec::new();
        for (variant, roll) in &runs {
            let series = format!("{id}:{}", variant.id);
            report.series.push(Series {
                id: series.clone(),
                name: variant.name.into(),
                unit: unit.into(),
                index: Index::Clock,
                values: roll.intervals.iter().map(&value).collect(),
            });
            marks.push(Mark::Line {
                series,
                role: variant.role,
                step: true,
                points: params.intervals <= 48,
                dashed: variant.dashed,
                shown: true,
            });
        }
        report.charts.push(Chart {
            id: format!("compare_{id}"),
            title,
            x: axis("interval", "", false),
            y: axis(label, unit, zero),
            marks,
            summary: sentence(id, &rows, der),
            square: false,
            probe: None,
        });
    }
    if let Some((series, chart)) = by_m(&system, params, &best) {
        report.series.extend(series);
        report.charts.push(chart);
    }
    report.headline = headline(&rows, der);
    report.tables.push(table(&rows, der, params));
    Ok(report)
}

fn settings(params: &RtSced, variant: &Variant) -> RtSced {
    let mut equivalent = params.equivalent.clone();
    if variant.method == Method::ExactCurve && params.method != Method::ExactCurve {
        // Lines chosen for the plane of a Union Jack are one each; exact curves take all that matter.
        equivalent.lines = CriticalLines::Proposed;
    }
    RtSced {
        equivalent,
        method: variant.method,
        df: DistributionFactors {
            rule: variant.rule,
            ..params.df.clone()
        },
        ..params.clone()
    }
}

/// One method in numbers.
struct Summary {
    id: &'static str,
    name: &'static str,
    tail_mw: (f64, f64),
    over: usize,
    worst_mw: f64,
    over_mwh_per_day: f64,
    mean_cost: f64,
    /// Over the intervals within limits, $ per day of such intervals.
    loss_usd_per_day: f64,
}

impl Summary {
    fn new(variant: &Variant, roll: &Roll, best: &[f64], der: usize, params: &RtSced) -> Summary {
        let intervals = &roll.intervals;
        let n = intervals.len().max(1) as f64;
        let overloaded = |i: &&Interval| i.worst_overload_mw() > OVERLOAD_TOLERANCE_MW;
        let per_day = 24.0 / (n * params.interval_hours());
        let energy: f64 = intervals
            .iter()
            .map(|i| i.overloads_mw.iter().sum::<f64>() * params.interval_hours())
            .sum();
        let loss: f64 = intervals
            .iter()
            .zip(best)
            .filter(|(i, _)| !overloaded(i))
            .map(|(i, best)| (i.cost_usd_per_h - best) * params.interval_hours())
            .sum();
        Summary {
            id: variant.id,
            name: variant.name,
            tail_mw: range(
                intervals[intervals.len() / 2..]
                    .iter()
                    .map(|i| i.actual.ders[der]),
            ),
            over: intervals.iter().filter(overloaded).count(),
            worst_mw: intervals
                .iter()
                .map(Interval::worst_overload_mw)
                .fold(0.0, f64::max),
            over_mwh_per_day: energy * per_day,
            mean_cost: intervals.iter().map(|i| i.cost_usd_per_h).sum::<f64>() / n,
            loss_usd_per_day: if best.is_empty() {
                f64::NAN
            } else {
                loss * per_day
            },
        }
    }
}

fn table(rows: &[Summary], der: &str, params: &RtSced) -> Table {
    let number = |value: f64| match value.is_finite() {
        true => Cell::Number(value),
        false => Cell::Empty,
    };
    let column = |name: String, unit: &str| Column {
        name,
        unit: unit.into(),
    };
    Table {
        id: "compare".into(),
        title: "Methods side by side".into(),
        columns: vec![
            column("method".into(), ""),
            column(format!("{der}, least"), "MW"),
            column(format!("{der}, greatest"), "MW"),
            column("amplitude".into(), "MW"),
            column("intervals over a limit".into(), "1"),
            column("worst overload".into(), "MW"),
            column("energy over limits".into(), "MWh/day"),
            column("mean cost".into(), "$/h"),
            column("loss".into(), "$/day"),
        ],
        rows: rows
            .iter()
            .map(|r| {
                vec![
                    Cell::Text(r.name.into()),
                    number(r.tail_mw.0),
                    number(r.tail_mw.1),
                    number(r.tail_mw.1 - r.tail_mw.0),
                    Cell::Number(r.over as f64),
                    Cell::Number(r.worst_mw),
                    Cell::Number(r.over_mwh_per_day),
                    number(r.mean_cost),
                    number(r.loss_usd_per_day),
                ]
            })
            .collect(),
        note: format!(
            "Least, greatest and amplitude (greatest minus least) over the second half of {} intervals; where the load moves, so does the optimum. Loss: what the intervals within limits cost above the global optimum, per day; what an overload saves is not counted against it.",
            params.intervals
        ),
        by_clock: false,
    }
}

fn sentence(id: &str, rows: &[Summary], der: &str) -> String {
    let parts: Vec<String> = rows
        .iter()
        .map(|r| {
            let what = match id {
                "dispatch" => format!("{} to {}", plain(r.tail_mw.0, 3), mw(r.tail_mw.1)),
                "cost" => format!("{} $/h", plain(r.mean_cost, 3)),
                _ => mw(r.worst_mw),
            };
            format!("{} {what}", r.name)
        })
        .collect();
    let head = match id {
        "dispatch" => format!("Output of {der} in the second half"),
        "cost" => "Mean cost".into(),
        _ => "Worst overload".into(),
    };
    format!("{head}: {}.", parts.join("; "))
}

fn headline(rows: &[Summary], der: &str) -> String {
    let find = |id: &str| rows.iter().find(|r| r.id == id);
    let mut parts = Vec::new();
    if let Some(fixed) = find("capacity") {
        parts.push(format!(
            "fixed factors move {der} between {} and {} and overload a line in {}",
            plain(fixed.tail_mw.0, 3),
            mw(fixed.tail_mw.1),
            counted(fixed.over, "interval")
        ));
    }
    for id in ["union_jack", "exact_curve"] {
        if let Some(row) = find(id) {
            let over = match row.over {
                0 => "none over a limit".to_string(),
                n => format!("{n} over a limit"),
            };
            parts.push(format!(
                "{} loses {} $ a day, {over}",
                row.name,
                plain(row.loss_usd_per_day, 2)
            ));
        }
    }
    let mut text = parts.join("; ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!("{text}.")
}

/// Cost of the first interval against M, with the exact curve's beside it.
fn by_m(system: &System, params: &RtSced, best: &[f64]) -> Option<(Vec<Series>, Chart)> {
    let first = |m: u32, method: Method| -> f64 {
        let mut one = RtSced {
            method,
            ..params.clone()
        };
        one.equivalent.m = m;
        let rolled = roll_to(system, &one, 1).ok();
        let cost = rolled.and_then(|r| r.intervals.first().map(|i| i.cost_usd_per_h));
        cost.unwrap_or(f64::NAN)
    };
    let costs: Vec<f64> = M_SHOWN.map(|m| first(m, Method::UnionJack)).collect();
    if costs.iter().all(|c| c.is_nan()) {
        return None;
    }
    let exact = first(params.equivalent.m, Method::ExactCurve);
    let index = || Index::Numbers {
        name: "M".into(),
        unit: String::new(),
        at: M_SHOWN.map(f64::from).collect(),
    };
    let line = |series: &str, role: Role, dashed: bool| Mark::Line {
        series: series.into(),
        role,
        step: false,
        points: !dashed,
        dashed,
        shown: true,
    };
    let worst = costs
        .iter()
        .copied()
        .filter(|c| c.is_finite())
        .fold(f64::NAN, f64::max);
    let last = costs.last().copied().unwrap_or(f64::NAN);
    let optimum = best.first().map_or(String::new(), |b| {
        format!("; the optimum is {} $/h", plain(*b, 4))
    });
    let series = vec![
        Series {
            id: "cost_by_m".into(),
            name: "Union Jack".into(),
            unit: "$/h".into(),
            index: index(),
            values: costs,
        },
        Series {
            id: "cost_exact".into(),
            name: "exact curve".into(),
            unit: "$/h".into(),
            index: index(),
            values: M_SHOWN.map(|_| exact).collect(),
        },
    ];
    let chart = Chart {
        id: "compare_m".into(),
        title: "Cost of the first interval against M".into(),
        x: axis("M", "", false),
        y: axis("cost", "$/h", false),
        marks: vec![
            line("cost_by_m", Role::Aggregator, false),
            line("cost_exact", Role::Generator, true),
        ],
        summary: format!(
            "The interpolated bid costs up to {} $/h and {} $/h at M = {}; the exact curve {} $/h{optimum}. Finer is not always cheaper.",
            plain(worst, 4),
            plain(last, 4),
            RtSced::MAX_M,
            plain(exact, 4)
        ),
        square: false,
        probe: None,
    };
    Some((series, chart))
}

fn axis(label: &str, unit: &str, zero: bool) -> Axis {
    Axis {
        label: label.into(),
        unit: unit.into(),
        zero,
    }
}
