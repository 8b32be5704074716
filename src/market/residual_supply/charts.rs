//! Charts of a run.

use crate::report::plots::axis;
use crate::report::{Axis, Chart, Edge, Index, Mark, Report, Role, Series, plain};

use super::answer::Run;
use super::curve::{Curve, Sample, Step};
use super::step_words::step_words;
use super::summary::price_words;
use super::system::Kind;
use crate::report::words::listed;

/// Steps up to which each carries its name in the chart.
const NAMED_STEPS: usize = 14;

/// Bars up to which a chart of bars is drawn.
const MOST_BARS: usize = 60;

/// Buses from which on voltages make a profile; those of fewer stand at the network.
const LEAST_PROFILE: usize = 4;

pub fn add(run: &Run, report: &mut Report) {
    let market = &run.outcome.market;
    if let Some(curve) = run.shown.and_then(|a| market.curves.get(a)?.as_ref())
        && !curve.steps[run.period].is_empty()
    {
        curve_chart(run, curve, report);
        cost_chart(run, curve, report);
    }
    let bids: Vec<usize> = (0..run.system.balancing.bids.len()).collect();
    if bids.len() <= MOST_BARS {
        let label = |b: &usize| run.system.balancing.bids[*b].id.clone();
        bars(
            report,
            "dispatch",
            "Activated bids",
            axis("activation", "MW", true),
            Role::Der,
            bids.iter().map(label).collect(),
            |id| format!("p:{id}"),
            "Up is more injection, down less.",
        );
    }
    prices(run, report);
    voltages(run, report);
    money(run, report);
}

#[allow(clippy::too_many_arguments)]
fn bars(
    report: &mut Report,
    id: &str,
    title: &str,
    y: Axis,
    role: Role,
    labels: Vec<String>,
    series: impl Fn(&str) -> String,
    summary: &str,
) {
    if labels.is_empty() {
        return;
    }
    report.charts.push(Chart {
        id: id.into(),
        title: title.into(),
        x: axis("", "", false),
        y,
        marks: vec![Mark::Bars {
            series: labels.iter().map(|l| series(l)).collect(),
            labels,
            role,
        }],
        summary: summary.into(),
        square: false,
        probe: None,
    });
}

