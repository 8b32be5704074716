//! The rolls that a day and the days beside it are made of; they do not depend on one another. Rolls 0 to M
//! are the day's: with cooperation, then each DSO on its own; the next M + 1 those of the first day beside
//! it, and so on.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::market::{Answered, Context, Failure, Pieces};
use crate::opt::Certificate;

use super::model::beside::{self, Beside, Ended, has_storage};
use super::model::operation::{NoDispatch, Plan, plan};
use super::model::relief::Unserved;
use super::model::rolling_horizon::{self, Cooperation, Realized};
use super::model::system::System;
use super::outcome::{Besides, Day, Outcome, Settled};
use super::params::Bargaining;

/// The day before: the case as the programs need it with its plan, and the days beside it.
pub struct Ready {
    system: Rc<System>,
    plan: Rc<Plan>,
    beside: Vec<Beside>,
}

/// What all rolls begin with, or why no dispatch serves the day.
pub type Prepared = Result<Rc<Ready>, Unserved>;

/// One of the rolls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Roll {
    Together(Box<Cooperation>),
    Apart(usize, Box<Realized>, Vec<Certificate>),
    Unserved(Unserved),
    /// Of a day beside the day, by the number of the roll.
    Beside(usize, Result<Ended, Unserved>),
}

/// The rolls of a day that is not known yet.
pub fn pieces(
    case: &Case,
    params: &Bargaining,
    last: Option<&Answered<Bargaining>>,
) -> Option<Pieces> {
    let rolls = params.given.is_none() && case.day.is_some();
    let made = same_day(case, params, last).is_some();
    let days = 1 + beside::count(case, &params.risk);
    (rolls && !made).then_some(Pieces {
        name: "days in real time",
        count: days * (case.boundaries.len() + 1),
    })
}

/// What all rolls begin with.
///
/// # Errors
/// A program that could not be solved.
pub fn prepare(case: &Case, params: &Bargaining) -> Result<Prepared, Failure> {
    served(ready(case, params))
}

/// A day that no dispatch serves is an answer; a program that is not solved is none.
pub fn served<T>(found: Result<T, NoDispatch>) -> Result<Result<T, Unserved>, Failure> {
    match found {
        Ok(found) => Ok(Ok(found)),
        Err(NoDispatch::Infeasible(why)) => Ok(Err(why)),
        Err(NoDispatch::Unsolved(why)) => Err(why),
    }
}

fn ready(case: &Case, params: &Bargaining) -> Result<Rc<Ready>, NoDispatch> {
    let system = Rc::new(System::new(case, params.physics)?);
    let plan = Rc::new(plan(&system)?);
    let beside = beside::all(case, &system, &plan, &params.risk)?;
    Ok(Rc::new(Ready {
        system,
        plan,
        beside,
    }))
}

/// Roll `k` as text.
///
/// # Errors
/// A program that could not be solved.
pub fn piece(prepared: &Prepared, k: usize) -> Result<String, Failure> {
    let made = match prepared {
        Ok(ready) => served(roll(ready, k))?,
        Err(why) => Err(why.clone()),
    };
    let made = made.unwrap_or_else(Roll::Unserved);
    serde_json::to_string(&made).map_err(|why| why.to_string().into())
}

/// Roll `k`.
///
/// # Errors
/// A day that no dispatch serves, or a program that could not be solved.
fn roll(ready: &Ready, k: usize) -> Result<Roll, NoDispatch> {
    let Ready { system, plan, .. } = ready;
    let rolls = system.dsos.len() + 1;
    match (k / rolls, k % rolls) {
        (0, 0) => {
            let day = rolling_horizon::cooperation(system, plan)?;
            Ok(Roll::Together(Box::new(day)))
        }
        (0, own) => {
            let m = own - 1;
            let (own, proofs) = rolling_horizon::on_its_own(system, plan, m)?;
            Ok(Roll::Apart(m, Box::new(own), proofs))
        }
        (day, own) => match ready.beside.get(day - 1) {
            Some(day) => Ok(Roll::Beside(k, served(day.roll(own))?)),
            None => {
                let all = rolls * (1 + ready.beside.len());
                Err(format!("there are {all} rolls").into())
            }
        },
    }
}

