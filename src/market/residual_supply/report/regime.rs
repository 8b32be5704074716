//! What holds in a clearing, period by period: lines that are full, bids that are marginal.

use crate::case::balancing::{Bid, PeriodOffer};
use crate::report::{Facts, Holds, amount};

use crate::market::residual_supply::model::system::System;
use crate::market::residual_supply::outcome::Outcome;

use super::series::line_id;

/// Relative to a limit, how near it is at it.
const AT_LIMIT: f64 = 1e-6;

/// A line is full at its limit; a bid is marginal where it is used strictly inside one of its segments.
pub fn facts(outcome: &Outcome) -> Facts {
    let system = &outcome.system;
    let mut facts = Facts {
        noun: "period",
        steps: system.periods,
        list: Vec::new(),
    };
    let dispatch = &outcome.coordination.market.dispatch;
    for t in 0..system.periods {
        for name in full(outcome, t) {
            facts.note(Holds::Full, (&name, ""), t + 1);
        }
        for (bid, p_mw) in system.balancing.bids.iter().zip(&dispatch.p_mw) {
            if let Some(price) = marginal_usd_per_mwh(bid, t, p_mw[t]) {
                let at = amount(price, "$/MWh");
                facts.note(Holds::Marginal, (&bid.id, &at), t + 1);
            }
        }
    }
    facts
}

/// Lines and boundaries at a limit in period `t`.
fn full(outcome: &Outcome, t: usize) -> Vec<String> {
    let system: &System = &outcome.system;
    let dispatch = &outcome.coordination.market.dispatch;
    let at = |value: f64, limit: f64| (value - limit).abs() <= AT_LIMIT * (1.0 + limit.abs());
    let mut names = Vec::new();
    for (a, area) in system.areas.iter().enumerate() {
        for (k, line) in area.lines().into_iter().enumerate() {
            let [most, low, high] = line.limits;
            let loading = dispatch.loading_mva[a][t][k];
            let flow = dispatch.flow_mw[a][t][k];
            if most.is_some_and(|most| at(loading, most))
                || [low, high]
                    .into_iter()
                    .flatten()
                    .any(|limit| at(flow, limit))
            {
                names.push(format!("line {}", line_id(area, line.id)));
            }
        }
        let export = dispatch.export_mw[a][t].abs();
        if area.max_export_mw.is_some_and(|most| at(export, most)) {
            names.push(format!("boundary {}", area.boundary));
        }
    }
    names
}

/// Price of the segment that a bid is used strictly inside of, the cheapest segments being used first.
pub(super) fn marginal_usd_per_mwh(bid: &Bid, t: usize, p_mw: f64) -> Option<f64> {
    let offers = bid.offers.iter().filter(|offer| offer.period == t + 1);
    // Upwards from zero by rising prices, downwards by falling ones; both as sizes.
    let way = if p_mw < 0.0 { -1.0 } else { 1.0 };
    let far = |segment: &crate::case::balancing::Segment| {
        let ends = [segment.min_p_mw, segment.max_p_mw];
        ends.into_iter().map(|end| way * end).fold(0.0, f64::max)
    };
    let segments = offers.flat_map(|offer: &PeriodOffer| &offer.segments);
    let mut segments: Vec<(f64, f64)> = segments
        .filter(|segment| !segment.indivisible && far(segment) > 0.0)
        .map(|segment| (segment.usd_per_mwh, far(segment)))
        .collect();
    segments.sort_by(|a, b| (way * a.0).total_cmp(&(way * b.0)));
    let (size, mut end) = (way * p_mw, 0.0);
    let found = segments.into_iter().find(|&(_, width)| {
        let start = end;
        end += width;
        let near = AT_LIMIT * (1.0 + width);
        size > start + near && size < end - near
    });
    found.map(|(price, _)| price)
}
