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

pub use super::elastic::{Cure, Explanation, Relaxation};
use super::elastic::{Elastic, limits, name, without};
pub use super::giving::{relax_lazily, relaxed_lazily};
pub use super::ids::Limit;
use super::model::Model;
use super::outcome::Outcome;
use super::{conic, simplex};
use crate::opt::Failure;

/// Programs solved at most to shrink a conflict.
pub const SOLVE_LIMIT: usize = 400;

/// Branch-and-bound nodes for each of those programs.
const NODE_LIMIT: u64 = 5_000;

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
    elastic.explained(model, &solution)
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
