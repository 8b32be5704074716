//! What every mark says of itself.

use crate::chart::hatch::Hatch;
use crate::chart::painter::Painter;
use crate::chart::rect::Point;
use crate::chart::rows::Rows;
use crate::chart::scale::Extent;
use crate::chart::{LegendItem, Readout, View};
use crate::report::{Cell, Chart, Column, Edge, Report, Role, Series, SurfaceCell};

use super::bars::Bars;
use super::line::Line;

/// Where a mark lies, from the back to the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Behind the grid.
    Back,
    Surface,
    Net,
    Outlines,
    Edges,
    Limits,
    Series,
    Bars,
    Points,
}

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

    /// Turn in writing names: the sooner, the freer their choice of place.
    fn turn(&self) -> u8 {
        u8::MAX
    }

    /// Writes its names; marks of a plane write none in a miniature.
    fn names(&self, _: &mut Painter) {}

    /// Points that the axes must hold; a coordinate that is NaN asks for nothing.
    fn reach(&self) -> Vec<Point> {
        Vec::new()
    }

    /// A height that the axis holds only where it is near everything else.
    fn level(&self) -> Option<f64> {
        None
    }

    /// Whether it makes the chart a picture of the plane; one `false` outweighs every `true`.
    fn plane(&self) -> Option<bool> {
        None
    }

    /// Whether there is something to see of it.
    fn visible(&self) -> bool {
        false
    }

    /// The series that it shows as a stroke.
    fn line(&self) -> Option<&Line<'r>> {
        None
    }

    fn bars(&self) -> Option<&Bars<'r>> {
        None
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

    /// What names of edges stand off: a stroke, and so many px around each of its points.
    fn obstacle(&self) -> Option<(&[Point], f64)> {
        None
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
        Vec::new()
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

/// A chart that is being joined with its numbers.
pub struct Join<'r, 'v> {
    pub report: &'r Report,
    pub chart: &'r Chart,
    pub view: &'v View,
    taken: Vec<(Layer, Role)>,
}

impl<'r, 'v> Join<'r, 'v> {
    pub fn new(report: &'r Report, chart: &'r Chart, view: &'v View) -> Self {
        let taken = Vec::new();
        Self {
            report,
            chart,
            view,
            taken,
        }
    }

    /// The series with this id.
    ///
    /// # Errors
    /// A chart that names another: a fault of its mechanism.
    pub fn series(&self, id: &str) -> Result<&'r Series, String> {
        self.report.series(id).ok_or_else(|| {
            let chart = &self.chart.id;
            format!("chart `{chart}` shows series `{id}`, which the report does not hold")
        })
    }

    /// The next place in a layer: how many of the role, and how many in all, came before.
    pub fn place(&mut self, layer: Layer, role: Role) -> (usize, usize) {
        let before = self.taken.iter().filter(|t| t.0 == layer);
        let all = before.clone().count();
        let nth = before.filter(|t| t.1 == role).count();
        self.taken.push((layer, role));
        (nth, all)
    }
}
