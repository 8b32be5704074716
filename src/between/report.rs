//! What lies between two scenarios, as tables and pictures.

use std::collections::HashMap;

use serde_json::Value;

use super::changes::Change;
use super::values::{Causes, numbers};
use crate::report::plots::message;
use crate::report::side_by_side::{Dots, Row, SideBySide};
use crate::report::words::counted;
use crate::report::{
    Cell, Level, Quantity, Report, Role, Status, Table, amount, column, number, table, text,
};
use crate::scenario::Document;

/// Less is no difference, as a part of the larger number.
const SAME: f64 = 1e-9;
/// Signs of a value that is shown whole.
const SHORT: usize = 40;

pub fn report(
    a: &Document,
    b: &Document,
    changes: &[Change],
    ends: &[Report; 2],
    causes: &Causes,
) -> Report {
    let outputs = outputs(ends);
    let moved: Vec<&Output> = outputs.iter().filter(|o| o.moves()).collect();
    let mut report = Report {
        status: Status::Solved,
        title: format!("{} and {}", a.scenario.title, b.scenario.title),
        headline: headline(changes, &outputs, &moved),
        tables: vec![inputs_table(changes), outputs_table(&outputs)],
        ..Report::default()
    };
    if !causes.refused.is_empty() {
        report
            .messages
            .push(message(Level::Info, causes.refused.clone()));
        return report;
    }
    if let Err(why) = &causes.shares {
        report.messages.push(message(Level::Info, why.clone()));
    }
    let start = numbers(&ends[0]);
    for output in moved {
        of_output(output, &start, changes, causes, &mut report);
    }
    report
}

/// A number of both.
struct Output<'r> {
    quantity: &'r Quantity,
    from: f64,
    to: f64,
}

impl Output<'_> {
    fn moves(&self) -> bool {
        (self.to - self.from).abs() > SAME * self.to.abs().max(self.from.abs()).max(1.0)
    }
}

fn outputs(ends: &[Report; 2]) -> Vec<Output<'_>> {
    let to = numbers(&ends[1]);
    let all = ends[0].summary.iter();
    let both = all.filter_map(|quantity| {
        Some(Output {
            quantity,
            from: quantity.value?,
            to: *to.get(&quantity.id)?,
        })
    });
    both.collect()
}

fn headline(changes: &[Change], outputs: &[Output], moved: &[&Output]) -> String {
    let inputs = match changes.len() {
        0 => "The two have the same inputs".to_string(),
        1 => "1 input differs".to_string(),
        n => format!("{n} inputs differ"),
    };
    match (outputs.is_empty(), moved.first()) {
        (true, _) => format!("{inputs}; the two have no number in common."),
        (_, None) => format!("{inputs}, and no number of the answer."),
        (_, Some(first)) => {
            let unit = &first.quantity.unit;
            format!(
                "{inputs}, and {} of the answer: {} from {} to {}.",
                counted(moved.len(), "number"),
                first.quantity.name,
                amount(first.from, unit),
                amount(first.to, unit)
            )
        }
    }
}

/// A value of an input in a cell.
fn shown(value: Option<&Value>) -> Cell {
    match value {
        None | Some(Value::Null) => text("none"),
        Some(Value::Number(value)) => number(value.as_f64().unwrap_or(f64::NAN)),
        Some(Value::String(value)) => text(value.clone()),
        Some(Value::Bool(true)) => text("yes"),
        Some(Value::Bool(false)) => text("no"),
        Some(value) => {
            let whole = value.to_string();
            match (whole.chars().count() <= SHORT, value) {
                (true, _) => text(whole),
                (_, Value::Array(list)) => text(counted(list.len(), "element")),
                _ => text("another"),
            }
        }
    }
}

fn inputs_table(changes: &[Change]) -> Table {
    let columns = ["input", "unit", "A", "B", "path"].map(|name| column(name, ""));
    let row = |change: &Change| {
        vec![
            text(change.label.clone()),
            text(change.unit.clone()),
            shown(change.from.as_ref()),
            shown(change.to.as_ref()),
            text(change.path.clone()),
        ]
    };
    let rows = changes.iter().map(row).collect();
    table(
        "between_inputs",
        "Inputs that differ",
        columns.into(),
        rows,
        "",
    )
}

