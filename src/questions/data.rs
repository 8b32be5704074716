//! The data of a small market in words, so that its prices can be found by hand.

use serde_json::{Map, Value};

use super::shown;
use crate::scenario::Document;

/// More buses than this are not written out.
const MOST_BUSES: usize = 8;

/// Fields of the case that the words say; any other that is not empty makes them say too little.
const CASE: [&str; 8] = [
    "version",
    "name",
    "source",
    "base_mva",
    "buses",
    "branches",
    "generators",
    "loads",
];
const BUS: [&str; 6] = ["id", "x", "y", "name", "base_kv", "label"];
const BRANCH: [&str; 6] = ["id", "from", "to", "x_pu", "r_pu", "max_p_mw"];
const UNIT: [&str; 6] = [
    "id",
    "bus",
    "min_p_mw",
    "max_p_mw",
    "offer",
    "ramp_mw_per_min",
];
const BLOCK: [&str; 2] = ["p_mw", "usd_per_mwh"];
const LOAD: [&str; 3] = ["id", "bus", "p_mw"];

/// What a dispatch of one interval with all data in words may ask.
const MECHANISM: [(&str, &str); 5] = [
    ("kind", "rt_sced"),
    ("method", "optimal"),
    ("operation", "as_instructed"),
    ("losses", "none"),
    ("security", "none"),
];

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Whether an object says nothing but these fields.
fn says_only(value: &Value, fields: &[&str]) -> bool {
    value.as_object().is_some_and(|own| {
        own.iter()
            .all(|(key, field)| fields.contains(&key.as_str()) || is_empty(field))
    })
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn number(value: &Value, field: &str) -> f64 {
    value[field].as_f64().unwrap_or_default()
}

/// Whether the words can say all of it.
fn is_small(document: &Value) -> bool {
    let (case, mechanism) = (&document["case"], &document["mechanism"]);
    let none = Map::new();
    let initial = mechanism["initial"].as_object().unwrap_or(&none);
    MECHANISM
        .iter()
        .all(|(field, is)| text(mechanism, field) == *is)
        && mechanism["intervals"] == 1
        && is_empty(&mechanism["load_profile"])
        && initial.values().all(is_empty)
        && says_only(case, &CASE)
        && list(case, "buses").len() <= MOST_BUSES
        && list(case, "buses").iter().all(|bus| says_only(bus, &BUS))
        && list(case, "branches")
            .iter()
            .all(|line| says_only(line, &BRANCH))
        && list(case, "loads")
            .iter()
            .all(|load| says_only(load, &LOAD))
        && list(case, "generators").iter().all(|unit| {
            says_only(unit, &UNIT)
                && list(unit, "offer")
                    .iter()
                    .all(|block| says_only(block, &BLOCK))
        })
}

/// The data line by line; nothing where the words would say too little.
pub fn given(document: &Document) -> Option<Vec<String>> {
    let document = document.to_value();
    if !is_small(&document) {
        return None;
    }
    let case = &document["case"];
    let lines = list(case, "branches").iter().map(|line| {
        let limit = match line["max_p_mw"].as_f64() {
            Some(limit) => format!("at most {} either way", shown(limit, "MW")),
            None => "no limit".into(),
        };
        let (id, from, to) = (text(line, "id"), text(line, "from"), text(line, "to"));
        let x = shown(number(line, "x_pu"), "p.u.");
        format!("Line {id} from bus {from} to bus {to}: reactance {x}, {limit}")
    });
    let units = list(case, "generators").iter().map(unit);
    let loads = list(case, "loads").iter().map(|load| {
        let p = shown(number(load, "p_mw"), "MW");
        format!(
            "Load {} at bus {}: {p}",
            text(load, "id"),
            text(load, "bus")
        )
    });
    Some(lines.chain(units).chain(loads).collect())
}

/// A unit with the blocks of its offer, up to its maximum.
fn unit(unit: &Value) -> String {
    let mut left = number(unit, "max_p_mw");
    let mut blocks = Vec::new();
    for block in list(unit, "offer") {
        let width = number(block, "p_mw").min(left);
        left -= width;
        if width > 0.0 {
            let price = shown(number(block, "usd_per_mwh"), "$/MWh");
            blocks.push(format!("up to {} at {price}", shown(width, "MW")));
        }
    }
    let blocks = match blocks.is_empty() {
        true => "nothing".into(),
        false => blocks.join(", then "),
    };
    let least = match number(unit, "min_p_mw") {
        0.0 => String::new(),
        least => format!(", never below {}", shown(least, "MW")),
    };
    let (id, bus) = (text(unit, "id"), text(unit, "bus"));
    format!("Unit {id} at bus {bus}: {blocks}{least}")
}

/// What the market does with them.
pub fn setting(document: &Document) -> String {
    let mechanism = &document.to_value()["mechanism"];
    let minutes = number(mechanism, "interval_minutes");
    format!(
        "A market clears one interval of {} at least cost: flows by the DC power flow, no losses, every load served, everyone settled at the price of its bus.",
        shown(minutes, "min")
    )
}
