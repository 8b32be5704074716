//! Steps of the clock flagged across the whole height: hatched bands behind everything.

use crate::chart::canvas::PathData;
use crate::chart::hatch::Hatch;
use crate::chart::painter::{Painter, tenths};
use crate::chart::rect::Point;
use crate::chart::rows::column;
use crate::report::{Cell, Column};

use super::figure::{Figure, Key};
use super::join::Layer;

pub struct Flag<'r> {
    pub at: &'r [usize],
    pub label: &'r str,
}

impl<'r> Figure<'r> for Flag<'r> {
    fn layer(&self) -> Layer {
        Layer::Back
    }

    fn draw(&self, painter: &mut Painter) {
        let window = painter.window();
        let mut steps: Vec<f64> = self.at.iter().map(|k| *k as f64).collect();
        steps.sort_by(f64::total_cmp);
        let mut bands = PathData::default();
        for run in steps.chunk_by(|a, b| b - a <= 1.0) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            let (from, to) = ((first - 0.5).max(window.x0), (last + 0.5).min(window.x1));
            if from < to {
                bands.rectangle(painter.at((from, window.y0)), painter.at((to, window.y1)));
            }
        }
        let fill = format!("url(#{})", painter.hatch);
        let label = [("data-label", self.label), ("fill", fill.as_str())];
        painter.canvas.path(&bands, ["flags", "", "", ""], &label);
    }

    fn hatch(&self, painter: &Painter) -> Option<Hatch> {
        Some(Hatch {
            id: painter.hatch.clone(),
            colour: painter.sheet.over,
            pitch: 6,
            width: "1.1",
            turn: "rotate(45)",
            ground: true,
        })
    }

    fn key(&self) -> Option<Key<'_>> {
        let (label, over) = (self.label, true);
        (!self.at.is_empty()).then_some(Key { label, over })
    }

    fn sample(&self, painter: &mut Painter, (x, y): Point) {
        let mut swatch = PathData::default();
        swatch.rectangle(tenths((x, y - 10.0)), tenths((x + 12.0, y + 1.0)));
        let fill = format!("url(#{})", painter.hatch);
        let look = ["", &fill, painter.sheet.over, ""];
        painter.canvas.path(&swatch, look, &[]);
    }

    fn column(&self, steps: usize) -> Option<(Column, Vec<Cell>)> {
        let cell = |step: usize| match self.at.contains(&step) {
            true => Cell::Text("yes".into()),
            false => Cell::Empty,
        };
        Some((column(self.label, ""), (1..=steps).map(cell).collect()))
    }
}
