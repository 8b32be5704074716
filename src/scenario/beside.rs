//! Numbers that others found, beside those of a report.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::case::Case;
use crate::market::{Mechanism, View, With};
use crate::report::{Mark, Published, Report, agrees};

/// Printed numbers of one series or summary item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    item: String,
    /// Id of a series or of a summary quantity; after `power_flow.` of the AC power flow of the loads alone.
    of: String,
    /// Steps of the clock, from 1, that `printed` belongs to; empty for a summary quantity.
    #[serde(default)]
    steps: Vec<usize>,
    /// As printed, so that the decimals are known.
    printed: Vec<String>,
    unit: String,
    source: String,
    /// It depends on what the source does not print, which the note names.
    #[serde(default)]
    not_comparable: bool,
    #[serde(default)]
    note: String,
    /// Chart in which the printed numbers are drawn as well.
    #[serde(default)]
    drawn_in: String,
}

/// The rows beside the numbers of a report, or of the power flow of its case.
pub fn beside(rows: &[Printed], case: &Case, report: &Report) -> Vec<Published> {
    let of_flow = |row: &Printed| row.of.starts_with(OF_FLOW);
    let flow = rows.iter().any(of_flow).then(|| power_flow(case));
    let flow = flow.flatten().unwrap_or_default();
    let rows = rows.iter();
    rows.flat_map(|row| match row.of.strip_prefix(OF_FLOW) {
        Some(of) => compare(row, of, &flow),
        None => compare(row, &row.of, report),
    })
    .collect()
}

/// The printed numbers of a row in the sentence of their chart, and as lines across it where they are of its unit.
pub fn draw(printed: &Printed, report: &mut Report) {
    let mut charts = report.charts.iter_mut();
    let Some(chart) = charts.find(|chart| chart.id == printed.drawn_in) else {
        return;
    };
    for text in &printed.printed {
        let Ok(value) = text.parse() else { continue };
        let said = [printed.item.as_str(), &printed.note]
            .into_iter()
            .filter(|part| !part.is_empty());
        let said = said.collect::<Vec<_>>().join("; ");
        let (unit, source) = (&printed.unit, &printed.source);
        let says = format!(" Printed in {source}: {text} {unit} ({said}).");
        chart.summary.push_str(&says);
        if chart.y.unit == *unit {
            let label = format!("printed {text}, {}", printed.note);
            chart.marks.push(Mark::Rule { value, label });
        }
    }
}

/// Numbers of the AC power flow of the case with its loads alone begin so.
const OF_FLOW: &str = "power_flow.";

/// The report of that power flow; `None` where there is none.
fn power_flow(case: &Case) -> Option<Report> {
    let kind = OF_FLOW.trim_end_matches('.');
    let mechanism = Mechanism::of_kind(kind, Value::Object(Map::new()))?.ok()?;
    let outcome = mechanism.solve(case, With::default()).ok()?;
    Some(mechanism.report(case, &outcome, &View::default()))
}

/// Printed numbers beside those of a report, whose series or quantity is `of`.
fn compare(printed: &Printed, of: &str, report: &Report) -> Vec<Published> {
    let rows = printed.printed.iter().enumerate();
    rows.filter_map(|(k, text)| {
        let value: f64 = text.parse().ok()?;
        let digits = text
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let digits = u8::try_from(digits).unwrap_or(u8::MAX);
        let step = printed.steps.get(k).copied();
        let ours = match step {
            Some(step) => report
                .series(of)
                .and_then(|s| s.values.get(step.checked_sub(1)?))
                .copied(),
            None => report.quantity(of).and_then(|q| q.value),
        };
        let ours = ours.filter(|v| v.is_finite());
        let name = report.clock.as_ref().map_or("step", |c| c.name.as_str());
        Some(Published {
            item: step.map_or(printed.item.clone(), |s| {
                format!("{}, {name} {s}", printed.item)
            }),
            printed: value,
            digits,
            unit: printed.unit.clone(),
            ours,
            difference: ours.map(|v| v - value),
            agrees: !printed.not_comparable && ours.is_some_and(|v| agrees(v, value, digits)),
            not_comparable: printed.not_comparable,
            source: printed.source.clone(),
            note: printed.note.clone(),
        })
    })
    .collect()
}
