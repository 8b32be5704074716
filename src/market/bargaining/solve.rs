//! From a case and inputs to the outcome.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::network::formulation::feeder::Physics;
use crate::market::{Answered, Context, Failure, Pieces};
use crate::opt::Certificate;

use super::model::coalitions::Moment;
use super::model::operation::{NoDispatch, Plan, plan};
use super::model::relief::Unserved;
use super::model::rolling_horizon::{self, Realized, Cooperation};
use super::model::settle::{Gains, normalised};
use super::model::studies::{self, Studies};
use super::model::system::System;
use super::outcome::{ByRule, Day, Leaving, Outcome, Settled, bargains};
use super::params::{Bargaining, Disagreement, Given, ISO, Rule};

/// The day before: the case as the programs need it and its plan, or why no dispatch serves it.
pub type Prepared = Result<(Rc<System>, Rc<Plan>), Unserved>;

/// One of the rolls that a day is made of; they do not depend on one another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Roll {
    Together(Box<Cooperation>),
    Apart(usize, Box<Realized>, Vec<Certificate>),
    Unserved(Unserved),
}

/// Plans and operates the day, and settles it.
///
/// # Errors
/// A program that cannot be solved.
pub fn solve(
    case: &Case,
    params: &Bargaining,
    context: &Context<Bargaining>,
) -> Result<Outcome, Failure> {
    match served(settle_day(case, params, context))? {
        Ok(settled) => Ok(Outcome::Settled(Box::new(settled))),
        Err(why) => Ok(Outcome::Unserved(why)),
    }
}

/// A day that no dispatch serves is an answer; a program that is not solved is none.
fn served<T>(found: Result<T, NoDispatch>) -> Result<Result<T, Unserved>, Failure> {
    match found {
        Ok(found) => Ok(Ok(found)),
        Err(NoDispatch::Infeasible(why)) => Ok(Err(why)),
        Err(NoDispatch::Unsolved(why)) => Err(why),
    }
}

/// The rolls of a day that is not known yet.
pub fn pieces(
    case: &Case,
    params: &Bargaining,
    last: Option<&Answered<Bargaining>>,
) -> Option<Pieces> {
    let rolls = params.given.is_none() && case.day.is_some();
    let made = same_day(case, params, last).is_some();
    (rolls && !made).then_some(Pieces {
        name: "days in real time",
        count: case.boundaries.len() + 1,
    })
}

/// What all rolls begin with.
///
/// # Errors
/// A program that could not be solved.
pub fn prepare(case: &Case, params: &Bargaining) -> Result<Prepared, Failure> {
    served(planned(case, params.physics))
}

/// Roll `k` as text.
///
/// # Errors
/// A program that could not be solved.
pub fn piece(prepared: &Prepared, k: usize) -> Result<String, Failure> {
    let made = match prepared {
        Ok((system, plan)) => served(roll(system, plan, k))?,
        Err(why) => Err(why.clone()),
    };
    let made = made.unwrap_or_else(Roll::Unserved);
    serde_json::to_string(&made).map_err(|why| why.to_string().into())
}

/// Roll `k`: the day with cooperation, then each DSO on its own.
///
/// # Errors
/// A day that no dispatch serves, or a program that could not be solved.
fn roll(system: &System, plan: &Plan, k: usize) -> Result<Roll, NoDispatch> {
    let rolls = system.dsos.len() + 1;
    match k.checked_sub(1) {
        None => {
            let day = rolling_horizon::cooperation(system, plan)?;
            Ok(Roll::Together(Box::new(day)))
        }
        Some(m) if k < rolls => {
            let (own, proofs) = rolling_horizon::on_its_own(system, plan, m)?;
            Ok(Roll::Apart(m, Box::new(own), proofs))
        }
        Some(_) => Err(format!("there are {rolls} rolls").into()),
    }
}

/// The question answered last, where its day is that of this case: rules and powers leave the dispatch
/// alone.
fn same_day<'a>(
    case: &Case,
    params: &Bargaining,
    last: Option<&Answered<'a, Bargaining>>,
) -> Option<&'a Settled> {
    let last = last?;
    let Outcome::Settled(settled) = last.outcome else {
        return None;
    };
    let same = last.params.physics == params.physics && settled.day.is_some() && last.case == case;
    same.then_some(settled)
}

fn settle_day(
    case: &Case,
    params: &Bargaining,
    context: &Context<Bargaining>,
) -> Result<Settled, NoDispatch> {
    if let Some(given) = &params.given {
        return Ok(settled(given.clone(), params, None, None));
    }
    let last = same_day(case, params, context.last.as_ref());
    let day = match last.and_then(|settled| settled.day.clone()) {
        Some(day) => day,
        None => Rc::new(operate(case, params.physics, context)?),
    };
    let fallback = match params.disagreement {
        Disagreement::Shadow => None,
        Disagreement::Rebased => Some(match last.and_then(|settled| settled.leaving.clone()) {
            Some(known) => known,
            None => leaving(&day)?,
        }),
    };
    let mut settled = settled(values(&day), params, fallback, Some(day.clone()));
    let slot = params.slot.clamp(1, settled.slots) - 1;
    let moment = Moment {
        system: &day.system,
        plan: &day.plan,
        slot,
        past: &day.together.past[slot],
    };
    // What is asked beside the day does not take the day away.
    settled.studies = studies::ask(case, params, moment, &settled.powers);
    Ok(settled)
}

