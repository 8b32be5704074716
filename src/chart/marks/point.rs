//! A single marked point: a ring, filled with the surface.

use crate::chart::canvas::PathData;
use crate::chart::metric::room;
use crate::chart::painter::{Painter, tenths};
use crate::chart::place::around;
use crate::chart::rect::{Point, Rect};

use super::figure::Figure;
use super::join::Layer;

pub struct Marked<'r> {
    pub at: Point,
    pub label: &'r str,
}

impl<'r> Figure<'r> for Marked<'r> {
    fn layer(&self) -> Layer {
        Layer::Points
    }

    fn reach(&self) -> Vec<Point> {
        vec![self.at]
    }

    fn visible(&self) -> bool {
        true
    }

    fn room(&self) -> Option<f64> {
        Some(18.0)
    }

    fn draw(&self, painter: &mut Painter) {
        if !painter.window().holds(self.at) {
            return;
        }
        let area = Rect::centred(painter.px(self.at), 12.0, 12.0);
        painter.occupied.block(area);
        let ring = PathData::ring(painter.at(self.at), 50);
        let look = ["points", painter.sheet.surface, painter.sheet.ink, "2"];
        painter.canvas.path(&ring, look, &[]);
    }

    /// Beside, above and below the point, then farther and farther away.
    fn names(&self, painter: &mut Painter) {
        if !painter.window().holds(self.at) {
            return;
        }
        let at = painter.px(self.at);
        let directions = [
            (1.0, 0.0),
            (-1.0, 0.0),
            (1.0, -1.0),
            (1.0, 1.0),
            (-1.0, -1.0),
            (-1.0, 1.0),
            (0.0, -1.0),
            (0.0, 1.0),
        ];
        let far = [9.0, 22.0, 36.0, 52.0, 70.0, 90.0];
        let candidates = around(at, &far, &directions, room(self.label));
        if let Some(place) = painter.name(self.label, &candidates, painter.sheet.ink) {
            leader(painter, at, &place);
        }
    }

    fn note(&self, _: &str) -> Option<String> {
        Some(format!("{}: {}, {}", self.label, self.at.0, self.at.1))
    }
}

/// A thin stroke from a point's ring to a name that stands away from it.
fn leader(painter: &mut Painter, (px, py): Point, place: &Rect) {
    let end = (
        px.clamp(place.x0 - 2.0, place.x1 + 2.0),
        py.clamp(place.y0 + 1.0, place.y1),
    );
    let (dx, dy) = (end.0 - px, end.1 - py);
    let length = libm::hypot(dx, dy);
    if length >= 14.0 {
        let from = (px + dx * 6.0 / length, py + dy * 6.0 / length);
        let path = PathData::of(&[tenths(from), tenths(end)]);
        let look = ["", "", painter.sheet.muted, "1"];
        painter.canvas.path(&path, look, &[]);
    }
}
