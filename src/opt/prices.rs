//! Prices of a vertex from its active set.
//!
//! At an optimal x the multipliers solve a small linear system: every variable strictly
//! inside its bounds has reduced cost zero, every row away from its limits has price zero.
//!
//! ```text
//! j inside its bounds     ∂f/∂x_j = Σ_{i tight} a_ij y_i
//! i at its upper limit    y_i ≤ 0        j at its lower bound   z_j ≥ 0
//! i at its lower limit    y_i ≥ 0        j at its upper bound   z_j ≤ 0
//! i equality              y_i free       j fixed                z_j free
//! ```
//!
//! Where the system is square and regular there is one solution, found by LU in
//! microseconds. Elsewhere the solutions are a face of the dual polyhedron, written in as
//! few coordinates as it has dimensions ([`Face`]).
//!
//! The face is the whole set of optimal prices only if every limit that the point meets is
//! a row, also one met exactly: rows added lazily must be completed before prices are taken.
//!
//! **Rule at ties.** The price of a direction w (a change of the rows' limits) is the
//! cost of the *next* unit: the largest Σ w_i y_i over the face. Where no next unit can be
//! served at any price (unbounded above) it is the saving of the *last* unit: the smallest.
//! Several directions count in turn, each among the prices that the ones before it leave.
//! The price of a direction then depends on the face alone: not on the order or the choice of
//! rows that describe it.
//!
//! **Tight** means within [`TIGHT`] of the limit relative to max(1, |limit|) and, for a
//! row, to its largest |a_ij x_j|. A bid shorter than that is at both its bounds and sets
//! no price; drop bids below 1e-5. The point must be a vertex or close to one in this
//! sense; an interior-point x is not, and is refused or priced as degenerate.

use super::face::{Condition, Face};
use super::ids::{Row, Var};
use super::model::{Model, dot};
use super::outcome::Duals;
use super::scale::Scale;
use crate::opt::Failure;
use nalgebra::{DMatrix, DVector};
use std::sync::OnceLock;

/// Relative distance at which a limit is active.
pub const TIGHT: f64 = 1e-7;

/// Relative size at which a wrongly signed multiplier says that x is not optimal.
const SIGN: f64 = 1e-7;

/// Pivot beside the largest pivot at which the equilibrated system is singular.
const PIVOT: f64 = 1e-9;

/// The set of optimal multipliers at a point.
#[derive(Clone, Debug)]
pub struct DualFace {
    row_count: usize,
    tight: Vec<Tight>,
    gradient: Vec<f64>,
    sides: Vec<Side>,
    set: Set,
    unique: OnceLock<bool>,
    /// Multipliers are held in units of its price.
    scale: Scale,
}

/// Multipliers of the tight rows: the only ones, or all there are.
#[derive(Clone, Debug)]
enum Set {
    Point(Vec<f64>),
    Face(Face),
}

#[derive(Clone, Debug)]
struct Tight {
    row: usize,
    terms: Vec<(Var, f64)>,
    /// Bounds of y: sign rule of the limit that is tight.
    lower: f64,
    upper: f64,
}

/// Where a variable sits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Inside,
    Lower,
    Upper,
    Fixed,
}

impl DualFace {
    /// The multipliers that prove `x` optimal for `model`.
    ///
    /// # Errors
    /// A malformed model, integers (price [`Model::fix_integers`]), cones (take the
    /// interior-point duals), a point of the wrong length or outside a limit, and a point
    /// that no multipliers prove optimal.
    pub fn new(model: &Model, x: &[f64]) -> Result<DualFace, Failure> {
        model.check()?;
        if model.has_integers() {
            return refused("prices need the integers fixed: use Model::fix_integers".into());
        }
        if !model.cones().is_empty() {
            return refused("a model with cones has no vertex prices".into());
        }
        if x.len() != model.vars().len() {
            return refused(format!(
                "a point of {} values for {} variables",
                x.len(),
                model.vars().len()
            ));
        }
        let scale = Scale::of(model);
        if scale.is_one() {
            return DualFace::of(model, x, scale);
        }
        DualFace::of(&scale.model(model), &scale.inward(x), scale)
    }

    fn of(model: &Model, x: &[f64], scale: Scale) -> Result<DualFace, Failure> {
        let mut face = DualFace {
            scale,
            row_count: model.rows().len(),
            tight: tight_rows(model, x)?,
            gradient: model.gradient(x),
            sides: sides(model, x)?,
            set: Set::Point(Vec::new()),
            unique: OnceLock::new(),
        };
        face.set = match face.regular_point() {
            Some(point) => Set::Point(face.with_right_signs(point)?),
            None => Set::Face(face.all()?),
        };
        Ok(face)
    }

    /// Whether there is exactly one optimal dual vector.
    pub fn is_unique(&self) -> bool {
        matches!(self.set, Set::Point(_))
            || *self.unique.get_or_init(|| {
                self.tight.iter().all(|tight| {
                    let ends = self.scaled_interval(&[(Row(tight.row), 1.0)]);
                    ends.is_ok_and(|(low, high)| {
                        let size = low.abs().max(high.abs());
                        size.is_finite() && high - low <= SIGN * (1.0 + size)
                    })
                })
            })
    }

