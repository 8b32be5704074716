//! From a scenario to its report: the only match over mechanisms.

use std::cell::RefCell;

use crate::case::Problem;
use crate::market::{bargaining, bsp_bidding, community, residual_supply, rt_sced};
use crate::report::{Level, Message, Probe, Report, Status, Task};
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
    finish(solve(scenario), scenario, problems)
}

/// The mechanism's own report.
fn solve(scenario: &Scenario) -> Result<Report, String> {
    match &scenario.mechanism {
        Mechanism::RtSced(params) => rt_sced::run(&scenario.case, params),
        Mechanism::ResidualSupply(params) => residual_supply::run(&scenario.case, params),
        Mechanism::Bargaining(params) => bargaining::run(&scenario.case, params),
        Mechanism::BspBidding(params) => bsp_bidding::run(&scenario.case, params),
        Mechanism::Community(params) => community::run(&scenario.case, params),
    }
}

/// A solved report with its title, the warnings of its input and the printed numbers.
fn finish(
    solved: Result<Report, String>,
    scenario: &Scenario,
    problems: Vec<Problem>,
) -> Result<Report, Vec<Problem>> {
    let mut report = solved.map_err(|why| vec![Problem::error(asked_by(scenario), why)])?;
    report.title = scenario.title.clone();
    report.import.clone_from(&scenario.case.import);
    say_what_is_missing(&mut report);
    report
        .messages
        .extend(problems.into_iter().map(|p| Message {
            level: Level::Warning,
            text: p.message,
            field: Some(p.field),
            cures: Vec::new(),
        }));
    gallery::annotate(&mut report, scenario);
    report.task = task(scenario, &report);
    Ok(report)
}

/// The field that asks for what could not be solved.
fn asked_by(scenario: &Scenario) -> &'static str {
    match scenario.mechanism {
        Mechanism::RtSced(_) => "mechanism.method",
        _ => "mechanism.kind",
    }
}

/// A number of the summary without a value says why.
fn say_what_is_missing(report: &mut Report) {
    let why = match report.status {
        Status::Solved => "none: it has no value in this run",
        Status::Infeasible => "none: the run stopped before it was known",
    };
    for quantity in report
        .summary
        .iter_mut()
        .filter(|q| !q.value.is_some_and(f64::is_finite))
    {
        quantity.note = match quantity.note.as_str() {
            "" => why.to_string(),
            note => format!("{why}; {note}"),
        };
    }
}

thread_local! {
    /// The question last asked, by preset: its answer does not move with the reader's changes.
    static ASKED: RefCell<Option<(String, Option<Task>)>> = const { RefCell::new(None) };
}

/// The question of the scenario's preset. Its answer is that of the preset, changed as the question
/// says, whatever the reader has changed since.
fn task(scenario: &Scenario, report: &Report) -> Option<Task> {
    let id = &scenario.preset;
    let known = ASKED.with_borrow(|asked| asked.clone().filter(|(known, _)| known == id));
    if let Some((_, task)) = known {
        return task;
    }
    let task = gallery::asked(id).and_then(|asked| {
        if asked.case == scenario.case && asked.mechanism == scenario.mechanism {
            gallery::task(id, report)
        } else {
            gallery::task(id, &solve(&asked).ok()?)
        }
    });
    ASKED.set(Some((id.clone(), task.clone())));
    task
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
        Mechanism::ResidualSupply(params) => residual_supply::lp_file(&scenario.case, params, step),
        Mechanism::BspBidding(params) => bsp_bidding::lp_file(&scenario.case, params, step),
        Mechanism::Bargaining(_) => {
            Err("the programs of this mechanism have quadratic costs and cones, which this file form does not hold".into())
        }
        Mechanism::Community(params) => community::lp_file(&scenario.case, params, step),
    };
    let field = match &scenario.mechanism {
        Mechanism::Bargaining(_) => "mechanism.kind",
        _ => "--interval",
    };
    text.map_err(|why| vec![Problem::error(field, why)])
}

