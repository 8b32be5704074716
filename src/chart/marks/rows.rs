//! The rows of a dot plot: their names, and the hatch where what one of them does breaks a limit.

use crate::chart::canvas::PathData;
use crate::chart::hatch::Hatch;
use crate::chart::layout::above;
use crate::chart::metric::{LINE, TEXT, fit, room};
use crate::chart::painter::{Painter, tenths};
use crate::chart::place::around;
use crate::chart::rect::Rect;
use crate::chart::scale::Extent;
use crate::report::Mark;

use super::figure::Figure;
use super::join::{Join, Layer};

/// Half the height of a hatch, and its least width, px.
const HALF: f64 = 7.0;
const LEAST: f64 = 18.0;

pub struct Rows<'r> {
    names: &'r [String],
    over: &'r [String],
    /// From the first to the last value of each row.
    reach: Vec<Extent>,
}

/// The height of row `k` (from 0) of `count`.
pub fn height(k: usize, count: usize) -> f64 {
    (count - k) as f64
}

impl<'r> Rows<'r> {
    /// # Errors
    /// A series that the report does not hold.
    pub fn new(
        join: &Join<'r, '_>,
        names: &'r [String],
        over: &'r [String],
    ) -> Result<Self, String> {
        let mut reach = vec![Extent::EMPTY; names.len()];
        for mark in &join.chart.marks {
            if let Mark::Dots { series, .. } = mark {
                let values = &join.series(series)?.values;
                let each = reach.iter_mut().zip(values);
                each.for_each(|(extent, value)| extent.include(*value));
            }
        }
        Ok(Self { names, over, reach })
    }

    /// Rows that break a limit: which, what they break, and the hatch, px.
    fn broken(&self, painter: &Painter) -> Vec<(usize, &'r str, [f64; 2])> {
        let count = self.names.len();
        let rows = self.over.iter().zip(&self.reach).enumerate();
        let broken = rows.filter(|(_, (over, reach))| !over.is_empty() && !reach.is_empty());
        let hatch = |(k, (over, reach)): (usize, (&'r String, &Extent))| {
            let at = |x: f64| painter.px((x, height(k, count))).0;
            let (from, to) = (at(reach.low), at(reach.high));
            let least = (LEAST - (to - from)).max(0.0) / 2.0;
            (k, over.as_str(), [from - least, to + least])
        };
        broken.map(hatch).collect()
    }

    fn middle(&self, painter: &Painter, k: usize) -> f64 {
        let window = painter.window();
        painter.px((window.x0, height(k, self.names.len()))).1
    }
}

impl<'r> Figure<'r> for Rows<'r> {
    fn layer(&self) -> Layer {
        Layer::Limits
    }

    fn stacked(&self) -> Option<&'r [String]> {
        Some(self.names)
    }

    fn over(&self) -> &'r [String] {
        self.over
    }

    fn hatch(&self, painter: &Painter) -> Option<Hatch> {
        let any = self.over.iter().any(|over| !over.is_empty());
        any.then(|| Hatch {
            id: painter.hatch.clone(),
            colour: painter.sheet.over,
            pitch: 6,
            width: "1.1",
            turn: "rotate(45)",
            ground: true,
        })
    }

    fn draw(&self, painter: &mut Painter) {
        let fill = format!("url(#{})", painter.hatch);
        for (k, over, [from, to]) in self.broken(painter) {
            let y = self.middle(painter, k);
            let mut band = PathData::default();
            band.rectangle(tenths((from, y - HALF)), tenths((to, y + HALF)));
            let look = ["flags", &fill, painter.sheet.over, "0.8"];
            painter.canvas.path(&band, look, &[("data-label", over)]);
        }
    }

    /// Names over their rows where the sheet is too narrow for names beside it, and what is over a limit beside its hatch.
    fn names(&self, painter: &mut Painter) {
        let frame = painter.frame();
        if above(self.names, painter.size.0) {
            for (k, name) in self.names.iter().enumerate() {
                let y = self.middle(painter, k);
                let name = fit(name, TEXT, frame.width() - 4.0);
                let at = (frame.x0, y - HALF - 5.0);
                let ink = painter.sheet.ink;
                painter.write(&name, at, "start", ink);
                painter
                    .occupied
                    .block(Rect::at((frame.x0, at.1 - TEXT), room(&name), LINE));
            }
        }
        for (k, over, [from, to]) in self.broken(painter) {
            let y = self.middle(painter, k);
            let (width, far) = (room(over), [48.0, 26.0, 4.0]);
            let mut candidates = around((to, y), &far, &[(1.0, 0.0)], width);
            candidates.extend(around((from, y), &far, &[(-1.0, 0.0)], width));
            let (above, below) = ((0.0, -1.0), (0.0, 1.0));
            for at in [to - width / 2.0, from + width / 2.0] {
                candidates.extend(around((at, y), &[HALF], &[above, below], width));
            }
            let fill = painter.sheet.over_text;
            painter.name(over, &candidates, fill);
        }
    }
}
