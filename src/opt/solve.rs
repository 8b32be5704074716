//! A continuous model with its prices, by whichever solver suits it.

use super::certificate::certify;
use super::model::Model;
use super::outcome::{Outcome, Solution};
use super::prices::DualFace;
use super::{conic, simplex};

/// Linear models of at most this many variables go to the simplex: its vertex is exact
/// where an interior point is not, and the dense factor of its prices is still cheap.
pub const SIMPLEX_COLUMNS: usize = 400;

/// Minimises a model without integers; an optimum always comes with its multipliers.
///
/// A linear model of at most [`SIMPLEX_COLUMNS`] variables gets a vertex and, where the
/// prices are not unique, a vertex of the dual face; any other model, and one whose vertex
/// the prices do not prove optimal, gets the interior point, and a linear one that defeats it a
/// vertex after all. Models with integers are
/// [`Failure::Refused`](super::Failure::Refused): fix them first ([`Model::fix_integers`]).
pub fn solve_priced(model: &Model) -> Outcome {
    let linear = model.quadratic_terms().is_empty() && model.cones().is_empty();
    if !linear || model.has_integers() {
        return conic::solve(model);
    }
    let vertex = || match simplex::solve(model) {
        Ok(vertex) => priced(model, vertex).map(Ok),
        Err(why) if !why.is_answer() => None,
        ended => Some(ended),
    };
    if model.vars().len() <= SIMPLEX_COLUMNS {
        return vertex().unwrap_or_else(|| conic::solve(model));
    }
    match conic::solve(model) {
        Err(why) if !why.is_answer() => vertex().unwrap_or(Err(why)),
        ended => ended,
    }
}

/// A vertex with multipliers that prove it; `None` where there are none.
fn priced(model: &Model, vertex: Solution) -> Option<Solution> {
    let duals = DualFace::new(model, &vertex.x).ok()?.duals(&[]).ok()?;
    let proof = certify(model.name(), model, &vertex.x, Some(&duals));
    proof.certified.then_some(Solution {
        duals: Some(duals),
        ..vertex
    })
}
