//! The balancing market of a feeder: places, lengths of lists, prices.

use super::super::{Case, Feeder, LocalMarket};
use super::ids::{fault, unknown};
use super::stored::Stored;
use super::{Findings, Paths, Quantity, bounds, show};

const MINUTES: Quantity = Quantity::new("The length of a period", "min", 0.01, 1_440.0);
const OVERLOAD: Quantity = Quantity::new("The cost of an overload", "$/MWh", 0.0, bounds::PRICE);
const IMBALANCE: Quantity = Quantity::new("The imbalance", "MWh", -bounds::POWER, bounds::POWER);
const DAY_AHEAD: Quantity = Quantity::new("The day-ahead price", "$/MWh", 0.01, bounds::PRICE);
const TIMES: Quantity = Quantity::new("The multiple of the day-ahead price", "", -100.0, 100.0);
const FACTOR: Quantity = Quantity::new("The load factor", "", 0.0, 10.0);
const POWER: Quantity = Quantity::new("The capacity", "MW", 0.0, bounds::POWER);

const WEAR: Quantity = Quantity::new("The wear", "$/MWh", 0.0, bounds::PRICE);

/// Resources of one market, and storage.
const MOST: usize = 200;
const MOST_STORAGE: usize = 10;

pub(super) fn check(case: &Case, findings: &mut Findings) {
    let Some(market) = &case.local_market else {
        return;
    };
    let root = |name: &str| format!("case.local_market.{name}");
    if !(1..=bounds::PERIODS).contains(&market.periods) {
        findings.error(
            root("periods"),
            format!(
                "The market has {} periods. Give a number from 1 to {}.",
                market.periods,
                bounds::PERIODS
            ),
        );
        return;
    }
    findings.range(
        || root("minutes_per_period"),
        &MINUTES,
        market.minutes_per_period,
    );
    findings.range(
        || root("overload_usd_per_mwh"),
        &OVERLOAD,
        market.overload_usd_per_mwh,
    );
    let n = market.periods;
    let mut list = |name: &str, values: &[f64], empty: bool, one: bool, quantity: &Quantity| {
        let fine = values.len() == n || (one && values.len() == 1) || (empty && values.is_empty());
        if !fine {
            findings.error(
                root(name),
                format!(
                    "There are {} values for {n} periods. Give one per period{}.",
                    values.len(),
                    if one { ", or one for all" } else { "" }
                ),
            );
        }
        for (t, &value) in values.iter().enumerate() {
            findings.range(|| format!("{}.{t}", root(name)), quantity, value);
        }
        fine
    };
    list(
        "imbalance_mwh",
        &market.imbalance_mwh,
        false,
        false,
        &IMBALANCE,
    );
    let (da, up, down) = (
        &market.day_ahead_usd_per_mwh,
        &market.tso_up,
        &market.tso_down,
    );
    let mut priced = list("day_ahead_usd_per_mwh", da, false, false, &DAY_AHEAD);
    priced &= list("tso_up", up, false, true, &TIMES);
    priced &= list("tso_down", down, false, true, &TIMES);
    list("load_factor", &market.load_factor, true, false, &FACTOR);
    list(
        "tso_imbalance_mwh",
        &market.tso_imbalance_mwh,
        true,
        false,
        &IMBALANCE,
    );
    if priced {
        for t in 0..n {
            let (up, down) = (market.tso_up_usd_per_mwh(t), market.tso_down_usd_per_mwh(t));
            if up < down {
                findings.error(
                    root("tso_up"),
                    format!(
                        "In period {} the TSO sells at {} $/MWh and buys at {} $/MWh: energy without end would pass through. Raise tso_up, or lower tso_down.",
                        t + 1, show(up), show(down)
                    ),
                );
                break;
            }
        }
    }
    resources(case, market, findings);
}

