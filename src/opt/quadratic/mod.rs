//! Linear rows and costs that bend, along single variables or of products, convex: exactly, by active sets.
//!
//! ```text
//! minimise  c·x + ½ xᵀ S x     with W the rows and variables held at a limit, F the others,
//!
//! S_F d − A_WFᵀ y = −g_F        g = c + S x        the least on W: x + d, with multipliers y
//!          A_WF d = b_W − A_W x
//! ```
//!
//! The search begins at a vertex, that of the linear program with the costs at the middle of every range; near a known
//! point at what is held there, once many limits have changed at a time (`near`). From the
//! least on W one limit whose multiplier has the wrong sign is let go, and followed as far as the cost falls or
//! another limit is met, which is then held. What is held stays independent, and the least on it a single point:
//! along a direction without slope the cost falls until a limit is met. Where steps have no length (more limits
//! meet than are held) the first place in order is taken, so that no W comes twice.
//!
//! Limits and multipliers of the last W solve one linear system, so the answer is as exact as a vertex is, and
//! proves itself like any other: the certificate is that of the program as written. Its prices are those of the
//! linear program with costs g at the optimum ([`DualFace`](super::DualFace)).
//!
//! Source: Gill, Murray, Saunders and Wright, *Inertia-controlling methods for general quadratic programming*, SIAM
//! Review 33 (1991) 1–36; Nocedal and Wright, *Numerical Optimization* (2006), section 16.5.

mod descent;
mod held;
mod near;

use super::at::At;
use super::certificate::certify;
use super::model::{Constraint, Model};
use super::outcome::{Duals, Outcome, Solution};
use super::scale::Scale;
use super::simplex;
use crate::opt::Failure;
use descent::least;
pub(super) use held::{Equations, Held, Problem};
use near::guess;

/// Rounds of cuts after which [`solve_lazy`] gives up.
const ROUND_LIMIT: usize = 200;

/// Vertices begun from again where what is held cannot be told apart.
const TRIES: usize = 4;

/// Minimises a linear model, or one whose costs bend; multipliers come with the latter.
///
/// # Errors
/// As [`simplex::solve`]; costs that bend downward, cones, and integers beside costs that bend are refused.
pub fn solve(model: &Model) -> Outcome {
    solve_near(model, None)
}

/// [`solve`]; costs that bend from a point that may be near.
fn solve_near(model: &Model, near: Option<&[f64]>) -> Outcome {
    if model.quadratic_terms().is_empty() {
        return simplex::solve(model);
    }
    let scale = Scale::of(model);
    let near = near.map(|x| scale.inward(x));
    if scale.is_one() {
        return Ok(optimum_near(model, near)?.solution);
    }
    let outcome = optimum_near(&scale.model(model), near).map(|found| found.solution);
    scale.outcome(model, outcome)
}

/// Solves, asks `cuts` which rows the point violates, adds those to `model`, and repeats until there are none.
///
/// # Errors
/// As [`solve`]; rows that are still violated after many rounds.
pub fn solve_lazy(model: &mut Model, cuts: impl FnMut(&[f64]) -> Vec<Constraint>) -> Outcome {
    solve_lazy_near(model, None, cuts)
}

