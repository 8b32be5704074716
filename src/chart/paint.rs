//! The marks on the sheet, from the back to the front.

use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::*;
use plotters_backend::BackendCoord;

use crate::report::{Mark, Role};

use super::canvas::{Canvas, PathData, SUB, Shape};
use super::labels;
use super::layout::{Layout, TEXT, heights_fit, short};
use super::palette::{self, Sheet};
use super::place::Occupied;
use super::plan::{Line, Marker, Pen, Plan};
use super::polyline::{Rect, clip, runs, thin};
use super::scale::Scale;
use super::{Frame, LegendItem, Readout, View};

type Plot<'c> = DrawingArea<Canvas<'c>, Cartesian2d<Scale, Scale>>;

/// Points of a line are drawn while there are no more than this.
const MOST_MARKERS: usize = 60;
/// Half the size of a marker, tenths of a px.
const MARKER: i32 = 36;

/// What every mark needs while it is drawn.
pub(super) struct Painter<'p, 'r, 'c> {
    pub plan: &'p Plan<'r>,
    pub sheet: Sheet,
    pub plot: Plot<'c>,
    /// The plot's rectangle, px.
    pub frame: Rect,
    /// Size of the sheet, px.
    pub size: (f64, f64),
    pub hatch: String,
    pub occupied: Occupied,
}

/// Px as tenths.
pub(super) fn tenths((x, y): (f64, f64)) -> BackendCoord {
    let unit = f64::from(SUB);
    ((x * unit).round() as i32, (y * unit).round() as i32)
}

/// Draws everything; returns the SVG, the frame and what can be read at the cursor.
pub(super) fn sheet(
    plan: &Plan,
    layout: Layout,
    view: &View,
) -> Result<(String, Frame, Vec<Readout>), String> {
    let mut svg = String::with_capacity(16 * 1024);
    let (frame, points) = {
        let mut canvas = Canvas::new(&mut svg, view.width, view.height);
        let hatch = hatch_id(plan, view);
        open_document(&mut canvas, plan, view, &hatch);
        let root = canvas.into_drawing_area();
        let unit = f64::from(SUB);
        let margin = |px: f64| (px * unit).round() as i32;
        let mut context = ChartBuilder::on(&root)
            .margin_top(margin(layout.top))
            .margin_right(margin(layout.right))
            .x_label_area_size(margin(layout.bottom))
            .y_label_area_size(margin(layout.left))
            .build_cartesian_2d(layout.x.clone(), layout.y.clone())
            .map_err(|e| e.to_string())?;
        let plot = context.plotting_area().clone();
        // The corners mapped forward: the pixel range plotters reports is one off.
        let window = plan.window;
        let (left, bottom) = plot.map_coordinate(&(window.x0, window.y0));
        let (right, top) = plot.map_coordinate(&(window.x1, window.y1));
        let px = |t: i32| f64::from(t) / unit;
        let area = Rect {
            x0: px(left),
            x1: px(right),
            y0: px(top),
            y1: px(bottom),
        };
        let mut painter = Painter {
            plan,
            sheet: palette::sheet(view.dark),
            plot,
            frame: area,
            size: (f64::from(view.width), f64::from(view.height)),
            hatch,
            occupied: Occupied::default(),
        };
        painter.flags()?;
        painter.group("axes", &[("shape-rendering", "crispEdges")])?;
        mesh(&mut context, &layout, painter.sheet, plan.chart.square)?;
        painter.end()?;
        painter.zero()?;
        painter.diagonals_and_rules()?;
        for line in plan.shown() {
            painter.line(line)?;
        }
        let bars = painter.bars()?;
        painter.points()?;
        labels::all(&mut painter, &layout)?;
        painter.draw(Vec::new(), |_, canvas| canvas.close("svg"))?;
        let frame = Frame {
            left: area.x0,
            right: area.x1,
            top: area.y0,
            bottom: area.y1,
            x0: window.x0,
            x1: window.x1,
            y0: window.y0,
            y1: window.y1,
        };
        let lines = plan.shown().map(|line| Readout {
            series: line.series.id.clone(),
            name: line.series.name.clone(),
            unit: line.series.unit.clone(),
            at: None,
        });
        (frame, lines.chain(bars).collect())
    };
    Ok((svg, frame, points))
}

/// An id no other drawing on the page has, unless it is the same drawing.
fn hatch_id(plan: &Plan, view: &View) -> String {
    let name: String = plan
        .chart
        .id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let theme = if view.dark { "d" } else { "l" };
    format!("hatch-{name}-{}x{}{theme}", view.width, view.height)
}

