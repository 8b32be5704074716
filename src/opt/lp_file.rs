//! A model as a text file in the CPLEX LP format, for any other solver to check.
//!
//! The format has no word for a second-order cone; each one is written as a comment, and
//! the first line says so. Names are kept where the format allows them.

use super::ids::Var;
use super::model::{Affine, Constraint, Model};
use std::collections::HashSet;
use std::fmt::Write;

/// Longest name the format takes.
const NAME_LENGTH: usize = 255;

/// The model as the text of an `.lp` file. Numbers are written so that they read back as
/// the same doubles. A range row becomes two, its name with `.lower` and `.upper` behind;
/// a row without limits is left out.
pub fn write(model: &Model) -> String {
    let columns = names(model.vars().iter().map(|c| &*c.name), "x");
    let lines: Vec<Line> = model.rows().iter().flat_map(Line::of).collect();
    let rows = names(lines.iter().map(|line| line.name.as_str()), "r");
    let mut text = format!("\\ {}\n", one_line(model.name()));
    if !model.cones().is_empty() {
        text.push_str("\\ Not the whole model: second-order cones stand in comments below.\n");
    }
    text.push_str("Minimize\n obj:");
    objective(&mut text, model, &columns);
    text.push_str("\nSubject To\n");
    for (line, name) in lines.iter().zip(&rows) {
        let _ = write!(text, " {name}:");
        terms(&mut text, line.terms, &columns);
        let _ = writeln!(text, " {} {}", line.sense, line.limit);
    }
    for cone in model.cones() {
        cone_comment(&mut text, &one_line(&cone.name), &cone.rows, &columns);
    }
    text.push_str("Bounds\n");
    for (column, name) in model.vars().iter().zip(&columns) {
        let (lower, upper) = (column.lower, column.upper);
        let _ = match (lower.is_finite(), upper.is_finite()) {
            (true, true) if lower == upper => writeln!(text, " {name} = {lower}"),
            (true, true) => writeln!(text, " {lower} <= {name} <= {upper}"),
            (true, false) => writeln!(text, " {name} >= {lower}"),
            (false, true) => writeln!(text, " -inf <= {name} <= {upper}"),
            (false, false) => writeln!(text, " {name} free"),
        };
    }
    section(&mut text, "Generals", model, &columns, |lower, upper| {
        (lower, upper) != (0.0, 1.0)
    });
    section(&mut text, "Binaries", model, &columns, |lower, upper| {
        (lower, upper) == (0.0, 1.0)
    });
    text.push_str("End\n");
    text
}

/// One line of the file.
struct Line<'a> {
    name: String,
    terms: &'a [(Var, f64)],
    sense: &'static str,
    limit: f64,
}

impl Line<'_> {
    /// The lines of a row: none without limits, two with a range. The format has ranges,
    /// but HiGHS 1.15 reads `-10 <= 0.5 x <= 10` as `x <= 0.5`, without a word.
    fn of(row: &Constraint) -> Vec<Line<'_>> {
        let line = |ending: &str, sense, limit| Line {
            name: format!("{}{ending}", row.name),
            terms: &row.terms,
            sense,
            limit,
        };
        match (row.lower.is_finite(), row.upper.is_finite()) {
            (true, true) if row.lower == row.upper => vec![line("", "=", row.upper)],
            (true, true) => vec![
                line(".lower", ">=", row.lower),
                line(".upper", "<=", row.upper),
            ],
            (true, false) => vec![line("", ">=", row.lower)],
            (false, true) => vec![line("", "<=", row.upper)],
            (false, false) => Vec::new(),
        }
    }
}

fn section(
    text: &mut String,
    title: &str,
    model: &Model,
    columns: &[String],
    belongs: impl Fn(f64, f64) -> bool,
) {
    let mut first = true;
    for (column, name) in model.vars().iter().zip(columns) {
        if column.integer && belongs(column.lower, column.upper) {
            if first {
                let _ = writeln!(text, "{title}");
                first = false;
            }
            let _ = writeln!(text, " {name}");
        }
    }
}

