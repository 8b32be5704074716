//! Every method on the same case, side by side: Fig. 8 of `[zuo2022]`, with money.

use crate::report::plots::{axis, by_clock, chart, message, over, path};
use crate::report::words::counted;
use crate::report::{
    Axis, Clock, Level, Mark, Report, Role, Series, Status, Table, capitalised, column, number,
    plain, table, text,
};

use super::words::mw;
use crate::market::rt_sced::model::comparison::{ByM, Compared, Comparison, Ended, MethodRun};
use crate::market::rt_sced::model::dispatch::clearing::NoDispatch;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::params::{RtSced, Rule};

/// Key, name and colour of a method.
pub fn shown(method: Compared) -> (&'static str, &'static str, Role) {
    match method {
        Compared::Factors(Rule::LatestSe) => {
            ("latest_se", "factors from state estimation", Role::Price)
        }
        Compared::Factors(Rule::MovingAverage) => {
            ("moving_average", "mean of the last factors", Role::Der)
        }
        Compared::Factors(Rule::Unscheduled) => ("unscheduled", "unscheduled capacity", Role::Load),
        Compared::OneAtATime => (
            "one_at_a_time",
            "fixed factors, one interval at a time",
            Role::Reference,
        ),
        Compared::Factors(_) => ("capacity", "fixed factors", Role::Line),
        Compared::UnionJack => ("union_jack", "Union Jack", Role::Aggregator),
        Compared::ExactCurve => ("exact_curve", "exact curve", Role::Generator),
        Compared::Optimal => ("optimal", "global optimum", Role::Optimum),
    }
}

/// Why a method has no run, or one that ends early.
pub fn why_ended(method: Compared, ended: &Ended) -> String {
    let name = shown(method).1;
    match ended {
        Ended::NotStarted(why) => format!("{name}: {why}"),
        Ended::Stopped(t, failure) => {
            let why = match failure {
                NoDispatch::Infeasible(_) => "has no dispatch",
                NoDispatch::Unsolved(_) => "could not be solved",
            };
            format!("{name}: interval {} {why}", t + 1)
        }
    }
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
        let text = format!("{}.", why_ended(*method, ended));
        report.messages.push(message(Level::Warning, text));
    }
    let says = |head: &str, of_method: &dyn Fn(&MethodRun) -> String| {
        let runs = compared.runs.iter();
        let parts = runs.map(|r| format!("{} {}", shown(r.method).1, of_method(r)));
        format!("{head}: {}.", parts.collect::<Vec<_>>().join("; "))
    };
    let outputs = says(&format!("Output of {der} in the second half"), &|r| {
        format!("{} to {}", plain(r.tail_mw.0, 3), mw(r.tail_mw.1))
    });
    let costs = says("Mean cost", &|r| {
        format!("{} $/h", plain(r.mean_usd_per_h, 3))
    });
    let overloads = says("Worst overload", &|r| mw(r.totals.worst_overload_mw));
    let title = format!("Output of {der} by method");
    let output = |i: &Interval| i.actual.ders[compared.der];
    let cost = |i: &Interval| i.cost_usd_per_h;
    let overload = Interval::worst_overload_mw;
    let few = params.intervals <= 48;
    let mut add = |id: &str, title: &str, y: Axis, says: &str, value: &dyn Fn(&Interval) -> f64| {
        let lines = compared
            .runs
            .iter()
            .map(|run| by_interval(run, id, &y.unit, few, value));
        let (series, marks) = lines.unzip::<_, _, Vec<_>, _>();
        report.series.extend(series);
        let id = format!("compare_{id}");
        report
            .charts
            .push(chart("interval", &id, title, y, marks, says));
    };
    add(
        "dispatch",
        &title,
        axis("output", "MW", true),
        &outputs,
        &output,
    );
    add(
        "cost",
        "Cost by method",
        axis("cost", "$/h", false),
        &costs,
        &cost,
    );
    let y = axis("overload", "MW", true);
    add(
        "overload",
        "Worst overload by method",
        y,
        &overloads,
        &overload,
    );
    if let Some(by_m) = &compared.by_m {
        draw_by_m(by_m, compared.first_optimum, &mut report);
    }
    report
}

/// A quantity of a method by interval.
fn by_interval(
    run: &MethodRun,
    id: &str,
    unit: &str,
    points: bool,
    value: &dyn Fn(&Interval) -> f64,
) -> (Series, Mark) {
    let (key, name, role) = shown(run.method);
    let values = run.intervals.iter().map(value).collect();
    let series = by_clock(format!("{id}:{key}"), name.into(), unit, values);
    let mark = Mark::Line {
        series: series.id.clone(),
        role,
        step: true,
        points,
        dashed: run.method == Compared::Optimal,
        shown: true,
    };
    (series, mark)
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
        let mut ended = compared.ended.iter();
        if let Some((method, ended)) = ended.find(|(method, _)| *method == run.method) {
            return Some(why_ended(*method, ended));
        }
        match run.method {
            Compared::OneAtATime => Some(format!(
                "one interval at a time they move it between {} and {}, with an overload of up to {}",
                plain(run.tail_mw.0, 3),
                mw(run.tail_mw.1),
                mw(run.totals.worst_overload_mw)
            )),
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
    let grids = (1..=RtSced::MAX_M).map(f64::from).zip(costs);
    let of_grids: Vec<(f64, f64)> = grids.map(|(m, cost)| (m, *cost)).collect();
    let of_curve: Vec<(f64, f64)> = of_grids.iter().map(|(m, _)| (*m, exact)).collect();
    report.series.extend([
        over("cost_by_m", "Union Jack", "$/h", ("M", ""), &of_grids),
        over("cost_exact", "exact curve", "$/h", ("M", ""), &of_curve),
    ]);
    let marks = vec![
        path("cost_by_m", Role::Aggregator, true, false),
        path("cost_exact", Role::Generator, false, true),
    ];
    let title = "Cost of the first interval against M";
    let y = axis("cost", "$/h", false);
    let drawn = chart("M", "compare_m", title, y, marks, &says);
    report.charts.push(drawn);
}
