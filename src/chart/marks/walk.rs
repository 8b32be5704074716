//! A path walked by the clock: the point reached is marked, what lies behind it is joined.

use crate::chart::canvas::PathData;
use crate::chart::metric::{LINE, room};
use crate::chart::painter::{Painter, tenths};
use crate::chart::palette;
use crate::chart::pen::MARKER;
use crate::chart::polyline::runs;
use crate::chart::rect::{Point, Rect};
use crate::chart::rows::Rows;
use crate::chart::{LegendItem, View};
use crate::report::{Report, Role};

use super::figure::Figure;
use super::join::{Join, Layer};
use super::series::Line;

/// Radius of the ring around the point reached, px.
const RING: f64 = 6.5;

pub struct Walk<'r> {
    line: Line<'r>,
    /// None where there are no points.
    reached: Option<Reached>,
    /// Name of the clock's steps.
    clock: Option<&'r str>,
}

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
    let stride = last.checked_div(steps.saturating_sub(1));
    let stride = stride.unwrap_or(1).max(1);
    let step = cursor.unwrap_or(usize::MAX).min(last / stride);
    let index = cursor.map_or(last, |_| step * stride);
    Some(Reached {
        index,
        step,
        stride,
    })
}

impl<'r> Walk<'r> {
    /// # Errors
    /// A series that the report does not hold.
    pub fn new(join: &mut Join<'r, '_>, id: &str, role: Role) -> Result<Self, String> {
        let line = Line::new(join, id, role, false, true)?;
        Ok(Self {
            reached: reached(join.report, line.points.len(), join.view.cursor),
            line,
            clock: join.report.clock.as_ref().map(|c| c.name.as_str()),
        })
    }

    /// The way behind, the way ahead and the point between.
    fn parts(&self) -> Option<(&[Point], &[Point], Point)> {
        let (points, index) = (&self.line.points, self.reached?.index);
        Some((points.get(..=index)?, points.get(index..)?, points[index]))
    }

    /// A part of the walk over a plane, on a halo of the surface: it crosses colours of its own kind.
    fn thread(&self, painter: &mut Painter, points: &[Point], opacity: &str) {
        let (mut strokes, mut dots) = (PathData::default(), PathData::default());
        for run in runs(points.iter().copied(), false) {
            for mut piece in painter.pieces(&run) {
                piece.dedup();
                if piece.len() > 1 {
                    strokes.polyline(&piece);
                }
            }
        }
        let seen = points.iter().filter(|p| painter.window().holds(**p));
        let mut seen: Vec<_> = seen.map(|p| painter.at(*p)).collect();
        crate::sort::by(&mut seen, Ord::cmp);
        seen.dedup();
        seen.iter().for_each(|p| dots.dot(*p));
        let faint = if opacity == "1" { "1" } else { "0.2" };
        for (colour, opacity, width, size) in [
            (painter.sheet.surface, faint, "3.2", "6.4"),
            (self.line.pen.colour, opacity, "1.2", "4.4"),
        ] {
            let ink = [("stroke", colour), ("stroke-opacity", opacity)];
            let stroke = [&ink[..], &[("stroke-width", width)]].concat();
            painter.canvas.path(&strokes, [""; 4], &stroke);
            let round = [("stroke-width", size), ("stroke-linecap", "round")];
            let all = [ink, round].concat();
            painter.canvas.path(&dots, ["marker", "", "", ""], &all);
        }
    }

    /// The ring where it stands.
    fn ring(&self, painter: &mut Painter, here: Point) {
        let size = 2.0 * (RING + 2.0);
        let area = Rect::centred(painter.px(here), size, size);
        painter.occupied.block(area);
        let (at, ring) = (painter.at(here), (RING * 10.0) as i32);
        let (surface, colour) = (painter.sheet.surface, self.line.pen.colour);
        for (radius, fill, stroke, width) in [
            (ring + 26, surface, "none", ""),
            (ring, surface, colour, "2.5"),
            (24, colour, "none", ""),
        ] {
            let path = PathData::ring(at, radius);
            painter
                .canvas
                .path(&path, ["marker", fill, stroke, width], &[]);
        }
    }
}

