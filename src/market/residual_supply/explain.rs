//! What the next MWh moves behind a number of the report, from the program that its price comes from.

use crate::case::{Subject, SubjectKind};
use crate::market::Failure;

use super::model::held::held;
use super::model::moves::{Mover, movers};
use super::model::next_unit::Sides;
use super::outcome::Outcome;
use super::params::ResidualSupply;

/// Who moves at a bus.
pub struct Moving {
    /// Area and bus, and the period from 0.
    pub at: (usize, usize),
    pub t: usize,
    pub sides: Sides,
    pub next: Vec<Mover>,
    pub last: Vec<Mover>,
    /// Whole bids stay as they are.
    pub whole: bool,
    /// What an area that is cleared by itself would export at the price shown, and what it does, MW.
    pub elsewhere: Option<(f64, f64)>,
    /// Energy was missing, and the dispatch was bettered after prices were set.
    pub mended: bool,
}

/// Area and bus whose price a subject has.
fn place(outcome: &Outcome, subject: &Subject) -> Option<(usize, usize)> {
    let system = &outcome.system;
    let at = |bus: &str| system.place.get(bus).copied();
    match subject.kind {
        SubjectKind::Bus => at(&subject.id),
        SubjectKind::Party => {
            let mut bids = system.balancing.bids.iter();
            at(&bids.find(|bid| bid.id == subject.id)?.bus)
        }
        SubjectKind::Boundary | SubjectKind::Zone => system.areas[system.area_of(subject)?].above,
        SubjectKind::Branch => None,
    }
}

/// Who moves with the next MWh and the last behind the price of a subject in period `step`, from 1.
///
/// # Errors
/// Why that is not known.
pub fn moving(
    params: &ResidualSupply,
    outcome: &Outcome,
    subject: &Subject,
    step: usize,
) -> Result<Moving, Failure> {
    let (a, i) = place(outcome, subject).ok_or("it is the price of no bus")?;
    let (system, t) = (&outcome.system, step - 1);
    let market = &outcome.coordination.market;
    let held = held(outcome, params, a)?;
    let sides = held.sides(system, (a, t, i), market.prices.lmp[a][t][i])?;
    Ok(Moving {
        at: (a, i),
        t,
        next: movers(system, &held, &sides.next.moves, t),
        last: movers(system, &held, &sides.last.moves, t),
        sides,
        whole: held.whole,
        elsewhere: held.elsewhere(t),
        mended: !market.moved.is_empty(),
    })
}
