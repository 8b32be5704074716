//! Feeder cone programs for tests and benches: the 33-bus feeder and seeded random ones.
#![allow(dead_code)]

use tandem::case::{self, Feeder, FeederBus, FeederLine};
use tandem::network::Radial;
use tandem::network::formulation::Injected;
use tandem::network::formulation::feeder::{self, FeederFlow, Physics};
use tandem::opt::{Model, Row, Var};

/// Price of unserved and spilled energy, $/MWh.
pub const CAP: f64 = 3000.0;

/// One feeder over some periods: least cost at a given export.
pub struct FeederProgram {
    pub feeder: Feeder,
    pub tree: Radial,
    pub model: Model,
    pub injected: Vec<Vec<Injected>>,
    pub flow: Vec<FeederFlow>,
    /// Export of the substation to the grid above, MW, and the row that fixes it, by period.
    pub export: Vec<(Var, Row)>,
}

/// A bid: bus, range of MW around 0, $/MWh.
#[derive(Clone, Copy, Debug)]
pub struct Bid {
    pub bus: usize,
    pub low: f64,
    pub high: f64,
    pub price: f64,
}

impl FeederProgram {
    /// Bids and fixed injections by period; reactive power of a bid within ±5 % of its size,
    /// slack on P and Q at every bus.
    pub fn new(
        feeder: Feeder,
        physics: Physics,
        fixed: &[Vec<(f64, f64)>],
        bids: &[Vec<Bid>],
        export_mw: f64,
    ) -> FeederProgram {
        let tree = Radial::new(&feeder).expect("a tree");
        let mut program = FeederProgram {
            model: Model::new("feeder"),
            injected: Vec::new(),
            flow: Vec::new(),
            export: Vec::new(),
            feeder,
            tree,
        };
        let free = f64::INFINITY;
        for (t, (fixed, bids)) in fixed.iter().zip(bids).enumerate() {
            let model = &mut program.model;
            let mut at: Vec<Injected> = fixed
                .iter()
                .map(|&(p_mw, q_mvar)| Injected {
                    p_mw,
                    q_mvar,
                    ..Injected::default()
                })
                .collect();
            for (k, bid) in bids.iter().enumerate() {
                let p = model.var(format!("p{k},{t}"), bid.low, bid.high, bid.price);
                let most = 0.05 * bid.high.max(-bid.low);
                let q = model.var(format!("q{k},{t}"), -most, most, 0.0);
                at[bid.bus].p.push((p, 1.0));
                at[bid.bus].q.push((q, 1.0));
            }
            for (i, at) in at.iter_mut().enumerate() {
                for side in [1.0, -1.0] {
                    let p = model.var(format!("slack p{i},{t},{side}"), 0.0, free, CAP);
                    let q = model.var(format!("slack q{i},{t},{side}"), 0.0, free, CAP);
                    at.p.push((p, side));
                    at.q.push((q, side));
                }
            }
            let export = model.var(format!("export{t}"), -free, free, 0.0);
            at[program.tree.root].p.push((export, -1.0));
            let row = model.row(format!("export{t}"), [(export, 1.0)], export_mw, export_mw);
            let tag = format!(",{t}");
            let flow = feeder::add(model, &program.feeder, &program.tree, physics, &at, &tag);
            program.flow.push(flow);
            program.injected.push(at);
            program.export.push((export, row));
        }
        program
    }
}

/// Baran and Wu's feeder with its loads, bids at buses 18, 22, 25 and 33, one period.
pub fn baran_wu(export_mw: f64) -> FeederProgram {
    let feeder = case::builtin("baran-wu-33").unwrap().feeders.remove(0);
    let fixed = feeder
        .buses
        .iter()
        .map(|b| (-b.p_load_mw, -b.q_load_mvar))
        .collect();
    let bids = [
        (18, 0.8, 42.0),
        (22, 1.0, 45.0),
        (25, 1.5, 55.0),
        (33, 0.9, 48.0),
    ]
    .iter()
    .map(|&(id, high, price)| Bid {
        bus: id - 1,
        low: 0.0,
        high,
        price,
    })
    .collect();
    FeederProgram::new(feeder, Physics::BranchFlow, &[fixed], &[bids], export_mw)
}

