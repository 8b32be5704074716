//! Rules between inputs, and of a view, field by field. The day itself is checked with the case.

use crate::case::{Case, Problem};
use crate::market::View;

use super::params::{Bargaining, Disagreement, Given, ISO, Misreport, Power, Rule};

/// DSOs up to which all coalitions are valued.
pub const MOST_IN_COALITIONS: usize = 8;

/// Scenarios up to which a bargain under risk is asked: each is a day of its own.
pub const MOST_SCENARIOS: usize = 100;

/// Largest factor of a given scenario.
const MOST_FACTOR: f64 = 100.0;

/// Every problem of a view of the outcome; paths start at `view`.
pub fn check_view(case: &Case, params: &Bargaining, view: &View) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some((a, b)) = &view.players else {
        return problems;
    };
    let dsos = params.dsos(case);
    let mut error = |k: usize, message: String| {
        problems.push(Problem::error(format!("view.players.{k}"), message));
    };
    for (k, id) in [a, b].into_iter().enumerate() {
        if id != ISO && !dsos.contains(&id.as_str()) {
            error(k, no_player(id, &dsos));
        }
    }
    if a == b {
        error(1, "The same player twice. Choose two.".into());
    }
    problems
}

fn no_player(id: &str, dsos: &[&str]) -> String {
    format!("There is no player \"{id}\". {}", choice(dsos))
}

fn choice(dsos: &[&str]) -> String {
    let some: Vec<String> = dsos.iter().take(6).map(|d| format!("\"{d}\"")).collect();
    format!("Choose \"{ISO}\" or a feeder: {}.", some.join(", "))
}

/// Every problem of the parameters beyond their ranges; paths start at `mechanism`.
pub fn check(case: &Case, params: &Bargaining) -> Vec<Problem> {
    let mut problems = Vec::new();
    let given = params.given.as_ref();
    let costs = case
        .generators
        .iter()
        .filter(|g| g.no_load_usd_per_h != 0.0);
    for generator in costs.filter(|_| given.is_none()) {
        let field = format!("case.generators.{}.no_load_usd_per_h", generator.id);
        let message =
            "This mechanism starts and stops generators and has no cost at no output. Set it to 0.";
        problems.push(Problem::error(field, message));
    }
    let dsos = params.dsos(case);
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(format!("mechanism.{field}"), message));
    };
    powers(params, &dsos, &mut error);
    if params.settlement == Rule::Telescoping && params.disagreement == Disagreement::Rebased {
        let message = "The telescoping settlement compares with one day without cooperation. Choose the shadow path.";
        error("disagreement", message.into());
    }
    let many = dsos.len() > MOST_IN_COALITIONS;
    if params.coalitions && many {
        let count = dsos.len();
        let message = format!(
            "{count} DSOs form too many coalitions; Tandem values those of up to {MOST_IN_COALITIONS}."
        );
        error("coalitions", message);
    }
    let Misreport { dso, percent, .. } = &params.misreport;
    if !dso.is_empty() && !dsos.contains(&dso.as_str()) {
        let message = format!("There is no DSO \"{dso}\". {}", choice(&dsos));
        error("misreport.dso", message);
    }
    if *percent > 0.0 && many {
        let message = format!(
            "The shares that are compared need the values of all coalitions; Tandem values those of up to {MOST_IN_COALITIONS} DSOs."
        );
        error("misreport.percent", message);
    }
    risk(case, params, &dsos, &mut error);
    match given {
        Some(given) => series(given, &mut error),
        None => problems.extend(of_case(case, &dsos)),
    }
    problems
}

fn powers(params: &Bargaining, dsos: &[&str], error: &mut impl FnMut(&str, String)) {
    named("powers", &params.powers, dsos, error);
}

/// Weights of players, each a player once.
fn named(list: &str, of: &[Power], dsos: &[&str], error: &mut impl FnMut(&str, String)) {
    for (k, Power { id, .. }) in of.iter().enumerate() {
        let field = format!("{list}.{k}.id");
        if id != ISO && !dsos.contains(&id.as_str()) {
            error(&field, no_player(id, dsos));
        }
        if of[..k].iter().any(|p| p.id == *id) {
            error(&field, format!("\"{id}\" has two weights. Leave one."));
        }
    }
}

/// Scenarios need a day, and given ones a number for each of its profiles.
fn risk(case: &Case, params: &Bargaining, dsos: &[&str], error: &mut impl FnMut(&str, String)) {
    let risk = &params.risk;
    named("risk.aversion", &risk.aversion, dsos, error);
    if params.given.is_some() && risk.count() > 0 {
        let message = "Scenarios are days of their own, and here the values of the day are given. Ask for none, or leave `given` out.";
        error("risk.scenarios", message.into());
    }
    if risk.factors.len() > MOST_SCENARIOS {
        let count = risk.factors.len();
        let message = format!("{count} scenarios; Tandem takes up to {MOST_SCENARIOS}.");
        error("risk.factors", message);
    }
    let profiles = case.day.as_ref().map_or(0, |day| day.profiles.len());
    for (s, factors) in risk.factors.iter().enumerate() {
        let field = format!("risk.factors.{s}");
        if factors.len() != profiles {
            let message = format!("{} factors for {profiles} profiles.", factors.len());
            error(&field, message);
        } else if factors
            .iter()
            .any(|f| !f.is_finite() || f.abs() > MOST_FACTOR)
        {
            let message = format!("A factor is beyond ±{MOST_FACTOR}.");
            error(&field, message);
        }
    }
}

/// What the day is computed from.
fn of_case(case: &Case, dsos: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut error = |field: &str, message: &str| problems.push(Problem::error(field, message));
    if dsos.contains(&ISO) {
        let message = format!("A feeder is called \"{ISO}\". Give it another id.");
        error("mechanism.settlement", &message);
    }
    if dsos.is_empty() {
        let message = "The case has no feeder, so no DSO. Add one with a boundary.";
        error("case.feeders", message);
    }
    if case.day.is_none() {
        let message = "The case has no day of operation. Add `day` to the case, or start from a preset of this mechanism.";
        error("case.day", message);
    }
    if !case.ders.is_empty() {
        let message = "DERs take no part in this mechanism; it knows renewables and flexible loads of the day.";
        problems.push(Problem::warning("case.ders", message));
    }
    problems
}

/// Values to settle: as many of everything as there are DSOs and slots.
fn series(given: &Given, error: &mut impl FnMut(&str, String)) {
    let slots = given.cost_co_usd.len();
    if slots == 0 || given.dsos.is_empty() {
        let message = "There is nothing to settle. Give at least one DSO and one slot.";
        error("given", message.into());
    }
    let mut check = |field: String, values: &[f64]| {
        if values.len() != slots {
            let message = format!("{} values for {slots} slots.", values.len());
            error(&field, message);
        } else if values.iter().any(|v| !v.is_finite()) {
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
