//! Feeder cones as large and as badly scaled as the published ones are solved, every one.
//!
//! `TANDEM_STRESS=50 cargo test --release --test network conic_stress -- --nocapture` runs that
//! many feeders instead of two and prints what the solves took.

use crate::testing::feeders::random_program;
use tandem::opt::certify;
use tandem::opt::conic::Session;

#[test]
fn bids_from_a_hundred_thousandth_to_600_mw() {
    let feeders = std::env::var("TANDEM_STRESS").map_or(2, |n| n.parse().unwrap());
    let exports: &[f64] = if feeders > 2 {
        &[-20.0, -8.0, -3.0, -1.0, 0.0, 0.5, 2.0, 5.0, 12.0]
    } else {
        &[0.0, 5.0]
    };
    let (mut solves, mut retried, mut iterations, mut failed) = (0, 0, 0, Vec::new());
    for seed in 0..feeders {
        let mut random = fastrand::Rng::with_seed(seed);
        let program = random_program(&mut random, 40, 4, 0.0);
        let mut session = Session::new(program.model).unwrap();
        for &export in exports {
            for &(_, row) in &program.export {
                session.set_limits(row, export, export);
            }
            let outcome = session.solve();
            solves += 1;
            let effort = session.effort();
            iterations += effort.iterations;
            if effort.retries > 0 {
                retried += 1;
                println!("seed {seed}, export {export}: {effort:?}");
            }
            match outcome {
                Ok(solution) => {
                    let proof = certify(
                        "feeder",
                        session.model(),
                        &solution.x,
                        solution.duals.as_ref(),
                    );
                    assert!(proof.certified, "seed {seed}, export {export}: {proof:?}");
                }
                other => failed.push(format!("seed {seed}, export {export}: {other:?}")),
            }
        }
    }
    println!(
        "{solves} solves, {retried} with retries, {} failed, {:.1} iterations each",
        failed.len(),
        f64::from(iterations) / f64::from(solves)
    );
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
