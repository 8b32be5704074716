//! Random systems with whole bids, and every choice of their binaries written out.

use super::random::between;
use fastrand::Rng;
use tandem::case::balancing::{Balancing, Bid, DurationPair, ExclusiveGroup, Injection};
use tandem::case::balancing::{PeriodOffer, Ramp, Segment};
use tandem::case::{Boundary, Bus, Case, Feeder, FeederBus, FeederLine};

fn segment(min_p_mw: f64, max_p_mw: f64, usd_per_mwh: f64, indivisible: bool) -> Segment {
    Segment {
        min_p_mw,
        max_p_mw,
        usd_per_mwh,
        indivisible,
    }
}

fn bid(id: String, bus: &str, periods: usize, of: &mut dyn FnMut() -> Vec<Segment>) -> Bid {
    let offers = (1..=periods).map(|period| PeriodOffer {
        period,
        segments: of(),
        ..PeriodOffer::default()
    });
    Bid {
        id,
        bus: bus.into(),
        offers: offers.collect(),
        ..Bid::default()
    }
}

/// One transmission bus, one feeder of three, divisible bids everywhere and a few whole ones.
pub fn random_case(rng: &mut Rng, periods: usize) -> Case {
    let mut case = skeleton(rng, periods);
    let balancing = case.balancing.as_mut().unwrap();
    for (bus, size) in [("T", 3.0), ("D1", 0.4), ("D2", 0.4)] {
        let mut draw = || {
            let up = between(rng, 25.0, 60.0);
            let down = between(rng, -5.0, 18.0);
            vec![
                segment(0.0, size, up, false),
                segment(-size, 0.0, down, false),
            ]
        };
        balancing
            .bids
            .push(bid(format!("divisible {bus}"), bus, periods, &mut draw));
    }
    let kinds = if periods == 1 { 3 } else { 5 };
    for k in 0..2 {
        let bus = ["T", "D1", "D2"][rng.usize(0..3)];
        let id = format!("whole {k}");
        match rng.usize(0..kinds) {
            0 => balancing
                .bids
                .push(bid(id, bus, periods, &mut || vec![block(rng)])),
            1 => balancing
                .bids
                .push(bid(id, bus, periods, &mut || vec![least(rng)])),
            2 => {
                let mut group = ExclusiveGroup {
                    id: format!("group {k}"),
                    bids: Vec::new(),
                };
                for twin in ["a", "b"] {
                    let mut one = bid(format!("{id} {twin}"), bus, periods, &mut || {
                        vec![match rng.usize(0..3) {
                            0 => block(rng),
                            _ => {
                                segment(0.0, between(rng, 0.2, 0.8), between(rng, 8.0, 30.0), false)
                            }
                        }]
                    });
                    // Not offered in every period.
                    if periods > 1 && rng.bool() {
                        one.offers.remove(rng.usize(0..periods));
                    }
                    group.bids.push(one.id.clone());
                    balancing.bids.push(one);
                }
                balancing.exclusive.push(group);
            }
            3 => {
                let mut one = bid(id, bus, periods, &mut || {
                    vec![segment(
                        0.0,
                        between(rng, 0.2, 0.8),
                        between(rng, 8.0, 30.0),
                        false,
                    )]
                });
                started(rng, &mut one, periods);
                balancing.bids.push(one);
            }
            _ => {
                let mut one = bid(id, bus, periods, &mut || vec![block(rng), least(rng)]);
                for period in 1..periods {
                    one.ramps.push(Ramp {
                        period,
                        min_mw: rng.bool().then(|| -between(rng, 0.05, 0.6)),
                        max_mw: Some(between(rng, 0.05, 0.6)),
                    });
                }
                balancing.bids.push(one);
            }
        }
    }
    case
}

/// Start and stop, minimum duration, no new activation.
fn started(rng: &mut Rng, bid: &mut Bid, periods: usize) {
    for offer in &mut bid.offers {
        offer.start_stop = true;
        offer.no_new_activation = rng.u8(0..4) == 0;
    }
    for period in 1..periods {
        if rng.u8(0..3) > 0 {
            bid.minimum_duration.push(DurationPair {
                start_period: period,
                on_period: period + 1,
                ..DurationPair::default()
            });
        }
    }
    // Running dear for one period to be cheap in another has to be worth it.
    if rng.bool() {
        for offer in &mut bid.offers {
            offer.segments[0].min_p_mw = 0.5 * offer.segments[0].max_p_mw;
        }
    }
}

fn block(rng: &mut Rng) -> Segment {
    let size = between(rng, 0.3, 1.2);
    if rng.bool() {
        segment(0.0, size, between(rng, 10.0, 40.0), true)
    } else {
        segment(-size, 0.0, between(rng, 0.0, 30.0), true)
    }
}

fn least(rng: &mut Rng) -> Segment {
    let (low, high) = (between(rng, 0.2, 0.5), between(rng, 0.6, 1.0));
    if rng.bool() {
        segment(low, high, between(rng, 10.0, 40.0), false)
    } else {
        segment(-high, -low, between(rng, 0.0, 30.0), false)
    }
}

