//! What the market has to say: written from its outcome, computed elsewhere.

use crate::market::View;
use crate::report::{Clock, Report, Status, SubjectKind};

use super::explain::shown;
use super::outcome::Outcome;
use super::params::{Behaviour, BspBidding};

use run::Run;

mod asked;
mod both_levels;
mod charts;
pub mod compare;
pub mod explain;
mod explain_bid;
mod explain_moves;
mod ledger;
mod messages;
mod on_cone;
pub mod probe;
pub mod regime;
mod run;
mod series;
mod storage;
mod summary;
mod tables;

/// Writes the report of the behaviour and the hour of a view: the strategic one where none is chosen.
pub fn report(params: &BspBidding, outcome: &Outcome, view: &View) -> Report {
    let run = Run {
        params,
        outcome,
        shown: shown(outcome, view),
        hour: view.step_of(outcome.system.hours.len()),
    };
    let market = run.behaviour() != Behaviour::TsoOnly;
    let mut explains = vec![SubjectKind::Bus, SubjectKind::Boundary];
    explains.extend(
        market
            .then_some([SubjectKind::Branch, SubjectKind::Party])
            .into_iter()
            .flatten(),
    );
    Report {
        explains,
        explains_parties: match market {
            true => outcome.system.resources.clone(),
            false => Vec::new(),
        },
        status: Status::Solved,
        headline: summary::headline(&run),
        badges: summary::badges(&run),
        summary: summary::summary(&run),
        clock: Some(Clock {
            name: "hour".into(),
            steps: outcome.system.hours.len(),
            minutes_per_step: 60.0 * outcome.system.hours_per_period,
        }),
        start: Some(run.hour),
        follow: Some("view.step".into()),
        series: series::series(&run).into(),
        charts: charts::charts(&run),
        tables: tables::tables(&run),
        ledger: ledger::ledger(&run),
        certificates: run.shown.certificates.clone(),
        messages: messages::messages(&run),
        ..Report::default()
    }
}
