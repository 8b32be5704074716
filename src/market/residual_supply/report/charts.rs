//! Charts of a run.

use crate::report::plots::{axis, bars, by_clock, over, path, plot, voltage_chart};
use crate::report::words::listed;
use crate::report::{Axis, Chart, Edge, Mark, Report, Role, Topic, amount};

use super::super::model::curve::Curve;
use super::super::model::marginal::MarginalStep;
use super::super::model::system::Kind;
use super::bounds;
use super::probe::KEY;
use super::run::Run;
use super::words::{net_id, price_words, resource, step_labels, usd_per_mwh};

/// Steps up to which each carries its name in the chart.
const NAMED_STEPS: usize = 14;

/// What the market made of a curve.
const CLEARED: &str = "cleared";
/// Bars up to which a chart of bars is drawn.
const MOST_BARS: usize = 60;

/// Buses from which on voltages make a profile; those of fewer stand at the network.
const LEAST_PROFILE: usize = 4;

pub fn add(run: &Run, report: &mut Report) {
    if let Some(curve) = run.curve()
        && !curve.steps[run.period].is_empty()
    {
        curve_chart(run, curve, report);
        cost_chart(run, curve, report);
    }
    bounds::add(run, report);
    let bids = &run.system.balancing.bids;
    if bids.len() <= MOST_BARS {
        named_bars(
            report,
            ("dispatch", "p"),
            "Activated bids",
            axis("activation", "MW", true),
            Role::Der,
            bids.iter().map(|bid| bid.id.clone()).collect(),
            "Up is more injection, down less.",
        );
    }
    prices(run, report);
    voltages(run, report);
    money(run, report);
}

/// Bars of the series `<kind>:<label>`.
fn named_bars(
    report: &mut Report,
    (id, kind): (&str, &str),
    title: &str,
    y: Axis,
    role: Role,
    labels: Vec<String>,
    summary: &str,
) {
    if !labels.is_empty() {
        let series = labels.iter().map(|l| format!("{kind}:{l}")).collect();
        let chart = bars(id, title, y, role, (labels, series), summary);
        report.charts.push(chart);
    }
}

/// The steps that are drawn, as corners of export and price, and how many are left to the table.
fn staircase(run: &Run, curve: &Curve, usual: impl Fn(f64) -> bool) -> (Vec<(f64, f64)>, usize) {
    let mut corners = Vec::new();
    let mut from = curve.start_mw[run.period];
    let mut beyond = 0;
    for step in &curve.steps[run.period] {
        let to = from + step.width_mw;
        match usual(step.usd_per_mwh) {
            true => corners.extend([(from, step.usd_per_mwh), (to, step.usd_per_mwh)]),
            false => beyond += 1,
        }
        from = to;
    }
    (corners, beyond)
}

/// Price against export: the steps by name, and where the market cleared.
fn curve_chart(run: &Run, curve: &Curve, report: &mut Report) {
    let t = run.period;
    let id = &run.system.areas[curve.area].id;
    let market = &run.coordination.market;
    let cap = run.system.balancing.price_cap_usd_per_mwh;
    let (least, most) = curve.usual_prices(t, cap);
    let usual = |price: f64| (least..=most).contains(&price);
    let all = run.outcome.steps(curve, t);
    let named = !all.is_empty() && all.len() <= NAMED_STEPS && run.system.periods == 1;
    let shown: Vec<&MarginalStep> = all.iter().filter(|s| usual(s.usd_per_mwh)).collect();
    let (mut corners, beyond) = staircase(run, curve, usual);
    let mut marks = Vec::new();
    if named {
        let edges = shown.iter().zip(step_labels(&shown));
        let edges = edges.map(|(step, label)| Edge {
            from: (step.from_mw, step.usd_per_mwh),
            to: (step.to_mw, step.usd_per_mwh),
            label,
        });
        let edges = edges.collect();
        marks.push(Mark::Edges { edges });
    }
    let export = market.dispatch.export_mw[curve.area][t];
    let price = market.prices.interface(run.system, curve.area, t);
    // Where the market cleared at an end of the range, the price stands on the vertical there.
    let ends = corners.first().copied().zip(corners.last().copied());
    if let Some((start, end)) = ends.filter(|_| price.is_finite()) {
        let here = |x: f64| (export - x).abs() <= 1e-6 * (1.0 + x.abs());
        if here(end.0) && price > end.1 {
            corners.push((end.0, price));
        } else if here(start.0) && price < start.1 {
            corners.insert(0, (start.0, price));
        }
    }
    let series = format!("rsf:{id}");
    marks.push(path(&series, Role::Aggregator, false, false));
    let name = format!("price of {id}");
    report
        .series
        .push(over(&series, name, "$/MWh", ("export", "MW"), &corners));
    let at = format!(
        "{} MW at {}",
        amount(export, ""),
        price_words(run, curve.area)
    );
    if price.is_finite() {
        marks.push(Mark::Point {
            x: export,
            y: price,
            label: format!("{CLEARED}: {at}"),
        });
    }
    let when = match run.system.periods {
        1 => String::new(),
        _ => format!(" in period {}", t + 1),
    };
    let left_out = match beyond {
        0 => "",
        _ => {
            " Steps at the ends of the range, where energy is missing or spilled at the cap, are left to the table of steps."
        }
    };
    let first = shown.first().map_or(String::new(), |step| {
        let price = usd_per_mwh(step.usd_per_mwh);
        format!(" It begins at {price} with {}.", resource(&step.moving))
    });
    // As many as the table of steps has rows: what moves, not the price alone, makes a step.
    let count = match shown.len() {
        0 => curve.steps[t].len() - beyond,
        named => named,
    };
    let steps = match count {
        1 => "one step".to_string(),
        steps => format!("{steps} steps"),
    };
    let (from, to) = ends.map_or((f64::NAN, f64::NAN), |(start, end)| (start.0, end.0));
    let (from, to) = (amount(from, ""), amount(to, ""));
    report.charts.push(Chart {
        topic: Topic::Region,
        probe: Some(format!("{KEY}{id}")),
        home: price.is_finite().then(|| CLEARED.into()),
        ..plot(
            "rsf",
            format!("Residual supply function of {id}{when}"),
            (
                axis("export to transmission", "MW", false),
                axis("price", "$/MWh", true),
            ),
            marks,
            format!(
                "What {id} asks for one more MWh of export: {steps} from {from} to {to} MW; the market cleared {at}.{first}{left_out}"
            ),
        )
    });
}

