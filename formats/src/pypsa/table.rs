//! Tables of a PyPSA folder: components by name, and their values by snapshot.

use std::collections::{BTreeMap, HashMap};

/// The files of a folder by their names in small letters, without the folder.
pub(super) struct Folder<'a>(BTreeMap<String, &'a [u8]>);

/// A table of components; a column at its default is not written.
#[derive(Default)]
pub(super) struct Table {
    file: String,
    columns: HashMap<String, usize>,
    rows: Vec<csv::StringRecord>,
    /// Values of the first snapshot, by attribute and component.
    series: HashMap<(String, String), f64>,
}

#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    cells: &'a csv::StringRecord,
}

/// What a series may give for a component.
const SERIES: [&str; 8] = [
    "p_set",
    "q_set",
    "p_max_pu",
    "p_min_pu",
    "marginal_cost",
    "marginal_cost_quadratic",
    "s_max_pu",
    "efficiency",
];

impl<'a> Folder<'a> {
    pub fn new(files: &'a [(String, Vec<u8>)]) -> Folder<'a> {
        let last = |path: &str| {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            name.to_ascii_lowercase()
        };
        Folder(
            files
                .iter()
                .map(|(path, bytes)| (last(path), bytes.as_slice()))
                .collect(),
        )
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether it is a PyPSA folder: buses beside the network or its snapshots.
    pub fn is_network(&self) -> bool {
        self.has("buses.csv") && (self.has("network.csv") || self.has("snapshots.csv"))
    }

    fn records(&self, file: &str) -> Result<Vec<csv::StringRecord>, String> {
        let Some(bytes) = self.0.get(file) else {
            return Ok(Vec::new());
        };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes)
            .records()
            .collect::<Result<_, _>>()
            .map_err(|why| format!("{file}: {why}."))
    }

    /// Components of a kind; one whose file is not there is empty.
    ///
    /// # Errors
    /// A file that is no table.
    pub fn table(&self, kind: &str) -> Result<Table, String> {
        let file = format!("{kind}.csv");
        let mut records = self.records(&file)?.into_iter();
        let Some(header) = records.next() else {
            return Ok(Table::default());
        };
        let columns = header
            .iter()
            .enumerate()
            .map(|(k, name)| match (k, name.trim()) {
                // An index without a name is that of the components.
                (0, "") => ("name".to_string(), 0),
                (_, name) => (name.to_string(), k),
            })
            .collect();
        let mut series = HashMap::new();
        for attribute in SERIES {
            let mut values = self
                .records(&format!("{kind}-{attribute}.csv"))?
                .into_iter();
            if let (Some(names), Some(first)) = (values.next(), values.next()) {
                for (name, cell) in names.iter().zip(first.iter()).skip(1) {
                    if let Ok(value) = cell.trim().parse::<f64>() {
                        series.insert((attribute.to_string(), name.to_string()), value);
                    }
                }
            }
        }
        Ok(Table {
            file,
            columns,
            rows: records.collect(),
            series,
        })
    }
}

impl Table {
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<'a> Row<'a> {
    pub fn word(self, column: &str) -> &'a str {
        let at = self.table.columns.get(column);
        at.and_then(|k| self.cells.get(*k)).unwrap_or("").trim()
    }

    pub fn name(self) -> &'a str {
        self.word("name")
    }

    /// The value of the first snapshot, or that of the table.
    ///
    /// # Errors
    /// A cell that holds no number.
    pub fn number(self, column: &str) -> Result<Option<f64>, String> {
        if let Some(value) = self.of_series(column) {
            return Ok(Some(value));
        }
        let word = self.word(column);
        match word.parse::<f64>() {
            _ if word.is_empty() => Ok(None),
            Ok(value) => Ok(Some(value).filter(|v| !v.is_nan())),
            Err(_) => Err(format!(
                "{}: \"{word}\" of {} in the column {column} is no number.",
                self.table.file,
                self.name()
            )),
        }
    }

    pub fn of_series(self, column: &str) -> Option<f64> {
        let key = (column.to_string(), self.name().to_string());
        self.table.series.get(&key).copied()
    }

    pub fn number_or(self, column: &str, default: f64) -> Result<f64, String> {
        Ok(self.number(column)?.unwrap_or(default))
    }

    pub fn flag(self, column: &str, default: bool) -> bool {
        match self.word(column).to_ascii_lowercase().as_str() {
            "" => default,
            word => word == "true" || word == "1" || word == "1.0",
        }
    }

    pub fn active(self) -> bool {
        self.flag("active", true)
    }
}
