//! Mixed-integer programs against enumeration.

use fastrand::Rng;
use tandem::opt::{Constraint, DualFace, Failure, Model, Var, certify, simplex};

const INF: f64 = f64::INFINITY;
const SEED: u64 = 20_260_714;

#[test]
fn knapsacks_equal_enumeration() {
    let mut random = Rng::with_seed(SEED);
    for case in 0..60 {
        let n = random.usize(1..13);
        let weights: Vec<f64> = (0..n).map(|_| f64::from(random.u8(1..30))).collect();
        let values: Vec<f64> = (0..n).map(|_| f64::from(random.u8(1..30))).collect();
        let room = weights.iter().sum::<f64>() * random.f64();
        let mut model = Model::new(format!("knapsack {case}"));
        for (j, value) in values.iter().enumerate() {
            model.integer(format!("take{j}"), 0.0, 1.0, -value);
        }
        let terms = weights.iter().enumerate().map(|(j, &w)| (Var(j), w));
        model.row("room", terms, -INF, room);
        let best = (0..1_u32 << n)
            .filter_map(|set| {
                let sum = |of: &[f64]| -> f64 {
                    (0..n).filter(|j| set >> j & 1 == 1).map(|j| of[j]).sum()
                };
                (sum(&weights) <= room).then(|| sum(&values))
            })
            .fold(0.0, f64::max);
        let Ok(solution) = simplex::solve(&model) else {
            panic!("seed {SEED}, case {case}")
        };
        assert_eq!(solution.objective, -best, "seed {SEED}, case {case}");
        assert!(solution.x.iter().all(|x| *x == 0.0 || *x == 1.0));
        assert!(certify("knapsack", &model, &solution.x, None).certified);
    }
}

/// Unit commitment in one hour: binaries tie minimum outputs, enumeration solves the
/// linear program of every combination, and prices come from the fixed program.
#[test]
fn commitments_equal_enumeration_and_have_prices() {
    let mut random = Rng::with_seed(SEED + 1);
    let mut solved = 0;
    for case in 0..40 {
        let units = random.usize(2..6);
        let mut model = Model::new(format!("commitment {case}"));
        let mut outputs = Vec::new();
        let mut starts = Vec::new();
        for u in 0..units {
            let most = 5.0 + 20.0 * random.f64();
            let least = most * random.f64();
            let output = model.var(format!("p{u}"), 0.0, most, 5.0 + 20.0 * random.f64());
            let on = model.integer(format!("on{u}"), 0.0, 1.0, 100.0 * random.f64());
            model.row(format!("most{u}"), [(output, 1.0), (on, -most)], -INF, 0.0);
            model.row(format!("least{u}"), [(output, 1.0), (on, -least)], 0.0, INF);
            outputs.push(output);
            starts.push(on);
        }
        let load = 12.0 * units as f64 * random.f64();
        let balance = model.row("balance", outputs.iter().map(|&p| (p, 1.0)), load, load);
        let mut best = INF;
        for set in 0..1_u32 << units {
            let mut x = vec![0.0; model.vars().len()];
            for (u, on) in starts.iter().enumerate() {
                x[on.0] = f64::from(set >> u & 1);
            }
            if let Ok(fixed) = simplex::solve(&model.fix_integers(&x)) {
                best = best.min(fixed.objective);
            }
        }
        match simplex::solve(&model) {
            Ok(solution) => {
                let error = (solution.objective - best).abs();
                assert!(
                    error < 1e-6 * (1.0 + best),
                    "case {case}: {} {best}",
                    solution.objective
                );
                let fixed = model.fix_integers(&solution.x);
                assert!(DualFace::new(&model, &solution.x).is_err());
                let face = DualFace::new(&fixed, &solution.x).unwrap();
                let duals = face.duals(&[(balance, 1.0)]).unwrap();
                let certificate = certify("fixed", &fixed, &solution.x, Some(&duals));
                assert!(certificate.certified, "case {case}: {certificate:?}");
                solved += 1;
            }
            Err(Failure::Infeasible) => assert_eq!(best, INF, "case {case}"),
            other => panic!("case {case}: {other:?}"),
        }
    }
    assert!(solved > 20, "{solved} of 40 had a solution");
}

