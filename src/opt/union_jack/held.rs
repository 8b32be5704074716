//! A surface held to a window of its grid or to a triangle, as limits of a program.

use super::super::ids::Var;
use super::super::model::Constraint;
use super::grid::{UnionJack, Vertex};
use super::{Surface, Window, gray};

/// A weight smaller than this is none: the point lies on a side of its triangle.
pub(super) const ON_SIDE: f64 = 1e-7;

/// Where a node holds one surface.
#[derive(Clone, Copy)]
pub(super) enum Held {
    Window(Window),
    Triangle([Vertex; 3]),
}

/// What holds (x, y) and the value there: sides, a row across the cell, and the plane under the value.
pub(super) struct Limits {
    pub x: (f64, f64),
    pub y: (f64, f64),
    pub rows: [Constraint; 2],
}

impl Held {
    /// Its limits; `None` where they leave no point.
    pub(super) fn limits(&self, surface: &Surface, cost: Var) -> Option<Limits> {
        match self {
            Held::Window(window) => Some(in_window(surface, window)),
            Held::Triangle(triangle) => in_triangle(surface, cost, triangle),
        }
    }
}

/// The triangles where nothing but triangles is held.
pub(super) fn corners(held: &[Held]) -> Option<Vec<[Vertex; 3]>> {
    let each = held.iter().map(|held| match held {
        Held::Triangle(triangle) => Some(*triangle),
        Held::Window(_) => None,
    });
    each.collect()
}

/// A row that asks for nothing.
fn empty() -> Constraint {
    Constraint {
        lower: f64::NEG_INFINITY,
        upper: f64::INFINITY,
        ..Constraint::default()
    }
}

fn in_window(surface: &Surface, window: &Window) -> Limits {
    let low = surface.jack.vertex((window.columns.0, window.rows.0));
    let high = surface
        .jack
        .vertex((window.columns.1 + 1, window.rows.1 + 1));
    Limits {
        x: (low.0, high.0),
        y: (low.1, high.1),
        rows: [empty(), empty()],
    }
}

/// Sides of x and of y in a triangle, what else keeps to it, and the plane of its cost; `None` where no corner has a
/// value.
fn in_triangle(surface: &Surface, cost: Var, triangle: &[Vertex; 3]) -> Option<Limits> {
    let jack = surface.jack;
    let valued = triangle.iter().filter_map(|&v| Some((v, jack.value(v)?)));
    let valued: Vec<(Vertex, f64)> = valued.collect();
    let points: Vec<(f64, f64)> = valued.iter().map(|(v, _)| jack.vertex(*v)).collect();
    let first = *points.first()?;
    let range = |along: fn(&(f64, f64)) -> f64| {
        let all = || points.iter().map(along);
        (
            all().fold(f64::INFINITY, f64::min),
            all().fold(f64::NEG_INFINITY, f64::max),
        )
    };
    let (x, y) = (range(|p| p.0), range(|p| p.1));
    // The diagonal among them, and the corner beside it.
    let skew = |a: Vertex, b: Vertex| a.0 != b.0 && a.1 != b.1;
    let pairs = [(0, 1), (1, 2), (0, 2)].into_iter();
    let mut pairs = pairs.filter(|&(_, b)| b < valued.len());
    let diagonal = pairs.find(|&(a, b)| skew(valued[a].0, valued[b].0));
    let side = diagonal.map_or_else(empty, |(a, b)| {
        let (p, q) = (points[a], points[b]);
        let normal = (q.1 - p.1, p.0 - q.0);
        let along = |at: (f64, f64)| normal.0 * at.0 + normal.1 * at.1;
        let limit = along(p);
        let beside = (0..points.len()).find(|&k| k != a && k != b);
        let beside = beside.map(|k| along(points[k]) - limit);
        Constraint {
            terms: vec![(surface.x, normal.0), (surface.y, normal.1)],
            lower: match beside {
                Some(by) if by < 0.0 => f64::NEG_INFINITY,
                _ => limit,
            },
            upper: match beside {
                Some(by) if by > 0.0 => f64::INFINITY,
                _ => limit,
            },
            ..Constraint::default()
        }
    });
    let (gx, gy) = slopes(jack, triangle)?;
    let plane = Constraint {
        terms: vec![(cost, 1.0), (surface.x, -gx), (surface.y, -gy)],
        lower: valued[0].1 - gx * first.0 - gy * first.1,
        upper: f64::INFINITY,
        ..Constraint::default()
    };
    Some(Limits {
        x,
        y,
        rows: [side, plane],
    })
}

/// Of the triangles that a point lies in, the one whose binaries are least: where it lies on a side of several, the
/// binaries that it leaves free are 0.
pub(super) fn least_binaries(
    surface: &Surface,
    triangle: [Vertex; 3],
    (x, y): (f64, f64),
) -> [Vertex; 3] {
    let jack = surface.jack;
    let weights = jack.barycentric(&triangle, x, y);
    let carries: Vec<Vertex> = triangle
        .iter()
        .zip(weights)
        .filter(|(_, w)| *w > ON_SIDE)
        .map(|(v, _)| *v)
        .collect();
    let cells = Window::around(jack, jack.vertex(triangle[0]), 2);
    let (columns, rows) = (cells.columns, cells.rows);
    let cells = (rows.0..=rows.1).flat_map(|j| (columns.0..=columns.1).map(move |i| (i, j)));
    let all = cells.flat_map(|cell| jack.triangles(cell).map(|t| (cell, t)));
    let holds = all.filter(|(_, t)| carries.iter().all(|v| t.contains(v)));
    let binaries = |&((i, j), t): &((usize, usize), [Vertex; 3])| {
        let odd_row = t.iter().any(|v| v.0 % 2 == 0 && v.1 % 2 == 1);
        (gray(i), gray(j), odd_row)
    };
    holds
        .min_by_key(binaries)
        .map_or(triangle, |(_, triangle)| triangle)
}

/// How the interpolation rises along x and y in a triangle, from the corners that have a value; level across where these
/// are two or one. `None` where there is none.
pub fn slopes(jack: &UnionJack, triangle: &[Vertex; 3]) -> Option<(f64, f64)> {
    let valued = triangle.iter().filter_map(|&v| Some((v, jack.value(v)?)));
    let valued: Vec<(Vertex, f64)> = valued.collect();
    let (first, last) = (valued.first()?, valued.last()?);
    let rise = |along: fn(Vertex) -> usize, across: fn(Vertex) -> usize, x: bool| {
        let from = |(v, value): &(Vertex, f64)| {
            let mut all = valued.iter();
            let further = |w: Vertex| across(w) == across(*v) && along(w) > along(*v);
            let (w, other) = all.find(|(w, _)| further(*w))?;
            let (p, q) = (jack.vertex(*v), jack.vertex(*w));
            let width = if x { q.0 - p.0 } else { q.1 - p.1 };
            Some((other - value) / width)
        };
        valued.iter().find_map(from)
    };
    let (gx, gy) = (rise(|v| v.0, |v| v.1, true), rise(|v| v.1, |v| v.0, false));
    if gx.is_none() && gy.is_none() && valued.len() == 2 {
        // Two corners on a diagonal: all of its rise along x.
        let width = jack.vertex(last.0).0 - jack.vertex(first.0).0;
        return Some(((last.1 - first.1) / width, 0.0));
    }
    Some((gx.unwrap_or_default(), gy.unwrap_or_default()))
}
