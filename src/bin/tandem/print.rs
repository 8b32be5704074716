//! Reports as text.

use std::collections::HashMap;
use std::io::Write;

use tandem::case::text::csv_field;
use tandem::report::{Cell, Level, Published, Report, Series, Table, exported, half_up};

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

/// Numbers beside ours: printed ones, or those computed by others.
fn beside(rows: &[Published], printed: bool, out: &mut impl Write) -> std::io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (title, theirs) = match printed {
        true => ("Printed beside ours", "printed"),
        false => ("Also computed by hand or by another program", "theirs"),
    };
    writeln!(out, "{title}")?;
    let header = ["item", "unit", theirs, "ours", "difference", "", "source"];
    let mut lines = vec![header.map(String::from).to_vec()];
    lines.extend(rows.iter().map(|p| {
        let optional = |v: Option<f64>| v.map_or("-".into(), short);
        let note = if p.note.is_empty() {
            String::new()
        } else {
            format!(" ({})", p.note)
        };
        vec![
            p.item.clone(),
            p.unit.clone(),
            format!("{:.*}", usize::from(p.digits), p.printed),
            optional(p.ours),
            optional(p.difference),
            match p.agrees {
                _ if p.not_comparable => "not comparable",
                true => "agrees",
                false => "differs",
            }
            .into(),
            format!("{}{note}", p.source),
        ]
    }));
    columns(&lines, out)?;
    let comparable = rows.iter().filter(|p| !p.not_comparable).count();
    if comparable == 0 {
        return writeln!(out, "None of them is comparable: the notes say why.\n");
    }
    let agree = rows.iter().filter(|p| p.agrees).count();
    let verb = if agree == 1 { "agrees" } else { "agree" };
    let how = match printed {
        true => "as printed",
        false => "to their decimals",
    };
    writeln!(
        out,
        "{agree} of {comparable} {verb} when rounded half up {how}.\n"
    )
}

pub fn print(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    let out = &mut Plain(out);
    writeln!(out, "{}\n{}\n", report.title, report.headline)?;
    for table in &report.tables {
        print_table(report, table, out)?;
    }
    beside(&report.published, true, out)?;
    beside(&report.also_computed, false, out)?;
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
