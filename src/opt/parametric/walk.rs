//! From a basis that proves a bound to the optimum of a program whose limits have been moved: dual simplex pivots alone.

use super::super::model::Model;
use super::Atlas;
use super::basis::{Basis, Pivot};

/// Where pivots end.
pub enum Walk {
    Optimum(Reached),
    /// No point costs as little as was asked.
    Dearer,
    /// No point meets the limits.
    Infeasible,
}

/// An optimum and its basis.
pub struct Reached {
    pub x: Vec<f64>,
    pub objective: f64,
    pub basis: Basis,
    /// Everything held at a limit has a price, so that every other point costs more.
    pub alone: bool,
}

/// The optimum of `model`, if it costs no more than `most`, by pivots from `start`.
///
/// `start` is optimal for a program with the same costs whose rows at a limit are the same; other rows, limits and
/// bounds may have changed. `None` is no answer: the basis is none of the model, or rounding got in the way.
pub fn walk(model: &Model, start: &Basis, most: f64) -> Option<Walk> {
    if !start.fits(model) {
        return None;
    }
    let mut basis = start.clone();
    let limit = 4 * (model.vars().len() + model.rows().len()) + 100;
    for _ in 0..limit {
        let factored = basis.factored(model)?;
        let answer = factored.answer()?;
        // The cost at a basis whose multipliers have the right signs bounds that of every point from below.
        if !answer.is_cheapest(model, &basis) {
            return None;
        }
        let objective = model.objective(&answer.x);
        if objective > most {
            return Some(Walk::Dearer);
        }
        let Some((place, at)) = answer.furthest(model) else {
            let alone = answer.is_alone(model, &basis);
            return Some(Walk::Optimum(Reached {
                x: answer.x,
                objective,
                basis,
                alone,
            }));
        };
        match factored.pivoted(&answer, place, at)? {
            Pivot::To(next) => basis = next,
            Pivot::None(contradiction) if contradiction.holds(model) => {
                return Some(Walk::Infeasible);
            }
            Pivot::None(_) => return None,
        }
    }
    None
}

impl Atlas {
    /// An optimum of a program with its basis; `None` where there is none, or none is proven.
    pub fn optimum(&mut self, model: &Model) -> Option<Reached> {
        let near = self.last().filter(|basis| basis.fits(model)).cloned();
        let (solution, alone) = match near {
            Some(near) => self.by_pivots(model, Some(&near))?,
            None => self.answered(model)?,
        }
        .ok()?;
        Some(Reached {
            x: solution.x,
            objective: solution.objective,
            basis: self.last()?.clone(),
            alone,
        })
    }
}
