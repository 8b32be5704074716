//! The box of bids that a DSO forwards: safe in any combination, under the physics chosen.
//!
//! With G (p₀ + x) ≤ h for the lossless limits the box is that of [`safe_box`], of the greatest volume. All entries of a feeder's row have one sign, so its worst is one of two
//! corners: everything up, or everything down. With losses an AC power flow looks at both and
//! takes from a row's room what is over its limit there, until nothing is.
//!
//! Section 4.3 of the model notes on bidding, box-safety theorem.

use crate::market::Failure;
use crate::market::shared::safe_box::{self, Resource, Side};
use crate::network::distflow_rows::{Limit, Of, active_mw, limits, state};
use crate::network::formulation::feeder::{Physics, polygon};
use crate::network::sweep;

use super::bids::{cut_segments, extent, mean_price};
use super::system::{Kind, System};

/// Weight of a bid's price beside its volume in the safe box.
const PREFERENCE: f64 = 0.01;

/// Times that rooms are corrected by a power flow; the box is emptied where that is not enough.
const CORRECTIONS: usize = 30;

/// What a limit may be over at a corner, p.u. or MW.
const SAFE: f64 = 1e-7;

/// Cuts what is left of an area's bids to a box of which every point keeps every limit: the largest one
/// without losses. With losses it is safe, and may be a little smaller than the largest.
///
/// # Errors
/// A sentence when the program of the box fails.
pub fn cut(left: &mut System, system: &System, physics: Physics, a: usize) -> Result<(), Failure> {
    let cap = system.balancing.price_cap_usd_per_mwh;
    for t in 0..system.periods {
        let mut rows = rows(left, physics, a, t);
        let mut sides = largest(left, cap, a, t, &rows)?;
        if physics == Physics::BranchFlow {
            for correction in 0.. {
                let over = over(left, a, t, &sides);
                if over.iter().all(|(_, over)| *over <= SAFE) {
                    break;
                }
                if correction == CORRECTIONS {
                    sides.fill((0.0, 0.0));
                    break;
                }
                for row in &mut rows {
                    let found = over.iter().find(|(at, _)| *at == (row.of, row.sign > 0.0));
                    row.h_mw -= found.map_or(0.0, |(_, over)| over.max(0.0) + SAFE);
                }
                sides = largest(left, cap, a, t, &rows)?;
            }
        }
        let bids = left.areas[a].bids.clone();
        for (&(b, _), (up, down)) in bids.iter().zip(sides) {
            cut_segments(&mut left.balancing.bids[b], t, -down, up);
        }
    }
    Ok(())
}

/// The box of most volume within `rows`: up and down of every bid of the area, MW.
fn largest(
    left: &System,
    cap: f64,
    a: usize,
    t: usize,
    rows: &[Limit],
) -> Result<Vec<(f64, f64)>, Failure> {
    let bids = &left.areas[a].bids;
    let resource = |&(b, _): &(usize, usize)| {
        let bid = &left.balancing.bids[b];
        let (down, up) = extent(bid, t);
        // Among equal volumes the one worth more.
        let price = PREFERENCE * (mean_price(bid, t) / cap);
        let side = |most_mw: f64, worth: f64| Side { most_mw, worth };
        Resource {
            name: &bid.id,
            up: side(up, 1.0 - price),
            down: side(-down, 1.0 + price),
        }
    };
    let resources: Vec<Resource> = bids.iter().map(resource).collect();
    let limits = rows.iter().map(|row| safe_box::Limit {
        name: row.name.clone(),
        g: row.g.clone(),
        room_mw: row.h_mw,
    });
    let name = format!("safe box of {}", left.areas[a].id);
    Ok(safe_box::largest(name, &resources, limits)?)
}

