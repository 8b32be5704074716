//! From a case and inputs to the report.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::flow::feeder::Physics;
use crate::market::{Answered, Context, Failure as Unsolved, View};
use crate::report::plots::message;
use crate::report::words::steps;
use crate::report::{Badge, Certificate, Clock, Level, Message, Report, Status, Tone, plain};

use super::beside::{self, Beside};
use super::operation::{self, Plan, plan};
use super::explorer;
use super::params::{Bargaining, Disagreement, Given, ISO, Misreport, Rule};
use super::roll::{self, Carried, Cooperation};
use super::settle::{self, Gains, Settlement, normalised};
use super::system::System;
use super::{charts, ledger, series, summary, tables};

/// A day as it went, with cooperation and without.
pub struct Day {
    pub system: Rc<System>,
    pub plan: Rc<Plan>,
    pub together: Cooperation,
    /// Each DSO on its own.
    pub apart: Vec<Carried>,
    pub certificates: Vec<Certificate>,
}

/// The day before: the case as the programs need it and its plan, or why no dispatch serves it.
pub type Prepared = Result<(Rc<System>, Rc<Plan>), String>;

/// How a day ended.
pub enum Outcome {
    Settled(Box<Run>),
    /// No dispatch serves the day; the sentence names the limits in conflict.
    Unserved(String),
}

/// The day as expected at each slot if cooperation ended there, with its slots so far as they were.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// By DSO and slot, $.
    pub utility_usd: Vec<Vec<f64>>,
    /// By slot, $.
    pub cost_usd: Vec<f64>,
}

/// Everything of one run, for its tables and charts.
pub struct Run {
    /// The ISO first.
    pub players: Vec<String>,
    pub slots: usize,
    pub minutes_per_slot: f64,
    pub values: Given,
    /// Against the day without cooperation.
    pub gains: Gains,
    /// Against the disagreement chosen.
    pub bargained: Gains,
    /// The disagreement chosen, where it is not the day without cooperation.
    pub leaving: Option<Leaving>,
    /// Every rule that can be settled.
    pub rules: Vec<(Rule, Settlement)>,
    pub chosen: Rule,
    /// Adding up to 1.
    pub powers: Vec<f64>,
    pub day: Option<Rc<Day>>,
    /// What was asked beside the day, or why it has no answer.
    pub beside: Result<Beside, String>,
}

impl Run {
    /// The settlement by a rule.
    pub fn settled(&self, rule: Rule) -> Option<&Settlement> {
        let found = self.rules.iter().find(|(own, _)| *own == rule);
        found.map(|(_, settlement)| settlement)
    }

    /// Net benefits of the day by a rule, the ISO first, $.
    pub fn benefits_usd(&self, rule: Rule) -> Option<Vec<f64>> {
        let settled = self.settled(rule)?;
        Some(settled.benefits_usd(&self.gains, self.slots.checked_sub(1)?))
    }
}

/// One of the rolls that a day is made of; they do not depend on one another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Roll {
    Together(Box<Cooperation>),
    Apart(usize, Box<Carried>, Vec<Certificate>),
    /// No dispatch serves the day; the sentence names the limits in conflict.
    Unserved(String),
}

/// Roll `k`: the day with cooperation, then each DSO on its own.
///
/// # Errors
/// A day that no dispatch serves, or a program that could not be solved.
fn roll(system: &System, plan: &Plan, physics: Physics, k: usize) -> Result<Roll, operation::Failure> {
    match k.checked_sub(1) {
        None => {
            let everyone = vec![true; system.dsos.len()];
            let day = roll::cooperation(system, plan, physics, &everyone)?;
            Ok(Roll::Together(Box::new(day)))
        }
        Some(m) if m < system.dsos.len() => {
            let own = roll::on_its_own(system, plan, physics, m)?;
            Ok(Roll::Apart(m, Box::new(own.0), own.1))
        }
        Some(_) => {
            let rolls = system.dsos.len() + 1;
            Err(operation::Failure::Numerics(format!("there are {rolls} rolls")))
        }
    }
}

/// Plans and operates the day, and settles it.
///
/// # Errors
/// A sentence when a program cannot be solved.
pub fn solve(
    case: &Case,
    params: &Bargaining,
    context: &Context<Bargaining>,
) -> Result<Outcome, Unsolved> {
    match settle_day(case, params, context) {
        Ok(run) => Ok(Outcome::Settled(Box::new(run))),
        Err(operation::Failure::Infeasible(why)) => Ok(Outcome::Unserved(why)),
        Err(operation::Failure::Numerics(why)) => Err(why.into()),
    }
}

