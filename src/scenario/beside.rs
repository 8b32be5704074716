//! Numbers that others found, beside those of a report.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::case::Case;
use crate::market::{Mechanism, View, With};
use crate::report::{Mark, Published, Report, Verdict, agrees};

/// Printed numbers of one series or summary item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    pub(super) item: String,
    /// Id of a series or of a summary quantity; after `power_flow.` of the AC power flow of the loads alone.
    of: String,
    /// Steps of the clock, from 1, that `printed` belongs to; empty for a summary quantity.
    #[serde(default)]
    steps: Vec<usize>,
    /// As printed, so that the decimals are known.
    printed: Vec<String>,
    pub(super) unit: String,
    pub(super) source: String,
    /// Why it is not comparable, in a few words: data made up, or what the source does not print.
    #[serde(default)]
    not_comparable: String,
    /// How far off it can be where it, or what ours is computed from, was read off a figure, in `unit`.
    #[serde(default)]
    pub(super) reading: Option<f64>,
    #[serde(default)]
    pub(super) note: String,
    /// Chart in which the printed numbers are drawn as well.
    #[serde(default)]
    drawn_in: String,
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
        let clock = report.clock.as_ref().map_or("step", |c| c.name.as_str());
        let not_comparable = !printed.not_comparable.is_empty();
        Some(Published {
            item: step.map_or(printed.item.clone(), |s| {
                format!("{}, {clock} {s}", printed.item)
            }),
            name: printed.item.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Quantity;

    /// Printed numbers beside ours of as many quantities.
    fn stand(rows: &[(&str, f64)], more: &str, changed: bool) -> Vec<Published> {
        let of = |k: usize| format!("q{k}");
        let quantities = rows.iter().enumerate().map(|(k, (_, ours))| Quantity {
            id: of(k),
            name: of(k),
            value: Some(*ours),
            unit: "$".into(),
            note: String::new(),
        });
        let report = Report {
            summary: quantities.collect(),
            ..Report::default()
        };
        let printed = rows.iter().enumerate().map(|(k, (printed, _))| {
            let (of, unit, source) = (of(k), "$", "a paper, Table I");
            let mut row = serde_json::json!({"item": of, "of": of, "printed": [printed], "unit": unit, "source": source});
            let more: Map<String, Value> = serde_json::from_str(more).unwrap();
            row.as_object_mut().unwrap().extend(more);
            serde_json::from_value(row).unwrap()
        });
        let printed: Vec<Printed> = printed.collect();
        beside(&printed, &Case::default(), &report, changed)
    }

    #[test]
    fn a_number_is_of_one_class() {
        use Verdict::{Agrees, Differs, InputsChanged, NotComparable, WithinReading};
        let class =
            |printed, ours, more, changed| stand(&[(printed, ours)], more, changed)[0].verdict;
        assert_eq!(class("2.1", 2.125, "{}", false), Agrees);
        assert_eq!(class("2.1", 2.15, "{}", false), Differs);
        assert_eq!(
            class("100", 104.9, r#"{"reading": 5}"#, false),
            WithinReading
        );
        assert_eq!(class("100", 105.1, r#"{"reading": 5}"#, false), Differs);
        assert_eq!(class("100", 100.2, r#"{"reading": 5}"#, false), Agrees);
        assert_eq!(class("100", f64::NAN, r#"{"reading": 5}"#, false), Differs);
        let made_up = r#"{"not_comparable": "data made up"}"#;
        assert_eq!(class("100", 100.0, made_up, false), NotComparable);
        assert_eq!(class("2.1", 2.125, "{}", true), InputsChanged);
        assert_eq!(class("100", 100.0, made_up, true), InputsChanged);
    }

    #[test]
    fn one_sentence_counts_the_classes_and_names_the_source_once() {
        let made_up = r#"{"not_comparable": "data made up"}"#;
        let (good, bad) = (("1", 1.0), ("2", 3.0));
        let line = |rows: &[(&str, f64)], more, changed| said(&stand(rows, more, changed), true);
        for (rows, more, changed, expected) in [
            (&[good, good][..], "{}", false, "2 of 2 as printed"),
            (&[good], "{}", false, "The one printed number agrees"),
            (&[bad], "{}", false, "The one printed number differs"),
            (&[bad, bad], "{}", false, "All 2 printed numbers differ"),
            (
                &[good, bad, bad],
                "{}",
                false,
                "Of 3 printed numbers, 1 agrees and 2 differ",
            ),
            (
                &[bad, bad],
                r#"{"reading": 1}"#,
                false,
                "All 2 printed numbers are within reading accuracy",
            ),
            (
                &[bad, good],
                made_up,
                false,
                "None of the 2 printed numbers is comparable: data made up",
            ),
            (
                &[bad],
                made_up,
                false,
                "The one printed number is not comparable: data made up",
            ),
            (
                &[good, bad],
                "{}",
                true,
                "Not compared: the 2 printed numbers are those of the unchanged preset",
            ),
            (
                &[bad],
                made_up,
                true,
                "Not compared: the printed number is that of the unchanged preset",
            ),
        ] {
            let expected = format!("{expected} (a paper, Table I).");
            assert_eq!(line(rows, more, changed), expected);
        }
        assert_eq!(said(&[], true), "");
        let mut rows = stand(&[good, good, bad], "{}", false);
        rows[2].source = "by hand".into();
        assert!(said(&rows, false).ends_with("(a paper, Table I; by hand)."));
    }
}
