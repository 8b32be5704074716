//! What the benches of network equivalents time, natively and in WebAssembly: the same systems, seeded,
//! and one function for each piece of work.

use std::collections::BTreeMap;

use tandem::case::{Aggregator, Block, Branch, Bus, Case, Der, Generator, Load};
use tandem::market::rt_sced::dispatch::lp_text::integer_program;
use tandem::market::rt_sced::dispatch::request::{Aggregation, Request};
use tandem::market::rt_sced::equivalent::Equivalent;
use tandem::market::rt_sced::process::{Interval, Process};
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{
    self, CriticalLines, Lines, Method, NetworkEquivalent, Rectangle, RtSced,
};
use tandem::market::shared::offers::cost_usd_per_h;
use tandem::opt::projection::{self, Projection, ROW_LIMIT};
use tandem::opt::zonotope::Piece;
use tandem::opt::{Failure, Model};
use tandem::scenario::{Mechanism, gallery};

const SEED: u64 = 7;
const BUSES: usize = 12;

/// DERs of each aggregator in a [`Study::ring`].
const DERS_EACH: usize = 6;

/// Limited lines in a [`Study::ring`]; aggregators take turns.
const LINES: usize = 2;

/// Choices of steps looked at to write a curve out, at most.
const PIECE_LIMIT: usize = 300_000;

/// Points of one curve asked for its cost.
const POINTS: usize = 16;

/// A ring with chords, `aggregators` with DERs spread around it, and `lines` limits that bind.
fn ring(aggregators: usize, ders_each: usize, lines: usize) -> Case {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut branches: Vec<Branch> = Vec::new();
    for k in 0..BUSES {
        for step in [1, 5] {
            branches.push(Branch {
                id: format!("{k}-{}", (k + step) % BUSES),
                from: k.to_string(),
                to: ((k + step) % BUSES).to_string(),
                x_pu: 0.05 + 0.1 * random.f64(),
                r_pu: 0.0,
                tap: 1.0,
                shift_deg: 0.0,
                max_p_mw: None,
                in_service: true,
            });
        }
    }
    let block = |p_mw: f64, usd_per_mwh: f64| Block::flat(p_mw, usd_per_mwh);
    let generators = (0..4)
        .map(|g| Generator {
            id: format!("G{g}"),
            bus: (3 * g).to_string(),
            min_p_mw: 0.0,
            max_p_mw: 400.0,
            offer: vec![block(400.0, 10.0 + 15.0 * g as f64)],
            no_load_usd_per_h: 0.0,
            ramp_mw_per_min: None,
        })
        .collect();
    let loads = (0..BUSES)
        .map(|k| Load {
            id: format!("L{k}"),
            bus: k.to_string(),
            p_mw: 30.0 + 20.0 * random.f64(),
            q_mvar: 0.0,
        })
        .collect();
    let ders = (0..aggregators * ders_each)
        .map(|d| {
            let p = 60.0 / ders_each as f64 * (0.5 + random.f64());
            Der {
                id: format!("D{d}"),
                bus: random.u64(0..BUSES as u64).to_string(), // usize would draw otherwise in WebAssembly
                min_p_mw: 0.0,
                max_p_mw: p,
                offer: vec![block(p, 5.0 + 50.0 * random.f64())],
            }
        })
        .collect();
    let bus = |k: usize| Bus::new(k);
    let aggregator = |a: usize| Aggregator {
        id: format!("A{a}"),
        ders: (a * ders_each..(a + 1) * ders_each)
            .map(|d| format!("D{d}"))
            .collect(),
    };
    let mut case = Case {
        version: 1,
        name: "ring".into(),
        base_mva: 100.0,
        buses: (0..BUSES).map(bus).collect(),
        branches,
        generators,
        loads,
        aggregators: (0..aggregators).map(aggregator).collect(),
        ders,
        ..Case::default()
    };
    // The lines that carry most without limits get limits that bind.
    let free = Study::new(&case, optimal());
    let flows = free.interval().flows_mw;
    let mut order: Vec<usize> = (0..case.branches.len()).collect();
    order.sort_by(|&k, &l| flows[l].abs().total_cmp(&flows[k].abs()));
    for &l in order.iter().take(lines) {
        case.branches[l].max_p_mw = Some((0.8 * flows[l].abs()).round());
    }
    case
}

fn optimal() -> RtSced {
    RtSced {
        method: Method::Optimal,
        intervals: 1,
        ..RtSced::default()
    }
}

/// One aggregator with its DERs behind lines.
pub struct Behind {
    system: System,
    equivalent: Equivalent,
    points: Vec<Vec<f64>>,
}

impl Behind {
    pub fn new(ders: usize, lines: usize) -> Behind {
        let system = System::new(&ring(1, ders, lines), &optimal()).expect("a network");
        let all: Vec<usize> = (0..lines).collect();
        let equivalent = Equivalent::new(&system, 0, &all).expect("an equivalent");
        let mut random = fastrand::Rng::with_seed(SEED);
        let steps = equivalent.bid.generators();
        let mut point = || {
            let values = steps.iter();
            let values = values.map(|g| g.lower + random.f64() * (g.upper - g.lower));
            equivalent.bid.point(&values.collect::<Vec<_>>())
        };
        Behind {
            points: (0..POINTS).map(|_| point()).collect(),
            equivalent,
            system,
        }
    }

