//! Net injections and bids of a balancing market: places, periods, quantities, references.

use super::super::balancing::{Balancing, Bid, Injection, PeriodOffer, Segment};
use super::super::{Case, Problem};
use super::ids::unknown;
use super::zones;
use super::{Findings, Paths, Quantity, bounds, show};
use std::collections::{HashMap, HashSet};

const MINUTES: Quantity = Quantity::new("The length of a period", "min", 0.01, 44_640.0);
const CAP: Quantity = Quantity::new("The price cap", "$/MWh", 1.0, bounds::PRICE);
const INJECTION: Quantity = Quantity::new("The net injection", "MW", -bounds::POWER, bounds::POWER);
const REACTIVE: Quantity = Quantity::new(
    "The reactive net injection",
    "Mvar",
    -bounds::POWER,
    bounds::POWER,
);
const MIN_QUANTITY: Quantity =
    Quantity::new("The least quantity", "MW", -bounds::POWER, bounds::POWER);
const MAX_QUANTITY: Quantity =
    Quantity::new("The greatest quantity", "MW", -bounds::POWER, bounds::POWER);
const PRICE: Quantity = Quantity::new("The price", "$/MWh", -bounds::PRICE, bounds::PRICE);
const SLOPE: Quantity = Quantity::new("The slope", "Mvar/MW", -1e3, 1e3);
const OFFSET: Quantity = Quantity::new("The offset", "Mvar", -bounds::POWER, bounds::POWER);
const RATING: Quantity =
    Quantity::new("The rating", "MVA", 0.0, bounds::POWER).or(", or leave it empty for no limit");
const RAMP: Quantity = Quantity::new("The change", "MW", -bounds::POWER, bounds::POWER)
    .or(", or leave it empty for no limit");

/// More of something than the program takes on.
pub(super) fn sizes(case: &Case, findings: &mut Findings) {
    let Some(balancing) = &case.balancing else {
        return;
    };
    let of_bids = |count: fn(&Bid) -> usize| balancing.bids.iter().map(count).sum::<usize>();
    let of_limits = balancing.zones.iter().flat_map(|zone| &zone.limits);
    let factors = of_limits.map(|limit| limit.factors.len()).sum();
    for (list, what, have, most) in [
        ("bids", "bids", balancing.bids.len(), bounds::BIDS),
        (
            "schedule",
            "injections",
            balancing.schedule.len(),
            bounds::BIDS,
        ),
        (
            "imbalances",
            "imbalances",
            balancing.imbalances.len(),
            bounds::BIDS,
        ),
        (
            "exclusive",
            "exclusive groups",
            balancing.exclusive.len(),
            bounds::BIDS,
        ),
        (
            "bids",
            "segments in all",
            of_bids(|bid| bid.offers.iter().map(|o| o.segments.len()).sum()),
            bounds::SEGMENTS,
        ),
        (
            "bids",
            "half-planes in all",
            of_bids(|bid| bid.half_planes.len()),
            bounds::CONDITIONS,
        ),
        (
            "bids",
            "ramps in all",
            of_bids(|bid| bid.ramps.len()),
            bounds::CONDITIONS,
        ),
        (
            "bids",
            "minimum durations in all",
            of_bids(|bid| bid.minimum_duration.len()),
            bounds::CONDITIONS,
        ),
        ("zones", "zones", balancing.zones.len(), bounds::ZONES),
        ("zones", "shift factors in all", factors, bounds::FACTORS),
    ] {
        if have > most {
            findings.error(
                format!("case.balancing.{list}"),
                format!("There are {have} {what}; Tandem takes up to {most}. Reduce the case."),
            );
        }
    }
}

