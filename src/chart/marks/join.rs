//! A chart while its marks are joined with their numbers.

use crate::chart::View;
use crate::report::{Chart, Index, Mark, Report, Role, Series};

/// Values that differ by less, as a share of what they are, are one stroke.
const ALIKE: f64 = 1e-9;

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

/// What a mark finds its numbers in.
pub struct Join<'r, 'v> {
    pub report: &'r Report,
    pub chart: &'r Chart,
    pub view: &'v View,
    /// Its lines are of one role, but for references.
    pub of_one_role: bool,
    taken: Vec<(Layer, Role)>,
    lines: Vec<(&'r Series, bool)>,
}

impl<'r, 'v> Join<'r, 'v> {
    pub fn new(report: &'r Report, chart: &'r Chart, view: &'v View) -> Self {
        Self {
            report,
            chart,
            view,
            of_one_role: of_one_role(chart),
            taken: Vec::new(),
            lines: Vec::new(),
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

    /// The line shown before that this one would cover exactly, if any; both dashed or neither.
    pub fn twin(&mut self, series: &'r Series, dashed: bool) -> Option<&'r Series> {
        let twin = self
            .lines
            .iter()
            .find(|(other, drawn)| *drawn == dashed && coincide(other, series));
        let twin = twin.map(|(other, _)| *other);
        if twin.is_none() {
            self.lines.push((series, dashed));
        }
        twin
    }

    /// How many lines are shown so far.
    pub fn drawn(&self) -> usize {
        self.lines.len()
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

/// Whether two series by clock have the same value at every step.
fn coincide(a: &Series, b: &Series) -> bool {
    let clock = |series: &Series| matches!(series.index, Index::Clock);
    let alike = |(x, y): (&f64, &f64)| {
        (x - y).abs() <= ALIKE * x.abs().max(1.0) || (x.is_nan() && y.is_nan()) || x == y
    };
    clock(a)
        && clock(b)
        && a.values.len() == b.values.len()
        && a.values.iter().any(|value| value.is_finite())
        && a.values.iter().zip(&b.values).all(alike)
}

/// Whether the lines of a chart are of one role, but for those it is compared with.
fn of_one_role(chart: &Chart) -> bool {
    let mut roles = chart.marks.iter().filter_map(|mark| match mark {
        Mark::Line { role, dashed, .. } if !dashed => Some(*role),
        Mark::Walk { role, .. } => Some(*role),
        _ => None,
    });
    let Some(first) = roles.find(|role| !matches!(role, Role::Optimum | Role::Reference)) else {
        return false;
    };
    roles.all(|role| role == first || matches!(role, Role::Optimum | Role::Reference))
}
