//! Whole bids and their conditions against trying every choice, the explicit way.

use crate::testing::near::{at_most, relatively_near};
use fastrand::Rng;

use super::indivisible::{self, choices, fixed, switches};
use super::random::between;
use tandem::case::Case;
use tandem::case::balancing::HalfPlane;
use tandem::market::residual_supply::clear;
use tandem::market::residual_supply::evaluator::Evaluator;
use tandem::market::residual_supply::program::{Export, write};
use tandem::market::residual_supply::schemes::{self, admitted};
use tandem::market::residual_supply::settlement::settle;
use tandem::market::residual_supply::system::System;
use tandem::market::residual_supply::{Grid, ResidualSupply, Rsf, Scheme, Settlement, Variant};
use tandem::network::formulation::feeder::Physics;
use tandem::opt::diving;
use tandem::opt::{Failure, Model, certify, simplex, solve_priced};

fn params(physics: Physics, variant: Variant) -> ResidualSupply {
    ResidualSupply {
        physics,
        rsf: Rsf {
            variant,
            max_points: 12,
            ..Rsf::default()
        },
        ..ResidualSupply::default()
    }
}

/// The program of an area: everything, or the feeder with its export fixed.
fn program(system: &System, physics: Physics, export: Option<&[f64]>) -> Model {
    let params = params(physics, Variant::Relaxed);
    let all = admitted(system, Scheme::Common);
    let view = clear::common(&params, &[], &all);
    match export {
        None => write(system, 0, view, Export::None).model,
        Some(at) => write(system, 1, view, Export::Fixed(at)).model,
    }
}

/// Least cost over every choice of binaries, each a program without any.
fn best_of_all(case: &Case, physics: Physics, export: Option<&[f64]>) -> f64 {
    let mut best = f64::INFINITY;
    for choice in choices(switches(case).len()) {
        let Some((edited, usd)) = fixed(case, &choice) else {
            continue;
        };
        let usd = usd[1] + if export.is_none() { usd[0] } else { 0.0 };
        let system = System::new(&edited).unwrap();
        let model = program(&system, physics, export);
        assert!(!model.has_integers());
        let solved = if model.cones().is_empty() {
            simplex::solve(&model)
        } else {
            solve_priced(&model)
        };
        match solved {
            // Costs of what is fixed are outside of the edited case.
            Ok(solution) => best = best.min(solution.objective + usd),
            Err(Failure::Infeasible) => {}
            other => panic!("{other:?}"),
        }
    }
    best
}

/// Cases with at most `most` binaries to enumerate, with their seeds.
fn cases(seed: u64, count: usize, periods: usize, most: usize) -> Vec<(u64, Case)> {
    (seed..)
        .map(|s| (s, indivisible::random_case(&mut Rng::with_seed(s), periods)))
        .filter(|(_, case)| (2..=most).contains(&switches(case).len()))
        .take(count)
        .collect()
}

#[test]
fn the_search_finds_the_best_of_all_choices() {
    for (periods, count, most) in [(1, 8, 6), (2, 5, 6), (3, 4, 7)] {
        for (seed, case) in cases(1000 * periods as u64, count, periods, most) {
            let what = format!("seed {seed}, {periods} periods");
            let system = System::new(&case).unwrap();
            let found = diving::solve(&program(&system, Physics::Lossless, None)).unwrap();
            assert!(found.exact, "{what}");
            let best = best_of_all(&case, Physics::Lossless, None);
            relatively_near(&what, found.solution.objective, best, 1e-7);
            relatively_near(&what, found.bound, best, 1e-7);
            let proof = certify(
                what.clone(),
                &found.fixed,
                &found.solution.x,
                found.solution.duals.as_ref(),
            );
            assert!(proof.certified, "{what}: {proof:?}");
        }
    }
}

#[test]
fn the_cost_of_an_export_is_that_of_the_best_choice() {
    for (periods, count) in [(1, 5), (2, 3)] {
        for (seed, case) in cases(5000 * periods as u64, count, periods, 5) {
            let system = System::new(&case).unwrap();
            let params = params(Physics::Lossless, Variant::ConvexHull);
            let all = admitted(&system, Scheme::Rsf);
            let view = clear::common(&params, &[], &all);
            let mut evaluator = Evaluator::new(&system, 1, view, Variant::ConvexHull).unwrap();
            let mut rng = Rng::with_seed(seed);
            for _ in 0..3 {
                let at: Vec<f64> = (0..periods).map(|_| between(&mut rng, -0.8, 0.8)).collect();
                let what = format!("seed {seed}, {periods} periods, export {at:?}");
                let best = best_of_all(&case, Physics::Lossless, Some(&at));
                relatively_near(&what, evaluator.at(&at).unwrap().cost_usd, best, 1e-7);
            }
        }
    }
}

