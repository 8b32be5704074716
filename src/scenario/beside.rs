//! Numbers that others found, beside those of a report.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::case::Case;
use crate::market::{Mechanism, View, With};
use crate::report::{Mark, Published, Report, Verdict, agrees, amount};

/// Printed numbers of one series or summary item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    pub item: String,
    /// Id of a series or of a summary quantity; after `power_flow.` of the AC power flow of the loads alone.
    of: String,
    /// Steps of the clock, from 1, that `printed` belongs to; empty for a summary quantity.
    #[serde(default)]
    steps: Vec<usize>,
    /// As printed, so that the decimals are known.
    printed: Vec<String>,
    pub unit: String,
    pub source: String,
    /// Why it is not comparable, in a few words: data made up, or what the source does not print.
    #[serde(default)]
    not_comparable: String,
    /// How far off it can be where it, or what ours is computed from, was read off a figure, in `unit`.
    #[serde(default)]
    pub reading: Option<f64>,
    #[serde(default)]
    pub note: String,
    /// Chart in which the printed numbers are drawn as well.
    #[serde(default)]
    drawn_in: String,
}

/// What is printed of the loss against the optimum for a value of what a slider of a chart moves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintedWith {
    /// The value, as the question about it names it: `m=4`.
    pub with: String,
    /// As printed, so that the decimals are known.
    printed: String,
    unit: String,
    source: String,
    note: String,
}

impl PrintedWith {
    /// The number beside ours, in a sentence. `other`: ours is of another system.
    pub fn said(&self, ours: f64, other: bool) -> String {
        let PrintedWith {
            printed,
            unit,
            source,
            note,
            ..
        } = self;
        let theirs: f64 = printed.parse().unwrap_or(f64::NAN);
        let off = theirs - ours;
        let beside = match off {
            _ if other => "of another system than this one".to_string(),
            _ if agrees(ours, theirs, digits(printed)) => "as ours".to_string(),
            _ => {
                let way = if off > 0.0 { "more" } else { "less" };
                format!("{} {way} than ours", amount(off.abs(), unit))
            }
        };
        format!("Printed in {source}: {printed}\u{a0}{unit}, {beside} ({note}).")
    }
}

/// The rows beside the numbers of a report, or of the power flow of its case. `changed`: the inputs are no
/// longer those that the numbers belong to.
pub fn beside(rows: &[Printed], case: &Case, report: &Report, changed: bool) -> Vec<Published> {
    let of_flow = |row: &Printed| row.of.starts_with(OF_FLOW);
    let flow = rows.iter().any(of_flow).then(|| power_flow(case));
    let flow = flow.flatten().unwrap_or_default();
    let rows = rows.iter();
    let beside = rows.flat_map(|row| match row.of.strip_prefix(OF_FLOW) {
        Some(of) => compare(row, of, &flow),
        None => compare(row, &row.of, report),
    });
    let stands = |row: &Published| match changed {
        true => Verdict::InputsChanged,
        false => verdict(row),
    };
    beside
        .map(|row| Published {
            verdict: stands(&row),
            ..row
        })
        .collect()
}

