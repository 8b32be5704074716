//! A face of the dual polyhedron in as few coordinates as it has dimensions.
//!
//! ```text
//! { y : E y = g, A y ≤ b }  =  { y⁰ + N t : G t ≤ h }
//! ```
//!
//! N spans the kernel of E, G = A N, h = b − A y⁰. At a vertex of a program with few coincidences
//! t has few entries whatever the size of the program, most inequalities no longer depend on it,
//! and many that do are the same one: what is left is small.
//!
//! The largest w·t is found by the dual, min h·u with Gᵀu = w and u ≥ 0. Every inequality with
//! u_k > 0 is an equation on all of the points that attain it, and those equations describe them:
//! the face they make is written in fewer coordinates again.

use std::collections::HashMap;

use super::model::Model;
use super::simplex;
use crate::opt::Failure;

/// Pivot of rows with a largest entry of 1 at which they are dependent.
const PIVOT: f64 = 1e-9;

/// Coefficients below this beside the terms they are made of are zero.
const ZERO: f64 = 1e-10;

/// What sides give way, relatively, while the ones that hold a direction are looked for: opposite
/// sides that meet must not cross by rounding. Values are those without it.
const LEEWAY: f64 = 1e-9;

/// Relative distance at which two multipliers are the same.
const SAME: f64 = 1e-7;

/// An inequality or equation over a few coordinates: Σ coefficient · value against a limit.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub terms: Vec<(usize, f64)>,
    pub limit: f64,
}

#[derive(Clone, Debug)]
pub(super) struct Face {
    /// y⁰.
    origin: Vec<f64>,
    /// N, one row per entry of y.
    kernel: Vec<Vec<f64>>,
    dimension: usize,
    /// G t ≤ h, each with a largest coefficient of 1.
    sides: Vec<(Vec<f64>, f64)>,
}

/// The largest value of a direction: without end, or with the sides that hold it.
enum Largest {
    Endless,
    At { value: f64, held_by: Vec<usize> },
}

impl Face {
    /// The face { y of `count` entries : equations, inequalities `≤` }.
    ///
    /// # Errors
    /// It is empty.
    pub(super) fn new(
        count: usize,
        equations: Vec<Condition>,
        inequalities: &[Condition],
    ) -> Result<Face, Failure> {
        let dense = |condition: &Condition| {
            let mut row = vec![0.0; count];
            for &(i, a) in &condition.terms {
                row[i] += a;
            }
            (row, condition.limit)
        };
        let (origin, kernel) = solutions(count, equations.iter().map(dense).collect())?;
        let dimension = kernel.first().map_or(0, Vec::len);
        let sides = inequalities.iter().map(|inequality| {
            let mut side = vec![0.0; dimension];
            let mut limit = inequality.limit;
            let mut size = inequality.limit.abs();
            let mut largest = vec![0.0_f64; dimension];
            for &(i, a) in &inequality.terms {
                limit -= a * origin[i];
                size = size.max((a * origin[i]).abs());
                for k in 0..dimension {
                    side[k] += a * kernel[i][k];
                    largest[k] = largest[k].max((a * kernel[i][k]).abs());
                }
            }
            let clean = side.iter().zip(&largest);
            let clean = clean.map(|(g, term)| if g.abs() <= ZERO * term { 0.0 } else { *g });
            (clean.collect::<Vec<f64>>(), limit, size)
        });
        let sides = distinct(sides)?;
        let face = Face {
            origin,
            kernel,
            dimension,
            sides,
        };
        face.largest(&vec![0.0; dimension])?;
        Ok(face)
    }

    /// w·y⁰ and the direction Nᵀw in the face's own coordinates.
    fn along(&self, weights: &[f64]) -> (f64, Vec<f64>) {
        let mut at = 0.0;
        let mut direction = vec![0.0; self.dimension];
        let mut largest = vec![0.0_f64; self.dimension];
        let moving = weights.iter().enumerate().filter(|(_, w)| **w != 0.0);
        for (i, w) in moving {
            at += w * self.origin[i];
            for k in 0..self.dimension {
                direction[k] += w * self.kernel[i][k];
                largest[k] = largest[k].max((w * self.kernel[i][k]).abs());
            }
        }
        for (d, largest) in direction.iter_mut().zip(largest) {
            if d.abs() <= ZERO * largest {
                *d = 0.0;
            }
        }
        (at, direction)
    }

    /// Least and greatest w·y; ±∞ where there is none.
    pub(super) fn interval(&self, weights: &[f64]) -> Result<(f64, f64), Failure> {
        let (at, direction) = self.along(weights);
        if direction.iter().all(|d| *d == 0.0) {
            return Ok((at, at));
        }
        let back: Vec<f64> = direction.iter().map(|d| -d).collect();
        let low = match self.largest(&back)? {
            Largest::Endless => f64::NEG_INFINITY,
            Largest::At { value, .. } => at - value,
        };
        let high = match self.largest(&direction)? {
            Largest::Endless => f64::INFINITY,
            Largest::At { value, .. } => at + value,
        };
        Ok((low, high.max(low)))
    }

