//! What is held at the optimum, guessed from a point nearby: many limits change at once.
//!
//! From the least on W with its multipliers, every variable that bends and is past a limit is held there, every one
//! held with a multiplier of the wrong sign is let go, and so are rows, until nothing is wrong. While less is wrong than
//! ever before all change together; where that fails for long, the first in order alone. What comes out is where
//! [`least`](super::descent::least) begins, which takes nothing of it on trust.
//!
//! Source: Portugal, Júdice and Vicente, *A comparison of block pivoting and interior-point algorithms for linear
//! least squares problems with nonnegative variables*, Mathematics of Computation 63 (1994) 625–643, for bounds alone.

use super::held::{AT, Equations, Held, Problem, ROW_AT, stands};
use crate::opt::at::{At, Place};

/// Sets of limits held after which there is no guess.
const ROUNDS: usize = 60;

/// Times that all change together while no less is wrong.
const PATIENCE: usize = 8;

/// A multiplier of the wrong sign by less than this beside the largest, or a point past a limit by less than this
/// beside its size, is rounding.
const NEAR: f64 = 1e-10;

/// Two variables bend alike where S of their difference is less than this beside their own.
const ALIKE: f64 = 1e-9;

/// A row of which less than this is left beside those before it depends on them.
const DEPENDS: f64 = 1e-7;

/// A change of what is held.
enum Change {
    Hold(Place, At),
    LetGo(Place),
}

/// What is held, and the least on it, where nothing that bends is wrong; `None` where none is found.
pub(super) fn guess(problem: &Problem, near: &[f64]) -> Option<Held> {
    let mut held = standing(problem, near);
    let (mut least, mut patience) = (usize::MAX, PATIENCE);
    for _ in 0..ROUNDS {
        let equations = Equations::of(problem, &held).ok()?;
        let gradient = problem.model.gradient(&held.x);
        let (d, y) = equations.solve(&gradient, &held.missing(problem));
        let mut at = held.clone();
        at.x.iter_mut().zip(d).for_each(|(x, d)| *x += d);
        let mut wrong = wrong(problem, &at, &y);
        if wrong.is_empty() {
            return Some(at);
        }
        match wrong.len() < least {
            true => (least, patience) = (wrong.len(), PATIENCE),
            false => patience = patience.saturating_sub(1),
        }
        if patience == 0 {
            wrong.truncate(1);
        }
        let mut entering = Vec::new();
        for change in wrong {
            match change {
                Change::Hold(Place::Row(i), at) => entering.push((i, at)),
                Change::Hold(place, at) => held.hold(problem, place, at),
                Change::LetGo(place) => held.let_go(place),
            }
        }
        keep_independent(problem, &mut held, &entering);
    }
    None
}

/// What stands at a limit at a point, and every equation.
fn standing(problem: &Problem, x: &[f64]) -> Held {
    let model = problem.model;
    let at = x.iter().enumerate().map(|(j, x)| {
        let place = problem.limits(Place::Column(j));
        stands(place, x.clamp(place.0, place.1), AT * x.abs().max(1.0))
    });
    let columns: Vec<Option<At>> = at.collect();
    let rows = (0..model.rows().len()).filter_map(|i| {
        let (lower, upper) = problem.limits(Place::Row(i));
        if lower == upper {
            return Some((i, At::Lower));
        }
        let terms = model.rows()[i].terms.iter();
        let size = terms.fold(1.0_f64, |size, &(v, a)| size.max((a * x[v.0]).abs()));
        let at = stands((lower, upper), problem.row_value(i, x), ROW_AT * size)?;
        Some((i, at))
    });
    let mut held = Held::on(problem, rows.collect(), columns);
    for (j, x) in x.iter().enumerate() {
        if held.columns[j].is_none() {
            held.x[j] = *x;
        }
    }
    keep_independent(problem, &mut held, &[]);
    held
}

