//! A convex function over a rectangle, interpolated on a Union Jack triangulation, inside a program.
//!
//! # The interpolation
//!
//! The rectangle is cut into 2^M × 2^M equal cells with (2^M + 1)² vertices; cell (i, j) carries
//! the diagonal "/" where i + j is even and "\" where it is odd. A point of a triangle has the
//! value
//!
//! ```text
//! f(x, y) = Σ_v λ_v f_v,   (x, y) = Σ_v λ_v (x_v, y_v),   Σ_v λ_v = 1,   λ_v ≥ 0
//! ```
//!
//! with λ ≠ 0 only at the corners of that triangle. Vertices without a value take part in none.
//! Source of the approximation: `[zuo2022]` section III.B.
//!
//! # One triangle by few binaries
//!
//! Source: Vielma and Nemhauser, "Modeling disjunctive constraints with a logarithmic number of
//! binary variables and constraints", Mathematical Programming 128 (2011), section 5: the
//! triangulation J1. Cells along one axis carry Gray codes, neighbours differing in one bit. For
//! bit b of either axis, with binary z_b,
//!
//! ```text
//! Σ { λ_v : both cells beside v have bit b set }       ≤ z_b
//! Σ { λ_v : neither cell beside v has bit b set }      ≤ 1 − z_b
//! Σ { λ_v : column of v even, row odd }                ≤ z_d
//! Σ { λ_v : column of v odd, row even }                ≤ 1 − z_d
//! ```
//!
//! which is 2M + 1 binaries. A code of no cell leaves no vertex at all, so a window of any number
//! of cells can be written the same way.
//!
//! # A program with several such functions
//!
//! [`minimise`] first solves with the convex function itself, by cuts: a bound, and the dispatch on the triangle of its
//! point beside it. Where the two differ, windows of cells are split as long as the bound on one of them does not cost
//! more than the best dispatch known, down to triangles; with three functions or more an integer program on the windows
//! left does it, as windows multiply. The answer is that of the integer program over the whole grid,
//! [`whole`], which is the program to hand to another solver.
//!
//! The optimum lies on a side of its triangle as a rule, and then on that of two or more, which cost the same: the program
//! leaves some binaries free, and the triangle is the one where these are 0. Where points apart from one another cost the
//! same, an integer program on the windows left chooses.

mod branches;
mod grid;
mod held;
mod windows;

pub use grid::{UnionJack, Vertex};
pub use held::slopes;

use super::ids::Var;
use super::model::{Constraint, Model};
use super::parametric::Atlas;
use super::zonotope::Listed;
use crate::opt::Failure;
use branches::by_branches;
use windows::by_windows;

/// Largest M: 2^M cells along each axis.
pub const MAX_M: u32 = 9;

/// Costs closer than this, relative, are the same.
const SAME_COST: f64 = 1e-9;

/// Most rows of a curve that enter a program unasked.
const SHORT: usize = 24;

/// One interpolated cost inside a program: `jack` over the variables `x` and `y`, never below the
/// convex function that it interpolates.
pub struct Surface<'a> {
    pub jack: &'a UnionJack,
    /// The convex function.
    pub curve: &'a Listed,
    pub x: Var,
    pub y: Var,
}

impl Surface<'_> {
    fn supporting_row(&self, value: Var, x: &[f64]) -> Option<Constraint> {
        self.curve.supporting_row(&[self.x, self.y], value, x)
    }
}

/// Cells `columns` × `rows` of a grid, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    columns: (usize, usize),
    rows: (usize, usize),
}

impl Window {
    fn whole(jack: &UnionJack) -> Window {
        let last = jack.side() - 1;
        Window {
            columns: (0, last),
            rows: (0, last),
        }
    }

    /// The cells within `reach` of the cell of a point.
    fn around(jack: &UnionJack, (x, y): (f64, f64), reach: usize) -> Window {
        let (i, j) = jack.cell(x, y);
        let last = jack.side() - 1;
        let near = |k: usize| (k.saturating_sub(reach), (k + reach).min(last));
        Window {
            columns: near(i),
            rows: near(j),
        }
    }

    /// The cells between two corners of a rectangle.
    fn between(jack: &UnionJack, low: (f64, f64), high: (f64, f64)) -> Window {
        let (i0, j0) = jack.cell(low.0, low.1);
        let (i1, j1) = jack.cell(high.0, high.1);
        // A bound on a grid line belongs to the cells on both sides.
        let last = jack.side() - 1;
        Window {
            columns: (i0.saturating_sub(1), (i1 + 1).min(last)),
            rows: (j0.saturating_sub(1), (j1 + 1).min(last)),
        }
    }

