//! Shadows in the plane: faces in order, corners.

use super::half_space::clean;
use super::{Face, Projection};
use crate::opt::Failure;
use crate::opt::ids::Var;
use std::cmp::Ordering;

/// Sine of the angle at which two faces are parallel.
const PARALLEL: f64 = 1e-10;

/// A corner of a shadow on two variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Corner {
    /// Coordinates in the order of [`Projection::keep`].
    pub point: (f64, f64),
    /// The faces that meet here: two of a polygon, one at the end of a line segment, none
    /// where the shadow is a point.
    pub faces: Vec<usize>,
}

/// p x + q y ≤ b
#[derive(Clone, Copy)]
struct Line {
    p: f64,
    q: f64,
    b: f64,
}

impl Line {
    fn of(face: &Face, x: Var, y: Var) -> Line {
        let a = |var| {
            let terms = face.terms.iter();
            terms.filter(|(v, _)| *v == var).map(|(_, a)| a).sum()
        };
        Line {
            p: a(x),
            q: a(y),
            b: face.upper,
        }
    }

    /// Sine of the angle from this normal to the other's, counter-clockwise.
    fn turn(self, next: Line) -> f64 {
        (self.p * next.q - self.q * next.p)
            / (libm::hypot(self.p, self.q) * libm::hypot(next.p, next.q))
    }

    fn meets(self, other: Line) -> (f64, f64) {
        let det = self.p * other.q - self.q * other.p;
        let solve = |a: f64, b: f64| clean((a - b) / det, (a.abs() + b.abs()) / det.abs());
        (
            solve(self.b * other.q, other.b * self.q),
            solve(other.b * self.p, self.b * other.p),
        )
    }

    /// By the angle of the normal, counter-clockwise from the negative y-axis: exact, since
    /// no angle is computed.
    fn by_angle(&self, other: &Line) -> Ordering {
        let left_half = |line: &Line| line.p < 0.0 || (line.p == 0.0 && line.q > 0.0);
        left_half(self)
            .cmp(&left_half(other))
            .then_with(|| (other.p * self.q).total_cmp(&(self.p * other.q)))
    }
}

/// Puts the faces of a shadow on two variables in the order of its corners: from the lowest
/// of the leftmost, or of an open shadow from the face before which it is open.
pub(super) fn sort_faces(projection: &mut Projection) {
    let &[x, y] = projection.keep.as_slice() else {
        return;
    };
    if !projection.equalities.is_empty() {
        return;
    }
    let line = |face: &Face| Line::of(face, x, y);
    crate::sort::by(&mut projection.faces, |a, b| line(a).by_angle(&line(b)));
    let lines: Vec<Line> = projection.faces.iter().map(line).collect();
    let corner = |k: usize| before(&lines, k).map(|(before, here)| before.meets(here));
    let first = match opening(&lines) {
        Some(k) => k + 1,
        None => (0..lines.len())
            .min_by(|&a, &b| corner(a).partial_cmp(&corner(b)).unwrap_or(Ordering::Equal))
            .unwrap_or(0),
    };
    if let Some(first) = first.checked_rem(lines.len()) {
        projection.faces.rotate_left(first);
    }
}

/// Line k and the one before it.
fn before(lines: &[Line], k: usize) -> Option<(Line, Line)> {
    let previous = (k + lines.len()).checked_sub(1)?.checked_rem(lines.len())?;
    Some((*lines.get(previous)?, *lines.get(k)?))
}

/// The line after which the shadow has no next corner.
fn opening(lines: &[Line]) -> Option<usize> {
    let open =
        |k: usize| before(lines, k).is_some_and(|(before, here)| before.turn(here) <= PARALLEL);
    let next = (0..lines.len()).find(|&k| open(k))?;
    Some((next + lines.len() - 1) % lines.len())
}

/// The corners of a shadow on two variables, counter-clockwise from the lowest of the
/// leftmost: between corner k and corner k + 1 runs face k. Two for a line segment, one for
/// a point.
///
/// # Errors
/// The shadow is not on two variables, or goes on for ever in some direction.
pub fn corners_2d(projection: &Projection) -> Result<Vec<Corner>, Failure> {
    let &[x, y] = projection.keep.as_slice() else {
        return Err(Failure::Refused(format!(
            "a shadow on {} variables has no outline in the plane; keep two",
            projection.keep.len()
        )));
    };
    let endless = |along: (f64, f64)| {
        Err(Failure::Refused(format!(
            "the shadow goes on for ever in direction ({}, {}): no limit bounds it there",
            clean(along.0, 1.0),
            clean(along.1, 1.0)
        )))
    };
    let line = |face: &Face| Line::of(face, x, y);
    let lines: Vec<Line> = projection.faces.iter().map(line).collect();
    let planes = projection.equalities.iter();
    let planes: Vec<Line> = planes.map(|e| line(&e.at_most)).collect();
    match (planes.as_slice(), lines.as_slice()) {
        ([], []) => endless((1.0, 0.0)),
        ([], _) => {
            if let Some(Line { p, q, .. }) = opening(&lines).and_then(|k| lines.get(k).copied()) {
                return endless((-q + 0.0, p + 0.0));
            }
            let corners = (0..lines.len()).filter_map(|k| {
                let (last, here) = before(&lines, k)?;
                Some(Corner {
                    point: last.meets(here),
                    faces: vec![(k + lines.len() - 1) % lines.len(), k],
                })
            });
            Ok(corners.collect())
        }
        (&[plane], ends) => {
            let along = (-plane.q, plane.p);
            for sign in [1.0, -1.0] {
                let (dx, dy) = (sign * along.0 + 0.0, sign * along.1 + 0.0);
                if ends.iter().all(|end| end.p * dx + end.q * dy <= 0.0) {
                    return endless((dx, dy));
                }
            }
            let ends = ends.iter().enumerate();
            let mut corners: Vec<Corner> = ends
                .map(|(k, end)| Corner {
                    point: plane.meets(*end),
                    faces: vec![k],
                })
                .collect();
            crate::sort::by(&mut corners, |a, b| {
                a.point.partial_cmp(&b.point).unwrap_or(Ordering::Equal)
            });
            Ok(corners)
        }
        (&[one, two, ..], _) => Ok(vec![Corner {
            point: one.meets(two),
            faces: Vec::new(),
        }]),
    }
}
