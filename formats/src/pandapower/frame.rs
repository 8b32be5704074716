//! Tables of a pandapower file: data frames of pandas as JSON, by column, row and index.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// A table; one that is not there is empty.
#[derive(Default)]
pub(super) struct Frame {
    name: String,
    columns: HashMap<String, usize>,
    index: Vec<i64>,
    data: Vec<Vec<Value>>,
}

/// One row with its index.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    frame: &'a Frame,
    /// The number by which other tables name it.
    pub index: i64,
    cells: &'a [Value],
}

impl Frame {
    /// The table of this name.
    ///
    /// # Errors
    /// A table in no form that pandas writes.
    pub fn read(net: &Map<String, Value>, name: &str) -> Result<Frame, String> {
        let wrong = || format!("The table `{name}` is not written as pandas writes one.");
        let inner = match net.get(name).and_then(|frame| frame.get("_object")) {
            None => return Ok(Frame::default()),
            Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| wrong())?,
            Some(value) => value.clone(),
        };
        let list = |key: &str| inner.get(key).and_then(Value::as_array).ok_or_else(wrong);
        let columns = list("columns")?
            .iter()
            .enumerate()
            .map(|(k, column)| (column.as_str().unwrap_or_default().to_string(), k))
            .collect();
        let index: Option<Vec<i64>> = list("index")?.iter().map(whole).collect();
        let data: Option<Vec<Vec<Value>>> = list("data")?
            .iter()
            .map(|row| row.as_array().cloned())
            .collect();
        let (index, data) = (index.ok_or_else(wrong)?, data.ok_or_else(wrong)?);
        if index.len() != data.len() {
            return Err(wrong());
        }
        Ok(Frame {
            name: name.to_string(),
            columns,
            index,
            data,
        })
    }

    pub fn len(&self) -> usize {
        self.data.len()
    }

    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.index.iter().zip(&self.data).map(|(index, cells)| Row {
            frame: self,
            index: *index,
            cells,
        })
    }
}

fn whole(value: &Value) -> Option<i64> {
    let number = value.as_f64()?;
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<&Value> {
        let cell = self.cells.get(*self.frame.columns.get(column)?)?;
        (!cell.is_null()).then_some(cell)
    }

    /// A number; none where the cell is empty or NaN.
    pub fn number(&self, column: &str) -> Option<f64> {
        self.cell(column)?.as_f64()
    }

    pub fn number_or(&self, column: &str, default: f64) -> f64 {
        self.number(column).unwrap_or(default)
    }

    /// A number that the row cannot do without.
    ///
    /// # Errors
    /// Where it is missing.
    pub fn needed(&self, column: &str) -> Result<f64, String> {
        self.number(column).ok_or_else(|| {
            format!(
                "Row {} of the table `{}` has no number in `{column}`.",
                self.index, self.frame.name
            )
        })
    }

    pub fn flag(&self, column: &str, default: bool) -> bool {
        match self.cell(column) {
            Some(Value::Bool(flag)) => *flag,
            Some(value) => value.as_f64().map_or(default, |number| number != 0.0),
            None => default,
        }
    }

    pub fn word(&self, column: &str) -> &str {
        self.cell(column).and_then(Value::as_str).unwrap_or("")
    }

    /// The number of an element of another table.
    ///
    /// # Errors
    /// Where it is missing or no whole number.
    pub fn element(&self, column: &str) -> Result<i64, String> {
        self.cell(column).and_then(whole).ok_or_else(|| {
            format!(
                "Row {} of the table `{}` names nothing in `{column}`.",
                self.index, self.frame.name
            )
        })
    }

    pub fn list(&self, column: &str) -> Option<&Vec<Value>> {
        self.cell(column)?.as_array()
    }

    pub fn in_service(&self) -> bool {
        self.flag("in_service", true)
    }
}
