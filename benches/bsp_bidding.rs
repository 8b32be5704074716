//! Best bids of a provider: the 24 hours of the instance K33, and how time and nodes grow with
//! resources, by branching on complementarity, by one mixed-integer program and by candidate prices.
//!
//! The mixed-integer programs are written to `target/bench-lps/bsp` for HiGHS to solve:
//! `python benches/bsp_highs.py`.

#[path = "../tests/bsp_bidding/random.rs"]
mod support;

mod plot;

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use tandem::case::builtin;
use tandem::market::bsp_bidding::clear::Bids;
use tandem::market::bsp_bidding::kkt::Kkt;
use tandem::market::bsp_bidding::player::Player;
use tandem::market::bsp_bidding::strategy::{Answer, answer, room};
use tandem::market::bsp_bidding::system::{Hour, System};
use tandem::market::bsp_bidding::{BspBidding, Method, milp};
use tandem::market::{Failure, run};
use tandem::opt::lp_file;

fn seconds<T>(mut work: impl FnMut() -> T) -> (T, f64) {
    let mut times = Vec::new();
    let mut last = None;
    let began = Instant::now();
    while times.len() < 5 && (times.is_empty() || began.elapsed().as_secs_f64() < 3.0) {
        let start = Instant::now();
        last = Some(work());
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let middle = times[times.len() / 2];
    (last.expect("done once"), middle)
}

fn best(hour: &Hour, own: &[bool], method: Method, node_limit: u32) -> Result<Answer, Failure> {
    let params = BspBidding {
        node_limit,
        ..BspBidding::default()
    };
    answer(hour, &Bids::truthful(hour), own, &params, method)
}

fn main() {
    let case = builtin("khojasteh-k33").expect("built in");
    let system = System::new(&case).expect("a market");
    let own = system.owned(0);
    println!("K33, 24 hours");
    for method in [Method::Branching, Method::Milp, Method::Enumeration] {
        let (profit, took) = seconds(|| -> f64 {
            let hours = system.hours.iter();
            hours
                .map(|hour| best(hour, &own, method, 200_000).expect("solved").profit)
                .sum()
        });
        println!("  {method:?}: {:.2} ms, profit {profit:.4} $", took * 1e3);
    }
    let params = BspBidding::default();
    let (_, took) = seconds(|| run(&case, &params).expect("a report"));
    println!("  whole report: {:.1} ms", took * 1e3);

    let folder = Path::new("target/bench-lps/bsp");
    std::fs::create_dir_all(folder).expect("a folder");
    let mut list = String::from("name,objective,branching_us,milp_us\n");
    println!(
        "Growth: resources, limits, pairs; ms and nodes of branching, ms of the integer program"
    );
    for resources in [4_usize, 6, 8, 12, 16, 20, 25, 30] {
        for seed in 0..3 {
            let case = support::random_case(7_000 + seed, resources, 1);
            let system = System::new(&case).expect("a market");
            let hour = &system.hours[0];
            let own = system.owned(0);
            let (found, took) =
                seconds(|| best(hour, &own, Method::Branching, 20_000).expect("solved"));
            let (bids, params) = (Bids::truthful(hour), BspBidding::default());
            let kkt = Kkt::new(&Player {
                hour,
                bids: &bids,
                own: &own,
                room: &room(hour, &params),
                expected: None,
                pay_as_bid: false,
            });
            let name = format!("k{resources}-{seed}");
            let whole = milp::program(&kkt);
            std::fs::write(folder.join(format!("{name}.lp")), lp_file::write(&whole))
                .expect("written");
            let pairs = kkt.pairs.len();
            // Plain branch and bound takes minutes on the large ones.
            let by_milp = (pairs <= 70).then(|| seconds(|| best(hour, &own, Method::Milp, 3_000)));
            let milp = match &by_milp {
                Some((Ok(answer), took)) if !answer.stopped => {
                    assert!(
                        (answer.profit - found.profit).abs() < 1e-5 * (1.0 + found.profit.abs())
                    );
                    format!("{:9.1}", took * 1e3)
                }
                Some((_, took)) => format!("{:9.1} stopped", took * 1e3),
                None => "        -".into(),
            };
            println!(
                "  {name:8} {:3} limits {pairs:4} pairs {:9.2} ms {:6} nodes{} {milp} ms",
                hour.limits.len(),
                took * 1e3,
                found.nodes,
                if found.stopped {
                    format!(" gap {:.4}", found.bound - found.profit)
                } else {
                    String::new()
                },
            );
            let milp_us = by_milp.map_or(f64::NAN, |(_, t)| t * 1e6);
            let _ = writeln!(list, "{name},{},{},{milp_us}", -found.profit, took * 1e6);
        }
    }
    std::fs::write(folder.join("ours.csv"), &list).expect("written");
    drawn(folder, &list);
}

/// Draws medians by the number of resources, beside those of HiGHS on the programs of an earlier run.
fn drawn(folder: &Path, ours: &str) {
    let medians = |text: &str, column: usize, scale: f64| -> Vec<(f64, f64)> {
        let mut by: std::collections::BTreeMap<u32, Vec<f64>> = std::collections::BTreeMap::new();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let size = cells[0].trim_start_matches('k').split('-').next();
            let size = size.and_then(|s| s.parse().ok());
            let time = cells.get(column).and_then(|c| c.parse::<f64>().ok());
            if let (Some(size), Some(time)) = (size, time) {
                by.entry(size).or_default().push(time * scale);
            }
        }
        let middle = |mut times: Vec<f64>| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        };
        by.into_iter()
            .map(|(size, times)| (f64::from(size), middle(times)))
            .collect()
    };
    let branching = medians(ours, 2, 1e-6);
    let highs = std::fs::read_to_string(folder.join("highs.csv")).unwrap_or_default();
    let highs = medians(&highs, 1, 1e-3);
    for (size, time) in &branching {
        let theirs = highs.iter().find(|(s, _)| s == size);
        let theirs = theirs.map_or("not taken".into(), |(_, t)| {
            format!("{:.1} ms, {:.1} times ours", t * 1e3, t / time)
        });
        println!(
            "  {size:3} resources: median {:.2} ms; HiGHS {theirs}",
            time * 1e3
        );
    }
    let lines = [
        plot::Line {
            name: "branching on complementarity",
            points: &branching,
        },
        plot::Line {
            name: "HiGHS",
            points: &highs,
        },
    ];
    let title = "Time of one hour's best bids, median of three";
    plot::draw("bsp-bidding-scaling", title, "resources", &lines);
}
