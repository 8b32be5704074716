//! What holds in a market of communities, interval by interval: who sets the price.

use crate::report::{Facts, Holds};

use crate::market::community::model::clearing::Cleared;
use crate::market::community::outcome::Outcome;

/// By interval of the days; one interval where bids are given.
pub fn facts(outcome: &Outcome) -> Facts {
    let market = outcome.days.as_deref().and_then(|days| days.traces.last());
    let cleared: &[Cleared] = match (market, &outcome.given) {
        (Some(market), _) => &market.cleared,
        (None, Some(shown)) => std::slice::from_ref(&shown.cleared),
        (None, None) => &[],
    };
    let mut facts = Facts {
        noun: "interval",
        steps: cleared.len(),
        list: Vec::new(),
    };
    for (step, cleared) in (1..).zip(cleared) {
        facts.note(Holds::So, (cleared.kind.name(), ""), step);
    }
    facts
}
