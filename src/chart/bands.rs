//! Bands of equal value over the plane, and the room their scale takes.

use crate::report::half_up;

use super::metric::{LINE, room};
use super::palette;
use super::scale::{Extent, number, round_step};

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
    /// Round limits around the values; none without any.
    pub fn of(values: impl Iterator<Item = (String, Extent)>) -> Option<Self> {
        let both = |a: (String, Extent), b: (String, Extent)| (a.0, a.1.with(b.1));
        let (title, extent) = values.reduce(both)?;
        if extent.is_empty() {
            return None;
        }
        if extent.is_flat() {
            let limits = vec![extent.middle(); 2];
            return Some(Self {
                title,
                limits,
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

    /// The band that holds a value.
    pub fn band(&self, value: f64) -> usize {
        let above = self.limits.iter().skip(1).filter(|l| **l <= value);
        above.count().min(self.count().saturating_sub(1))
    }

    pub fn is_constant(&self) -> bool {
        self.limits.first() == self.limits.last()
    }

    pub fn text(&self, limit: f64) -> String {
        if self.is_constant() {
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

/// The smallest of 1, 2, 2½, 5 · 10^k that cuts `span` into at most `MOST` bands, and the
/// decimals its multiples have.
pub fn step(span: f64) -> (f64, usize) {
    let step = round_step(span / MOST, &[1.0, 2.0, 2.5, 5.0]);
    let whole = |digits: i32| {
        let scaled = step * 10f64.powi(digits);
        (scaled - scaled.round()).abs() <= 1e-6 * scaled.max(1e-9)
    };
    let decimals = (0..12).find(|digits| whole(*digits)).unwrap_or(12);
    (step, usize::try_from(decimals).unwrap_or(0))
}
