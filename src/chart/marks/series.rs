//! A series as strokes and points: what lines and walks have in common.

use plotters_backend::BackendCoord;

use crate::chart::LegendItem;
use crate::chart::canvas::{Canvas, PathData};
use crate::chart::painter::Painter;
use crate::chart::palette::{self, Sheet};
use crate::chart::pen::{MARKER, Pen};
use crate::chart::polyline::{clip, runs, thin};
use crate::chart::rect::{Point, Rect};
use crate::report::{Index, Role, Series};

use super::join::{Join, Layer};

/// Points of a line are drawn while there are no more than this.
const MOST_MARKERS: usize = 60;

/// A series with its numbers.
pub struct Line<'r> {
    pub series: &'r Series,
    role: Role,
    pub points: Vec<Point>,
    step: bool,
    marked: bool,
    pub shown: bool,
    /// The line drawn in its place, with the same values.
    pub twin: Option<&'r Series>,
    pub pen: Pen,
}

impl<'r> Line<'r> {
    /// # Errors
    /// A series that the report does not hold.
    pub fn new(
        join: &mut Join<'r, '_>,
        id: &str,
        role: Role,
        dashed: bool,
        shown: bool,
    ) -> Result<Self, String> {
        let series = join.series(id)?;
        let mut place = join.place(Layer::Series, role);
        // In print nothing is switched on later.
        if join.view.grey {
            place.1 = join.drawn();
        }
        let asked = join.view.shown.as_ref();
        let shown = asked.map_or(shown, |ids| ids.iter().any(|s| s == id));
        let twin = shown.then(|| join.twin(series, dashed)).flatten();
        Ok(Self {
            series,
            role,
            points: points(series),
            step: false,
            marked: false,
            shown,
            twin,
            pen: Pen::new(role, place, join.of_one_role, dashed, join.view),
        })
    }

    pub fn with(mut self, step: bool, marked: bool) -> Self {
        // A map's numbers are not intervals: nothing to hold over.
        self.step = step && matches!(self.series.index, Index::Clock);
        self.marked = marked;
        self
    }

    /// The last point at or before the end of the window that it may be named at.
    pub fn end(&self, from: f64, to: f64) -> Option<Point> {
        let mut back = self.points.iter().rev().copied();
        back.find(|p| p.1.is_finite() && p.0 <= to + 0.5 && p.0 >= from - 0.5)
    }

    pub fn open(&self, painter: &mut Painter) {
        let many = painter.crowded || self.points.len() > 150;
        painter.group(
            "series",
            &[
                ("data-series", &self.series.id),
                ("data-role", &format!("{:?}", self.role).to_lowercase()),
                ("fill", "none"),
                ("stroke", self.pen.colour),
                ("stroke-width", if many { "1.5" } else { "2" }),
            ],
        );
    }

    /// The strokes of (a part of) the series, clipped to the window.
    pub fn strokes(&self, painter: &mut Painter, points: &[Point], attributes: &[(&str, &str)]) {
        let width_px = painter.frame().width().ceil() as usize;
        let mut path = PathData::default();
        for run in runs(points.iter().copied(), self.step) {
            for piece in painter.pieces(&run) {
                let piece = thin(piece, width_px);
                painter.occupy(&piece);
                path.polyline(&piece);
            }
        }
        let all = [attributes, &self.pen.dashing()].concat();
        painter.canvas.path(&path, [""; 4], &all);
    }

    /// The corners of its strokes inside a window of data.
    pub fn runs(&self, window: &Rect) -> Vec<Vec<Point>> {
        let whole = runs(self.points.iter().copied(), self.step);
        whole.iter().flat_map(|run| clip(run, window)).collect()
    }

    /// Points where they are asked for and few, and values that stand alone always.
    pub fn dots(&self, painter: &Painter) -> Vec<Point> {
        let window = painter.window();
        let mut seen = self.points.clone();
        seen.retain(|p| window.holds(*p));
        if self.marked && seen.len() <= MOST_MARKERS {
            seen
        } else if self.step {
            Vec::new()
        } else {
            let mut alone = runs(self.points.iter().copied(), false);
            alone.retain(|run| run.len() == 1);
            alone.concat()
        }
    }

    /// Markers at those of the points that are in view.
    pub fn markers(&self, painter: &mut Painter, points: &[Point], half: i32) {
        let seen = points.iter().filter(|p| painter.window().holds(**p));
        let mut path = PathData::default();
        seen.for_each(|p| self.pen.mark(&mut path, painter.at(*p), half));
        let look = ["marker", self.pen.colour, painter.sheet.surface, "1"];
        painter.canvas.path(&path, look, &[]);
    }

    /// A short piece of the series: its stroke and its marker.
    pub fn sample(&self, canvas: &mut Canvas, (x, y): BackendCoord, length: i32, sheet: Sheet) {
        let pen = &self.pen;
        let stroke = PathData::of(&[(x, y), (x + length, y)]);
        canvas.path(&stroke, ["", "", pen.colour, "2"], &pen.dashing());
        if self.marked && self.points.len() <= MOST_MARKERS {
            let mut path = PathData::default();
            pen.mark(&mut path, (x + length / 2, y), MARKER);
            canvas.path(&path, ["", pen.colour, sheet.surface, "1"], &[]);
        }
    }

    /// The line of the legend; `over` draws over the sample.
    pub fn legend_item(&self, dark: bool, over: impl Fn(&mut Canvas)) -> LegendItem {
        let mut swatch = String::new();
        let mut canvas = Canvas::new(&mut swatch, 28, 12);
        canvas.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("width", "28"),
                ("height", "12"),
                ("viewBox", "0 0 28 12"),
                ("aria-hidden", "true"),
            ],
        );
        self.sample(&mut canvas, (0, 60), 280, palette::sheet(dark));
        over(&mut canvas);
        canvas.close("svg");
        LegendItem {
            series: self.series.id.clone(),
            name: self.series.name.clone(),
            colour: self.pen.colour.to_string(),
            dashed: !self.pen.dashes.is_empty(),
            shown: self.shown,
            swatch,
            together: self.twin.map(|_| String::new()),
        }
    }
}

/// The points of a series; a clock's steps stand at 1, 2, …
fn points(series: &Series) -> Vec<Point> {
    let values = series.values.iter().copied();
    match &series.index {
        Index::Clock => (1..).map(f64::from).zip(values).collect(),
        Index::Numbers { at, .. } => at.iter().copied().zip(values).collect(),
    }
}
