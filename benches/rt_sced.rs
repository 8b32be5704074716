//! Whole reports, from the scenario to the last table: median milliseconds natively.
//!
//! `cargo bench --bench rt_sced`

use std::time::Instant;

use tandem::chart::{View, draw};
use tandem::run::run;
use tandem::scenario::{Scenario, gallery, path};

fn scenario(preset: &str, intervals: usize) -> Option<Scenario> {
    let mut value = gallery::document(preset).ok()?.to_value();
    path::set_value(&mut value, "mechanism.intervals", intervals.into(), &[]).ok()?;
    Scenario::from_value(value).ok()
}

fn median_ms(mut work: impl FnMut(), rounds: usize) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[rounds / 2]
}

fn main() {
    println!(
        "{:26}{:>10}{:>12}",
        "whole report", "intervals", "median ms"
    );
    let cases = [
        ("zuo-4node", 24),
        ("zuo-4node-se", 24),
        ("zuo-30bus", 288),
        ("zuo-30bus-se", 288),
        ("zuo-30bus-optimal", 288),
    ];
    for (preset, intervals) in cases {
        let Some(scenario) = scenario(preset, intervals) else {
            println!("{preset}: does not open");
            continue;
        };
        let ms = median_ms(|| drop(run(&scenario)), 25);
        println!("{preset:26}{intervals:>10}{ms:>12.3}");
    }
    println!("\n{:26}{:>10}{:>12}", "chart", "intervals", "median ms");
    for (preset, intervals, chart) in [
        ("zuo-4node", 6, "dispatch"),
        ("zuo-4node", 6, "cobweb"),
        ("zuo-30bus", 288, "dispatch"),
        ("zuo-30bus", 288, "lmp_by_bus"),
    ] {
        let Some(report) = scenario(preset, intervals).and_then(|s| run(&s).ok()) else {
            println!("{preset}: does not run");
            continue;
        };
        let view = View {
            cursor: Some(0),
            ..View::default()
        };
        let ms = median_ms(|| drop(draw(&report, chart, &view)), 50);
        println!(
            "{:26}{intervals:>10}{ms:>12.3}",
            format!("{preset} {chart}")
        );
    }
}
