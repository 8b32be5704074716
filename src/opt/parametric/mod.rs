//! Linear programs solved again and again with other limits, bounds and costs.
//!
//! The optimum of a linear program is an affine function of its limits as long as its basis stays optimal, and its
//! prices do not move at all: a thousand loads on a network of thirty buses have a dozen price vectors. An
//! [`Atlas`] keeps the bases it has met. A new program is answered by one of them where its point meets every
//! limit and its multipliers have the right signs, which proves it optimal; otherwise by dual simplex pivots
//! from the nearest one, and where they end is kept, too. One that has no point is answered by a combination of
//! its rows that no point can meet, kept like the bases.
//!
//! Nothing is taken on trust: what the atlas answers has the certificate of any other answer.
//!
//! Source: Gal and Nedoma, *Multiparametric linear programming*, Management Science 18 (1972) 406–422, for regions of
//! one basis; Koberstein, *The dual simplex method* (2005), for bounded variables.

mod basis;
mod next;

use super::certificate::certify;
use super::model::Model;
use super::outcome::{Duals, Outcome, Solution};
use crate::opt::{Failure, simplex};
use basis::{Answer, Contradiction, NEAR, Pivot};

pub use basis::{At, Basis};
pub use next::{Next, next};

/// Bases looked at before pivots begin from the first of them.
const LOOKED_AT: usize = 4;

/// What the answers so far came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// A basis or a contradiction that was known and looked at.
    pub known: u64,
    /// Pivots from a basis to one that was known.
    pub walked: u64,
    /// Pivots from a basis to one that is new, or to a contradiction.
    pub found: u64,
    /// The pivots taken.
    pub pivots: u64,
    /// The full path: a program the atlas does not take, or one it could not prove.
    pub anew: u64,
}

/// Optimal bases of one linear program under many data.
#[derive(Clone, Debug)]
pub struct Atlas {
    /// The last used first.
    known: Vec<Basis>,
    contradictions: Vec<Contradiction>,
    most: usize,
    tally: Tally,
}

impl Atlas {
    /// An atlas that keeps at most `most` bases, and as many contradictions.
    pub fn new(most: usize) -> Atlas {
        Atlas {
            known: Vec::new(),
            contradictions: Vec::new(),
            most: most.max(1),
            tally: Tally::default(),
        }
    }

    /// What the answers so far came from.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Bases kept.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The basis of the last optimum.
    pub fn last(&self) -> Option<&Basis> {
        self.known.first()
    }

    /// Minimises `model`, whose rows and variables stand for what those of the programs before did; its numbers may
    /// be others.
    ///
    /// Multipliers come with the answer; `unique` where no limit is met that has no price.
    pub fn solve(&mut self, model: &Model) -> Outcome {
        model.check()?;
        let linear = model.cones().is_empty() && model.quadratic_terms().is_empty();
        if !linear || model.has_integers() {
            return Err(Failure::Refused(format!(
                "`{}` is no linear program",
                model.name()
            )));
        }
        if let Some(found) = self.of_known(model) {
            self.tally.known += 1;
            return found;
        }
        if let Some(found) = self.by_pivots(model) {
            return found;
        }
        self.tally.anew += 1;
        simplex::solve(model)
    }

    /// By a basis or a contradiction that is known.
    fn of_known(&mut self, model: &Model) -> Option<Outcome> {
        for k in 0..self.known.len().min(LOOKED_AT) {
            let basis = &self.known[k];
            let Some(answer) = basis.fits(model).then(|| basis.answer(model)).flatten() else {
                continue;
            };
            if answer.furthest(model).is_none()
                && answer.is_cheapest(model, basis)
                && let Some(solution) = proven(model, answer)
            {
                self.known[..=k].rotate_right(1);
                return Some(Ok(solution));
            }
        }
        let of = |known: &Contradiction| known.holds(model);
        let k = self.contradictions.iter().position(of)?;
        self.contradictions[..=k].rotate_right(1);
        Some(Err(Failure::Infeasible))
    }

    /// By dual simplex pivots from the basis used last, or from that without a row at a limit.
    fn by_pivots(&mut self, model: &Model) -> Option<Outcome> {
        let last = self.known.first().filter(|basis| basis.fits(model));
        let start = last.and_then(|basis| basis.turned(model));
        let mut basis = start.or_else(|| Basis::slack(model))?;
        let most = 4 * (model.vars().len() + model.rows().len()) + 100;
        for _ in 0..most {
            let factored = basis.factored(model)?;
            let answer = factored.answer()?;
            let Some((place, at)) = answer.furthest(model) else {
                if !answer.is_cheapest(model, &basis) {
                    return None;
                }
                let solution = proven(model, answer)?;
                self.keep(basis);
                return Some(Ok(solution));
            };
            self.tally.pivots += 1;
            match factored.pivoted(&answer, place, at)? {
                Pivot::To(next) => basis = next,
                Pivot::None(contradiction) => {
                    if !contradiction.holds(model) {
                        return None;
                    }
                    self.tally.found += 1;
                    self.contradictions.insert(0, contradiction);
                    self.contradictions.truncate(self.most);
                    return Some(Err(Failure::Infeasible));
                }
            }
        }
        None
    }

    fn keep(&mut self, basis: Basis) {
        match self.known.iter().position(|known| *known == basis) {
            Some(k) => {
                self.tally.walked += 1;
                self.known[..=k].rotate_right(1);
            }
            None => {
                self.tally.found += 1;
                self.known.insert(0, basis);
                self.known.truncate(self.most);
            }
        }
    }
}

/// The answer of a basis with its certificate.
fn proven(model: &Model, answer: Answer) -> Option<Solution> {
    let unique = answer.room(model) > NEAR;
    let duals = Duals {
        rows: answer.y,
        reduced: answer.z,
        cones: Vec::new(),
        unique,
    };
    let proof = certify(model.name(), model, &answer.x, Some(&duals));
    proof.certified.then(|| Solution {
        objective: model.objective(&answer.x),
        x: answer.x,
        duals: Some(duals),
    })
}
