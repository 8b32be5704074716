//! All periods of the market in one program, joined by what storages hold.
//!
//! A storage is a resource that discharges u and charges w. Over periods of h hours
//!
//! ```text
//! min  Σ_t [ market of period t ] + Σ_t κ u_t
//!      (e_t − e_{t−1}) / h = η_c w_t − u_t / η_d      ↔ ν_t
//!      0 ≤ e_t ≤ E,  e_T ≥ e_end
//! ```
//!
//! with wear κ. ν_t is what a MWh more in the storage at the end of period t would save: at the prices
//! λ, μ, ν the periods separate, and each is the market of `clear.rs` with a storage that
//! discharges at cost κ + ν_t / η_d and charges at value η_c ν_t.
//!
//! Where prices are not unique those are taken that value the next MW of imbalance in all periods together
//! most.
//!
//! Section `[bsp]`(4.8) of the model notes.

use crate::market::Failure;
use crate::opt::{Certificate, DualFace, Model, Row, Var, simplex};

use super::clear::{Bids, Cleared, Lower, prove};
use super::system::{Hour, System};

/// Discharged and charged by storage, MW.
pub type Amounts = Vec<(f64, f64)>;

/// The day with everyone at cost.
#[derive(Clone, Debug)]
pub struct Joint {
    /// By period.
    pub cleared: Vec<Cleared>,
    pub schedule: Vec<Amounts>,
    /// ν by storage and period, $/MWh.
    pub value: Vec<Vec<f64>>,
    pub certificate: Certificate,
}

/// The program, with the limits of some rows.
struct Program {
    model: Model,
    periods: Vec<Lower>,
    /// By storage and period.
    energy: Vec<Vec<Var>>,
    stored: Vec<Vec<Row>>,
}

impl Program {
    fn new(system: &System, rows: &[Vec<usize>]) -> Program {
        let mut program = Program {
            model: Model::new("market of the DSO, all periods"),
            periods: Vec::new(),
            energy: Vec::new(),
            stored: Vec::new(),
        };
        for (hour, rows) in system.hours.iter().zip(rows) {
            let lower = Lower::with(hour, &Bids::truthful(hour), rows);
            let t = program.periods.len() + 1;
            program.periods.push(lower.within(&mut program.model, t));
        }
        for s in 0..system.storage.len() {
            let k = system.hours[0].first_storage() + s;
            let mut amounts = Vec::new();
            for period in &program.periods {
                amounts.push((vec![(period.up[k], 1.0)], vec![(period.down[k], 1.0)]));
            }
            let (energy, stored) = states(&mut program.model, system, s, amounts);
            program.energy.push(energy);
            program.stored.push(stored);
        }
        program
    }
}

/// Terms of an affine expression.
pub type Terms = Vec<(Var, f64)>;

/// What storage `s` holds, and the rows that say so, with what it discharges and charges by period.
pub fn states(
    model: &mut Model,
    system: &System,
    s: usize,
    amounts: Vec<(Terms, Terms)>,
) -> (Vec<Var>, Vec<Row>) {
    let (own, h) = (&system.storage[s], system.hours_per_period);
    let last = system.hours.len() - 1;
    let (mut energy, mut rows): (Vec<Var>, Vec<Row>) = (Vec::new(), Vec::new());
    for (t, (mut terms, down)) in amounts.into_iter().enumerate() {
        for term in &mut terms {
            term.1 = -own.stored_mw(term.1, 0.0);
        }
        for (v, a) in down {
            terms.push((v, -own.stored_mw(0.0, a)));
        }
        let least = if t == last { own.final_mwh() } else { 0.0 };
        let e = model.var(format!("e{s}[{t}]"), least, own.energy_mwh, 0.0);
        terms.push((e, 1.0 / h));
        let mut before = 0.0;
        match energy.last() {
            Some(&held) => terms.push((held, -1.0 / h)),
            None => before = own.initial_mwh / h,
        }
        rows.push(model.row(format!("stored{s}[{t}]"), terms, before, before));
        energy.push(e);
    }
    (energy, rows)
}

impl Joint {
    /// At cost storage `s` discharges and charges in period `t` at these prices, $/MWh.
    pub fn prices(&self, system: &System, s: usize, t: usize) -> (f64, f64) {
        let (own, value) = (&system.storage[s], self.value[s][t]);
        let up = own.wear_usd_per_mwh - own.stored_mw(value, 0.0);
        (up, own.stored_mw(0.0, value))
    }

