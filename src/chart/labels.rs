//! Words on the sheet: axis titles, keys of the flags, names of limits, points and series.

use crate::report::Mark;

use super::canvas::PathData;
use super::edges::{MINIATURE, Names};
use super::layout::{
    LINE, Layout, SAMPLE, TEXT, flag_labels, key_width, room, triangulation_labels,
};
use super::marker::sample;
use super::metric::fit;
use super::paint::{Painter, tenths};
use super::plan::{Line, axis_title};
use super::polyline::Rect;

/// Distance of a label from what it names, px.
const GAP: f64 = 3.0;

pub(super) fn all(painter: &mut Painter, layout: &Layout, names: &Names) -> Result<(), String> {
    painter.group("labels", &[])?;
    titles(painter)?;
    keys(painter, layout)?;
    painter.colour_scale(layout)?;
    // A halo of the surface keeps the names readable over strokes and hatches.
    painter.group(
        "names",
        &[
            ("paint-order", "stroke"),
            ("stroke", painter.sheet.surface),
            ("stroke-width", "3"),
        ],
    )?;
    painter.edge_labels(names)?;
    rules(painter)?;
    diagonals(painter)?;
    points(painter)?;
    if painter.frame.y1 - painter.frame.y0 >= MINIATURE {
        painter.walk_labels()?;
        painter.block_triangulations();
        painter.cell_labels()?;
        painter.outline_labels()?;
    }
    nothing(painter)?;
    painter.end()?;
    if layout.ends {
        ends(painter)?;
    }
    painter.end()
}

/// Titles of the axes: the vertical one over the plot, the horizontal one below its end.
fn titles(painter: &Painter) -> Result<(), String> {
    let (width, height) = painter.size;
    let chart = &painter.plan.chart;
    let (x, y) = (axis_title(&chart.x), axis_title(&chart.y));
    let fill = [("fill", painter.sheet.muted)];
    let bands = painter.plan.bands.as_ref();
    let (scale, under) = bands.map_or((0.0, 0.0), |b| {
        (b.title_width(width), b.room(painter.size).1)
    });
    painter.draw(Vec::new(), |_, canvas| {
        if !y.is_empty() {
            canvas.text(
                &fit(&y, TEXT, width - scale - 4.0),
                tenths((2.0, TEXT + 1.0)),
                "start",
                &fill,
            );
        }
        if !x.is_empty() {
            // A square does not reach down to the sheet's edge.
            let baseline = match chart.square {
                true => painter.frame.y1 + 4.0 + 2.0 * LINE,
                false => height - 5.0 - under,
            };
            let end = tenths((painter.frame.x1, baseline));
            canvas.text(&fit(&x, TEXT, painter.frame.x1 - 2.0), end, "end", &fill);
        }
    })
}

/// What the hatches mean, over the plot's right end.
fn keys(painter: &Painter, layout: &Layout) -> Result<(), String> {
    let baseline = TEXT + 1.0 + if layout.second_row { LINE } else { 0.0 };
    let bands = painter.plan.bands.as_ref();
    let taken = bands.map_or(0.0, |b| b.title_width(painter.size.0));
    let mut x = painter.frame.x1 + 12.0;
    if taken > 0.0 && !layout.second_row {
        x = x.min(painter.size.0 - taken);
    }
    for label in triangulation_labels(painter.plan).into_iter().rev() {
        x -= key_width(label);
        let left = x.max(0.0);
        painter.triangulation_sample((left, baseline))?;
        painter.draw(Vec::new(), |_, canvas| {
            let at = tenths((left + 16.0, baseline));
            canvas.text(label, at, "start", &[("fill", painter.sheet.muted)]);
        })?;
    }
    let fill = format!("url(#{})", painter.hatch);
    for label in flag_labels(painter.plan).into_iter().rev() {
        x -= key_width(label);
        let left = x.max(0.0);
        painter.draw(Vec::new(), |_, canvas| {
            let mut swatch = PathData::default();
            swatch.rectangle(
                tenths((left, baseline - 10.0)),
                tenths((left + 12.0, baseline + 1.0)),
            );
            canvas.path(&swatch, &[("fill", &fill), ("stroke", painter.sheet.over)]);
            let at = tenths((left + 16.0, baseline));
            canvas.text(label, at, "start", &[("fill", painter.sheet.over_text)]);
        })?;
    }
    Ok(())
}

