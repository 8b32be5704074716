//! One field of a scenario over a range: how the summary of the run depends on it.
//!
//! [`Exact`] solves value by value, so that a page or a terminal can show how far it is and stop it; `plan` says
//! which value is next. What comes out is a [`Swept`]: points to be joined by straight strokes, the breakpoints
//! between them, and of every piece whether it is known to be straight.

mod exact;
mod plan;
mod report;
mod shape;
mod words;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::Problem;
use crate::report::{Facts, Quantity, Report, Status};
use crate::scenario::{Document, path as fields};
use crate::session::Session;

pub use exact::{Ask, Exact};
pub(crate) use report::label_of;
pub use report::report;

/// One point of a sweep; no summary where the market has no answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "SweepPoint"))]
pub struct Point {
    pub value: f64,
    pub summary: Option<Vec<Quantity>>,
}

/// A sweep with what is known between its points.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Swept {
    /// Ascending; at a breakpoint its value stands twice, with the numbers just before it and just behind it.
    pub points: Vec<Point>,
    /// Empty where no breakpoints were looked for.
    pub pieces: Vec<Piece>,
    pub breakpoints: Vec<Breakpoint>,
    /// Where something changes on curves, no nearer than between two points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
    /// Names of numbers that are curves where the others are straight: they are known at the points alone.
    pub curves: Vec<String>,
    /// Names of numbers that are parabolas on pieces where the others are straight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parabolas: Vec<String>,
    /// Values solved.
    pub solves: usize,
    /// Id of the number that the scenario is about.
    pub main: String,
}

/// What lies between two breakpoints.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "SweepPiece"))]
pub struct Piece {
    pub from: f64,
    pub to: f64,
    /// Every number of the summary but curves is straight from end to end, or a parabola; else it is known at the
    /// points alone.
    pub exact: bool,
    /// Values solved inside it.
    pub checks: usize,
    /// The solves were spent before it was settled.
    pub open: bool,
    /// The market has an answer.
    pub solved: bool,
}

/// Two neighbouring values of a curve on whose sides other things hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "SweepTurn"))]
pub struct Turn {
    pub from: f64,
    pub to: f64,
    /// In words.
    pub changes: Vec<String>,
}

/// Where the numbers of the summary bend or jump.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Breakpoint {
    pub value: f64,
    /// In words.
    pub changes: Vec<String>,
    /// The main number just before it and just behind it.
    pub left: Option<f64>,
    pub right: Option<f64>,
}

impl Swept {
    /// Points alone, nothing known between them.
    pub fn sampled(points: Vec<Point>) -> Swept {
        Swept {
            solves: points.len(),
            points,
            ..Swept::default()
        }
    }
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
    Ok(answer(session, document, field, value, None)?.summary)
}

/// What a sweep keeps of one value.
struct Answer {
    summary: Vec<Quantity>,
    facts: Facts,
    /// Id of the number that the scenario is about.
    main: String,
}

/// A value as a field of a document takes it: one that counts, like M, takes whole numbers.
pub(crate) fn numbered(document: &Value, field: &str, value: f64) -> Value {
    let counts = fields::get(document, field).is_some_and(is_whole);
    match counts && value.fract() == 0.0 {
        true => (value as i64).into(),
        false => value.into(),
    }
}

fn answer(
    session: &mut Session,
    document: &Document,
    field: &str,
    value: f64,
    step: Option<usize>,
) -> Result<Answer, Vec<Problem>> {
    let mut changed = document.to_value();
    let number = numbered(&changed, field, value);
    fields::set_value(&mut changed, field, number, &[]).map_err(|p| vec![p])?;
    session.load(Document::from_value(changed)?);
    session.solve()?;
    let mut report = session.report()?;
    match report.status {
        Status::Solved => Ok(Answer {
            main: shown(&mut report, step),
            facts: session.regime(),
            summary: report.summary,
        }),
        Status::Infeasible => Err(vec![Problem::error(field, report.headline)]),
    }
}

/// Whether a field counts, like M, and takes whole numbers.
fn counts(document: &Document, field: &str) -> bool {
    fields::get(&document.to_value(), field).is_some_and(is_whole)
}

fn is_whole(now: &Value) -> bool {
    now.is_u64() || now.is_i64()
}

/// The id of the number that the scenario shows large; where it is a series, what that has in `step` (from 1; else
/// the step the scenario begins at, or the first) joins the summary.
fn shown(report: &mut Report, step: Option<usize>) -> String {
    let id = report.look.number.clone();
    if report.quantity(&id).is_none()
        && let Some(series) = report.series(&id)
    {
        let step = step.or(report.look.step).unwrap_or(1);
        let at = step.clamp(1, series.values.len().max(1)) - 1;
        let value = series.values.get(at).copied().unwrap_or(f64::NAN);
        // Among the series of a chart of LMPs the name is that of the bus alone.
        let name = match id.starts_with("lmp:") {
            true => format!("LMP at {}", series.name),
            false => series.name.clone(),
        };
        let unit = series.unit.clone();
        let number = crate::report::plots::quantity(id.clone(), name, value, &unit, "");
        report.summary.push(number);
    }
    id
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::plan::*;
}
