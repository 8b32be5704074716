//! What is wrong with the inputs, field by field. The day itself is checked with the case.

use crate::case::{Case, Problem};
use crate::market::View;

use super::params::{Bargaining, Disagreement, Given, ISO, Rule};

/// DSOs up to which all coalitions are valued.
pub const MOST_IN_COALITIONS: usize = 8;

/// Every problem of a view of the outcome; paths start at `view`.
pub fn check_view(case: &Case, params: &Bargaining, view: &View) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some((a, b)) = &view.players else {
        return problems;
    };
    let dsos = params.dsos(case);
    for (k, id) in [a, b].into_iter().enumerate() {
        if id != ISO && !dsos.contains(&id.as_str()) {
            let message = format!("There is no player \"{id}\". {}", choice(&dsos));
            problems.push(Problem::error(format!("view.players.{k}"), message));
        }
    }
    if a == b {
        let message = "The same player twice. Choose two.";
        problems.push(Problem::error("view.players.1", message));
    }
    problems
}

fn choice(dsos: &[&str]) -> String {
    let some: Vec<String> = dsos.iter().take(6).map(|d| format!("\"{d}\"")).collect();
    format!("Choose \"{ISO}\" or a feeder: {}.", some.join(", "))
}

/// Every problem of the parameters against a case; paths start at `mechanism`.
pub fn check(case: &Case, params: &Bargaining) -> Vec<Problem> {
    let mut problems = Vec::new();
    for generator in &case.generators {
        if generator.no_load_usd_per_h != 0.0 && params.given.is_none() {
            let field = format!("case.generators.{}.no_load_usd_per_h", generator.id);
            let message = "This mechanism starts and stops generators and has no cost at no output. Set it to 0.";
            problems.push(Problem::error(field, message));
        }
    }
    let dsos = params.dsos(case);
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(format!("mechanism.{field}"), message));
    };
    let known = |id: &str| id == ISO || dsos.contains(&id);
    for (k, power) in params.powers.iter().enumerate() {
        let field = format!("powers.{k}");
        if !known(&power.id) {
            let message = format!("There is no player \"{}\". {}", power.id, choice(&dsos));
            error(&format!("{field}.id"), message);
        }
        if params.powers.iter().take(k).any(|p| p.id == power.id) {
            let message = format!("\"{}\" has two weights. Leave one.", power.id);
            error(&format!("{field}.id"), message);
        }
        if !(power.weight > 0.0 && power.weight <= 1e6) {
            let message = format!(
                "A weight of {} is no bargaining power. Give a number above 0.",
                power.weight
            );
            error(&format!("{field}.weight"), message);
        }
    }
    if params
        .most_paid_usd
        .is_some_and(|most| !(most >= 0.0 && most.is_finite()))
    {
        error(
            "most_paid_usd",
            "Not an amount. Give a number of $ from 0, or leave it empty.".into(),
        );
    }
    let slots = match &params.given {
        Some(given) => given.cost_co_usd.len(),
        None => case.day.as_ref().map_or(0, |day| day.periods),
    };
    if slots > 0 && !(1..=slots).contains(&params.slot) {
        error(
            "slot",
            format!("There is no slot {}. Choose 1 to {slots}.", params.slot),
        );
    }
    if params.settlement == Rule::Telescoping && params.disagreement == Disagreement::Rebased {
        error(
            "disagreement",
            "The telescoping settlement compares with one day without cooperation. Choose the shadow path.".into(),
        );
    }
    if params.coalitions && dsos.len() > MOST_IN_COALITIONS {
        error(
            "coalitions",
            format!(
                "{} DSOs form too many coalitions; Tandem values those of up to {MOST_IN_COALITIONS}.",
                dsos.len()
            ),
        );
    }
    let misreport = &params.misreport;
    if !misreport.dso.is_empty() && !dsos.contains(&misreport.dso.as_str()) {
        let message = format!("There is no DSO \"{}\". {}", misreport.dso, choice(&dsos));
        error("misreport.dso", message);
    }
    if !(0.0..=90.0).contains(&misreport.percent) {
        let message = format!("{} %. Give 0 to 90 %.", misreport.percent);
        error("misreport.percent", message);
    }
    if misreport.percent > 0.0 && dsos.len() > MOST_IN_COALITIONS {
        error(
            "misreport.percent",
            format!(
                "The shares that are compared need the values of all coalitions; Tandem values those of up to {MOST_IN_COALITIONS} DSOs."
            ),
        );
    }
    match &params.given {
        Some(given) => series(given, &mut error),
        None => {
            if dsos.contains(&ISO) {
                error(
                    "settlement",
                    format!("A feeder is called \"{ISO}\". Give it another id."),
                );
            }
            if dsos.is_empty() {
                problems.push(Problem::error(
                    "case.feeders",
                    "The case has no feeder, so no DSO. Add one with a boundary.",
                ));
            }
            if case.day.is_none() {
                problems.push(Problem::error(
                    "case.day",
                    "The case has no day of operation. Add `day` to the case, or start from a preset of this mechanism.",
                ));
            }
            if !case.ders.is_empty() {
                problems.push(Problem::warning(
                    "case.ders",
                    "DERs take no part in this mechanism; it knows renewables and flexible loads of the day.",
                ));
            }
        }
    }
    problems
}

/// Values to settle: as many of everything as there are DSOs and slots.
fn series(given: &Given, error: &mut impl FnMut(&str, String)) {
    let slots = given.cost_co_usd.len();
    if slots == 0 || given.dsos.is_empty() {
        error(
            "given",
            "There is nothing to settle. Give at least one DSO and one slot.".into(),
        );
    }
    let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
    let mut check = |field: String, values: &[f64]| {
        if values.len() != slots {
            let message = format!("{} values for {slots} slots.", values.len());
            error(&field, message);
        } else if !finite(values) {
            error(&field, "A value is not a number.".into());
        }
    };
    check("given.cost_co_usd".into(), &given.cost_co_usd);
    check("given.cost_non_usd".into(), &given.cost_non_usd);
    for (name, all) in [
        ("utility_co_usd", &given.utility_co_usd),
        ("utility_non_usd", &given.utility_non_usd),
    ] {
        for (m, values) in all.iter().enumerate() {
            check(format!("given.{name}.{m}"), values);
        }
        if all.len() != given.dsos.len() {
            check(format!("given.{name}"), &[]);
        }
    }
}
