//! Convex polygons: parts, cuts, and what lies inside.

use super::rect::{Point, Rect};
use super::scale::Extent;

/// A corner with the value there: x, y, value.
pub type Corner = (f64, f64, f64);

/// The part of a convex polygon where `height`, linear over it, is not negative. Corners on
/// the cut are interpolated, their values too.
pub fn keep(polygon: &[Corner], height: impl Fn(&Corner) -> f64) -> Vec<Corner> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (a, b) in sides(polygon) {
        let (from, to) = (height(a), height(b));
        if from >= 0.0 {
            kept.push(*a);
        }
        if (from < 0.0) != (to < 0.0) && to != 0.0 && from != 0.0 {
            kept.push(between(a, b, from / (from - to)));
        }
    }
    if kept.len() < 3 { Vec::new() } else { kept }
}

/// The part of a polygon inside `window`.
pub fn window(polygon: &[Corner], window: &Rect) -> Vec<Corner> {
    let mut part = keep(polygon, |c| c.0 - window.x0);
    part = keep(&part, |c| window.x1 - c.0);
    part = keep(&part, |c| c.1 - window.y0);
    part = keep(&part, |c| window.y1 - c.1);
    // Rounding must not leave the window.
    for corner in &mut part {
        corner.0 = corner.0.clamp(window.x0, window.x1);
        corner.1 = corner.1.clamp(window.y0, window.y1);
    }
    part
}

/// The stroke on which a convex polygon has this value; none where it only touches it.
pub fn level(polygon: &[Corner], value: f64) -> Option<(Point, Point)> {
    let mut ends: Vec<Point> = Vec::new();
    for (a, b) in sides(polygon) {
        let (from, to) = (a.2 - value, b.2 - value);
        if from == 0.0 {
            ends.push((a.0, a.1));
        } else if (from < 0.0 && to > 0.0) || (from > 0.0 && to < 0.0) {
            let p = between(a, b, from / (from - to));
            ends.push((p.0, p.1));
        }
    }
    match ends.as_slice() {
        [a, b] if a != b => Some((*a, *b)),
        _ => None,
    }
}

fn between(a: &Corner, b: &Corner, part: f64) -> Corner {
    let at = |a: f64, b: f64| a + part * (b - a);
    (at(a.0, b.0), at(a.1, b.1), at(a.2, b.2))
}

pub fn sides<T>(polygon: &[T]) -> impl Iterator<Item = (&T, &T)> {
    polygon.iter().zip(polygon.iter().cycle().skip(1))
}

/// The mean of the area; of the corners where there is no area.
pub fn centre(polygon: &[Point]) -> Point {
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for (a, b) in sides(polygon) {
        let cross = a.0 * b.1 - b.0 * a.1;
        area += cross;
        x += (a.0 + b.0) * cross;
        y += (a.1 + b.1) * cross;
    }
    if area.abs() > 1e-9 {
        return (x / (3.0 * area), y / (3.0 * area));
    }
    let count = polygon.len().max(1) as f64;
    let sum = polygon
        .iter()
        .fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
    (sum.0 / count, sum.1 / count)
}

/// The value at a point of a polygon over which it is linear; none without an area.
pub fn value_at(polygon: &[Corner], at: Point) -> Option<f64> {
    let (a, rest) = polygon.split_first()?;
    let (b, c) = rest
        .iter()
        .zip(rest.iter().skip(1))
        .max_by(|p, q| turn(a, p.0, p.1).total_cmp(&turn(a, q.0, q.1)))?;
    let (u, v, w) = (
        (b.0 - a.0, b.1 - a.1),
        (c.0 - a.0, c.1 - a.1),
        (at.0 - a.0, at.1 - a.1),
    );
    let area = u.0 * v.1 - u.1 * v.0;
    let (s, t) = (
        (w.0 * v.1 - w.1 * v.0) / area,
        (u.0 * w.1 - u.1 * w.0) / area,
    );
    let value = a.2 + s * (b.2 - a.2) + t * (c.2 - a.2);
    value.is_finite().then_some(value)
}

/// Twice the area of a triangle.
fn turn(a: &Corner, b: &Corner, c: &Corner) -> f64 {
    ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).abs()
}

/// Whether a convex polygon and a rectangle have more than an edge in common.
pub fn overlaps(polygon: &[Point], area: &Rect) -> bool {
    let corners = corners(area);
    let mut axes = vec![(1.0, 0.0), (0.0, 1.0)];
    axes.extend(sides(polygon).map(|(a, b)| (a.1 - b.1, b.0 - a.0)));
    !polygon.is_empty()
        && axes.iter().all(|axis| {
            let (low, high) = shadow(polygon, *axis);
            let (other_low, other_high) = shadow(&corners, *axis);
            let slack = 1e-9 * (axis.0.abs() + axis.1.abs());
            *axis == (0.0, 0.0) || (low < other_high - slack && other_low < high - slack)
        })
}

/// Whether a rectangle lies inside a convex polygon, at least `air` from its sides.
pub fn holds(polygon: &[Point], area: &Rect, air: f64) -> bool {
    let middle = centre(polygon);
    polygon.len() >= 3
        && sides(polygon).all(|(a, b)| {
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let length = libm::hypot(dx, dy);
            let off = |p: &Point| ((p.0 - a.0) * dy - (p.1 - a.1) * dx) / length;
            let side = off(&middle).signum();
            length < 1e-9 || corners(area).iter().all(|p| side * off(p) >= air)
        })
}

fn corners(area: &Rect) -> [Point; 4] {
    [
        (area.x0, area.y0),
        (area.x1, area.y0),
        (area.x1, area.y1),
        (area.x0, area.y1),
    ]
}

fn shadow(points: &[Point], axis: Point) -> (f64, f64) {
    let all = Extent::of(points.iter().map(|p| p.0 * axis.0 + p.1 * axis.1));
    (all.low, all.high)
}

/// The convex hull of points, in order around it (Andrew 1979).
pub fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    crate::sort::by(&mut sorted, |a, b| {
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    sorted.dedup();
    let chain = |points: &mut dyn Iterator<Item = &Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while let [.., a, b] = chain.as_slice() {
                if (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(*p);
        }
        chain.pop();
        chain
    };
    let mut hull = chain(&mut sorted.iter());
    hull.extend(chain(&mut sorted.iter().rev()));
    hull
}
