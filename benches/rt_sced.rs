//! Whole reports, from the scenario to the last table: median milliseconds natively.
//!
//! `cargo bench --bench rt_sced`

use std::time::Instant;

use tandem::chart::{View, draw};
use tandem::map::map;
use tandem::report::map::{Asked, Axis};
use tandem::run::run;
use tandem::scenario::{Scenario, gallery, path};
use tandem::session::Session;

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

/// Maps of one dispatch: the load at bus 24 of thirty, by the limit of a line and by the price of a generator.
fn maps() {
    println!("\n{:38}{:>10}{:>12}", "map", "regions", "median ms");
    let Ok(session) = Session::preset("zuo-30bus-optimal") else {
        return;
    };
    let axis = |field: &str, from: f64, to: f64| Axis {
        field: field.into(),
        from,
        to,
    };
    for y in [
        axis("case.branches.24-25.max_p_mw", 1.0, 13.0),
        axis("case.generators.G1.offer.0.usd_per_mwh", 1.0, 4.0),
    ] {
        let asked = Asked {
            x: axis("case.loads.L24.p_mw", 0.0, 30.0),
            y,
            bus: "24".into(),
            step: 1,
        };
        let Ok(found) = map(&session, &asked) else {
            println!("{}: no map", asked.y.field);
            continue;
        };
        let ms = median_ms(|| drop(map(&session, &asked)), 25);
        println!("{:38}{:>10}{ms:>12.3}", asked.y.field, found.places.len());
    }
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
    maps();
}
