//! Sparse LDLᵀ of a symmetric matrix that need not be definite.
//!
//! A thin wrapper on `clarabel::qdldl` with its regularisation off: left on, it shifts small
//! or negative pivots in silence and the solution is that of another matrix (a network with
//! a negative reactance has such pivots and is perfectly regular).

use crate::opt::Failure;
use clarabel::algebra::CscMatrix;
use clarabel::qdldl::{QDLDLFactorisation, QDLDLSettings};

/// A pivot smaller than this beside the matrix's largest entry means a singular matrix.
const PIVOT_TOLERANCE: f64 = 1e-13;

/// P A Pᵀ = L D Lᵀ with unit lower triangular L, diagonal D and a fill-reducing order P.
#[derive(Clone, Debug)]
pub struct Ldl {
    /// Entry k of the reordered vector is entry `order[k]` of the given one.
    order: Vec<usize>,
    /// Column starts, rows and values of L below its unit diagonal.
    starts: Vec<usize>,
    rows: Vec<usize>,
    values: Vec<f64>,
    inverse_diagonal: Vec<f64>,
}

impl Ldl {
    /// Factors the n × n symmetric matrix given by its **upper triangle**: entries
    /// `(row, column, value)` with row ≤ column, in any order; repeated entries add up.
    ///
    /// # Errors
    /// An entry below the diagonal (it would count twice), outside the matrix or not
    /// finite; a column without entries; a singular matrix.
    pub fn new(n: usize, upper: &[(usize, usize, f64)]) -> Result<Ldl, Failure> {
        if n == 0 {
            return Ok(Ldl {
                order: Vec::new(),
                starts: vec![0],
                rows: Vec::new(),
                values: Vec::new(),
                inverse_diagonal: Vec::new(),
            });
        }
        let mut scale = 0.0_f64;
        for &(i, j, a) in upper {
            if i > j || j >= n || !a.is_finite() {
                return Err(Failure::Refused(format!(
                    "entry ({i}, {j}) = {a} is not a finite number in the upper triangle of a {n} × {n} matrix"
                )));
            }
            scale = scale.max(a.abs());
        }
        let matrix = CscMatrix::new_from_triplets(
            n,
            n,
            upper.iter().map(|e| e.0).collect(),
            upper.iter().map(|e| e.1).collect(),
            upper.iter().map(|e| e.2).collect(),
        );
        let settings = QDLDLSettings {
            regularize_enable: false,
            ..QDLDLSettings::default()
        };
        let factor =
            QDLDLFactorisation::new(&matrix, Some(settings)).map_err(|error| singular(n, error))?;
        let pivots = factor.D.iter().zip(&factor.perm);
        for (&pivot, &at) in pivots {
            if pivot.is_nan() || pivot.abs() <= PIVOT_TOLERANCE * scale {
                return Err(Failure::Numerics(format!(
                    "the {n} × {n} matrix is singular (pivot {pivot:e} at row {at})"
                )));
            }
        }
        Ok(Ldl {
            order: factor.perm,
            starts: factor.L.colptr,
            rows: factor.L.rowval,
            values: factor.L.nzval,
            inverse_diagonal: factor.Dinv,
        })
    }

    /// Number of rows of the matrix.
    pub fn size(&self) -> usize {
        self.order.len()
    }

    /// Whether the matrix is positive definite: every pivot is positive.
    pub fn is_positive(&self) -> bool {
        self.inverse_diagonal.iter().all(|&d| d > 0.0)
    }

    /// Replaces `b` by the solution of A x = b.
    ///
    /// # Errors
    /// `b` of another length than the matrix has rows.
    pub fn solve(&self, b: &mut [f64]) -> Result<(), Failure> {
        self.solve_in(b, &mut Vec::new())
    }

    /// [`Ldl::solve`] in space of the caller.
    ///
    /// # Errors
    /// As there.
    pub fn solve_in(&self, b: &mut [f64], x: &mut Vec<f64>) -> Result<(), Failure> {
        let n = self.order.len();
        if b.len() != n {
            return Err(Failure::Refused(format!(
                "a right-hand side of {} for a {n} × {n} matrix",
                b.len()
            )));
        }
        x.clear();
        x.extend(self.order.iter().map(|&k| b[k]));
        for column in 0..n {
            let at = x[column];
            for (row, value) in self.column(column) {
                x[row] -= value * at;
            }
        }
        for (x, inverse) in x.iter_mut().zip(&self.inverse_diagonal) {
            *x *= inverse;
        }
        for column in (0..n).rev() {
            let sum: f64 = self.column(column).map(|(row, value)| value * x[row]).sum();
            x[column] -= sum;
        }
        for (&k, &x) in self.order.iter().zip(&*x) {
            b[k] = x;
        }
        Ok(())
    }

