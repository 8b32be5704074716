//! The plan of the day before without anyone showing more than prices and quantities.
//!
//! ```text
//! DSO m answers  d_m ← argmin −U^m + Σ_t π_m(t) d_m(t) + ρ/2 Σ_t (d_m(t) − z_m(t))²
//! the ISO        z   ← argmin  G   − Σ_m,t π_m(t) z_m(t) + ρ/2 Σ_m,t (z_m(t) − d_m(t))²
//! and sends      π_m(t) ← π_m(t) + ρ (d_m(t) − z_m(t))
//! ```
//!
//! A bare exchange of prices and quantities can go round in circles where costs are piecewise
//! linear; the proximal term makes it converge for every convex case (alternating directions).
//! At the end d = z, and π is the price of the common program. Eq. `[wang2017]`(1.2).

use crate::opt::conic::Session;
use crate::opt::{Model, Var};

use super::dso::{self, DsoVars, Past};
use super::iso::{self, IsoVars, Power};
use super::operation::NoDispatch;
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
    /// Utilities less generation cost at the answers of this round, $.
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

/// Plans the day by prices and quantities alone.
///
/// Eq. `[wang2017]`(1.2).
///
/// # Errors
/// A program that is not solved. Not to converge is an answer.
pub fn exchange(system: &System) -> Result<Exchange, NoDispatch> {
    let hours = system.hours;
    let (grid, mut iso) = operator(system)?;
    let mut dsos: Vec<(Party, DsoVars, Past)> = Vec::new();
    for (m, dso) in system.dsos.iter().enumerate() {
        let past = Past::new(dso);
        let mut model = Model::new(format!("answer of {}", dso.id));
        let vars = dso::add(&mut model, system, m, None, &past, None);
        let party = Party::new(model, vec![vars.import.clone()], hours)?;
        dsos.push((party, vars, past));
    }
    let mut wish = vec![vec![0.0; system.slots]; system.dsos.len()];
    let mut price = wish.clone();
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
        let units = output.iter().zip(&system.units);
        let cost = units.flat_map(|(own, unit)| own.iter().map(|p| unit.cost_usd(*p) * hours));
        let round = Round {
            primal_mw: furthest(&drawn, &wish),
            dual_usd_per_mwh: PROXIMAL * furthest(&wish, &before),
            welfare_usd: plans.iter().map(|p| p.utility_usd).sum::<f64>() - cost.sum::<f64>(),
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

/// The ISO's program with what the DSOs draw as its own wish.
fn operator(system: &System) -> Result<(IsoVars, Party), NoDispatch> {
    let mut model = Model::new("wish of the ISO");
    let free = f64::INFINITY;
    let mut wish: Vec<Vec<Var>> = Vec::new();
    for dso in &system.dsos {
        let name = |t: usize| format!("wish[{},{}]", dso.id, t + 1);
        let slots = 0..system.slots;
        wish.push(
            slots
                .map(|t| model.var(name(t), -free, free, 0.0))
                .collect(),
        );
    }
    let drawn = |t: usize| {
        let own = system.dsos.iter().zip(&wish);
        own.map(|(dso, z)| Power::of(dso.bus, vec![(z[t], 1.0)]))
            .collect()
    };
    let grid = iso::add(&mut model, system, 0, None, None, drawn);
    Ok((grid, Party::new(model, wish, system.hours)?))
}

/// Largest difference of two tables.
pub fn furthest(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
