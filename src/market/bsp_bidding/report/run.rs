//! An outcome with what is looked at.

use super::super::outcome::{Outcome, Variant};
use super::super::params::{Behaviour, BspBidding};

/// What the clock counts.
pub const STEP: &str = "hour";

/// Resources up to which charts have a line or a bar for each.
pub const MANY: usize = 30;

/// An outcome with what is looked at.
pub struct Run<'a> {
    pub params: &'a BspBidding,
    pub outcome: &'a Outcome,
    /// The day that headline, ledger, diagram and second stage follow.
    pub shown: &'a Variant,
    /// The hour shown, from 0.
    pub hour: usize,
}

impl<'a> Run<'a> {
    pub fn behaviour(&self) -> Behaviour {
        self.shown.day.behaviour
    }

    /// The owner that the charts of profits are about.
    pub fn player(&self) -> &'a str {
        &self.outcome.system.owners[self.outcome.player()]
    }

    /// Said of what is of the linear network where the market is cleared on the cone.
    pub fn linear(&self) -> &'static str {
        match self.outcome.beside {
            None => "",
            Some(_) => " (linear network)",
        }
    }

    /// Id of bus `j`.
    pub fn bus(&self, j: usize) -> &'a str {
        &self.outcome.system.feeder.buses[j].id
    }

    /// The line above bus `j` as ids of series name it; `None` at the root.
    pub fn line_id(&self, j: usize) -> Option<String> {
        let system = &self.outcome.system;
        let line = &system.feeder.lines[system.tree.above[j].as_ref()?.line];
        Some(format!("{}/{}", system.feeder.id, line.id))
    }

    /// Buses with resources, those of which there are charts.
    pub fn buses(&self) -> Vec<usize> {
        let mut buses = self.outcome.system.at.clone();
        crate::sort::by(&mut buses, Ord::cmp);
        buses.dedup();
        buses.truncate(MANY);
        buses
    }
}
