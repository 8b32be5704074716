//! A program whose limits give way at a cost, and what its optimum says.

use super::certificate;
use super::ids::{Limit, Row, Var};
use super::model::{Constraint, Model};
use super::outcome::Solution;
use super::prices::DualFace;

/// A limit moved outward by `amount` > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxation {
    pub limit: Limit,
    /// Name of the row, variable or cone.
    pub name: String,
    pub amount: f64,
}

/// What moving one limit alone would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Cure {
    pub limit: Limit,
    pub name: String,
    /// Least outward move that makes the model feasible; `None` where none does.
    pub amount: Option<f64>,
}

/// The answer. All empty and `total` 0 where the model is feasible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// Limits moved for the least total change.
    pub relaxations: Vec<Relaxation>,
    /// Sum of those changes; ∞ where no change of the limits in question helps, NaN where
    /// the solver failed.
    pub total: f64,
    /// The point of least total change, by variable; empty where there is none, and from
    /// [`explain`](super::infeasible::explain) where nothing has to change.
    pub point: Vec<f64>,
    /// Limits with a price in the program of least total change: what the total falls by for each
    /// unit that limit moves outward. Together they are in conflict. Empty where the program has no
    /// vertex prices.
    pub weights: Vec<(Limit, f64)>,
    /// Limits in conflict, with what each would have to give alone.
    pub conflict: Vec<Cure>,
    /// No smaller part of `conflict` is a conflict.
    pub irreducible: bool,
}

/// A model whose limits in question give way at a cost of 1 per unit.
pub(super) struct Elastic {
    pub(super) model: Model,
    /// Limit k gives way by variable `slacks[k]` in row `rows[k]`.
    pub(super) limits: Vec<Limit>,
    pub(super) slacks: Vec<Var>,
    pub(super) rows: Vec<Option<Row>>,
}

impl Elastic {
    pub(super) fn new(model: &Model, limits: &[Limit]) -> Elastic {
        let mut elastic = Elastic {
            model: without(model, limits),
            limits: limits.to_vec(),
            slacks: Vec::with_capacity(limits.len()),
            rows: Vec::with_capacity(limits.len()),
        };
        for &limit in limits {
            let slack = elastic.model.var("", 0.0, f64::INFINITY, 1.0);
            elastic.slacks.push(slack);
            let row = bound(model, limit).map(|mut row| {
                let sign = if row.lower.is_finite() { 1.0 } else { -1.0 };
                row.terms.push((slack, sign));
                elastic.model.push(row)
            });
            if let Limit::Cone(k) = limit
                && let Some(cone) = model.cones().get(k)
            {
                let mut rows: Vec<_> = cone
                    .rows
                    .iter()
                    .map(|row| (row.terms.clone(), row.constant))
                    .collect();
                if let Some(first) = rows.first_mut() {
                    first.0.push((slack, 1.0));
                }
                elastic.model.cone("", rows);
            }
            elastic.rows.push(row);
        }
        elastic
    }

    /// What its optimum says of the model.
    pub(super) fn explained(&self, model: &Model, solution: &Solution) -> Explanation {
        let relaxations = self.relaxations(model, &solution.x);
        let weights = match relaxations.is_empty() {
            true => None,
            false => self.weights(solution),
        };
        Explanation {
            point: solution.x[..model.vars().len()].to_vec(),
            total: relaxations.iter().map(|r| r.amount).sum(),
            weights: weights.unwrap_or_default(),
            relaxations,
            ..Explanation::default()
        }
    }

    pub(super) fn relaxations(&self, model: &Model, x: &[f64]) -> Vec<Relaxation> {
        self.limits
            .iter()
            .zip(&self.slacks)
            .filter_map(|(&limit, slack)| {
                let amount = x.get(slack.0).copied().unwrap_or(0.0);
                (amount > certificate::TOLERANCE).then(|| Relaxation {
                    limit,
                    name: name(model, limit),
                    amount,
                })
            })
            .collect()
    }

    /// The limits with a price in the elastic program, and that price: together they are in
    /// conflict (Farkas). A cone counts as 1. `None` where the program has no vertex prices.
    pub(super) fn weights(&self, solution: &Solution) -> Option<Vec<(Limit, f64)>> {
        let duals = match &solution.duals {
            Some(duals) => duals.clone(),
            None => DualFace::new(&self.model, &solution.x)
                .and_then(|face| face.duals(&[]))
                .ok()?,
        };
        let weight = |row: &Option<Row>| match row {
            None => 1.0,
            Some(row) => duals.rows.get(row.0).map_or(0.0, |y| y.abs()),
        };
        let pairs = self.limits.iter().zip(&self.rows);
        Some(
            pairs
                .map(|(&limit, row)| (limit, weight(row)))
                .filter(|(_, weight)| *weight > certificate::TOLERANCE)
                .collect(),
        )
    }
}

