//! Best bids on the cone: plans on linearised power flows, cleared on the cone.
//!
//! At net activations a⁰ the AC power flow is linearised. With φ_k = −∂P_root/∂a_k, what a MWh of k saves
//! at the substation, and the volume φ_k u_k at the price α_k / φ_k in the place of u_k at α_k, an hour of
//! the [linear market](super::clear) is left, the profit of every bid as it was:
//!
//! ```text
//! Σ_k φ_k (u_k − w_k) + r − s = P_root(a⁰) − P⁰_root + Σ_k φ_k a⁰_k
//! Σ_k ∂x_l/∂a_k (u_k − w_k) ≤ room of limit l at a⁰ + Σ_k ∂x_l/∂a_k a⁰_k
//! ```
//!
//! Its best bids are found as on the linear network, and are linearised at anew where they lead. Every plan
//! is cleared on the cone, a hair short of a tie; so are the owner's costs, the best bids of the linear
//! network, and, one bid after the other, the prices of rivals and of the TSO as the owner's buses see
//! them and those that it saw there. The best of all this is a lower bound of what can be earned: no
//! upper one is known.
//!
//! Section `[bsp]`(4.9) of the model notes.

use crate::market::Failure;
use crate::network::SweepFlow;
use crate::network::distflow_rows::{Limit, Of};

use super::super::params::{BspBidding, Method};
use super::clear::{Bids, Cleared, clear};
use super::cone::Cone;
use super::player::{Player, Room};
use super::strategy::{self, Answer};
use super::system::{Hour, LEAST_MW};

/// How far a bid stays from a tie, as a share of the day-ahead price: an interior point sees it.
pub const SHORT: f64 = 1e-4;

/// Linearisations at most.
const PLANS: usize = 4;

/// Markets cleared at most for candidate prices, and rounds of them.
const MOST: usize = 40;
const ROUNDS: usize = 2;

/// Step of the differences, MW.
const STEP_MW: f64 = 1e-4;

/// An hour linearised, and what a MWh of each resource saves at the substation.
pub struct Linearised {
    pub hour: Hour,
    pub worth: Vec<f64>,
}

/// The hour with its AC power flow linearised at `net_mw`.
///
/// # Errors
/// A power flow that does not settle.
pub fn linearised(hour: &Hour, cone: &Cone, net_mw: &[f64]) -> Result<Linearised, Failure> {
    let sweep = |net: &[f64]| cone.grid.sweep(&hour.load_mw, &hour.load_mvar, net);
    let here = sweep(net_mw)?;
    let moved = |k: usize, by: f64| {
        let mut net = net_mw.to_vec();
        net[k] += by;
        sweep(&net)
    };
    let n = net_mw.len();
    let both = |k: usize| Ok((moved(k, STEP_MW)?, moved(k, -STEP_MW)?));
    let both: Result<Vec<(SweepFlow, SweepFlow)>, Failure> = (0..n).map(both).collect();
    let both = both?;
    let slopes = |of: &dyn Fn(&SweepFlow) -> f64| -> Vec<f64> {
        let each = both.iter().map(|(up, down)| of(up) - of(down));
        each.map(|change| change / (2.0 * STEP_MW)).collect()
    };
    let worth: Vec<f64> = slopes(&|flow| -flow.import_p_mw);
    let times =
        |values: &[f64]| -> Vec<f64> { values.iter().zip(&worth).map(|(v, by)| v * by).collect() };
    let (max_up_mw, max_down_mw) = (times(&hour.max_up_mw), times(&hour.max_down_mw));
    let tree = &cone.grid.tree;
    let row = |limit: &Limit| -> Limit {
        // The quantity, what it is without losses, and whether the limit is above it.
        let below = |line: usize| {
            let mut buses = tree.above.iter();
            let at = buses.position(|above| above.is_some_and(|above| above.line == line));
            at.unwrap_or(tree.root)
        };
        let (j, above) = match limit.of {
            Of::Line(line) => (below(line), limit.sign < 0.0),
            Of::Boundary => (tree.root, limit.sign < 0.0),
            Of::Voltage(j) => (j, limit.sign > 0.0),
        };
        let of = |flow: &SweepFlow| match limit.of {
            Of::Line(_) => flow.lines[j].p_sent_mw,
            Of::Boundary => flow.import_p_mw,
            Of::Voltage(_) => flow.v_pu[j].powi(2),
        };
        let without = match limit.of {
            Of::Voltage(_) => hour.base.w_pu2[j],
            _ => hour.base.p_mw[j],
        };
        let sign = if above { 1.0 } else { -1.0 };
        let g = slopes(&of)
            .into_iter()
            .map(|slope| sign * slope / limit.scale);
        let g: Vec<f64> = g.collect();
        let moved: f64 = g.iter().zip(net_mw).map(|(g, a)| g * a).sum();
        Limit {
            h_mw: limit.h_mw + sign * (without - of(&here)) / limit.scale + moved,
            g: g.iter().zip(&worth).map(|(g, by)| g / by).collect(),
            ..limit.clone()
        }
    };
    let rows = hour.limits.iter().chain(&hour.far).map(row);
    let (limits, far) = rows.partition(|row: &Limit| row.reached(&max_down_mw, &max_up_mw));
    let change = here.import_p_mw - cone.schedule.import_p_mw;
    let moved: f64 = worth.iter().zip(net_mw).map(|(by, a)| by * a).sum();
    let hour = Hour {
        imbalance_mw: change + moved,
        up_cost: over(&hour.up_cost, &worth),
        down_value: over(&hour.down_value, &worth),
        max_up_mw,
        max_down_mw,
        limits,
        far,
        ..hour.linear()
    };
    Ok(Linearised { hour, worth })
}

