//! One basis, and one contradiction, of programs that differ in limits and bounds alone: what depends on neither is
//! worked out once.
//!
//! ```text
//! x_M = A_TM⁻¹ (b_T − A_TN x_N)        y, z as they are
//! ```
//!
//! Where every multiplier has its sign and none is 0, the basis is the only optimum of each program in which x_M keeps
//! clear of its bounds and the other rows of their limits, and y its only prices.

use super::super::at::{At, NEAR, Place};
use super::super::model::Model;
use super::basis::{Basis, Contradiction, PRICED};
use crate::opt::{Limit, Row, Var};

/// A basis with its inverse and its multipliers.
pub struct Ready {
    basis: Basis,
    /// M, in order of the variables.
    solved: Vec<usize>,
    /// A_TM⁻¹, a row for each of M.
    inverse: Vec<f64>,
    /// A_TN, by row of T.
    others: Vec<Vec<(usize, f64)>>,
    costs: Vec<f64>,
    /// Of T.
    y: Vec<f64>,
    z: Vec<f64>,
    /// Variables that their multiplier does not hold: both their bounds have to be one.
    loose: Vec<usize>,
}

/// What the variables at their bounds come to.
#[derive(Default)]
pub struct AtBounds {
    /// x_N, and 0 for M.
    pub x: Vec<f64>,
    /// A_TN x_N.
    pub rows: Vec<f64>,
    /// c_N x_N.
    pub cost: f64,
}

impl Ready {
    /// A basis of a model; `None` where it is not the only optimum, wherever its point is within all limits.
    pub fn new(model: &Model, basis: &Basis) -> Option<Ready> {
        let factored = basis.fits(model).then(|| basis.factored(model))??;
        let answer = factored.answer()?;
        let size = |values: &[f64]| values.iter().fold(1.0_f64, |size, v| size.max(v.abs()));
        let (y_size, z_size) = (PRICED * size(&answer.y), PRICED * size(&answer.z));
        let has_price = |&(i, at): &(usize, At)| {
            let row = &model.rows()[i];
            row.lower == row.upper || at.way() * answer.y[i] > y_size
        };
        if !basis.rows.iter().all(has_price) {
            return None;
        }
        let columns = basis.columns.iter().zip(&answer.z).enumerate();
        let loose = columns.filter(|(_, (at, z))| at.is_some_and(|at| at.way() * **z <= z_size));
        let loose = loose.map(|(j, _)| j).collect();
        let solved = factored.solved().to_vec();
        let k = solved.len();
        let mut inverse = vec![0.0; k * k];
        for t in 0..k {
            let mut unit = vec![0.0; k];
            unit[t] = 1.0;
            for (m, value) in factored.solve(unit)?.into_iter().enumerate() {
                inverse[m * k + t] = value;
            }
        }
        let others = basis.rows.iter().map(|&(i, _)| {
            let terms = model.rows()[i].terms.iter();
            let others = terms.filter(|(v, _)| basis.columns[v.0].is_some());
            others.map(|&(v, a)| (v.0, a)).collect()
        });
        Some(Ready {
            others: others.collect(),
            costs: model.vars().iter().map(|column| column.cost).collect(),
            y: basis.rows.iter().map(|&(i, _)| answer.y[i]).collect(),
            z: answer.z,
            basis: basis.clone(),
            solved,
            inverse,
            loose,
        })
    }

    /// Multipliers of the rows of T: the rows with theirs.
    pub fn multipliers(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let rows = self.basis.rows.iter().zip(&self.y);
        rows.map(|(&(i, _), &y)| (i, y))
    }

    /// Σ_j min z_j x_j, which with y_T b bounds the cost from below, whatever the limits; z_N x_N where the basis is the
    /// optimum.
    pub fn bound(&self, bounds: &[(f64, f64)]) -> f64 {
        let (z, pairs) = (self.z.chunks_exact(4), bounds.chunks_exact(4));
        let least = |z: f64, (lower, upper): (f64, f64)| match z > 0.0 {
            true => z * lower,
            // The bounds of what is solved for may be endless.
            false if z == 0.0 => 0.0,
            false => z * upper,
        };
        let rest = z.remainder().iter().zip(pairs.remainder());
        let rest: f64 = rest.map(|(&z, &pair)| least(z, pair)).sum();
        let mut sums = [0.0; 4];
        for (z, pairs) in z.zip(pairs) {
            for ((sum, &z), &pair) in sums.iter_mut().zip(z).zip(pairs) {
                *sum += least(z, pair);
            }
        }
        sums.iter().sum::<f64>() + rest
    }

