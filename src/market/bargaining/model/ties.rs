//! Ties: what is chosen where several dispatches are equally good.
//!
//! Of a convex program with rows A x ≤ b and cost c·x + Σ q_j x_j², with an optimal point x*, multipliers
//! y of its rows and reduced costs z, the optimal points are x* + e with
//!
//! ```text
//! A (x* + e) ≤ b,   A_i e = 0 where y_i ≠ 0,   e_j = 0 where q_j > 0 or z_j ≠ 0
//! ```
//!
//! Among them the one with the least Σ p² over the powers p of the DSOs in MW is taken: import, import
//! without a use, renewables, adjustable and deferrable loads, batteries in every slot. It is one point, whatever
//! the solver and its start. Eq. `[wang2017]`(1.2) T, not in the paper.
//!
//! Losses of cones make costs differ where flows differ: a program with cones is left as it is solved.

use crate::opt::{Certificate, Constraint, Duals, Model, Var, certify, conic};

/// Powers apart by more than this are a tie, MW; solvers agree to far less.
pub const APART_MW: f64 = 1e-3;

/// A multiplier or reduced cost up to this is zero, $ per unit.
const UNPRICED_USD: f64 = 1e-5;

/// Whether a limit holds at every optimal point: of multiplier and distance one is zero, and near the end
/// of an interior-point solve the smaller one is.
fn binds(at: f64, (low, high): (f64, f64), multiplier: f64) -> bool {
    let distance = match multiplier > 0.0 {
        true => at - low,
        false => high - at,
    };
    multiplier.abs() > distance.max(UNPRICED_USD)
}

/// Every optimal point of a program.
#[derive(Clone, Debug)]
pub struct Face {
    /// The step e from `point`, without cost; only variables that may move.
    model: Model,
    /// The variable of `model` for each of the program, where it may move.
    place: Vec<Option<Var>>,
    point: Vec<f64>,
}

impl Face {
    /// The optimal points of a model from one of them and its multipliers; `None` where the model has
    /// cones or products of two variables.
    pub fn of(model: &Model, x: &[f64], duals: &Duals) -> Option<Face> {
        let squares = model.quadratic_terms();
        if !model.cones().is_empty() || squares.iter().any(|(i, j, _)| i != j) {
            return None;
        }
        let columns = model.vars().iter().zip(x).zip(&duals.reduced);
        let held = columns.map(|((column, &x), &z)| binds(x, (column.lower, column.upper), z));
        let mut held: Vec<bool> = held.collect();
        for (i, _, _) in squares {
            held[i.0] = true;
        }
        let mut face = Face {
            model: Model::new(format!("{}: ties", model.name())),
            place: Vec::with_capacity(held.len()),
            point: x.to_vec(),
        };
        face.model.set_unit(1.0);
        for ((column, &x), held) in model.vars().iter().zip(x).zip(held) {
            let (low, high) = ((column.lower - x).min(0.0), (column.upper - x).max(0.0));
            let free = !held && low < high;
            let var = free.then(|| face.model.var(column.name.clone(), low, high, 0.0));
            face.place.push(var);
        }
        for (row, &y) in model.rows().iter().zip(&duals.rows) {
            face.add(row, y);
        }
        Some(face)
    }

    /// A row of the program over what may move.
    fn add(&mut self, row: &Constraint, multiplier: f64) {
        let moving = row.terms.iter();
        let moving = moving.filter_map(|&(v, a)| Some((self.place[v.0]?, a)));
        let moving: Vec<(Var, f64)> = moving.collect();
        if moving.is_empty() {
            return;
        }
        let at: f64 = row.terms.iter().map(|&(v, a)| a * self.point[v.0]).sum();
        let binding = row.lower == row.upper || binds(at, (row.lower, row.upper), multiplier);
        let (low, high) = match binding {
            true => (0.0, 0.0),
            false => ((row.lower - at).min(0.0), (row.upper - at).max(0.0)),
        };
        self.model.row(row.name.clone(), moving, low, high);
    }

    /// The point at the end of a step.
    fn point(&self, step: &[f64]) -> Vec<f64> {
        let moved = self.place.iter().map(|v| v.map_or(0.0, |v| step[v.0]));
        self.point.iter().zip(moved).map(|(x, e)| x + e).collect()
    }

    /// The point with the least sum of squares of these variables; `None` where it is not found.
    fn least_squares(&self, of: &[Var]) -> Option<Vec<f64>> {
        let mut model = self.model.clone();
        for &v in of {
            if let Some(e) = self.place[v.0] {
                model.set_cost(e, 2.0 * self.point[v.0]);
                model.quadratic(e, e, 1.0);
            }
        }
        Some(self.point(&found(&model)?))
    }

    /// Least and greatest value of Σ a x; `None` where one is not found.
    pub fn range(&self, terms: &[(Var, f64)]) -> Option<(f64, f64)> {
        let value = |x: &[f64]| terms.iter().map(|&(v, a)| a * x[v.0]).sum::<f64>();
        let mut model = self.model.clone();
        let mut end = |sign: f64| {
            for &(v, a) in terms {
                if let Some(e) = self.place[v.0] {
                    model.set_cost(e, sign * a);
                }
            }
            Some(value(&self.point(&found(&model)?)))
        };
        Some((end(1.0)?, end(-1.0)?))
    }

    /// Whether some of these variables differ between optimal points: whether a sum of them with
    /// weights that no balance has does.
    pub fn is_tie(&self, of: &[Var]) -> bool {
        let weight = |k: usize| 1.0 + (k as f64 * 0.618_033_988_749_894_9).fract();
        let terms = of.iter().enumerate().map(|(k, &v)| (v, weight(k)));
        let range = self.range(&terms.collect::<Vec<_>>());
        range.is_some_and(|(least, most)| most - least > APART_MW)
    }
}

fn found(model: &Model) -> Option<Vec<f64>> {
    match conic::solve(model) {
        Ok(solution) => Some(solution.x),
        _ => None,
    }
}

/// What is taken of a program's optimal points.
pub struct Chosen {
    pub x: Vec<f64>,
    /// Of `x`, with the multipliers of the program; its name says so where a tie is left as solved.
    pub certificate: Certificate,
    pub face: Option<Face>,
}

/// The optimal point with the least sum of squares of `powers`, from an optimal point and its
/// multipliers.
pub fn settle(model: &Model, x: Vec<f64>, duals: &Duals, powers: &[Var]) -> Chosen {
    let proof = |x: &[f64], name: String| certify(name, model, x, Some(duals));
    let name = model.name().to_string();
    let Some(face) = Face::of(model, &x, duals) else {
        return Chosen {
            certificate: proof(&x, name),
            x,
            face: None,
        };
    };
    let least = face.least_squares(powers);
    let least = least.map(|least| (proof(&least, name.clone()), least));
    let (certificate, x) = match least.filter(|(proof, _)| proof.certified) {
        Some(least) => least,
        None => (proof(&x, format!("{name}, ties left as solved")), x),
    };
    Chosen {
        x,
        certificate,
        face: Some(face),
    }
}