/// The root element with the chart's words and the patterns.
fn open_document(canvas: &mut Canvas, plan: &Plan, view: &View, hatch: &str) {
    let sheet = palette::sheet(view.dark);
    let (width, height) = (view.width.to_string(), view.height.to_string());
    let title = match plan.chart.y.unit.as_str() {
        "" => plan.chart.title.clone(),
        unit => format!("{}, {unit}", plan.chart.title),
    };
    canvas.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", "chart"),
            ("width", &width),
            ("height", &height),
            ("viewBox", &format!("0 0 {width} {height}")),
            ("role", "img"),
            ("aria-label", &format!("{title}. {}", plan.chart.summary)),
            ("fill", sheet.ink),
            (
                "font-family",
                "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
            ),
            ("font-size", "12"),
            ("font-variant", "tabular-nums"),
            ("stroke-linejoin", "round"),
        ],
    );
    for (tag, text) in [("title", &title), ("desc", &plan.chart.summary)] {
        canvas.words(tag, text);
    }
    if plan
        .chart
        .marks
        .iter()
        .any(|m| matches!(m, Mark::Flag { .. }))
    {
        canvas.open("defs", &[]);
        canvas.open(
            "pattern",
            &[
                ("id", hatch),
                ("patternUnits", "userSpaceOnUse"),
                ("width", "6"),
                ("height", "6"),
                ("patternTransform", "rotate(45)"),
            ],
        );
        let mut stripe = PathData::default();
        stripe.polyline(&[(30, 0), (30, 60)]);
        canvas.empty(
            "rect",
            &[
                ("width", "6"),
                ("height", "6"),
                ("fill", sheet.over),
                ("fill-opacity", "0.09"),
            ],
        );
        canvas.path(
            &stripe,
            &[
                ("stroke", sheet.over),
                ("stroke-width", "1.2"),
                ("stroke-opacity", "0.45"),
            ],
        );
        canvas.close("pattern");
        canvas.close("defs");
    }
}

/// Grid lines and the labels of the ticks, by plotters.
fn mesh(
    context: &mut ChartContext<Canvas, Cartesian2d<Scale, Scale>>,
    layout: &Layout,
    sheet: Sheet,
    upright_lines: bool,
) -> Result<(), String> {
    let size = TEXT * f64::from(SUB);
    let muted = colour(sheet.muted);
    let style = TextStyle::from(("sans-serif", size)).color(&muted);
    let names = match layout.upright {
        true => style.transform(FontTransform::Rotate270),
        false => style.clone(),
    };
    let mut mesh = context.configure_mesh();
    if !upright_lines {
        mesh.disable_x_mesh();
    }
    // Half the distance of the labels from the plot, in tenths of a px.
    mesh.set_all_tick_mark_size(30)
        .axis_style(TRANSPARENT)
        .bold_line_style(colour(sheet.grid).stroke_width(SUB as u32))
        .x_label_style(names)
        .y_label_style(style)
        .draw()
        .map_err(|e| e.to_string())
}

/// `#rrggbb` for plotters.
fn colour(hex: &str) -> RGBColor {
    let code = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0);
    let channel = |shift: u32| (code >> shift & 0xff) as u8;
    RGBColor(channel(16), channel(8), channel(0))
}

