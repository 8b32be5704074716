//! The profit of an owner over two of its bids, all others held: where it jumps and where it is
//! linear.
//!
//! Between the prices at which the market changes, profit is linear in the bids; the plane is cut
//! there, and once more along the diagonal where the two bids meet.

use crate::report::{Offer, Probe, SurfaceCell, column, number, plain, table, text};

use super::clear::{Bids, clear};
use super::outcome::{Outcome, admitted};
use super::params::{Behaviour, BspBidding, Settlement};
use super::strategy::{self, room};
use super::system::{Hour, System};

/// The plane of two bids in the shown period.
pub struct Landscape {
    /// Resources across and upwards, and whether their bids are upwards.
    pub across: usize,
    pub along: usize,
    pub up: bool,
    pub cells: Vec<SurfaceCell>,
    /// Marked points: label, bids, profit in $.
    pub points: Vec<(String, f64, f64, f64)>,
}

/// How far inside a cell its corners are looked at, $/MWh.
const INSIDE: f64 = 1e-6;

/// Prices at which the plane is cut in each direction, about.
const MOST_CUTS: usize = 14;

/// Who bids what besides the two.
struct Plane<'a> {
    hour: &'a Hour,
    params: &'a BspBidding,
    bids: Bids,
    own: &'a [bool],
    pair: (usize, usize),
    up: bool,
    hours: f64,
}

impl Plane<'_> {
    /// Profit with the two bids, $; NaN where the market fails.
    fn profit(&self, x: f64, y: f64) -> f64 {
        let mut bids = self.bids.clone();
        for (k, price) in [(self.pair.0, x), (self.pair.1, y)] {
            let price = admitted(self.hour, self.params, k, self.up, price);
            if self.up {
                bids.up[k] = price;
            } else {
                bids.down[k] = price;
            }
        }
        let pay_as_bid = self.params.settlement == Settlement::PayAsBid;
        clear(self.hour, &bids).map_or(f64::NAN, |cleared| {
            cleared.profit_of(self.hour, &bids, pay_as_bid, self.own) * self.hours
        })
    }
}

/// The two resources that are shown: those named, else the owner's first two.
fn pair(system: &System, params: &BspBidding, own: &[bool]) -> Option<(usize, usize)> {
    let index = |id: &str| system.resources.iter().position(|r| r == id);
    let named = params.resources.as_ref();
    let named = named.and_then(|(a, b)| Some((index(a)?, index(b)?)));
    let mut mine = (0..own.len()).filter(|&k| own[k]);
    named.or_else(|| {
        let first = mine.next()?;
        Some((first, mine.next().unwrap_or(first)))
    })
}

fn plane<'a>(
    system: &'a System,
    params: &'a BspBidding,
    others: &Bids,
    own: &'a [bool],
    t: usize,
) -> Option<Plane<'a>> {
    let hour = &system.hours[t];
    let mut bids = others.clone();
    for k in (0..own.len()).filter(|&k| own[k]) {
        (bids.up[k], bids.down[k]) = (hour.up_cost[k], hour.down_value[k]);
    }
    Some(Plane {
        hour,
        params,
        bids,
        own,
        pair: pair(system, params, own)?,
        up: hour.imbalance_mw >= 0.0,
        hours: system.hours_per_period,
    })
}

