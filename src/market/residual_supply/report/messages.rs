//! What a reader should know of a run.

use crate::report::plots::message;
use crate::report::words::{counted, listed};
use crate::report::{Level, Message, amount, plain};

use super::super::model::curve::Sample;
use super::super::model::physics::Realized;
use super::super::model::settlement::has_balancing_price;
use super::super::params::{Scheme, Settlement};
use super::run::Run;
use super::words::{limit_sentence, usd_per_mwh};

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
    let paid = [without_price(run), unpaid(run), next_mwh(run)];
    paid.into_iter()
        .flatten()
        .for_each(|text| say(Level::Info, text));
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

/// Names up to so many.
fn few(names: impl Iterator<Item = String>) -> Option<String> {
    let mut names: Vec<String> = names.collect();
    if names.len() > WORST + 1 {
        let more = names.len() - WORST;
        names.truncate(WORST);
        names.push(format!("{more} more"));
    }
    (!names.is_empty()).then(|| listed(&names))
}

/// What is paid at the balancing price where there is none.
fn without_price(run: &Run) -> Option<String> {
    if run.outcome.settlement != Settlement::BalancingPrice {
        return None;
    }
    let (system, market) = (run.system, &run.coordination.market);
    let open = |a: &usize| (0..system.periods).any(|t| !has_balancing_price(system, market, *a, t));
    let areas = system.exporting().filter(open);
    let areas = few(areas.map(|a| system.areas[a].id.clone()))?;
    Some(format!(
        "{areas} can exchange neither more nor less, so that any price is right there and none is the balancing price: its resources are paid the price of their own bus."
    ))
}

/// Injections that nothing is paid for: where only what is fixed meets, any price is right.
fn unpaid(run: &Run) -> Option<String> {
    let (system, prices) = (run.system, &run.coordination.market.prices);
    let unpaid = |bus: &str| {
        let &(a, i) = system.place.get(bus)?;
        (0..system.periods)
            .any(|t| prices.is_open(system, a, t, i))
            .then_some(())
    };
    let all = system.balancing.imbalances.iter();
    let all = all.filter(|own| own.p_mw.iter().any(|p| *p != 0.0));
    let all = few(all
        .filter(|own| unpaid(&own.bus).is_some())
        .map(|own| own.id.clone()))?;
    Some(format!(
        "Nothing can move where {all} meets the network: any price is right there, and nothing is paid."
    ))
}

/// What the balancing price is where nothing is exchanged at it.
fn next_mwh(run: &Run) -> Option<String> {
    let (system, market) = (run.system, &run.coordination.market);
    let (a, t) = (run.shown?, run.period);
    let (up, bus) = system.areas[a].above?;
    let traded = market.dispatch.export_mw[a][t] - system.scheduled_export_mw(a, t);
    let told = run.outcome.settlement == Settlement::BalancingPrice
        && traded.abs() <= SHORT_MWH
        && has_balancing_price(system, market, a, t);
    told.then(|| {
        format!(
            "{} exchanges nothing beyond its schedule: the balancing price there, {}, is what one more MWh at {} would cost.",
            system.areas[a].id,
            usd_per_mwh(market.prices.interface(system, a, t)),
            system.areas[up].buses[bus]
        )
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
