//! The equalities of the system: those written down and those the inequalities imply.

use super::half_space::{HalfSpace, Limits, NOISE, THIN};
use crate::opt::Failure;
use crate::opt::ids::Var;
use crate::opt::model::Model;
use crate::opt::simplex;
use nalgebra::{DMatrix, DVector};

/// What a multiplier of the solver may be off by.
const SOLVER: f64 = 1e-6;

/// Beside the size of its parts, a right-hand side above this is above zero, whatever the
/// solver's tolerance.
const FAR: f64 = 1e-4;

/// A pivot is no smaller than this beside the largest coefficient of its row.
const PIVOT: f64 = 0.1;

/// Σ a_j x_j = b as two inequalities, each with limits of its own.
#[derive(Clone, Debug)]
pub(super) struct Equality {
    pub at_most: HalfSpace,
    pub at_least: HalfSpace,
}

impl Equality {
    /// `row` plus the multiple of the equality that rids it of variable `j`.
    fn free(&self, row: &HalfSpace, j: usize) -> HalfSpace {
        let (c, a) = (row.a(j), self.at_most.a(j));
        if c == 0.0 || a == 0.0 {
            return row.clone();
        }
        let side = if (c > 0.0) == (a > 0.0) {
            &self.at_least
        } else {
            &self.at_most
        };
        HalfSpace::sum(&[(row, 1.0), (side, (c / side.a(j)).abs())], Some(j))
    }

    fn free_equality(&self, other: &mut Equality, j: usize) {
        other.at_most = self.free(&other.at_most, j);
        other.at_least = self.free(&other.at_least, j);
    }
}

/// Equalities and inequalities between variables not yet eliminated.
pub(super) struct System {
    keep: Vec<bool>,
    /// Not yet used to eliminate a variable.
    pending: Vec<Equality>,
    /// Equalities of kept variables alone, each with the variable it was solved for, which
    /// occurs nowhere else.
    pub solved: Vec<(usize, Equality)>,
    pub rows: Vec<HalfSpace>,
}

impl System {
    pub fn new(limits: &Limits, keep: &[Var]) -> System {
        let mut system = System {
            keep: vec![false; limits.vars()],
            pending: Vec::new(),
            solved: Vec::new(),
            rows: Vec::new(),
        };
        for var in keep {
            if let Some(kept) = system.keep.get_mut(var.0) {
                *kept = true;
            }
        }
        for k in (0..limits.len()).step_by(2) {
            match (limits.half_space(k), limits.half_space(k + 1)) {
                (Some(at_most), Some(at_least)) if limits.equal(k) => {
                    system.pending.push(Equality { at_most, at_least });
                }
                (upper, lower) => system.rows.extend(upper.into_iter().chain(lower)),
            }
        }
        system
    }

    /// Uses every equality to rid all else of one variable, those not kept first, and finds
    /// the equalities that the inequalities imply, until there are no more. What is left of
    /// the inequalities then has an interior.
    ///
    /// # Errors
    /// The set is empty, or the solver failed.
    pub fn settle(&mut self, limits: &Limits) -> Result<(), Failure> {
        loop {
            for kept in [false, true] {
                while let Some((e, j)) = self.pivot(kept) {
                    self.solve_for(e, j);
                }
            }
            // Nothing is left of what is pending but constants.
            let constants = self.pending.drain(..);
            let constants = constants.flat_map(|e| [e.at_most, e.at_least]);
            for row in constants.chain(self.rows.iter().filter(|r| r.is_constant()).cloned()) {
                if row.contradicts() {
                    return Err(Failure::empty(&row, limits));
                }
            }
            self.rows.retain(|row| !row.is_constant());
            let Some(y) = thinnest(&self.rows)? else {
                return Ok(());
            };
            if let Some(equality) = self.implied(&y, limits)? {
                self.pending.push(equality);
            } else {
                return Ok(());
            }
        }
    }

    /// The equality and the variable with the least fill-in (Markowitz) among pivots of
    /// fair size; the larger pivot, then the later variable where that ties.
    fn pivot(&self, kept: bool) -> Option<(usize, usize)> {
        let all = self.pending.iter().map(|e| &e.at_most).chain(&self.rows);
        let mut count = vec![0_usize; self.keep.len()];
        for row in all {
            for (j, n) in count.iter_mut().enumerate() {
                *n += usize::from(row.a(j) != 0.0);
            }
        }
        let mut best: Option<(usize, f64, usize, usize)> = None;
        for (e, equality) in self.pending.iter().enumerate() {
            let row = &equality.at_most;
            let open: Vec<(usize, f64)> = self
                .keep
                .iter()
                .enumerate()
                .filter(|&(j, &k)| k == kept && row.a(j) != 0.0)
                .map(|(j, _)| (j, row.a(j).abs()))
                .collect();
            let largest = open.iter().fold(0.0_f64, |most, &(_, a)| most.max(a));
            for &(j, a) in open.iter().filter(|&&(_, a)| a >= PIVOT * largest) {
                let fill = (open.len() - 1) * (count.get(j).map_or(0, |n| n - 1));
                let better = best.is_none_or(|(least, pivot, _, _)| {
                    fill < least || (fill == least && a >= pivot)
                });
                if better {
                    best = Some((fill, a, e, j));
                }
            }
        }
        best.map(|(_, _, e, j)| (e, j))
    }

