//! From a case and inputs to the outcome.

use std::rc::Rc;

use crate::case::Case;
use crate::market::{Context, Failure};

use super::model::coalitions::Moment;
use super::model::operation::NoDispatch;
use super::model::risk::{self, AtRisk};
use super::model::rolling_horizon::{self, Realized};
use super::model::settle::{Gains, normalised};
use super::model::studies::{self, Studies};
use super::outcome::{ByRule, Day, Leaving, Outcome, Settled, bargains};
use super::params::{Bargaining, Disagreement, Given, ISO, Rule};
use super::rolls::{operate, same_day, served};

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
        None => Rc::new(operate(case, params, context)?),
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
    settled.studies = studies::ask(case, params, moment, &settled.powers).and_then(|mut found| {
        found.risk = at_risk(&settled, params, &day)?;
        Ok(found)
    });
    Ok(settled)
}

/// The bargain under risk, where scenarios are asked for.
fn at_risk(
    settled: &Settled,
    params: &Bargaining,
    day: &Day,
) -> Result<Option<AtRisk>, NoDispatch> {
    let scenarios = day.besides.scenarios.iter().map(|end| match end {
        Ok(end) => Ok(end.gains()),
        Err(why) => Err(NoDispatch::Infeasible(why.clone())),
    });
    let scenarios: Vec<Gains> = scenarios.collect::<Result<_, _>>()?;
    if params.risk.count() == 0 || scenarios.is_empty() {
        return Ok(None);
    }
    let weights = params.aversions(&settled.players);
    let tail = params.risk.tail;
    Ok(Some(risk::at_risk(
        &scenarios,
        &weights,
        &settled.powers,
        tail,
    )))
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
