//! Sparse factorisation of symmetric systems, A = P'·L·D·L'·P.
//!
//! The numbers come from `clarabel::qdldl` with its regularisation off: the default silently moves
//! pivots of the "wrong" sign, and a network with a negative reactance has such pivots.

use clarabel::algebra::CscMatrix;
use clarabel::qdldl::{QDLDLFactorisation, QDLDLSettings};

/// The factors of one symmetric n × n matrix; solves any number of right-hand sides.
#[derive(Debug)]
pub struct Ldl {
    n: usize,
    factors: Option<QDLDLFactorisation<f64>>,
}

impl Ldl {
    /// Factors the matrix with the given entries `(row, column, value)`.
    ///
    /// Only the upper triangle is given (row ≤ column); entries at the same place are added.
    ///
    /// # Errors
    /// An entry outside the upper triangle or not finite, or a zero pivot.
    pub fn new(n: usize, upper: &[(usize, usize, f64)]) -> Result<Self, String> {
        if n == 0 {
            return Ok(Self { n, factors: None });
        }
        let mut rows = Vec::with_capacity(upper.len() + n);
        let mut columns = Vec::with_capacity(upper.len() + n);
        let mut values = Vec::with_capacity(upper.len() + n);
        for &(row, column, value) in upper {
            if row > column || column >= n {
                return Err(format!(
                    "entry ({row}, {column}) is outside the upper triangle of a {n} × {n} matrix"
                ));
            }
            if !value.is_finite() {
                return Err(format!("entry ({row}, {column}) is {value}"));
            }
            rows.push(row);
            columns.push(column);
            values.push(value);
        }
        // The factorisation wants every diagonal entry to be stored.
        for i in 0..n {
            rows.push(i);
            columns.push(i);
            values.push(0.0);
        }
        let matrix = CscMatrix::new_from_triplets(n, n, rows, columns, values);
        let settings = QDLDLSettings {
            regularize_enable: false,
            ..QDLDLSettings::default()
        };
        let factors = QDLDLFactorisation::new(&matrix, Some(settings))
            .map_err(|error| format!("the matrix cannot be factored: {error}"))?;
        if factors.Dinv.iter().any(|d| !d.is_finite()) {
            return Err("the matrix is singular".to_string());
        }
        Ok(Self {
            n,
            factors: Some(factors),
        })
    }

    /// Solves A·x = b in place. A `b` of the wrong length is filled with NaN.
    pub fn solve(&self, b: &mut [f64]) {
        if b.len() != self.n {
            b.fill(f64::NAN);
            return;
        }
        let Some(factors) = &self.factors else { return };
        let lower = &factors.L;
        let mut x: Vec<f64> = factors.perm.iter().map(|&p| b[p]).collect();
        // L·y = P·b (unit diagonal, columns of L in order)
        for j in 0..self.n {
            let xj = x[j];
            for k in lower.colptr[j]..lower.colptr[j + 1] {
                x[lower.rowval[k]] -= lower.nzval[k] * xj;
            }
        }
        // L'·x = D⁻¹·y
        for j in (0..self.n).rev() {
            let mut xj = x[j] * factors.Dinv[j];
            for k in lower.colptr[j]..lower.colptr[j + 1] {
                xj -= lower.nzval[k] * x[lower.rowval[k]];
            }
            x[j] = xj;
        }
        for (value, &p) in x.iter().zip(&factors.perm) {
            b[p] = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ldl;

    #[test]
    fn solves_a_small_indefinite_system() {
        // [2 1 0; 1 -3 1; 0 1 1] · [1 2 3] = [4, -2, 5]
        let a = [
            (0, 0, 2.0),
            (0, 1, 1.0),
            (1, 1, -3.0),
            (1, 2, 1.0),
            (2, 2, 0.5),
            (2, 2, 0.5),
        ];
        let mut b = [4.0, -2.0, 5.0];
        Ldl::new(3, &a).unwrap().solve(&mut b);
        for (have, want) in b.iter().zip([1.0, 2.0, 3.0]) {
            assert!((have - want).abs() < 1e-12, "{b:?}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(Ldl::new(2, &[(1, 0, 1.0)]).unwrap_err().contains("(1, 0)"));
        assert!(Ldl::new(2, &[(0, 5, 1.0)]).unwrap_err().contains("(0, 5)"));
        assert!(
            Ldl::new(1, &[(0, 0, f64::NAN)])
                .unwrap_err()
                .contains("NaN")
        );
        assert!(Ldl::new(2, &[(0, 0, 1.0), (0, 1, 1.0), (1, 1, 1.0)]).is_err());
        assert!(Ldl::new(0, &[]).is_ok());
    }
}
