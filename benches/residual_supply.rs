//! Residual supply functions: the time of all functions of a country and of the whole report, how it
//! grows with feeders and points, adaptive points against the published even grid, and a prepared
//! feeder problem against one written anew.
//!
//! Small synthetic cases; `cargo bench --bench residual_supply -- --full` takes the countries at their
//! published size and draws `docs/residual-supply-scaling-*.svg`; a word (`prepared`, `grids`, `points`,
//! `feeders`, `countries`) takes that part alone.

mod plot;

use std::hint::black_box;
use std::time::Instant;

use plot::{Line, draw};
use tandem::case::Case;
use tandem::case::synthetic::{Country, smartnet};
use tandem::market::residual_supply::build;
use tandem::market::residual_supply::evaluator::Evaluator;
use tandem::market::residual_supply::system::{Kind, System};
use tandem::market::residual_supply::{Grid, ResidualSupply, clear};
use tandem::market::run;
use tandem::network::formulation::feeder::Physics;
use tandem::report::Report;

/// Seed of the built-in cases.
const SEED: u64 = 1;

/// What the presets ask: functions certified to 1 $, 30 points at most.
fn params() -> ResidualSupply {
    let mut params = ResidualSupply {
        physics: Physics::BranchFlow,
        ..ResidualSupply::default()
    };
    params.rsf.gap_usd = 1.0;
    params.rsf.max_points = 30;
    params
}

fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let made = black_box(work());
    (start.elapsed().as_secs_f64(), made)
}

fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().expect("threads").install(work)
}

fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

fn head(cells: &[&str]) {
    println!(
        "\n| {} |\n|{}",
        cells.join(" | "),
        "---|".repeat(cells.len())
    );
}

/// Seconds of all functions, and the problems solved for them.
fn curves(case: &Case, params: &ResidualSupply) -> (f64, usize) {
    let system = System::new(case).expect("a case");
    let admitted = vec![true; system.balancing.bids.len()];
    let (time, curves) = seconds(|| clear::curves(&system, params, &admitted));
    let curves = curves.expect("functions");
    (time, curves.iter().flatten().map(|c| c.evaluations).sum())
}

fn number(report: &Report, id: &str) -> f64 {
    let quantity = report.summary.iter().find(|q| q.id == id);
    quantity.and_then(|q| q.value).unwrap_or(f64::NAN)
}

fn countries(full: bool) {
    println!("\n## Countries");
    head(&[
        "case",
        "threads",
        "functions s",
        "problems",
        "ms each",
        "whole report s",
        "cost $",
        "certified",
        "without an answer MWh",
    ]);
    let sizes: &[(Country, f64)] = if full {
        &[
            (Country::MediumIt, 1.0),
            (Country::Italy1, 1.0),
            (Country::Denmark, 1.0),
        ]
    } else {
        &[(Country::MediumIt, 1.0), (Country::Denmark, 0.05)]
    };
    for &(country, scale) in sizes {
        let case = smartnet(country, SEED, scale);
        for threads in [1, 2] {
            let (time, problems) = on(threads, || curves(&case, &params()));
            let (whole, report) = on(threads, || seconds(|| run(&case, &params())));
            let report = report.expect("a report");
            let proofs = &report.certificates;
            let certified = proofs.iter().filter(|c| c.certified).count();
            row(&[
                format!("`{}` × {scale}", country.id()),
                threads.to_string(),
                format!("{time:.1}"),
                problems.to_string(),
                format!("{:.1}", 1e3 * time * threads as f64 / problems as f64),
                format!("{whole:.1}"),
                format!("{:.2}", number(&report, "cost")),
                format!("{certified} of {}", proofs.len()),
                format!("{:.4}", number(&report, "unserved")),
            ]);
        }
    }
}

/// Feeders of a case, and seconds for their functions on two threads.
fn with_feeders(full: bool) -> Vec<(f64, f64)> {
    println!("\n## Feeders (Denmark, two threads)");
    head(&["feeders", "functions s", "problems", "s per feeder"]);
    let scales: &[f64] = if full {
        &[0.1, 0.2, 0.4, 0.6, 0.8, 1.0]
    } else {
        &[0.03, 0.06, 0.1]
    };
    let mut found = Vec::new();
    for &scale in scales {
        let case = smartnet(Country::Denmark, SEED, scale);
        let feeders = case.feeders.len();
        let (time, problems) = on(2, || curves(&case, &params()));
        row(&[
            feeders.to_string(),
            format!("{time:.2}"),
            problems.to_string(),
            format!("{:.2}", time / feeders as f64),
        ]);
        found.push((feeders as f64, time));
    }
    found
}

/// Points of the even grid, and seconds for the functions of MediumIt's feeders on two threads.
fn with_points(full: bool) -> Vec<(f64, f64)> {
    println!("\n## Points (even grid, MediumIt, two threads)");
    head(&["points per feeder", "functions s"]);
    let points: &[u32] = if full {
        &[10, 20, 40, 80, 160]
    } else {
        &[5, 10, 20]
    };
    let case = smartnet(Country::MediumIt, SEED, 1.0);
    let mut found = Vec::new();
    for &points in points {
        let mut params = params();
        params.rsf.grid = Grid::Uniform;
        params.rsf.points = points;
        let (time, _) = on(2, || curves(&case, &params));
        row(&[points.to_string(), format!("{time:.2}")]);
        found.push((f64::from(points), time));
    }
    found
}