/// Writes the report.
pub fn report(params: &Bargaining, outcome: &Outcome, view: &View) -> Report {
    let run = match outcome {
        Outcome::Settled(run) => run,
        Outcome::Unserved(why) => return unserved(why.clone()),
    };
    let mut report = write(run, params, view);
    match &run.beside {
        Ok(found) => found.add(run, &mut report),
        // What is asked beside the day does not take the day away.
        Err(why) => {
            let text = format!("Not all that was asked beside the day has an answer: {why}.");
            report.messages.push(message(Level::Warning, text));
        }
    }
    report
}

/// Every rule on the same day: what each player has of it, and how even that is.
///
/// # Errors
/// As [`solve`].
pub fn compare(
    case: &Case,
    params: &Bargaining,
    context: &Context<Bargaining>,
) -> Result<Report, Unsolved> {
    let plain = Bargaining {
        coalitions: false,
        decomposition: false,
        misreport: Misreport::default(),
        ..params.clone()
    };
    let mut report = report(&plain, &solve(case, &plain, context)?, &View::default());
    report
        .charts
        .retain(|chart| chart.id.starts_with("benefits_"));
    report.tables.retain(|table| table.id == "rules");
    Ok(report)
}

/// The run of the question answered last, where its day is that of this case: rules and powers leave the
/// dispatch alone.
pub fn same_day<'a>(
    case: &Case,
    params: &Bargaining,
    last: Option<&Answered<'a, Bargaining>>,
) -> Option<&'a Run> {
    let last = last?;
    let Outcome::Settled(run) = last.outcome else {
        return None;
    };
    let same = last.params.physics == params.physics && run.day.is_some() && last.case == case;
    same.then_some(run)
}

fn settle_day(
    case: &Case,
    params: &Bargaining,
    context: &Context<Bargaining>,
) -> Result<Run, operation::Failure> {
    if let Some(given) = &params.given {
        return Ok(settled(given.clone(), params, None, None));
    }
    let last = same_day(case, params, context.last.as_ref());
    let day = match last.and_then(|run| run.day.clone()) {
        Some(day) => day,
        None => Rc::new(operate(case, params.physics, context)?),
    };
    let fallback = match (params.disagreement, last.and_then(|run| run.leaving.clone())) {
        (Disagreement::Shadow, _) => None,
        (Disagreement::Rebased, Some(known)) => Some(known),
        (Disagreement::Rebased, None) => Some(leaving(&day, params.physics)?),
    };
    let mut run = settled(values(&day), params, fallback, Some(day.clone()));
    run.beside = beside::ask(&run, &day, case, params);
    Ok(run)
}

/// The report of a day that no dispatch serves.
fn unserved(why: String) -> Report {
    Report {
        status: Status::Infeasible,
        headline: why,
        badges: vec![Badge {
            text: "infeasible".into(),
            tone: Tone::Bad,
        }],
        messages: vec![Message {
            level: Level::Error,
            text: "Raise one of the limits named, or lower what has to be served behind it.".into(),
            field: None,
            cures: Vec::new(),
        }],
        ..Report::default()
    }
}

/// The day, from what is made already and what is not.
fn operate(
    case: &Case,
    physics: Physics,
    context: &Context<Bargaining>,
) -> Result<Day, operation::Failure> {
    let made = context.pieces.iter().map(|text| {
        let read = serde_json::from_str(text);
        read.map_err(|why| operation::Failure::Numerics(why.to_string()))
    });
    let made: Vec<Roll> = made.collect::<Result<_, _>>()?;
    let unserved = made.iter().find_map(|roll| match roll {
        Roll::Unserved(why) => Some(why.clone()),
        _ => None,
    });
    if let Some(why) = unserved {
        return Err(operation::Failure::Infeasible(why));
    }
    let (system, plan) = match context.prepared {
        Some(Ok(prepared)) => prepared.clone(),
        Some(Err(why)) => return Err(operation::Failure::Infeasible(why.clone())),
        None => planned(case, physics)?,
    };
    let all = system.dsos.len() + 1;
    let made = match made.len() < all {
        true => (0..all)
            .map(|k| roll(&system, &plan, physics, k))
            .collect::<Result<Vec<_>, _>>()?,
        false => made,
    };
    let mut together = None;
    let mut apart: Vec<Option<(Carried, Vec<Certificate>)>> = vec![None; system.dsos.len()];
    for roll in made {
        match roll {
            Roll::Together(day) => together = Some(day),
            Roll::Apart(m, carried, certificates) => {
                if let Some(own) = apart.get_mut(m) {
                    *own = Some((*carried, certificates));
                }
            }
            Roll::Unserved(why) => return Err(operation::Failure::Infeasible(why)),
        }
    }
    let missing = |what: &str| operation::Failure::Numerics(format!("the day {what} is missing"));
    let together = *together.ok_or_else(|| missing("with cooperation"))?;
    let mut certificates: Vec<Certificate> = vec![plan.joint.certificate.clone()];
    certificates.extend(together.certificates.iter().cloned());
    let mut own = Vec::new();
    for found in apart {
        let (carried, proofs) = found.ok_or_else(|| missing("of a DSO on its own"))?;
        certificates.extend(proofs);
        own.push(carried);
    }
    Ok(Day {
        system,
        plan,
        together,
        apart: own,
        certificates,
    })
}