pub(super) fn check(case: &Case, findings: &mut Findings) {
    let Some(balancing) = &case.balancing else {
        return;
    };
    let periods = balancing.periods;
    if !(1..=bounds::PERIODS).contains(&periods) {
        findings.error(
            "case.balancing.periods",
            format!(
                "There are {periods} periods. Give a whole number from 1 to {}.",
                bounds::PERIODS
            ),
        );
        return;
    }
    let at = |field: &str| format!("case.balancing.{field}");
    findings.range(
        || at("minutes_per_period"),
        &MINUTES,
        balancing.minutes_per_period,
    );
    findings.range(
        || at("price_cap_usd_per_mwh"),
        &CAP,
        balancing.price_cap_usd_per_mwh,
    );
    let transmission: HashSet<&str> = case.buses.iter().map(|bus| bus.id.as_str()).collect();
    let feeders = case.feeders.iter().flat_map(|feeder| &feeder.buses);
    let mut places = transmission.clone();
    places.extend(feeders.map(|bus| bus.id.as_str()));
    let places = Places { case, ids: places };
    for (list, injections) in [
        ("schedule", &balancing.schedule),
        ("imbalances", &balancing.imbalances),
    ] {
        check_injections(&at(list), injections, periods, &places, findings);
    }
    let scope = Scope {
        periods,
        places: &places,
    };
    bids(balancing, &scope, findings);
    exclusive(balancing, findings);
    zones::check(case, balancing, &transmission, findings);
}

/// The buses of transmission and feeders.
struct Places<'a> {
    case: &'a Case,
    ids: HashSet<&'a str>,
}

impl Places<'_> {
    fn check(&self, field: impl FnOnce() -> String, bus: &str, findings: &mut Findings) {
        if !self.ids.contains(bus) {
            let feeders = self.case.feeders.iter().flat_map(|feeder| &feeder.buses);
            let known = self.case.buses.iter().map(|bus| bus.id.as_str());
            let known = known.chain(feeders.map(|bus| bus.id.as_str()));
            findings.error(field(), unknown("bus", bus, known));
        }
    }
}

fn check_injections(
    list: &str,
    injections: &[Injection],
    periods: usize,
    places: &Places,
    findings: &mut Findings,
) {
    let paths = Paths::new(list, injections.iter().map(|i| i.id.as_str()));
    for (i, injection) in injections.iter().enumerate() {
        places.check(|| paths.field(i, "bus"), &injection.bus, findings);
        for (field, quantity, values, may_be_empty) in [
            ("p_mw", &INJECTION, &injection.p_mw, false),
            ("q_mvar", &REACTIVE, &injection.q_mvar, true),
        ] {
            let count = values.len();
            if !(count == 1 || count == periods || (count == 0 && may_be_empty)) {
                let many = if count == 1 { "value" } else { "values" };
                findings.error(
                    paths.field(i, field),
                    format!(
                        "There are {count} {many} for {periods} periods. Give one for each period, or one for all."
                    ),
                );
            }
            for (t, &value) in values.iter().enumerate() {
                let path = || format!("{}.{t}", paths.field(i, field));
                findings.range(path, quantity, value);
            }
        }
    }
}

/// What a bid is checked against.
struct Scope<'a> {
    periods: usize,
    places: &'a Places<'a>,
}

impl Scope<'_> {
    /// Whether the period is one from 1 to `last`.
    fn period(
        &self,
        field: impl FnOnce() -> String,
        period: usize,
        last: usize,
        findings: &mut Findings,
    ) -> bool {
        let fine = (1..=last).contains(&period);
        if !fine {
            let remedy = match last {
                0 => "There is only one period: remove it.".to_string(),
                _ => format!("Give a period from 1 to {last}."),
            };
            findings.error(field(), format!("The period is {period}. {remedy}"));
        }
        fine
    }
}

fn bids(balancing: &Balancing, scope: &Scope, findings: &mut Findings) {
    let paths = Paths::new(
        "case.balancing.bids",
        balancing.bids.iter().map(|bid| bid.id.as_str()),
    );
    for (i, bid) in balancing.bids.iter().enumerate() {
        let path = || paths.of(i);
        scope
            .places
            .check(|| paths.field(i, "bus"), &bid.bus, findings);
        if bid.offers.is_empty() {
            findings.error(
                paths.field(i, "offers"),
                "The bid offers nothing. Give it at least one offer, or remove it.",
            );
        }
        capability(&path, bid, findings);
        ramps(&path, bid, scope, findings);
        let offered = offers(&path, bid, scope, findings);
        durations(&path, bid, &offered, scope, findings);
    }
    beyond_cap(balancing, &paths, findings);
}

