//! A sweep as a report.

use super::{Piece, Point, Swept};
use crate::inputs::Section;
use crate::report::plots::{Picture, axis, over, path, plot};
use crate::report::units::read_in;
use crate::report::words::counted;
use crate::report::{
    Cell, Chart, Index, Mark, Quantity, Report, Role, Table, capitalised, column, half_up, number,
    plain, table, text,
};
use crate::session::Session;

/// Decimals of an input in a sentence.
const DIGITS: u8 = 4;
/// The same of two neighbouring points.
const FINE: u8 = 6;
/// Stretches, or names, that a sentence lists at most.
const NAMED: usize = 3;

/// Every summary number as a series over the swept field, its charts, and the breakpoints, in the units they are read
/// in. The sweep is in those of the document.
pub fn report(session: &Session, field: &str, swept: &Swept) -> Report {
    let (label, unit) = label_of(session, field);
    let mut report = Report {
        title: format!("{}: {label}", session.scenario().title),
        units: session.units(),
        ..Report::default()
    };
    let points = &swept.points;
    // A sweep changes values, not names: the first answer tells which quantities there are.
    let quantities = points.iter().find_map(|p| p.summary.as_ref());
    for quantity in quantities.into_iter().flatten() {
        let of = |p: &Point| {
            p.summary
                .as_ref()
                .and_then(|s| s.iter().find(|q| q.id == quantity.id)?.value)
        };
        let value = |p: &Point| (p.value, of(p).unwrap_or(f64::NAN));
        let values: Vec<(f64, f64)> = points.iter().map(value).collect();
        let (id, name) = (&quantity.id, &quantity.name);
        report
            .series
            .push(over(id, name, &quantity.unit, (&label, &unit), &values));
    }
    let main = quantities.and_then(|all| all.iter().find(|q| q.id == swept.main));
    if !swept.pieces.is_empty() {
        let times = read_in(&report.units, &unit).1;
        report
            .tables
            .push(breakpoints(swept, (&label, &unit, times), main));
    }
    let mut report = report.read();
    let (unit, times) = read_in(&report.units, &unit);
    let (unit, known) = (unit.to_string(), known(swept, unit, times));
    charts(session, &mut report, &swept.main, (&label, &unit));
    if let Some(table) = report.tables.first_mut() {
        table.note.clone_from(&known);
    }
    report.headline = match report.charts.first() {
        Some(chart) if known.is_empty() => chart.summary.clone(),
        _ => known,
    };
    report
}

/// The charts of the mechanism, and the number that the scenario is about where it is in none of them.
fn charts(session: &Session, report: &mut Report, main: &str, (label, unit): (&str, &str)) {
    let pictures = session.scenario().mechanism.pictures();
    let drawn = |id: &str| {
        let mut series = pictures.iter().flat_map(|p| p.series);
        series.any(|(drawn, _, _)| *drawn == id)
    };
    let mut charts: Vec<Chart> = Vec::new();
    let mut add = |(id, title): (&str, &str), (name, of, zero), marks: Vec<Mark>, first: &str| {
        let summary = sentence(report, (title, first), label, unit);
        let axes = (axis(label, unit, false), axis(name, of, zero));
        charts.push(plot(id, title.into(), axes, marks, summary));
    };
    if let Some(series) = report.series(main).filter(|_| !drawn(main)) {
        let title = capitalised(&series.name);
        let mark = path(main, Role::Price, true, false);
        let y = (&*series.name, &*series.unit, false);
        add(("sweep_number", &title), y, vec![mark], main);
    }
    for picture in pictures {
        let Picture { id, title, .. } = picture;
        let known = picture.series.iter();
        let known = known.filter(|(id, _, _)| report.series(id).is_some());
        let marks: Vec<Mark> = known
            .map(|&(id, role, dashed)| path(id, role, true, dashed))
            .collect();
        let first = picture.series.first().map_or("", |(id, _, _)| id);
        if !marks.is_empty() {
            let (name, y_unit, zero) = picture.y;
            let y_unit = read_in(&report.units, y_unit).0;
            add((id, title), (name, y_unit, zero), marks, first);
        }
    }
    report.charts = charts;
}

/// Where numbers bend or jump, and what changes there.
fn breakpoints(
    swept: &Swept,
    (label, unit, times): (&str, &str, f64),
    main: Option<&Quantity>,
) -> Table {
    let mut columns = vec![column(label, unit), column("what changes", "")];
    if let Some(main) = main {
        for side in ["just before", "just behind"] {
            columns.push(column(format!("{}, {side}", main.name), &main.unit));
        }
    }
    let row = |found: &super::Breakpoint| {
        let mut row = vec![number(found.value), text(found.changes.join("; "))];
        let sides = [found.left, found.right];
        row.extend(
            sides
                .iter()
                .filter(|_| main.is_some())
                .map(|side| number(side.unwrap_or(f64::NAN))),
        );
        row
    };
    let turn = |found: &super::Turn| {
        let between = format!(
            "{} to {}",
            plain(found.from * times, FINE),
            plain(found.to * times, FINE)
        );
        let mut row = vec![text(between), text(found.changes.join("; "))];
        row.resize(columns.len(), number(f64::NAN));
        row
    };
    let exact = swept.breakpoints.iter().map(|b| (b.value, row(b)));
    let mut rows: Vec<(f64, Vec<Cell>)> = exact
        .chain(swept.turns.iter().map(|t| (t.from, turn(t))))
        .collect();
    crate::sort::by(&mut rows, |a, b| a.0.total_cmp(&b.0));
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    table("breakpoints", "Breakpoints", columns, rows, "")
}