/// Values of the day with cooperation and of the day without.
fn values(day: &Day) -> Given {
    let utility = |all: &[Carried]| all.iter().map(|c| c.utility_usd.clone()).collect();
    Given {
        dsos: day.system.dsos.iter().map(|d| d.id.clone()).collect(),
        utility_co_usd: utility(&day.together.dsos),
        utility_non_usd: utility(&day.apart),
        cost_co_usd: day.together.cost_usd.clone(),
        cost_non_usd: vec![day.plan.day_cost_usd(); day.system.slots],
    }
}

/// The day before: the case as the programs need it, and its plan.
fn planned(case: &Case, physics: Physics) -> Result<(Rc<System>, Rc<Plan>), operation::Failure> {
    let system = Rc::new(System::new(case).map_err(operation::Failure::Numerics)?);
    let plan = Rc::new(plan(&system, physics)?);
    Ok((system, plan))
}

/// What all rolls begin with.
///
/// # Errors
/// A program that could not be solved.
pub fn prepare(case: &Case, params: &Bargaining) -> Result<Prepared, Unsolved> {
    match planned(case, params.physics) {
        Ok(planned) => Ok(Ok(planned)),
        Err(operation::Failure::Infeasible(why)) => Ok(Err(why)),
        Err(operation::Failure::Numerics(why)) => Err(why.into()),
    }
}

/// Roll `k` as text.
///
/// # Errors
/// A sentence that names the program that could not be solved.
pub fn piece(params: &Bargaining, prepared: &Prepared, k: usize) -> Result<String, Unsolved> {
    let made = match prepared {
        Err(why) => Roll::Unserved(why.clone()),
        Ok((system, plan)) => match roll(system, plan, params.physics, k) {
            Ok(made) => made,
            Err(operation::Failure::Infeasible(why)) => Roll::Unserved(why),
            Err(operation::Failure::Numerics(why)) => return Err(why.into()),
        },
    };
    serde_json::to_string(&made).map_err(|why| why.to_string().into())
}

/// The day if cooperation ended at each slot.
fn leaving(day: &Day, physics: Physics) -> Result<Leaving, operation::Failure> {
    let (system, plan) = (&day.system, &day.plan);
    let utility: Result<Vec<Vec<f64>>, operation::Failure> = (0..system.dsos.len())
        .map(|m| roll::leaving(system, plan, physics, m, &day.together))
        .collect();
    let cost = (0..system.slots)
        .map(|t| day.together.spent_usd[t] + plan.cost_usd[t..].iter().sum::<f64>());
    Ok(Leaving {
        utility_usd: utility?,
        cost_usd: cost.collect(),
    })
}

/// Settles a day by every rule that applies.
fn settled(
    values: Given,
    params: &Bargaining,
    leaving: Option<Leaving>,
    day: Option<Rc<Day>>,
) -> Run {
    let mut players = vec![ISO.to_string()];
    players.extend(values.dsos.iter().cloned());
    let gains = Gains::between(
        &values.utility_co_usd,
        &values.utility_non_usd,
        &values.cost_co_usd,
        &values.cost_non_usd,
    );
    let bargained = match &leaving {
        None => gains.clone(),
        Some(left) => Gains::between(
            &values.utility_co_usd,
            &left.utility_usd,
            &values.cost_co_usd,
            &left.cost_usd,
        ),
    };
    let powers = normalised(&params.weights(&players), players.len());
    let mut rules = Vec::new();
    if let Some(day) = &day {
        rules.push((Rule::Lmp, at_prices(day)));
    }
    rules.push((
        Rule::Nash,
        settle::per_slot(&bargained, &powers, params.most_paid_usd),
    ));
    rules.push((Rule::Telescoping, settle::telescoping(&gains, &powers)));
    let possible = rules.iter().any(|(rule, _)| *rule == params.settlement);
    Run {
        slots: gains.slots(),
        minutes_per_slot: day.as_ref().map_or(60.0, |d| d.system.hours * 60.0),
        chosen: if possible {
            params.settlement
        } else {
            Rule::Nash
        },
        players,
        values,
        gains,
        bargained,
        leaving,
        rules,
        powers,
        day,
        beside: Ok(Beside::default()),
    }
}

