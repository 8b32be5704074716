//! What the next MWh moves in a solved program, and the last.
//!
//! With reduced costs z and multipliers y at the point shown, the optimum rises per unit of a direction d of limits by
//!
//! ```text
//! y·d + min { z·δ + y·s : A δ − s = d on the limits that are met,  δ and s where the point leaves them room }
//! ```
//!
//! of which the minimum is 0 where prices are unique. Of the movements that cost least the smallest is told. The proof is
//! the program solved again, a step further. On cones costs bend, and only the steps are told.
//!
//! Section 2.10 of the model notes.

use crate::market::Failure;
use crate::market::shared::step::{Step, straight};
use crate::opt::{Duals, Model, Row, Solution, Var, certify, conic, simplex};

/// Prices closer than this share of 1 + them are one.
const ONE_PRICE: f64 = 1e-6;

/// A limit is met where it is this near, relative to 1 + it.
const MET: f64 = 3e-7;

/// Reduced costs below this share of 1 + what they are made of are a solver's digits; below zero by more than the second
/// there is no optimum.
const CLEAN: f64 = 1e-7;
const WRONG: f64 = 1e-5;

const NOT_CHEAPEST: &str = "the point shown is not the cheapest of the program that its prices come from, so that no bid that moves explains them";

/// Steps of the proof, MW: the first on which the objective is straight, within this share: a vertex may miss a row by some
/// 1e-9 MW, which is not the price's.
const STEPS_MW: [f64; 4] = [1e-1, 1e-2, 1e-3, 1e-4];
const STRAIGHT: f64 = 5e-8;

/// Movements below this are none, MW per MW.
const MOVES: f64 = 1e-7;

/// Steps on cones, MW: the first over which the price bends on both sides alike.
const CONE_STEPS_MW: [f64; 3] = [1e-1, 1e-2, 1e-3];

/// How unlike that is, prices a step more and a step less that differ by another bid, and how much of a step may be a
/// solver's digits; shares of 1 + the price, and of the step.
const BENT: f64 = 1e-5;
const APART: f64 = 2e-3;
const PROVED: f64 = 1e-6;

/// Movements on cones below this are digits, MW per MW.
const CONE_MOVES: f64 = 5e-3;

/// The next unit, or the last.
#[derive(Clone, Debug)]
pub struct Side {
    /// What the next costs, or the last saves, $ per MW of the whole period.
    pub usd_per_mw: f64,
    /// How each variable moves, per MW more or less.
    pub moves: Vec<f64>,
    pub proof: Option<Step>,
}

/// Both sides of a price.
#[derive(Clone, Debug)]
pub struct Sides {
    pub next: Side,
    pub last: Side,
    /// Half of what a step more and a step less differ by, where costs bend on the way.
    pub around: Option<Step>,
    /// Whether the price changes only as costs bend.
    pub smooth: bool,
    /// The step on cones whose movements are told, MW.
    pub step_mw: Option<f64>,
}

impl Sides {
    /// Whether the next MWh costs what the last saves.
    pub fn meet(&self) -> bool {
        let (next, last) = (self.next.usd_per_mw, self.last.usd_per_mw);
        self.smooth || (next - last).abs() <= ONE_PRICE * (1.0 + next.abs())
    }
}

/// The next unit and the last of a `direction` of limits in a solved program without integers; of `told` variables the
/// movements are as small as their weights say. The point is `x`, as cheap as the solution.
///
/// # Errors
/// A point that is not optimal, a program that cannot be solved, or a direction that nothing serves.
pub fn sides(
    model: &Model,
    (x, solution): (&[f64], &Solution),
    direction: &[(Row, f64)],
    told: &[(Var, f64)],
) -> Result<Sides, Failure> {
    if !model.cones().is_empty() {
        return on_cones(model, solution, direction);
    }
    let duals = solution.duals.as_ref();
    let duals = duals.ok_or("the program has no prices")?;
    let here = simplex::solve(model)?;
    let side = |sign: f64| -> Result<Side, Failure> {
        let along: Vec<(Row, f64)> = direction.iter().map(|&(r, d)| (r, sign * d)).collect();
        let moves = Tangent::new(model, x, duals, &along)?.smallest(told)?;
        let costs = model.vars().iter().zip(&moves);
        let usd_per_mw: f64 = costs.map(|(own, by)| own.cost * by).sum();
        let rise = |mw: f64| {
            let there = simplex::solve(&further(model, &along, mw))?;
            Ok(risen(model, &here.x, &there.x))
        };
        let found = straight(&STEPS_MW, STRAIGHT, rise)?;
        Ok(Side {
            proof: found.map(|(mw, solved)| Step {
                mw: sign * mw,
                predicted: mw * usd_per_mw,
                solved,
            }),
            usd_per_mw: sign * usd_per_mw,
            moves,
        })
    };
    Ok(Sides {
        next: side(1.0)?,
        last: side(-1.0)?,
        around: None,
        smooth: false,
        step_mw: None,
    })
}

