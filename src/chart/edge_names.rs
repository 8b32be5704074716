//! Where do the names of edges stand? Beside its edge each, outside the region; where not all find
//! room, each edge carries a number and the key stands under the picture.

use crate::report::Edge;

use super::View;
use super::canvas::PathData;
use super::layout::Layout;
use super::metric::{LINE, broken, room, widest};
use super::painter::{MINIATURE, Painter, tenths};
use super::place::Occupied;
use super::plan::Plan;
use super::polygon;
use super::polyline::{clip, clip_segment, runs};
use super::rect::{Map, Point, Rect};

/// Radius of the circle around a number, px.
const CIRCLE: f64 = 8.5;

/// Where the names of the edges stand, in px of the sheet.
#[derive(Default)]
pub struct Names {
    placed: Vec<Placed>,
    /// What the numbers stand for, 1 first; empty where the names are written out.
    pub key: Vec<String>,
}

struct Placed {
    lines: Vec<String>,
    place: Rect,
    upright: bool,
}

/// How far names may push the region away from the frame: px at the sides, px above and below,
/// and whether names may stand upright.
const AIRS: [(f64, f64, bool); 4] = [
    (44.0, 26.0, false),
    (96.0, 30.0, false),
    (136.0, 30.0, false),
    (26.0, 26.0, true),
];
/// The same around numbers in circles.
const NUMBERED: (f64, f64) = (24.0, 24.0);
/// Air around a plane without names, and around a miniature.
const BARE: (f64, f64) = (12.0, 12.0);
const SMALL: (f64, f64) = (4.0, 4.0);

/// The sheet as the names see it.
struct Site {
    map: Map,
    /// Convex parts of the region.
    region: Vec<Vec<Point>>,
    centre: Point,
    strokes: Vec<(Point, Point)>,
    occupied: Occupied,
}

impl Site {
    fn new(plan: &Plan, layout: &Layout, edges: &[&Edge]) -> Self {
        let (window, frame) = (plan.window, layout.frame);
        let map = Map { window, frame };
        let part = |corners: &[polygon::Corner]| -> Vec<Point> {
            let part = polygon::window(corners, &window);
            part.iter().map(|c| map.px((c.0, c.1))).collect()
        };
        let cells = plan.figures.iter().flat_map(|f| f.cells());
        let mut region: Vec<_> = cells.map(|cell| part(&cell.corners)).collect();
        region.retain(|part| !part.is_empty());
        let ends: Vec<Point> = edges.iter().flat_map(|e| [e.from, e.to]).collect();
        let hull = polygon::hull(&ends);
        if region.is_empty() {
            let whole: Vec<_> = hull.iter().map(|p| (p.0, p.1, 0.0)).collect();
            region.push(part(&whole));
        }
        let mut occupied = Occupied::default();
        for figure in &plan.figures {
            let (points, Some(size)) = (figure.reach(), figure.room()) else {
                continue;
            };
            let runs = runs(points.iter().copied(), false);
            for piece in runs.iter().flat_map(|run| clip(run, &window)) {
                for pair in piece.windows(2) {
                    occupied.stroke(map.px(pair[0]), map.px(pair[1]));
                }
            }
            let seen = points.iter().filter(|p| size > 0.0 && window.holds(**p));
            seen.for_each(|p| occupied.block(Rect::centred(map.px(*p), size, size)));
        }
        let mut site = Self {
            map,
            region,
            centre: map.px(polygon::centre(&hull)),
            strokes: Vec::new(),
            occupied,
        };
        site.strokes = edges.iter().filter_map(|e| site.visible(e)).collect();
        site
    }

    /// The part of an edge in view, px.
    fn visible(&self, edge: &Edge) -> Option<(Point, Point)> {
        let seen = clip_segment(edge.from, edge.to, &self.map.window);
        seen.map(|(a, b)| (self.map.px(a), self.map.px(b)))
    }

