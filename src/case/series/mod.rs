//! A user's own load, PV and prices as a CSV file.
//!
//! One header line, then one line per interval. The columns, in any order:
//!
//! | column | holds |
//! |---|---|
//! | `time` | begin of the interval, `2022-11-14T00:05`, with seconds and `Z` or `+01:00` if wanted |
//! | `load_kw`, `load_mw`, `load_w`, `load_kwh` | load; energies are those of the line's interval |
//! | `pv_kw`, `pv_mw`, `pv_w`, `pv_kwh` | PV |
//! | `price_usd_per_kwh`, `price_usd_per_mwh`, `price_c_per_kwh` | price of the LSE |
//!
//! Commas, semicolons and tabs separate; with semicolons a comma is a decimal point. Times without
//! an offset are at the offset asked for. Values hold until the next line; other interval lengths
//! than that of the file are means or repeats. What is missing is filled straight and said.

mod clock;
mod steps;

use super::Problem;
use clock::{instant, states_offset, written};
use steps::{fill, gaps, resampled, usual_step};

pub use clock::offset;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Length of the intervals wanted, min.
    pub minutes: f64,
    /// Offset of times that state none, min east of UTC.
    pub offset_minutes: i32,
    /// Longest gap that is filled, min.
    pub longest_gap_minutes: f64,
    /// Times that state no offset may be those of a clock that is put forward and back.
    pub local_times: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            minutes: 5.0,
            offset_minutes: 0,
            longest_gap_minutes: 180.0,
            local_times: true,
        }
    }
}

/// The series of a file, each empty where there is no column for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserSeries {
    /// Begin, as in [`super::Communities::start`].
    pub start: String,
    /// Length of the intervals of the file, min.
    pub file_minutes: f64,
    pub load_kw: Vec<f64>,
    pub pv_kw: Vec<f64>,
    pub price_usd_per_kwh: Vec<f64>,
    /// Gaps, by their lines, and how they were filled.
    pub notes: Vec<Problem>,
    /// What the file does not say.
    pub assumed: Vec<String>,
}

/// Findings listed one by one; the rest is counted.
const LISTED: usize = 20;

/// Lines of a file at most.
const MOST_LINES: usize = 1_000_000;

/// What a column holds: target series and factor; energies are divided by the hours of an interval.
const COLUMNS: [(&str, usize, f64, bool); 11] = [
    ("load_kw", 0, 1.0, false),
    ("load_mw", 0, 1e3, false),
    ("load_w", 0, 1e-3, false),
    ("load_kwh", 0, 1.0, true),
    ("pv_kw", 1, 1.0, false),
    ("pv_mw", 1, 1e3, false),
    ("pv_w", 1, 1e-3, false),
    ("pv_kwh", 1, 1.0, true),
    ("price_usd_per_kwh", 2, 1.0, false),
    ("price_usd_per_mwh", 2, 1e-3, false),
    ("price_c_per_kwh", 2, 1e-2, false),
];

const NAMES: [&str; 3] = ["load", "pv", "price"];

#[derive(Clone, Copy)]
struct Column {
    at: usize,
    name: &'static str,
    series: usize,
    factor: f64,
    energy: bool,
}

/// Reads a file.
///
/// # Errors
/// Every line that does not read, with its column and what to do; a gap too long to be filled.
pub fn read(text: &str, reading: &Reading) -> Result<UserSeries, Vec<Problem>> {
    if !(reading.minutes > 0.0 && reading.minutes <= 1440.0) {
        let message = format!(
            "{} min. Give a length above 0, up to 1440 min.",
            reading.minutes
        );
        return Err(vec![Problem::error("minutes", message)]);
    }
    let text = text.trim_start_matches('\u{feff}');
    let (delimiter, skipped) = delimiter(text);
    let text = text.get(skipped.bytes..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let mut lines = Lines::new(&names, delimiter == b';', reading.offset_minutes)?;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                lines.problems.extend(unreadable(&e));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line) + skipped.lines;
        if lines.times.len() >= MOST_LINES {
            let message = format!("More than {MOST_LINES} lines. Shorten the file.");
            return Err(vec![Problem::error(format!("line {line}"), message)]);
        }
        if !record.iter().all(str::is_empty) {
            lines.take(&record, line);
        }
    }
    lines.finish()?.on_grid(reading)
}

