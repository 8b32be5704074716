//! Presets with changed fields, and what their reports say. Each program of tests uses some of it.
#![allow(dead_code)]

use tandem::case::Problem;
use tandem::report::Report;
use tandem::scenario::{Scenario, gallery, path};

/// A preset with fields changed as a link changes them.
pub fn changed<K: AsRef<str>, V: AsRef<str>>(
    preset: &str,
    changes: impl IntoIterator<Item = (K, V)>,
) -> Result<Scenario, Vec<Problem>> {
    let mut value = gallery::scenario(preset).unwrap().to_value();
    for (field, text) in changes {
        path::set(&mut value, field.as_ref(), text.as_ref()).unwrap();
    }
    Scenario::from_value(value)
}

/// A quantity of a report.
#[track_caller]
pub fn value(report: &Report, id: &str) -> f64 {
    report
        .quantity(id)
        .and_then(|q| q.value)
        .unwrap_or_else(|| panic!("no {id}"))
}
