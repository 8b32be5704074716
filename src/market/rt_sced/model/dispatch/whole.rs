//! The program of one interval as data for a map: every DER at its own bus, every limit a row.

use crate::opt::{Model, Row};

use super::lp_text::full_program;
use super::program::Owner;
use super::request::Request;
use crate::market::rt_sced::model::system::{System, Unit};

/// A program, and whose block each of its columns is.
pub struct Whole {
    pub model: Model,
    pub blocks: Vec<Unit>,
}

/// The balance of a [`Whole`].
pub const BALANCE: Row = Row(0);

/// The rows of limit `k` in a [`Whole`]: from → to, and the other way.
pub fn sides(k: usize) -> [Row; 2] {
    [Row(1 + 2 * k), Row(2 + 2 * k)]
}

/// The limit of a row and whether it is that from → to; `None` of the balance.
pub fn limit_of(row: Row) -> Option<(usize, bool)> {
    let k = row.0.checked_sub(1)?;
    Some((k / 2, k % 2 == 0))
}

/// The program of a request without aggregation.
pub fn whole(system: &System, request: &Request) -> Whole {
    let (model, columns) = full_program(system, request);
    let blocks = columns.owner.iter().filter_map(|owner| match *owner {
        Owner::Generator(g) => Some(Unit::Generator(g)),
        Owner::Der(d) => Some(Unit::Der(d)),
        _ => None,
    });
    Whole {
        blocks: blocks.collect(),
        model,
    }
}
