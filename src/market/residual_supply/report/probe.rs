//! One area at an export that was asked for.

use crate::market::Failure;
use crate::market::View;
use crate::report::{Probe, Shown, columns, number, plain, table, text};

use super::super::model::curve::Sample;
use super::super::model::system::System;
use super::super::outcome::{Asked, Outcome};
use super::series::interface;
use super::words::{limit_sentence, limit_words, usd_per_mwh};
use crate::case::balancing::Bid;

/// Key of the chart of a function, before the id of its area.
pub const KEY: &str = "rsf:";

/// Bids that the table lists.
const MOST: usize = 100;

/// The area that a key of a chart, or its own id, asks about; the first for the chart without an area.
///
/// # Errors
/// An unknown key.
pub fn area(system: &System, key: &str) -> Result<usize, Failure> {
    let id = key.strip_prefix(KEY).unwrap_or(key);
    system
        .area(id)
        .filter(|&a| a > 0)
        .or_else(|| (key == "rsf" && system.areas.len() > 1).then_some(1))
        .ok_or_else(|| format!("there is no area \"{id}\" to ask about").into())
}

/// What the area does and costs at an export of `x` MW in every period.
pub fn probe(outcome: &Outcome, asked: &Asked, view: &View, x: f64) -> Probe {
    let system = &outcome.system;
    let sample = &asked.sample;
    let t = view.step_of(system.periods);
    let inside = sample.slack_mwh <= 1e-5;
    let area = &system.areas[asked.area].id;
    let export = plain(x, 3);
    let bid = |b: usize| &system.balancing.bids[b];
    let used = asked.bids.iter().copied().zip(&sample.p_mw);
    let cut = used.clone().any(|(b, p)| is_cut(bid(b), t, p[t]));
    let market = &outcome.coordination.market;
    // What the market made of it, where it cleared just this export and whole bids stand in the way.
    let cleared = (market.dispatch.export_mw[asked.area][t] - x).abs() <= 1e-6 * (1.0 + x.abs());
    let beside = cleared && cut;
    let full = match sample.limits.is_empty() {
        true => "no limit is full".to_string(),
        false => format!("full: {}", limit_sentence(&sample.limits)),
    };
    let sentence = if inside {
        let cost = plain(sample.cost_usd, 2);
        let price = price(system, sample, t);
        let mut text =
            format!("At an export of {export} MW {area} costs {cost} $; {price}; {full}.");
        if cut {
            text +=
                " That is what its function says, which counts whole bids as if they could be cut.";
        }
        text
    } else {
        let missing = plain(sample.slack_mwh, 3);
        format!(
            "{area} cannot export {export} MW: {missing} MWh would be missing or spilled; {full}."
        )
    };
    let at = |series: String, value: f64| Shown { series, value };
    let bids = used
        .clone()
        .map(|(b, p)| at(format!("p:{}", bid(b).id), p[t]));
    let mut shown: Vec<Shown> = bids.collect();
    let boundary = interface(&system.areas[asked.area]);
    shown.extend(boundary.map(|of| at(format!("export:{}", of.id), x)));
    let rows = used.map(|(b, p)| {
        let mut row = vec![text(&bid(b).id), text(&bid(b).bus), number(p[t])];
        row.extend(beside.then(|| number(market.dispatch.p_mw[b][t])));
        row
    });
    let mut heads = vec![("bid", ""), ("bus", "")];
    heads.push((if cut { "in the function" } else { "activated" }, "MW"));
    heads.extend(beside.then_some(("activated", "MW")));
    Probe {
        inside,
        sentence,
        table: table(
            "probe",
            &format!("Bids of {area} at this export"),
            columns(&heads),
            rows.take(if inside { MOST } else { 0 }).collect(),
            "",
        ),
        shown: if inside { shown } else { Vec::new() },
        step: (system.periods > 1).then_some(t + 1),
        edges: limit_words(&sample.limits),
        ..Probe::default()
    }
}

/// Whether an activation takes a bid of whole segments in part: it then ends inside one of them.
fn is_cut(bid: &Bid, t: usize, p_mw: f64) -> bool {
    let offers = bid.offers.iter().filter(|offer| offer.period == t + 1);
    let mut segments: Vec<_> = offers.flat_map(|offer| &offer.segments).collect();
    if segments.is_empty() || segments.iter().any(|s| !s.indivisible) {
        return false;
    }
    // Cheapest first upwards, dearest first downwards.
    crate::sort::by(&mut segments, |a, b| match p_mw > 0.0 {
        true => a.usd_per_mwh.total_cmp(&b.usd_per_mwh),
        false => b.usd_per_mwh.total_cmp(&a.usd_per_mwh),
    });
    let width = |p: f64, (low, high): (f64, f64)| if p > 0.0 { high } else { low };
    let mut left = p_mw;
    for segment in segments {
        let whole = width(p_mw, (segment.min_p_mw.min(0.0), segment.max_p_mw.max(0.0)));
        if left.abs() <= 1e-6 {
            return false;
        }
        if left.abs() < whole.abs() - 1e-6 {
            return true;
        }
        left -= whole;
    }
    false
}

/// What the last and the next MWh cost.
fn price(system: &System, sample: &Sample, t: usize) -> String {
    let (low, high) = (sample.below_usd_per_mwh[t], sample.above_usd_per_mwh[t]);
    let cap = system.balancing.price_cap_usd_per_mwh;
    // At the cap the range ends: there is no price.
    let known = |price: f64| price.abs() < cap * (1.0 - 1e-9);
    let (last, next) = (usd_per_mwh(low), usd_per_mwh(high));
    match (known(low), known(high)) {
        (_, true) if (high - low).abs() <= 1e-6 * (1.0 + high.abs()) => {
            format!("the next MWh costs {next}")
        }
        (true, true) => format!("the last MWh cost {last}, the next costs {next}"),
        (true, false) => format!("the last MWh cost {last}, and no more can be exported"),
        (false, true) => format!("the next MWh costs {next}, and no less can be exported"),
        (false, false) => "it can export neither more nor less".into(),
    }
}
