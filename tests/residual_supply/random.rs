//! Random systems that several tests share.

use fastrand::Rng;
use tandem::case::balancing::{Balancing, Bid, Injection, PeriodOffer, Segment};
use tandem::case::balancing::{ShiftFactor, Zone, ZoneLimit};
use tandem::case::{Boundary, Branch, Bus, Case, Feeder, FeederBus, FeederLine};

/// What to draw.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    pub periods: usize,
    /// Reactive imbalances, and bids that may make reactive power.
    pub reactive: bool,
    /// Zones below transmission, with the feeders below the zones.
    pub zones: usize,
    /// Loads and transmission injections traded before.
    pub scheduled: bool,
    /// Most buses of a feeder.
    pub feeder_buses: usize,
}

impl Shape {
    pub const SMALL: Shape = Shape {
        periods: 1,
        reactive: false,
        zones: 0,
        scheduled: false,
        feeder_buses: 6,
    };
}

/// Uniform between two numbers.
pub fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.f64()
}

/// Transmission of 1 to 5 buses, 1 to 3 feeders, bids in both directions with gaps between their
/// prices, imbalances; every limit allows that nothing flows.
pub fn random_case(rng: &mut Rng, shape: Shape) -> Case {
    let mut case = Case {
        version: 1,
        name: "random".into(),
        base_mva: 100.0,
        balancing: Some(Balancing {
            periods: shape.periods,
            minutes_per_period: [60.0, 15.0][rng.usize(0..2)],
            price_cap_usd_per_mwh: 3000.0,
            ..Balancing::default()
        }),
        ..Case::default()
    };
    let meshed = rng.usize(1..6);
    transmission(rng, &mut case, meshed);
    let mut meeting: Vec<String> = case.buses.iter().map(|b| b.id.clone()).collect();
    for z in 0..shape.zones {
        meeting = zone(rng, &mut case, z, &meeting);
    }
    for f in 0..rng.usize(1..4) {
        let bus = meeting[rng.usize(0..meeting.len())].clone();
        feeder(rng, &mut case, f, bus, shape);
    }
    market(rng, &mut case, shape);
    case
}

fn transmission(rng: &mut Rng, case: &mut Case, n: usize) {
    let bus = |k: usize| format!("T{k}");
    case.buses = (0..n).map(|k| Bus::new(bus(k))).collect();
    let mut pairs: Vec<(usize, usize)> = (1..n).map(|k| (rng.usize(0..k), k)).collect();
    if n > 2 {
        for _ in 0..rng.usize(0..3) {
            let i = rng.usize(0..n);
            pairs.push((i, (i + 1 + rng.usize(0..n - 1)) % n));
        }
    }
    for (k, (i, j)) in pairs.into_iter().enumerate() {
        case.branches.push(Branch {
            id: format!("l{k}"),
            from: bus(i),
            to: bus(j),
            x_pu: between(rng, 0.05, 0.25),
            r_pu: 0.0,
            tap: 1.0,
            shift_deg: 0.0,
            max_p_mw: (rng.u8(0..3) == 0).then(|| between(rng, 0.3, 2.0)),
            in_service: true,
        });
    }
}

/// A zone of 1 to 3 buses that meets one of `meeting`; returns its buses.
fn zone(rng: &mut Rng, case: &mut Case, z: usize, meeting: &[String]) -> Vec<String> {
    let buses: Vec<String> = (0..rng.usize(1..4)).map(|k| format!("Z{z}.{k}")).collect();
    for id in &buses {
        case.buses.push(Bus::new(id.clone()));
    }
    let limits = (0..rng.usize(0..3))
        .map(|l| ZoneLimit {
            id: format!("Z{z} limit {l}"),
            factors: buses
                .iter()
                .map(|bus| ShiftFactor {
                    bus: bus.clone(),
                    factor: between(rng, -0.8, 0.8),
                })
                .collect(),
            flow_mw: between(rng, -0.1, 0.1),
            max_p_mw: between(rng, 0.3, 1.5),
        })
        .collect();
    case.balancing.as_mut().unwrap().zones.push(Zone {
        id: format!("zone {z}"),
        bus: meeting[rng.usize(0..meeting.len())].clone(),
        buses: buses.clone(),
        max_p_mw: (rng.u8(0..3) == 0).then(|| between(rng, 0.5, 2.0)),
        limits,
    });
    buses
}

