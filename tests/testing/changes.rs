//! Presets with changed fields, and what their reports say. Each program of tests uses some of it.
#![allow(dead_code)]

use tandem::case::Problem;
use tandem::report::Report;
use tandem::scenario::{Document, gallery, set};

/// A preset with fields changed as a link changes them.
pub fn changed<K: AsRef<str>, V: AsRef<str>>(
    preset: &str,
    changes: impl IntoIterator<Item = (K, V)>,
) -> Result<Document, Vec<Problem>> {
    let mut value = gallery::document(preset).unwrap().to_value();
    for (field, text) in changes {
        set(&mut value, field.as_ref(), text.as_ref()).unwrap();
    }
    Document::from_value(value)
}

/// A quantity of a report.
#[track_caller]
pub fn value(report: &Report, id: &str) -> f64 {
    report
        .quantity(id)
        .and_then(|q| q.value)
        .unwrap_or_else(|| panic!("no {id}"))
}
