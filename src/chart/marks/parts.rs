//! Parts of the plane with a name each: hatched or only bordered, those of the step in view.

use crate::chart::canvas::PathData;
use crate::chart::hatch::Hatch;
use crate::chart::metric::{LINE, broken, widest};
use crate::chart::painter::{Painter, tenths};
use crate::chart::palette;
use crate::chart::polygon::{self, Corner};
use crate::chart::rect::Point;
use crate::chart::rows::Rows;
use crate::chart::scale::drawable;
use crate::report::{Named, Role};

use super::figure::{Figure, Key};
use super::join::{Join, Layer};
use super::surface::inside;

pub struct Parts<'r> {
    label: &'r str,
    hatched: bool,
    over: bool,
    colour: &'static str,
    steps: &'r [Vec<Named>],
    /// Those in view.
    now: &'r [Named],
    /// Which of its kind in the chart, from 0.
    place: usize,
}

impl<'r> Parts<'r> {
    /// What is named, and whether it is hatched and over a limit.
    pub fn new(
        join: &mut Join,
        (label, hatched, over): (&'r str, bool, bool),
        role: Role,
        steps: &'r [Vec<Named>],
    ) -> Self {
        let (nth, place) = join.place(Layer::Outlines, role);
        let last = steps.len().saturating_sub(1);
        let step = join.view.cursor.unwrap_or(last).min(last);
        Self {
            label,
            hatched,
            over,
            colour: palette::shades(role, join.view.dark)[nth % 3],
            steps,
            now: steps.get(step).map_or(&[], |parts| parts),
            place,
        }
    }

    fn id(&self, painter: &Painter) -> String {
        format!("{}-p{}", painter.hatch, self.place + 1)
    }

    fn ink(&self, painter: &Painter) -> &'static str {
        match self.over {
            true => painter.sheet.over,
            false => self.colour,
        }
    }

    /// Parts that can be drawn, as far as they are in the window.
    fn in_window<'p>(&'p self, painter: &Painter) -> Vec<(&'p str, Vec<Point>)> {
        let window = painter.window();
        let whole = |p: &Point| drawable(p.0) && drawable(p.1);
        let parts = self.now.iter().filter(|p| p.corners.iter().all(whole));
        let cut = parts.map(|part| {
            let corners: Vec<Corner> = part.corners.iter().map(|p| (p.0, p.1, 0.0)).collect();
            let around = polygon::window(&corners, &window);
            let around = around.iter().map(|c| (c.0, c.1)).collect();
            (part.label.as_str(), around)
        });
        cut.filter(|(_, around): &(_, Vec<Point>)| around.len() >= 3)
            .collect()
    }
}

impl<'r> Figure<'r> for Parts<'r> {
    fn layer(&self) -> Layer {
        Layer::Outlines
    }

    /// Of every step: moving the cursor moves no axis.
    fn reach(&self) -> Vec<Point> {
        let parts = self.steps.iter().flatten();
        parts.flat_map(|part| part.corners.clone()).collect()
    }

    fn hatch(&self, painter: &Painter) -> Option<Hatch> {
        self.hatched.then(|| Hatch {
            id: self.id(painter),
            colour: self.ink(painter),
            pitch: 7,
            width: "1.6",
            turn: ["rotate(45)", "rotate(-45)"][self.place % 2],
            ground: true,
        })
    }

    fn draw(&self, painter: &mut Painter) {
        let colour = self.ink(painter);
        let label = [("data-label", self.label), ("fill", "none")];
        painter.group("parts", &label);
        let mut path = PathData::default();
        for (_, around) in self.in_window(painter) {
            path.polyline(&around.iter().map(|p| painter.at(*p)).collect::<Vec<_>>());
            path.close();
        }
        let fill = match self.hatched {
            true => format!("url(#{})", self.id(painter)),
            false => "none".into(),
        };
        let halo = ["", "", painter.sheet.surface, "3.4"];
        if !self.hatched {
            painter.canvas.path(&path, halo, &[]);
        }
        let width = if self.hatched { "1" } else { "1.8" };
        painter.canvas.path(&path, ["", &fill, colour, width], &[]);
        painter.end();
    }

    fn names(&self, painter: &mut Painter) {
        for (label, around) in self.in_window(painter) {
            let around: Vec<Point> = around.iter().map(|p| painter.px(*p)).collect();
            if label.is_empty() {
                continue;
            }
            for words in (1..=4).filter_map(|lines| broken(label, lines)) {
                let height = LINE * words.len() as f64;
                let candidates = inside(&around, widest(&words), height);
                let frame = painter.frame();
                if let Some(place) = painter.occupied.place_free(&candidates, &frame) {
                    let halo = [("stroke", painter.sheet.surface)];
                    painter.group("cell", &halo);
                    painter.words(&words, &place, painter.sheet.ink);
                    painter.end();
                    break;
                }
            }
        }
    }

    fn key(&self) -> Option<Key<'_>> {
        let seen = self.hatched && !self.now.is_empty() && !self.label.is_empty();
        let (label, over) = (self.label, self.over);
        seen.then_some(Key { label, over })
    }

    fn sample(&self, painter: &mut Painter, (x, y): Point) {
        let mut swatch = PathData::default();
        swatch.rectangle(tenths((x, y - 10.0)), tenths((x + 12.0, y + 1.0)));
        let fill = format!("url(#{})", self.id(painter));
        let ink = self.ink(painter);
        painter.canvas.path(&swatch, ["", &fill, ink, ""], &[]);
    }

    fn rows(&self, rows: &mut Rows) {
        for part in self.now {
            let name = match part.label.as_str() {
                "" => self.label,
                label => label,
            };
            for corner in &part.corners {
                rows.add("part", name, *corner, None);
            }
        }
    }
}
