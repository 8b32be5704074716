//! Random cases that several tests share.

use fastrand::Rng;
use tandem::case::{Aggregator, Block, Branch, Bus, Case, Der, Generator, Load};

/// A connected random network with generators, loads, DERs in two aggregators and a few limits.
pub fn random_case(rng: &mut Rng) -> Case {
    let n = rng.usize(4..10);
    let bus = |k: usize| k.to_string();
    let mut branches = Vec::new();
    let mut connect = |rng: &mut Rng, i: usize, j: usize| {
        let k = branches.len();
        branches.push(Branch {
            id: format!("l{k}"),
            from: bus(i),
            to: bus(j),
            x_pu: 0.05 + 0.2 * rng.f64(),
            r_pu: 0.0,
            tap: 1.0,
            shift_deg: if rng.u8(0..8) == 0 { 2.0 } else { 0.0 },
            max_p_mw: (rng.u8(0..3) == 0).then(|| (20.0 + 60.0 * rng.f64()).round()),
            in_service: true,
        });
    };
    for k in 1..n {
        let j = rng.usize(0..k);
        connect(rng, k, j);
    }
    for _ in 0..rng.usize(1..4) {
        let i = rng.usize(0..n);
        let j = (i + 1 + rng.usize(0..n - 1)) % n;
        connect(rng, i, j);
    }
    let block = |p_mw: f64, usd_per_mwh: f64| Block::flat(p_mw, usd_per_mwh);
    let generators = (0..n)
        .step_by(2)
        .map(|k| {
            let price = 10.0 + 40.0 * rng.f64();
            Generator {
                id: format!("G{k}"),
                bus: bus(k),
                min_p_mw: 0.0,
                max_p_mw: 120.0,
                offer: vec![
                    block(60.0, price),
                    block(60.0, price + 5.0 + 20.0 * rng.f64()),
                ],
                no_load_usd_per_h: 0.0,
                ramp_mw_per_min: None,
            }
        })
        .collect();
    let loads = (0..n)
        .map(|k| Load {
            id: format!("L{k}"),
            bus: bus(k),
            p_mw: 10.0 + 20.0 * rng.f64(),
            q_mvar: 0.0,
        })
        .collect();
    let ders: Vec<Der> = (0..6)
        .map(|k| Der {
            id: format!("D{k}"),
            bus: bus(rng.usize(0..n)),
            min_p_mw: 0.0,
            max_p_mw: 2.0 + 6.0 * rng.f64(),
            offer: vec![block(8.0, 5.0 + 45.0 * rng.f64())],
        })
        .collect();
    let aggregators = [(0, 3), (3, 6)]
        .map(|(a, b)| Aggregator {
            id: format!("A{a}"),
            ders: (a..b).map(|k| format!("D{k}")).collect(),
        })
        .to_vec();
    Case {
        version: 1,
        name: "random".into(),
        base_mva: 100.0,
        buses: (0..n).map(|k| Bus::new(bus(k))).collect(),
        branches,
        generators,
        loads,
        ders,
        aggregators,
        ..Case::default()
    }
}
