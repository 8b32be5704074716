//! The triangulation and its values.

use super::MAX_M;
use crate::opt::Failure;

/// A function known at the vertices of the triangulation.
#[derive(Clone, Debug)]
pub struct UnionJack {
    m: u32,
    x: (f64, f64),
    y: (f64, f64),
    /// Row by row; NaN where the vertex is excluded.
    values: Vec<f64>,
}

/// Column and row of a vertex, from 0.
pub type Vertex = (usize, usize);

impl UnionJack {
    /// Asks for the value at every vertex; `None` excludes it.
    ///
    /// # Errors
    /// M outside 1 to [`MAX_M`], or an empty rectangle.
    pub fn new(
        m: u32,
        x: (f64, f64),
        y: (f64, f64),
        mut value: impl FnMut(f64, f64) -> Option<f64>,
    ) -> Result<UnionJack, Failure> {
        if !(1..=MAX_M).contains(&m) {
            return Err(Failure::Refused(format!("M = {m}; choose 1 to {MAX_M}")));
        }
        let wide = |(low, high): (f64, f64)| low.is_finite() && high.is_finite() && low < high;
        if !(wide(x) && wide(y)) {
            return Err(Failure::Refused(format!(
                "the rectangle {} to {} by {} to {} is empty",
                x.0, x.1, y.0, y.1
            )));
        }
        let mut jack = UnionJack {
            m,
            x,
            y,
            values: Vec::new(),
        };
        let side = jack.side();
        jack.values.reserve((side + 1) * (side + 1));
        for j in 0..=side {
            for i in 0..=side {
                let (x, y) = jack.vertex((i, j));
                jack.values.push(value(x, y).unwrap_or(f64::NAN));
            }
        }
        Ok(jack)
    }

    /// Cells along each axis: 2^M.
    pub fn side(&self) -> usize {
        1 << self.m
    }

    /// M: there are 2^M cells along each axis.
    pub fn m(&self) -> u32 {
        self.m
    }

    /// Vertices row by row.
    pub fn vertices(&self) -> impl Iterator<Item = Vertex> {
        let side = self.side();
        (0..=side).flat_map(move |j| (0..=side).map(move |i| (i, j)))
    }

    /// Sides of the triangles whose corners all have a value, as places among [`UnionJack::vertices`].
    pub fn segments(&self) -> Vec<(usize, usize)> {
        let side = self.side();
        let place = |(i, j): Vertex| j * (side + 1) + i;
        let squares = (0..side).flat_map(|j| (0..side).map(move |i| (i, j)));
        let triangles = squares.flat_map(|square| self.triangles(square));
        let valued = triangles.filter(|t| t.iter().all(|v| self.value(*v).is_some()));
        let mut segments: Vec<(usize, usize)> = valued
            .flat_map(|triangle| {
                let [a, b, c] = triangle.map(place);
                [(a, b), (b, c), (c, a)].map(|(p, q)| (p.min(q), p.max(q)))
            })
            .collect();
        crate::sort::by(&mut segments, Ord::cmp);
        segments.dedup();
        segments
    }

    /// Where a vertex stands.
    pub fn vertex(&self, (i, j): Vertex) -> (f64, f64) {
        let side = self.side() as f64;
        let at = |(low, high): (f64, f64), k: usize| low + (high - low) * k as f64 / side;
        (at(self.x, i), at(self.y, j))
    }

    /// The value at a vertex; `None` where it is excluded or not of the grid.
    pub fn value(&self, (i, j): Vertex) -> Option<f64> {
        let side = self.side();
        if i > side || j > side {
            return None;
        }
        let value = self.values.get(j * (side + 1) + i).copied()?;
        (!value.is_nan()).then_some(value)
    }

    /// Least value at any vertex; 0 where every vertex is excluded.
    pub(super) fn least(&self) -> f64 {
        let known = self.values.iter().copied().filter(|v| !v.is_nan());
        known.reduce(f64::min).unwrap_or_default()
    }

    /// Corners of the two triangles of a cell.
    pub fn triangles(&self, (i, j): (usize, usize)) -> [[Vertex; 3]; 2] {
        if (i + j) % 2 == 0 {
            [
                [(i, j), (i + 1, j), (i + 1, j + 1)],
                [(i, j), (i + 1, j + 1), (i, j + 1)],
            ]
        } else {
            [
                [(i, j), (i + 1, j), (i, j + 1)],
                [(i + 1, j), (i + 1, j + 1), (i, j + 1)],
            ]
        }
    }

    /// The cell a point lies in, the nearest one for a point outside.
    pub fn cell(&self, x: f64, y: f64) -> (usize, usize) {
        let side = self.side();
        let of = |(low, high): (f64, f64), v: f64| {
            let at = (v - low) / (high - low) * side as f64;
            (at.max(0.0) as usize).min(side - 1)
        };
        (of(self.x, x), of(self.y, y))
    }

    /// The interpolated value at a point; `None` outside the rectangle or where a corner that
    /// counts is excluded.
    pub fn at(&self, x: f64, y: f64) -> Option<f64> {
        let inside = |(low, high): (f64, f64), v: f64| {
            let slack = 1e-9 * (high - low);
            (low - slack..=high + slack).contains(&v)
        };
        if !(inside(self.x, x) && inside(self.y, y)) {
            return None;
        }
        let candidates = self.triangles(self.cell(x, y));
        candidates.iter().find_map(|triangle| {
            let weights = self.weights(triangle, x, y)?;
            let mut value = 0.0;
            for (vertex, weight) in triangle.iter().zip(weights) {
                if weight > 1e-9 {
                    value += weight * self.value(*vertex)?;
                }
            }
            Some(value)
        })
    }

    /// Barycentric coordinates; `None` outside the triangle.
    pub(super) fn weights(&self, triangle: &[Vertex; 3], x: f64, y: f64) -> Option<[f64; 3]> {
        let weights = self.barycentric(triangle, x, y);
        weights.iter().all(|w| *w >= -1e-9).then_some(weights)
    }

    /// Barycentric coordinates, negative beyond a side.
    pub(super) fn barycentric(&self, triangle: &[Vertex; 3], x: f64, y: f64) -> [f64; 3] {
        let [a, b, c] = triangle.map(|v| self.vertex(v));
        let cross = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| {
            (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0)
        };
        let area = cross(a, b, c);
        let p = (x, y);
        [cross(p, b, c), cross(a, p, c), cross(a, b, p)].map(|w| w / area)
    }
}