    /// The region of P_a and every P_l'' by elimination, named by its limits.
    pub fn project(&self) -> Result<Projection, Failure> {
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let others = vec![free; self.equivalent.lines.len()];
        let program = self.equivalent.program(&self.system, free, &others);
        let keep: Vec<_> = [program.p_a].into_iter().chain(program.other).collect();
        projection::project(&program.model, &keep, ROW_LIMIT)
    }

    /// Every piece of the exact curve.
    pub fn pieces(&self) -> Result<Vec<Piece>, Failure> {
        self.equivalent.bid.pieces(PIECE_LIMIT)
    }

    /// The curve's cost and cut at points inside, by linear program; how many points.
    pub fn at_points(&self) -> usize {
        let reached = self.points.iter().filter(|p| {
            let place = self.equivalent.bid.at(p);
            matches!(place, Ok(tandem::opt::zonotope::Place::Inside(_)))
        });
        reached.count()
    }
}

/// A system ready for its first interval.
pub struct Study {
    system: System,
    params: RtSced,
    process: Process,
}

impl Study {
    fn new(case: &Case, params: RtSced) -> Study {
        let system = System::new(case, &params).expect("a network");
        let process = rt_sced::roll::start(&system, &params).expect("a start");
        Study {
            system,
            params,
            process,
        }
    }

    /// The ring, each aggregator behind one of the two limited lines; on a Union Jack of 2^M × 2^M
    /// cells, or with M = 0 on exact curves.
    pub fn ring(aggregators: usize, m: u32) -> Study {
        let case = ring(aggregators, DERS_EACH, LINES);
        let limited = case.branches.iter().filter(|b| b.max_p_mw.is_some());
        let lines: Vec<&str> = limited.map(|b| b.id.as_str()).collect();
        let turns = case.aggregators.iter().zip(lines.iter().cycle());
        let critical: BTreeMap<String, Lines> = turns
            .map(|(a, line)| (a.id.clone(), Lines::One((*line).into())))
            .collect();
        let params = RtSced {
            method: if m == 0 {
                Method::ExactCurve
            } else {
                Method::UnionJack
            },
            equivalent: NetworkEquivalent {
                lines: CriticalLines::Given,
                critical_lines: critical,
                m: m.max(1),
                rectangle: Rectangle::Tight,
                ..NetworkEquivalent::default()
            },
            ..optimal()
        };
        Study::new(&case, params)
    }

    pub fn preset(id: &str) -> Study {
        let scenario = gallery::document(id).expect("a preset");
        let Mechanism::RtSced(params) = &scenario.mechanism else {
            panic!("a preset of RT-SCED")
        };
        Study::new(&scenario.case, params.clone())
    }

    /// The first interval, from nothing but the state before it.
    pub fn interval(&self) -> Interval {
        let step = self.process.clone().step(&self.system, &self.params, 0);
        let Ok(interval) = step else {
            panic!("the interval has no dispatch")
        };
        interval
    }

    /// The whole run; how many intervals.
    pub fn run(&self) -> usize {
        let roll = rt_sced::roll::roll(&self.system, &self.params).expect("a run");
        roll.intervals.len()
    }

    /// Cost of an interval as its program had it: the interpolated one with Union Jack bids.
    pub fn objective(&self, interval: &Interval) -> f64 {
        let system = &self.system;
        let dispatch = &interval.dispatch;
        let generators = system.generators.iter().zip(&dispatch.generators_mw);
        let behind = |d: usize| {
            let mut equivalents = self.process.equivalents.iter();
            equivalents.any(|e| Some(e.group) == system.group_of[d])
        };
        let ders = system.ders.iter().zip(&dispatch.ders_mw).enumerate();
        let ders = ders.filter(|(d, _)| !behind(*d)).map(|(_, pair)| pair);
        let outputs = generators.chain(ders);
        let outputs = outputs.map(|(unit, &p)| cost_usd_per_h(&unit.offer, p));
        let bids = dispatch.answers.iter().map(|a| a.bid_usd_per_h);
        outputs.chain(bids).sum()
    }

    /// The interval's program as text: with Union Jack bids the whole integer program, with exact
    /// curves the cuts that the dispatch needed; every limit a row.
    pub fn text(&self) -> String {
        let text = self.process.clone().lp_file(&self.system, &self.params, 0);
        let Ok(text) = text else {
            panic!("the interval has no dispatch")
        };
        text
    }

    /// The whole integer program of Union Jack bids.
    pub fn model(&self) -> Model {
        let process = &self.process;
        let system = &self.system;
        let factors: Vec<Vec<f64>> = process.memories.iter().map(|m| m.current.clone()).collect();
        let ranges: Vec<(f64, f64)> = system
            .generators
            .iter()
            .map(|g| (g.min_p_mw, g.max_p_mw))
            .collect();
        let request = Request {
            name: "interval 1".into(),
            aggregation: Aggregation::Equivalent(&factors, &process.equivalents),
            se: &process.se,
            loads_mw: &system.loads_mw(self.params.load_multiplier(0)),
            more_mw: &[],
            generator_range_mw: &ranges,
            losses: None,
            ahead: &[],
            warm_limits: &[],
            warm_cuts: &[],
        };
        integer_program(system, &request)
    }
}
