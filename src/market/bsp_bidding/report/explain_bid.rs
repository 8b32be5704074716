//! Why a resource is taken or not, whose bid it is, and the bid at which that turns.

use crate::report::amount;

use super::super::model::system::LEAST_MW;
use super::super::params::Behaviour;
use super::asked::{Asked, mw, same, usd_per_mwh};

/// What is said of resource `k`.
pub(super) fn said(asked: &Asked, k: usize) -> Vec<String> {
    let held = &asked.found.held;
    let id = &held.system.resources[k];
    if held.hour.offer(k).is_some_and(|offer| offer.fixed) {
        let net = held.cleared.up_mw[k] - held.cleared.down_mw[k];
        return vec![match net.abs() > LEAST_MW {
            false => format!("{id} rests in that hour by its schedule, whatever the price."),
            true if net > 0.0 => format!(
                "{id} discharges {} by its schedule, whatever the price.",
                mw(net)
            ),
            true => format!(
                "{id} charges {} by its schedule, whatever the price.",
                mw(-net)
            ),
        }];
    }
    let mut said = Vec::new();
    for up in [true, false] {
        said.extend(of_side(asked, k, up));
    }
    if asked.found.variant.day.pay_as_bid {
        said.push("It is paid its own bid, not this price.".into());
    }
    said
}

fn of_side(asked: &Asked, k: usize, up: bool) -> Vec<String> {
    let held = &asked.found.held;
    let id = &held.system.resources[k];
    let way = if up { "upwards" } else { "downwards" };
    let (bid, most, taken) = held.side(up, k);
    if most <= LEAST_MW {
        return Vec::new();
    }
    // Against imbalance of one sign nobody is taken in both ways: what is not is told where nothing is.
    let other = held.side(!up, k).2 > LEAST_MW;
    if taken <= LEAST_MW && other {
        return Vec::new();
    }
    let (at, all) = (usd_per_mwh(bid), mw(most));
    let mut said = vec![match (taken <= LEAST_MW, taken >= most - LEAST_MW) {
        (true, _) => format!("{id} is not taken {way}; it offers {all} at {at}."),
        (_, true) => format!("{id} is taken whole {way}, {all} at its bid of {at}."),
        _ => format!(
            "{id} is taken in part {way}, {} of {all}, at its bid of {at}: it sets the price there.",
            amount(taken, "")
        ),
    }];
    said.extend(strategic(asked, k, up));
    let turns = &asked.found.turns;
    if let Some(price) = if up { turns.up } else { turns.down } {
        said.push(turning(bid, price, up, taken <= LEAST_MW));
    }
    said
}

/// The bid at which it starts, or at which others replace some of it.
fn turning(bid: f64, price: f64, up: bool, rests: bool) -> String {
    let (at, apart) = (usd_per_mwh(price), usd_per_mwh((price - bid).abs()));
    if same(bid, price) {
        return match rests {
            true => {
                format!("It would start there, at {at}: others at the same price go before it.")
            }
            false => format!("Others would replace it at the same price, {at}."),
        };
    }
    match (rests, up) {
        (true, true) => format!("It would start below {at}, {apart} less."),
        (true, false) => format!("It would start above {at}, {apart} more."),
        (false, true) => format!("Up to {at}, {apart} more, others would replace none of it."),
        (false, false) => format!("Down to {at}, {apart} less, others would replace none of it."),
    }
}

/// Whose bid it is where it is not the cost.
fn strategic(asked: &Asked, k: usize, up: bool) -> Option<String> {
    let (held, outcome) = (&asked.found.held, asked.outcome);
    let owner = held.system.owner[k];
    let name = &held.system.owners[owner];
    let cost = held.hour.own_price(up)[k];
    let (bid, at) = (held.side(up, k).0, usd_per_mwh(cost));
    let word = if up { "cost" } else { "value" };
    match asked.found.variant.day.behaviour {
        Behaviour::Strategic if outcome.players.contains(&owner) => Some(match same(bid, cost) {
            true => format!("That is the strategic bid of {name}, which is its {word}."),
            false => format!("That is the strategic bid of {name}; its {word} is {at}."),
        }),
        Behaviour::Own if outcome.player() == owner => {
            Some(format!("That is your bid for {name}; its {word} is {at}."))
        }
        _ if held.hour.offer(k).is_some() => {
            Some("That is what the energy in it is worth over the day.".into())
        }
        _ => Some(format!("That is its {word}.")),
    }
}
