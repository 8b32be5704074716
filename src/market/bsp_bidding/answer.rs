//! From a case and inputs to the report.

use crate::case::Case;
use crate::market::View;
use crate::market::shared::coupling::{Common, Markets};
use crate::opt::lp_file as file;
use crate::report::plots::message;
use crate::report::words::steps;
use crate::report::{Certificate, Clock, Level, Message, Probe, Report, Status, plain};

use super::clear::{Bids, Cleared, Lower};
use super::game::End;
use super::handover;
use super::kkt::{Kkt, Player};
use super::outcome::{Outcome, strategic};
use super::params::{Behaviour, BspBidding, Method, Settlement};
use super::safety::{self, Safety};
use super::schemes::{Covered, Scheme, cover, tso_stage};
use super::second::{Forwarded, forward};
use super::strategy::{self, Answer, room};
use super::system::System;
use super::{charts, landscape, ledger, milp, series, summary, tables};

/// Limits and bids up to which the shown period is solved all three ways: plain branch and bound takes
/// long beyond.
const CHECKED_UP_TO: usize = 24;

/// The second stage of one period.
pub struct Second {
    pub forwarded: Forwarded,
    pub safety: Safety,
    /// What the TSO does with what is forwarded and its own bids.
    pub tso: Cleared,
}

/// The second stage of a day under one behaviour, and the certificates of its markets.
pub struct Forwarding {
    pub periods: Vec<Second>,
    /// What the DSO would hand over as a function in the hour asked about.
    pub function: Option<handover::Function>,
    pub certificates: Vec<Certificate>,
}

/// A market day under every behaviour.
pub struct Solved {
    pub system: System,
    /// Owners that bid strategically; the first is the reader's.
    pub players: Vec<usize>,
    pub outcomes: Vec<Outcome>,
    /// One for each of `outcomes`.
    pub forwarding: Vec<Forwarding>,
    /// By period, in the order of [`Scheme::ALL`].
    pub schemes: Vec<Vec<Covered>>,
    /// The hour asked about, from 0, by each method.
    pub asked: usize,
    pub methods: Vec<(Method, Answer)>,
    pub common: Option<Common>,
    /// By period.
    pub landscapes: Vec<Option<landscape::Landscape>>,
}

/// A market day with what is looked at.
pub struct Run<'a> {
    pub params: &'a BspBidding,
    pub system: &'a System,
    pub players: &'a [usize],
    pub outcomes: &'a [Outcome],
    pub behaviour: Behaviour,
    pub second: &'a [Second],
    pub schemes: &'a [Vec<Covered>],
    /// The hour shown, from 0, and the one asked about.
    pub hour: usize,
    pub asked: usize,
    pub methods: &'a [(Method, Answer)],
    pub function: Option<&'a handover::Function>,
    pub common: Option<&'a Common>,
    pub landscape: Option<&'a landscape::Landscape>,
    pub certificates: &'a [Certificate],
}

impl Run<'_> {
    pub fn outcome(&self, behaviour: Behaviour) -> Option<&Outcome> {
        self.outcomes.iter().find(|o| o.behaviour == behaviour)
    }

    /// The outcome that headline, ledger and diagram show.
    pub fn shown(&self) -> Option<&Outcome> {
        self.outcome(self.behaviour)
    }

    /// The owner that the charts of profits are about.
    pub fn player(&self) -> usize {
        self.players.first().copied().unwrap_or(0)
    }
}

