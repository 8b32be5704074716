//! A prepared model solved again with changed data answers as a fresh solve does.

use tandem::opt::conic::{self, Session};
use tandem::opt::{Failure, Model, Outcome, Row, Solution, Var, certify, solve_priced};

const INF: f64 = f64::INFINITY;

/// What kind of program to draw.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Linear,
    Quadratic,
    Cones,
}

/// A bounded program around a point that meets every limit, with a slack that keeps the
/// first row feasible whatever its limits become.
fn random_model(random: &mut fastrand::Rng, kind: Kind) -> Model {
    let mut model = Model::new(format!("{kind:?}"));
    let n = 6 + random.usize(..6);
    let draw = |random: &mut fastrand::Rng| 2.0 * random.f64() - 1.0;
    let vars: Vec<Var> = (0..n)
        .map(|j| {
            let cost = 10.0 * draw(random);
            model.var(
                format!("x{j}"),
                -1.0 - random.f64(),
                1.0 + random.f64(),
                cost,
            )
        })
        .collect();
    let up = model.var("up", 0.0, INF, 300.0);
    let down = model.var("down", 0.0, INF, 300.0);
    for i in 0..n / 2 {
        let mut terms: Vec<(Var, f64)> = vars.iter().map(|&v| (v, draw(random))).collect();
        if i < 2 {
            terms.extend([(up, 1.0), (down, -1.0)]);
            model.row(format!("equal{i}"), terms, 0.1, 0.1);
        } else {
            model.row(format!("range{i}"), terms, -0.8, 0.7);
        }
    }
    if kind == Kind::Quadratic {
        for pair in vars.windows(2) {
            // (a x − b y)², so that the sum is convex but not always strictly.
            let (a, b) = (draw(random), draw(random));
            model.quadratic(pair[0], pair[0], a * a);
            model.quadratic(pair[0], pair[1], -2.0 * a * b);
            model.quadratic(pair[1], pair[1], b * b);
        }
    }
    if kind == Kind::Cones {
        for (k, three) in vars.chunks_exact(3).enumerate() {
            let rows = vec![
                (vec![], 1.0),
                (
                    vec![(three[0], 1.0), (three[1], draw(random))],
                    0.1 * draw(random),
                ),
                (vec![(three[2], 1.0)], 0.1 * draw(random)),
            ];
            model.cone(format!("cone{k}"), rows);
        }
    }
    model
}

/// One seeded change of limits, bounds or costs, told to session and model alike.
fn change(random: &mut fastrand::Rng, session: &mut Session, model: &mut Model) {
    let span = |random: &mut fastrand::Rng, width: f64| {
        let (a, b) = (random.f64() - 0.5, random.f64() - 0.5);
        (width * a.min(b), width * a.max(b))
    };
    match random.usize(..5) {
        0 => {
            let at = random.f64() - 0.5;
            session.set_limits(Row(random.usize(..2)), at, at);
            *model = session.model().clone();
        }
        1 => {
            let row = Row(2 + random.usize(..model.rows().len() - 2));
            let (lower, upper) = span(random, 2.0);
            session.set_limits(row, lower - 0.1, upper + 0.1);
            model.set_limits(row, lower - 0.1, upper + 0.1);
        }
        2 => {
            let var = Var(random.usize(..6));
            let (lower, upper) = span(random, 2.0);
            session.set_bounds(var, lower, upper);
            model.set_bounds(var, lower, upper);
        }
        3 => {
            // To an equality, or back.
            let var = Var(random.usize(..6));
            let column = &model.vars()[var.0];
            let fixed = column.lower == column.upper;
            let (lower, upper) = if fixed { (-1.0, 1.0) } else { (0.2, 0.2) };
            session.set_bounds(var, lower, upper);
            model.set_bounds(var, lower, upper);
        }
        _ => {
            let var = Var(random.usize(..6));
            let cost = 20.0 * (random.f64() - 0.5);
            session.set_cost(var, cost);
            model.set_cost(var, cost);
        }
    }
    assert_eq!(session.model(), model);
}

