//! A path walked by the clock: the point reached is marked, what lies behind it is joined.

use crate::report::Report;

use super::canvas::PathData;
use super::layout::{LINE, room};
use super::paint::{Painter, tenths};
use super::plan::Line;
use super::polyline::{Rect, clip, runs};

/// Radius of the ring around the point reached, px.
const RING: f64 = 6.5;

/// Where a walk stands at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Index of the point.
    pub index: usize,
    /// Step of the clock, from 0.
    pub step: usize,
    /// Strokes that every step adds.
    pub stride: usize,
}

/// Every step adds the same number of strokes; without a cursor the whole length is walked.
pub fn reached(report: &Report, count: usize, cursor: Option<usize>) -> Option<Reached> {
    let last = count.checked_sub(1)?;
    let steps = report.clock.as_ref().map_or(1, |c| c.steps);
    let stride = last
        .checked_div(steps.saturating_sub(1))
        .unwrap_or(1)
        .max(1);
    let step = cursor.unwrap_or(usize::MAX).min(last / stride);
    let index = match cursor {
        Some(_) => step * stride,
        None => last,
    };
    Some(Reached {
        index,
        step,
        stride,
    })
}

impl Painter<'_, '_, '_> {
    /// The walk over a plane: thin strokes, small points, a ring where it stands.
    pub(super) fn walk(&mut self, line: &Line, reached: Reached) -> Result<(), String> {
        let (walked, ahead) = (
            line.points.get(..=reached.index).unwrap_or_default(),
            line.points.get(reached.index..).unwrap_or_default(),
        );
        self.thread(line, ahead, "0.35")?;
        self.thread(line, walked, "1")?;
        let Some(here) = line.points.get(reached.index).copied() else {
            return Ok(());
        };
        if !self.plan.window.holds(here) {
            return Ok(());
        }
        let (x, y) = self.px(here);
        self.occupied.block(around((x, y), RING + 2.0));
        self.draw(vec![here], |at, canvas| {
            let circle = |radius: i32| {
                let mut path = PathData::default();
                at.iter().for_each(|p| path.circle(*p, radius));
                path
            };
            let (surface, colour) = (self.sheet.surface, line.pen.colour);
            let ring = (RING * 10.0) as i32;
            canvas.path(
                &circle(ring + 26),
                &[("class", "marker"), ("fill", surface), ("stroke", "none")],
            );
            canvas.path(
                &circle(ring),
                &[
                    ("class", "marker"),
                    ("fill", surface),
                    ("stroke", colour),
                    ("stroke-width", "2.5"),
                ],
            );
            canvas.path(
                &circle(24),
                &[("class", "marker"), ("fill", colour), ("stroke", "none")],
            );
        })
    }

    /// A part of the walk on a halo of the surface: it crosses colours of its own kind.
    fn thread(&mut self, line: &Line, points: &[(f64, f64)], opacity: &str) -> Result<(), String> {
        let window = self.plan.window;
        let (mut strokes, mut dots) = (PathData::default(), PathData::default());
        let runs = runs(points.iter().copied(), false);
        for piece in runs.iter().flat_map(|run| clip(run, &window)) {
            let mut mapped: Vec<_> = piece.iter().map(|p| self.plot.map_coordinate(p)).collect();
            mapped.dedup();
            if mapped.len() > 1 {
                strokes.polyline(&mapped);
            }
        }
        let mut seen: Vec<_> = points
            .iter()
            .filter(|p| window.holds(**p))
            .map(|p| self.plot.map_coordinate(p))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        seen.iter().for_each(|p| dots.dot(*p));
        self.draw(Vec::new(), |_, canvas| {
            for (colour, wider) in [(self.sheet.surface, 2.0), (line.pen.colour, 0.0)] {
                let halo = wider > 0.0;
                let opacity = if halo && opacity != "1" {
                    "0.2"
                } else {
                    opacity
                };
                let (width, size) = (format!("{}", 1.2 + wider), format!("{}", 4.4 + wider));
                let shared = [("stroke", colour), ("stroke-opacity", opacity)];
                canvas.path(&strokes, &[shared[0], shared[1], ("stroke-width", &width)]);
                let round = [("stroke-width", size.as_str()), ("stroke-linecap", "round")];
                let class = [("class", "marker")];
                let all = [&class[..], &shared[..], &round[..]].concat();
                canvas.path(&dots, &all);
            }
        })
    }

    /// The step of the clock beside the ring.
    pub(super) fn walk_labels(&mut self) -> Result<(), String> {
        let plan = self.plan;
        let clock = plan.clock.as_deref().unwrap_or("step");
        for line in plan.shown() {
            let Some(reached) = line.reached.filter(|_| plan.plane) else {
                continue;
            };
            let Some(here) = line.points.get(reached.index).copied() else {
                continue;
            };
            if !plan.window.holds(here) {
                continue;
            }
            let number = (reached.step + 1).to_string();
            let at = self.px(here);
            for text in [format!("{clock} {number}"), number] {
                // Room for the handle of a point to ask about; bold is wider than what is measured.
                let far = RING
                    + if plan.chart.probe.is_some() {
                        13.0
                    } else {
                        5.0
                    };
                let candidates = beside(at, far, 1.08 * room(&text));
                if let Some(place) = self.occupied.place_free(&candidates, &self.frame) {
                    let (x, anchor) = if place.x1 < at.0 {
                        (place.x1, "end")
                    } else if place.x0 > at.0 {
                        (place.x0, "start")
                    } else {
                        (0.5 * (place.x0 + place.x1), "middle")
                    };
                    self.draw(Vec::new(), |_, canvas| {
                        let bold = [("fill", self.sheet.ink), ("font-weight", "600")];
                        canvas.text(&text, tenths((x, place.y0 + 11.0)), anchor, &bold);
                    })?;
                    break;
                }
            }
        }
        Ok(())
    }
}

fn around((x, y): (f64, f64), half: f64) -> Rect {
    Rect {
        x0: x - half,
        x1: x + half,
        y0: y - half,
        y1: y + half,
    }
}

/// Places of a line of text beside a mark of radius `far`.
pub(super) fn beside((x, y): (f64, f64), far: f64, width: f64) -> Vec<Rect> {
    let at = |x0: f64, y0: f64| Rect {
        x0,
        x1: x0 + width,
        y0,
        y1: y0 + LINE,
    };
    let (right, left) = (x + far, x - far - width);
    let (level, up, down) = (y - LINE / 2.0, y - far - LINE + 3.0, y + far - 3.0);
    vec![
        at(right, level),
        at(left, level),
        at(right, up),
        at(right, down),
        at(left, up),
        at(left, down),
        at(x - width / 2.0, up - 4.0),
        at(x - width / 2.0, down + 4.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Clock;

    #[test]
    fn every_step_adds_the_same_strokes() {
        let report = Report {
            clock: Some(Clock {
                name: "interval".into(),
                steps: 6,
                minutes_per_step: 5.0,
            }),
            ..Report::default()
        };
        let at = |count, cursor| reached(&report, count, cursor).map(|r| (r.index, r.step));
        assert_eq!(at(6, Some(0)), Some((0, 0)));
        assert_eq!(at(6, Some(5)), Some((5, 5)));
        assert_eq!(at(11, Some(3)), Some((6, 3)));
        assert_eq!(at(11, None), Some((10, 5)));
        assert_eq!(at(11, Some(99)), Some((10, 5)));
        assert_eq!(at(1, Some(3)), Some((0, 0)));
        assert_eq!(at(0, None), None);
        assert_eq!(reached(&Report::default(), 1, None).unwrap().index, 0);
    }
}
