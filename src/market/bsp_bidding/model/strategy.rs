//! The best bids of one owner, and how well that is known.

use crate::market::Failure;
use crate::opt::Certificate;

use super::super::params::{BspBidding, Method};
use super::branch;
use super::clear::{Bids, Cleared, Lower, clear};
use super::enumerate;
use super::kkt::Kkt;
use super::milp;
use super::player::{Player, Room};
use super::second_market::Expected;
use super::system::{Hour, LEAST_MW};

/// The best bids found and what is proven of them.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Of everyone.
    pub bids: Bids,
    /// The market as the bilevel program has it: ties go the owner's way.
    pub cleared: Cleared,
    /// In the DSO's market and as expected of the TSO's, $ per hour.
    pub profit: f64,
    /// No bids earn more, $ per hour.
    pub bound: f64,
    pub nodes: usize,
    /// Markets cleared for candidate prices, and what they earn at best.
    pub tried: usize,
    pub enumerated: f64,
    /// Objective of the market at these bids less that of the market cleared anew, $ per hour.
    pub resolved_difference: f64,
    /// Least distance of a dual from its big-M, as a share of it; 1 without a program.
    pub room_to_big_m: f64,
    pub certificate: Certificate,
    /// The search ended before its bound met its profit.
    pub stopped: bool,
    /// On the cone: what the best bids of the linear network earn by the linear market, and on the cone,
    /// $ per hour.
    pub linear: Option<(f64, f64)>,
}

/// Where an owner's bids may lie in a period: between the TSO's prices, and no higher than the cap or
/// the monitoring allow; bids upwards may always cover their cost, bids downwards always ask for their
/// value.
///
/// Nobody pays more than the TSO asks: were bids downwards not held to that, a resource behind a
/// binding limit could buy from itself at the price of an overload and be paid that price for all it
/// delivers. Storage is held to the TSO's prices likewise, or to what its energy is worth with everyone at
/// cost.
pub fn room(hour: &Hour, params: &BspBidding) -> Room {
    let n = hour.up_cost.len();
    let watched = |price: f64, sign: f64| match params.monitoring {
        Some(m) => price + sign * m.threshold * price.abs(),
        None => sign * f64::INFINITY,
    };
    let up = |k: usize| {
        let cost = hour.up_cost[k];
        let cap = params
            .max_up_bid
            .map_or(f64::INFINITY, |m| m * hour.day_ahead);
        let high = hour.tso_up.min(cap).min(watched(cost, 1.0)).max(cost);
        match hour.offer(k) {
            Some(offer) => (offer.least_up, hour.tso_up),
            None => (hour.tso_down.min(cost), high),
        }
    };
    let down = |k: usize| {
        let value = hour.down_value[k];
        let floor = params
            .min_down_bid
            .map_or(-f64::INFINITY, |m| m * hour.day_ahead);
        let low = hour
            .tso_down
            .max(floor)
            .max(watched(value, -1.0))
            .min(value);
        match hour.offer(k) {
            Some(offer) => (hour.tso_down, offer.most_down),
            None => (low, hour.tso_up.max(value)),
        }
    };
    Room {
        up: (0..n).map(up).collect(),
        down: (0..n).map(down).collect(),
    }
}

/// Own bids that make the same market and are easiest to read: at the price where a resource is
/// taken in part, at cost where it is taken whole (at the price if paid as bid), out of the way where
/// it is not taken.
fn settled(player: &Player, cleared: &Cleared, mut bids: Bids) -> Bids {
    let hour = player.hour;
    for k in player.resources() {
        let price = cleared.dlmp[k];
        for up in [true, false] {
            let (low, high) = player.room.side(up)[k];
            let (taken, most) = (cleared.taken_mw(up)[k], hour.max_mw(up)[k]);
            let own = hour.own_price(up)[k];
            let whole = taken > most - LEAST_MW && !player.pay_as_bid;
            bids.side_mut(up)[k] = match (taken > LEAST_MW, up) {
                (true, true) if whole => price.min(own).clamp(low, high),
                (true, false) if whole => price.max(own).clamp(low, high),
                (true, _) => price.clamp(low, high),
                (false, true) => high,
                (false, false) => low,
            };
        }
    }
    bids
}

