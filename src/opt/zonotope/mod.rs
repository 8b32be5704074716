//! Least cost of reaching a point as a sum of bounded steps: an exact piecewise-linear function.
//!
//! # The function
//!
//! ```text
//! V(θ) = min  Σ_j c_j x_j
//!        s.t. Σ_j g_j x_j = θ        ↔ λ
//!             l_j ≤ x_j ≤ u_j
//! ```
//!
//! with directions g_j in R^d. The points that can be reached form a zonotope, V is convex and
//! piecewise linear on it, and every λ whatsoever gives a valid cut
//!
//! ```text
//! V(θ) ≥ λ·θ + h(λ),    h(λ) = Σ_j min{ (c_j − λ·g_j) l_j, (c_j − λ·g_j) u_j }
//! ```
//!
//! that is exact where λ is an optimal dual. The pieces of V are the vertices of the arrangement
//! of the hyperplanes λ·g_j = c_j: at a vertex the directions with zero reduced cost span R^d,
//! they move freely while every other step stands at one of its ends, and what they sweep is the
//! critical region on which the cut is exact. A facet of the zonotope is the same with one
//! dimension less: a normal n orthogonal to d − 1 independent directions and
//!
//! ```text
//! n·θ ≤ Σ_j max{ n·g_j l_j, n·g_j u_j }
//! ```
//!
//! where every direction not orthogonal to n stands at the end that n points to.
//!
//! # Two ways to it
//!
//! [`CostCurve::pieces`] and [`CostCurve::facets`] list everything; there are of the order of
//! (n choose d) pieces, and a limit says when that is too many. [`CostCurve::at`] answers for one
//! point by a linear program of d rows, with a cut or the facet that cuts the point off: a program
//! that asks it where it stands needs only the few cuts it meets.

mod listed;
mod pieces;

pub use listed::Listed;

use crate::opt::Failure;
use listed::{cut_row, lies_under, reach_row};

use super::ids::{Row, Var};
use super::model::{Constraint, Model};
use super::outcome::{Outcome, Solution};
use super::prices::DualFace;
use super::simplex;

/// One bounded step: `x` times `direction`, `lower ≤ x ≤ upper`, at `cost` per unit of x.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    pub direction: Vec<f64>,
    pub lower: f64,
    pub upper: f64,
    pub cost: f64,
}

/// V(θ) ≥ gradient·θ + constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    pub gradient: Vec<f64>,
    pub constant: f64,
}

impl Cut {
    /// gradient·θ + constant at the point θ: never above V(θ).
    pub fn value(&self, point: &[f64]) -> f64 {
        dot(&self.gradient, point) + self.constant
    }
}

/// One linear piece of V and the critical region it holds on.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub cut: Cut,
    /// Generators that move on the region; all others stand at an end.
    pub free: Vec<usize>,
    /// Σ g_j x_j of those that stand.
    pub offset: Vec<f64>,
}

/// One facet of the set of reachable points: normal·θ ≤ upper.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    pub normal: Vec<f64>,
    pub upper: f64,
}

impl Facet {
    /// normal·θ − upper: positive beyond the facet.
    pub fn excess(&self, point: &[f64]) -> f64 {
        dot(&self.normal, point) - self.upper
    }
}

/// The cheapest way to a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// One value per generator.
    pub x: Vec<f64>,
    pub cost: f64,
}

/// Where a point lies.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    Inside(Reached),
    /// Beyond `facet` by `excess` (largest entry of the normal: 1).
    Outside {
        facet: Facet,
        excess: f64,
    },
}

/// A point farther out than this, in its own unit, is outside.
pub const REACH: f64 = 1e-7;

/// Share of the way to the middle at which a cut is taken.
const INWARD: f64 = 1e-6;

/// Reduced costs and lengths below this, relative to their terms, are zero.
const ZERO: f64 = 1e-9;

/// V with its generators.
///
/// Where the steps do not span the space, some coordinates follow from the others (two lines in
/// series carry the same flow): their rows are left out of the linear programs, and the equations
/// between them are facets on both sides.
#[derive(Clone, Debug)]
pub struct CostCurve {
    dimension: usize,
    generators: Vec<Generator>,
    /// Coordinates that the others do not determine, ascending.
    independent: Vec<usize>,
    /// Normals n with n·g_j = 0 for every step that moves.
    flat: Vec<Vec<f64>>,
}

impl CostCurve {
    /// V of these steps; directions that depend on others are found here, once.
    ///
    /// # Errors
    /// A direction of another dimension, a number that is not finite, or crossed ends.
    pub fn new(dimension: usize, generators: Vec<Generator>) -> Result<CostCurve, Failure> {
        for (j, g) in generators.iter().enumerate() {
            let finite = [g.lower, g.upper, g.cost]
                .iter()
                .chain(&g.direction)
                .all(|v| v.is_finite());
            if g.direction.len() != dimension || !finite || g.lower > g.upper {
                return Err(Failure::Refused(format!(
                    "generator {j} of a curve over {dimension} dimensions is malformed: {g:?}"
                )));
            }
        }
        let (independent, flat) = span(dimension, &generators);
        Ok(CostCurve {
            dimension,
            generators,
            independent,
            flat,
        })
    }