/// The day, from what is made already and what is not.
fn operate(case: &Case, physics: Physics, context: &Context<Bargaining>) -> Result<Day, NoDispatch> {
    let made = context.pieces.iter().map(|text| serde_json::from_str(text));
    let made: Result<Vec<Roll>, _> = made.collect();
    let mut made = made.map_err(|why| why.to_string())?;
    let (system, plan) = match context.prepared {
        Some(prepared) => prepared.clone().map_err(NoDispatch::Infeasible)?,
        None => planned(case, physics)?,
    };
    let all = system.dsos.len() + 1;
    if made.len() < all {
        let rolls = (0..all).map(|k| roll(&system, &plan, k));
        made = rolls.collect::<Result<_, _>>()?;
    }
    let mut together = None;
    let mut apart = vec![None; system.dsos.len()];
    for roll in made {
        match roll {
            Roll::Together(day) => together = Some(*day),
            Roll::Apart(m, own, proofs) if m < apart.len() => apart[m] = Some((*own, proofs)),
            Roll::Apart(..) => {}
            Roll::Unserved(why) => return Err(NoDispatch::Infeasible(why)),
        }
    }
    let missing = |what: &str| format!("the day {what} is missing");
    let together = together.ok_or_else(|| missing("with cooperation"))?;
    let apart: Option<Vec<_>> = apart.into_iter().collect();
    let apart = apart.ok_or_else(|| missing("of a DSO on its own"))?;
    let (apart, proofs): (Vec<Realized>, Vec<_>) = apart.into_iter().unzip();
    let mut certificates = vec![plan.dispatch.certificate.clone()];
    certificates.extend(together.certificates.iter().cloned());
    certificates.extend(proofs.into_iter().flatten());
    Ok(Day::new((system, plan), together, apart, certificates))
}

/// Values of the day with cooperation and of the day without.
fn values(day: &Day) -> Given {
    let utility = |all: &[Realized]| all.iter().map(|c| c.utility_usd.clone()).collect();
    Given {
        dsos: day.system.dsos.iter().map(|d| d.id.clone()).collect(),
        utility_co_usd: utility(&day.together.dsos),
        utility_non_usd: utility(&day.apart),
        cost_co_usd: day.together.cost_usd.clone(),
        cost_non_usd: vec![day.plan.day_cost_usd(); day.system.slots],
    }
}

/// The day before: the case as the programs need it, and its plan.
fn planned(case: &Case, physics: Physics) -> Result<(Rc<System>, Rc<Plan>), NoDispatch> {
    let system = Rc::new(System::new(case, physics)?);
    let plan = Rc::new(plan(&system)?);
    Ok((system, plan))
}

/// The day if cooperation ended at each slot.
fn leaving(day: &Day) -> Result<Leaving, NoDispatch> {
    let (system, plan) = (&day.system, &day.plan);
    let dsos = 0..system.dsos.len();
    let utility = dsos.map(|m| rolling_horizon::leaving(system, plan, m, &day.together));
    let cost = (0..system.slots)
        .map(|t| day.together.spent_usd[t] + plan.cost_usd[t..].iter().sum::<f64>());
    Ok(Leaving {
        utility_usd: utility.collect::<Result<_, _>>()?,
        cost_usd: cost.collect(),
    })
}

/// Settles a day by every rule that applies.
fn settled(
    values: Given,
    params: &Bargaining,
    leaving: Option<Leaving>,
    day: Option<Rc<Day>>,
) -> Settled {
    let mut players = vec![ISO.to_string()];
    players.extend(values.dsos.iter().cloned());
    let between = |utility_non: &[Vec<f64>], cost_non: &[f64]| {
        let (utility_co, cost_co) = (&values.utility_co_usd, &values.cost_co_usd);
        Gains::between(utility_co, utility_non, cost_co, cost_non)
    };
    let gains = between(&values.utility_non_usd, &values.cost_non_usd);
    let bargained = match &leaving {
        None => gains.clone(),
        Some(left) => between(&left.utility_usd, &left.cost_usd),
    };
    let powers = normalised(&params.weights(&players), players.len());
    let mut rules = Vec::new();
    if let Some(day) = &day {
        rules.push(ByRule::new(Rule::Lmp, day.at_prices(), &gains));
    }
    rules.extend(bargains((&gains, &bargained), params, &powers));
    let chosen = rules
        .iter()
        .map(|own| own.rule)
        .find(|rule| *rule == params.settlement);
    let chosen = chosen.unwrap_or(Rule::Nash);
    Settled {
        slots: gains.slots(),
        minutes_per_slot: day.as_ref().map_or(60.0, |d| d.system.hours * 60.0),
        chosen,
        players,
        values,
        gains,
        bargained,
        leaving,
        rules,
        powers,
        day,
        studies: Ok(Studies::default()),
    }
}