#[test]
fn rounding_is_feasible_and_between_its_bound_and_no_better_than_the_best() {
    for (periods, count) in [(1, 5), (2, 3)] {
        for (seed, case) in cases(20_000 * periods as u64, count, periods, 5) {
            let what = format!("seed {seed}, {periods} periods");
            let system = System::new(&case).unwrap();
            let model = program(&system, Physics::BranchFlow, None);
            assert!(!model.cones().is_empty() && model.has_integers(), "{what}");
            let found = diving::solve(&model).unwrap();
            assert!(!found.exact, "{what}");
            let whole = certify(what.clone(), &model, &found.solution.x, None);
            assert!(whole.certified, "{what}: {whole:?}");
            let best = best_of_all(&case, Physics::BranchFlow, None);
            at_most(&what, found.bound, best, 1e-6);
            at_most(&what, best, found.solution.objective, 1e-6);
        }
    }
    // So many blocks that no search is tried.
    let mut rng = Rng::with_seed(7);
    let case = indivisible::many_blocks(&mut rng, 90);
    let system = System::new(&case).unwrap();
    let model = program(&system, Physics::Lossless, None);
    let found = diving::solve(&model).unwrap();
    assert!(!found.exact);
    let proof = certify("many blocks", &model, &found.solution.x, None);
    assert!(proof.certified, "{proof:?}");
    at_most("many blocks", found.bound, found.solution.objective, 1e-9);
    // One block more or less than the relaxation: no more than the dearest block away.
    at_most(
        "many blocks",
        found.solution.objective,
        found.bound + 40.0,
        1e-9,
    );
}

#[test]
fn conditions_hold_over_several_periods_cleared_in_levels() {
    for periods in [2, 3] {
        for (seed, case) in cases(40_000, 2, periods, 9) {
            for variant in [
                Variant::Relaxed,
                Variant::ConvexHull,
                Variant::FixAndPrice,
                Variant::SafeChord,
            ] {
                let what = format!("seed {seed}, {periods} periods, {variant:?}");
                let system = System::new(&case).unwrap();
                let params = params(Physics::Lossless, variant);
                let best = schemes::run(&system, &params, Scheme::Common, Vec::new()).unwrap();
                let levels = schemes::run(&system, &params, Scheme::Rsf, Vec::new())
                    .unwrap_or_else(|why| panic!("{what}: {why}"));
                for proof in &levels.market.certificates {
                    assert!(proof.certified, "{what}: {proof:?}");
                }
                let cost = levels.market.cost_usd(&system);
                at_most(&what, best.market.cost_usd(&system), cost, 1e-7);
                indivisible::obeyed(&what, &case, &levels.market.dispatch.p_mw);
                let ledger = settle(&system, &levels.market, Settlement::Nodal);
                let parties = ledger.parties();
                let sum: f64 = parties.iter().map(|p| ledger.net_usd(p)).sum();
                relatively_near(&what, sum, 0.0, 1e-9);
            }
        }
    }
}

