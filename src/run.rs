//! One question answered at once, for those who ask no second one: a [`Session`] of a moment.

use crate::case::{Branch, Problem};
use crate::factors;
use crate::report::{Probe, Report, Table};
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

/// What the loss of each line would do to the flows of one step (from 1) of a session, as a table.
///
/// # Errors
/// A question that is not solved, a report without flows of the lines of the case or without that step, a case without a
/// network.
pub fn outages(session: &Session, step: usize) -> Result<Table, Vec<Problem>> {
    let (report, case) = (session.bare_report()?, &session.scenario().case);
    let flow = |branch: &Branch| {
        let series = report.series(&format!("flow:{}", branch.id))?;
        series.values.get(step.checked_sub(1)?).copied()
    };
    let flows: Option<Vec<f64>> = case.branches.iter().map(flow).collect();
    let flows = flows.filter(|flows| !flows.is_empty()).ok_or_else(|| {
        let why = format!("Step {step} of this answer has no flows of the lines of the case.");
        vec![Problem::error("outages", why)]
    })?;
    factors::outages(case, &flows)
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
