//! A chart while its marks are joined with their numbers.

use crate::chart::View;
use crate::report::{Chart, Mark, Report, Role, Series};

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
}

impl<'r, 'v> Join<'r, 'v> {
    pub fn new(report: &'r Report, chart: &'r Chart, view: &'v View) -> Self {
        Self {
            report,
            chart,
            view,
            of_one_role: of_one_role(chart),
            taken: Vec::new(),
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
