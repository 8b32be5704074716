//! Everything that a sentence, table or chart of the market may show.

use crate::market::shared::coupling::Common;
use crate::opt::Certificate;

use super::model::beside::Beside;
use super::model::clear::Cleared;
use super::model::day::Day;
use super::model::forwarding::Forwarded;
use super::model::handover::Function;
use super::model::profit_surface::{Met, ProfitSurface};
use super::model::safety::Safety;
use super::model::schemes::Covered;
use super::model::storage::Storage;
use super::model::strategy::Answer;
use super::model::system::System;
use super::params::{Behaviour, Method};

/// A market day under every behaviour.
pub struct Outcome {
    pub system: System,
    /// Owners that bid strategically; the first is the reader's.
    pub players: Vec<usize>,
    pub variants: Vec<Variant>,
    /// By period, in the order of `Scheme::ALL`.
    pub schemes: Vec<Vec<Covered>>,
    /// The hour asked about, from 0, by each method.
    pub asked: usize,
    pub methods: Vec<(Method, Answer)>,
    /// Bids for the DSO's market alone, where the strategic owner looks at both.
    pub alone: Option<Alone>,
    pub common: Option<Common>,
    /// The linear network and AC power flows, where the market is cleared on the cone.
    pub beside: Option<Beside>,
    /// By period.
    pub surfaces: Vec<Option<ProfitSurface>>,
    /// Where storage joins the periods; the system is then that of the strategic day.
    pub storage: Option<Storage>,
}

impl Outcome {
    /// The day under this behaviour; `None` where it was not run.
    pub fn variant(&self, behaviour: Behaviour) -> Option<&Variant> {
        let mut all = self.variants.iter();
        all.find(|v| v.day.behaviour == behaviour)
    }

    /// The owner that the charts of profits are about.
    pub fn player(&self) -> usize {
        self.players.first().copied().unwrap_or(0)
    }
}

/// A market day under one behaviour, with what follows from it.
pub struct Variant {
    pub day: Day,
    pub feeder: FeederDay,
    /// By period.
    pub second_stage: Vec<SecondStage>,
    /// What the DSO would hand over as a function in the hour asked about.
    pub function: Option<Function>,
    /// Of the DSO's markets.
    pub certificates: Vec<Certificate>,
}

/// What the feeder sees of a day, by bus and period; of lines by the bus below.
#[derive(Clone, Debug)]
pub struct FeederDay {
    /// $/MWh.
    pub price: Vec<Vec<f64>>,
    pub v_pu: Vec<Vec<f64>>,
    /// In the direction of the line, MW; empty at the root.
    pub flow_mw: Vec<Vec<f64>>,
    /// Share of the limit; empty for a line without one.
    pub loading: Vec<Vec<f64>>,
    /// By period.
    pub export_mw: Vec<f64>,
}

/// The day of the bids that earn most in the DSO's market alone.
pub struct Alone {
    pub day: Day,
    /// Of the TSO's market after it, by period, $ per hour.
    pub expected: Vec<f64>,
}

/// The second stage of a period.
pub struct SecondStage {
    /// What the first strategic owner expects of the TSO's market, $ per hour.
    pub expected: f64,
    pub forwarded: Forwarded,
    pub safety: Safety,
    /// What the TSO does with what is forwarded and its own bids.
    pub tso: Cleared,
}

/// What the first strategic owner earns with two bids of a period.
#[derive(Clone, Debug)]
pub struct Point {
    /// From 0.
    pub period: usize,
    /// The resources, whether their bids are upwards, and the bids in $/MWh.
    pub pair: (usize, usize),
    pub up: bool,
    pub bids: (f64, f64),
    pub profit_usd: f64,
    pub at_cost_usd: f64,
    /// Of the best answer; no bids earn more than the second.
    pub best_usd: f64,
    pub bound_usd: f64,
    /// What the two bids meet.
    pub met: Vec<Met>,
    /// The market with the bids, and what the feeder sees of it in this period alone; `None` where it fails.
    pub market: Option<(Cleared, FeederDay)>,
}
