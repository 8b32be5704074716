//! The plan and the day last operated on this thread. Rules, powers and the players shown leave the
//! dispatch alone, so a change of them settles the same day again.

use std::cell::RefCell;
use std::rc::Rc;

use crate::case::Case;
use crate::flow::feeder::Physics;

use super::answer::Day;
use super::operation::{Failure, Plan, plan};
use super::system::System;

/// The day before: the case as the programs need it, and its plan.
pub type Planned = (Rc<System>, Rc<Plan>);

struct Known {
    case: Case,
    physics: Physics,
    planned: Planned,
    day: Option<Rc<Day>>,
}

thread_local! {
    static KNOWN: RefCell<Option<Known>> = const { RefCell::new(None) };
}

fn find<T>(case: &Case, physics: Physics, of: impl FnOnce(&Known) -> Option<T>) -> Option<T> {
    KNOWN.with_borrow(|known| {
        let known = known.as_ref()?;
        (known.physics == physics && known.case == *case)
            .then(|| of(known))
            .flatten()
    })
}

/// The day of a case, where it is the last one operated.
pub fn day(case: &Case, physics: Physics) -> Option<Rc<Day>> {
    find(case, physics, |known| known.day.clone())
}

/// Keeps the day of the case whose plan was made last.
pub fn keep(case: &Case, physics: Physics, day: &Rc<Day>) {
    KNOWN.with_borrow_mut(|known| {
        if let Some(known) = known.as_mut()
            && known.physics == physics
            && known.case == *case
        {
            known.day = Some(day.clone());
        }
    });
}

/// The plan of a case: the last one made, or a new one.
///
/// # Errors
/// As [`plan`]; a case that is no such system.
pub fn planned(case: &Case, physics: Physics) -> Result<Planned, Failure> {
    if let Some(found) = find(case, physics, |known| Some(known.planned.clone())) {
        return Ok(found);
    }
    let system = Rc::new(System::new(case).map_err(Failure::Numerics)?);
    let planned = (system.clone(), Rc::new(plan(&system, physics)?));
    KNOWN.set(Some(Known {
        case: case.clone(),
        physics,
        planned: planned.clone(),
        day: None,
    }));
    Ok(planned)
}