impl<'c> Painter<'_, '_, 'c> {
    /// Maps `at` to the sheet and draws there.
    pub fn draw<F>(&self, at: Vec<(f64, f64)>, paint: F) -> Result<(), String>
    where
        F: Fn(&[BackendCoord], &mut Canvas<'c>),
    {
        self.plot
            .draw(&Shape { at, paint })
            .map_err(|e| e.to_string())
    }

    pub fn group(&self, class: &str, attributes: &[(&str, &str)]) -> Result<(), String> {
        let mut all = vec![("class", class)];
        all.extend_from_slice(attributes);
        self.draw(Vec::new(), |_, canvas| canvas.open("g", &all))
    }

    pub fn end(&self) -> Result<(), String> {
        self.draw(Vec::new(), |_, canvas| canvas.close("g"))
    }

    /// Data to px.
    pub fn px(&self, at: (f64, f64)) -> (f64, f64) {
        let (x, y) = self.plot.map_coordinate(&at);
        (f64::from(x) / f64::from(SUB), f64::from(y) / f64::from(SUB))
    }

    /// Hatched bands over the flagged intervals, behind everything.
    fn flags(&self) -> Result<(), String> {
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

    fn zero(&self) -> Result<(), String> {
        let window = self.plan.window;
        if !(window.y0..=window.y1).contains(&0.0) {
            return Ok(());
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

    fn diagonals_and_rules(&mut self) -> Result<(), String> {
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

    /// One series: strokes, then points.
    fn line(&mut self, line: &Line) -> Result<(), String> {
        let many = self.plan.shown().count() > 8 || line.points.len() > 150;
        let role = role_of(self.plan, &line.series.id);
        self.group(
            "series",
            &[
                ("data-series", &line.series.id),
                ("data-role", role),
                ("fill", "none"),
                ("stroke", line.pen.colour),
                ("stroke-width", if many { "1.5" } else { "2" }),
            ],
        )?;
        match line.reached {
            Some(reached) => {
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
    fn run(
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
                let px: Vec<_> = mapped
                    .iter()
                    .map(|p| (f64::from(p.0) / 10.0, f64::from(p.1) / 10.0))
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
    fn series_markers(&self, line: &Line) -> Result<(), String> {
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

    /// Bars from zero, with their heights where there is room.
    fn bars(&mut self) -> Result<Vec<Readout>, String> {
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
    fn points(&mut self) -> Result<(), String> {
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

fn role_of(plan: &Plan, id: &str) -> &'static str {
    let role = plan.chart.marks.iter().find_map(|m| match m {
        Mark::Line { series, role, .. } if series == id => Some(*role),
        _ => None,
    });
    match role {
        Some(Role::Generator) => "generator",
        Some(Role::Der) => "der",
        Some(Role::Aggregator) => "aggregator",
        Some(Role::Load) => "load",
        Some(Role::Line) => "line",
        Some(Role::Price) => "price",
        Some(Role::Optimum) => "optimum",
        Some(Role::Reference) | None => "reference",
    }
}

/// Adds a marker to a path; `half` its size in tenths of a px.
pub(super) fn marker(path: &mut PathData, shape: Marker, (x, y): BackendCoord, half: i32) {
    let wide = half + half / 4;
    match shape {
        Marker::Circle => path.circle((x, y), half),
        Marker::Square => {
            let side = half - half / 10;
            path.rectangle((x - side, y - side), (x + side, y + side));
        }
        Marker::Triangle => {
            path.polyline(&[
                (x, y - wide),
                (x + wide, y + half - 4),
                (x - wide, y + half - 4),
            ]);
            path.close();
        }
        Marker::Diamond => {
            path.polyline(&[(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)]);
            path.close();
        }
        Marker::Nabla => {
            path.polyline(&[
                (x, y + wide),
                (x + wide, y - half + 4),
                (x - wide, y - half + 4),
            ]);
            path.close();
        }
        Marker::Cross => {
            let (arm, far) = (half * 2 / 5, wide);
            path.polyline(&[
                (x - arm, y - far),
                (x + arm, y - far),
                (x + arm, y - arm),
                (x + far, y - arm),
                (x + far, y + arm),
                (x + arm, y + arm),
                (x + arm, y + far),
                (x - arm, y + far),
                (x - arm, y + arm),
                (x - far, y + arm),
                (x - far, y - arm),
                (x - arm, y - arm),
            ]);
            path.close();
        }
    }
}

/// The legend's line of a series, with a sample of its stroke.
pub(super) fn legend_item(line: &Line, view: &View) -> LegendItem {
    let mut swatch = String::new();
    let mut canvas = Canvas::new(&mut swatch, 28, 12);
    canvas.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", "28"),
            ("height", "12"),
            ("viewBox", "0 0 28 12"),
            ("aria-hidden", "true"),
        ],
    );
    sample(&mut canvas, line, (0, 60), 280, palette::sheet(view.dark));
    canvas.close("svg");
    LegendItem {
        series: line.series.id.clone(),
        name: line.series.name.clone(),
        colour: line.pen.colour.to_string(),
        dashed: !line.pen.dashes.is_empty(),
        shown: line.shown,
        swatch,
    }
}

/// A short piece of a series: its stroke and its marker.
pub(super) fn sample(
    canvas: &mut Canvas,
    line: &Line,
    (x, y): BackendCoord,
    length: i32,
    sheet: Sheet,
) {
    let mut stroke = PathData::default();
    stroke.polyline(&[(x, y), (x + length, y)]);
    let mut attributes = vec![("stroke", line.pen.colour), ("stroke-width", "2")];
    if !line.pen.dashes.is_empty() {
        attributes.push(("stroke-dasharray", line.pen.dashes));
    }
    canvas.path(&stroke, &attributes);
    if line.marked && line.points.len() <= MOST_MARKERS {
        let mut path = PathData::default();
        marker(&mut path, line.pen.marker, (x + length / 2, y), MARKER);
        canvas.path(
            &path,
            &[
                ("fill", line.pen.colour),
                ("stroke", sheet.surface),
                ("stroke-width", "1"),
            ],
        );
    }
}
