//! A dispatch without anyone showing more than prices and quantities: the plan of the day before, or that
//! of a slot in real time and the rest of its day.
//!
//! ```text
//! DSO m answers  d_m ← argmin −U^m + Σ_t π_m(t) d_m(t) + ρ/2 Σ_t (d_m(t) − z_m(t))²
//! the ISO        z   ← argmin  G   − Σ_m,t π_m(t) z_m(t) + ρ/2 Σ_m,t (z_m(t) − d_m(t))²
//! and sends      π_m(t) ← π_m(t) + ρ (d_m(t) − z_m(t))
//! ```
//!
//! A bare exchange of prices and quantities can go round in circles where costs are piecewise
//! linear; the proximal term makes it converge for every convex case (alternating directions).
//! At the end d = z, and π is the price of the common program. The plan is looked for from nothing; in real
//! time G′ takes the place of G, and the exchange begins with the plan's prices and imports, which both sides
//! know. Eq. `[wang2017]`(1.2), (1.3) b.

use crate::opt::conic::Session;
use crate::opt::{Model, Var};

use super::dso::{self, DsoVars, Past};
use super::iso::{self, IsoVars, Power};
use super::operation::{Generation, NoDispatch, RealTime, generation};
use super::system::System;

/// Weight ρ of the proximal term, $/MW²h.
pub const PROXIMAL: f64 = 0.5;

/// The exchange ends where |d − z| is up to this, MW,
const PRIMAL_MW: f64 = 1e-3;
/// and ρ |z − z before| up to this, $/MWh,
const DUAL_USD_PER_MWH: f64 = 1e-3;
/// or after so many rounds.
const ROUNDS: usize = 300;

/// One round of the exchange.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Round {
    pub primal_mw: f64,
    pub dual_usd_per_mwh: f64,
    /// Utilities less generation cost at the answers of this round, $; in real time cost from the slot on,
    /// lost opportunities included.
    pub welfare_usd: f64,
}

/// How the exchange went.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    pub rounds: Vec<Round>,
    pub converged: bool,
    /// d by DSO and slot, MW.
    pub import_mw: Vec<Vec<f64>>,
    /// π by DSO and slot, $/MWh.
    pub usd_per_mwh: Vec<Vec<f64>>,
}

/// A party that answers prices: its program, and its exchange with the others.
struct Party {
    session: Session,
    /// By boundary and slot.
    exchange: Vec<Vec<Var>>,
}

impl Party {
    /// Adds the proximal term to a program.
    fn new(mut model: Model, exchange: Vec<Vec<Var>>, hours: f64) -> Result<Party, NoDispatch> {
        for &v in exchange.iter().flatten() {
            model.quadratic(v, v, 0.5 * PROXIMAL * hours);
        }
        Ok(Party {
            session: Session::new(model)?,
            exchange,
        })
    }

    /// Answers `sign`·π and the other side's quantities `near`, by boundary and slot.
    fn answer(
        &mut self,
        sign: f64,
        prices: &[Vec<f64>],
        near: &[Vec<f64>],
        hours: f64,
    ) -> Result<Vec<f64>, NoDispatch> {
        for (own, (prices, near)) in self.exchange.iter().zip(prices.iter().zip(near)) {
            for (&v, (price, near)) in own.iter().zip(prices.iter().zip(near)) {
                self.session
                    .set_cost(v, hours * (sign * price - PROXIMAL * near));
            }
        }
        Ok(self.session.solve()?.x)
    }

    fn quantities(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let rows = self.exchange.iter();
        rows.map(|own| own.iter().map(|v| x[v.0]).collect())
            .collect()
    }
}

