//! Linear and mixed-integer programs by simplex and branch and bound (microlp).
//!
//! Answers are vertices, so 2.125 comes out as 2.125 and the active set gives the prices
//! ([`DualFace`](super::DualFace)). A range row (two finite limits, lower < upper) becomes
//! two constraints of the engine. Free variables are passed as they are; a group of them
//! that can shift together (bus angles) should be bounded and one of them fixed, because
//! the engine found false optima there.
//!
//! Every returned point is checked against the model as written; a point that misses a
//! limit by more than [`TOLERANCE`](super::certificate::TOLERANCE) of its scale is a
//! failure, never an answer.

use super::certificate;
use super::ids::Row;
use super::model::{Constraint, Model, dot};
use super::outcome::{Outcome, Solution};
use super::scale::Scale;
use crate::opt::Failure;
use microlp::{
    ComparisonOp, Error, OptimizationDirection, Problem, SolveOptions, SolveOutcome,
    TerminationReason, Variable,
};

/// Branch-and-bound nodes after which [`solve`] gives up with [`Failure::Stopped`].
pub const NODE_LIMIT: u64 = 200_000;

/// Rounds of cuts after which [`solve_lazy`] gives up.
const ROUND_LIMIT: usize = 1_000;

/// A cut counts as violated beyond this, in the row's unit: what the engine holds rows to.
const CUT_TOLERANCE: f64 = 1e-7;

/// Largest magnitude of an integer variable the engine can hold.
const INTEGER_LIMIT: f64 = i32::MAX as f64;

/// Minimises a linear model, with or without integers.
///
/// Integers come back exactly whole: after branch and bound they are fixed at their
/// rounded values and the linear program is solved again. A search that ends with a gap
/// is [`Failure::Stopped`] with the gap in the message; so is a model with quadratic terms
/// or cones, which belong to [`conic::solve`](super::conic::solve).
pub fn solve(model: &Model) -> Outcome {
    solve_within(model, NODE_LIMIT)
}

/// [`solve`] with another limit on branch-and-bound nodes. Counting nodes, not seconds,
/// gives the same answer on every machine.
pub fn solve_within(model: &Model, node_limit: u64) -> Outcome {
    let scale = Scale::of(model);
    if !scale.is_one() {
        let outcome = solve_as_written(&scale.model(model), node_limit);
        return scale.outcome(model, outcome);
    }
    solve_as_written(model, node_limit)
}

fn solve_as_written(model: &Model, node_limit: u64) -> Outcome {
    Engine::start(model, node_limit)?.finish(model)
}

/// Solves, asks `cuts` which rows the point violates, adds those to the solved program
/// (warm) and to `model`, and repeats until none is violated.
///
/// Rows that the point meets within 1e-7 are ignored, so a callback that keeps naming a
/// binding row ends all the same. Rows enter one at a time in the order given (worst first
/// is best); a row that the point meets when its turn comes, and the other side of a range
/// row, are watched and enter when a later point violates them.
///
/// With integers every round solves anew: the point that the cuts judge must be the one
/// with whole integers that is returned.
pub fn solve_lazy(model: &mut Model, mut cuts: impl FnMut(&[f64]) -> Vec<Constraint>) -> Outcome {
    let scale = Scale::of(model);
    if model.has_integers() {
        lazily_anew(model, cuts)
    } else if scale.is_one() {
        lazily(model, cuts)
    } else {
        let mut scaled = scale.model(model);
        let held = model.rows().len();
        let outcome = lazily(&mut scaled, |x| {
            let rows = cuts(&scale.outward(x));
            rows.into_iter().map(|row| scale.row(row)).collect()
        });
        let entered = scale.model_outward(&scaled);
        for row in entered.rows().iter().skip(held) {
            model.push(row.clone());
        }
        scale.outcome(model, outcome)
    }
}

fn lazily_anew(model: &mut Model, mut cuts: impl FnMut(&[f64]) -> Vec<Constraint>) -> Outcome {
    for _ in 0..ROUND_LIMIT {
        let solution = solve(model)?;
        let mut entered = false;
        for row in cuts(&solution.x) {
            entered |= enter(model, row, &solution.x)?.is_some();
        }
        if !entered {
            return Ok(solution);
        }
    }
    Err(endless())
}

