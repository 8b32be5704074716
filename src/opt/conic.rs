//! Linear, quadratic and second-order cone programs by interior point (clarabel).
//!
//! The model becomes min ½xᵀPx + qᵀx with A x + s = b, s in a product of cones:
//!
//! ```text
//! row or bound, equality     a·x + s = b       s = 0
//! upper limit u              a·x + s = u       s ≥ 0
//! lower limit l             −a·x + s = −l      s ≥ 0
//! cone k                    −F x + s = g       s in the second-order cone
//! ```
//!
//! With ∂f/∂b = −z for the multipliers z of the crate, the multipliers of this layer are
//! y = −z at an equality or upper limit, y = +z at a lower limit, u = z for a cone.
//!
//! The point is in the middle of the optimal face where that is not a single point: take
//! duals from here, never from the active set of this x. A solve whose residuals or gap,
//! recomputed from the model, exceed
//! [`TOLERANCE`](super::certificate::TOLERANCE) is a failure; mend it by scaling.

use super::certificate;
use super::model::{Affine, Model, Var};
use super::outcome::{Duals, Outcome, Solution};
use super::sparse::Ldl;
use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};

/// Minimises a model without integers; duals come with the solution.
pub fn solve(model: &Model) -> Outcome {
    attempt(model).unwrap_or_else(|outcome| outcome)
}

/// Which multiplier of the model a multiplier of the crate is.
#[derive(Clone, Copy)]
enum Origin {
    Row(usize, f64),
    Bound,
    Cone(usize),
}

/// A x + s = b, one line at a time.
#[derive(Default)]
struct Lines {
    rows: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
    right: Vec<f64>,
    origins: Vec<Origin>,
    cones: Vec<SupportedConeT<f64>>,
}

impl Lines {
    /// The line `sign · terms · x + s = right`.
    fn push(&mut self, terms: &[(Var, f64)], sign: f64, right: f64, origin: Origin) {
        let line = self.right.len();
        for &(v, a) in terms {
            self.rows.push(line);
            self.columns.push(v.0);
            self.values.push(sign * a);
        }
        self.right.push(right);
        self.origins.push(origin);
    }

    /// The inequality lines of one pair of limits, equality excluded.
    fn push_sides(
        &mut self,
        terms: &[(Var, f64)],
        (lower, upper): (f64, f64),
        origin: impl Fn(f64) -> Origin,
    ) {
        if upper.is_finite() {
            self.push(terms, 1.0, upper, origin(-1.0));
        }
        if lower.is_finite() {
            self.push(terms, -1.0, -lower, origin(1.0));
        }
    }
}

fn attempt(model: &Model) -> Result<Outcome, Outcome> {
    model.check().map_err(Outcome::Failed)?;
    if model.has_integers() {
        return Err(Outcome::Failed(format!(
            "`{}` has integers; interior point takes none",
            model.name()
        )));
    }
    let crossed = |lower: f64, upper: f64| lower > upper;
    if model.vars().iter().any(|c| crossed(c.lower, c.upper))
        || model.rows().iter().any(|r| crossed(r.lower, r.upper))
    {
        return Err(Outcome::Infeasible);
    }
    let n = model.vars().len();
    if n == 0 {
        // The crate factors an empty matrix with a panic.
        return Ok(no_variables(model));
    }
    if !convex(model) {
        return Err(Outcome::Failed(format!(
            "the quadratic cost of `{}` is not convex",
            model.name()
        )));
    }
    let lines = lines(model);
    let matrix = CscMatrix::new_from_triplets(
        lines.right.len(),
        n,
        lines.rows,
        lines.columns,
        lines.values,
    );
    let costs: Vec<f64> = model.vars().iter().map(|c| c.cost).collect();
    let settings = DefaultSettings {
        verbose: false,
        ..DefaultSettings::default()
    };
    let mut solver = DefaultSolver::new(
        &hessian(model),
        &costs,
        &matrix,
        &lines.right,
        &lines.cones,
        settings,
    )
    .map_err(|error| Outcome::Failed(error.to_string()))?;
    solver.solve();
    match solver.solution.status {
        SolverStatus::Solved => {}
        SolverStatus::PrimalInfeasible => return Err(Outcome::Infeasible),
        SolverStatus::DualInfeasible => return Err(Outcome::Unbounded),
        other => {
            return Err(Outcome::Failed(format!(
                "`{}` was not solved ({other:?} after {} iterations); scale its rows and costs",
                model.name(),
                solver.solution.iterations
            )));
        }
    }
    let x = std::mem::take(&mut solver.solution.x);
    let duals = duals(model, &x, &solver.solution.z, &lines.origins);
    let check = certificate::certify(model.name(), model, &x, Some(&duals));
    if !check.certified {
        return Err(Outcome::Failed(format!(
            "the solver calls `{}` solved, but recomputed from the model a limit is missed by {:.1e}, the dual residual is {:.1e} and the gap {:.1e}",
            model.name(),
            check.largest_violation,
            check.dual_residual,
            check.gap
        )));
    }
    Ok(Outcome::Optimal(Solution {
        objective: model.objective(&x),
        x,
        duals: Some(duals),
    }))
}

