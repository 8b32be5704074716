//! The parts of a table, in short.

use super::{Cell, Column, Subject, Table};

/// A column of numbers or words that is of nothing in the case.
pub fn column(name: impl Into<String>, unit: &str) -> Column {
    Column {
        name: name.into(),
        unit: unit.into(),
        subject: None,
    }
}

impl Column {
    /// With what it is of.
    pub fn of(self, subject: Option<Subject>) -> Column {
        Column { subject, ..self }
    }
}

impl Table {
    /// With what its rows are of, in order.
    pub fn of(self, subjects: impl IntoIterator<Item = Option<Subject>>) -> Table {
        let row_subjects = subjects.into_iter().take(self.rows.len()).collect();
        Table {
            row_subjects,
            ..self
        }
    }
}

/// Columns from their names and units.
pub fn columns(list: &[(&str, &str)]) -> Vec<Column> {
    list.iter()
        .map(|(name, unit)| column(*name, unit))
        .collect()
}

/// A cell of words.
pub fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

/// A number without the sign of a zero; an empty cell where there is none.
pub fn number(value: f64) -> Cell {
    if value.is_finite() {
        Cell::Number(value + 0.0)
    } else {
        Cell::Empty
    }
}

/// What a series has at the step shown.
pub fn at(series: String) -> Cell {
    Cell::At { series }
}

/// A table whose rows are not the steps of the clock.
pub fn table(
    id: &str,
    title: &str,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    note: &str,
) -> Table {
    Table {
        id: id.into(),
        title: title.into(),
        columns,
        rows,
        note: note.into(),
        by_clock: false,
        row_subjects: Vec::new(),
    }
}

/// A column, its unit, and what it holds for each thing a table lists.
pub type Filled<'a, T = usize> = (&'a str, &'a str, &'a dyn Fn(T) -> Cell);

/// A table of these things, a row each, column by column.
pub fn filled<T: Copy>(
    id: &str,
    title: &str,
    rows: impl IntoIterator<Item = T>,
    columns: &[Filled<T>],
    note: &str,
) -> Table {
    let row = |of: T| columns.iter().map(|(_, _, cell)| cell(of)).collect();
    let heads = columns.iter().map(|(name, unit, _)| column(*name, unit));
    let rows = rows.into_iter().map(row).collect();
    table(id, title, heads.collect(), rows, note)
}
