//! Which number of the dispatch is asked about, and what makes it.

use crate::case::text::nearest;
use crate::case::{Subject, SubjectKind};
use crate::market::Failure;

use super::model::dispatch::explain::Explained;
use super::model::dispatch::explain_aggregator::{Aggregator, explain_aggregator};
use super::model::dispatch::explain_line::{Line, explain_line};
use super::model::system::{Resource, System, Unit};
use super::outcome::Outcome;
use super::params::RtSced;
use super::solve::{answered, before};

/// What makes a number.
pub enum Found {
    Bus(Explained),
    Line(Line),
    Aggregator(Aggregator),
    Unit(Paid),
    DcLine(Sent),
}

/// A DC line as it flows, between two prices.
pub struct Sent {
    pub line: usize,
    pub p_mw: f64,
    /// Where it begins and where it ends.
    pub lmp_usd_per_mwh: (f64, f64),
}

/// A unit as it runs and is paid.
pub struct Paid {
    pub unit: Unit,
    /// Its aggregator.
    pub group: Option<usize>,
    /// Whether the price is that of the aggregator, else it is that of its bus.
    pub by_group: bool,
    pub p_mw: f64,
    pub ramp_usd_per_mwh: f64,
    pub price: Box<Found>,
}

/// What makes the number of a subject in interval `step` (from 1).
///
/// # Errors
/// A sentence, when there is no such subject or interval, or its program has no explanation.
pub fn explain(
    outcome: &Outcome,
    params: &RtSced,
    subject: &Subject,
    step: usize,
) -> Result<Found, Failure> {
    let (system, id) = (&outcome.system, subject.id.as_str());
    match subject.kind {
        SubjectKind::Bus => of_bus(system, params, place(&system.bus_ids, id, "bus")?, step),
        SubjectKind::Branch if system.dc_lines.iter().any(|line| line.id == id) => {
            of_dc_line(outcome, id, step)
        }
        SubjectKind::Branch => of_line(outcome, params, id, step),
        SubjectKind::Party => of_party(outcome, params, id, step),
        SubjectKind::Boundary | SubjectKind::Zone => {
            Err("a real-time dispatch has prices of buses, lines, aggregators and units: ask for one of these".into())
        }
    }
}

fn of_bus(system: &System, params: &RtSced, bus: usize, step: usize) -> Result<Found, Failure> {
    let explained = before(system, params, step)?.explain(system, params, step - 1, bus);
    answered(explained, step).map(Found::Bus)
}

/// The limit of a line as it is; where that has no price and one after an outage has, the one of these with the highest.
/// A limit after an outage can be asked for by its name.
fn of_line(outcome: &Outcome, params: &RtSced, id: &str, step: usize) -> Result<Found, Failure> {
    let system = &outcome.system;
    let limits = || 0..system.limits.len();
    let Some(k) = limits().find(|&k| system.limits[k].id == id) else {
        place(&system.branch_ids, id, "line")?;
        return Err(format!("line {id} has no limit, so it has no shadow price").into());
    };
    let interval = step.checked_sub(1);
    let interval = interval.and_then(|t| outcome.roll.intervals.get(t));
    let price = |k: usize| interval.map_or(0.0, |i| i.line_price(k).abs());
    let after = limits().filter(|&other| system.line_of(other) == k && price(other) > price(k));
    let k = match price(k) == 0.0 {
        true => after
            .max_by(|&a, &b| price(a).total_cmp(&price(b)))
            .unwrap_or(k),
        false => k,
    };
    let mut process = before(system, params, step)?;
    let asked = process.ask(system, params, step - 1, |request| {
        explain_line(system, request, k)
    });
    answered(asked, step).map(Found::Line)
}

fn of_dc_line(outcome: &Outcome, id: &str, step: usize) -> Result<Found, Failure> {
    let mut lines = outcome.system.dc_lines.iter().enumerate();
    let (line, dc) = lines
        .find(|(_, line)| line.id == id)
        .ok_or_else(|| format!("there is no DC line {id}"))?;
    let interval = step
        .checked_sub(1)
        .and_then(|t| outcome.roll.intervals.get(t));
    let interval = interval.ok_or_else(|| format!("interval {step} has no dispatch"))?;
    let lmp = &interval.dispatch.prices.lmp;
    Ok(Found::DcLine(Sent {
        line,
        p_mw: interval.actual.dc_lines[line],
        lmp_usd_per_mwh: (lmp[dc.from], lmp[dc.to]),
    }))
}

fn of_aggregator(
    system: &System,
    params: &RtSced,
    a: usize,
    step: usize,
) -> Result<Found, Failure> {
    let mut process = before(system, params, step)?;
    let asked = process.ask(system, params, step - 1, |request| {
        explain_aggregator(system, request, a)
    });
    answered(asked, step).map(Found::Aggregator)
}

fn of_party(outcome: &Outcome, params: &RtSced, id: &str, step: usize) -> Result<Found, Failure> {
    let system = &outcome.system;
    let named = |unit: &Resource| unit.id == id;
    if let Some(a) = system.groups.iter().position(|group| group.id == id) {
        return of_aggregator(system, params, a, step);
    }
    let generator = system
        .generators
        .iter()
        .position(named)
        .map(Unit::Generator);
    let der = || system.ders.iter().position(named).map(Unit::Der);
    let unit = generator.or_else(der).ok_or_else(|| unknown(system, id))?;
    // As the ledger pays: at its own bus where the dispatch sees it there.
    let group = match unit {
        Unit::Generator(_) => None,
        Unit::Der(d) => system.group_of[d],
    };
    let by = group.filter(|&a| !outcome.pays_members(params, a));
    let price = match by {
        Some(a) => of_aggregator(system, params, a, step)?,
        None => of_bus(system, params, system.unit(unit).bus, step)?,
    };
    let interval = outcome.roll.intervals.get(step - 1);
    let interval = interval.ok_or_else(|| format!("interval {step} has no dispatch"))?;
    let (p_mw, ramp) = match unit {
        Unit::Generator(g) => (
            interval.actual.generators[g],
            interval.dispatch.prices.ramps[g],
        ),
        Unit::Der(d) => (interval.actual.ders[d], 0.0),
    };
    Ok(Found::Unit(Paid {
        unit,
        group,
        by_group: by.is_some(),
        p_mw,
        ramp_usd_per_mwh: ramp,
        price: Box::new(price),
    }))
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