/// Dispatches by prices and quantities alone: the day before, or from a slot on in real time, where all
/// DSOs take part.
///
/// Eq. `[wang2017]`(1.2), (1.3) b.
///
/// # Errors
/// A program that is not solved. Not to converge is an answer.
pub fn exchange(
    system: &System,
    past: &[Past],
    real: Option<RealTime>,
) -> Result<Exchange, NoDispatch> {
    let hours = system.hours;
    let from = real.map_or(0, |real| real.now);
    let (grid, mut iso) = operator(system, real)?;
    let mut dsos: Vec<(Party, DsoVars, &Past)> = Vec::new();
    for (m, (dso, past)) in system.dsos.iter().zip(past).enumerate() {
        let mut model = Model::new(format!("answer of {}", dso.id));
        let vars = dso::add(&mut model, system, m, real.map(|real| real.now), past, None);
        let party = Party::new(model, vec![vars.import.clone()], hours)?;
        dsos.push((party, vars, past));
    }
    let (mut wish, mut price) = begin(system, real);
    let mut done = Exchange::default();
    for _ in 0..ROUNDS {
        let mut plans = Vec::new();
        for (m, (party, vars, past)) in dsos.iter_mut().enumerate() {
            let x = party.answer(1.0, &price[m..=m], &wish[m..=m], hours)?;
            plans.push(vars.plan(system, m, past, &x));
        }
        let drawn: Vec<Vec<f64>> = plans.iter().map(|p| p.import_mw.clone()).collect();
        let x = iso.answer(-1.0, &price, &drawn, hours)?;
        let before = std::mem::replace(&mut wish, iso.quantities(&x));
        for (own, (d, z)) in price.iter_mut().zip(drawn.iter().zip(&wish)) {
            for (price, (d, z)) in own.iter_mut().zip(d.iter().zip(z)) {
                *price += PROXIMAL * (d - z);
            }
        }
        let output = grid.output_mw(&x);
        let cost = match real {
            Some(real) => {
                let costs = generation(system, real.plan, &output, from);
                costs
                    .iter()
                    .flatten()
                    .map(Generation::total_usd)
                    .sum::<f64>()
            }
            None => {
                let units = output.iter().zip(&system.units);
                let cost =
                    units.flat_map(|(own, unit)| own.iter().map(|p| unit.cost_usd(*p) * hours));
                cost.sum::<f64>()
            }
        };
        let round = Round {
            primal_mw: furthest(&drawn, &wish),
            dual_usd_per_mwh: PROXIMAL * furthest(&wish, &before),
            welfare_usd: plans.iter().map(|p| p.utility_usd).sum::<f64>() - cost,
        };
        done.rounds.push(round);
        done.import_mw = drawn;
        if round.primal_mw <= PRIMAL_MW && round.dual_usd_per_mwh <= DUAL_USD_PER_MWH {
            done.converged = true;
            break;
        }
    }
    done.usd_per_mwh = price;
    Ok(done)
}

/// Quantities and prices to begin with: none on the day before, those of the plan in real time.
fn begin(system: &System, real: Option<RealTime>) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let Some(RealTime { now, plan, .. }) = real else {
        let none = vec![vec![0.0; system.slots]; system.dsos.len()];
        return (none.clone(), none);
    };
    let planned = plan.import_mw.iter().map(|own| own[now..].to_vec());
    let prices = system.dsos.iter().map(|dso| {
        let lmp = plan.dispatch.lmp[now..].iter();
        lmp.map(|lmp| lmp[dso.bus]).collect()
    });
    (planned.collect(), prices.collect())
}

/// The ISO's program with what the DSOs draw as its own wish.
fn operator(system: &System, real: Option<RealTime>) -> Result<(IsoVars, Party), NoDispatch> {
    let from = real.map_or(0, |real| real.now);
    let mut model = Model::new("wish of the ISO");
    let free = f64::INFINITY;
    let mut wish: Vec<Vec<Var>> = Vec::new();
    for dso in &system.dsos {
        let name = |t: usize| format!("wish[{},{}]", dso.id, t + 1);
        let slots = from..system.slots;
        wish.push(
            slots
                .map(|t| model.var(name(t), -free, free, 0.0))
                .collect(),
        );
    }
    let drawn = |t: usize| {
        let own = system.dsos.iter().zip(&wish);
        own.map(|(dso, z)| Power::of(dso.bus, vec![(z[t - from], 1.0)]))
            .collect()
    };
    let reserved = real.map(|real| &real.plan.reserved);
    let grid = iso::add(&mut model, system, from, reserved, None, drawn);
    Ok((grid, Party::new(model, wish, system.hours)?))
}

/// Largest difference of two tables.
pub fn furthest(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