/// Checks the offers of a bid and returns their ids and periods.
fn offers<'a>(
    path: &dyn Fn() -> String,
    bid: &'a Bid,
    scope: &Scope,
    findings: &mut Findings,
) -> HashSet<(&'a str, usize)> {
    let mut offered = HashSet::with_capacity(bid.offers.len());
    if bid.offers.len() > bounds::OFFERS {
        findings.error(
            format!("{}.offers", path()),
            format!(
                "The bid has {} offers; Tandem takes up to {}. Split it.",
                bid.offers.len(),
                bounds::OFFERS
            ),
        );
        return offered;
    }
    for (k, offer) in bid.offers.iter().enumerate() {
        // Worked out only when something is wrong.
        let at = || {
            let ids = bid.offers.iter().map(|offer| offer.id.as_str());
            Paths::new(format!("{}.offers", path()), ids).of(k)
        };
        scope.period(
            || format!("{}.period", at()),
            offer.period,
            scope.periods,
            findings,
        );
        if !offer.id.is_empty()
            && let Some(message) = super::ids::fault(&offer.id)
        {
            findings.error(format!("{}.id", at()), message);
        }
        if !offered.insert((offer.id.as_str(), offer.period)) {
            let message = if offer.id.is_empty() {
                format!(
                    "Two offers without an id are for period {}. Give each an id, or make them one offer of more segments.",
                    offer.period
                )
            } else {
                format!(
                    "The offer \"{}\" of period {} is given twice. Give one of them another id or period.",
                    offer.id, offer.period
                )
            };
            findings.error(format!("{}.period", at()), message);
        }
        segments(&at, offer, findings);
    }
    offered
}

fn segments(at: &dyn Fn() -> String, offer: &PeriodOffer, findings: &mut Findings) {
    if offer.segments.is_empty() {
        findings.error(
            format!("{}.segments", at()),
            "The offer has no segment. Give at least one quantity with its price, or remove the offer.",
        );
    }
    if offer.segments.len() > bounds::BLOCKS {
        findings.error(
            format!("{}.segments", at()),
            format!(
                "The offer has {} segments; Tandem takes up to {}. Merge some.",
                offer.segments.len(),
                bounds::BLOCKS
            ),
        );
        return;
    }
    for (k, segment) in offer.segments.iter().enumerate() {
        check_segment(
            &|field| format!("{}.segments.{k}.{field}", at()),
            segment,
            findings,
        );
    }
}

fn check_segment(field: &dyn Fn(&str) -> String, segment: &Segment, findings: &mut Findings) {
    let (min, max, price) = (segment.min_p_mw, segment.max_p_mw, segment.usd_per_mwh);
    let fine = findings.range(|| field("min_p_mw"), &MIN_QUANTITY, min)
        & findings.range(|| field("max_p_mw"), &MAX_QUANTITY, max);
    if fine && min > max {
        findings.error(
            field("min_p_mw"),
            format!(
                "The least quantity of {} MW is above the greatest of {} MW. Exchange them; downward quantities are negative.",
                show(min),
                show(max)
            ),
        );
    } else if fine && segment.indivisible && min < 0.0 && max > 0.0 {
        findings.error(
            field("indivisible"),
            format!(
                "The segment goes from {} to {} MW, so \"all\" is neither up nor down. Split it at zero, or make it divisible.",
                show(min),
                show(max)
            ),
        );
    }
    findings.range(|| field("usd_per_mwh"), &PRICE, price);
}

/// One warning for all prices beyond the cap: a market may have thousands.
fn beyond_cap(balancing: &Balancing, paths: &Paths, findings: &mut Findings) {
    let cap = balancing.price_cap_usd_per_mwh;
    let beyond = |s: &&Segment| cap >= CAP.low && s.usd_per_mwh.abs() > cap;
    let segments = |bid: &Bid| {
        let all = bid.offers.iter().flat_map(|offer| &offer.segments);
        all.filter(beyond).count()
    };
    let counts: Vec<usize> = balancing.bids.iter().map(segments).collect();
    let Some(first) = counts.iter().position(|&count| count > 0) else {
        return;
    };
    let offers = balancing.bids.iter().flat_map(|bid| &bid.offers);
    let price = offers.flat_map(|offer| &offer.segments).find(beyond);
    findings.warning(
        paths.field(first, "offers"),
        format!(
            "A price of {} $/MWh lies beyond the cap of {} $/MWh, at which what nothing serves is settled. Lower it, or raise the cap. ({} segment(s) in {} bid(s) lie beyond.)",
            show(price.map_or(0.0, |segment| segment.usd_per_mwh)),
            show(cap),
            counts.iter().sum::<usize>(),
            counts.iter().filter(|&&count| count > 0).count(),
        ),
    );
}

