//! Local market first: the DSO cures its own congestion, the TSO takes what is left.
//!
//! In the local market energy is worth a reference price and the export is free; a bid costs its
//! premium over that price, at least 0.01 $/MWh, so that none is activated but against
//! congestion. What is left of the bids goes to the TSO, which sees no feeder: all of it, or cut to
//! a box that is safe in any combination.

use crate::case::balancing::{Bid, Segment};
use crate::opt::{Model, Var, simplex};

use super::clear::{self, Cleared, Prices};
use super::dispatch::Dispatch;
use super::integers;
use super::params::{ResidualSupply, Scheme};
use super::program::{Export, View, write};
use super::schemes;
use super::system::{Kind, System};

/// Least cost of a local activation, $/MWh: none happens without need.
const LEAST_PREMIUM: f64 = 0.01;

/// Weight of a bid's price beside its volume in the safe box.
const PREFERENCE: f64 = 0.01;

/// Clears the local markets and then the TSO's.
///
/// # Errors
/// A sentence when a market cannot be solved.
pub fn first(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    filtered: bool,
) -> Result<Cleared, String> {
    let reference = reference(system, params)?;
    let local = premiums(system, &reference);
    let mut state = Dispatch::new(system);
    for a in system.exporting().rev() {
        let view = clear::common(params, &[], admitted);
        let worthless = vec![0.0; system.periods];
        let program = write(&local, a, view, Export::Sold(&worthless));
        let whole = integers::solve(&program.model)?;
        let mut own = Dispatch::new(&local);
        own.read(&local, &program, &whole.solution.x);
        for &(b, _) in &system.areas[a].bids {
            state.p_mw[b].clone_from(&own.p_mw[b]);
        }
    }
    // The TSO's market: what was activated is fixed, what is left is offered.
    let mut left = system.clone();
    for a in system.exporting() {
        for &(b, i) in &system.areas[a].bids {
            for (t, p) in state.p_mw[b].iter().enumerate() {
                left.areas[a].fixed_p_mw[t][i] += p;
            }
            left.balancing.bids[b] = remaining(&system.balancing.bids[b], &state.p_mw[b]);
        }
    }
    if filtered {
        for a in system.exporting() {
            safe_box(&mut left, system, a)?;
        }
    }
    let unlimited = View {
        limits_below: false,
        ..clear::common(params, &[], admitted)
    };
    let mut cleared = clear::in_one(&left, unlimited)?;
    for a in system.exporting() {
        for &(b, _) in &system.areas[a].bids {
            let bid = &system.balancing.bids[b];
            for (t, p) in state.p_mw[b].iter().enumerate() {
                cleared.dispatch.p_mw[b][t] += p;
            }
            cleared.dispatch.bid_costs_usd[b] += merit_cost(bid, &state.p_mw[b]) * system.hours;
        }
    }
    Ok(cleared)
}

/// Reference price by period: the transmission price without distribution bids.
fn reference(system: &System, params: &ResidualSupply) -> Result<Vec<f64>, String> {
    if let Some(price) = params.reference_usd_per_mwh {
        return Ok(vec![price; system.periods]);
    }
    let alone = schemes::run(system, params, Scheme::NoDsoBids, Vec::new())?;
    let prices: &Prices = &alone.market.prices;
    Ok((0..system.periods)
        .map(|t| {
            let buses = &prices.lmp[0][t];
            buses.iter().sum::<f64>() / buses.len().max(1) as f64
        })
        .collect())
}

/// The system with every bid below the top priced at its premium over the reference.
fn premiums(system: &System, reference: &[f64]) -> System {
    let mut local = system.clone();
    for bid in &mut local.balancing.bids {
        for offer in &mut bid.offers {
            let price = reference[offer.period - 1];
            let mut priced = Vec::new();
            for segment in &offer.segments {
                let over = segment.usd_per_mwh - price;
                if segment.max_p_mw > 0.0 {
                    priced.push(Segment {
                        min_p_mw: segment.min_p_mw.max(0.0),
                        usd_per_mwh: over.max(LEAST_PREMIUM),
                        ..segment.clone()
                    });
                }
                if segment.min_p_mw < 0.0 {
                    priced.push(Segment {
                        max_p_mw: segment.max_p_mw.min(0.0),
                        usd_per_mwh: over.min(-LEAST_PREMIUM),
                        ..segment.clone()
                    });
                }
            }
            offer.segments = priced;
        }
    }
    local
}

/// Segments in the order in which they are taken for an activation of this sign.
fn by_merit(segments: &mut [Segment], up: bool) {
    segments.sort_by(|a, b| {
        let order = a.usd_per_mwh.total_cmp(&b.usd_per_mwh);
        if up { order } else { order.reverse() }
    });
}

