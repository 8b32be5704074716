//! The outline of a set laid over the picture: dashed, lightly hatched, named.

use crate::report::{Mark, Role};

use super::canvas::{Canvas, PathData};
use super::layout::{LINE, SAMPLE, room};
use super::paint::{Painter, tenths};
use super::palette;
use super::plan::Plan;
use super::polygon::{self, Corner};
use super::polyline::{Rect, clip};
use super::scale::drawable;

const DASHES: &str = "7 4";

/// An outline that can be drawn, with its colour and the id of its hatch.
pub struct Outline<'r> {
    pub label: &'r str,
    pub colour: &'static str,
    pub corners: Vec<(f64, f64)>,
    hatch: String,
    turn: &'static str,
}

/// The outlines of a chart; one role's several take its shades in turn.
pub fn outlines<'r>(plan: &Plan<'r>, hatch: &str, dark: bool) -> Vec<Outline<'r>> {
    let mut all = Vec::new();
    let mut roles: Vec<Role> = Vec::new();
    for mark in &plan.chart.marks {
        let Mark::Outline {
            label,
            role,
            corners,
        } = mark
        else {
            continue;
        };
        let nth = roles.iter().filter(|r| *r == role).count();
        roles.push(*role);
        if corners.is_empty() || !corners.iter().all(|p| drawable(p.0) && drawable(p.1)) {
            continue;
        }
        all.push(Outline {
            label,
            colour: palette::shades(*role, dark)[nth % 3],
            corners: corners.clone(),
            hatch: format!("{hatch}-o{}", roles.len()),
            turn: ["rotate(-45)", "rotate(45)", "rotate(0)"][(roles.len() - 1) % 3],
        });
    }
    all
}

/// The hatches of the outlines.
pub fn patterns(canvas: &mut Canvas, outlines: &[Outline]) {
    for outline in outlines {
        canvas.open(
            "pattern",
            &[
                ("id", &outline.hatch),
                ("patternUnits", "userSpaceOnUse"),
                ("width", "9"),
                ("height", "9"),
                ("patternTransform", outline.turn),
            ],
        );
        let mut stripe = PathData::default();
        stripe.polyline(&[(45, 0), (45, 90)]);
        canvas.path(
            &stripe,
            &[
                ("stroke", outline.colour),
                ("stroke-width", "1"),
                ("stroke-opacity", "0.4"),
            ],
        );
        canvas.close("pattern");
    }
}

impl Painter<'_, '_, '_> {
    pub(super) fn outlines(&mut self) -> Result<(), String> {
        let window = self.plan.window;
        for outline in outlines(self.plan, &self.hatch, self.dark) {
            self.group(
                "outline",
                &[("data-label", outline.label), ("fill", "none")],
            )?;
            let whole: Vec<Corner> = outline.corners.iter().map(|p| (p.0, p.1, 0.0)).collect();
            let area: Vec<_> = polygon::window(&whole, &window)
                .iter()
                .map(|c| self.plot.map_coordinate(&(c.0, c.1)))
                .collect();
            let mut fill = PathData::default();
            fill.polyline(&area);
            let hatch = format!("url(#{})", outline.hatch);
            let mut around = outline.corners.clone();
            around.extend(outline.corners.first());
            let mut strokes = PathData::default();
            for piece in clip(&around, &window) {
                let px: Vec<_> = piece.iter().map(|p| self.px(*p)).collect();
                for pair in px.windows(2) {
                    self.occupied.stroke(pair[0], pair[1]);
                }
                let mapped: Vec<_> = px.into_iter().map(tenths).collect();
                strokes.polyline(&mapped);
                if mapped.first() == mapped.last() {
                    strokes.close();
                }
            }
            self.draw(Vec::new(), |_, canvas| {
                canvas.path(&fill, &[("fill", &hatch)]);
                let halo = [("stroke", self.sheet.surface), ("stroke-width", "3.6")];
                canvas.path(&strokes, &halo);
                canvas.path(
                    &strokes,
                    &[
                        ("stroke", outline.colour),
                        ("stroke-width", "2"),
                        ("stroke-dasharray", DASHES),
                    ],
                );
            })?;
            self.end()?;
        }
        Ok(())
    }

    /// The name of each outline on it, after a sample of its stroke.
    pub(super) fn outline_labels(&mut self) -> Result<(), String> {
        let window = self.plan.window;
        for outline in outlines(self.plan, &self.hatch, self.dark) {
            if outline.label.is_empty() {
                continue;
            }
            let mut around = outline.corners.clone();
            around.extend(outline.corners.first());
            let width = SAMPLE + 5.0 + room(outline.label);
            let mut candidates = Vec::new();
            for piece in clip(&around, &window) {
                for pair in piece.windows(2) {
                    let (a, b) = (self.px(pair[0]), self.px(pair[1]));
                    for part in [0.5, 0.25, 0.75, 0.05, 0.95] {
                        let on = (a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1));
                        candidates.extend(near(on, width));
                    }
                }
            }
            let Some(place) = self.occupied.place(&candidates, &self.frame) else {
                continue;
            };
            self.draw(Vec::new(), |_, canvas| {
                let level = place.y0 + 7.0;
                let mut sample = PathData::default();
                sample.polyline(&[
                    tenths((place.x0, level)),
                    tenths((place.x0 + SAMPLE + 2.0, level)),
                ]);
                canvas.path(
                    &sample,
                    &[
                        ("stroke", outline.colour),
                        ("stroke-width", "2"),
                        ("stroke-dasharray", DASHES),
                    ],
                );
                canvas.text(
                    outline.label,
                    tenths((place.x0 + SAMPLE + 5.0, place.y0 + 11.0)),
                    "start",
                    &[("fill", self.sheet.ink)],
                );
            })?;
        }
        Ok(())
    }
}

/// Boxes over, under and beside a point of the outline.
fn near((x, y): (f64, f64), width: f64) -> Vec<Rect> {
    let mut all = Vec::new();
    for far in [5.0, 20.0] {
        for (dx, dy) in [(0.0, -1.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 0.0)] {
            let (cx, cy) = (x + dx * (far + width / 2.0), y + dy * (far + LINE / 2.0));
            all.push(Rect {
                x0: cx - width / 2.0,
                x1: cx + width / 2.0,
                y0: cy - LINE / 2.0,
                y1: cy + LINE / 2.0,
            });
        }
    }
    all
}
