//! What lies behind the series: bands of the flags, the zero line, limits, the diagonal.

use crate::report::Mark;

use super::canvas::PathData;
use super::paint::Painter;
use super::polyline::clip;

impl Painter<'_, '_, '_> {
    /// Hatched bands over the flagged intervals, behind everything.
    pub(super) fn flags(&self) -> Result<(), String> {
        let window = self.plan.window;
        for mark in &self.plan.chart.marks {
            let Mark::Flag { at, label } = mark else {
                continue;
            };
            let mut steps: Vec<f64> = at.iter().map(|k| *k as f64).collect();
            steps.sort_by(f64::total_cmp);
            let mut corners = Vec::new();
            for run in steps.chunk_by(|a, b| b - a <= 1.0) {
                let (Some(first), Some(last)) = (run.first(), run.last()) else {
                    continue;
                };
                let (from, to) = ((first - 0.5).max(window.x0), (last + 0.5).min(window.x1));
                if from < to {
                    corners.extend([(from, window.y0), (to, window.y1)]);
                }
            }
            let fill = format!("url(#{})", self.hatch);
            self.draw(corners, |at, canvas| {
                let mut bands = PathData::default();
                for pair in at.chunks_exact(2) {
                    if let [a, b] = pair {
                        bands.rectangle(*a, *b);
                    }
                }
                canvas.path(
                    &bands,
                    &[("class", "flags"), ("data-label", label), ("fill", &fill)],
                );
            })?;
        }
        Ok(())
    }

    pub(super) fn zero(&mut self) -> Result<(), String> {
        let window = self.plan.window;
        if !(window.y0..=window.y1).contains(&0.0) {
            return Ok(());
        }
        if self.plan.plane {
            let (a, b) = (self.px((window.x0, 0.0)), self.px((window.x1, 0.0)));
            self.occupied.stroke(a, b);
        }
        self.draw(vec![(window.x0, 0.0), (window.x1, 0.0)], |at, canvas| {
            let mut path = PathData::default();
            path.polyline(at);
            canvas.path(
                &path,
                &[
                    ("class", "zero"),
                    ("stroke", self.sheet.zero),
                    ("shape-rendering", "crispEdges"),
                ],
            );
        })
    }

    pub(super) fn diagonals_and_rules(&mut self) -> Result<(), String> {
        let window = self.plan.window;
        self.group(
            "rules",
            &[
                ("fill", "none"),
                ("stroke", self.sheet.muted),
                ("stroke-width", "1.3"),
            ],
        )?;
        for mark in &self.plan.chart.marks {
            let (run, dashes) = match mark {
                Mark::Diagonal { .. } => {
                    let (low, high) = (window.x0.min(window.y0), window.x1.max(window.y1));
                    ([(low, low), (high, high)], "")
                }
                Mark::Rule { value, .. } => ([(window.x0, *value), (window.x1, *value)], "6 4"),
                _ => continue,
            };
            for piece in clip(&run, &window) {
                self.stroke(piece, &[("stroke-dasharray", dashes)])?;
            }
        }
        self.end()
    }

    /// Draws one run and remembers where it went.
    fn stroke(&mut self, run: Vec<(f64, f64)>, attributes: &[(&str, &str)]) -> Result<(), String> {
        let mapped: Vec<_> = run.iter().map(|p| self.px(*p)).collect();
        for pair in mapped.windows(2) {
            if let [a, b] = pair {
                self.occupied.stroke(*a, *b);
            }
        }
        self.draw(run, |at, canvas| {
            let mut path = PathData::default();
            path.polyline(at);
            let given: Vec<_> = attributes
                .iter()
                .copied()
                .filter(|a| !a.1.is_empty())
                .collect();
            canvas.path(&path, &given);
        })
    }
}
