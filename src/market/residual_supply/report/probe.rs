//! One area at an export that was asked for.

use crate::market::Failure;
use crate::market::View;
use crate::report::{Probe, columns, number, plain, table, text};

use super::super::model::curve::Sample;
use super::super::model::system::System;
use super::super::outcome::Asked;
use super::words::{limit_sentence, usd_per_mwh};

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
pub fn probe(system: &System, asked: &Asked, view: &View, x: f64) -> Probe {
    let sample = &asked.sample;
    let t = view.step_of(system.periods);
    let inside = sample.slack_mwh <= 1e-5;
    let area = &system.areas[asked.area].id;
    let export = plain(x, 3);
    let sentence = if inside {
        let cost = plain(sample.cost_usd, 2);
        let price = price(system, sample, t);
        let full = match sample.limits.is_empty() {
            true => "no limit is full".to_string(),
            false => format!("full: {}", limit_sentence(&sample.limits)),
        };
        format!("At an export of {export} MW {area} costs {cost} $; {price}; {full}.")
    } else {
        let missing = plain(sample.slack_mwh, 3);
        let full = limit_sentence(&sample.limits);
        format!(
            "{area} cannot export {export} MW: {missing} MWh would be missing or spilled; full: {full}."
        )
    };
    let rows = asked.bids.iter().zip(&sample.p_mw).map(|(&b, p)| {
        let bid = &system.balancing.bids[b];
        vec![text(bid.id.clone()), text(bid.bus.clone()), number(p[t])]
    });
    Probe {
        inside,
        sentence,
        table: table(
            "probe",
            &format!("Bids of {area} at this export"),
            columns(&[("bid", ""), ("bus", ""), ("activated", "MW")]),
            rows.take(if inside { MOST } else { 0 }).collect(),
            "",
        ),
        offer: None,
    }
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