/// [`solve_lazy`]; costs that bend from a point that may be near.
///
/// # Errors
/// As there.
pub fn solve_lazy_near(
    model: &mut Model,
    near: Option<&[f64]>,
    mut cuts: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Outcome {
    if model.quadratic_terms().is_empty() {
        return simplex::solve_lazy(model, cuts);
    }
    let mut near = near.map(<[f64]>::to_vec);
    for _ in 0..ROUND_LIMIT {
        let solution = solve_near(model, near.as_deref())?;
        let rows = cuts(&solution.x);
        if rows.is_empty() {
            return Ok(solution);
        }
        for row in rows {
            model.push(row);
        }
        near = near.and(Some(solution.x));
    }
    Err(Failure::Stopped(format!(
        "rows were still violated after {ROUND_LIMIT} rounds of cuts"
    )))
}

/// An optimum with what is held there.
pub(super) struct Optimum {
    solution: Solution,
    pub held: Held,
}

pub(super) fn optimum(model: &Model) -> Result<Optimum, Failure> {
    optimum_near(model, None)
}

fn optimum_near(model: &Model, near: Option<Vec<f64>>) -> Result<Optimum, Failure> {
    model.check()?;
    let problem = Problem::of(model)?;
    let guess = near.as_ref().and_then(|x| guess(&problem, x));
    if let Some(Ok(found)) = guess.map(|held| proven(&problem, held).map_err(|(why, _)| why)) {
        return Ok(found);
    }
    let mut from = near.unwrap_or_else(|| middle(model));
    let mut tries = 0;
    loop {
        let vertex = simplex::solve(&straightened(model, &from))?.x;
        match proven(&problem, Held::at(&problem, vertex)?) {
            Ok(found) => return Ok(found),
            // From the vertex of the costs where it came to: another way to the same optimum.
            Err((Failure::Numerics(_), Some(x))) if tries < TRIES => from = x,
            Err((why, _)) => return Err(why),
        }
        tries += 1;
    }
}

/// The optimum from what is held, proven; an error with the point that it came to where that is none.
fn proven(problem: &Problem, mut held: Held) -> Result<Optimum, (Failure, Option<Vec<f64>>)> {
    let model = problem.model;
    let prices = match least(problem, &mut held) {
        Ok(prices) => prices,
        Err(why) => return Err((why, Some(held.x))),
    };
    let duals = Duals {
        reduced: held.reduced(problem, &prices),
        rows: held.all_rows(problem, &prices),
        cones: Vec::new(),
        unique: false,
    };
    let proof = certify(model.name(), model, &held.x, Some(&duals));
    if !proof.certified {
        let why = format!(
            "what is held at the end does not prove `{}` optimal (gap {:.1e})",
            model.name(),
            proof.gap
        );
        return Err((Failure::Numerics(why), None));
    }
    Ok(Optimum {
        solution: Solution {
            objective: model.objective(&held.x),
            x: held.x.clone(),
            duals: Some(duals),
        },
        held,
    })
}

/// The least on what is held, with the multipliers of all rows and variables; `None` where that is no single point.
pub(super) fn on(
    model: &Model,
    rows: &[(usize, At)],
    columns: &[Option<At>],
) -> Option<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    let problem = Problem::of(model).ok()?;
    let mut held = Held::on(&problem, rows.to_vec(), columns.to_vec());
    let equations = Equations::of(&problem, &held).ok()?;
    let gradient = model.gradient(&held.x);
    let (d, y) = equations.solve(&gradient, &held.missing(&problem));
    for (x, d) in held.x.iter_mut().zip(d) {
        *x += d;
    }
    let z = held.reduced(&problem, &y);
    let y = held.all_rows(&problem, &y);
    held.x
        .iter()
        .all(|x| x.is_finite())
        .then_some((held.x, y, z))
}

/// The linear program with the marginal costs at the middle of every range.
pub(super) fn at_the_middle(model: &Model) -> Model {
    straightened(model, &middle(model))
}

/// The middle of every range, or its one end.
fn middle(model: &Model) -> Vec<f64> {
    let middle = model.vars().iter().map(|column| {
        match (column.lower.is_finite(), column.upper.is_finite()) {
            (true, true) => 0.5 * (column.lower + column.upper),
            (true, false) => column.lower,
            (false, true) => column.upper,
            (false, false) => 0.0,
        }
    });
    middle.collect()
}

/// The linear program with the marginal costs at a point.
fn straightened(model: &Model, point: &[f64]) -> Model {
    let costs = model.gradient(point);
    let mut linear = Model::new(model.name());
    linear.set_unit(model.unit().unwrap_or(1.0));
    for (column, cost) in model.vars().iter().zip(costs) {
        linear.var(column.name.clone(), column.lower, column.upper, cost);
    }
    for row in model.rows() {
        linear.push(row.clone());
    }
    linear
}
