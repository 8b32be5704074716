//! Bars that follow the clock, and single marked points.

use crate::report::Mark;

use super::Readout;
use super::canvas::PathData;
use super::layout::{TEXT, heights_fit, short};
use super::paint::{Painter, tenths};
use super::polyline::Rect;

impl Painter<'_, '_, '_> {
    /// Bars from zero, with their heights where there is room.
    pub(super) fn bars(&mut self) -> Result<Vec<Readout>, String> {
        let plan = self.plan;
        let mut readouts = Vec::new();
        let window = plan.window;
        let pitch = (self.frame.x1 - self.frame.x0) / (window.x1 - window.x0);
        let groups = plan.bars.len().max(1) as f64;
        let width = (0.7 * pitch).min(56.0) / groups;
        for (group, bars) in plan.bars.iter().enumerate() {
            self.group("bars", &[("fill", bars.colour)])?;
            let with_heights = heights_fit(
                bars.bars.iter().map(|b| b.value),
                if groups > 1.0 { width } else { pitch },
            );
            for (k, bar) in bars.bars.iter().enumerate() {
                let middle = k as f64 + 1.0;
                let offset = (group as f64 - 0.5 * (groups - 1.0)) * width;
                let mut readout = Readout {
                    series: bar.series.id.clone(),
                    name: bars.names.get(k).cloned().unwrap_or_default(),
                    unit: bar.series.unit.clone(),
                    at: None,
                };
                if middle > window.x0 && middle < window.x1 && bar.value.is_finite() {
                    let (x, end) = self.px((middle, bar.value.clamp(window.y0, window.y1)));
                    let (_, base) = self.px((middle, 0f64.clamp(window.y0, window.y1)));
                    let x = x + offset;
                    readout.at = Some((x, end));
                    self.bar(&bar.series.id, x, width, (base, end))?;
                    if with_heights && (window.y0..=window.y1).contains(&bar.value) {
                        let y = if bar.value < 0.0 {
                            end + TEXT
                        } else {
                            end - 4.0
                        };
                        self.draw(Vec::new(), |_, canvas| {
                            canvas.text(
                                &short(bar.value),
                                tenths((x, y)),
                                "middle",
                                &[("fill", self.sheet.ink)],
                            );
                        })?;
                    }
                }
                readouts.push(readout);
            }
            self.end()?;
        }
        Ok(readouts)
    }

    fn bar(&mut self, id: &str, x: f64, width: f64, (base, end): (f64, f64)) -> Result<(), String> {
        let (x0, x1) = (
            (x - 0.5 * width).max(self.frame.x0),
            (x + 0.5 * width).min(self.frame.x1),
        );
        self.occupied.block(Rect {
            x0,
            x1,
            y0: base.min(end),
            y1: base.max(end),
        });
        self.draw(Vec::new(), |_, canvas| {
            let mut path = PathData::default();
            path.rectangle(tenths((x0, base)), tenths((x1, end)));
            canvas.path(&path, &[("data-series", id)]);
        })
    }

    /// Single marked points: a ring, filled with the surface.
    pub(super) fn points(&mut self) -> Result<(), String> {
        let plan = self.plan;
        for mark in &plan.chart.marks {
            let Mark::Point { x, y, .. } = mark else {
                continue;
            };
            if !plan.window.holds((*x, *y)) {
                continue;
            }
            let (px, py) = self.px((*x, *y));
            self.occupied.block(Rect {
                x0: px - 6.0,
                x1: px + 6.0,
                y0: py - 6.0,
                y1: py + 6.0,
            });
            self.draw(vec![(*x, *y)], |at, canvas| {
                let mut path = PathData::default();
                at.iter().for_each(|p| path.circle(*p, 50));
                let (fill, edge) = (self.sheet.surface, self.sheet.ink);
                canvas.path(
                    &path,
                    &[
                        ("class", "points"),
                        ("fill", fill),
                        ("stroke", edge),
                        ("stroke-width", "2"),
                    ],
                );
            })?;
        }
        Ok(())
    }
}
