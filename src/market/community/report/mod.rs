//! What a community market has to say: written from its outcome, computed elsewhere.

use crate::market::View;
use crate::report::plots::message;
use crate::report::words::counted;
use crate::report::{Clock, Level, Report, Status, SubjectKind, capitalised};

use super::model::clearing::{Kind, Supply};
use super::model::iso_coupling::IsoCoupling;
use super::model::roll;
use super::outcome::{Days, Outcome, Shown};
use super::params::{CommunityMarket, Comparator};

mod chance;
mod charts;
mod compare;
pub mod explain;
mod feeders;
mod ledger;
pub mod regime;
mod series;
mod services;
mod settlement;
mod summary;
mod tables;
mod voltages;

/// What the clock counts.
const STEP: &str = "interval";

/// Communities up to which each has its own series.
const DRAWN: usize = 8;

/// An outcome with what is looked at.
struct Run<'a> {
    params: &'a CommunityMarket,
    /// The way to buy that headline, ledger and charts of days follow.
    way: Comparator,
    /// The interval shown, from 1.
    step: usize,
    days: Option<&'a Days>,
    shown: Option<Shown>,
    coupling: Option<&'a IsoCoupling>,
    boundary: Option<&'a str>,
}

impl Run<'_> {
    /// Whether the interval shown is cleared at the LMP.
    fn handed(&self) -> bool {
        self.days.is_none() && self.coupling.is_some()
    }

    /// The interval shown, where the way to buy clears it.
    fn cleared(&self) -> Option<&Shown> {
        let market = self.days.is_none() || self.way == Comparator::Transactive;
        self.shown.as_ref().filter(|_| market)
    }
}

/// The way to buy of a view: the market where none is chosen.
pub fn way(view: &View) -> Option<Comparator> {
    match &view.outcome {
        None => Some(Comparator::default()),
        Some(id) => Comparator::ALL.into_iter().find(|way| way.id() == id),
    }
}

/// Writes the report.
pub fn report(params: &CommunityMarket, outcome: &Outcome, view: &View) -> Report {
    write(&run(params, outcome, view))
}

/// Every way to buy side by side; the report alone where one interval is given as bids.
pub fn compare(params: &CommunityMarket, outcome: &Outcome) -> Report {
    let run = run(params, outcome, &View::default());
    let whole = write(&run);
    match run.days {
        Some(days) => compare::report(&run, days, whole),
        None => whole,
    }
}

fn run<'a>(params: &'a CommunityMarket, outcome: &'a Outcome, view: &View) -> Run<'a> {
    let days = outcome.days.as_deref();
    let steps = days.map_or(1, |days| days.system.intervals);
    let step = view.step_of(steps) + 1;
    let shown = match days {
        Some(days) => days.interval(step - 1, params),
        None => given(outcome),
    };
    Run {
        params,
        way: way(view).unwrap_or_default(),
        step,
        days,
        shown,
        coupling: outcome.coupling.as_ref(),
        boundary: outcome.boundary.as_deref(),
    }
}

/// The interval whose bids are given, as it clears: where the bids were handed up, at the LMP. What sharing
/// is worth is told of the clearing at the LSE's own price alone.
pub fn given(outcome: &Outcome) -> Option<Shown> {
    let given = outcome.given.clone()?;
    let Some(coupling) = &outcome.coupling else {
        return Some(given);
    };
    Some(Shown {
        price: vec![coupling.cleared.usd_per_kwh; given.bids.len()],
        supply: Supply {
            lse_usd_per_kwh: coupling.responsive.lmp_usd_per_mwh / 1000.0,
            ..given.supply
        },
        cleared: coupling.cleared.clone(),
        sharing: None,
        certificate: None,
        ..given
    })
}

fn write(run: &Run) -> Report {
    let mut report = Report {
        status: Status::Solved,
        headline: summary::headline(run),
        badges: summary::badges(run),
        summary: summary::summary(run),
        series: series::series(run).into(),
        tables: tables::tables(run),
        ledger: ledger::ledger(run),
        explains: match run.cleared() {
            Some(_) => vec![SubjectKind::Party],
            None => Vec::new(),
        },
        explains_parties: run.shown.as_ref().map_or(Vec::new(), |s| s.ids.clone()),
        ..Report::default()
    };
    if let Some(days) = &run.days {
        report.clock = Some(Clock {
            name: "interval".into(),
            steps: days.system.intervals,
            minutes_per_step: days.system.hours * 60.0,
        });
        report.start = run.step.checked_sub(1);
        report.follow = Some("view.step".into());
        report
            .certificates
            .extend(days.certificates.iter().cloned());
    }
    if run.days.is_none() {
        report.clock = Some(Clock {
            name: "interval".into(),
            steps: 1,
            minutes_per_step: 60.0 * run.shown.as_ref().map_or(0.0, |shown| shown.hours),
        });
    }
    if let Some(shown) = &run.shown {
        report.certificates.extend(shown.certificate.clone());
    }
    if let Some(coupling) = &run.coupling {
        let all = coupling.responsive.certificates.iter();
        report.certificates.extend(all.cloned());
    }
    charts::add(run, &mut report);
    messages(run, &mut report);
    report
}

fn messages(run: &Run, report: &mut Report) {
    let mut say = |level: Level, text: String| {
        report.messages.push(message(level, text));
    };
    let open = run
        .days
        .map_or(0, |days| days.trace(run.way).unsettled.len());
    if open > 0 {
        say(
            Level::Warning,
            format!(
                "In {} the power flow with the reaction to voltages does not settle; nobody reacted there.",
                counted(open, "interval")
            ),
        );
    }
    if run.params.network && run.way == Comparator::Transactive {
        let flows = run.days.and_then(|days| Some((days, days.flows(run.way)?)));
        if let Some(words) = flows.and_then(|(days, flows)| feeders::explained(days, flows)) {
            say(Level::Info, words);
        }
    }
    if let Some(market) = run.days.as_ref().and_then(|d| d.traces.last()) {
        if !market.unmet.is_empty() {
            say(
                Level::Warning,
                format!(
                    "In {} the feeder's own loads break a limit whatever the communities do; these were cleared without limits.",
                    counted(market.unmet.len(), "interval")
                ),
            );
        }
        let short = market
            .cleared
            .iter()
            .filter(|c| c.unserved_kw > 0.0)
            .count();
        if short > 0 {
            say(
                Level::Warning,
                format!(
                    "In {} the LSE cannot deliver what communities cannot do without; the price is the cap.",
                    counted(short, "interval")
                ),
            );
        }
        let spilled = roll::count(market, Kind::Surplus);
        if spilled > 0 {
            say(
                Level::Info,
                format!(
                    "In {} more is fed in than anyone takes; the rest is spilled.",
                    counted(spilled, "interval")
                ),
            );
        }
    }
    if let Some(shown) = run.cleared() {
        let (low, high) = shown.cleared.interval;
        if high - low > 1e-9 && shown.price.windows(2).all(|p| p[0] == p[1]) {
            let taken = match shown.cleared.usd_per_kwh > low {
                true => "the middle is taken",
                false => "nobody bids the upper end, the cap, and the lower end is taken",
            };
            say(
                Level::Info,
                format!(
                    "{}: every price from {:.3} to {:.3} ¢/kWh clears the interval shown; {taken}.",
                    capitalised(shown.cleared.kind.name()),
                    100.0 * low,
                    100.0 * high
                ),
            );
        }
    }
}