/// Payments π_m(t) (d_m(t) − d̂_m(t)) at the real-time price of the boundary.
///
/// Eq. `[wang2017]`(1.3) b.
pub fn at_prices(day: &Day) -> Settlement {
    let system = &day.system;
    let dso = |m: usize| {
        let bus = system.dsos[m].bus;
        let pay = |t: usize| {
            let moved = day.together.dsos[m].import_mw[t] - day.plan.import_mw[m][t];
            day.together.lmp[t][bus] * moved * system.hours
        };
        (0..system.slots).map(pay).collect()
    };
    Settlement::of_payments((0..system.dsos.len()).map(dso).collect())
}

fn write(run: &Run, params: &Bargaining, view: &View) -> Report {
    let mut report = Report {
        status: Status::Solved,
        headline: summary::headline(run),
        badges: summary::badges(run),
        summary: summary::summary(run),
        clock: Some(Clock {
            name: "slot".into(),
            steps: run.slots,
            minutes_per_step: run.minutes_per_slot,
        }),
        start: start(run),
        series: series::series(run),
        ledger: ledger::ledger(run),
        certificates: run
            .day
            .as_ref()
            .map_or(Vec::new(), |day| day.certificates.clone()),
        messages: messages(run, params.disagreement),
        ..Report::default()
    };
    report.tables = tables::tables(run);
    charts::add(run, &mut report);
    explorer::add(run, view, &mut report);
    report
}

/// The slot with the widest prices where they differ, otherwise the last: by then all is shared.
fn start(run: &Run) -> Option<usize> {
    let spread = |lmp: &Vec<f64>| {
        let high = lmp.iter().fold(f64::MIN, |a, b| a.max(*b));
        high - lmp.iter().fold(f64::MAX, |a, b| a.min(*b))
    };
    let day = run.day.as_ref().filter(|_| run.chosen == Rule::Lmp);
    let widest = day.and_then(|day| {
        let slots = day.together.lmp.iter().map(spread).enumerate();
        let widest = slots.max_by(|a, b| a.1.total_cmp(&b.1));
        widest.filter(|(_, spread)| *spread > 1.0).map(|(t, _)| t)
    });
    widest.or(run.slots.checked_sub(1))
}

fn messages(run: &Run, disagreement: Disagreement) -> Vec<Message> {
    let note = |level: Level, text: String| message(level, text);
    let mut list = Vec::new();
    let lacking: Vec<usize> = (0..run.slots)
        .filter(|&t| !run.bargained.worth_a_deal(t))
        .map(|t| t + 1)
        .collect();
    if !lacking.is_empty() {
        list.push(note(
            Level::Warning,
            match lacking.len() == run.slots {
                true => "Cooperation brings no surplus at any slot: there is no deal, nobody pays, and the day is as without cooperation. What is shown with cooperation is what its dispatch would be.".into(),
                false => format!("Cooperation is expected to bring no surplus in {}: there is no deal, and nobody pays there. Where it costs more than it brings, the two days have drifted apart; compare at equal histories instead.", steps("slot", &lacking)),
            },
        ));
    }
    let Some(day) = &run.day else {
        list.push(note(
            Level::Info,
            "The values of the day are given; nothing is dispatched, so there are no prices to settle at.".into(),
        ));
        return list;
    };
    list.extend(super::tied::messages(day, disagreement));
    for (m, own) in day.apart.iter().enumerate() {
        let id = &day.system.dsos[m].id;
        let unused: f64 = own.unused_mw.iter().sum::<f64>() * day.system.hours;
        if unused > 0.01 {
            list.push(note(
                Level::Info,
                format!(
                    "{id} on its own has no use for {} MWh of the import it must keep.",
                    plain(unused, 2)
                ),
            ));
        }
        let missed = own.missed_mwh.last().copied().unwrap_or(0.0);
        if missed > 1e-3 {
            list.push(note(
                Level::Warning,
                format!(
                    "{id} on its own misses the energy of its adjustable loads by {} MWh.",
                    plain(missed, 2)
                ),
            ));
        }
    }
    let gap = day
        .together
        .dsos
        .iter()
        .map(|d| d.cone_gap)
        .fold(0.0, f64::max);
    if gap > 1e-4 {
        list.push(note(
            Level::Warning,
            format!("The cone relaxation is not tight (largest gap {} p.u.): the flow shown is a relaxation there, not a power flow.", plain(gap, 5)),
        ));
    }
    list
}
