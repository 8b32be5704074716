//! The marks, a file each: what it asks of the axes, how it is drawn and named, its entry in the
//! legend, its rows in the table.

mod bars;
mod diagonal;
mod dots;
mod edges;
pub mod figure;
mod flag;
pub mod join;
mod line;
mod outline;
mod parts;
mod point;
mod rows;
mod rule;
pub mod series;
mod surface;
pub mod triangulation;
pub mod walk;

use crate::report::Mark;

use figure::Figure;
use join::Join;
use series::Line;

/// The marks of a chart with their numbers, in its order.
pub struct Figures<'r> {
    /// Those in view.
    pub shown: Vec<Box<dyn Figure<'r> + 'r>>,
    /// Those of layers that are switched off: the axes hold them.
    pub hidden: Vec<Box<dyn Figure<'r> + 'r>>,
}

/// The marks of a chart with their numbers, in its order.
///
/// # Errors
/// A series that the report does not hold, bars without names.
pub fn figures<'r>(mut join: Join<'r, '_>) -> Result<Figures<'r>, String> {
    let chart = join.chart;
    let marks = chart.marks.iter().map(|mark| figure(mark, &mut join));
    let mut shown = marks.collect::<Result<Vec<_>, _>>()?;
    let mut hidden = Vec::new();
    for layer in &chart.layers {
        let on = match &join.view.layers {
            Some(ids) => ids.contains(&layer.id),
            None => layer.on,
        };
        let into = if on { &mut shown } else { &mut hidden };
        for mark in &layer.marks {
            into.push(figure(mark, &mut join)?);
        }
    }
    Ok(Figures { shown, hidden })
}

/// The only match over marks.
fn figure<'r>(mark: &'r Mark, join: &mut Join<'r, '_>) -> Result<Box<dyn Figure<'r> + 'r>, String> {
    Ok(match mark {
        Mark::Line {
            series,
            role,
            step,
            points,
            dashed,
            shown,
        } => Box::new(Line::new(join, series, *role, *dashed, *shown)?.with(*step, *points)),
        Mark::Walk { series, role } => Box::new(walk::Walk::new(join, series, *role)?),
        Mark::Bars {
            labels,
            series,
            role,
        } => Box::new(bars::Bars::new(join, labels, series, *role)?),
        Mark::Rows { names, over, .. } => Box::new(rows::Rows::new(join, names, over)?),
        Mark::Dots {
            series,
            role,
            hollow,
            joined,
            shown,
        } => {
            let line = Line::new(join, series, *role, false, *shown)?;
            Box::new(dots::Dots::new(join, line, *hollow, *joined)?)
        }
        Mark::Rule { value, label } => Box::new(rule::Rule {
            value: *value,
            label,
        }),
        Mark::Diagonal { label } => Box::new(diagonal::Diagonal { label }),
        Mark::Point { x, y, label } => Box::new(point::Marked {
            at: (*x, *y),
            label,
        }),
        Mark::Flag { at, label } => Box::new(flag::Flag { at, label }),
        Mark::Surface {
            label,
            unit,
            cells,
            range,
        } => Box::new(surface::Surface {
            label,
            unit,
            cells,
            range: *range,
        }),
        Mark::Edges { edges } => Box::new(edges::Edges { edges }),
        Mark::Outline {
            label,
            role,
            corners,
        } => Box::new(outline::Outline::new(join, label, *role, corners)),
        Mark::Triangulation {
            label,
            points,
            excluded,
            segments,
        } => Box::new(triangulation::Triangulation {
            label,
            points,
            excluded,
            segments,
        }),
        Mark::Parts {
            label,
            role,
            hatched,
            over,
            steps,
        } => Box::new(parts::Parts::new(
            join,
            (label, *hatched, *over),
            *role,
            steps,
        )),
    })
}
