//! Who serves the next kWh of an interval, and who the last.
//!
//! ```text
//! d(cost) = p · dQ,   dx_M = A_TM⁻¹ d_T        one more kW of demand at any price: d = 1 in Σ Q_j = Q_LSE
//! ```
//!
//! The next and the last kWh are two directions of the clearing's program; where their prices differ every price between
//! clears the interval. The proof clears it again, by simplex, with a step more or less.
//!
//! Eq. `[theisen2024]`(3.1) d.

use crate::market::Failure;
use crate::opt::parametric::next;
use crate::opt::{Model, Row, Var, simplex};

use super::bid::Bid;
use super::clearing::{Program, Supply, program};

/// A step of the proof, kW, where nothing changes before.
const STEP_KW: f64 = 0.1;

/// Who moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Lse,
    Spilled,
    Unserved,
    /// A community, by its place.
    Member(usize),
}

/// Someone who moves for one kW.
#[derive(Clone, Copy, Debug)]
pub struct Mover {
    pub who: Who,
    /// What is delivered, spilled, not served or taken, kW for each kW.
    pub by: f64,
    pub usd_per_kwh: f64,
    /// Its part of the price, $/kWh.
    pub part: f64,
}

/// One kW of demand more, or one less.
#[derive(Clone, Debug)]
pub struct Side {
    /// Cost of one more, or what one less saves, $/kWh.
    pub usd_per_kwh: f64,
    pub movers: Vec<Mover>,
    pub reach_kw: f64,
    /// A step, kW, and its change of cost as predicted and cleared again, $/h.
    pub proof: (f64, f64, f64),
}

/// The next and the last kWh; `None` where there is none.
///
/// # Errors
/// A program that cannot be solved.
pub fn sides(bids: &[Bid], supply: &Supply) -> Result<[Option<Side>; 2], Failure> {
    let mut program = program(bids, supply);
    // An LSE that pays for what it sells, and has no limit: more than there is to move is one.
    let closed = supply.lse_usd_per_kwh < 0.0 && supply.capacity_kw.is_infinite();
    if closed {
        let most = bids.iter().map(|bid| bid.min_kw.abs() + bid.max_kw().abs());
        let most = 2.0 * most.sum::<f64>() + 1.0;
        program.model.set_bounds(program.lse, 0.0, most);
    }
    let cost = simplex::solve(&program.model)?.objective;
    let side = |way: f64| -> Result<Option<Side>, Failure> {
        let mut side = side(&program, cost, way)?;
        // How far that goes is not known then.
        if let (true, Some(side)) = (closed, &mut side) {
            side.reach_kw = f64::INFINITY;
        }
        Ok(side)
    };
    Ok([side(1.0)?, side(-1.0)?])
}

fn side(program: &Program, cost: f64, way: f64) -> Result<Option<Side>, Failure> {
    let model = &program.model;
    let Some(found) = next(model, &[(Row(0), way)])? else {
        return Ok(None);
    };
    let movers = found.moves.iter().map(|&(v, by)| {
        let usd = model.vars()[v.0].cost;
        let who = who(program, v);
        // The steps of a bid are worth, not cost.
        let usd_per_kwh = if let Who::Member(_) = who { -usd } else { usd };
        Mover {
            who,
            by,
            usd_per_kwh,
            part: way * usd * by,
        }
    });
    let movers = movers.collect();
    let step_kw = STEP_KW.min(found.reach);
    let solved = simplex::solve(&moved(model, way * step_kw))?.objective - cost;
    Ok(Some(Side {
        usd_per_kwh: way * found.price,
        movers,
        reach_kw: found.reach,
        proof: (step_kw, step_kw * found.price, solved),
    }))
}

/// The program with a little more demand.
fn moved(model: &Model, by_kw: f64) -> Model {
    let mut further = model.clone();
    let (lower, upper) = {
        let row = &model.rows()[0];
        (row.lower, row.upper)
    };
    further.set_limits(Row(0), lower + by_kw, upper + by_kw);
    further
}

fn who(program: &Program, v: Var) -> Who {
    let member = program.steps.iter().position(|own| own.contains(&v));
    match member {
        Some(j) => Who::Member(j),
        None if v == program.lse => Who::Lse,
        None if v == program.spill => Who::Spilled,
        None => Who::Unserved,
    }
}
