//! The sheet, from the back to the front.

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::*;

use super::canvas::{Canvas, PathData, SUB};
use super::edge_names::Names;
use super::hatch::Hatch;
use super::labels;
use super::layout::Layout;
use super::marks::join::Layer;
use super::metric::TEXT;
use super::painter::{Painter, pixels};
use super::palette;
use super::place::Occupied;
use super::plan::Plan;
use super::rect::{Map, Rect};
use super::scale::Scale;
use super::{Frame, Readout, View};

/// Draws everything; returns the SVG, the frame and what can be read at the cursor.
pub fn sheet(
    plan: &Plan,
    layout: &Layout,
    names: &Names,
    view: &View,
) -> Result<(String, Frame, Vec<Readout>), String> {
    let mut svg = String::with_capacity(16 * 1024);
    let (mesh, coordinates) = mesh(layout, plan.chart.square, view)?;
    let window = plan.window;
    // The corners mapped forward: the pixel range plotters reports is one off.
    let corner = |x, y| pixels(coordinates.translate(&(x, y)));
    let ((x0, y1), (x1, y0)) = (corner(window.x0, window.y0), corner(window.x1, window.y1));
    let frame = Rect { x0, x1, y0, y1 };
    let mut painter = Painter {
        canvas: Canvas::new(&mut svg, view.width, view.height),
        coordinates,
        sheet: palette::sheet(view.dark),
        dark: view.dark,
        map: Map { window, frame },
        size: (f64::from(view.width), f64::from(view.height)),
        plane: plan.plane,
        probed: plan.chart.probe.is_some(),
        crowded: plan.shown().count() > 8,
        groups: plan.bars().count(),
        bands: plan.bands.as_ref(),
        hatch: hatch_id(plan, view),
        occupied: Occupied::default(),
    };
    open_document(&mut painter, plan, view);
    let figures = plan.layered();
    let layer = |painter: &mut Painter, from: Layer, to: Layer| {
        let all = figures.iter().filter(|f| (from..=to).contains(&f.layer()));
        all.for_each(|f| f.draw(painter));
    };
    layer(&mut painter, Layer::Back, Layer::Back);
    painter.group("axes", &[("shape-rendering", "crispEdges")]);
    painter.canvas.insert(&mesh);
    painter.end();
    layer(&mut painter, Layer::Surface, Layer::Surface);
    zero(&mut painter);
    layer(&mut painter, Layer::Net, Layer::Edges);
    painter.group(
        "rules",
        &[
            ("fill", "none"),
            ("stroke", painter.sheet.muted),
            ("stroke-width", "1.3"),
        ],
    );
    layer(&mut painter, Layer::Limits, Layer::Limits);
    painter.end();
    layer(&mut painter, Layer::Series, Layer::Points);
    labels::all(&mut painter, plan, layout, names);
    painter.canvas.close("svg");
    let points = figures.iter().flat_map(|f| f.readouts(&painter)).collect();
    let frame = Frame {
        left: x0,
        right: x1,
        top: y0,
        bottom: y1,
        x0: window.x0,
        x1: window.x1,
        y0: window.y0,
        y1: window.y1,
    };
    Ok((svg, frame, points))
}

/// An id no other drawing on the page has, unless it is the same drawing.
fn hatch_id(plan: &Plan, view: &View) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = plan.chart.id.replace(|c| !plain(c), "-");
    let theme = if view.dark { "d" } else { "l" };
    format!("hatch-{name}-{}x{}{theme}", view.width, view.height)
}

/// The root element with the chart's words and the patterns.
fn open_document(painter: &mut Painter, plan: &Plan, view: &View) {
    let ink = painter.sheet.ink;
    let canvas = &mut painter.canvas;
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
            ("fill", ink),
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
    let mut hatches: Vec<Hatch> = Vec::new();
    for hatch in plan.figures.iter().filter_map(|f| f.hatch(painter)) {
        if hatches.iter().all(|known| known.id != hatch.id) {
            hatches.push(hatch);
        }
    }
    if !hatches.is_empty() {
        let canvas = &mut painter.canvas;
        canvas.open("defs", &[]);
        hatches.iter().for_each(|hatch| hatch.define(canvas));
        canvas.close("defs");
    }
}

/// Grid lines and the labels of the ticks, by plotters, and its way from data to the sheet.
fn mesh(
    layout: &Layout,
    upright_lines: bool,
    view: &View,
) -> Result<(String, Cartesian2d<Scale, Scale>), String> {
    let mut svg = String::new();
    let root = Canvas::new(&mut svg, view.width, view.height).into_drawing_area();
    let margin = |px: f64| (px * f64::from(SUB)).round() as i32;
    let mut context = ChartBuilder::on(&root)
        .margin_top(margin(layout.top))
        .margin_right(margin(layout.right))
        .x_label_area_size(margin(layout.bottom))
        .y_label_area_size(margin(layout.left))
        .build_cartesian_2d(layout.x.clone(), layout.y.clone())
        .map_err(|e| e.to_string())?;
    let sheet = palette::sheet(view.dark);
    let muted = colour(sheet.muted);
    let size = TEXT * f64::from(SUB);
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
        .map_err(|e| e.to_string())?;
    let coordinates = context.as_coord_spec().clone();
    drop((context, root));
    Ok((svg, coordinates))
}

/// The zero line.
fn zero(painter: &mut Painter) {
    let window = painter.window();
    if !(window.y0..=window.y1).contains(&0.0) {
        return;
    }
    let ends = [(window.x0, 0.0), (window.x1, 0.0)].map(|p| painter.at(p));
    if painter.plane {
        painter.occupy(&ends);
    }
    let look = ["zero", "", painter.sheet.zero, ""];
    let crisp = [("shape-rendering", "crispEdges")];
    painter.canvas.path(&PathData::of(&ends), look, &crisp);
}

/// `#rrggbb` for plotters.
fn colour(hex: &str) -> RGBColor {
    let code = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or(0);
    let channel = |shift: u32| (code >> shift & 0xff) as u8;
    RGBColor(channel(16), channel(8), channel(0))
}