fn over(values: &[f64], by: &[f64]) -> Vec<f64> {
    values
        .iter()
        .zip(by)
        .map(|(value, by)| value / by)
        .collect()
}

/// Bids with those of the owner's that stand in part moved a hair to the better.
fn short(player: &Player, planned: (&Hour, &Cleared), bids: &Bids) -> Bids {
    let (hour, planned) = planned;
    let mut bids = bids.clone();
    for k in player.resources() {
        for up in [true, false] {
            let (low, high) = player.room.side(up)[k];
            let taken = planned.taken_mw(up)[k];
            let part = player.pay_as_bid || taken < hour.max_mw(up)[k] - LEAST_MW;
            if taken > LEAST_MW && part {
                let by = SHORT * player.hour.day_ahead.abs();
                let bid = &mut bids.side_mut(up)[k];
                *bid = if up { *bid - by } else { *bid + by }.clamp(low, high);
            }
        }
    }
    bids
}

/// A search with what it has found.
struct Search<'a> {
    player: &'a Player<'a>,
    bids: Bids,
    cleared: Cleared,
    profit: f64,
    tried: usize,
}

impl Search<'_> {
    /// Clears with `bids`, keeps them if they are the best; the profit.
    fn attempt(&mut self, bids: &Bids) -> Result<f64, Failure> {
        let cleared = clear(self.player.hour, bids)?;
        let profit = self.player.profit(&cleared, bids)?;
        self.tried += 1;
        if profit > self.profit + 1e-7 {
            (self.profit, self.cleared) = (profit, cleared);
            self.bids.clone_from(bids);
        }
        Ok(profit)
    }

    /// One bid after the other at candidate prices.
    fn improve(&mut self, cone: &Cone) -> Result<(), Failure> {
        let (hour, own) = (self.player.hour, self.player.own);
        let most = self.tried + MOST;
        for _ in 0..ROUNDS {
            let before = self.profit;
            let worth = linearised(hour, cone, &self.cleared.net_mw())?.worth;
            for k in self.player.resources() {
                let up = hour.imbalance_mw >= 0.0;
                let by = SHORT * hour.day_ahead.abs();
                let (low, high) = self.player.room.side(up)[k];
                let mut prices = vec![hour.tso_up * worth[k], hour.tso_down * worth[k]];
                let rivals = (0..own.len()).filter(|&j| !own[j]);
                prices.extend(rivals.map(|j| self.bids.side(up)[j] * worth[k] / worth[j]));
                prices.push(self.cleared.dlmp[k]);
                let mut prices: Vec<f64> = prices
                    .into_iter()
                    .map(|price| if up { price - by } else { price + by })
                    .chain([hour.own_price(up)[k], if up { high } else { low }])
                    .map(|price| price.clamp(low, high))
                    .collect();
                crate::sort::by(&mut prices, f64::total_cmp);
                prices.dedup_by(|a, b| (*a - *b).abs() < by / 2.0);
                for price in prices {
                    let mut bids = self.bids.clone();
                    let crossed = match up {
                        true => price < bids.down[k],
                        false => price > bids.up[k],
                    };
                    let same = (bids.side(up)[k] - price).abs() < by / 2.0;
                    if !crossed && !same && self.tried < most {
                        bids.side_mut(up)[k] = price;
                        self.attempt(&bids)?;
                    }
                }
            }
            if self.profit <= before + 1e-6 {
                break;
            }
        }
        Ok(())
    }
}

