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
mod bent;
mod borders;
mod family;
mod next;
mod pieces;
mod ready;
mod region;
mod regions;
mod walk;

use super::at::NEAR;
use super::certificate::certify;
use super::model::Model;
use super::outcome::{Duals, Outcome, Solution};
use crate::opt::{Failure, simplex};
use basis::{Answer, Pivot};

pub use basis::{Basis, Contradiction};
pub use bent::next;
pub use family::{Cost, Family, Linear, SAMPLES};
pub use next::Next;
pub use ready::{AtBounds, Ray, Ready};
pub use region::{Beyond, Cross, Edge, Kind, Optimum, Region};
pub use regions::{Map, map};
pub use walk::{Reached, Walk, walk};

/// Bases looked at before pivots begin from the last.
const LOOKED_AT: usize = 16;

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
    /// Those that answered more often before the others.
    known: Vec<Basis>,
    /// Place of the last that answered.
    last: usize,
    contradictions: Vec<Contradiction>,
    most: usize,
    tally: Tally,
}

impl Atlas {
    /// An atlas that keeps at most `most` bases, and as many contradictions.
    pub fn new(most: usize) -> Atlas {
        Atlas {
            known: Vec::new(),
            last: 0,
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
        self.known.get(self.last)
    }

    /// Minimises `model`, whose rows and variables stand for what those of the programs before did; its numbers may
    /// be others.
    ///
    /// Multipliers come with the answer; `unique` where no limit is met that has no price.
    ///
    /// # Errors
    /// As any solver, and for what is no linear program.
    pub fn solve(&mut self, model: &Model) -> Outcome {
        model.check()?;
        if !is_linear(model) {
            let why = format!("`{}` is no linear program", model.name());
            return Err(Failure::Refused(why));
        }
        match self.answered(model) {
            Some(answered) => answered.map(|(solution, _)| solution),
            None => {
                self.tally.anew += 1;
                simplex::solve(model)
            }
        }
    }

    /// The optimum where its basis proves that no other point costs as little: everything held at a limit has a price;
    /// or why there is none. `None` is no answer.
    ///
    /// Where a basis is known to be near it is where pivots begin, and no other is looked at.
    pub fn only(
        &mut self,
        model: &Model,
        near: Option<&Basis>,
    ) -> Option<Result<Solution, &Contradiction>> {
        if model.check().is_err() || !is_linear(model) {
            return None;
        }
        let answered = match near.filter(|basis| basis.fits(model)) {
            Some(near) => self.by_pivots(model, Some(near))?,
            None => self.answered(model)?,
        };
        match answered {
            Ok((solution, alone)) => alone.then_some(Ok(solution)),
            // The last that answered stands first.
            Err(_) => self.contradictions.first().map(Err),
        }
    }

    /// The optimum, and whether it is the only one.
    fn answered(&mut self, model: &Model) -> Option<Result<(Solution, bool), Failure>> {
        if let Some(found) = self.of_known(model) {
            self.tally.known += 1;
            return Some(found);
        }
        self.by_pivots(model, None)
    }

    /// By a basis or a contradiction that is known.
    fn of_known(&mut self, model: &Model) -> Option<Result<(Solution, bool), Failure>> {
        let others = (0..self.known.len().min(LOOKED_AT)).filter(|&k| k != self.last);
        let places = std::iter::once(self.last).chain(others);
        for k in places.collect::<Vec<_>>() {
            let Some(basis) = self.known.get(k) else {
                continue;
            };
            if let Some(found) = basis.fits(model).then(|| by(model, basis)).flatten() {
                self.used(k);
                return Some(Ok(found));
            }
        }
        let of = |known: &Contradiction| known.holds(model);
        let k = self.contradictions.iter().position(of)?;
        self.contradictions[..=k].rotate_right(1);
        Some(Err(Failure::Infeasible))
    }

    /// By dual simplex pivots from a basis, from that used last, or from that without a row at a limit.
    fn by_pivots(
        &mut self,
        model: &Model,
        near: Option<&Basis>,
    ) -> Option<Result<(Solution, bool), Failure>> {
        let last = near.or(self.last()).filter(|basis| basis.fits(model));
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
                let found = proven(model, &basis, answer)?;
                self.keep(basis);
                return Some(Ok(found));
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

    /// A basis that answers moves up one place.
    fn used(&mut self, k: usize) {
        self.last = k.saturating_sub(1);
        self.known.swap(k, self.last);
    }

    fn keep(&mut self, basis: Basis) {
        match self.known.iter().position(|known| *known == basis) {
            Some(k) => {
                self.tally.walked += 1;
                self.used(k);
            }
            None => {
                self.tally.found += 1;
                // A full atlas gives up the one that answered least.
                self.known.truncate(self.most - 1);
                self.last = self.known.len();
                self.known.push(basis);
            }
        }
    }
}

/// The optimum by a basis, where it proves it.
fn by(model: &Model, basis: &Basis) -> Option<(Solution, bool)> {
    let answer = basis.answer(model)?;
    let holds = answer.furthest(model).is_none() && answer.is_cheapest(model, basis);
    holds.then(|| proven(model, basis, answer)).flatten()
}

/// Whether costs and limits are linear and nothing is counted.
fn is_linear(model: &Model) -> bool {
    let linear = model.cones().is_empty() && model.quadratic_terms().is_empty();
    linear && !model.has_integers()
}

/// The answer of a basis with its certificate, and whether it is the only optimal point.
fn proven(model: &Model, basis: &Basis, answer: Answer) -> Option<(Solution, bool)> {
    let unique = answer.room(model) > NEAR;
    let alone = answer.is_alone(model, basis);
    let duals = Duals {
        rows: answer.y,
        reduced: answer.z,
        cones: Vec::new(),
        unique,
    };
    let proof = certify(model.name(), model, &answer.x, Some(&duals));
    let solution = Solution {
        objective: model.objective(&answer.x),
        x: answer.x,
        duals: Some(duals),
    };
    proof.certified.then_some((solution, alone))
}