    /// The system with storage that may always ask for what its energy is worth at cost.
    pub fn valued(&self, system: &System) -> System {
        let mut valued = system.clone();
        for (t, hour) in valued.hours.iter_mut().enumerate() {
            for (s, offer) in hour.storage.iter_mut().enumerate() {
                let (up, down) = self.prices(system, s, t);
                offer.least_up = offer.least_up.min(up);
                offer.most_down = offer.most_down.max(down);
            }
        }
        valued
    }
}

/// What storage `s` holds at the end of each period, MWh.
pub fn held_mwh(system: &System, s: usize, schedule: &[Amounts]) -> Vec<f64> {
    let own = &system.storage[s];
    let (mut held, mut after) = (own.initial_mwh, Vec::new());
    for amounts in schedule {
        held += own.stored_mw(amounts[s].0, amounts[s].1) * system.hours_per_period;
        after.push(held);
    }
    after
}

/// What every storage does in a cleared period.
pub fn amounts(hour: &Hour, cleared: &Cleared) -> Amounts {
    let mut amounts = Vec::new();
    for k in hour.first_storage()..cleared.up_mw.len() {
        amounts.push((cleared.up_mw[k], cleared.down_mw[k]));
    }
    amounts
}

/// Clears the day with everyone at cost.
///
/// # Errors
/// A sentence when the linear program fails.
pub fn clear(system: &System) -> Result<Joint, Failure> {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); system.hours.len()];
    loop {
        let program = Program::new(system, &rows);
        let x = simplex::solve(&program.model)?.x;
        let mut grown = false;
        let none = vec![0.0; program.model.rows().len()];
        for (t, hour) in system.hours.iter().enumerate() {
            let net = program.periods[t].read(hour, &x, &none).net_mw();
            for (l, limit) in hour.limits.iter().enumerate() {
                if limit.value(&net) > limit.h_mw - 1e-9 && !rows[t].contains(&l) {
                    rows[t].push(l);
                    grown = true;
                }
            }
            crate::sort::by(&mut rows[t], Ord::cmp);
        }
        if !grown {
            return read(system, &program, &x);
        }
    }
}

fn read(system: &System, program: &Program, x: &[f64]) -> Result<Joint, Failure> {
    let mut balances = Vec::new();
    for period in &program.periods {
        balances.push((period.balance, 1.0));
    }
    let duals = DualFace::new(&program.model, x)?.duals(&balances)?.rows;
    let mut joint = Joint {
        cleared: Vec::new(),
        schedule: Vec::new(),
        value: Vec::new(),
        certificate: Certificate::default(),
    };
    for (hour, lower) in system.hours.iter().zip(&program.periods) {
        let cleared = lower.read(hour, x, &duals);
        joint.schedule.push(amounts(hour, &cleared));
        joint.cleared.push(cleared);
    }
    for rows in &program.stored {
        joint.value.push(values(rows, &duals));
    }
    joint.certificate = certify(system, &joint);
    Ok(joint)
}

/// ν of rows of what is stored, $/MWh.
pub fn values(rows: &[Row], duals: &[f64]) -> Vec<f64> {
    let mut values = Vec::new();
    for row in rows {
        values.push(-duals[row.0]);
    }
    values
}

/// How far a day is from optimal, recomputed from the program with every limit.
fn certify(system: &System, joint: &Joint) -> Certificate {
    let mut every = Vec::new();
    for hour in &system.hours {
        every.push((0..hour.limits.len()).collect());
    }
    let whole = Program::new(system, &every);
    let mut x = vec![0.0; whole.model.vars().len()];
    let mut rows = vec![0.0; whole.model.rows().len()];
    for (lower, cleared) in whole.periods.iter().zip(&joint.cleared) {
        lower.put(cleared, &mut x, &mut rows);
    }
    for s in 0..system.storage.len() {
        let held = held_mwh(system, s, &joint.schedule);
        for t in 0..held.len() {
            x[whole.energy[s][t].0] = held[t];
            rows[whole.stored[s][t].0] = -joint.value[s][t];
        }
    }
    let name = "market of the DSO, all hours joined by storage";
    prove(name.into(), &whole.model, &x, rows)
}
