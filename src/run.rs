//! From a scenario to its report: the only match over mechanisms.

use crate::case::Problem;
use crate::market::rt_sced;
use crate::report::{Level, Message, Probe, Report};
use crate::scenario::{Mechanism, Scenario, gallery};

/// Solves a scenario.
///
/// # Errors
/// Problems of the input, field by field. An infeasible market is a report, not an error.
pub fn run(scenario: &Scenario) -> Result<Report, Vec<Problem>> {
    let problems = scenario.problems();
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    let solved = match &scenario.mechanism {
        Mechanism::RtSced(params) => rt_sced::run(&scenario.case, params),
    };
    let mut report = solved.map_err(|why| vec![Problem::error("scenario", why)])?;
    report.title = scenario.title.clone();
    report
        .messages
        .extend(problems.into_iter().map(|p| Message {
            level: Level::Warning,
            text: p.message,
            field: Some(p.field),
            cures: Vec::new(),
        }));
    gallery::annotate(&mut report, scenario);
    Ok(report)
}

/// The program of one step of a scenario (from 1) as an LP file with named rows.
///
/// # Errors
/// Problems of the input, or a step that is not reached.
pub fn lp_file(scenario: &Scenario, step: usize) -> Result<String, Vec<Problem>> {
    let problems = scenario.problems();
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    let text = match &scenario.mechanism {
        Mechanism::RtSced(params) => rt_sced::lp_file(&scenario.case, params, step),
    };
    text.map_err(|why| vec![Problem::error("interval", why)])
}

/// What holds at the point (`x`, `y`) of a chart of the scenario's report that can be probed.
///
/// # Errors
/// Problems of the input, or a chart without a plane to probe.
pub fn probe(scenario: &Scenario, chart: &str, x: f64, y: f64) -> Result<Probe, Vec<Problem>> {
    let _ = (scenario, x, y);
    Err(vec![Problem::error(
        "chart",
        format!("chart `{chart}` has no points to ask about"),
    )])
}

/// Every method of the scenario's mechanism on the same case, side by side.
///
/// # Errors
/// Problems of the input, or a mechanism without methods to compare.
pub fn compare(scenario: &Scenario) -> Result<Report, Vec<Problem>> {
    let _ = scenario;
    Err(vec![Problem::error(
        "mechanism",
        "there are no methods to compare",
    )])
}