/// Names of the limits on their lines; a limit off the sheet is pointed at from its edge.
fn rules(painter: &mut Painter) -> Result<(), String> {
    let plan = painter.plan;
    let frame = painter.frame;
    let window = plan.window;
    for mark in &plan.chart.marks {
        let Mark::Rule { value, label } = mark else {
            continue;
        };
        if label.is_empty() || !value.is_finite() {
            continue;
        }
        let (text, rows) = if *value > window.y1 {
            (
                format!("{label} ↑"),
                vec![frame.y0 + 2.0, frame.y0 + 2.0 + LINE],
            )
        } else if *value < window.y0 {
            (
                format!("{label} ↓"),
                vec![frame.y1 - 2.0 - LINE, frame.y1 - 2.0 - 2.0 * LINE],
            )
        } else {
            let (_, y) = painter.px((window.x0, *value));
            (label.clone(), vec![y - GAP + 1.0 - LINE, y + GAP])
        };
        let text = fit(&text, TEXT, frame.x1 - frame.x0 - 12.0);
        let width = room(&text);
        let space = frame.x1 - frame.x0 - width - 8.0;
        let candidates: Vec<Rect> = [1.0, 0.75, 0.5, 0.25, 0.0]
            .into_iter()
            .flat_map(|part| {
                rows.iter()
                    .map(move |row| (frame.x0 + 4.0 + part * space, *row))
            })
            .map(|(x, y)| Rect {
                x0: x,
                x1: x + width,
                y0: y,
                y1: y + LINE,
            })
            .collect();
        name(painter, &text, &candidates, painter.sheet.ink)?;
    }
    Ok(())
}

fn diagonals(painter: &mut Painter) -> Result<(), String> {
    let plan = painter.plan;
    let window = plan.window;
    for mark in &plan.chart.marks {
        let Mark::Diagonal { label } = mark else {
            continue;
        };
        let (low, high) = (window.x0.max(window.y0), window.x1.min(window.y1));
        let width = room(label);
        let mut candidates = Vec::new();
        for part in [0.9, 0.8, 0.7, 0.3, 0.2, 0.1, 0.5] {
            let v = low + part * (high - low);
            let (x, y) = painter.px((v, v));
            candidates.push(Rect {
                x0: x + 5.0,
                x1: x + 5.0 + width,
                y0: y + 1.0,
                y1: y + 1.0 + LINE,
            });
            candidates.push(Rect {
                x0: x - 5.0 - width,
                x1: x - 5.0,
                y0: y - 1.0 - LINE,
                y1: y - 1.0,
            });
        }
        name(painter, label, &candidates, painter.sheet.muted)?;
    }
    Ok(())
}

fn points(painter: &mut Painter) -> Result<(), String> {
    let plan = painter.plan;
    for mark in &plan.chart.marks {
        let Mark::Point { x, y, label } = mark else {
            continue;
        };
        if !plan.window.holds((*x, *y)) {
            continue;
        }
        let (px, py) = painter.px((*x, *y));
        let width = room(label);
        // Beside, above and below the point, then farther and farther away.
        let mut candidates = Vec::new();
        for far in [9.0, 22.0, 36.0, 52.0, 70.0, 90.0] {
            for (dx, dy) in [
                (1.0, 0.0),
                (-1.0, 0.0),
                (1.0, -1.0),
                (1.0, 1.0),
                (-1.0, -1.0),
                (-1.0, 1.0),
                (0.0, -1.0),
                (0.0, 1.0),
            ] {
                let (cx, cy) = (px + dx * (far + width / 2.0), py + dy * (far + LINE / 2.0));
                candidates.push(Rect {
                    x0: cx - width / 2.0,
                    x1: cx + width / 2.0,
                    y0: cy - LINE / 2.0,
                    y1: cy + LINE / 2.0,
                });
            }
        }
        if let Some(place) = name(painter, label, &candidates, painter.sheet.ink)? {
            leader(painter, (px, py), &place)?;
        }
    }
    Ok(())
}

/// A thin stroke from a point's ring to a name that stands away from it.
fn leader(painter: &Painter, (px, py): (f64, f64), place: &Rect) -> Result<(), String> {
    let end = (
        px.clamp(place.x0 - 2.0, place.x1 + 2.0),
        py.clamp(place.y0 + 1.0, place.y1),
    );
    let (dx, dy) = (end.0 - px, end.1 - py);
    let length = libm::hypot(dx, dy);
    if length < 14.0 {
        return Ok(());
    }
    let from = (px + dx * 6.0 / length, py + dy * 6.0 / length);
    painter.draw(Vec::new(), |_, canvas| {
        let mut path = PathData::default();
        path.polyline(&[tenths(from), tenths(end)]);
        canvas.path(
            &path,
            &[("stroke", painter.sheet.muted), ("stroke-width", "1")],
        );
    })
}

