//! The same numbers to read: a table of each chart, and comma-separated values.

use crate::case::text::csv_field;
use crate::report::{Cell, Chart, Column, Index, Report, Series, Table, exported};

use super::View;
use super::plan::Plan;
use super::rows::{Rows, cell, column};

/// Every number of a chart, at full precision.
///
/// Lines: one column per series, hidden ones included, after the column it runs over;
/// series over the same numbers share that column, a number without a value has no row, and a flag is a column of words.
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
    let bars = plan.bars().flat_map(|(names, bars)| names.iter().zip(bars));
    let bars: Vec<(&str, &Series)> = bars.map(|(n, s)| (n.as_str(), s)).collect();
    let lines = plan.lines().map(|l| (l.series.name.as_str(), l.series));
    let mut table = if let Some(rows) = plan.stacked() {
        of_rows(&plan, rows)
    } else if plan.plane {
        of_plane(&plan, whole)
    } else if bars.is_empty() {
        of_series(report, &plan, &lines.collect::<Vec<_>>())
    } else if bars.iter().any(|(_, s)| s.values.len() > 1) {
        of_series(report, &plan, &bars)
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

/// A column for each series, after the column that it runs over.
fn of_series(report: &Report, plan: &Plan, series: &[(&str, &Series)]) -> Table {
    // Groups of series over the same numbers, in the order of their first.
    let mut groups: Vec<Vec<(&str, &Series)>> = Vec::new();
    for one in series {
        let same = |g: &&mut Vec<(_, &Series)>| runs_over(g[0].1) == runs_over(one.1);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(*one),
            None => groups.push(vec![*one]),
        }
    }
    let length = |all: &[(&str, &Series)]| all.iter().map(|(_, s)| s.values.len()).max();
    let steps = length(series).unwrap_or(0);
    let mut columns = Vec::new();
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); steps];
    let mut add = |head: Column, cells: &dyn Fn(usize) -> Cell| {
        columns.push(head);
        for (k, row) in rows.iter_mut().enumerate() {
            row.push(cells(k));
        }
    };
    for group in groups {
        let longest = length(&group).unwrap_or(0);
        match &group[0].1.index {
            Index::Clock => {
                let name = report.clock.as_ref().map(|c| c.name.as_str());
                add(column(name.unwrap_or("interval"), ""), &|k| {
                    cell(Some(k as f64 + 1.0).filter(|_| k < longest).as_ref())
                });
            }
            Index::Numbers { name, unit, at } => add(column(name, unit), &|k| cell(at.get(k))),
        }
        for (name, series) in group {
            let head = column(name, &series.unit).of(series.subject.clone());
            add(head, &|k| cell(series.values.get(k)));
        }
    }
    let by_clock = series.iter().all(|(_, s)| runs_over(s).is_none()) && !series.is_empty();
    let flags = plan.figures.iter().filter(|_| by_clock);
    for (flag, cells) in flags.filter_map(|f| f.column(steps)) {
        add(flag, &|k| cells[k].clone());
    }
    // A line is broken at a number without a value: nothing to read there.
    let valued = |k: &usize| {
        let mut all = series.iter().map(|(_, s)| s.values.get(*k));
        all.any(|value| value.is_some_and(|v| v.is_finite()))
    };
    if !by_clock {
        let kept = (0..steps).filter(valued);
        rows = kept.map(|k| std::mem::take(&mut rows[k])).collect();
    }
    filled(columns, rows, by_clock)
}

/// A row for each of a dot plot, with a column for what breaks a limit.
fn of_rows(plan: &Plan, names: &[String]) -> Table {
    let mut columns = vec![column(&plan.chart.y.label, "")];
    let mut rows: Vec<Vec<Cell>> = names.iter().map(|n| vec![Cell::Text(n.clone())]).collect();
    for series in plan.lines().map(|line| line.series) {
        columns.push(column(&series.name, &series.unit).of(series.subject.clone()));
        let each = rows.iter_mut().zip(&series.values);
        each.for_each(|(row, value)| row.push(cell(Some(value))));
    }
    let mut over = plan.figures.iter().map(|f| f.over());
    if let Some(over) = over.find(|over| over.iter().any(|o| !o.is_empty())) {
        columns.push(column("over a limit", ""));
        let words = |words: &String| match words.is_empty() {
            true => Cell::Empty,
            false => Cell::Text(words.clone()),
        };
        let each = rows.iter_mut().zip(over);
        each.for_each(|(row, over)| row.push(words(over)));
    }
    filled(columns, rows, false)
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
    // A file holds the layers that are switched off, too.
    let hidden = plan.hidden.iter().filter(|_| whole);
    for figure in plan.figures.iter().chain(hidden) {
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

fn of_bars(chart: &Chart, bars: &[(&str, &Series)]) -> Table {
    let unit = bars.first().map_or("", |(_, s)| s.unit.as_str());
    let columns = vec![
        column(&chart.x.label, &chart.x.unit),
        column(&chart.y.label, unit),
    ];
    let rows = bars
        .iter()
        .map(|(name, s)| vec![Cell::Text(name.to_string()), cell(s.values.first())])
        .collect();
    filled(columns, rows, false).of(bars.iter().map(|(_, s)| s.subject.clone()))
}

fn filled(columns: Vec<Column>, rows: Vec<Vec<Cell>>, by_clock: bool) -> Table {
    Table {
        id: String::new(),
        title: String::new(),
        columns,
        rows,
        note: String::new(),
        by_clock,
        row_subjects: Vec::new(),
    }
}
