//! One DSO from some slot to the end of the day: its feeder, its renewables, its loads.
//!
//! ```text
//! maximise Σ_i U_i    subject to the feeder in every slot, and
//! adjustable load i   Σ_{s<t} P_i(s) + Σ_{s≥t} P_i(s) = Σ_{s≤t} P̃ realised + Σ_{s>t} P̃ forecast
//! deferrable load i   E_i = Σ P_i(s) over its window, 0 ≤ E_i ≤ Ẽ_i
//! renewable i         0 ≤ p_i ≤ p̃_i,  −p̃_i ≤ q_i ≤ p̃_i
//! battery i           see `storage`
//! ```
//!
//! U = −u P² + 2u P̃ P of an hour for an adjustable load, −u E² + 2u Ẽ E for a deferrable one.
//! Eq. `[wang2017]`(1.2) D. Missing an adjustable load's energy costs the case's shortage price, as a
//! part of the utility, so that a program always has an answer. A DSO that must keep its import may have
//! no use for it, late in the day when all loads have their energy; then the cone would let its lines
//! burn it. Instead it is left unused at the substation, which is reported. In that program a MWh left
//! unused costs [`UNUSED_USD_PER_MWH`] and a MWh of losses [`LOSS_USD_PER_MWH`], in no utility and no
//! payment: so renewables are spilled first, and nothing is burnt.

use serde::{Deserialize, Serialize};

use crate::case::FeederBus;
use crate::network::formulation::Injected;
use crate::network::formulation::feeder::{self, FeederFlow, FeederLimit, Physics};
use crate::opt::{Limit, Model, Var};

use super::relief::{GivingWay, Limited};
use super::storage::{self, StorageVars};
use super::system::{Dso, System};

/// Keeps a DSO that must keep its import from burning power in its lines.
pub const LOSS_USD_PER_MWH: f64 = 0.1;

/// Import is left unused only where no renewable can be spilled instead.
pub const UNUSED_USD_PER_MWH: f64 = 0.01;

/// What a DSO has done so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// Energy of each adjustable load, MWh.
    pub adjustable_mwh: Vec<f64>,
    /// Energy of each deferrable load, MWh.
    pub deferrable_mwh: Vec<f64>,
    /// Utility of the adjustable loads, $; that of a deferrable load is of its whole energy.
    pub utility_usd: f64,
    /// Energy in each battery, MWh.
    #[serde(default)]
    pub stored_mwh: Vec<f64>,
}

impl Past {
    /// Nothing yet.
    pub fn new(dso: &Dso) -> Past {
        Past {
            adjustable_mwh: vec![0.0; dso.adjustable.len()],
            deferrable_mwh: vec![0.0; dso.deferrable.len()],
            utility_usd: 0.0,
            stored_mwh: dso.storage.iter().map(|(_, s)| s.initial_mwh).collect(),
        }
    }
}

/// The variables of one DSO from slot `now` on, or of the whole day before; entries by slot start there.
#[derive(Default)]
pub struct DsoVars {
    now: Option<usize>,
    /// Import, MW.
    pub import: Vec<Var>,
    /// Import without a use, where the import is kept.
    unused: Vec<Var>,
    flows: Vec<FeederFlow>,
    renewable: Vec<Vec<Var>>,
    adjustable: Vec<Vec<Var>>,
    /// `None` outside the window.
    deferrable: Vec<Vec<Option<Var>>>,
    storage: Vec<StorageVars>,
}

/// What a DSO plans from a slot on; entries by slot start there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DsoPlan {
    pub import_mw: Vec<f64>,
    /// By item and slot, MW.
    pub renewable_mw: Vec<Vec<f64>>,
    pub adjustable_mw: Vec<Vec<f64>>,
    pub deferrable_mw: Vec<Vec<f64>>,
    /// By battery and slot: drawn and fed in, MW, and stored at the end of the slot, MWh.
    pub charge_mw: Vec<Vec<f64>>,
    pub discharge_mw: Vec<Vec<f64>>,
    pub stored_mwh: Vec<Vec<f64>>,
    /// Utility of the whole day: of the past, and as planned from here on, $.
    pub utility_usd: f64,
    /// Energy by which adjustable loads miss their day, MWh.
    pub missed_mwh: f64,
    /// By slot, import that the DSO keeps but has no use for, MW; empty where import is its choice.
    pub unused_mw: Vec<f64>,
    /// Largest slack w ℓ − P² − Q² of a cone, per unit on the base of the case.
    pub cone_gap: f64,
}

