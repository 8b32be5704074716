//! What the user should know about a run, and what would cure a conflict.

use crate::case::Case;
use crate::report::{Badge, Cure, Level, Message, Report, Tone};

use crate::opt::infeasible::Limit;

use super::dispatch::{Cause, Conflict, Failure};
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
            true => badge(format!("certified: {solves} solves"), Tone::Good),
            false => badge(
                format!("{} of {solves} solves not certified", solves - certified),
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
            format!("{n} of {} intervals over a limit", run.roll.intervals.len()),
            Tone::Bad,
        ),
    });
    if let Some(factor) = run.stability.as_ref().and_then(|s| s.single_factor()) {
        // Within the accuracy of a numerical slope, ±1 is the boundary itself.
        let (word, tone) = match factor.abs() {
            f if (f - 1.0).abs() < 1e-3 => ("neither grows nor settles", Tone::Neutral),
            f if f < 1.0 => ("settles", Tone::Good),
            _ => ("grows", Tone::Bad),
        };
        badges.push(badge(
            format!("error × {} per interval: {word}", plain(factor, 3)),
            tone,
        ));
    }
    badges
}

pub fn messages(run: &Run, case: &Case) -> Vec<Message> {
    let mut messages = Vec::new();
    if let Some(Failure::Infeasible(conflict)) = &run.roll.stopped {
        // The headline names the limits in conflict; this says what to do about them.
        let cures = cures(conflict, run, case);
        let t = run.roll.intervals.len() + 1;
        messages.push(Message {
            level: Level::Error,
            text: match cures.is_empty() {
                true if !conflict.off_grid.is_empty() => {
                    "Choose the tight rectangle, a larger M, or the exact curve.".into()
                }
                true => format!("No single limit can give enough to clear interval {t}."),
                false => format!("Any one of these changes would clear interval {t} as it stands."),
            },
            field: None,
            cures,
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

/// The limits in conflict and by how much, in words.
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
    let mut parts: Vec<String> = Vec::new();
    for relaxation in &conflict.explanation.relaxations {
        let by = relaxation.amount;
        let part = match conflict.cause(relaxation.limit) {
            Some(Cause::Balance) => format!("supply and load do not meet, {} apart", mw(by)),
            Some(Cause::Line(k)) => format!(
                "line {} would be over its {} limit by {}",
                run.system.limits[k].id,
                mw(run.system.limits[k].max_p_mw),
                mw(by)
            ),
            Some(Cause::Generator(g)) => format!(
                "generator {} would be outside its range by {}",
                run.system.generators[g].id,
                mw(by)
            ),
            Some(Cause::Der(d)) => format!(
                "DER {} would be outside its range by {}",
                run.system.ders[d].id,
                mw(by)
            ),
            None => format!("{} broken by {}", relaxation.name, mw(by)),
        };
        parts.push(part);
    }
    if parts.is_empty() {
        "the limits contradict each other".into()
    } else {
        parts.join(" and ")
    }
}

/// Changes of one limit that would cure the conflict alone.
fn cures(conflict: &Conflict, run: &Run, case: &Case) -> Vec<Cure> {
    // Rounded away from the conflict, so that the cure cures.
    let up = |value: f64| (value * 1e3 - 1e-6).ceil() / 1e3;
    let down = |value: f64| (value * 1e3 + 1e-6).floor() / 1e3;
    let system = run.system;
    let elemental = run.params.method == Method::Optimal;
    let mut cures: Vec<Cure> = Vec::new();
    for part in &conflict.explanation.conflict {
        let Some(by) = part.amount else { continue };
        let raised = |what: String, path: String, now: f64| {
            let value = up(now + by);
            Some((format!("raise {what} to {}", mw(value)), path, value))
        };
        let lowered = |what: String, path: String, now: f64| {
            let value = down(now - by);
            (value >= 0.0).then(|| (format!("lower {what} to {}", mw(value)), path, value))
        };
        let change = match (conflict.cause(part.limit), part.limit) {
            (Some(Cause::Line(k)), _) => {
                let limit = &system.limits[k];
                let path = format!("case.branches.{}.max_p_mw", limit.id);
                raised(
                    format!("the limit of line {}", limit.id),
                    path,
                    limit.max_p_mw,
                )
            }
            (Some(Cause::Generator(g)), Limit::VarUpper(_)) => {
                let unit = &system.generators[g];
                let path = format!("case.generators.{}.max_p_mw", unit.id);
                raised(format!("the maximum of {}", unit.id), path, unit.max_p_mw)
            }
            (Some(Cause::Generator(g)), Limit::VarLower(_)) => {
                let unit = &system.generators[g];
                let path = format!("case.generators.{}.min_p_mw", unit.id);
                lowered(format!("the minimum of {}", unit.id), path, unit.min_p_mw)
            }
            // With factors, a DER's capacity also moves its factor: no cure of its own.
            (Some(Cause::Der(d)), Limit::VarUpper(_)) if elemental => {
                let unit = &system.ders[d];
                let path = format!("case.ders.{}.max_p_mw", unit.id);
                raised(format!("the maximum of {}", unit.id), path, unit.max_p_mw)
            }
            (Some(Cause::Balance), Limit::RowLower(_)) => match case.loads.as_slice() {
                // The balance is at this interval's load, the field at the multiplier 1.
                [load] if run.params.load_profile.is_empty() => {
                    let path = format!("case.loads.{}.p_mw", load.id);
                    lowered(format!("load {}", load.id), path, load.p_mw)
                }
                _ => None,
            },
            _ => None,
        };
        if let Some((label, path, value)) = change
            && !cures.iter().any(|c| c.path == path)
        {
            cures.push(Cure { label, path, value });
        }
    }
    cures
}
