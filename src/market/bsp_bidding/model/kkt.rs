//! The market's conditions of optimality with the bids of one owner open.
//!
//! Stationarity of the lower level, the bids α, β of the own resources being variables:
//!
//! ```text
//! α_k − λ + Σ_l G_lk μ_l + ū_k − u̲_k = 0
//! −β_k + λ − Σ_l G_lk μ_l + w̄_k − w̲_k = 0
//! ```
//!
//! and a pair of slack and dual for every inequality, of which one is zero. By strong duality what
//! the owner receives, Σ_own DLMP_k (u_k − w_k), is linear:
//!
//! ```text
//! λδ − h'μ − Σ_others (U ū + W w̄) − Σ_others (α u − β w) − π^u r + π^d s − V Σ ζ
//! ```
//!
//! Paid as bid, Σ_own (U ū + W w̄) less.
//!
//! **Big-M.** λ lies between the TSO's prices, because its market takes and gives any amount; every μ
//! lies between 0 and V, the cost of its slack; so prices at resources lie in
//! [`Hour::price_range`], and a dual of a bound is at most the distance of its bid from that
//! range. Slacks are bounded by capacities. None of it is guessed.
//!
//! A resource does not bid more to reduce than it asks to increase, α_k ≥ β_k: it could otherwise
//! trade with itself to sit where prices jump.
//!
//! Section `[bsp]`(4.2) of the model notes.

use crate::opt::{Model, Row, Var};

use super::clear::{Bids, Cleared, dlmp, net_terms};
use super::player::Player;
use super::second_market::Expected;
use super::system::Hour;
use crate::network::distflow_rows::Limit;

/// What counts as zero in a pair, MW and $/MWh.
const SLACK_MW: f64 = 1e-7;
const DUAL: f64 = 1e-6;

/// A change that makes one side of a pair zero.
#[derive(Clone, Copy, Debug)]
pub enum Fix {
    Bounds(Var, f64, f64),
    Equal(Row, f64),
}

/// An affine expression that is never negative, its largest value, and what makes it zero.
#[derive(Clone, Debug)]
pub struct Side {
    pub terms: Vec<(Var, f64)>,
    pub constant: f64,
    pub most: f64,
    pub zero: Fix,
}

impl Side {
    pub fn value(&self, x: &[f64]) -> f64 {
        self.constant + self.terms.iter().map(|&(v, a)| a * x[v.0]).sum::<f64>()
    }

    /// var − limit.
    fn above(var: Var, limit: f64, most: f64) -> Side {
        Side {
            terms: vec![(var, 1.0)],
            constant: 0.0 - limit,
            most,
            zero: Fix::Bounds(var, f64::NEG_INFINITY, limit),
        }
    }

    /// limit − var.
    fn below(var: Var, limit: f64, most: f64) -> Side {
        Side {
            terms: vec![(var, -1.0)],
            constant: limit,
            most,
            zero: Fix::Bounds(var, limit, f64::INFINITY),
        }
    }
}

/// Slack and dual: one of them is zero.
#[derive(Clone, Debug)]
pub struct Pair {
    pub slack: Side,
    pub dual: Side,
}

/// The program of the owner without its pairs: a relaxation.
#[derive(Clone, Debug)]
pub struct Kkt {
    pub model: Model,
    pub pairs: Vec<Pair>,
    up: Vec<Var>,
    down: Vec<Var>,
    tso_up: Var,
    tso_down: Var,
    over: Vec<Var>,
    lambda: Var,
    mu: Vec<Var>,
    /// Big-M of the duals of each resource: up at its capacity and at zero, down likewise.
    big_m: Vec<[f64; 4]>,
    /// Of own resources.
    alpha: Vec<Option<Var>>,
    beta: Vec<Option<Var>>,
}

impl Kkt {
    pub fn new(player: &Player) -> Kkt {
        let mut kkt = Kkt::balance(player);
        for limit in &player.hour.limits {
            kkt.add_limit(player.hour, limit);
        }
        for k in 0..player.own.len() {
            kkt.add_resource(player, k);
        }
        if let Some(expected) = player.expected {
            kkt.add_expected(player.hour, expected);
        }
        kkt
    }

