//! Numbers that others found, beside those of a report.

use serde_json::{Map, Value};
use tandem::case::Case;
use tandem::report::Quantity;
use tandem::report::{Published, Report, Verdict};
use tandem::scenario::inside::*;

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
    let class = |printed, ours, more, changed| stand(&[(printed, ours)], more, changed)[0].verdict;
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