    /// Unit vector out of the region, at an edge in px.
    fn outward(&self, (a, b): (Point, Point)) -> Point {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = libm::hypot(dx, dy).max(1e-9);
        let n = (dy / length, -dx / length);
        let (mx, my) = (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1));
        let inward = (self.centre.0 - mx) * n.0 + (self.centre.1 - my) * n.1 > 0.0;
        if inward { (-n.0, -n.1) } else { n }
    }

    /// Whether a box lies in the frame, clear of the region and of every edge.
    fn free(&self, area: &Rect) -> bool {
        let frame = &self.map.frame;
        frame.holds((area.x0, area.y0))
            && frame.holds((area.x1, area.y1))
            && !self.region.iter().any(|p| polygon::overlaps(p, area))
            && !self
                .strokes
                .iter()
                .any(|(a, b)| clip_segment(*a, *b, area).is_some())
    }

    /// Places of a box beside an edge, the middle of the edge first.
    fn beside(&self, edge: (Point, Point), width: f64, height: f64) -> Vec<Rect> {
        let (a, b) = edge;
        let n = self.outward(edge);
        let mut all = Vec::new();
        for far in [4.0, 9.0] {
            for part in [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9] {
                let on = (a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1));
                // The corner of the box that looks at the edge stands at the point; over a level
                // edge and beside an upright one, the middle of the box's side does.
                let side = |n: f64| if n.abs() < 0.12 { 0.0 } else { n.signum() };
                let slack = |n: f64, size: f64| if n.abs() < 0.12 { n.abs() * size } else { 0.0 };
                let far = far + 0.5 * (slack(n.0, width) + slack(n.1, height));
                let centre = (
                    on.0 + far * n.0 + 0.5 * side(n.0) * width,
                    on.1 + far * n.1 + 0.5 * side(n.1) * height,
                );
                all.push(Rect::centred(centre, width, height));
            }
        }
        all.retain(|area| self.free(area));
        all
    }

    /// The name of an edge in one or two lines, level or along a steep edge.
    fn written(&mut self, label: &str, edge: (Point, Point), upright: bool) -> Option<Placed> {
        let (dx, dy) = (edge.1.0 - edge.0.0, edge.1.1 - edge.0.1);
        let steep = dy.abs() > 3.0 * dx.abs();
        for turned in [false, true] {
            if turned && !(steep && upright && dy.abs() > room(label)) {
                continue;
            }
            for lines in [1, 2].into_iter().filter_map(|count| broken(label, count)) {
                let (long, deep) = (widest(&lines), LINE * lines.len() as f64);
                let (width, height) = if turned { (deep, long) } else { (long, deep) };
                let candidates = self.beside(edge, width, height);
                if let Some(place) = self.occupied.place_free(&candidates, &self.map.frame) {
                    // Two names on one line stand apart.
                    self.occupied.block(Rect {
                        x0: place.x0 - 8.0,
                        x1: place.x1 + 8.0,
                        ..place
                    });
                    return Some(Placed {
                        lines,
                        place,
                        upright: turned,
                    });
                }
            }
        }
        None
    }

    fn numbered(&mut self, number: usize, edge: (Point, Point)) -> Placed {
        let size = 2.0 * CIRCLE + 2.0;
        let (a, b) = edge;
        let middle = (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1));
        let candidates = self.beside(edge, size, size);
        let frame = self.map.frame;
        let place = self
            .occupied
            .place_free(&candidates, &frame)
            .unwrap_or_else(|| {
                let x = middle.0.clamp(frame.x0 + CIRCLE, frame.x1 - CIRCLE);
                let y = middle.1.clamp(frame.y0 + CIRCLE, frame.y1 - CIRCLE);
                Rect::centred((x, y), size, size)
            });
        self.occupied.block(place);
        Placed {
            lines: vec![number.to_string()],
            place,
            upright: false,
        }
    }
}

