//! What every set of DSOs is worth together with the ISO, at one slot.

use crate::market::shared::cooperative_game::Game;

use super::dso::Past;
use super::operation::{
    Dispatch, Generation, NoDispatch, Plan, RealTime, alone, dispatch, generation,
};
use super::system::System;

/// The state in which coalitions are valued.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub system: &'a System,
    pub plan: &'a Plan,
    /// From 0.
    pub slot: usize,
    /// What every DSO has done so far.
    pub past: &'a [Past],
}

impl Moment<'_> {
    /// Utility of the whole day of each DSO on its own from here on, $.
    ///
    /// # Errors
    /// As [`alone`].
    pub fn fallback_usd(&self) -> Result<Vec<f64>, NoDispatch> {
        let dsos = 0..self.system.dsos.len();
        dsos.map(|m| self.fallback_of_usd(m)).collect()
    }

    /// That of one DSO, $.
    ///
    /// # Errors
    /// As [`alone`].
    pub fn fallback_of_usd(&self, m: usize) -> Result<f64, NoDispatch> {
        let import = &self.plan.import_mw[m];
        let own = alone(self.system, m, self.slot, &self.past[m], import)?;
        Ok(own.plan.utility_usd)
    }

    /// The dispatch of a coalition, a set of DSOs by bits; the others keep their planned import.
    ///
    /// # Errors
    /// As [`dispatch`].
    pub fn dispatch(&self, set: usize) -> Result<Dispatch, NoDispatch> {
        let dsos = 0..self.system.dsos.len();
        let members: Vec<bool> = dsos.map(|m| set & (1 << m) != 0).collect();
        let real = RealTime {
            now: self.slot,
            plan: self.plan,
            members: &members,
        };
        dispatch(self.system, self.past, Some(real))
    }

    /// ΔG of a dispatch from here on, lost opportunities included, $.
    pub fn more_cost_usd(&self, common: &Dispatch) -> f64 {
        let costs = generation(self.system, self.plan, &common.output_mw, self.slot);
        let cost: f64 = costs.iter().flatten().map(Generation::total_usd).sum();
        cost - self.plan.cost_usd[self.slot..].iter().sum::<f64>()
    }

    /// v(C) = Σ_{m∈C} ΔU^m − ΔG for one set of DSOs.
    ///
    /// Eq. `[wang2017]`(1.9).
    ///
    /// # Errors
    /// As [`dispatch`].
    pub fn value_usd(&self, set: usize, fallback_usd: &[f64]) -> Result<f64, NoDispatch> {
        let common = self.dispatch(set)?;
        let taking = (0..fallback_usd.len()).filter(|m| set & (1 << m) != 0);
        let gains = taking.zip(&common.dsos);
        let gains = gains.map(|(m, own)| own.utility_usd - fallback_usd[m]);
        Ok(gains.sum::<f64>() - self.more_cost_usd(&common))
    }

    /// The game at this moment.
    ///
    /// # Errors
    /// As [`Moment::value_usd`].
    pub fn game(&self) -> Result<Game, NoDispatch> {
        let fallback = self.fallback_usd()?;
        let sets = 0..1_usize << fallback.len();
        let values = sets.map(|set| self.value_usd(set, &fallback));
        Ok(Game::with_veto(&values.collect::<Result<Vec<_>, _>>()?)?)
    }
}
