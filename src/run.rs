//! One question answered at once, for those who ask no second one: a [`Session`] of a moment.

use crate::case::Problem;
use crate::report::{Probe, Report};
use crate::scenario::Document;
use crate::session::Session;

/// Solves a document, or a scenario.
///
/// # Errors
/// Problems of the input, field by field. An infeasible market is a report, not an error.
pub fn run<D: Into<Document> + Clone>(document: &D) -> Result<Report, Vec<Problem>> {
    let mut session = Session::new(document.clone().into());
    session.solve()?;
    session.report()
}

/// [`Session::probe`].
///
/// # Errors
/// As there and [`run`].
pub fn probe<D: Into<Document> + Clone>(
    document: &D,
    key: &str,
    x: f64,
    y: f64,
) -> Result<Probe, Vec<Problem>> {
    let mut session = Session::new(document.clone().into());
    session.solve()?;
    session.probe(key, x, y)
}

/// [`Session::lp_file`].
///
/// # Errors
/// As there.
pub fn lp_file<D: Into<Document> + Clone>(
    document: &D,
    step: usize,
) -> Result<String, Vec<Problem>> {
    Session::new(document.clone().into()).lp_file(step)
}

/// [`Session::compare`].
///
/// # Errors
/// As there.
pub fn compare<D: Into<Document> + Clone>(document: &D) -> Result<Report, Vec<Problem>> {
    Session::new(document.clone().into()).compare()
}
