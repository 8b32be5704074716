//! CSV files as tables with named columns, and errors that carry file and line.

use super::super::Problem;
use csv::{ReaderBuilder, StringRecord, Trim};
use std::collections::BTreeMap;

/// The files without which there is no case.
const REQUIRED: [&str; 11] = [
    "TransmissionNodes",
    "DistributionNodes",
    "Edges",
    "NetInjections",
    "Bids",
    "ExclusiveQtBids",
    "RampConstraints",
    "MinDurationPairs",
    "HalfPlanes",
    "QPDisc",
    "GeneralParam",
];

/// The files of a folder by their name without folder and ending.
pub(super) struct Files<'a> {
    by_name: BTreeMap<String, (&'a str, &'a str)>,
    used: Vec<String>,
}

impl<'a> Files<'a> {
    pub fn new(files: &'a [(String, String)]) -> Result<Self, Vec<Problem>> {
        let mut by_name = BTreeMap::new();
        for (path, text) in files {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let stem = stem.to_ascii_lowercase();
            if let Some((other, _)) = by_name.insert(stem, (path.as_str(), text.as_str())) {
                let message = format!(
                    "The file is there twice, as {other} and as {path}. Choose the folder of one case."
                );
                return Err(vec![Problem::error(name, message)]);
            }
        }
        let missing: Vec<String> = REQUIRED
            .iter()
            .filter(|name| !by_name.contains_key(&name.to_ascii_lowercase()))
            .map(|name| format!("{name}.csv"))
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "There is no {}. Add what is missing; a file of which there is nothing to say has its head line only.",
                missing.join(", ")
            );
            return Err(vec![Problem::error("folder", message)]);
        }
        Ok(Self {
            by_name,
            used: Vec::new(),
        })
    }

    /// A file that must be there.
    pub fn required(&mut self, name: &str) -> Result<Table, Vec<Problem>> {
        let table = self.optional(name)?;
        table.ok_or_else(|| vec![Problem::error("folder", format!("There is no {name}.csv."))])
    }

    /// A file that may be there.
    pub fn optional(&mut self, name: &str) -> Result<Option<Table>, Vec<Problem>> {
        let key = name.to_ascii_lowercase();
        let Some((_, text)) = self.by_name.get(&key) else {
            return Ok(None);
        };
        let table = Table::read(&format!("{name}.csv"), text);
        self.used.push(key);
        table.map(Some)
    }

    /// Files that nobody asked for.
    pub fn unread(&self) -> Vec<&'a str> {
        let unread = self.by_name.iter().filter(|(k, _)| !self.used.contains(k));
        unread.map(|(_, (path, _))| *path).collect()
    }
}

/// One file.
pub(super) struct Table {
    pub file: String,
    head: StringRecord,
    rows: Vec<(usize, StringRecord)>,
}

/// A column of a table.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    name: &'a str,
    at: usize,
}

impl Table {
    fn read(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let text = text.trim_start_matches('\u{feff}');
        // The reader counts line feeds; some published files end their lines otherwise.
        let counts = text.contains('\n');
        let mut reader = ReaderBuilder::new()
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let fail = |error: csv::Error| {
            let line = error
                .position()
                .map_or(String::new(), |p| format!(", line {}", p.line()));
            let what = match error.kind() {
                csv::ErrorKind::UnequalLengths {
                    expected_len, len, ..
                } => {
                    format!("The row has {len} cells; the head line has {expected_len}.")
                }
                _ => "The row cannot be read as CSV.".to_string(),
            };
            vec![Problem::error(
                format!("{file}{line}"),
                format!("{what} Correct the row: cells are separated by commas."),
            )]
        };
        let head = reader.headers().map_err(fail)?.clone();
        let mut rows = Vec::new();
        for (i, record) in reader.records().enumerate() {
            let record = record.map_err(fail)?;
            let line = record.position().filter(|_| counts);
            rows.push((line.map_or(i + 2, |p| p.line() as usize), record));
        }
        Ok(Self {
            file: file.to_string(),
            head,
            rows,
        })
    }