    /// d, the number of entries of θ.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The steps, as given.
    pub fn generators(&self) -> &[Generator] {
        &self.generators
    }

    /// The valid cut with this gradient: λ·θ + h(λ).
    pub fn cut(&self, gradient: Vec<f64>) -> Cut {
        let constant = self
            .generators
            .iter()
            .map(|g| {
                let reduced = g.cost - dot(&gradient, &g.direction);
                (reduced * g.lower).min(reduced * g.upper)
            })
            .sum();
        Cut { gradient, constant }
    }

    /// The valid facet with this normal, scaled to a largest entry of 1.
    pub fn facet(&self, normal: &[f64]) -> Facet {
        let size = normal.iter().fold(0.0_f64, |s, v| s.max(v.abs()));
        let normal: Vec<f64> = normal.iter().map(|v| clean(v / size, 1.0)).collect();
        let upper = self
            .generators
            .iter()
            .map(|g| {
                let along = dot(&normal, &g.direction);
                (along * g.lower).max(along * g.upper)
            })
            .sum();
        Facet { normal, upper }
    }

    /// Least and greatest value of coordinate `k` over the reachable points.
    pub fn range(&self, k: usize) -> (f64, f64) {
        let ends = |g: &Generator| {
            let a = g.direction.get(k).copied().unwrap_or(f64::NAN);
            (a * g.lower, a * g.upper)
        };
        self.generators
            .iter()
            .map(ends)
            .fold((0.0, 0.0), |(low, high), (a, b)| {
                (low + a.min(b), high + a.max(b))
            })
    }

    /// The point reached by the values `x`.
    pub fn point(&self, x: &[f64]) -> Vec<f64> {
        let mut point = vec![0.0; self.dimension];
        for (g, x) in self.generators.iter().zip(x) {
            for (p, d) in point.iter_mut().zip(&g.direction) {
                *p += d * x;
            }
        }
        point
    }

    /// The cheapest way to `point`, or the facet that cuts it off.
    ///
    /// # Errors
    /// The linear program failed.
    pub fn at(&self, point: &[f64]) -> Result<Place, Failure> {
        for normal in &self.flat {
            for sign in [1.0, -1.0] {
                let normal: Vec<f64> = normal.iter().map(|v| sign * v).collect();
                let facet = self.facet(&normal);
                let excess = facet.excess(point);
                if excess > REACH {
                    return Ok(Place::Outside { facet, excess });
                }
            }
        }
        match self.solve(point) {
            Ok(solution) => return Ok(Place::Inside(reached(solution))),
            Err(Failure::Infeasible) => {}
            Err(other) => return Err(other),
        }
        // The nearest reachable point, in the sum of distances; its duals are the facet's normal.
        let mut model = self.program(point, false);
        let mut slacks = Vec::new();
        for k in &self.independent {
            let above = model.var(format!("above_{k}"), 0.0, f64::INFINITY, 1.0);
            let below = model.var(format!("below_{k}"), 0.0, f64::INFINITY, 1.0);
            slacks.push((above, below));
        }
        let model = with_slacks(&model, &slacks);
        let nearest = simplex::solve(&model)?;
        let n = self.generators.len();
        let excess = nearest.objective;
        if excess <= REACH {
            let solution = self.solve(&self.point(&nearest.x[..n]))?;
            return Ok(Place::Inside(reached(solution)));
        }
        let duals = DualFace::new(&model, &nearest.x)?.duals(&[])?;
        let facet = self.facet(&self.spread(&duals.rows));
        let excess = facet.excess(point);
        Ok(Place::Outside { facet, excess })
    }

    /// Least and greatest ∂V/∂θ_k at a point with the values `x`: the slopes to its two sides.
    ///
    /// # Errors
    /// The values are not a cheapest way to their point, or the coordinate follows from others.
    pub fn slopes(&self, x: &[f64], k: usize) -> Result<(f64, f64), Failure> {
        let model = self.program(&self.point(x), true);
        let row = self.independent.iter().position(|&i| i == k);
        let row =
            Row(row.ok_or_else(|| Failure::Refused("the coordinate follows from others".into()))?);
        DualFace::new(&model, x)?.interval(&[(row, 1.0)])
    }