/// Profit of what is no answer, $ per hour.
pub const NONE: f64 = -1e12;

/// The period with own storages that offer no more than is taken of them.
fn offering(player: &Player, cleared: &Cleared) -> Hour {
    let mut hour = player.hour.clone();
    for k in player
        .resources()
        .filter(|&k| player.hour.offer(k).is_some())
    {
        (hour.max_up_mw[k], hour.max_down_mw[k]) = (cleared.up_mw[k], cleared.down_mw[k]);
    }
    hour
}

/// The best bids of the resources marked, with the others' as they are.
///
/// # Errors
/// A sentence when a program fails.
pub fn answer(
    hour: &Hour,
    others: &Bids,
    own: &[bool],
    params: &BspBidding,
    method: Method,
) -> Result<Answer, Failure> {
    let search = |player: &Player| on_rows(player, params, method);
    answer_by(hour, others, own, params, &search)
}

/// [`answer`] by a search of its own.
///
/// # Errors
/// A sentence when a program fails.
pub fn answer_by(
    hour: &Hour,
    others: &Bids,
    own: &[bool],
    params: &BspBidding,
    search: &dyn Fn(&Player) -> Result<Answer, Failure>,
) -> Result<Answer, Failure> {
    let expected = Expected::new(hour, params, own);
    let costed = expected.as_ref().map(|expected| expected.costed(hour));
    let hour = costed.as_ref().unwrap_or(hour);
    let room = room(hour, params);
    let player = Player {
        hour,
        bids: others,
        own,
        room: &room,
        pay_as_bid: params.pay_as_bid(),
        expected: expected.as_ref(),
    };
    search(&player)
}

/// The best bids of a player on the linear network, or on one linearised.
///
/// # Errors
/// A sentence when a program fails.
pub fn on_rows(player: &Player, params: &BspBidding, method: Method) -> Result<Answer, Failure> {
    let (hour, own, others) = (player.hour, player.own, player.bids);
    let stored = own[hour.first_storage()..].contains(&true);
    let tried = match stored {
        true => enumerate::Best::none(others, NONE),
        false => enumerate::best(player, method == Method::Enumeration)?,
    };
    let limit = params.node_limit as usize;
    let kkt = Kkt::new(player);
    let (x, mut profit, bound, nodes) = match method {
        Method::Enumeration => (None, tried.profit, f64::INFINITY, 0),
        Method::Branching => {
            let found = branch::search(&kkt, tried.profit, limit)?;
            (found.x, found.profit, found.bound, found.nodes)
        }
        Method::Milp => match milp::solve(&kkt, limit)? {
            Some((x, profit)) => (Some(x), profit, profit, 0),
            None => (None, tried.profit, f64::INFINITY, limit),
        },
    };
    let (cleared, bids, room_to_big_m) = match &x {
        Some(x) => {
            let (cleared, bids) = kkt.read(player, x);
            let bids = settled(player, &cleared, bids);
            let room = kkt.room_to_big_m(&cleared, &bids);
            (cleared, bids, room)
        }
        None => (clear(hour, &tried.bids)?, tried.bids.clone(), 1.0),
    };
    // A search that ends before its first point leaves what is tried: the others at cost.
    if stored && x.is_none() && nodes >= limit {
        profit = player.profit(&cleared, &bids)?;
    }
    let offered = stored.then(|| offering(player, &cleared));
    let hour = offered.as_ref().unwrap_or(hour);
    let lower = Lower::new(hour, &bids);
    let anew = lower.solve(hour)?;
    let certificate = lower.certify("market at the bids found".into(), &cleared);
    Ok(Answer {
        resolved_difference: cleared.objective(hour, &bids) - anew.objective(hour, &bids),
        profit,
        bound,
        nodes,
        tried: tried.cleared,
        enumerated: tried.profit,
        room_to_big_m,
        certificate,
        stopped: method == Method::Branching && bound > profit + 1e-6 * (1.0 + profit.abs())
            || method == Method::Milp && x.is_none(),
        linear: None,
        bids,
        cleared,
    })
}
