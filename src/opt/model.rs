//! The program as written: variables, rows, quadratic terms, cones.
//!
//! Everything else in this layer reads a [`Model`]; nothing but its owner writes one.
//! Building never fails, so that a model can be written down line by line; what is
//! malformed (a number that is not finite, a variable of another model) is found by
//! [`Model::check`], which every solver calls first.

use std::sync::Arc;

use super::ids::{Row, Var};
use crate::opt::Failure;

/// A variable x_j: `lower ≤ x_j ≤ upper`, with `cost` c_j per unit of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: Arc<str>,
    /// −∞ where there is none.
    pub lower: f64,
    /// +∞ where there is none.
    pub upper: f64,
    pub cost: f64,
    /// Takes whole numbers only.
    pub integer: bool,
}

/// A row `lower ≤ Σ_j a_ij x_j ≤ upper`; an equality where both are equal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraint {
    pub name: Arc<str>,
    /// In a model one entry a_ij ≠ 0 per variable.
    pub terms: Vec<(Var, f64)>,
    pub lower: f64,
    pub upper: f64,
    pub tag: Tag,
}

/// What a row stands for where its name is not enough: names are for people and LP files alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tag {
    #[default]
    None,
    /// Holds up the value of a [`CostCurve`](super::zonotope::CostCurve), or keeps a point within its reach.
    Curve,
    /// A number that its owner gave it.
    Own(usize),
}

/// An affine expression Σ f_j x_j + constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine {
    pub terms: Vec<(Var, f64)>,
    pub constant: f64,
}

/// A second-order cone: `rows[0] ≥ ‖(rows[1], rows[2], …)‖₂`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cone {
    pub name: String,
    pub rows: Vec<Affine>,
}

/// Minimise `constant + Σ c_j x_j + Σ q_ij x_i x_j` over rows, bounds, cones, integers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    name: String,
    constant: f64,
    columns: Vec<Column>,
    rows: Vec<Constraint>,
    quadratic: Vec<(Var, Var, f64)>,
    cones: Vec<Cone>,
    /// The size its numbers are meant in, where its owner says so.
    unit: Option<f64>,
}

impl Model {
    /// An empty minimisation: no variables, no rows, cost 0.
    pub fn new(name: impl Into<String>) -> Model {
        Model {
            name: name.into(),
            ..Model::default()
        }
    }

    /// A continuous variable; `f64::NEG_INFINITY` and `f64::INFINITY` leave a side open.
    pub fn var(&mut self, name: impl Into<Arc<str>>, lower: f64, upper: f64, cost: f64) -> Var {
        self.columns.push(Column {
            name: name.into(),
            lower,
            upper,
            cost,
            integer: false,
        });
        Var(self.columns.len() - 1)
    }

    /// A variable that takes whole numbers only.
    pub fn integer(&mut self, name: impl Into<Arc<str>>, lower: f64, upper: f64, cost: f64) -> Var {
        let var = self.var(name, lower, upper, cost);
        if let Some(column) = self.columns.last_mut() {
            column.integer = true;
        }
        var
    }

    /// The row `lower ≤ Σ a_j x_j ≤ upper`. A variable named twice counts with the sum of
    /// its coefficients; zero coefficients are dropped.
    pub fn row(
        &mut self,
        name: impl Into<Arc<str>>,
        terms: impl IntoIterator<Item = (Var, f64)>,
        lower: f64,
        upper: f64,
    ) -> Row {
        self.push(Constraint {
            name: name.into(),
            terms: terms.into_iter().collect(),
            lower,
            upper,
            tag: Tag::None,
        })
    }

    /// [`Model::row`] of a row written already.
    pub fn push(&mut self, row: Constraint) -> Row {
        self.rows.push(Constraint {
            terms: collect(row.terms),
            ..row
        });
        Row(self.rows.len() - 1)
    }

    /// Adds `q · x_i · x_j` to the objective. The sum of all such terms must be convex.
    pub fn quadratic(&mut self, i: Var, j: Var, q: f64) {
        if q != 0.0 {
            let (i, j) = if i <= j { (i, j) } else { (j, i) };
            self.quadratic.push((i, j, q));
        }
    }

    /// A second-order cone of affine expressions `(terms, constant)`:
    /// the first is at least the Euclidean norm of the others.
    pub fn cone(&mut self, name: impl Into<String>, rows: Vec<(Vec<(Var, f64)>, f64)>) {
        self.cones.push(Cone {
            name: name.into(),
            rows: rows
                .into_iter()
                .map(|(terms, constant)| Affine {
                    terms: collect(terms),
                    constant,
                })
                .collect(),
        });
    }

