//! Points joined by segments: thin and quiet, as many as there are.

use std::collections::HashMap;

use crate::report::Mark;

use super::canvas::PathData;
use super::paint::{Painter, tenths};
use super::polyline::clip_segment;
use super::scale::drawable;

type Point = (f64, f64);

impl Painter<'_, '_, '_> {
    /// Segments, points, and crosses for the points that were left out.
    pub(super) fn triangulations(&self) -> Result<(), String> {
        let plan = self.plan;
        for mark in &plan.chart.marks {
            let Mark::Triangulation {
                label,
                points,
                excluded,
                segments,
            } = mark
            else {
                continue;
            };
            self.group(
                "triangulation",
                &[
                    ("data-label", label),
                    ("fill", "none"),
                    ("stroke", self.sheet.ink),
                ],
            )?;
            let mut strokes = PathData::default();
            let window = plan.window;
            let unit = (window.x1 - window.x0, window.y1 - window.y0);
            for chain in chains(points, segments, unit) {
                self.chain_into(&mut strokes, &chain);
            }
            let small = points.len() > 150;
            let (mut dots, mut crosses) = (PathData::default(), PathData::default());
            for (k, p) in points.iter().enumerate() {
                if !(drawable(p.0) && drawable(p.1) && self.plan.window.holds(*p)) {
                    continue;
                }
                let at = self.plot.map_coordinate(p);
                if excluded.contains(&k) {
                    cross(&mut crosses, at, if small { 17 } else { 24 });
                } else {
                    dots.dot(at);
                }
            }
            self.draw(Vec::new(), |_, canvas| {
                canvas.path(
                    &strokes,
                    &[
                        ("stroke-width", if small { "0.5" } else { "0.6" }),
                        ("stroke-opacity", if small { "0.35" } else { "0.5" }),
                    ],
                );
                canvas.path(
                    &dots,
                    &[
                        ("class", "marker"),
                        ("stroke-width", if small { "1.7" } else { "3" }),
                        ("stroke-linecap", "round"),
                        ("stroke-opacity", "0.7"),
                    ],
                );
                canvas.path(
                    &crosses,
                    &[
                        ("class", "marker"),
                        ("stroke", self.sheet.muted),
                        ("stroke-width", if small { "0.8" } else { "1" }),
                    ],
                );
            })?;
            self.end()?;
        }
        Ok(())
    }

    /// Names placed from now on keep away from the segments.
    pub(super) fn block_triangulations(&mut self) {
        let window = self.plan.window;
        let unit = (window.x1 - window.x0, window.y1 - window.y0);
        for mark in &self.plan.chart.marks {
            let Mark::Triangulation {
                points, segments, ..
            } = mark
            else {
                continue;
            };
            for pair in chains(points, segments, unit)
                .iter()
                .flat_map(|c| c.windows(2))
            {
                if let Some((a, b)) = clip_segment(pair[0], pair[1], &window) {
                    let (a, b) = (self.px(a), self.px(b));
                    self.occupied.stroke(a, b);
                }
            }
        }
    }

    fn chain_into(&self, path: &mut PathData, chain: &[Point]) {
        let mut last = None;
        for pair in chain.windows(2) {
            let [a, b] = pair else { continue };
            let Some((from, to)) = clip_segment(*a, *b, &self.plan.window) else {
                continue;
            };
            let (from, to) = (
                self.plot.map_coordinate(&from),
                self.plot.map_coordinate(&to),
            );
            if last != Some(from) {
                path.move_to(from);
            }
            path.line_to(to);
            last = Some(to);
        }
    }

    /// The sample of a triangulation in the row of keys.
    pub(super) fn triangulation_sample(&self, (x, y): (f64, f64)) -> Result<(), String> {
        let (mut strokes, mut dots) = (PathData::default(), PathData::default());
        let corners = [(x, y), (x + 11.0, y), (x + 5.5, y - 9.0)].map(tenths);
        strokes.polyline(&corners);
        strokes.close();
        corners.iter().for_each(|p| dots.dot(*p));
        self.draw(Vec::new(), |_, canvas| {
            let ink = ("stroke", self.sheet.muted);
            canvas.path(&strokes, &[("fill", "none"), ink]);
            canvas.path(
                &dots,
                &[ink, ("stroke-width", "3"), ("stroke-linecap", "round")],
            );
        })
    }
}

pub(super) fn cross(path: &mut PathData, (x, y): (i32, i32), half: i32) {
    path.polyline(&[(x - half, y - half), (x + half, y + half)]);
    path.polyline(&[(x - half, y + half), (x + half, y - half)]);
}

/// Segments joined to long strokes, straight on where that is possible; the points inside a
/// straight piece are left out.
fn chains(points: &[Point], segments: &[(usize, usize)], unit: Point) -> Vec<Vec<Point>> {
    let whole = |k: usize| {
        points
            .get(k)
            .is_some_and(|p| drawable(p.0) && drawable(p.1))
    };
    let mut at: HashMap<usize, Vec<usize>> = HashMap::new();
    for (k, (a, b)) in segments.iter().enumerate() {
        if whole(*a) && whole(*b) && a != b {
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
        if used[start] || !whole(*a) || !whole(*b) || a == b {
            continue;
        }
        used[start] = true;
        let (mut last, mut end) = (points[*a], *b);
        let mut chain = vec![last];
        while let Some(next) = at
            .get(&end)
            .into_iter()
            .flatten()
            .find(|k| !used[**k] && straight(last, points[end], points[other(**k, end)], unit))
        {
            used[*next] = true;
            last = points[end];
            end = other(*next, end);
        }
        chain.push(points[end]);
        all.push(chain);
    }
    all
}

/// Whether the way from `a` over `b` to `c` goes straight on, seen in the units of the axes.
fn straight(a: Point, b: Point, c: Point, unit: Point) -> bool {
    let way = |a: Point, b: Point| ((b.0 - a.0) / unit.0, (b.1 - a.1) / unit.1);
    let (u, v) = (way(a, b), way(b, c));
    let (cross, along) = (u.0 * v.1 - u.1 * v.0, u.0 * v.0 + u.1 * v.1);
    along > 0.0 && cross.abs() <= 1e-9 * along
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_segments_become_one_stroke() {
        let points = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0)];
        let all = chains(
            &points,
            &[(0, 1), (2, 1), (2, 3), (7, 1), (1, 1)],
            (1.0, 1.0),
        );
        assert_eq!(
            all,
            [vec![points[0], points[2]], vec![points[2], points[3]]]
        );
        assert!(chains(&[], &[(0, 1)], (1.0, 1.0)).is_empty());
    }
}
