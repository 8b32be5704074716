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
use super::system::System;

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
        let mut model = Model::new("market of the DSO, all periods");
        let hours = system.hours.iter().zip(rows).enumerate();
        let periods: Vec<Lower> = hours
            .map(|(t, (hour, rows))| {
                let lower = Lower::with(hour, &Bids::truthful(hour), rows);
                lower.within(&mut model, t + 1)
            })
            .collect();
        let (mut energy, mut stored) = (Vec::new(), Vec::new());
        for s in 0..system.storage.len() {
            let k = system.hours[0].first_storage() + s;
            let amounts = periods.iter().map(|p| {
                let one = |v: Var| vec![(v, 1.0)];
                (one(p.up[k]), one(p.down[k]))
            });
            let (e, rows) = states(&mut model, system, s, amounts);
            energy.push(e);
            stored.push(rows);
        }
        Program {
            model,
            periods,
            energy,
            stored,
        }
    }
}

/// Terms of an affine expression.
pub type Terms = Vec<(Var, f64)>;

/// What storage `s` holds, and the rows that say so, with what it discharges and charges by period.
pub fn states(
    model: &mut Model,
    system: &System,
    s: usize,
    amounts: impl Iterator<Item = (Terms, Terms)>,
) -> (Vec<Var>, Vec<Row>) {
    let (own, h) = (&system.storage[s], system.hours_per_period);
    let last = system.hours.len() - 1;
    let (mut energy, mut rows): (Vec<Var>, Vec<Row>) = (Vec::new(), Vec::new());
    for (t, (up, down)) in amounts.enumerate() {
        let least = if t == last { own.final_mwh() } else { 0.0 };
        let e = model.var(format!("e{s}[{t}]"), least, own.energy_mwh, 0.0);
        let mut terms = vec![(e, 1.0 / h)];
        let before = match energy.last() {
            Some(&before) => {
                terms.push((before, -1.0 / h));
                0.0
            }
            None => own.initial_mwh / h,
        };
        terms.extend(up.into_iter().map(|(v, a)| (v, -own.stored_mw(a, 0.0))));
        terms.extend(down.into_iter().map(|(v, a)| (v, -own.stored_mw(0.0, a))));
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
    let mut held = own.initial_mwh;
    let after = schedule.iter().map(|amounts| {
        held += own.stored_mw(amounts[s].0, amounts[s].1) * system.hours_per_period;
        held
    });
    after.collect()
}

/// Clears the day with everyone at cost.
///
/// # Errors
/// A sentence when the linear program fails.
pub fn clear(system: &System) -> Result<Joint, Failure> {
    let mut rows: Vec<Vec<usize>> = system.hours.iter().map(|_| Vec::new()).collect();
    loop {
        let program = Program::new(system, &rows);
        let solution = simplex::solve(&program.model)?;
        let mut grown = false;
        let all = system.hours.iter().zip(&program.periods).zip(&mut rows);
        for ((hour, lower), rows) in all {
            let net = |k: usize| solution.x[lower.up[k].0] - solution.x[lower.down[k].0];
            let net: Vec<f64> = (0..lower.up.len()).map(net).collect();
            let limits = hour.limits.iter().enumerate();
            let met = limits.filter(|(_, limit)| limit.value(&net) > limit.h_mw - 1e-9);
            let met: Vec<usize> = met.map(|(l, _)| l).filter(|l| !rows.contains(l)).collect();
            grown |= !met.is_empty();
            rows.extend(met);
            crate::sort::by(rows, Ord::cmp);
        }
        if !grown {
            return read(system, &program, &solution.x);
        }
    }
}

fn read(system: &System, program: &Program, x: &[f64]) -> Result<Joint, Failure> {
    let face = DualFace::new(&program.model, x)?;
    let balances = program.periods.iter().map(|p| (p.balance, 1.0));
    let balances: Vec<(Row, f64)> = balances.collect();
    let duals = face.duals(&balances)?;
    let periods = system.hours.iter().zip(&program.periods);
    let cleared: Vec<Cleared> = periods
        .map(|(hour, lower)| lower.read(hour, x, &duals.rows))
        .collect();
    let of = |row: &Row| -duals.rows[row.0];
    let value = program.stored.iter().map(|rows| rows.iter().map(of));
    let value: Vec<Vec<f64>> = value.map(Iterator::collect).collect();
    let first = system.hours[0].first_storage();
    let amounts = |c: &Cleared| {
        let all = c.up_mw[first..].iter().zip(&c.down_mw[first..]);
        all.map(|(u, w)| (*u, *w)).collect()
    };
    let held = program.energy.iter();
    let held: Vec<Vec<f64>> = held.map(|e| e.iter().map(|v| x[v.0]).collect()).collect();
    Ok(Joint {
        schedule: cleared.iter().map(amounts).collect(),
        certificate: certify(system, &cleared, &held, &value),
        cleared,
        value,
    })
}

/// How far a day is from optimal, recomputed from the program with every limit.
fn certify(
    system: &System,
    cleared: &[Cleared],
    held: &[Vec<f64>],
    value: &[Vec<f64>],
) -> Certificate {
    let every = system.hours.iter().map(|h| (0..h.limits.len()).collect());
    let whole = Program::new(system, &every.collect::<Vec<Vec<usize>>>());
    let mut x = vec![0.0; whole.model.vars().len()];
    let mut rows = vec![0.0; whole.model.rows().len()];
    for (lower, cleared) in whole.periods.iter().zip(cleared) {
        lower.put(cleared, &mut x, &mut rows);
    }
    let states = whole.energy.iter().flatten().zip(held.iter().flatten());
    states.for_each(|(v, held)| x[v.0] = *held);
    let values = whole.stored.iter().flatten().zip(value.iter().flatten());
    values.for_each(|(row, value)| rows[row.0] = -value);
    prove(
        "market of the DSO, all hours joined by storage".into(),
        &whole.model,
        &x,
        rows,
    )
}
