//! What moves along a residual supply function: the bids between neighbouring samples, and what ends a step.

use super::bids::extent;
use super::curve::{Curve, Limit, Sample};
use super::system::System;

/// Bids of a step that are named; the rest is counted.
const NAMED: usize = 3;

/// One step of a function in one period.
#[derive(Clone, Debug)]
pub struct MarginalStep {
    pub from_mw: f64,
    pub to_mw: f64,
    pub usd_per_mwh: f64,
    pub moving: Moving,
    pub ended_by: Vec<End>,
}

/// The bids that move along a step, most first; none where losses make the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    pub named: Vec<String>,
    pub more: usize,
}

/// What ends a step: a bid, or a limit that fills.
#[derive(Clone, Debug)]
pub enum End {
    FullyUsed(String),
    FullyUsedDownwards(String),
    BackAtZero(String),
    Full(Limit),
}

/// The steps between neighbouring samples in period `t`; neighbours of one price and the same bids are one.
pub fn steps(system: &System, admitted: &[bool], curve: &Curve, t: usize) -> Vec<MarginalStep> {
    let area = &system.areas[curve.area];
    let bids: Vec<usize> = area.bids.iter().map(|&(b, _)| b).collect();
    let bids: Vec<usize> = bids.into_iter().filter(|&b| admitted[b]).collect();
    let mut list: Vec<MarginalStep> = Vec::new();
    for pair in curve.samples.windows(2) {
        let [left, right] = pair else { continue };
        let (from_mw, to_mw) = (left.export_mw[t], right.export_mw[t]);
        if to_mw - from_mw <= 1e-9 {
            continue;
        }
        let usd_per_mwh = if curve.start_mw.len() == 1 {
            (right.cost_usd - left.cost_usd) / (system.hours * (to_mw - from_mw))
        } else {
            0.5 * (left.above_usd_per_mwh[t] + right.below_usd_per_mwh[t])
        };
        let (moving, ended_by) = between(system, &bids, (left, right), t);
        match list.last_mut() {
            Some(last)
                if (last.usd_per_mwh - usd_per_mwh).abs() <= 1e-6 * (1.0 + usd_per_mwh.abs())
                    && last.moving == moving =>
            {
                (last.to_mw, last.ended_by) = (to_mw, ended_by);
            }
            _ => list.push(MarginalStep {
                from_mw,
                to_mw,
                usd_per_mwh,
                moving,
                ended_by,
            }),
        }
    }
    list
}

/// What moves from one sample to the next in period `t`, and what is at an end there.
fn between(
    system: &System,
    bids: &[usize],
    (left, right): (&Sample, &Sample),
    t: usize,
) -> (Moving, Vec<End>) {
    let small = 0.02 * (right.export_mw[t] - left.export_mw[t]);
    let mut moving = Vec::new();
    let mut ended = Vec::new();
    for (&b, (p, q)) in bids.iter().zip(left.p_mw.iter().zip(&right.p_mw)) {
        let (change, at) = (q[t] - p[t], q[t]);
        if change.abs() <= small {
            continue;
        }
        let bid = &system.balancing.bids[b];
        moving.push((change.abs(), bid.id.clone()));
        let (low, high) = extent(bid, t);
        let reached = |end: f64| (at - end).abs() <= 1e-5 * (1.0 + end.abs());
        if reached(high) {
            ended.push(End::FullyUsed(bid.id.clone()));
        } else if reached(low) {
            ended.push(End::FullyUsedDownwards(bid.id.clone()));
        } else if at.abs() <= 1e-6 {
            ended.push(End::BackAtZero(bid.id.clone()));
        }
    }
    crate::sort::by(&mut moving, |a, b| b.0.total_cmp(&a.0));
    let here = |limit: &&Limit| limit.period.is_none_or(|p| p == t + 1);
    let filled = right.limits.iter().filter(here);
    let filled = filled.filter(|limit| !left.limits.contains(limit));
    ended.extend(filled.cloned().map(End::Full));
    let more = moving.len().saturating_sub(NAMED);
    let named = moving.into_iter().take(NAMED).map(|(_, id)| id).collect();
    (Moving { named, more }, ended)
}
