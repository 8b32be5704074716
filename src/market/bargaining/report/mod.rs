//! What a day has to say: written from its outcome, computed elsewhere.

use crate::market::Failure;
use crate::market::View;
use crate::report::plots::message;
use crate::report::{Badge, Clock, Level, Probe, Report, Status, SubjectKind};

use super::outcome::{Outcome, Settled};
use super::params::{Bargaining, Rule};

mod badges;
mod bargain;
mod batteries;
mod charts;
mod compare;
pub mod explain;
mod ledger;
mod messages;
mod risk;
mod series;
mod studies;
mod summary;
mod tables;
mod words;

/// Prices apart by less tell nothing of a slot, $/MWh.
const APART_USD_PER_MWH: f64 = 1.0;

/// Writes the report.
pub fn report(params: &Bargaining, outcome: &Outcome, view: &View) -> Report {
    let run = match outcome {
        Outcome::Settled(run) => run,
        Outcome::Unserved(why) => return unserved(words::unserved(why)),
    };
    let day = run.day.as_ref();
    let mut report = Report {
        status: Status::Solved,
        headline: summary::headline(run),
        badges: summary::badges(run),
        summary: summary::summary(run),
        clock: Some(Clock {
            name: words::STEP.into(),
            steps: run.slots,
            minutes_per_step: run.minutes_per_slot,
        }),
        start: start(run),
        series: series::series(run).into(),
        charts: charts::charts(run),
        tables: tables::tables(run),
        ledger: ledger::ledger(run),
        certificates: day.map_or(Vec::new(), |day| day.certificates.clone()),
        messages: messages::messages(run, params.disagreement),
        explains: vec![SubjectKind::Party],
        explains_parties: run.players.clone(),
        ..Report::default()
    };
    bargain::add(run, view, &mut report);
    batteries::add(run, &mut report);
    studies::add(run, &mut report);
    risk::add(run, &mut report);
    report
}

/// Every rule on the same day: what each player has of it, and how even that is.
pub fn compare(params: &Bargaining, outcome: &Outcome) -> Report {
    let report = report(params, outcome, &View::default());
    match outcome {
        Outcome::Settled(run) => compare::report(run, report),
        Outcome::Unserved(_) => report,
    }
}

/// What holds at a point of a chart.
///
/// # Errors
/// An unknown key, or a day that is not served or has no surplus.
pub fn probe(
    params: &Bargaining,
    outcome: &Outcome,
    view: &View,
    key: &str,
    x: f64,
) -> Result<Probe, Failure> {
    match outcome {
        Outcome::Settled(run) => bargain::probe(run, params, view, key, x),
        Outcome::Unserved(why) => Err(words::unserved(why).into()),
    }
}

/// The report of a day that no dispatch serves.
fn unserved(why: String) -> Report {
    let text = "Raise one of the limits named, or lower what has to be served behind it.";
    Report {
        status: Status::Infeasible,
        headline: why,
        badges: vec![Badge::judged(false, "infeasible")],
        messages: vec![message(Level::Error, text.into())],
        ..Report::default()
    }
}

/// The slot with the widest prices where they differ, otherwise the last: by then all is shared.
fn start(run: &Settled) -> Option<usize> {
    let spread = |lmp: &Vec<f64>| {
        let high = lmp.iter().fold(f64::MIN, |a, b| a.max(*b));
        high - lmp.iter().fold(f64::MAX, |a, b| a.min(*b))
    };
    let day = run.day.as_ref().filter(|_| run.chosen == Rule::Lmp);
    let widest = day.and_then(|day| {
        let slots = day.together.lmp.iter().map(spread).enumerate();
        let widest = slots.max_by(|a, b| a.1.total_cmp(&b.1));
        widest.filter(|(_, spread)| *spread > APART_USD_PER_MWH)
    });
    widest.map(|(t, _)| t).or(run.slots.checked_sub(1))
}