/// Cost of an activation at the bid's own prices, cheapest segments first, $ per hour of period.
fn merit_cost(bid: &Bid, p_mw: &[f64]) -> f64 {
    let mut cost = 0.0;
    for offer in &bid.offers {
        let mut left = p_mw[offer.period - 1];
        let mut segments = offer.segments.clone();
        by_merit(&mut segments, left > 0.0);
        for segment in &segments {
            let taken = left.clamp(segment.min_p_mw.min(0.0), segment.max_p_mw.max(0.0));
            cost += taken * segment.usd_per_mwh;
            left -= taken;
        }
    }
    cost
}

/// What is left of a bid after an activation; a downward segment already activated can be taken
/// back no further than to zero.
fn remaining(bid: &Bid, p_mw: &[f64]) -> Bid {
    let mut left = bid.clone();
    for offer in &mut left.offers {
        let mut used = p_mw[offer.period - 1];
        by_merit(&mut offer.segments, used > 0.0);
        for segment in &mut offer.segments {
            let taken = used.clamp(segment.min_p_mw.min(0.0), segment.max_p_mw.max(0.0));
            used -= taken;
            if taken > 0.0 {
                segment.max_p_mw -= taken;
            } else {
                segment.min_p_mw -= taken;
            }
            if segment.max_p_mw < segment.min_p_mw {
                segment.min_p_mw = segment.max_p_mw;
            }
        }
    }
    left
}

/// Cuts what is left of an area's bids to the largest box of quantities of which every point
/// respects every limit.
///
/// With G (p₀ + x) ≤ h for LinDistFlow and −d_k ≤ x_k ≤ u_k the worst of a row is
/// Σ_k max(G_k u_k, −G_k d_k): linear in u and d once the signs of G are known. The volume
/// Σ (u + d) is the most.
///
/// Section 4.3 of the model notes on bidding, box-safety theorem.
fn safe_box(left: &mut System, system: &System, a: usize) -> Result<(), String> {
    for t in 0..system.periods {
        let rows = rows(left, a, t);
        let mut model = Model::new(format!("safe box of {}", left.areas[a].id));
        let bids = left.areas[a].bids.clone();
        let cap = system.balancing.price_cap_usd_per_mwh;
        let vars: Vec<(Var, Var)> = bids
            .iter()
            .map(|&(b, _)| {
                let (down, up) = extent(&left.balancing.bids[b], t);
                let id = &left.balancing.bids[b].id;
                // Among equal volumes the one worth more.
                let price = mean_price(&left.balancing.bids[b], t) / cap;
                let u = model.var(format!("up[{id}]"), 0.0, up, -1.0 + PREFERENCE * price);
                let d = model.var(format!("down[{id}]"), 0.0, -down, -1.0 - PREFERENCE * price);
                (u, d)
            })
            .collect();
        for (name, factors, room) in &rows {
            let mut terms = Vec::new();
            for (&(_, bus), &(u, d)) in bids.iter().zip(&vars) {
                let g = factors[bus];
                if g > 0.0 {
                    terms.push((u, g));
                } else if g < 0.0 {
                    terms.push((d, -g));
                }
            }
            if !terms.is_empty() {
                model.row(name.clone(), terms, f64::NEG_INFINITY, room.max(0.0));
            }
        }
        let solution = simplex::solve(&model).optimal()?;
        for (&(b, _), &(u, d)) in bids.iter().zip(&vars) {
            let (up, down) = (solution.x[u.0], solution.x[d.0]);
            cut(&mut left.balancing.bids[b], t, -down, up);
        }
    }
    Ok(())
}

/// Least and greatest activation of a bid in period `t`, MW.
fn extent(bid: &Bid, t: usize) -> (f64, f64) {
    let offers = bid.offers.iter().filter(|o| o.period == t + 1);
    offers
        .flat_map(|o| &o.segments)
        .fold((0.0, 0.0), |(low, high), s| {
            (low + s.min_p_mw.min(0.0), high + s.max_p_mw.max(0.0))
        })
}

/// Price of a bid in period `t`, $/MWh, by width.
fn mean_price(bid: &Bid, t: usize) -> f64 {
    let offers = bid.offers.iter().filter(|o| o.period == t + 1);
    let (value, width) = offers
        .flat_map(|o| &o.segments)
        .fold((0.0, 0.0), |(v, w), s| {
            let wide = s.max_p_mw - s.min_p_mw;
            (v + wide * s.usd_per_mwh, w + wide)
        });
    if width > 0.0 { value / width } else { 0.0 }
}

