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

use super::Problem;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Length of the intervals wanted, min.
    pub minutes: f64,
    /// Offset of times that state none, min east of UTC.
    pub offset_minutes: i32,
    /// Longest gap that is filled, min.
    pub longest_gap_minutes: f64,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            minutes: 5.0,
            offset_minutes: 0,
            longest_gap_minutes: 180.0,
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
    /// Gaps and their lines, what was cut.
    pub notes: Vec<Problem>,
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
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t', b',']
        .into_iter()
        .find(|d| header.as_bytes().contains(d))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let (time_at, columns) = columns(&names)?;
    let mut problems = Vec::new();
    let mut times: Vec<(i64, u64)> = Vec::new();
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); columns.len()];
    let mut first_offset = None;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                problems.extend(unreadable(&e));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if times.len() >= MOST_LINES {
            let message = format!("More than {MOST_LINES} lines. Shorten the file.");
            return Err(vec![Problem::error(format!("line {line}"), message)]);
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        let mut wrong = |column: &str, message: String| {
            problems.push(Problem::error(format!("line {line}, {column}"), message));
        };
        let time = record.get(time_at).unwrap_or_default();
        match instant(time, reading.offset_minutes) {
            Some((seconds, offset)) => {
                if let Some(&(before, at)) = times.last()
                    && seconds <= before
                {
                    wrong(
                        "time",
                        match before - seconds {
                            0 => format!(
                                "The time `{time}` is that of line {at} again. Remove one, or state offsets such as +01:00 where clocks change."
                            ),
                            back if back <= 3600 => format!(
                                "The time `{time}` goes back {} min after line {at}. Where clocks change, state the offset in every time, such as +01:00.",
                                back / 60
                            ),
                            _ => format!(
                                "The time `{time}` is before that of line {at}. Sort the lines by time."
                            ),
                        },
                    );
                }
                first_offset.get_or_insert(offset);
                times.push((seconds, line));
            }
            None => {
                wrong(
                    "time",
                    format!(
                        "`{time}` is no time. Write it like 2022-11-14T00:05 or 2022-11-14T00:05+01:00."
                    ),
                );
                continue;
            }
        }
        for (column, list) in columns.iter().zip(&mut values) {
            let cell = record.get(column.at).unwrap_or_default();
            match number(cell, delimiter == b';') {
                Ok(value) => list.push(value * column.factor),
                Err(()) => {
                    list.push(f64::NAN);
                    wrong(
                        column.name,
                        format!(
                            "`{cell}` is no number. Correct it, or leave the cell empty for a gap."
                        ),
                    );
                }
            }
        }
    }
    if problems.is_empty() && times.len() < 2 {
        problems.push(Problem::error(
            "line 2",
            format!(
                "There are {} lines of values. Give at least two.",
                times.len()
            ),
        ));
    }
    if !problems.is_empty() {
        return Err(few(problems));
    }
    let step = usual_step(&times);
    let mut out = UserSeries {
        start: written(times[0].0, first_offset.unwrap_or(0)),
        file_minutes: step as f64 / 60.0,
        ..UserSeries::default()
    };
    let minutes = (times[times.len() - 1].0 - times[0].0) as f64 / 60.0;
    if minutes / reading.minutes.min(out.file_minutes) > MOST_LINES as f64 {
        let message = format!(
            "The file spans {} days, too long for its intervals. Shorten it.",
            (minutes / 1440.0).round()
        );
        return Err(vec![Problem::error("file", message)]);
    }
    gaps(&times, step, reading, &mut out.notes)?;
    for (column, mut list) in columns.iter().zip(values) {
        if column.energy {
            let hours = step as f64 / 3600.0;
            list.iter_mut().for_each(|v| *v /= hours);
        }
        let held = fill(
            column.name,
            &times,
            &mut list,
            step,
            reading,
            &mut out.notes,
        )
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

/// A number; NaN for an empty cell.
fn number(cell: &str, decimal_comma: bool) -> Result<f64, ()> {
    if cell.is_empty() || ["nan", "na", "null", "-"].contains(&cell.to_ascii_lowercase().as_str()) {
        return Ok(f64::NAN);
    }
    let text = if decimal_comma {
        cell.replace(',', ".")
    } else {
        cell.to_string()
    };
    let value: f64 = text.parse().map_err(|_| ())?;
    if value.is_finite() && value.abs() <= 1e12 {
        Ok(value)
    } else {
        Err(())
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; `None` where there is no such date.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1900..=2200).contains(&year) {
        return None;
    }
    // Years from March on, so that the leap day is the last.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    Some(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468)
}

/// Seconds since 1970 in UTC and the offset in minutes of `2022-11-14T00:05[:00][Z|±hh:mm]`.
fn instant(text: &str, offset_minutes: i32) -> Option<(i64, i32)> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', ' ', 't'])?;
    let digits = |part: &str, most: i64| -> Option<i64> {
        let fine = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|v| fine && *v <= most)
    };
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let day = days(year.parse().ok()?, digits(month, 12)?, digits(day, 31)?)?;
    let (clock, offset) = match clock.find(['Z', 'z', '+', '-']) {
        None => (clock, offset_minutes),
        Some(at) => (&clock[..at], self::offset(&clock[at..])?),
    };
    let mut parts = clock.trim().split(':');
    let hour = digits(parts.next()?, 24)?;
    let minute = digits(parts.next()?, 59)?;
    let second = match parts.next() {
        None => 0,
        Some(second) => digits(second.split('.').next()?, 59)?,
    };
    if parts.next().is_some() {
        return None;
    }
    let local = day * 86_400 + hour * 3_600 + minute * 60 + second;
    Some((local - i64::from(offset) * 60, offset))
}

