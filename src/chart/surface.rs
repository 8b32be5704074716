//! A value over the plane: cells filled with bands of equal value, and the scale of the bands.
//!
//! On each cell the value is linear, so a band is the cell cut by two straight lines; nothing is
//! sampled.

use crate::report::{Chart, Mark, SurfaceCell, half_up};

use super::canvas::PathData;
use super::layout::{LINE, room};
use super::paint::{Painter, tenths};
use super::palette;
use super::polygon::{self, Corner};
use super::polyline::{Rect, clip};
use super::scale::{Extent, drawable, number};

/// Bands of equal value, over all cells of a chart.
pub struct Bands {
    pub title: String,
    /// Limits of the bands, ascending: one more than there are bands.
    pub limits: Vec<f64>,
    decimals: usize,
}

/// At most so many bands.
const MOST: f64 = 12.0;
/// Thickness of the colour scale, px.
pub const THICK: f64 = 12.0;
/// From this width on the colour scale stands beside the plot.
pub const WIDE: f64 = 480.0;
/// A narrow sheet lower than this has no colour scale.
const LOW: f64 = 200.0;

impl Bands {
    /// Round limits around all values of the chart's surfaces; none without a surface.
    pub fn of(chart: &Chart) -> Option<Self> {
        let mut title = None;
        let mut extent = Extent::EMPTY;
        for mark in &chart.marks {
            if let Mark::Surface { label, unit, cells } = mark {
                let text = match unit.as_str() {
                    "" => label.clone(),
                    unit => format!("{label}, {unit}"),
                };
                title.get_or_insert(text);
                for corner in cells.iter().flat_map(|c| &c.corners) {
                    extent.include(corner.2);
                }
            }
        }
        let title = title?;
        if extent.is_empty() {
            return None;
        }
        let size = extent.low.abs().max(extent.high.abs());
        // A millionth of the value is the solver's noise.
        if extent.span() <= 1e-6 * size || extent.span() == 0.0 {
            let middle = 0.5 * extent.low + 0.5 * extent.high;
            return Some(Self {
                title,
                limits: vec![middle, middle],
                decimals: 2,
            });
        }
        let (step, decimals) = step(extent.span());
        let first = (extent.low / step + 1e-6).floor();
        let last = (extent.high / step - 1e-6).ceil().max(first + 1.0);
        let count = (last - first).min(4.0 * MOST) as usize;
        let limits = (0..=count).map(|k| (first + k as f64) * step + 0.0);
        Some(Self {
            title,
            limits: limits.collect(),
            decimals,
        })
    }

    pub fn count(&self) -> usize {
        self.limits.len().saturating_sub(1)
    }

    pub fn text(&self, limit: f64) -> String {
        if self.limits.first() == self.limits.last() {
            let digits = if limit.abs() >= 1000.0 { 0 } else { 2 };
            return number(half_up(limit, digits), usize::from(digits));
        }
        number(limit, self.decimals)
    }

    pub fn colour(&self, band: usize, dark: bool) -> String {
        let last = self.count().saturating_sub(1);
        palette::surface_colour(band as f64 / last.max(1) as f64, dark)
    }

    pub fn widest(&self) -> f64 {
        let texts = self.limits.iter().map(|l| room(&self.text(*l)));
        texts.fold(0.0, f64::max)
    }

    /// Room the scale takes at the right of and below the plot, px.
    pub fn room(&self, (width, height): (f64, f64)) -> (f64, f64) {
        if width >= WIDE {
            (THICK + 4.0 + self.widest() + 4.0, 0.0)
        } else if height < LOW {
            (0.0, 0.0)
        } else {
            (0.0, THICK + LINE + 8.0)
        }
    }

    /// Width of the words over the scale, where it stands beside the plot.
    pub fn title_width(&self, width: f64) -> f64 {
        if width >= WIDE {
            room(&self.title).min(0.4 * width) + 12.0
        } else {
            0.0
        }
    }
}

/// The smallest of 1, 2, 2½, 5 · 10^k that cuts `span` into at most [`MOST`] bands, and the
/// decimals its multiples have.
fn step(span: f64) -> (f64, usize) {
    let raw = span / MOST;
    let magnitude = libm::pow(10.0, libm::log10(raw).floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * magnitude)
        .find(|step| *step >= raw * (1.0 - 1e-9))
        .unwrap_or(raw);
    let whole = |digits: i32| {
        let scaled = step * 10f64.powi(digits);
        (scaled - scaled.round()).abs() <= 1e-6 * scaled.max(1e-9)
    };
    let decimals = (0..12).find(|digits| whole(*digits)).unwrap_or(12);
    (step, usize::try_from(decimals).unwrap_or(0))
}