/// Label of a field as the form shows it, and the unit of the document.
pub(crate) fn label_of(session: &Session, field: &str) -> (String, String) {
    let sections = session.all_inputs();
    let mut fields = sections.iter().flat_map(Section::all);
    fields
        .find(|f| f.path == field)
        .map_or((field.to_string(), String::new()), |f| {
            (f.label.clone(), f.unit.clone())
        })
}

/// What is known between the points, in sentences; nothing where no breakpoints were looked for.
fn known(swept: &Swept, unit: &str, times: f64) -> String {
    let (Some(first), Some(last)) = (swept.pieces.first(), swept.pieces.last()) else {
        return String::new();
    };
    let between = |from: f64, to: f64| {
        let unit = if unit.is_empty() || unit == "1" {
            String::new()
        } else {
            format!("\u{a0}{unit}")
        };
        let said = |value: f64| plain(value * times, DIGITS);
        (said(from), format!("{}{unit}", said(to)))
    };
    let mut sentences = Vec::new();
    let exact = || swept.pieces.iter().filter(|piece| piece.exact);
    let (from, to) = between(first.from, last.to);
    let least = exact().map(|piece| piece.checks).min();
    let all = swept.curves.is_empty() && swept.pieces.iter().all(|piece| piece.exact);
    let shape = match swept.parabolas.is_empty() {
        true => "straight",
        false => "straight or a parabola",
    };
    match (least, swept.breakpoints.len()) {
        (None, _) => {}
        (Some(least), 0) if all => sentences.push(format!(
            "No breakpoint between {from} and {to}: {shape}, checked at {} in between.",
            counted(least, "value")
        )),
        (Some(least), n) if all => sentences.push(format!(
            "{} between {from} and {to}: {shape} in between, each piece checked at {} at least.",
            capitalised(&counted(n, "breakpoint")),
            counted(least, "further value")
        )),
        (Some(least), n) => sentences.push(format!(
            "{} found between {from} and {to}; every piece that is {shape} is checked at {} at least.",
            capitalised(&counted(n, "breakpoint")),
            counted(least, "further value")
        )),
    }
    if !swept.parabolas.is_empty() {
        sentences.push(format!("Parabolas: {}.", some(&swept.parabolas)));
    }
    if !swept.curves.is_empty() {
        let named = some(&swept.curves);
        sentences.push(format!("Not straight, known at the points alone: {named}."));
    }
    let stretches = |which: &dyn Fn(&Piece) -> bool,
                     say: &dyn Fn(&str, &str, usize) -> String|
     -> Vec<String> {
        let found = swept.pieces.iter().filter(|piece| which(piece));
        let one = |piece: &Piece| {
            let (from, to) = between(piece.from, piece.to);
            say(&from, &to, piece.checks + 2)
        };
        found.take(NAMED).map(one).collect()
    };
    sentences.extend(stretches(&|p| !p.solved, &|from, to, _| {
        format!("There is no answer from {from} to {to}.")
    }));
    sentences.extend(stretches(
        &|p| !p.exact && !p.open && p.solved,
        &|from, to, n| format!("Not straight from {from} to {to}: sampled at {n} values."),
    ));
    sentences.extend(stretches(&|p| !p.exact && p.open && p.solved, &|from, to, n| {
        format!("Not settled from {from} to {to} with the solves that were allowed: sampled at {n} values.")
    }));
    sentences.join(" ")
}

/// The first few names.
fn some(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names[..names.len() - more].join("; ");
    match more {
        0 => named,
        _ => format!("{named}; {more} more"),
    }
}

fn sentence(report: &Report, (title, first): (&str, &str), label: &str, unit: &str) -> String {
    let Some(series) = report.series(first) else {
        return String::new();
    };
    let Index::Numbers { at, .. } = &series.index else {
        return String::new();
    };
    let solved = || at.iter().zip(&series.values).filter(|(_, v)| v.is_finite());
    let Some((x, y)) = solved().max_by(|a, b| a.1.total_cmp(b.1)) else {
        return format!("No value of {label} has a dispatch.");
    };
    let missing = at.len() - solved().count();
    let gaps = match missing {
        0 => String::new(),
        _ if !report.tables.is_empty() => String::new(),
        _ => format!(" {missing} of {} values have no dispatch.", at.len()),
    };
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!(" {unit}")
    };
    format!(
        "{title}: greatest, {} {}, at {label} = {}{unit}.{gaps}",
        half_up(*y, 3),
        series.unit,
        half_up(*x, 4)
    )
}
