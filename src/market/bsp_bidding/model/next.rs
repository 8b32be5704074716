//! The market of a period with its bids held as they are: what the next MWh moves, and the last.
//!
//! With reduced costs c̄ ≥ 0 and prices y at the point shown, the objective rises per MW in the direction b by
//!
//! ```text
//! y·b + min { c̄·d : A d = b,  d ≥ 0 where it is at its lower bound, ≤ 0 at its upper one }
//! ```
//!
//! of which the minimum is 0 where the price is unique. Of the movements that cost least the smallest is told. The proof is
//! the market cleared anew, a step further.
//!
//! Section `[bsp]`(4.2) of the model notes.

use crate::market::Failure;
use crate::market::shared::step::{Step, straight};
use crate::opt::{Model, Var, simplex};

use super::clear::Lower;
use super::cone_step;
use super::held::{Held, Mover, Push, Side, Sides, Who};
use super::system::LEAST_MW;

/// Reduced costs below this are a solver's digits, $/MWh; below zero by more than the second, as a share of 1 + the price,
/// there is no optimum.
const CLEAN: f64 = 1e-9;
const WRONG: f64 = 1e-5;

const NOT_CHEAPEST: &str =
    "the market shown is not the cheapest at its bids, so that they do not explain its prices";

/// Steps of the proof, MW: the first on which the objective is straight.
const STEPS_MW: [f64; 4] = [1e-2, 1e-3, 1e-4, 1e-5];

/// What is straight, relative to 1 + the rise.
const STRAIGHT: f64 = 1e-10;

/// Movements below this are none, MW per MW.
const MOVES: f64 = 1e-7;

impl Held<'_> {
    /// The next MWh and the last.
    ///
    /// # Errors
    /// The market shown is not optimal, or a program fails.
    pub fn sides(&self, push: Push) -> Result<Sides, Failure> {
        if self.hour.cone.is_some() {
            return cone_step::sides(self, push);
        }
        let side = |sign: f64| -> Result<Side, Failure> {
            let (usd_per_mwh, movers) = self.direction(push, sign, None)?;
            Ok(Side {
                proof: self.proof(push, sign, usd_per_mwh)?,
                usd_per_mwh,
                movers,
            })
        };
        Ok(Sides {
            next: side(1.0)?,
            last: side(-1.0)?,
            around: None,
            smooth: false,
        })
    }

    /// What the next MWh at the bus of resource `k` costs the others (`sign` 1), and the last (−1), $/MWh.
    ///
    /// # Errors
    /// As [`Held::sides`].
    pub fn without(&self, k: usize, sign: f64) -> Result<f64, Failure> {
        let push = Push::Load(self.system.at[k]);
        // Costs bend on the cone, and a resource at its bound stays there.
        if self.hour.cone.is_some() {
            return Ok(self.price(push));
        }
        Ok(self.direction(push, sign, Some(k))?.0)
    }

    /// The rise of the objective per MW in a direction, and who moves.
    fn direction(
        &self,
        push: Push,
        sign: f64,
        without: Option<usize>,
    ) -> Result<(f64, Vec<Mover>), Failure> {
        let (balance, room) = self.room(push);
        let mut tangent = Tangent::new(self, without)?;
        let room: Vec<f64> = room.iter().map(|room| sign * room).collect();
        tangent.give(sign * balance, &room);
        let (least, movers) = tangent.solve()?;
        Ok((self.price(push) + sign * least, movers))
    }

    /// The market cleared anew a step further, where it is straight up to there.
    fn proof(&self, push: Push, sign: f64, usd_per_mwh: f64) -> Result<Option<Step>, Failure> {
        let (balance, room) = self.room(push);
        let objective = |mw: f64| -> Result<f64, Failure> {
            let mut hour = self.hour.clone();
            hour.imbalance_mw += sign * mw * balance;
            for (limit, room) in hour.limits.iter_mut().zip(&room) {
                limit.h_mw += sign * mw * room;
            }
            let model = Lower::new(&hour, self.bids).model;
            Ok(model.objective(&simplex::solve(&model)?.x))
        };
        let here = objective(0.0)?;
        let found = straight(&STEPS_MW, STRAIGHT, |mw| Ok(objective(mw)? - here))?;
        Ok(found.map(|(mw, solved)| Step {
            mw: sign * mw,
            predicted: sign * mw * usd_per_mwh,
            solved,
        }))
    }
}

/// The program of a direction.
struct Tangent<'a> {
    held: &'a Held<'a>,
    model: Model,
    /// Who moves with which variable, and which way.
    moves: Vec<(Who, f64, Var)>,
    /// Limits at their bound, and the room they leave.
    active: Vec<(usize, Var)>,
}

