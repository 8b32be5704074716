//! From a case and inputs to the report.

use crate::case::Case;
use crate::market::View;
use crate::report::plots::message;
use crate::report::{Certificate, Clock, Ledger, Level, Message, Report, Status, plain};

use super::ac::UNTIGHT_MVA;
use super::clear::{self, Cleared};
use super::curve::{Curve, Sample};
use super::lost::{self, Lost};
use super::params::{ResidualSupply, Scheme};
use super::physics;
use super::schemes::{self, Outcome};
use super::series::series;
use super::settlement;
use super::step_words::limit_sentence;
use super::summary::{badges, headline, summary};
use super::system::{BESIDE_UP_TO, Kind, System};
use super::theorems::{self, Theorem};
use super::{charts, tables};

/// Everything of one run, for its tables and charts.
pub struct Run<'a> {
    pub system: &'a System,
    pub outcome: &'a Outcome,
    /// The common optimum in one program.
    pub central: Option<&'a Cleared>,
    pub lost: &'a Lost,
    pub ledger: &'a Ledger,
    pub theorems: &'a [Theorem],
    /// Hypotheses of the theorems that the run does not meet, in words.
    pub unmet: &'a str,
    /// The feeder and period that charts of one feeder show.
    pub shown: Option<usize>,
    pub period: usize,
}

/// A case cleared by the chosen scheme.
pub struct Solved {
    pub system: System,
    outcome: Outcome,
    central: Option<Cleared>,
    lost: Lost,
    ledger: Ledger,
    theorems: Vec<Theorem>,
    /// Hypotheses of the theorems that the run does not meet, in words.
    unmet: String,
}

/// Whether a clearing takes long, whatever the scheme.
pub fn large(case: &Case) -> bool {
    let below: usize = case.feeders.iter().map(|f| f.buses.len()).sum();
    let periods = case.balancing.as_ref().map_or(1, |b| b.periods);
    (case.buses.len() + below) * periods > BESIDE_UP_TO
}

/// Clears the case by the chosen scheme, with the residual supply functions already made.
///
/// # Errors
/// A sentence when a program of the scheme cannot be solved.
pub fn solve(case: &Case, params: &ResidualSupply, made: Vec<Curve>) -> Result<Solved, String> {
    let system = System::new(case)?;
    let outcome = schemes::run(&system, params, params.scheme, made)?;
    let beside = !large(case);
    let central = if beside && params.scheme != Scheme::Common {
        let admitted = schemes::admitted(&system, Scheme::Common);
        clear::in_one(
            &system,
            clear::common(params, &[], &admitted),
            params.recover_ac,
        )
        .ok()
    } else {
        None
    };
    let benchmark = match params.scheme {
        Scheme::Common => Some(&outcome.market),
        _ => central.as_ref(),
    };
    let lost = lost::lost(&system, params, &outcome.market, &outcome.admitted, beside);
    let ledger = settlement::settle(&system, &outcome.market, params.settlement);
    let theorems = if beside && params.scheme == Scheme::Rsf {
        theorems::check(&system, params, &outcome, benchmark, &ledger)
    } else {
        Vec::new()
    };
    let unmet = theorems::unmet(&system, params, &outcome, benchmark);
    Ok(Solved {
        unmet,
        system,
        outcome,
        central,
        lost,
        ledger,
        theorems,
    })
}

/// Writes the report.
pub fn report(solved: &Solved, params: &ResidualSupply, view: &View) -> Report {
    let Solved {
        system, outcome, ..
    } = solved;
    let central = match params.scheme {
        Scheme::Common => Some(&outcome.market),
        _ => solved.central.as_ref(),
    };
    let run = Run {
        system,
        outcome,
        central,
        lost: &solved.lost,
        ledger: &solved.ledger,
        theorems: &solved.theorems,
        unmet: &solved.unmet,
        shown: shown(system, view),
        period: view.step_of(system.periods),
    };
    let mut report = write(&run);
    report.ledger = solved.ledger.clone();
    report
}

/// The area that charts of one feeder show: the chosen one, else the first.
fn shown(system: &System, view: &View) -> Option<usize> {
    let chosen = view.feeder.as_deref().and_then(|id| system.area(id));
    chosen.filter(|&a| a > 0).or_else(|| {
        let feeder = |&a: &usize| matches!(system.areas[a].kind, Kind::Feeder { .. });
        system
            .exporting()
            .find(feeder)
            .or_else(|| system.exporting().next())
    })
}

fn write(run: &Run) -> Report {
    let mut report = Report {
        status: Status::Solved,
        headline: headline(run),
        badges: badges(run),
        summary: summary(run),
        clock: Some(Clock {
            name: "period".into(),
            steps: run.system.periods,
            minutes_per_step: run.system.balancing.minutes_per_period,
        }),
        series: series(run),
        certificates: proofs(run),
        messages: messages(run),
        ..Report::default()
    };
    report.tables = tables::tables(run);
    charts::add(run, &mut report);
    report
}

/// The certificates of the market. Where a cone was not tight they prove a relaxation, or a step back from it:
/// not that no other power flow costs less.
fn proofs(run: &Run) -> Vec<Certificate> {
    let both = std::iter::once(&run.outcome.market).chain(&run.outcome.after);
    let tight = both
        .into_iter()
        .all(|c| c.power_flow.excess_before_mva <= UNTIGHT_MVA);
    let proofs = run.outcome.market.certificates.iter().map(|proof| {
        let mut proof = proof.clone();
        if !tight {
            proof.certified = false;
            proof.solve += ", relaxed: no proof of a power flow";
        }
        proof
    });
    proofs.collect()
}

