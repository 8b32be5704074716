//! Figures and tables as papers and slides want them.
//!
//! A [`Figure`] is a drawing with the words around it. [`Sheet::of`] sets them on one sheet, an SVG that needs nothing
//! beside it; [`Sheet::pdf`], [`Sheet::png`] and [`Sheet::tikz`] are made of that same SVG, so that all of them are one
//! picture. [`Table::latex`] writes a table with booktabs. The crate knows nothing of markets: the terminal links it, the
//! page loads it as a module of its own when something is exported.
//!
//! Lengths are px of the drawing unless they say mm or pt; [`mm_per_px`] is what lies between.

#[cfg(target_arch = "wasm32")]
mod door;
mod fonts;
mod pdf;
mod png;
mod sheet;
mod symbols;
mod table;
mod tex;
mod tikz;

pub use sheet::Sheet;
pub use table::{Cell, Column, Table};

use serde::Deserialize;

/// Size of the letters of a drawing, px: 12, as large as a sans of the system (`size-adjust` of the page's fonts).
pub const LETTER: f64 = 12.0 * ADJUST;
const ADJUST: f64 = 1.08;

/// What one px of a drawing is on paper where its letters are `text_pt` high.
pub fn mm_per_px(text_pt: f64) -> f64 {
    text_pt * 25.4 / 72.0 / LETTER
}

/// A drawing with the words around it; what is empty is left out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Figure {
    /// The drawing: SVG that needs no style sheet, as large as it shall be, px.
    pub picture: String,
    pub title: String,
    pub legend: Vec<Key>,
    /// What the numbers in circles stand for, 1 first.
    pub key: Vec<String>,
    pub caption: String,
    /// Where it is from.
    pub source: String,
    /// Where it can be opened.
    pub link: String,
    /// Width of the sheet, mm, and size of the letters, pt.
    pub width_mm: f64,
    pub text_pt: f64,
    /// Height of the sheet, mm, of which the foot stays free; what it needs where 0.
    pub height_mm: f64,
    /// Free on all sides, mm.
    pub margin_mm: f64,
    /// `#rrggbb` of the words, of those less important, and of the ground.
    pub ink: String,
    pub muted: String,
    pub ground: String,
    /// The numbers behind strokes of the drawing, for pgfplots.
    pub curves: Vec<Curve>,
    /// Where they stand in the drawing.
    pub frame: Frame,
}

/// A line of the legend.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Key {
    pub name: String,
    /// A sample: SVG with its size.
    pub swatch: String,
}

/// A series as it is drawn: the strokes of the group `data-series` have these corners.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Curve {
    pub series: String,
    pub name: String,
    /// Runs without a gap, as (x, y) in data.
    pub runs: Vec<Vec<(f64, f64)>>,
}

/// The plot's rectangle in px of the drawing, and the numbers at its edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
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