/// Minutes east of UTC of `Z`, `+01:00`, `-0800` or `+1`.
pub fn offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = text[1..].replace(':', "");
    let (hours, minutes) = match rest.len() {
        1 | 2 => (rest.as_str(), "0"),
        4 => rest.split_at_checked(2)?,
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (60 * hours + minutes))
}

/// `2022-11-14T00:05+01:00` from seconds in UTC and an offset.
fn written(seconds: i64, offset: i32) -> String {
    let local = seconds + i64::from(offset) * 60;
    let (mut day, clock) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    day += 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let date = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let sign = if offset < 0 { '-' } else { '+' };
    let (h, min) = (offset.abs() / 60, offset.abs() % 60);
    format!(
        "{year:04}-{month:02}-{date:02}T{:02}:{:02}{sign}{h:02}:{min:02}",
        clock / 3_600,
        clock / 60 % 60
    )
}

/// The most frequent distance of two lines, s.
fn usual_step(times: &[(i64, u64)]) -> i64 {
    let mut steps: Vec<i64> = times.windows(2).map(|w| w[1].0 - w[0].0).collect();
    steps.sort_unstable();
    let (mut best, mut most) = (steps.first().copied().unwrap_or(60), 0);
    for run in steps.chunk_by(|a, b| a == b) {
        if run.len() > most {
            (best, most) = (run[0], run.len());
        }
    }
    best.max(1)
}