/// The landscape of period `t`; `None` for an owner with one resource.
pub fn landscape(
    system: &System,
    params: &BspBidding,
    outcomes: &[Outcome],
    others: &Bids,
    own: &[bool],
    t: usize,
) -> Result<Option<Landscape>, String> {
    let Some(plane) = plane(system, params, others, own, t) else {
        return Ok(None);
    };
    let (a, b) = plane.pair;
    if a == b {
        return Ok(None);
    }
    let (hour, up) = (plane.hour, plane.up);
    let room = room(hour, params);
    let side = |k: usize| {
        let (low, high) = if up { room.up[k] } else { room.down[k] };
        let own = if up {
            hour.up_cost[k]
        } else {
            hour.down_value[k]
        };
        // Where it may pay, and a little beyond the cost.
        let far = 0.1 * hour.day_ahead;
        if up {
            (low.max(own - far), high)
        } else {
            (low, high.min(own + far))
        }
    };
    let mut kinks: Vec<f64> = vec![hour.tso_up, hour.tso_down];
    kinks.extend(plane.bids.up.iter().chain(&plane.bids.down));
    let cuts = |(low, high): (f64, f64)| -> Vec<f64> {
        let mut cuts = vec![low, high];
        cuts.extend(kinks.iter().filter(|p| **p > low && **p < high));
        cuts.sort_by(f64::total_cmp);
        cuts.dedup_by(|x, y| (*x - *y).abs() < 1e-3);
        // Of many rivals some stand for all.
        let every = cuts.len() / MOST_CUTS + 1;
        let last = cuts.len() - 1;
        let kept = cuts
            .iter()
            .enumerate()
            .filter(|(i, _)| i % every == 0 || *i == last);
        kept.map(|(_, p)| *p).collect()
    };
    let mut xs = cuts(side(a));
    let mut ys = cuts(side(b));
    // The same cuts both ways, so that the diagonal runs from corner to corner.
    let both: Vec<f64> = xs.iter().chain(&ys).copied().collect();
    let merge = |own: &mut Vec<f64>| {
        let (low, high) = (own[0], own[own.len() - 1]);
        own.extend(both.iter().filter(|p| **p > low && **p < high));
        own.sort_by(f64::total_cmp);
        own.dedup_by(|x, y| (*x - *y).abs() < 1e-3);
    };
    merge(&mut xs);
    merge(&mut ys);
    let mut cells = Vec::new();
    for x in xs.windows(2) {
        for y in ys.windows(2) {
            let square = (x[0] - y[0]).abs() < 1e-3 && (x[1] - y[1]).abs() < 1e-3;
            let corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])];
            let parts: Vec<Vec<(f64, f64)>> = if square {
                vec![
                    vec![corners[0], corners[1], corners[2]],
                    vec![corners[0], corners[2], corners[3]],
                ]
            } else {
                vec![corners.to_vec()]
            };
            cells.extend(parts.into_iter().map(|part| cell(&plane, &part)));
        }
    }
    let mut points = Vec::new();
    for (behaviour, label) in [
        // The first is where a point that is asked about begins.
        (Behaviour::Own, "your bids"),
        (Behaviour::Truthful, "at cost"),
        (Behaviour::Strategic, "best answer"),
    ] {
        let Some(period) = outcomes
            .iter()
            .find(|o| o.behaviour == behaviour)
            .and_then(|o| o.periods.get(t))
        else {
            continue;
        };
        let list = if up {
            &period.bids.up
        } else {
            &period.bids.down
        };
        let pay_as_bid = params.settlement == Settlement::PayAsBid;
        let profit = period
            .cleared
            .profit_of(hour, &period.bids, pay_as_bid, own);
        points.push((
            label.to_string(),
            list[a],
            list[b],
            profit * system.hours_per_period,
        ));
    }
    Ok(Some(Landscape {
        across: a,
        along: b,
        up,
        cells,
        points,
    }))
}

/// Values at the corners as seen from inside.
fn cell(plane: &Plane, corners: &[(f64, f64)]) -> SurfaceCell {
    let n = corners.len() as f64;
    let middle = corners
        .iter()
        .fold((0.0, 0.0), |m, c| (m.0 + c.0 / n, m.1 + c.1 / n));
    let inside = |at: f64, to: f64| at + INSIDE * (to - at).signum();
    let corners = corners.iter().map(|&(x, y)| {
        let value = plane.profit(inside(x, middle.0), inside(y, middle.1));
        (x, y, value)
    });
    SurfaceCell {
        label: String::new(),
        corners: corners.collect(),
    }
}

/// What the owner earns with the two bids (`x`, `y`) in the shown period.
///
/// # Errors
/// A case without a market.
pub fn probe(
    system: &System,
    params: &BspBidding,
    others: &Bids,
    own: &[bool],
    t: usize,
    (x, y): (f64, f64),
) -> Result<Probe, String> {
    let plane = plane(system, params, others, own, t).ok_or("the owner has no resource")?;
    let (hour, hours) = (plane.hour, plane.hours);
    let side = |k: usize| match plane.up {
        true => hour.up_cost[k],
        false => hour.down_value[k],
    };
    let profit = plane.profit(x, y);
    let at_cost = plane.profit(side(plane.pair.0), side(plane.pair.1));
    let best = strategy::answer(hour, others, own, params, params.method)?;
    let (most, bound) = (best.profit * hours, best.bound * hours);
    let name = |k: usize| system.resources.get(k).map_or("", String::as_str);
    let (a, b) = (name(plane.pair.0), name(plane.pair.1));
    let proof = match bound.is_finite() {
        true => format!("no bids earn more than {} $", plain(bound.max(most), 4)),
        false => "how much more is possible was not proven".into(),
    };
    let row = |id: &str, price: f64| vec![text(id), number(price), number(price / hour.day_ahead)];
    let way = if plane.up { "up" } else { "down" };
    let change = |id: &str, price: f64| {
        let path = format!("mechanism.own.{id}.{way}");
        (path, (price / hour.day_ahead * 1e4).round() / 1e4)
    };
    let mine = |k: usize| {
        let id = system.resources.get(k);
        id.is_some_and(|id| params.own.iter().any(|own| own.id == *id))
    };
    let offered = mine(plane.pair.0) && mine(plane.pair.1) && hour.day_ahead > 0.0;
    Ok(Probe {
        inside: profit.is_finite(),
        sentence: format!(
            "{a} at {} $/MWh and {b} at {} $/MWh earn {} $ in hour {}; at cost {} $, the best answer {} $: {proof}.",
            plain(x, 2),
            plain(y, 2),
            plain(profit, 4),
            t + 1,
            plain(at_cost, 4),
            plain(most, 4),
        ),
        table: table(
            "bids",
            "Bids at this point",
            vec![
                column("resource", ""),
                column(format!("bid {way}"), "$/MWh"),
                column("of day-ahead", "1"),
            ],
            vec![row(a, x), row(b, y)],
            "",
        ),
        offer: offered.then(|| Offer {
            label: "Bid this in every hour".into(),
            changes: vec![change(a, x), change(b, y)],
        }),
    })
}
