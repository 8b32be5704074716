//! Why no point meets every limit, and what would cure it.
//!
//! Three answers, each from small linear programs:
//!
//! ```text
//! least total change   min Σ s_i   with every limit i moved outward by s_i ≥ 0
//! weights              y_i         what a unit of limit i would take off that total
//! conflict             a set of limits that cannot hold together, although any of them
//!                      left out leaves the others possible (deletion filter)
//! cure of limit i      min s_i     with that limit alone moved
//! ```
//!
//! By the weights a limit that moves by less than total / y_i leaves the model infeasible, and one
//! without a weight cures nothing alone. A change of one limit cures the model only if the limit is in every conflict, so the
//! cures of one conflict are all there are. Each side of a row or variable is a limit of
//! its own: less load than asked is the lower limit of a balance.
//!
//! Amounts are in each limit's own unit and added as they are. Integer variables keep
//! their bounds. The search looks at no more than [`SOLVE_LIMIT`] programs; where that is
//! not enough the conflict is a conflict, but [`Explanation::irreducible`] is false.

pub use super::ids::Limit;
use super::ids::{Row, Var};
use super::model::{Constraint, Model};
use super::outcome::Outcome;
use super::prices::DualFace;
use super::{certificate, conic, simplex};
use crate::opt::Failure;

/// Programs solved at most to shrink a conflict.
pub const SOLVE_LIMIT: usize = 400;

/// Branch-and-bound nodes for each of those programs.
const NODE_LIMIT: u64 = 5_000;

/// A limit moved outward by `amount` > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxation {
    pub limit: Limit,
    /// Name of the row, variable or cone.
    pub name: String,
    pub amount: f64,
}

/// What moving one limit alone would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Cure {
    pub limit: Limit,
    pub name: String,
    /// Least outward move that makes the model feasible; `None` where none does.
    pub amount: Option<f64>,
}

/// The answer. All empty and `total` 0 where the model is feasible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// Limits moved for the least total change.
    pub relaxations: Vec<Relaxation>,
    /// Sum of those changes; ∞ where no change of the limits in question helps, NaN where
    /// the solver failed.
    pub total: f64,
    /// The point of least total change, by variable; empty where there is none, and from
    /// [`explain`] where nothing has to change.
    pub point: Vec<f64>,
    /// Limits with a price in the program of least total change: what the total falls by for each
    /// unit that limit moves outward. Together they are in conflict. Empty where the program has no
    /// vertex prices.
    pub weights: Vec<(Limit, f64)>,
    /// Limits in conflict, with what each would have to give alone.
    pub conflict: Vec<Cure>,
    /// No smaller part of `conflict` is a conflict.
    pub irreducible: bool,
}

/// Explains an infeasible model, any limit of it open to change.
pub fn explain(model: &Model) -> Explanation {
    explain_among(model, any_solver, |_| true)
}

/// [`explain`] with only those limits open to change for which `may_change` says so; the
/// others hold in every program and are not listed in the conflict.
///
/// `solve` is [`linear`] for a model known to have no cones, so that a program without cones
/// does not carry the cone solver, and [`any_solver`] otherwise.
pub fn explain_among(
    model: &Model,
    solve: Solver,
    may_change: impl Fn(Limit) -> bool,
) -> Explanation {
    let limits: Vec<Limit> = limits(model)
        .into_iter()
        .filter(|&l| may_change(l))
        .collect();
    let relaxed = relax(model, solve, &limits);
    if relaxed.relaxations.is_empty() {
        return Explanation {
            point: Vec::new(),
            ..relaxed
        };
    }
    let support: Vec<Limit> = relaxed.weights.iter().map(|(limit, _)| *limit).collect();
    let holds = !support.is_empty()
        && feasible(solve, &restricted(model, &limits, &support)) == Some(false);
    let candidates = if holds { support } else { limits.clone() };
    let (conflict, irreducible) = filter(model, solve, &limits, candidates);
    Explanation {
        conflict: conflict
            .into_iter()
            .take(SOLVE_LIMIT)
            .map(|limit| Cure {
                limit,
                name: name(model, limit),
                amount: least_move(model, solve, &[limit]),
            })
            .collect(),
        irreducible,
        ..relaxed
    }
}

