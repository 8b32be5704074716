//! From a case and inputs to the report.

use std::rc::Rc;

use crate::case::Case;
use crate::report::plots::message;
use crate::report::words::counted;
use crate::report::{Certificate, Clock, Level, Report, Status, capitalised};

use super::bid::{Bid, Corners};
use super::clearing::{Cleared, Kind, Supply, clear, program};
use super::days::{Days, days};
use super::params::{CommunityMarket, Given};
use super::roll::{self, supply};
use super::sharing::{Sharing, share};
use super::thread::{Thread, thread};
use super::{charts, ledger, proof, series, summary, tables};

/// The interval that is shown.
pub struct Shown {
    pub ids: Vec<String>,
    pub bids: Vec<Bid>,
    pub supply: Supply,
    pub cleared: Cleared,
    /// Price at every community, $/kWh: the same for all where no limit binds.
    pub price: Vec<f64>,
    pub hours: f64,
    pub sharing: Option<Sharing>,
}

/// Everything of one run, for its tables and charts.
pub struct Run {
    pub params: CommunityMarket,
    pub days: Option<Rc<Days>>,
    pub shown: Option<Shown>,
    pub thread: Option<Thread>,
    /// Where the communities' feeder meets transmission.
    pub boundary: Option<String>,
}

/// Clears bids that are given.
fn given(given: &Given, params: &CommunityMarket) -> Result<Shown, String> {
    let bids: Vec<Bid> = given
        .bids
        .iter()
        .map(|b| {
            let corners = Corners {
                min_kw: b.min_kw,
                preferred_kw: b.preferred_kw,
                max_kw: b.max_kw,
                top: b.top_usd_per_kwh,
                above: b.above_usd_per_kwh,
                below: b.below_usd_per_kwh,
                bottom: b.bottom_usd_per_kwh,
            };
            corners.steps(params.steps)
        })
        .collect();
    let hours = 5.0 / 60.0;
    let supply = supply(given.lse_usd_per_kwh, params);
    let cleared = clear(&bids, &supply);
    let sharing = (bids.len() > 1)
        .then(|| share(std::iter::once((bids.as_slice(), supply)), hours))
        .transpose()?;
    Ok(Shown {
        ids: given.bids.iter().map(|b| b.id.clone()).collect(),
        price: vec![cleared.usd_per_kwh; bids.len()],
        bids,
        supply,
        cleared,
        hours,
        sharing,
    })
}

/// The interval of the days that is shown; `None` where bids are too many to be kept.
fn of_days(days: &Days, params: &CommunityMarket) -> Option<Shown> {
    let t = params.show_interval.checked_sub(1)?;
    let market = days.traces.last()?;
    Some(Shown {
        ids: days.system.members.iter().map(|m| m.id.clone()).collect(),
        bids: market.bids.get(t).filter(|bids| !bids.is_empty())?.clone(),
        supply: roll::supply(*days.system.lse.get(t)?, params),
        cleared: market.cleared.get(t)?.clone(),
        price: market.price.iter().map(|p| p[t]).collect(),
        hours: days.system.hours,
        sharing: None,
    })
}

/// Runs the days, or clears the bids given, and writes the report.
///
/// # Errors
/// A sentence when a program cannot be solved.
pub fn run(case: &Case, params: &CommunityMarket) -> Result<Report, String> {
    let (days, shown) = match &params.given {
        Some(bids) => (None, Some(given(bids, params)?)),
        None => {
            let days = days(case, params)?;
            let shown = of_days(&days, params);
            (Some(days), shown)
        }
    };
    let thread = match &shown {
        Some(shown) if params.thread => {
            Some(thread(case, &shown.bids, &shown.supply, shown.hours)?)
        }
        _ => None,
    };
    let run = Run {
        params: params.clone(),
        days,
        shown,
        thread,
        boundary: case.boundaries.first().map(|b| b.id.clone()),
    };
    Ok(write(&run))
}

/// The clearing of one interval (from 1) as an LP file, in kW and $/kWh.
///
/// # Errors
/// An interval that is not reached, or whose bids are not kept.
pub fn lp_file(case: &Case, params: &CommunityMarket, step: usize) -> Result<String, String> {
    let shown = match &params.given {
        Some(bids) => Some(given(bids, params)?),
        None => {
            let params = CommunityMarket {
                show_interval: step,
                ..params.clone()
            };
            let days = days(case, &params)?;
            of_days(&days, &params)
        }
    };
    let shown = shown.ok_or(format!("there are no bids of interval {step}"))?;
    Ok(crate::opt::lp_file::write(
        &program(&shown.bids, &shown.supply).model,
    ))
}

fn write(run: &Run) -> Report {
    let mut report = Report {
        status: Status::Solved,
        headline: summary::headline(run),
        badges: summary::badges(run),
        summary: summary::summary(run),
        series: series::series(run),
        tables: tables::tables(run),
        ledger: ledger::ledger(run),
        ..Report::default()
    };
    if let Some(days) = &run.days {
        report.clock = Some(Clock {
            name: "interval".into(),
            steps: days.system.intervals,
            minutes_per_step: days.system.hours * 60.0,
        });
        report.start = run.params.show_interval.checked_sub(1);
        report.follow = Some("mechanism.show_interval".into());
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
        let within = run.days.as_ref().and_then(|d| d.traces.last());
        let t = run.params.show_interval.saturating_sub(1);
        if !within.is_some_and(|w| w.congested.contains(&t)) {
            let name = "clearing shown".to_string();
            let proof = proof::clearing(name, &shown.bids, &shown.supply, &shown.cleared);
            report.certificates.push(Certificate::from(&proof));
        }
    }
    if let Some(thread) = &run.thread {
        let all = thread.responsive.certificates.iter();
        report.certificates.extend(all.map(Certificate::from));
    }
    charts::add(run, &mut report);
    messages(run, &mut report);
    report
}

fn messages(run: &Run, report: &mut Report) {
    let mut say = |level: Level, text: String| {
        report.messages.push(message(level, text));
    };
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
    if let Some(shown) = &run.shown {
        let (low, high) = shown.cleared.interval;
        if high - low > 1e-9 && shown.price.windows(2).all(|p| p[0] == p[1]) {
            say(
                Level::Info,
                format!(
                    "{}: every price from {:.3} to {:.3} ¢/kWh clears the interval shown; the middle is taken.",
                    capitalised(shown.cleared.kind.name()),
                    100.0 * low,
                    100.0 * high
                ),
            );
        }
    }
}