/// What is read of the lines so far.
struct Lines {
    /// Where the time is.
    time_at: usize,
    columns: Vec<Column>,
    /// Columns of the header.
    width: usize,
    /// Offset of times that state none, min.
    offset_minutes: i32,
    cells: Numbers,
    /// Times, s, and their lines.
    times: Vec<(i64, u64)>,
    /// Values by column.
    values: Vec<Vec<f64>>,
    /// Lines whose time states no offset.
    without_offset: usize,
    first_offset: Option<i32>,
    problems: Vec<Problem>,
}

impl Lines {
    fn new(
        names: &csv::StringRecord,
        semicolons: bool,
        offset_minutes: i32,
    ) -> Result<Lines, Vec<Problem>> {
        let (time_at, columns) = columns(names)?;
        Ok(Lines {
            time_at,
            width: names.len(),
            offset_minutes,
            cells: Numbers::new(semicolons),
            times: Vec::new(),
            values: vec![Vec::new(); columns.len()],
            columns,
            without_offset: 0,
            first_offset: None,
            problems: Vec::new(),
        })
    }

    fn wrong(&mut self, line: u64, column: &str, message: String) {
        let problem = Problem::error(format!("line {line}, {column}"), message);
        self.problems.push(problem);
    }

    fn take(&mut self, record: &csv::StringRecord, line: u64) {
        if let Some(more) = record.iter().skip(self.width).find(|cell| !cell.is_empty()) {
            let message = format!(
                "The cell `{more}` stands beyond the columns of the header. Remove it, or put cells with a comma in quotes."
            );
            self.wrong(line, "columns", message);
        }
        let time = record.get(self.time_at).unwrap_or_default();
        if !self.take_time(time, line) {
            return;
        }
        for k in 0..self.columns.len() {
            let Column {
                at, name, factor, ..
            } = self.columns[k];
            let cell = record.get(at).unwrap_or_default();
            let value = self.cells.read(cell, line, name);
            self.values[k].push(value.unwrap_or(f64::NAN) * factor);
            if value.is_none() {
                let message = format!(
                    "`{cell}` is no number. Correct it, or leave the cell empty for a gap."
                );
                self.wrong(line, name, message);
            }
        }
    }

    /// Whether it is a time.
    fn take_time(&mut self, time: &str, line: u64) -> bool {
        self.without_offset += usize::from(!states_offset(time));
        let Some((seconds, offset)) = instant(time, self.offset_minutes) else {
            let message = format!(
                "`{time}` is no time. Write it like 2022-11-14T00:05 or 2022-11-14T00:05+01:00."
            );
            self.wrong(line, "time", message);
            return false;
        };
        if let Some(&(before, at)) = self.times.last()
            && seconds <= before
        {
            self.wrong(line, "time", not_later(time, before - seconds, at));
        }
        self.first_offset.get_or_insert(offset);
        self.times.push((seconds, line));
        true
    }

    /// All lines, if there is nothing wrong with them.
    fn finish(mut self) -> Result<Lines, Vec<Problem>> {
        self.problems.extend(self.cells.mixed());
        if newest_first(&self.times) {
            let message = "The newest line comes first. Sort the lines by time, the oldest first.";
            return Err(vec![Problem::error("time", message)]);
        }
        let count = self.times.len();
        if self.problems.is_empty() && count < 2 {
            let message = format!("There are {count} lines of values. Give at least two.");
            self.problems.push(Problem::error("line 2", message));
        }
        match self.problems.is_empty() {
            true => Ok(self),
            false => Err(few(self.problems)),
        }
    }

