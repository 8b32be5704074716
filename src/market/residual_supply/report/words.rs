//! Limits, steps and prices in words.

use crate::report::amount;
use crate::report::words::listed;
pub use crate::report::words::usd;

use super::super::model::curve::{Limit, Limited};
use super::super::model::marginal::{End, MarginalStep, Moving};
use super::run::Run;

/// Limits that a sentence names; the rest is counted.
const NAMED: usize = 5;

/// Id of the net receipts of a party. That of a DSO is called by the paper's name of its system, as the
/// documents and lessons that refer to it do.
pub fn net_id(party: &str) -> String {
    match party.strip_prefix("DSO") {
        Some(of) if of.is_empty() || of.starts_with(' ') => format!("net:ADS{of}"),
        _ => format!("net:{party}"),
    }
}

pub fn usd_per_mwh(value: f64) -> String {
    amount(value, "$/MWh")
}

/// The name of a limit, whatever the period.
fn limit_name(limit: &Limit) -> String {
    let of = match limit.of {
        Limited::Line => "line",
        Limited::Voltage => "voltage at",
        Limited::Zone => "limit",
        Limited::Boundary => "boundary",
    };
    format!("{of} {}", limit.id)
}

/// Limits in words, each once with all its periods: `line 7 in periods 1-3 and 5`.
pub fn limit_words(limits: &[Limit]) -> Vec<String> {
    let mut grouped: Vec<(String, Vec<usize>)> = Vec::new();
    for limit in limits {
        let name = limit_name(limit);
        match grouped.iter_mut().find(|(known, _)| *known == name) {
            Some((_, periods)) => periods.extend(limit.period),
            None => grouped.push((name, limit.period.into_iter().collect())),
        }
    }
    let words = grouped.into_iter().map(|(name, mut periods)| {
        crate::sort::by(&mut periods, Ord::cmp);
        match periods.as_slice() {
            [] => name,
            [one] => format!("{name} in period {one}"),
            many => format!("{name} in periods {}", ranges(many)),
        }
    });
    words.collect()
}

/// `1-3, 5 and 7` of ascending numbers.
fn ranges(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &n in numbers {
        match runs.last_mut() {
            Some((_, to)) if n <= *to + 1 => *to = n,
            _ => runs.push((n, n)),
        }
    }
    let words = runs.iter().map(|&(from, to)| match to - from {
        0 => from.to_string(),
        _ => format!("{from}-{to}"),
    });
    listed(&words.collect::<Vec<_>>())
}

/// Limits for a sentence: the first by name, how many more.
pub fn limit_sentence(limits: &[Limit]) -> String {
    let mut words = limit_words(limits);
    if words.len() > NAMED + 1 {
        let more = words.len() - NAMED;
        words.truncate(NAMED);
        words.push(format!("and {more} more"));
    }
    words.join(", ")
}

/// The bids that move along a step.
pub fn resource(moving: &Moving) -> String {
    match (moving.named.is_empty(), moving.more) {
        (true, _) => "losses".into(),
        (_, 0) => listed(&moving.named),
        (_, more) => format!("{} and {more} more", moving.named.join(", ")),
    }
}

/// Who or what ends a step, and how.
fn end(end: &End) -> (String, &'static str) {
    match end {
        End::FullyUsed(bid) => (bid.clone(), "fully used"),
        End::FullyUsedDownwards(bid) => (bid.clone(), "fully used downwards"),
        End::BackAtZero(bid) => (bid.clone(), "back at zero"),
        End::Full(limit) => (limit_name(limit), "full"),
    }
}

/// What ends a step; what is `known` already is not named again.
pub fn ended_by(ends: &[End], known: &str) -> String {
    let words = ends.iter().map(end).map(|(who, how)| match who == known {
        true => how.to_string(),
        false => format!("{who} is {how}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What moves along each step and what ends it; a resource that ends its own step is named once. Steps that
/// would read alike say their price, so that each has a name, and a number in the picture, of its own.
pub fn step_labels(steps: &[&MarginalStep]) -> Vec<String> {
    let label = |step: &MarginalStep, priced: bool| {
        let who = resource(&step.moving);
        let ends = ended_by(&step.ended_by, &who);
        let who = match priced {
            true => format!("{who} at {}", usd_per_mwh(step.usd_per_mwh)),
            false => who,
        };
        match ends.is_empty() {
            true => who,
            false => format!("{who}, until {ends}"),
        }
    };
    let plain: Vec<String> = steps.iter().map(|step| label(step, false)).collect();
    let alike = |own: &String| plain.iter().filter(|other| *other == own).count() > 1;
    let each = steps.iter().zip(&plain);
    each.map(|(step, own)| label(step, alike(own))).collect()
}

/// The interface price of an area in the period shown; where it is not unique, what is right.
pub fn price_words(run: &Run, a: usize) -> String {
    match run.outcome.interface_range(a, run.period) {
        None => {
            let prices = &run.coordination.market.prices;
            usd_per_mwh(prices.interface(run.system, a, run.period))
        }
        Some(range) => range_words(run, range),
    }
}

/// Prices that are all right, in words; the cap is where the market ends, not a price.
pub fn range_words(run: &Run, (low, high): (f64, f64)) -> String {
    match run.outcome.at_caps((low, high)) {
        (true, true) => "any price".into(),
        (true, false) => format!("any price up to {}", usd_per_mwh(high)),
        (false, true) => format!("any price from {} up", usd_per_mwh(low)),
        (false, false) => {
            format!(
                "any price between {} and {}",
                amount(low, ""),
                usd_per_mwh(high)
            )
        }
    }
}
