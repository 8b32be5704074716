//! Series as strokes and points.

use crate::report::Role;

use super::canvas::{PathData, SUB};
use super::marker::{MARKER, MOST_MARKERS, marker};
use super::paint::Painter;
use super::plan::{Line, Pen};
use super::polyline::{clip, runs, thin};
use super::walk::Reached;

impl Painter<'_, '_, '_> {
    /// One series: strokes, then points.
    pub(super) fn line(&mut self, line: &Line) -> Result<(), String> {
        let many = self.plan.shown().count() > 8 || line.points.len() > 150;
        self.group(
            "series",
            &[
                ("data-series", &line.series.id),
                ("data-role", role(line.role)),
                ("fill", "none"),
                ("stroke", line.pen.colour),
                ("stroke-width", if many { "1.5" } else { "2" }),
            ],
        )?;
        match line.reached {
            Some(reached) if self.plan.plane => self.walk(line, reached)?,
            Some(Reached { index: reached, .. }) => {
                let (walked, ahead) = (line.points.get(..=reached), line.points.get(reached..));
                self.run(
                    line,
                    ahead.unwrap_or_default(),
                    &[("stroke-opacity", "0.3")],
                )?;
                self.run(line, walked.unwrap_or_default(), &[])?;
                if let Some(at) = line.points.get(reached).copied() {
                    self.markers(&[at], line.pen, MARKER + 12)?;
                }
            }
            None => {
                self.run(line, &line.points, &[])?;
                self.series_markers(line)?;
            }
        }
        self.end()
    }

    /// The strokes of (a part of) a series, clipped to the window.
    pub(super) fn run(
        &mut self,
        line: &Line,
        points: &[(f64, f64)],
        attributes: &[(&str, &str)],
    ) -> Result<(), String> {
        let window = self.plan.window;
        let width_px = (self.frame.x1 - self.frame.x0).ceil() as usize;
        let mut path = PathData::default();
        for run in runs(points.iter().copied(), line.step) {
            for piece in clip(&run, &window) {
                let mapped = piece.iter().map(|p| self.plot.map_coordinate(p)).collect();
                let mapped = thin(mapped, width_px);
                let unit = f64::from(SUB);
                let px: Vec<_> = mapped
                    .iter()
                    .map(|p| (f64::from(p.0) / unit, f64::from(p.1) / unit))
                    .collect();
                for pair in px.windows(2) {
                    if let [a, b] = pair {
                        self.occupied.stroke(*a, *b);
                    }
                }
                path.polyline(&mapped);
            }
        }
        let mut all = attributes.to_vec();
        if !line.pen.dashes.is_empty() {
            all.push(("stroke-dasharray", line.pen.dashes));
        }
        self.draw(Vec::new(), |_, canvas| canvas.path(&path, &all))
    }

    /// Points where they are asked for and few, and values that stand alone always.
    pub(super) fn series_markers(&self, line: &Line) -> Result<(), String> {
        let window = self.plan.window;
        let inside = |p: &&(f64, f64)| window.holds(**p);
        let visible = line.points.iter().filter(inside).count();
        let at: Vec<_> = if line.marked && visible <= MOST_MARKERS {
            line.points.iter().filter(inside).copied().collect()
        } else if line.step {
            Vec::new()
        } else {
            let alone = runs(line.points.iter().copied(), false);
            alone
                .iter()
                .filter(|r| r.len() == 1)
                .flatten()
                .filter(inside)
                .copied()
                .collect()
        };
        self.markers(&at, line.pen, MARKER)
    }

    fn markers(&self, at: &[(f64, f64)], pen: Pen, half: i32) -> Result<(), String> {
        let inside = at
            .iter()
            .filter(|p| self.plan.window.holds(**p))
            .copied()
            .collect();
        self.draw(inside, |at, canvas| {
            let mut path = PathData::default();
            at.iter()
                .for_each(|p| marker(&mut path, pen.marker, *p, half));
            let (fill, edge) = (pen.colour, self.sheet.surface);
            canvas.path(
                &path,
                &[
                    ("class", "marker"),
                    ("fill", fill),
                    ("stroke", edge),
                    ("stroke-width", "1"),
                ],
            );
        })
    }
}

/// A role as the page's style sheet names it.
fn role(role: Role) -> &'static str {
    match role {
        Role::Generator => "generator",
        Role::Der => "der",
        Role::Aggregator => "aggregator",
        Role::Load => "load",
        Role::Line => "line",
        Role::Price => "price",
        Role::Optimum => "optimum",
        Role::Reference => "reference",
    }
}
