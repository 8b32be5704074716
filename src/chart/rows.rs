//! Cells, columns and rows of the table beside a chart.

use crate::report::{Cell, Column};

use super::rect::Point;

/// `label, unit`.
pub fn titled(label: &str, unit: &str) -> String {
    match (label.is_empty(), unit.is_empty()) {
        (_, true) => label.to_string(),
        (true, false) => unit.to_string(),
        (false, false) => format!("{label}, {unit}"),
    }
}

pub fn column(name: &str, unit: &str) -> Column {
    let (name, unit) = (name.to_string(), unit.to_string());
    Column {
        name,
        unit,
        subject: None,
    }
}

pub fn cell(value: Option<&f64>) -> Cell {
    match value {
        Some(value) if value.is_finite() => Cell::Number(*value),
        _ => Cell::Empty,
    }
}

/// The table of a plane while its marks fill it.
pub struct Rows {
    /// Everything, as for a file.
    pub whole: bool,
    /// The column of the value over the plane, where there is one.
    pub value: Option<Column>,
    pub rows: Vec<Vec<Cell>>,
}

impl Rows {
    pub fn add(&mut self, part: &str, name: &str, at: Point, value: Option<f64>) {
        self.rows.push(vec![
            Cell::Text(part.to_string()),
            Cell::Text(name.to_string()),
            cell(Some(&at.0)),
            cell(Some(&at.1)),
            cell(value.as_ref()),
        ]);
    }
}