/// The cells that can be drawn, each with its label.
pub fn cells(chart: &Chart) -> impl Iterator<Item = &SurfaceCell> {
    chart
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Surface { cells, .. } => Some(cells),
            _ => None,
        })
        .flatten()
        .filter(|cell| {
            cell.corners.len() >= 3
                && cell
                    .corners
                    .iter()
                    .all(|c| drawable(c.0) && drawable(c.1) && drawable(c.2))
        })
}

impl Painter<'_, '_, '_> {
    /// Fills and strokes of equal value.
    pub(super) fn surface(&self) -> Result<(), String> {
        let Some(bands) = &self.plan.bands else {
            return Ok(());
        };
        let window = self.plan.window;
        let parts: Vec<Vec<Corner>> = cells(self.plan.chart)
            .map(|cell| polygon::window(&cell.corners, &window))
            .filter(|part| !part.is_empty())
            .collect();
        self.group("surface", &[])?;
        // Each band is laid over the one below it, so that no seam shows between them.
        for band in 0..bands.count() {
            let low = bands.limits[band];
            let high = bands.limits[band + 1];
            let mut path = PathData::default();
            for part in &parts {
                let most = part.iter().map(|c| c.2).fold(f64::MIN, f64::max);
                let least = part.iter().map(|c| c.2).fold(f64::MAX, f64::min);
                let last = band + 1 == bands.count();
                if (band > 0 && most <= low) || (!last && least >= high) {
                    continue;
                }
                let filled = match band {
                    0 => part.clone(),
                    _ => polygon::keep(part, |c| c.2 - low),
                };
                self.outline_into(&mut path, &filled);
            }
            let colour = bands.colour(band, self.dark);
            self.draw(Vec::new(), |_, canvas| {
                canvas.path(&path, &[("fill", &colour)]);
            })?;
        }
        let mut path = PathData::default();
        for limit in bands.limits.iter().skip(1) {
            for part in &parts {
                if let Some((a, b)) = polygon::level(part, *limit) {
                    let ends = [a, b].map(|p| self.plot.map_coordinate(&p));
                    path.polyline(&ends);
                }
            }
        }
        self.draw(Vec::new(), |_, canvas| {
            canvas.path(
                &path,
                &[
                    ("class", "levels"),
                    ("stroke", self.sheet.ink),
                    ("stroke-width", "0.7"),
                    ("stroke-opacity", "0.3"),
                ],
            );
        })?;
        self.borders()?;
        self.end()
    }

    /// The sides of the cells, thicker than the strokes of equal value.
    fn borders(&self) -> Result<(), String> {
        let mut path = PathData::default();
        for cell in cells(self.plan.chart) {
            let around: Vec<(f64, f64)> = cell
                .corners
                .iter()
                .chain(cell.corners.first())
                .map(|c| (c.0, c.1))
                .collect();
            for piece in clip(&around, &self.plan.window) {
                let mapped: Vec<_> = piece.iter().map(|p| self.plot.map_coordinate(p)).collect();
                path.polyline(&mapped);
            }
        }
        self.draw(Vec::new(), |_, canvas| {
            canvas.path(
                &path,
                &[
                    ("class", "cells"),
                    ("fill", "none"),
                    ("stroke", self.sheet.ink),
                    ("stroke-width", "1.2"),
                    ("stroke-opacity", "0.6"),
                ],
            );
        })
    }

    fn outline_into(&self, path: &mut PathData, polygon: &[Corner]) {
        if polygon.is_empty() {
            return;
        }
        let mapped: Vec<_> = polygon
            .iter()
            .map(|c| self.plot.map_coordinate(&(c.0, c.1)))
            .collect();
        path.polyline(&mapped);
        path.close();
    }

    /// The label of each cell inside it, where it fits.
    pub(super) fn cell_labels(&mut self) -> Result<(), String> {
        let plan = self.plan;
        for cell in cells(plan.chart) {
            let part: Vec<(f64, f64)> = polygon::window(&cell.corners, &plan.window)
                .iter()
                .map(|c| self.px((c.0, c.1)))
                .collect();
            if part.is_empty() || cell.label.is_empty() {
                continue;
            }
            for lines in [1, 2, 3] {
                let Some(words) = broken(&cell.label, lines) else {
                    continue;
                };
                let width = words.iter().map(|w| room(w)).fold(0.0, f64::max);
                let candidates = inside(&part, width, LINE * words.len() as f64);
                if let Some(place) = self.occupied.place_free(&candidates, &self.frame) {
                    self.cell_label(cell, &words, &place)?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// The halo is the colour of the band under the words.
    fn cell_label(&self, cell: &SurfaceCell, words: &[String], place: &Rect) -> Result<(), String> {
        let middle = (0.5 * (place.x0 + place.x1), 0.5 * (place.y0 + place.y1));
        let (frame, window) = (self.frame, self.plan.window);
        let x = window.x0 + (middle.0 - frame.x0) / (frame.x1 - frame.x0) * (window.x1 - window.x0);
        let y = window.y0 + (frame.y1 - middle.1) / (frame.y1 - frame.y0) * (window.y1 - window.y0);
        let halo = match (&self.plan.bands, polygon::value_at(&cell.corners, (x, y))) {
            (Some(bands), Some(value)) => {
                let above = bands.limits.iter().skip(1).filter(|l| **l <= value).count();
                bands.colour(above.min(bands.count().saturating_sub(1)), self.dark)
            }
            _ => self.sheet.surface.to_string(),
        };
        self.group("cell", &[("stroke", &halo)])?;
        self.words(words, place, self.sheet.ink)?;
        self.end()
    }

    /// Lines of a name, centred in their place.
    pub(super) fn words(
        &self,
        lines: &[String],
        place: &Rect,
        fill: &'static str,
    ) -> Result<(), String> {
        let middle = 0.5 * (place.x0 + place.x1);
        self.draw(Vec::new(), |_, canvas| {
            for (k, line) in lines.iter().enumerate() {
                let at = tenths((middle, place.y0 + 11.0 + LINE * k as f64));
                canvas.text(line, at, "middle", &[("fill", fill)]);
            }
        })
    }
}

/// A name in this many lines with the widest as short as may be, broken at plain spaces; none
/// where it has too few words.
pub(super) fn broken(text: &str, lines: usize) -> Option<Vec<String>> {
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    shortest(&words, lines)
}

fn shortest(words: &[&str], lines: usize) -> Option<Vec<String>> {
    if lines <= 1 {
        return (!words.is_empty()).then(|| vec![words.join(" ")]);
    }
    let widest = |all: &Vec<String>| all.iter().map(|l| room(l)).fold(0.0, f64::max);
    let mut best: Option<Vec<String>> = None;
    for first in 1..words.len() {
        let Some(rest) = shortest(&words[first..], lines - 1) else {
            continue;
        };
        let mut all = vec![words[..first].join(" ")];
        all.extend(rest);
        if best.as_ref().is_none_or(|b| widest(&all) < widest(b)) {
            best = Some(all);
        }
    }
    best
}

/// Places of a box inside a convex polygon, the most central first.
fn inside(polygon: &[(f64, f64)], width: f64, height: f64) -> Vec<Rect> {
    const GRID: usize = 16;
    let (cx, cy) = polygon::centre(polygon);
    let extent = |of: fn(&(f64, f64)) -> f64| {
        let mut extent = Extent::EMPTY;
        polygon.iter().for_each(|p| extent.include(of(p)));
        extent
    };
    let (x, y) = (extent(|p| p.0), extent(|p| p.1));
    let mut centres = vec![(cx, cy)];
    for i in 1..GRID {
        for j in 1..GRID {
            let part = |e: Extent, k: usize| e.low + e.span() * k as f64 / GRID as f64;
            centres.push((part(x, i), part(y, j)));
        }
    }
    crate::sort::by(&mut centres, |a, b| {
        let far = |p: &(f64, f64)| libm::hypot(p.0 - cx, p.1 - cy);
        far(a).total_cmp(&far(b))
    });
    centres
        .into_iter()
        .map(|(x, y)| Rect {
            x0: x - width / 2.0,
            x1: x + width / 2.0,
            y0: y - height / 2.0,
            y1: y + height / 2.0,
        })
        .filter(|area| polygon::holds(polygon, area, 3.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{broken, step};

    #[test]
    fn limits_are_round_and_about_ten() {
        for span in [64.0, 0.3, 7.0, 24.1, 1e6, 3e-7] {
            let (step, decimals) = step(span);
            let count = span / step;
            assert!((5.0..=12.0 + 1e-6).contains(&count), "{span} {step}");
            let text = format!("{step:.decimals$}");
            let read: f64 = text.parse().unwrap();
            assert!((read - step).abs() < 1e-9 * step, "{text} {step}");
        }
    }

    #[test]
    fn names_break_between_words() {
        assert_eq!(broken("limit of 2-3", 1).unwrap(), ["limit of 2-3"]);
        assert_eq!(broken("limit of 2-3", 2).unwrap(), ["limit", "of 2-3"]);
        assert_eq!(
            broken("limit of line 2-3, reverse", 2).unwrap(),
            ["limit of line", "2-3, reverse"]
        );
        assert_eq!(broken("limit", 2), None);
        assert_eq!(broken("a b c", 3).unwrap(), ["a", "b", "c"]);
    }
}