/// Writes `text` at the freest of the candidates inside the plot.
fn name(
    painter: &mut Painter,
    text: &str,
    candidates: &[Rect],
    fill: &'static str,
) -> Result<Option<Rect>, String> {
    let frame = painter.frame;
    let Some(place) = painter.occupied.place(candidates, &frame) else {
        return Ok(None);
    };
    painter.draw(Vec::new(), |_, canvas| {
        canvas.text(
            text,
            tenths((place.x0, place.y0 + 11.0)),
            "start",
            &[("fill", fill)],
        );
    })?;
    Ok(Some(place))
}

/// Says so where there is nothing to draw.
fn nothing(painter: &Painter) -> Result<(), String> {
    let plan = painter.plan;
    let drawn = plan
        .shown()
        .any(|l| l.points.iter().any(|p| p.0.is_finite() && p.1.is_finite()))
        || plan
            .bars
            .iter()
            .flat_map(|b| &b.bars)
            .any(|b| b.value.is_finite())
        || plan
            .chart
            .marks
            .iter()
            .any(|m| matches!(m, Mark::Point { .. }))
        || plan.plane;
    if drawn {
        return Ok(());
    }
    let text = if plan.lines.iter().any(|l| !l.shown) {
        "no series chosen"
    } else {
        "no values"
    };
    let frame = painter.frame;
    let middle = (
        (frame.x0 + frame.x1) / 2.0,
        (frame.y0 + frame.y1) / 2.0 + 4.0,
    );
    painter.draw(Vec::new(), |_, canvas| {
        canvas.text(
            text,
            tenths(middle),
            "middle",
            &[("fill", painter.sheet.muted)],
        );
    })
}

/// Names of the series at their last values, moved apart where they would touch.
fn ends(painter: &Painter) -> Result<(), String> {
    let window = painter.plan.window;
    let frame = painter.frame;
    let mut ends: Vec<(f64, &Line)> = Vec::new();
    for line in painter.plan.shown() {
        let last = line
            .points
            .iter()
            .rev()
            .find(|p| p.1.is_finite() && p.0 <= window.x1 + 0.5 && p.0 >= window.x0 - 0.5);
        if let Some((_, y)) = last
            && (window.y0..=window.y1).contains(y)
        {
            ends.push((painter.px((window.x1, *y)).1, line));
        }
    }
    crate::sort::by(&mut ends, |a, b| a.0.total_cmp(&b.0));
    let wanted: Vec<f64> = ends.iter().map(|e| e.0).collect();
    let Some(places) = spread(&wanted, LINE - 1.0, frame.y0, frame.y1) else {
        return Ok(());
    };
    for (y, (_, line)) in places.into_iter().zip(&ends) {
        let x = frame.x1 + 8.0;
        painter.draw(Vec::new(), |_, canvas| {
            let length = (SAMPLE * 10.0) as i32;
            sample(canvas, line, tenths((x, y)), length, painter.sheet);
            let at = tenths((x + SAMPLE + 4.0, y + 4.0));
            canvas.text(
                &line.series.name,
                at,
                "start",
                &[("fill", painter.sheet.ink)],
            );
        })?;
    }
    Ok(())
}

/// Places at least `gap` apart within [low, high], each as near as may be to where it is
/// wanted (least squares; neighbours that touch move as one block). `wanted` ascends.
/// None when there is no room.
fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Option<Vec<f64>> {
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

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn names_stand_apart_and_near() {
        assert_eq!(
            spread(&[10.0, 50.0], 14.0, 0.0, 100.0),
            Some(vec![10.0, 50.0])
        );
        assert_eq!(
            spread(&[50.0, 50.0], 14.0, 0.0, 100.0),
            Some(vec![43.0, 57.0])
        );
        assert_eq!(
            spread(&[0.0, 0.0, 0.0], 14.0, 0.0, 100.0),
            Some(vec![0.0, 14.0, 28.0])
        );
        assert_eq!(
            spread(&[99.0, 99.0], 14.0, 0.0, 100.0),
            Some(vec![86.0, 100.0])
        );
        assert_eq!(spread(&[1.0; 9], 14.0, 0.0, 100.0), None);
        assert_eq!(spread(&[], 14.0, 0.0, 100.0), Some(vec![]));
        let places = spread(&[20.0, 22.0, 30.0, 90.0, 99.0], 14.0, 0.0, 100.0).unwrap();
        assert!(
            places.windows(2).all(|w| w[1] - w[0] >= 14.0 - 1e-9),
            "{places:?}"
        );
    }
}
