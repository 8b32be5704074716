//! A model in the form the crate takes, and its multipliers back again.
//!
//! ```text
//! minimise    ½xᵀPx + qᵀx      A x + s = b      s in a product of cones
//!
//! row or bound, equality     a·x + s = b       s = 0
//! upper limit u              a·x + s = u       s ≥ 0
//! lower limit l             −a·x + s = −l      s ≥ 0
//! cone k                    −F x + s = g       s in the second-order cone
//! ```
//!
//! Changed limits move b, changed costs move q; A and P stay. That is so as long as every
//! pair of limits keeps its [`Kind`].

use super::super::ids::Var;
use super::super::model::{Affine, Column, Constraint, Model};
use super::super::outcome::Duals;
use super::super::sparse::Ldl;
use clarabel::algebra::CscMatrix;
use clarabel::solver::SupportedConeT;

/// A limit of this magnitude is none: the crate reads it as infinity.
const NO_LIMIT: f64 = 1e20;

/// Which lines a pair of limits is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Equality,
    Sides { lower: bool, upper: bool },
}

impl Kind {
    pub(super) fn of(lower: f64, upper: f64) -> Kind {
        if lower == upper {
            Kind::Equality
        } else {
            Kind::Sides {
                lower: lower > -NO_LIMIT,
                upper: upper < NO_LIMIT,
            }
        }
    }

    fn of_row(row: &Constraint) -> Kind {
        Kind::of(row.lower, row.upper)
    }

    fn of_column(column: &Column) -> Kind {
        Kind::of(column.lower, column.upper)
    }
}

/// Where the limits of a row or variable stand in b.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    upper: Option<usize>,
    lower: Option<usize>,
}

/// Which multiplier of the model a multiplier of the crate is.
#[derive(Clone, Copy, Debug)]
enum Origin {
    Row(usize, f64),
    Bound,
    Cone(usize),
}

/// A x + s = b, one line at a time: equalities, inequalities, cones.
#[derive(Clone, Debug, Default)]
pub(super) struct Standard {
    entries: Vec<(usize, usize, f64)>,
    pub(super) right: Vec<f64>,
    origins: Vec<Origin>,
    pub(super) cones: Vec<SupportedConeT<f64>>,
    /// Lines of equalities and inequalities; those of cones follow.
    pub(super) linear: usize,
    rows: Vec<Place>,
    columns: Vec<Place>,
}

impl Standard {
    pub(super) fn new(model: &Model) -> Standard {
        let mut form = Standard {
            rows: vec![Place::default(); model.rows().len()],
            columns: vec![Place::default(); model.vars().len()],
            ..Standard::default()
        };
        form.push_limits(model, true);
        let equalities = form.right.len();
        form.push_limits(model, false);
        form.linear = form.right.len();
        if equalities > 0 {
            form.cones.push(SupportedConeT::ZeroConeT(equalities));
        }
        if form.linear > equalities {
            let inequalities = form.linear - equalities;
            form.cones
                .push(SupportedConeT::NonnegativeConeT(inequalities));
        }
        for (k, cone) in model.cones().iter().enumerate() {
            for Affine { terms, constant } in &cone.rows {
                form.push(terms, -1.0, *constant, Origin::Cone(k));
            }
            form.cones
                .push(SupportedConeT::SecondOrderConeT(cone.rows.len()));
        }
        form
    }

    /// The lines of the limits that are equalities, or of those that are not.
    fn push_limits(&mut self, model: &Model, equalities: bool) {
        let wanted = |kind: Kind| (kind == Kind::Equality) == equalities;
        for (i, row) in model.rows().iter().enumerate() {
            let kind = Kind::of_row(row);
            if wanted(kind) {
                let limits = (row.lower, row.upper);
                self.rows[i] = self.push_kind(kind, &row.terms, limits, |s| Origin::Row(i, s));
            }
        }
        for (j, column) in model.vars().iter().enumerate() {
            let kind = Kind::of_column(column);
            if wanted(kind) {
                let limits = (column.lower, column.upper);
                let term = [(Var(j), 1.0)];
                self.columns[j] = self.push_kind(kind, &term, limits, |_| Origin::Bound);
            }
        }
    }

