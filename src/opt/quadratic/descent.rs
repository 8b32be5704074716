//! From a vertex to the least cost.

use super::Failure;
use super::held::{Equations, Held, Problem};
use crate::opt::at::{At, Place};

/// A change this small beside the terms it is made of is rounding.
const ROUNDING: f64 = 1e-10;

/// A multiplier of the wrong sign by more than this beside its terms says that letting go would save.
const NEAR: f64 = 1e-10;

/// A move of a whole step smaller than this beside the size of what moves is rounding.
const STILL: f64 = 1e-12;

/// Steps shorter than this are none.
const NO_STEP: f64 = 1e-13;

/// Steps without length after which places are taken in order.
const IN_ORDER: usize = 30;

/// Moves `held` to the least cost; multipliers of the rows held there.
pub(super) fn least(problem: &Problem, held: &mut Held) -> Result<Vec<f64>, Failure> {
    let (n, m) = (problem.model.vars().len(), problem.model.rows().len());
    let most = 20 * (n + m) + 1000;
    let mut idle = 0;
    // What was held last, and what depends on the others held but for rounding, which keep it where it is.
    let mut newest = None;
    let mut aside: Vec<Place> = Vec::new();
    for _ in 0..most {
        let equations = match (Equations::of(problem, held), newest.take()) {
            (Ok(equations), _) => equations,
            (Err(Failure::Numerics(_)), Some(place)) => {
                held.let_go(place);
                aside.push(place);
                continue;
            }
            (Err(why), _) => return Err(why),
        };
        let gradient = problem.model.gradient(&held.x);
        let (d, y) = equations.solve(&gradient, &held.missing(problem));
        let in_order = idle > IN_ORDER;
        let (step, met) = step_along(problem, held, &d, (1.0, STILL), (in_order, &aside));
        advance(held, &d, step);
        if let Some((place, at)) = met {
            held.hold(problem, place, at);
            newest = Some(place);
            idle = if step > NO_STEP { 0 } else { idle + 1 };
            continue;
        }
        let Some((place, at, multiplier)) = wrong(problem, held, &y, in_order) else {
            return Ok(y);
        };
        let p = away(problem, held, &equations, place, at);
        let bends: f64 = problem.bent(&p).iter().zip(&p).map(|(b, p)| b * p).sum();
        let longest = match bends > 0.0 {
            true => multiplier.abs() / bends,
            false => f64::INFINITY,
        };
        held.let_go(place);
        aside.clear();
        let (step, met) = step_along(problem, held, &p, (longest, 0.0), (in_order, &aside));
        if !step.is_finite() {
            return Err(Failure::Unbounded);
        }
        advance(held, &p, step);
        if let Some((place, at)) = met {
            held.hold(problem, place, at);
            newest = Some(place);
        }
        idle = if step > NO_STEP { 0 } else { idle + 1 };
    }
    Err(Failure::Stopped(format!(
        "`{}` was not at its least cost after {most} steps",
        problem.model.name()
    )))
}

fn advance(held: &mut Held, d: &[f64], step: f64) {
    for ((x, d), at) in held.x.iter_mut().zip(d).zip(&held.columns) {
        if at.is_none() {
            *x += step * d;
        }
    }
}

/// What is held with a multiplier of the wrong sign, the worst one or the first in order, and that multiplier.
fn wrong(problem: &Problem, held: &Held, y: &[f64], in_order: bool) -> Option<(Place, At, f64)> {
    let mut z = problem.model.gradient(&held.x);
    let mut size: Vec<f64> = z.iter().map(|g| g.abs().max(1.0)).collect();
    for (&(i, _), y) in held.rows.iter().zip(y) {
        for &(v, a) in &problem.model.rows()[i].terms {
            z[v.0] -= a * y;
            size[v.0] = size[v.0].max((a * y).abs());
        }
    }
    let all = y.iter().fold(1.0_f64, |s, y| s.max(y.abs()));
    let mut worst: Option<(f64, (Place, At, f64))> = None;
    let mut see = |place: Place, at: At, multiplier: f64, size: f64| {
        let (lower, upper) = problem.limits(place);
        let short = -at.way() * multiplier / size;
        let better = worst.is_none_or(|(most, _)| !in_order && short > most);
        if lower != upper && short > NEAR && better {
            worst = Some((short, (place, at, multiplier)));
        }
    };
    for (&(i, at), &y) in held.rows.iter().zip(y) {
        see(Place::Row(i), at, y, all);
    }
    for (j, at) in held.columns.iter().enumerate() {
        if let Some(at) = at {
            see(Place::Column(j), *at, z[j], size[j]);
        }
    }
    worst.map(|(_, found)| found)
}