/// The least total change of an infeasible model and the weights of its limits, without the search
/// for a smallest conflict: one program instead of some hundreds.
pub fn relax_among(
    model: &Model,
    solve: Solver,
    may_change: impl Fn(Limit) -> bool,
) -> Explanation {
    let limits: Vec<Limit> = limits(model)
        .into_iter()
        .filter(|&l| may_change(l))
        .collect();
    relax(model, solve, &limits)
}

/// The point of least total change alone, by variable; empty where there is none.
pub fn relaxed_point(model: &Model, solve: Solver, may_change: impl Fn(Limit) -> bool) -> Vec<f64> {
    let limits: Vec<Limit> = limits(model)
        .into_iter()
        .filter(|&l| may_change(l))
        .collect();
    let solution = solve(&Elastic::new(model, &limits).model);
    solution.map_or(Vec::new(), |s| s.x[..model.vars().len()].to_vec())
}

/// [`relaxed_point`] of a linear model whose further rows enter as a point exceeds them, at most `most`, each open to
/// change: within one program, as [`simplex::solve_lazy`]. `None` where there is no point, or more rows would enter.
///
/// Each row that `cuts` gives has one limit, and is given once.
pub fn relaxed_lazily(
    model: &Model,
    may_change: impl Fn(Limit) -> bool,
    most: usize,
    mut cuts: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Option<Vec<f64>> {
    let limits: Vec<Limit> = limits(model)
        .into_iter()
        .filter(|&l| may_change(l))
        .collect();
    let mut elastic = Elastic::new(model, &limits).model;
    // A program that is solved takes no more columns: what further rows give way by stands ready.
    let ready: Vec<Var> = (0..most)
        .map(|_| elastic.var("", 0.0, f64::INFINITY, 1.0))
        .collect();
    let mut ready = ready.into_iter();
    let (count, mut enough) = (model.vars().len(), true);
    let solution = simplex::solve_lazy(&mut elastic, |x| {
        let mut rows = cuts(&x[..count]);
        rows.retain_mut(|row| {
            let sign = if row.lower.is_finite() { 1.0 } else { -1.0 };
            let slack = ready.next();
            enough &= slack.is_some();
            row.terms.extend(slack.map(|slack| (slack, sign)));
            slack.is_some()
        });
        rows
    });
    let point = solution.ok().filter(|_| enough)?.x;
    Some(point[..count].to_vec())
}

fn relax(model: &Model, solve: Solver, limits: &[Limit]) -> Explanation {
    let elastic = Elastic::new(model, limits);
    let solution = match solve(&elastic.model) {
        Ok(solution) => solution,
        Err(why) => {
            let none = why == Failure::Infeasible;
            return Explanation {
                total: if none { f64::INFINITY } else { f64::NAN },
                ..Explanation::default()
            };
        }
    };
    let relaxations = elastic.relaxations(model, &solution.x);
    let weights = match relaxations.is_empty() {
        true => None,
        false => elastic.weights(&solution),
    };
    Explanation {
        point: solution.x[..model.vars().len()].to_vec(),
        total: relaxations.iter().map(|r| r.amount).sum(),
        weights: weights.unwrap_or_default(),
        relaxations,
        ..Explanation::default()
    }
}

/// Deletion filter: leaves out one limit after the other for good, unless the others can
/// then hold together.
fn filter(
    model: &Model,
    solve: Solver,
    limits: &[Limit],
    mut conflict: Vec<Limit>,
) -> (Vec<Limit>, bool) {
    let mut at = 0;
    let mut irreducible = true;
    for _ in 0..SOLVE_LIMIT {
        if at >= conflict.len() {
            return (conflict, irreducible);
        }
        let limit = conflict.remove(at);
        match feasible(solve, &restricted(model, limits, &conflict)) {
            Some(false) => {}
            Some(true) => {
                conflict.insert(at, limit);
                at += 1;
            }
            None => {
                conflict.insert(at, limit);
                at += 1;
                irreducible = false;
            }
        }
    }
    (conflict, false)
}

/// Least outward move of some limits, summed over them, that makes the model feasible, the others as they
/// are.
pub fn least_move(model: &Model, solve: Solver, limits: &[Limit]) -> Option<f64> {
    let elastic = Elastic::new(model, limits);
    Some(solve(&elastic.model).ok()?.objective)
}

/// A model whose limits in question give way at a cost of 1 per unit.
struct Elastic {
    model: Model,
    /// Limit k gives way by variable `slacks[k]` in row `rows[k]`.
    limits: Vec<Limit>,
    slacks: Vec<Var>,
    rows: Vec<Option<Row>>,
}

impl Elastic {
    fn new(model: &Model, limits: &[Limit]) -> Elastic {
        let mut elastic = Elastic {
            model: without(model, limits),
            limits: limits.to_vec(),
            slacks: Vec::with_capacity(limits.len()),
            rows: Vec::with_capacity(limits.len()),
        };
        for &limit in limits {
            let slack = elastic.model.var("", 0.0, f64::INFINITY, 1.0);
            elastic.slacks.push(slack);
            let row = bound(model, limit).map(|mut row| {
                let sign = if row.lower.is_finite() { 1.0 } else { -1.0 };
                row.terms.push((slack, sign));
                elastic.model.push(row)
            });
            if let Limit::Cone(k) = limit
                && let Some(cone) = model.cones().get(k)
            {
                let mut rows: Vec<_> = cone
                    .rows
                    .iter()
                    .map(|row| (row.terms.clone(), row.constant))
                    .collect();
                if let Some(first) = rows.first_mut() {
                    first.0.push((slack, 1.0));
                }
                elastic.model.cone("", rows);
            }
            elastic.rows.push(row);
        }
        elastic
    }

    fn relaxations(&self, model: &Model, x: &[f64]) -> Vec<Relaxation> {
        self.limits
            .iter()
            .zip(&self.slacks)
            .filter_map(|(&limit, slack)| {
                let amount = x.get(slack.0).copied().unwrap_or(0.0);
                (amount > certificate::TOLERANCE).then(|| Relaxation {
                    limit,
                    name: name(model, limit),
                    amount,
                })
            })
            .collect()
    }

    /// The limits with a price in the elastic program, and that price: together they are in
    /// conflict (Farkas). A cone counts as 1. `None` where the program has no vertex prices.
    fn weights(&self, solution: &super::Solution) -> Option<Vec<(Limit, f64)>> {
        let duals = match &solution.duals {
            Some(duals) => duals.clone(),
            None => DualFace::new(&self.model, &solution.x)
                .and_then(|face| face.duals(&[]))
                .ok()?,
        };
        let weight = |row: &Option<Row>| match row {
            None => 1.0,
            Some(row) => duals.rows.get(row.0).map_or(0.0, |y| y.abs()),
        };
        let pairs = self.limits.iter().zip(&self.rows);
        Some(
            pairs
                .map(|(&limit, row)| (limit, weight(row)))
                .filter(|(_, weight)| *weight > certificate::TOLERANCE)
                .collect(),
        )
    }
}

/// Every limit of the model but the bounds of integers: variables first, so that the
/// filter, which drops from the front, keeps rows where it has the choice.
fn limits(model: &Model) -> Vec<Limit> {
    let mut limits = Vec::new();
    for (j, column) in model.vars().iter().enumerate() {
        if !column.integer {
            if column.lower.is_finite() {
                limits.push(Limit::VarLower(Var(j)));
            }
            if column.upper.is_finite() {
                limits.push(Limit::VarUpper(Var(j)));
            }
        }
    }
    for (i, row) in model.rows().iter().enumerate() {
        if row.lower.is_finite() {
            limits.push(Limit::RowLower(Row(i)));
        }
        if row.upper.is_finite() {
            limits.push(Limit::RowUpper(Row(i)));
        }
    }
    limits.extend((0..model.cones().len()).map(Limit::Cone));
    limits
}

/// The limit as a row of its own; `None` for a cone.
fn bound(model: &Model, limit: Limit) -> Option<Constraint> {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    let (terms, lower, upper) = match limit {
        Limit::RowLower(i) => {
            let row = model.rows().get(i.0)?;
            (row.terms.clone(), row.lower, high)
        }
        Limit::RowUpper(i) => {
            let row = model.rows().get(i.0)?;
            (row.terms.clone(), low, row.upper)
        }
        Limit::VarLower(j) => (vec![(j, 1.0)], model.vars().get(j.0)?.lower, high),
        Limit::VarUpper(j) => (vec![(j, 1.0)], low, model.vars().get(j.0)?.upper),
        Limit::Cone(_) => return None,
    };
    Some(Constraint {
        terms,
        lower,
        upper,
        ..Constraint::default()
    })
}

/// The model with no cost and without the limits in `drop`.
fn without(model: &Model, drop: &[Limit]) -> Model {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut open = Model::new(model.name());
    for column in model.vars() {
        if column.integer {
            open.integer(&*column.name, column.lower, column.upper, 0.0);
        } else {
            open.var(&*column.name, column.lower, column.upper, 0.0);
        }
    }
    for row in model.rows() {
        open.row(&*row.name, row.terms.iter().copied(), row.lower, row.upper);
    }
    let mut dropped_cones = vec![false; model.cones().len()];
    for &limit in drop {
        match limit {
            Limit::RowLower(i) => {
                if let Some(upper) = open.rows().get(i.0).map(|r| r.upper) {
                    open.set_limits(i, low, upper);
                }
            }
            Limit::RowUpper(i) => {
                if let Some(lower) = open.rows().get(i.0).map(|r| r.lower) {
                    open.set_limits(i, lower, high);
                }
            }
            Limit::VarLower(j) => {
                if let Some(upper) = open.vars().get(j.0).map(|c| c.upper) {
                    open.set_bounds(j, low, upper);
                }
            }
            Limit::VarUpper(j) => {
                if let Some(lower) = open.vars().get(j.0).map(|c| c.lower) {
                    open.set_bounds(j, lower, high);
                }
            }
            Limit::Cone(k) => {
                if let Some(dropped) = dropped_cones.get_mut(k) {
                    *dropped = true;
                }
            }
        }
    }
    for (cone, dropped) in model.cones().iter().zip(dropped_cones) {
        if !dropped {
            let rows = cone.rows.iter();
            open.cone(
                &*cone.name,
                rows.map(|row| (row.terms.clone(), row.constant)).collect(),
            );
        }
    }
    open
}

/// The model with no cost and of `limits` only those in `keep`.
fn restricted(model: &Model, limits: &[Limit], keep: &[Limit]) -> Model {
    let keep: std::collections::HashSet<Limit> = keep.iter().copied().collect();
    let drop: Vec<Limit> = limits
        .iter()
        .copied()
        .filter(|l| !keep.contains(l))
        .collect();
    without(model, &drop)
}

fn feasible(solve: Solver, model: &Model) -> Option<bool> {
    match solve(model) {
        Ok(_) | Err(Failure::Unbounded) => Some(true),
        Err(Failure::Infeasible) => Some(false),
        Err(_) => None,
    }
}

/// What solves the programs of an explanation.
pub type Solver = fn(&Model) -> Outcome;

/// For models without cones.
pub fn linear(model: &Model) -> Outcome {
    simplex::solve_within(model, NODE_LIMIT)
}

/// For any model.
pub fn any_solver(model: &Model) -> Outcome {
    if model.cones().is_empty() {
        linear(model)
    } else {
        conic::solve(model)
    }
}

fn name(model: &Model, limit: Limit) -> String {
    let name = match limit {
        Limit::RowLower(i) | Limit::RowUpper(i) => model.rows().get(i.0).map(|r| &*r.name),
        Limit::VarLower(j) | Limit::VarUpper(j) => model.vars().get(j.0).map(|c| &*c.name),
        Limit::Cone(k) => model.cones().get(k).map(|c| c.name.as_str()),
    };
    name.unwrap_or_default().into()
}
