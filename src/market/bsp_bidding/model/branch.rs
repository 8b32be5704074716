//! Best bids by branching on complementarity.
//!
//! The relaxation drops the pairs; where its point violates one, either its slack or its dual is
//! zero, and each half is a relaxation of its own. The half with the best bound is looked at first,
//! and none that cannot beat the best point known: candidate prices give the first.

use std::collections::BinaryHeap;

use crate::opt::{Failure, Row, Var, simplex};

use super::kkt::{Fix, Kkt};

/// The end of a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// Best point, if any beat what was known.
    pub x: Option<Vec<f64>>,
    pub profit: f64,
    /// No bids earn more, $ per hour.
    pub bound: f64,
    pub nodes: usize,
}

struct Node {
    bound: f64,
    /// Pairs decided: index, and whether the slack is zero.
    path: Vec<(usize, bool)>,
    x: Vec<f64>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Node {}
impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Node) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Node {
    fn cmp(&self, other: &Node) -> std::cmp::Ordering {
        // Deeper first at equal bounds: it is nearer to a point.
        let depth = self.path.len().cmp(&other.path.len());
        self.bound.total_cmp(&other.bound).then(depth)
    }
}

/// Smallest gain worth a further node, relative to 1 + |profit|.
const GAIN: f64 = 1e-9;

/// Searches for bids that earn more than `known`, $ per hour.
///
/// # Errors
/// A relaxation that fails other than by having no point.
pub fn search(kkt: &Kkt, known: f64, node_limit: usize) -> Result<Found, Failure> {
    let mut work = kkt.clone();
    let mut found = Found {
        x: None,
        profit: known,
        bound: f64::NEG_INFINITY,
        nodes: 0,
    };
    let mut open = BinaryHeap::new();
    let mut visit =
        |path: Vec<(usize, bool)>, found: &mut Found| -> Result<Option<Node>, Failure> {
            found.nodes += 1;
            let Some(x) = relaxed(&mut work, kkt, &path)? else {
                return Ok(None);
            };
            let bound = -kkt.model.objective(&x);
            Ok(Some(Node { bound, path, x }))
        };
    open.extend(visit(Vec::new(), &mut found)?);
    while let Some(node) = open.pop() {
        let wanted = found.profit + GAIN * (1.0 + found.profit.abs());
        if node.bound <= wanted && found.x.is_some() || node.bound < found.profit - 1e-6 {
            found.bound = found.profit.max(node.bound);
            return Ok(found);
        }
        let Some((pair, _)) = kkt.worst(&node.x) else {
            // A point of the market: no open node has a better bound.
            if node.bound > found.profit || found.x.is_none() {
                found.profit = node.bound;
                found.x = Some(node.x);
            }
            continue;
        };
        if found.nodes >= node_limit {
            found.bound = found.profit.max(node.bound);
            return Ok(found);
        }
        for slack in [true, false] {
            let mut path = node.path.clone();
            path.push((pair, slack));
            open.extend(visit(path, &mut found)?);
        }
    }
    found.bound = found.profit;
    Ok(found)
}

/// The relaxation with the pairs of `path` decided; `None` where it has no point.
fn relaxed(work: &mut Kkt, kkt: &Kkt, path: &[(usize, bool)]) -> Result<Option<Vec<f64>>, Failure> {
    let mut touched: Vec<Var> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut possible = true;
    for &(pair, slack) in path {
        let pair = &kkt.pairs[pair];
        let side = if slack { &pair.slack } else { &pair.dual };
        match side.zero {
            Fix::Bounds(var, low, high) => {
                let column = &work.model.vars()[var.0];
                let (low, high) = (column.lower.max(low), column.upper.min(high));
                possible &= low <= high;
                work.model.set_bounds(var, low, high);
                touched.push(var);
            }
            Fix::Equal(row, at) => {
                work.model.set_limits(row, at, at);
                rows.push(row);
            }
        }
    }
    let outcome = if possible {
        simplex::solve(&work.model)
    } else {
        Err(Failure::Infeasible)
    };
    for var in touched {
        let column = &kkt.model.vars()[var.0];
        work.model.set_bounds(var, column.lower, column.upper);
    }
    for row in rows {
        let own = &kkt.model.rows()[row.0];
        work.model.set_limits(row, own.lower, own.upper);
    }
    match outcome {
        Err(Failure::Infeasible) => Ok(None),
        other => Ok(Some(other?.x)),
    }
}
