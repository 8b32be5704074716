//! Whole bids: the integer program of a clearing, its bound, and the prices after it.
//!
//! A small linear program goes to branch and bound. With cones, or with many binaries, relax, fix
//! and repair: solve with binaries in [0, 1], fix those that are whole, round the surest of the
//! others, and solve again until all are whole; slack at the price cap repairs what remains. The
//! relaxation bounds how much better any other choice could be.

use crate::opt::{Duals, Model, Outcome, Solution, Var, simplex, solve_priced};

/// Binaries up to which a linear program is solved by branch and bound.
const EXACT_UP_TO: usize = 80;

/// Nodes of that search before it gives way to rounding.
const NODES: u64 = 20_000;

/// A binary this close to whole is whole.
const WHOLE: f64 = 1e-5;

/// A point with whole binaries.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The program with its binaries fixed, and its solution with multipliers.
    pub fixed: Model,
    pub solution: Solution,
    /// No point of the program costs less, $.
    pub bound: f64,
    /// Proven optimal, not only bounded.
    pub exact: bool,
}

/// Solves a program with or without binaries.
///
/// # Errors
/// A sentence: infeasible, unbounded, or a numerical failure.
pub fn solve(model: &Model) -> Result<Whole, String> {
    if !model.has_integers() {
        let solution = solve_priced(model).optimal()?;
        return Ok(Whole {
            fixed: model.clone(),
            bound: solution.objective,
            solution,
            exact: true,
        });
    }
    let binaries = model.vars().iter().filter(|c| c.integer).count();
    if model.cones().is_empty()
        && binaries <= EXACT_UP_TO
        && let Outcome::Optimal(found) = simplex::solve_within(model, NODES)
    {
        let fixed = model.fix_integers(&found.x);
        let solution = solve_priced(&fixed).optimal()?;
        return Ok(Whole {
            fixed,
            bound: solution.objective,
            solution,
            exact: true,
        });
    }
    round(model)
}

/// Relax, fix, repair.
fn round(model: &Model) -> Result<Whole, String> {
    let binaries: Vec<Var> = (0..model.vars().len())
        .map(Var)
        .filter(|v| model.vars()[v.0].integer)
        .collect();
    let mut relaxed = model.relaxed();
    let mut solution = solve_priced(&relaxed).optimal()?;
    let bound = solution.objective;
    loop {
        let mut open: Vec<(f64, Var)> = Vec::new();
        for &v in &binaries {
            let at = solution.x[v.0];
            let column = &relaxed.vars()[v.0];
            if column.lower == column.upper {
                continue;
            }
            let off = (at - at.round()).abs();
            if off > WHOLE {
                open.push((off, v));
            }
        }
        if open.is_empty() {
            break;
        }
        // The surest third, at least one; nothing that is whole is fixed before the end, so that
        // it can still follow.
        open.sort_by(|a, b| a.0.total_cmp(&b.0));
        let many = open.len().div_ceil(3);
        let before = relaxed.clone();
        for &(_, v) in open.iter().take(many) {
            let at = solution.x[v.0].round();
            relaxed.set_bounds(v, at, at);
        }
        match solve_priced(&relaxed) {
            Outcome::Optimal(next) => solution = next,
            _ => {
                // The roundings exclude one another: all of them off, which is always allowed.
                relaxed = before;
                for &(_, v) in &open {
                    relaxed.set_bounds(v, 0.0, 0.0);
                }
                match solve_priced(&relaxed) {
                    Outcome::Optimal(next) => solution = next,
                    _ => {
                        for &v in &binaries {
                            relaxed.set_bounds(v, 0.0, 0.0);
                        }
                        solution = solve_priced(&relaxed).optimal()?;
                    }
                }
            }
        }
    }
    let fixed = model.fix_integers(&solution.x);
    let solution = solve_priced(&fixed).optimal()?;
    Ok(Whole {
        fixed,
        solution,
        bound,
        exact: false,
    })
}

/// Multipliers of a solution, which every solution of this module has.
pub fn duals(solution: &Solution) -> Result<&Duals, String> {
    solution
        .duals
        .as_ref()
        .ok_or_else(|| "the solver gave no prices".to_string())
}
