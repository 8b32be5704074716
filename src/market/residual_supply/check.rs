//! Rules between inputs, and of a view, field by field. The bids themselves are checked with the case.

use crate::case::{Case, Problem};
use crate::market::View;

use super::model::schemes;
use super::model::system::System;
use super::params::{Form, ResidualSupply, Scheme, Variant};

/// Every problem of the parameters beyond their ranges; paths start at `mechanism`.
pub fn check(case: &Case, params: &ResidualSupply) -> Vec<Problem> {
    if case.balancing.is_none() {
        return vec![Problem::error(
            "case.balancing",
            "The case has no bids and imbalances for a balancing market. Add `balancing` to the case, or start from a preset of this mechanism.",
        )];
    }
    let apart = group_apart(case, params).into_iter();
    apart.chain(convex(params)).collect()
}

/// Nested cuts of whole bids: their costs are not convex, so that no cut bounds them.
fn convex(params: &ResidualSupply) -> Option<Problem> {
    let nested = params.scheme == Scheme::Rsf && params.rsf.form == Form::NestedCuts;
    (nested && params.rsf.variant != Variant::Relaxed).then(|| {
        Problem::error(
            "mechanism.rsf.form",
            "Nested cuts need functions of bids that may be taken in part. Choose mechanism.rsf.variant = \"relaxed\", or steps or cuts in place of nested cuts.",
        )
    })
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
