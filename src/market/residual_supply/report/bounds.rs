//! How far from the optimum a clearing can be: by its bound, by each function, and exchange by exchange.

use crate::report::plots::{axis, bars, by_clock, over, path, plot};
use crate::report::words::{counted, usd};
use crate::report::{Mark, Report, Role, Topic, amount};

use super::super::model::nested::Exchange;
use super::super::params::Scheme;
use super::run::Run;
use super::summary::{SHORT_MWH, cent};

/// Functions up to which the error of each has a bar.
const FUNCTIONS: usize = 12;

pub fn add(run: &Run, report: &mut Report) {
    if run.coordination.scheme == Scheme::Rsf {
        errors(run, report);
        cost(run, report);
    }
    exchanges(run, report);
}

/// An exchange with its number and what was proven with it, $: the lower bound and the best known.
///
/// Exchanges with whole bids prove nothing by themselves; after the last of them stands the clearing with its bound.
pub fn proven<'a>(run: &'a Run) -> impl Iterator<Item = (usize, f64, f64, &'a Exchange)> {
    let market = &run.coordination.market;
    let count = market.exchanges.len();
    let cleared = (market.bound_usd, market.cost_usd(run.system));
    let numbered = market.exchanges.iter().enumerate();
    numbered.map(move |(k, e)| {
        let (lower, upper) = match e.whole && k + 1 == count {
            true => cleared,
            false => (e.lower_usd, e.upper_usd),
        };
        (k + 1, lower, upper, e)
    })
}

/// Bars of one value each, the same in every period.
fn constants(
    run: &Run,
    report: &mut Report,
    (id, title, label): (&str, &str, &str),
    role: Role,
    values: Vec<(String, f64)>,
    summary: &str,
) {
    let series = values.iter().enumerate().map(|(k, (label, value))| {
        let every = vec![*value; run.system.periods];
        by_clock(format!("{id}:{k}"), label.clone(), "$", every)
    });
    let series: Vec<_> = series.collect();
    let ids = series.iter().map(|s| s.id.clone()).collect();
    let labels = values.into_iter().map(|(label, _)| label).collect();
    report.series.extend(series);
    let y = axis(label, "$", true);
    let chart = bars(id, title, y, role, (labels, ids), summary);
    report.charts.push(chart.about(Topic::Region));
}

/// The error of the clearing beside that of each function; nested cuts are good where they were asked for only.
fn errors(run: &Run, report: &mut Report) {
    let market = &run.coordination.market;
    let error = market.error_usd(run.system);
    let curves: Vec<_> = market.curves.iter().flatten().collect();
    let known = curves.iter().all(|c| c.gap_usd.is_finite()) && error.is_finite();
    let known = known && market.exchanges.is_empty();
    if !known || !(2..=FUNCTIONS).contains(&curves.len()) {
        return;
    }
    let areas = curves.iter().map(|curve| {
        let id = &run.system.areas[curve.area].id;
        (id.clone(), curve.gap_usd)
    });
    let values = std::iter::once(("clearing".to_string(), error)).chain(areas);
    constants(
        run,
        report,
        ("errors", "How far off at most", "error"),
        Role::Reference,
        values.collect(),
        "The clearing: how much more it can cost than the optimum, at the exports that it has. Each function: where its chords and tangents are furthest apart, at any export.",
    );
}

/// What the clearing costs, what of it is energy without an answer, and what it costs at least.
fn cost(run: &Run, report: &mut Report) {
    let found = run.coordination;
    let market = &found.market;
    let cost = market.cost_usd(run.system);
    let error = market.error_usd(run.system);
    if !error.is_finite() || error <= cent(cost) {
        return;
    }
    let mut values = vec![
        ("at least".to_string(), market.bound_usd),
        ("this clearing".to_string(), cost),
    ];
    let mut summary = format!(
        "No dispatch of these bids costs less than the bar \"at least\"; this clearing costs {} more.",
        usd(error)
    );
    if found.unserved_mwh > SHORT_MWH {
        let missing = cost - market.dispatch.bid_cost_usd();
        values.push(("missing energy".to_string(), missing));
        summary += &format!(
            " Of its cost {} are {} without an answer, at the price cap.",
            usd(missing),
            amount(found.unserved_mwh, "MWh")
        );
    }
    summary += &below_zero(cost);
    constants(
        run,
        report,
        (
            "bounds",
            "Cost of the clearing, and the least possible",
            "cost",
        ),
        Role::Generator,
        values,
        &summary,
    );
}

/// What a negative cost is.
fn below_zero(cost_usd: f64) -> String {
    match cost_usd < -0.005 {
        true => " A negative cost is a saving: those who are turned down pay for energy that they need not make, and that is more than the others are paid.".into(),
        false => String::new(),
    }
}

/// What the exchanges of nested cuts proved, one after the other.
fn exchanges(run: &Run, report: &mut Report) {
    let market = &run.coordination.market;
    let in_part = market.exchanges.iter().filter(|e| !e.whole).enumerate();
    let (lower, upper): (Vec<_>, Vec<_>) = in_part
        .map(|(k, e)| (((k + 1) as f64, e.lower_usd), ((k + 1) as f64, e.upper_usd)))
        .unzip();
    // One point is no course.
    let ([first, .., last], [first_upper, .., last_upper]) = (lower.as_slice(), upper.as_slice())
    else {
        return;
    };
    let cost = market.cost_usd(run.system);
    let error = market.error_usd(run.system);
    let end = match error.is_finite() {
        true => error,
        false => last_upper.1 - last.1,
    };
    let whole = market.exchanges.iter().filter(|e| e.whole).count();
    let kept = match whole {
        0 => String::new(),
        1 => ", the last with whole bids kept whole".into(),
        _ => format!(", the last {whole} with whole bids kept whole"),
    };
    let summary = format!(
        "{}{kept}: the clearing is off by at most {} after the first and {} in the end.{}",
        counted(market.exchanges.len(), "exchange"),
        usd(first_upper.1 - first.1),
        usd(end),
        below_zero(cost),
    );
    let lines = [
        (
            "exchange_upper",
            "best exports known",
            &upper,
            Role::Generator,
        ),
        (
            "exchange_lower",
            "lower bound by the cuts",
            &lower,
            Role::Reference,
        ),
    ];
    let mut marks = Vec::new();
    for (series, name, points, role) in lines {
        marks.push(path(series, role, true, role == Role::Reference));
        report
            .series
            .push(over(series, name, "$", ("exchange", ""), points));
    }
    marks.push(Mark::Point {
        x: market.exchanges.len() as f64,
        y: cost,
        label: format!("cleared: off by at most {}", usd(end)),
    });
    let proves = plot(
        "exchanges",
        "What every exchange of cuts proves".into(),
        (axis("exchange", "", false), axis("cost", "$", false)),
        marks,
        summary,
    );
    report.charts.push(proves.about(Topic::Stability));
}
