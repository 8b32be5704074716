//! What a reader should know of a run.

use crate::report::plots::message;
use crate::report::words::counted;
use crate::report::{Level, Message, amount, plain};

use super::super::model::curve::Sample;
use super::super::model::physics::Realized;
use super::super::params::Scheme;
use super::run::Run;
use super::words::limit_sentence;

/// Areas that a sentence names when several have energy without an answer.
const WORST: usize = 3;

/// Energy below this is rounding, MWh.
const SHORT_MWH: f64 = 1e-5;

pub fn messages(run: &Run) -> Vec<Message> {
    let found = run.coordination;
    let mut list = Vec::new();
    let mut say = |level: Level, text: String| list.push(message(level, text));
    if let Some(text) = without_answer(run) {
        say(Level::Warning, text);
    }
    if let Some(text) = unseen(&found.realized) {
        say(Level::Warning, text);
    }
    if let Some(after) = &found.after {
        let flow = &after.power_flow;
        if let Some(line) = &flow.untight {
            say(Level::Warning, untight(line, flow.excess_mva));
        }
        let unserved = found.unserved_after_mwh();
        if unserved > SHORT_MWH {
            let unserved = amount(unserved, "");
            say(
                Level::Warning,
                format!(
                    "The redispatch cannot cure everything: {unserved} MWh stay unserved or spilled, at the price cap."
                ),
            );
        }
    }
    let moved = &found.market.moved;
    if let Some(most) = moved.iter().map(|(_, mw)| *mw).reduce(f64::max) {
        let (areas, most) = (counted(moved.len(), "area"), amount(most, ""));
        say(
            Level::Info,
            format!(
                "Whole bids of {areas} fit no export to the last kilowatt: the nearest one they have was taken, up to {most} MW away, and bids of transmission that may be taken in part make up for it. Prices are those before it."
            ),
        );
    }
    let flow = &found.market.power_flow;
    if flow.recovered > 0 && found.realized.untight.is_none() {
        let burnt = amount(flow.excess_before_mva, "");
        say(
            Level::Info,
            format!(
                "The cone relaxation burnt up to {burnt} MVA in a line. What is shown is the nearest power flow found, by convex-concave steps: it keeps every limit and its cost is real, but no proof says that no other power flow costs less."
            ),
        );
    }
    let mut bids = run.system.balancing.bids.iter();
    if found.scheme == Scheme::Integrated && !bids.any(|b| b.commercial) {
        say(Level::Info, "The case has no commercial bids, so the integrated flexibility market is the common market.".into());
    }
    if run.outcome.central().is_none() {
        say(Level::Info, "The system is large: the common optimum in one program is not computed beside this run. Choose that scheme to see it.".into());
    }
    list
}

fn untight(line: &str, excess_mva: f64) -> String {
    format!(
        "The cone of line {line} is not tight: the program burns {} MVA in it that no power flow would. The result is a relaxation there, not a power flow. Admit a bid that can take the surplus, or choose LinDistFlow.",
        amount(excess_mva, "")
    )
}

/// What the feeders do with a dispatch whose market did not see them.
fn unseen(found: &Realized) -> Option<String> {
    if let Some((line, excess)) = &found.untight {
        return Some(untight(line, *excess));
    }
    let mut parts = Vec::new();
    if found.losses_mwh > SHORT_MWH {
        let losses = amount(found.losses_mwh, "");
        parts.push(format!("{losses} MWh of losses are bought by nobody"));
    }
    if let Some((bus, v, outside)) = &found.voltage {
        let (v, outside) = (plain(*v, 4), amount(*outside, ""));
        parts.push(format!(
            "{bus} stands at {v} p.u., {outside} p.u. outside its limits"
        ));
    }
    if !found.without_flow.is_empty() {
        let which = found.without_flow.join(", ");
        parts.push(format!("no power flow serves {which}"));
    }
    (!parts.is_empty()).then(|| {
        let parts = parts.join("; ");
        format!("What the market did not see: {parts}. The redispatch pays for it.")
    })
}

/// Where energy can be neither served nor taken, in one sentence.
fn without_answer(run: &Run) -> Option<String> {
    let dispatch = &run.coordination.market.dispatch;
    let areas = dispatch.slack_mwh.iter().copied().enumerate();
    let mut short: Vec<(usize, f64)> = areas.filter(|(_, slack)| *slack > SHORT_MWH).collect();
    crate::sort::by(&mut short, |a, b| b.1.total_cmp(&a.1));
    let name = |a: usize| &run.system.areas[a].id;
    // What the area's function says of its limits near the cleared export.
    let held = |a: usize| -> Option<String> {
        let far = |sample: &&Sample| -> f64 {
            let exports = sample.export_mw.iter().zip(&dispatch.export_mw[a]);
            exports.map(|(at, cleared)| (at - cleared).abs()).sum()
        };
        let samples = run.outcome.curve(a)?.samples.iter();
        let sample = samples.min_by(|x, y| far(x).total_cmp(&far(y)))?;
        (!sample.limits.is_empty()).then(|| limit_sentence(&sample.limits))
    };
    let says = "can be neither served nor taken; they cost the price cap";
    match short.as_slice() {
        [] => None,
        [(a, slack)] => {
            let held = held(*a).map_or(String::new(), |h| format!(" Limits in conflict: {h}."));
            let slack = amount(*slack, "");
            Some(format!("{}: {slack} MWh {says}.{held}", name(*a)))
        }
        many => {
            let sum: f64 = many.iter().map(|(_, slack)| slack).sum();
            let worst = many.iter().take(WORST).map(|&(a, slack)| {
                let held = held(a).map_or(String::new(), |h| format!(" ({h})"));
                format!("{} {} MWh{held}", name(a), amount(slack, ""))
            });
            Some(format!(
                "{} MWh in {} areas {says}. Most: {}. The table of areas lists all.",
                amount(sum, ""),
                many.len(),
                worst.collect::<Vec<_>>().join("; "),
            ))
        }
    }
}
