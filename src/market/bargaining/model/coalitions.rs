//! What every set of DSOs is worth together with the ISO, at one slot.

use crate::flow::feeder::Physics;
use crate::market::shared::cooperative_game::Game;

use super::dso::Past;
use super::operation::{Dispatch, Failure, Plan, Stage, alone, dispatch, generation};
use super::system::System;

/// The state in which coalitions are valued.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub system: &'a System,
    pub plan: &'a Plan,
    pub physics: Physics,
    /// From 0.
    pub slot: usize,
    /// What every DSO has done so far.
    pub past: &'a [Past],
}

impl Moment<'_> {
    /// Utility of the whole day of a DSO on its own from here on, $.
    ///
    /// # Errors
    /// As [`alone`].
    pub fn fallback_usd(&self, m: usize) -> Result<f64, Failure> {
        let at = (self.slot, Some(self.slot));
        let import = &self.plan.import_mw[m];
        let own = alone(self.system, self.physics, m, at, &self.past[m], import)?;
        Ok(own.plan.utility_usd)
    }

    /// Generation cost from here on as planned, $.
    pub fn planned_cost_usd(&self) -> f64 {
        self.plan.cost_usd[self.slot..].iter().sum()
    }

    /// The dispatch of a coalition: utilities of its members and generation cost from here on, $;
    /// what it draws and at what price, by member and slot from here on.
    ///
    /// # Errors
    /// As [`dispatch`].
    pub fn dispatch(&self, members: &[bool]) -> Result<Dispatch, Failure> {
        let stage = Stage {
            from: self.slot,
            now: Some(self.slot),
            past: self.past,
        };
        dispatch(self.system, self.physics, stage, Some(self.plan), members)
    }

    /// Generation cost of a dispatch from here on, lost opportunities included, $.
    pub fn cost_usd(&self, common: &Dispatch) -> f64 {
        let units = common.output_mw.iter().enumerate();
        units
            .flat_map(|(n, output)| {
                let slots = output.iter().enumerate();
                slots.map(move |(k, &p)| {
                    generation(self.system, self.plan, n, self.slot + k, p).total_usd()
                })
            })
            .sum()
    }

    /// v(C) = Σ_{m∈C} ΔU^m − ΔG for one set of DSOs; the others keep their planned import.
    ///
    /// Eq. `[wang2017]`(1.9).
    ///
    /// # Errors
    /// As [`dispatch`].
    pub fn value_usd(&self, members: &[bool], fallback_usd: &[f64]) -> Result<f64, Failure> {
        let common = self.dispatch(members)?;
        let taking = (0..members.len()).filter(|&m| members[m]);
        let gains = taking
            .zip(&common.dsos)
            .map(|(m, own)| own.utility_usd - fallback_usd[m]);
        Ok(gains.sum::<f64>() - (self.cost_usd(&common) - self.planned_cost_usd()))
    }

    /// The game at this moment.
    ///
    /// # Errors
    /// As [`Moment::value_usd`].
    pub fn game(&self) -> Result<Game, Failure> {
        let dsos = self.system.dsos.len();
        let fallback: Result<Vec<f64>, Failure> = (0..dsos).map(|m| self.fallback_usd(m)).collect();
        let fallback = fallback?;
        let values: Result<Vec<f64>, Failure> = (0..1_usize << dsos)
            .map(|set| {
                let members: Vec<bool> = (0..dsos).map(|m| set & (1 << m) != 0).collect();
                self.value_usd(&members, &fallback)
            })
            .collect();
        Ok(Game::with_veto(&values?)?)
    }
}
