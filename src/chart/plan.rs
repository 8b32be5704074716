//! What is to be drawn? The chart's marks joined with the report's numbers, a pen for each
//! series, and the ranges of both axes.

use crate::report::{Axis, Chart, Index, Mark, Report, Role, Series};

use super::View;
use super::palette;
use super::polyline::Rect;
use super::scale::Extent;
use super::surface::Bands;
use super::walk::{Reached, reached};

/// Shape of the points of a series: the channel beside colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
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
    pub marker: Marker,
}

impl Pen {
    /// The pen of the `nth` series of `role`, the `place`-th of its chart (both from 0).
    fn new(role: Role, nth: usize, place: usize, dashed: bool, dark: bool) -> Self {
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
}

/// A [`Mark::Line`] with its numbers.
pub struct Line<'r> {
    pub series: &'r Series,
    pub role: Role,
    pub points: Vec<(f64, f64)>,
    pub step: bool,
    pub marked: bool,
    pub shown: bool,
    pub pen: Pen,
    /// A path walked by the clock: where it stands at the cursor.
    pub reached: Option<Reached>,
}

/// One bar: its name, its series and the height at the cursor.
pub struct Bar<'r> {
    pub series: &'r Series,
    pub value: f64,
}

/// A [`Mark::Bars`] with its numbers.
pub struct Bars<'r> {
    pub names: &'r [String],
    pub bars: Vec<Bar<'r>>,
    pub colour: &'static str,
}

/// Everything a chart draws, with the ranges of its axes.
pub struct Plan<'r> {
    pub chart: &'r Chart,
    /// What the picture shows, in one sentence: of the step it shows, where it shows one.
    pub summary: &'r str,
    pub lines: Vec<Line<'r>>,
    pub bars: Vec<Bars<'r>>,
    /// Ranges of both axes, in data units.
    pub window: Rect,
    /// The horizontal axis counts steps of the clock.
    pub by_clock: bool,
    /// Minutes of a step, where the steps are shorter than an hour and go over several days.
    pub minutes: Option<f64>,
    /// A region of the plane is shown: both axes are quantities.
    pub plane: bool,
    /// Bands of the surface, where there is one.
    pub bands: Option<Bands>,
    /// Name of the clock's steps.
    pub clock: Option<String>,
    /// What the plane's marks reach over, without air.
    reach: (Extent, Extent),
}

/// Steps over more than this have days and times on their axis, min.
const LONG_MINUTES: f64 = 2160.0;

/// Bars up to which their heights may be written.
const FEW_BARS: usize = 12;

/// Marks that make a chart a picture of the plane.
pub fn is_plane(chart: &Chart) -> bool {
    let diagonal = |m: &Mark| matches!(m, Mark::Diagonal { .. });
    let of_plane = |m: &Mark| {
        matches!(
            m,
            Mark::Surface { .. }
                | Mark::Edges { .. }
                | Mark::Outline { .. }
                | Mark::Triangulation { .. }
                | Mark::Walk { .. }
        )
    };
    !chart.marks.iter().any(diagonal) && (chart.probe.is_some() || chart.marks.iter().any(of_plane))
}

/// `label, unit`.
pub fn axis_title(axis: &Axis) -> String {
    match (axis.label.is_empty(), axis.unit.is_empty()) {
        (_, true) => axis.label.clone(),
        (true, false) => axis.unit.clone(),
        (false, false) => format!("{}, {}", axis.label, axis.unit),
    }
}

/// The points of a series; a clock's steps stand at 1, 2, …
pub fn points(series: &Series) -> Vec<(f64, f64)> {
    match &series.index {
        Index::Clock => series
            .values
            .iter()
            .enumerate()
            .map(|(k, v)| (k as f64 + 1.0, *v))
            .collect(),
        Index::Numbers { at, .. } => at
            .iter()
            .copied()
            .zip(series.values.iter().copied())
            .collect(),
    }
}

/// The chart with this id, or what there is instead.
pub fn find<'r>(report: &'r Report, id: &str) -> Result<&'r Chart, String> {
    report.chart(id).ok_or_else(|| {
        let ids: Vec<&str> = report.charts.iter().map(|c| c.id.as_str()).collect();
        format!("no chart `{id}`; there are: {}", ids.join(", "))
    })
}

/// The series with this id; a chart that names another is a fault of its mechanism.
pub fn series_of<'r>(report: &'r Report, chart: &Chart, id: &str) -> Result<&'r Series, String> {
    report.series(id).ok_or_else(|| {
        format!(
            "chart `{}` shows series `{id}`, which the report does not hold",
            chart.id
        )
    })
}