    /// [`Ldl::solve_in`] of eight right-hand sides at a time: every entry of the factor is read once for all of them.
    ///
    /// # Errors
    /// As there.
    pub fn solve_eight(&self, b: &mut [[f64; 8]], x: &mut Vec<[f64; 8]>) -> Result<(), Failure> {
        let n = self.order.len();
        if b.len() != n {
            return Err(Failure::Refused(format!(
                "right-hand sides of {} for a {n} × {n} matrix",
                b.len()
            )));
        }
        x.clear();
        x.extend(self.order.iter().map(|&k| b[k]));
        for column in 0..n {
            let at = x[column];
            for (row, value) in self.column(column) {
                let x = x[row].iter_mut().zip(&at);
                x.for_each(|(x, at)| *x -= value * at);
            }
        }
        for (x, inverse) in x.iter_mut().zip(&self.inverse_diagonal) {
            x.iter_mut().for_each(|x| *x *= inverse);
        }
        for column in (0..n).rev() {
            let mut sum = [0.0; 8];
            for (row, value) in self.column(column) {
                let sum = sum.iter_mut().zip(&x[row]);
                sum.for_each(|(sum, x)| *sum += value * x);
            }
            let x = x[column].iter_mut().zip(&sum);
            x.for_each(|(x, sum)| *x -= sum);
        }
        for (&k, &x) in self.order.iter().zip(&*x) {
            b[k] = x;
        }
        Ok(())
    }

    fn column(&self, column: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let entries = self.starts[column]..self.starts[column + 1];
        self.rows[entries.clone()]
            .iter()
            .copied()
            .zip(self.values[entries].iter().copied())
    }
}

/// LDLᵀ of one symmetric matrix after another with entries in the same places: the order of elimination
/// is found once.
pub struct Again {
    factor: QDLDLFactorisation<f64>,
    /// Where in the columns of the matrix each of the given entries is added.
    slots: Vec<usize>,
    every: Vec<usize>,
}

impl Again {
    /// Factors the n × n matrix of these entries, as [`Ldl::new`] takes them, in a given order of elimination or
    /// one that fills in little.
    ///
    /// # Errors
    /// As [`Ldl::new`]; a pivot is singular only at zero.
    pub fn new(
        n: usize,
        upper: &[(usize, usize, f64)],
        order: Option<Vec<usize>>,
    ) -> Result<Again, Failure> {
        let mut places: Vec<(usize, usize)> = upper.iter().map(|&(i, j, _)| (j, i)).collect();
        places.sort_unstable();
        places.dedup();
        let slots = upper.iter().map(|&(i, j, _)| {
            let found = places.binary_search(&(j, i));
            found.unwrap_or_else(|next| next)
        });
        let slots: Vec<usize> = slots.collect();
        let mut starts = vec![0; n + 1];
        for &(column, row) in &places {
            if row > column || column >= n {
                return Err(Failure::Refused(format!(
                    "entry ({row}, {column}) is not in the upper triangle of a {n} × {n} matrix"
                )));
            }
            starts[column + 1] += 1;
        }
        for column in 0..n {
            starts[column + 1] += starts[column];
        }
        let rows = places.iter().map(|place| place.1).collect();
        let values = added(&slots, upper, places.len());
        let matrix = CscMatrix::new(n, n, starts, rows, values);
        let settings = QDLDLSettings {
            perm: order,
            regularize_enable: false,
            ..QDLDLSettings::default()
        };
        let factor = QDLDLFactorisation::new(&matrix, Some(settings));
        Ok(Again {
            factor: factor.map_err(|error| singular(n, error))?,
            slots,
            every: (0..places.len()).collect(),
        })
    }

    /// The order of elimination.
    pub fn order(&self) -> &[usize] {
        &self.factor.perm
    }

    /// Factors the matrix with other values in the same places, in the same order.
    ///
    /// # Errors
    /// A pivot of zero; entries of another number.
    pub fn refactor(&mut self, upper: &[(usize, usize, f64)]) -> Result<(), Failure> {
        let n = self.factor.D.len();
        if upper.len() != self.slots.len() {
            return Err(Failure::Refused(format!(
                "{} entries for {} places",
                upper.len(),
                self.slots.len()
            )));
        }
        let values = added(&self.slots, upper, self.every.len());
        self.factor.update_values(&self.every, &values);
        self.factor.refactor().map_err(|error| singular(n, error))
    }

    /// Replaces `b`, as long as the matrix has rows, by the solution of A x = b.
    pub fn solve(&mut self, b: &mut [f64]) {
        self.factor.solve(b);
    }
}

fn added(slots: &[usize], upper: &[(usize, usize, f64)], count: usize) -> Vec<f64> {
    let mut values = vec![0.0; count];
    for (&slot, entry) in slots.iter().zip(upper) {
        values[slot] += entry.2;
    }
    values
}

fn singular(n: usize, error: impl std::fmt::Display) -> Failure {
    Failure::Numerics(format!("the {n} × {n} matrix cannot be factored: {error}"))
}
