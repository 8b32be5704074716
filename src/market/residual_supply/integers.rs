//! Whole bids: the integer program of a clearing, its bound, and the prices after it.
//!
//! A small linear program goes to branch and bound. With cones, or with many binaries, relax, fix
//! and repair: solve with binaries in [0, 1], fix those that are whole, round the surest of the
//! others, and solve again until all are whole; slack at the price cap repairs what remains. The
//! relaxation bounds how much better any other choice could be.

use std::collections::HashMap;

use crate::opt::{Duals, Model, Outcome, Solution, Var, simplex, solve_priced};

/// Binaries up to which a linear program is solved by branch and bound.
const EXACT_UP_TO: usize = 80;

/// Nodes of that search before it gives way to rounding.
const NODES: u64 = 20_000;

/// A binary this close to whole is whole.
const WHOLE: f64 = 1e-5;

/// A binary this close to whole is rounded at once.
const SURE: f64 = 0.15;

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
            let off = (at - at.round()).abs();
            if column.lower < column.upper && off > WHOLE {
                open.push((off, v));
            }
        }
        if open.is_empty() {
            break;
        }
        // All that are nearly sure and the surer half of the rest; what is whole is not fixed
        // before the end, so that it can still follow.
        open.sort_by(|a, b| a.0.total_cmp(&b.0));
        let sure = open.partition_point(|(off, _)| *off <= SURE);
        let many = sure + (open.len() - sure).div_ceil(2);
        let before = relaxed.clone();
        for &(_, v) in open.iter().take(many) {
            let at = solution.x[v.0].round();
            relaxed.set_bounds(v, at, at);
        }
        let mut outcome = solve_priced(&relaxed);
        if !matches!(outcome, Outcome::Optimal(_)) {
            // The roundings exclude one another: the nearest choice that the conditions allow.
            relaxed = before;
            let choice = nearest(&relaxed, &binaries, &solution.x);
            for &v in &binaries {
                let at = choice.as_ref().map_or(0.0, |choice| choice[v.0]);
                relaxed.set_bounds(v, at, at);
            }
            outcome = solve_priced(&relaxed);
        }
        solution = outcome.optimal()?;
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

/// Whole binaries nearest to those of a point that meet every row of binaries alone; by column.
///
/// |ρ − x| = x + ρ (1 − 2x) for ρ of 0 or 1: a linear program with whole numbers.
fn nearest(relaxed: &Model, binaries: &[Var], x: &[f64]) -> Option<Vec<f64>> {
    let mut choice = Model::new("nearest whole choice");
    let mut place: HashMap<usize, Var> = HashMap::new();
    for &v in binaries {
        let column = &relaxed.vars()[v.0];
        let cost = 1.0 - 2.0 * x[v.0].clamp(0.0, 1.0);
        let var = choice.integer(column.name.clone(), column.lower, column.upper, cost);
        place.insert(v.0, var);
    }
    for row in relaxed.rows() {
        let terms: Option<Vec<(Var, f64)>> = row
            .terms
            .iter()
            .map(|&(v, a)| Some((*place.get(&v.0)?, a)))
            .collect();
        if let Some(terms) = terms {
            choice.row(row.name.clone(), terms, row.lower, row.upper);
        }
    }
    let found = simplex::solve_within(&choice, NODES).optimal().ok()?;
    let mut by_column = vec![0.0; relaxed.vars().len()];
    for (column, var) in place {
        by_column[column] = found.x[var.0];
    }
    Some(by_column)
}

/// Multipliers of a solution, which every solution of this module has.
pub fn duals(solution: &Solution) -> Result<&Duals, String> {
    solution
        .duals
        .as_ref()
        .ok_or_else(|| "the solver gave no prices".to_string())
}
