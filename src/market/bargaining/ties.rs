//! Ties: what is chosen where several dispatches are equally good.
//!
//! The optimal points of a convex program with rows A x ≤ b and cost c·x + Σ q_j x_j² are
//!
//! ```text
//! A x ≤ b,   x_j = x*_j where q_j > 0,   c·x ≤ c·x*
//! ```
//!
//! for any optimal x*. Among them the one with the least Σ p² over the powers p of the DSOs in MW is
//! taken: import, import without a use, renewables, adjustable and deferrable loads in every slot. It
//! is one point, whatever the solver and its start. Eq. `[wang2017]`(1.2) T, not in the paper.
//!
//! Losses of cones make costs differ where flows differ: a program with cones is left as it is solved.

use crate::opt::{Duals, Model, Outcome, Var, certify, conic};

/// Powers apart by more than this are a tie, MW; solvers agree to far less.
pub const APART_MW: f64 = 1e-3;

/// Every optimal point of a program.
#[derive(Clone, Debug)]
pub struct Face {
    /// Its rows and bounds, without cost.
    model: Model,
}

impl Face {
    /// The optimal points of a model from one of them; `None` where the model has cones or
    /// products of two variables.
    pub fn of(model: &Model, x: &[f64]) -> Option<Face> {
        let squares = model.quadratic_terms();
        if !model.cones().is_empty() || squares.iter().any(|(i, j, _)| i != j) {
            return None;
        }
        let mut held = vec![false; model.vars().len()];
        for (i, _, _) in squares {
            held[i.0] = true;
        }
        let mut face = Model::new(format!("{}: ties", model.name()));
        let mut cost = Vec::new();
        for ((column, &x), held) in model.vars().iter().zip(x).zip(held) {
            let (lower, upper) = match held {
                true => (x, x),
                false => (column.lower, column.upper),
            };
            let v = face.var(column.name.clone(), lower, upper, 0.0);
            if !held && column.cost != 0.0 {
                cost.push((v, column.cost));
            }
        }
        for row in model.rows() {
            face.row(
                row.name.clone(),
                row.terms.iter().copied(),
                row.lower,
                row.upper,
            );
        }
        if !cost.is_empty() {
            let least = cost.iter().map(|&(v, c)| c * x[v.0]).sum();
            face.row("cost", cost, f64::NEG_INFINITY, least);
        }
        Some(Face { model: face })
    }

    /// The point with the least sum of squares of these variables; `None` where it is not found.
    fn least_squares(&self, of: &[Var]) -> Option<Vec<f64>> {
        let mut model = self.model.clone();
        for &v in of {
            model.quadratic(v, v, 1.0);
        }
        found(&model)
    }

    /// Least and greatest value of Σ a x; `None` where one is not found.
    pub fn range(&self, terms: &[(Var, f64)]) -> Option<(f64, f64)> {
        let end = |sign: f64| {
            let mut model = self.model.clone();
            for &(v, a) in terms {
                model.set_cost(v, sign * a);
            }
            let x = found(&model)?;
            Some(terms.iter().map(|&(v, a)| a * x[v.0]).sum::<f64>())
        };
        Some((end(1.0)?, end(-1.0)?))
    }

    /// Whether some of these variables differ between optimal points: whether a sum of them with
    /// weights that no balance has does.
    pub fn is_tie(&self, of: &[Var]) -> bool {
        let weight = |k: usize| 1.0 + (k as f64 * 0.618_033_988_749_894_9).fract();
        let terms: Vec<(Var, f64)> = of
            .iter()
            .enumerate()
            .map(|(k, &v)| (v, weight(k)))
            .collect();
        let range = self.range(&terms);
        range.is_some_and(|(least, most)| most - least > APART_MW)
    }
}

fn found(model: &Model) -> Option<Vec<f64>> {
    match conic::solve(model) {
        Outcome::Optimal(solution) => Some(solution.x),
        _ => None,
    }
}

/// The optimal point with the least sum of squares of `powers`, and the face it is taken from; `x`
/// itself where there is no face, or where the point found does not prove itself with the multipliers
/// of `x`.
pub fn settle(
    model: &Model,
    x: Vec<f64>,
    duals: &Duals,
    powers: &[Var],
) -> (Vec<f64>, Option<Face>) {
    let Some(face) = Face::of(model, &x) else {
        return (x, None);
    };
    let least = face.least_squares(powers);
    let least = least.filter(|least| certify("tie", model, least, Some(duals)).certified);
    (least.unwrap_or(x), Some(face))
}
