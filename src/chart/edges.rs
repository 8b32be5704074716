//! Named edges of a region: the name stands beside its edge, outside the region; where not all
//! names find room, each edge carries a number and the key stands under the picture.

use crate::report::{Edge, Mark};

use super::View;
use super::canvas::PathData;
use super::layout::{LINE, Layout, room};
use super::paint::{Painter, tenths};
use super::place::Occupied;
use super::plan::Plan;
use super::polygon;
use super::polyline::{Rect, clip, clip_segment, runs};
use super::scale::drawable;
use super::surface::{broken, cells};

type Point = (f64, f64);

/// Radius of the circle around a number, px.
const CIRCLE: f64 = 8.5;

/// Where the names of the edges stand, in px of the sheet.
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

/// The edges of a chart that can be drawn.
pub fn edges(plan: &Plan) -> Vec<Edge> {
    let mut all = Vec::new();
    for mark in &plan.chart.marks {
        if let Mark::Edges { edges } = mark {
            all.extend(edges.iter().filter(|e| {
                drawable(e.from.0) && drawable(e.from.1) && drawable(e.to.0) && drawable(e.to.1)
            }));
        }
    }
    all.into_iter().cloned().collect()
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
/// A plane lower than this, px, is a miniature without names.
pub const MINIATURE: f64 = 100.0;
/// The same where there are no names.
const BARE: (f64, f64) = (12.0, 12.0);

/// The sheet as the names see it.
struct Site {
    frame: Rect,
    /// Convex parts of the region.
    region: Vec<Vec<Point>>,
    centre: Point,
    strokes: Vec<(Point, Point)>,
    occupied: Occupied,
}

impl Site {
    fn new(plan: &Plan, layout: &Layout, view: &View, edges: &[Edge]) -> Self {
        let frame = Rect {
            x0: layout.left,
            x1: f64::from(view.width) - layout.right,
            y0: layout.top,
            y1: f64::from(view.height) - layout.bottom,
        };
        let window = plan.window;
        let px = |p: Point| {
            let x = (p.0 - window.x0) / (window.x1 - window.x0);
            let y = (p.1 - window.y0) / (window.y1 - window.y0);
            (
                frame.x0 + x * (frame.x1 - frame.x0),
                frame.y1 - y * (frame.y1 - frame.y0),
            )
        };
        let visible = |a: Point, b: Point| clip_segment(a, b, &window).map(|(a, b)| (px(a), px(b)));
        let mut region: Vec<Vec<Point>> = cells(plan.chart)
            .map(|cell| polygon::window(&cell.corners, &window))
            .map(|part| part.iter().map(|c| px((c.0, c.1))).collect())
            .collect();
        region.retain(|part: &Vec<Point>| !part.is_empty());
        let ends: Vec<Point> = edges.iter().flat_map(|e| [e.from, e.to]).collect();
        let hull = polygon::hull(&ends);
        if region.is_empty() {
            let whole: Vec<_> = hull.iter().map(|p| (p.0, p.1, 0.0)).collect();
            let part = polygon::window(&whole, &window);
            region.push(part.iter().map(|c| px((c.0, c.1))).collect());
        }
        let mut occupied = Occupied::default();
        let mut line = |points: &[Point]| {
            let runs = runs(points.iter().copied(), false);
            for piece in runs.iter().flat_map(|run| clip(run, &window)) {
                for pair in piece.windows(2) {
                    occupied.stroke(px(pair[0]), px(pair[1]));
                }
            }
        };
        for mark in &plan.chart.marks {
            if let Mark::Outline { corners, .. } = mark {
                line(corners);
            }
        }
        for shown in plan.shown() {
            line(&shown.points);
        }
        for mark in &plan.chart.marks {
            if let Mark::Point { x, y, .. } = mark
                && window.holds((*x, *y))
            {
                occupied.block(centred(px((*x, *y)), 18.0, 18.0));
            }
        }
        for p in plan.shown().flat_map(|l| &l.points) {
            if window.holds(*p) {
                let (x, y) = px(*p);
                occupied.block(centred((x, y), 20.0, 20.0));
            }
        }
        Self {
            frame,
            region,
            centre: px(polygon::centre(&hull)),
            strokes: edges.iter().filter_map(|e| visible(e.from, e.to)).collect(),
            occupied,
        }
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
        let f = &self.frame;
        area.x0 >= f.x0
            && area.x1 <= f.x1
            && area.y0 >= f.y0
            && area.y1 <= f.y1
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
                all.push(centred(centre, width, height));
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
            for count in [1, 2] {
                let Some(lines) = broken(label, count) else {
                    continue;
                };
                let long = lines.iter().map(|l| room(l)).fold(0.0, f64::max);
                let deep = LINE * lines.len() as f64;
                let (width, height) = if turned { (deep, long) } else { (long, deep) };
                let candidates = self.beside(edge, width, height);
                if let Some(place) = self.occupied.place_free(&candidates, &self.frame) {
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
        let place = self
            .occupied
            .place_free(&candidates, &self.frame)
            .unwrap_or_else(|| {
                let (x0, x1) = (self.frame.x0 + CIRCLE, self.frame.x1 - CIRCLE);
                let (y0, y1) = (self.frame.y0 + CIRCLE, self.frame.y1 - CIRCLE);
                let on = (middle.0.clamp(x0, x1), middle.1.clamp(y0, y1));
                centred(on, size, size)
            });
        self.occupied.block(place);
        Placed {
            lines: vec![number.to_string()],
            place,
            upright: false,
        }
    }
}

fn centred((x, y): Point, width: f64, height: f64) -> Rect {
    Rect {
        x0: x - width / 2.0,
        x1: x + width / 2.0,
        y0: y - height / 2.0,
        y1: y + height / 2.0,
    }
}

fn visible(plan: &Plan, site: &Site, edge: &Edge) -> Option<(Point, Point)> {
    let (a, b) = clip_segment(edge.from, edge.to, &plan.window)?;
    let px = |p: Point| {
        let (w, f) = (plan.window, site.frame);
        (
            f.x0 + (p.0 - w.x0) / (w.x1 - w.x0) * (f.x1 - f.x0),
            f.y1 - (p.1 - w.y0) / (w.y1 - w.y0) * (f.y1 - f.y0),
        )
    };
    Some((px(a), px(b)))
}

/// The layout of a chart with the names of its edges: written out if the region keeps most of the
/// plot, else numbered.
///
/// # Errors
/// A sheet too small to hold a plot.
pub fn arrange(plan: &mut Plan, view: &View) -> Result<(Layout, Names), String> {
    let layout = Layout::new(plan, view)?;
    let size = (
        f64::from(view.width) - layout.left - layout.right,
        f64::from(view.height) - layout.top - layout.bottom,
    );
    if edges(plan).is_empty() || size.1 < MINIATURE {
        let none = Names {
            placed: Vec::new(),
            key: Vec::new(),
        };
        if !plan.plane {
            return Ok((layout, none));
        }
        let air = if size.1 < MINIATURE { (4.0, 4.0) } else { BARE };
        plan.widen(air, size, view);
        return Ok((Layout::new(plan, view)?, none));
    }
    for (across, down, upright) in AIRS {
        if across > 0.21 * size.0 || down > 0.15 * size.1 {
            continue;
        }
        plan.widen((across, down), size, view);
        let layout = Layout::new(plan, view)?;
        if let Some(names) = written(plan, &layout, view, upright) {
            return Ok((layout, names));
        }
    }
    plan.widen(NUMBERED, size, view);
    let layout = Layout::new(plan, view)?;
    let names = numbered(plan, &layout, view);
    Ok((layout, names))
}

/// The names written out; none where one of them finds no room.
fn written(plan: &Plan, layout: &Layout, view: &View, upright: bool) -> Option<Names> {
    let edges = edges(plan);
    let mut site = Site::new(plan, layout, view, &edges);
    let mut placed = Vec::new();
    for edge in &edges {
        if let Some(seen) = visible(plan, &site, edge)
            && !edge.label.is_empty()
        {
            placed.push(site.written(&edge.label, seen, upright)?);
        }
    }
    Some(Names {
        placed,
        key: Vec::new(),
    })
}

/// A number for each name; edges of one name share it.
fn numbered(plan: &Plan, layout: &Layout, view: &View) -> Names {
    let edges = edges(plan);
    let mut site = Site::new(plan, layout, view, &edges);
    let mut key: Vec<String> = Vec::new();
    let mut placed = Vec::new();
    for edge in edges.iter().filter(|e| !e.label.is_empty()) {
        let known = key.iter().position(|k| *k == edge.label);
        let number = known.unwrap_or(key.len()) + 1;
        if known.is_none() {
            key.push(edge.label.clone());
        }
        if let Some(seen) = visible(plan, &site, edge) {
            placed.push(site.numbered(number, seen));
        }
    }
    Names { placed, key }
}

impl Painter<'_, '_, '_> {
    pub(super) fn edges(&mut self) -> Result<(), String> {
        let mut path = PathData::default();
        for edge in edges(self.plan) {
            let Some((a, b)) = clip_segment(edge.from, edge.to, &self.plan.window) else {
                continue;
            };
            let (a, b) = (self.px(a), self.px(b));
            self.occupied.stroke(a, b);
            path.polyline(&[tenths(a), tenths(b)]);
        }
        self.draw(Vec::new(), |_, canvas| {
            canvas.path(
                &path,
                &[
                    ("class", "edges"),
                    ("fill", "none"),
                    ("stroke", self.sheet.ink),
                    ("stroke-width", "2"),
                    ("stroke-linecap", "round"),
                ],
            );
        })
    }

    /// The names, or the numbers that stand for them.
    pub(super) fn edge_labels(&mut self, names: &Names) -> Result<(), String> {
        for placed in &names.placed {
            self.occupied.block(placed.place);
            let ink = self.sheet.ink;
            if !names.key.is_empty() {
                self.circled(placed)?;
            } else if placed.upright {
                let p = &placed.place;
                let middle = 0.5 * (p.y0 + p.y1);
                self.draw(Vec::new(), |_, canvas| {
                    for (k, line) in placed.lines.iter().enumerate() {
                        let at = tenths((p.x0 + 11.0 + LINE * k as f64, middle));
                        let turn = format!(
                            "rotate(-90 {} {})",
                            f64::from(at.0) / 10.0,
                            f64::from(at.1) / 10.0
                        );
                        canvas.text(line, at, "middle", &[("fill", ink), ("transform", &turn)]);
                    }
                })?;
            } else {
                self.words(&placed.lines, &placed.place, ink)?;
            }
        }
        Ok(())
    }

    fn circled(&self, placed: &Placed) -> Result<(), String> {
        let p = &placed.place;
        let (x, y) = (0.5 * (p.x0 + p.x1), 0.5 * (p.y0 + p.y1));
        self.draw(Vec::new(), |_, canvas| {
            let mut path = PathData::default();
            path.circle(tenths((x, y)), (CIRCLE * 10.0) as i32);
            canvas.path(
                &path,
                &[
                    ("class", "number"),
                    ("fill", self.sheet.surface),
                    ("stroke", self.sheet.ink),
                    ("stroke-width", "1.2"),
                ],
            );
            for text in &placed.lines {
                let ink = [("fill", self.sheet.ink), ("stroke", "none")];
                canvas.text(text, tenths((x, y + 4.2)), "middle", &ink);
            }
        })
    }
}
