//! A point of the surface of profits in words.

use crate::report::{Offer, Probe, column, number, plain, table, text};

use super::super::outcome::{Outcome, Point};
use super::super::params::BspBidding;

/// How the key of the chart begins; the hour, from 1, follows.
const KEY: &str = "profit:";

/// The key of the surface of period `t`, from 0.
pub fn key(t: usize) -> String {
    format!("{KEY}{}", t + 1)
}

/// The period, from 0, that a key stands for.
pub fn period(outcome: &Outcome, key: &str) -> Option<usize> {
    let hour: usize = key.strip_prefix(KEY)?.parse().ok()?;
    let t = hour.checked_sub(1)?;
    (t < outcome.system.hours.len()).then_some(t)
}

/// What the first strategic owner earns at a point.
pub fn probe(params: &BspBidding, outcome: &Outcome, point: &Point) -> Probe {
    let (x, y) = point.bids;
    let day_ahead = outcome.system.hours[point.period].day_ahead;
    let name = |k: usize| outcome.system.resources[k].as_str();
    let (a, b) = (name(point.pair.0), name(point.pair.1));
    let proof = match point.bound_usd.is_finite() {
        true => format!(
            "no bids{} earn more than {} $",
            match outcome.storage {
                Some(_) => " beside the schedule of storage",
                None => "",
            },
            plain(point.bound_usd.max(point.best_usd), 4)
        ),
        false => "how much more is possible was not proven".into(),
    };
    let row = |id: &str, price: f64| vec![text(id), number(price), number(price / day_ahead)];
    let way = if point.up { "up" } else { "down" };
    let change = |id: &str, price: f64| {
        let path = format!("mechanism.own.{id}.{way}");
        (path, (price / day_ahead * 1e4).round() / 1e4)
    };
    let mine = |id: &str| params.own.iter().any(|own| own.id == id);
    let offered = mine(a) && mine(b) && day_ahead > 0.0;
    Probe {
        inside: point.profit_usd.is_finite(),
        sentence: format!(
            "{a} at {} $/MWh and {b} at {} $/MWh earn {} $ in hour {}; at cost {} $, the best answer {} $: {proof}.",
            plain(x, 2),
            plain(y, 2),
            plain(point.profit_usd, 4),
            point.period + 1,
            plain(point.at_cost_usd, 4),
            plain(point.best_usd, 4),
        ),
        table: table(
            "bids",
            "Bids at this point",
            vec![
                column("resource", ""),
                column(format!("bid {way}"), "$/MWh"),
                column("of day-ahead", "1"),
            ],
            vec![row(a, x), row(b, y)],
            "",
        ),
        offer: offered.then(|| Offer {
            label: "Bid this in every hour".into(),
            changes: vec![change(a, x), change(b, y)],
        }),
        ..Probe::default()
    }
}