/// The best bids of the resources marked, on the cone where the hour has one; the way to plans is
/// `method`.
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
    let Some(cone) = &hour.cone else {
        return strategy::answer(hour, others, own, params, method);
    };
    let search = |player: &Player| on_cone(player, cone, params, method);
    strategy::answer_by(hour, others, own, params, &search)
}

fn on_cone(
    player: &Player,
    cone: &Cone,
    params: &BspBidding,
    method: Method,
) -> Result<Answer, Failure> {
    let hour = player.hour;
    let mut start = player.bids.clone();
    for k in player.resources() {
        for up in [true, false] {
            let (low, high) = player.room.side(up)[k];
            start.side_mut(up)[k] = hour.own_price(up)[k].clamp(low, high);
        }
    }
    let mut search = Search {
        player,
        bids: start.clone(),
        cleared: Cleared::default(),
        profit: f64::NEG_INFINITY,
        tried: 0,
    };
    search.attempt(&start)?;
    let flat = hour.linear();
    let plain = Player {
        hour: &flat,
        ..player.clone()
    };
    let mut answer = strategy::on_rows(&plain, params, method)?;
    let paid = search.attempt(&short(player, (&flat, &answer.cleared), &answer.bids))?;
    answer.linear = Some((answer.profit, paid));
    let mut net_mw = search.cleared.net_mw();
    let mut nodes = answer.nodes;
    for _ in 0..PLANS {
        let (plan, bids, next) = planned(player, cone, params, method, &net_mw)?;
        nodes += plan.nodes;
        search.attempt(&bids)?;
        let mut moved = next.iter().zip(&net_mw).map(|(a, b)| (a - b).abs());
        if moved.all(|by| by < LEAST_MW) {
            break;
        }
        net_mw = next;
    }
    search.improve(cone)?;
    let flow = search.cleared.flow.as_ref();
    Ok(Answer {
        certificate: flow.map_or(answer.certificate, |flow| flow.certificate.clone()),
        bids: search.bids,
        cleared: search.cleared,
        profit: search.profit,
        enumerated: search.profit,
        bound: f64::INFINITY,
        tried: search.tried,
        resolved_difference: 0.0,
        room_to_big_m: 1.0,
        stopped: false,
        nodes,
        ..answer
    })
}

/// The best bids of the hour linearised at `net_mw`, as the cone takes them, and where they lead.
fn planned(
    player: &Player,
    cone: &Cone,
    params: &BspBidding,
    method: Method,
    net_mw: &[f64],
) -> Result<(Answer, Bids, Vec<f64>), Failure> {
    let Linearised { hour, worth } = linearised(player.hour, cone, net_mw)?;
    let room = |up: bool| -> Vec<(f64, f64)> {
        let all = player.room.side(up).iter().zip(&worth);
        all.map(|((low, high), by)| (low / by, high / by)).collect()
    };
    let others = Bids {
        up: over(&player.bids.up, &worth),
        down: over(&player.bids.down, &worth),
    };
    let plan = Player {
        hour: &hour,
        bids: &others,
        room: &Room {
            up: room(true),
            down: room(false),
        },
        expected: None,
        ..player.clone()
    };
    let plan = strategy::on_rows(&plan, params, method)?;
    let times =
        |bids: &[f64]| -> Vec<f64> { bids.iter().zip(&worth).map(|(bid, by)| bid * by).collect() };
    let mut bids = player.bids.clone();
    for k in player.resources() {
        bids.up[k] = times(&plan.bids.up)[k];
        bids.down[k] = times(&plan.bids.down)[k];
    }
    let bids = short(player, (&hour, &plan.cleared), &bids);
    let next = over(&plan.cleared.net_mw(), &worth);
    Ok((plan, bids, next))
}
