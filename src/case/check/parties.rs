//! Generators, loads, DERs and aggregators: places, capacities, offers.

use super::super::{Block, Case};
use super::ids::unknown;
use super::{Findings, Paths, Quantity, bounds, show};
use std::collections::{HashMap, HashSet};

const MIN_POWER: Quantity =
    Quantity::new("The least output", "MW", 0.0, bounds::POWER).or("; what takes power is a load");
const MAX_POWER: Quantity = Quantity::new("The capacity", "MW", 0.0, bounds::POWER);
const LOAD: Quantity = Quantity::new("The load", "MW", -bounds::POWER, bounds::POWER);
const REACTIVE: Quantity =
    Quantity::new("The reactive load", "Mvar", -bounds::POWER, bounds::POWER);
const WIDTH: Quantity = Quantity::new("The width of the block", "MW", 0.0, bounds::POWER);
const NO_LOAD: Quantity =
    Quantity::new("The cost at no output", "$/h", -bounds::COST, bounds::COST);
const PRICE: Quantity = Quantity::new("The price", "$/MWh", -bounds::PRICE, bounds::PRICE);
const END: Quantity = Quantity::new(
    "The price at the end of the block",
    "$/MWh",
    -bounds::PRICE,
    bounds::PRICE,
)
.or(", or leave it out for a block at one price");
/// Slower than this is a generator that cannot move at all within any market interval.
const RAMP: Quantity = Quantity::new("The ramp limit", "MW/min", 1e-6, bounds::POWER)
    .or(", or leave it empty for no limit");

pub(super) fn check(case: &Case, findings: &mut Findings) {
    // A balancing market has bids and imbalances instead; feeders alone have a power flow.
    let market = case.balancing.is_some() || case.local_market.is_some();
    let dispatched = !market && !case.is_feeders_alone();
    if dispatched && case.generators.is_empty() && case.ders.is_empty() {
        findings.error(
            "case.generators",
            "There is neither a generator nor a DER. Add one that can serve the load.",
        );
    }
    let feeder_load = case
        .feeders
        .iter()
        .flat_map(|feeder| &feeder.buses)
        .any(|bus| bus.p_load_mw != 0.0);
    if dispatched && case.loads.is_empty() && !feeder_load {
        findings.warning("case.loads", "There is no load. Add one to see a dispatch.");
    }
    let places = Places::new(case);
    generators(case, &places, findings);
    loads(case, &places, findings);
    ders(case, &places, findings);
    aggregators(case, findings);
}

fn generators(case: &Case, places: &Places, findings: &mut Findings) {
    let paths = Paths::new(
        "case.generators",
        case.generators.iter().map(|g| g.id.as_str()),
    );
    for (i, generator) in case.generators.iter().enumerate() {
        match places.feeder_of.get(generator.bus.as_str()) {
            Some(feeder) => findings.error(
                paths.field(i, "bus"),
                format!(
                    "Bus \"{}\" belongs to feeder \"{feeder}\". Put the generator at a transmission bus, or make it a DER.",
                    generator.bus
                ),
            ),
            None => places.transmission(|| paths.field(i, "bus"), &generator.bus, findings),
        }
        let capacity = (generator.min_p_mw, generator.max_p_mw);
        check_capacity(&|| paths.of(i), capacity, &generator.offer, findings);
        if let Some(ramp) = generator.ramp_mw_per_min {
            findings.range(|| paths.field(i, "ramp_mw_per_min"), &RAMP, ramp);
        }
        let no_load = generator.no_load_usd_per_h;
        findings.range(|| paths.field(i, "no_load_usd_per_h"), &NO_LOAD, no_load);
    }
}

fn loads(case: &Case, places: &Places, findings: &mut Findings) {
    let paths = Paths::new("case.loads", case.loads.iter().map(|load| load.id.as_str()));
    for (i, load) in case.loads.iter().enumerate() {
        match places.feeder_of.get(load.bus.as_str()) {
            Some(feeder) => findings.error(
                paths.field(i, "bus"),
                format!(
                    "Bus \"{0}\" belongs to feeder \"{feeder}\". Give its load in case.feeders.{feeder}.buses.{0}.p_load_mw.",
                    load.bus
                ),
            ),
            None => places.transmission(|| paths.field(i, "bus"), &load.bus, findings),
        }
        findings.range(|| paths.field(i, "p_mw"), &LOAD, load.p_mw);
        findings.range(|| paths.field(i, "q_mvar"), &REACTIVE, load.q_mvar);
    }
}

fn ders(case: &Case, places: &Places, findings: &mut Findings) {
    let paths = Paths::new("case.ders", case.ders.iter().map(|der| der.id.as_str()));
    for (i, der) in case.ders.iter().enumerate() {
        if !places.feeder_of.contains_key(der.bus.as_str()) {
            places.transmission(|| paths.field(i, "bus"), &der.bus, findings);
        }
        let capacity = (der.min_p_mw, der.max_p_mw);
        check_capacity(&|| paths.of(i), capacity, &der.offer, findings);
    }
}