/// How far every limit of a feeder is exceeded with all bids up (`true`) or all down, beyond what
/// is exceeded without any: in squared p.u. for a voltage, in MW for a line.
fn over(left: &System, a: usize, t: usize, sides: &[(f64, f64)]) -> Vec<((Of, bool), f64)> {
    let area = &left.areas[a];
    let Kind::Feeder { feeder, tree } = &area.kind else {
        return Vec::new();
    };
    let mut list = Vec::new();
    for up in [true, false] {
        let mut p = area.fixed_p_mw[t].clone();
        for (&(_, bus), &(rise, down)) in area.bids.iter().zip(sides) {
            p[bus] += if up { rise } else { -down };
        }
        let injected: Vec<(f64, f64)> = p.into_iter().zip(area.fixed_q_mvar[t].clone()).collect();
        let flow = sweep(tree, feeder.root_v_pu, &injected);
        for &k in &tree.order {
            let Some(above) = tree.above[k] else { continue };
            let (line, bus) = (&feeder.lines[above.line], &feeder.buses[k]);
            let (of_line, voltage) = (Of::Line(above.line), Of::Voltage(k));
            let Ok(flow) = &flow else {
                // No power flow: whatever is forwarded in this direction is too much.
                list.push(((of_line, up), 1.0));
                list.push(((voltage, up), 0.1));
                continue;
            };
            let at = flow.lines[k];
            let size = at.loading_mva();
            let most = line.max_s_mva.unwrap_or(f64::INFINITY);
            let along = above.sign * at.p_sent_mw;
            let beyond = (along - line.max_p_mw.unwrap_or(f64::INFINITY))
                .max(line.min_p_mw.unwrap_or(f64::NEG_INFINITY) - along);
            list.push(((of_line, up), (size - most).max(beyond)));
            let w = flow.v_pu[k].powi(2);
            let outside = if up {
                w - bus.max_v_pu.powi(2)
            } else {
                bus.min_v_pu.powi(2) - w
            };
            list.push(((voltage, up), outside));
        }
    }
    list
}

/// Largest P of the polygon of a line beside Q, MW.
fn side_mw(most: f64, q: f64) -> f64 {
    let sides = polygon(most).filter(|&(a, _, _)| a > 0.0);
    let least = sides.map(|(a, b, right)| (right - b * q) / a);
    least.fold(f64::INFINITY, f64::min).max(0.0)
}

/// Every limit of an area in period `t` without losses as a row over its bids, with the room that fixed injections
/// leave.
fn rows(left: &System, physics: Physics, a: usize, t: usize) -> Vec<Limit> {
    let area = &left.areas[a];
    let fixed = &area.fixed_p_mw[t];
    let at: Vec<usize> = area.bids.iter().map(|&(_, bus)| bus).collect();
    let ends = |name: &str, of: Of, factors: &[f64], flow: f64, most: f64| {
        [1.0, -1.0].map(|sign| Limit {
            name: name.to_string(),
            of,
            sign,
            g: at.iter().map(|&bus| sign * factors[bus]).collect(),
            h_mw: most - sign * flow,
            scale: 1.0,
        })
    };
    let mut rows = match &area.kind {
        Kind::Dc { .. } => Vec::new(),
        Kind::Zone { zone } => {
            let rows = zone.limits.iter().enumerate().flat_map(|(l, limit)| {
                let factors: Vec<f64> = area.buses.iter().map(|bus| limit.factor(bus)).collect();
                let flow: f64 = factors.iter().zip(fixed).map(|(g, p)| g * p).sum();
                let flow = limit.flow_mw + flow;
                ends(&limit.id, Of::Line(l), &factors, flow, limit.max_p_mw)
            });
            rows.collect()
        }
        Kind::Feeder { feeder, tree } => {
            let drawn = |p: &[f64]| -> Vec<f64> { p.iter().map(|p| -p).collect() };
            let (p, q) = (drawn(fixed), drawn(&area.fixed_q_mvar[t]));
            let base = state(tree, feeder.root_v_pu, &p, &q);
            let active = |s: f64, q: f64| match physics {
                Physics::Lossless => s,
                Physics::LinDistFlow => side_mw(s, q),
                Physics::BranchFlow => active_mw(s, q),
            };
            let mut rows = limits(feeder, tree, None, &at, &base, active);
            rows.retain(|row| physics != Physics::Lossless || !matches!(row.of, Of::Voltage(_)));
            rows
        }
    };
    if let Some(most) = area.max_export_mw {
        let (ones, flow) = (vec![1.0; fixed.len()], fixed.iter().sum());
        rows.extend(ends(&area.boundary, Of::Boundary, &ones, flow, most));
    }
    rows
}
