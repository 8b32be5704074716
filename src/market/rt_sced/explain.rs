//! Which number of the dispatch is asked about.

use crate::case::text::nearest;
use crate::case::{Subject, SubjectKind};
use crate::market::Failure;
use crate::report::Explained;

use super::model::dispatch::explain_aggregator::explain_aggregator;
use super::model::dispatch::explain_line::explain_line;
use super::model::system::{System, Unit};
use super::outcome::Outcome;
use super::params::{Method, RtSced};
use super::report::{explain, explain_line as line, explain_party as party};
use super::solve::{answered, before};

/// Why the number of a subject is what it is in interval `step` (from 1).
///
/// # Errors
/// A sentence, when there is no such subject or interval, or its program has no explanation.
pub fn explain(
    outcome: &Outcome,
    params: &RtSced,
    subject: &Subject,
    step: usize,
) -> Result<Explained, Failure> {
    let (system, id) = (&outcome.system, subject.id.as_str());
    match subject.kind {
        SubjectKind::Bus => of_bus(system, params, place(&system.bus_ids, id, "bus")?, step),
        SubjectKind::Branch => of_line(system, params, id, step),
        SubjectKind::Party => of_party(outcome, params, id, step),
        SubjectKind::Boundary | SubjectKind::Zone => {
            Err("a real-time dispatch has prices of buses, lines, aggregators and units: ask for one of these".into())
        }
    }
}

fn of_bus(system: &System, params: &RtSced, bus: usize, step: usize) -> Result<Explained, Failure> {
    let explained = before(system, params, step)?.explain(system, params, step - 1, bus);
    Ok(explain::explained(
        system,
        &answered(explained, step)?,
        step,
    ))
}

fn of_line(system: &System, params: &RtSced, id: &str, step: usize) -> Result<Explained, Failure> {
    let branch = place(&system.branch_ids, id, "line")?;
    let k = system
        .limits
        .iter()
        .position(|limit| limit.branch == branch);
    let k = k.ok_or_else(|| format!("line {id} has no limit, so it has no shadow price"))?;
    let mut process = before(system, params, step)?;
    let asked = process.ask(system, params, step - 1, |request| {
        explain_line(system, request, k)
    });
    line::explained(system, &answered(asked, step)?, step)
}

fn of_party(
    outcome: &Outcome,
    params: &RtSced,
    id: &str,
    step: usize,
) -> Result<Explained, Failure> {
    let system = &outcome.system;
    let named = |unit: &super::model::system::Resource| unit.id == id;
    if let Some(a) = system.groups.iter().position(|group| group.id == id) {
        return of_aggregator(system, params, a, step);
    }
    let unit = match system.generators.iter().position(named) {
        Some(g) => Unit::Generator(g),
        None => match system.ders.iter().position(named) {
            Some(d) => Unit::Der(d),
            None => return Err(unknown(system, id)),
        },
    };
    // As the ledger pays: at its own bus where the dispatch sees it there.
    let group = match unit {
        Unit::Generator(_) => None,
        Unit::Der(d) => system.group_of[d],
    };
    let equivalents = &outcome.roll.process.equivalents;
    let in_parts =
        |a: usize| params.method == Method::Optimal || equivalents.iter().any(|e| e.group == a);
    let priced = match group.filter(|&a| !in_parts(a)) {
        Some(a) => of_aggregator(system, params, a, step)?,
        None => of_bus(system, params, system.unit(unit).bus, step)?,
    };
    let interval = outcome.roll.intervals.get(step - 1);
    let interval = interval.ok_or_else(|| format!("interval {step} has no dispatch"))?;
    let p_mw = match unit {
        Unit::Generator(g) => interval.actual.generators[g],
        Unit::Der(d) => interval.actual.ders[d],
    };
    let paid = party::Paid {
        unit: system.unit(unit),
        group: group.map(|a| system.groups[a].id.as_str()),
        by_group: group.is_some_and(|a| !in_parts(a)),
        p_mw,
        ramp_usd_per_mwh: match unit {
            Unit::Generator(g) => interval.dispatch.prices.ramps[g],
            Unit::Der(_) => 0.0,
        },
    };
    Ok(party::of_unit(system, &paid, priced, step))
}

fn of_aggregator(
    system: &System,
    params: &RtSced,
    a: usize,
    step: usize,
) -> Result<Explained, Failure> {
    let mut process = before(system, params, step)?;
    let asked = process.ask(system, params, step - 1, |request| {
        explain_aggregator(system, request, a)
    });
    Ok(party::of_aggregator(system, &answered(asked, step)?, step))
}

/// Place of an id in a list of what is called `noun`.
fn place(ids: &[String], id: &str, noun: &str) -> Result<usize, Failure> {
    let found = ids.iter().position(|known| known == id);
    found.ok_or_else(|| {
        let near = nearest(id, ids.iter().map(String::as_str));
        format!("there is no {noun} `{id}`.{}", meant(near)).into()
    })
}

fn meant(near: Option<&str>) -> String {
    near.map_or(String::new(), |near| format!(" Did you mean {near}?"))
}

fn unknown(system: &System, id: &str) -> Failure {
    if system.load_ids.iter().any(|load| load == id) {
        return format!("load {id} bids no price: ask for the LMP of its bus").into();
    }
    let units = system.generators.iter().chain(&system.ders);
    let known = units.map(|unit| unit.id.as_str());
    let known = known.chain(system.groups.iter().map(|group| group.id.as_str()));
    format!(
        "there is no unit or aggregator `{id}`.{}",
        meant(nearest(id, known))
    )
    .into()
}
