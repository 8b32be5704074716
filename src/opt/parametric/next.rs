//! The next unit: how the optimum moves, and what that costs, as limits begin to move in one direction.
//!
//! With limits b + ε d the optimum is that of one basis for all small ε > 0, found by dual simplex pivots in which
//! what stands at a limit counts as beyond it where it would cross it. Then
//!
//! ```text
//! dx_M/dε = A_TM⁻¹ d_T        dcost/dε = d·y
//! ```
//!
//! At ties it is the price of the next unit; that of the last unit is the next one in the direction −d.

use super::super::at::{At, NEAR, Place, bounds, limits};
use super::basis::{Answer, Basis, Factored, Pivot};
use super::{Atlas, Model};
use crate::opt::{Failure, Row, Var};

/// A limit is met where it is this near, relative to its size.
const MET: f64 = 1e-7;

/// How the optimum moves per unit of a direction.
#[derive(Clone, Debug)]
pub struct Next {
    /// The optimal point from which it is followed.
    pub at: Vec<f64>,
    /// Cost of a unit.
    pub price: f64,
    /// What the price rises by for each unit; 0 where no cost bends.
    pub bend: f64,
    /// Variables that move, and by how much.
    pub moves: Vec<(Var, f64)>,
    /// Multipliers of all rows; where no cost bends those of every point up to `reach`.
    pub rows: Vec<f64>,
    /// Units until the basis changes.
    pub reach: f64,
    pub basis: Basis,
}

/// [`next`](super::next) where all costs are linear.
///
/// # Errors
/// A model without an optimum, and one that is no linear program with a bound for every variable.
pub(super) fn linear(model: &Model, direction: &[(Row, f64)]) -> Result<Option<Next>, Failure> {
    let unclear = || Failure::Numerics(format!("no basis proves `{}`", model.name()));
    let mut atlas = Atlas::new(1);
    atlas.solve(model)?;
    let mut basis = atlas.last().cloned().ok_or_else(unclear)?;
    let mut along = vec![0.0; model.rows().len()];
    for &(row, by) in direction {
        along[row.0] += by;
    }
    let most = 4 * (model.vars().len() + model.rows().len()) + 100;
    for _ in 0..most {
        let factored = basis.factored(model).ok_or_else(unclear)?;
        let answer = factored.answer().ok_or_else(unclear)?;
        let moves = factored.along(&along).ok_or_else(unclear)?;
        let (crossed, reach) = crossed(model, &basis, &answer, &moves, &along);
        let Some((place, at)) = crossed else {
            let prices = answer.y.iter().zip(&along);
            let moving = moves.columns.iter().enumerate();
            return Ok(Some(Next {
                price: prices.map(|(y, d)| y * d).sum(),
                bend: 0.0,
                moves: moving
                    .filter(|(_, by)| by.abs() > NEAR)
                    .map(|(j, &by)| (Var(j), by))
                    .collect(),
                rows: answer.y,
                at: answer.x,
                reach,
                basis,
            }));
        };
        match factored.pivoted(&answer, place, at).ok_or_else(unclear)? {
            Pivot::To(other) => basis = other,
            Pivot::None(_) => return Ok(None),
        }
    }
    Err(unclear())
}

/// What moves per unit of a direction.
pub(super) struct Moves {
    pub columns: Vec<f64>,
    pub rows: Vec<f64>,
}

impl Factored<'_> {
    fn along(&self, along: &[f64]) -> Option<Moves> {
        let columns = self.moved(along)?;
        let rows = self.model().rows().iter();
        Some(Moves {
            rows: rows
                .map(|row| row.terms.iter().map(|&(v, a)| a * columns[v.0]).sum())
                .collect(),
            columns,
        })
    }
}

/// The limit that is crossed at once, the fastest first, and the way to the first of the others.
fn crossed(
    model: &Model,
    basis: &Basis,
    answer: &Answer,
    moves: &Moves,
    along: &[f64],
) -> (Option<(Place, At)>, f64) {
    let (mut fastest, mut reach) = ((NEAR, None), f64::INFINITY);
    let mut see = |place: Place, value: f64, (lower, upper): (f64, f64), speed: f64| {
        for (at, limit, room, speed) in [
            (At::Lower, lower, value - lower, -speed),
            (At::Upper, upper, upper - value, speed),
        ] {
            if !limit.is_finite() || speed <= NEAR {
                continue;
            }
            if room > MET * limit.abs().max(1.0) {
                reach = reach.min(room / speed);
            } else if speed > fastest.0 {
                fastest = (speed, Some((place, at)));
            }
        }
    };
    for (i, row) in model.rows().iter().enumerate() {
        // The limit of a row moves with the direction.
        if basis.rows.iter().all(|&(t, _)| t != i) {
            let speed = moves.rows[i] - along[i];
            see(Place::Row(i), answer.rows[i], limits(row), speed);
        }
    }
    for (j, column) in model.vars().iter().enumerate() {
        if basis.columns[j].is_none() {
            see(
                Place::Column(j),
                answer.x[j],
                bounds(column),
                moves.columns[j],
            );
        }
    }
    (fastest.1, reach)
}
