//! Why not: from which bid on a unit runs that does not, and a proof.
//!
//! The next block v of a unit stands empty. With q MW of it the rest of the program costs V(q), and its first MW saves
//!
//! ```text
//! p = −dV/dq (0⁺)        V by one more MW of the column of v, A_v, in every row: d = −A_v
//! ```
//!
//! Optimality says that its bid is no less than p; from a bid below p it runs, until q is so large that a further MW
//! saves no more than the bid. p is the LMP of the unit's bus where the program sees the unit at its bus, and the mean
//! over the factors of its aggregator where it does not. Limits are rows where the optimum meets them or an answer here
//! would pass them; what no answer passes changes none.
//!
//! `Eq. [zuo2022](5)`, `(6)`, `(10)`.

use crate::opt::parametric::Next;
use crate::opt::parametric::next;
use crate::opt::quadratic::solve;
use crate::opt::{Model, Row, Var};

use super::clearing::NoDispatch;
use super::program::Owner;
use super::turn::Program;
use crate::market::rt_sced::model::system::System;

/// The bids tried lie so far from the price at which a unit starts, $/MWh; the second where a MW further along saves as
/// much as the first bid, so that its amount is not unique.
const STEPS_USD_PER_MWH: [f64; 2] = [0.01, 0.007];

/// A block is empty, or full, within this beside its size.
const NEAR: f64 = 1e-7;

/// Prices closer than this beside their size are the same.
const SAME_PRICE: f64 = 1e-7;

/// Changes of basis that the first MW of a unit are followed over.
const MOST: usize = 60;

/// A unit whose next block stands empty at a bid above what it would save.
pub struct Idle {
    pub id: String,
    /// The aggregator it belongs to.
    pub group: Option<String>,
    /// What it gives as it is, MW.
    pub gives_mw: f64,
    /// What it gives at least, MW.
    pub least_mw: f64,
    /// Bid of its next block, $/MWh.
    pub bid_usd_per_mwh: f64,
    /// `None` where nothing can give way to it.
    pub start: Option<Start>,
}

/// The price at which it starts.
pub struct Start {
    pub usd_per_mwh: f64,
    /// A bid below it and one above, tried by another solver.
    pub trials: Vec<Trial>,
}

/// What a unit gives more with another bid.
pub struct Trial {
    /// From the price at which it starts, $/MWh.
    pub from_start_usd_per_mwh: f64,
    pub predicted_mw: f64,
    pub solved_mw: f64,
}

/// The next block of a unit, in a program that grows by the limits that its answers would pass.
struct Block<'a> {
    program: &'a Program<'a>,
    model: Model,
    var: Var,
    /// What it gives when it is empty, MW.
    empty_mw: f64,
    room_mw: f64,
    /// What its own price rises by for each MW, $/MW²h.
    slope: f64,
}

/// The units at `bus` that would run at another bid.
///
/// # Errors
/// A program that cannot be solved.
pub(super) fn idle_units(
    system: &System,
    program: &Program,
    bus: usize,
) -> Result<Vec<Idle>, NoDispatch> {
    let Program {
        model, columns, x, ..
    } = program;
    let generators =
        (0..system.generators.len()).map(|g| (Owner::Generator(g), &system.generators[g]));
    let ders = (0..system.ders.len()).map(|d| (Owner::Der(d), &system.ders[d]));
    let here = generators.chain(ders).filter(|(_, unit)| unit.bus == bus);
    let mut found = Vec::new();
    for (owner, unit) in here {
        let own: Vec<Var> = columns.of_unit(owner).collect();
        let near = |v: Var| NEAR * (1.0 + model.vars()[v.0].upper.abs());
        let Some(&var) = own
            .iter()
            .find(|&&v| x[v.0] < model.vars()[v.0].upper - near(v))
        else {
            continue;
        };
        let block = &model.vars()[var.0];
        if x[var.0] > block.lower + near(var) {
            continue;
        }
        let mut next_block = Block::new(program, var)?;
        let start = next_block.start()?;
        let bid = block.cost;
        let is_marginal = |p: f64| bid - p <= SAME_PRICE * (1.0 + bid.abs());
        if start.is_some_and(is_marginal) {
            continue;
        }
        let group = match owner {
            Owner::Der(d) => system.group_of[d].map(|a| system.groups[a].id.clone()),
            _ => None,
        };
        let start = match start {
            Some(usd_per_mwh) => Some(Start {
                usd_per_mwh,
                trials: next_block.trials(usd_per_mwh)?,
            }),
            None => None,
        };
        found.push(Idle {
            id: unit.id.clone(),
            group,
            least_mw: unit.min_p_mw,
            gives_mw: own.iter().map(|v| x[v.0]).sum(),
            bid_usd_per_mwh: bid,
            start,
        });
    }
    Ok(found)
}

