//! What is to be drawn? The chart's marks joined with the report's numbers, and the ranges of
//! both axes.

use std::collections::HashMap;

use crate::report::{Chart, Edge, Index, Report, Series};

use super::bands::Bands;
use super::marks::figure::{Figure, Key};
use super::marks::figures;
use super::marks::join::Join;
use super::marks::series::Line;
use super::rect::Rect;
use super::scale::Extent;
use super::{Curve, View};

/// Everything a chart draws, with the ranges of its axes.
pub struct Plan<'r> {
    pub chart: &'r Chart,
    /// What the picture shows, in one sentence: of the step it shows, where it shows one.
    pub summary: &'r str,
    /// The marks, in the order of the chart.
    pub figures: Vec<Box<dyn Figure<'r> + 'r>>,
    /// Those of layers that are switched off.
    pub hidden: Vec<Box<dyn Figure<'r> + 'r>>,
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
    /// What the plane's marks reach over, without air.
    reach: (Extent, Extent),
}

/// Steps over more than this have days and times on their axis, min.
const LONG_MINUTES: f64 = 2160.0;

/// Bars up to which their heights may be written.
const FEW_BARS: usize = 12;

/// The chart with this id, or what there is instead.
fn find<'r>(report: &'r Report, id: &str) -> Result<&'r Chart, String> {
    report.chart(id).ok_or_else(|| {
        let ids: Vec<&str> = report.charts.iter().map(|c| c.id.as_str()).collect();
        format!("no chart `{id}`; there are: {}", ids.join(", "))
    })
}

/// The caption of the step in view, else the chart's own.
fn summary<'r>(report: &'r Report, chart: &'r Chart, step: Option<usize>) -> &'r str {
    let captions = report.captions.iter().find(|c| c.chart == chart.id);
    let caption = captions.and_then(|c| c.steps.get(step?));
    caption.unwrap_or(&chart.summary)
}

impl<'r> Plan<'r> {
    /// # Errors
    /// An unknown chart or series, bars without names, a range of the view that is empty.
    pub fn new(report: &'r Report, id: &str, view: &View) -> Result<Self, String> {
        let chart = find(report, id)?;
        let all = figures(Join::new(report, chart, view))?;
        let (figures, hidden) = (all.shown, all.hidden);
        let bars = figures.iter().any(|f| f.bars().is_some());
        let on_plane = |yes| figures.iter().any(|f| f.plane() == Some(yes));
        let plane = !bars && !on_plane(false) && (chart.probe.is_some() || on_plane(true));
        let mut lines = figures.iter().filter_map(|f| f.line());
        let by_clock = !bars
            && !plane
            && lines.all(|l| matches!(l.series.index, Index::Clock))
            && !chart.square;
        let mut plan = Self {
            chart,
            summary: summary(report, chart, view.cursor.or(bars.then_some(0))),
            window: Rect::new(0.0, 1.0, 0.0, 1.0),
            by_clock,
            minutes: report.clock.as_ref().and_then(|clock| {
                let minutes = clock.minutes_per_step;
                let long = minutes * clock.steps as f64 > LONG_MINUTES;
                (by_clock && minutes < 60.0 && long).then_some(minutes)
            }),
            plane,
            bands: Bands::of(figures.iter().filter_map(|f| f.value())),
            reach: (Extent::EMPTY, Extent::EMPTY),
            figures,
            hidden,
        };
        let (x, y) = plan.ranges(report);
        let (x0, x1) = chosen("x", view.x)?.unwrap_or(x);
        let (y0, y1) = chosen("y", view.y)?.unwrap_or(y);
        plan.window = Rect { x0, x1, y0, y1 };
        Ok(plan)
    }