    /// The y with the largest w·y for the first of the directions, among those for the second, and
    /// so on; the smallest where there is no largest. A direction without either decides nothing.
    pub(super) fn first(
        &self,
        directions: impl IntoIterator<Item = Vec<f64>>,
    ) -> Result<Vec<f64>, Failure> {
        let mut face = self.clone();
        for weights in directions {
            if face.dimension == 0 {
                break;
            }
            let (_, direction) = face.along(&weights);
            if direction.iter().all(|d| *d == 0.0) {
                continue;
            }
            let back: Vec<f64> = direction.iter().map(|d| -d).collect();
            let held_by = match face.largest(&direction)? {
                Largest::At { held_by, .. } => held_by,
                Largest::Endless => match face.largest(&back)? {
                    Largest::At { held_by, .. } => held_by,
                    Largest::Endless => continue,
                },
            };
            face = face.where_tight(&held_by)?;
        }
        Ok(face.origin)
    }

    /// The part of the face on which the given sides are equations.
    fn where_tight(&self, tight: &[usize]) -> Result<Face, Failure> {
        let equations = tight.iter().map(|&k| self.sides[k].clone()).collect();
        let (at, kernel) = solutions(self.dimension, equations)?;
        let dimension = kernel.first().map_or(0, Vec::len);
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        // Few equations leave a kernel of little more than unit vectors.
        let columns = (0..dimension).map(|k| {
            let entries = kernel.iter().map(|n| n[k]).enumerate();
            entries.filter(|(_, n)| *n != 0.0).collect()
        });
        let columns: Vec<Vec<(usize, f64)>> = columns.collect();
        let onto = |row: &[f64]| -> Vec<f64> {
            let along = |column: &Vec<(usize, f64)>| {
                let terms = column.iter().map(|&(i, n)| row[i] * n);
                let size = terms.clone().fold(0.0_f64, |s, t| s.max(t.abs()));
                let sum: f64 = terms.sum();
                if sum.abs() <= ZERO * size { 0.0 } else { sum }
            };
            columns.iter().map(along).collect()
        };
        let origin = self.origin.iter().zip(&self.kernel);
        let origin = origin.map(|(y, n)| y + dot(n, &at)).collect();
        let sides = self.sides.iter().map(|(side, limit)| {
            let moved = dot(side, &at);
            (onto(side), limit - moved, limit.abs().max(moved.abs()))
        });
        Ok(Face {
            origin,
            sides: distinct(sides)?,
            dimension,
            kernel: self.kernel.iter().map(|n| onto(n)).collect(),
        })
    }

    fn largest(&self, direction: &[f64]) -> Result<Largest, Failure> {
        if let [w] = *direction {
            return self.largest_on_a_line(w);
        }
        let size = direction.iter().fold(0.0_f64, |s, d| s.max(d.abs()));
        let scale = if size > 0.0 { size } else { 1.0 };
        let mut program = Model::new("dual face");
        let sides = self.sides.iter();
        let u: Vec<_> = sides
            .map(|(_, limit)| {
                let room = LEEWAY * (1.0 + limit.abs());
                program.var("", 0.0, f64::INFINITY, limit + room)
            })
            .collect();
        for (k, d) in direction.iter().enumerate() {
            let terms = u
                .iter()
                .zip(&self.sides)
                .map(|(&u, (side, _))| (u, side[k]));
            program.row("", terms, d / scale, d / scale);
        }
        match simplex::solve(&program) {
            Ok(solution) => {
                let most = solution.x.iter().fold(0.0_f64, |s, u| s.max(*u));
                let used = solution.x.iter().enumerate();
                let used = used.filter(|(_, u)| **u > PIVOT * most);
                let exact = solution.x.iter().zip(&self.sides);
                let value: f64 = exact.map(|(u, (_, limit))| u * limit).sum();
                Ok(Largest::At {
                    value: value * scale,
                    held_by: used.map(|(k, _)| k).collect(),
                })
            }
            Err(Failure::Infeasible) => Ok(Largest::Endless),
            Err(Failure::Unbounded) => Err(empty()),
            Err(why) => Err(why),
        }
    }

