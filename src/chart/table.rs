//! The same numbers to read: a table of each chart, and comma-separated values.

use crate::case::text::csv_field;
use crate::report::{Cell, Chart, Column, Index, Mark, Report, Series, Table, exported};

use super::plan::{find, is_plane, points, series_of};
use super::walk::reached;

/// Every number of a chart, at full precision.
///
/// Lines: one column per series, hidden ones included, after the column it runs over;
/// series over the same numbers share that column, and a flag is a column of words.
/// Bars: a column per bar when they follow the clock, else a row per bar. A plane: a row per
/// corner of its marks and per point of its walk.
///
/// # Errors
/// An unknown chart, or a series the report does not hold.
pub fn table(report: &Report, chart: &str) -> Result<Table, String> {
    build(report, chart, false)
}

/// As [`table`]; the `whole` one holds the points of triangulations too.
fn build(report: &Report, chart: &str, whole: bool) -> Result<Table, String> {
    let chart = find(report, chart)?;
    let mut lines = Vec::new();
    let mut bars: Vec<(String, &Series)> = Vec::new();
    for mark in &chart.marks {
        match mark {
            Mark::Line { series, .. } | Mark::Walk { series, .. } => {
                lines.push(series_of(report, chart, series)?);
            }
            Mark::Bars { labels, series, .. } => {
                for (label, id) in labels.iter().zip(series) {
                    bars.push((label.clone(), series_of(report, chart, id)?));
                }
            }
            _ => {}
        }
    }
    let mut table = if bars.is_empty() && is_plane(chart) {
        of_plane(report, chart, whole)?
    } else if bars.is_empty() {
        of_lines(report, chart, &lines)
    } else if bars.iter().any(|(_, s)| s.values.len() > 1) {
        of_moving_bars(report, &bars)
    } else {
        of_bars(chart, &bars)
    };
    table.id = chart.id.clone();
    table.title = chart.title.clone();
    table.note = notes(chart);
    Ok(table)
}

/// The table of a chart as comma-separated values (RFC 4180): a header `name (unit)`,
/// a dot before the decimals, no thousands mark, twelve significant digits, nothing where a value is missing, text that would be a formula with an apostrophe in front.
///
/// # Errors
/// As [`table`].
pub fn csv(report: &Report, chart: &str) -> Result<String, String> {
    let table = build(report, chart, true)?;
    let header = table
        .columns
        .iter()
        .map(|c| csv_field(&heading(c)))
        .collect::<Vec<_>>();
    let mut out = header.join(",");
    out.push_str("\r\n");
    for row in &table.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Cell::Number(value) => exported(*value).to_string(),
                Cell::Text(text) => csv_field(text),
                // A chart's own table holds values, never references to a series.
                Cell::At { .. } | Cell::Empty => String::new(),
            })
            .collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    Ok(out)
}

fn heading(column: &Column) -> String {
    match column.unit.as_str() {
        "" => column.name.clone(),
        unit => format!("{} ({unit})", column.name),
    }
}

fn column(name: &str, unit: &str) -> Column {
    Column {
        name: name.to_string(),
        unit: unit.to_string(),
        subject: None,
    }
}

fn cell(value: Option<&f64>) -> Cell {
    match value {
        Some(value) if value.is_finite() => Cell::Number(*value),
        _ => Cell::Empty,
    }
}

/// Limits and marked points, which have no column.
fn notes(chart: &Chart) -> String {
    let mut notes = Vec::new();
    for mark in &chart.marks {
        match mark {
            Mark::Rule { value, label } => {
                notes.push(
                    format!("{label}: {value} {}", chart.y.unit)
                        .trim_end()
                        .to_string(),
                );
            }
            Mark::Point { x, y, label } => notes.push(format!("{label}: {x}, {y}")),
            _ => {}
        }
    }
    notes.join("; ")
}

/// Name of the clock's column.
fn clock_name(report: &Report) -> &str {
    report
        .clock
        .as_ref()
        .map_or("interval", |c| c.name.as_str())
}

fn of_lines(report: &Report, chart: &Chart, lines: &[&Series]) -> Table {
    // Groups of series over the same numbers, in the order of their first.
    let mut groups: Vec<Vec<&Series>> = Vec::new();
    for line in lines {
        match groups
            .iter_mut()
            .find(|g| g.first().is_some_and(|s| same_index(s, line)))
        {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    let length = lines.iter().map(|s| s.values.len()).max().unwrap_or(0);
    let mut columns = Vec::new();
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); length];
    for group in groups {
        let Some(first) = group.first() else { continue };
        columns.push(match &first.index {
            Index::Clock => column(clock_name(report), ""),
            Index::Numbers { name, unit, .. } => column(name, unit),
        });
        let longest = group.iter().map(|s| s.values.len()).max().unwrap_or(0);
        for (k, row) in rows.iter_mut().enumerate() {
            row.push(match &first.index {
                Index::Clock if k < longest => Cell::Number(k as f64 + 1.0),
                Index::Clock => Cell::Empty,
                Index::Numbers { at, .. } => cell(at.get(k)),
            });
        }
        for series in group {
            columns.push(column(&series.name, &series.unit).of(series.subject.clone()));
            for (k, row) in rows.iter_mut().enumerate() {
                row.push(cell(series.values.get(k)));
            }
        }
    }
    let by_clock = lines.iter().all(|s| matches!(s.index, Index::Clock)) && !lines.is_empty();
    if by_clock {
        for mark in &chart.marks {
            let Mark::Flag { at, label } = mark else {
                continue;
            };
            columns.push(column(label, ""));
            for (k, row) in rows.iter_mut().enumerate() {
                row.push(if at.contains(&(k + 1)) {
                    Cell::Text("yes".into())
                } else {
                    Cell::Empty
                });
            }
        }
    }
    Table {
        columns,
        rows,
        by_clock,
        ..blank()
    }
}

