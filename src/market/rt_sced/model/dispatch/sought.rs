//! The limits after losses that hold one interval, found within one program.
//!
//! The program is solved without any, its point is screened, what is exceeded becomes rows, and the simplex goes on from
//! the basis it has: dual pivots, a few for each row. Nothing is priced and no program is written anew.

use crate::opt::{Constraint, quadratic};

use super::horizon;
use super::lines::Lines;
use super::program::{Detail, program};
use super::request::Request;
use crate::market::rt_sced::model::screening::Found;
use crate::market::rt_sced::model::system::System;
use crate::market::rt_sced::model::tried::Tried;

/// What was found.
pub struct Sought {
    /// The limits after losses that the point is near; all that were tried, where there is none.
    pub found: Found,
    /// Whether the interval has a dispatch that is secure.
    pub clears: bool,
}

/// Looks for the limits after losses that one interval meets.
pub fn sought(system: &System, request: &Request) -> Sought {
    let (mut model, columns, _) = program(system, request, Detail::Open);
    let lines = Lines::new(system, request, &columns, Detail::Open);
    let later = horizon::append(system, request, &mut model, &columns);
    // Of the intervals of the horizon, the first one first.
    let flows_at = |x: &[f64]| -> Vec<Vec<f64>> {
        let first = std::iter::once(lines.expected_flows(&columns, x));
        first.chain(later.iter().map(|i| i.flows(x))).collect()
    };
    let mut sides: Vec<Vec<(usize, bool)>> = vec![Vec::new(); 1 + later.len()];
    let mut tried = Tried::new(system);
    let outcome = quadratic::solve_lazy(&mut model, |x| {
        let mut rows: Vec<Constraint> = lines.exceeded(&columns, x, &mut sides[0]);
        for (interval, sides) in later.iter().zip(&mut sides[1..]) {
            rows.extend(interval.exceeded(x, sides));
        }
        if rows.is_empty() {
            tried.exceeded(system, &flows_at(x), |n, limit, upper| {
                rows.push(match n.checked_sub(1) {
                    None => lines.row_of(&columns, limit, upper),
                    Some(n) => later[n].row_of(limit, upper),
                });
            });
        }
        rows
    });
    let flows = outcome.ok().map(|solution| flows_at(&solution.x));
    Sought {
        found: tried.near(flows.as_deref()),
        clears: flows.is_some(),
    }
}
