//! LostOpportunityCost opportunity cost: what a participant would gain by choosing freely at the prices.
//!
//! ```text
//! LOC_g   = max over what the bid allows {λ·(p, q) − C p} − {λ·(p̂, q̂) − C p̂} ≥ 0
//! LOC_net = max over feasible flows of what the network earns by trading − the same as dispatched
//! ```
//!
//! Eq. `[mezghani2023]`(2.4). The bids of an exclusive group choose together. The network buys what
//! is injected and sells what is withdrawn at every bus, at the prices.

use std::collections::HashMap;

use crate::case::balancing::{Bid, PeriodOffer, Segment};
use crate::opt::{Model, Var, simplex, solve_priced};

use super::super::params::{ResidualSupply, Settlement};
use super::clear::Cleared;
use super::dispatch::Dispatch;
use super::offers::{self, Reactive};
use super::program::{Export, View, write};
use super::settlement::price_usd_per_mwh;
use super::system::{LEAST_BID_MW, System};

/// LostOpportunityCost opportunity costs, $.
#[derive(Clone, Debug, Default)]
pub struct LostOpportunityCost {
    /// By bid; a group's loss stands at its first bid.
    pub bids_usd: Vec<f64>,
    /// By area; NaN where it could not be determined.
    pub network_usd: Vec<f64>,
}

impl LostOpportunityCost {
    pub fn total_usd(&self) -> f64 {
        let all = self.bids_usd.iter().chain(&self.network_usd);
        all.filter(|v| v.is_finite()).sum()
    }
}

/// LostOpportunityCost opportunity costs of the admitted bids and of the networks.
pub fn lost_opportunity_cost(
    system: &System,
    params: &ResidualSupply,
    cleared: &Cleared,
    admitted: &[bool],
    network: bool,
) -> LostOpportunityCost {
    let bids = &system.balancing.bids;
    let mut lost = LostOpportunityCost {
        bids_usd: vec![0.0; bids.len()],
        network_usd: vec![0.0; system.areas.len()],
    };
    // Those that choose together, by the first of them.
    let mut together: Vec<Vec<usize>> = vec![Vec::new(); bids.len()];
    let mut first = HashMap::new();
    for b in (0..bids.len()).filter(|&b| admitted[b]) {
        let group = system.group_of(b);
        let head = group.map_or(b, |group| *first.entry(group).or_insert(b));
        together[head].push(b);
    }
    for (b, members) in together.iter().enumerate() {
        if !members.is_empty() {
            lost.bids_usd[b] = of_bids(system, params.settlement, cleared, members);
        }
    }
    if network {
        for a in 0..system.areas.len() {
            lost.network_usd[a] = of_network(system, params, cleared, a);
        }
    }
    lost
}

/// Best profit of a bid whose segments have nothing to do with one another, $: each of them takes
/// the best of its ends. `None` where conditions tie them.
fn of_segments(system: &System, bid: &Bid, price: impl Fn(usize) -> f64) -> Option<f64> {
    let tied = |offer: &PeriodOffer| offer.start_stop || offer.no_new_activation;
    let free = bid.minimum_duration.is_empty()
        && bid.ramps.is_empty()
        && bid.max_s_mva.is_none()
        && bid.half_planes.is_empty()
        && !bid.offers.iter().any(tied);
    free.then(|| {
        let best = |offer: &PeriodOffer, segment: &Segment| -> f64 {
            let margin = (price(offer.period - 1) - segment.usd_per_mwh) * system.hours;
            if segment.whole_mw().abs() < LEAST_BID_MW {
                0.0
            } else if segment.indivisible {
                (margin * segment.whole_mw()).max(0.0)
            } else {
                let ends = [segment.min_p_mw, segment.max_p_mw];
                ends.into_iter().map(|p| margin * p).fold(0.0, f64::max)
            }
        };
        let offers = bid.offers.iter();
        offers
            .map(|offer| offer.segments.iter().map(|s| best(offer, s)).sum::<f64>())
            .sum()
    })
}