fn messages(run: &Run) -> Vec<Message> {
    let note = |level: Level, text: String| message(level, text);
    let mut list = Vec::new();
    let system = run.system;
    let market = &run.outcome.market;
    if let Some(text) = without_answer(run) {
        list.push(note(Level::Warning, text));
    }
    list.extend(physics_message(&run.outcome.run));
    if let Some(after) = &run.outcome.after {
        let flow = &after.power_flow;
        if let Some(line) = &flow.untight {
            list.push(note(
                Level::Warning,
                untight_sentence(line, flow.excess_mva),
            ));
        }
        let unserved = run.outcome.unserved_after_mwh();
        if unserved > 1e-5 {
            list.push(note(
                Level::Warning,
                format!(
                    "The redispatch cannot cure everything: {} MWh stay unserved or spilled, at the price cap.",
                    plain(unserved, 3)
                ),
            ));
        }
    }
    if market.power_flow.recovered > 0 && run.outcome.run.untight.is_none() {
        list.push(note(
            Level::Info,
            format!(
                "The cone relaxation burnt up to {} MVA in a line. What is shown is the nearest power flow found, by convex-concave steps: it keeps every limit and its cost is real, but no proof says that no other power flow costs less.",
                plain(market.power_flow.excess_before_mva, 4)
            ),
        ));
    }
    if run.outcome.scheme == Scheme::Integrated
        && !system.balancing.bids.iter().any(|b| b.commercial)
    {
        list.push(note(
            Level::Info,
            "The case has no commercial bids, so the integrated flexibility market is the common market.".into(),
        ));
    }
    if run.central.is_none() {
        list.push(note(
            Level::Info,
            "The system is large: the common optimum in one program is not computed beside this run. Choose that scheme to see it.".into(),
        ));
    }
    list
}

fn untight_sentence(line: &str, excess_mva: f64) -> String {
    format!(
        "The cone of line {line} is not tight: the program burns {} MVA in it that no power flow would. The result is a relaxation there, not a power flow. Admit a bid that can take the surplus, or choose LinDistFlow.",
        plain(excess_mva, 4)
    )
}

/// What the feeders do with a dispatch whose market did not see them.
fn physics_message(found: &physics::Run) -> Option<Message> {
    let mut parts = Vec::new();
    if found.losses_mwh > 1e-5 {
        let losses = plain(found.losses_mwh, 4);
        parts.push(format!("{losses} MWh of losses are bought by nobody"));
    }
    if let Some((bus, v, outside)) = &found.voltage {
        parts.push(format!(
            "{bus} stands at {} p.u., {} p.u. outside its limits",
            plain(*v, 4),
            plain(*outside, 4)
        ));
    }
    if !found.without_flow.is_empty() {
        let which = found.without_flow.join(", ");
        parts.push(format!("no power flow serves {which}"));
    }
    if let Some((line, excess)) = &found.untight {
        return Some(message(Level::Warning, untight_sentence(line, *excess)));
    }
    (!parts.is_empty()).then(|| {
        let text = format!(
            "What the market did not see: {}. The redispatch pays for it.",
            parts.join("; ")
        );
        message(Level::Warning, text)
    })
}

/// Areas that a sentence names when several have energy without an answer.
const WORST: usize = 3;

/// Where energy can be neither served nor taken, in one sentence.
fn without_answer(run: &Run) -> Option<String> {
    let market = &run.outcome.market;
    let areas = market.dispatch.slack_mwh.iter().copied().enumerate();
    let mut short: Vec<(usize, f64)> = areas.filter(|(_, slack)| *slack > 1e-5).collect();
    short.sort_by(|a, b| b.1.total_cmp(&a.1));
    let name = |a: usize| &run.system.areas[a].id;
    // What the area's function says of its limits near the cleared export.
    let held = |a: usize| -> Option<String> {
        let far = |sample: &&Sample| -> f64 {
            let exports = sample.export_mw.iter().zip(&market.dispatch.export_mw[a]);
            exports.map(|(at, cleared)| (at - cleared).abs()).sum()
        };
        let samples = market.curves.get(a)?.as_ref()?.samples.iter();
        let sample = samples.min_by(|x, y| far(x).total_cmp(&far(y)))?;
        (!sample.limits.is_empty()).then(|| limit_sentence(&sample.limits))
    };
    let says = "can be neither served nor taken; they cost the price cap";
    match short.as_slice() {
        [] => None,
        [(a, slack)] => {
            let held = held(*a).map_or(String::new(), |h| format!(" Limits in conflict: {h}."));
            Some(format!(
                "{}: {} MWh {says}.{held}",
                name(*a),
                plain(*slack, 3)
            ))
        }
        many => {
            let sum: f64 = many.iter().map(|(_, slack)| slack).sum();
            let worst = many.iter().take(WORST).map(|&(a, slack)| {
                let held = held(a).map_or(String::new(), |h| format!(" ({h})"));
                format!("{} {} MWh{held}", name(a), plain(slack, 3))
            });
            Some(format!(
                "{} MWh in {} areas {says}. Most: {}. The table of areas lists all.",
                plain(sum, 3),
                many.len(),
                worst.collect::<Vec<_>>().join("; "),
            ))
        }
    }
}
