//! What is wrong with the inputs, field by field. The market itself is checked with the case.

use crate::case::{Case, Problem};
use crate::market::View;

use super::params::{Behaviour, BspBidding, Method};

/// Every problem of the parameters against a case; paths start at `mechanism`.
pub fn check(case: &Case, params: &BspBidding) -> Vec<Problem> {
    let Some(market) = &case.local_market else {
        return vec![Problem::error(
            "case.local_market",
            "The case has no balancing market of a DSO. Add `local_market` to the case, or start from a preset of this mechanism.",
        )];
    };
    let mut problems = Vec::new();
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(format!("mechanism.{field}"), message));
    };
    let owners = market.owners();
    let choose = |known: &[&str]| {
        let some: Vec<String> = known.iter().take(6).map(|id| format!("\"{id}\"")).collect();
        format!("Choose from {}.", some.join(", "))
    };
    for (i, id) in params.strategic.iter().enumerate() {
        let field = format!("strategic.{i}");
        if !owners.contains(&id.as_str()) {
            error(
                &field,
                format!("There is no owner \"{id}\". {}", choose(&owners)),
            );
        }
        if params.strategic.iter().take(i).any(|other| other == id) {
            error(&field, format!("\"{id}\" is named twice. Name it once."));
        }
    }
    let mut range = |field: &str, value: f64, low: f64, high: f64| {
        if !(value >= low && value <= high) {
            error(
                field,
                format!("{value} is out of range. Give a number from {low} to {high}."),
            );
        }
    };
    range("node_limit", f64::from(params.node_limit), 1.0, 1e7);
    range("samples", f64::from(params.samples), 0.0, 1e5);
    range("rounds", f64::from(params.rounds), 1.0, 200.0);
    if let Some(cap) = params.max_up_bid {
        range("max_up_bid", cap, 0.0, 100.0);
    }
    if let Some(floor) = params.min_down_bid {
        range("min_down_bid", floor, -100.0, 100.0);
    }
    if let Some(monitoring) = params.monitoring {
        range("monitoring.threshold", monitoring.threshold, 0.0, 100.0);
    }
    range(
        "hour",
        params.hour as f64,
        1.0,
        market.periods as f64,
    );
    for bid in &params.own {
        range(&format!("own.{}.up", bid.id), bid.up, -100.0, 100.0);
        range(&format!("own.{}.down", bid.id), bid.down, -100.0, 100.0);
    }
    let player = params.strategic.first().map(String::as_str);
    let player = player.or(owners.first().copied()).unwrap_or_default();
    let mine: Vec<&str> = market
        .resources
        .iter()
        .filter(|r| r.owner == player)
        .map(|r| r.id.as_str())
        .collect();
    for (i, bid) in params.own.iter().enumerate() {
        if !mine.contains(&bid.id.as_str()) {
            let message = format!(
                "\"{}\" is no resource of {player}. {}",
                bid.id,
                choose(&mine)
            );
            error(&format!("own.{i}.id"), message);
        }
        if params.own.iter().take(i).any(|other| other.id == bid.id) {
            error(
                &format!("own.{i}.id"),
                format!("\"{}\" has two bids. Leave one.", bid.id),
            );
        }
        if bid.down > bid.up {
            let message = format!(
                "\"{}\" bids more to reduce than it asks to increase: it would trade with itself. Lower `down`, or raise `up`.",
                bid.id
            );
            error(&format!("own.{}.down", bid.id), message);
        }
    }
    if let Some((a, b)) = &params.resources {
        for (k, id) in [a, b].into_iter().enumerate() {
            if !mine.contains(&id.as_str()) {
                let message = format!("\"{id}\" is no resource of {player}. {}", choose(&mine));
                error(&format!("resources.{k}"), message);
            }
        }
        if a == b {
            error(
                "resources.1",
                "The same resource twice. Choose two.".into(),
            );
        }
    }
    let several = market
        .resources
        .iter()
        .filter(|r| r.owner == player)
        .count()
        > 3;
    if params.method == Method::Enumeration && several {
        problems.push(Problem::warning(
            "mechanism.method",
            "Candidate prices of so many resources are not all tried: bids are improved one after the other, and no bound is known.",
        ));
    }
    problems
}

/// Every problem of a view of the outcome; paths start at `view`.
pub fn check_view(case: &Case, params: &BspBidding, view: &View) -> Vec<Problem> {
    let mut problems = Vec::new();
    let hours = case.local_market.as_ref().map_or(1, |m| m.periods);
    if let Some(step) = view.step.filter(|step| !(1..=hours).contains(step)) {
        let message = format!("There is no hour {step}. Choose 1 to {hours}.");
        problems.push(Problem::error("view.step", message));
    }
    if let Some(id) = &view.outcome {
        let known = Behaviour::ALL.into_iter().find(|b| b.id() == id);
        let message = match known {
            None => format!(
                "`{id}` is no behaviour. Choose one of {}.",
                Behaviour::ALL.map(Behaviour::id).join(", ")
            ),
            Some(Behaviour::Own) if params.own.is_empty() => "There are no bids of yours to show. Give a bid for a resource of the strategic owner, or choose another behaviour.".into(),
            Some(_) => return problems,
        };
        problems.push(Problem::error("view.outcome", message));
    }
    problems
}