    /// Series that are strokes.
    pub fn lines(&self) -> impl Iterator<Item = &Line<'r>> {
        self.figures.iter().filter_map(|f| f.line())
    }

    pub fn shown(&self) -> impl Iterator<Item = &Line<'r>> {
        self.lines().filter(|l| l.shown)
    }

    /// The strokes of series in numbers.
    pub fn curves(&self) -> Vec<Curve> {
        let curves = self.figures.iter().filter_map(|f| f.curve(&self.window));
        curves.collect()
    }

    /// The names of each line and of those that it is drawn for, by its series.
    pub fn names(&self) -> HashMap<&'r str, Vec<&'r str>> {
        let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
        for line in self.shown() {
            let drawn = line.twin.unwrap_or(line.series);
            names.entry(&drawn.id).or_default().push(&line.series.name);
        }
        names
    }

    /// Groups of bars: names, and the series of each.
    pub fn bars(&self) -> impl Iterator<Item = (&'r [String], Vec<&'r Series>)> {
        self.figures.iter().filter_map(|f| f.bars())
    }

    /// The names of the rows of a dot plot, from the top down.
    pub fn stacked(&self) -> Option<&'r [String]> {
        self.figures.iter().find_map(|f| f.stacked())
    }

    pub fn edges(&self) -> Vec<&Edge> {
        self.figures.iter().flat_map(|f| f.edges()).collect()
    }

    /// Figures from the back to the front.
    pub fn layered(&self) -> Vec<&(dyn Figure<'r> + 'r)> {
        let mut all: Vec<_> = self.figures.iter().map(|f| &**f).collect();
        crate::sort::by_key(&mut all, |f| f.layer());
        all
    }

    /// Keys over the plot, each word once.
    pub fn keys(&self) -> Vec<(&(dyn Figure<'r> + 'r), Key<'_>)> {
        let mut keys: Vec<(_, Key)> = Vec::new();
        for figure in self.layered() {
            if let Some(key) = figure.key()
                && !keys.iter().any(|(_, known)| known.label == key.label)
            {
                keys.push((figure, key));
            }
        }
        keys
    }

    /// Air of `air` px around what the plane shows, on a plot of about `size` px; ranges asked
    /// for by the view stay.
    pub fn widen(&mut self, air: (f64, f64), size: (f64, f64), view: &View) {
        let around = |reach: Extent, air: f64, size: f64| {
            if reach.is_empty() || reach.is_flat() {
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
        let any_shown = self.shown().next().is_some();
        for figure in self.figures.iter().chain(&self.hidden) {
            let hidden = any_shown && figure.line().is_some_and(|l| !l.shown);
            for point in figure.reach() {
                x.include(point.0);
                y.include(if hidden { f64::NAN } else { point.1 });
            }
        }
        for (axis, extent) in [(&self.chart.x, &mut x), (&self.chart.y, &mut y)] {
            if axis.zero {
                extent.include(0.0);
            }
            for end in axis.holds.iter().flat_map(|(low, high)| [*low, *high]) {
                extent.include(end);
            }
        }
        self.include_near_levels(&mut y);
        self.reach = (x, y);
        if self.chart.square {
            let both = x.with(y).padded();
            return (both, both);
        }
        if let Some(rows) = self.stacked() {
            return (x.padded(), (0.5, rows.len().max(1) as f64 + 0.5));
        }
        let bars = self.bars().map(|b| b.1.len()).max();
        let count = match bars {
            Some(longest) => longest,
            None if self.by_clock => self.steps(report),
            None => return (x.padded(), y.padded()),
        };
        // Below the lowest bar stands its height, where there are few enough bars to write it.
        if bars.is_some() && count <= FEW_BARS && y.low < 0.0 {
            y.low -= 0.08 * y.span();
        }
        ((0.5, count.max(1) as f64 + 0.5), y.padded())
    }

    /// Number of steps of the clock, or of the longest series that follows it.
    fn steps(&self, report: &Report) -> usize {
        let by_clock = self.lines().map(|l| l.series);
        let by_clock = by_clock.filter(|s| matches!(s.index, Index::Clock));
        let longest = by_clock.map(|s| s.values.len()).max().unwrap_or(0);
        longest.max(report.clock.as_ref().map_or(0, |c| c.steps))
    }

    /// Limits within one span of the data belong to the picture; farther ones would crush it.
    fn include_near_levels(&self, y: &mut Extent) {
        let data = *y;
        let reach = match data.span() {
            span if span > 0.0 => span,
            _ => data.low.abs(),
        };
        for level in self.figures.iter().filter_map(|f| f.level()) {
            if data.is_empty() || (data.low - reach..=data.high + reach).contains(&level) {
                y.include(level);
            }
        }
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