    fn holds(&self, other: &Window) -> bool {
        let within = |a: (usize, usize), b: (usize, usize)| a.0 <= b.0 && b.1 <= a.1;
        within(self.columns, other.columns) && within(self.rows, other.rows)
    }
}

/// Bits of a Gray code: neighbours differ in one.
fn gray(k: usize) -> usize {
    k ^ (k >> 1)
}

/// Bits needed for `cells` different codes.
fn bits(cells: usize) -> u32 {
    usize::BITS - (cells - 1).leading_zeros()
}

/// Adds `Σ λ f` to the cost and the rows that tie λ to the variables of the surface.
fn add_weights(
    model: &mut Model,
    surface: &Surface,
    n: usize,
    vertices: impl IntoIterator<Item = Vertex>,
) -> Vec<(Vertex, Var)> {
    let jack = surface.jack;
    let weights: Vec<(Vertex, Var)> = vertices
        .into_iter()
        .filter_map(|v| {
            let name = format!("weight_{n}_{}_{}", v.0, v.1);
            Some((v, model.var(name, 0.0, f64::INFINITY, jack.value(v)?)))
        })
        .collect();
    let one = weights.iter().map(|&(_, w)| (w, 1.0));
    model.row(format!("weights_{n}"), one, 1.0, 1.0);
    for (axis, var) in [("x", surface.x), ("y", surface.y)] {
        let along = |v: Vertex| {
            let (x, y) = jack.vertex(v);
            if axis == "x" { x } else { y }
        };
        let terms = weights.iter().map(|&(v, w)| (w, along(v)));
        let terms: Vec<(Var, f64)> = terms.chain([(var, -1.0)]).collect();
        model.row(format!("weights_{n}_{axis}"), terms, 0.0, 0.0);
    }
    weights
}

/// The binaries of one surface in a model, by axis and bit.
struct Binaries {
    window: Window,
    axes: [Vec<Var>; 2],
    diagonal: Var,
}

impl Binaries {
    /// The triangle that the binaries of a solution leave open.
    fn triangle(&self, x: &[f64]) -> [Vertex; 3] {
        let set = |z: Var| x.get(z.0).is_some_and(|v| *v > 0.5);
        let cell = |axis: usize, (low, high): (usize, usize)| {
            let code = self.axes[axis]
                .iter()
                .rev()
                .fold(0, |code, &z| 2 * code + usize::from(set(z)));
            (low..=high).find(|c| gray(c - low) == code).unwrap_or(low)
        };
        let (i, j) = (cell(0, self.window.columns), cell(1, self.window.rows));
        let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
        // The corner that the diagonal's binary closes.
        let closed = usize::from(set(self.diagonal));
        let open = corners
            .into_iter()
            .filter(|v| !(v.0 % 2 == closed && v.1 % 2 != closed));
        let mut triangle = [(i, j); 3];
        for (corner, vertex) in triangle.iter_mut().zip(open) {
            *corner = vertex;
        }
        triangle
    }
}

/// Adds a surface on a window: weights, binaries, and the rows between them.
fn add(model: &mut Model, surface: &Surface, n: usize, window: Window) -> Binaries {
    let (i0, i1) = window.columns;
    let (j0, j1) = window.rows;
    let vertices = (j0..=j1 + 1).flat_map(|j| (i0..=i1 + 1).map(move |i| (i, j)));
    let weights = add_weights(model, surface, n, vertices);
    // Σ λ ≤ z where `set`, else Σ λ ≤ 1 − z.
    let tie = |model: &mut Model, name: &str, z: Var, set: bool, of: &dyn Fn(Vertex) -> bool| {
        let chosen = weights.iter().filter(|(v, _)| of(*v));
        let terms = chosen.map(|&(_, w)| (w, 1.0));
        let sign = if set { -1.0 } else { 1.0 };
        let limit = if set { 0.0 } else { 1.0 };
        let terms: Vec<(Var, f64)> = terms.chain([(z, sign)]).collect();
        model.row(
            format!("{name}_{}", u8::from(set)),
            terms,
            f64::NEG_INFINITY,
            limit,
        );
    };
    let mut axes = [Vec::new(), Vec::new()];
    for (axis, (low, high)) in [window.columns, window.rows].into_iter().enumerate() {
        for bit in 0..bits(high - low + 1) {
            let name = format!("{}_{n}_bit_{bit}", ["column", "row"][axis]);
            let z = model.integer(name.clone(), 0.0, 1.0, 0.0);
            for set in [true, false] {
                tie(model, &name, z, set, &|v| {
                    let k = if axis == 0 { v.0 } else { v.1 };
                    let mut beside = k.saturating_sub(1).max(low)..=k.min(high);
                    beside.all(|cell| ((gray(cell - low) >> bit) & 1 == 1) == set)
                });
            }
            axes[axis].push(z);
        }
    }
    let name = format!("diagonal_{n}");
    let diagonal = model.integer(name.clone(), 0.0, 1.0, 0.0);
    tie(model, &name, diagonal, true, &|v| {
        v.0 % 2 == 0 && v.1 % 2 == 1
    });
    tie(model, &name, diagonal, false, &|v| {
        v.0 % 2 == 1 && v.1 % 2 == 0
    });
    Binaries {
        window,
        axes,
        diagonal,
    }
}