#[test]
fn reactive_power_stays_within_half_planes_and_discs() {
    for seed in 60_000..60_008 {
        for physics in [Physics::LinDistFlow, Physics::BranchFlow] {
            let what = format!("seed {seed}, {physics:?}");
            let mut rng = Rng::with_seed(seed);
            let mut case = indivisible::random_case(&mut rng, 1);
            let balancing = case.balancing.as_mut().unwrap();
            balancing.exclusive.clear();
            for bid in balancing.bids.iter_mut().filter(|b| b.bus != "T") {
                bid.reactive = true;
                bid.max_s_mva = rng.bool().then(|| between(&mut rng, 0.2, 0.9));
                let slope = between(&mut rng, -0.5, 0.5);
                let offset_mvar = between(&mut rng, 0.0, 0.1);
                for above in [true, false] {
                    bid.half_planes.push(HalfPlane {
                        slope,
                        offset_mvar: if above { -offset_mvar } else { offset_mvar },
                        above,
                    });
                }
                for segment in bid.offers.iter_mut().flat_map(|o| &mut o.segments) {
                    segment.indivisible = false;
                }
            }
            balancing.imbalances[1].q_mvar = vec![between(&mut rng, -0.3, 0.3)];
            let system = System::new(&case).unwrap();
            for scheme in [Scheme::Common, Scheme::Rsf] {
                let params = params(physics, Variant::Relaxed);
                let market = schemes::run(&system, &params, scheme, Vec::new())
                    .unwrap_or_else(|why| panic!("{what}: {why}"))
                    .market;
                let dispatch = &market.dispatch;
                let points = dispatch.p_mw.iter().zip(&dispatch.q_mvar);
                for (bid, (p, q)) in case.balancing.iter().flat_map(|b| &b.bids).zip(points) {
                    let (p, q) = (p[0], q[0]);
                    let size = bid.max_s_mva.unwrap_or(f64::INFINITY);
                    assert!(p.hypot(q) <= size + 1e-6, "{what}: {p}, {q} of {size}");
                    for plane in &bid.half_planes {
                        let over = q - plane.slope * p - plane.offset_mvar;
                        let inside = if plane.above { over } else { -over };
                        assert!(inside >= -1e-6, "{what}: {p}, {q}, {plane:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn hulls_lie_between_the_relaxation_and_the_cost_with_whole_bids() {
    for (seed, case) in cases(70_000, 4, 1, 6) {
        let what = format!("seed {seed}");
        let system = System::new(&case).unwrap();
        let all = admitted(&system, Scheme::Rsf);
        let curve = |variant: Variant| {
            let params = params(Physics::Lossless, variant);
            clear::curves(&system, &params, &all).unwrap()[1]
                .clone()
                .unwrap()
        };
        let (hull, relaxed) = (curve(Variant::ConvexHull), curve(Variant::Relaxed));
        let (low, high) = hull.range_mw(0);
        let params = params(Physics::Lossless, Variant::ConvexHull);
        let view = clear::common(&params, &[], &all);
        let mut evaluator = Evaluator::new(&system, 1, view, Variant::ConvexHull).unwrap();
        for k in 0..params.rsf.max_points {
            // The points at which it was sampled.
            let share = f64::from(k) / f64::from(params.rsf.max_points - 1);
            let e = low + (high - low) * share;
            let whole = evaluator.at(&[e]).unwrap().cost_usd;
            let drawn = hull.cost_at(&[e], system.hours);
            at_most(&format!("{what}, export {e}"), drawn, whole, 1e-7);
            let least = relaxed.cost_at(&[e], system.hours);
            let most = drawn + relaxed.gap_usd;
            at_most(&format!("{what}, export {e}, relaxed"), least, most, 1e-7);
        }
        ascends(&what, &hull.steps[0]);
        ascends(&what, &curve(Variant::FixAndPrice).steps[0]);
    }
}

fn ascends(what: &str, steps: &[tandem::market::residual_supply::curve::Step]) {
    for pair in steps.windows(2) {
        assert!(
            pair[0].usd_per_mwh < pair[1].usd_per_mwh,
            "{what}: {steps:?}"
        );
    }
}

#[test]
fn safe_chords_never_sell_below_cost() {
    for grid in [Grid::Adaptive, Grid::Uniform] {
        let mut known = cases(80_000, 3, 1, 6);
        // Without further rounds this one clears between samples, at a loss.
        known.extend(cases(90_037, 1, 1, 6));
        for (seed, case) in known {
            for rounds in [0, 20] {
                let what = format!("seed {seed}, {grid:?}, {rounds} rounds");
                let system = System::new(&case).unwrap();
                let all = admitted(&system, Scheme::Rsf);
                let mut params = params(Physics::Lossless, Variant::SafeChord);
                (params.rsf.grid, params.rsf.points) = (grid, 12);
                params.rsf.rounds = rounds;
                let view = clear::common(&params, &[], &all);
                let mut evaluator = Evaluator::new(&system, 1, view, Variant::SafeChord).unwrap();
                let market = schemes::run(&system, &params, Scheme::Rsf, Vec::new())
                    .unwrap()
                    .market;
                let curve = market.curves[1].as_ref().unwrap();
                ascends(&what, &curve.steps[0]);
                for sample in &curve.samples {
                    let e = &sample.export_mw;
                    let achieved = evaluator.at(e).unwrap().cost_usd;
                    let drawn = curve.cost_at(e, system.hours);
                    at_most(&format!("{what}, export {e:?}"), achieved, drawn, 1e-7);
                }
                // Between samples a block may cost more than the chord; the rounds end at one.
                let e = market.dispatch.export_mw[1][0];
                let sampled = |s: &f64| (s - e).abs() < 1e-9 * (1.0 + e.abs());
                let at_sample = curve.samples.iter().any(|s| sampled(&s.export_mw[0]));
                assert!(rounds == 0 || at_sample, "{what}: still moving");
                if at_sample {
                    let (achieved, promised) = market.promised[1];
                    at_most(&what, achieved, promised, 1e-7);
                }
            }
        }
    }
}
