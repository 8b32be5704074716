//! Reports as text.

use std::collections::HashMap;
use std::io::Write;

use tandem::case::text::csv_field;
use tandem::report::{Cell, Level, Published, Report, Series, Table, Verdict, exported, half_up};

use crate::spaces::Plain;

pub fn number(value: f64) -> String {
    if value.is_finite() {
        exported(value).to_string()
    } else {
        String::new()
    }
}

/// A number for reading: four decimals at most. A price may have no upper end, or not be there.
fn short(value: f64) -> String {
    match value {
        v if v.is_nan() => String::new(),
        v if v.is_infinite() => "none".to_string(),
        v => half_up(v, 4).to_string(),
    }
}

/// The last value of every series, by its id.
struct Last<'a>(HashMap<&'a str, f64>);

impl<'a> Last<'a> {
    fn of(report: &'a Report) -> Last<'a> {
        let last = |s: &'a Series| Some((s.id.as_str(), *s.values.last()?));
        Last(report.series.iter().filter_map(last).collect())
    }

    fn cell(&self, cell: &Cell, write: fn(f64) -> String) -> String {
        match cell {
            Cell::Number(value) => write(*value),
            Cell::Text(text) => text.clone(),
            Cell::At { series } => self
                .0
                .get(series.as_str())
                .map_or(String::new(), |v| write(*v)),
            Cell::Empty => String::new(),
        }
    }
}

/// Numbers beside ours, printed or computed another way: what is said of them all, then one line for every number
/// that is not ours, and one for steps in a row of an item where they are.
fn beside(
    rows: &[Published],
    said: &str,
    printed: bool,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let (title, theirs) = match printed {
        true => ("Printed beside ours", "printed"),
        false => ("Also computed by hand or by another program", "theirs"),
    };
    let one_source = rows.iter().all(|p| p.source == first.source);
    let one_note = rows.iter().all(|p| p.note == first.note);
    let about = |p: &Published| {
        let source = Some(p.source.clone()).filter(|_| !one_source);
        let note = Some(p.note.clone()).filter(|_| !one_note);
        let parts = source.into_iter().chain(note);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>()
    };
    let mut notes: Vec<String> = Vec::new();
    for part in rows.iter().flat_map(about) {
        if !notes.contains(&part) {
            notes.push(part);
        }
    }
    writeln!(out, "{title}\n  {said}")?;
    if one_note && !first.note.is_empty() {
        writeln!(out, "  Note: {}", first.note)?;
    }
    let header = ["item", "unit", theirs, "ours", "difference", "", ""];
    let mut lines = vec![header.map(String::from).to_vec()];
    let same = |a: &Published, b: &Published| {
        let as_theirs = a.verdict == Verdict::Agrees && b.verdict == Verdict::Agrees;
        as_theirs
            && a.step.is_some_and(|step| b.step == Some(step + 1))
            && [&a.name, &a.unit, &a.source, &a.note] == [&b.name, &b.unit, &b.source, &b.note]
    };
    lines.extend(rows.chunk_by(same).map(|steps| {
        let p = &steps[0];
        let ours = |v: Option<f64>| match p.verdict {
            Verdict::Agrees => String::new(),
            _ => v.map_or("-".into(), short),
        };
        let texts = steps
            .iter()
            .map(|p| format!("{:.*}", usize::from(p.digits), p.printed));
        let mut texts: Vec<String> = texts.collect();
        if texts.iter().all(|text| *text == texts[0]) {
            texts.truncate(1);
        }
        let parts = about(p);
        let said = notes.iter().enumerate().filter(|(_, n)| parts.contains(n));
        let said = said.map(|(k, _)| format!("[{}]", k + 1));
        let last = steps.last().and_then(|p| p.step);
        let to = last.filter(|_| steps.len() > 1);
        vec![
            to.map_or(p.item.clone(), |step| format!("{} to {step}", p.item)),
            p.unit.clone(),
            texts.join(" "),
            ours(p.ours),
            ours(p.difference),
            word(p.verdict).into(),
            said.collect::<Vec<_>>().join(" "),
        ]
    }));
    columns(&lines, out)?;
    for (k, note) in notes.iter().enumerate() {
        writeln!(out, "  [{}] {note}", k + 1)?;
    }
    writeln!(out)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Agrees => "agrees",
        Verdict::WithinReading => "within reading accuracy",
        Verdict::NotComparable => "not comparable",
        Verdict::Differs => "differs",
        Verdict::InputsChanged => "",
    }
}

