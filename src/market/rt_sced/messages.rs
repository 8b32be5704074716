//! What the user should know about a run, and what would cure a conflict.

use crate::case::Case;
use crate::report::words::counted;
use crate::report::{Badge, Level, Message, Report, Tone};

use super::cures::{Offers, offers};
use super::dispatch::{Cause, Conflict, Failure, Unit};
use super::narrative::{mw, plain};
use super::params::{Method, Operation};
use super::{Run, Status, ties};

pub fn badges(run: &Run, report: &Report) -> Vec<Badge> {
    let badge = |text: String, tone: Tone| Badge { text, tone };
    let mut badges = Vec::new();
    let solves = report.certificates.len();
    if solves > 0 {
        let certified = report.certificates.iter().filter(|c| c.certified).count();
        badges.push(match certified == solves {
            true => badge(
                format!("certified: {}", counted(solves, "solve")),
                Tone::Good,
            ),
            false => badge(
                format!(
                    "{} of {} not certified",
                    solves - certified,
                    counted(solves, "solve")
                ),
                Tone::Bad,
            ),
        });
    }
    if report.status == Status::Infeasible {
        badges.push(badge("infeasible".into(), Tone::Bad));
        return badges;
    }
    let over = run.overloaded().len();
    badges.push(match over {
        0 => badge("within limits".into(), Tone::Good),
        n => badge(
            format!(
                "{n} of {} over a limit",
                counted(run.roll.intervals.len(), "interval")
            ),
            Tone::Bad,
        ),
    });
    if let Some((stability, factor)) = run
        .stability
        .as_ref()
        .and_then(|s| Some((s, s.deciding()?)))
    {
        // Within the accuracy of a numerical slope, ±1 is the boundary itself.
        let (word, tone) = match factor.abs() {
            f if (f - 1.0).abs() < 1e-3 => ("neither grows nor settles", Tone::Neutral),
            f if f < 1.0 => ("settles", Tone::Good),
            _ => ("grows", Tone::Bad),
        };
        let of = match stability.memory_decides() {
            true => "error of the factors",
            false => "error",
        };
        badges.push(badge(
            format!("{of} × {} per interval: {word}", plain(factor, 3)),
            tone,
        ));
    }
    badges
}

pub fn messages(run: &Run, case: &Case) -> Vec<Message> {
    let mut messages = Vec::new();
    if let Some(Failure::Infeasible(conflict)) = &run.roll.stopped {
        // The headline names the limits in conflict; this says what to do about them.
        let t = run.roll.intervals.len();
        let offers = offers(case, run.params, run.system, conflict, t);
        messages.push(Message {
            level: Level::Error,
            text: remedy(&offers, t + 1),
            field: None,
            cures: offers.cures,
        });
    }
    if let Some(failure) = &run.optimum.stopped {
        let why = match failure {
            Failure::Infeasible(_) => {
                "no dispatch of every DER at its own bus is feasible".to_string()
            }
            Failure::Numerics(why) => why.clone(),
        };
        let t = run.optimum.intervals.len() + 1;
        messages.push(note(
            Level::Warning,
            format!("No optimum to compare with from interval {t} on: {why}."),
        ));
    }
    let of_prices = ties::notes(run).into_iter();
    messages.extend(of_prices.map(|text| note(Level::Info, text)));
    if run.params.operation == Operation::Curtailed && run.params.method != Method::Optimal {
        messages.push(note(
            Level::Info,
            "Overloads are curtailed before state estimation: the smallest redispatch in MW, at least cost among equals.".into(),
        ));
    }
    let given = &run.params.initial.generators;
    let silent: Vec<&str> = run
        .system
        .generators
        .iter()
        .map(|g| g.id.as_str())
        .filter(|id| !given.is_empty() && !given.contains_key(*id))
        .collect();
    if !silent.is_empty() {
        messages.push(note(
            Level::Warning,
            format!(
                "The output before the first interval is given for some generators; the others start at 0 MW: {}.",
                silent.join(", ")
            ),
        ));
    }
    let alone: Vec<&str> = (0..run.system.ders.len())
        .filter(|&d| run.system.group_of[d].is_none())
        .map(|d| run.system.ders[d].id.as_str())
        .collect();
    if !alone.is_empty() {
        messages.push(note(
            Level::Info,
            format!(
                "DERs outside any aggregator bid at their own bus: {}.",
                alone.join(", ")
            ),
        ));
    }
    messages
}

fn note(level: Level, text: String) -> Message {
    Message {
        level,
        text,
        field: None,
        cures: Vec::new(),
    }
}

/// What an interval without a dispatch can be helped by.
fn remedy(offers: &Offers, interval: usize) -> String {
    let choices = offers.choices.join(" or ");
    match (offers.cures.len(), offers.choices.is_empty()) {
        (0, true) if offers.complete => {
            format!("No single limit can give enough to clear interval {interval}.")
        }
        (0, true) => format!(
            "No change of one input was found that clears interval {interval}; not all could be tried."
        ),
        (0, false) => format!("Interval {interval} clears with {choices}."),
        (1, true) => format!("This change would clear interval {interval}."),
        (_, true) => format!("Any one of these changes would clear interval {interval}."),
        (_, false) => {
            format!(
                "Any one of these changes would clear interval {interval}, and so would {choices}."
            )
        }
    }
}

