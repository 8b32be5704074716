//! The day in real time: at every slot what is known moves on, a program looks to the end of the day,
//! and its first slot is carried out.

use serde::{Deserialize, Serialize};

use crate::opt::Certificate;

use super::dso::{DsoPlan, Past, carry_out};
use super::operation::{Generation, NoDispatch, Plan, RealTime, Ties, alone, dispatch, generation};
use super::system::System;

/// The first slot of each plan, carried out: entries by slot.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Realized {
    pub import_mw: Vec<f64>,
    /// By item and slot, MW.
    pub renewable_mw: Vec<Vec<f64>>,
    pub adjustable_mw: Vec<Vec<f64>>,
    pub deferrable_mw: Vec<Vec<f64>>,
    /// By battery and slot: drawn and fed in, MW, and stored at the end of the slot, MWh.
    #[serde(default)]
    pub charge_mw: Vec<Vec<f64>>,
    #[serde(default)]
    pub discharge_mw: Vec<Vec<f64>>,
    #[serde(default)]
    pub stored_mwh: Vec<Vec<f64>>,
    /// Utility of the whole day as expected at each slot, $.
    pub utility_usd: Vec<f64>,
    /// Energy by which adjustable loads were to miss their day, as expected at each slot, MWh.
    pub missed_mwh: Vec<f64>,
    /// Import kept without a use, by slot, MW; empty where import is chosen.
    pub unused_mw: Vec<f64>,
    /// Largest slack of a cone in the slots carried out and planned, per unit.
    pub cone_gap: f64,
    /// Slots (from 0) in which a DSO on its own has several plans that are equally good.
    #[serde(default)]
    pub tied: Vec<usize>,
}

impl Realized {
    fn take(&mut self, plan: &DsoPlan) {
        let first = |all: &mut Vec<Vec<f64>>, new: &[Vec<f64>]| {
            all.resize(new.len(), Vec::new());
            for (all, new) in all.iter_mut().zip(new) {
                all.extend(new.first());
            }
        };
        self.import_mw.extend(plan.import_mw.first());
        first(&mut self.renewable_mw, &plan.renewable_mw);
        first(&mut self.adjustable_mw, &plan.adjustable_mw);
        first(&mut self.deferrable_mw, &plan.deferrable_mw);
        first(&mut self.charge_mw, &plan.charge_mw);
        first(&mut self.discharge_mw, &plan.discharge_mw);
        first(&mut self.stored_mwh, &plan.stored_mwh);
        self.utility_usd.push(plan.utility_usd);
        self.unused_mw.extend(plan.unused_mw.first());
        self.missed_mwh.push(plan.missed_mwh);
        self.cone_gap = self.cone_gap.max(plan.cone_gap);
    }
}

/// The day with cooperation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cooperation {
    /// By generator and slot, MW.
    pub output_mw: Vec<Vec<f64>>,
    /// By generator and slot.
    pub generation: Vec<Vec<Generation>>,
    /// By slot and bus, $/MWh.
    pub lmp: Vec<Vec<f64>>,
    pub dsos: Vec<Realized>,
    /// Generation cost of the whole day as expected at each slot, lost opportunities included, $.
    pub cost_usd: Vec<f64>,
    /// Of that what the slots before have cost, $.
    pub spent_usd: Vec<f64>,
    /// What each DSO had done before each slot, by slot and DSO.
    pub past: Vec<Vec<Past>>,
    pub certificates: Vec<Certificate>,
    /// By slot, least and greatest import of each DSO over dispatches that are equally good, MW; empty
    /// where there is one dispatch.
    #[serde(default)]
    pub tied_import_mw: Vec<Vec<(f64, f64)>>,
}

/// Rolls the common dispatch of ISO and DSOs over the day.
///
/// Eq. `[wang2017]`(1.3) b.
///
/// # Errors
/// As [`dispatch`].
pub fn cooperation(system: &System, plan: &Plan) -> Result<Cooperation, NoDispatch> {
    let everyone = vec![true; system.dsos.len()];
    let mut day = Cooperation {
        output_mw: vec![Vec::new(); system.units.len()],
        generation: vec![Vec::new(); system.units.len()],
        dsos: vec![Realized::default(); system.dsos.len()],
        ..Cooperation::default()
    };
    let mut past: Vec<Past> = system.dsos.iter().map(Past::new).collect();
    let mut spent = 0.0;
    for t in 0..system.slots {
        let real = RealTime {
            now: t,
            plan,
            members: &everyone,
        };
        let common = dispatch(system, &past, Some(real))?;
        let costs = generation(system, plan, &common.output_mw, t);
        let all = costs.iter().flatten().map(Generation::total_usd);
        day.cost_usd.push(all.fold(spent, |sum, cost| sum + cost));
        day.spent_usd.push(spent);
        day.past.push(past.clone());
        let mut now = 0.0;
        for (n, (output, costs)) in common.output_mw.iter().zip(&costs).enumerate() {
            day.output_mw[n].push(output[0]);
            day.generation[n].push(costs[0]);
            now += costs[0].total_usd();
        }
        spent += now;
        day.lmp.push(common.lmp[0].clone());
        for (m, own) in common.dsos.iter().enumerate() {
            day.dsos[m].take(own);
            carry_out(system, m, &mut past[m], own, t);
        }
        let ties = common.ties.as_ref().filter(|ties| ties.any());
        let range = ties.and_then(Ties::first_import_mw);
        day.tied_import_mw.push(range.unwrap_or_default());
        day.certificates.push(common.certificate);
    }
    Ok(day)
}

/// Rolls a DSO on its own over the day: it keeps its planned import.
///
/// Eq. `[wang2017]`(1.3) a.
///
/// # Errors
/// As [`alone`].
pub fn on_its_own(
    system: &System,
    plan: &Plan,
    m: usize,
) -> Result<(Realized, Vec<Certificate>), NoDispatch> {
    let mut day = Realized::default();
    let mut past = Past::new(&system.dsos[m]);
    let mut certificates = Vec::new();
    for t in 0..system.slots {
        let own = alone(system, m, t, &past, &plan.import_mw[m])?;
        day.take(&own.plan);
        carry_out(system, m, &mut past, &own.plan, t);
        if own.ties.as_ref().is_some_and(Ties::any) {
            day.tied.push(t);
        }
        certificates.push(own.certificate);
    }
    Ok((day, certificates))
}

/// Utility of the whole day that a DSO expects at each slot if cooperation ended there: its past as
/// it was with cooperation, its planned import from here on, $.
///
/// Against this disagreement point the surplus of cooperation is never negative: the plan with
/// these answers is one of the choices of the common dispatch. Eq. `[wang2017]`(1.8).
///
/// # Errors
/// As [`alone`].
pub fn leaving(
    system: &System,
    plan: &Plan,
    m: usize,
    together: &Cooperation,
) -> Result<Vec<f64>, NoDispatch> {
    let slots = together.past.iter().enumerate();
    let expected = slots.map(|(t, past)| {
        let own = alone(system, m, t, &past[m], &plan.import_mw[m])?;
        Ok(own.plan.utility_usd)
    });
    expected.collect()
}
