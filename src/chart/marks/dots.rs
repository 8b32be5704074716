//! A value in each row of a dot plot: a full marker, or a ring where it is not the last word.

use crate::chart::canvas::PathData;
use crate::chart::metric::room;
use crate::chart::painter::Painter;
use crate::chart::place::around;
use crate::chart::rect::{Point, Rect};
use crate::chart::scale::Extent;
use crate::chart::{LegendItem, View};
use crate::report::{Mark, grouped, plain};

use super::figure::Figure;
use super::join::{Join, Layer};
use super::rows::height;
use super::series::Line;

/// Half the size of a dot, tenths of a px.
const HALF: i32 = 50;
/// Series up to which each value is written beside its dot.
const WRITTEN: usize = 2;
/// Parts of the range of all values that their decimals tell apart.
const APART: f64 = 100.0;

pub struct Dots<'r> {
    line: Line<'r>,
    hollow: bool,
    joined: bool,
    /// What is written beside each dot; empty for nothing.
    written: Vec<String>,
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
        Ok(Self {
            written: written(join, values, hollow)?,
            line,
            hollow,
            joined,
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

/// The values of a series where the chart has few: with as many decimals as tell all of them apart by eye, and those of
/// rings only where they are not those of a full dot.
fn written(join: &Join, values: &[f64], hollow: bool) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for mark in &join.chart.marks {
        if let Mark::Dots { series, hollow, .. } = mark {
            all.push((&join.series(series)?.values, *hollow));
        }
    }
    if all.len() > WRITTEN {
        return Ok(Vec::new());
    }
    let mut reach = Extent::EMPTY;
    all.iter()
        .for_each(|(own, _)| own.iter().for_each(|v| reach.include(*v)));
    let places = -libm::log10((reach.high - reach.low).max(1e-9) / APART);
    let decimals = places.ceil().clamp(0.0, 4.0) as u8;
    let full = |k: usize, value: f64| all.iter().any(|(own, ring)| !ring && own[k] == value);
    let write = |(k, value): (usize, &f64)| match hollow && full(k, *value) {
        true => String::new(),
        false => grouped(&plain(*value, decimals)),
    };
    Ok(values.iter().enumerate().map(write).collect())
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
        if !self.is_drawn() {
            return;
        }
        for (at, text) in self.line.points.iter().copied().zip(&self.written) {
            if text.is_empty() || !painter.window().holds(at) {
                continue;
            }
            let sides = match self.hollow {
                true => [(-1.0, 0.0), (1.0, 0.0)],
                false => [(1.0, 0.0), (-1.0, 0.0)],
            };
            let beside = around(painter.px(at), &[9.0], &sides, room(text));
            let free = painter.occupied.place_free(&beside, &painter.frame());
            if let Some(place) = free {
                let ink = painter.sheet.ink;
                painter.write(text, (place.x0, place.y0 + 11.0), "start", ink);
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
