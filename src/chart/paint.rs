//! The marks on the sheet, from the back to the front.

use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::*;
use plotters_backend::BackendCoord;

use crate::report::Mark;

use super::canvas::{Canvas, PathData, SUB, Shape};
use super::edges::Names;
use super::labels;
use super::layout::{Layout, TEXT};
use super::outline;
use super::palette::{self, Sheet};
use super::place::Occupied;
use super::plan::Plan;
use super::polyline::Rect;
use super::scale::Scale;
use super::{Frame, Readout, View};

type Plot<'c> = DrawingArea<Canvas<'c>, Cartesian2d<Scale, Scale>>;

/// What every mark needs while it is drawn.
pub(super) struct Painter<'p, 'r, 'c> {
    pub plan: &'p Plan<'r>,
    pub sheet: Sheet,
    pub dark: bool,
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
    names: &Names,
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
            dark: view.dark,
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
        painter.surface()?;
        painter.zero()?;
        painter.triangulations()?;
        painter.outlines()?;
        painter.edges()?;
        painter.diagonals_and_rules()?;
        for line in plan.shown() {
            painter.line(line)?;
        }
        let bars = painter.bars()?;
        painter.points()?;
        labels::all(&mut painter, &layout, names)?;
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
        _ if plan.plane => plan.chart.title.clone(),
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
            ("aria-label", &format!("{title}. {}", plan.summary)),
            ("fill", sheet.ink),
            (
                "font-family",
                "'Source Sans 3', 'STIX Two Math', system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
            ),
            ("font-size", "12"),
            ("font-variant", "tabular-nums"),
            ("stroke-linejoin", "round"),
        ],
    );
    for (tag, text) in [("title", title.as_str()), ("desc", plan.summary)] {
        canvas.words(tag, text);
    }
    let flagged = plan
        .chart
        .marks
        .iter()
        .any(|m| matches!(m, Mark::Flag { .. }));
    let outlines = outline::outlines(plan, hatch, view.dark);
    if flagged || !outlines.is_empty() {
        canvas.open("defs", &[]);
        outline::patterns(canvas, &outlines);
        if flagged {
            flag_pattern(canvas, hatch, sheet);
        }
        canvas.close("defs");
    }
}

/// The hatch of the flags.
fn flag_pattern(canvas: &mut Canvas, hatch: &str, sheet: Sheet) {
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
            ("fill-opacity", "0.07"),
        ],
    );
    canvas.path(
        &stripe,
        &[
            ("stroke", sheet.over),
            ("stroke-width", "1.1"),
            ("stroke-opacity", "0.4"),
        ],
    );
    canvas.close("pattern");
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
    let style = TextStyle::from((FontFamily::SansSerif, size)).color(&muted);
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
}