/// The printed numbers of rows in the sentence of their chart, each source named once, and as lines across it
/// where they are of its unit.
pub fn draw(rows: &[Printed], report: &mut Report, changed: bool) {
    let preset = match changed {
        true => " for the unchanged preset",
        false => "",
    };
    let mut last = None;
    for row in rows {
        let mut charts = report.charts.iter_mut();
        let Some(chart) = charts.find(|chart| chart.id == row.drawn_in) else {
            continue;
        };
        for text in &row.printed {
            let Ok(value) = text.parse() else { continue };
            let (unit, source) = (&row.unit, &row.source);
            let said = [row.item.as_str(), &row.note];
            let said = said.into_iter().filter(|part| !part.is_empty());
            let said = said.collect::<Vec<_>>().join("; ");
            let here = Some((row.drawn_in.as_str(), source.as_str()));
            // After a number of the same source in the same chart its sentence goes on.
            if last == here {
                chart.summary.pop();
                chart.summary.push_str("; ");
            } else {
                let begins = format!(" Printed in {source}{preset}: ");
                chart.summary.push_str(&begins);
            }
            let says = format!("{text} {unit} ({said}).");
            chart.summary.push_str(&says);
            last = here;
            if chart.y.unit == *unit {
                let label = format!("printed {text}, {}", row.note);
                chart.marks.push(Mark::Rule { value, label });
            }
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

/// How a number stands beside ours, both of the same inputs.
fn verdict(row: &Published) -> Verdict {
    /// What a difference of two doubles may be off.
    const NOISE: f64 = 1e-9;
    let read = row.reading.zip(row.difference);
    match row {
        _ if row.not_comparable => Verdict::NotComparable,
        _ if row.agrees => Verdict::Agrees,
        _ if read.is_some_and(|(most, off)| off.abs() <= most + NOISE) => Verdict::WithinReading,
        _ => Verdict::Differs,
    }
}

/// How many numbers agree, differ and so on, in a sentence that names their source once. `printed`, or computed
/// another way.
pub fn said(rows: &[Published], printed: bool) -> String {
    let all = rows.len();
    if all == 0 {
        return String::new();
    }
    let (number, numbers) = match printed {
        true => ("printed number", "printed numbers"),
        false => (
            "number computed another way",
            "numbers computed another way",
        ),
    };
    let clauses = clauses(rows);
    let said = match clauses.as_slice() {
        _ if rows.iter().any(|p| p.verdict == Verdict::InputsChanged) => match all {
            1 => format!("Not compared: the {number} is that of the unchanged preset"),
            _ => format!("Not compared: the {all} {numbers} are those of the unchanged preset"),
        },
        [(_, clause)] if all == 1 => format!("The one {number} {clause}"),
        [(Verdict::Agrees, _)] if printed => format!("{all} of {all} as printed"),
        [(Verdict::Agrees, _)] => format!("{all} of {all} as computed another way"),
        [(Verdict::NotComparable, _)] => {
            format!(
                "None of the {all} {numbers} is comparable: {}",
                reasons(rows)
            )
        }
        [(_, clause)] => format!("All {all} {numbers} {clause}"),
        several => {
            let parts = several.iter().map(|(verdict, clause)| {
                let count = rows.iter().filter(|p| p.verdict == *verdict).count();
                format!("{count} {clause}")
            });
            let mut parts: Vec<String> = parts.collect();
            let last = parts.pop().unwrap_or_default();
            format!("Of {all} {numbers}, {} and {last}", parts.join(", "))
        }
    };
    format!("{said} ({}).", source(rows))
}

/// What there is to say of the numbers of each class, the verb by their count.
fn clauses(rows: &[Published]) -> Vec<(Verdict, String)> {
    let classes = [
        (Verdict::Agrees, "agrees", "agree"),
        (
            Verdict::WithinReading,
            "is within reading accuracy",
            "are within reading accuracy",
        ),
        (Verdict::Differs, "differs", "differ"),
        (
            Verdict::NotComparable,
            "is not comparable",
            "are not comparable",
        ),
    ];
    let said = classes.into_iter().filter_map(|(verdict, one, many)| {
        let clause = match rows.iter().filter(|p| p.verdict == verdict).count() {
            0 => return None,
            1 => one,
            _ => many,
        };
        let why = match verdict {
            Verdict::NotComparable => format!(": {}", reasons(rows)),
            _ => String::new(),
        };
        Some((verdict, format!("{clause}{why}")))
    });
    said.collect()
}

/// Texts that are not empty, each once.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once: Vec<&str> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    once
}

/// Why some are not comparable.
fn reasons(rows: &[Published]) -> String {
    distinct(rows.iter().map(|p| p.reason.as_str())).join("; ")
}

/// The source of the numbers; where there are many, the first and how many more.
fn source(rows: &[Published]) -> String {
    match distinct(rows.iter().map(|p| p.source.as_str())).as_slice() {
        [first, _, rest @ ..] if !rest.is_empty() => {
            format!("{first}, and {} other sources", rest.len() + 1)
        }
        few => few.join("; "),
    }
}

/// Decimals of a number as printed.
fn digits(text: &str) -> u8 {
    let decimals = text.split_once('.').map_or(0, |(_, all)| all.len());
    u8::try_from(decimals).unwrap_or(u8::MAX)
}

/// Printed numbers beside those of a report, whose series or quantity is `of`.
fn compare(printed: &Printed, of: &str, report: &Report) -> Vec<Published> {
    let rows = printed.printed.iter().enumerate();
    rows.filter_map(|(k, text)| {
        let value: f64 = text.parse().ok()?;
        let digits = digits(text);
        let step = printed.steps.get(k).copied();
        let ours = match step {
            Some(step) => report
                .series(of)
                .and_then(|s| s.values.get(step.checked_sub(1)?))
                .copied(),
            None => report.quantity(of).and_then(|q| q.value),
        };
        let ours = ours.filter(|v| v.is_finite());
        let clock = report.clock.as_ref().map_or("step", |c| c.name.as_str());
        let not_comparable = !printed.not_comparable.is_empty();
        Some(Published {
            item: step.map_or(printed.item.clone(), |s| {
                format!("{}, {clock} {s}", printed.item)
            }),
            name: printed.item.clone(),
            of: of.to_string(),
            step,
            printed: value,
            digits,
            unit: printed.unit.clone(),
            ours,
            difference: ours.map(|v| v - value),
            agrees: !not_comparable && ours.is_some_and(|v| agrees(v, value, digits)),
            not_comparable,
            reason: printed.not_comparable.clone(),
            reading: printed.reading,
            verdict: Verdict::default(),
            source: printed.source.clone(),
            note: printed.note.clone(),
        })
    })
    .collect()
}