impl<'a> Tangent<'a> {
    fn new(held: &'a Held<'a>, without: Option<usize>) -> Result<Tangent<'a>, Failure> {
        let (hour, cleared) = (&held.hour, held.cleared);
        let mut tangent = Tangent {
            held,
            model: Model::new("the next MWh"),
            moves: Vec::new(),
            active: Vec::new(),
        };
        for k in (0..held.bids.up.len()).filter(|k| without != Some(*k)) {
            let price = cleared.dlmp[k];
            let (bid, most, taken) = held.side(true, k);
            tangent.add(Who::Up(k), (taken, most), bid - price)?;
            let (bid, most, taken) = held.side(false, k);
            tangent.add(Who::Down(k), (taken, most), price - bid)?;
        }
        let (free, lambda) = (f64::INFINITY, cleared.lambda);
        for (who, taken, cost) in [
            (Who::TsoUp, cleared.tso_up_mw, hour.tso_up - lambda),
            (Who::TsoDown, cleared.tso_down_mw, lambda - hour.tso_down),
        ] {
            tangent.add(who, (taken, free), cost)?;
        }
        let net = cleared.net_mw();
        for (l, limit) in hour.limits.iter().enumerate() {
            let (over, mu) = (cleared.over_mw[l], cleared.mu[l]);
            if limit.h_mw + over - limit.value(&net) <= LEAST_MW {
                tangent.add(Who::Over(l), (over, free), hour.overload - mu)?;
                let room = tangent.model.var("room", 0.0, free, cleaned(mu));
                tangent.active.push((l, room));
            } else if mu > WRONG {
                return Err(NOT_CHEAPEST.into());
            }
        }
        Ok(tangent)
    }

    /// What may move from its value between 0 and `most`, at a reduced cost.
    fn add(&mut self, who: Who, (value, most): (f64, f64), cost: f64) -> Result<(), Failure> {
        let ways = [(1.0, value < most - LEAST_MW), (-1.0, value > LEAST_MW)];
        for (way, _) in ways.into_iter().filter(|(_, may)| *may) {
            if way * cost < -WRONG * (1.0 + self.held.cleared.lambda.abs()) {
                return Err(NOT_CHEAPEST.into());
            }
            let cost = cleaned(way * cost);
            let var = self.model.var("move", 0.0, f64::INFINITY, cost);
            self.moves.push((who, way, var));
        }
        Ok(())
    }

    /// The balance and the limits give way by this much.
    fn give(&mut self, balance: f64, room: &[f64]) {
        let hour = &self.held.hour;
        let terms = |of: &dyn Fn(Who) -> f64| -> Vec<(Var, f64)> {
            let all = self.moves.iter();
            let all = all.map(|&(who, way, var)| (var, way * of(who)));
            all.filter(|(_, a)| *a != 0.0).collect()
        };
        let mut rows = vec![(
            terms(&|who| match who {
                Who::Up(_) | Who::TsoUp => 1.0,
                Who::Down(_) | Who::TsoDown => -1.0,
                Who::Over(_) => 0.0,
            }),
            balance,
        )];
        for &(l, slack) in &self.active {
            let mut row = terms(&|who| match who {
                Who::Up(k) => hour.limits[l].g[k],
                Who::Down(k) => -hour.limits[l].g[k],
                Who::Over(own) if own == l => -1.0,
                _ => 0.0,
            });
            row.push((slack, 1.0));
            rows.push((row, room[l]));
        }
        for (terms, side) in rows {
            self.model.row("", terms, side, side);
        }
    }

    /// What the direction costs beyond the price, and the smallest movement that costs no more.
    fn solve(mut self) -> Result<(f64, Vec<Mover>), Failure> {
        let x = simplex::solve(&self.model)?.x;
        let least = self.model.objective(&x);
        let costs = self.model.vars().iter().enumerate();
        let costs: Vec<(Var, f64)> = costs.map(|(v, own)| (Var(v), own.cost)).collect();
        for &(v, _) in &costs {
            self.model.set_cost(v, 0.0);
        }
        for &(_, _, v) in &self.moves {
            self.model.set_cost(v, 1.0);
        }
        let costly: Vec<(Var, f64)> = costs.into_iter().filter(|(_, cost)| *cost > 0.0).collect();
        let most = least + 1e-9 * (1.0 + least);
        self.model.row("cost", costly, f64::NEG_INFINITY, most);
        let x = simplex::solve(&self.model)?.x;
        let hour = &self.held.hour;
        let bids = self.held.bids;
        let mut movers = Vec::new();
        for (who, way, v) in self.moves {
            if x[v.0] > MOVES {
                movers.push(Mover {
                    who,
                    by: way * x[v.0],
                    usd_per_mwh: match who {
                        Who::Up(k) => bids.up[k],
                        Who::Down(k) => -bids.down[k],
                        Who::TsoUp => hour.tso_up,
                        Who::TsoDown => -hour.tso_down,
                        Who::Over(_) => hour.overload,
                    },
                });
            }
        }
        Ok((least, movers))
    }
}

/// A reduced cost without a solver's digits.
fn cleaned(cost: f64) -> f64 {
    if cost < CLEAN { 0.0 } else { cost }
}
