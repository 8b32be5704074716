//! Every method on the same case, side by side: Fig. 8 of `[zuo2022]`, with money.

use serde_json::{Value, to_value};

use crate::report::plots::{axis, by_clock, chart, message, over, path};
use crate::report::side_by_side::{Dots, Row, SideBySide, extremes};
use crate::report::words::counted;
use crate::report::{
    Axis, Clock, Ledger, Level, Mark, Report, Role, Status, Table, amount, capitalised, column,
    number, plain, table, text,
};

use super::ledger::settle;
use super::words::mw;
use crate::market::rt_sced::model::comparison::{ByM, Compared, Comparison, Ended, MethodRun};
use crate::market::rt_sced::model::dispatch::clearing::NoDispatch;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::params::{Method, RtSced, Rule};

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
    costs(compared, params, &mut report);
    money(compared, params, &mut report);
    outputs(compared, params, &mut report);
    if let Some(by_m) = &compared.by_m {
        draw_by_m(by_m, compared.first_optimum, &mut report);
    }
    report
}

/// The methods as rows.
fn rows(compared: &Comparison, params: &RtSced, with_over: bool) -> SideBySide {
    let row = |run: &MethodRun| {
        let (id, name, _) = shown(run.method);
        let over = match run.over_mwh_per_day > 0.0 && with_over {
            true => format!(
                "{}\u{a0}MWh a day over limits",
                amount(run.over_mwh_per_day, "")
            ),
            false => String::new(),
        };
        Row::new(id, name, changes(run.method, params)).over(over)
    };
    SideBySide {
        one: "method",
        rows: compared.runs.iter().map(row).collect(),
    }
}

/// The inputs that make a method the scenario's.
fn changes(method: Compared, params: &RtSced) -> Vec<(String, Value)> {
    let to = method.settings(params);
    let json = |value: Result<Value, serde_json::Error>| value.unwrap_or(Value::Null);
    let mut changes = vec![("mechanism.method".into(), json(to_value(to.method)))];
    if to.method == Method::DistributionFactors {
        changes.push(("mechanism.df.rule".into(), json(to_value(to.df.rule))));
    }
    if to.equivalent.lines != params.equivalent.lines {
        let lines = json(to_value(to.equivalent.lines));
        changes.push(("mechanism.equivalent.lines".into(), lines));
    }
    if to.look_ahead_intervals != params.look_ahead_intervals {
        let intervals = to.look_ahead_intervals.into();
        changes.push(("mechanism.look_ahead_intervals".into(), intervals));
    }
    changes
}

/// Mean cost on one scale: hollow where a limit is broken, for that cannot be kept up.
fn costs(compared: &Comparison, params: &RtSced, report: &mut Report) {
    let of = |over: bool| {
        let runs = compared.runs.iter();
        let cost = runs.map(|r| match (r.over_mwh_per_day > 0.0) == over {
            true => r.mean_usd_per_h,
            false => f64::NAN,
        });
        cost.collect::<Vec<f64>>()
    };
    let within = compared.runs.iter().filter(|r| r.over_mwh_per_day == 0.0);
    let within: Vec<(String, f64)> = within
        .map(|r| (shown(r.method).1.into(), r.mean_usd_per_h))
        .collect();
    let says = match within.as_slice() {
        [] => "Every method puts lines over their limits: none of these costs is that of a dispatch that can be kept up.".into(),
        within => format!(
            "Mean cost without a line over its limit: {}. Hatched: with lines over limits, at a cost that is not that of a dispatch that can be kept up.",
            extremes(within, "$/h")
        ),
    };
    let dots = vec![
        Dots::new(
            "cost_over".into(),
            "with lines over limits",
            Role::Line,
            of(true),
        )
        .hollow(),
        Dots::new(
            "cost_within".into(),
            "within limits",
            Role::Generator,
            of(false),
        ),
    ];
    let side = rows(compared, params, true);
    let title = "What each method costs".to_string();
    side.add(
        side.chart(("method_costs", title), ("mean cost", "$/h"), dots, says),
        report,
    );
}

