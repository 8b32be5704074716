//! How far an answer is from optimal, recomputed from the model as written.
//!
//! Nothing here comes from a solver. A point x is measured against every row, bound, cone
//! and integrality; multipliers (y, z, u) against
//!
//! ```text
//! stationarity   ∂f/∂x_j − Σ_i a_ij y_i − Σ_k (F_kᵀ u_k)_j − z_j = 0
//! signs          y_i > 0 only at a lower limit, y_i < 0 only at an upper one; z_j alike
//! cones          u_k in its cone
//! dual objective constant − Σ q_ij x_i x_j + Σ_i y_i b_i + Σ_j z_j x̄_j − Σ_k u_k·g_k
//! ```
//!
//! where b_i (x̄_j) is the lower limit for a positive and the upper limit for a negative
//! multiplier, and F_k x + g_k is cone k. Feasible, dual feasible and no gap together prove
//! optimality of a convex program, whoever found the point.

use serde::{Deserialize, Serialize};

use super::ids::Var;
use super::model::{Affine, Model, dot};
use super::outcome::Duals;
use super::scale::Scale;

/// What counts as zero, relative to the scale of what is measured: a row's violation to
/// max(1, |limit|, |a_ij x_j|), a bound's to max(1, |bound|), a stationarity residual to
/// max(1, |∂f/∂x_j|, |a_ij y_i|), the gap to 1 + |objective|, all in the units of the program's
/// own `scale`. Integrality is absolute.
pub const TOLERANCE: f64 = 1e-6;

/// The figures of one solve.
///
/// Without multipliers `dual_residual` and `gap` are NaN and `certified` speaks of
/// feasibility alone. That is all a point of a mixed-integer model has: for its prices and
/// their certificate, certify [`Model::fix_integers`]. Multipliers given with an integer
/// model are those of its relaxation; no gap then proves the integer point optimal, too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Certificate {
    /// Which solve, e.g. `RT-SCED, interval 3`.
    pub solve: String,
    /// Largest violation of a row, in the row's unit.
    pub primal_residual: f64,
    /// Largest violation of stationarity, sign or dual cone, in cost per unit: $/MWh for a market model.
    pub dual_residual: f64,
    /// (primal − dual objective) / (1 + |primal objective|).
    pub gap: f64,
    /// Largest violation of any row, bound, cone or integrality, in its own unit.
    pub largest_violation: f64,
    /// Every figure is a number and within [`TOLERANCE`] of its scale.
    pub certified: bool,
}

/// Measures `x`, and with `duals` its optimality. Any NaN, or a vector of the wrong
/// length, means not certified.
pub fn certify(
    solve: impl Into<String>,
    model: &Model,
    x: &[f64],
    duals: Option<&Duals>,
) -> Certificate {
    let scale = Scale::of(model);
    if scale.is_one() {
        return certify_as_written(solve.into(), model, x, duals);
    }
    let duals = duals.map(|duals| scale.duals_inward(duals));
    let x = scale.inward(x);
    let own = certify_as_written(solve.into(), &scale.model(model), &x, duals.as_ref());
    Certificate {
        primal_residual: own.primal_residual * scale.size,
        dual_residual: own.dual_residual * scale.price,
        largest_violation: own.largest_violation * scale.size,
        ..own
    }
}

fn certify_as_written(
    solve: String,
    model: &Model,
    x: &[f64],
    duals: Option<&Duals>,
) -> Certificate {
    let primal = feasibility(model, x);
    let mut certificate = Certificate {
        solve,
        primal_residual: primal.rows.raw,
        dual_residual: f64::NAN,
        gap: f64::NAN,
        largest_violation: primal.largest_violation,
        certified: primal.holds() && model.objective(x).is_finite(),
    };
    if let Some(duals) = duals {
        let dual = optimality(model, x, duals);
        certificate.dual_residual = dual.residual.raw;
        certificate.gap = dual.gap;
        certificate.certified &= dual.residual.holds() && dual.gap.abs() <= TOLERANCE;
    }
    certificate
}

/// The largest of several violations, as it is and relative to its scale. NaN sticks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worst {
    pub raw: f64,
    pub scaled: f64,
}

impl Worst {
    const UNKNOWN: Worst = Worst {
        raw: f64::NAN,
        scaled: f64::NAN,
    };

    /// Takes in a violation (≤ 0 is none) of a quantity whose magnitude is `scale`.
    fn add(&mut self, violation: f64, scale: f64) {
        let violation = if violation <= 0.0 { 0.0 } else { violation };
        self.raw = larger(self.raw, violation);
        self.scaled = larger(self.scaled, violation / scale.max(1.0));
    }

    fn holds(self) -> bool {
        self.raw.is_finite() && self.scaled <= TOLERANCE
    }
}

/// The larger of two numbers; NaN if either is.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a >= b { a } else { b }
}

/// Violations of a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Feasibility {
    rows: Worst,
    all: Worst,
    pub largest_violation: f64,
}

