//! A model without the variables that its bounds hold at one value.
//!
//! They have no interior, which is what an interior point needs, and after a rounding they are
//! most of the model. A row that no point within the bounds can violate goes with them. What is
//! left out has the multiplier 0, or at a held variable what stationarity leaves.

use super::super::certificate::TOLERANCE;
use super::super::ids::Var;
use super::super::model::{Affine, Model};
use super::super::outcome::Solution;
use crate::opt::Failure;

/// The smaller model, with the same rows and cones, and the way back.
pub struct Held {
    pub model: Model,
    /// Where each variable is in the smaller model.
    place: Vec<Option<Var>>,
    /// Value of each held variable.
    held: Vec<f64>,
}

impl Held {
    /// The smaller model; the model itself where costs are quadratic or there are integers.
    ///
    /// # Errors
    /// A row of held variables is violated.
    pub fn of(model: &Model) -> Result<Held, Failure> {
        if !model.quadratic_terms().is_empty() || model.has_integers() {
            return Ok(Held {
                model: model.clone(),
                place: (0..model.vars().len()).map(|j| Some(Var(j))).collect(),
                held: vec![0.0; model.vars().len()],
            });
        }
        let holds = |lower: f64, upper: f64| lower == upper && lower.is_finite();
        let mut smaller = Held {
            model: Model::new(model.name()),
            place: Vec::with_capacity(model.vars().len()),
            held: Vec::with_capacity(model.vars().len()),
        };
        let mut constant = model.constant();
        for column in model.vars() {
            if holds(column.lower, column.upper) {
                constant += column.cost * column.lower;
                smaller.place.push(None);
                smaller.held.push(column.lower);
            } else {
                let name = column.name.clone();
                let var = smaller
                    .model
                    .var(name, column.lower, column.upper, column.cost);
                smaller.place.push(Some(var));
                smaller.held.push(0.0);
            }
        }
        smaller.model.set_constant(constant);
        let free = f64::INFINITY;
        for row in model.rows() {
            let (terms, given) = smaller.left(&row.terms);
            let size = row.lower.abs().min(row.upper.abs()).max(given.abs());
            let near = TOLERANCE * size.max(1.0);
            let touched = terms.len() < row.terms.len();
            if terms.is_empty() && (given < row.lower - near || given > row.upper + near) {
                return Err(Failure::Infeasible);
            }
            let (least, most) = smaller.reach(&terms);
            let idle = given + least >= row.lower && given + most <= row.upper;
            if touched && (terms.is_empty() || idle) {
                smaller.model.row(row.name.clone(), [], -free, free);
            } else {
                let (lower, upper) = (row.lower - given, row.upper - given);
                smaller.model.row(row.name.clone(), terms, lower, upper);
            }
        }
        for cone in model.cones() {
            let rows = cone.rows.iter().map(|Affine { terms, constant }| {
                let (terms, given) = smaller.left(terms);
                (terms, constant + given)
            });
            let rows = rows.collect();
            smaller.model.cone(cone.name.clone(), rows);
        }
        Ok(smaller)
    }

    /// Terms in the smaller model, and what the held variables add.
    fn left(&self, terms: &[(Var, f64)]) -> (Vec<(Var, f64)>, f64) {
        let given = terms.iter().map(|&(v, a)| a * self.held[v.0]).sum();
        let terms = terms.iter();
        let terms = terms.filter_map(|&(v, a)| Some((self.place[v.0]?, a)));
        (terms.collect(), given)
    }

    /// Least and greatest value of terms of the smaller model within the bounds.
    fn reach(&self, terms: &[(Var, f64)]) -> (f64, f64) {
        terms.iter().fold((0.0, 0.0), |(least, most), &(v, a)| {
            let column = &self.model.vars()[v.0];
            let (low, high) = (a * column.lower, a * column.upper);
            (least + low.min(high), most + low.max(high))
        })
    }

    /// The solution of the whole model.
    pub fn whole(&self, model: &Model, found: Solution) -> Solution {
        let x: Vec<f64> = self
            .place
            .iter()
            .zip(&self.held)
            .map(|(place, &held)| place.map_or(held, |v| found.x[v.0]))
            .collect();
        let duals = found.duals.map(|mut duals| {
            let mut reduced = model.gradient(&x);
            let mut subtract = |terms: &[(Var, f64)], multiplier: f64| {
                for &(v, a) in terms {
                    reduced[v.0] -= a * multiplier;
                }
            };
            for (row, &y) in model.rows().iter().zip(&duals.rows) {
                subtract(&row.terms, y);
            }
            for (cone, u) in model.cones().iter().zip(&duals.cones) {
                for (row, &u) in cone.rows.iter().zip(u) {
                    subtract(&row.terms, u);
                }
            }
            duals.reduced = reduced;
            duals
        });
        Solution {
            objective: model.objective(&x),
            x,
            duals,
        }
    }
}
