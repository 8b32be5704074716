//! How is a series drawn? Colour, dashes and the shape of its points.

use plotters_backend::BackendCoord;

use crate::report::Role;

use super::canvas::PathData;
use super::palette;

/// Half the size of a marker, tenths of a px.
pub const MARKER: i32 = 36;

/// Shape of the points of a series: the channel beside colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    Nabla,
    Cross,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    pub colour: &'static str,
    /// `stroke-dasharray` in px; empty is a full line.
    pub dashes: &'static str,
    marker: Marker,
}

impl Pen {
    /// The pen of the `nth` series of `role`, the `place`-th of its chart (both from 0).
    pub fn new(role: Role, nth: usize, place: usize, dashed: bool, dark: bool) -> Self {
        const MARKERS: [Marker; 6] = [
            Marker::Circle,
            Marker::Square,
            Marker::Triangle,
            Marker::Diamond,
            Marker::Nabla,
            Marker::Cross,
        ];
        Self {
            colour: palette::shades(role, dark)[nth % 3],
            dashes: palette::dashes(role, nth, dashed),
            marker: MARKERS[place % MARKERS.len()],
        }
    }

    /// Adds the marker to a path; `half` its size in tenths of a px.
    pub fn mark(&self, path: &mut PathData, (x, y): BackendCoord, half: i32) {
        let wide = half + half / 4;
        match self.marker {
            Marker::Circle => path.circle((x, y), half),
            Marker::Square => {
                let side = half - half / 10;
                path.rectangle((x - side, y - side), (x + side, y + side));
            }
            Marker::Triangle | Marker::Nabla => {
                let up = if self.marker == Marker::Triangle {
                    1
                } else {
                    -1
                };
                let (tip, base) = (y - up * wide, y + up * (half - 4));
                path.polyline(&[(x, tip), (x + wide, base), (x - wide, base)]);
                path.close();
            }
            Marker::Diamond => {
                path.polyline(&[(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)]);
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
}
