//! What is wrong with the inputs, field by field. The market itself is checked with the case.

use crate::case::{Case, LocalMarket, Problem};
use crate::market::View;

use super::params::{Behaviour, BspBidding, Method};

/// Resources up to which candidate prices are tried in every combination.
const ALL_TRIED_UP_TO: usize = 3;

/// Every problem of the parameters beyond their ranges; paths start at `mechanism`.
pub fn check(case: &Case, params: &BspBidding) -> Vec<Problem> {
    let Some(market) = &case.local_market else {
        return vec![Problem::error(
            "case.local_market",
            "The case has no balancing market of a DSO. Add `local_market` to the case, or start from a preset of this mechanism.",
        )];
    };
    let owners = market.owners();
    let player = params.strategic.first().map(String::as_str);
    let player = player.or(owners.first().copied()).unwrap_or_default();
    let resources = market.resources.iter().filter(|r| r.owner == player);
    let mine: Vec<&str> = resources.map(|r| r.id.as_str()).collect();
    let mut problems = strategic(params, &owners);
    problems.extend(own_bids(params, player, &mine));
    problems.extend(plane(params, player, &mine));
    if params.tso_market.is_some() && params.strategic.len() > 1 {
        problems.push(error(
            "tso_market",
            "What several strategic owners expect of the TSO's market is not modelled. Name one strategic owner, or leave `tso_market` out.",
        ));
    }
    problems.extend(storage(market, params, player));
    if params.method == Method::Enumeration && mine.len() > ALL_TRIED_UP_TO {
        problems.push(Problem::warning(
            "mechanism.method",
            "Candidate prices of so many resources are not all tried: bids are improved one after the other, and no bound is known.",
        ));
    }
    problems
}

/// What is not modelled where storage joins the periods.
fn storage(market: &LocalMarket, params: &BspBidding, player: &str) -> Vec<Problem> {
    let owns = |owner: &str| market.storage.iter().any(|s| s.owner == owner);
    let mut problems = Vec::new();
    let mut refuse = |is: bool, field: &str, message: &str| {
        if is && !market.storage.is_empty() {
            problems.push(error(field, message));
        }
    };
    refuse(
        params.pay_as_bid(),
        "settlement",
        "Storage offers amounts and is paid the price of its bus. Choose `uniform`, or leave storage out of the case.",
    );
    refuse(
        params.tso_market.is_some(),
        "tso_market",
        "Bids for both markets are not modelled where storage joins the hours. Leave `tso_market` out, or storage out of the case.",
    );
    refuse(
        params.on_cone(),
        "network",
        "Storage that joins the hours is not modelled on the cone. Choose `linear`, or leave storage out of the case.",
    );
    refuse(
        params.handover,
        "handover",
        "The residual supply function is of one hour, and storage joins the hours. Turn it off, or leave storage out of the case.",
    );
    refuse(
        params.strategic.len() > 1 && params.strategic.iter().any(|owner| owns(owner)),
        "strategic",
        "Several strategic owners of which one has storage are not modelled. Name one, or owners without storage.",
    );
    refuse(
        params.method == Method::Enumeration && owns(player),
        "method",
        "Candidate prices do not know how much storage offers. Choose `branching` or `milp`.",
    );
    problems
}

fn error(field: impl std::fmt::Display, message: impl Into<String>) -> Problem {
    Problem::error(format!("mechanism.{field}"), message)
}

fn choose(known: &[&str]) -> String {
    let some = known.iter().take(6).map(|id| format!("\"{id}\""));
    let some: Vec<String> = some.collect();
    format!("Choose from {}.", some.join(", "))
}

fn strategic(params: &BspBidding, owners: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (i, id) in params.strategic.iter().enumerate() {
        let field = format!("strategic.{i}");
        if !owners.contains(&id.as_str()) {
            let message = format!("There is no owner \"{id}\". {}", choose(owners));
            problems.push(error(&field, message));
        }
        if params.strategic[..i].contains(id) {
            let message = format!("\"{id}\" is named twice. Name it once.");
            problems.push(error(&field, message));
        }
    }
    problems
}

/// The reader's bids for the resources `mine` of `player`.
fn own_bids(params: &BspBidding, player: &str, mine: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (i, bid) in params.own.iter().enumerate() {
        let id = &bid.id;
        if !mine.contains(&id.as_str()) {
            let message = format!("\"{id}\" is no resource of {player}. {}", choose(mine));
            problems.push(error(format!("own.{i}.id"), message));
        }
        if params.own.iter().take(i).any(|other| other.id == *id) {
            let message = format!("\"{id}\" has two bids. Leave one.");
            problems.push(error(format!("own.{i}.id"), message));
        }
        if bid.down > bid.up {
            let message = format!(
                "\"{id}\" bids more to reduce than it asks to increase: it would trade with itself. Lower `down`, or raise `up`."
            );
            problems.push(error(format!("own.{id}.down"), message));
        }
    }
    problems
}

/// The two resources of the chart of profits.
fn plane(params: &BspBidding, player: &str, mine: &[&str]) -> Vec<Problem> {
    let Some((a, b)) = &params.resources else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for (k, id) in [a, b].into_iter().enumerate() {
        if !mine.contains(&id.as_str()) {
            let message = format!("\"{id}\" is no resource of {player}. {}", choose(mine));
            problems.push(error(format!("resources.{k}"), message));
        }
    }
    if a == b {
        problems.push(error("resources.1", "The same resource twice. Choose two."));
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
    let Some(id) = &view.outcome else {
        return problems;
    };
    let message = match Behaviour::of_id(id) {
        None => format!(
            "`{id}` is no behaviour. Choose one of {}.",
            Behaviour::ALL.map(Behaviour::id).join(", ")
        ),
        Some(Behaviour::Own) if params.own.is_empty() => "There are no bids of yours to show. Give a bid for a resource of the strategic owner, or choose another behaviour.".into(),
        Some(_) => return problems,
    };
    problems.push(Problem::error("view.outcome", message));
    problems
}
