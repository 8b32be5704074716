//! Two fields of a scenario over their ranges: all regions of one dispatch, exactly.
//!
//! The document is read at the corners of the box and at some points between them; what its program has there has
//! to be affine in both fields ([`crate::opt::parametric`]). Nothing is solved on a grid.

use crate::case::Problem;
use crate::opt::parametric::SAMPLES;
use crate::report::map::{Asked, Map, Named};
use crate::scenario::{Document, path as fields};
use crate::session::Session;
use crate::sweep::{label_of, numbered};

/// The map of the document of a session; its outcome is not needed.
///
/// # Errors
/// Problems of the input: fields that are no numbers, values out of range, a mechanism that has no map, or a program
/// that is not affine in the two fields.
pub fn map(session: &Session, asked: &Asked) -> Result<Map, Vec<Problem>> {
    let document = session.document().to_value();
    let wrong = |field: &str, why: &str| vec![Problem::error(field, why)];
    let axes = [&asked.x, &asked.y];
    if asked.x.field == asked.y.field {
        return Err(wrong(
            &asked.y.field,
            "choose another field than for the first axis",
        ));
    }
    for axis in axes {
        if !(axis.from.is_finite() && axis.to.is_finite() && axis.from < axis.to) {
            return Err(wrong(
                &axis.field,
                "choose a range from a number to a greater one",
            ));
        }
    }
    let documents = SAMPLES.map(|(u, v)| {
        let mut changed = document.clone();
        for (axis, share) in axes.into_iter().zip([u, v]) {
            let value = axis.from + share * (axis.to - axis.from);
            let value = numbered(&changed, &axis.field, value);
            fields::set_value(&mut changed, &axis.field, value, &[]).map_err(|p| vec![p])?;
        }
        Document::from_value(changed)
    });
    let documents = documents.into_iter().collect::<Result<Vec<_>, _>>()?;
    let named = axes.map(|axis| {
        let (label, unit) = label_of(session, &axis.field);
        let now = fields::get(&document, &axis.field).and_then(serde_json::Value::as_f64);
        Named { label, unit, now }
    });
    let scenarios: Vec<_> = documents
        .iter()
        .map(|document| &*document.scenario)
        .collect();
    let samples: Vec<_> = scenarios.iter().map(|s| (&s.case, &s.mechanism)).collect();
    let scenario = session.scenario();
    let mut map = scenario
        .mechanism
        .map(&samples, asked, &named)
        .map_err(|failure| wrong(failure.field.unwrap_or(&asked.x.field), &failure.why))?;
    map.report.title = format!("{}: {}, {}", scenario.title, named[0].label, named[1].label);
    map.report.units = session.units();
    Ok(map)
}
