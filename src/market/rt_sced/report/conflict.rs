//! Why an interval has no dispatch, in words.

use crate::report::{amount, words};

use super::words::mw;
use crate::market::rt_sced::model::dispatch::conflict::{Cause, Conflict};
use crate::market::rt_sced::model::system::System;

/// Limits named in a headline at most.
const NAMED: usize = 4;

/// What gives way, by how much, and the limits in the way, in words.
pub fn text(conflict: &Conflict, system: &System) -> String {
    if !conflict.off_grid.is_empty() {
        let ids = conflict.off_grid.iter();
        let ids: Vec<&str> = ids.map(|&a| system.groups[a].id.as_str()).collect();
        return format!(
            "the Union Jack grid of {} has no feasible triangle where the dispatch would be",
            ids.join(", ")
        );
    }
    let sum = |wanted: fn(Cause) -> bool| -> f64 {
        let parts = conflict.relaxed.iter();
        parts.filter(|(c, _)| wanted(*c)).map(|(_, by)| by).sum()
    };
    let mut parts: Vec<String> = Vec::new();
    let unserved = sum(Cause::is_too_much_load);
    if unserved > 0.0 {
        parts.push(format!("{} of load cannot be served", mw(unserved)));
    }
    let surplus = sum(Cause::is_too_little_load);
    if surplus > 0.0 {
        let surplus = mw(surplus);
        parts.push(format!("at least {surplus} more than the load is produced"));
    }
    let is_load = |c: &Cause| c.is_too_much_load() || c.is_too_little_load();
    let relaxed = conflict.relaxed.iter().filter(|(c, _)| !is_load(c));
    parts.extend(relaxed.map(|&(cause, by)| beyond(cause, by, system)));
    // What holds the rest: lines and ramps before maxima and minima.
    let mut holding: Vec<&Cause> = conflict
        .limits
        .keys()
        .filter(|c| !is_load(c) && !conflict.relaxed.iter().any(|(r, _)| r == *c))
        .collect();
    crate::sort::by_key(&mut holding, |c| {
        matches!(c, Cause::Maximum(_) | Cause::Minimum(_))
    });
    let holding: Vec<String> = holding.into_iter().map(|&c| named(c, system)).collect();
    match (parts.is_empty(), holding.is_empty()) {
        (true, _) => "the limits contradict each other".into(),
        (false, true) => first(parts),
        (false, false) => format!("{}; in the way: {}", first(parts), first(holding)),
    }
}

/// "a, b and c", cut after some.
fn first(mut parts: Vec<String>) -> String {
    if parts.len() > NAMED {
        let more = parts.len() - NAMED;
        parts.truncate(NAMED);
        parts.push(format!("{more} more"));
    }
    words::listed(&parts)
}

/// A limit by its name and value.
fn named(cause: Cause, system: &System) -> String {
    match cause {
        Cause::Line(k) => {
            let limit = &system.limits[k];
            format!("line {} ({})", limit.id, mw(limit.max_p_mw))
        }
        Cause::RampUp(g) | Cause::RampDown(g) => {
            let unit = &system.generators[g];
            let rate = amount(unit.ramp_mw_per_min.unwrap_or_default(), "");
            format!("the ramp of {} ({rate} MW/min)", unit.id)
        }
        Cause::Maximum(of) => {
            let unit = system.unit(of);
            format!("the maximum of {} ({})", unit.id, mw(unit.max_p_mw))
        }
        Cause::Minimum(of) => {
            let unit = system.unit(of);
            format!("the minimum of {} ({})", unit.id, mw(unit.min_p_mw))
        }
        Cause::TooMuchLoad(l) | Cause::TooLittleLoad(l) => format!("load {}", system.load_ids[l]),
        Cause::TooMuchLoadInAll | Cause::TooLittleLoadInAll => "the load".into(),
    }
}

/// How a limit would be broken, `by_mw` beyond it.
fn beyond(cause: Cause, by_mw: f64, system: &System) -> String {
    let (limit, by) = (named(cause, system), mw(by_mw));
    match cause {
        Cause::Line(k) => {
            let line = &system.limits[k];
            let most = mw(line.max_p_mw);
            format!("line {} would be over its {most} limit by {by}", line.id)
        }
        Cause::RampUp(_) | Cause::RampDown(_) => format!("{limit} would have to allow {by} more"),
        Cause::Maximum(_) => format!("{limit} would be exceeded by {by}"),
        Cause::Minimum(_) => format!("{limit} would be undercut by {by}"),
        _ => limit,
    }
}
