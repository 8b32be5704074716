//! The same scenario, solved otherwise: a grain away, and with its limits lifted.
//!
//! Where a market is indifferent, two units at one price or a price at the end of a block, its outcome is one of many
//! and a question for it has no one answer. Bids and demand moved by a grain in random directions, once this way and
//! once the other way, give two of them: min c·x over a face of optima that is more than one point has, for almost
//! every direction d, other solutions for c + ε d than for c − ε d, and the duals likewise for the demand. A number
//! that is the same in both, within half of what an answer may be off, is settled.

use fastrand::Rng;
use serde_json::Value;

use super::ask::{Kind, Number};
use super::solved;
use crate::report::Report;
use crate::scenario::Document;
use crate::session::Session;

/// Change of a bid's price against one plus its size, and of a demand against its size.
const GRAIN: f64 = 1e-5;

/// Lists whose items have one grain each; what stands within them has theirs.
const THINGS: [&str; 14] = [
    "generators",
    "ders",
    "loads",
    "bids",
    "imbalances",
    "resources",
    "storage",
    "renewables",
    "adjustable",
    "deferrable",
    "members",
    "buses",
    "feeders",
    "zones",
];

/// What the demand is called where it stands.
const DEMANDS: [&str; 2] = ["p_load_mw", "preferred_kw"];

pub struct Others {
    document: Document,
    side: Session,
    seed: u64,
    nudged: Option<[Option<Report>; 2]>,
    lifted: Option<Option<Report>>,
}

impl Others {
    pub fn new(document: &Document, rng: &mut Rng) -> Others {
        Others {
            document: document.clone(),
            side: Session::new(document.clone()),
            seed: rng.u64(..),
            nudged: None,
            lifted: None,
        }
    }

    /// Whether the number has one answer, or one interval of answers, which is then put to it.
    pub fn settle(&mut self, session: &Session, asked: &mut Number) -> bool {
        if asked.kind == Kind::Price
            && let Some(range) = asked.explained(session).and_then(|why| why.range)
        {
            let (low, high) = range;
            asked.range = Some(range);
            return low.is_finite() && high.is_finite() && low < high;
        }
        let allowed = 0.5 * super::ask::tolerance(asked.value, &asked.unit);
        let (document, side, seed) = (&self.document, &mut self.side, self.seed);
        let reports = self.nudged.get_or_insert_with(|| {
            [1.0, -1.0].map(|sign| {
                let mut value = document.to_value();
                nudge(&mut value, sign, (0.0, false), &mut Rng::with_seed(seed));
                side.load(Document::from_value(value).ok()?);
                solved(side)
            })
        });
        reports.iter().all(|report| {
            let value = report.as_ref().and_then(|report| asked.read(report));
            value.is_some_and(|value| (value - asked.value).abs() <= allowed)
        })
    }

    /// The report of the scenario whose lines have no limits; nothing where none has one now, or without a dispatch.
    pub fn lifted(&mut self) -> Option<&Report> {
        let (document, side) = (&self.document, &mut self.side);
        let report = self.lifted.get_or_insert_with(|| {
            let mut value = document.to_value();
            if !lift(&mut value["case"]) {
                return None;
            }
            side.load(Document::from_value(value).ok()?);
            solved(side)
        });
        report.as_ref()
    }
}

/// Moves prices and demands by the grain of the thing they are of; what is of none stays.
fn nudge(value: &mut Value, sign: f64, (grain, demand): (f64, bool), rng: &mut Rng) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut() {
                let things = THINGS.contains(&key.as_str());
                let is_demand = demand && key == "p_mw" || DEMANDS.contains(&key.as_str());
                let is_price = key.ends_with("usd_per_mwh") || key.ends_with("usd_per_kwh");
                match field {
                    Value::Array(items) if things => {
                        for item in items {
                            let own = sign * draw(rng).copysign(rng.f64() - 0.5);
                            let demands = key == "loads" || key == "imbalances";
                            nudge(item, sign, (own, demands), rng);
                        }
                    }
                    Value::Array(items) if is_demand => {
                        items.iter_mut().for_each(|item| scale(item, grain, 0.0));
                    }
                    field if is_demand => scale(field, grain, 0.0),
                    field if is_price && key != "price_cap_usd_per_mwh" => scale(field, grain, 1.0),
                    field => nudge(field, sign, (grain, demand), rng),
                }
            }
        }
        Value::Array(items) => {
            items
                .iter_mut()
                .for_each(|item| nudge(item, sign, (grain, demand), rng));
        }
        _ => {}
    }
}

/// From a half to one.
fn draw(rng: &mut Rng) -> f64 {
    0.5 + 0.5 * rng.f64()
}

fn scale(value: &mut Value, grain: f64, beside: f64) {
    if let Some(number) = value.as_f64() {
        *value = (number + GRAIN * grain * (beside + number.abs())).into();
    }
}

/// Takes the limits off every line; whether there was one.
fn lift(case: &mut Value) -> bool {
    let mut any = false;
    let mut take = |lines: Option<&mut Value>, field: &str| {
        for line in lines.and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(limit) = line.get_mut(field)
                && limit.is_number()
            {
                *limit = Value::Null;
                any = true;
            }
        }
    };
    take(case.get_mut("branches"), "max_p_mw");
    let feeders = case.get_mut("feeders").and_then(Value::as_array_mut);
    for feeder in feeders.into_iter().flatten() {
        take(feeder.get_mut("lines"), "max_s_mva");
    }
    any
}
