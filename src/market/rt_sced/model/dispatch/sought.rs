//! The limits after losses that hold one interval, found within one program.
//!
//! The program is solved without any, its point is screened, what is exceeded becomes rows, and the simplex goes on from
//! the basis it has: dual pivots, a few for each row. Nothing is priced and no program is written anew.

use std::collections::BTreeSet;

use crate::opt::{Constraint, quadratic};

use super::horizon;
use super::lines::Lines;
use super::pricing::FAR;
use super::program::{Detail, program};
use super::request::Request;
use crate::market::rt_sced::model::limit::{Limit, Outage};
use crate::market::rt_sced::model::outages::Loss;
use crate::market::rt_sced::model::security::{Pairs, Screened, known, limit_of, screen};
use crate::market::rt_sced::model::system::System;

/// What was found.
pub struct Sought {
    /// The limits after losses that the point is near; all that were tried, where there is none.
    pub pairs: Pairs,
    /// Whether the interval has a dispatch that is secure.
    pub clears: bool,
}

/// A limit after a loss that is tried.
struct Tried {
    line: usize,
    outage: Outage,
    limit: Limit,
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
    let mut held: BTreeSet<(usize, Loss)> = known(&system.limits);
    let mut tried: Vec<Tried> = Vec::new();
    let outcome = quadratic::solve_lazy(&mut model, |x| {
        let mut rows: Vec<Constraint> = lines.exceeded(&columns, x, &mut sides[0]);
        for (interval, sides) in later.iter().zip(&mut sides[1..]) {
            rows.extend(interval.exceeded(x, sides));
        }
        if !rows.is_empty() {
            return rows;
        }
        let flows = flows_at(x);
        let flows: Vec<&[f64]> = flows.iter().map(Vec::as_slice).collect();
        let Screened { exceeded, .. } = screen(system, &flows, &held);
        for beyond in exceeded {
            let outage = Outage {
                lost: beyond.lost,
                share: beyond.share,
                place: system.place_of(beyond.lost),
            };
            let limit = limit_of(system, beyond.limit, outage);
            held.insert((limit.branch, beyond.lost));
            // Both sides of it, in every interval: it is not looked at again.
            for upper in [beyond.upper, !beyond.upper] {
                rows.push(lines.row_of(&columns, &limit, upper));
                let later = later.iter();
                rows.extend(later.map(|interval| interval.row_of(&limit, upper)));
            }
            tried.push(Tried {
                line: beyond.limit,
                outage,
                limit,
            });
        }
        rows
    });
    let solution = outcome.ok();
    let flows = solution.as_ref().map(|solution| flows_at(&solution.x));
    let is_near = |limit: &Limit| {
        let from = limit.max_p_mw - FAR * (1.0 + limit.max_p_mw);
        let near = |flows: &Vec<f64>| limit.flow_mw(flows).abs() >= from;
        flows.as_ref().is_none_or(|flows| flows.iter().any(near))
    };
    let near = tried.iter().filter(|tried| is_near(&tried.limit));
    let pairs = near.map(|tried| ((tried.line, tried.outage.lost), tried.outage.share));
    Sought {
        pairs: pairs.collect(),
        clears: solution.is_some(),
    }
}