    /// What the owner expects of the TSO's market, with the conditions of the DSO's second stage where
    /// a limit may hold an own resource back.
    fn add_expected(&mut self, hour: &Hour, expected: &Expected) {
        let n = self.up.len();
        // Entries of a limit that use up its room: upwards where G is positive, else downwards.
        let uses = |l: usize, k: usize, up: bool| {
            let g = hour.limits[l].g[k];
            if up { g.max(0.0) } else { (-g).max(0.0) }
        };
        let rows = hour.limits.len();
        let sides: Vec<(usize, bool)> = (0..n).flat_map(|k| [(k, true), (k, false)]).collect();
        let held = |&(k, up): &(usize, bool)| (0..rows).any(|l| uses(l, k, up) > 0.0);
        let (held, free): (Vec<_>, Vec<_>) = sides.into_iter().partition(held);
        let margin = |k: usize, up: bool| expected.side(up)[k];
        // All that is left of these is forwarded.
        let sure = free
            .iter()
            .map(|&(k, up)| margin(k, up) * hour.max_mw(up)[k]);
        let sure: f64 = sure.sum();
        self.model.set_constant(-sure);
        if held.iter().all(|&(k, up)| margin(k, up) == 0.0) {
            return;
        }
        let infinite = f64::INFINITY;
        let worth = |k: usize, up: bool| match up {
            true => expected.worth.up[k],
            false => expected.worth.down[k],
        };
        let most_nu = |l: usize| {
            let users = held.iter().filter(|&&(k, up)| uses(l, k, up) > 0.0);
            users.fold(0.0_f64, |most, &(k, up)| {
                most.max(worth(k, up) / uses(l, k, up))
            })
        };
        let nu: Vec<Var> = (0..rows)
            .map(|l| self.model.var(format!("n{l}"), 0.0, most_nu(l), 0.0))
            .collect();
        let mut forwarded: Vec<Var> = Vec::new();
        for &(k, up) in &held {
            let (word, taken) = match up {
                true => ("x", self.up[k]),
                false => ("y", self.down[k]),
            };
            let (most, worth, margin) = (hour.max_mw(up)[k], worth(k, up), margin(k, up));
            let model = &mut self.model;
            let cost = model.vars()[taken.0].cost - margin;
            model.set_cost(taken, cost);
            let x = model.var(format!("{word}{k}"), 0.0, most, -margin);
            let whole = model.var(format!("{word}max{k}"), 0.0, worth, 0.0);
            let left = model.row(
                format!("left_{word}{k}"),
                [(taken, 1.0), (x, 1.0)],
                -infinite,
                most,
            );
            let prices = (0..rows).map(|l| (nu[l], uses(l, k, up)));
            let mut terms: Vec<(Var, f64)> = prices.filter(|(_, a)| *a > 0.0).collect();
            terms.push((whole, 1.0));
            let gain = model.row(format!("worth_{word}{k}"), terms.clone(), worth, infinite);
            let most_loss = terms
                .iter()
                .map(|&(v, a)| a * model.vars()[v.0].upper)
                .sum::<f64>();
            self.pair(
                Side {
                    terms: vec![(taken, -1.0), (x, -1.0)],
                    constant: most,
                    most,
                    zero: Fix::Equal(left, most),
                },
                Side::above(whole, 0.0, worth),
            );
            self.pair(
                Side::above(x, 0.0, most),
                Side {
                    terms,
                    constant: -worth,
                    most: (most_loss - worth).max(0.0),
                    zero: Fix::Equal(gain, worth),
                },
            );
            forwarded.push(x);
        }
        for (l, limit) in hour.limits.iter().enumerate() {
            let mut terms = net_terms(&self.up, &self.down, |k| limit.g[k]);
            terms.push((self.over[l], -1.0));
            let used = held.iter().zip(&forwarded);
            let used = used.map(|(&(k, up), x)| (*x, uses(l, k, up)));
            terms.extend(used.filter(|(_, a)| *a > 0.0));
            let left = terms.iter().map(|&(v, a)| (v, -a)).collect();
            let name = format!("safe {}", limit.name);
            let row = self.model.row(name, terms, -infinite, limit.h_mw);
            let (least, _) = limit.range(&hour.max_down_mw, &hour.max_up_mw);
            self.pair(
                Side {
                    terms: left,
                    constant: limit.h_mw,
                    most: (limit.h_mw - least).max(0.0),
                    zero: Fix::Equal(row, limit.h_mw),
                },
                Side::above(nu[l], 0.0, most_nu(l)),
            );
        }
    }

    fn pair(&mut self, slack: Side, dual: Side) {
        self.pairs.push(Pair { slack, dual });
    }