pub fn print(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    let out = &mut Plain(out);
    writeln!(out, "{}\n{}\n", report.title, report.headline)?;
    for table in &report.tables {
        print_table(report, table, out)?;
    }
    beside(&report.published, &report.published_said, true, out)?;
    let computed = &report.also_computed;
    beside(computed, &report.also_computed_said, false, out)?;
    for quantity in &report.summary {
        let Some(value) = quantity.value.filter(|v| v.is_finite()).map(short) else {
            writeln!(out, "{}: {}", quantity.name, quantity.note)?;
            continue;
        };
        let unit = if quantity.unit == "1" {
            ""
        } else {
            &quantity.unit
        };
        writeln!(out, "{}: {value} {unit}", quantity.name)?;
    }
    if !report.certificates.is_empty() {
        let certified = report.certificates.iter().filter(|c| c.certified).count();
        let gaps = report.certificates.iter().map(|c| c.gap.abs());
        writeln!(
            out,
            "certified: {certified} of {} solves, largest gap {:.1e}",
            report.certificates.len(),
            gaps.fold(0.0, f64::max)
        )?;
    }
    for message in &report.messages {
        let level = match message.level {
            Level::Info => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let field = message
            .field
            .as_ref()
            .map_or(String::new(), |f| format!(" {f}:"));
        writeln!(out, "{level}:{field} {}", message.text)?;
        for cure in &message.cures {
            writeln!(
                out,
                "  would help: {} (--set {}={})",
                cure.label, cure.path, cure.value
            )?;
        }
    }
    Ok(())
}

/// One table with its title and its note.
pub fn print_table(report: &Report, table: &Table, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}", table.title)?;
    let header = table.columns.iter().map(|c| match c.unit.as_str() {
        "" | "1" => c.name.clone(),
        unit => format!("{}, {unit}", c.name),
    });
    let mut rows = vec![header.collect::<Vec<_>>()];
    let last = Last::of(report);
    let cells = |row: &Vec<Cell>| row.iter().map(|c| last.cell(c, short)).collect();
    rows.extend(table.rows.iter().map(cells));
    columns(&rows, out)?;
    writeln!(out)
}

/// Writes rows with their columns aligned: text left, numbers right.
fn columns(rows: &[Vec<String>], out: &mut impl Write) -> std::io::Result<()> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |k: usize| {
        rows.iter()
            .filter_map(|r| r.get(k))
            .map(|c| c.chars().count())
            .max()
            .unwrap_or(0)
    };
    let numeric = |k: usize| {
        rows.iter()
            .skip(1)
            .filter_map(|r| r.get(k))
            .all(|c| c.is_empty() || c == "-" || c.parse::<f64>().is_ok())
    };
    let widths: Vec<(usize, bool)> = (0..count).map(|k| (width(k), numeric(k))).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(text, &(width, right))| {
            if right {
                format!("{text:>width$}")
            } else {
                format!("{text:<width$}")
            }
        });
        writeln!(out, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

pub fn print_csv(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    let Some(table) = report.tables.first() else {
        return Ok(());
    };
    let header = table.columns.iter().map(|c| {
        csv_field(&match c.unit.as_str() {
            "" => c.name.clone(),
            unit => format!("{} ({unit})", c.name),
        })
    });
    writeln!(out, "{}", header.collect::<Vec<_>>().join(","))?;
    let last = Last::of(report);
    for row in &table.rows {
        let cells = row.iter().map(|c| csv_field(&last.cell(c, number)));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join(","))?;
    }
    Ok(())
}