/// How the least on what is held moves as `place` leaves its limit by one unit.
fn away(problem: &Problem, held: &Held, equations: &Equations, place: Place, at: At) -> Vec<f64> {
    let still = vec![0.0; held.x.len()];
    let mut right = vec![0.0; held.rows.len()];
    let position = |i: usize| held.rows.binary_search_by_key(&i, |&(t, _)| t);
    match place {
        Place::Row(i) => {
            if let Ok(n) = position(i) {
                right[n] = at.way();
            }
            equations.solve(&still, &right).0
        }
        Place::Column(j) => {
            for &(i, a) in &problem.columns[j] {
                if let Ok(n) = position(i) {
                    right[n] = -a * at.way();
                }
            }
            let mut alone = still;
            alone[j] = at.way();
            let mut p = equations.solve(&problem.bent(&alone), &right).0;
            p[j] = at.way();
            p
        }
    }
}

/// How far a direction goes, `longest` at most, until a limit is met that is not set aside, and which. What moves by less
/// than `still` beside its size meets none.
fn step_along(
    problem: &Problem,
    held: &Held,
    d: &[f64],
    (longest, still): (f64, f64),
    (in_order, aside): (bool, &[Place]),
) -> (f64, Option<(Place, At)>) {
    let mut best = (longest, 0.0, None);
    limits_ahead(problem, held, d, still, |place, at, room, speed| {
        if aside.contains(&place) {
            return;
        }
        let along = room.max(0.0) / speed;
        let tie = match best.0.is_finite() {
            true => 1e-12 * (1.0 + best.0),
            false => 0.0,
        };
        let nearer = along < best.0 - tie;
        let equal = best.2.is_some() && along <= best.0 + tie;
        if nearer || (equal && !in_order && speed > best.1) {
            best = (along.min(best.0), speed, Some((place, at)));
        }
    });
    (best.0, best.2)
}

/// Every limit that a direction leads to: its place, the room to it and the speed.
fn limits_ahead(
    problem: &Problem,
    held: &Held,
    d: &[f64],
    still: f64,
    mut see: impl FnMut(Place, At, f64, f64),
) {
    let fastest = d.iter().fold(0.0_f64, |s, d| s.max(d.abs()));
    let mut of = |place: Place, value: f64, speed: f64, size: f64| {
        if speed.abs() <= (ROUNDING * size).max(still * value.abs().max(1.0)) {
            return;
        }
        let (lower, upper) = problem.limits(place);
        if speed < 0.0 && lower.is_finite() {
            see(place, At::Lower, value - lower, -speed);
        }
        if speed > 0.0 && upper.is_finite() {
            see(place, At::Upper, upper - value, speed);
        }
    };
    for (j, at) in held.columns.iter().enumerate() {
        if at.is_none() {
            of(Place::Column(j), held.x[j], d[j], fastest);
        }
    }
    let mut rows = held.rows.iter().peekable();
    for (i, row) in problem.model.rows().iter().enumerate() {
        if rows.next_if(|&&(t, _)| t == i).is_some() {
            continue;
        }
        let terms = row.terms.iter();
        let (speed, size) = terms.fold((0.0, 0.0), |(speed, size), &(v, a)| {
            let by = a * d[v.0];
            (speed + by, size + f64::abs(by))
        });
        of(Place::Row(i), problem.row_value(i, &held.x), speed, size);
    }
}
