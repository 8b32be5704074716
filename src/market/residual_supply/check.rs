//! Rules between inputs, and of a view, field by field. The bids themselves are checked with the case.

use crate::case::{Case, Problem};
use crate::market::View;

use super::model::schemes;
use super::model::system::System;
use super::params::{ResidualSupply, Scheme};

/// Most points of a grid.
const MOST_POINTS: u32 = 2_000;

/// Most further exchanges.
const MOST_ROUNDS: u32 = 20;

/// Every problem of the parameters against a case; paths start at `mechanism`.
pub fn check(case: &Case, params: &ResidualSupply) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(format!("mechanism.{field}"), message));
    };
    let rsf = &params.rsf;
    for (field, value) in [
        ("rsf.points", rsf.points),
        ("rsf.max_points", rsf.max_points),
    ] {
        if !(2..=MOST_POINTS).contains(&value) {
            error(field, format!("{value} points. Choose 2 to {MOST_POINTS}."));
        }
    }
    if !(rsf.gap_usd >= 0.0 && rsf.gap_usd <= 1e9) {
        error(
            "rsf.gap_usd",
            format!(
                "{} $ is no error to stop at. Give 0 or more, such as 0.01.",
                rsf.gap_usd
            ),
        );
    }
    if rsf.rounds > MOST_ROUNDS {
        error(
            "rsf.rounds",
            format!(
                "{} further exchanges. Choose 0 to {MOST_ROUNDS}.",
                rsf.rounds
            ),
        );
    }
    if let Some(price) = params.reference_usd_per_mwh
        && (price.is_nan() || price.abs() > 1e6)
    {
        error(
            "reference_usd_per_mwh",
            format!("{price} is not a price. Give a number in $/MWh, or leave it empty."),
        );
    }
    if case.balancing.is_none() {
        problems.push(Problem::error(
            "case.balancing",
            "The case has no bids and imbalances for a balancing market. Add `balancing` to the case, or start from a preset of this mechanism.",
        ));
        return problems;
    }
    problems.extend(group_apart(case, params));
    problems
}

/// Every problem of a view of the outcome; paths start at `view`.
pub fn check_view(case: &Case, view: &View) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(balancing) = &case.balancing else {
        return problems;
    };
    let periods = balancing.periods;
    if let Some(step) = view.step.filter(|step| !(1..=periods).contains(step)) {
        let message = format!("There is no period {step}. Choose 1 to {periods}.");
        problems.push(Problem::error("view.step", message));
    }
    if let Some(id) = &view.feeder {
        let feeders = case.feeders.iter().map(|f| &f.id);
        let zones = balancing.zones.iter().map(|z| &z.id);
        let known: Vec<&String> = feeders.chain(zones).collect();
        if !known.contains(&id) {
            let list: Vec<String> = known.iter().take(6).map(|k| format!("\"{k}\"")).collect();
            let list = list.join(", ");
            let message = format!("There is no feeder or zone \"{id}\". Choose from {list}.");
            problems.push(Problem::error("view.feeder", message));
        }
    }
    problems
}

/// An exclusive group that a scheme would clear in several areas, which none of them can keep.
fn group_apart(case: &Case, params: &ResidualSupply) -> Option<Problem> {
    let balancing = case.balancing.as_ref()?;
    let apart = matches!(params.scheme, Scheme::Rsf | Scheme::SharedBalancing);
    if !apart || balancing.exclusive.is_empty() {
        return None;
    }
    let system = System::new(case).ok()?;
    let admitted = schemes::admitted(&system, params.scheme);
    let g = system.group_apart(&admitted)?;
    Some(Problem::error(
        format!("case.balancing.exclusive[{g}]"),
        format!(
            "Exclusive group \"{}\" has bids in several areas, and the {} clears each area by itself: none of them could keep the group. Choose a scheme in one program (mechanism.scheme = \"common\"), or keep the group within one area.",
            balancing.exclusive[g].id,
            params.scheme.name()
        ),
    ))
}