    /// One coordinate: the two nearest sides.
    fn largest_on_a_line(&self, w: f64) -> Result<Largest, Failure> {
        let nearest = |sign: f64| {
            let sides = self.sides.iter().enumerate();
            let mine = sides.filter(|(_, (side, _))| side[0] * sign > 0.0);
            mine.map(|(k, (side, limit))| (k, limit / side[0].abs()))
                .min_by(|a, b| a.1.total_cmp(&b.1))
        };
        let (above, below) = (nearest(1.0), nearest(-1.0));
        if let (Some((_, high)), Some((_, minus_low))) = (above, below)
            && high + minus_low < -SAME * (1.0 + high.abs())
        {
            return Err(empty());
        }
        if w == 0.0 {
            return Ok(Largest::At {
                value: 0.0,
                held_by: Vec::new(),
            });
        }
        let end = if w > 0.0 { above } else { below };
        Ok(end.map_or(Largest::Endless, |(k, room)| Largest::At {
            value: room * w.abs(),
            held_by: vec![k],
        }))
    }
}

fn empty() -> Failure {
    Failure::Numerics("no prices prove this point optimal".into())
}

/// Sides with a largest coefficient of 1, of parallel ones the tightest; each comes with the size of
/// the terms its limit is made of.
fn distinct(
    sides: impl Iterator<Item = (Vec<f64>, f64, f64)>,
) -> Result<Vec<(Vec<f64>, f64)>, Failure> {
    let mut place: HashMap<Vec<i64>, usize> = HashMap::new();
    let mut kept: Vec<(Vec<f64>, f64)> = Vec::new();
    for (mut side, mut limit, size) in sides {
        let largest = side.iter().fold(0.0_f64, |s, g| s.max(g.abs()));
        if largest == 0.0 {
            if limit < -SAME * (1.0 + size) || limit.is_nan() {
                return Err(empty());
            }
            continue;
        }
        side.iter_mut().for_each(|g| *g /= largest);
        limit /= largest;
        let key = side.iter().map(|g| (g / ZERO).round() as i64).collect();
        match place.get(&key) {
            Some(&k) => kept[k].1 = kept[k].1.min(limit),
            None => {
                place.insert(key, kept.len());
                kept.push((side, limit));
            }
        }
    }
    Ok(kept)
}

/// A point and a basis of the kernel (one row per unknown) of a system of equations, by Gauss and
/// Jordan with the largest pivot; rows and columns are scaled so that pivots compare.
///
/// # Errors
/// The equations contradict each other.
fn solutions(
    count: usize,
    mut equations: Vec<(Vec<f64>, f64)>,
) -> Result<(Vec<f64>, Vec<Vec<f64>>), Failure> {
    let mut scales = vec![0.0_f64; count];
    for (row, _) in &equations {
        for (scale, a) in scales.iter_mut().zip(row) {
            *scale = scale.max(a.abs());
        }
    }
    for scale in &mut scales {
        *scale = if *scale > 0.0 { *scale } else { 1.0 };
    }
    let mut size = 1.0_f64;
    for (row, limit) in &mut equations {
        row.iter_mut()
            .zip(&scales)
            .for_each(|(a, scale)| *a /= scale);
        let largest = row.iter().fold(0.0_f64, |s, a| s.max(a.abs()));
        if largest > 0.0 {
            row.iter_mut().for_each(|a| *a /= largest);
            *limit /= largest;
        }
        size = size.max(limit.abs());
    }
    // Pivot column of the first rows, in order.
    let mut pivots: Vec<usize> = Vec::new();
    let mut free: Vec<usize> = (0..count).collect();
    loop {
        let rank = pivots.len();
        let mut best = (PIVOT, None);
        for (r, (row, _)) in equations.iter().enumerate().skip(rank) {
            for (at, &c) in free.iter().enumerate() {
                if row[c].abs() > best.0 {
                    best = (row[c].abs(), Some((r, at)));
                }
            }
        }
        let Some((r, at)) = best.1 else { break };
        equations.swap(rank, r);
        let c = free.remove(at);
        pivots.push(c);
        let (row, limit) = &mut equations[rank];
        let pivot = row[c];
        row.iter_mut().for_each(|a| *a /= pivot);
        *limit /= pivot;
        let (row, limit) = equations[rank].clone();
        for (k, (other, right)) in equations.iter_mut().enumerate() {
            let factor = other[c];
            if k != rank && factor != 0.0 {
                for (o, a) in other.iter_mut().zip(&row) {
                    *o -= factor * a;
                }
                other[c] = 0.0;
                *right -= factor * limit;
                size = size.max(right.abs());
            }
        }
    }
    let left = equations.iter().skip(pivots.len());
    if !left.clone().all(|(_, limit)| limit.abs() <= SAME * size) {
        return Err(empty());
    }
    let mut origin = vec![0.0; count];
    let mut kernel = vec![vec![0.0; free.len()]; count];
    for (k, &c) in free.iter().enumerate() {
        kernel[c][k] = 1.0 / scales[c];
    }
    for (&c, (row, limit)) in pivots.iter().zip(&equations) {
        origin[c] = limit / scales[c];
        for (k, &f) in free.iter().enumerate() {
            kernel[c][k] = if row[f].abs() <= ZERO {
                0.0
            } else {
                -row[f] / scales[c]
            };
        }
    }
    Ok((origin, kernel))
}
