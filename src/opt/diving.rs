//! Programs with binaries: a good point, its bound, and the prices after it.
//!
//! A small linear program goes to branch and bound. With cones, or with many binaries, relax, fix
//! and repair (diving): solve with binaries in [0, 1], fix those that are whole, round the surest of the
//! others, and solve again until all are whole; what is elastic in the program repairs the rest. Then
//! the binaries that the prices contradict are released and rounded anew. The relaxation bounds how much
//! better any other choice could be.

use std::collections::{BTreeMap, HashMap};

use super::presolve::settled;
use super::{
    Constraint, Duals, Failure, Model, Outcome, Solution, Var, conic, simplex, solve_priced,
};

/// Binaries up to which a linear program is solved by branch and bound.
const EXACT_UP_TO: usize = 80;

/// Nodes of that search before it gives way to rounding.
const NODES: u64 = 5_000;

/// A binary this close to whole is whole.
const WHOLE: f64 = 1e-5;

/// A binary this close to whole is rounded at once.
const SURE: f64 = 0.15;

/// Distance to the bound, as a share of it, at which nothing is released.
pub const NEAR: f64 = 0.01;

/// Times that binaries are released.
const RELEASES: usize = 4;

/// What a binary must be worth, beside its cost, to contradict its value.
const CONTRADICTED: f64 = 1e-6;

/// Use of a choice in the relaxation below which it is not allowed for its own sake.
const UNUSED: f64 = 1e-4;

/// Largest gap of a point that does not prove itself, as a share of its cost.
const NEARLY: f64 = 1e-3;

/// A point with whole binaries.
#[derive(Clone, Debug)]
pub struct Integral {
    /// The program with its binaries fixed, and its solution with multipliers.
    pub fixed: Model,
    pub solution: Solution,
    /// No point of the program costs less.
    pub bound: f64,
    /// Proven optimal, not only bounded.
    pub exact: bool,
}

/// Solves a program with or without binaries.
///
/// # Errors
/// A sentence: infeasible, unbounded, or a numerical failure.
pub fn solve(model: &Model) -> Result<Integral, Failure> {
    if !model.has_integers() {
        let solution = priced(model)?;
        return Ok(Integral {
            fixed: model.clone(),
            bound: solution.objective,
            solution,
            exact: true,
        });
    }
    let binaries = model.vars().iter().filter(|c| c.integer).count();
    if model.cones().is_empty()
        && binaries <= EXACT_UP_TO
        && let Ok(found) = simplex::solve_within(model, NODES)
    {
        let fixed = model.fix_integers(&found.x);
        let solution = priced(&fixed)?;
        return Ok(Integral {
            fixed,
            bound: solution.objective,
            solution,
            exact: true,
        });
    }
    round(model)
}

/// Relax, fix, repair; then release what the prices contradict, as long as that saves.
fn round(model: &Model) -> Result<Integral, Failure> {
    let relaxed = settled(&model.relaxed());
    let first = priced(&relaxed)?;
    let bound = first.objective;
    let (mut fixed, mut solution) = dive(model, relaxed, first)?;
    for _ in 0..RELEASES {
        let enough = bound + NEAR * (1.0 + bound.abs());
        if solution.objective <= enough {
            break;
        }
        let Some(open) = released(model, &solution) else {
            break;
        };
        let Ok(start) = priced(&settled(&open)) else {
            break;
        };
        match dive(model, open, start) {
            Ok(better) if better.1.objective < solution.objective => (fixed, solution) = better,
            _ => break,
        }
    }
    Ok(Integral {
        fixed,
        solution,
        bound,
        exact: false,
    })
}

