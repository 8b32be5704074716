//! Every piece and facet of a curve, and their corners in the plane.

use crate::opt::Failure;
use nalgebra::{DMatrix, DVector};

use super::{CostCurve, Facet, Piece, ZERO, dot};

impl CostCurve {
    fn refuse_flat(&self) -> Result<(), Failure> {
        match self.flat.is_empty() {
            true => Ok(()),
            false => Err(Failure::Refused(
                "the steps do not span the space: the region is flat".into(),
            )),
        }
    }

    /// Every piece of V.
    ///
    /// # Errors
    /// More than `limit` choices of d generators would have to be looked at, or the steps do not
    /// span the space and the region is flat.
    pub fn pieces(&self, limit: usize) -> Result<Vec<Piece>, Failure> {
        self.refuse_flat()?;
        let mut pieces: Vec<Piece> = Vec::new();
        self.for_subsets(self.dimension, limit, |subset| {
            let Some(gradient) = self.common_price(subset) else {
                return;
            };
            let mut free = Vec::new();
            let mut offset = vec![0.0; self.dimension];
            for (j, g) in self.generators.iter().enumerate() {
                let priced: f64 = dot(&gradient, &g.direction);
                let size = gradient
                    .iter()
                    .zip(&g.direction)
                    .fold(1.0_f64.max(g.cost.abs()), |s, (a, b)| s.max((a * b).abs()));
                let reduced = g.cost - priced;
                if reduced.abs() <= ZERO * size && g.lower < g.upper {
                    free.push(j);
                    continue;
                }
                let end = if reduced > 0.0 { g.lower } else { g.upper };
                for (o, d) in offset.iter_mut().zip(&g.direction) {
                    *o += d * end;
                }
            }
            pieces.push(Piece {
                cut: self.cut(gradient),
                free,
                offset,
            });
        })?;
        // Several choices of generators meet in one vertex where more than d of them are free.
        crate::sort::by(&mut pieces, |a, b| a.free.cmp(&b.free));
        pieces.dedup_by(|a, b| a.free == b.free);
        Ok(pieces)
    }