/// Limits named in a headline at most.
const NAMED: usize = 4;

/// What gives way, by how much, and the limits in the way, in words.
pub fn conflict_text(conflict: &Conflict, run: &Run) -> String {
    if !conflict.off_grid.is_empty() {
        let ids = conflict
            .off_grid
            .iter()
            .map(|&a| run.system.groups[a].id.as_str());
        return format!(
            "the Union Jack grid of {} has no feasible triangle where the dispatch would be",
            ids.collect::<Vec<_>>().join(", ")
        );
    }
    let sum = |wanted: fn(Cause) -> bool| -> f64 {
        let parts = conflict.relaxed.iter();
        parts.filter(|(c, _)| wanted(*c)).map(|(_, by)| by).sum()
    };
    let unserved = sum(Cause::is_too_much_load);
    let surplus = sum(Cause::is_too_little_load);
    let mut parts: Vec<String> = Vec::new();
    if unserved > 0.0 {
        parts.push(format!("{} of load cannot be served", mw(unserved)));
    }
    if surplus > 0.0 {
        parts.push(format!(
            "at least {} more than the load is produced",
            mw(surplus)
        ));
    }
    let is_load = |c: &Cause| c.is_too_much_load() || c.is_too_little_load();
    let relaxed = conflict.relaxed.iter().filter(|(c, _)| !is_load(c));
    parts.extend(relaxed.map(|&(cause, by)| beyond(cause, by, run)));
    // What holds the rest: lines and ramps before maxima and minima.
    let mut holding: Vec<&Cause> = conflict
        .limits
        .keys()
        .filter(|c| !is_load(c) && !conflict.relaxed.iter().any(|(r, _)| r == *c))
        .collect();
    holding.sort_by_key(|c| matches!(c, Cause::Maximum(_) | Cause::Minimum(_)));
    let holding = holding.into_iter().map(|&c| named(c, run)).collect();
    match (parts.is_empty(), listed(holding)) {
        (true, _) => "the limits contradict each other".into(),
        (false, None) => listed(parts).unwrap_or_default(),
        (false, Some(holding)) => {
            let parts = listed(parts).unwrap_or_default();
            format!("{parts}; in the way: {holding}")
        }
    }
}

/// "a, b and c", cut after some.
fn listed(mut parts: Vec<String>) -> Option<String> {
    if parts.len() > NAMED {
        let more = parts.len() - NAMED;
        parts.truncate(NAMED);
        parts.push(format!("{more} more"));
    }
    let last = parts.pop()?;
    match parts.is_empty() {
        true => Some(last),
        false => Some(format!("{} and {last}", parts.join(", "))),
    }
}

/// A limit by its name and value.
fn named(cause: Cause, run: &Run) -> String {
    let system = run.system;
    let ramp = |g: usize| {
        let unit = &system.generators[g];
        let rate = unit.ramp_mw_per_min.unwrap_or_default();
        format!("the ramp of {} ({} MW/min)", unit.id, plain(rate, 3))
    };
    let unit = |unit: Unit| match unit {
        Unit::Generator(g) => &system.generators[g],
        Unit::Der(d) => &system.ders[d],
    };
    match cause {
        Cause::Line(k) => {
            let limit = &system.limits[k];
            format!("line {} ({})", limit.id, mw(limit.max_p_mw))
        }
        Cause::RampUp(g) | Cause::RampDown(g) => ramp(g),
        Cause::Maximum(of) => {
            let unit = unit(of);
            format!("the maximum of {} ({})", unit.id, mw(unit.max_p_mw))
        }
        Cause::Minimum(of) => {
            let unit = unit(of);
            format!("the minimum of {} ({})", unit.id, mw(unit.min_p_mw))
        }
        Cause::TooMuchLoad(l) | Cause::TooLittleLoad(l) => format!("load {}", system.load_ids[l]),
        Cause::TooMuchLoadInAll | Cause::TooLittleLoadInAll => "the load".into(),
    }
}

/// How a limit would be broken, `by_mw` beyond it.
fn beyond(cause: Cause, by_mw: f64, run: &Run) -> String {
    let by = mw(by_mw);
    match cause {
        Cause::Line(k) => {
            let limit = &run.system.limits[k];
            format!(
                "line {} would be over its {} limit by {by}",
                limit.id,
                mw(limit.max_p_mw)
            )
        }
        Cause::RampUp(_) | Cause::RampDown(_) => {
            format!("{} would have to allow {by} more", named(cause, run))
        }
        Cause::Maximum(_) => format!("{} would be exceeded by {by}", named(cause, run)),
        Cause::Minimum(_) => format!("{} would be undercut by {by}", named(cause, run)),
        _ => named(cause, run),
    }
}
