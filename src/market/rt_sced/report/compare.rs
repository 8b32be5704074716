//! Every method on the same case, side by side: Fig. 8 of `[zuo2022]`, with money.

use crate::report::plots::{axis, chart, message};
use crate::report::words::counted;
use crate::report::{
    Chart, Clock, Index, Level, Mark, Report, Role, Series, Status, Table, capitalised, column,
    number, plain, table, text,
};

use super::words::mw;
use crate::market::rt_sced::model::comparison::{ByM, Compared, Comparison, Ended, MethodRun};
use crate::market::rt_sced::model::dispatch::clearing::Failure;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::params::{RtSced, Rule};

/// Key, name and colour of a method.
fn shown(method: Compared) -> (&'static str, &'static str, Role) {
    match method {
        Compared::Factors(Rule::LatestSe) => {
            ("latest_se", "factors from state estimation", Role::Price)
        }
        Compared::Factors(Rule::MovingAverage) => {
            ("moving_average", "mean of the last factors", Role::Der)
        }
        Compared::Factors(Rule::Unscheduled) => ("unscheduled", "unscheduled capacity", Role::Load),
        Compared::Factors(_) => ("capacity", "fixed factors", Role::Line),
        Compared::UnionJack => ("union_jack", "Union Jack", Role::Aggregator),
        Compared::ExactCurve => ("exact_curve", "exact curve", Role::Generator),
        Compared::Optimal => ("optimal", "global optimum", Role::Optimum),
    }
}

/// A chart with a line for every method.
struct Picture<'a> {
    id: &'static str,
    title: String,
    unit: &'static str,
    zero: bool,
    value: &'a dyn Fn(&Interval) -> f64,
    /// How the sentence begins, and what it says of a method.
    head: String,
    of_method: &'a dyn Fn(&MethodRun) -> String,
}

/// Writes the comparison.
pub fn report(compared: &Comparison, params: &RtSced) -> Report {
    let der = &compared.der_id;
    let mut report = Report {
        status: Status::Solved,
        headline: headline(compared),
        clock: Some(Clock {
            name: "interval".into(),
            steps: params.intervals,
            minutes_per_step: params.interval_minutes,
        }),
        tables: vec![methods(compared, params)],
        ..Report::default()
    };
    for (method, ended) in &compared.ended {
        let name = shown(*method).1;
        let text = match ended {
            Ended::NotStarted(why) => format!("{name}: {why}."),
            Ended::Stopped(t, failure) => {
                let why = match failure {
                    Failure::Infeasible(_) => "has no dispatch",
                    Failure::Numerics(_) => "could not be solved",
                };
                format!("{name}: interval {} {why}.", t + 1)
            }
        };
        report.messages.push(message(Level::Warning, text));
    }
    let pictures = [
        Picture {
            id: "dispatch",
            title: format!("Output of {der} by method"),
            unit: "MW",
            zero: true,
            value: &|i| i.actual.ders[compared.der],
            head: format!("Output of {der} in the second half"),
            of_method: &|r| format!("{} to {}", plain(r.tail_mw.0, 3), mw(r.tail_mw.1)),
        },
        Picture {
            id: "cost",
            title: "Cost by method".into(),
            unit: "$/h",
            zero: false,
            value: &|i| i.cost_usd_per_h,
            head: "Mean cost".into(),
            of_method: &|r| format!("{} $/h", plain(r.mean_usd_per_h, 3)),
        },
        Picture {
            id: "overload",
            title: "Worst overload by method".into(),
            unit: "MW",
            zero: true,
            value: &Interval::worst_overload_mw,
            head: "Worst overload".into(),
            of_method: &|r| mw(r.totals.worst_overload_mw),
        },
    ];
    for picture in pictures {
        draw(compared, params, &picture, &mut report);
    }
    if let Some(by_m) = &compared.by_m {
        draw_by_m(by_m, compared.first_optimum, &mut report);
    }
    report
}

fn draw(compared: &Comparison, params: &RtSced, picture: &Picture, report: &mut Report) {
    let (mut marks, mut parts) = (Vec::new(), Vec::new());
    for run in &compared.runs {
        let (key, name, role) = shown(run.method);
        let series = format!("{}:{key}", picture.id);
        parts.push(format!("{name} {}", (picture.of_method)(run)));
        report.series.push(Series {
            id: series.clone(),
            name: name.into(),
            unit: picture.unit.into(),
            index: Index::Clock,
            values: run.intervals.iter().map(picture.value).collect(),
        });
        marks.push(Mark::Line {
            series,
            role,
            step: true,
            points: params.intervals <= 48,
            dashed: run.method == Compared::Optimal,
            shown: true,
        });
    }
    let label = match picture.id {
        "dispatch" => "output",
        id => id,
    };
    let y = axis(label, picture.unit, picture.zero);
    let says = format!("{}: {}.", picture.head, parts.join("; "));
    let id = format!("compare_{}", picture.id);
    let title = picture.title.clone();
    report
        .charts
        .push(chart("interval", &id, title, y, marks, &says));
}

