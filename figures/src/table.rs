//! A table for LaTeX, ruled by booktabs, as comma-separated values and as JSON.

use serde::{Deserialize, Serialize};

use crate::tex::{comment, escaped};

/// A table as reports write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    pub title: String,
    pub note: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Where it is from, and where it can be opened.
    pub source: String,
    pub link: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    pub name: String,
    pub unit: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Number(f64),
    Text(String),
    Empty(()),
}

/// Decimals that a number is given with at most.
const MOST_DECIMALS: usize = 4;

impl Table {
    /// A `table` environment; numbers of a column have as many decimals as the one that needs most, four at most.
    pub fn latex(&self) -> String {
        let numeric: Vec<bool> = (0..self.columns.len()).map(|k| self.numbers(k)).collect();
        let decimals: Vec<usize> = (0..self.columns.len()).map(|k| self.decimals(k)).collect();
        let letter = |number: &bool| if *number { 'r' } else { 'l' };
        let spec: String = numeric.iter().map(letter).collect();
        let mut out = String::new();
        for line in [&self.source, &self.link] {
            if !line.is_empty() {
                out.push_str(&format!("% {}\n", comment(line)));
            }
        }
        out.push_str("% Needs \\usepackage{booktabs}\n\\begin{table}\n\\centering\n");
        out.push_str(&format!("\\caption{{{}}}\n", escaped(&self.title)));
        out.push_str(&format!("\\begin{{tabular}}{{{spec}}}\n\\toprule\n"));
        let head = |of: &dyn Fn(&Column) -> &str| -> String {
            let cells = self.columns.iter().zip(&numeric).map(|(column, number)| {
                let text = escaped(of(column));
                match number {
                    true if !text.is_empty() => format!("\\multicolumn{{1}}{{r}}{{{text}}}"),
                    _ => text,
                }
            });
            cells.collect::<Vec<_>>().join(" & ") + " \\\\\n"
        };
        out.push_str(&head(&|column| &column.name));
        if self.columns.iter().any(|column| !column.unit.is_empty()) {
            out.push_str(&head(&|column| &column.unit));
        }
        out.push_str("\\midrule\n");
        for row in &self.rows {
            let cells = row.iter().zip(&decimals).map(|(cell, d)| written(cell, *d));
            out.push_str(&cells.collect::<Vec<_>>().join(" & "));
            out.push_str(" \\\\\n");
        }
        out.push_str("\\bottomrule\n\\end{tabular}\n");
        if !self.note.is_empty() {
            out.push_str(&format!(
                "\n\\smallskip\\footnotesize {}\n",
                escaped(&self.note)
            ));
        }
        out.push_str("\\end{table}\n");
        out
    }

    /// Comma-separated values (RFC 4180): a head `name (unit)`, twelve significant digits, nothing where a value is
    /// missing, text that a spreadsheet would compute with an apostrophe in front.
    pub fn csv(&self) -> String {
        let heads = self
            .columns
            .iter()
            .map(|column| match column.unit.as_str() {
                "" => quoted(&column.name),
                unit => quoted(&format!("{} ({unit})", column.name)),
            });
        let mut out = heads.collect::<Vec<_>>().join(",") + "\r\n";
        for row in &self.rows {
            let cells = row.iter().map(|cell| match cell {
                Cell::Number(value) => exact(*value).to_string(),
                Cell::Text(text) => quoted(text),
                Cell::Empty(()) => String::new(),
            });
            out.push_str(&cells.collect::<Vec<_>>().join(","));
            out.push_str("\r\n");
        }
        out
    }

    /// The same with title, note and source, as indented JSON.
    pub fn json(&self) -> String {
        // A table always has a form in JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &Cell> {
        self.rows.iter().filter_map(move |row| row.get(column))
    }

    fn numbers(&self, column: usize) -> bool {
        self.cells(column)
            .any(|cell| matches!(cell, Cell::Number(_)))
    }

    fn decimals(&self, column: usize) -> usize {
        let number = |cell: &Cell| match cell {
            Cell::Number(value) => Some(*value),
            _ => None,
        };
        let values: Vec<f64> = self.cells(column).filter_map(number).collect();
        let enough = |decimals: &usize| {
            let scale = 10f64.powi(*decimals as i32);
            let off = |v: &f64| (v * scale).round() / scale - v;
            values
                .iter()
                .all(|v| off(v).abs() <= 1e-9 * v.abs().max(1.0))
        };
        (0..MOST_DECIMALS).find(enough).unwrap_or(MOST_DECIMALS)
    }
}

fn written(cell: &Cell, decimals: usize) -> String {
    match cell {
        Cell::Number(value) => {
            let text = format!("{value:.decimals$}");
            // What rounds to zero has no sign.
            match text.strip_prefix('-') {
                Some(size) if size.contains(|c: char| ('1'..='9').contains(&c)) => {
                    format!("$-{size}$")
                }
                Some(size) => size.to_string(),
                None => text,
            }
        }
        Cell::Text(text) => escaped(text),
        Cell::Empty(()) => String::new(),
    }
}

/// Twelve significant digits.
pub fn exact(value: f64) -> f64 {
    // `+ 0.0` turns a negative zero into zero.
    format!("{value:.11e}").parse().unwrap_or(value) + 0.0
}

fn quoted(text: &str) -> String {
    let computed = text
        .trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = match computed && text.trim().parse::<f64>().is_err() && text.trim().len() > 1 {
        true => format!("'{text}"),
        false => text.to_string(),
    };
    match text.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
