//! The rolls of a day one by one, so that several workers can share them.

use crate::case::Case;
use crate::report::Report;

use super::answer::{Roll, roll, run_with};
use super::known;
use super::operation::Failure;
use super::params::Bargaining;

/// How many rolls a day has: with cooperation, and each DSO on its own; `None` where nothing is
/// dispatched, or the day is known here already.
pub fn parts(case: &Case, params: &Bargaining) -> Option<usize> {
    let rolls = params.given.is_none() && case.day.is_some();
    (rolls && known::day(case, params.physics).is_none()).then_some(case.boundaries.len() + 1)
}

/// Roll `k` of [`parts`] as text for [`run_with_parts`].
///
/// # Errors
/// A sentence that names the program that could not be solved.
pub fn part(case: &Case, params: &Bargaining, k: usize) -> Result<String, String> {
    let done = known::planned(case, params.physics)
        .and_then(|(system, plan)| roll(&system, &plan, params.physics, k));
    let done = match done {
        Err(Failure::Infeasible(why)) => Roll::Unserved(why),
        done => done?,
    };
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
