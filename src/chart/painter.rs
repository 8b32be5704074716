//! What every mark needs while it is drawn: the paper, the way to it, and where words may stand.

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters_backend::BackendCoord;

use super::bands::Bands;
use super::canvas::{Canvas, PathData, SUB};
use super::metric::LINE;
use super::palette::Sheet;
use super::place::Occupied;
use super::polyline::clip;
use super::rect::{Map, Point, Rect};
use super::scale::Scale;

/// A plane lower than this, px, is a miniature without names.
pub const MINIATURE: f64 = 100.0;

pub struct Painter<'p, 'c> {
    pub canvas: Canvas<'c>,
    pub coordinates: Cartesian2d<Scale, Scale>,
    pub sheet: Sheet,
    pub dark: bool,
    /// What the axes show, in data, and the plot's rectangle, px.
    pub map: Map,
    /// Size of the sheet, px.
    pub size: (f64, f64),
    /// Both axes are quantities.
    pub plane: bool,
    /// Points of the plane can be asked about: a handle stands there.
    pub probed: bool,
    /// So many series that their strokes are thin.
    pub crowded: bool,
    /// Bars that stand beside one another.
    pub groups: usize,
    pub bands: Option<&'p Bands>,
    /// Start of the ids of hatches.
    pub hatch: String,
    pub occupied: Occupied,
}

/// Px as tenths.
pub fn tenths((x, y): Point) -> BackendCoord {
    let unit = f64::from(SUB);
    ((x * unit).round() as i32, (y * unit).round() as i32)
}

/// Tenths as px.
pub fn pixels((x, y): BackendCoord) -> Point {
    (f64::from(x) / f64::from(SUB), f64::from(y) / f64::from(SUB))
}

impl Painter<'_, '_> {
    pub fn window(&self) -> Rect {
        self.map.window
    }

    pub fn frame(&self) -> Rect {
        self.map.frame
    }

    /// Data to tenths of a px.
    pub fn at(&self, point: Point) -> BackendCoord {
        self.coordinates.translate(&point)
    }

    /// Data to px.
    pub fn px(&self, point: Point) -> Point {
        pixels(self.at(point))
    }

    pub fn group(&mut self, class: &str, attributes: &[(&str, &str)]) {
        let all = [&[("class", class)], attributes].concat();
        self.canvas.open("g", &all);
    }

    pub fn end(&mut self) {
        self.canvas.close("g");
    }

    /// The parts of a run inside the window, in tenths of a px.
    pub fn pieces(&self, run: &[Point]) -> Vec<Vec<BackendCoord>> {
        let pieces = clip(run, &self.window());
        let mapped = pieces.iter().map(|piece| piece.iter().map(|p| self.at(*p)));
        mapped.map(Iterator::collect).collect()
    }

    /// Names stand off this stroke from now on.
    pub fn occupy(&mut self, piece: &[BackendCoord]) {
        for pair in piece.windows(2) {
            if let [a, b] = pair {
                self.occupied.stroke(pixels(*a), pixels(*b));
            }
        }
    }

    /// A run as a path that names stand off.
    pub fn path(&mut self, run: &[Point]) -> PathData {
        let mut path = PathData::default();
        for piece in self.pieces(run) {
            self.occupy(&piece);
            path.polyline(&piece);
        }
        path
    }

    /// Writes `text` with its base line at `at`, px.
    pub fn write(&mut self, text: &str, at: Point, anchor: &str, fill: &str) {
        self.canvas
            .text(text, tenths(at), anchor, &[("fill", fill)]);
    }

    /// Writes `text` at the freest of the candidates inside the plot.
    pub fn name(&mut self, text: &str, candidates: &[Rect], fill: &str) -> Option<Rect> {
        let place = self.occupied.place(candidates, &self.map.frame)?;
        self.write(text, (place.x0, place.y0 + 11.0), "start", fill);
        Some(place)
    }

    /// Lines of a name, centred in their place.
    pub fn words(&mut self, lines: &[String], place: &Rect, fill: &str) {
        for (k, line) in lines.iter().enumerate() {
            let at = (place.middle().0, place.y0 + 11.0 + LINE * k as f64);
            self.write(line, at, "middle", fill);
        }
    }
}
