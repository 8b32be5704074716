//! The next unit where costs bend: how the optimum moves, and what that costs, as limits begin to move in one
//! direction.
//!
//! ```text
//! S_F p − A_WFᵀ v = 0        d(cost) = ε y·d + ½ ε² v·d        with limits b + ε d
//!          A_WF p = d_W
//! ```
//!
//! W is what is held at the optimum a little further on. It is taken where it gives the optimum here, too: then it is
//! that of every point between.

use super::super::at::{At, Place};
use super::super::model::Model;
use super::super::quadratic::{Equations, Held, Problem, optimum};
use super::Basis;
use super::next::{Next, linear};
use crate::opt::{Failure, Row, Var};

/// How far the optimum is looked at, in the unit of the model; the nearer where something changes between.
const STEPS: [f64; 3] = [1e-2, 1e-4, 1e-6];

/// A limit is met, or a multiplier has the right sign, within this beside its size.
const NEAR: f64 = 1e-8;

/// A change smaller than this is none.
const MOVES: f64 = 1e-9;

/// How the optimum of `model` moves when limits of rows move along `direction`; `None` where not even a little more
/// of it can be served.
///
/// # Errors
/// A model without an optimum; cones and integers; linear costs without a bound for every variable.
pub fn next(model: &Model, direction: &[(Row, f64)]) -> Result<Option<Next>, Failure> {
    if model.quadratic_terms().is_empty() {
        return linear(model, direction);
    }
    let mut along = vec![0.0; model.rows().len()];
    for &(row, by) in direction {
        along[row.0] += by;
    }
    let mut none = true;
    for step in STEPS.map(|step| step * model.unit().unwrap_or(1.0)) {
        let mut further = model.clone();
        for (i, (row, by)) in model.rows().iter().zip(&along).enumerate() {
            further.set_limits(Row(i), row.lower + step * by, row.upper + step * by);
        }
        let held = match optimum(&further) {
            Ok(found) => found.held,
            Err(Failure::Infeasible) => continue,
            Err(why) => return Err(why),
        };
        none = false;
        if let Some(found) = from_here(model, &along, held)? {
            return Ok(Some(found));
        }
    }
    match none {
        true => Ok(None),
        false => {
            let why = format!(
                "what is held next to the optimum of `{}` is not clear",
                model.name()
            );
            Err(Failure::Numerics(why))
        }
    }
}

/// The next unit with what is held, where that gives the optimum of the model.
fn from_here(model: &Model, along: &[f64], held: Held) -> Result<Option<Next>, Failure> {
    let problem = Problem::of(model)?;
    let mut held = Held::on(&problem, held.rows, held.columns);
    let equations = Equations::of(&problem, &held)?;
    let gradient = model.gradient(&held.x);
    let (d, y) = equations.solve(&gradient, &held.missing(&problem));
    held.x.iter_mut().zip(&d).for_each(|(x, d)| *x += d);
    let z = held.reduced(&problem, &y);
    if !is_met(&problem, &held) || !has_right_signs(&problem, &held, &y, &z) {
        return Ok(None);
    }
    let of_held: Vec<f64> = held.rows.iter().map(|&(i, _)| along[i]).collect();
    let (p, v) = equations.solve(&vec![0.0; z.len()], &of_held);
    let reach = reach(&problem, &held, along, (&p, &v), (&y, &z));
    let priced = |y: &[f64]| y.iter().zip(&of_held).map(|(y, d)| y * d).sum();
    let moves = p.iter().enumerate().filter(|(_, by)| by.abs() > MOVES);
    Ok((reach > 0.0).then(|| Next {
        price: priced(&y),
        bend: priced(&v),
        moves: moves.map(|(j, &by)| (Var(j), by)).collect(),
        rows: held.all_rows(&problem, &y),
        reach,
        basis: Basis {
            rows: held.rows.clone(),
            columns: held.columns.clone(),
        },
        at: held.x.clone(),
    }))
}

/// Whether the point meets every limit.
fn is_met(problem: &Problem, held: &Held) -> bool {
    let within = |place: Place, value: f64| {
        let (lower, upper) = problem.limits(place);
        let near = |limit: f64| NEAR * limit.abs().max(1.0);
        value >= lower - near(lower) && value <= upper + near(upper)
    };
    let mut columns = held.x.iter().enumerate();
    let mut rows = 0..problem.model.rows().len();
    columns.all(|(j, &x)| within(Place::Column(j), x))
        && rows.all(|i| within(Place::Row(i), problem.row_value(i, &held.x)))
}

/// What is held, with its multiplier and what of it moves for each unit, given both by row held and by variable.
fn multipliers<'a>(
    problem: &'a Problem,
    held: &'a Held,
    y: &'a [f64],
    z: &'a [f64],
) -> impl Iterator<Item = (At, f64)> + 'a {
    let is_one = |place: Place| {
        let (lower, upper) = problem.limits(place);
        lower == upper
    };
    let rows = held.rows.iter().zip(y);
    let rows = rows.filter(move |((i, _), _)| !is_one(Place::Row(*i)));
    let columns = held.columns.iter().zip(z).enumerate();
    let columns = columns.filter(move |(j, _)| !is_one(Place::Column(*j)));
    let columns = columns.filter_map(|(_, (at, z))| Some(((*at)?, *z)));
    rows.map(|(&(_, at), &y)| (at, y)).chain(columns)
}

fn has_right_signs(problem: &Problem, held: &Held, y: &[f64], z: &[f64]) -> bool {
    let size = y.iter().chain(z).fold(1.0_f64, |s, v| s.max(v.abs()));
    multipliers(problem, held, y, z).all(|(at, multiplier)| at.way() * multiplier >= -NEAR * size)
}

/// Units until another limit is met, or one that is held has no price any more.
fn reach(
    problem: &Problem,
    held: &Held,
    along: &[f64],
    (p, v): (&[f64], &[f64]),
    (y, z): (&[f64], &[f64]),
) -> f64 {
    let mut reach = f64::INFINITY;
    // The limit of a row moves with the direction.
    let mut see = |place: Place, value: f64, speed: f64, by: f64| {
        let (lower, upper) = problem.limits(place);
        for (room, speed) in [(value - lower, by - speed), (upper - value, speed - by)] {
            if room.is_finite() && speed > MOVES {
                reach = reach.min(room.max(0.0) / speed);
            }
        }
    };
    for j in held.free() {
        see(Place::Column(j), held.x[j], p[j], 0.0);
    }
    for (i, &by) in along.iter().enumerate() {
        if held.rows.binary_search_by_key(&i, |&(t, _)| t).is_err() {
            let speed = problem.row_value(i, p);
            see(Place::Row(i), problem.row_value(i, &held.x), speed, by);
        }
    }
    let mut fall = problem.bent(p);
    held.less_priced(problem, v, &mut fall);
    let moving = multipliers(problem, held, v, &fall);
    for ((at, now), (_, by)) in multipliers(problem, held, y, z).zip(moving) {
        let speed = -at.way() * by;
        if speed > MOVES * (1.0 + now.abs()) {
            reach = reach.min((at.way() * now).max(0.0) / speed);
        }
    }
    reach
}