/// Cost against export with its chords and tangents.
fn cost_chart(run: &Run, curve: &Curve, report: &mut Report) {
    let id = &run.system.areas[curve.area].id;
    let (chords, tangents) = curve.chords_and_tangents(run.system.hours);
    let lines = [
        (
            "tc",
            "samples and chords: never too low",
            &chords,
            Role::Generator,
        ),
        (
            "tangents",
            "tangents: never too high",
            &tangents,
            Role::Reference,
        ),
    ];
    let mut marks = Vec::new();
    for (kind, name, points, role) in lines {
        let series = format!("{kind}:{id}");
        let chord = role == Role::Generator;
        marks.push(path(&series, role, chord, !chord));
        report
            .series
            .push(over(&series, name, "$", ("export", "MW"), points));
    }
    let equal = curve.samples.iter().filter(|s| s.is_equal()).count();
    let short = match equal - chords.len() {
        0 => String::new(),
        more => format!(", and {more} at exports that leave energy without an answer"),
    };
    let within = match curve.gap_usd.is_finite() {
        true => amount(curve.gap_usd, ""),
        false => "an uncertified amount of".into(),
    };
    let samples = chords.len();
    let cost = plot(
        "cost",
        format!("Least cost of {id} by its export"),
        (
            axis("export to transmission", "MW", false),
            axis("cost", "$", false),
        ),
        marks,
        format!(
            "{samples} samples{short}; between chords and tangents the cost is known to within {within} $."
        ),
    );
    report.charts.push(cost.about(Topic::Region));
}

fn prices(run: &Run, report: &mut Report) {
    let areas = &run.system.areas;
    let own = run.shown.map_or(&[][..], |a| &areas[a].buses);
    let mut labels = [areas[0].buses.as_slice(), own].concat();
    if labels.len() > MOST_BARS {
        labels = own.to_vec();
        labels.truncate(MOST_BARS);
    }
    let priced = |bus: &String| {
        let series = report.series(&format!("lmp:{bus}"));
        series.is_some_and(|s| s.values.iter().any(|v| v.is_finite()))
    };
    let (labels, open): (Vec<String>, Vec<String>) = labels.into_iter().partition(priced);
    let mut summary =
        "Transmission first, then the feeder shown: the cost of one more MWh of load at each bus."
            .to_string();
    if !open.is_empty() {
        summary += &format!(" At {} any price is right.", listed(&open));
    }
    named_bars(
        report,
        ("lmp", "lmp"),
        "Price by bus",
        axis("price", "$/MWh", true),
        Role::Price,
        labels,
        &summary,
    );
}

fn voltages(run: &Run, report: &mut Report) {
    let Some(a) = run.shown else { return };
    let area = &run.system.areas[a];
    let Kind::Feeder { feeder, tree } = &area.kind else {
        return;
    };
    let voltages = &run.coordination.market.dispatch.voltage_pu[a][run.period];
    let known = voltages.iter().filter(|v| v.is_finite()).count();
    if (LEAST_PROFILE..=2 * MOST_BARS).contains(&known) {
        let id = format!("profile:{}", area.id);
        let (series, chart) = voltage_chart(&id, feeder, tree, voltages);
        report.series.push(series);
        report.charts.push(chart);
    }
}

/// Net receipts per party.
fn money(run: &Run, report: &mut Report) {
    let payments = &run.outcome.payments;
    let parties = payments.parties();
    if parties.len() > MOST_BARS {
        return;
    }
    report.series.extend(parties.iter().map(|party| {
        let (id, name) = (net_id(party), format!("net receipts of {party}"));
        by_clock(
            id,
            name,
            "$",
            vec![payments.net_usd(party); run.system.periods],
        )
    }));
    let series = parties.iter().map(|party| net_id(party)).collect();
    let labels = parties.into_iter().map(String::from).collect();
    report.charts.push(bars(
        "money",
        "Who pays and who is paid",
        axis("net receipts", "$", true),
        Role::Load,
        (labels, series),
        "Receipts less payments of each party over all periods; they add up to zero. A party at zero passes on what it gets.",
    ));
}
