//! What optimises, knowing nothing of power systems: solvers against each other and against programs solved by hand.

mod conic;
mod conic_fixed;
mod curve;
mod follow;
mod infeasible;
mod integer;
mod iteration;
mod linear;
mod lp_file;
mod parametric;
mod presolve;
mod prices;
mod projection;
mod quadratic;
mod regions;
mod scale;
mod search;
mod session;
mod sort;
mod sparse;

use tandem::opt::{Model, Solution, simplex};

#[track_caller]
fn close(ours: f64, expected: f64) {
    assert!((ours - expected).abs() < 1e-9, "{ours} is not {expected}");
}

/// The optimum of a linear program.
fn optimum(model: &Model) -> Solution {
    match simplex::solve(model) {
        Ok(solution) => solution,
        other => panic!("{}: {other:?}", model.name()),
    }
}
