//! Rows of the matrices of a case file: their columns, numbers and the buses that they name.

use super::super::import::Import;
use super::super::{Branch, Bus, DcLine, Generator, Load, Problem};
use super::at;
use super::program::{Matrix, Program};
use std::collections::{HashMap, HashSet};

/// Columns of the format, from 0.
pub(super) mod column {
    pub const BUS: usize = 0;
    pub const TYPE: usize = 1;
    pub const PD: usize = 2;
    pub const QD: usize = 3;
    pub const GS: usize = 4;
    pub const BASE_KV: usize = 9;
    pub const GEN_STATUS: usize = 7;
    pub const PMAX: usize = 8;
    pub const PMIN: usize = 9;
    pub const RAMP_AGC: usize = 16;
    pub const FROM: usize = 0;
    pub const TO: usize = 1;
    pub const R: usize = 2;
    pub const X: usize = 3;
    pub const RATE_A: usize = 5;
    pub const TAP: usize = 8;
    pub const SHIFT: usize = 9;
    pub const BR_STATUS: usize = 10;
    pub const ANGLES: [usize; 2] = [11, 12];
    pub const DC_STATUS: usize = 2;
    pub const DC_PMIN: usize = 9;
    pub const DC_PMAX: usize = 10;
    pub const DC_LOSS0: usize = 15;
    pub const DC_LOSS1: usize = 16;
}

/// What has been read of a file so far.
#[derive(Default)]
pub(super) struct Reader {
    pub problems: Vec<Problem>,
    pub report: Import,
    pub known: HashSet<String>,
    pub isolated: HashSet<String>,
    /// Buses that are one with another, by their ids.
    pub one_with: HashMap<String, String>,
    pub buses: Vec<Bus>,
    pub branches: Vec<Branch>,
    pub dc_lines: Vec<DcLine>,
    pub generators: Vec<Generator>,
    pub loads: Vec<Load>,
}

/// Cells of one row; the width was checked before.
pub(super) struct Row<'a> {
    pub line: usize,
    pub values: &'a [f64],
}

impl Row<'_> {
    pub fn get(&self, column: usize) -> f64 {
        self.values.get(column).copied().unwrap_or(0.0)
    }
}

pub(super) fn rows(matrix: &Matrix) -> impl Iterator<Item = Row<'_>> {
    matrix.rows.iter().map(|(line, values)| Row {
        line: *line,
        values,
    })
}

static NOTHING: Matrix = Matrix {
    line: 0,
    rows: Vec::new(),
};

impl Reader {
    pub fn error(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(at(line, message));
    }

    /// The matrix, wide enough and without NaN; an empty one when it is not there.
    pub fn matrix<'a>(&mut self, program: &'a Program, name: &str, columns: usize) -> &'a Matrix {
        let Some(matrix) = program.matrices.get(name) else {
            let message = format!("There is no matrix {name}. Add mpc.{name} = [ … ];");
            self.problems.push(Problem::error("file", message));
            return &NOTHING;
        };
        let width = matrix.rows.first().map_or(columns, |(_, row)| row.len());
        if width < columns {
            self.error(
                matrix.line,
                format!(
                    "The matrix {name} has {width} columns; the format has {columns} or more. Add the missing ones."
                ),
            );
            return &NOTHING;
        }
        for row in rows(matrix) {
            if let Some(j) = row.values.iter().position(|v| v.is_nan()) {
                let message = format!("Number {} of the row is NaN. Give a number.", j + 1);
                self.error(row.line, message);
            }
        }
        matrix
    }

    /// The id of a bus number.
    pub fn bus_id(&mut self, line: usize, number: f64) -> Option<String> {
        if number.fract() == 0.0 && (1.0..1e12).contains(&number) {
            return Some(format!("{number}"));
        }
        self.error(
            line,
            format!("The bus number is {number}. Give a whole number of 1 or more."),
        );
        None
    }

    /// The id of a bus that must be in `bus`; `None` (without a problem) when it is isolated.
    pub fn known_bus(&mut self, line: usize, number: f64) -> Option<String> {
        let id = self.bus_id(line, number)?;
        if self.known.contains(&id) {
            return Some(self.one_with.get(&id).cloned().unwrap_or(id));
        }
        if !self.isolated.contains(&id) {
            self.error(
                line,
                format!("There is no bus {id} in the matrix bus. Add it or correct the number."),
            );
        }
        None
    }
}

/// The id, with -2, -3 … from its second use on.
pub(super) fn numbered(used: &mut HashMap<String, usize>, id: String) -> String {
    let times = used.entry(id.clone()).or_default();
    *times += 1;
    match *times {
        1 => id,
        n => format!("{id}-{n}"),
    }
}
