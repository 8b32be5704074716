//! Words on the sheet: axis titles, keys, names of marks and of series.

use super::edge_names::Names;
use super::layout::{Layout, key_width};
use super::marks::figure::{NAMED, NAMED_IN_MINIATURE};
use super::marks::series::Line;
use super::metric::{LINE, SAMPLE, TEXT, fit};
use super::painter::{MINIATURE, Painter, tenths};
use super::plan::Plan;
use super::rows::titled;

pub fn all(painter: &mut Painter, plan: &Plan, layout: &Layout, names: &Names) {
    painter.group("labels", &[]);
    titles(painter, plan);
    keys(painter, plan, layout);
    painter.colour_scale(layout);
    // A halo of the surface keeps the names readable over strokes and hatches.
    painter.group(
        "names",
        &[
            ("paint-order", "stroke"),
            ("stroke", painter.sheet.surface),
            ("stroke-width", "3"),
        ],
    );
    names.draw(painter);
    let small = painter.frame().height() < MINIATURE;
    let most = if small {
        NAMED_IN_MINIATURE
    } else {
        NAMED.len()
    };
    for layer in NAMED.into_iter().take(most) {
        let figures = plan.figures.iter().filter(|f| f.layer() == layer);
        figures.for_each(|f| f.names(painter));
    }
    nothing(painter, plan);
    painter.end();
    if layout.ends {
        ends(painter, plan);
    }
    painter.end();
}

/// Titles of the axes: the vertical one over the plot, the horizontal one below its end.
fn titles(painter: &mut Painter, plan: &Plan) {
    let (width, height) = painter.size;
    let (x, y) = (&plan.chart.x, &plan.chart.y);
    let (x, y) = (titled(&x.label, &x.unit), titled(&y.label, &y.unit));
    let muted = painter.sheet.muted;
    let (scale, under) = painter.bands.map_or((0.0, 0.0), |b| {
        (b.title_width(width), b.room(painter.size).1)
    });
    if !y.is_empty() {
        let text = fit(&y, TEXT, width - scale - 4.0);
        painter.write(&text, (2.0, TEXT + 1.0), "start", muted);
    }
    if !x.is_empty() {
        let frame = painter.frame();
        // A square does not reach down to the sheet's edge.
        let baseline = match plan.chart.square {
            true => frame.y1 + 4.0 + 2.0 * LINE,
            false => height - 5.0 - under,
        };
        let text = fit(&x, TEXT, frame.x1 - 2.0);
        painter.write(&text, (frame.x1, baseline), "end", muted);
    }
}

/// What hatches and nets mean, over the plot's right end.
fn keys(painter: &mut Painter, plan: &Plan, layout: &Layout) {
    let baseline = TEXT + 1.0 + if layout.second_row { LINE } else { 0.0 };
    let taken = painter.bands.map_or(0.0, |b| b.title_width(painter.size.0));
    let mut x = painter.frame().x1 + 12.0;
    if taken > 0.0 && !layout.second_row {
        x = x.min(painter.size.0 - taken);
    }
    let mut keys = plan.keys();
    // Nets first, then hatches, from the right end leftwards.
    keys.reverse();
    for (figure, key) in keys {
        x -= key_width(key.label);
        let left = x.max(0.0);
        figure.sample(painter, (left, baseline));
        let sheet = painter.sheet;
        let fill = if key.over {
            sheet.over_text
        } else {
            sheet.muted
        };
        painter.write(key.label, (left + 16.0, baseline), "start", fill);
    }
}

/// Says so where there is nothing to draw.
fn nothing(painter: &mut Painter, plan: &Plan) {
    if plan.plane || plan.figures.iter().any(|f| f.visible()) {
        return;
    }
    let hidden = plan.lines().any(|l| !l.shown);
    let text = if hidden {
        "no series chosen"
    } else {
        "no values"
    };
    let (x, y) = painter.frame().middle();
    painter.write(text, (x, y + 4.0), "middle", painter.sheet.muted);
}

/// Names of the series at their last values, moved apart where they would touch.
fn ends(painter: &mut Painter, plan: &Plan) {
    let (window, frame) = (painter.window(), painter.frame());
    let mut ends: Vec<(f64, &Line)> = Vec::new();
    for line in plan.shown().filter(|line| line.twin.is_none()) {
        if let Some((_, y)) = line.end(window.x0, window.x1)
            && (window.y0..=window.y1).contains(&y)
        {
            ends.push((painter.px((window.x1, y)).1, line));
        }
    }
    crate::sort::by(&mut ends, |a, b| a.0.total_cmp(&b.0));
    let wanted: Vec<f64> = ends.iter().map(|e| e.0).collect();
    let places = spread(&wanted, LINE - 1.0, frame.y0, frame.y1);
    let drawn = plan.names();
    for (y, (_, line)) in places.into_iter().flatten().zip(&ends) {
        let (x, length) = (frame.x1 + 8.0, (SAMPLE * 10.0) as i32);
        let sheet = painter.sheet;
        line.sample(&mut painter.canvas, tenths((x, y)), length, sheet);
        let at = (x + SAMPLE + 4.0, y + 4.0);
        let names = drawn.get(line.series.id.as_str());
        let names = names.map_or(&[][..], Vec::as_slice);
        painter.write(&super::together(names), at, "start", sheet.ink);
    }
}

/// Places at least `gap` apart within [low, high], each as near as may be to where it is
/// wanted (least squares; neighbours that touch move as one block). `wanted` ascends.
/// None when there is no room.
pub fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Option<Vec<f64>> {
    let count = wanted.len();
    let length = gap * (count.max(1) - 1) as f64;
    if length > high - low {
        return None;
    }
    // Blocks of (sum of wanted tops, members); a block's top is their mean.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let top = |(sum, members): (f64, usize)| {
        let free = sum / members as f64;
        free.clamp(low, (high - gap * (members - 1) as f64).max(low))
    };
    for want in wanted {
        let mut block = (*want, 1);
        while let Some(before) = blocks.last().copied() {
            let height = gap * before.1 as f64;
            if top(before) + height <= top(block) {
                break;
            }
            // The members of the lower block stand `height` below the common top.
            block = (
                before.0 + block.0 - height * block.1 as f64,
                before.1 + block.1,
            );
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut places = Vec::with_capacity(count);
    for block in blocks {
        let first = top(block);
        places.extend((0..block.1).map(|k| first + gap * k as f64));
    }
    Some(places)
}
