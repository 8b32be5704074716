//! A series joined by strokes or steps, with points where they are few and a line of the legend.

use crate::chart::painter::Painter;
use crate::chart::pen::MARKER;
use crate::chart::rect::Rect;
use crate::chart::rows::Rows;
use crate::chart::{Curve, LegendItem, View};

use super::figure::Figure;
use super::join::Layer;
use super::series::Line;

impl<'r> Figure<'r> for Line<'r> {
    fn layer(&self) -> Layer {
        Layer::Series
    }

    fn line(&self) -> Option<&Line<'r>> {
        Some(self)
    }

    fn curve(&self, window: &Rect) -> Option<Curve> {
        (self.shown && self.twin.is_none()).then(|| Curve {
            series: self.series.id.clone(),
            name: self.series.name.clone(),
            runs: self.runs(window),
        })
    }

    fn draw(&self, painter: &mut Painter) {
        if self.shown && self.twin.is_none() {
            self.open(painter);
            self.strokes(painter, &self.points, &[]);
            let dots = self.dots(painter);
            self.markers(painter, &dots, MARKER);
            painter.end();
        }
    }

    fn legend(&self, view: &View, _: bool) -> Option<LegendItem> {
        Some(self.legend_item(view.dark, |_| {}))
    }

    fn rows(&self, rows: &mut Rows) {
        let points = self.points.iter();
        points.for_each(|p| rows.add("curve", &self.series.name, *p, None));
    }
}