fn resources(case: &Case, market: &LocalMarket, findings: &mut Findings) {
    let feeder = case.feeders.iter().find(|f| f.id == market.feeder);
    if feeder.is_none() {
        let known = case.feeders.iter().map(|f| f.id.as_str());
        findings.error(
            "case.local_market.feeder",
            unknown("feeder", &market.feeder, known),
        );
    }
    if market.resources.is_empty() || market.resources.len() > MOST {
        findings.error(
            "case.local_market.resources",
            format!(
                "There are {} resources. Give 1 to {MOST}.",
                market.resources.len()
            ),
        );
    }
    storage(market, feeder, findings);
    let paths = Paths::new(
        "case.local_market.resources",
        market.resources.iter().map(|r| r.id.as_str()),
    );
    for (i, resource) in market.resources.iter().enumerate() {
        place(
            &paths,
            i,
            feeder,
            (&resource.bus, &resource.owner),
            findings,
        );
        findings.range(|| paths.field(i, "max_up_mw"), &POWER, resource.max_up_mw);
        findings.range(
            || paths.field(i, "max_down_mw"),
            &POWER,
            resource.max_down_mw,
        );
        let mut whole = true;
        for (name, values) in [
            ("up_cost", &resource.up_cost),
            ("down_value", &resource.down_value),
        ] {
            if values.len() != 1 && values.len() != market.periods {
                findings.error(
                    paths.field(i, name),
                    format!(
                        "There are {} values for {} periods. Give one per period, or one for all.",
                        values.len(),
                        market.periods
                    ),
                );
                whole = false;
            }
            for (t, &value) in values.iter().enumerate() {
                whole &= findings.range(|| format!("{}.{t}", paths.field(i, name)), &TIMES, value);
            }
        }
        let crossed = |t: &usize| {
            let (up, down) = (
                market.up_cost_usd_per_mwh(resource, *t),
                market.down_value_usd_per_mwh(resource, *t),
            );
            down > up
        };
        if whole && (0..market.periods).any(|t| crossed(&t)) {
            findings.warning(
                paths.field(i, "down_value"),
                format!(
                    "\"{}\" saves more downwards than it costs upwards: running both ways at once would earn money. Lower the value, or raise the cost.",
                    resource.id
                ),
            );
        }
    }
}

/// The bus and the owner of entry `i` of a list.
fn place(
    paths: &Paths,
    i: usize,
    feeder: Option<&Feeder>,
    (bus, owner): (&str, &str),
    findings: &mut Findings,
) {
    if let Some(feeder) = feeder
        && !feeder.buses.iter().any(|one| one.id == bus)
    {
        let known = feeder.buses.iter().map(|bus| bus.id.as_str());
        findings.error(
            paths.field(i, "bus"),
            unknown("bus of the feeder", bus, known),
        );
    }
    if let Some(message) = fault(owner) {
        findings.error(paths.field(i, "owner"), message);
    }
    if ["DSO", "TSO", "imbalance"].contains(&owner) {
        let message =
            format!("\"{owner}\" is a party of the market itself. Give the owner another name.");
        findings.error(paths.field(i, "owner"), message);
    }
}

fn storage(market: &LocalMarket, feeder: Option<&Feeder>, findings: &mut Findings) {
    let list = "case.local_market.storage";
    if market.storage.len() > MOST_STORAGE {
        let count = market.storage.len();
        findings.error(
            list,
            format!("There are {count} storages. Give at most {MOST_STORAGE}."),
        );
    }
    let paths = Paths::new(list, market.storage.iter().map(|s| s.id.as_str()));
    for (i, own) in market.storage.iter().enumerate() {
        place(&paths, i, feeder, (&own.bus, &own.owner), findings);
        let mut known = true;
        for (name, quantity, value) in [
            ("max_up_mw", &POWER, own.max_up_mw),
            ("max_down_mw", &POWER, own.max_down_mw),
            ("wear_usd_per_mwh", &WEAR, own.wear_usd_per_mwh),
        ] {
            known &= findings.range(|| paths.field(i, name), quantity, value);
        }
        let hours = market.periods as f64 * market.hours();
        let added = known.then(|| hours * own.stored_mw(0.0, own.max_down_mw));
        let stored = Stored {
            energy_mwh: own.energy_mwh,
            initial_mwh: own.initial_mwh,
            min_final_mwh: own.final_mwh(),
            charge_efficiency: own.charge_efficiency,
            discharge_efficiency: own.discharge_efficiency,
        };
        stored.check(&|name| paths.field(i, name), added, findings);
    }
}