    /// Whether the active set alone leaves no choice, so that every price is the only one.
    pub fn is_point(&self) -> bool {
        matches!(self.set, Set::Point(_))
    }

    /// [`DualFace::duals_in_turn`] for one direction; an empty one takes any optimal vector,
    /// the same every time.
    ///
    /// # Errors
    /// As there.
    pub fn duals(&self, direction: &[(Row, f64)]) -> Result<Duals, Failure> {
        self.duals_in_turn([direction.to_vec()])
    }

    /// The dual vector; where it is not unique, by the rule at ties above for the directions in
    /// turn. What they leave open is decided the same way by the rows themselves, in order.
    ///
    /// # Errors
    /// A linear program over the face failed, or no vector of it has the right signs.
    pub fn duals_in_turn(
        &self,
        directions: impl IntoIterator<Item = Vec<(Row, f64)>>,
    ) -> Result<Duals, Failure> {
        match &self.set {
            Set::Point(y) => Ok(self.full(y)),
            Set::Face(face) => {
                let of_rows = self.tight.iter().map(|tight| vec![(Row(tight.row), 1.0)]);
                let all = directions.into_iter().chain(of_rows);
                let y = face.first(all.map(|w| self.weights(&w)))?;
                Ok(self.full(&self.with_right_signs(y)?))
            }
        }
    }

    /// Smallest and largest Σ w_i y_i over all optimal dual vectors; ±∞ where unbounded.
    /// Both are the same number where the price is unique.
    ///
    /// # Errors
    /// The linear program over the face failed.
    pub fn interval(&self, weights: &[(Row, f64)]) -> Result<(f64, f64), Failure> {
        let (low, high) = self.scaled_interval(weights)?;
        Ok((low * self.scale.price, high * self.scale.price))
    }

    fn scaled_interval(&self, weights: &[(Row, f64)]) -> Result<(f64, f64), Failure> {
        let w = self.weights(weights);
        match &self.set {
            Set::Point(y) => {
                let at: f64 = y.iter().zip(&w).map(|(y, w)| y * w).sum();
                Ok((at, at))
            }
            Set::Face(face) => face.interval(&w),
        }
    }

    /// One weight per tight row. Rows that are not tight have price zero.
    fn weights(&self, weights: &[(Row, f64)]) -> Vec<f64> {
        let mut all = vec![0.0; self.tight.len()];
        for (row, w) in weights {
            // Tight rows are in order.
            if let Ok(at) = self.tight.binary_search_by_key(&row.0, |tight| tight.row) {
                all[at] += w;
            }
        }
        all
    }

    /// The only solution of the stationarity equations, where they are square and regular.
    fn regular_point(&self) -> Option<Vec<f64>> {
        let mut position = vec![usize::MAX; self.sides.len()];
        let mut inside = Vec::new();
        for (j, side) in self.sides.iter().enumerate() {
            if *side == Side::Inside {
                position[j] = inside.len();
                inside.push(j);
            }
        }
        let n = self.tight.len();
        if inside.len() != n {
            return None;
        }
        if n == 0 {
            return Some(Vec::new());
        }
        // Row j: ∂f/∂x_j = Σ_i a_ij y_i; columns scaled so that pivots compare.
        let mut matrix = DMatrix::<f64>::zeros(n, n);
        let mut scales = Vec::with_capacity(n);
        for (i, tight) in self.tight.iter().enumerate() {
            let scale = tight.terms.iter().fold(0.0_f64, |s, (_, a)| s.max(a.abs()));
            let scale = if scale > 0.0 { scale } else { 1.0 };
            scales.push(scale);
            for &(v, a) in &tight.terms {
                let at = position.get(v.0).copied().unwrap_or(usize::MAX);
                if at < n {
                    matrix[(at, i)] = a / scale;
                }
            }
        }
        let right = DVector::from_iterator(n, inside.iter().map(|&j| self.gradient[j]));
        let lu = matrix.full_piv_lu();
        let u = lu.u();
        let pivots = || (0..n).map(|k| u[(k, k)].abs());
        let largest = pivots().fold(0.0, f64::max);
        if !pivots().all(|pivot| pivot > PIVOT * largest) {
            return None;
        }
        let y = lu.solve(&right)?;
        Some(y.iter().zip(&scales).map(|(y, scale)| y / scale).collect())
    }

    /// Sign rules at a point; tiny wrong signs become zero.
    fn with_right_signs(&self, mut point: Vec<f64>) -> Result<Vec<f64>, Failure> {
        let size = point.iter().fold(1.0_f64, |size, y| size.max(y.abs()));
        for (y, tight) in point.iter_mut().zip(&self.tight) {
            let allowed = y.clamp(tight.lower, tight.upper);
            if (*y - allowed).abs() > SIGN * size || y.is_nan() {
                return Err(Failure::Numerics(format!(
                    "this point is not optimal: row {} would have price {y}",
                    tight.row
                )));
            }
            *y = allowed;
        }
        let (reduced, scale) = self.reduced(&point);
        for (j, ((&z, &scale), side)) in reduced.iter().zip(&scale).zip(&self.sides).enumerate() {
            let wrong = match side {
                Side::Inside => z.abs(),
                Side::Lower => -z,
                Side::Upper => z,
                Side::Fixed => 0.0,
            };
            if wrong > SIGN * scale || z.is_nan() {
                return Err(Failure::Numerics(format!(
                    "this point is not optimal: variable {j} would have reduced cost {z}"
                )));
            }
        }
        Ok(point)
    }