/// What holds at the point (`x`, `y`) of the plane that `key`, from a chart of the scenario's
/// report, stands for.
///
/// # Errors
/// Problems of the input, or an unknown key.
pub fn probe(scenario: &Scenario, key: &str, x: f64, y: f64) -> Result<Probe, Vec<Problem>> {
    let problems = scenario.problems();
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    let probe = match &scenario.mechanism {
        Mechanism::RtSced(params) => rt_sced::probe(&scenario.case, params, key, x, y),
        Mechanism::ResidualSupply(params) => {
            residual_supply::probe(&scenario.case, params, key, x, y)
        }
        Mechanism::BspBidding(params) => bsp_bidding::probe(&scenario.case, params, key, x, y),
        Mechanism::Bargaining(params) => bargaining::probe(&scenario.case, params, key, x),
        Mechanism::Community(_) => Err(format!("no chart of this mechanism answers to `{key}`")),
    };
    probe.map_err(|why| vec![Problem::error("chart", why)])
}

/// Every method of the scenario's mechanism on the same case, side by side.
///
/// # Errors
/// Problems of the input, or a mechanism without methods to compare.
pub fn compare(scenario: &Scenario) -> Result<Report, Vec<Problem>> {
    let problems = scenario.problems();
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    let compared = match &scenario.mechanism {
        Mechanism::RtSced(params) => rt_sced::compare(&scenario.case, params),
        Mechanism::ResidualSupply(params) => residual_supply::compare(&scenario.case, params),
        Mechanism::Bargaining(params) => bargaining::compare(&scenario.case, params),
        // Every run compares behaviours, ways to the best bids and schemes.
        Mechanism::BspBidding(params) => bsp_bidding::run(&scenario.case, params),
        Mechanism::Community(params) => community::run(&scenario.case, params),
    };
    let mut report = compared.map_err(|why| vec![Problem::error(asked_by(scenario), why)])?;
    report.import.clone_from(&scenario.case.import);
    report.title = format!("{}: methods side by side", scenario.title);
    Ok(report)
}

/// Work of a scenario that several workers can share.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Parts {
    /// What the pieces are, e.g. `residual supply functions`.
    pub name: &'static str,
    pub count: usize,
}

/// The pieces of a scenario's work; `None` where one go is right.
pub fn parts(scenario: &Scenario) -> Option<Parts> {
    match &scenario.mechanism {
        Mechanism::RtSced(_) | Mechanism::BspBidding(_) | Mechanism::Community(_) => None,
        Mechanism::ResidualSupply(params) => Some(Parts {
            name: "residual supply functions",
            count: residual_supply::parts(&scenario.case, params)?,
        }),
        Mechanism::Bargaining(params) => Some(Parts {
            name: "days in real time",
            count: bargaining::parts(&scenario.case, params)?,
        }),
    }
}

/// Piece `k` (from 0) of a scenario's work, as text for [`run_with_parts`].
///
/// # Errors
/// Problems of the input, or a piece that does not exist or cannot be solved.
pub fn part(scenario: &Scenario, k: usize) -> Result<String, Vec<Problem>> {
    let done = match &scenario.mechanism {
        Mechanism::RtSced(_) | Mechanism::BspBidding(_) | Mechanism::Community(_) => {
            Err("this scenario is solved in one go".into())
        }
        Mechanism::ResidualSupply(params) => residual_supply::part(&scenario.case, params, k),
        Mechanism::Bargaining(params) => bargaining::part(&scenario.case, params, k),
    };
    done.map_err(|why| vec![Problem::error("scenario", why)])
}

/// [`run`] with pieces made by [`part`].
///
/// # Errors
/// As [`run`].
pub fn run_with_parts(scenario: &Scenario, parts: &[String]) -> Result<Report, Vec<Problem>> {
    let problems = scenario.problems();
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    let solved = match &scenario.mechanism {
        Mechanism::RtSced(_) | Mechanism::BspBidding(_) | Mechanism::Community(_) => {
            solve(scenario)
        }
        Mechanism::ResidualSupply(params) => {
            residual_supply::run_with_parts(&scenario.case, params, parts)
        }
        Mechanism::Bargaining(params) => bargaining::run_with_parts(&scenario.case, params, parts),
    };
    finish(solved, scenario, problems)
}