/// Writes a DSO into a model as known at slot `now`, from there on; `import` holds what it draws at each
/// slot where that is not its choice, MW.
///
/// Eq. `[wang2017]`(1.2) D.
pub fn add(
    model: &mut Model,
    system: &System,
    m: usize,
    now: Option<usize>,
    past: &Past,
    import: Option<&[f64]>,
) -> DsoVars {
    let dso = &system.dsos[m];
    let hours = system.hours;
    let mut vars = DsoVars {
        now,
        renewable: vec![Vec::new(); dso.renewables.len()],
        adjustable: vec![Vec::new(); dso.adjustable.len()],
        deferrable: vec![Vec::new(); dso.deferrable.len()],
        storage: vec![StorageVars::default(); dso.storage.len()],
        ..DsoVars::default()
    };
    for t in now.unwrap_or(0)..system.slots {
        vars.slot(model, system, (dso, past), t, import);
    }
    let limit = system.shortage_usd_per_mwh;
    for (i, (_, load)) in dso.adjustable.iter().enumerate() {
        let wanted = (0..system.slots).map(|t| hours * system.latest_mw(&load.profile, t, now));
        let rest = wanted.sum::<f64>() - past.adjustable_mwh[i];
        let short = model.var(format!("missing[{}]", load.id), 0.0, f64::INFINITY, limit);
        let over = model.var(format!("beyond[{}]", load.id), 0.0, f64::INFINITY, limit);
        let taken = vars.adjustable[i].iter().map(|&p| (p, hours));
        let row = taken.chain([(short, 1.0), (over, -1.0)]);
        model.row(format!("energy[{}]", load.id), row, rest, rest);
    }
    for (i, (_, load)) in dso.deferrable.iter().enumerate() {
        let had = past.deferrable_mwh[i];
        let u = load.usd_per_mwh2;
        let (wanted, name) = (load.energy_mwh, format!("energy[{}]", load.id));
        let energy = model.var(name, 0.0, wanted.max(had), -2.0 * u * wanted);
        model.quadratic(energy, energy, u);
        let taken = vars.deferrable[i].iter().flatten().map(|&p| (p, -hours));
        let row = taken.chain([(energy, 1.0)]);
        model.row(format!("energy so far[{}]", load.id), row, had, had);
    }
    vars
}

impl DsoVars {
    /// One slot: injections, costs, and the feeder.
    fn slot(
        &mut self,
        model: &mut Model,
        system: &System,
        (dso, past): (&Dso, &Past),
        t: usize,
        import: Option<&[f64]>,
    ) {
        let (hours, base) = (system.hours, system.base_mva);
        let fixed = |bus: &FeederBus| Injected {
            p_mw: -bus.p_load_mw / base,
            q_mvar: -bus.q_load_mvar / base,
            ..Injected::default()
        };
        let mut injected: Vec<Injected> = dso.feeder.buses.iter().map(fixed).collect();
        let most = dso.max_p_mw.unwrap_or(f64::INFINITY);
        let (low, high) = import.map_or((-most, most), |import| (import[t], import[t]));
        let tag = format!(",{}", t + 1);
        let drawn = model.var(format!("import[{}{tag}]", dso.id), low, high, 0.0);
        injected[dso.tree.root].p.push((drawn, 1.0 / base));
        self.import.push(drawn);
        if import.is_some() {
            let cost = UNUSED_USD_PER_MWH * hours;
            let unused = model.var(format!("unused[{}{tag}]", dso.id), 0.0, f64::INFINITY, cost);
            injected[dso.tree.root].p.push((unused, -1.0 / base));
            self.unused.push(unused);
        }
        let reactive = system.physics != Physics::Lossless;
        for ((bus, own), vars) in dso.renewables.iter().zip(&mut self.renewable) {
            let most = system.latest_mw(&own.profile, t, self.now);
            let p = model.var(format!("p[{}{tag}]", own.id), 0.0, most, 0.0);
            injected[*bus].p.push((p, 1.0 / base));
            if reactive && most > 0.0 {
                let q = model.var(format!("q[{}{tag}]", own.id), -most, most, 0.0);
                injected[*bus].q.push((q, 1.0 / base));
            }
            vars.push(p);
        }
        let mut load = |bus: usize, p: Var, tan_phi: f64| {
            injected[bus].p.push((p, -1.0 / base));
            if reactive && tan_phi != 0.0 {
                injected[bus].q.push((p, -tan_phi / base));
            }
        };
        for ((bus, own), vars) in dso.adjustable.iter().zip(&mut self.adjustable) {
            let wanted = system.latest_mw(&own.profile, t, self.now);
            let u = own.usd_per_mw2h * hours;
            let most = own.max_p_mw.unwrap_or(f64::INFINITY);
            let p = model.var(format!("p[{}{tag}]", own.id), 0.0, most, -2.0 * u * wanted);
            model.quadratic(p, p, u);
            load(*bus, p, own.tan_phi);
            vars.push(p);
        }
        for ((bus, own), vars) in dso.deferrable.iter().zip(&mut self.deferrable) {
            vars.push(own.in_window(t).then(|| {
                let p = model.var(format!("p[{}{tag}]", own.id), 0.0, own.max_p_mw, 0.0);
                load(*bus, p, own.tan_phi);
                p
            }));
        }
        let had = past.stored_mwh.iter().copied();
        for (((bus, own), had), vars) in dso.storage.iter().zip(had).zip(&mut self.storage) {
            let slot = (t, import.map_or(0.0, |_| LOSS_USD_PER_MWH));
            vars.slot(model, system, (own, had), slot, &mut injected[*bus]);
        }
        let flow = feeder::add(
            model,
            &dso.feeder,
            &dso.tree,
            system.physics,
            &injected,
            &tag,
        );
        for (current, above) in flow.l.iter().zip(&dso.tree.above) {
            if let (Some(l), Some(above), Some(_)) = (current, above, import) {
                let r = above.r_pu * flow.per_l();
                model.set_cost(*l, LOSS_USD_PER_MWH * hours * base * r);
            }
        }
        self.flows.push(flow);
    }