/// Number of steps of the clock, or of the longest series that follows it.
pub fn steps(report: &Report, lines: &[Line]) -> usize {
    let longest = lines
        .iter()
        .filter(|l| matches!(l.series.index, Index::Clock))
        .map(|l| l.series.values.len())
        .max();
    longest
        .unwrap_or(0)
        .max(report.clock.as_ref().map_or(0, |c| c.steps))
}

/// The caption of the step in view, else the chart's own.
fn summary<'r>(report: &'r Report, chart: &'r Chart, view: &View) -> &'r str {
    let captions = report.captions.iter().find(|c| c.chart == chart.id);
    let bars = chart.marks.iter().any(|m| matches!(m, Mark::Bars { .. }));
    let step = view.cursor.or(bars.then_some(0));
    let caption = captions.and_then(|c| c.steps.get(step?));
    caption.unwrap_or(&chart.summary)
}

impl<'r> Plan<'r> {
    /// # Errors
    /// An unknown chart or series, bars without names, a range of the view that is empty.
    pub fn new(report: &'r Report, id: &str, view: &View) -> Result<Self, String> {
        let chart = find(report, id)?;
        let lines = lines(report, chart, view)?;
        let bars = bars(report, chart, view)?;
        let plane = bars.is_empty() && is_plane(chart);
        let by_clock = bars.is_empty()
            && !plane
            && lines.iter().all(|l| matches!(l.series.index, Index::Clock))
            && !chart.square;
        let mut plan = Self {
            chart,
            summary: summary(report, chart, view),
            lines,
            bars,
            window: Rect {
                x0: 0.0,
                x1: 1.0,
                y0: 0.0,
                y1: 1.0,
            },
            by_clock,
            minutes: report.clock.as_ref().and_then(|clock| {
                let minutes = clock.minutes_per_step;
                let long = minutes * clock.steps as f64 > LONG_MINUTES;
                (by_clock && minutes < 60.0 && long).then_some(minutes)
            }),
            plane,
            bands: Bands::of(chart),
            clock: report.clock.as_ref().map(|c| c.name.clone()),
            reach: (Extent::EMPTY, Extent::EMPTY),
        };
        let (x, y) = plan.ranges(report);
        let (x0, x1) = chosen("x", view.x)?.unwrap_or(x);
        let (y0, y1) = chosen("y", view.y)?.unwrap_or(y);
        plan.window = Rect { x0, x1, y0, y1 };
        Ok(plan)
    }

    pub fn shown(&self) -> impl Iterator<Item = &Line<'r>> {
        self.lines.iter().filter(|l| l.shown)
    }

    /// Air of `air` px around what the plane shows, on a plot of about `size` px; ranges asked
    /// for by the view stay.
    pub fn widen(&mut self, air: (f64, f64), size: (f64, f64), view: &View) {
        let around = |reach: Extent, air: f64, size: f64| {
            if reach.is_empty() || reach.span() <= 1e-6 * reach.low.abs().max(reach.high.abs()) {
                return reach.padded();
            }
            let room = reach.span() * air / (size - 2.0 * air).max(0.3 * size).max(1.0);
            (reach.low - room, reach.high + room)
        };
        if view.x.is_none() {
            (self.window.x0, self.window.x1) = around(self.reach.0, air.0, size.0);
        }
        if view.y.is_none() {
            (self.window.y0, self.window.y1) = around(self.reach.1, air.1, size.1);
        }
    }

    /// Ranges that hold everything shown over the whole run, so that moving the cursor
    /// moves no axis.
    fn ranges(&mut self, report: &Report) -> ((f64, f64), (f64, f64)) {
        let (mut x, mut y) = (Extent::EMPTY, Extent::EMPTY);
        let any_shown = self.lines.iter().any(|l| l.shown);
        for line in &self.lines {
            line.points.iter().for_each(|p| x.include(p.0));
            if line.shown || !any_shown {
                line.points.iter().for_each(|p| y.include(p.1));
            }
        }
        for bar in self.bars.iter().flat_map(|b| &b.bars) {
            bar.series.values.iter().for_each(|v| y.include(*v));
            y.include(0.0);
        }
        for (at, value) in self.chart.marks.iter().flat_map(corners) {
            x.include(at);
            y.include(value);
        }
        if self.chart.x.zero {
            x.include(0.0);
        }
        if self.chart.y.zero {
            y.include(0.0);
        }
        self.include_near_rules(&mut y);
        self.reach = (x, y);
        if self.chart.square {
            let both = Extent {
                low: x.low.min(y.low),
                high: x.high.max(y.high),
            }
            .padded();
            return (both, both);
        }
        let count = if let Some(longest) = self.bars.iter().map(|b| b.bars.len()).max() {
            longest
        } else if self.by_clock {
            steps(report, &self.lines)
        } else {
            return (x.padded(), y.padded());
        };
        // Below the lowest bar stands its height, where there are few enough bars to write it.
        if !self.bars.is_empty() && count <= FEW_BARS && y.low < 0.0 {
            y.low -= 0.08 * y.span();
        }
        ((0.5, count.max(1) as f64 + 0.5), y.padded())
    }

    /// Rules within one span of the data belong to the picture; farther ones would crush it.
    fn include_near_rules(&self, y: &mut Extent) {
        let data = *y;
        let reach = match data.span() {
            span if span > 0.0 => span,
            _ => data.low.abs(),
        };
        for mark in &self.chart.marks {
            if let Mark::Rule { value, .. } = mark
                && (data.is_empty() || (data.low - reach..=data.high + reach).contains(value))
            {
                y.include(*value);
            }
        }
    }
}