    /// Every facet of the set of reachable points.
    ///
    /// # Errors
    /// As [`CostCurve::pieces`].
    pub fn facets(&self, limit: usize) -> Result<Vec<Facet>, Failure> {
        self.refuse_flat()?;
        let mut facets: Vec<(Vec<usize>, bool, Facet)> = Vec::new();
        self.for_subsets(self.dimension.saturating_sub(1), limit, |subset| {
            let Some(normal) = self.normal(subset) else {
                return;
            };
            let flat: Vec<usize> = (0..self.generators.len())
                .filter(|&j| {
                    let g = &self.generators[j];
                    let length = g.direction.iter().fold(0.0_f64, |s, d| s.max(d.abs()));
                    g.lower < g.upper && dot(&normal, &g.direction).abs() <= ZERO * length
                })
                .collect();
            let first = normal.iter().find(|v| v.abs() > ZERO).copied();
            for sign in [1.0, -1.0] {
                let normal: Vec<f64> = normal.iter().map(|v| sign * v).collect();
                let positive = first.is_some_and(|v| sign * v > 0.0);
                facets.push((flat.clone(), positive, self.facet(&normal)));
            }
        })?;
        crate::sort::by(&mut facets, |a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        facets.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
        Ok(facets.into_iter().map(|(_, _, facet)| facet).collect())
    }

    /// Corners, in order around it, of what the generators `free` sweep from `offset`; two
    /// dimensions only.
    pub fn corners(&self, free: &[usize], offset: &[f64]) -> Vec<(f64, f64)> {
        let [x, y] = *offset else { return Vec::new() };
        let (mut x, mut y) = (x, y);
        // From the lowest corner the upward directions come in the order of their angles, then the
        // same again backwards.
        let mut steps: Vec<(f64, f64)> = Vec::new();
        for &j in free {
            let Some(g) = self.generators.get(j) else {
                continue;
            };
            let [a, b] = *g.direction.as_slice() else {
                continue;
            };
            let up = b > 0.0 || (b == 0.0 && a > 0.0);
            let (from, sign) = if up { (g.lower, 1.0) } else { (g.upper, -1.0) };
            (x, y) = (x + a * from, y + b * from);
            let length = sign * (g.upper - g.lower);
            if length != 0.0 && (a, b) != (0.0, 0.0) {
                steps.push((a * length, b * length));
            }
        }
        crate::sort::by(&mut steps, |p, q| {
            libm::atan2(p.1, p.0).total_cmp(&libm::atan2(q.1, q.0))
        });
        let mut merged: Vec<(f64, f64)> = Vec::new();
        for (a, b) in steps {
            match merged.last_mut() {
                Some(last)
                    if (last.0 * b - last.1 * a).abs()
                        <= ZERO * libm::hypot(last.0, last.1) * libm::hypot(a, b) =>
                {
                    *last = (last.0 + a, last.1 + b);
                }
                _ => merged.push((a, b)),
            }
        }
        let mut corners = Vec::with_capacity(2 * merged.len());
        for sign in [1.0, -1.0] {
            for (a, b) in &merged {
                corners.push((x + 0.0, y + 0.0));
                (x, y) = (x + sign * a, y + sign * b);
            }
        }
        corners
    }

    /// Corners of the set of reachable points; two dimensions only.
    pub fn outline(&self) -> Vec<(f64, f64)> {
        let all: Vec<usize> = (0..self.generators.len()).collect();
        self.corners(&all, &vec![0.0; self.dimension])
    }

    /// λ with λ·g_j = c_j for every j of `subset`; `None` where the directions are dependent.
    fn common_price(&self, subset: &[usize]) -> Option<Vec<f64>> {
        let d = self.dimension;
        let matrix = DMatrix::from_fn(d, d, |i, k| self.generators[subset[i]].direction[k]);
        let right = DVector::from_fn(d, |i, _| self.generators[subset[i]].cost);
        let lu = matrix.full_piv_lu();
        let u = lu.u();
        let pivots = || (0..d).map(|k| u[(k, k)].abs());
        let largest = pivots().fold(0.0, f64::max);
        if !pivots().all(|p| p > ZERO * largest) {
            return None;
        }
        lu.solve(&right).map(|y| y.iter().copied().collect())
    }

    /// A vector orthogonal to the d − 1 directions of `subset`, by minors; `None` where they are
    /// dependent.
    fn normal(&self, subset: &[usize]) -> Option<Vec<f64>> {
        let d = self.dimension;
        let normal: Vec<f64> = (0..d)
            .map(|left_out| {
                let minor = DMatrix::from_fn(d - 1, d - 1, |i, k| {
                    let k = k + usize::from(k >= left_out);
                    self.generators[subset[i]].direction[k]
                });
                let sign = if left_out % 2 == 0 { 1.0 } else { -1.0 };
                sign * if d == 1 { 1.0 } else { minor.determinant() }
            })
            .collect();
        let size = normal.iter().fold(0.0_f64, |s, v| s.max(v.abs()));
        let scale: f64 = subset
            .iter()
            .map(|&j| {
                let direction = &self.generators[j].direction;
                direction.iter().fold(0.0_f64, |s, v| s.max(v.abs()))
            })
            .product();
        (size > ZERO * scale && size > 0.0).then(|| normal.iter().map(|v| v / size).collect())
    }

    /// Calls `visit` with every choice of `count` generators that move at all.
    fn for_subsets(
        &self,
        count: usize,
        limit: usize,
        mut visit: impl FnMut(&[usize]),
    ) -> Result<(), Failure> {
        let moving: Vec<usize> = (0..self.generators.len())
            .filter(|&j| self.generators[j].lower < self.generators[j].upper)
            .collect();
        let mut choices = 1.0_f64;
        for k in 0..count {
            choices *= (moving.len().saturating_sub(k)) as f64 / (k + 1) as f64;
        }
        if choices > limit as f64 {
            return Err(Failure::Stopped(format!(
                "{} steps over {} dimensions make {choices:.0} pieces to look at, more than {limit}; take fewer lines, or cuts one at a time",
                moving.len(),
                self.dimension
            )));
        }
        if count > moving.len() {
            return Ok(());
        }
        let mut at: Vec<usize> = (0..count).collect();
        loop {
            let subset: Vec<usize> = at.iter().map(|&i| moving[i]).collect();
            visit(&subset);
            let Some(k) = (0..count).rev().find(|&k| at[k] < moving.len() - count + k) else {
                return Ok(());
            };
            at[k] += 1;
            for later in k + 1..count {
                at[later] = at[later - 1] + 1;
            }
        }
    }
}