impl<'a> Block<'a> {
    fn new(program: &'a Program<'a>, var: Var) -> Result<Block<'a>, NoDispatch> {
        let bounds = &program.model.vars()[var.0];
        let squares = (program.model.quadratic_terms().iter()).filter(|t| t.0 == var);
        Ok(Block {
            program,
            model: program.bent_with(var.0)?,
            var,
            empty_mw: bounds.lower,
            room_mw: bounds.upper - bounds.lower,
            slope: squares.map(|t| 2.0 * t.2).sum(),
        })
    }

    /// A further MW of the block where it gives `q_mw`; `None` where nothing can give way to it.
    fn further(&self, q_mw: f64) -> Result<Option<Next>, NoDispatch> {
        let mut moved = self.model.clone();
        let gives = self.empty_mw + q_mw;
        moved.set_bounds(self.var, gives, gives);
        let rows = self.model.rows().iter().enumerate();
        let column = rows.filter_map(|(i, row)| {
            let own = row.terms.iter().filter(|term| term.0 == self.var);
            let by: f64 = own.map(|term| term.1).sum();
            (by != 0.0).then_some((Row(i), -by))
        });
        Ok(next(&moved, &column.collect::<Vec<_>>())?)
    }

    /// What its first MW saves, $/MWh.
    fn start(&mut self) -> Result<Option<f64>, NoDispatch> {
        loop {
            let Some(found) = self.further(0.0)? else {
                return Ok(None);
            };
            if !self.program.hold(&mut self.model, &found.at) {
                return Ok(Some(-found.price));
            }
        }
    }

    /// What it gives at a bid of its first MW, MW, while a further MW saves more than it costs; `None` where the amount
    /// is not unique.
    fn at_bid(&self, bid: f64) -> Result<Option<f64>, NoDispatch> {
        let mut q_mw = 0.0;
        for _ in 0..MOST {
            let Some(found) = self.further(q_mw)? else {
                return Ok(Some(q_mw));
            };
            // The next MW saves less and less, and its own price rises.
            let ahead = -found.price - bid - self.slope * q_mw;
            let closes = found.bend + self.slope;
            let equal = ahead.abs() <= SAME_PRICE * (1.0 + bid.abs());
            if equal && closes <= 0.0 {
                return Ok(None);
            }
            if equal || ahead < 0.0 {
                return Ok(Some(q_mw));
            }
            if ahead < closes * found.reach {
                return Ok(Some((q_mw + ahead / closes).min(self.room_mw)));
            }
            q_mw += found.reach;
            if q_mw >= self.room_mw {
                return Ok(Some(self.room_mw));
            }
        }
        Ok(None)
    }

    /// A bid below the price at which it starts and one above, each cleared again; none where no amount is unique.
    fn trials(&mut self, start: f64) -> Result<Vec<Trial>, NoDispatch> {
        let mut trials = Vec::new();
        for way in [-1.0, 1.0] {
            for step in STEPS_USD_PER_MWH.map(|step| way * step) {
                if let Some((predicted_mw, solved_mw)) = self.trial(start + step)? {
                    trials.push(Trial {
                        from_start_usd_per_mwh: step,
                        predicted_mw,
                        solved_mw,
                    });
                    break;
                }
            }
        }
        Ok(trials)
    }

    /// What it gives at a bid as predicted and as cleared again, MW.
    fn trial(&mut self, bid: f64) -> Result<Option<(f64, f64)>, NoDispatch> {
        loop {
            let Some(predicted_mw) = self.at_bid(bid)? else {
                return Ok(None);
            };
            let mut other = self.model.clone();
            other.set_cost(self.var, bid);
            let x = solve(&other)?.x;
            if !self.program.hold(&mut self.model, &x) {
                return Ok(Some((predicted_mw, x[self.var.0] - self.empty_mw)));
            }
        }
    }
}