    /// The series on the grid that is wanted, gaps filled.
    fn on_grid(self, reading: &Reading) -> Result<UserSeries, Vec<Problem>> {
        let times = &self.times;
        let step = usual_step(times);
        let mut out = UserSeries {
            start: written(times[0].0, self.first_offset.unwrap_or(0)),
            file_minutes: step as f64 / 60.0,
            ..UserSeries::default()
        };
        // A clock is put forward and back only where times state no offset.
        let reading = &Reading {
            local_times: reading.local_times && self.without_offset > 0,
            ..*reading
        };
        if reading.local_times {
            out.assumed.push(
                "Times that state no offset are UTC; state one, or the offset of the file, where they are not.".into(),
            );
        }
        out.assumed.extend(self.cells.assumed());
        let minutes = (times[times.len() - 1].0 - times[0].0) as f64 / 60.0;
        if minutes / reading.minutes.min(out.file_minutes) > MOST_LINES as f64 {
            let message = format!(
                "The file spans {} days, too long for its intervals. Shorten it.",
                (minutes / 1440.0).round()
            );
            return Err(vec![Problem::error("file", message)]);
        }
        gaps(times, step, reading, &mut out.notes)?;
        for (column, mut list) in self.columns.iter().zip(self.values) {
            if column.energy {
                let hours = step as f64 / 3600.0;
                list.iter_mut().for_each(|v| *v /= hours);
            }
            let held = fill(column.name, times, &mut list, step, reading, &mut out.notes)
                .map_err(|problem| vec![problem])?;
            let series = resampled(&held, step, reading.minutes);
            match column.series {
                0 => out.load_kw = series,
                1 => out.pv_kw = series,
                _ => out.price_usd_per_kwh = series,
            }
        }
        if [&out.load_kw, &out.pv_kw, &out.price_usd_per_kwh]
            .iter()
            .all(|s| s.is_empty())
        {
            let message = format!(
                "The file is shorter than one interval of {} min. Give more lines.",
                reading.minutes
            );
            return Err(vec![Problem::error("file", message)]);
        }
        out.notes = few(std::mem::take(&mut out.notes));
        Ok(out)
    }
}

/// What is wrong with a time that is `back` seconds before that of line `at`.
fn not_later(time: &str, back: i64, at: u64) -> String {
    match back {
        0 => format!(
            "The time `{time}` is that of line {at} again. Remove one, or state offsets such as +01:00 where clocks change."
        ),
        back if back <= 3600 => format!(
            "The time `{time}` goes back {} min after line {at}. Where clocks change, state the offset in every time, such as +01:00.",
            back / 60
        ),
        _ => {
            format!("The time `{time}` is before that of line {at}. Sort the lines by time.")
        }
    }
}

fn unreadable(error: &csv::Error) -> Vec<Problem> {
    let line = error.position().map_or(1, csv::Position::line);
    let message = format!("This is no CSV: {error}. Check its quotes and its encoding (UTF-8).");
    vec![Problem::error(format!("line {line}"), message)]
}

/// The first findings, and how many more there are.
fn few(mut problems: Vec<Problem>) -> Vec<Problem> {
    let more = problems.len().saturating_sub(LISTED);
    if more > 0 {
        problems.truncate(LISTED);
        if let Some(last) = problems.last().cloned() {
            let text = format!("{more} more of the kind.");
            problems.push(Problem {
                field: "file".into(),
                message: text,
                ..last
            });
        }
    }
    problems
}

/// Lines and bytes before the header.
#[derive(Clone, Copy, Default)]
struct Skipped {
    lines: u64,
    bytes: usize,
}

/// What separates the cells: as a first line `sep=;` says, which spreadsheets write, or as the header
/// shows.
fn delimiter(text: &str) -> (u8, Skipped) {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if let Some(&[mark]) = first.trim().strip_prefix("sep=").map(str::as_bytes) {
        let skipped = Skipped {
            lines: 1,
            bytes: first.len(),
        };
        return (mark, skipped);
    }
    let header = text.lines().find(|line| !line.trim().is_empty());
    let mark = [b';', b'\t', b',']
        .into_iter()
        .find(|mark| header.is_some_and(|header| header.as_bytes().contains(mark)));
    (mark.unwrap_or(b','), Skipped::default())
}