/// Runs the market day under every behaviour.
///
/// # Errors
/// A sentence when a program cannot be solved.
pub fn solve(case: &Case, params: &BspBidding, markets: &Markets) -> Result<Solved, String> {
    let system = System::new(case)?;
    let players = strategic(&system, params);
    let own_given = !params.own.is_empty();
    let outcomes = Behaviour::ALL
        .into_iter()
        .filter(|b| *b != Behaviour::Own || own_given)
        .map(|behaviour| Outcome::new(&system, params, behaviour))
        .collect::<Result<Vec<_>, _>>()?;
    let asked = params.hour.clamp(1, system.hours.len()) - 1;
    let forwarding = outcomes
        .iter()
        .map(|outcome| forwarding(&system, params, outcome, asked, markets))
        .collect::<Result<Vec<_>, _>>()?;
    let mut schemes = Vec::new();
    for t in 0..system.hours.len() {
        let by = |scheme: &Scheme| cover(&system, t, *scheme, params.weight);
        schemes.push(Scheme::ALL.iter().map(by).collect::<Result<Vec<_>, _>>()?);
    }
    let hour = &system.hours[asked];
    let own = system.owned(players.first().copied().unwrap_or(0));
    let mut methods = Vec::new();
    let all = [Method::Branching, Method::Milp, Method::Enumeration];
    let few = hour.limits.len() + 2 * system.resources.len() <= CHECKED_UP_TO;
    let rivals = others(&outcomes, &system, &players, asked);
    for method in all.into_iter().take(if few { 3 } else { 1 }) {
        if let Ok(found) = strategy::answer(hour, &rivals, &own, params, method) {
            methods.push((method, found));
        }
    }
    let common = match params.handover {
        true => handover::common(markets, &system, asked, &Bids::truthful(hour)).ok(),
        false => None,
    };
    let landscapes = (0..system.hours.len())
        .map(|t| {
            let others = others(&outcomes, &system, &players, t);
            landscape::landscape(&system, params, &outcomes, &others, &own, t)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Solved {
        players,
        forwarding,
        schemes,
        asked,
        methods,
        common,
        landscapes,
        outcomes,
        system,
    })
}

/// The second stage of every period of an outcome.
fn forwarding(
    system: &System,
    params: &BspBidding,
    outcome: &Outcome,
    asked: usize,
    markets: &Markets,
) -> Result<Forwarding, String> {
    let mut periods = Vec::new();
    let mut certificates = Vec::new();
    let market = outcome.behaviour != Behaviour::TsoOnly;
    for (t, (hour, period)) in system.hours.iter().zip(&outcome.periods).enumerate() {
        let (bids, cleared) = (&period.bids, &period.cleared);
        let forwarded = forward(hour, &cleared.up_mw, &cleared.down_mw, bids, params.weight)?;
        let samples = params.samples as usize;
        let safety = safety::check(system, t, &cleared.net_mw(), &forwarded, samples);
        let (_, tso) = tso_stage(hour, bids, (&forwarded.up_mw, &forwarded.down_mw));
        periods.push(Second {
            forwarded,
            safety,
            tso,
        });
        if market {
            let name = format!("market of the DSO, period {}", t + 1);
            certificates.push(Lower::new(hour, bids).certify(name, cleared));
        }
    }
    let function = (params.handover && market).then(|| {
        let left = &periods[asked].forwarded;
        let period = &outcome.periods[asked];
        let left = (left.left_up_mw.as_slice(), left.left_down_mw.as_slice());
        handover::function(markets, system, asked, &period.cleared.net_mw(), left, &period.bids)
    });
    Ok(Forwarding {
        function: function.and_then(Result::ok),
        periods,
        certificates,
    })
}

/// Writes the report.
pub fn report(params: &BspBidding, solved: &Solved, view: &View) -> Report {
    let behaviour = behaviour(view);
    let found = solved.outcomes.iter().position(|o| o.behaviour == behaviour);
    let forwarding = &solved.forwarding[found.unwrap_or(0)];
    let hour = view.step_of(solved.system.hours.len());
    write(&Run {
        params,
        system: &solved.system,
        players: &solved.players,
        outcomes: &solved.outcomes,
        behaviour,
        second: &forwarding.periods,
        schemes: &solved.schemes,
        hour,
        asked: solved.asked,
        methods: &solved.methods,
        function: forwarding.function.as_ref(),
        common: solved.common.as_ref(),
        landscape: solved.landscapes[hour].as_ref(),
        certificates: &forwarding.certificates,
    })
}

/// The behaviour of a view: the strategic one where none is chosen.
fn behaviour(view: &View) -> Behaviour {
    let chosen = view.outcome.as_deref();
    let chosen = chosen.and_then(|id| Behaviour::ALL.into_iter().find(|b| b.id() == id));
    chosen.unwrap_or_default()
}

/// The bids that the first player answers: the others' in equilibrium where there are several
/// strategic owners, else at cost.
fn others(outcomes: &[Outcome], system: &System, players: &[usize], t: usize) -> Bids {
    let strategic = outcomes
        .iter()
        .find(|o| o.behaviour == Behaviour::Strategic);
    match strategic.and_then(|o| o.periods.get(t)) {
        Some(period) if players.len() > 1 => period.bids.clone(),
        _ => Bids::truthful(&system.hours[t]),
    }
}

fn write(run: &Run) -> Report {
    let mut report = Report {
        status: Status::Solved,
        headline: summary::headline(run),
        badges: summary::badges(run),
        summary: summary::summary(run),
        clock: Some(Clock {
            name: "hour".into(),
            steps: run.system.hours.len(),
            minutes_per_step: 60.0 * run.system.hours_per_period,
        }),
        start: Some(run.hour),
        follow: Some("view.step".into()),
        series: series::series(run),
        ledger: ledger::ledger(run),
        certificates: run.certificates.to_vec(),
        messages: messages(run),
        ..Report::default()
    };
    report.tables = tables::tables(run);
    charts::add(run, &mut report);
    report
}

fn messages(run: &Run) -> Vec<Message> {
    let mut list = Vec::new();
    let mut say = |level: Level, text: String| {
        list.push(message(level, text));
    };
    let hours = |list: Vec<usize>| steps("hour", &list);
    let which = |of: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let all = 0..run.system.hours.len();
        all.filter(|&t| of(t)).map(|t| t + 1).collect()
    };
    if let Some(strategic) = run.outcome(Behaviour::Strategic) {
        let stopped = which(&|t| {
            strategic.periods[t]
                .answer
                .as_ref()
                .is_some_and(|a| a.stopped)
        });
        if !stopped.is_empty() {
            let gap = strategic.periods.iter().filter_map(|p| p.answer.as_ref());
            let gap = gap.map(|a| a.bound - a.profit).fold(0.0, f64::max);
            let bound = if gap.is_finite() {
                format!(
                    "no bids earn more than {} $ an hour above those shown",
                    plain(gap, 4)
                )
            } else {
                "no bound is known".to_string()
            };
            say(
                Level::Warning,
                format!(
                    "The search ended at its limit of {} nodes in {}: the bids shown are the best found, and {bound}. Raise the limit{}.",
                    run.params.node_limit,
                    hours(stopped),
                    match run.params.method {
                        Method::Milp => ", or branch on complementarity",
                        _ => "",
                    }
                ),
            );
        }
        let open = which(&|t| {
            let end = strategic.periods[t].equilibrium.as_ref().map(|e| e.end);
            end.is_some_and(|e| !matches!(e, End::Settled | End::Near))
        });
        if !open.is_empty() {
            say(
                Level::Info,
                format!(
                    "The owners' answers do not settle in {}: there an owner would still gain by other bids, and what is shown is the state after the last round.",
                    hours(open)
                ),
            );
        }
    }
    if let Some(shown) = run.shown() {
        let over =
            which(&|t| run.system.hours[t].overload_mw(&shown.periods[t].cleared.net_mw()) > 1e-6);
        if !over.is_empty() {
            say(
                Level::Warning,
                format!(
                    "Lines carry {} MWh more than they may, in {}.",
                    plain(shown.overload_mwh(run.system), 4),
                    hours(over)
                ),
            );
        }
        if shown.voltage_over_pu2(run.system) > 1e-6 {
            say(Level::Warning, "Voltages leave their limits in the linear model; no activation of the resources cures it.".into());
        }
    }
    let before = run.second.iter().map(|s| s.safety.ac_before_line_over_mw);
    let before = before.fold(0.0, f64::max);
    if before == f64::INFINITY {
        say(
            Level::Warning,
            "The AC power flow has no solution after stage one: the feeder cannot carry what the linear model lets through.".into(),
        );
    } else if before > 1e-6 && run.behaviour != Behaviour::TsoOnly {
        say(
            Level::Info,
            format!(
                "The market has no losses. By AC power flow a line is {} MW over its limit after stage one: losses that the linear model leaves out.",
                plain(before, 4)
            ),
        );
    }
    if run.params.settlement == Settlement::PayAsBid {
        say(Level::Info, "Paid as bid, an owner that knows the market bids its price: the strategic owner earns what it earns at uniform prices, and only owners at cost earn less.".into());
    }
    list
}

