//! Carries out the statements of a case file: fields of the case, scalars, scaling of columns.

use super::super::Problem;
use super::at;
use super::expression::{CONSTANTS, Names, evaluate, evaluate_factor};
use super::text::{Piece, Statement, header, is_blank, statements};
use std::collections::HashMap;

/// A matrix with the line of each row.
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    /// Line where the matrix begins.
    pub line: usize,
    pub rows: Vec<(usize, Vec<f64>)>,
}

/// What the file holds when all its statements are carried out.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub name: String,
    pub header: String,
    pub base_mva: Option<f64>,
    pub matrices: HashMap<String, Matrix>,
    /// Fields that say nothing a case holds (names, areas …), for the note in `source`.
    pub left_out: Vec<String>,
    /// Scalings of columns carried out.
    pub conversions: usize,
    /// The variable the function returns, `mpc` as a rule.
    root: String,
    scalars: HashMap<String, f64>,
}

const MATRICES: [&str; 7] = [
    "bus",
    "gen",
    "branch",
    "gencost",
    "dcline",
    "dclinecost",
    "areas",
];
/// Fields that change the optimisation in a way Tandem has no equal for.
const EXTENSIONS: [&str; 15] = [
    "A",
    "l",
    "u",
    "H",
    "Cw",
    "N",
    "fparm",
    "z0",
    "zl",
    "zu",
    "userfcn",
    "if",
    "reserves",
    "softlims",
    "dclinecost",
];

pub(super) fn run(text: &str) -> Result<Program, Problem> {
    let mut program = Program {
        header: header(text),
        root: "mpc".to_string(),
        ..Program::default()
    };
    for (_, constants) in CONSTANTS {
        for (name, value) in constants {
            program.scalars.insert((*name).to_string(), *value);
        }
    }
    // Blocks begun within one whose condition is a switch of the file that is off.
    let mut skipped = 0;
    for statement in statements(text)? {
        let text = statement.text.trim_start_matches(is_blank);
        let first = text.split(|c: char| !c.is_ascii_alphabetic()).next();
        match (skipped, first.unwrap_or_default()) {
            (0, "if") if program.is_off(&statement.flat()) => skipped = 1,
            (0, _) => program.carry_out(&statement)?,
            (1, "else" | "elseif") => return Err(unknown(&statement)),
            (_, "if" | "for" | "while" | "switch") => skipped += 1,
            (_, "end" | "endif" | "endfor" | "endwhile" | "endswitch") => skipped -= 1,
            _ => {}
        }
    }
    if program.name.is_empty() {
        program.name = "MATPOWER case".to_string();
    }
    Ok(program)
}

impl Names for Program {
    fn value(&self, name: &str) -> Option<f64> {
        if self.field_of(name) == Some("baseMVA") {
            return self.base_mva;
        }
        self.scalars.get(name).copied()
    }

    fn entry(&self, name: &str, row: f64, column: f64) -> Option<f64> {
        let matrix = self.matrices.get(self.field_of(name)?)?;
        let (_, values) = matrix.rows.get(place(row)?)?;
        values.get(place(column)?).copied()
    }
}

/// Index from 0 of a count from 1.
fn place(count: f64) -> Option<usize> {
    (count.fract() == 0.0 && (1.0..1e9).contains(&count)).then(|| count as usize - 1)
}