/// Whether every line is before the one above it.
fn newest_first(times: &[(i64, u64)]) -> bool {
    times.len() >= 3 && times.windows(2).all(|pair| pair[1].0 < pair[0].0)
}

/// Numbers with decimal points or, between semicolons, decimal commas: one of them in a file.
struct Numbers {
    semicolons: bool,
    /// First cell with a comma, and first with a point, with their lines.
    comma: Option<String>,
    point: Option<(u64, &'static str, String)>,
}

impl Numbers {
    fn new(semicolons: bool) -> Numbers {
        Numbers {
            semicolons,
            comma: None,
            point: None,
        }
    }

    /// A number; NaN for an empty cell, `None` for what is none.
    fn read(&mut self, cell: &str, line: u64, column: &'static str) -> Option<f64> {
        let lower = cell.to_ascii_lowercase();
        if ["", "nan", "na", "null", "-"].contains(&lower.as_str()) {
            return Some(f64::NAN);
        }
        if self.semicolons && cell.contains(',') {
            self.comma.get_or_insert_with(|| cell.to_string());
        } else if cell.contains('.') && self.point.is_none() {
            self.point = Some((line, column, cell.to_string()));
        }
        let text = match self.semicolons {
            true => cell.replace(',', "."),
            false => cell.to_string(),
        };
        let value: f64 = text.parse().ok()?;
        (value.is_finite() && value.abs() <= 1e12).then_some(value)
    }

    /// A point among decimal commas parts thousands, or is a mistake.
    fn mixed(&self) -> Option<Problem> {
        let (Some(comma), Some((line, column, point))) = (&self.comma, &self.point) else {
            return None;
        };
        let message = format!(
            "`{point}` has a point, but `{comma}` a decimal comma. Write thousands without a separator, and one decimal sign throughout."
        );
        Some(Problem::error(format!("line {line}, {column}"), message))
    }

    fn assumed(&self) -> Option<String> {
        let (_, _, point) = self.point.as_ref().filter(|_| self.semicolons)?;
        Some(format!(
            "Points are decimal points, although semicolons part the cells: {point} is not in thousands."
        ))
    }
}

/// Where the time is, and the known columns.
fn columns(names: &csv::StringRecord) -> Result<(usize, Vec<Column>), Vec<Problem>> {
    let known = || {
        let list: Vec<&str> = COLUMNS.iter().map(|c| c.0).collect();
        format!("Known are time, {}.", list.join(", "))
    };
    let wrong =
        |name: &str, message: String| vec![Problem::error(format!("line 1, {name}"), message)];
    let mut time = None;
    let mut list: Vec<Column> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let name = name.to_ascii_lowercase();
        // A separator at the end of every line makes a column without a name.
        if name.is_empty() && at + 1 == names.len() {
            continue;
        }
        if ["time", "timestamp", "datetime"].contains(&name.as_str()) {
            time = Some(at);
            continue;
        }
        let Some(&(name, series, factor, energy)) = COLUMNS.iter().find(|c| c.0 == name) else {
            return Err(wrong(
                &name,
                format!("There is no column `{name}`. {}", known()),
            ));
        };
        if let Some(other) = list.iter().find(|c| c.series == series) {
            let message = format!(
                "There is `{}` already. Leave one column of {}.",
                other.name, NAMES[series]
            );
            return Err(wrong(name, message));
        }
        list.push(Column {
            at,
            name,
            series,
            factor,
            energy,
        });
    }
    match time {
        None => Err(wrong(
            "time",
            format!("There is no column `time`. {}", known()),
        )),
        Some(_) if list.is_empty() => Err(wrong(
            "load_kw",
            format!("There are no values beside the time. {}", known()),
        )),
        Some(time) => Ok((time, list)),
    }
}
