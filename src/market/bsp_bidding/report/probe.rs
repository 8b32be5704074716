//! A point of the surface of profits in words.

use crate::report::{Offer, Probe, Shown, amount, column, number, plain, table, text};

use super::super::model::clear::Cleared;
use super::super::model::profit_surface::Met;
use super::super::outcome::{FeederDay, Outcome, Point};
use super::super::params::BspBidding;
use crate::network::distflow_rows::Of;

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

/// What a bid of the two resources meets: the name of a line of the surface.
pub fn met(outcome: &Outcome, (a, b): (usize, usize), met: Met) -> String {
    let name = |k: usize| &outcome.system.resources[k];
    match met {
        Met::Bid { of, other } => format!("{} at the price of {}", name(of), name(other)),
        Met::Tso { of } => format!("{} at the price of the TSO", name(of)),
        Met::Both => format!("{} at the price of {}", name(a), name(b)),
    }
}

/// What the two resources give, the price, and the limits that are full.
fn market(outcome: &Outcome, point: &Point) -> String {
    let Some((cleared, _)) = &point.market else {
        return String::new();
    };
    let system = &outcome.system;
    let taken = cleared.taken_mw(point.up);
    let gives = |k: usize| format!("{} {}", system.resources[k], amount(taken[k], "MW"));
    let limits = system.hours[point.period].limits.iter().zip(&cleared.mu);
    let full: Vec<String> = limits
        .filter(|(_, mu)| mu.abs() > 1e-9)
        .map(|(limit, _)| match limit.of {
            Of::Line(line) => format!("line {} is full", system.feeder.lines[line].id),
            Of::Boundary => "the boundary is full".into(),
            Of::Voltage(j) => {
                let bus = &system.feeder.buses[j].id;
                format!("the voltage at bus {bus} is at its limit")
            }
        })
        .collect();
    let full = match full.is_empty() {
        true => "no limit binds".into(),
        false => full.join("; "),
    };
    format!(
        " The market takes {} and {}, at a price of {} for the imbalance; {full}.",
        gives(point.pair.0),
        gives(point.pair.1),
        amount(cleared.lambda, "$/MWh")
    )
}

/// What the bids make of the resources and of the feeder in the hour.
fn shown(outcome: &Outcome, (cleared, feeder): &(Cleared, FeederDay)) -> Vec<Shown> {
    let system = &outcome.system;
    let at = |series: String, value: f64| Shown { series, value };
    let net_mw = cleared.net_mw();
    let taken = system.resources.iter().zip(&net_mw);
    let mut shown: Vec<Shown> = taken.map(|(id, p)| at(format!("p:{id}"), *p)).collect();
    for (j, bus) in system.feeder.buses.iter().enumerate() {
        let of_bus = feeder.price[j].first();
        shown.extend(of_bus.map(|price| at(format!("lmp:{}", bus.id), *price)));
        let voltage = feeder.v_pu[j].first();
        shown.extend(voltage.map(|v| at(format!("v:{}", bus.id), *v)));
        let Some(above) = &system.tree.above[j] else {
            continue;
        };
        let line = format!(
            "{}/{}",
            system.feeder.id, system.feeder.lines[above.line].id
        );
        let flow = feeder.flow_mw[j].first();
        shown.extend(flow.map(|flow| at(format!("flow:{line}"), *flow)));
        let loading = feeder.loading[j].first();
        shown.extend(loading.map(|share| at(format!("loading:{line}"), *share)));
    }
    let export = feeder
        .export_mw
        .first()
        .filter(|_| !system.boundary.is_empty());
    shown.extend(export.map(|export| at(format!("export:{}", system.boundary), *export)));
    shown
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
    let edges = point.met.iter().map(|&m| met(outcome, point.pair, m));
    Probe {
        inside: point.profit_usd.is_finite(),
        sentence: format!(
            "{a} at {} $/MWh and {b} at {} $/MWh earn {} $ in hour {}; at cost {} $, the best answer {} $: {proof}.{}",
            plain(x, 2),
            plain(y, 2),
            plain(point.profit_usd, 4),
            point.period + 1,
            plain(point.at_cost_usd, 4),
            plain(point.best_usd, 4),
            market(outcome, point),
        ),
        edges: edges.collect(),
        shown: point
            .market
            .as_ref()
            .map_or_else(Vec::new, |found| shown(outcome, found)),
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
