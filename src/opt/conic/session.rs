//! One model solved many times with changed data.

use super::super::ids::{Row, Var};
use super::super::model::Model;
use super::super::outcome::{Outcome, Solution};
use super::Effort;
use super::engine::{Engine, Patience};
use super::follow::follow;
use super::newton::Order;
use crate::opt::Failure;

/// A prepared model that is solved again with other limits, bounds and costs.
///
/// The matrix, its ordering and its symbolic factorisation are kept from one solve to the
/// next. That holds while every pair of limits stays of its kind: an equality an equality,
/// a side that is there there, a side that is not not. A change of kind costs one set-up
/// in the next solve, nothing else.
pub struct Session {
    model: Model,
    engine: Engine,
    /// Of elimination, once an optimum was followed.
    order: Option<Order>,
}

impl Session {
    /// Prepares `model` and keeps it.
    ///
    /// # Errors
    /// What no solve could take: a malformed model, integers, a cost that is not convex.
    pub fn new(model: Model) -> Result<Session, Failure> {
        let engine = Engine::new(&model)?;
        Ok(Session {
            model,
            engine,
            order: None,
        })
    }

    /// The model with its current data: what the last solve answered, for
    /// [`certify`](super::super::certify).
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Moves the limits of a row; nothing happens if it is not of this model.
    pub fn set_limits(&mut self, row: Row, lower: f64, upper: f64) {
        if let Some(before) = self.model.rows().get(row.0) {
            let before = (before.lower, before.upper);
            self.engine.move_row(row.0, before, (lower, upper));
            self.model.set_limits(row, lower, upper);
        }
    }

    /// Moves the bounds of a variable; nothing happens if it is not of this model.
    pub fn set_bounds(&mut self, var: Var, lower: f64, upper: f64) {
        if let Some(before) = self.model.vars().get(var.0) {
            let before = (before.lower, before.upper);
            self.engine.move_column(var.0, before, (lower, upper));
            self.model.set_bounds(var, lower, upper);
        }
    }

    /// Changes the cost per unit of a variable; nothing happens if it is not of this model.
    pub fn set_cost(&mut self, var: Var, cost: f64) {
        self.model.set_cost(var, cost);
    }

    /// From now on a point that meets its limits is an answer after `tries` tries, too, if its gap
    /// is at most `gap`; [`Effort::gap`] says how large it is.
    pub fn accept(&mut self, gap: f64, tries: usize) {
        self.engine.patience = Patience { gap, tries };
    }

    /// Minimises the model with its current data, as [`solve`](super::solve) would.
    pub fn solve(&mut self) -> Outcome {
        self.engine.solve(&self.model)
    }

    /// The same from the optimum with other data; by interior point where the way from there is not short.
    pub fn solve_from(&mut self, known: &Solution) -> Outcome {
        if self.order.is_none() {
            self.order = Order::of(&self.model, &known.x);
        }
        match follow(&self.model, known, self.order.as_ref()) {
            Some(found) => {
                self.engine.followed();
                Ok(found)
            }
            None => self.solve(),
        }
    }

    /// What the last solve took.
    pub fn effort(&self) -> Effort {
        self.engine.effort()
    }
}
