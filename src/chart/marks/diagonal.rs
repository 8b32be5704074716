//! The diagonal y = x of a map.

use crate::chart::metric::{LINE, room};
use crate::chart::painter::Painter;
use crate::chart::rect::Rect;

use super::figure::Figure;
use super::join::Layer;

pub struct Diagonal<'r> {
    pub label: &'r str,
}

impl<'r> Figure<'r> for Diagonal<'r> {
    fn layer(&self) -> Layer {
        Layer::Limits
    }

    /// A map of a quantity onto itself is no picture of two quantities.
    fn plane(&self) -> Option<bool> {
        Some(false)
    }

    fn draw(&self, painter: &mut Painter) {
        let window = painter.window();
        let (low, high) = (window.x0.min(window.y0), window.x1.max(window.y1));
        let path = painter.path(&[(low, low), (high, high)]);
        painter.canvas.path(&path, [""; 4], &[]);
    }

    fn names(&self, painter: &mut Painter) {
        let window = painter.window();
        let (low, high) = (window.x0.max(window.y0), window.x1.min(window.y1));
        let width = room(self.label);
        let mut candidates = Vec::new();
        for part in [0.9, 0.8, 0.7, 0.3, 0.2, 0.1, 0.5] {
            let v = low + part * (high - low);
            let (x, y) = painter.px((v, v));
            candidates.push(Rect::at((x + 5.0, y + 1.0), width, LINE));
            candidates.push(Rect::new(x - 5.0 - width, x - 5.0, y - 1.0 - LINE, y - 1.0));
        }
        painter.name(self.label, &candidates, painter.sheet.muted);
    }
}