fn outputs_table(outputs: &[Output]) -> Table {
    let columns = ["number", "unit", "A", "B", "difference"].map(|name| column(name, ""));
    let row = |o: &Output| {
        vec![
            text(o.quantity.name.clone()),
            text(o.quantity.unit.clone()),
            number(o.from),
            number(o.to),
            number(if o.moves() { o.to - o.from } else { 0.0 }),
        ]
    };
    let rows = outputs.iter().map(row).collect();
    table(
        "between_outputs",
        "Outputs of both",
        columns.into(),
        rows,
        "",
    )
}

/// Waterfall and table of one number: every change in turn, and its fair share.
fn of_output(
    output: &Output,
    start: &HashMap<String, f64>,
    changes: &[Change],
    causes: &Causes,
    report: &mut Report,
) {
    let (id, unit) = (&output.quantity.id, &output.quantity.unit);
    let name = |set: &[usize]| {
        let labels: Vec<&str> = set.iter().map(|k| changes[*k].label.as_str()).collect();
        labels.join(" and ")
    };
    let mut before = start.get(id).copied().unwrap_or(f64::NAN);
    let mut rows = vec![("A".to_string(), f64::NAN, before)];
    let mut parts = Vec::new();
    for (set, numbers) in &causes.steps {
        let after = numbers.get(id).copied().unwrap_or(f64::NAN);
        rows.push((name(set), before, after));
        parts.push((name(set), after - before));
        before = after;
    }
    waterfall(("turn", "each change in turn"), output, &rows, report);
    let mut columns = vec![column("change", ""), column("in turn", unit)];
    let mut cells: Vec<Vec<Cell>> = (parts.iter())
        .map(|(name, part)| vec![text(name.clone()), number(*part)])
        .collect();
    let shares = causes.shares.as_ref().ok().and_then(|all| all.get(id));
    if let Some(shares) = shares {
        let mut at = start.get(id).copied().unwrap_or(f64::NAN);
        let mut rows = vec![("A".to_string(), f64::NAN, at)];
        for (change, share) in changes.iter().zip(shares) {
            rows.push((change.label.clone(), at, at + share));
            at += share;
        }
        waterfall(("share", "fair shares (Shapley)"), output, &rows, report);
        columns.push(column("fair share", unit));
        for (row, share) in cells.iter_mut().zip(shares) {
            row.push(number(*share));
        }
    }
    let note = "Both add up to the whole difference. In turn, what a change makes depends on those before it; the fair share is its mean over all orders.";
    let title = format!("What makes the difference: {}", output.quantity.name);
    let own = table(&format!("between:{id}"), &title, columns, cells, note);
    report.tables.push(own);
}

/// Rows from A to B: a ring where a change begins, a dot where it ends.
fn waterfall(
    (kind, words): (&str, &str),
    output: &Output,
    rows: &[(String, f64, f64)],
    report: &mut Report,
) {
    let (id, unit) = (&output.quantity.id, &output.quantity.unit);
    let side = SideBySide {
        one: "change",
        rows: (rows.iter().enumerate())
            .map(|(k, (name, ..))| Row::new(&k.to_string(), name, Vec::new()))
            .collect(),
    };
    let dots = vec![
        Dots::new(
            format!("{kind}:{id}:before"),
            "before the change",
            Role::Reference,
            rows.iter().map(|row| row.1).collect(),
        )
        .hollow(),
        Dots::new(
            format!("{kind}:{id}:after"),
            "after it",
            Role::Generator,
            rows.iter().map(|row| row.2).collect(),
        )
        .joined(),
    ];
    let summary = format!(
        "From A to B: {} from {} to {}.",
        output.quantity.name,
        amount(output.from, unit),
        amount(output.to, unit)
    );
    let title = format!("{}: {words}", output.quantity.name);
    let (series, chart) = side.chart(
        (&format!("{kind}:{id}"), title),
        (&output.quantity.name, unit),
        dots,
        summary,
    );
    report.series.extend(series);
    report.charts.push(chart);
}
