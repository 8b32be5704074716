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

use super::clear::{Bids, Cleared};
use super::system::Hour;

/// Where the bids of an owner may lie, by resource, $/MWh.
#[derive(Clone, Debug)]
pub struct Room {
    pub up: Vec<(f64, f64)>,
    pub down: Vec<(f64, f64)>,
}

/// The owner whose bids are open, among bids of the others.
#[derive(Clone, Debug)]
pub struct Player<'a> {
    pub hour: &'a Hour,
    /// The others' bids; entries of the owner are not used.
    pub bids: &'a Bids,
    pub own: &'a [bool],
    pub room: &'a Room,
    pub pay_as_bid: bool,
}

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
}

/// Slack and dual: one of them is zero.
#[derive(Clone, Debug)]
pub struct Pair {
    pub name: String,
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
    most: Vec<[f64; 4]>,
    /// Of own resources.
    alpha: Vec<Option<Var>>,
    beta: Vec<Option<Var>>,
}

/// A resource's duals of its bounds and the bid as terms and constant.
struct Step {
    at_upper: Var,
    at_zero: Var,
}

impl Kkt {
    pub fn new(player: &Player) -> Kkt {
        let Player {
            hour,
            bids,
            own,
            room,
            pay_as_bid,
        } = *player;
        let free = f64::INFINITY;
        let n = own.len();
        let mut model = Model::new("bids of one owner");
        let total_up: f64 = hour.max_up_mw.iter().sum();
        let total_down: f64 = hour.max_down_mw.iter().sum();
        let most_tso_up = (hour.imbalance_mw + total_down).max(0.0);
        let most_tso_down = (total_up - hour.imbalance_mw).max(0.0);

        // Primal variables; costs are those of −profit.
        let cost_up = |k: usize| if own[k] { hour.up_cost[k] } else { bids.up[k] };
        let cost_down = |k: usize| {
            if own[k] {
                hour.down_value[k]
            } else {
                bids.down[k]
            }
        };
        let up: Vec<Var> = (0..n)
            .map(|k| model.var(format!("u{k}"), 0.0, hour.max_up_mw[k], cost_up(k)))
            .collect();
        let down: Vec<Var> = (0..n)
            .map(|k| model.var(format!("w{k}"), 0.0, hour.max_down_mw[k], -cost_down(k)))
            .collect();
        let tso_up = model.var("r", 0.0, most_tso_up, hour.tso_up);
        let tso_down = model.var("s", 0.0, most_tso_down, -hour.tso_down);
        let lambda = model.var("lambda", hour.tso_down, hour.tso_up, -hour.imbalance_mw);
        let net = |g: &dyn Fn(usize) -> f64| -> Vec<(Var, f64)> {
            (0..n)
                .flat_map(|k| [(up[k], g(k)), (down[k], -g(k))])
                .collect()
        };
        let mut terms = net(&|_| 1.0);
        terms.extend([(tso_up, 1.0), (tso_down, -1.0)]);
        model.row("balance", terms, hour.imbalance_mw, hour.imbalance_mw);

        let mut pairs = Vec::new();
        let alone = |var: Var, most: f64| Side {
            terms: vec![(var, 1.0)],
            constant: 0.0,
            most,
            zero: Fix::Bounds(var, -free, 0.0),
        };
        let below = |var: Var, limit: f64, most: f64| Side {
            terms: vec![(var, -1.0)],
            constant: limit,
            most,
            zero: Fix::Bounds(var, limit, free),
        };
        let above = |var: Var, limit: f64, most: f64| Side {
            terms: vec![(var, 1.0)],
            constant: -limit,
            most,
            zero: Fix::Bounds(var, -free, limit),
        };
        let spread = hour.tso_up - hour.tso_down;
        pairs.push(Pair {
            name: "energy from the TSO".into(),
            slack: alone(tso_up, most_tso_up),
            dual: below(lambda, hour.tso_up, spread),
        });
        pairs.push(Pair {
            name: "energy to the TSO".into(),
            slack: alone(tso_down, most_tso_down),
            dual: above(lambda, hour.tso_down, spread),
        });
        let (mut over, mut mu) = (Vec::new(), Vec::new());
        for (l, limit) in hour.limits.iter().enumerate() {
            let (least, most) = limit.range(&hour.max_down_mw, &hour.max_up_mw);
            let most_over = (most - limit.h_mw).max(0.0);
            let slack = model.var(format!("z{l}"), 0.0, most_over, hour.overload);
            let price = model.var(format!("m{l}"), 0.0, hour.overload, limit.h_mw);
            let mut terms = net(&|k| limit.g[k]);
            terms.push((slack, -1.0));
            let row = model.row(limit.name.clone(), terms.clone(), -free, limit.h_mw);
            pairs.push(Pair {
                name: format!("slack of {}", limit.name),
                slack: alone(slack, most_over),
                dual: below(price, hour.overload, hour.overload),
            });
            pairs.push(Pair {
                name: limit.name.clone(),
                slack: Side {
                    terms: terms.iter().map(|&(v, a)| (v, -a)).collect(),
                    constant: limit.h_mw,
                    most: (limit.h_mw - least).max(0.0),
                    zero: Fix::Equal(row, limit.h_mw),
                },
                dual: alone(price, hour.overload),
            });
            over.push(slack);
            mu.push(price);
        }
        let (mut alpha, mut beta, mut most) = (Vec::new(), Vec::new(), Vec::new());
        let margin = 1.0 + 0.1 * spread;
        for k in 0..n {
            let (low, high) = hour.price_range(k);
            let mut big = Vec::with_capacity(4);
            // Bid, its range, the direction in which a higher price takes it, capacity.
            let mut side = |upward: bool| -> Option<Var> {
                let (word, var, cap, (least, most), fixed) = if upward {
                    ("u", up[k], hour.max_up_mw[k], room.up[k], bids.up[k])
                } else {
                    (
                        "w",
                        down[k],
                        hour.max_down_mw[k],
                        room.down[k],
                        bids.down[k],
                    )
                };
                let (least, most) = if own[k] {
                    (least, most)
                } else {
                    (fixed, fixed)
                };
                // Gain at the upper bound, loss at zero.
                let (gain, loss) = if upward {
                    (high - least, most - low)
                } else {
                    (most - low, high - least)
                };
                // A little more than can be, so that a dual at its M would show.
                let (gain, loss) = (gain.max(0.0) + margin, loss.max(0.0) + margin);
                big.extend([gain, loss]);
                let counts = !own[k] || pay_as_bid;
                let step = Step {
                    at_upper: model.var(
                        format!("{word}max{k}"),
                        0.0,
                        gain,
                        if counts { cap } else { 0.0 },
                    ),
                    at_zero: model.var(format!("{word}min{k}"), 0.0, loss, 0.0),
                };
                let bid = own[k].then(|| model.var(format!("bid_{word}{k}"), least, most, 0.0));
                let sign = if upward { 1.0 } else { -1.0 };
                let mut terms = vec![(lambda, -sign), (step.at_upper, 1.0), (step.at_zero, -1.0)];
                terms.extend(
                    mu.iter()
                        .zip(&hour.limits)
                        .map(|(&m, l)| (m, sign * l.g[k])),
                );
                terms.extend(bid.map(|v| (v, sign)));
                let right = if own[k] { 0.0 } else { -sign * fixed };
                model.row(format!("price_{word}{k}"), terms, right, right);
                pairs.push(Pair {
                    name: format!("{word}{k} at most its capacity"),
                    slack: below(var, cap, cap),
                    dual: alone(step.at_upper, gain),
                });
                pairs.push(Pair {
                    name: format!("{word}{k} at least zero"),
                    slack: alone(var, cap),
                    dual: alone(step.at_zero, loss),
                });
                bid
            };
            alpha.push(side(true));
            beta.push(side(false));
            if let (Some(Some(a)), Some(Some(b))) = (alpha.last(), beta.last())
                && hour.up_cost[k] >= hour.down_value[k]
            {
                model.row(format!("bids_{k}"), [(*a, 1.0), (*b, -1.0)], 0.0, free);
            }
            most.push([big[0], big[1], big[2], big[3]]);
        }
        Kkt {
            model,
            pairs,
            up,
            down,
            tso_up,
            tso_down,
            over,
            lambda,
            mu,
            most,
            alpha,
            beta,
        }
    }

    /// The market and all bids at a point.
    pub fn read(&self, player: &Player, x: &[f64]) -> (Cleared, Bids) {
        let at = |vars: &[Var]| -> Vec<f64> { vars.iter().map(|v| x[v.0].max(0.0)).collect() };
        let lambda = x[self.lambda.0];
        let mu = at(&self.mu);
        let cleared = Cleared {
            dlmp: super::clear::dlmp(player.hour, lambda, &mu),
            up_mw: at(&self.up),
            down_mw: at(&self.down),
            tso_up_mw: x[self.tso_up.0].max(0.0),
            tso_down_mw: x[self.tso_down.0].max(0.0),
            over_mw: at(&self.over),
            lambda,
            mu,
        };
        let mut bids = player.bids.clone();
        for (k, (alpha, beta)) in self.alpha.iter().zip(&self.beta).enumerate() {
            if let Some(v) = alpha {
                bids.up[k] = x[v.0];
            }
            if let Some(v) = beta {
                bids.down[k] = x[v.0];
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
        for (k, most) in self.most.iter().enumerate() {
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

/// What counts as zero in a pair, MW and $/MWh.
const SLACK_MW: f64 = 1e-7;
const DUAL: f64 = 1e-6;