/// Cuts the segments of a bid in period `t` to a range, cheapest kept.
fn cut(bid: &mut Bid, t: usize, low: f64, high: f64) {
    for offer in bid.offers.iter_mut().filter(|o| o.period == t + 1) {
        let mut room = high;
        by_merit(&mut offer.segments, true);
        for segment in &mut offer.segments {
            if segment.max_p_mw > 0.0 {
                segment.max_p_mw = segment.max_p_mw.min(room.max(0.0));
                segment.min_p_mw = segment.min_p_mw.min(segment.max_p_mw);
                room -= segment.max_p_mw;
            }
        }
        let mut room = -low;
        by_merit(&mut offer.segments, false);
        for segment in &mut offer.segments {
            if segment.min_p_mw < 0.0 {
                segment.min_p_mw = segment.min_p_mw.max(-room.max(0.0));
                segment.max_p_mw = segment.max_p_mw.max(segment.min_p_mw);
                room += segment.min_p_mw;
            }
        }
    }
}

/// A limit as a row over the injections of an area's buses: name, factors, room left.
type SafeRow = (String, Vec<f64>, f64);

/// Every limit of an area in period `t` by LinDistFlow, with the room that fixed injections leave.
fn rows(left: &System, a: usize, t: usize) -> Vec<SafeRow> {
    let area = &left.areas[a];
    let fixed = &area.fixed_p_mw[t];
    let n = area.buses.len();
    let mut rows: Vec<SafeRow> = Vec::new();
    let mut both = |name: String, factors: Vec<f64>, low: f64, high: f64, base: f64| {
        let flow: f64 = base + factors.iter().zip(fixed).map(|(g, p)| g * p).sum::<f64>();
        if high.is_finite() {
            rows.push((name.clone(), factors.clone(), high - flow));
        }
        if low.is_finite() {
            rows.push((name, factors.iter().map(|g| -g).collect(), flow - low));
        }
    };
    match &area.kind {
        Kind::Dc { .. } => {}
        Kind::Zone { zone } => {
            for limit in &zone.limits {
                let factors = area.buses.iter().map(|bus| limit.factor(bus)).collect();
                both(
                    limit.id.clone(),
                    factors,
                    -limit.max_p_mw,
                    limit.max_p_mw,
                    limit.flow_mw,
                );
            }
        }
        Kind::Feeder { feeder, tree } => {
            let mut below = vec![vec![false; n]; n];
            for (j, bus) in (0..n).map(|j| (j, tree.path(j))) {
                for (k, _) in bus {
                    below[k][j] = true;
                }
            }
            let q = &area.fixed_q_mvar[t];
            for &k in &tree.order {
                let Some(above) = tree.above[k] else { continue };
                let line = &feeder.lines[above.line];
                let reactive: f64 = (0..n).filter(|&j| below[k][j]).map(|j| -q[j]).sum();
                let apparent = line.max_s_mva.map_or(f64::INFINITY, |s| {
                    (s * s - reactive * reactive).max(0.0).sqrt()
                });
                let (mut low, mut high) = (
                    line.min_p_mw.unwrap_or(f64::NEG_INFINITY),
                    line.max_p_mw.unwrap_or(f64::INFINITY),
                );
                if above.sign < 0.0 {
                    (low, high) = (-high, -low);
                }
                // Flow outwards is what the buses below draw.
                let factors = (0..n)
                    .map(|j| if below[k][j] { -1.0 } else { 0.0 })
                    .collect();
                both(
                    line.id.clone(),
                    factors,
                    low.max(-apparent),
                    high.min(apparent),
                    0.0,
                );
            }
            for &k in &tree.order {
                let common = |j: usize, of: fn(&crate::net::LineAbove) -> f64| -> f64 {
                    let lines = tree.path(j).filter(|(m, _)| below[*m][k]);
                    lines.map(|(_, line)| of(&line)).sum()
                };
                let factors: Vec<f64> = (0..n).map(|j| 2.0 * common(j, |l| l.r_pu)).collect();
                let reactive: f64 = (0..n).map(|j| 2.0 * common(j, |l| l.x_pu) * q[j]).sum();
                if factors.iter().all(|&g| g == 0.0) {
                    continue;
                }
                let bus = &feeder.buses[k];
                let (low, high) = (bus.min_v_pu.powi(2), bus.max_v_pu.powi(2));
                let base = feeder.root_v_pu.powi(2) + reactive;
                both(format!("voltage at {}", bus.id), factors, low, high, base);
            }
        }
    }
    if let Some(most) = area.max_export_mw {
        both(area.boundary.clone(), vec![1.0; n], -most, most, 0.0);
    }
    rows
}
