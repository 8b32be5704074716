//! The outline of a set laid over the picture: dashed, lightly hatched, named.

use crate::chart::canvas::PathData;
use crate::chart::hatch::Hatch;
use crate::chart::metric::{SAMPLE, room};
use crate::chart::painter::{Painter, tenths};
use crate::chart::palette;
use crate::chart::place::around;
use crate::chart::polygon::{self, Corner};
use crate::chart::polyline::clip;
use crate::chart::rect::Point;
use crate::chart::rows::Rows;
use crate::chart::scale::drawable;
use crate::report::Role;

use super::figure::Figure;
use super::join::{Join, Layer};

const DASHES: (&str, &str) = ("stroke-dasharray", "7 4");

pub struct Outline<'r> {
    label: &'r str,
    corners: &'r [Point],
    /// One role's several take its shades in turn.
    colour: &'static str,
    /// Which outline of the chart, from 0.
    place: usize,
}

impl<'r> Outline<'r> {
    pub fn new(join: &mut Join, label: &'r str, role: Role, corners: &'r [Point]) -> Self {
        let (nth, place) = join.place(Layer::Outlines, role);
        Self {
            label,
            corners,
            colour: palette::shades(role, join.view.dark)[nth % 3],
            place,
        }
    }

    fn can_be_drawn(&self) -> bool {
        let whole = |p: &Point| drawable(p.0) && drawable(p.1);
        !self.corners.is_empty() && self.corners.iter().all(whole)
    }

    fn id(&self, painter: &Painter) -> String {
        format!("{}-o{}", painter.hatch, self.place + 1)
    }

    /// The way around, closed.
    fn around(&self) -> Vec<Point> {
        [self.corners, &self.corners[..1]].concat()
    }
}

impl<'r> Figure<'r> for Outline<'r> {
    fn layer(&self) -> Layer {
        Layer::Outlines
    }

    fn reach(&self) -> Vec<Point> {
        self.corners.to_vec()
    }

    fn room(&self) -> Option<f64> {
        Some(0.0)
    }

    fn hatch(&self, painter: &Painter) -> Option<Hatch> {
        self.can_be_drawn().then(|| Hatch {
            id: self.id(painter),
            colour: self.colour,
            pitch: 9,
            width: "1",
            turn: ["rotate(-45)", "rotate(45)", "rotate(0)"][self.place % 3],
            ground: false,
        })
    }

    fn draw(&self, painter: &mut Painter) {
        if !self.can_be_drawn() {
            return;
        }
        painter.group("outline", &[("data-label", self.label), ("fill", "none")]);
        let whole: Vec<Corner> = self.corners.iter().map(|p| (p.0, p.1, 0.0)).collect();
        let area = polygon::window(&whole, &painter.window());
        let area: Vec<_> = area.iter().map(|c| painter.at((c.0, c.1))).collect();
        let hatch = format!("url(#{})", self.id(painter));
        painter
            .canvas
            .path(&PathData::of(&area), ["", &hatch, "", ""], &[]);
        let mut strokes = PathData::default();
        for piece in painter.pieces(&self.around()) {
            painter.occupy(&piece);
            strokes.polyline(&piece);
            if piece.first() == piece.last() {
                strokes.close();
            }
        }
        let halo = ["", "", painter.sheet.surface, "3.6"];
        painter.canvas.path(&strokes, halo, &[]);
        let look = ["", "", self.colour, "2"];
        painter.canvas.path(&strokes, look, &[DASHES]);
        painter.end();
    }

    /// On it, after a sample of its stroke.
    fn names(&self, painter: &mut Painter) {
        if !self.can_be_drawn() || self.label.is_empty() {
            return;
        }
        let width = SAMPLE + 5.0 + room(self.label);
        let mut candidates = Vec::new();
        for piece in clip(&self.around(), &painter.window()) {
            for pair in piece.windows(2) {
                let (a, b) = (painter.px(pair[0]), painter.px(pair[1]));
                for part in [0.5, 0.25, 0.75, 0.05, 0.95] {
                    let on = (a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1));
                    let directions = [(0.0, -1.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 0.0)];
                    candidates.extend(around(on, &[5.0, 20.0], &directions, width));
                }
            }
        }
        let frame = painter.frame();
        let Some(place) = painter.occupied.place(&candidates, &frame) else {
            return;
        };
        let at = |x: f64, y: f64| tenths((place.x0 + x, place.y0 + y));
        let sample = PathData::of(&[at(0.0, 7.0), at(SAMPLE + 2.0, 7.0)]);
        let look = ["", "", self.colour, "2"];
        painter.canvas.path(&sample, look, &[DASHES]);
        let ink = [("fill", painter.sheet.ink)];
        let name = at(SAMPLE + 5.0, 11.0);
        painter.canvas.text(self.label, name, "start", &ink);
    }

    fn rows(&self, rows: &mut Rows) {
        let corners = self.corners.iter();
        corners.for_each(|p| rows.add("outline", self.label, *p, None));
    }
}
