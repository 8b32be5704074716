//! Linear, quadratic and second-order cone programs by interior point (clarabel).
//!
//! The model is written as A x + s = b with s in a product of cones (`standard`), scaled
//! and handed to the crate (`engine`), and what comes back is judged by the certificate
//! recomputed from the model, not by the status of the crate: a point that misses
//! [`TOLERANCE`](super::certificate::TOLERANCE) is tried again with other scaling, and one
//! that passes is an answer even where the crate wished for more digits.
//!
//! The point is in the middle of the optimal face where that is not a single point: take
//! duals from here, never from the active set of this x.
//!
//! A model that is solved again with other limits, bounds or costs is a [`Session`].

mod engine;
mod session;
mod standard;

use super::model::Model;
use super::outcome::Outcome;
use engine::Engine;

pub use session::Session;

/// What the last solve took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Interior-point iterations, over all tries.
    pub iterations: u32,
    /// Tries after the first.
    pub retries: u32,
}

/// Minimises a model without integers; duals come with the solution.
pub fn solve(model: &Model) -> Outcome {
    solve_with_effort(model).0
}

/// [`solve`], and what it took.
pub fn solve_with_effort(model: &Model) -> (Outcome, Effort) {
    match Engine::new(model) {
        Ok(mut engine) => {
            let outcome = engine.solve(model);
            (outcome, engine.effort())
        }
        Err(why) => (Outcome::Failed(why), Effort::default()),
    }
}
