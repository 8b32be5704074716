//! Random feeders with random resources and owners.

use fastrand::Rng;
use tandem::case::{
    Boundary, Bus, Case, Feeder, FeederBus, FeederLine, LocalMarket, LocalResource,
};
use tandem::market::bsp_bidding::system::System;

fn between(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.f64()
}

pub fn random_case(seed: u64, resources: usize, hours: usize) -> Case {
    let mut rng = Rng::with_seed(seed);
    let feeder = feeder(&mut rng, 6 + resources);
    let list = (0..resources)
        .map(|k| resource(&mut rng, k, 6 + resources))
        .collect();
    let market = market(&mut rng, list, hours);
    let mut case = Case {
        version: 1,
        name: format!("random {seed}"),
        base_mva: 1.0,
        buses: vec![Bus::new("T")],
        boundaries: vec![Boundary {
            id: "T-F".into(),
            bus: "T".into(),
            feeder: "F".into(),
            max_p_mw: None,
        }],
        feeders: vec![feeder],
        local_market: Some(market),
        ..Case::default()
    };
    narrow(&mut rng, &mut case);
    assert!(
        case.validate().iter().all(|p| !p.is_error()),
        "{:?}",
        case.validate()
    );
    case
}

/// A random tree of `n` buses, without limits.
fn feeder(rng: &mut Rng, n: usize) -> Feeder {
    let bus = |i: usize, p: f64, q: f64| FeederBus {
        id: format!("b{i}"),
        p_load_mw: p,
        q_load_mvar: q,
        min_v_pu: 0.94,
        max_v_pu: 1.06,
    };
    let mut buses = vec![bus(0, 0.0, 0.0)];
    let mut lines = Vec::new();
    for i in 1..n {
        let p = between(rng, 0.05, 0.3);
        buses.push(bus(i, p, 0.4 * p));
        let from = between(rng, 0.0, i as f64 * 0.999).floor() as usize;
        lines.push(FeederLine {
            id: format!("l{i}"),
            from: format!("b{from}"),
            to: format!("b{i}"),
            r_ohm: between(rng, 0.2, 2.5),
            x_ohm: between(rng, 0.1, 1.5),
            max_s_mva: None,
            min_p_mw: None,
            max_p_mw: None,
        });
    }
    Feeder {
        id: "F".into(),
        base_kv: 12.66,
        root: "b0".into(),
        root_v_pu: 1.0,
        buses,
        lines,
    }
}

/// Resource `k`, of one of three owners, on a feeder of `n` buses.
fn resource(rng: &mut Rng, k: usize, n: usize) -> LocalResource {
    let (up, down) = (between(rng, 1.0, 1.4), between(rng, 0.65, 0.99));
    LocalResource {
        id: format!("r{k}"),
        bus: format!("b{}", between(rng, 1.0, n as f64 - 0.001).floor() as usize),
        owner: format!("o{}", k % 3),
        max_up_mw: between(rng, 0.05, 0.3),
        max_down_mw: between(rng, 0.05, 0.3),
        up_cost: vec![up],
        down_value: vec![down],
    }
}

fn market(rng: &mut Rng, resources: Vec<LocalResource>, hours: usize) -> LocalMarket {
    let total: f64 = resources.iter().map(|r| r.max_up_mw).sum();
    let mut series =
        |low: f64, high: f64| -> Vec<f64> { (0..hours).map(|_| between(rng, low, high)).collect() };
    let imbalance_mwh = series(-0.9, 0.9)
        .iter()
        .map(|share| share * total)
        .collect();
    LocalMarket {
        feeder: "F".into(),
        periods: hours,
        minutes_per_period: 60.0,
        overload_usd_per_mwh: 500.0,
        imbalance_mwh,
        day_ahead_usd_per_mwh: series(30.0, 70.0),
        tso_up: vec![1.5],
        tso_down: vec![0.6],
        load_factor: Vec::new(),
        tso_imbalance_mwh: series(-0.3, 0.3),
        resources,
        storage: Vec::new(),
    }
}

/// Limits near what the lines carry, so that some bind: one downstream, one against export.
fn narrow(rng: &mut Rng, case: &mut Case) {
    let system = System::new(case).unwrap();
    let base = &system.hours[0].base;
    let feeder = &mut case.feeders[0];
    for (bus, w) in feeder.buses.iter_mut().zip(&base.w_pu2).skip(1) {
        if rng.u8(0..3) == 0 {
            bus.min_v_pu = w.sqrt() - 0.001;
            bus.max_v_pu = w.sqrt() + 0.002;
        }
    }
    for (i, line) in feeder.lines.iter_mut().enumerate() {
        let p = base.p_mw[i + 1];
        match rng.u8(0..4) {
            0 => line.max_p_mw = Some((p * 1.02).max(0.05)),
            1 => line.min_p_mw = Some(p * 0.9 - 0.05),
            2 => line.max_s_mva = Some(1.3 * p.abs() + 0.1),
            _ => {}
        }
    }
}
