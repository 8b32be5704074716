//! The rolls of a day one by one, so that several workers can share them.

use crate::case::Case;
use crate::report::Report;

use super::answer::{Roll, roll, run_with};
use super::operation::plan;
use super::params::Bargaining;
use super::system::System;

/// How many rolls a day has: with cooperation, and each DSO on its own; `None` where nothing is
/// dispatched.
pub fn parts(case: &Case, params: &Bargaining) -> Option<usize> {
    (params.given.is_none() && case.day.is_some()).then_some(case.boundaries.len() + 1)
}

/// Roll `k` of [`parts`] as text for [`run_with_parts`].
///
/// # Errors
/// A sentence that names the program that could not be solved.
pub fn part(case: &Case, params: &Bargaining, k: usize) -> Result<String, String> {
    let system = System::new(case)?;
    let plan = plan(&system, params.physics)?;
    let done = roll(&system, &plan, params, k)?;
    serde_json::to_string(&done).map_err(|why| why.to_string())
}

/// The report from rolls made by [`part`]; all are made now where one is missing.
///
/// # Errors
/// Text that is no roll, or as [`run_with`].
pub fn run_with_parts(
    case: &Case,
    params: &Bargaining,
    parts: &[String],
) -> Result<Report, String> {
    let made: Result<Vec<Roll>, String> = parts
        .iter()
        .map(|text| serde_json::from_str(text).map_err(|why| why.to_string()))
        .collect();
    run_with(case, params, made?)
}