/// The layout of a chart with the names of its edges: written out if the region keeps most of the
/// plot, else numbered.
///
/// # Errors
/// A sheet too small to hold a plot.
pub fn arrange(plan: &mut Plan, view: &View) -> Result<(Layout, Names), String> {
    let layout = Layout::new(plan, view)?;
    let size = layout.plot;
    let small = size.1 < MINIATURE;
    if small || plan.edges().is_empty() {
        if !plan.plane {
            return Ok((layout, Names::default()));
        }
        plan.widen(if small { SMALL } else { BARE }, size, view);
        return Ok((Layout::new(plan, view)?, Names::default()));
    }
    for (across, down, upright) in AIRS {
        if across > 0.21 * size.0 || down > 0.15 * size.1 {
            continue;
        }
        plan.widen((across, down), size, view);
        let layout = Layout::new(plan, view)?;
        if let Some(names) = written(plan, &layout, upright) {
            return Ok((layout, names));
        }
    }
    plan.widen(NUMBERED, size, view);
    let layout = Layout::new(plan, view)?;
    let names = numbered(plan, &layout);
    Ok((layout, names))
}

/// The names written out; none where one of them finds no room.
fn written(plan: &Plan, layout: &Layout, upright: bool) -> Option<Names> {
    let edges = plan.edges();
    let mut site = Site::new(plan, layout, &edges);
    let mut names = Names::default();
    for edge in edges.iter().filter(|e| !e.label.is_empty()) {
        if let Some(seen) = site.visible(edge) {
            let placed = site.written(&edge.label, seen, upright)?;
            names.placed.push(placed);
        }
    }
    Some(names)
}

/// A number for each name; edges of one name share it, and those one after another carry it once, at
/// the longest of them.
fn numbered(plan: &Plan, layout: &Layout) -> Names {
    let edges = plan.edges();
    let mut site = Site::new(plan, layout, &edges);
    let mut names = Names::default();
    let named: Vec<&Edge> = edges.into_iter().filter(|e| !e.label.is_empty()).collect();
    for run in named.chunk_by(|a, b| a.label == b.label) {
        let label = &run[0].label;
        if !names.key.contains(label) {
            names.key.push(label.clone());
        }
        let number = names.key.iter().take_while(|k| *k != label).count() + 1;
        let length = |(a, b): &(Point, Point)| libm::hypot(b.0 - a.0, b.1 - a.1);
        let seen = run.iter().filter_map(|edge| site.visible(edge));
        if let Some(longest) = seen.max_by(|a, b| length(a).total_cmp(&length(b))) {
            names.placed.push(site.numbered(number, longest));
        }
    }
    names
}

impl Names {
    /// Writes the names, or the numbers that stand for them.
    pub fn draw(&self, painter: &mut Painter) {
        for placed in &self.placed {
            painter.occupied.block(placed.place);
            if !self.key.is_empty() {
                placed.circled(painter);
            } else if placed.upright {
                placed.turned(painter);
            } else {
                painter.words(&placed.lines, &placed.place, painter.sheet.ink);
            }
        }
    }
}

impl Placed {
    fn turned(&self, painter: &mut Painter) {
        let ink = painter.sheet.ink;
        for (k, line) in self.lines.iter().enumerate() {
            let x = self.place.x0 + 11.0 + LINE * k as f64;
            let at = tenths((x, self.place.middle().1));
            painter.canvas.turned(line, at, at, "middle", ink);
        }
    }

    fn circled(&self, painter: &mut Painter) {
        let (x, y) = self.place.middle();
        let ring = PathData::ring(tenths((x, y)), (CIRCLE * 10.0) as i32);
        let look = ["number", painter.sheet.surface, painter.sheet.ink, "1.2"];
        painter.canvas.path(&ring, look, &[]);
        for text in &self.lines {
            let ink = [("fill", painter.sheet.ink), ("stroke", "none")];
            let at = tenths((x, y + 4.2));
            painter.canvas.text(text, at, "middle", &ink);
        }
    }
}