    /// Volumes, the balance with its price, and the TSO's pairs; costs are those of −profit.
    fn balance(player: &Player) -> Kkt {
        let Player {
            hour, bids, own, ..
        } = *player;
        let mut model = Model::new("bids of one owner");
        let total_up: f64 = hour.max_up_mw.iter().sum();
        let total_down: f64 = hour.max_down_mw.iter().sum();
        let most_tso_up = (hour.imbalance_mw + total_down).max(0.0);
        let most_tso_down = (total_up - hour.imbalance_mw).max(0.0);
        let mut volumes = |name: &str, sign: f64, up: bool| -> Vec<Var> {
            let volume = |k: usize| {
                let price = if own[k] {
                    hour.own_price(up)[k]
                } else {
                    bids.side(up)[k]
                };
                model.var(format!("{name}{k}"), 0.0, hour.max_mw(up)[k], sign * price)
            };
            (0..own.len()).map(volume).collect()
        };
        let (up, down) = (volumes("u", 1.0, true), volumes("w", -1.0, false));
        let tso_up = model.var("r", 0.0, most_tso_up, hour.tso_up);
        let tso_down = model.var("s", 0.0, most_tso_down, -hour.tso_down);
        let lambda = model.var("lambda", hour.tso_down, hour.tso_up, -hour.imbalance_mw);
        let mut terms = net_terms(&up, &down, |_| 1.0);
        terms.extend([(tso_up, 1.0), (tso_down, -1.0)]);
        model.row("balance", terms, hour.imbalance_mw, hour.imbalance_mw);
        let mut kkt = Kkt {
            model,
            pairs: Vec::new(),
            up,
            down,
            tso_up,
            tso_down,
            over: Vec::new(),
            lambda,
            mu: Vec::new(),
            big_m: Vec::new(),
            alpha: Vec::new(),
            beta: Vec::new(),
        };
        let spread = hour.tso_up - hour.tso_down;
        let (up, down) = (
            Side::above(tso_up, 0.0, most_tso_up),
            Side::above(tso_down, 0.0, most_tso_down),
        );
        // Energy from the TSO.
        kkt.pair(up, Side::below(lambda, hour.tso_up, spread));
        // Energy to the TSO.
        kkt.pair(down, Side::above(lambda, hour.tso_down, spread));
        kkt
    }

    /// A limit with its slack, its price and their pairs.
    fn add_limit(&mut self, hour: &Hour, limit: &Limit) {
        let (l, model) = (self.over.len(), &mut self.model);
        let (least, most) = limit.range(&hour.max_down_mw, &hour.max_up_mw);
        let most_over = (most - limit.h_mw).max(0.0);
        let over = model.var(format!("z{l}"), 0.0, most_over, hour.overload);
        let price = model.var(format!("m{l}"), 0.0, hour.overload, limit.h_mw);
        let mut terms = net_terms(&self.up, &self.down, |k| limit.g[k]);
        terms.push((over, -1.0));
        let left = terms.iter().map(|&(v, a)| (v, -a)).collect();
        let row = model.row(limit.name.clone(), terms, f64::NEG_INFINITY, limit.h_mw);
        // The slack of the limit.
        self.pair(
            Side::above(over, 0.0, most_over),
            Side::below(price, hour.overload, hour.overload),
        );
        // The limit itself.
        self.pair(
            Side {
                terms: left,
                constant: limit.h_mw,
                most: (limit.h_mw - least).max(0.0),
                zero: Fix::Equal(row, limit.h_mw),
            },
            Side::above(price, 0.0, hour.overload),
        );
        self.over.push(over);
        self.mu.push(price);
    }

    /// The duals of a resource's bounds, its bids where they are open, and its pairs.
    fn add_resource(&mut self, player: &Player, k: usize) {
        let hour = player.hour;
        let range = hour.price_range(k);
        let (alpha, up) = self.add_bid(player, k, true, range);
        let (beta, down) = self.add_bid(player, k, false, range);
        if let (Some(a), Some(b)) = (alpha, beta)
            && hour.offer(k).is_none()
            && hour.up_cost[k] >= hour.down_value[k]
        {
            let terms = [(a, 1.0), (b, -1.0)];
            self.model
                .row(format!("bids_{k}"), terms, 0.0, f64::INFINITY);
        }
        self.alpha.push(alpha);
        self.beta.push(beta);
        self.big_m.push([up[0], up[1], down[0], down[1]]);
    }