    /// Adds `slack` to the first row of cone `k`; nothing happens if there is none.
    pub fn loosen(&mut self, k: usize, slack: Var) {
        if let Some(first) = self.cones.get_mut(k).and_then(|cone| cone.rows.first_mut()) {
            first.terms.push((slack, 1.0));
        }
    }

    /// The part of the cost that no variable moves.
    pub fn set_constant(&mut self, constant: f64) {
        self.constant = constant;
    }

    /// Says in which unit its bounds and limits are of ordinary size ([`unit`](super::unit)); a
    /// program that is one of several about the same system should not choose its own.
    pub fn set_unit(&mut self, unit: f64) {
        self.unit = Some(unit);
    }

    pub(super) fn unit(&self) -> Option<f64> {
        self.unit
    }

    /// Moves the bounds of a variable; nothing happens if it is not of this model.
    pub fn set_bounds(&mut self, var: Var, lower: f64, upper: f64) {
        if let Some(column) = self.columns.get_mut(var.0) {
            (column.lower, column.upper) = (lower, upper);
        }
    }

    /// Changes the cost per unit of a variable; nothing happens if it is not of this model.
    pub fn set_cost(&mut self, var: Var, cost: f64) {
        if let Some(column) = self.columns.get_mut(var.0) {
            column.cost = cost;
        }
    }

    /// Moves the limits of a row; nothing happens if it is not of this model.
    pub fn set_limits(&mut self, row: Row, lower: f64, upper: f64) {
        if let Some(row) = self.rows.get_mut(row.0) {
            (row.lower, row.upper) = (lower, upper);
        }
    }

    /// Drops every row after the first `count`: back to the model before lazy rows.
    pub fn truncate_rows(&mut self, count: usize) {
        self.rows.truncate(count);
    }

    /// As the LP file and the sentences of failures have it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The part of the cost that no variable moves, in the unit of the objective.
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// The variables; `Var(j)` is entry j.
    pub fn vars(&self) -> &[Column] {
        &self.columns
    }

    /// The rows; `Row(i)` is entry i.
    pub fn rows(&self) -> &[Constraint] {
        &self.rows
    }

    /// The quadratic terms `(i, j, q)` with i ≤ j, each worth `q x_i x_j`.
    pub fn quadratic_terms(&self) -> &[(Var, Var, f64)] {
        &self.quadratic
    }

    /// The second-order cones; multipliers u_k come in this order.
    pub fn cones(&self) -> &[Cone] {
        &self.cones
    }

    /// Whether some variable takes whole numbers only; prices then need [`Model::fix_integers`] first.
    pub fn has_integers(&self) -> bool {
        self.columns.iter().any(|c| c.integer)
    }

    /// The cost at `x`, constant included. NaN where `x` is too short.
    pub fn objective(&self, x: &[f64]) -> f64 {
        let linear: f64 = self
            .columns
            .iter()
            .enumerate()
            .map(|(j, c)| c.cost * value(x, Var(j)))
            .sum();
        let quadratic: f64 = self
            .quadratic
            .iter()
            .map(|&(i, j, q)| q * value(x, i) * value(x, j))
            .sum();
        self.constant + linear + quadratic
    }

    /// ∂objective/∂x_j at `x`: c_j + Σ_i q_ij x_i, doubled on the diagonal.
    pub fn gradient(&self, x: &[f64]) -> Vec<f64> {
        let mut gradient: Vec<f64> = self.columns.iter().map(|c| c.cost).collect();
        for &(i, j, q) in &self.quadratic {
            if let Some(g) = gradient.get_mut(i.0) {
                *g += q * value(x, j);
            }
            if let Some(g) = gradient.get_mut(j.0) {
                *g += q * value(x, i);
            }
        }
        gradient
    }

    /// Σ_j a_ij x_j. NaN for a row or a point that is not of this model.
    pub fn row_value(&self, row: Row, x: &[f64]) -> f64 {
        self.rows
            .get(row.0)
            .map_or(f64::NAN, |row| dot(&row.terms, x))
    }

    /// The model over x' with x = `size` · x' and costs in units of `price`.
    pub(super) fn scaled(&self, size: f64, price: f64) -> Model {
        let mut scaled = self.clone();
        scaled.unit = Some(1.0);
        scaled.constant /= size * price;
        for column in &mut scaled.columns {
            column.lower /= size;
            column.upper /= size;
            column.cost /= price;
        }
        for row in &mut scaled.rows {
            row.lower /= size;
            row.upper /= size;
        }
        for (_, _, q) in &mut scaled.quadratic {
            *q *= size / price;
        }
        for row in scaled.cones.iter_mut().flat_map(|cone| &mut cone.rows) {
            row.constant /= size;
        }
        scaled
    }