/// Adds a row that `x` violates to the model; leaves out one that `x` meets.
fn enter(model: &mut Model, row: Constraint, x: &[f64]) -> Result<Option<Row>, Failure> {
    let row = model.push(row);
    let Some(written) = model.rows().get(row.0) else {
        return Ok(None);
    };
    model.check_row(written)?;
    if Side::of(written).iter().all(|side| side.met(written, x)) {
        model.truncate_rows(row.0);
        return Ok(None);
    }
    Ok(Some(row))
}

fn endless() -> Failure {
    Failure::Stopped(format!(
        "rows were still violated after {ROUND_LIMIT} rounds of cuts"
    ))
}

fn lazily(model: &mut Model, mut cuts: impl FnMut(&[f64]) -> Vec<Constraint>) -> Outcome {
    let mut engine = Engine::start(model, NODE_LIMIT)?;
    let mut watched: Vec<(Row, Side)> = Vec::new();
    let mut entering: Vec<(Row, Side)> = Vec::new();
    for _ in 0..ROUND_LIMIT {
        let x = engine.point();
        watched.retain(|&(row, side)| {
            let stays = model.rows().get(row.0).is_none_or(|r| side.met(r, &x));
            if !stays {
                entering.push((row, side));
            }
            stays
        });
        for row in cuts(&x) {
            if let Some(row) = enter(model, row, &x)?
                && let Some(written) = model.rows().get(row.0)
            {
                for &side in Side::of(written) {
                    let list = if side.met(written, &x) {
                        &mut watched
                    } else {
                        &mut entering
                    };
                    list.push((row, side));
                }
            }
        }
        if entering.is_empty() {
            return engine.finish(model);
        }
        let mut x = x;
        for (index, side) in entering.drain(..) {
            let Some(row) = model.rows().get(index.0) else {
                continue;
            };
            if side.met(row, &x) {
                // An earlier row of this round moved the point inside this one.
                watched.push((index, side));
            } else {
                engine = engine.add(row, side)?;
                x = engine.point();
            }
        }
    }
    Err(endless())
}

/// One side of a row as the engine takes it.
#[derive(Clone, Copy)]
enum Side {
    Equal,
    Below,
    Above,
}

impl Side {
    /// The sides that say anything; none for a row without limits.
    fn of(row: &Constraint) -> &'static [Side] {
        match (row.lower.is_finite(), row.upper.is_finite()) {
            (true, true) if row.lower == row.upper => &[Side::Equal],
            (true, true) => &[Side::Above, Side::Below],
            (true, false) => &[Side::Above],
            (false, true) => &[Side::Below],
            (false, false) => &[],
        }
    }

    fn met(self, row: &Constraint, x: &[f64]) -> bool {
        let value = dot(&row.terms, x);
        let over = match self {
            Side::Equal => (value - row.upper).abs(),
            Side::Below => value - row.upper,
            Side::Above => row.lower - value,
        };
        over <= CUT_TOLERANCE
    }

    fn constraint(self, row: &Constraint) -> (ComparisonOp, f64) {
        match self {
            Side::Equal => (ComparisonOp::Eq, row.upper),
            Side::Below => (ComparisonOp::Le, row.upper),
            Side::Above => (ComparisonOp::Ge, row.lower),
        }
    }
}

/// A solved program of the solver crate, ready for more rows.
struct Engine {
    variables: Vec<Variable>,
    solution: microlp::Solution,
    node_limit: u64,
}