#[test]
fn bounds_of_integers_are_rounded_inward() {
    let mut model = Model::new("inward");
    let n = model.integer("n", 0.5, 3.5, 1.0);
    assert!(matches!(simplex::solve(&model), Ok(s) if s.x == [1.0]));
    model.set_cost(n, -1.0);
    assert!(matches!(simplex::solve(&model), Ok(s) if s.x == [3.0]));
    model.set_bounds(n, 0.2, 0.8);
    assert!(matches!(simplex::solve(&model), Err(Failure::Infeasible)));
    model.set_bounds(n, 0.0, INF);
    assert!(simplex::solve(&model).is_err());
}

/// Conflicts between pairs of items, held back and added when both are taken.
#[test]
fn lazy_rows_of_integer_programs_give_the_same_optimum() {
    let mut random = Rng::with_seed(SEED + 3);
    for case in 0..30 {
        let n = random.usize(3..10);
        let mut model = Model::new(format!("pairs {case}"));
        for j in 0..n {
            model.integer(format!("n{j}"), 0.0, 2.0, -f64::from(random.u8(1..9)));
        }
        let pairs: Vec<Constraint> = (1..n)
            .map(|j| Constraint {
                name: format!("pair{j}").into(),
                terms: vec![(Var(j - 1), 1.0 + random.f64()), (Var(j), 1.0)],
                lower: -INF,
                upper: 2.0 + random.f64(),
                ..Constraint::default()
            })
            .collect();
        let mut whole = model.clone();
        for row in &pairs {
            whole.push(row.clone());
        }
        let Ok(lazy) = simplex::solve_lazy(&mut model, |_| pairs.clone()) else {
            panic!("case {case}")
        };
        let Ok(full) = simplex::solve(&whole) else {
            panic!("case {case}")
        };
        assert_eq!(lazy.objective, full.objective, "case {case}");
        assert!(certify("pairs", &whole, &lazy.x, None).certified);
    }
}

/// A search cut short must never look like an optimum.
#[test]
fn a_search_that_runs_out_of_nodes_is_a_failure_with_its_gap() {
    let mut random = Rng::with_seed(SEED + 2);
    let mut model = Model::new("market split");
    let vars: Vec<Var> = (0..30)
        .map(|j| model.integer(format!("n{j}"), 0.0, 1.0, -f64::from(random.u8(10..99))))
        .collect();
    for i in 0..4 {
        let terms: Vec<(Var, f64)> = vars
            .iter()
            .map(|&v| (v, f64::from(random.u8(0..99))))
            .collect();
        let half = (terms.iter().map(|t| t.1).sum::<f64>() / 2.0).floor();
        model.row(format!("half{i}"), terms, -INF, half);
    }
    match simplex::solve_within(&model, 3) {
        Err(Failure::Stopped(why)) => assert!(why.contains("3 nodes"), "{why}"),
        other => panic!("{other:?}"),
    }
}

/// A big-M of 1e7 lets a "whole" 1e-6 carry 10 units. Whatever comes back as optimal is
/// whole to the last bit and meets the model.
#[test]
fn a_large_big_m_is_never_a_silent_wrong_answer() {
    let mut model = Model::new("big-M");
    let x = model.var("x", 0.0, 10.0, -1.0);
    let y = model.integer("y", 0.0, 1.0, 5.0);
    model.row("switch", [(x, 1.0), (y, -1e7)], -INF, 0.0);
    match simplex::solve(&model) {
        Ok(s) => {
            assert_eq!(s.x, [10.0, 1.0]);
            assert_eq!(s.objective, -5.0);
        }
        Err(Failure::Numerics(_)) => {}
        other => panic!("{other:?}"),
    }
}