/// The mixed-integer program of period `step` (from 1) as an LP file.
///
/// # Errors
/// A period that does not exist.
pub fn lp_file(case: &Case, params: &BspBidding, step: usize) -> Result<String, String> {
    let system = System::new(case)?;
    let hour = step
        .checked_sub(1)
        .and_then(|t| system.hours.get(t))
        .ok_or_else(|| {
            format!(
                "there is no hour {step}; the market has {}",
                system.hours.len()
            )
        })?;
    let player = strategic(&system, params).first().copied().unwrap_or(0);
    let own = system.owned(player);
    let (bids, room) = (Bids::truthful(hour), room(hour, params));
    let kkt = Kkt::new(&Player {
        hour,
        bids: &bids,
        own: &own,
        room: &room,
        pay_as_bid: params.settlement == Settlement::PayAsBid,
    });
    Ok(file::write(&milp::program(&kkt)))
}

/// What the first strategic owner earns at a point of the chart `landscape`; its key is
/// `profit:<hour>`.
///
/// # Errors
/// An unknown key.
pub fn probe(
    params: &BspBidding,
    solved: &Solved,
    key: &str,
    at: (f64, f64),
) -> Result<Probe, String> {
    let unknown = || format!("no chart of this mechanism answers to `{key}`");
    let Solved {
        system,
        outcomes,
        players,
        ..
    } = solved;
    let hour = key
        .strip_prefix("profit:")
        .and_then(|t| t.parse::<usize>().ok());
    let t = hour
        .and_then(|t| t.checked_sub(1))
        .filter(|t| *t < system.hours.len());
    let t = t.ok_or_else(unknown)?;
    let own = system.owned(players.first().copied().unwrap_or(0));
    let others = others(outcomes, system, players, t);
    landscape::probe(system, params, &others, &own, t, at)
}