/// The question answered last, where its day is that of this case: rules and powers leave the dispatch
/// alone.
pub fn same_day<'a>(
    case: &Case,
    params: &Bargaining,
    last: Option<&Answered<'a, Bargaining>>,
) -> Option<&'a Settled> {
    let last = last?;
    let Outcome::Settled(settled) = last.outcome else {
        return None;
    };
    let drawn = params.risk.count() == 0 || params.risk.same_draws(&last.params.risk);
    let same = last.params.physics == params.physics && settled.day.is_some() && drawn;
    (same && last.case == case).then_some(settled)
}

/// The day, from what is made already and what is not.
///
/// # Errors
/// A day that no dispatch serves, or a program that could not be solved.
pub fn operate(
    case: &Case,
    params: &Bargaining,
    context: &Context<Bargaining>,
) -> Result<Day, NoDispatch> {
    let made = context.pieces.iter().map(|text| serde_json::from_str(text));
    let made: Result<Vec<Roll>, _> = made.collect();
    let mut made = made.map_err(|why| why.to_string())?;
    let ready = match context.prepared {
        Some(prepared) => prepared.clone().map_err(NoDispatch::Infeasible)?,
        None => self::ready(case, params)?,
    };
    let Ready { system, plan, .. } = &*ready;
    let rolls = system.dsos.len() + 1;
    let all = rolls * (1 + ready.beside.len());
    if made.len() < all {
        made = (0..all)
            .map(|k| roll(&ready, k))
            .collect::<Result<_, _>>()?;
    }
    let mut together = None;
    let mut apart = vec![None; system.dsos.len()];
    let mut beside = vec![None; all - rolls];
    for roll in made {
        match roll {
            Roll::Together(day) => together = Some(*day),
            Roll::Apart(m, own, proofs) if m < apart.len() => apart[m] = Some((*own, proofs)),
            Roll::Beside(k, ended) if (rolls..all).contains(&k) => beside[k - rolls] = Some(ended),
            Roll::Apart(..) | Roll::Beside(..) => {}
            Roll::Unserved(why) => return Err(NoDispatch::Infeasible(why)),
        }
    }
    let missing = |what: &str| format!("the day {what} is missing");
    let together = together.ok_or_else(|| missing("with cooperation"))?;
    let apart: Option<Vec<_>> = apart.into_iter().collect();
    let apart = apart.ok_or_else(|| missing("of a DSO on its own"))?;
    let (apart, proofs): (Vec<Realized>, Vec<_>) = apart.into_iter().unzip();
    let beside: Option<Vec<_>> = beside.into_iter().collect();
    let beside = beside.ok_or_else(|| missing("beside the day"))?;
    let mut certificates = vec![plan.dispatch.certificate.clone()];
    certificates.extend(together.certificates.iter().cloned());
    certificates.extend(proofs.into_iter().flatten());
    let mut besides = besides(&ready, beside, has_storage(case));
    besides.factors = beside::factors(case, &params.risk);
    let profiles = case.day.iter().flat_map(|day| &day.profiles);
    besides.profiles = profiles.map(|profile| profile.id.clone()).collect();
    certificates.extend(besides.proofs());
    let known = (system.clone(), plan.clone());
    Ok(Day::new(known, together, apart, besides, certificates))
}

/// What the days beside the day end with, from their rolls in order.
fn besides(ready: &Ready, ended: Vec<Result<Ended, Unserved>>, batteries: bool) -> Besides {
    let mut ended = ended.into_iter();
    let mut list = Besides::default();
    let rolls = ready.system.dsos.len() + 1;
    for (k, day) in ready.beside.iter().enumerate() {
        let own: Vec<_> = ended.by_ref().take(rolls).collect();
        match k.checked_sub(usize::from(batteries)) {
            None => list.bare = Some(day.end(own, "without batteries")),
            Some(k) => list
                .scenarios
                .push(day.end(own, &format!("scenario {}", k + 1))),
        }
    }
    list
}
