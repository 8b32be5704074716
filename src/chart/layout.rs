//! How much room does each part take? The sheet's margins and the ticks of both axes.

use crate::report::Mark;

use super::View;
use super::metric::{SAFETY, fit, width_px};
use super::plan::{Plan, axis_title};
use super::scale::{Scale, number};

/// Size of all text, px.
pub const TEXT: f64 = 12.0;
/// Height of a line of text, px.
pub const LINE: f64 = 15.0;
/// Length of the line sample before a name, px.
pub const SAMPLE: f64 = 16.0;
/// Names of bars are shortened to this width, px.
const NAME: f64 = 72.0;

/// Margins around the plot in px, and the axes.
pub struct Layout {
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

/// Width of `text` with room for another sans than the one measured.
pub fn room(text: &str) -> f64 {
    width_px(text, TEXT) * SAFETY
}

/// Labels of the flags, each once.
pub fn flag_labels<'r>(plan: &Plan<'r>) -> Vec<&'r str> {
    let mut labels: Vec<&str> = Vec::new();
    for mark in &plan.chart.marks {
        if let Mark::Flag { label, at } = mark
            && !at.is_empty()
            && !labels.contains(&label.as_str())
        {
            labels.push(label);
        }
    }
    labels
}

/// Words of the keys over the plot, the flags' first.
fn key_labels<'r>(plan: &Plan<'r>) -> Vec<&'r str> {
    let mut labels = flag_labels(plan);
    labels.extend(triangulation_labels(plan));
    labels
}

/// Labels of the triangulations.
pub fn triangulation_labels<'r>(plan: &Plan<'r>) -> Vec<&'r str> {
    let labels = plan.chart.marks.iter().filter_map(|mark| match mark {
        Mark::Triangulation { label, .. } if !label.is_empty() => Some(label.as_str()),
        _ => None,
    });
    labels.collect()
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
        let keys: f64 = key_labels(plan).into_iter().map(key_width).sum();
        let bands = plan.bands.as_ref();
        let scale = bands.map_or(0.0, |b| b.title_width(width));
        let title = room(&axis_title(&plan.chart.y)) + scale;
        let second_row = keys > 0.0 && title > 0.0 && title + 12.0 + keys > width;
        let top = if title > 0.0 || keys > 0.0 {
            26.0
        } else {
            10.0
        } + if second_row { LINE } else { 0.0 };
        let below = if axis_title(&plan.chart.x).is_empty() {
            4.0
        } else {
            4.0 + LINE
        };

        let (right, ends) = end_labels(plan, width);
        let (beside, under) = bands.map_or((0.0, 0.0), |b| b.room((width, height)));
        let right = right + beside;
        let names = names(plan);
        let widest_name = names.iter().map(|n| room(n)).fold(0.0, f64::max);
        let pitch = (width - 44.0 - right) / names.len().max(1) as f64;
        let upright = widest_name + 6.0 > pitch && pitch >= TEXT + 1.0 && widest_name > 1.6 * TEXT;
        let ticks = if upright { widest_name + 2.0 } else { LINE };
        let mut bottom = 6.0 + ticks + below + under;

        let window = plan.window;
        let plot_height = height - top - bottom;
        let most = (plot_height / 34.0).floor().clamp(2.0, 6.0) as usize;
        let y = Scale::numbers((window.y0, window.y1), most, false);
        // Never less than for `00.0`, so that charts under one another line up.
        let labels = y.labels().map(|label| room(&label));
        let mut left = labels.fold(room("00.0"), f64::max) + 10.0;
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

/// Names of the bars, shortened to fit.
fn names(plan: &Plan) -> Vec<String> {
    let longest = plan.bars.iter().max_by_key(|b| b.names.len());
    longest.map_or_else(Vec::new, |b| {
        b.names.iter().map(|n| fit(n, TEXT, NAME)).collect()
    })
}

/// Ticks under the plot that do not touch each other.
fn x_scale(plan: &Plan, y: &Scale, names: Vec<String>, plot_width: f64, upright: bool) -> Scale {
    let range = (plan.window.x0, plan.window.x1);
    if plan.chart.square && range == (y.low, y.high) {
        return y.clone();
    }
    if !names.is_empty() {
        let in_view = (range.1 - range.0).max(1.0);
        let widest = names.iter().map(|n| room(n)).fold(0.0, f64::max);
        let each = if upright { TEXT } else { widest + 6.0 };
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
        let widest = scale.labels().map(|l| room(&l)).fold(0.0, f64::max);
        let count = scale.at.len();
        let gap = scale
            .at
            .windows(2)
            .next()
            .map_or(range.1 - range.0, |w| match w {
                [a, b] => b - a,
                _ => 0.0,
            });
        let pitch = gap / (range.1 - range.0) * plot_width;
        if most <= 1 || count <= 1 || pitch >= widest + 10.0 {
            return scale;
        }
        most -= 1;
    }
}

/// Room for the names of the series at the right, where they are few and short enough.
/// All series count, so that hiding one does not move the plot.
fn end_labels(plan: &Plan, width: f64) -> (f64, bool) {
    const PLAIN: f64 = 14.0;
    let names = plan.lines.iter().map(|l| l.series.name.as_str());
    let widest = names.map(room).fold(0.0, f64::max);
    let needed = 8.0 + SAMPLE + 4.0 + widest + 4.0;
    let count = plan.lines.len();
    let wanted =
        (1..=8).contains(&count) && plan.by_clock && width >= 480.0 && needed <= 0.25 * width;
    if wanted {
        (needed, true)
    } else {
        (PLAIN, false)
    }
}

/// A bar's height in words: at most two decimals, none that say nothing.
pub fn short(value: f64) -> String {
    let digits = if value.abs() >= 1000.0 { 0 } else { 2 };
    let text = number(crate::report::half_up(value, digits), usize::from(digits));
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

/// Whether the heights of `count` bars, `widest` wide, can stand over them.
pub fn heights_fit(values: impl Iterator<Item = f64>, pitch_px: f64) -> bool {
    values
        .map(|v| width_px(&short(v), TEXT) * SAFETY)
        .fold(0.0, f64::max)
        + 4.0
        <= pitch_px
}