fn aggregators(case: &Case, findings: &mut Findings) {
    let known: HashSet<&str> = case.ders.iter().map(|der| der.id.as_str()).collect();
    let mut owner: HashMap<&str, &str> = HashMap::new();
    let paths = Paths::new(
        "case.aggregators",
        case.aggregators.iter().map(|a| a.id.as_str()),
    );
    for (i, aggregator) in case.aggregators.iter().enumerate() {
        let field = || paths.field(i, "ders");
        if aggregator.ders.is_empty() {
            findings.error(
                field(),
                format!(
                    "Aggregator \"{}\" has no DER. Name at least one, or remove the aggregator.",
                    aggregator.id
                ),
            );
        }
        for der in &aggregator.ders {
            if !known.contains(der.as_str()) {
                let choice = case.ders.iter().map(|d| d.id.as_str());
                findings.error(field(), unknown("DER", der, choice));
            } else if let Some(other) = owner.insert(der, &aggregator.id) {
                let message = if other == aggregator.id {
                    format!("DER \"{der}\" is named twice. Name it once.")
                } else {
                    format!(
                        "DER \"{der}\" is in aggregator \"{other}\", too. Leave it in one of them."
                    )
                };
                findings.error(field(), message);
            }
        }
    }
}

/// Capacity and offer of the generator or DER at `path`.
fn check_capacity(
    path: &dyn Fn() -> String,
    (min, max): (f64, f64),
    offer: &[Block],
    findings: &mut Findings,
) {
    let min_fine = findings.range(|| format!("{}.min_p_mw", path()), &MIN_POWER, min);
    let max_fine = findings.range(|| format!("{}.max_p_mw", path()), &MAX_POWER, max);
    if min_fine && max_fine && min > max {
        findings.error(
            format!("{}.min_p_mw", path()),
            format!(
                "The least output of {} MW is above the capacity of {} MW. Lower it, or raise max_p_mw.",
                show(min),
                show(max)
            ),
        );
    }
    check_offer(path, max_fine.then_some(max), offer, findings);
}

/// An offer: blocks from 0 up, prices not decreasing; the last price goes on to the capacity.
fn check_offer(
    path: &dyn Fn() -> String,
    max_p_mw: Option<f64>,
    offer: &[Block],
    findings: &mut Findings,
) {
    if offer.len() > bounds::BLOCKS {
        findings.error(
            format!("{}.offer", path()),
            format!(
                "The offer has {} blocks; Tandem takes up to {}. Merge some.",
                offer.len(),
                bounds::BLOCKS
            ),
        );
        return;
    }
    for (k, block) in offer.iter().enumerate() {
        findings.range(|| format!("{}.offer.{k}.p_mw", path()), &WIDTH, block.p_mw);
        let field = || format!("{}.offer.{k}.usd_per_mwh", path());
        findings.range(field, &PRICE, block.usd_per_mwh);
        check_end(&|| format!("{}.offer.{k}", path()), block, findings);
    }
    for (k, pair) in offer.windows(2).enumerate() {
        if let [before, after] = pair
            && after.usd_per_mwh < before.end()
        {
            findings.error(
                format!("{}.offer.{}.usd_per_mwh", path(), k + 1),
                format!(
                    "Block {} costs {} $/MWh, less than the block before it ({} $/MWh). Order the blocks from cheap to dear.",
                    k + 2,
                    show(after.usd_per_mwh),
                    show(before.end())
                ),
            );
        }
    }
    let Some(max) = max_p_mw else { return };
    if offer.is_empty() && max > 0.0 {
        findings.error(
            format!("{}.offer", path()),
            format!(
                "The offer is empty. Give at least one block of MW and $/MWh for the capacity of {} MW.",
                show(max)
            ),
        );
    }
}

/// The price at the end of a block: no less than at its start, and only where there is a way to it.
fn check_end(path: &dyn Fn() -> String, block: &Block, findings: &mut Findings) {
    let Some(end) = block.end_usd_per_mwh else {
        return;
    };
    let field = || format!("{}.end_usd_per_mwh", path());
    if !findings.range(field, &END, end) {
        return;
    }
    let start = block.usd_per_mwh;
    if end < start {
        findings.error(
            field(),
            format!(
                "The block ends at {} $/MWh, less than it starts at ({} $/MWh). Give an end of {} $/MWh or more.",
                show(end),
                show(start),
                show(start)
            ),
        );
    } else if end > start && block.p_mw == 0.0 {
        findings.error(
            field(),
            "The price rises over a block of 0 MW. Give it a width, or leave the price at its end out.",
        );
    }
}

/// Where something can be connected.
struct Places<'a> {
    case: &'a Case,
    buses: HashSet<&'a str>,
    /// Feeder bus → feeder.
    feeder_of: HashMap<&'a str, &'a str>,
}

impl<'a> Places<'a> {
    fn new(case: &'a Case) -> Self {
        let feeders = case.feeders.iter().flat_map(|feeder| {
            let id = feeder.id.as_str();
            feeder.buses.iter().map(move |bus| (bus.id.as_str(), id))
        });
        let buses: HashSet<&str> = case.buses.iter().map(|bus| bus.id.as_str()).collect();
        Self {
            case,
            feeder_of: feeders.filter(|(bus, _)| !buses.contains(bus)).collect(),
            buses,
        }
    }

    fn transmission(&self, field: impl FnOnce() -> String, bus: &str, findings: &mut Findings) {
        if !self.buses.contains(bus) {
            let choice = self.case.buses.iter().map(|bus| bus.id.as_str());
            findings.error(field(), unknown("bus", bus, choice));
        }
    }
}