/// Holds the rows that enter; of those held before, equations apart, the ones that do not depend on others on the variables
/// of F.
fn keep_independent(problem: &Problem, held: &mut Held, entering: &[(usize, At)]) {
    let mut place = vec![usize::MAX; held.columns.len()];
    let free: Vec<usize> = held.free().collect();
    for (n, &j) in free.iter().enumerate() {
        place[j] = n;
    }
    let is_equation = |&(i, _): &(usize, At)| {
        let (lower, upper) = problem.limits(Place::Row(i));
        lower == upper
    };
    let rows = std::mem::take(&mut held.rows);
    let (equations, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_equation);
    let mut known: Vec<Vec<f64>> = Vec::new();
    let size = |row: &[f64]| row.iter().map(|a| a * a).sum::<f64>().sqrt();
    for &(i, at) in equations.iter().chain(entering).chain(&others) {
        let mut row = vec![0.0; free.len()];
        for &(v, a) in &problem.model.rows()[i].terms {
            if let Some(entry) = row.get_mut(place[v.0]) {
                *entry = a;
            }
        }
        let whole = size(&row);
        for other in &known {
            let along: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
            row.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
        }
        let left = size(&row);
        if left > DEPENDS * whole {
            row.iter_mut().for_each(|a| *a /= left);
            known.push(row);
            held.rows.push((i, at));
        }
    }
    crate::sort::by(&mut held.rows, |a, b| a.0.cmp(&b.0));
}

/// What is wrong with what is held: variables in order, then rows, those that are passed by most first.
fn wrong(problem: &Problem, held: &Held, y: &[f64]) -> Vec<Change> {
    let past = |place: Place, value: f64| {
        let (lower, upper) = problem.limits(place);
        let near = |limit: f64| NEAR * limit.abs().max(1.0);
        match () {
            () if value < lower - near(lower) => Some(Change::Hold(place, At::Lower)),
            () if value > upper + near(upper) => Some(Change::Hold(place, At::Upper)),
            () => None,
        }
    };
    let is_one = |place: Place| {
        let (lower, upper) = problem.limits(place);
        lower == upper
    };
    let mut z = problem.model.gradient(&held.x);
    held.less_priced(problem, y, &mut z);
    let size = y.iter().fold(1.0_f64, |size, y| size.max(y.abs()));
    let saves = |at: At, multiplier: f64| at.way() * multiplier < -NEAR * size;
    let joint = problem.joint.iter().enumerate();
    let free = joint.filter(|(_, j)| held.columns[**j].is_none());
    let mut free: Vec<usize> = free.map(|(n, _)| n).collect();
    let mut wrong = Vec::new();
    for (j, at) in held.columns.iter().enumerate() {
        let place = Place::Column(j);
        let Some(at) = *at else {
            wrong.extend(past(place, held.x[j]));
            continue;
        };
        let joint = problem.joint.binary_search(&j).ok();
        let bends = joint.is_some() || problem.slope[j] > 0.0;
        if !bends || is_one(place) || !saves(at, z[j]) {
            continue;
        }
        if let Some(n) = joint {
            // Of several that bend alike one is free.
            if free.iter().any(|&m| is_alike(problem, n, m)) {
                continue;
            }
            free.push(n);
        }
        wrong.push(Change::LetGo(place));
    }
    let mut y = held.rows.iter().zip(y).peekable();
    let mut passed: Vec<(f64, Change)> = Vec::new();
    for i in 0..problem.model.rows().len() {
        let place = Place::Row(i);
        match y.next_if(|((t, _), _)| *t == i) {
            Some(((_, at), y)) if !is_one(place) && saves(*at, *y) => {
                wrong.push(Change::LetGo(place));
            }
            Some(_) => {}
            None => {
                let value = problem.row_value(i, &held.x);
                let (lower, upper) = problem.limits(place);
                let by = (lower - value).max(value - upper);
                passed.extend(past(place, value).map(|change| (by, change)));
            }
        }
    }
    crate::sort::by(&mut passed, |a, b| b.0.total_cmp(&a.0));
    wrong.extend(passed.into_iter().map(|(_, change)| change));
    wrong
}

fn is_alike(problem: &Problem, n: usize, m: usize) -> bool {
    let own = |n: usize| problem.bend[(n, n)];
    own(n) + own(m) - 2.0 * problem.bend[(n, m)] <= ALIKE * own(n).max(own(m))
}
