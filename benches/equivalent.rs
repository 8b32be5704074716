//! Network equivalents natively: exact curves, Union Jack bids, whole runs. Median milliseconds.
//!
//! `cargo bench --bench equivalent`

use std::hint::black_box;
use std::time::Instant;

use tandem::case::{Aggregator, Block, Branch, Bus, Case, Der, Generator, Load};
use tandem::market::rt_sced::equivalent::Equivalent;
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{
    self, CriticalLines, Lines, Method, NetworkEquivalent, Rectangle, RtSced,
};

fn median_ms<T>(rounds: usize, mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[rounds / 2]
}

/// A ring with chords, DERs of `aggregators` spread around it, and `lines` limits that bind.
fn ring(aggregators: usize, ders_each: usize, lines: usize) -> Case {
    let mut rng = fastrand::Rng::with_seed(7);
    let n = 12;
    let mut branches: Vec<Branch> = Vec::new();
    for k in 0..n {
        for step in [1, 5] {
            branches.push(Branch {
                id: format!("{k}-{}", (k + step) % n),
                from: k.to_string(),
                to: ((k + step) % n).to_string(),
                x_pu: 0.05 + 0.1 * rng.f64(),
                tap: 1.0,
                shift_deg: 0.0,
                max_p_mw: None,
                in_service: true,
            });
        }
    }
    let block = |p_mw: f64, usd_per_mwh: f64| Block { p_mw, usd_per_mwh };
    let generators = (0..4)
        .map(|g| Generator {
            id: format!("G{g}"),
            bus: (3 * g).to_string(),
            min_p_mw: 0.0,
            max_p_mw: 400.0,
            offer: vec![block(400.0, 10.0 + 15.0 * g as f64)],
            ramp_mw_per_min: None,
        })
        .collect();
    let loads = (0..n)
        .map(|k| Load {
            id: format!("L{k}"),
            bus: k.to_string(),
            p_mw: 30.0 + 20.0 * rng.f64(),
            q_mvar: 0.0,
        })
        .collect();
    let count = aggregators * ders_each;
    let ders: Vec<Der> = (0..count)
        .map(|d| {
            let p = 60.0 / ders_each as f64 * (0.5 + rng.f64());
            Der {
                id: format!("D{d}"),
                bus: rng.usize(0..n).to_string(),
                min_p_mw: 0.0,
                max_p_mw: p,
                offer: vec![block(p, 5.0 + 50.0 * rng.f64())],
            }
        })
        .collect();
    let mut case = Case {
        version: 1,
        name: "ring".into(),
        base_mva: 100.0,
        buses: (0..n)
            .map(|k| Bus {
                id: k.to_string(),
                x: None,
                y: None,
            })
            .collect(),
        branches,
        generators,
        loads,
        aggregators: (0..aggregators)
            .map(|a| Aggregator {
                id: format!("A{a}"),
                ders: (a * ders_each..(a + 1) * ders_each)
                    .map(|d| format!("D{d}"))
                    .collect(),
            })
            .collect(),
        ders,
        ..Case::default()
    };
    // The lines that carry most without limits get limits that bind.
    let free = rt_sced::run(
        &case,
        &RtSced {
            method: Method::Optimal,
            intervals: 1,
            ..RtSced::default()
        },
    );
    let free = free.expect("the ring has a dispatch");
    let mut flows: Vec<(usize, f64)> = (0..case.branches.len())
        .map(|l| {
            (
                l,
                free.series(&format!("flow:{}", case.branches[l].id))
                    .map_or(0.0, |s| s.values[0]),
            )
        })
        .collect();
    flows.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    for &(l, flow) in flows.iter().take(lines) {
        case.branches[l].max_p_mw = Some((0.8 * flow.abs()).round());
    }
    case
}

fn main() {
    println!(
        "{:>6}{:>7}{:>10}{:>12}{:>12}{:>12}",
        "DERs", "lines", "pieces", "pieces ms", "facets ms", "at µs"
    );
    for lines in 1..=4 {
        for ders in [2, 5, 10, 20, 50] {
            let case = ring(1, ders, lines);
            let system = System::new(&case, &RtSced::default()).expect("a network");
            let all: Vec<usize> = (0..lines).collect();
            let equivalent = Equivalent::new(&system, 0, &all).expect("an equivalent");
            let bid = &equivalent.bid;
            let limit = 300_000;
            let pieces = bid.pieces(limit);
            let count = pieces
                .as_ref()
                .map_or("-".to_string(), |p| p.len().to_string());
            let (mut listed, mut facets) = (f64::NAN, f64::NAN);
            if pieces.is_ok() {
                listed = median_ms(5, || bid.pieces(limit));
                facets = median_ms(5, || bid.facets(limit));
            }
            let middle: Vec<f64> = bid
                .generators()
                .iter()
                .map(|g| 0.4 * g.lower + 0.6 * g.upper)
                .collect();
            let point = bid.point(&middle);
            let at = median_ms(51, || bid.at(&point)) * 1e3;
            println!("{ders:>6}{lines:>7}{count:>10}{listed:>12.3}{facets:>12.3}{at:>12.1}");
        }
    }
    println!(
        "\n{:>12}{:>6}{:>4}{:>12}",
        "aggregators", "lines", "M", "one interval, ms"
    );
    for aggregators in [1, 2, 4] {
        let case = ring(aggregators, 6, 2);
        let lines: Vec<String> = case
            .branches
            .iter()
            .filter(|b| b.max_p_mw.is_some())
            .map(|b| b.id.clone())
            .collect();
        let params = |method: Method, m: u32| RtSced {
            method,
            intervals: 1,
            equivalent: NetworkEquivalent {
                lines: CriticalLines::Given,
                critical_lines: case
                    .aggregators
                    .iter()
                    .enumerate()
                    .map(|(a, g)| (g.id.clone(), Lines::One(lines[a % lines.len()].clone())))
                    .collect(),
                m,
                rectangle: Rectangle::Tight,
                ..NetworkEquivalent::default()
            },
            ..RtSced::default()
        };
        let system = System::new(&case, &params(Method::Optimal, 4)).expect("a network");
        for (method, m) in [
            (Method::ExactCurve, 0),
            (Method::UnionJack, 3),
            (Method::UnionJack, 4),
            (Method::UnionJack, 5),
            (Method::UnionJack, 6),
        ] {
            let params = params(method, m);
            let process = rt_sced::roll::Process::start(&system, &params).expect("a start");
            let mut cost = f64::NAN;
            let ms = median_ms(11, || {
                let mut process = process.clone();
                if let Ok(i) = process.step(&system, &params, 0) {
                    cost = i.cost_usd_per_h
                }
            });
            println!(
                "{aggregators:>12}{:>6}{m:>4}{ms:>12.3}   {cost:.3}",
                lines.len()
            );
        }
    }
    for preset in [
        "zuo-4node-exact",
        "zuo-4node-union-jack-m4",
        "zuo-30bus-exact",
        "zuo-30bus-proposed",
    ] {
        let scenario = tandem::scenario::gallery::scenario(preset).expect("a preset");
        let ms = median_ms(11, || tandem::run::run(&scenario));
        println!("{preset:30} {ms:>10.3} ms");
    }
}
