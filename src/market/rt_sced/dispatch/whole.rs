//! The program of one interval with every limit a row: as text, and to explain why it has no answer.

use crate::opt::infeasible::{Explanation, Limit, explain_among, linear};
use crate::opt::{Model, NewRow, Var, union_jack};

use super::super::system::System;
use super::bids::{surfaces, tie_others};
use super::lines::Lines;
use super::program::{Owner, View, program};
use super::{Failure, Request, clear};

/// Why nothing could be dispatched.
pub struct Conflict {
    pub explanation: Explanation,
    /// Aggregators on a Union Jack, where the program without the grid has a dispatch: no triangle
    /// of the grid holds one.
    pub off_grid: Vec<usize>,
    rows: Vec<Cause>,
    columns: Vec<Cause>,
}

impl Conflict {
    /// What a limit of the program stands for.
    pub fn cause(&self, limit: Limit) -> Option<Cause> {
        match limit {
            Limit::RowLower(row) | Limit::RowUpper(row) => self.rows.get(row.0).copied(),
            Limit::VarLower(var) | Limit::VarUpper(var) => self.columns.get(var.0).copied(),
            Limit::Cone(_) => None,
        }
    }
}

/// What a row or bound of the program stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Balance,
    Line(usize),
    Generator(usize),
    Der(usize),
}

/// The whole program with every limit written out, and what its rows and columns stand for.
///
/// Equivalents are opened: their DERs stand at their own buses on critical lines and behind the
/// factors on the others, which is the program whose projection the exact curves are.
pub(super) fn full_program(system: &System, request: &Request) -> (Model, Vec<Cause>, Vec<Cause>) {
    let (mut model, columns, _) = program(system, request, View::Open);
    let lines = Lines::new(system, request, &columns, View::Open);
    let mut rows = vec![Cause::Balance];
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
            rows.push(Cause::Line(k));
        }
    }
    let cause = |owner: &Owner| match *owner {
        Owner::Generator(g) => Some(Cause::Generator(g)),
        Owner::Der(d) => Some(Cause::Der(d)),
        _ => None,
    };
    let columns = columns.owner.iter().filter_map(cause).collect();
    (model, rows, columns)
}

/// The program of one interval as text, every limit a named row.
///
/// With exact curves the cuts are those the dispatch needed; with Union Jack bids it is the whole
/// integer program.
///
/// # Errors
/// As [`super::dispatch`](super::dispatch()), where the cuts have to be found first.
pub fn lp_file(system: &System, request: &Request) -> Result<String, Failure> {
    let equivalents = request.sight.equivalents();
    if equivalents.is_empty() {
        return Ok(crate::opt::lp_file::write(&full_program(system, request).0));
    }
    if equivalents.iter().any(|e| e.jack.is_some()) {
        return Ok(crate::opt::lp_file::write(&integer_program(
            system, request,
        )));
    }
    let mut cleared = clear(system, request)?;
    let has = |model: &Model, row: &NewRow| model.rows().iter().any(|r| r.name == row.name);
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            let row = cleared.lines.row(&cleared.columns, k, upper);
            if !has(&cleared.model, &row) {
                cleared.model.push(row);
            }
        }
    }
    Ok(crate::opt::lp_file::write(&cleared.model))
}

/// The integer program with Union Jack bids over the whole grids, every limit a row.
pub fn integer_program(system: &System, request: &Request) -> Model {
    let (mut model, columns, _) = program(system, request, View::Aggregated);
    let lines = Lines::new(system, request, &columns, View::Aggregated);
    for k in (0..system.limits.len()).filter(|&k| !lines.covered(k)) {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
        }
    }
    tie_others(&mut model, &lines, &columns);
    union_jack::whole(&model, &surfaces(&lines, &columns))
}

/// Explains an infeasible interval by the limits a user can change: lines, load, and the ranges
/// of resources. That no output is negative is not up for change.
pub(super) fn conflict(system: &System, request: &Request) -> Conflict {
    let (model, rows, columns) = full_program(system, request);
    let lower = |var: Var| model.vars().get(var.0).map_or(0.0, |column| column.lower);
    let explanation = explain_among(&model, linear, |limit| match limit {
        Limit::VarLower(var) => lower(var) > 0.0,
        _ => true,
    });
    let equivalents = request.sight.equivalents().iter();
    let on_grid = equivalents.filter(|e| e.jack.is_some()).map(|e| e.group);
    Conflict {
        off_grid: match explanation.relaxations.is_empty() && explanation.total == 0.0 {
            true => on_grid.collect(),
            false => Vec::new(),
        },
        explanation,
        rows,
        columns,
    }
}