    /// Whether the variables stand where their multipliers hold them, under these bounds.
    pub fn holds(&self, bounds: &[(f64, f64)]) -> bool {
        let one = |&j: &usize| bounds[j].0 == bounds[j].1;
        bounds.len() == self.costs.len() && self.loose.iter().all(one)
    }

    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// M, in order of the variables.
    pub fn solved(&self) -> &[usize] {
        &self.solved
    }

    /// Cost per unit of a variable.
    pub fn cost(&self, j: usize) -> f64 {
        self.costs[j]
    }

    /// Puts the variables outside M at their bounds.
    pub fn put(&self, bounds: &[(f64, f64)], there: &mut AtBounds) {
        let columns = self.basis.columns.iter().zip(bounds);
        there.x.clear();
        there
            .x
            .extend(columns.map(|(at, &pair)| at.map_or(0.0, |at| at.of(pair))));
        let costs = self.costs.iter().zip(&there.x);
        there.cost = costs.map(|(c, x)| c * x).sum();
        let x = &there.x;
        let of = |terms: &Vec<(usize, f64)>| terms.iter().map(|&(j, a)| a * x[j]).sum::<f64>();
        there.rows.clear();
        there.rows.extend(self.others.iter().map(of));
    }

    /// x_M where the limit held of row i is `limits[i]`.
    pub fn values(&self, there: &AtBounds, limits: &[f64], values: &mut Vec<f64>) {
        values.clear();
        let k = self.solved.len();
        let rows = self.basis.rows.iter().zip(&there.rows);
        values.extend((0..k).map(|m| {
            let inverse = self.inverse[m * k..(m + 1) * k].iter();
            let parts = inverse.zip(rows.clone());
            parts
                .map(|(a, (&(i, _), others))| a * (limits[i] - others))
                .sum::<f64>()
        }));
    }
}

/// A combination of rows that no point can meet, whatever the limits for which it still falls short.
pub struct Ray {
    place: Place,
    at: At,
    rows: Vec<(usize, f64)>,
    columns: Vec<(usize, f64)>,
}

impl Ray {
    /// `None` for a model of another make.
    pub fn new(model: &Model, contradiction: &Contradiction) -> Option<Ray> {
        let (place, at) = contradiction.place();
        let columns = contradiction.left(model)?.into_iter().enumerate();
        Some(Ray {
            place,
            at,
            rows: contradiction.weights().to_vec(),
            columns: columns.filter(|(_, a)| *a != 0.0).collect(),
        })
    }

    /// Whether no point is within these limits of rows and bounds of variables.
    pub fn holds(
        &self,
        mut limits: impl FnMut(usize) -> (f64, f64),
        bounds: &[(f64, f64)],
    ) -> bool {
        let way = self.at.way();
        let asked = match self.place {
            Place::Row(i) => limits(i),
            Place::Column(j) => bounds[j],
        };
        let asked = way * self.at.of(asked);
        let (mut most, mut size) = (0.0, asked.abs().max(1.0));
        let mut add = |weight: f64, (lower, upper): (f64, f64)| {
            let part = (way * weight * lower).max(way * weight * upper);
            most += part;
            size += part.abs();
        };
        for &(i, weight) in &self.rows {
            add(weight, limits(i));
        }
        for &(j, weight) in &self.columns {
            add(weight, bounds[j]);
        }
        asked - most > NEAR * size
    }

    /// The limits that cannot hold together; without any one of them the others can.
    pub fn limits(&self) -> Vec<Limit> {
        let row = |i: usize, at: At| match at {
            At::Lower => Limit::RowLower(Row(i)),
            At::Upper => Limit::RowUpper(Row(i)),
        };
        let column = |j: usize, at: At| match at {
            At::Lower => Limit::VarLower(Var(j)),
            At::Upper => Limit::VarUpper(Var(j)),
        };
        let asked = match self.place {
            Place::Row(i) => row(i, self.at),
            Place::Column(j) => column(j, self.at),
        };
        let side = |weight: f64| match self.at.way() * weight > 0.0 {
            true => At::Upper,
            false => At::Lower,
        };
        let rows = self.rows.iter().map(|&(i, w)| row(i, side(w)));
        let columns = self.columns.iter().map(|&(j, w)| column(j, side(w)));
        std::iter::once(asked).chain(rows).chain(columns).collect()
    }

    /// How much more is asked, beside what there is, for each unit by which the limits of a row rise.
    pub fn asks(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let way = self.at.way();
        let asked = match self.place {
            Place::Row(i) => Some((i, way)),
            Place::Column(_) => None,
        };
        let rows = self.rows.iter().map(move |&(i, w)| (i, -way * w));
        asked.into_iter().chain(rows)
    }
}