fn same_index(a: &Series, b: &Series) -> bool {
    match (&a.index, &b.index) {
        (Index::Clock, Index::Clock) => true,
        (
            Index::Numbers {
                name: n,
                unit: u,
                at: x,
            },
            Index::Numbers {
                name: m,
                unit: v,
                at: y,
            },
        ) => {
            let bits = |at: &[f64]| at.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            n == m && u == v && bits(x) == bits(y)
        }
        _ => false,
    }
}

/// Corners of cells, edges and outlines, points of walks and curves, one row each.
fn of_plane(report: &Report, chart: &Chart, whole: bool) -> Result<Table, String> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut add = |part: &str, name: &str, (x, y): (f64, f64), value: Option<f64>| {
        rows.push(vec![
            Cell::Text(part.to_string()),
            Cell::Text(name.to_string()),
            cell(Some(&x)),
            cell(Some(&y)),
            cell(value.as_ref()),
        ]);
    };
    let mut value = None;
    for mark in &chart.marks {
        match mark {
            Mark::Surface { label, unit, cells } => {
                value.get_or_insert_with(|| column(label, unit));
                for cell in cells {
                    for (x, y, value) in &cell.corners {
                        add("cell", &cell.label, (*x, *y), Some(*value));
                    }
                }
            }
            Mark::Edges { edges } => {
                for edge in edges {
                    add("edge from", &edge.label, edge.from, None);
                    add("edge to", &edge.label, edge.to, None);
                }
            }
            Mark::Outline { label, corners, .. } => {
                corners.iter().for_each(|p| add("outline", label, *p, None));
            }
            Mark::Triangulation {
                label,
                points,
                excluded,
                ..
            } if whole => {
                for (k, p) in points.iter().enumerate() {
                    let part = if excluded.contains(&k) {
                        "excluded point"
                    } else {
                        "point"
                    };
                    add(part, label, *p, None);
                }
            }
            Mark::Walk { series, .. } => {
                let series = series_of(report, chart, series)?;
                let points = points(series);
                let stride = reached(report, points.len(), None).map_or(1, |r| r.stride);
                for (k, p) in points.iter().enumerate() {
                    let step = format!("{} {}", clock_name(report), k.div_ceil(stride) + 1);
                    add(&series.name, &step, *p, None);
                }
            }
            Mark::Line { series, .. } => {
                let series = series_of(report, chart, series)?;
                let points = points(series);
                points
                    .iter()
                    .for_each(|p| add("curve", &series.name, *p, None));
            }
            _ => {}
        }
    }
    let mut columns = vec![
        column("Part", ""),
        column("Name", ""),
        column(&chart.x.label, &chart.x.unit),
        column(&chart.y.label, &chart.y.unit),
    ];
    match value {
        Some(value) => columns.push(value),
        None => rows.iter_mut().for_each(|row| row.truncate(4)),
    }
    Ok(Table {
        columns,
        rows,
        ..blank()
    })
}

fn of_moving_bars(report: &Report, bars: &[(String, &Series)]) -> Table {
    let steps = bars.iter().map(|(_, s)| s.values.len()).max().unwrap_or(0);
    let mut columns = vec![column(clock_name(report), "")];
    columns.extend(
        bars.iter()
            .map(|(name, s)| column(name, &s.unit).of(s.subject.clone())),
    );
    let rows = (0..steps)
        .map(|k| {
            let step = std::iter::once(Cell::Number(k as f64 + 1.0));
            step.chain(bars.iter().map(|(_, s)| cell(s.values.get(k))))
                .collect()
        })
        .collect();
    Table {
        columns,
        rows,
        by_clock: true,
        ..blank()
    }
}

fn of_bars(chart: &Chart, bars: &[(String, &Series)]) -> Table {
    let unit = bars.first().map_or("", |(_, s)| s.unit.as_str());
    let columns = vec![
        column(&chart.x.label, &chart.x.unit),
        column(&chart.y.label, unit),
    ];
    let rows = bars
        .iter()
        .map(|(name, s)| vec![Cell::Text(name.clone()), cell(s.values.first())])
        .collect();
    let table = Table {
        columns,
        rows,
        ..blank()
    };
    table.of(bars.iter().map(|(_, s)| s.subject.clone()))
}

fn blank() -> Table {
    Table {
        id: String::new(),
        title: String::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        note: String::new(),
        by_clock: false,
        row_subjects: Vec::new(),
    }
}