    /// Stationarity of one direction of a resource whose price lies from `low` to `high`: its bid
    /// where it is open, and the big-Ms of its duals at its capacity and at zero.
    fn add_bid(
        &mut self,
        player: &Player,
        k: usize,
        up: bool,
        (low, high): (f64, f64),
    ) -> (Option<Var>, [f64; 2]) {
        let (hour, open) = (player.hour, player.own[k]);
        let (word, sign) = if up { ("u", 1.0) } else { ("w", -1.0) };
        let volume = if up { self.up[k] } else { self.down[k] };
        let (most_mw, fixed) = (hour.max_mw(up)[k], player.bids.side(up)[k]);
        let (least, most) = if open {
            player.room.side(up)[k]
        } else {
            (fixed, fixed)
        };
        // Gain at the upper bound, loss at zero.
        let (gain, loss) = match up {
            true => (high - least, most - low),
            false => (most - low, high - least),
        };
        // A little more than can be, so that a dual at its M would show.
        let margin = 1.0 + 0.1 * (hour.tso_up - hour.tso_down);
        let (gain, loss) = (gain.max(0.0) + margin, loss.max(0.0) + margin);
        let model = &mut self.model;
        let rent = if !open || player.pay_as_bid {
            most_mw
        } else {
            0.0
        };
        let at_most = model.var(format!("{word}max{k}"), 0.0, gain, rent);
        let at_zero = model.var(format!("{word}min{k}"), 0.0, loss, 0.0);
        let bid = open.then(|| model.var(format!("bid_{word}{k}"), least, most, 0.0));
        let mut terms = vec![(self.lambda, -sign), (at_most, 1.0), (at_zero, -1.0)];
        let prices = self.mu.iter().zip(&hour.limits);
        terms.extend(prices.map(|(&m, l)| (m, sign * l.g[k])));
        terms.extend(bid.map(|v| (v, sign)));
        let right = if open { 0.0 } else { -sign * fixed };
        model.row(format!("price_{word}{k}"), terms, right, right);
        let offer = hour.offer(k);
        if offer.is_some_and(|offer| offer.fixed) {
            model.set_bounds(volume, most_mw, most_mw);
        }
        // At most its capacity; a storage with open bids offers no more than it wants to be taken.
        if !open || offer.is_none() {
            self.pair(
                Side::below(volume, most_mw, most_mw),
                Side::above(at_most, 0.0, gain),
            );
        }
        // At least zero.
        self.pair(
            Side::above(volume, 0.0, most_mw),
            Side::above(at_zero, 0.0, loss),
        );
        (bid, [gain, loss])
    }

    /// The market and all bids at a point.
    pub fn read(&self, player: &Player, x: &[f64]) -> (Cleared, Bids) {
        let at = |vars: &[Var]| -> Vec<f64> { vars.iter().map(|v| x[v.0].max(0.0)).collect() };
        let lambda = x[self.lambda.0];
        let mu = at(&self.mu);
        let cleared = Cleared {
            dlmp: dlmp(player.hour, lambda, &mu),
            up_mw: at(&self.up),
            down_mw: at(&self.down),
            tso_up_mw: x[self.tso_up.0].max(0.0),
            tso_down_mw: x[self.tso_down.0].max(0.0),
            over_mw: at(&self.over),
            lambda,
            mu,
            flow: None,
        };
        let mut bids = player.bids.clone();
        for (open, list) in [(&self.alpha, &mut bids.up), (&self.beta, &mut bids.down)] {
            for (bid, v) in list.iter_mut().zip(open) {
                *bid = v.map_or(*bid, |v| x[v.0]);
            }
        }
        (cleared, bids)
    }

    /// The pair of which least is zero: its index and the product of its sides, $ per hour.
    pub fn worst(&self, x: &[f64]) -> Option<(usize, f64)> {
        let products = self.pairs.iter().enumerate().filter_map(|(i, pair)| {
            let (slack, dual) = (pair.slack.value(x), pair.dual.value(x));
            (slack > SLACK_MW && dual > DUAL).then_some((i, slack * dual))
        });
        products.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Least distance of a dual of a bound from its big-M, as a share of it: 0 would say that the M
    /// cuts something off.
    pub fn room_to_big_m(&self, cleared: &Cleared, bids: &Bids) -> f64 {
        let mut least = 1.0_f64;
        for (k, most) in self.big_m.iter().enumerate() {
            let price = cleared.dlmp[k];
            let duals = [
                price - bids.up[k],
                bids.up[k] - price,
                bids.down[k] - price,
                price - bids.down[k],
            ];
            for (dual, most) in duals.iter().zip(most) {
                least = least.min(1.0 - dual / most);
            }
        }
        least
    }
}
