//! The scale of a program: one for its variables, one for its costs.
//!
//! ```text
//! x = s x',  c = p c'   ⇒   bounds and limits / s,  costs / p,  duals = p · duals',  cost = s p · cost'
//! ```
//!
//! Every tolerance of a solver is a number, so a program in W written in MW would be missed by more
//! than it holds. Solvers, prices and certificates therefore see a program whose largest bound or
//! limit, and whose largest cost, are of an ordinary size. Both factors are powers of two, so that
//! nothing is rounded, and 1 for all programs of ordinary sizes. A program with integers is left as
//! it is.

use super::model::{Constraint, Model};
use super::outcome::{Duals, Outcome};

/// Largest bounds and limits between these are ordinary.
const SIZES: (f64, f64) = (1.0 / 8.0, 1_048_576.0);

/// Largest costs per unit between these are ordinary.
const PRICES: (f64, f64) = (1.0 / 8.0, 1_048_576.0);

/// s and p.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub size: f64,
    pub price: f64,
}

/// The unit in which a program of powers (or other amounts) up to `largest` is ordinary: a power of
/// two, 1 for all ordinary sizes. Absolute tolerances are meant in it.
pub fn unit(largest: f64) -> f64 {
    power_of_two(largest, SIZES)
}

/// The power of two next to `largest`, or 1 where that is ordinary.
fn power_of_two(largest: f64, (least, most): (f64, f64)) -> f64 {
    if largest == 0.0 || !largest.is_finite() || (least..=most).contains(&largest) {
        1.0
    } else {
        libm::exp2(libm::log2(largest).round().clamp(-500.0, 500.0))
    }
}

impl Scale {
    pub fn of(model: &Model) -> Scale {
        if model.has_integers() {
            return Scale {
                size: 1.0,
                price: 1.0,
            };
        }
        let largest = |values: &mut dyn Iterator<Item = f64>| {
            let sizes = values.filter(|v| v.is_finite());
            sizes.fold(0.0_f64, |most, v| most.max(v.abs()))
        };
        let bounds = model.vars().iter().flat_map(|c| [c.lower, c.upper]);
        let limits = model.rows().iter().flat_map(|r| [r.lower, r.upper]);
        let cones = model.cones().iter().flat_map(|c| &c.rows);
        let constants = cones.map(|row| row.constant);
        let size = model.unit().unwrap_or_else(|| {
            let mut all = bounds.chain(limits).chain(constants);
            unit(largest(&mut all))
        });
        let linear = model.vars().iter().map(|c| c.cost);
        let quadratic = model.quadratic_terms().iter().map(|(_, _, q)| q * size);
        Scale {
            size,
            price: power_of_two(largest(&mut linear.chain(quadratic)), PRICES),
        }
    }

    pub fn is_one(self) -> bool {
        self.size == 1.0 && self.price == 1.0
    }

    /// The program in x' and c'.
    pub fn model(self, model: &Model) -> Model {
        model.scaled(self.size, self.price)
    }

    /// The program in x and c of one in x' and c'.
    pub fn model_outward(self, scaled: &Model) -> Model {
        scaled.scaled(1.0 / self.size, 1.0 / self.price)
    }

    /// x' of a point x.
    pub fn inward(self, x: &[f64]) -> Vec<f64> {
        x.iter().map(|x| x / self.size).collect()
    }

    /// x of a point x'.
    pub fn outward(self, x: &[f64]) -> Vec<f64> {
        x.iter().map(|x| x * self.size).collect()
    }

    /// A row over x as one over x'.
    pub fn row(self, row: Constraint) -> Constraint {
        Constraint {
            lower: row.lower / self.size,
            upper: row.upper / self.size,
            ..row
        }
    }

    /// Multipliers of the program as written, from those of the scaled one.
    pub fn duals(self, duals: Duals) -> Duals {
        times(duals, self.price)
    }

    /// The other way round.
    pub fn duals_inward(self, duals: &Duals) -> Duals {
        times(duals.clone(), 1.0 / self.price)
    }

    /// An outcome of the scaled program as one of `model`.
    pub fn outcome(self, model: &Model, outcome: Outcome) -> Outcome {
        let mut solution = outcome?;
        solution.x = self.outward(&solution.x);
        solution.objective = model.objective(&solution.x);
        solution.duals = solution.duals.map(|duals| self.duals(duals));
        Ok(solution)
    }
}

fn times(mut duals: Duals, factor: f64) -> Duals {
    let all = [&mut duals.rows, &mut duals.reduced];
    for values in all.into_iter().chain(&mut duals.cones) {
        values.iter_mut().for_each(|v| *v *= factor);
    }
    duals
}
