//! How is it drawn?
//!
//! [`draw`] turns one [`Chart`](crate::report::Chart) of a report into SVG text, with the
//! frame that maps pixels to numbers; [`table`] and [`csv()`] give the same numbers to read.
//! The page puts the title, the legend, the cursor and the readout around and over the
//! drawing, by arithmetic on [`Frame`]; redrawing is needed only for a new size, range,
//! theme or choice of series, and for bars and paths that follow the clock.
//!
//! plotters maps coordinates, lays out the areas and draws the mesh; the sheet it draws
//! on is `canvas`. A kind of mark is a file in `marks`. No style attributes and no scripts are written, so the SVG passes a
//! Content-Security-Policy without `unsafe-inline`.
//!
//! Classes a style sheet can hold on to: `chart` (the root), `flags`, `axes`, `zero`,
//! `rules`, `series` (one group per series, with `data-series` and `data-role`), `bars`
//! (each bar with `data-series`), `points`, `labels`; on a plane also `surface` (with `levels` and
//! `cells`), `triangulation`, `outline`, `parts`, `edges`, `scale` and
//! `number` (the circle of an edge's number).

mod bands;
mod canvas;
mod colour_scale;
#[allow(dead_code, reason = "the page uses the others")]
mod colours;
mod edge_names;
mod hatch;
mod labels;
mod layout;
mod marks;
mod metric;
mod paint;
mod painter;
mod palette;
mod pen;
mod place;
mod plan;
mod polygon;
mod polyline;
mod rect;
mod rows;
mod scale;
mod symbols;
mod table;

pub use table::{csv, table};

use serde::{Deserialize, Serialize};

use crate::report::Report;

/// How the page wants to see a chart.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "ChartView"))]
#[serde(default)]
pub struct View {
    /// Size of the sheet, px.
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    /// Range of an axis in its unit (zoom); absent: the whole run.
    pub x: Option<(f64, f64)>,
    pub y: Option<(f64, f64)>,
    /// Ids of the series to show; absent: as the chart says.
    pub shown: Option<Vec<String>>,
    /// Ids of the layers to show; absent: as the chart says.
    pub layers: Option<Vec<String>>,
    /// Step of the clock, from 0, that bars and paths show; absent: bars show the first
    /// step, paths their whole length.
    pub cursor: Option<usize>,
    /// Every series has dashes of its own, so that grey is enough to tell them apart.
    pub grey: bool,
    /// The numbers of the strokes are given, too.
    pub curves: bool,
}

impl Default for View {
    fn default() -> Self {
        Self {
            width: 720,
            height: 320,
            dark: false,
            x: None,
            y: None,
            shown: None,
            layers: None,
            cursor: None,
            grey: false,
            curves: false,
        }
    }
}

/// The plot's rectangle in px of the sheet, and the numbers at its edges:
/// `x = x0 + (px − left) / (right − left) · (x1 − x0)`, and
/// `y = y0 + (bottom − py) / (bottom − top) · (y1 − y0)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub x0: f64,
    pub x1: f64,
    pub y0: f64,
    pub y1: f64,
}

/// One line of the legend, which the page writes in HTML.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct LegendItem {
    pub series: String,
    pub name: String,
    /// `#rrggbb`
    pub colour: String,
    pub dashed: bool,
    pub shown: bool,
    /// A sample of the line with its marker: an SVG of 28 × 12 px.
    pub swatch: String,
    /// Where lines coincide: the names of all of them for the one that is drawn, nothing for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<String>,
}

/// A series whose exact values the page can read out at the cursor; the values are in the
/// report. JSON: `{"series":"p:G1","name":"G1","unit":"MW"}`, and for a bar also
/// `"at":[x,y]`, the middle of its end in px.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Readout {
    pub series: String,
    pub name: String,
    pub unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<(f64, f64)>,
}

/// A chart on its sheet.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Drawing {
    pub svg: String,
    pub frame: Frame,
    pub legend: Vec<LegendItem>,
    pub points: Vec<Readout>,
    /// What the numbers in circles stand for, 1 first; empty where names stand in the picture.
    pub key: Vec<String>,
    /// The strokes of series in numbers, where the view asks for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<Curve>,
}

/// A series as it is drawn: the corners of its strokes, in data.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Curve {
    pub series: String,
    pub name: String,
    /// Runs without a gap, inside the range of the axes.
    pub runs: Vec<Vec<(f64, f64)>>,
}

/// What several names have in common said once: "net benefit of DSO1 and DSO3 so far".
pub fn together(names: &[&str]) -> String {
    let words: Vec<Vec<&str>> = names.iter().map(|name| name.split(' ').collect()).collect();
    let shortest = words.iter().map(Vec::len).min().unwrap_or(0);
    let same = |at: &dyn Fn(&[&'_ str]) -> usize| {
        words.iter().all(|w| w[at(w)] == words[0][at(&words[0])])
    };
    let head = (0..shortest).take_while(|k| same(&|_| *k)).count();
    let tail = (1..=shortest - head)
        .take_while(|k| same(&|w| w.len() - k))
        .count();
    let own = |w: &Vec<&str>| w[head..w.len() - tail].join(" ");
    let own: Vec<String> = words
        .iter()
        .map(own)
        .filter(|own| !own.is_empty())
        .collect();
    let list = match own.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => own.concat(),
    };
    let first = &words[0];
    let parts = [
        first[..head].join(" "),
        list,
        first[first.len() - tail..].join(" "),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// `#rrggbb` of words, of those less important, and of the ground under a chart.
pub fn tones(dark: bool) -> [&'static str; 3] {
    let sheet = palette::sheet(dark);
    [sheet.ink, sheet.muted, sheet.surface]
}

/// Largest side of a sheet, px.
const MAX_SIDE_PX: u32 = 8192;

/// Draws the chart with id `chart`.
///
/// # Errors
/// A sentence for the reader: an unknown chart (with the ids there are), a series the
/// report does not hold, an empty range, a sheet too small or too large.
pub fn draw(report: &Report, chart: &str, view: &View) -> Result<Drawing, String> {
    if view.width.max(view.height) > MAX_SIDE_PX {
        return Err(format!(
            "a sheet of {} × {} px is too large; at most {MAX_SIDE_PX} px a side",
            view.width, view.height
        ));
    }
    let mut plan = plan::Plan::new(report, chart, view)?;
    let (layout, names) = edge_names::arrange(&mut plan, view)?;
    let figures = plan.figures.iter();
    let mut legend: Vec<LegendItem> = figures.filter_map(|f| f.legend(view, plan.plane)).collect();
    let drawn = plan.names();
    for item in &mut legend {
        if let Some(names) = drawn.get(item.series.as_str())
            && names.len() > 1
        {
            item.together = Some(together(names));
        }
    }
    let curves = match view.curves {
        true => plan.curves(),
        false => Vec::new(),
    };
    let (svg, frame, points) = paint::sheet(&plan, &layout, &names, view)?;
    Ok(Drawing {
        svg,
        frame,
        legend,
        points,
        key: names.key,
        curves,
    })
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::bands::*;
    pub use super::canvas::*;
    pub use super::colours::*;
    pub use super::labels::*;
    pub use super::marks::triangulation::*;
    pub use super::marks::walk::*;
    pub use super::metric::*;
    pub use super::palette::*;
    pub use super::place::*;
    pub use super::polygon::*;
    pub use super::polyline::*;
    pub use super::rect::*;
    pub use super::scale::*;
    pub use super::symbols::*;
    pub use super::together;
}