impl Program {
    /// `bus` of `mpc.bus`, or of `bus` in the older form without a struct.
    fn field_of<'a>(&self, name: &'a str) -> Option<&'a str> {
        let plain = ["baseMVA", "version"].contains(&name) || MATRICES.contains(&name);
        match name.strip_prefix(self.root.as_str()) {
            Some(field) if field.starts_with('.') => field.get(1..),
            _ => plain.then_some(name),
        }
    }

    /// `if name`, where the file has set `name` to 0.
    fn is_off(&self, flat: &str) -> bool {
        let name = flat.strip_prefix("if").map(str::trim);
        name.is_some_and(|name| self.scalars.get(name) == Some(&0.0))
    }

    fn carry_out(&mut self, statement: &Statement) -> Result<(), Problem> {
        let flat = statement.flat();
        if let Some(signature) = flat.strip_prefix("function ") {
            let (output, name) = signature.split_once('=').unwrap_or(("", signature));
            let output = output.trim();
            if !output.is_empty() && !output.starts_with('[') {
                self.root = output.to_string();
            }
            // Functions after the first define constants in the file itself.
            if self.name.is_empty() {
                let name = name.split('(').next().unwrap_or(name).trim();
                self.name = name.to_string();
            }
            return Ok(());
        }
        if ["define_constants", "return", "end", "endfunction"].contains(&flat.as_str()) {
            return Ok(());
        }
        let Some((target, value)) = statement.text.split_once('=') else {
            return Err(unknown(statement));
        };
        let target = target.trim_matches(is_blank);
        if value
            .trim_matches(is_blank)
            .strip_prefix("struct")
            .is_some_and(|rest| rest.chars().all(|c| is_blank(c) || "();".contains(c)))
        {
            self.root = target.to_string();
            return Ok(());
        }
        // A script instead of a function: the struct is the one that holds what a case holds.
        if self.name.is_empty()
            && let Some((root, field)) = target.split_once('.')
            && (["baseMVA", "version"].contains(&field) || MATRICES.contains(&field))
        {
            self.root = root.to_string();
        }
        let value_at = statement.text.len() - value.len();
        if target.starts_with('[') {
            return check_constants(statement, target, value.trim_matches(is_blank));
        }
        if target.contains('(') {
            return self.convert(statement, target, value);
        }
        match self.field_of(target).map(str::to_string) {
            Some(field) => self.set_field(statement, &field, value, value_at),
            None => self.set_scalar(statement, target, value),
        }
    }

    fn set_field(
        &mut self,
        statement: &Statement,
        field: &str,
        value: &str,
        value_at: usize,
    ) -> Result<(), Problem> {
        let line = statement.line;
        let trimmed = value.trim_matches(is_blank);
        let empty = matches!(trimmed, "[]" | "{}" | "''");
        match field {
            "version" => match trimmed.trim_matches(['\'', '"']) {
                "1" | "2" => Ok(()),
                other => Err(at(
                    line,
                    format!(
                        "The file says format version {other}; Tandem reads versions 1 and 2. Save it as version 2 with savecase."
                    ),
                )),
            },
            "baseMVA" => {
                let base = evaluate(value, self).map_err(|why| cannot(statement, &why))?;
                self.base_mva = Some(base);
                Ok(())
            }
            _ if MATRICES.contains(&field) => {
                if self.matrices.contains_key(field) {
                    return Err(at(
                        line,
                        format!(
                            "The matrix {field} is given a second time. Remove one of the two."
                        ),
                    ));
                }
                let matrix = self.matrix(statement, value_at)?;
                self.matrices.insert(field.to_string(), matrix);
                Ok(())
            }
            _ if empty => Ok(()),
            _ if EXTENSIONS.contains(&field.split('.').next().unwrap_or(field)) => Err(at(
                line,
                format!(
                    "The field {field} adds constraints or costs to the problem that Tandem has no equal for. Remove it to import the rest."
                ),
            )),
            _ => {
                if let Ok(number) = evaluate(value, self) {
                    let name = format!("{}.{field}", self.root);
                    self.scalars.insert(name, number);
                }
                let whole = field.split('.').next().unwrap_or(field).to_string();
                if !self.left_out.contains(&whole) {
                    self.left_out.push(whole);
                }
                Ok(())
            }
        }
    }

    fn set_scalar(
        &mut self,
        statement: &Statement,
        name: &str,
        value: &str,
    ) -> Result<(), Problem> {
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_name || name.is_empty() || value.starts_with('=') {
            return Err(unknown(statement));
        }
        let value = evaluate(value, self).map_err(|why| cannot(statement, &why))?;
        self.scalars.insert(name.to_string(), value);
        Ok(())
    }

    /// The numbers between square brackets.
    fn matrix(&self, statement: &Statement, value_at: usize) -> Result<Matrix, Problem> {
        let value = statement.text.get(value_at..).unwrap_or("");
        let inside = value
            .trim_matches(is_blank)
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'));
        let (Some(_), Some(open)) = (inside, value.find('[')) else {
            return Err(at(
                statement.line,
                format!(
                    "The matrix is not given by numbers in brackets: {}. Save the case with savecase and open the result.",
                    short(statement)
                ),
            ));
        };
        let body = value_at + open + 1;
        let mut matrix = Matrix {
            line: statement.line,
            rows: Vec::new(),
        };
        for row in statement.rows(body) {
            // The last row also holds the closing bracket.
            let text = row.text.trim_end_matches(']').trim_end_matches(is_blank);
            if !text.is_empty() {
                let numbers = self.numbers(Piece { text, ..row })?;
                matrix.rows.push((row.line, numbers));
            }
        }
        if let Some((_, first)) = matrix.rows.first() {
            let columns = first.len();
            if let Some((line, row)) = matrix.rows.iter().find(|(_, row)| row.len() != columns) {
                return Err(at(
                    *line,
                    format!(
                        "The row has {} numbers, the first row of the matrix has {columns}. Make them equal.",
                        row.len()
                    ),
                ));
            }
        }
        Ok(matrix)
    }

    fn numbers(&self, row: Piece) -> Result<Vec<f64>, Problem> {
        row.text
            .split(|c| is_blank(c) || c == ',')
            .filter(|word| !word.is_empty())
            .map(|word| {
                word.parse::<f64>().or_else(|_| {
                    evaluate(word, self).map_err(|why| {
                        let word: String = word.chars().take(40).collect();
                        at(
                            row.line,
                            format!("\"{word}\" is not a number: {why}. Write a number."),
                        )
                    })
                })
            })
            .collect()
    }

    /// `mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3` and the like.
    fn convert(&mut self, statement: &Statement, target: &str, value: &str) -> Result<(), Problem> {
        let (Some((name, into, "")), Some((other, from, tail))) =
            (self.columns(target), self.columns(value))
        else {
            return Err(unknown(statement));
        };
        if name != other || into.len() != from.len() {
            return Err(unknown(statement));
        }
        let factor = evaluate_factor(tail, self).map_err(|why| cannot(statement, &why))?;
        let Some(matrix) = self.matrices.get_mut(&name) else {
            return Err(unknown(statement));
        };
        for (_, row) in &mut matrix.rows {
            let values: Option<Vec<f64>> = from.iter().map(|&j| row.get(j).copied()).collect();
            let Some(values) = values else {
                return Err(unknown(statement));
            };
            for (&j, value) in into.iter().zip(values) {
                let Some(place) = row.get_mut(j) else {
                    return Err(unknown(statement));
                };
                *place = value * factor;
            }
        }
        self.conversions += 1;
        Ok(())
    }

    /// Takes `mpc.bus(:, [3 4])` off the front: the matrix, its columns from 0, and what follows.
    fn columns<'a>(&self, text: &'a str) -> Option<(String, Vec<usize>, &'a str)> {
        let (name, rest) = text.trim_matches(is_blank).split_once('(')?;
        let field = self.field_of(name.trim_matches(is_blank))?.to_string();
        let rest = rest.trim_start_matches(is_blank).strip_prefix(':')?;
        let rest = rest.trim_start_matches(is_blank).strip_prefix(',')?;
        let (columns, tail) = rest.split_once(')')?;
        let columns = columns.trim_matches(is_blank);
        let list = match columns.strip_prefix('[') {
            Some(inner) => inner.strip_suffix(']')?,
            None => columns,
        };
        let places: Option<Vec<usize>> = list
            .split(|c| is_blank(c) || c == ',')
            .filter(|word| !word.is_empty())
            .map(|word| place(evaluate(word, self).ok()?))
            .collect();
        Some((field, places?, tail.trim_matches(is_blank)))
    }
}