fn optimum(outcome: Outcome) -> Option<Solution> {
    match outcome {
        Ok(solution) => Some(solution),
        Err(Failure::Infeasible) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_session_answers_as_fresh_solves_do() {
    for (seed, kind) in [(1, Kind::Linear), (2, Kind::Quadratic), (3, Kind::Cones)] {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut solved = 0;
        for draw in 0..2 {
            let mut model = random_model(&mut random, kind);
            let mut session = Session::new(model.clone()).unwrap();
            for step in 0..100 {
                change(&mut random, &mut session, &mut model);
                let what = format!("{kind:?}, seed {seed}, model {draw}, change {step}");
                let (ours, fresh) = (optimum(session.solve()), optimum(conic::solve(&model)));
                assert_eq!(ours.is_some(), fresh.is_some(), "{what}");
                let (Some(ours), Some(fresh)) = (ours, fresh) else {
                    continue;
                };
                solved += 1;
                let scale = 1.0 + fresh.objective.abs();
                let apart = (ours.objective - fresh.objective).abs() / scale;
                assert!(apart < 2e-6, "{what}: apart by {apart:e}");
                let proof = certify("session", session.model(), &ours.x, ours.duals.as_ref());
                assert!(proof.certified, "{what}: {proof:?}");
            }
        }
        assert!(solved > 100, "{kind:?}: only {solved} of 200 had an answer");
    }
}

/// min 2a + b with a + b ≥ 3, a ≤ 5: the price follows what is tight through every change.
#[test]
fn prices_follow_the_changes() {
    let mut model = Model::new("prices");
    let a = model.var("a", 0.0, 5.0, 2.0);
    let b = model.var("b", 0.0, 1.0, 1.0);
    let need = model.row("need", [(a, 1.0), (b, 1.0)], 3.0, INF);
    let mut session = Session::new(model).unwrap();
    let mut expect = |change: &mut dyn FnMut(&mut Session), at: [f64; 2], price: f64| {
        change(&mut session);
        let solution = optimum(session.solve()).unwrap();
        let duals = solution.duals.unwrap();
        for (ours, expected) in [
            (solution.x[0], at[0]),
            (solution.x[1], at[1]),
            (duals.rows[0], price),
        ] {
            assert!((ours - expected).abs() < 1e-6, "{ours} is not {expected}");
        }
    };
    expect(&mut |_| {}, [2.0, 1.0], 2.0);
    expect(&mut |s| s.set_limits(need, 0.5, INF), [0.0, 0.5], 1.0);
    expect(&mut |s| s.set_limits(need, 4.0, 4.0), [3.0, 1.0], 2.0);
    expect(&mut |s| s.set_cost(a, 7.0), [3.0, 1.0], 7.0);
    expect(&mut |s| s.set_bounds(b, 0.0, INF), [0.0, 4.0], 1.0);
    expect(&mut |s| s.set_bounds(a, 1.0, 1.0), [1.0, 3.0], 1.0);
    expect(&mut |s| s.set_bounds(a, -2.0, 9.0), [-2.0, 6.0], 1.0);
}

#[test]
fn a_session_survives_what_has_no_answer() {
    let mut model = Model::new("answers");
    let x = model.var("x", 0.0, 4.0, -1.0);
    let cap = model.row("cap", [(x, 1.0)], -INF, 3.0);
    let mut session = Session::new(model).unwrap();
    let solved = |session: &mut Session| optimum(session.solve()).map(|s| s.x[0]);
    assert!((solved(&mut session).unwrap() - 3.0).abs() < 1e-6);
    assert!(session.effort().iterations > 0);
    session.set_limits(cap, 5.0, 6.0);
    assert_eq!(solved(&mut session), None);
    session.set_limits(cap, 6.0, 5.0);
    assert_eq!(solved(&mut session), None);
    session.set_limits(cap, f64::NAN, 5.0);
    assert!(matches!(session.solve(), Err(Failure::Refused(_))));
    session.set_limits(cap, -INF, INF);
    assert!((solved(&mut session).unwrap() - 4.0).abs() < 1e-6);
    session.set_bounds(x, 0.0, INF);
    assert!(matches!(session.solve(), Err(Failure::Unbounded)));
    session.set_cost(x, f64::INFINITY);
    assert!(matches!(session.solve(), Err(Failure::Refused(_))));
    session.set_cost(x, 0.0);
    assert!(solved(&mut session).is_some());
    session.set_bounds(x, 2.0, 2.0);
    assert!((solved(&mut session).unwrap() - 2.0).abs() < 1e-6);
    // Of another model: nothing happens.
    session.set_bounds(Var(7), 0.0, 1.0);
    session.set_limits(Row(7), 0.0, 1.0);
    session.set_cost(Var(7), 1.0);
    assert!((solved(&mut session).unwrap() - 2.0).abs() < 1e-6);
    assert_eq!(session.effort().retries, 0);
}

#[test]
fn what_no_solve_could_take_is_no_session() {
    let mut integers = Model::new("integers");
    integers.integer("n", 0.0, 3.0, 1.0);
    assert!(Session::new(integers).is_err_and(|why| why.to_string().contains("integers")));
    let mut saddle = Model::new("saddle");
    let x = saddle.var("x", -1.0, 1.0, 0.0);
    let y = saddle.var("y", -1.0, 1.0, 0.0);
    saddle.quadratic(x, y, 1.0);
    assert!(Session::new(saddle).is_err_and(|why| why.to_string().contains("convex")));
    let mut malformed = Model::new("malformed");
    malformed.var("x", 0.0, 1.0, f64::NAN);
    assert!(Session::new(malformed).is_err());
    let mut empty = Session::new(Model::new("empty")).unwrap();
    assert!(matches!(empty.solve(), Ok(s) if s.x.is_empty()));
}

#[test]
fn priced_answers_have_duals_whoever_finds_them() {
    let mut random = fastrand::Rng::with_seed(4);
    for kind in [Kind::Linear, Kind::Quadratic, Kind::Cones] {
        for _ in 0..50 {
            let model = random_model(&mut random, kind);
            let (Some(priced), Some(conic)) =
                (optimum(solve_priced(&model)), optimum(conic::solve(&model)))
            else {
                continue;
            };
            let proof = certify("priced", &model, &priced.x, priced.duals.as_ref());
            assert!(priced.duals.is_some() && proof.certified, "{proof:?}");
            let apart = (priced.objective - conic.objective).abs();
            assert!(apart < 1e-5 * (1.0 + conic.objective.abs()), "{apart}");
        }
    }
    // A vertex, and exact: 8a = 17 beside the cheap b at its bound.
    let mut model = Model::new("vertex");
    let a = model.var("a", 0.0, 9.0, 3.0);
    let b = model.var("b", 0.0, 1.0, 0.1);
    model.row("need", [(a, 8.0), (b, 1.0)], 18.0, INF);
    let solution = optimum(solve_priced(&model)).unwrap();
    assert_eq!(solution.x, [2.125, 1.0]);
    assert_eq!(solution.duals.unwrap().rows, [0.375]);
    model.integer("n", 0.0, 1.0, 1.0);
    assert!(matches!(solve_priced(&model), Err(Failure::Refused(_))));
}