impl Feasibility {
    pub(super) fn holds(self) -> bool {
        self.all.holds()
    }
}

/// Measures `x` against every row, bound, cone and integrality of the model.
pub(super) fn feasibility(model: &Model, x: &[f64]) -> Feasibility {
    if x.len() != model.vars().len() {
        return Feasibility {
            rows: Worst::UNKNOWN,
            all: Worst::UNKNOWN,
            largest_violation: f64::NAN,
        };
    }
    let mut rows = Worst::default();
    for row in model.rows() {
        let value = dot(&row.terms, x);
        let size = row.terms.iter().fold(0.0_f64, |size, &(v, a)| {
            size.max(x.get(v.0).map_or(0.0, |x| (a * x).abs()))
        });
        rows.add(row.lower - value, finite(row.lower).max(size));
        rows.add(value - row.upper, finite(row.upper).max(size));
    }
    let mut all = rows;
    for (column, &x) in model.vars().iter().zip(x) {
        all.add(column.lower - x, finite(column.lower));
        all.add(x - column.upper, finite(column.upper));
        if column.integer {
            all.add((x - x.round()).abs(), 1.0);
        }
    }
    for cone in model.cones() {
        let (first, rest) = split(cone.rows.iter().map(|row| row.value(x)));
        all.add(rest - first, first.abs().max(rest));
    }
    Feasibility {
        rows,
        all,
        largest_violation: all.raw,
    }
}

struct Optimality {
    residual: Worst,
    gap: f64,
}

fn optimality(model: &Model, x: &[f64], duals: &Duals) -> Optimality {
    let matches = duals.rows.len() == model.rows().len()
        && duals.reduced.len() == model.vars().len()
        && duals.cones.len() == model.cones().len()
        && duals
            .cones
            .iter()
            .zip(model.cones())
            .all(|(u, cone)| u.len() == cone.rows.len())
        && x.len() == model.vars().len();
    if !matches {
        return Optimality {
            residual: Worst::UNKNOWN,
            gap: f64::NAN,
        };
    }
    let mut residual = Worst::default();
    let objective = model.objective(x);
    let linear: f64 = model.vars().iter().zip(x).map(|(c, x)| c.cost * x).sum();
    let quadratic = objective - model.constant() - linear;
    let mut dual = model.constant() - quadratic;

    // Stationarity, term by term so that its scale is known.
    let mut left = model.gradient(x);
    let mut scale: Vec<f64> = left.iter().map(|g| g.abs()).collect();
    let mut subtract = |terms: &[(Var, f64)], multiplier: f64| {
        for &(v, a) in terms {
            if let (Some(left), Some(scale)) = (left.get_mut(v.0), scale.get_mut(v.0)) {
                *left -= a * multiplier;
                *scale = scale.max((a * multiplier).abs());
            }
        }
    };
    for (row, &y) in model.rows().iter().zip(&duals.rows) {
        subtract(&row.terms, y);
    }
    for (cone, u) in model.cones().iter().zip(&duals.cones) {
        for (Affine { terms, constant }, &u) in cone.rows.iter().zip(u) {
            subtract(terms, u);
            dual -= u * constant;
        }
    }
    for ((left, scale), z) in left.iter().zip(&scale).zip(&duals.reduced) {
        residual.add((left - z).abs(), *scale);
    }

    // Signs and the dual objective.
    let size = |values: &[f64]| values.iter().fold(0.0_f64, |size, v| size.max(v.abs()));
    let row_size = size(&duals.rows);
    for (row, &y) in model.rows().iter().zip(&duals.rows) {
        dual += priced(y, row.lower, row.upper, row_size, &mut residual);
    }
    for ((column, &z), &scale) in model.vars().iter().zip(&duals.reduced).zip(&scale) {
        dual += priced(z, column.lower, column.upper, scale, &mut residual);
    }
    for u in &duals.cones {
        let (first, rest) = split(u.iter().copied());
        residual.add(rest - first, first.abs().max(rest));
    }
    Optimality {
        residual,
        gap: (objective - dual) / (1.0 + objective.abs()),
    }
}

/// What a multiplier adds to the dual objective; where the limit its sign calls for does
/// not exist, the multiplier is a violation instead.
fn priced(multiplier: f64, lower: f64, upper: f64, scale: f64, residual: &mut Worst) -> f64 {
    let limit = if multiplier >= 0.0 { lower } else { upper };
    if multiplier.is_nan() || limit.is_finite() {
        multiplier * limit
    } else {
        residual.add(multiplier.abs(), scale);
        0.0
    }
}

/// The first value and the Euclidean norm of the others.
fn split(mut values: impl Iterator<Item = f64>) -> (f64, f64) {
    let first = values.next().unwrap_or(f64::NAN);
    (first, values.map(|v| v * v).sum::<f64>().sqrt())
}

fn finite(limit: f64) -> f64 {
    if limit.is_finite() { limit.abs() } else { 0.0 }
}
