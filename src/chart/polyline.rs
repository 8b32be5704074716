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

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect::new(0.0, 1.0, 0.0, 1.0);

    #[test]
    fn missing_values_break_the_line() {
        let values = [
            (1.0, 1.0),
            (2.0, f64::NAN),
            (3.0, 2.0),
            (4.0, f64::INFINITY),
        ];
        assert_eq!(runs(values, false), [vec![(1.0, 1.0)], vec![(3.0, 2.0)]]);
        assert_eq!(runs(values, true)[1], [(2.5, 2.0), (3.5, 2.0)]);
        assert!(runs([], true).is_empty());
    }

    #[test]
    fn ends_are_interpolated_at_the_edges() {
        let pieces = clip(&[(-1.0, 0.5), (2.0, 0.5)], &UNIT);
        assert_eq!(pieces, [vec![(0.0, 0.5), (1.0, 0.5)]]);
        let roof = [(0.0, 0.0), (0.5, 2.0), (1.0, 0.0)];
        assert_eq!(
            clip(&roof, &UNIT),
            [vec![(0.0, 0.0), (0.25, 1.0)], vec![(0.75, 1.0), (1.0, 0.0)]],
        );
        assert!(clip(&[(2.0, 2.0), (3.0, 1.5)], &UNIT).is_empty());
        assert!(clip(&[], &UNIT).iter().all(Vec::is_empty));
    }

    /// Every point of a clipped run lies in the window and on the run.
    #[test]
    fn clipping_keeps_to_the_window_and_to_the_line() {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed >> 11) as f64 / (1u64 << 53) as f64 * 4.0 - 1.5
        };
        for _ in 0..500 {
            let run: Vec<_> = (0..6).map(|_| (random(), random())).collect();
            for p in clip(&run, &UNIT).iter().flatten() {
                let inside = Rect::new(-1e-12, 1.0 + 1e-12, -1e-12, 1.0 + 1e-12);
                assert!(inside.holds(*p), "{p:?} of {run:?}");
                let on = run.windows(2).any(|w| {
                    let (d, e) = (
                        (w[1].0 - w[0].0, w[1].1 - w[0].1),
                        (p.0 - w[0].0, p.1 - w[0].1),
                    );
                    (d.0 * e.1 - d.1 * e.0).abs() < 1e-9
                });
                assert!(on, "{p:?} off {run:?}");
            }
        }
    }

    #[test]
    fn thinning_keeps_the_extremes_of_every_column() {
        let points: Vec<_> = (0..20_000).map(|k| (k / 10, (k * 7919) % 1000)).collect();
        let thinned = thin(points.clone(), 200);
        assert!(thinned.len() <= 4 * 200);
        for column in 0..200 {
            let of = |set: &[(i32, i32)]| {
                let ys = set.iter().filter(|p| p.0 / 10 == column).map(|p| p.1);
                (ys.clone().min(), ys.max())
            };
            assert_eq!(of(&points), of(&thinned));
        }
    }
}