/// Best profit of bids at the prices less the profit as dispatched, $.
fn of_bids(system: &System, rule: Settlement, cleared: &Cleared, members: &[usize]) -> f64 {
    if let [b] = *members
        && let Some(&at) = system.place.get(&system.balancing.bids[b].bus)
    {
        let price = |t| price_usd_per_mwh(system, cleared, rule, at, t);
        if let Some(best) = of_segments(system, &system.balancing.bids[b], price) {
            let lost = best - earned(system, cleared, rule, b, false);
            return if lost.is_finite() {
                lost.max(0.0)
            } else {
                f64::NAN
            };
        }
    }
    let mut model = Model::new("best response");
    let mut profit = 0.0;
    let mut taken = Vec::new();
    for &b in members {
        let bid = &system.balancing.bids[b];
        let Some(&at) = system.place.get(&bid.bus) else {
            return 0.0;
        };
        let price = |t: usize| price_usd_per_mwh(system, cleared, rule, at, t);
        let reactive_price = |t: usize| cleared.prices.reactive[at.0][t][at.1];
        // Free reactive power that is worth something has no best choice.
        let bounded = bid.max_s_mva.is_some() || bid.half_planes.len() > 1;
        let reactive = if bounded {
            Reactive::Linear
        } else {
            Reactive::None
        };
        let vars = offers::add(&mut model, bid, members.len() > 1, reactive, system.hours);
        for (offer, (p, q)) in bid.offers.iter().zip(vars.p.iter().zip(&vars.q)) {
            let t = offer.period - 1;
            if !price(t).is_finite() {
                return f64::NAN;
            }
            for &(v, a) in p {
                let cost = model.vars()[v.0].cost - price(t) * a * system.hours;
                model.set_cost(v, cost);
            }
            if let Some(q) = q {
                model.set_cost(*q, -reactive_price(t) * system.hours);
            }
        }
        profit += earned(system, cleared, rule, b, bounded);
        taken.extend(vars.taken);
    }
    if taken.len() > 1 {
        offers::exclusive(&mut model, "choice", &taken);
    }
    match simplex::solve(&model) {
        Ok(best) => (-best.objective - profit).max(0.0),
        _ => f64::NAN,
    }
}

/// What a bid earns as dispatched, $.
fn earned(system: &System, cleared: &Cleared, rule: Settlement, b: usize, reactive: bool) -> f64 {
    let bid = &system.balancing.bids[b];
    let Some(&at) = system.place.get(&bid.bus) else {
        return 0.0;
    };
    let dispatch: &Dispatch = &cleared.dispatch;
    let mut profit = -dispatch.bid_costs_usd[b];
    for t in 0..system.periods {
        profit +=
            price_usd_per_mwh(system, cleared, rule, at, t) * dispatch.p_mw[b][t] * system.hours;
        if reactive {
            let price = cleared.prices.reactive[at.0][t][at.1];
            profit += price * dispatch.q_mvar[b][t] * system.hours;
        }
    }
    profit
}

/// What the network of one area could earn more by other flows, $: the program of the area with
/// every bus free to trade at its price.
fn of_network(system: &System, params: &ResidualSupply, cleared: &Cleared, a: usize) -> f64 {
    let area = &system.areas[a];
    // Injections stand in for bids: no bids, no fixed injections, slack up and down at the prices.
    let none = vec![false; system.balancing.bids.len()];
    let view = View {
        physics: params.physics,
        curves: &[],
        admitted: &none,
        limits_below: true,
        slack: true,
        kept: None,
    };
    let alone = system.alone(a);
    let top = area.above.is_none();
    let interface: Vec<f64> = (0..system.periods)
        .map(|t| cleared.prices.interface(system, a, t))
        .collect();
    if !top && interface.iter().any(|p| !p.is_finite()) {
        return f64::NAN;
    }
    let export = if top {
        Export::None
    } else {
        Export::Sold(&interface)
    };
    let mut program = write(&alone, 0, view, export);
    let Some(block) = program.blocks[0].clone() else {
        return f64::NAN;
    };
    let hours = system.hours;
    let mut now = 0.0;
    // More than anyone could trade, so that rounding in a price earns no endless sum.
    let most = 2.0 * area.reach_mw(system, params.physics) + 1.0;
    for (t, price) in interface.iter().enumerate() {
        let at = &cleared.dispatch;
        let (p_mw, q_mvar) = at.injections(system, a, t);
        let mut trade = |pairs: &[(Var, Var)], prices: &[f64], injected: &[f64]| {
            for ((&(up, down), price), p) in pairs.iter().zip(prices).zip(injected) {
                let price = price * hours;
                for (v, sign) in [(up, 1.0), (down, -1.0)] {
                    program.model.set_cost(v, sign * price);
                    program.model.set_bounds(v, 0.0, most);
                }
                now += price * p;
            }
        };
        trade(&block.slack_p[t], &cleared.prices.lmp[a][t], &p_mw);
        if let Some(pairs) = block.slack_q.get(t) {
            trade(pairs, &cleared.prices.reactive[a][t], &q_mvar);
        }
        if !top {
            now -= price * at.export_mw[a][t] * hours;
        }
    }
    match solve_priced(&program.model) {
        Ok(best) => now - best.objective,
        _ => f64::NAN,
    }
}
