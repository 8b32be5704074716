//! A value in each row of a dot plot: a full marker, or a ring where it is not the last word.

use crate::chart::canvas::PathData;
use crate::chart::metric::room;
use crate::chart::painter::Painter;
use crate::chart::place::around;
use crate::chart::rect::{Point, Rect};
use crate::chart::{LegendItem, View};
use crate::report::{Mark, amount};

use super::figure::Figure;
use super::join::{Join, Layer};
use super::rows::height;
use super::series::Line;

/// Half the size of a dot, tenths of a px.
const HALF: i32 = 50;
/// Series up to which each value is written beside its dot.
const WRITTEN: usize = 2;

pub struct Dots<'r> {
    line: Line<'r>,
    hollow: bool,
    joined: bool,
    written: bool,
}

impl<'r> Dots<'r> {
    /// # Errors
    /// A chart without rows, or another number of values than it has rows.
    pub fn new(
        join: &Join<'r, '_>,
        mut line: Line<'r>,
        hollow: bool,
        joined: bool,
    ) -> Result<Self, String> {
        let marks = &join.chart.marks;
        let mut rows = marks.iter().filter_map(|mark| match mark {
            Mark::Rows { names, .. } => Some(names.len()),
            _ => None,
        });
        let values = &line.series.values;
        let count = rows.next().unwrap_or(0);
        if count != values.len() {
            let (chart, series, have) = (&join.chart.id, &line.series.id, values.len());
            return Err(format!(
                "chart `{chart}` has {count} rows and {have} values of `{series}` for them"
            ));
        }
        let place = |(k, value): (usize, &f64)| (*value, height(k, count));
        line.points = values.iter().enumerate().map(place).collect();
        let of_dots = |mark: &&Mark| matches!(mark, Mark::Dots { .. });
        Ok(Self {
            line,
            hollow,
            joined,
            written: marks.iter().filter(of_dots).count() <= WRITTEN,
        })
    }

    fn seen(&self, painter: &Painter) -> Vec<Point> {
        let points = self.line.points.iter().copied();
        points.filter(|p| painter.window().holds(*p)).collect()
    }

    fn is_drawn(&self) -> bool {
        self.line.shown && self.line.twin.is_none()
    }
}

impl<'r> Figure<'r> for Dots<'r> {
    fn layer(&self) -> Layer {
        // A full dot stands on the ring of the same value.
        if self.hollow {
            Layer::Series
        } else {
            Layer::Points
        }
    }

    fn line(&self) -> Option<&Line<'r>> {
        Some(&self.line)
    }

    fn draw(&self, painter: &mut Painter) {
        if !self.is_drawn() {
            return;
        }
        self.line.open(painter);
        if self.joined {
            self.line.strokes(painter, &self.line.points, &[]);
        }
        let seen = self.seen(painter);
        for at in &seen {
            painter
                .occupied
                .block(Rect::centred(painter.px(*at), 13.0, 13.0));
        }
        if self.hollow {
            let mut rings = PathData::default();
            seen.iter()
                .for_each(|p| rings.circle(painter.at(*p), HALF + 5));
            let look = ["marker", painter.sheet.surface, self.line.pen.colour, "2"];
            painter.canvas.path(&rings, look, &[]);
        } else {
            self.line.markers(painter, &seen, HALF);
        }
        painter.end();
    }

    /// Values beside their dots, where they are few.
    fn names(&self, painter: &mut Painter) {
        if !self.written || !self.is_drawn() {
            return;
        }
        for at in self.seen(painter) {
            let text = amount(at.0, "");
            let sides = [(1.0, 0.0), (-1.0, 0.0)];
            let beside = around(painter.px(at), &[9.0], &sides, room(&text));
            let free = painter.occupied.place_free(&beside, &painter.frame());
            if let Some(place) = free {
                let ink = painter.sheet.ink;
                painter.write(&text, (place.x0, place.y0 + 11.0), "start", ink);
            }
        }
    }

    fn legend(&self, view: &View, _: bool) -> Option<LegendItem> {
        let (pen, hollow) = (&self.line.pen, self.hollow);
        let surface = crate::chart::palette::sheet(view.dark).surface;
        Some(self.line.legend_item(view.dark, |canvas| {
            let mut dot = PathData::default();
            match hollow {
                true => dot.circle((140, 60), HALF - 5),
                false => pen.mark(&mut dot, (140, 60), HALF - 5),
            }
            let fill = if hollow { surface } else { pen.colour };
            canvas.path(&dot, ["", fill, pen.colour, "2"], &[]);
        }))
    }
}