    /// Multipliers of the independent coordinates as a vector over all of them.
    fn spread(&self, rows: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; self.dimension];
        for (&k, &y) in self.independent.iter().zip(rows) {
            all[k] = y;
        }
        all
    }

    /// min Σ c x with Σ g x = point.
    fn program(&self, point: &[f64], priced: bool) -> Model {
        let mut model = Model::new("steps");
        for g in &self.generators {
            model.var("", g.lower, g.upper, if priced { g.cost } else { 0.0 });
        }
        for &k in &self.independent {
            let terms = self.generators.iter().enumerate();
            let terms = terms.map(|(j, g)| (Var(j), g.direction[k]));
            model.row("", terms, point[k], point[k]);
        }
        model
    }

    /// The row that a point of a program with this cost breaks, if it does: the facet it lies
    /// beyond, or the cut its value lies under. `over` are the curve's coordinates, `cost` its
    /// value.
    ///
    /// # Errors
    /// The linear program failed.
    pub fn supporting_row(
        &self,
        over: &[Var],
        cost: Var,
        x: &[f64],
    ) -> Result<Option<Constraint>, Failure> {
        let point: Vec<f64> = over.iter().map(|v| x[v.0]).collect();
        Ok(match self.at(&point)? {
            Place::Outside { facet, .. } => Some(reach_row(&facet, over)),
            Place::Inside(reached) => {
                let cut = self.cut_at(&point, &reached)?;
                lies_under(&cut, &point, cost, x).then(|| cut_row(&cut, over, cost))
            }
        })
    }

    fn solve(&self, point: &[f64]) -> Outcome {
        simplex::solve(&self.program(point, true))
    }

    /// A cut that is exact at a point that was reached.
    ///
    /// It is that of the critical region just inside the point, seen from the middle of the set: a
    /// point on a facet has duals without end, and where many directions lie almost in one plane
    /// some of them are of the order of 1/rounding.
    ///
    /// # Errors
    /// The linear program failed.
    pub fn cut_at(&self, point: &[f64], reached: &Reached) -> Result<Cut, Failure> {
        let middle: Vec<f64> = self
            .generators
            .iter()
            .map(|g| 0.5 * (g.lower + g.upper))
            .collect();
        let inward: Vec<f64> = point
            .iter()
            .zip(self.point(&middle))
            .map(|(p, m)| p + INWARD * (m - p))
            .collect();
        let cost = reached.cost;
        let exact = |cut: &Cut| cost - cut.value(point) <= 1e-9 * (1.0 + cost.abs());
        let beside = self.solve(&inward).ok();
        let beside = beside.and_then(|inside| self.gradient(&inward, &inside.x).ok());
        match beside.map(|gradient| self.cut(gradient)).filter(exact) {
            Some(cut) => Ok(cut),
            None => Ok(self.cut(self.gradient(point, &reached.x)?)),
        }
    }

    /// A gradient of V at a point reached by `x`.
    fn gradient(&self, point: &[f64], x: &[f64]) -> Result<Vec<f64>, Failure> {
        let face = DualFace::new(&self.program(point, true), x)?;
        let gradient = self.spread(&face.duals(&[])?.rows);
        let size = gradient.iter().fold(1.0_f64, |s, v| s.max(v.abs()));
        Ok(gradient.into_iter().map(|v| clean(v, size)).collect())
    }
}

/// Coordinates that determine all others over the steps that move, and the equations that do: by
/// Gram and Schmidt on the rows of the directions.
fn span(dimension: usize, generators: &[Generator]) -> (Vec<usize>, Vec<Vec<f64>>) {
    let moving: Vec<&Generator> = generators.iter().filter(|g| g.lower < g.upper).collect();
    let length = |v: &[f64]| dot(v, v).sqrt();
    let (mut independent, mut flat) = (Vec::new(), Vec::new());
    // Orthonormal combinations of the rows so far, each with its coefficients.
    let mut basis: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for k in 0..dimension {
        let row: Vec<f64> = moving.iter().map(|g| g.direction[k]).collect();
        let mut left = row.clone();
        let mut combination = vec![0.0; dimension];
        combination[k] = 1.0;
        for (unit, of) in &basis {
            let along = dot(&left, unit);
            left.iter_mut().zip(unit).for_each(|(l, u)| *l -= along * u);
            combination
                .iter_mut()
                .zip(of)
                .for_each(|(c, o)| *c -= along * o);
        }
        let size = length(&left);
        if size <= ZERO * length(&row) || size == 0.0 {
            flat.push(combination);
            continue;
        }
        left.iter_mut().for_each(|l| *l /= size);
        combination.iter_mut().for_each(|c| *c /= size);
        basis.push((left, combination));
        independent.push(k);
    }
    (independent, flat)
}

/// The same program with `above − below` in every row.
fn with_slacks(model: &Model, slacks: &[(Var, Var)]) -> Model {
    let mut with = model.clone();
    with.truncate_rows(0);
    for (row, &(above, below)) in model.rows().iter().zip(slacks) {
        let terms = row.terms.iter().copied();
        let terms = terms.chain([(above, 1.0), (below, -1.0)]);
        with.row(row.name.clone(), terms, row.lower, row.upper);
    }
    with
}

fn reached(solution: Solution) -> Reached {
    Reached {
        cost: solution.objective,
        x: solution.x,
    }
}

/// A coefficient without the rounding that would spoil a row.
fn clean(value: f64, size: f64) -> f64 {
    if value.abs() <= 1e-12 * size {
        0.0
    } else {
        value
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
