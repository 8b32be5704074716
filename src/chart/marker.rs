//! Markers, and samples of a series for legends.

use plotters_backend::BackendCoord;

use super::canvas::{Canvas, PathData};
use super::palette::{self, Sheet};
use super::plan::{Line, Marker};
use super::{LegendItem, View};

/// Points of a line are drawn while there are no more than this.
pub(super) const MOST_MARKERS: usize = 60;
/// Half the size of a marker, tenths of a px.
pub(super) const MARKER: i32 = 36;

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
pub(super) fn legend_item(line: &Line, plane: bool, view: &View) -> LegendItem {
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
    if plane && line.reached.is_some() {
        let mut ring = PathData::default();
        ring.circle((140, 60), 44);
        let fill = palette::sheet(view.dark).surface;
        let stroke = [("stroke", line.pen.colour), ("stroke-width", "2")];
        canvas.path(&ring, &[("fill", fill), stroke[0], stroke[1]]);
    }
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
