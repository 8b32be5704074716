//! A constant across the chart: a limit, dashed, with its name.

use crate::chart::metric::{LINE, TEXT, fit, room};
use crate::chart::painter::Painter;
use crate::chart::rect::Rect;

use super::figure::Figure;
use super::join::Layer;

/// Distance of the name from the line, px.
const GAP: f64 = 3.0;

pub struct Rule<'r> {
    pub value: f64,
    pub label: &'r str,
}

impl<'r> Figure<'r> for Rule<'r> {
    fn layer(&self) -> Layer {
        Layer::Limits
    }

    fn level(&self) -> Option<f64> {
        Some(self.value)
    }

    fn draw(&self, painter: &mut Painter) {
        if !self.value.is_finite() {
            return;
        }
        let window = painter.window();
        let path = painter.path(&[(window.x0, self.value), (window.x1, self.value)]);
        painter
            .canvas
            .path(&path, [""; 4], &[("stroke-dasharray", "6 4")]);
    }

    /// On its line; a limit off the sheet is pointed at from its edge.
    fn names(&self, painter: &mut Painter) {
        let (label, value) = (self.label, self.value);
        if label.is_empty() || !value.is_finite() {
            return;
        }
        let (frame, window) = (painter.frame(), painter.window());
        let (text, rows) = if value > window.y1 {
            let top = frame.y0 + 2.0;
            (format!("{label} ↑"), [top, top + LINE])
        } else if value < window.y0 {
            let low = frame.y1 - 2.0;
            (format!("{label} ↓"), [low - LINE, low - 2.0 * LINE])
        } else {
            let (_, y) = painter.px((window.x0, value));
            (label.to_string(), [y - GAP + 1.0 - LINE, y + GAP])
        };
        let text = fit(&text, TEXT, frame.width() - 12.0);
        let width = room(&text);
        let space = frame.width() - width - 8.0;
        let mut candidates = Vec::new();
        for part in [1.0, 0.75, 0.5, 0.25, 0.0] {
            let x = frame.x0 + 4.0 + part * space;
            candidates.extend(rows.map(|y| Rect::at((x, y), width, LINE)));
        }
        painter.name(&text, &candidates, painter.sheet.ink);
    }

    fn note(&self, unit: &str) -> Option<String> {
        let name = match self.label {
            "" => String::new(),
            label => format!("{label}: "),
        };
        let text = format!("{name}{} {unit}", self.value);
        Some(text.trim_end().to_string())
    }
}
