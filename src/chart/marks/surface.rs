//! A value over the plane: cells filled with bands of equal value.
//!
//! On each cell the value is linear, so a band is the cell cut by two straight lines; nothing is
//! sampled.

use crate::chart::canvas::PathData;
use crate::chart::metric::{LINE, broken, widest};
use crate::chart::painter::Painter;
use crate::chart::polygon::{self, Corner};
use crate::chart::rect::{Point, Rect};
use crate::chart::rows::{Rows, column, titled};
use crate::chart::scale::{Extent, drawable};
use crate::report::SurfaceCell;

use super::figure::Figure;
use super::join::Layer;

pub struct Surface<'r> {
    pub label: &'r str,
    pub unit: &'r str,
    pub cells: &'r [SurfaceCell],
    /// Values that the colours tell apart, where not all.
    pub range: Option<(f64, f64)>,
}

impl<'r> Figure<'r> for Surface<'r> {
    fn layer(&self) -> Layer {
        Layer::Surface
    }

    fn reach(&self) -> Vec<Point> {
        let corners = self.cells.iter().flat_map(|c| &c.corners);
        corners.map(|c| (c.0, c.1)).collect()
    }

    fn value(&self) -> Option<(String, Extent)> {
        let corners = self.cells.iter().flat_map(|c| &c.corners);
        let extent = match self.range {
            Some((low, high)) => Extent::of([low, high]),
            None => Extent::of(corners.map(|c| c.2)),
        };
        Some((titled(self.label, self.unit), extent))
    }

    fn cells(&self) -> Vec<&SurfaceCell> {
        let whole = |c: &Corner| drawable(c.0) && drawable(c.1) && drawable(c.2);
        let whole = |c: &&SurfaceCell| c.corners.len() >= 3 && c.corners.iter().all(whole);
        self.cells.iter().filter(whole).collect()
    }

    /// Fills and strokes of equal value.
    fn draw(&self, painter: &mut Painter) {
        let Some(bands) = painter.bands else { return };
        let window = painter.window();
        let cells = self.cells();
        let parts = cells.iter().map(|c| polygon::window(&c.corners, &window));
        let parts: Vec<Vec<Corner>> = parts.filter(|part| !part.is_empty()).collect();
        painter.group("surface", &[]);
        // Each band is laid over the one below it, so that no seam shows between them.
        for (band, limits) in bands.limits.windows(2).enumerate() {
            let (low, high) = (limits[0], limits[1]);
            let mut path = PathData::default();
            for part in &parts {
                let extent = Extent::of(part.iter().map(|c| c.2));
                let last = band + 1 == bands.count();
                let beside = match extent.is_flat() {
                    // One value may be the limit of two bands.
                    true => bands.band(extent.middle()) != band,
                    false => (band > 0 && extent.high <= low) || (!last && extent.low >= high),
                };
                if beside {
                    continue;
                }
                let filled = match band {
                    0 => part.clone(),
                    _ => polygon::keep(part, |c| c.2 - low),
                };
                if !filled.is_empty() {
                    let around = filled.iter().map(|c| painter.at((c.0, c.1)));
                    path.polyline(&around.collect::<Vec<_>>());
                    path.close();
                }
            }
            let colour = bands.colour(band, painter.dark);
            painter.canvas.path(&path, ["", &colour, "", ""], &[]);
        }
        let mut path = PathData::default();
        for limit in bands.limits.iter().skip(1) {
            for (a, b) in parts.iter().filter_map(|p| polygon::level(p, *limit)) {
                path.polyline(&[painter.at(a), painter.at(b)]);
            }
        }
        let look = ["levels", "", painter.sheet.ink, "0.7"];
        let faint = [("stroke-opacity", "0.3")];
        painter.canvas.path(&path, look, &faint);
        borders(painter, &cells);
        painter.end();
    }

    /// The label of each cell inside it, where it fits.
    fn names(&self, painter: &mut Painter) {
        for cell in self.cells() {
            let part = polygon::window(&cell.corners, &painter.window());
            let part: Vec<Point> = part.iter().map(|c| painter.px((c.0, c.1))).collect();
            if part.is_empty() || cell.label.is_empty() {
                continue;
            }
            for words in (1..=3).filter_map(|lines| broken(&cell.label, lines)) {
                let candidates = inside(&part, widest(&words), LINE * words.len() as f64);
                let frame = painter.frame();
                if let Some(place) = painter.occupied.place_free(&candidates, &frame) {
                    cell_label(painter, cell, &words, &place);
                    break;
                }
            }
        }
    }

    fn rows(&self, rows: &mut Rows) {
        rows.value
            .get_or_insert_with(|| column(self.label, self.unit));
        for cell in self.cells {
            for (x, y, value) in &cell.corners {
                rows.add("cell", &cell.label, (*x, *y), Some(*value));
            }
        }
    }
}

/// The sides of the cells, thicker than the strokes of equal value.
fn borders(painter: &mut Painter, cells: &[&SurfaceCell]) {
    let mut path = PathData::default();
    for cell in cells {
        let around = cell.corners.iter().chain(cell.corners.first());
        let around: Vec<Point> = around.map(|c| (c.0, c.1)).collect();
        for piece in painter.pieces(&around) {
            path.polyline(&piece);
        }
    }
    let look = ["cells", "none", painter.sheet.ink, "1.2"];
    let faint = [("stroke-opacity", "0.6")];
    painter.canvas.path(&path, look, &faint);
}

/// The halo is the colour of the band under the words.
fn cell_label(painter: &mut Painter, cell: &SurfaceCell, words: &[String], place: &Rect) {
    let under = polygon::value_at(&cell.corners, painter.map.data(place.middle()));
    let halo = match (painter.bands, under) {
        (Some(bands), Some(value)) => bands.colour(bands.band(value), painter.dark),
        _ => painter.sheet.surface.to_string(),
    };
    painter.group("cell", &[("stroke", &halo)]);
    painter.words(words, place, painter.sheet.ink);
    painter.end();
}

/// Places of a box inside a convex polygon, the most central first.
pub fn inside(polygon: &[Point], width: f64, height: f64) -> Vec<Rect> {
    const GRID: usize = 16;
    let (cx, cy) = polygon::centre(polygon);
    let x = Extent::of(polygon.iter().map(|p| p.0));
    let y = Extent::of(polygon.iter().map(|p| p.1));
    let mut centres = vec![(cx, cy)];
    for i in 1..GRID {
        for j in 1..GRID {
            let part = |e: Extent, k: usize| e.low + e.span() * k as f64 / GRID as f64;
            centres.push((part(x, i), part(y, j)));
        }
    }
    crate::sort::by(&mut centres, |a, b| {
        let far = |p: &Point| libm::hypot(p.0 - cx, p.1 - cy);
        far(a).total_cmp(&far(b))
    });
    let places = centres.into_iter().map(|c| Rect::centred(c, width, height));
    let held = |area: &Rect| polygon::holds(polygon, area, 3.0);
    places.filter(held).collect()
}
