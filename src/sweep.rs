//! One field of a scenario over a range: how the summary of the run depends on it.

use serde::{Deserialize, Serialize};

use crate::case::Problem;
use crate::inputs::Section;
use crate::report::plots::{Picture, axis, over, path, plot};
use crate::report::units::read_in;
use crate::report::{Index, Mark, Quantity, Report, Status, half_up};
use crate::scenario::{Document, path as fields};
use crate::session::Session;

/// One point of a sweep; no summary where the market has no answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "SweepPoint"))]
pub struct Point {
    pub value: f64,
    pub summary: Option<Vec<Quantity>>,
}

/// Evenly spaced values from `from` to `to`, both included.
///
/// ```
/// assert_eq!(tandem::sweep::values(0.0, 10.0, 3), [0.0, 5.0, 10.0]);
/// ```
pub fn values(from: f64, to: f64, points: usize) -> Vec<f64> {
    let last = points.saturating_sub(1).max(1) as f64;
    (0..points)
        .map(|k| from + (to - from) * k as f64 / last)
        .collect()
}

/// The summary of a document with `field` at `value`. The session it is solved in may be that of the point
/// before: what a value leaves alone is not solved again.
///
/// # Errors
/// Problems of the input, a path that does not exist, or the conflict of an infeasible market.
pub fn point(
    session: &mut Session,
    document: &Document,
    field: &str,
    value: f64,
) -> Result<Vec<Quantity>, Vec<Problem>> {
    let mut changed = document.to_value();
    // A field that counts, like M, takes whole numbers.
    let counts = fields::get(&changed, field).is_some_and(|now| now.is_u64() || now.is_i64());
    let number = match counts && value.fract() == 0.0 {
        true => (value as i64).into(),
        false => value.into(),
    };
    fields::set_value(&mut changed, field, number, &[]).map_err(|p| vec![p])?;
    session.load(Document::from_value(changed)?);
    session.solve()?;
    let report = session.report()?;
    match report.status {
        Status::Solved => Ok(report.summary),
        Status::Infeasible => Err(vec![Problem::error(field, report.headline)]),
    }
}

/// A sweep as a report: every summary number as a series over the swept field, and its charts, in the units
/// they are read in. The points are in those of the document.
pub fn report(session: &Session, field: &str, points: &[Point]) -> Report {
    let (label, unit) = label_of(session, field);
    let mut report = Report {
        title: format!("{}: {label}", session.scenario().title),
        units: session.units(),
        ..Report::default()
    };
    // A sweep changes values, not names: the first answer tells which quantities there are.
    let quantities = points.iter().find_map(|p| p.summary.as_ref());
    for quantity in quantities.into_iter().flatten() {
        let of = |p: &Point| {
            p.summary
                .as_ref()
                .and_then(|s| s.iter().find(|q| q.id == quantity.id)?.value)
        };
        let value = |p: &Point| (p.value, of(p).unwrap_or(f64::NAN));
        let values: Vec<(f64, f64)> = points.iter().map(value).collect();
        let (id, name) = (&quantity.id, &quantity.name);
        report
            .series
            .push(over(id, name, &quantity.unit, (&label, &unit), &values));
    }
    let mut report = report.read();
    let unit = read_in(&report.units, &unit).0.to_string();
    for picture in session.scenario().mechanism.pictures() {
        let known = picture
            .series
            .iter()
            .filter(|(id, _, _)| report.series(id).is_some());
        let marks: Vec<Mark> = known
            .map(|&(id, role, dashed)| path(id, role, true, dashed))
            .collect();
        if marks.is_empty() {
            continue;
        }
        let (name, y_unit, zero) = picture.y;
        let y_unit = read_in(&report.units, y_unit).0;
        let summary = sentence(&report, picture, &label, &unit);
        report.charts.push(plot(
            picture.id,
            picture.title.into(),
            (axis(&label, &unit, false), axis(name, y_unit, zero)),
            marks,
            summary,
        ));
    }
    report.headline = report
        .charts
        .first()
        .map(|c| c.summary.clone())
        .unwrap_or_default();
    report
}

/// Label of a field as the form shows it, and the unit of the document.
fn label_of(session: &Session, field: &str) -> (String, String) {
    let sections = session.all_inputs();
    let mut fields = sections.iter().flat_map(Section::all);
    fields
        .find(|f| f.path == field)
        .map_or((field.to_string(), String::new()), |f| {
            (f.label.clone(), f.unit.clone())
        })
}

fn sentence(report: &Report, picture: &Picture, label: &str, unit: &str) -> String {
    let Some(series) = picture
        .series
        .first()
        .and_then(|(id, _, _)| report.series(id))
    else {
        return String::new();
    };
    let Index::Numbers { at, .. } = &series.index else {
        return String::new();
    };
    let solved = || at.iter().zip(&series.values).filter(|(_, v)| v.is_finite());
    let Some((x, y)) = solved().max_by(|a, b| a.1.total_cmp(b.1)) else {
        return format!("No value of {label} has a dispatch.");
    };
    let missing = at.len() - solved().count();
    let gaps = if missing > 0 {
        format!(" {missing} of {} values have no dispatch.", at.len())
    } else {
        String::new()
    };
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!(" {unit}")
    };
    format!(
        "{}: greatest, {} {}, at {label} = {}{unit}.{gaps}",
        picture.title,
        half_up(*y, 3),
        series.unit,
        half_up(*x, 4)
    )
}