    /// The columns of these names, which must be there.
    pub fn columns<'n, const N: usize>(
        &self,
        names: [&'n str; N],
    ) -> Result<[Column<'n>; N], Vec<Problem>> {
        let missing: Vec<&str> = names
            .into_iter()
            .filter(|name| self.column(name).is_none())
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "There is no column {}. The head line names {}; correct it.",
                missing.join(", "),
                self.head.iter().collect::<Vec<_>>().join(", ")
            );
            return Err(vec![Problem::error(
                format!("{}, line 1", self.file),
                message,
            )]);
        }
        Ok(names.map(|name| self.column(name).unwrap_or(Column { name, at: 0 })))
    }

    /// A column that may be there.
    pub fn column<'n>(&self, name: &'n str) -> Option<Column<'n>> {
        let at = self.head.iter().position(|head| head == name)?;
        Some(Column { name, at })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row {
            table: self,
            line: *line,
            cells,
        })
    }

    pub fn missing_row(&self) -> Vec<Problem> {
        let message = "There is only the head line. Add the row below it.";
        vec![Problem::error(self.file.clone(), message)]
    }
}

/// One row of a table.
pub(super) struct Row<'a> {
    table: &'a Table,
    line: usize,
    cells: &'a StringRecord,
}

impl<'a> Row<'a> {
    pub fn error(&self, message: impl Into<String>) -> Vec<Problem> {
        let place = format!("{}, line {}", self.table.file, self.line);
        vec![Problem::error(place, message)]
    }

    pub fn text(&self, column: Column) -> Result<&'a str, Vec<Problem>> {
        match self.cells.get(column.at) {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(self.error(format!("{} is empty. Fill it in.", column.name))),
        }
    }

    pub fn number(&self, column: Column) -> Result<f64, Vec<Problem>> {
        self.shifted(column, 0)
    }

    /// The number times ten to the `places`, rounded once.
    pub fn shifted(&self, column: Column, places: i32) -> Result<f64, Vec<Problem>> {
        let text = self.text(column)?;
        let value = shift(text, places).filter(|value| value.is_finite());
        value.ok_or_else(|| {
            self.error(format!(
                "{} is \"{}\". Give a number.",
                column.name,
                text.escape_debug()
            ))
        })
    }

    pub fn whole(&self, column: Column) -> Result<i64, Vec<Problem>> {
        let value = self.number(column)?;
        if value.fract() == 0.0 && value.abs() < 9e15 {
            Ok(value as i64)
        } else {
            Err(self.error(format!("{} is {value}. Give a whole number.", column.name)))
        }
    }

    /// Whether an optional column says 1.
    pub fn flag(&self, column: Option<Column>) -> Result<bool, Vec<Problem>> {
        match column {
            Some(column) => Ok(self.number(column)? == 1.0),
            None => Ok(false),
        }
    }
}

/// A decimal number as written, times ten to the `places`.
pub(super) fn shift(text: &str, places: i32) -> Option<f64> {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    format!("{digits}e{}", exponent.checked_add(places)?)
        .parse()
        .ok()
}

/// What was left out or changed, said once each with how often; `{}` in a sentence stands for the count.
#[derive(Default)]
pub(super) struct Notes {
    changed: Vec<(String, usize)>,
    left_out: Vec<(String, usize)>,
}

impl Notes {
    pub fn changed(&mut self, sentence: &str) {
        count(&mut self.changed, sentence);
    }

    pub fn left_out(&mut self, sentence: &str) {
        count(&mut self.left_out, sentence);
    }

    /// What was changed and what was left out.
    pub fn sentences(&self) -> [Vec<String>; 2] {
        [&self.changed, &self.left_out].map(|list| {
            list.iter()
                .map(|(sentence, count)| sentence.replace("{}", &count.to_string()))
                .collect()
        })
    }
}

fn count(list: &mut Vec<(String, usize)>, sentence: &str) {
    match list.iter_mut().find(|(known, _)| known == sentence) {
        Some((_, count)) => *count += 1,
        None => list.push((sentence.to_string(), 1)),
    }
}