/// The points of the plane that a mark without a series stands on.
fn corners(mark: &Mark) -> Vec<(f64, f64)> {
    match mark {
        Mark::Point { x, y, .. } => vec![(*x, *y)],
        Mark::Surface { cells, .. } => {
            let corners = cells.iter().flat_map(|c| &c.corners);
            corners.map(|c| (c.0, c.1)).collect()
        }
        Mark::Edges { edges } => edges.iter().flat_map(|e| [e.from, e.to]).collect(),
        Mark::Outline { corners, .. } => corners.clone(),
        Mark::Triangulation { points, .. } => points.clone(),
        _ => Vec::new(),
    }
}

/// A range asked for by the view.
fn chosen(axis: &str, range: Option<(f64, f64)>) -> Result<Option<(f64, f64)>, String> {
    let Some((a, b)) = range else { return Ok(None) };
    let (low, high) = (a.min(b), a.max(b));
    let wide = (high - low) > 1e-12 * low.abs().max(high.abs());
    if a.is_finite() && b.is_finite() && wide && (high - low).is_finite() {
        Ok(Some((low, high)))
    } else {
        Err(format!(
            "the {axis} range of the view, {a} to {b}, is empty; give two different numbers"
        ))
    }
}

fn lines<'r>(report: &'r Report, chart: &Chart, view: &View) -> Result<Vec<Line<'r>>, String> {
    let mut lines = Vec::new();
    let mut roles: Vec<Role> = Vec::new();
    for mark in &chart.marks {
        let (id, role, step, marked, dashed, shown, walks) = match mark {
            Mark::Line {
                series,
                role,
                step,
                points,
                dashed,
                shown,
            } => (series, role, *step, *points, *dashed, *shown, false),
            Mark::Walk { series, role } => (series, role, false, false, false, true, true),
            _ => continue,
        };
        let series = series_of(report, chart, id)?;
        let nth = roles.iter().filter(|r| *r == role).count();
        roles.push(*role);
        let points = points(series);
        let reached = walks
            .then(|| reached(report, points.len(), view.cursor))
            .flatten();
        lines.push(Line {
            series,
            role: *role,
            points,
            // A map's numbers are not intervals: nothing to hold over.
            step: step && matches!(series.index, Index::Clock),
            marked,
            shown: view
                .shown
                .as_ref()
                .map_or(shown, |ids| ids.iter().any(|s| s == id)),
            pen: Pen::new(*role, nth, roles.len() - 1, dashed, view.dark),
            reached,
        });
    }
    Ok(lines)
}

fn bars<'r>(report: &'r Report, chart: &'r Chart, view: &View) -> Result<Vec<Bars<'r>>, String> {
    let mut all = Vec::new();
    for mark in &chart.marks {
        let Mark::Bars {
            labels,
            series,
            role,
        } = mark
        else {
            continue;
        };
        if labels.len() != series.len() {
            return Err(format!(
                "chart `{}` has {} bars and {} names for them",
                chart.id,
                series.len(),
                labels.len()
            ));
        }
        let mut bars = Vec::with_capacity(series.len());
        for id in series {
            let series = series_of(report, chart, id)?;
            let last = series.values.len().saturating_sub(1);
            let value = series.values.get(view.cursor.unwrap_or(0).min(last));
            bars.push(Bar {
                series,
                value: value.copied().unwrap_or(f64::NAN),
            });
        }
        let colour = palette::shades(*role, view.dark)[all.len() % 3];
        all.push(Bars {
            names: labels,
            bars,
            colour,
        });
    }
    Ok(all)
}
