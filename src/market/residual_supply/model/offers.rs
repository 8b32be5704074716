//! Bids as rows: Qt-bids, Q-bids, segments and their conditions.
//!
//! With σ for a segment, ρ for an offer of one period and τ for a whole bid, each 0 or 1:
//!
//! ```text
//! σ_s q_s^min ≤ p_s ≤ σ_s q_s^max;   indivisible: p_s = σ_s q_s
//! σ_s ≤ ρ_b;   ρ_b ≤ τ_g ≤ Σ_b ρ_b;   Σ_{g∈X} τ_g ≤ 1
//! ρ_b(t) − ρ_b(t−1) = α_b − ω_b,   α + ω ≤ 1,   first period α = ρ
//! minimum duration ρ_{b₂} ≥ α_{b₁};   no new activation α_b = 0
//! r^min ≤ p(t+1) − p(t) ≤ r^max
//! q ≥ or ≤ slope·p + offset;   ‖(p, q)‖ ≤ S
//! ```
//!
//! Eq. `[mezghani2023]`(2.7). Only the binaries that say something are written: σ where a segment
//! is indivisible or has a least quantity, ρ where an offer is tied to others, τ in exclusive
//! groups. α and ω are eliminated: α = max(0, ρ(t) − ρ(t−1)) is always allowed and the least, so
//! the two conditions that use it become ρ_{b₂} ≥ ρ_{b₁} − ρ(before b₁) and ρ_b ≤ ρ(before b).
//!
//! The published reference code compares a node with a bid when it looks for the offer before,
//! and lets indivisible segments clear at no cost; neither is copied.

use std::collections::HashMap;

use crate::case::balancing::{Bid, PeriodOffer};
use crate::network::formulation::feeder::polygon;
use crate::opt::{Model, Var};

use super::system::LEAST_BID_MW;

/// An affine combination of variables.
pub type Terms = Vec<(Var, f64)>;

/// What of a bid is in a model.
#[derive(Clone, Debug, Default)]
pub struct BidVars {
    /// p of each offer, MW.
    pub p: Vec<Terms>,
    /// q of each offer where it may be chosen, Mvar.
    pub q: Vec<Option<Var>>,
    /// Every segment: offer, segment and its p.
    pub segments: Vec<(usize, usize, Terms)>,
    /// τ, where the bid is in an exclusive group.
    pub taken: Option<Var>,
}

/// How reactive power and discs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reactive {
    None,
    /// Discs as polygons.
    Linear,
    /// Discs as cones.
    Cone,
}

/// Writes one bid; `price(offer, segment)` is the price in $/MWh to put on a segment, `hours` the
/// length of a period.
///
/// Eq. `[mezghani2023]`(2.7).
pub fn add(
    model: &mut Model,
    bid: &Bid,
    exclusive: bool,
    reactive: Reactive,
    hours: f64,
) -> BidVars {
    let mut vars = BidVars::default();
    let tied = exclusive || !bid.minimum_duration.is_empty();
    let mut on: Vec<Option<Var>> = Vec::with_capacity(bid.offers.len());
    for offer in &bid.offers {
        let name = offer_name(bid, offer);
        let needs = tied || offer.start_stop || offer.no_new_activation || is_before(bid, offer);
        let rho = needs.then(|| model.integer(format!("on[{name}]"), 0.0, 1.0, 0.0));
        let mut p: Terms = Vec::new();
        for (s, segment) in offer.segments.iter().enumerate() {
            let whole = segment.whole_mw();
            if whole.abs() < LEAST_BID_MW {
                continue;
            }
            let (low, high) = (segment.min_p_mw, segment.max_p_mw);
            let cost = segment.usd_per_mwh * hours;
            let name = if offer.segments.len() > 1 {
                format!("{name}, segment {}", s + 1)
            } else {
                name.clone()
            };
            let terms = if segment.indivisible {
                let taken = model.integer(format!("taken[{name}]"), 0.0, 1.0, cost * whole);
                follow(model, &name, &[(taken, 1.0)], 1.0, rho);
                vec![(taken, whole)]
            } else {
                let least = if low > 0.0 {
                    low
                } else if high < 0.0 {
                    high
                } else {
                    0.0
                };
                let var = model.var(format!("p[{name}]"), low.min(0.0), high.max(0.0), cost);
                let switch = if least == 0.0 {
                    rho
                } else {
                    let taken = model.integer(format!("taken[{name}]"), 0.0, 1.0, 0.0);
                    follow(model, &name, &[(taken, 1.0)], 1.0, rho);
                    Some(taken)
                };
                if let Some(switch) = switch {
                    let free = f64::INFINITY;
                    if high != 0.0 {
                        at_most(
                            model,
                            format!("most of {name}"),
                            [(var, 1.0), (switch, -high)],
                            0.0,
                        );
                    }
                    if low != 0.0 {
                        model.row(
                            format!("least of {name}"),
                            [(var, 1.0), (switch, -low)],
                            0.0,
                            free,
                        );
                    }
                }
                vec![(var, 1.0)]
            };
            p.extend_from_slice(&terms);
            vars.segments.push((vars.p.len(), s, terms));
        }
        vars.q.push(capability(model, bid, &name, &p, reactive));
        vars.p.push(p);
        on.push(rho);
    }
    if exclusive {
        vars.taken = Some(whole_bid(model, bid, &on));
    }
    over_time(model, bid, &vars, &on);
    vars
}

fn offer_name(bid: &Bid, offer: &PeriodOffer) -> String {
    let mut name = bid.id.clone();
    if bid.offers.len() > 1 {
        name.push_str(&format!(", period {}", offer.period));
    }
    if !offer.id.is_empty() {
        name.push_str(&format!(", offer {}", offer.id));
    }
    name
}

