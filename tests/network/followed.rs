//! Optima of feeders followed over their exports, beside the interior point.

use crate::testing::feeders::{baran_wu, random_program};
use tandem::opt::conic::{self, Session};
use tandem::opt::{Row, Solution};

/// Costs and prices of the 33-bus feeder from one end of its exports to the other, beside the interior point, and
/// most of them without it.
#[test]
fn a_feeder_is_followed_over_its_exports() {
    let program = baran_wu(-4.4);
    let row = program.export[0].1;
    let mut session = Session::new(program.model).unwrap();
    let mut known = session.solve().unwrap();
    let mut by_newton = 0;
    for k in 1..=40 {
        let export = -4.4 + 0.1 * f64::from(k);
        session.set_limits(row, export, export);
        known = session.solve_from(&known).unwrap();
        by_newton += u32::from(session.effort().iterations == 0);
        let other = conic::solve(session.model()).unwrap();
        let off = (known.objective - other.objective).abs();
        assert!(
            off < 1e-5 * (1.0 + other.objective.abs()),
            "{export}: {off}"
        );
        let price = |s: &Solution| s.duals.as_ref().unwrap().rows[row.0];
        let off = (price(&known) - price(&other)).abs();
        assert!(off < 1e-3, "{export}: {off} $/MWh");
    }
    assert!(by_newton > 30, "{by_newton} of 40");
}

/// Random feeders with lines without load, bids of 10 W, and two periods.
#[test]
fn random_feeders_cost_what_the_interior_point_says() {
    let (mut by_newton, mut all) = (0, 0);
    for seed in 0..12 {
        let mut random = fastrand::Rng::with_seed(seed);
        let program = random_program(&mut random, 12, 1 + seed as usize % 2, 0.0);
        let rows: Vec<Row> = program.export.iter().map(|e| e.1).collect();
        let mut session = Session::new(program.model).unwrap();
        let Ok(mut known) = session.solve() else {
            continue;
        };
        for step in [0.01, 0.02, 0.06, -0.04, -0.3] {
            for &row in &rows {
                session.set_limits(row, step, step);
            }
            let Ok(other) = session.solve() else { continue };
            known = session.solve_from(&known).unwrap();
            all += 1;
            by_newton += u32::from(session.effort().iterations == 0);
            let off = (known.objective - other.objective).abs();
            assert!(off < 2e-6 * (1.0 + other.objective.abs()), "{seed}: {off}");
        }
    }
    assert!(all > 50 && 3 * by_newton > all, "{by_newton} of {all}");
}
