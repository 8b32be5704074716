//! How is a series drawn? Colour, dashes and the shape of its points.

use plotters_backend::BackendCoord;

use crate::report::Role;

use super::View;
use super::canvas::PathData;
use super::palette;

/// Half the size of a marker, tenths of a px.
pub const MARKER: i32 = 36;
/// Circle, square, triangle, diamond, triangle on its tip, cross.
const SHAPES: usize = 6;

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    pub colour: &'static str,
    /// `stroke-dasharray` in px; empty is a full line.
    pub dashes: &'static str,
    /// Shape of the points, the channel beside colour: one of [`SHAPES`].
    shape: usize,
}

impl Pen {
    /// The pen of the `nth` series of `role`, the `place`-th of its chart (both from 0); `alone`: the chart shows no
    /// other role.
    pub fn new(
        role: Role,
        (nth, place): (usize, usize),
        alone: bool,
        dashed: bool,
        view: &View,
    ) -> Self {
        let dark = view.dark;
        let entity = alone && !dashed;
        Self {
            colour: match entity {
                true => palette::entity(role, nth, dark),
                false => palette::shades(role, dark)[nth % 3],
            },
            dashes: match view.grey {
                true => palette::grey_dashes(place),
                false => palette::dashes(role, nth, dashed),
            },
            shape: place % SHAPES,
        }
    }

    /// The dashes as an attribute, where there are any.
    pub fn dashing(&self) -> Vec<(&'static str, &'static str)> {
        let dashes = Some(self.dashes).filter(|d| !d.is_empty());
        dashes
            .map(|d| ("stroke-dasharray", d))
            .into_iter()
            .collect()
    }

    /// Adds the marker to a path; `half` its size in tenths of a px.
    pub fn mark(&self, path: &mut PathData, (x, y): BackendCoord, half: i32) {
        let wide = half + half / 4;
        match self.shape {
            0 => path.circle((x, y), half),
            1 => {
                let side = half - half / 10;
                path.rectangle((x - side, y - side), (x + side, y + side));
            }
            2 | 4 => {
                let up = if self.shape == 2 { 1 } else { -1 };
                let (tip, base) = (y - up * wide, y + up * (half - 4));
                path.polyline(&[(x, tip), (x + wide, base), (x - wide, base)]);
                path.close();
            }
            3 => {
                path.polyline(&[(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)]);
                path.close();
            }
            _ => {
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
}