/// Points and time until a gap is certified: where the error is largest, and on the even grid with
/// its points doubled until then.
fn grids(full: bool) {
    println!("\n## Adaptive against even points at the same certified gap (MediumIt)");
    head(&[
        "gap $",
        "feeder",
        "adaptive points",
        "s",
        "even points",
        "s",
        "points ratio",
        "time ratio",
    ]);
    let most = if full { 640 } else { 80 };
    let case = smartnet(Country::MediumIt, SEED, 1.0);
    let system = System::new(&case).expect("a case");
    let admitted = vec![true; system.balancing.bids.len()];
    for gap in if full { vec![10.0, 1.0] } else { vec![10.0] } {
        for a in system.exporting() {
            let mut rsf = params().rsf;
            rsf.gap_usd = gap;
            rsf.max_points = 1000;
            let params = params();
            let view = clear::common(&params, &[], &admitted);
            let (ours, curve) = seconds(|| build::curve(&system, a, view, &rsf));
            let curve = curve.expect("a function");
            rsf.grid = Grid::Uniform;
            rsf.points = 20;
            let (mut time, mut even) = seconds(|| build::curve(&system, a, view, &rsf));
            while even.as_ref().is_ok_and(|c| c.gap_usd > gap) && rsf.points < most {
                rsf.points *= 2;
                (time, even) = seconds(|| build::curve(&system, a, view, &rsf));
            }
            let reached = even.as_ref().is_ok_and(|c| c.gap_usd <= gap);
            let than = if reached { "" } else { "> " };
            row(&[
                format!("{gap} ({:.3})", curve.gap_usd),
                system.areas[a].id.clone(),
                curve.samples.len().to_string(),
                format!("{ours:.2}"),
                format!("{than}{}", rsf.points),
                format!("{than}{time:.2}"),
                format!(
                    "{than}{:.1}",
                    f64::from(rsf.points) / curve.samples.len() as f64
                ),
                format!("{than}{:.1}", time / ours),
            ]);
        }
    }
}

/// The feeder problems of MediumIt at 20 exports: one prepared problem each, and written anew.
fn prepared() {
    println!("\n## A feeder problem prepared once, and written anew (MediumIt, 20 exports)");
    head(&[
        "feeder",
        "prepared ms",
        "anew ms",
        "ratio",
        "iterations",
        "retries",
    ]);
    let case = smartnet(Country::MediumIt, SEED, 1.0);
    let system = System::new(&case).expect("a case");
    let admitted = vec![true; system.balancing.bids.len()];
    let params = params();
    let view = clear::common(&params, &[], &admitted);
    for a in system.exporting() {
        if !matches!(system.areas[a].kind, Kind::Feeder { .. }) {
            continue;
        }
        let reach = 0.5 * system.areas[a].reach_mw(&system, params.physics);
        let exports: Vec<Vec<f64>> = (0..20)
            .map(|k| vec![reach * (f64::from(k) / 9.5 - 1.0); system.periods])
            .collect();
        let new = || Evaluator::new(&system, a, view, params.rsf.variant).expect("a problem");
        let mut kept = new();
        let (prepared, _) = seconds(|| {
            for export in &exports {
                let _ = black_box(kept.at(export));
            }
        });
        let (anew, _) = seconds(|| {
            for export in &exports {
                let _ = black_box(new().at(export));
            }
        });
        let each = 1e3 / exports.len() as f64;
        row(&[
            system.areas[a].id.clone(),
            format!("{:.1}", prepared * each),
            format!("{:.1}", anew * each),
            format!("{:.2}", anew / prepared),
            format!(
                "{:.1}",
                f64::from(kept.effort.iterations) / exports.len() as f64
            ),
            kept.effort.retries.to_string(),
        ]);
    }
}

/// Of the plots.
const TITLE: &str = "Time of all residual supply functions";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let full = args.iter().any(|arg| arg == "--full");
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let asked = |name: &str| names.is_empty() || names.iter().any(|n| *n == name);
    if asked("prepared") {
        prepared();
    }
    if asked("grids") {
        grids(full);
    }
    if asked("points") {
        let points = with_points(full);
        if full {
            let name = "residual-supply-scaling-points";
            draw(
                name,
                TITLE,
                "points per feeder",
                &[Line {
                    name: "time",
                    points: &points,
                }],
            );
        }
    }
    if asked("feeders") {
        let feeders = with_feeders(full);
        if full {
            let name = "residual-supply-scaling-feeders";
            draw(
                name,
                TITLE,
                "feeders",
                &[Line {
                    name: "time",
                    points: &feeders,
                }],
            );
        }
    }
    if asked("countries") {
        countries(full);
    }
}
