//! Best bids by one mixed-integer program: every pair with a binary and its two big-Ms.

use crate::opt::{Failure, Model, simplex};

use super::kkt::Kkt;

/// The program: slack ≤ M z, dual ≤ M (1 − z).
pub fn program(kkt: &Kkt) -> Model {
    let free = f64::INFINITY;
    let mut model = kkt.model.clone();
    for (i, pair) in kkt.pairs.iter().enumerate() {
        let z = model.integer(format!("z_{i}"), 0.0, 1.0, 0.0);
        let mut slack = pair.slack.terms.clone();
        slack.push((z, -pair.slack.most));
        model.row(format!("slack_{i}"), slack, -free, -pair.slack.constant);
        let mut dual = pair.dual.terms.clone();
        dual.push((z, pair.dual.most));
        let right = pair.dual.most - pair.dual.constant;
        model.row(format!("dual_{i}"), dual, -free, right);
    }
    model
}

/// The best point and its profit, $ per hour; `None` where the search ends with a gap.
///
/// # Errors
/// A search that fails.
pub fn solve(kkt: &Kkt, node_limit: usize) -> Result<Option<(Vec<f64>, f64)>, Failure> {
    let solution = match simplex::solve_within(&program(kkt), node_limit as u64) {
        Err(Failure::Stopped(_)) => return Ok(None),
        solved => solved?,
    };
    let profit = -kkt.model.objective(&solution.x);
    Ok(Some((solution.x, profit)))
}
