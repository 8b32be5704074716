//! What the market has to say: written from its outcome, computed elsewhere.

use crate::case::Case;
use crate::market::View;
use crate::report::{Certificate, Report, Status, SubjectKind};

use super::model::ac::UNTIGHT_MVA;
use super::outcome::Outcome;
use run::Run;

mod bounds;
mod charts;
pub mod compare;
pub mod explain;
mod explain_bid;
pub mod explain_moves;
mod ledger;
mod messages;
pub mod probe;
pub mod published;
pub mod regime;
mod run;
mod series;
mod summary;
mod tables;
mod theorems;
pub mod words;

pub use summary::PICTURES;

/// Writes the report.
pub fn report(case: &Case, outcome: &Outcome, view: &View) -> Report {
    let run = Run::new(outcome, view);
    let mut report = Report {
        status: Status::Solved,
        headline: summary::headline(&run),
        badges: summary::badges(&run),
        summary: summary::summary(&run),
        clock: Some(run::clock(run.system, run.system.periods)),
        series: series::series(&run).into(),
        tables: tables::tables(&run),
        ledger: ledger::ledger(&outcome.payments),
        certificates: proofs(&run),
        messages: messages::messages(&run),
        explains: vec![
            SubjectKind::Bus,
            SubjectKind::Boundary,
            SubjectKind::Zone,
            SubjectKind::Party,
        ],
        explains_parties: (run.system.balancing.bids.iter())
            .map(|bid| bid.id.clone())
            .collect(),
        ..Report::default()
    };
    report.tables.extend(published::of_run(case, &run));
    charts::add(&run, &mut report);
    report
}

/// The certificates of the market. Where a cone was not tight they prove a relaxation, or a step back from it:
/// not that no other power flow costs less.
fn proofs(run: &Run) -> Vec<Certificate> {
    let market = &run.coordination.market;
    let mut both = std::iter::once(market).chain(&run.coordination.after);
    let tight = both.all(|c| c.power_flow.excess_before_mva <= UNTIGHT_MVA);
    let mut proofs = market.certificates.clone();
    for proof in proofs.iter_mut().filter(|_| !tight) {
        proof.certified = false;
        proof.solve += ", relaxed: no proof of a power flow";
    }
    proofs
}