    fn push_kind(
        &mut self,
        kind: Kind,
        terms: &[(Var, f64)],
        (lower, upper): (f64, f64),
        origin: impl Fn(f64) -> Origin,
    ) -> Place {
        let mut place = Place::default();
        let (below, above) = match kind {
            Kind::Equality => (false, true),
            Kind::Sides { lower, upper } => (lower, upper),
        };
        if above {
            place.upper = Some(self.push(terms, 1.0, upper, origin(-1.0)));
        }
        if below {
            place.lower = Some(self.push(terms, -1.0, -lower, origin(1.0)));
        }
        place
    }

    /// The line `sign · terms · x + s = right`.
    fn push(&mut self, terms: &[(Var, f64)], sign: f64, right: f64, origin: Origin) -> usize {
        let line = self.right.len();
        let entries = terms.iter().map(|&(v, a)| (line, v.0, sign * a));
        self.entries.extend(entries);
        self.right.push(right);
        self.origins.push(origin);
        line
    }

    /// New limits of row `i`, of the kind they were.
    pub(super) fn set_row(&mut self, i: usize, lower: f64, upper: f64) {
        if let Some(&place) = self.rows.get(i) {
            self.set(place, lower, upper);
        }
    }

    /// New bounds of variable `j`, of the kind they were.
    pub(super) fn set_column(&mut self, j: usize, lower: f64, upper: f64) {
        if let Some(&place) = self.columns.get(j) {
            self.set(place, lower, upper);
        }
    }

    fn set(&mut self, place: Place, lower: f64, upper: f64) {
        if let Some(line) = place.upper {
            self.right[line] = upper;
        }
        if let Some(line) = place.lower {
            self.right[line] = -lower;
        }
    }

    /// A with line i multiplied by `lines[i]` and column j by `columns[j]`.
    pub(super) fn matrix(&self, lines: &[f64], columns: &[f64]) -> CscMatrix<f64> {
        CscMatrix::new_from_triplets(
            lines.len(),
            columns.len(),
            self.entries.iter().map(|e| e.0).collect(),
            self.entries.iter().map(|e| e.1).collect(),
            self.entries
                .iter()
                .map(|&(i, j, a)| lines[i] * a * columns[j])
                .collect(),
        )
    }

    /// The entries (line, column, value) of A.
    pub(super) fn entries(&self) -> &[(usize, usize, f64)] {
        &self.entries
    }

    /// Multipliers of rows and cones from those of the crate: with ∂f/∂b = −z they are
    /// y = −z at an equality or upper limit, y = +z at a lower limit, u = z for a cone.
    /// Reduced costs come from stationarity, so that what is inexact shows as a sign or a
    /// gap in the certificate.
    pub(super) fn duals(&self, model: &Model, x: &[f64], z: &[f64]) -> Duals {
        let mut rows = vec![0.0; model.rows().len()];
        let mut cones: Vec<Vec<f64>> = vec![Vec::new(); model.cones().len()];
        for (origin, &z) in self.origins.iter().zip(z) {
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
}

/// Upper triangle of P, entry (i, j) multiplied by `cost · columns[i] · columns[j]`:
/// q x_i x_j is P_ij = q off the diagonal and P_ii = 2q on it.
pub(super) fn hessian(model: &Model, cost: f64, columns: &[f64]) -> CscMatrix<f64> {
    let terms = model.quadratic_terms();
    CscMatrix::new_from_triplets(
        columns.len(),
        columns.len(),
        terms.iter().map(|t| t.0.0).collect(),
        terms.iter().map(|t| t.1.0).collect(),
        terms
            .iter()
            .map(|t| cost * columns[t.0.0] * doubled(t) * columns[t.1.0])
            .collect(),
    )
}

/// The entry of P for the term q x_i x_j.
fn doubled(&(i, j, q): &(Var, Var, f64)) -> f64 {
    if i == j { 2.0 * q } else { q }
}

/// Whether P + εI, with ε = 1e-9 of the largest entry, has positive pivots only.
pub(super) fn convex(model: &Model) -> bool {
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