/// The program with its limits `mw` further along a direction.
fn further(model: &Model, along: &[(Row, f64)], mw: f64) -> Model {
    let mut moved = model.clone();
    for &(row, by) in along {
        let (lower, upper) = (moved.rows()[row.0].lower, moved.rows()[row.0].upper);
        moved.set_limits(row, lower + mw * by, upper + mw * by);
    }
    moved
}

/// What a point costs more than another, term by term, so that large costs on both sides lose no digits.
fn risen(model: &Model, from: &[f64], to: &[f64]) -> f64 {
    let points = from.iter().zip(to);
    let costs = model.vars().iter().zip(points);
    costs.map(|(own, (from, to))| own.cost * (to - from)).sum()
}

/// The program of a direction.
struct Tangent {
    model: Model,
    /// By variable: what it rises and falls by.
    ways: Vec<[Option<Var>; 2]>,
}

impl Tangent {
    fn new(model: &Model, x: &[f64], duals: &Duals, along: &[(Row, f64)]) -> Result<Self, Failure> {
        let mut tangent = Tangent {
            model: Model::new("the next MWh"),
            ways: vec![[None; 2]; x.len()],
        };
        let (mut reduced, mut size) = (vec![0.0; x.len()], vec![1.0; x.len()]);
        for (j, own) in model.vars().iter().enumerate() {
            reduced[j] += own.cost;
            size[j] += own.cost.abs();
        }
        for (row, y) in model.rows().iter().zip(&duals.rows) {
            for &(v, a) in &row.terms {
                reduced[v.0] -= a * y;
                size[v.0] += (a * y).abs();
            }
        }
        let near = |limit: f64| MET * (1.0 + limit.abs());
        for (j, own) in model.vars().iter().enumerate() {
            let room = [
                x[j] < own.upper - near(own.upper) || own.upper.is_infinite(),
                x[j] > own.lower + near(own.lower) || own.lower.is_infinite(),
            ];
            for (k, sign) in [1.0, -1.0].into_iter().enumerate() {
                if room[k] {
                    let cost = cleaned(sign * reduced[j], size[j])?;
                    let var = tangent.model.var("move", 0.0, f64::INFINITY, cost);
                    tangent.ways[j][k] = Some(var);
                }
            }
        }
        let mut by = vec![0.0; model.rows().len()];
        for &(row, d) in along {
            by[row.0] += d;
        }
        let most = duals.rows.iter().fold(0.0_f64, |most, y| most.max(y.abs()));
        for (i, (row, &y)) in model.rows().iter().zip(&duals.rows).enumerate() {
            let value: f64 = row.terms.iter().map(|&(v, a)| a * x[v.0]).sum();
            let met = [
                value <= row.lower + near(row.lower) && row.lower.is_finite(),
                value >= row.upper - near(row.upper) && row.upper.is_finite(),
            ];
            if met == [false, false] {
                if y.abs() > WRONG * (1.0 + most) {
                    return Err(NOT_CHEAPEST.into());
                }
                continue;
            }
            let mut terms: Vec<(Var, f64)> = Vec::new();
            for &(v, a) in &row.terms {
                let [up, down] = tangent.ways[v.0];
                terms.extend(up.map(|up| (up, a)));
                terms.extend(down.map(|down| (down, -a)));
            }
            // What is met on one side only may be left behind, at what it is worth.
            for (k, sign) in [1.0, -1.0].into_iter().enumerate() {
                if met[k] && !met[1 - k] {
                    let cost = cleaned(sign * y, 1.0 + y.abs())?;
                    let slack = tangent.model.var("left", 0.0, f64::INFINITY, cost);
                    terms.push((slack, -sign));
                }
            }
            tangent.model.row("", terms, by[i], by[i]);
        }
        Ok(tangent)
    }