    /// Every active power of the DSO's own choice.
    pub fn powers(&self) -> Vec<Var> {
        let items = self.renewable.iter().chain(&self.adjustable).flatten();
        let deferrable = self.deferrable.iter().flatten().flatten();
        let batteries = self.storage.iter();
        let batteries = batteries.flat_map(|own| own.charge.iter().chain(&own.discharge));
        let own = items.chain(deferrable).chain(batteries);
        let own = own.chain(&self.unused).copied();
        own.chain(self.import.iter().copied()).collect()
    }

    /// What the first `slots` slots leave behind: import, the power of deferrable loads, and energy in batteries.
    pub fn carried(&self, slots: usize) -> Vec<Var> {
        let deferrable = self.deferrable.iter().flat_map(|own| &own[..slots]);
        let import = self.import[..slots].iter().copied();
        let stored = self.storage.iter().flat_map(|own| &own.energy[..slots]);
        let carried = import.chain(deferrable.flatten().copied());
        carried.chain(stored.copied()).collect()
    }

    /// The limit of the DSO that a limit of the program is, where it may give way: one of its feeder or of
    /// its import. With MW per unit of the program.
    pub fn limit(&self, system: &System, m: usize, limit: Limit) -> Option<(GivingWay, f64)> {
        let dso = &system.dsos[m];
        let bus = |j: usize| &dso.feeder.buses[j].id;
        let line = |j: usize| dso.tree.above[j].map(|above| &dso.feeder.lines[above.line].id);
        let base = system.base_mva;
        let ends = |own: &StorageVars| own.energy.last().map(|&e| Limit::VarLower(e));
        let mut batteries = self.storage.iter().zip(&dso.storage);
        if let Some((_, (_, own))) = batteries.find(|(vars, _)| ends(vars) == Some(limit)) {
            let what = GivingWay::new(Limited::FinalEnergy, &own.id, system.slots - 1);
            return Some((what, 1.0));
        }
        let mut slots = self.import.iter().zip(&self.flows).enumerate();
        slots.find_map(|(k, (import, flow))| {
            let of_feeder = || flow.limits.iter().find(|(own, _)| *own == limit);
            let (what, id, scale) = match limit {
                Limit::VarLower(v) if v == *import => (Limited::LeastImport, &dso.id, 1.0),
                Limit::VarUpper(v) if v == *import => (Limited::MostImport, &dso.id, 1.0),
                _ => match of_feeder()?.1 {
                    FeederLimit::LeastVoltage(j) => (Limited::LeastVoltage, bus(j), 1.0),
                    FeederLimit::MostVoltage(j) => (Limited::MostVoltage, bus(j), 1.0),
                    FeederLimit::Power(j) => (Limited::Power, line(j)?, base),
                    FeederLimit::ApparentPower(j) => (Limited::ApparentPower, line(j)?, base),
                },
            };
            Some((GivingWay::new(what, id, self.now.unwrap_or(0) + k), scale))
        })
    }