fn skeleton(rng: &mut Rng, periods: usize) -> Case {
    let bus = |id: &str| FeederBus {
        id: id.into(),
        p_load_mw: 0.0,
        q_load_mvar: 0.0,
        min_v_pu: 0.95,
        max_v_pu: 1.05,
    };
    let line = |rng: &mut Rng, from: &str, to: &str| FeederLine {
        id: format!("{from}-{to}"),
        from: from.into(),
        to: to.into(),
        r_ohm: between(rng, 0.2, 1.5),
        x_ohm: between(rng, 0.2, 1.5),
        max_s_mva: Some(between(rng, 0.4, 1.5)),
        min_p_mw: None,
        max_p_mw: None,
    };
    let imbalance = |rng: &mut Rng, bus: &str, size: f64| Injection {
        id: format!("BRP {bus}"),
        bus: bus.into(),
        p_mw: (0..periods).map(|_| between(rng, -size, size)).collect(),
        q_mvar: Vec::new(),
    };
    Case {
        version: 1,
        name: "whole bids".into(),
        base_mva: 1.0,
        buses: vec![Bus::new("T")],
        feeders: vec![Feeder {
            id: "D".into(),
            base_kv: 10.0,
            root: "D0".into(),
            root_v_pu: 1.0,
            buses: vec![bus("D0"), bus("D1"), bus("D2")],
            lines: vec![line(rng, "D0", "D1"), line(rng, "D1", "D2")],
        }],
        boundaries: vec![Boundary {
            id: "T-D".into(),
            bus: "T".into(),
            feeder: "D".into(),
            max_p_mw: None,
        }],
        balancing: Some(Balancing {
            periods,
            minutes_per_period: 30.0,
            price_cap_usd_per_mwh: 500.0,
            imbalances: vec![
                imbalance(rng, "T", 1.5),
                imbalance(rng, "D1", 0.2),
                imbalance(rng, "D2", 0.2),
            ],
            ..Balancing::default()
        }),
        ..Case::default()
    }
}

/// `count` blocks of about 1 MW at the transmission bus, half of which are needed.
pub fn many_blocks(rng: &mut Rng, count: usize) -> Case {
    let mut case = skeleton(rng, 1);
    let balancing = case.balancing.as_mut().unwrap();
    balancing.imbalances[0].p_mw = vec![-0.5 * count as f64];
    for k in 0..count {
        let size = between(rng, 0.8, 1.2);
        let usd = between(rng, 10.0, 40.0);
        let mut of = || vec![segment(0.0, size, usd, true)];
        balancing
            .bids
            .push(bid(format!("block {k}"), "T", 1, &mut of));
    }
    let mut divisible = || vec![segment(-2.0, 2.0, 25.0, false)];
    balancing
        .bids
        .push(bid("divisible".into(), "T", 1, &mut divisible));
    case
}

/// One binary of the explicit form: of an offer, or of a segment of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switch {
    bid: usize,
    offer: usize,
    segment: Option<usize>,
}

fn least_mw(segment: &Segment) -> f64 {
    if segment.min_p_mw > 0.0 {
        segment.min_p_mw
    } else {
        segment.max_p_mw.min(0.0)
    }
}

/// The binaries ρ of offers under a condition and σ of segments that are whole or have a least.
pub fn switches(case: &Case) -> Vec<Switch> {
    let balancing = case.balancing.as_ref().unwrap();
    let mut found = Vec::new();
    for (b, bid) in balancing.bids.iter().enumerate() {
        let grouped = balancing.exclusive.iter().any(|g| g.bids.contains(&bid.id));
        let timed = bid
            .offers
            .iter()
            .any(|o| o.start_stop || o.no_new_activation);
        for (o, offer) in bid.offers.iter().enumerate() {
            let mut push = |segment| {
                found.push(Switch {
                    bid: b,
                    offer: o,
                    segment,
                });
            };
            if grouped || timed || !bid.minimum_duration.is_empty() {
                push(None);
            }
            for (s, segment) in offer.segments.iter().enumerate() {
                if segment.indivisible || least_mw(segment) != 0.0 {
                    push(Some(s));
                }
            }
        }
    }
    found
}

/// All combinations of `n` binaries.
pub fn choices(n: usize) -> impl Iterator<Item = Vec<bool>> {
    (0..1_u32 << n).map(move |k| (0..n).map(|i| k >> i & 1 == 1).collect())
}

