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
//! A model that is solved again with other limits, bounds or costs is a [`Session`]; from an optimum nearby the
//! next is found by Newton's method (`follow`), where that proves itself.

mod engine;
mod fixed;
mod follow;
mod newton;
mod session;
mod standard;

use super::model::Model;
use super::outcome::{Outcome, Solution};
use super::scale::Scale;
use crate::opt::Failure;
pub use engine::Engine;
use follow::follow;

pub use fixed::Held;
pub use session::Session;

/// What the last solve took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effort {
    /// Interior-point iterations, over all tries.
    pub iterations: u32,
    /// Tries after the first.
    pub retries: u32,
    /// Gap of an answer that does not prove itself ([`Session::accept`]), relative as in the
    /// certificate; 0 for one that does.
    pub gap: f64,
}

/// Minimises a model without integers; duals come with the solution.
pub fn solve(model: &Model) -> Outcome {
    solve_with_effort(model).0
}

/// [`solve`], and what it took. Variables that their bounds hold are left out.
pub fn solve_with_effort(model: &Model) -> (Outcome, Effort) {
    if let Err(why) = model.check() {
        return (Err(why), Effort::default());
    }
    let scale = Scale::of(model);
    if !scale.is_one() {
        let (outcome, effort) = solve_free(&scale.model(model));
        return (scale.outcome(model, outcome), effort);
    }
    solve_free(model)
}

fn solve_free(model: &Model) -> (Outcome, Effort) {
    if !model.vars().iter().any(|c| c.lower == c.upper) {
        return solve_as_written(model);
    }
    let Ok(held) = Held::of(model) else {
        return (Err(Failure::Infeasible), Effort::default());
    };
    let (outcome, effort) = solve_as_written(&held.model);
    (outcome.map(|found| held.whole(model, found)), effort)
}

/// [`solve`] near the optimum `known` of a model with the same variables and cones, and with these rows or
/// further ones after them: by Newton's method where the way from there is short.
pub fn solve_from(model: &Model, known: &Solution) -> Outcome {
    match follow(model, known, None) {
        Some(found) => {
            super::count::one_more();
            Ok(found)
        }
        None => solve(model),
    }
}

/// [`solve`]; where no try proves itself the best point that meets its limits, if its gap is at
/// most `gap`. Its certificate says that it is not proven.
pub fn solve_nearly(model: &Model, gap: f64) -> Outcome {
    let held = Held::of(model)?;
    let mut session = Session::new(held.model.clone())?;
    session.accept(gap, usize::MAX);
    Ok(held.whole(model, session.solve()?))
}

fn solve_as_written(model: &Model) -> (Outcome, Effort) {
    match Engine::new(model) {
        Ok(mut engine) => {
            let outcome = engine.solve(model);
            (outcome, engine.effort())
        }
        Err(why) => (Err(why), Effort::default()),
    }
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::fixed::*;
    pub use super::{Engine, solve};
}