impl Engine {
    /// Hands the model to the solver crate. `Err` holds the outcome when there is no point.
    fn start(model: &Model, node_limit: u64) -> Result<Engine, Failure> {
        model.check()?;
        if !model.quadratic_terms().is_empty() || !model.cones().is_empty() {
            return Err(Failure::Refused(format!(
                "`{}` has quadratic terms or cones; simplex solves linear models only",
                model.name()
            )));
        }
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut variables = Vec::with_capacity(model.vars().len());
        for column in model.vars() {
            variables.push(if column.integer {
                // Saturating casts keep whole bounds within i32.
                let bounds = (column.lower.ceil() as i32, column.upper.floor() as i32);
                problem.add_integer_var(column.cost, bounds)
            } else {
                problem.add_var(column.cost, (column.lower, column.upper))
            });
        }
        for row in model.rows() {
            for side in Side::of(row) {
                let (op, rhs) = side.constraint(row);
                problem.add_constraint(expression(row, &variables), op, rhs);
            }
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(node_limit);
        Ok(Engine {
            solution: settle(problem.solve_with(options), node_limit)?,
            variables,
            node_limit,
        })
    }

    fn add(self, row: &Constraint, side: Side) -> Result<Engine, Failure> {
        let (op, rhs) = side.constraint(row);
        let terms = expression(row, &self.variables);
        Ok(Engine {
            solution: settle(
                self.solution.add_constraint(terms, op, rhs),
                self.node_limit,
            )?,
            ..self
        })
    }

    fn point(&self) -> Vec<f64> {
        self.variables
            .iter()
            .map(|&v| self.solution.var_value(v))
            .collect()
    }

    fn finish(self, model: &Model) -> Outcome {
        let mut x = self.point();
        if model.has_integers() {
            x = whole(model, &x, self.node_limit)?;
        }
        let objective = model.objective(&x);
        let check = certificate::feasibility(model, &x);
        if !check.holds() {
            return Err(Failure::Numerics(format!(
                "the solver's point misses a limit of `{}` by {:.1e}",
                model.name(),
                check.largest_violation
            )));
        }
        Ok(Solution {
            x,
            objective,
            duals: None,
        })
    }
}

/// The best point with every integer exactly whole, from one that is whole within the
/// solver's tolerance.
fn whole(model: &Model, x: &[f64], node_limit: u64) -> Result<Vec<f64>, Failure> {
    for (column, &at) in model.vars().iter().zip(x) {
        if column.integer && at.abs() >= INTEGER_LIMIT - 1.0 {
            return Err(Failure::Refused(format!(
                "integer `{}` ran to {at}, the largest the solver holds; bound it",
                column.name
            )));
        }
    }
    let found = model.objective(x);
    match Engine::start(&model.fix_integers(x), node_limit) {
        Ok(engine) => {
            let polished = engine.point();
            let worse = model.objective(&polished) - found;
            if worse > certificate::TOLERANCE * (1.0 + found.abs()) {
                return Err(Failure::Numerics(format!(
                    "rounding the integers of `{}` raises the cost by {worse:.1e}: a coefficient (big-M) is too large",
                    model.name()
                )));
            }
            Ok(polished)
        }
        Err(Failure::Infeasible) => Err(Failure::Numerics(format!(
            "the integers of `{}` are whole only within the solver's tolerance: a coefficient (big-M) is too large",
            model.name()
        ))),
        Err(other) => Err(other),
    }
}

fn expression<'a>(
    row: &'a Constraint,
    variables: &'a [Variable],
) -> impl Iterator<Item = (Variable, f64)> + 'a {
    row.terms
        .iter()
        .filter_map(|&(v, a)| variables.get(v.0).map(|&v| (v, a)))
}

/// The proven optimum, or the outcome that stands for anything else.
fn settle(
    result: Result<SolveOutcome, Error>,
    node_limit: u64,
) -> Result<microlp::Solution, Failure> {
    super::count::one_more();
    let outcome = result.map_err(|error| match error {
        Error::Infeasible => Failure::Infeasible,
        Error::Unbounded => Failure::Unbounded,
        other => Failure::Numerics(other.to_string()),
    })?;
    if outcome.is_optimal()
        && let SolveOutcome::Solution(solution) = outcome
    {
        return Ok(solution);
    }
    let stopped = match outcome.termination_reason() {
        TerminationReason::NodeLimit => format!("stopped after {node_limit} nodes"),
        other => format!("stopped early ({other:?})"),
    };
    Err(Failure::Stopped(match outcome.solution() {
        Some(best) => format!(
            "{stopped}: a point of cost {} is known, not proven best (gap {})",
            best.objective(),
            best.gap()
                .map_or("unknown".to_string(), |g| format!("{:.2} %", 100.0 * g))
        ),
        None => format!("{stopped} before a point was found"),
    }))
}