/// Says where lines are missing.
fn gaps(
    times: &[(i64, u64)],
    step: i64,
    reading: &Reading,
    notes: &mut Vec<Problem>,
) -> Result<(), Vec<Problem>> {
    let mut wrong = Vec::new();
    for pair in times.windows(2) {
        let (from, to) = (pair[0].0, pair[1].0);
        let away = to - from;
        if away == step {
            continue;
        }
        let field = format!("line {}", pair[1].1);
        if away % step != 0 {
            let message = format!(
                "This line is {} min after the one before, others {} min. Put lines on one grid of times.",
                away as f64 / 60.0,
                step as f64 / 60.0
            );
            wrong.push(Problem::error(field, message));
            continue;
        }
        let missing = away / step - 1;
        if (away - step) as f64 > 60.0 * reading.longest_gap_minutes {
            let message = format!(
                "{missing} lines are missing before this one, more than {} min. Fill the gap in the file.",
                reading.longest_gap_minutes
            );
            wrong.push(Problem::error(field, message));
        } else {
            let message = format!(
                "{missing} lines are missing before this one; the values between were filled straight."
            );
            notes.push(Problem::warning(field, message));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(few(wrong))
    }
}

/// One value per step of the file, gaps filled straight between their neighbours.
fn fill(
    name: &str,
    times: &[(i64, u64)],
    values: &mut [f64],
    step: i64,
    reading: &Reading,
    notes: &mut Vec<Problem>,
) -> Result<Vec<f64>, Problem> {
    let first = times[0].0;
    let n = ((times[times.len() - 1].0 - first) / step + 1) as usize;
    let mut held = vec![f64::NAN; n];
    let mut empty: Option<(u64, u64)> = None;
    let mut runs = Vec::new();
    for ((time, line), value) in times.iter().zip(values.iter()) {
        held[((time - first) / step) as usize] = *value;
        if value.is_nan() {
            let from = empty.map_or(*line, |(from, _)| from);
            empty = Some((from, *line));
        } else if let Some(run) = empty.take() {
            runs.push(run);
        }
    }
    runs.extend(empty);
    for (from, to) in runs {
        let lines = if from == to {
            format!("line {from}")
        } else {
            format!("lines {from} to {to}")
        };
        let message = "There is no value; it was filled from its neighbours.".to_string();
        notes.push(Problem::warning(format!("{lines}, {name}"), message));
    }
    let mut k = 0;
    while k < n {
        if !held[k].is_nan() {
            k += 1;
            continue;
        }
        let end = (k..n).find(|&i| !held[i].is_nan()).unwrap_or(n);
        let before = k.checked_sub(1).map(|i| held[i]);
        let after = held.get(end).copied();
        if (end - k) as f64 * step as f64 > 60.0 * reading.longest_gap_minutes {
            let message = format!(
                "There is no value for {} min, more than {} min. Fill the gap in the file.",
                (end - k) as f64 * step as f64 / 60.0,
                reading.longest_gap_minutes
            );
            return Err(Problem::error(
                format!("line {}, {name}", times.get(k).map_or(0, |t| t.1)),
                message,
            ));
        }
        let Some(left) = before.or(after) else {
            return Err(Problem::error(
                format!("line 2, {name}"),
                "There is no value in the whole column. Fill it or remove it.",
            ));
        };
        let right = after.unwrap_or(left);
        for (i, slot) in held[k..end].iter_mut().enumerate() {
            *slot = left + (right - left) * (i + 1) as f64 / (end - k + 1) as f64;
        }
        k = end;
    }
    Ok(held)
}

/// Means over intervals of `minutes` of values that hold for `step` seconds each.
fn resampled(held: &[f64], step: i64, minutes: f64) -> Vec<f64> {
    let (own, wanted) = (step as f64, minutes * 60.0);
    let n = (held.len() as f64 * own / wanted + 1e-9).floor() as usize;
    (0..n)
        .map(|k| {
            let (from, to) = (k as f64 * wanted, (k + 1) as f64 * wanted);
            let first = (from / own + 1e-9).floor() as usize;
            let last = ((to / own - 1e-9).ceil() as usize).min(held.len());
            let mut sum = 0.0;
            for (i, value) in held.iter().enumerate().take(last).skip(first) {
                let (a, b) = (i as f64 * own, (i + 1) as f64 * own);
                sum += value * (b.min(to) - a.max(from)).max(0.0);
            }
            // Ten decimals: no traces of the division.
            (sum / wanted * 1e10).round() / 1e10
        })
        .collect()
}
