//! Limits, and which of them something stands at.

use super::model::{Column, Constraint};

/// A limit is crossed, or a multiplier of the wrong sign, by more than this beside its size.
pub(super) const NEAR: f64 = 1e-9;

/// Where something stands that is not solved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum At {
    Lower,
    Upper,
}

impl At {
    pub(super) fn of(self, (lower, upper): (f64, f64)) -> f64 {
        match self {
            At::Lower => lower,
            At::Upper => upper,
        }
    }

    /// Which way something beyond this limit has to move.
    pub(super) fn way(self) -> f64 {
        match self {
            At::Lower => 1.0,
            At::Upper => -1.0,
        }
    }

    /// The sign of a multiplier here, 0 where both limits are one.
    pub(super) fn sign(self, (lower, upper): (f64, f64)) -> f64 {
        match self {
            _ if lower == upper => 0.0,
            At::Lower => 1.0,
            At::Upper => -1.0,
        }
    }
}

/// A row, or a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    Row(usize),
    Column(usize),
}

pub(super) fn bounds(column: &Column) -> (f64, f64) {
    (column.lower, column.upper)
}

pub(super) fn limits(row: &Constraint) -> (f64, f64) {
    (row.lower, row.upper)
}