    /// The plan at a solution.
    pub fn plan(&self, system: &System, m: usize, past: &Past, x: &[f64]) -> DsoPlan {
        let dso = &system.dsos[m];
        let at = |v: &Var| x[v.0];
        let used = |own: &Vec<Var>| own.iter().map(|v| at(v).max(0.0)).collect();
        let taken =
            |own: &Vec<Option<Var>>| own.iter().map(|v| v.as_ref().map_or(0.0, at)).collect();
        let mut plan = DsoPlan {
            import_mw: self.import.iter().map(at).collect(),
            renewable_mw: self.renewable.iter().map(used).collect(),
            adjustable_mw: self.adjustable.iter().map(used).collect(),
            deferrable_mw: self.deferrable.iter().map(taken).collect(),
            unused_mw: self.unused.iter().map(at).collect(),
            ..DsoPlan::default()
        };
        let batteries = dso.storage.iter().zip(&past.stored_mwh).zip(&self.storage);
        for (((_, own), had), vars) in batteries {
            let done = storage::read(own, *had, vars, system.hours, x);
            plan.charge_mw.push(done.charge_mw);
            plan.discharge_mw.push(done.discharge_mw);
            plan.stored_mwh.push(done.stored_mwh);
        }
        plan.missed_mwh = plan.missed(system, m, past, self.now);
        plan.utility_usd = plan.utility(system, m, past, self.now);
        let gaps = self.flows.iter().flat_map(|flow| {
            let buses = 0..dso.feeder.buses.len();
            buses.map(|j| flow.cone_gap(&dso.feeder, &dso.tree, x, j))
        });
        plan.cone_gap = gaps.fold(plan.cone_gap, f64::max);
        plan
    }
}

/// Utility of an adjustable load in a slot, $.
///
/// U = −u P² + 2u P̃ P. Eq. `[wang2017]`(1.2) U.
pub fn utility_of_power(u: f64, wanted_mw: f64, p_mw: f64, hours: f64) -> f64 {
    u * p_mw * (2.0 * wanted_mw - p_mw) * hours
}

/// Utility of a deferrable load's energy, $.
///
/// U = −u E² + 2u Ẽ E. Eq. `[wang2017]`(1.2) U.
pub fn utility_of_energy(u: f64, wanted_mwh: f64, e_mwh: f64) -> f64 {
    u * e_mwh * (2.0 * wanted_mwh - e_mwh)
}

impl DsoPlan {
    /// Utility of the whole day: past and plan, less the price of energy that adjustable loads miss, $.
    pub fn utility(&self, system: &System, m: usize, past: &Past, now: Option<usize>) -> f64 {
        let dso = &system.dsos[m];
        let mut sum = past.utility_usd;
        for ((_, load), powers) in dso.adjustable.iter().zip(&self.adjustable_mw) {
            for (k, &p) in powers.iter().enumerate() {
                let wanted = system.latest_mw(&load.profile, now.unwrap_or(0) + k, now);
                sum += utility_of_power(load.usd_per_mw2h, wanted, p, system.hours);
            }
        }
        sum -= system.shortage_usd_per_mwh * self.missed(system, m, past, now);
        for (i, (_, load)) in dso.deferrable.iter().enumerate() {
            let planned: f64 = self.deferrable_mw[i].iter().sum();
            let energy = past.deferrable_mwh[i] + planned * system.hours;
            sum += utility_of_energy(load.usd_per_mwh2, load.energy_mwh, energy);
        }
        sum
    }

    /// Energy by which the adjustable loads miss their day, past and plan, MWh.
    pub fn missed(&self, system: &System, m: usize, past: &Past, now: Option<usize>) -> f64 {
        let loads = system.dsos[m].adjustable.iter().enumerate();
        let missed = loads.map(|(i, (_, load))| {
            let wanted = (0..system.slots).map(|t| system.latest_mw(&load.profile, t, now));
            let planned: f64 = self.adjustable_mw[i].iter().sum();
            let had = past.adjustable_mwh[i] + planned * system.hours;
            (wanted.sum::<f64>() * system.hours - had).abs()
        });
        missed.sum()
    }
}

/// Carries out the first slot of a plan made at slot `t`.
pub fn carry_out(system: &System, m: usize, past: &mut Past, plan: &DsoPlan, t: usize) {
    let dso = &system.dsos[m];
    let hours = system.hours;
    for (i, (_, load)) in dso.adjustable.iter().enumerate() {
        let p = plan.adjustable_mw[i][0];
        let wanted = system.latest_mw(&load.profile, t, Some(t));
        past.adjustable_mwh[i] += p * hours;
        past.utility_usd += utility_of_power(load.usd_per_mw2h, wanted, p, hours);
    }
    for (had, own) in past.deferrable_mwh.iter_mut().zip(&plan.deferrable_mw) {
        *had += own[0] * hours;
    }
    for (had, own) in past.stored_mwh.iter_mut().zip(&plan.stored_mwh) {
        *had = own[0];
    }
}