/// Receipts less payments over the run.
fn money(compared: &Comparison, params: &RtSced, report: &mut Report) {
    let system = &compared.system;
    let hours = params.interval_hours();
    let ledgers = compared.runs.iter().map(|run| {
        let how = (run.method == Compared::Optimal, run.equivalents.as_slice());
        settle(system, &run.intervals, hours, how)
    });
    let ledgers: Vec<Ledger> = ledgers.collect();
    let net = |ids: &[String]| -> Vec<f64> {
        let of = |ledger: &Ledger| ids.iter().map(|id| ledger.net_usd(id)).sum();
        ledgers.iter().map(of).collect()
    };
    let generators: Vec<String> = system.generators.iter().map(|g| g.id.clone()).collect();
    let alone = (0..system.ders.len()).filter(|&d| system.group_of[d].is_none());
    let alone: Vec<String> = alone.map(|d| system.ders[d].id.clone()).collect();
    let iso = ["ISO".to_string()];
    let mut dots = vec![
        Dots::new(
            "net:loads".into(),
            "loads",
            Role::Load,
            net(&system.load_ids),
        ),
        Dots::new(
            "net:generators".into(),
            "generators",
            Role::Generator,
            net(&generators),
        ),
    ];
    for group in system.groups.iter().take(MOST_GROUPS) {
        let own = net(std::slice::from_ref(&group.id));
        dots.push(Dots::new(
            format!("net:{}", group.id),
            group.id.clone(),
            Role::Aggregator,
            own,
        ));
    }
    if !alone.is_empty() {
        dots.push(Dots::new(
            "net:ders".into(),
            "other DERs",
            Role::Der,
            net(&alone),
        ));
    }
    dots.push(Dots::new(
        "net:iso".into(),
        "congestion rent",
        Role::Line,
        net(&iso),
    ));
    let side = rows(compared, params, false);
    let says = "Receipts less payments over the run, at the LMPs of each interval and each aggregator's own price; what stays with the ISO is the congestion rent, which is below zero where a method pays out more than it takes.";
    let title = "Who gains and who pays".to_string();
    let chart = side.chart(
        ("method_nets", title),
        ("net receipts", "$"),
        dots,
        says.into(),
    );
    side.add(chart, report);
}

/// Aggregators up to which each has a dot of its own.
const MOST_GROUPS: usize = 4;

/// The output that swings most, a small chart for each method on one scale, with the optimum beside it.
fn outputs(compared: &Comparison, params: &RtSced, report: &mut Report) {
    let der = &compared.der_id;
    let few = params.intervals <= 48;
    let output = |i: &Interval| i.actual.ders[compared.der];
    let all = compared
        .runs
        .iter()
        .flat_map(|run| run.intervals.iter().map(output));
    let (low, high) = all.fold((0.0, f64::NEG_INFINITY), |(a, b): (f64, f64), v| {
        (a.min(v), b.max(v))
    });
    let optimum = compared
        .runs
        .iter()
        .find(|run| run.method == Compared::Optimal);
    for run in &compared.runs {
        let (key, name, role) = shown(run.method);
        let id = format!("dispatch:{key}");
        let values = run.intervals.iter().map(output).collect();
        let series = by_clock(id.clone(), name.into(), "MW", values);
        report.series.extend([series]);
        let mark = |series: String, role: Role, dashed: bool| Mark::Line {
            series,
            role,
            step: true,
            points: few && !dashed,
            dashed,
            shown: true,
        };
        if run.method == Compared::Optimal {
            continue;
        }
        let mut marks = vec![mark(id, role, false)];
        if optimum.is_some() {
            marks.push(mark("dispatch:optimal".into(), Role::Reference, true));
        }
        let over: Vec<usize> = run.totals.overloaded.iter().map(|t| t + 1).collect();
        if !over.is_empty() {
            marks.push(Mark::Flag {
                at: over,
                label: "over a limit".into(),
            });
        }
        let (least, most) = run.tail_mw;
        let says = format!(
            "{der} moves between {} and {} in the second half.",
            plain(least, 3),
            mw(most)
        );
        let y = Axis {
            holds: Some((low, high)),
            ..axis("output", "MW", true)
        };
        let mut small = chart(
            "interval",
            &format!("method_{key}"),
            format!("{der}, {name}"),
            y,
            marks,
            &says,
        );
        small.small = true;
        report.charts.push(small);
    }
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