/// Every limit of the model but the bounds of integers: variables first, so that the
/// filter, which drops from the front, keeps rows where it has the choice.
pub(super) fn limits(model: &Model) -> Vec<Limit> {
    let mut limits = Vec::new();
    for (j, column) in model.vars().iter().enumerate() {
        if !column.integer {
            if column.lower.is_finite() {
                limits.push(Limit::VarLower(Var(j)));
            }
            if column.upper.is_finite() {
                limits.push(Limit::VarUpper(Var(j)));
            }
        }
    }
    for (i, row) in model.rows().iter().enumerate() {
        if row.lower.is_finite() {
            limits.push(Limit::RowLower(Row(i)));
        }
        if row.upper.is_finite() {
            limits.push(Limit::RowUpper(Row(i)));
        }
    }
    limits.extend((0..model.cones().len()).map(Limit::Cone));
    limits
}

/// The limit as a row of its own; `None` for a cone.
pub(super) fn bound(model: &Model, limit: Limit) -> Option<Constraint> {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    let (terms, lower, upper) = match limit {
        Limit::RowLower(i) => {
            let row = model.rows().get(i.0)?;
            (row.terms.clone(), row.lower, high)
        }
        Limit::RowUpper(i) => {
            let row = model.rows().get(i.0)?;
            (row.terms.clone(), low, row.upper)
        }
        Limit::VarLower(j) => (vec![(j, 1.0)], model.vars().get(j.0)?.lower, high),
        Limit::VarUpper(j) => (vec![(j, 1.0)], low, model.vars().get(j.0)?.upper),
        Limit::Cone(_) => return None,
    };
    Some(Constraint {
        terms,
        lower,
        upper,
        ..Constraint::default()
    })
}

/// The model with no cost and without the limits in `drop`.
pub(super) fn without(model: &Model, drop: &[Limit]) -> Model {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut open = Model::new(model.name());
    for column in model.vars() {
        if column.integer {
            open.integer(&*column.name, column.lower, column.upper, 0.0);
        } else {
            open.var(&*column.name, column.lower, column.upper, 0.0);
        }
    }
    for row in model.rows() {
        open.row(&*row.name, row.terms.iter().copied(), row.lower, row.upper);
    }
    let mut dropped_cones = vec![false; model.cones().len()];
    for &limit in drop {
        match limit {
            Limit::RowLower(i) => {
                if let Some(upper) = open.rows().get(i.0).map(|r| r.upper) {
                    open.set_limits(i, low, upper);
                }
            }
            Limit::RowUpper(i) => {
                if let Some(lower) = open.rows().get(i.0).map(|r| r.lower) {
                    open.set_limits(i, lower, high);
                }
            }
            Limit::VarLower(j) => {
                if let Some(upper) = open.vars().get(j.0).map(|c| c.upper) {
                    open.set_bounds(j, low, upper);
                }
            }
            Limit::VarUpper(j) => {
                if let Some(lower) = open.vars().get(j.0).map(|c| c.lower) {
                    open.set_bounds(j, lower, high);
                }
            }
            Limit::Cone(k) => {
                if let Some(dropped) = dropped_cones.get_mut(k) {
                    *dropped = true;
                }
            }
        }
    }
    for (cone, dropped) in model.cones().iter().zip(dropped_cones) {
        if !dropped {
            let rows = cone.rows.iter();
            open.cone(
                &*cone.name,
                rows.map(|row| (row.terms.clone(), row.constant)).collect(),
            );
        }
    }
    open
}

pub(super) fn name(model: &Model, limit: Limit) -> String {
    let name = match limit {
        Limit::RowLower(i) | Limit::RowUpper(i) => model.rows().get(i.0).map(|r| &*r.name),
        Limit::VarLower(j) | Limit::VarUpper(j) => model.vars().get(j.0).map(|c| &*c.name),
        Limit::Cone(k) => model.cones().get(k).map(|c| c.name.as_str()),
    };
    name.unwrap_or_default().into()
}
