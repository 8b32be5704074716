//! How much room does each part take? The sheet's margins and the ticks of both axes.

use super::View;
use super::metric::{LINE, SAMPLE, TEXT, fit, room, widest};
use super::plan::Plan;
use super::rect::Rect;
use super::rows::titled;
use super::scale::Scale;

/// Names of bars are shortened to this width, px.
const NAME: f64 = 72.0;

/// Margins around the plot in px, and the axes.
pub struct Layout {
    /// The plot's rectangle and its size, px.
    pub frame: Rect,
    pub plot: (f64, f64),
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub x: Scale,
    pub y: Scale,
    /// Names under the bars stand upright.
    pub upright: bool,
    /// Series are named at their ends.
    pub ends: bool,
    /// The keys of the flags stand in a row of their own.
    pub second_row: bool,
}

/// Width of a key: swatch, label, space.
pub fn key_width(label: &str) -> f64 {
    room(label) + 16.0 + 12.0
}

impl Layout {
    /// # Errors
    /// A sheet too small to hold a plot.
    pub fn new(plan: &Plan, view: &View) -> Result<Self, String> {
        let (width, height) = (f64::from(view.width), f64::from(view.height));
        let keys: f64 = plan.keys().iter().map(|k| key_width(k.1.label)).sum();
        let bands = plan.bands.as_ref();
        let scale = bands.map_or(0.0, |b| b.title_width(width));
        let title = room(&titled(&plan.chart.y.label, &plan.chart.y.unit)) + scale;
        let second_row = keys > 0.0 && title > 0.0 && title + 12.0 + keys > width;
        let words = title > 0.0 || keys > 0.0;
        let top = if words { 26.0 } else { 10.0 } + if second_row { LINE } else { 0.0 };
        let untitled = titled(&plan.chart.x.label, &plan.chart.x.unit).is_empty();
        let below = if untitled { 4.0 } else { 4.0 + LINE };

        let (right, ends) = end_labels(plan, width);
        let (beside, under) = bands.map_or((0.0, 0.0), |b| b.room((width, height)));
        let right = right + beside;
        let names = names(plan);
        let widest_name = widest(&names);
        let pitch = (width - 44.0 - right) / names.len().max(1) as f64;
        let upright = widest_name + 6.0 > pitch && pitch >= TEXT + 1.0 && widest_name > 1.6 * TEXT;
        let ticks = if upright { widest_name + 2.0 } else { LINE };
        let mut bottom = 6.0 + ticks + below + under;

        let plot_height = height - top - bottom;
        let most = (plot_height / 34.0).floor().clamp(2.0, 6.0) as usize;
        let y = y_scale(plan, most, width);
        // Never less than for `00.0`, so that charts under one another line up.
        let labels: Vec<String> = y.labels().collect();
        let mut left = match plan.stacked() {
            Some(rows) if above(rows, width) => 10.0,
            _ => widest(&labels).max(room("00.0")) + 10.0,
        };
        let mut right = right;
        if plan.chart.square {
            let side = (width - left - right).min(plot_height);
            left += (width - left - right - side).max(0.0) / 2.0;
            right = width - left - side;
            bottom = height - top - side;
        }
        let plot_width = width - left - right;
        if !(plot_width >= 24.0 && height - top - bottom >= 24.0) {
            return Err(format!(
                "{} × {} px is too small for chart `{}`; 240 × 160 px is enough",
                view.width, view.height, plan.chart.id
            ));
        }
        let x = x_scale(plan, &y, names, plot_width, upright);
        Ok(Self {
            frame: Rect::new(left, width - right, top, height - bottom),
            plot: (plot_width, height - top - bottom),
            left,
            right,
            top,
            bottom,
            x,
            y,
            upright,
            ends,
            second_row,
        })
    }
}

/// Names of rows stand beside the plot where the widest takes at most this part of the sheet, else over their rows.
const ROW_NAME: f64 = 0.42;

/// Whether the names of rows stand over them.
pub fn above(rows: &[String], width: f64) -> bool {
    widest(rows) > ROW_NAME * width
}

/// Numbers, or the names of rows, of which the first stands at the top.
fn y_scale(plan: &Plan, most: usize, width: f64) -> Scale {
    let range = (plan.window.y0, plan.window.y1);
    let Some(rows) = plan.stacked() else {
        return Scale::numbers(range, most, false);
    };
    let name = |name: &String| match above(rows, width) {
        true => String::new(),
        false => name.clone(),
    };
    Scale::names(range, rows.iter().rev().map(name).collect(), 1)
}

/// Names of the bars, shortened to fit.
fn names(plan: &Plan) -> Vec<String> {
    let longest = plan.bars().map(|b| b.0).max_by_key(|names| names.len());
    let names = longest.unwrap_or_default().iter();
    names.map(|n| fit(n, TEXT, NAME)).collect()
}

/// Ticks under the plot that do not touch each other.
fn x_scale(plan: &Plan, y: &Scale, names: Vec<String>, plot_width: f64, upright: bool) -> Scale {
    let range = (plan.window.x0, plan.window.x1);
    if plan.chart.square && range == (y.low, y.high) {
        return y.clone();
    }
    if !names.is_empty() {
        let in_view = (range.1 - range.0).max(1.0);
        let each = if upright { TEXT } else { widest(&names) + 6.0 };
        let every = (each * in_view / plot_width).ceil() as usize;
        return Scale::names(range, names, every);
    }
    // Wide labels leave room for fewer ticks, fewer ticks have shorter labels.
    let mut most = (plot_width / 60.0).floor().clamp(1.0, 12.0) as usize;
    if plan.by_clock {
        most = (plot_width / 26.0).floor().clamp(1.0, 24.0) as usize;
    }
    loop {
        let scale = match plan.minutes {
            Some(minutes) => Scale::times(range, most, minutes),
            None => Scale::numbers(range, most, plan.by_clock),
        };
        let labels: Vec<String> = scale.labels().collect();
        let gap = match scale.at.as_slice() {
            [a, b, ..] => b - a,
            _ => f64::INFINITY,
        };
        let pitch = gap / (range.1 - range.0) * plot_width;
        if most <= 1 || pitch >= widest(&labels) + 10.0 {
            return scale;
        }
        most -= 1;
    }
}

/// Room for the names of the series at the right, where they are few and short enough.
/// All series count, so that hiding one does not move the plot.
fn end_labels(plan: &Plan, width: f64) -> (f64, bool) {
    const PLAIN: f64 = 14.0;
    // Those drawn as one stroke carry the names of all.
    let drawn = plan.names();
    let names: Vec<_> = plan
        .lines()
        .map(|l| match drawn.get(l.series.id.as_str()) {
            Some(names) if names.len() > 1 => super::together(names),
            _ => l.series.name.clone(),
        })
        .collect();
    let needed = 8.0 + SAMPLE + 4.0 + widest(&names) + 4.0;
    let few = (1..=8).contains(&names.len());
    let wanted = few && plan.by_clock && width >= 480.0 && needed <= 0.25 * width;
    (if wanted { needed } else { PLAIN }, wanted)
}
