//! A series as strokes: steps, breaks at missing values, clipping, thinning.

use super::rect::{Point, Rect};
use super::scale::drawable;

/// Runs of values without a gap; with `step` each value holds over [x − ½, x + ½].
/// A value missing in either coordinate ends the run.
pub fn runs(points: impl IntoIterator<Item = Point>, step: bool) -> Vec<Vec<Point>> {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    for (x, y) in points {
        if !(drawable(x) && drawable(y)) {
            if !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
        } else if step {
            run.extend([(x - 0.5, y), (x + 0.5, y)]);
        } else {
            run.push((x, y));
        }
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

/// The part of the stroke from `a` to `b` inside `window` (Liang and Barsky 1984).
pub fn clip_segment(a: Point, b: Point, window: &Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (slope, room) in [
        (-dx, a.0 - window.x0),
        (dx, window.x1 - a.0),
        (-dy, a.1 - window.y0),
        (dy, window.y1 - a.1),
    ] {
        if slope == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enter = enter.max(room / slope);
        } else {
            leave = leave.min(room / slope);
        }
    }
    if enter > leave {
        return None;
    }
    let at = |t: f64| match t {
        0.0 => a,
        1.0 => b,
        // Rounding of a steep stroke through a narrow window must not leave it.
        t => (
            (a.0 + t * dx).clamp(window.x0, window.x1),
            (a.1 + t * dy).clamp(window.y0, window.y1),
        ),
    };
    Some((at(enter), at(leave)))
}

/// A run cut at the edges of `window`, its ends interpolated: plotters moves outer points
/// to the edge instead, which draws strokes that are not there.
pub fn clip(run: &[Point], window: &Rect) -> Vec<Vec<Point>> {
    if run.iter().all(|p| window.holds(*p)) {
        return vec![run.to_vec()];
    }
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    // Whether the last piece ends where the next stroke starts.
    let mut open = false;
    for pair in run.windows(2) {
        let [a, b] = pair else { continue };
        let Some((from, to)) = clip_segment(*a, *b, window) else {
            open = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if open && from == *a => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
        open = to == *b;
    }
    pieces
}

/// At most four points per pixel column (first, lowest, highest, last), which draws the
/// same picture. `points` in tenths of a pixel; short runs are left as they are.
pub fn thin(points: Vec<(i32, i32)>, width_px: usize) -> Vec<(i32, i32)> {
    if points.len() <= 2 * width_px {
        return points;
    }
    let column = |p: &(i32, i32)| p.0.div_euclid(super::canvas::SUB);
    let mut thinned = Vec::with_capacity(4 * width_px);
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        if group.len() <= 4 {
            thinned.extend_from_slice(group);
            continue;
        }
        let extreme = |sign: i32| {
            group
                .iter()
                .enumerate()
                .min_by_key(|(_, p)| sign * p.1)
                .map_or(0, |(k, _)| k)
        };
        let mut kept = [0, extreme(1), extreme(-1), group.len() - 1];
        crate::sort::by(&mut kept, Ord::cmp);
        thinned.extend(kept.iter().filter_map(|k| group.get(*k)));
    }
    thinned
}