/// Prices that a picture of the steps shows. Steps at the ends of the range, where energy is
/// missing or spilled at the cap, and others far from most of what is sold would crush the rest.
fn usual_prices(steps: &[Step], cap: f64) -> (f64, f64) {
    let within = |s: &&Step| s.usd_per_mwh.abs() < 0.5 * cap * (1.0 - 1e-9);
    let some: Vec<&Step> = steps.iter().filter(within).collect();
    if some.is_empty() {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let whole: f64 = some.iter().map(|s| s.width_mw).sum();
    let price_at = |part: f64| {
        let mut sold = 0.0;
        let reached = some.iter().find(|s| {
            sold += s.width_mw;
            sold >= part * whole
        });
        reached.map_or(0.0, |s| s.usd_per_mwh)
    };
    let (low, high) = (price_at(0.05), price_at(0.95));
    let room = 2.0 * (high - low).max(0.2 * low.abs().max(high.abs())).max(1.0);
    (low - room, high + room)
}

/// What moves along a step and what ends it; a resource that ends its own step is named once.
fn step_label(resource: &str, ended_by: &str) -> String {
    if ended_by.is_empty() {
        return resource.into();
    }
    let own = format!("{resource} is ");
    let ends: Vec<&str> = ended_by
        .split(", ")
        .map(|end| end.strip_prefix(&own).unwrap_or(end))
        .collect();
    format!("{resource}, until {}", ends.join(", "))
}

/// Price against export: the steps by name, and where the market cleared.
fn curve_chart(run: &Run, curve: &Curve, report: &mut Report) {
    let t = run.period;
    let area = &run.system.areas[curve.area];
    let market = &run.outcome.market;
    let words = step_words(run, curve, t);
    let (least, most) = usual_prices(&curve.steps[t], run.system.balancing.price_cap_usd_per_mwh);
    let usual = |price: f64| (least..=most).contains(&price);
    let mut at = Vec::new();
    let mut prices = Vec::new();
    let mut from = curve.start_mw[t];
    for step in &curve.steps[t] {
        if usual(step.usd_per_mwh) {
            at.extend([from, from + step.width_mw]);
            prices.extend([step.usd_per_mwh; 2]);
        }
        from += step.width_mw;
    }
    let beyond = curve.steps[t].len() - prices.len() / 2;
    let mut marks = Vec::new();
    let single = curve.start_mw.len() == 1;
    if single && words.len() <= NAMED_STEPS && !words.is_empty() {
        marks.push(Mark::Edges {
            edges: words
                .iter()
                .filter(|w| usual(w.usd_per_mwh))
                .map(|w| Edge {
                    from: (w.from_mw, w.usd_per_mwh),
                    to: (w.to_mw, w.usd_per_mwh),
                    label: step_label(&w.resource, &w.ended_by),
                })
                .collect(),
        });
    }
    let export = market.dispatch.export_mw[curve.area][t];
    let price = market.prices.interface(run.system, curve.area, t);
    // Where the market cleared at an end of the range, the price stands on the vertical there.
    let ends = at.first().copied().zip(at.last().copied());
    if let Some((start, end)) = ends.filter(|_| price.is_finite()) {
        let here = |x: f64| (export - x).abs() <= 1e-6 * (1.0 + x.abs());
        if here(end) && prices.last().is_some_and(|&last| price > last) {
            at.push(end);
            prices.push(price);
        } else if here(start) && prices.first().is_some_and(|&first| price < first) {
            at.insert(0, start);
            prices.insert(0, price);
        }
    }
    let id = format!("rsf:{}", area.id);
    report.series.push(Series {
        id: id.clone(),
        name: format!("price of {}", area.id),
        unit: "$/MWh".into(),
        index: Index::Numbers {
            name: "export".into(),
            unit: "MW".into(),
            at,
        },
        values: prices,
    });
    marks.push(Mark::Line {
        series: id,
        role: Role::Aggregator,
        step: false,
        points: false,
        dashed: false,
        shown: true,
    });
    if price.is_finite() {
        marks.push(Mark::Point {
            x: export,
            y: price,
            label: format!(
                "cleared: {} MW at {}",
                plain(export, 3),
                price_words(run, curve.area)
            ),
        });
    }
    let when = if run.system.periods > 1 {
        format!(" in period {}", t + 1)
    } else {
        String::new()
    };
    let left_out = match beyond {
        0 => "",
        _ => {
            " Steps at the ends of the range, where energy is missing or spilled at the cap, are left to the table of steps."
        }
    };
    let first = words
        .iter()
        .find(|w| usual(w.usd_per_mwh))
        .map_or(String::new(), |w| {
            format!(
                " It begins at {} $/MWh with {}.",
                plain(w.usd_per_mwh, 2),
                w.resource
            )
        });
    report.charts.push(Chart {
        id: "rsf".into(),
        title: format!("Residual supply function of {}{when}", area.id),
        x: axis("export to transmission", "MW", false),
        y: axis("price", "$/MWh", true),
        marks,
        summary: format!(
            "What {} asks for one more MWh of export: {} from {} to {} MW; the market cleared {} MW at {}.{first}{left_out}",
            area.id,
            match curve.steps[t].len() - beyond {
                1 => "one step".to_string(),
                steps => format!("{steps} steps"),
            },
            plain(ends.map_or(f64::NAN, |e| e.0), 3),
            plain(ends.map_or(f64::NAN, |e| e.1), 3),
            plain(export, 3),
            price_words(run, curve.area),
        ),
        square: false,
        probe: Some(format!("rsf:{}", area.id)),
    });
}

/// Cost against export with its chords and tangents.
fn cost_chart(run: &Run, curve: &Curve, report: &mut Report) {
    let area = &run.system.areas[curve.area];
    let hours = run.system.hours;
    // Where energy is missing or spilled at the cap, its cost would hide all others.
    let whole: Vec<&Sample> = curve
        .samples
        .iter()
        .filter(|s| s.slack_mwh <= 1e-5)
        .collect();
    let samples = match whole.len() {
        0 | 1 => curve.samples.iter().collect(),
        _ => whole,
    };
    let number = |values: &[(f64, f64)], id: &str, name: &str| Series {
        id: format!("{id}:{}", area.id),
        name: name.into(),
        unit: "$".into(),
        index: Index::Numbers {
            name: "export".into(),
            unit: "MW".into(),
            at: values.iter().map(|v| v.0).collect(),
        },
        values: values.iter().map(|v| v.1).collect(),
    };
    let chord: Vec<(f64, f64)> = samples
        .iter()
        .map(|s| (s.export_mw[0], s.cost_usd))
        .collect();
    let mut below = Vec::new();
    for pair in samples.windows(2) {
        let (a, b) = (pair[0].export_mw[0], pair[1].export_mw[0]);
        for k in 0..=8 {
            let e = a + (b - a) * f64::from(k) / 8.0;
            below.push((e, curve.bounds_at(e, hours).0));
        }
    }
    let mut marks = Vec::new();
    for (series, role, points, dashed) in [
        (
            number(&chord, "tc", "samples and chords: never too low"),
            Role::Generator,
            true,
            false,
        ),
        (
            number(&below, "tangents", "tangents: never too high"),
            Role::Reference,
            false,
            true,
        ),
    ] {
        marks.push(Mark::Line {
            series: series.id.clone(),
            role,
            step: false,
            points,
            dashed,
            shown: true,
        });
        report.series.push(series);
    }
    report.charts.push(Chart {
        id: "cost".into(),
        title: format!("Least cost of {} by its export", area.id),
        x: axis("export to transmission", "MW", false),
        y: axis("cost", "$", false),
        marks,
        summary: format!(
            "{} samples{}; between chords and tangents the cost is known to within {} $.",
            samples.len(),
            match curve.samples.len() - samples.len() {
                0 => String::new(),
                more => format!(", and {more} at exports that leave energy without an answer"),
            },
            if curve.gap_usd.is_finite() {
                plain(curve.gap_usd, 4)
            } else {
                "an uncertified amount of".into()
            },
        ),
        square: false,
        probe: None,
    });
}

fn prices(run: &Run, report: &mut Report) {
    let mut labels: Vec<String> = run.system.areas[0].buses.clone();
    if let Some(a) = run.shown {
        labels.extend(run.system.areas[a].buses.iter().cloned());
    }
    if labels.len() > MOST_BARS {
        labels = run
            .shown
            .map_or(Vec::new(), |a| run.system.areas[a].buses.clone());
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
    bars(
        report,
        "lmp",
        "Price by bus",
        axis("price", "$/MWh", true),
        Role::Price,
        labels,
        |id| format!("lmp:{id}"),
        &summary,
    );
}

fn voltages(run: &Run, report: &mut Report) {
    let Some(a) = run.shown else { return };
    let Kind::Feeder { feeder, .. } = &run.system.areas[a].kind else {
        return;
    };
    let known = |bus: &&String| report.series(&format!("v:{bus}")).is_some();
    let labels: Vec<String> = run.system.areas[a]
        .buses
        .iter()
        .filter(known)
        .cloned()
        .collect();
    if labels.len() < LEAST_PROFILE || labels.len() > 2 * MOST_BARS {
        return;
    }
    // A bus held at one voltage, as the root is, says nothing about the band of the others.
    let free = || feeder.buses.iter().filter(|b| b.min_v_pu < b.max_v_pu);
    let least = free().map(|b| b.min_v_pu).fold(0.0, f64::max);
    let most = free().map(|b| b.max_v_pu).fold(f64::INFINITY, f64::min);
    let values: Vec<f64> = labels
        .iter()
        .filter_map(|bus| {
            report
                .series(&format!("v:{bus}"))?
                .values
                .get(run.period)
                .copied()
        })
        .collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    let at: Vec<f64> = (1..=labels.len()).map(|k| k as f64).collect();
    let id = format!("profile:{}", run.system.areas[a].id);
    report.series.push(Series {
        id: id.clone(),
        name: "voltage".into(),
        unit: "p.u.".into(),
        index: Index::Numbers {
            name: "bus, in the order of the feeder".into(),
            unit: String::new(),
            at,
        },
        values,
    });
    let mut marks = vec![Mark::Line {
        series: id,
        role: Role::Line,
        step: false,
        points: true,
        dashed: false,
        shown: true,
    }];
    for (value, label) in [(least, "least voltage"), (most, "greatest voltage")] {
        if value > 0.0 && value.is_finite() {
            marks.push(Mark::Rule {
                value,
                label: label.into(),
            });
        }
    }
    report.charts.push(Chart {
        id: "voltage".into(),
        title: format!("Voltages of {}", run.system.areas[a].id),
        x: axis("bus, in the order of the feeder", "", false),
        y: axis("voltage", "p.u.", false),
        marks,
        summary: format!("Voltages from {} to {} p.u.", plain(low, 4), plain(high, 4)),
        square: false,
        probe: None,
    });
}

/// Net receipts per party.
fn money(run: &Run, report: &mut Report) {
    let parties: Vec<String> = run.ledger.parties().iter().map(|p| p.to_string()).collect();
    if parties.is_empty() || parties.len() > MOST_BARS {
        return;
    }
    for party in &parties {
        report.series.push(Series {
            id: format!("net:{party}"),
            name: format!("net receipts of {party}"),
            unit: "$".into(),
            index: Index::Clock,
            values: vec![run.ledger.net_usd(party); run.system.periods],
        });
    }
    bars(
        report,
        "money",
        "Who pays and who is paid",
        axis("net receipts", "$", true),
        Role::Load,
        parties,
        |id| format!("net:{id}"),
        "Receipts less payments of each party over all periods; they add up to zero.",
    );
}
