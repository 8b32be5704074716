//! What is explained, with what names it.

use crate::report::{Subject, SubjectKind, amount};

use super::super::explain::Found;
use super::super::outcome::Outcome;
use super::super::params::Behaviour;

/// Prices closer than this share of 1 + them are one.
pub const SAME_PRICE: f64 = 1e-6;

/// What is explained, with what names it.
pub struct Asked<'a> {
    pub outcome: &'a Outcome,
    pub found: &'a Found<'a>,
}

pub fn usd_per_mwh(value: f64) -> String {
    amount(value, "$/MWh")
}

pub fn mw(value: f64) -> String {
    amount(value, "MW")
}

pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME_PRICE * (1.0 + b.abs())
}

impl Asked<'_> {
    /// Whose bids they are.
    pub fn day(&self) -> &'static str {
        match self.found.variant.day.behaviour {
            Behaviour::TsoOnly => {
                "Shown is the TSO alone: it covers the imbalance, and no limit of the feeder has a price."
            }
            Behaviour::Truthful => "Shown is the market with everyone at cost.",
            Behaviour::Strategic => "Shown is the market with strategic owners at their best bids.",
            Behaviour::Own => "Shown is the market with your bids.",
        }
    }

    /// "BW33 meets bus T".
    pub fn meets(&self) -> String {
        let system = self.found.held.system;
        let feeder = &system.feeder.id;
        match system.above.is_empty() {
            true => format!("{feeder} meets transmission"),
            false => format!("{feeder} meets bus {}", system.above),
        }
    }

    pub fn bus(&self, j: usize) -> &str {
        &self.found.held.system.feeder.buses[j].id
    }

    pub fn line(&self, j: usize) -> &str {
        let system = self.found.held.system;
        let above = system.tree.above[j];
        above.map_or("", |above| &system.feeder.lines[above.line].id)
    }

    pub fn line_subject(&self, j: usize) -> Option<Subject> {
        let feeder = &self.found.held.system.feeder.id;
        SubjectKind::Branch.of(format!("{feeder}/{}", self.line(j)))
    }
}
