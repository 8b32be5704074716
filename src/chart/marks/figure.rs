//! What every mark says of itself.

use crate::chart::hatch::Hatch;
use crate::chart::painter::Painter;
use crate::chart::rect::{Point, Rect};
use crate::chart::rows::Rows;
use crate::chart::scale::Extent;
use crate::chart::{Curve, LegendItem, Readout, View};
use crate::report::{Cell, Column, Edge, Series, SurfaceCell};

use super::join::Layer;
use super::series::Line;

/// Layers whose marks write names, those first that have the least choice of place.
pub const NAMED: [Layer; 6] = [
    Layer::Limits,
    Layer::Points,
    Layer::Series,
    Layer::Net,
    Layer::Surface,
    Layer::Outlines,
];
/// So many of them in a miniature.
pub const NAMED_IN_MINIATURE: usize = 2;

/// A key over the plot: what a hatch or a net means.
pub struct Key<'k> {
    pub label: &'k str,
    /// Means over a limit.
    pub over: bool,
}

/// A mark with its numbers. What a mark does not say, it does not have.
pub trait Figure<'r> {
    fn layer(&self) -> Layer;

    fn draw(&self, painter: &mut Painter);

    /// Writes its names, or keeps those that follow away.
    fn names(&self, _: &mut Painter) {}

    /// Points that the axes must hold; a coordinate that is NaN asks for nothing.
    fn reach(&self) -> Vec<Point> {
        self.line().map_or_else(Vec::new, |l| l.points.clone())
    }

    /// A height that the axis holds only where it is near everything else.
    fn level(&self) -> Option<f64> {
        None
    }

    /// Whether it makes the chart a picture of the plane; one `false` outweighs every `true`.
    fn plane(&self) -> Option<bool> {
        (Layer::Surface..=Layer::Edges)
            .contains(&self.layer())
            .then_some(true)
    }

    /// Whether there is something to see of it.
    fn visible(&self) -> bool {
        let finite = |p: &Point| p.0.is_finite() && p.1.is_finite();
        let line = self.line().filter(|l| l.shown);
        line.is_some_and(|l| l.points.iter().any(finite))
    }

    /// The series that it shows as a stroke.
    fn line(&self) -> Option<&Line<'r>> {
        None
    }

    /// The corners of its stroke, where it is one of a series over the whole range of the axis.
    fn curve(&self, _: &Rect) -> Option<Curve> {
        None
    }

    /// The names of its bars, and the series of each.
    fn bars(&self) -> Option<(&'r [String], Vec<&'r Series>)> {
        None
    }

    /// The names of its rows, from the top down.
    fn stacked(&self) -> Option<&'r [String]> {
        None
    }

    /// What of each row breaks a limit, in words.
    fn over(&self) -> &'r [String] {
        &[]
    }

    /// What the value over the plane is called, and its range.
    fn value(&self) -> Option<(String, Extent)> {
        None
    }

    /// Cells and edges that can be drawn.
    fn cells(&self) -> Vec<&SurfaceCell> {
        Vec::new()
    }

    fn edges(&self) -> Vec<&Edge> {
        Vec::new()
    }

    /// Names of edges stand off the stroke through its points, and so many px around each of them.
    fn room(&self) -> Option<f64> {
        let line = self.line().filter(|l| l.shown);
        line.map(|_| 20.0)
    }

    fn hatch(&self, _: &Painter) -> Option<Hatch> {
        None
    }

    fn key(&self) -> Option<Key<'_>> {
        None
    }

    /// The sample of its key, 12 px wide, on the base line of its words.
    fn sample(&self, _: &mut Painter, _: Point) {}

    /// Its line of the legend.
    fn legend(&self, _: &View, _plane: bool) -> Option<LegendItem> {
        None
    }

    /// What can be read at the cursor.
    fn readouts(&self, _: &Painter) -> Vec<Readout> {
        let line = self.line().filter(|l| l.shown);
        let readout = |l: &Line| Readout {
            series: l.series.id.clone(),
            name: l.series.name.clone(),
            unit: l.series.unit.clone(),
            at: None,
        };
        line.map(readout).into_iter().collect()
    }

    /// Words under the table.
    fn note(&self, _unit: &str) -> Option<String> {
        None
    }

    /// Its column in the table of series that follow the clock.
    fn column(&self, _steps: usize) -> Option<(Column, Vec<Cell>)> {
        None
    }

    /// Its rows in the table of a plane.
    fn rows(&self, _: &mut Rows) {}
}
