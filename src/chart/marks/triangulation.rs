//! Points joined by segments: thin and quiet, as many as there are.

use std::collections::HashMap;

use crate::chart::canvas::PathData;
use crate::chart::painter::{Painter, tenths};
use crate::chart::rect::{Point, Rect};
use crate::chart::rows::Rows;
use crate::chart::scale::drawable;

use super::figure::{Figure, Key};
use super::join::Layer;

pub struct Triangulation<'r> {
    pub label: &'r str,
    pub points: &'r [Point],
    /// Indices of points that take part in no triangle.
    pub excluded: &'r [usize],
    pub segments: &'r [(usize, usize)],
}

impl Triangulation<'_> {
    fn is_drawable(&self, k: usize) -> bool {
        let point = self.points.get(k);
        point.is_some_and(|p| drawable(p.0) && drawable(p.1))
    }

    /// Segments joined to long strokes, straight on where that is possible; the points inside a
    /// straight piece are left out.
    pub fn strokes(&self, window: &Rect) -> Vec<[Point; 2]> {
        let (points, segments) = (self.points, self.segments);
        let unit = (window.width(), window.height());
        let whole = |(a, b): (usize, usize)| self.is_drawable(a) && self.is_drawable(b) && a != b;
        let mut at: HashMap<usize, Vec<usize>> = HashMap::new();
        for (k, (a, b)) in segments.iter().enumerate() {
            if whole((*a, *b)) {
                at.entry(*a).or_default().push(k);
                at.entry(*b).or_default().push(k);
            }
        }
        let mut used = vec![false; segments.len()];
        let other = |k: usize, end: usize| match segments[k] {
            (a, b) if a == end => b,
            (a, _) => a,
        };
        let mut all = Vec::new();
        for (start, (a, b)) in segments.iter().enumerate() {
            if used[start] || !whole((*a, *b)) {
                continue;
            }
            used[start] = true;
            let (mut last, mut end) = (points[*a], *b);
            while let Some(next) =
                at.get(&end).into_iter().flatten().find(|k| {
                    !used[**k] && straight(last, points[end], points[other(**k, end)], unit)
                })
            {
                used[*next] = true;
                last = points[end];
                end = other(*next, end);
            }
            all.push([points[*a], points[end]]);
        }
        all
    }
}

impl<'r> Figure<'r> for Triangulation<'r> {
    fn layer(&self) -> Layer {
        Layer::Net
    }

    fn reach(&self) -> Vec<Point> {
        self.points.to_vec()
    }

    /// Segments, points, and crosses for the points that were left out.
    fn draw(&self, painter: &mut Painter) {
        let window = painter.window();
        let ink = ("stroke", painter.sheet.ink);
        let label = ("data-label", self.label);
        painter.group("triangulation", &[label, ("fill", "none"), ink]);
        let (mut strokes, mut dots, mut crosses) = Default::default();
        for piece in self.strokes(&window).iter().flat_map(|s| painter.pieces(s)) {
            PathData::polyline(&mut strokes, &piece);
        }
        let small = self.points.len() > 150;
        for (k, p) in self.points.iter().enumerate() {
            if !(self.is_drawable(k) && window.holds(*p)) {
                continue;
            }
            let at = painter.at(*p);
            if self.excluded.contains(&k) {
                cross(&mut crosses, at, if small { 17 } else { 24 });
            } else {
                PathData::dot(&mut dots, at);
            }
        }
        let sized = |few, many| if small { many } else { few };
        let canvas = &mut painter.canvas;
        let faint = [("stroke-opacity", sized("0.5", "0.35"))];
        canvas.path(&strokes, ["", "", "", sized("0.6", "0.5")], &faint);
        let round = [("stroke-linecap", "round"), ("stroke-opacity", "0.7")];
        canvas.path(&dots, ["marker", "", "", sized("3", "1.7")], &round);
        let look = ["marker", "", painter.sheet.muted, sized("1", "0.8")];
        canvas.path(&crosses, look, &[]);
        painter.end();
    }

    /// It has no names; those placed from now on keep away from the segments.
    fn names(&self, painter: &mut Painter) {
        for stroke in self.strokes(&painter.window()) {
            painter.path(&stroke);
        }
    }

    fn key(&self) -> Option<Key<'_>> {
        let (label, over) = (self.label, false);
        (!label.is_empty()).then_some(Key { label, over })
    }

    fn sample(&self, painter: &mut Painter, (x, y): Point) {
        let corners = [(x, y), (x + 11.0, y), (x + 5.5, y - 9.0)].map(tenths);
        let (mut strokes, mut dots) = (PathData::of(&corners), PathData::default());
        strokes.close();
        corners.iter().for_each(|p| dots.dot(*p));
        let (ink, round) = (painter.sheet.muted, [("stroke-linecap", "round")]);
        painter.canvas.path(&strokes, ["", "none", ink, ""], &[]);
        painter.canvas.path(&dots, ["", "", ink, "3"], &round);
    }

    /// Its points in the file only: a table to read would be too long.
    fn rows(&self, rows: &mut Rows) {
        let points = self.points.iter().filter(|_| rows.whole).enumerate();
        for (k, p) in points.collect::<Vec<_>>() {
            let left_out = self.excluded.contains(&k);
            let part = if left_out { "excluded point" } else { "point" };
            rows.add(part, self.label, *p, None);
        }
    }
}

fn cross(path: &mut PathData, (x, y): (i32, i32), half: i32) {
    path.polyline(&[(x - half, y - half), (x + half, y + half)]);
    path.polyline(&[(x - half, y + half), (x + half, y - half)]);
}

/// Whether the way from `a` over `b` to `c` goes straight on, seen in the units of the axes.
fn straight(a: Point, b: Point, c: Point, unit: Point) -> bool {
    let way = |a: Point, b: Point| ((b.0 - a.0) / unit.0, (b.1 - a.1) / unit.1);
    let (u, v) = (way(a, b), way(b, c));
    let (cross, along) = (u.0 * v.1 - u.1 * v.0, u.0 * v.0 + u.1 * v.1);
    along > 0.0 && cross.abs() <= 1e-9 * along
}