fn no_variables(model: &Model) -> Outcome {
    if !certificate::feasibility(model, &[]).holds() {
        return Outcome::Infeasible;
    }
    let cones = model.cones().iter();
    Outcome::Optimal(Solution {
        x: Vec::new(),
        objective: model.constant(),
        duals: Some(Duals {
            rows: vec![0.0; model.rows().len()],
            reduced: Vec::new(),
            cones: cones.map(|cone| vec![0.0; cone.rows.len()]).collect(),
            unique: false,
        }),
    })
}

/// Upper triangle of P: q x_i x_j is P_ij = q off the diagonal and P_ii = 2q on it.
fn hessian(model: &Model) -> CscMatrix<f64> {
    let n = model.vars().len();
    let terms = model.quadratic_terms();
    CscMatrix::new_from_triplets(
        n,
        n,
        terms.iter().map(|t| t.0.0).collect(),
        terms.iter().map(|t| t.1.0).collect(),
        terms.iter().map(doubled).collect(),
    )
}

/// The entry of P for the term q x_i x_j.
fn doubled(&(i, j, q): &(Var, Var, f64)) -> f64 {
    if i == j { 2.0 * q } else { q }
}

/// Whether P + εI, with ε = 1e-9 of the largest entry, has positive pivots only.
fn convex(model: &Model) -> bool {
    let terms = model.quadratic_terms();
    if terms.is_empty() {
        return true;
    }
    let size = terms.iter().fold(0.0_f64, |size, t| size.max(t.2.abs()));
    let shift = (0..model.vars().len()).map(|j| (j, j, 1e-9 * size));
    let entries: Vec<_> = terms
        .iter()
        .map(|term| (term.0.0, term.1.0, doubled(term)))
        .chain(shift)
        .collect();
    Ldl::new(model.vars().len(), &entries).is_ok_and(|factor| factor.is_positive())
}

/// Equalities first, then inequalities, then cones: one block per kind.
fn lines(model: &Model) -> Lines {
    let mut lines = Lines::default();
    let equal = |lower: f64, upper: f64| lower == upper;
    for (i, row) in model.rows().iter().enumerate() {
        if equal(row.lower, row.upper) {
            lines.push(&row.terms, 1.0, row.upper, Origin::Row(i, -1.0));
        }
    }
    for (j, column) in model.vars().iter().enumerate() {
        if equal(column.lower, column.upper) {
            lines.push(&[(Var(j), 1.0)], 1.0, column.upper, Origin::Bound);
        }
    }
    let equalities = lines.right.len();
    for (i, row) in model.rows().iter().enumerate() {
        if !equal(row.lower, row.upper) {
            lines.push_sides(&row.terms, (row.lower, row.upper), |s| Origin::Row(i, s));
        }
    }
    for (j, column) in model.vars().iter().enumerate() {
        if !equal(column.lower, column.upper) {
            let limits = (column.lower, column.upper);
            lines.push_sides(&[(Var(j), 1.0)], limits, |_| Origin::Bound);
        }
    }
    let inequalities = lines.right.len() - equalities;
    if equalities > 0 {
        lines.cones.push(SupportedConeT::ZeroConeT(equalities));
    }
    if inequalities > 0 {
        lines
            .cones
            .push(SupportedConeT::NonnegativeConeT(inequalities));
    }
    for (k, cone) in model.cones().iter().enumerate() {
        for Affine { terms, constant } in &cone.rows {
            lines.push(terms, -1.0, *constant, Origin::Cone(k));
        }
        lines
            .cones
            .push(SupportedConeT::SecondOrderConeT(cone.rows.len()));
    }
    lines
}

/// Multipliers of rows and cones from the crate; reduced costs from stationarity, so that
/// what is inexact shows as a sign or a gap in the certificate.
fn duals(model: &Model, x: &[f64], z: &[f64], origins: &[Origin]) -> Duals {
    let mut rows = vec![0.0; model.rows().len()];
    let mut cones: Vec<Vec<f64>> = vec![Vec::new(); model.cones().len()];
    for (origin, &z) in origins.iter().zip(z) {
        match *origin {
            Origin::Row(i, sign) => rows[i] += sign * z,
            Origin::Bound => {}
            Origin::Cone(k) => cones[k].push(z),
        }
    }
    let mut reduced = model.gradient(x);
    let mut subtract = |terms: &[(Var, f64)], multiplier: f64| {
        for &(v, a) in terms {
            reduced[v.0] -= a * multiplier;
        }
    };
    for (row, &y) in model.rows().iter().zip(&rows) {
        subtract(&row.terms, y);
    }
    for (cone, u) in model.cones().iter().zip(&cones) {
        for (row, &u) in cone.rows.iter().zip(u) {
            subtract(&row.terms, u);
        }
    }
    Duals {
        rows,
        reduced,
        cones,
        unique: false,
    }
}