/// Whether another offer's start is decided against this one.
fn is_before(bid: &Bid, offer: &PeriodOffer) -> bool {
    bid.offers.iter().any(|next| {
        next.period == offer.period + 1
            && next.id == offer.id
            && (next.start_stop || next.no_new_activation)
    })
}

/// Σ terms ≤ most.
fn at_most(model: &mut Model, name: String, terms: impl Into<Terms>, most: f64) {
    model.row(name, terms.into(), f64::NEG_INFINITY, most);
}

/// σ ≤ ρ, where there is a ρ.
fn follow(model: &mut Model, name: &str, taken: &[(Var, f64)], most: f64, rho: Option<Var>) {
    if let Some(rho) = rho {
        let mut terms = taken.to_vec();
        terms.push((rho, -most));
        at_most(model, format!("{name} only when on"), terms, 0.0);
    }
}

/// τ with ρ_b ≤ τ ≤ Σ ρ_b.
fn whole_bid(model: &mut Model, bid: &Bid, on: &[Option<Var>]) -> Var {
    let tau = model.integer(format!("taken[{}]", bid.id), 0.0, 1.0, 0.0);
    let mut any: Terms = vec![(tau, 1.0)];
    for rho in on.iter().flatten() {
        let terms = [(*rho, 1.0), (tau, -1.0)];
        at_most(model, format!("{} as a whole", bid.id), terms, 0.0);
        any.push((*rho, -1.0));
    }
    at_most(model, format!("{} in some period", bid.id), any, 0.0);
    tau
}

/// At most one bid of every exclusive group; `taken` gives τ by bid id.
pub fn exclusive(model: &mut Model, id: &str, taken: &[Var]) {
    let terms: Terms = taken.iter().map(|&tau| (tau, 1.0)).collect();
    at_most(model, format!("exclusive group {id}"), terms, 1.0);
}

/// Start, stop, minimum duration, no new activation, ramps.
fn over_time(model: &mut Model, bid: &Bid, vars: &BidVars, on: &[Option<Var>]) {
    let index: HashMap<(&str, usize), usize> = bid
        .offers
        .iter()
        .enumerate()
        .map(|(k, offer)| ((offer.id.as_str(), offer.period), k))
        .collect();
    let find = |id: &str, period: usize| -> Option<Var> { on[*index.get(&(id, period))?] };
    let free = f64::INFINITY;
    for offer in bid.offers.iter().filter(|offer| offer.no_new_activation) {
        if let Some(rho) = find(&offer.id, offer.period) {
            let mut terms = vec![(rho, 1.0)];
            terms.extend(find(&offer.id, offer.period.wrapping_sub(1)).map(|v| (v, -1.0)));
            let name = format!("no new activation of {}", offer_name(bid, offer));
            model.row(name, terms, -free, 0.0);
        }
    }
    for pair in &bid.minimum_duration {
        let (Some(start), Some(then)) = (
            find(&pair.start, pair.start_period),
            find(&pair.on, pair.on_period),
        ) else {
            continue;
        };
        if start == then {
            continue;
        }
        let mut terms = vec![(then, 1.0), (start, -1.0)];
        // An offer that may not start is on only because the one before was.
        let before = find(&pair.start, pair.start_period.wrapping_sub(1));
        terms.extend(before.map(|v| (v, 1.0)));
        let name = format!(
            "minimum duration of {} from period {}",
            bid.id, pair.start_period
        );
        model.row(name, terms, 0.0, free);
    }
    for ramp in &bid.ramps {
        let mut terms: Terms = Vec::new();
        for (offer, p) in bid.offers.iter().zip(&vars.p) {
            let sign = if offer.period == ramp.period + 1 {
                1.0
            } else if offer.period == ramp.period {
                -1.0
            } else {
                continue;
            };
            terms.extend(p.iter().map(|&(v, a)| (v, sign * a)));
        }
        let name = format!("ramp of {} after period {}", bid.id, ramp.period);
        let (low, high) = (ramp.min_mw.unwrap_or(-free), ramp.max_mw.unwrap_or(free));
        model.row(name, terms, low, high);
    }
}

/// Reactive power of one offer with its half-planes and disc; without it the disc limits |p|.
fn capability(
    model: &mut Model,
    bid: &Bid,
    name: &str,
    p: &Terms,
    reactive: Reactive,
) -> Option<Var> {
    let free = f64::INFINITY;
    if !bid.reactive || reactive == Reactive::None || p.is_empty() {
        if let Some(most) = bid.max_s_mva
            && !p.is_empty()
        {
            model.row(format!("capability of {name}"), p.clone(), -most, most);
        }
        return None;
    }
    let q = model.var(format!("q[{name}]"), -free, free, 0.0);
    for plane in &bid.half_planes {
        let mut terms = vec![(q, 1.0)];
        terms.extend(p.iter().map(|&(v, a)| (v, -plane.slope * a)));
        let (low, high) = if plane.above {
            (plane.offset_mvar, free)
        } else {
            (-free, plane.offset_mvar)
        };
        model.row(format!("half-plane of {name}"), terms, low, high);
    }
    if let Some(most) = bid.max_s_mva {
        if reactive == Reactive::Cone {
            let rows = vec![(Vec::new(), most), (p.clone(), 0.0), (vec![(q, 1.0)], 0.0)];
            model.cone(format!("capability of {name}"), rows);
        } else {
            for (a, b, right) in polygon(most) {
                let mut terms: Terms = p.iter().map(|&(v, k)| (v, a * k)).collect();
                terms.push((q, b));
                model.row(format!("capability of {name}"), terms, -free, right);
            }
        }
    }
    Some(q)
}