/// Linear terms, then `[ 2q x_i * x_j ] / 2`: the format halves what is in the brackets.
/// A constant is a term without a variable.
fn objective(text: &mut String, model: &Model, columns: &[String]) {
    let costs: Vec<(Var, f64)> = model
        .vars()
        .iter()
        .enumerate()
        .filter(|(_, c)| c.cost != 0.0)
        .map(|(j, c)| (Var(j), c.cost))
        .collect();
    let bare = model.quadratic_terms().is_empty() && model.constant() == 0.0;
    if !costs.is_empty() || bare {
        terms(text, &costs, columns);
    }
    if !model.quadratic_terms().is_empty() {
        text.push_str(" + [");
        for &(i, j, q) in model.quadratic_terms() {
            let (a, b) = (name(columns, i), name(columns, j));
            signed(text, 2.0 * q);
            let _ = if i == j {
                write!(text, " {a} ^ 2")
            } else {
                write!(text, " {a} * {b}")
            };
        }
        text.push_str(" ] / 2");
    }
    if model.constant() != 0.0 {
        signed(text, model.constant());
    }
}

/// ` + 2 x - 3 y`; an empty sum is zero times the first variable, as the format wants one.
fn terms(text: &mut String, terms: &[(Var, f64)], columns: &[String]) {
    if terms.is_empty() {
        let _ = match columns.first() {
            Some(first) => write!(text, " 0 {first}"),
            None => write!(text, " 0"),
        };
    }
    for (k, &(v, a)) in terms.iter().enumerate() {
        if k > 0 && k % 8 == 0 {
            text.push_str("\n  ");
        }
        signed(text, a);
        let _ = write!(text, " {}", name(columns, v));
    }
}

fn signed(text: &mut String, value: f64) {
    let sign = if value < 0.0 { '-' } else { '+' };
    let _ = write!(text, " {sign} {}", value.abs());
}

fn cone_comment(text: &mut String, name: &str, rows: &[Affine], columns: &[String]) {
    let _ = writeln!(text, "\\ cone {name}: first >= norm of the others");
    for row in rows {
        let mut line = String::new();
        terms(&mut line, &row.terms, columns);
        signed(&mut line, row.constant);
        let _ = writeln!(text, "\\  {}", one_line(&line));
    }
}

fn name(columns: &[String], var: Var) -> &str {
    columns.get(var.0).map_or("unknown", String::as_str)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names every reader of the format accepts, all different whatever the case: characters
/// other than letters, digits, `_` and `.` become `_`, a name that
/// could be read as a number or a keyword gets a `_` in front, a repeated one a number
/// behind, an empty one `prefix` and its index.
fn names<'a>(given: impl Iterator<Item = &'a str>, prefix: &str) -> Vec<String> {
    let mut taken = HashSet::new();
    given
        .enumerate()
        .map(|(index, given)| {
            let mut base: String = given
                .chars()
                .map(|c| {
                    let fine = c.is_ascii_alphanumeric() || c == '_' || c == '.';
                    if fine { c } else { '_' }
                })
                .take(NAME_LENGTH - 16)
                .collect();
            if base.is_empty() {
                base = format!("{prefix}{index}");
            }
            let number_like =
                base.starts_with(|c: char| c.is_ascii_digit() || c == '.') || is_exponent(&base);
            if number_like || is_keyword(&base) {
                base.insert(0, '_');
            }
            let mut name = base.clone();
            let mut copy = 2;
            while !taken.insert(name.to_ascii_lowercase()) {
                name = format!("{base}_{copy}");
                copy += 1;
            }
            name
        })
        .collect()
}

/// `e5` and the like read as the exponent of the number before them.
fn is_exponent(name: &str) -> bool {
    let rest = name.strip_prefix(['e', 'E']);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 29] = [
        "min", "max", "minimize", "maximize", "minimise", "maximise", "minimum", "maximum",
        "subject", "to", "such", "that", "st", "s.t.", "st.", "bounds", "bound", "free", "inf",
        "infinity", "general", "generals", "gen", "integer", "integers", "binary", "binaries",
        "bin", "end",
    ];
    let lower = name.to_ascii_lowercase();
    KEYWORDS.contains(&lower.as_str()) || lower.starts_with("semi") || lower.starts_with("sos")
}
