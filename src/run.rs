//! One question answered at once, for those who ask no second one: a [`Session`] of a moment.

use crate::case::Problem;
use crate::report::{Probe, Report};
use crate::scenario::Scenario;
use crate::session::Session;

/// Solves a scenario.
///
/// # Errors
/// Problems of the input, field by field. An infeasible market is a report, not an error.
pub fn run(scenario: &Scenario) -> Result<Report, Vec<Problem>> {
    let mut session = Session::from(scenario.clone());
    session.solve()?;
    session.report()
}

/// [`Session::probe`].
///
/// # Errors
/// As there and [`run`].
pub fn probe(scenario: &Scenario, key: &str, x: f64, y: f64) -> Result<Probe, Vec<Problem>> {
    let mut session = Session::from(scenario.clone());
    session.solve()?;
    session.probe(key, x, y)
}

/// [`Session::lp_file`].
///
/// # Errors
/// As there.
pub fn lp_file(scenario: &Scenario, step: usize) -> Result<String, Vec<Problem>> {
    Session::from(scenario.clone()).lp_file(step)
}

/// [`Session::compare`].
///
/// # Errors
/// As there.
pub fn compare(scenario: &Scenario) -> Result<Report, Vec<Problem>> {
    Session::from(scenario.clone()).compare()
}