/// The relaxation in which every binary keeps its value but those that the prices contradict, with
/// what conditions tie to them: on although that costs more than it is worth, off although it is
/// worth more than it costs. `None` where there are none.
pub fn released(model: &Model, solution: &Solution) -> Option<Model> {
    let duals = solution.duals.as_ref()?;
    let parts = Parts::of(model, |v| model.vars()[v.0].integer);
    let mut free = vec![false; model.vars().len()];
    let mut any = false;
    for (j, column) in model.vars().iter().enumerate() {
        let (on, worth) = (solution.x[j] > 0.5, -duals.reduced[j]);
        let size = CONTRADICTED * (1.0 + column.cost.abs());
        if column.integer && ((on && worth < -size) || (!on && worth > size)) {
            free[parts.root(j)] = true;
            any = true;
        }
    }
    let mut open = model.relaxed();
    for (j, column) in model.vars().iter().enumerate() {
        if column.integer && !free[parts.root(j)] {
            let at = solution.x[j].round();
            open.set_bounds(Var(j), at, at);
        }
    }
    any.then_some(open)
}

/// Variables that rows among them alone tie together.
struct Parts {
    above: Vec<usize>,
}

impl Parts {
    /// Of the variables that `counts` names.
    fn of(model: &Model, counts: impl Fn(Var) -> bool) -> Parts {
        let mut parts = Parts {
            above: (0..model.vars().len()).collect(),
        };
        for row in model.rows() {
            if row.terms.iter().all(|&(v, _)| counts(v)) {
                for pair in row.terms.windows(2) {
                    let (a, b) = (parts.root(pair[0].0.0), parts.root(pair[1].0.0));
                    parts.above[a.max(b)] = a.min(b);
                }
            }
        }
        parts
    }

    /// The first variable of the part of variable `j`.
    fn root(&self, mut j: usize) -> usize {
        while self.above[j] != j {
            j = self.above[j];
        }
        j
    }
}

/// From a point of a relaxation to one with whole binaries, by fixing some after each solve.
///
/// # Errors
/// A sentence where the program cannot be solved with its binaries whole.
pub fn dive(
    model: &Model,
    mut relaxed: Model,
    mut solution: Solution,
) -> Result<(Model, Solution), Failure> {
    let binaries: Vec<Var> = (0..model.vars().len())
        .map(Var)
        .filter(|v| model.vars()[v.0].integer)
        .collect();
    for (v, at) in switches(model, &solution.x) {
        relaxed.set_bounds(v, at, at);
    }
    relaxed = settled(&relaxed);
    solution = priced(&relaxed)?;
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
        crate::sort::by(&mut open, |a, b| a.0.total_cmp(&b.0));
        let sure = open.partition_point(|(off, _)| *off <= SURE);
        let many = sure + (open.len() - sure).div_ceil(2);
        let before = relaxed.clone();
        for &(_, v) in open.iter().take(many) {
            let at = solution.x[v.0].round();
            relaxed.set_bounds(v, at, at);
        }
        relaxed = settled(&relaxed);
        solution = match priced(&relaxed) {
            Ok(next) => next,
            _ => {
                let (other, next) = one_by_one(&before, &binaries, open[0].1, &solution)?;
                relaxed = other;
                next
            }
        };
    }
    let fixed = hold(model, &solution.x);
    let solution = priced(&fixed)?;
    Ok((fixed, solution))
}

/// Where the roundings of a batch exclude one another: the surest alone, else its opposite, else all
/// off, which is always allowed.
fn one_by_one(
    before: &Model,
    binaries: &[Var],
    surest: Var,
    solution: &Solution,
) -> Result<(Model, Solution), Failure> {
    let at = solution.x[surest.0].round();
    for value in [at, 1.0 - at] {
        let mut one = before.clone();
        one.set_bounds(surest, value, value);
        let one = settled(&one);
        if let Ok(next) = priced(&one) {
            return Ok((one, next));
        }
    }
    let mut off = before.clone();
    for &v in binaries {
        off.set_bounds(v, 0.0, 0.0);
    }
    let off = settled(&off);
    let next = priced(&off)?;
    Ok((off, next))
}

/// A program with its binaries at their values in a point, and with them what follows.
pub fn hold(model: &Model, x: &[f64]) -> Model {
    settled(&model.fix_integers(x))
}