/// A standard normal number.
fn normal(random: &mut fastrand::Rng) -> f64 {
    let (a, b) = (1.0 - random.f64(), random.f64());
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// Log-normal by its median and its 95 % point.
fn log_normal(random: &mut fastrand::Rng, median: f64, high: f64) -> f64 {
    median * ((high / median).ln() / 1.645 * normal(random)).exp()
}

/// A feeder of `buses` buses like those of the published instances: long chains, 1 MVA base,
/// r of 1.6e-3 p.u. in the middle and 5.8e-3 at the 95 % point.
pub fn random_feeder(random: &mut fastrand::Rng, buses: usize) -> Feeder {
    let mut feeder = Feeder {
        id: "F".into(),
        base_kv: 20.0,
        root: "n0".into(),
        root_v_pu: 1.0,
        buses: Vec::new(),
        lines: Vec::new(),
    };
    let z_base = feeder.base_kv * feeder.base_kv;
    for i in 0..buses {
        feeder.buses.push(FeederBus {
            id: format!("n{i}"),
            p_load_mw: 0.0,
            q_load_mvar: 0.0,
            min_v_pu: 0.95,
            max_v_pu: 1.05,
        });
        if i == 0 {
            continue;
        }
        let above = if random.f64() < 0.8 {
            i - 1
        } else {
            random.usize(..i)
        };
        let r = log_normal(random, 1.6e-3, 5.8e-3);
        let x = 0.56 * r * log_normal(random, 1.0, 1.5);
        feeder.lines.push(FeederLine {
            id: format!("l{i}"),
            from: format!("n{above}"),
            to: format!("n{i}"),
            r_ohm: r * z_base,
            x_ohm: x * z_base,
            max_s_mva: Some(log_normal(random, 6.9, 9.1)),
            min_p_mw: None,
            max_p_mw: None,
        });
    }
    feeder
}

/// A random feeder with imbalances and about three bids a bus, from 1e-5 MW upwards, and one of
/// 600 MW at the substation.
pub fn random_program(
    random: &mut fastrand::Rng,
    buses: usize,
    periods: usize,
    export_mw: f64,
) -> FeederProgram {
    let feeder = random_feeder(random, buses);
    let levels = [-1.0, 0.0, 1.0, 18.0, 32.0, 45.0, 64.0];
    let (mut fixed, mut bids) = (Vec::new(), Vec::new());
    for _ in 0..periods {
        fixed.push(
            (0..buses)
                .map(|_| {
                    let on = if random.f64() < 0.5 { 1.0 } else { 0.0 };
                    let p = 0.1 * on * normal(random);
                    (p, 0.3 * p * random.f64())
                })
                .collect(),
        );
        let mut here: Vec<Bid> = (0..3 * buses)
            .map(|_| {
                let size = log_normal(random, 0.012, 0.41).clamp(1e-5, 10.0);
                let up = random.f64() < 0.5;
                let price = random.choice(levels).unwrap() + normal(random);
                Bid {
                    bus: random.usize(1..buses),
                    low: if up { 0.0 } else { -size },
                    high: if up { size } else { 0.0 },
                    price: if up { price + 10.0 } else { price - 10.0 },
                }
            })
            .collect();
        // The smallest that occur, and the largest.
        for (low, high) in [(0.0, 1e-5), (-1e-5, 0.0), (-600.0, 0.0), (0.0, 600.0)] {
            here.push(Bid {
                bus: if high - low > 1.0 {
                    0
                } else {
                    random.usize(1..buses)
                },
                low,
                high,
                price: if low < 0.0 { -66.0 } else { 90.0 },
            });
        }
        bids.push(here);
    }
    FeederProgram::new(feeder, Physics::BranchFlow, &fixed, &bids, export_mw)
}