impl<'r> Figure<'r> for Walk<'r> {
    fn layer(&self) -> Layer {
        Layer::Series
    }

    fn plane(&self) -> Option<bool> {
        Some(true)
    }

    fn line(&self) -> Option<&Line<'r>> {
        Some(&self.line)
    }

    /// Over a plane thin strokes, small points and a ring; else strokes, the way ahead faint.
    fn draw(&self, painter: &mut Painter) {
        let Some((walked, ahead, here)) = self.parts() else {
            return self.line.draw(painter);
        };
        if !self.line.shown {
            return;
        }
        self.line.open(painter);
        if painter.plane {
            self.thread(painter, ahead, "0.35");
            self.thread(painter, walked, "1");
            if painter.window().holds(here) {
                self.ring(painter, here);
            }
        } else {
            let faint = [("stroke-opacity", "0.3")];
            self.line.strokes(painter, ahead, &faint);
            self.line.strokes(painter, walked, &[]);
            self.line.markers(painter, &[here], MARKER + 12);
        }
        painter.end();
    }

    /// The step of the clock beside the ring.
    fn names(&self, painter: &mut Painter) {
        let (Some(reached), Some((_, _, here))) = (self.reached, self.parts()) else {
            return;
        };
        let seen = self.line.shown && painter.plane && painter.window().holds(here);
        if !seen {
            return;
        }
        let number = (reached.step + 1).to_string();
        let at = painter.px(here);
        // Room for the handle of a point to ask about; bold is wider than what is measured.
        let far = RING + if painter.probed { 13.0 } else { 5.0 };
        for text in [format!("{} {number}", self.clock.unwrap_or("step")), number] {
            let candidates = beside(at, far, 1.08 * room(&text));
            let frame = painter.frame();
            if let Some(place) = painter.occupied.place_free(&candidates, &frame) {
                let (x, anchor) = if place.x1 < at.0 {
                    (place.x1, "end")
                } else if place.x0 > at.0 {
                    (place.x0, "start")
                } else {
                    (place.middle().0, "middle")
                };
                let bold = [("fill", painter.sheet.ink), ("font-weight", "600")];
                let at = tenths((x, place.y0 + 11.0));
                return painter.canvas.text(&text, at, anchor, &bold);
            }
        }
    }

    fn legend(&self, view: &View, plane: bool) -> Option<LegendItem> {
        let (colour, fill) = (self.line.pen.colour, palette::sheet(view.dark).surface);
        Some(self.line.legend_item(view.dark, |canvas| {
            if plane && self.reached.is_some() {
                canvas.path(&PathData::ring((140, 60), 44), ["", fill, colour, "2"], &[]);
            }
        }))
    }

    fn rows(&self, rows: &mut Rows) {
        let stride = self.reached.map_or(1, |r| r.stride);
        for (k, p) in self.line.points.iter().enumerate() {
            let clock = self.clock.unwrap_or("interval");
            let step = format!("{clock} {}", k.div_ceil(stride) + 1);
            rows.add(&self.line.series.name, &step, *p, None);
        }
    }
}

/// Places of a line of text beside a mark of radius `far`.
fn beside((x, y): Point, far: f64, width: f64) -> [Rect; 8] {
    let (right, left) = (x + far, x - far - width);
    let (level, up, down) = (y - LINE / 2.0, y - far - LINE + 3.0, y + far - 3.0);
    let over = x - width / 2.0;
    [
        (right, level),
        (left, level),
        (right, up),
        (right, down),
        (left, up),
        (left, down),
        (over, up - 4.0),
        (over, down + 4.0),
    ]
    .map(|at| Rect::at(at, width, LINE))
}