/// The binaries that only allow others, chosen at once: on where the relaxation uses
/// them, as far as the conditions among them allow; where they exclude one another the most used.
///
/// Allowing more than is used costs nothing, so these are not rounded to the nearest.
fn switches(model: &Model, x: &[f64]) -> Vec<(Var, f64)> {
    // What has a cost, or a place in a row beside continuous variables other than its own
    // quantity, is a quantity itself.
    let mut quantity: Vec<bool> = model
        .vars()
        .iter()
        .map(|column| !column.integer || column.cost != 0.0)
        .collect();
    for row in model.rows().iter().filter(|row| row.lower == row.upper) {
        for &(v, _) in &row.terms {
            quantity[v.0] = true;
        }
    }
    // Rows among switches tie a few of them each: many small choices.
    let rows: Vec<&Constraint> = model
        .rows()
        .iter()
        .filter(|row| row.terms.iter().all(|&(v, _)| !quantity[v.0]))
        .collect();
    let ties = Parts::of(model, |v| !quantity[v.0]);
    let mut members: BTreeMap<usize, (Vec<usize>, Vec<&Constraint>)> = BTreeMap::new();
    for j in (0..quantity.len()).filter(|&j| !quantity[j]) {
        members.entry(ties.root(j)).or_default().0.push(j);
    }
    for row in rows {
        if let Some(&(v, _)) = row.terms.first()
            && let Some(part) = members.get_mut(&ties.root(v.0))
        {
            part.1.push(row);
        }
    }
    let parts = members.into_values();
    parts
        .flat_map(|(columns, rows)| allowed(&columns, &rows, x))
        .collect()
}

/// The binaries of one such choice, on where the relaxation uses them as far as `rows` allow.
fn allowed(columns: &[usize], rows: &[&Constraint], x: &[f64]) -> Vec<(Var, f64)> {
    // Unused ones stay off where that is free: a little against being on.
    let worth = |j: usize| x[j].clamp(0.0, 1.0) - UNUSED;
    let wish = |&j: &usize| (Var(j), if worth(j) > 0.0 { 1.0 } else { 0.0 });
    let wished: Vec<(Var, f64)> = columns.iter().map(wish).collect();
    let at: HashMap<usize, f64> = wished.iter().map(|&(v, on)| (v.0, on)).collect();
    let met = |row: &&Constraint| {
        let value: f64 = row.terms.iter().map(|(v, a)| a * at[&v.0]).sum();
        value >= row.lower - WHOLE && value <= row.upper + WHOLE
    };
    if rows.iter().all(met) {
        return wished;
    }
    let mut choice = Model::new("allowed choices");
    let place: HashMap<usize, Var> = columns
        .iter()
        .map(|&j| (j, choice.integer(format!("on[{j}]"), 0.0, 1.0, -worth(j))))
        .collect();
    for row in rows {
        let terms = row.terms.iter().map(|(v, a)| (place[&v.0], *a));
        choice.row(
            row.name.clone(),
            terms.collect::<Vec<_>>(),
            row.lower,
            row.upper,
        );
    }
    match simplex::solve_within(&choice, NODES) {
        Ok(found) => {
            let at = |&j: &usize| (Var(j), found.x[place[&j].0].round());
            columns.iter().map(at).collect()
        }
        // All off is always allowed.
        _ => columns.iter().map(|&j| (Var(j), 0.0)).collect(),
    }
}

/// Solves a continuous program; where no try proves itself the best point that meets its limits,
/// which its certificate then says.
pub fn priced(model: &Model) -> Outcome {
    or_nearly(model, solve_priced(model))
}

fn or_nearly(model: &Model, ended: Outcome) -> Outcome {
    match ended {
        Err(why) if !why.is_answer() => conic::solve_nearly(model, NEARLY),
        ended => ended,
    }
}

/// [`priced`] near a solution of a program with the same variables, cones and first rows.
pub fn priced_near(model: &Model, known: &Solution) -> Outcome {
    match model.cones().is_empty() {
        true => priced(model),
        false => or_nearly(model, conic::solve_from(model, known)),
    }
}

/// Multipliers of a solution, which every solution of this module has.
pub fn duals(solution: &Solution) -> Result<&Duals, Failure> {
    solution
        .duals
        .as_ref()
        .ok_or_else(|| Failure::Numerics("the solver gave no prices".into()))
}