/// `[PQ, PV, …] = idx_bus`: accepted when the names are the usual ones in the usual order.
fn check_constants(statement: &Statement, target: &str, function: &str) -> Result<(), Problem> {
    let known = CONSTANTS.iter().find(|(name, _)| *name == function);
    let names = target
        .trim_matches(['[', ']'])
        .split(|c| is_blank(c) || c == ',')
        .filter(|word| !word.is_empty());
    let usual = known.is_some_and(|(_, constants)| {
        let mut usual = constants.iter();
        names.clone().all(|name| {
            usual
                .next()
                .is_some_and(|(expected, _)| name == *expected || name == "~")
        })
    });
    if usual {
        Ok(())
    } else {
        Err(unknown(statement))
    }
}

fn short(statement: &Statement) -> String {
    let flat = statement.flat();
    let mut text: String = flat.chars().take(80).collect();
    if text.len() < flat.len() {
        text.push('…');
    }
    text
}

fn unknown(statement: &Statement) -> Problem {
    at(
        statement.line,
        format!(
            "Tandem does not know this statement: {}. Save the case with MATPOWER's savecase, which writes plain numbers, and open the result.",
            short(statement)
        ),
    )
}

fn cannot(statement: &Statement, why: &str) -> Problem {
    at(
        statement.line,
        format!(
            "Tandem cannot work out {}: {why}. Write the number itself.",
            short(statement)
        ),
    )
}