/// Reactive power: half-planes and rating.
fn capability(path: &dyn Fn() -> String, bid: &Bid, findings: &mut Findings) {
    for (k, plane) in bid.half_planes.iter().enumerate() {
        let field = |name: &str| format!("{}.half_planes.{k}.{name}", path());
        findings.range(|| field("slope"), &SLOPE, plane.slope);
        findings.range(|| field("offset_mvar"), &OFFSET, plane.offset_mvar);
    }
    if let Some(rating) = bid.max_s_mva {
        findings.range(|| format!("{}.max_s_mva", path()), &RATING, rating);
    }
    if !bid.reactive && !bid.half_planes.is_empty() {
        findings.warning(
            format!("{}.half_planes", path()),
            "The bid has half-planes for reactive power but produces none. Set reactive, or remove them.",
        );
    }
}

fn ramps(path: &dyn Fn() -> String, bid: &Bid, scope: &Scope, findings: &mut Findings) {
    for (k, ramp) in bid.ramps.iter().enumerate() {
        let field = |name: &str| format!("{}.ramps.{k}.{name}", path());
        scope.period(
            || field("period"),
            ramp.period,
            scope.periods - 1, // there is a next one
            findings,
        );
        let mut fine = true;
        for (name, limit) in [("min_mw", ramp.min_mw), ("max_mw", ramp.max_mw)] {
            if let Some(limit) = limit {
                fine &= findings.range(|| field(name), &RAMP, limit);
            }
        }
        if let (true, Some(min), Some(max)) = (fine, ramp.min_mw, ramp.max_mw)
            && min > max
        {
            findings.error(
                field("min_mw"),
                format!(
                    "The least change of {} MW is above the greatest of {} MW. Exchange them; a change downward is negative.",
                    show(min),
                    show(max)
                ),
            );
        }
    }
}

fn durations(
    path: &dyn Fn() -> String,
    bid: &Bid,
    offered: &HashSet<(&str, usize)>,
    scope: &Scope,
    findings: &mut Findings,
) {
    for (k, pair) in bid.minimum_duration.iter().enumerate() {
        for (name, id, period) in [
            ("start", &pair.start, pair.start_period),
            ("on", &pair.on, pair.on_period),
        ] {
            let field = |suffix: &str| format!("{}.minimum_duration.{k}.{name}{suffix}", path());
            if scope.period(|| field("_period"), period, scope.periods, findings)
                && !offered.contains(&(id.as_str(), period))
            {
                let which = match id.is_empty() {
                    true => "no offer without an id".to_string(),
                    false => format!("no offer \"{}\"", id.escape_debug()),
                };
                findings.error(
                    field(""),
                    format!(
                        "The bid has {which} in period {period}. Name one of its offers with its period, or remove the pair."
                    ),
                );
            }
        }
    }
}

fn exclusive(balancing: &Balancing, findings: &mut Findings) {
    let known: HashSet<&str> = balancing.bids.iter().map(|bid| bid.id.as_str()).collect();
    let groups = balancing.exclusive.iter();
    let paths = Paths::new(
        "case.balancing.exclusive",
        groups.map(|group| group.id.as_str()),
    );
    for (i, group) in balancing.exclusive.iter().enumerate() {
        let mut named: HashMap<&str, usize> = HashMap::with_capacity(group.bids.len());
        for (k, bid) in group.bids.iter().enumerate() {
            let field = || format!("{}.{k}", paths.field(i, "bids"));
            if !known.contains(bid.as_str()) {
                let choice = balancing.bids.iter().map(|bid| bid.id.as_str());
                findings.error(field(), unknown("bid", bid, choice));
            } else if named.insert(bid, k).is_some() {
                let message = format!("Bid \"{bid}\" is named twice. Name it once.");
                findings.0.push(Problem::error(field(), message));
            }
        }
    }
}
