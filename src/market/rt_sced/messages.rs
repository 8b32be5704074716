//! What the user should know about a run, and what would cure a conflict.

use crate::case::Case;
use crate::report::{Badge, Cure, Level, Message, Report, Tone};

use super::dispatch::{Cause, Conflict, Failure};
use super::narrative::{mw, plain};
use super::params::{Method, Operation};
use super::{Run, Status};

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
        messages.push(Message {
            level: Level::Error,
            text: format!(
                "Interval {}: {}.",
                run.roll.intervals.len() + 1,
                conflict_text(conflict, run)
            ),
            field: None,
            cures: cures(conflict, run, case),
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
    let ties: Vec<String> = run
        .roll
        .intervals
        .iter()
        .enumerate()
        .filter(|(_, i)| i.dispatch.prices.lmp_range.is_some())
        .map(|(t, _)| (t + 1).to_string())
        .collect();
    if !ties.is_empty() {
        let shown = if ties.len() > 8 {
            format!("{} and {} more", ties[..8].join(", "), ties.len() - 8)
        } else {
            ties.join(", ")
        };
        let which = if ties.len() == 1 {
            "interval"
        } else {
            "intervals"
        };
        messages.push(note(
            Level::Info,
            format!("The optimal prices are not unique in {which} {shown}: a block end and a limit meet. The price shown is that of one more MWh of load; the tables give the least and greatest."),
        ));
    }
    if run.params.operation == Operation::Curtailed
        && run.params.method == Method::DistributionFactors
    {
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
    let mut cures: Vec<Cure> = Vec::new();
    let mut add = |label: String, path: String, value: f64| {
        if !cures.iter().any(|c: &Cure| c.path == path) {
            cures.push(Cure { label, path, value });
        }
    };
    // Rounded away from the conflict so that the cure cures.
    let up = |value: f64| (value * 1e3 + 1e-6).ceil() / 1e3;
    for cure in &conflict.explanation.conflict {
        let Some(by) = cure.amount else { continue };
        match conflict.cause(cure.limit) {
            Some(Cause::Line(k)) => {
                let limit = &run.system.limits[k];
                let value = up(limit.max_p_mw + by);
                add(
                    format!("raise the limit of line {} to {}", limit.id, mw(value)),
                    format!("case.branches.{}.max_p_mw", limit.id),
                    value,
                );
            }
            Some(Cause::Balance) => {
                if let [load] = case.loads.as_slice() {
                    let value = ((load.p_mw - by) * 1e3).floor() / 1e3;
                    if value >= 0.0 {
                        add(
                            format!("lower load {} to {}", load.id, mw(value)),
                            format!("case.loads.{}.p_mw", load.id),
                            value,
                        );
                    }
                }
            }
            _ => {}
        }
    }
    cures
}
