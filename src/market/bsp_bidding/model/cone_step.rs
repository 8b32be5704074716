//! The market on the cone cleared anew a step further, with its bids held.
//!
//! Costs bend with the losses, so that the price is what half of a step more and a step less differ by. Where the next
//! MWh costs another price than the last, both are told as the steps have them.
//!
//! Section `[bsp]`(4.9) of the model notes.

use crate::market::Failure;
use crate::market::shared::step::Step;
use crate::opt::conic::Session;
use crate::opt::{Row, Solution, Var, certify};

use super::cone::Cone;
use super::held::{Held, Moved, Push, Side, Sides};

/// Steps, MW: the first over which the price bends on both sides alike.
const STEPS_MW: [f64; 2] = [1e-3, 1e-4];

/// How unlike that is, and prices a step more and a step less that differ by another bid; shares of 1 + the TSO's price.
const BENT: f64 = 1e-5;
const APART: f64 = 2e-3;

/// Solves that may be further than this from their optimum prove nothing, $ per hour.
const PROVED_USD: f64 = 1e-8;

/// Movements below this are an interior point's digits, MW per MW.
const MOVES: f64 = 5e-3;

/// The market a step further.
struct Stepped {
    objective: f64,
    /// How far the objective may be from the optimum, $ per hour.
    digits: f64,
    /// Of a MW more of what is pushed, $/MWh.
    price: f64,
    taken: Moved,
    solution: Solution,
}

impl Cone {
    /// Clears the hour with these capacities and bids, a step of `mw` further than what is known.
    fn stepped(
        &self,
        held: &Held,
        push: Push,
        mw: f64,
        known: Option<&Solution>,
    ) -> Result<Stepped, Failure> {
        let mut session = self.session.borrow_mut();
        let most = [held.hour.max_mw(true), held.hour.max_mw(false)];
        self.put(&mut session, most, [&held.bids.up, &held.bids.down]);
        let rows: Vec<(Row, f64)> = match push {
            Push::Load(bus) => vec![(self.flow.balance_p[bus], 1.0)],
            Push::Limit(j) => self.limits_of(j).map(|row| (row, -1.0)).collect(),
        };
        let model = session.model();
        let limits = |row: &Row| (model.rows()[row.0].lower, model.rows()[row.0].upper);
        let before: Vec<(f64, f64)> = rows.iter().map(|(row, _)| limits(row)).collect();
        let put = |session: &mut Session, mw: f64| {
            for ((row, way), (lower, upper)) in rows.iter().zip(&before) {
                session.set_limits(*row, lower + mw * way, upper + mw * way);
            }
        };
        put(&mut session, mw);
        let solved = match known {
            Some(known) => session.solve_from(known),
            None => session.solve(),
        };
        let proof = solved.as_ref().ok().map(|solution| {
            let duals = solution.duals.as_ref();
            certify("a step", session.model(), &solution.x, duals)
        });
        put(&mut session, 0.0);
        let (solution, proof) = (solved?, proof.unwrap_or_default());
        let duals = solution.duals.as_ref().ok_or("the market has no prices")?;
        let along = rows.iter().map(|(row, way)| duals.rows[row.0] * way);
        let taken = |vars: &[Var]| vars.iter().map(|v| solution.x[v.0]).collect();
        let objective = session.model().objective(&solution.x);
        Ok(Stepped {
            digits: proof.gap.abs() * (1.0 + objective.abs()),
            price: along.sum::<f64>(),
            taken: Moved {
                mw: [taken(&self.up), taken(&self.down)],
                tso_mw: [self.tso_up, self.tso_down].map(|v| solution.x[v.0]),
            },
            objective,
            solution,
        })
    }
}

/// The next MWh and the last.
///
/// # Errors
/// A program that cannot be solved.
pub fn sides(held: &Held, push: Push) -> Result<Sides, Failure> {
    let cone = held
        .hour
        .cone
        .as_ref()
        .ok_or("the market is not on the cone")?;
    // An interior point first, and the optimum near it by Newton steps.
    let near = cone.stepped(held, push, 0.0, None)?;
    let here = cone.stepped(held, push, 0.0, Some(&near.solution))?;
    let (price, size) = (held.price(push), 1.0 + held.hour.tso_up.abs());
    // The price shown is an interior point's; that of the Newton steps is the same but for its digits.
    let same = (here.price - price).abs() <= BENT * size;
    let mut found = None;
    for mw in STEPS_MW {
        let more = cone.stepped(held, push, mw, Some(&here.solution))?;
        let less = cone.stepped(held, push, -mw, Some(&here.solution))?;
        let bent = (more.price + less.price - 2.0 * here.price).abs();
        let apart = (more.price - less.price).abs();
        let smooth = same && bent <= BENT * size && apart <= APART * size;
        let told = smooth && more.digits + less.digits <= PROVED_USD;
        let around = told.then_some(Step {
            mw,
            predicted: mw * here.price,
            solved: 0.5 * (more.objective - less.objective),
        });
        let side = |there: &Stepped| Side {
            usd_per_mwh: if smooth { price } else { there.price },
            movers: held.movers(&moved(&here, there, mw), MOVES),
            proof: None,
        };
        found = Some(Sides {
            next: side(&more),
            last: side(&less),
            around,
            smooth,
        });
        if smooth {
            break;
        }
    }
    Ok(found.ok_or("no step was taken")?)
}

/// What moved over a step, per MW.
fn moved(here: &Stepped, there: &Stepped, mw: f64) -> Moved {
    let each = |now: &[f64], then: &[f64]| -> Vec<f64> {
        let both = now.iter().zip(then);
        both.map(|(now, then)| (then - now) / mw).collect()
    };
    let [up, down] = [0, 1].map(|side| each(&here.taken.mw[side], &there.taken.mw[side]));
    let tso = each(&here.taken.tso_mw, &there.taken.tso_mw);
    Moved {
        mw: [up, down],
        tso_mw: [tso[0], tso[1]],
    }
}