    /// Of the movements that cost least the smallest, by variable.
    fn smallest(mut self, told: &[(Var, f64)]) -> Result<Vec<f64>, Failure> {
        let cheapest = simplex::solve(&self.model)?.x;
        let costs: Vec<f64> = self.model.vars().iter().map(|own| own.cost).collect();
        let least: f64 = costs.iter().zip(&cheapest).map(|(c, x)| c * x).sum();
        let costly = || (0..costs.len()).filter(|&j| costs[j] > 0.0).map(Var);
        if least <= CLEAN {
            costly().for_each(|v| self.model.set_bounds(v, 0.0, 0.0));
        } else {
            let terms: Vec<(Var, f64)> = costly().map(|v| (v, costs[v.0])).collect();
            let most = least + 1e-10 * (1.0 + least);
            self.model.row("cost", terms, f64::NEG_INFINITY, most);
        }
        for j in 0..costs.len() {
            self.model.set_cost(Var(j), 0.0);
        }
        for &(v, weight) in told {
            for way in self.ways[v.0].into_iter().flatten() {
                self.model.set_cost(way, weight);
            }
        }
        // The least movement is for reading: without it any that costs least is right.
        let x = simplex::solve(&self.model).map_or(cheapest, |found| found.x);
        let at = |way: Option<Var>| way.map_or(0.0, |v| x[v.0]);
        let moves = self.ways.iter().map(|&[up, down]| at(up) - at(down));
        Ok(moves
            .map(|by| if by.abs() > MOVES { by } else { 0.0 })
            .collect())
    }
}

/// A reduced cost without a solver's digits.
fn cleaned(cost: f64, size: f64) -> Result<f64, Failure> {
    if cost < -WRONG * size {
        return Err(NOT_CHEAPEST.into());
    }
    Ok(if cost < CLEAN * size { 0.0 } else { cost })
}

/// A program with cones a step further.
struct Stepped {
    /// How far the objective may be from the optimum, $.
    digits: f64,
    price: f64,
    solution: Solution,
}

fn stepped(
    model: &Model,
    direction: &[(Row, f64)],
    mw: f64,
    known: &Solution,
) -> Result<Stepped, Failure> {
    let moved = further(model, direction, mw);
    let solution = conic::solve_from(&moved, known)?;
    let duals = solution.duals.as_ref();
    let proof = certify("a step", &moved, &solution.x, duals);
    let duals = duals.ok_or("the program has no prices")?;
    let along = direction.iter().map(|&(row, by)| duals.rows[row.0] * by);
    Ok(Stepped {
        digits: proof.gap.abs() * (1.0 + moved.objective(&solution.x).abs()),
        price: along.sum(),
        solution,
    })
}

/// Both sides on cones, as steps have them.
fn on_cones(
    model: &Model,
    solution: &Solution,
    direction: &[(Row, f64)],
) -> Result<Sides, Failure> {
    let here = stepped(model, direction, 0.0, solution)?;
    let size = 1.0 + here.price.abs();
    let mut found = None;
    for mw in CONE_STEPS_MW {
        let more = stepped(model, direction, mw, &here.solution)?;
        let less = stepped(model, direction, -mw, &here.solution)?;
        let bent = (more.price + less.price - 2.0 * here.price).abs();
        let apart = (more.price - less.price).abs();
        let smooth = bent <= BENT * size && apart <= APART * size;
        let digits = 0.5 * (more.digits + less.digits);
        let around = Step {
            mw,
            predicted: mw * here.price,
            solved: 0.5 * risen(model, &less.solution.x, &more.solution.x),
        };
        let side = |there: &Stepped| Side {
            usd_per_mw: if smooth { here.price } else { there.price },
            moves: moved(&here.solution.x, &there.solution.x, mw),
            proof: None,
        };
        found = Some(Sides {
            next: side(&more),
            last: side(&less),
            around: (smooth && digits <= PROVED * mw * size).then_some(around),
            smooth,
            step_mw: Some(mw),
        });
        if smooth {
            break;
        }
    }
    Ok(found.ok_or("no step was taken")?)
}

/// What moved over a step, per MW.
fn moved(here: &[f64], there: &[f64], mw: f64) -> Vec<f64> {
    let each = here.iter().zip(there).map(|(now, then)| (then - now) / mw);
    each.map(|by| if by.abs() > CONE_MOVES { by } else { 0.0 })
        .collect()
}