    /// This model with every integer allowed any value between its bounds.
    pub fn relaxed(&self) -> Model {
        let mut relaxed = self.clone();
        for column in &mut relaxed.columns {
            column.integer = false;
        }
        relaxed
    }

    /// This model with every integer held at its rounded value in `x` and no longer
    /// integer: the linear program whose prices are the prices after a mixed-integer solve.
    pub fn fix_integers(&self, x: &[f64]) -> Model {
        let mut fixed = self.clone();
        for (j, column) in fixed.columns.iter_mut().enumerate() {
            if column.integer {
                let at = value(x, Var(j)).round();
                (column.lower, column.upper, column.integer) = (at, at, false);
            }
        }
        fixed
    }

    /// Refuses what no solver can take.
    ///
    /// # Errors
    /// A cost, coefficient or constant that is not finite; a bound or limit that is NaN or
    /// infinite on the wrong side; a variable that is not of this model; an empty cone.
    /// Crossed bounds (lower > upper) are no error: that model is infeasible.
    pub fn check(&self) -> Result<(), Failure> {
        if !self.constant.is_finite() {
            return refused(format!("the constant cost is {}", self.constant));
        }
        for column in &self.columns {
            check_limits("variable", &column.name, column.lower, column.upper)?;
            if !column.cost.is_finite() {
                return refused(format!(
                    "variable `{}` costs {}; expected a finite number",
                    column.name, column.cost
                ));
            }
        }
        for row in &self.rows {
            self.check_row(row)?;
        }
        for &(i, j, q) in &self.quadratic {
            self.check_terms("quadratic cost", "objective", &[(i, q), (j, q)])?;
        }
        for cone in &self.cones {
            if cone.rows.is_empty() {
                return refused(format!("cone `{}` has no rows", cone.name));
            }
            for row in &cone.rows {
                self.check_terms("cone", &cone.name, &row.terms)?;
                if !row.constant.is_finite() {
                    return refused(format!(
                        "cone `{}` has a constant {}",
                        cone.name, row.constant
                    ));
                }
            }
        }
        Ok(())
    }

    pub(super) fn check_row(&self, row: &Constraint) -> Result<(), Failure> {
        check_limits("row", &row.name, row.lower, row.upper)?;
        self.check_terms("row", &row.name, &row.terms)
    }

    fn check_terms(&self, what: &str, name: &str, terms: &[(Var, f64)]) -> Result<(), Failure> {
        for &(v, a) in terms {
            let Some(column) = self.columns.get(v.0) else {
                return refused(format!(
                    "{what} `{name}` uses variable {} of a model of {}",
                    v.0,
                    self.columns.len()
                ));
            };
            if !a.is_finite() {
                return refused(format!(
                    "{what} `{name}` has coefficient {a} of `{}`; expected a finite number",
                    column.name
                ));
            }
        }
        Ok(())
    }
}

fn refused(why: String) -> Result<(), Failure> {
    Err(Failure::Refused(why))
}

fn check_limits(what: &str, name: &str, lower: f64, upper: f64) -> Result<(), Failure> {
    if lower.is_nan() || upper.is_nan() || lower == f64::INFINITY || upper == f64::NEG_INFINITY {
        return refused(format!(
            "{what} `{name}` has limits {lower} and {upper}; expected numbers, with −∞ only below and +∞ only above"
        ));
    }
    Ok(())
}

impl Affine {
    /// Σ f_j x_j + constant.
    pub fn value(&self, x: &[f64]) -> f64 {
        dot(&self.terms, x) + self.constant
    }
}

/// Σ a_j x_j. NaN where a variable is not in `x`.
pub(super) fn dot(terms: &[(Var, f64)], x: &[f64]) -> f64 {
    terms.iter().map(|&(v, a)| a * value(x, v)).sum()
}

fn value(x: &[f64], var: Var) -> f64 {
    x.get(var.0).copied().unwrap_or(f64::NAN)
}

/// One term per variable, in the order of the variables, zeros dropped.
fn collect(terms: impl IntoIterator<Item = (Var, f64)>) -> Vec<(Var, f64)> {
    in_order(terms.into_iter().filter(|&(_, a)| a != 0.0).collect())
}

fn in_order(mut terms: Vec<(Var, f64)>) -> Vec<(Var, f64)> {
    if terms.windows(2).all(|pair| pair[0].0 < pair[1].0) {
        return terms;
    }
    terms.sort_by_key(|&(v, _)| v);
    terms.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    terms.retain(|&(_, a)| a != 0.0);
    terms
}
