//! An outcome with what is looked at.

use crate::market::View;
use crate::report::Clock;

use super::super::model::curve::Curve;
use super::super::model::schemes::Coordination;
use super::super::model::system::{Kind, System};
use super::super::outcome::Outcome;

/// What headline, tables and charts are written from.
pub struct Run<'a> {
    pub outcome: &'a Outcome,
    pub system: &'a System,
    pub coordination: &'a Coordination,
    /// The area and the period, from 0, that charts of one feeder show.
    pub shown: Option<usize>,
    pub period: usize,
}

impl<'a> Run<'a> {
    /// The chosen area, else the first feeder, else the first area below the top.
    pub fn new(outcome: &'a Outcome, view: &View) -> Run<'a> {
        let system = &outcome.system;
        let chosen = view.feeder.as_deref().and_then(|id| system.area(id));
        let feeder = |a: &usize| matches!(system.areas[*a].kind, Kind::Feeder { .. });
        let first = || system.exporting().find(feeder);
        Run {
            outcome,
            system,
            coordination: &outcome.coordination,
            shown: chosen
                .filter(|&a| a > 0)
                .or_else(first)
                .or_else(|| system.exporting().next()),
            period: view.step_of(system.periods),
        }
    }

    /// The residual supply function of the area shown.
    pub fn curve(&self) -> Option<&'a Curve> {
        self.outcome.curve(self.shown?)
    }
}

/// The clock of `steps` periods.
pub fn clock(system: &System, steps: usize) -> Clock {
    Clock {
        name: "period".into(),
        steps,
        minutes_per_step: system.balancing.minutes_per_period,
    }
}