    /// z = ∂f/∂x − Aᵀy and the magnitude of the terms it is made of.
    fn reduced(&self, y: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut reduced = self.gradient.clone();
        let mut scale: Vec<f64> = reduced.iter().map(|g| g.abs().max(1.0)).collect();
        for (tight, y) in self.tight.iter().zip(y) {
            for &(v, a) in &tight.terms {
                reduced[v.0] -= a * y;
                scale[v.0] = scale[v.0].max((a * y).abs());
            }
        }
        (reduced, scale)
    }

    fn full(&self, y: &[f64]) -> Duals {
        let mut rows = vec![0.0; self.row_count];
        for (tight, y) in self.tight.iter().zip(y) {
            rows[tight.row] = *y;
        }
        let (mut reduced, _) = self.reduced(y);
        for (z, side) in reduced.iter_mut().zip(&self.sides) {
            if *side == Side::Inside {
                *z = 0.0;
            }
        }
        self.scale.duals(Duals {
            rows,
            reduced,
            cones: Vec::new(),
            unique: self.is_unique(),
        })
    }

    /// The sign rules of all rows and variables as conditions on the tight rows' multipliers.
    fn all(&self) -> Result<Face, Failure> {
        let mut columns: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.sides.len()];
        let mut inequalities = Vec::new();
        let mut at_most = |terms: Vec<(usize, f64)>, limit: f64, sign: f64| {
            let terms = terms.into_iter().map(|(i, a)| (i, sign * a)).collect();
            let limit = sign * limit;
            inequalities.push(Condition { terms, limit });
        };
        for (i, tight) in self.tight.iter().enumerate() {
            for &(v, a) in &tight.terms {
                columns[v.0].push((i, a));
            }
            if tight.upper == 0.0 {
                at_most(vec![(i, 1.0)], 0.0, 1.0);
            }
            if tight.lower == 0.0 {
                at_most(vec![(i, 1.0)], 0.0, -1.0);
            }
        }
        let mut equations = Vec::new();
        for ((terms, &limit), side) in columns.into_iter().zip(&self.gradient).zip(&self.sides) {
            match side {
                Side::Inside => equations.push(Condition { terms, limit }),
                Side::Lower => at_most(terms, limit, 1.0),
                Side::Upper => at_most(terms, limit, -1.0),
                Side::Fixed => {}
            }
        }
        Face::new(self.tight.len(), equations, &inequalities)
    }
}

fn tight_rows(model: &Model, x: &[f64]) -> Result<Vec<Tight>, Failure> {
    let mut tight = Vec::new();
    for (i, row) in model.rows().iter().enumerate() {
        let value = dot(&row.terms, x);
        let size = row
            .terms
            .iter()
            .fold(1.0_f64, |size, &(v, a)| size.max((a * x[v.0]).abs()));
        let (lower, upper) = active(value, row.lower, row.upper, size)
            .ok_or_else(|| missed("limit of row", &row.name))?;
        if lower || upper {
            tight.push(Tight {
                row: i,
                terms: row.terms.clone(),
                lower: if upper { f64::NEG_INFINITY } else { 0.0 },
                upper: if lower { f64::INFINITY } else { 0.0 },
            });
        }
    }
    Ok(tight)
}

fn sides(model: &Model, x: &[f64]) -> Result<Vec<Side>, Failure> {
    model
        .vars()
        .iter()
        .zip(x)
        .map(
            |(column, &x)| match active(x, column.lower, column.upper, 1.0) {
                Some((true, true)) => Ok(Side::Fixed),
                Some((true, false)) => Ok(Side::Lower),
                Some((false, true)) => Ok(Side::Upper),
                Some((false, false)) => Ok(Side::Inside),
                None => Err(missed("bound of", &column.name)),
            },
        )
        .collect()
}

/// Whether the lower and the upper limit are tight; `None` where one is violated.
fn active(value: f64, lower: f64, upper: f64, size: f64) -> Option<(bool, bool)> {
    let within = |limit: f64| TIGHT * size.max(limit.abs());
    let above = value - lower;
    let below = upper - value;
    let lower_tight = lower.is_finite() && above <= within(lower);
    let upper_tight = upper.is_finite() && below <= within(upper);
    let missed = value.is_nan()
        || (lower_tight && above < -within(lower))
        || (upper_tight && below < -within(upper));
    (!missed).then_some((lower_tight, upper_tight))
}

fn refused<T>(why: String) -> Result<T, Failure> {
    Err(Failure::Refused(why))
}

fn missed(what: &str, name: &str) -> Failure {
    Failure::Numerics(format!("the point misses a {what} `{name}`"))
}