/// The integer program over the whole grids, 2M + 1 binaries for each surface.
pub fn whole(base: &Model, surfaces: &[Surface]) -> Model {
    let mut model = base.clone();
    for (n, surface) in surfaces.iter().enumerate() {
        add(&mut model, surface, n + 1, Window::whole(surface.jack));
    }
    model
}

/// One triangle for each surface, and the cost.
type Found = (Vec<[Vertex; 3]>, f64);

/// The triangles of an optimum.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimum {
    /// One triangle for each surface.
    pub triangles: Vec<[Vertex; 3]>,
    pub objective: f64,
    /// Optimal cost with the convex functions themselves: what no grid can beat.
    pub bound: f64,
}

/// Minimises `base` plus the interpolated cost of every surface.
///
/// `lazy` sees the variables of `base` and names rows they must meet; those that enter are added
/// to `base`. With the triangles held, [`on_triangles`] is the linear program of the answer.
/// `known` keeps bases of the programs with the convex functions, for the next of their kind.
///
/// # Errors
/// Why there is none: [`Failure::Infeasible`] where no triangle holds a point.
pub fn minimise(
    base: &mut Model,
    surfaces: &[Surface],
    known: &mut Atlas,
    mut lazy: impl FnMut(&[f64]) -> Vec<Constraint>,
) -> Result<Minimum, Failure> {
    match by_branches(base, surfaces, known, &mut lazy) {
        Some(found) => found,
        None => by_windows(base, surfaces, lazy),
    }
}

/// The triangles that a point lies in, those with the most corners that have a value.
fn around(surfaces: &[Surface], point: &[f64]) -> Option<Vec<[Vertex; 3]>> {
    let each = surfaces.iter().map(|s| {
        let (x, y) = (point[s.x.0], point[s.y.0]);
        let both = s.jack.triangles(s.jack.cell(x, y));
        let known = |t: &[Vertex; 3]| t.iter().filter(|v| s.jack.value(**v).is_some()).count();
        let both = both.into_iter();
        let holding = both.filter(|t| s.jack.weights(t, x, y).is_some());
        holding.max_by_key(known)
    });
    each.collect()
}

/// The program with the convex functions in place of the interpolated ones, and the variables that stand for their
/// values.
fn with_curves(base: &Model, surfaces: &[Surface]) -> (Model, Vec<Var>) {
    let mut model = base.clone();
    let costs: Vec<Var> = surfaces
        .iter()
        .enumerate()
        .map(|(n, surface)| {
            let name = format!("value_{}", n + 1);
            model.var(name, surface.jack.least(), f64::INFINITY, 1.0)
        })
        .collect();
    // A short curve is written out at once: its rows cost less than rounds of asking for them.
    for (surface, &cost) in surfaces.iter().zip(&costs) {
        if surface.curve.cuts.len() + surface.curve.region.len() <= SHORT {
            for row in surface.curve.rows(&[surface.x, surface.y], cost) {
                model.push(row);
            }
        }
    }
    (model, costs)
}

/// The linear program with every surface held to a triangle, and the weights of each triangle's corners.
pub fn on_triangles(
    base: &Model,
    surfaces: &[Surface],
    triangles: &[[Vertex; 3]],
) -> (Model, Vec<Vec<Var>>) {
    let mut model = base.clone();
    let numbered = surfaces.iter().zip(triangles).enumerate();
    let weights = numbered.map(|(n, (surface, triangle))| {
        let weights = add_weights(&mut model, surface, n + 1, *triangle);
        weights.into_iter().map(|(_, weight)| weight).collect()
    });
    let weights = weights.collect();
    (model, weights)
}
