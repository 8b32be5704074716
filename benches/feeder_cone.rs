//! A feeder's cone program solved again and again with another export: one prepared session
//! against a model set up anew every time, and against optima followed from one to the next.
//! Prints milliseconds per solve and their ratio.

#[path = "../tests/testing/feeders.rs"]
mod feeders;

use feeders::{FeederProgram, baran_wu, random_program};
use std::hint::black_box;
use std::time::Instant;
use tandem::opt::conic::{self, Session};
use tandem::opt::{Outcome, Row};

const SOLVES: usize = 50;

/// Costs at the exports from `low` to `high`, and milliseconds per solve.
fn run(low: f64, high: f64, mut solve: impl FnMut(f64) -> Outcome) -> (Vec<f64>, f64) {
    let start = Instant::now();
    let costs = (0..SOLVES)
        .map(|k| {
            let export = low + (high - low) * k as f64 / (SOLVES - 1) as f64;
            black_box(solve(export))
                .expect("slack leaves no export out")
                .objective
        })
        .collect();
    (costs, start.elapsed().as_secs_f64() * 1e3 / SOLVES as f64)
}

fn compare(name: &str, program: FeederProgram, (low, high): (f64, f64)) {
    let rows: Vec<Row> = program.export.iter().map(|e| e.1).collect();
    let mut model = program.model.clone();
    let (fresh, anew) = run(low, high, |export| {
        for &row in &rows {
            model.set_limits(row, export, export);
        }
        conic::solve(&model)
    });
    let mut session = Session::new(program.model).expect("a convex model");
    let (mut iterations, mut retries) = (0, 0);
    let (again, prepared) = run(low, high, |export| {
        for &row in &rows {
            session.set_limits(row, export, export);
        }
        let outcome = session.solve();
        iterations += session.effort().iterations;
        retries += session.effort().retries;
        outcome
    });
    let mut known = session.solve().expect("an optimum");
    let mut by_newton = 0;
    let (near, followed) = run(low, high, |export| {
        for &row in &rows {
            session.set_limits(row, export, export);
        }
        let outcome = session.solve_from(&known);
        by_newton += usize::from(session.effort().iterations == 0);
        if let Ok(found) = &outcome {
            known = found.clone();
        }
        outcome
    });
    for (ours, theirs) in again.iter().chain(&near).zip(fresh.iter().chain(&fresh)) {
        assert!(
            (ours - theirs).abs() < 1e-5 * (1.0 + theirs.abs()),
            "{ours} {theirs}"
        );
    }
    println!(
        "{name}: {} variables, {} rows, {} cones",
        model.vars().len(),
        model.rows().len(),
        model.cones().len()
    );
    println!("  anew      {anew:8.2} ms a solve");
    println!(
        "  prepared  {prepared:8.2} ms a solve, {:.2} times as fast",
        anew / prepared
    );
    println!(
        "  followed  {followed:8.2} ms a solve, {:.2} times as fast, {by_newton} of {SOLVES} by Newton's method",
        anew / followed
    );
    println!(
        "  {:.1} iterations a solve, retries: {retries}",
        f64::from(iterations) / SOLVES as f64
    );
}

fn main() {
    compare("baran-wu-33", baran_wu(0.0), (-4.5, -0.5));
    let mut random = fastrand::Rng::with_seed(40);
    let program = random_program(&mut random, 40, 4, 0.0);
    compare("40 buses, 4 periods", program, (-10.0, 10.0));
}