/// The case with its binaries at a choice: what is fixed becomes an injection, its cost is
/// returned: at the transmission bus, and in the feeder. `None` where the choice breaks a
/// condition.
pub fn fixed(case: &Case, choice: &[bool]) -> Option<(Case, [f64; 2])> {
    let switches = switches(case);
    let at = |bid, offer, segment| {
        let wanted = Switch {
            bid,
            offer,
            segment,
        };
        let found = switches.iter().position(|s| *s == wanted);
        found.map(|k| choice[k])
    };
    let balancing = case.balancing.as_ref().unwrap();
    let mut edited = case.clone();
    let target = edited.balancing.as_mut().unwrap();
    target.exclusive.clear();
    let hours = balancing.minutes_per_period / 60.0;
    let mut usd = [0.0; 2];
    let mut taken = Vec::new();
    for (b, bid) in balancing.bids.iter().enumerate() {
        let on: Vec<bool> = (0..bid.offers.len())
            .map(|o| at(b, o, None).unwrap_or(true))
            .collect();
        if !possible(bid, &on) {
            return None;
        }
        taken.push(on.iter().any(|on| *on));
        let mut given = vec![0.0; balancing.periods];
        let into = &mut target.bids[b];
        into.minimum_duration.clear();
        for (o, offer) in bid.offers.iter().enumerate() {
            let mut left = Vec::new();
            for (s, segment) in offer.segments.iter().enumerate() {
                let switched = at(b, o, Some(s));
                if switched == Some(true) && !on[o] {
                    return None;
                }
                if !switched.unwrap_or(on[o]) {
                    continue;
                }
                let part = if segment.indivisible {
                    segment.whole_mw()
                } else {
                    least_mw(segment)
                };
                given[offer.period - 1] += part;
                usd[usize::from(bid.bus != "T")] += part * segment.usd_per_mwh * hours;
                if !segment.indivisible {
                    left.push(Segment {
                        min_p_mw: segment.min_p_mw - part,
                        max_p_mw: segment.max_p_mw - part,
                        ..segment.clone()
                    });
                }
            }
            let offer = &mut into.offers[o];
            offer.segments = left;
            (offer.start_stop, offer.no_new_activation) = (false, false);
        }
        for ramp in &mut into.ramps {
            let change = given[ramp.period] - given[ramp.period - 1];
            ramp.min_mw = ramp.min_mw.map(|m| m - change);
            ramp.max_mw = ramp.max_mw.map(|m| m - change);
        }
        target.imbalances.push(Injection {
            id: format!("given {b}"),
            bus: bid.bus.clone(),
            p_mw: given,
            q_mvar: Vec::new(),
        });
    }
    for group in &balancing.exclusive {
        let members = balancing.bids.iter().zip(&taken);
        let many = members.filter(|(bid, taken)| **taken && group.bids.contains(&bid.id));
        if many.count() > 1 {
            return None;
        }
    }
    Some((edited, usd))
}

/// Whether some α and ω, each 0 or 1, go with what is on:
/// ρ(t) − ρ(t−1) = α − ω, α + ω ≤ 1, α = ρ without an offer before; α = 0 where no activation may
/// begin; ρ of the second of a pair at least α of the first.
fn possible(bid: &Bid, on: &[bool]) -> bool {
    let n = bid.offers.len();
    let find = |id: &str, period: usize| {
        bid.offers
            .iter()
            .position(|o| o.id == id && o.period == period)
    };
    choices(2 * n).any(|guess| {
        let (alpha, omega) = guess.split_at(n);
        let number = |b: bool| i32::from(b);
        let moves = bid.offers.iter().enumerate().all(|(o, offer)| {
            let before = find(&offer.id, offer.period - 1);
            let was = before.is_some_and(|k| on[k]);
            number(on[o]) - number(was) == number(alpha[o]) - number(omega[o])
                && !(alpha[o] && omega[o])
                && (before.is_some() || alpha[o] == on[o])
                && !(offer.no_new_activation && alpha[o])
        });
        let pairs = bid.minimum_duration.iter().all(|pair| {
            match (
                find(&pair.start, pair.start_period),
                find(&pair.on, pair.on_period),
            ) {
                (Some(start), Some(then)) => on[then] || !alpha[start],
                _ => true,
            }
        });
        moves && pairs
    })
}

/// Asserts that activations obey exclusive groups, blocks, least quantities and ramps.
pub fn obeyed(what: &str, case: &Case, p_mw: &[Vec<f64>]) {
    let balancing = case.balancing.as_ref().unwrap();
    let active = |p: &[f64]| p.iter().any(|p| p.abs() > 1e-7);
    for group in &balancing.exclusive {
        let members = balancing.bids.iter().zip(p_mw);
        let many = members.filter(|(bid, p)| active(p) && group.bids.contains(&bid.id));
        assert!(many.count() <= 1, "{what}: {} is not exclusive", group.id);
    }
    for (bid, p) in balancing.bids.iter().zip(p_mw) {
        for offer in bid.offers.iter().filter(|o| o.segments.len() == 1) {
            let (segment, p) = (&offer.segments[0], p[offer.period - 1]);
            let near = |a: f64| (p - a).abs() < 1e-6;
            let allowed = if segment.indivisible {
                near(segment.whole_mw())
            } else {
                p > segment.min_p_mw - 1e-6 && p < segment.max_p_mw + 1e-6
            };
            assert!(near(0.0) || allowed, "{what}: {} at {p}", bid.id);
        }
        for ramp in &bid.ramps {
            let change = p[ramp.period] - p[ramp.period - 1];
            let (low, high) = (ramp.min_mw, ramp.max_mw);
            assert!(low.is_none_or(|m| change > m - 1e-6), "{what}: {}", bid.id);
            assert!(high.is_none_or(|m| change < m + 1e-6), "{what}: {}", bid.id);
        }
    }
}