fn methods(compared: &Comparison, params: &RtSced) -> Table {
    let der = &compared.der_id;
    let rows = compared.runs.iter().map(|r| {
        let (low, high) = r.tail_mw;
        let numbers = [
            low,
            high,
            high - low,
            r.totals.overloaded.len() as f64,
            r.totals.worst_overload_mw,
            r.over_mwh_per_day,
            r.mean_usd_per_h,
            r.loss_usd_per_day,
        ];
        let name = text(shown(r.method).1);
        std::iter::once(name).chain(numbers.map(number)).collect()
    });
    let columns = vec![
        column("method", ""),
        column(format!("{der}, least"), "MW"),
        column(format!("{der}, greatest"), "MW"),
        column("amplitude", "MW"),
        column("intervals over a limit", "1"),
        column("worst overload", "MW"),
        column("energy over limits", "MWh/day"),
        column("mean cost", "$/h"),
        column("loss", "$/day"),
    ];
    let note = format!(
        "Least, greatest and amplitude (greatest minus least) over the second half of {} intervals; where the load moves, so does the optimum. Loss: what the intervals within limits cost above the global optimum, per day; what an overload saves is not counted against it.",
        params.intervals
    );
    table(
        "compare",
        "Methods side by side",
        columns,
        rows.collect(),
        &note,
    )
}

fn headline(compared: &Comparison) -> String {
    let part = |run: &MethodRun| {
        let over = run.totals.overloaded.len();
        match run.method {
            Compared::Factors(Rule::Capacity) => Some(format!(
                "fixed factors move {} between {} and {} and overload a line in {}",
                compared.der_id,
                plain(run.tail_mw.0, 3),
                mw(run.tail_mw.1),
                counted(over, "interval")
            )),
            Compared::UnionJack | Compared::ExactCurve => Some(format!(
                "{} loses {} $ a day, {} over a limit",
                shown(run.method).1,
                plain(run.loss_usd_per_day, 2),
                match over {
                    0 => "none".to_string(),
                    n => n.to_string(),
                }
            )),
            _ => None,
        }
    };
    let parts: Vec<String> = compared.runs.iter().filter_map(part).collect();
    format!("{}.", capitalised(&parts.join("; ")))
}

/// Cost of the first interval against M, with the exact curve's beside it.
fn draw_by_m(by_m: &ByM, optimum: Option<f64>, report: &mut Report) {
    let series = |id: &str, name: &str, values: Vec<f64>| Series {
        id: id.into(),
        name: name.into(),
        unit: "$/h".into(),
        index: Index::Numbers {
            name: "M".into(),
            unit: String::new(),
            at: (1..=RtSced::MAX_M).map(f64::from).collect(),
        },
        values,
    };
    let line = |series: &str, role: Role, dashed: bool| Mark::Line {
        series: series.into(),
        role,
        step: false,
        points: !dashed,
        dashed,
        shown: true,
    };
    let costs = &by_m.union_jack;
    let finite = costs.iter().copied().filter(|c| c.is_finite());
    let worst = finite.fold(f64::NAN, f64::max);
    let last = costs.last().copied().unwrap_or(f64::NAN);
    let exact = by_m.exact_curve;
    let optimum = optimum.map_or(String::new(), |best| {
        format!("; the optimum is {} $/h", plain(best, 4))
    });
    let says = format!(
        "The interpolated bid costs up to {} $/h and {} $/h at M = {}; the exact curve {} $/h{optimum}. Finer is not always cheaper.",
        plain(worst, 4),
        plain(last, 4),
        RtSced::MAX_M,
        plain(exact, 4)
    );
    report.series.extend([
        series("cost_by_m", "Union Jack", costs.clone()),
        series("cost_exact", "exact curve", vec![exact; costs.len()]),
    ]);
    let marks = vec![
        line("cost_by_m", Role::Aggregator, false),
        line("cost_exact", Role::Generator, true),
    ];
    let title = "Cost of the first interval against M";
    let y = axis("cost", "$/h", false);
    let drawn: Chart = chart("M", "compare_m", title, y, marks, &says);
    report.charts.push(drawn);
}
