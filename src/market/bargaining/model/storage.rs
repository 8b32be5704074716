//! The batteries of a DSO from some slot to the end of the day.
//!
//! ```text
//! e(t) = e(t−1) + h (η_c c(t) − d(t)/η_d)      0 ≤ c, d ≤ P̄      0 ≤ e ≤ Ē      e(T) ≥ e_T
//! ```
//!
//! c draws at the bus, d feeds in. That c and d are not both above zero is no row: with η_c η_d < 1 doing
//! both loses energy, which pays at no price above zero. It pays below zero, so [`at_once_mw`] is looked at
//! afterwards, and told. Where import is kept, what a battery loses has the small price of what lines lose, in
//! no utility and no payment: what has no use is spilled, and not burnt in a battery.
//! Eq. `[wang2017]`(1.10) B, not in the paper.

use crate::case::day::Storage;
use crate::network::formulation::Injected;
use crate::opt::{Model, Var};

use super::system::System;

/// Powers up to this are none, MW.
const IDLE_MW: f64 = 1e-3;

/// The variables of one battery by slot.
#[derive(Clone, Debug, Default)]
pub struct StorageVars {
    pub charge: Vec<Var>,
    pub discharge: Vec<Var>,
    /// Energy at the end of the slot, MWh.
    pub energy: Vec<Var>,
}

impl StorageVars {
    /// One slot of a battery that held `had` MWh when the program begins.
    ///
    /// Eq. `[wang2017]`(1.10) B.
    pub fn slot(
        &mut self,
        model: &mut Model,
        system: &System,
        (own, had): (&Storage, f64),
        (t, loss_usd_per_mwh): (usize, f64),
        injected: &mut Injected,
    ) {
        let hours = system.hours;
        let name = |what: &str| format!("{what}[{},{}]", own.id, t + 1);
        let (stored, taken) = (own.charge_efficiency, 1.0 / own.discharge_efficiency);
        let loss = |share: f64| loss_usd_per_mwh * hours * share;
        let c = model.var(name("charge"), 0.0, own.max_p_mw, loss(1.0 - stored));
        let d = model.var(name("discharge"), 0.0, own.max_p_mw, loss(taken - 1.0));
        let last = t + 1 == system.slots;
        // What rounding has left below the way to the end is not asked for.
        let slots = (self.energy.len() + 1) as f64;
        let reach = had + slots * hours * own.most_charged_mw();
        let least = if last {
            own.min_final_mwh.min(reach)
        } else {
            0.0
        };
        let e = model.var(name("stored"), least, own.energy_mwh, 0.0);
        let mut row = vec![(e, 1.0), (c, -stored * hours), (d, taken * hours)];
        row.extend(self.energy.last().map(|&before| (before, -1.0)));
        let begins = if self.energy.is_empty() { had } else { 0.0 };
        model.row(name("battery"), row, begins, begins);
        injected.p.push((d, 1.0 / system.base_mva));
        injected.p.push((c, -1.0 / system.base_mva));
        self.charge.push(c);
        self.discharge.push(d);
        self.energy.push(e);
    }
}

/// What a battery does at a solution.
#[derive(Clone, Debug, Default)]
pub struct Operated {
    pub charge_mw: Vec<f64>,
    pub discharge_mw: Vec<f64>,
    /// At the end of each slot, from its powers.
    pub stored_mwh: Vec<f64>,
}

/// Reads what a battery that held `had` MWh does.
pub fn read(own: &Storage, had: f64, vars: &StorageVars, hours: f64, x: &[f64]) -> Operated {
    let mut done = Operated::default();
    let mut energy = had;
    for (c, d) in vars.charge.iter().zip(&vars.discharge) {
        let (mut c, mut d) = (x[c.0].max(0.0), x[d.0].max(0.0));
        // Without losses both at once are the same as their difference.
        if own.charge_efficiency * own.discharge_efficiency == 1.0 {
            let both = c.min(d);
            (c, d) = (c - both, d - both);
        }
        energy = after(own, energy, (c, d), hours);
        done.charge_mw.push(c);
        done.discharge_mw.push(d);
        done.stored_mwh.push(energy);
    }
    done
}

/// e + h (η_c c − d/η_d) within what the battery holds, MWh. Eq. `[wang2017]`(1.10) B.
pub fn after(own: &Storage, energy_mwh: f64, (c, d): (f64, f64), hours: f64) -> f64 {
    let change = own.charge_efficiency * c - d / own.discharge_efficiency;
    (energy_mwh + hours * change).clamp(0.0, own.energy_mwh)
}

/// The largest power at which a battery charges and discharges at once, with its slot; `None` where it
/// never does.
pub fn at_once_mw(charge_mw: &[f64], discharge_mw: &[f64]) -> Option<(usize, f64)> {
    let slots = charge_mw.iter().zip(discharge_mw).enumerate();
    let both = slots.map(|(t, (c, d))| (t, c.min(*d)));
    let most = both.max_by(|a, b| a.1.total_cmp(&b.1));
    most.filter(|(_, both)| *both > IDLE_MW)
}
