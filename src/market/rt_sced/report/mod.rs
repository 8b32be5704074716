//! What a rolling RT-SCED has to say: written from its outcome, computed elsewhere.

mod charts;
pub mod compare;
mod conflict;
mod critical;
mod cures;
pub mod explain;
mod explain_dc_line;
pub mod explain_line;
pub mod explain_party;
mod explain_plane;
mod figure;
mod headline;
mod ledger;
mod look_ahead;
mod losses;
pub mod map;
mod messages;
pub mod probe;
pub mod regime;
mod region;
mod region_layers;
mod run;
mod security;
mod series;
mod summaries;
mod summary;
mod tables;
mod words;

pub use summary::PICTURES;

use crate::market::Failure;
use crate::report::plots::message;
use crate::report::{Captions, Clock, Explained, Level, Report, Status, SubjectKind};

use super::explain::Found;
use super::outcome::Outcome;
use super::params::RtSced;
use run::Run;

/// What makes a number in interval `step` (from 1), in words and tables.
///
/// # Errors
/// A shadow price that neither side of its limit makes.
pub fn explained(
    params: &RtSced,
    outcome: &Outcome,
    found: &Found,
    step: usize,
) -> Result<Explained, Failure> {
    let system = &outcome.system;
    Ok(match found {
        Found::Bus(parts) => {
            let interval = outcome.roll.intervals.get(step - 1);
            let carried = interval.map(|interval| interval.flows_mw.as_slice());
            explain::explained(system, parts, carried, step)
        }
        Found::Line(line) => explain_line::explained(system, line, step)?,
        Found::DcLine(sent) => explain_dc_line::explained(system, sent, step),
        Found::Aggregator(aggregator) => {
            let mut one = explain_party::of_aggregator(system, aggregator, step);
            if outcome.pays_members(params, aggregator.group) {
                one.sentences.push(explain_party::paid_at_their_buses());
            }
            one
        }
        Found::Unit(paid) => {
            let price = explained(params, outcome, &paid.price, step)?;
            explain_party::of_unit(system, paid, price, step)
        }
    })
}

/// Writes the report.
pub fn report(params: &RtSced, outcome: &Outcome) -> Report {
    let run = Run::new(params, outcome);
    let mut report = Report {
        status: match outcome.roll.stopped {
            Some(_) => Status::Infeasible,
            None => Status::Solved,
        },
        headline: headline::headline(&run),
        clock: Some(Clock {
            name: "interval".into(),
            steps: run.intervals.len(),
            minutes_per_step: params.interval_minutes,
        }),
        series: series::series(&run),
        tables: tables::tables(&run),
        summary: summary::quantities(&run),
        ledger: ledger::ledger(&run),
        certificates: summary::certificates(&run),
        messages: messages::messages(&run),
        explains: vec![SubjectKind::Bus, SubjectKind::Branch, SubjectKind::Party],
        explains_parties: {
            let units = run.system.generators.iter().chain(&run.system.ders);
            let groups = run.system.groups.iter().map(|group| group.id.clone());
            units.map(|unit| unit.id.clone()).chain(groups).collect()
        },
        ..Report::default()
    };
    look_ahead::add(&run, &mut report);
    report.charts.extend(charts::charts(&run, &report));
    figure::add(&run, &mut report);
    report.tables.extend(critical::table_of(&run));
    report.tables.extend(losses::table_of(&run));
    report.tables.extend(security::table_of(&run));
    report.tables.extend(security::corrections(&run));
    match &outcome.region {
        None => {}
        Some(Ok(shown)) => region::add(&run, shown, &mut report),
        Some(Err(why)) => report.messages.push(message(
            Level::Info,
            format!("The feasible region is not drawn: {why}."),
        )),
    }
    let captions = summaries::captions(&run).into_iter();
    report.captions = captions
        .map(|(chart, steps)| Captions {
            chart: chart.into(),
            steps,
        })
        .collect();
    report.badges = messages::badges(&run, &report);
    report
}