    fn solve_for(&mut self, e: usize, j: usize) {
        let equality = self.pending.swap_remove(e);
        let solved = self.solved.iter_mut().map(|(_, other)| other);
        for other in self.pending.iter_mut().chain(solved) {
            equality.free_equality(other, j);
        }
        for row in &mut self.rows {
            *row = equality.free(row, j);
        }
        if self.keep.get(j).is_some_and(|&kept| kept) {
            self.solved.push((j, equality));
        }
    }

    /// Row i with y_i > 0 in Σ y_i (a_i, b_i) = (0, 0) is an equality: the others say
    /// `−a_i x ≤ −b_i`. It is taken out of the rows. `None` where the sum of the right-hand
    /// sides is above zero.
    fn implied(
        &mut self,
        y: &[(usize, f64)],
        limits: &Limits,
    ) -> Result<Option<Equality>, Failure> {
        let total = weighted(&self.rows, y);
        if total.b() > THIN * total.b_size() {
            return Ok(None);
        }
        if !total.vanishes_but(&[], NOISE) {
            return Err(Failure::Numerics(
                "whether any point meets all limits could not be settled, for rounding errors: bring the coefficients of the model closer to one size".to_string(),
            ));
        }
        if total.contradicts() {
            return Err(Failure::empty(&total, limits));
        }
        let Some(&(i, _)) = y.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
            return Ok(None);
        };
        let others: Vec<(usize, f64)> = y.iter().copied().filter(|&(k, _)| k != i).collect();
        let at_least = weighted(&self.rows, &others);
        Ok(Some(Equality {
            at_most: self.rows.remove(i),
            at_least,
        }))
    }
}

fn weighted(rows: &[HalfSpace], y: &[(usize, f64)]) -> HalfSpace {
    let parts = y.iter().filter_map(|&(i, y)| Some((rows.get(i)?, y)));
    HalfSpace::sum(&parts.collect::<Vec<_>>(), None)
}

/// Multipliers y > 0, Σ y = 1, of some rows with Σ y_i a_i = 0 and least Σ y_i b_i; `None`
/// where there are none or the least is far above zero.
///
/// The least is negative where the set is empty, zero where it lies in a hyperplane, and
/// otherwise the largest t with `a_i x + t ≤ b_i` for all i (linear programming duality):
/// the set has an interior.
fn thinnest(rows: &[HalfSpace]) -> Result<Option<Vec<(usize, f64)>>, Failure> {
    let mut model = Model::new("multipliers that sum to nothing");
    let largest = rows.iter().map(|row| row.b().abs()).fold(0.0, f64::max);
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let y: Vec<Var> = rows
        .iter()
        .map(|row| model.var("", 0.0, f64::INFINITY, row.b() / scale))
        .collect();
    let vars = rows.first().map_or(0, HalfSpace::vars);
    for j in 0..vars {
        let terms = y.iter().zip(rows).map(|(&y, row)| (y, row.a(j)));
        model.row("", terms, 0.0, 0.0);
    }
    model.row("", y.iter().map(|&y| (y, 1.0)), 1.0, 1.0);
    match simplex::solve(&model) {
        Ok(solution) => {
            let found = solution.x.into_iter().enumerate();
            let y: Vec<(usize, f64)> = found.filter(|&(_, y)| y > SOLVER).collect();
            let total = weighted(rows, &y);
            let thick = total.b() > FAR * total.b_size();
            Ok((!thick).then(|| polished(rows, y)))
        }
        Err(Failure::Infeasible) => Ok(None),
        Err(Failure::Unbounded) => Err(Failure::Numerics(
            "the search for contradicting limits found no end".to_string(),
        )),
        Err(why) => Err(Failure::Numerics(format!(
            "whether any point meets all limits could not be settled: {why}"
        ))),
    }
}

/// The multipliers of a vertex, which their rows determine, free of the solver's tolerance:
/// least squares by QR. As they were where that fails.
fn polished(rows: &[HalfSpace], y: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    let vars = rows.first().map_or(0, HalfSpace::vars);
    if y.len() > vars + 1 {
        return y;
    }
    let entry = |j: usize, k: usize| {
        let row = y.get(k).and_then(|&(i, _)| rows.get(i));
        if j == vars {
            1.0
        } else {
            row.map_or(0.0, |row| row.a(j))
        }
    };
    let qr = DMatrix::from_fn(vars + 1, y.len(), entry).qr();
    let mut right = DVector::zeros(vars + 1);
    right[vars] = 1.0;
    let Some(exact) = qr.r().solve_upper_triangular(&(qr.q().transpose() * right)) else {
        return y;
    };
    let close = y
        .iter()
        .zip(exact.iter())
        .all(|((_, y), exact)| (y - exact).abs() < SOLVER);
    if !close {
        return y;
    }
    let exact = y.iter().zip(exact.iter()).map(|(&(i, _), &y)| (i, y));
    exact.filter(|&(_, y)| y > NOISE).collect()
}
