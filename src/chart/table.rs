//! The same numbers to read: a table of each chart, and comma-separated values.

use crate::case::text::csv_field;
use crate::report::{Cell, Chart, Column, Index, Report, Series, Table, exported};

use super::View;
use super::plan::Plan;
use super::rows::{Rows, cell, column};

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
    let plan = Plan::new(report, chart, &View::default())?;
    let bars = plan.bars().flat_map(|b| b.names.iter().zip(&b.bars));
    let bars: Vec<_> = bars.map(|(name, bar)| (name, bar.series)).collect();
    let mut table = if plan.plane {
        of_plane(&plan, whole)
    } else if bars.is_empty() {
        of_lines(report, &plan)
    } else if bars.iter().any(|(_, s)| s.values.len() > 1) {
        of_moving_bars(report, &bars)
    } else {
        of_bars(plan.chart, &bars)
    };
    table.id = plan.chart.id.clone();
    table.title = plan.chart.title.clone();
    let unit = &plan.chart.y.unit;
    let notes = plan.figures.iter().filter_map(|f| f.note(unit));
    table.note = notes.collect::<Vec<_>>().join("; ");
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

/// Name of the clock's column.
fn clock_name(report: &Report) -> &str {
    report
        .clock
        .as_ref()
        .map_or("interval", |c| c.name.as_str())
}

fn of_lines(report: &Report, plan: &Plan) -> Table {
    let lines: Vec<&Series> = plan.lines().map(|l| l.series).collect();
    // Groups of series over the same numbers, in the order of their first.
    let mut groups: Vec<Vec<&Series>> = Vec::new();
    for line in &lines {
        match groups
            .iter_mut()
            .find(|g| runs_over(g[0]) == runs_over(line))
        {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    let length = lines.iter().map(|s| s.values.len()).max().unwrap_or(0);
    let mut columns = Vec::new();
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); length];
    for group in groups {
        let index = &group[0].index;
        columns.push(match index {
            Index::Clock => column(clock_name(report), ""),
            Index::Numbers { name, unit, .. } => column(name, unit),
        });
        let longest = group.iter().map(|s| s.values.len()).max().unwrap_or(0);
        for (k, row) in rows.iter_mut().enumerate() {
            row.push(match index {
                Index::Clock if k < longest => Cell::Number(k as f64 + 1.0),
                Index::Clock => Cell::Empty,
                Index::Numbers { at, .. } => cell(at.get(k)),
            });
        }
        for series in group {
            columns.push(column(&series.name, &series.unit));
            for (k, row) in rows.iter_mut().enumerate() {
                row.push(cell(series.values.get(k)));
            }
        }
    }
    let by_clock = lines.iter().all(|s| matches!(s.index, Index::Clock)) && !lines.is_empty();
    let flags = plan.figures.iter().filter(|_| by_clock);
    for (flag, cells) in flags.filter_map(|f| f.column(length)) {
        columns.push(flag);
        let cells = rows.iter_mut().zip(cells);
        cells.for_each(|(row, cell)| row.push(cell));
    }
    filled(columns, rows, by_clock)
}

/// What a series runs over; none for the clock.
fn runs_over(series: &Series) -> Option<(&str, &str, Vec<u64>)> {
    match &series.index {
        Index::Clock => None,
        Index::Numbers { name, unit, at } => {
            Some((name, unit, at.iter().map(|v| v.to_bits()).collect()))
        }
    }
}

/// What each mark says of itself, one row each.
fn of_plane(plan: &Plan, whole: bool) -> Table {
    let mut all = Rows {
        whole,
        value: None,
        rows: Vec::new(),
    };
    for figure in &plan.figures {
        figure.rows(&mut all);
    }
    let (x, y) = (&plan.chart.x, &plan.chart.y);
    let mut columns = vec![
        column("Part", ""),
        column("Name", ""),
        column(&x.label, &x.unit),
        column(&y.label, &y.unit),
    ];
    let mut rows = all.rows;
    match all.value {
        Some(value) => columns.push(value),
        None => rows.iter_mut().for_each(|row| row.truncate(4)),
    }
    filled(columns, rows, false)
}

fn of_moving_bars(report: &Report, bars: &[(&String, &Series)]) -> Table {
    let steps = bars.iter().map(|(_, s)| s.values.len()).max().unwrap_or(0);
    let mut columns = vec![column(clock_name(report), "")];
    columns.extend(bars.iter().map(|(name, s)| column(name, &s.unit)));
    let rows = (0..steps)
        .map(|k| {
            let step = std::iter::once(Cell::Number(k as f64 + 1.0));
            step.chain(bars.iter().map(|(_, s)| cell(s.values.get(k))))
                .collect()
        })
        .collect();
    filled(columns, rows, true)
}

fn of_bars(chart: &Chart, bars: &[(&String, &Series)]) -> Table {
    let unit = bars.first().map_or("", |(_, s)| s.unit.as_str());
    let columns = vec![
        column(&chart.x.label, &chart.x.unit),
        column(&chart.y.label, unit),
    ];
    let rows = bars
        .iter()
        .map(|(name, s)| vec![Cell::Text(name.to_string()), cell(s.values.first())])
        .collect();
    filled(columns, rows, false)
}

fn filled(columns: Vec<Column>, rows: Vec<Vec<Cell>>, by_clock: bool) -> Table {
    Table {
        id: String::new(),
        title: String::new(),
        columns,
        rows,
        note: String::new(),
        by_clock,
    }
}
