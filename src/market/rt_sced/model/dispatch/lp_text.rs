//! The program of one interval with every limit a row, as text.

use crate::opt::{Model, lp_file as file, union_jack};

use super::bids::{surfaces, tie_others};
use super::clearing::{NoDispatch, anew};
use super::horizon;
use super::lines::{Lines, side_of};
use super::program::{Columns, Detail, program};
use super::request::Request;
use crate::market::rt_sced::model::system::System;

/// The whole program with every limit written out.
///
/// Equivalents are opened: their DERs stand at their own buses on critical lines and behind the
/// factors on the others, which is the program whose projection the exact curves are.
/// The balance is its first row, the two sides of every limit follow, then the intervals looked
/// ahead at.
pub(super) fn full_program(system: &System, request: &Request) -> (Model, Columns) {
    let (mut model, columns, _) = program(system, request, Detail::Open);
    let lines = Lines::new(system, request, &columns, Detail::Open);
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
        }
    }
    let later = horizon::append(system, request, &mut model, &columns);
    for interval in later {
        for k in 0..system.limits.len() {
            for upper in [true, false] {
                model.push(interval.row(k, upper));
            }
        }
    }
    (model, columns)
}

/// The program of one interval as text, every limit a named row.
///
/// With exact curves the cuts are those the dispatch needed; with Union Jack bids it is the whole
/// integer program.
///
/// # Errors
/// As [`dispatch`](super::interval::dispatch), where the cuts have to be found first.
pub fn lp_file(system: &System, request: &Request) -> Result<String, NoDispatch> {
    let equivalents = request.equivalents();
    if equivalents.is_empty() {
        return Ok(file::write(&full_program(system, request).0));
    }
    if equivalents.iter().any(|e| e.jack.is_some()) {
        return Ok(file::write(&integer_program(system, request)));
    }
    let mut cleared = anew(system, request)?;
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            let mut rows = cleared.model.rows().iter();
            if rows.all(|row| row.tag != side_of(k, upper)) {
                let row = cleared.lines.row(&cleared.columns, k, upper);
                cleared.model.push(row);
            }
        }
    }
    Ok(file::write(&cleared.model))
}

/// The integer program with Union Jack bids over the whole grids, every limit a row.
pub fn integer_program(system: &System, request: &Request) -> Model {
    let (mut model, columns, _) = program(system, request, Detail::Aggregated);
    let lines = Lines::new(system, request, &columns, Detail::Aggregated);
    for k in (0..system.limits.len()).filter(|&k| !lines.covered(k)) {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
        }
    }
    tie_others(&mut model, &lines, &columns);
    union_jack::whole(&model, &surfaces(&lines, &columns))
}