fn feeder(rng: &mut Rng, case: &mut Case, f: usize, bus: String, shape: Shape) {
    let n = rng.usize(2..shape.feeder_buses.max(2) + 1);
    let id = |k: usize| format!("D{f}.{k}");
    let (low, high) = if rng.bool() { (0.9, 1.1) } else { (0.97, 1.03) };
    let buses = (0..n)
        .map(|k| FeederBus {
            id: id(k),
            p_load_mw: if shape.scheduled && k > 0 {
                between(rng, 0.0, 0.1)
            } else {
                0.0
            },
            q_load_mvar: 0.0,
            min_v_pu: low,
            max_v_pu: high,
        })
        .collect();
    let lines = (1..n)
        .map(|k| {
            let above = if rng.u8(0..5) < 3 {
                k - 1
            } else {
                rng.usize(0..k)
            };
            let (from, to) = if rng.bool() {
                (id(above), id(k))
            } else {
                (id(k), id(above))
            };
            FeederLine {
                id: format!("D{f}.l{k}"),
                from,
                to,
                // 100 Ω is one per unit.
                r_ohm: between(rng, 0.1, 1.5),
                x_ohm: between(rng, 0.1, 1.5),
                max_s_mva: (rng.u8(0..2) == 0).then(|| between(rng, 0.3, 1.5)),
                min_p_mw: (rng.u8(0..6) == 0).then(|| between(rng, -0.8, -0.2)),
                max_p_mw: (rng.u8(0..6) == 0).then(|| between(rng, 0.2, 0.8)),
            }
        })
        .collect();
    case.feeders.push(Feeder {
        id: format!("D{f}"),
        base_kv: 10.0,
        root: id(0),
        root_v_pu: 1.0,
        buses,
        lines,
    });
    case.boundaries.push(Boundary {
        id: format!("T-D{f}"),
        bus,
        feeder: format!("D{f}"),
        max_p_mw: (rng.u8(0..3) == 0).then(|| between(rng, 0.3, 2.0)),
    });
}

/// Bids and imbalances at every level.
fn market(rng: &mut Rng, case: &mut Case, shape: Shape) {
    let above: Vec<String> = case.buses.iter().map(|b| b.id.clone()).collect();
    let below: Vec<Vec<String>> = case
        .feeders
        .iter()
        .map(|f| f.buses.iter().map(|b| b.id.clone()).collect())
        .collect();
    let load: f64 = case
        .feeders
        .iter()
        .flat_map(|f| &f.buses)
        .map(|b| b.p_load_mw)
        .sum();
    let mut bids = Vec::new();
    let mut imbalances = Vec::new();
    let mut draw = |rng: &mut Rng, bus: &str, size: f64, reactive: bool| {
        let k = bids.len();
        bids.push(bid(rng, k, bus, size, shape, reactive));
    };
    for bus in &above {
        draw(rng, bus, 2.0, false);
        imbalances.push(imbalance(rng, bus, 1.0, shape.periods, 0.0));
    }
    for buses in &below {
        for bus in &buses[1..] {
            if rng.u8(0..3) > 0 {
                let able = shape.reactive && rng.bool();
                draw(rng, bus, 0.7, able);
            }
            if rng.bool() {
                let q = if shape.reactive { 0.1 } else { 0.0 };
                imbalances.push(imbalance(rng, bus, 0.3, shape.periods, q));
            }
        }
        draw(rng, &buses[buses.len() - 1], 0.7, false);
    }
    let balancing = case.balancing.as_mut().unwrap();
    balancing.bids = bids;
    balancing.imbalances = imbalances;
    if shape.scheduled {
        balancing.schedule.push(Injection {
            id: "day ahead".into(),
            bus: above[0].clone(),
            p_mw: vec![load],
            q_mvar: Vec::new(),
        });
    }
}

/// Up to two upward and two downward segments per period, no pair of which earns by itself.
pub fn bid(rng: &mut Rng, k: usize, bus: &str, size: f64, shape: Shape, reactive: bool) -> Bid {
    let mut offers = Vec::new();
    for period in 1..=shape.periods {
        let mut segments = Vec::new();
        let mut up = between(rng, 20.0, 50.0);
        for _ in 0..rng.usize(0..3) {
            up += between(rng, 1.0, 10.0);
            segments.push(Segment {
                min_p_mw: 0.0,
                max_p_mw: size * between(rng, 0.2, 1.0),
                usd_per_mwh: up,
                indivisible: false,
            });
        }
        let mut down = between(rng, -10.0, 19.0);
        for _ in 0..rng.usize(0..3) {
            down -= between(rng, 1.0, 10.0);
            segments.push(Segment {
                min_p_mw: -size * between(rng, 0.2, 1.0),
                max_p_mw: 0.0,
                usd_per_mwh: down,
                indivisible: false,
            });
        }
        if segments.is_empty() {
            segments.push(Segment {
                min_p_mw: -size * between(rng, 0.1, 0.5),
                max_p_mw: size * between(rng, 0.1, 0.5),
                usd_per_mwh: up,
                indivisible: false,
            });
        }
        offers.push(PeriodOffer {
            period,
            segments,
            ..PeriodOffer::default()
        });
    }
    Bid {
        id: format!("b{k}"),
        bus: bus.to_string(),
        offers,
        reactive,
        max_s_mva: reactive.then(|| size * between(rng, 0.5, 1.2)),
        ..Bid::default()
    }
}

fn imbalance(rng: &mut Rng, bus: &str, size: f64, periods: usize, q: f64) -> Injection {
    let mut values =
        |size: f64| -> Vec<f64> { (0..periods).map(|_| between(rng, -size, size)).collect() };
    Injection {
        id: format!("BRP {bus}"),
        bus: bus.to_string(),
        p_mw: values(size),
        q_mvar: if q > 0.0 { values(q) } else { Vec::new() },
    }
}
