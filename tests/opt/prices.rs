//! Prices of vertices: hand-calculated dispatches, ties, and what is refused.

use crate::close;
use crate::optimum;
use tandem::opt::{Constraint, DualFace, Model, Row, Var, certify, simplex};

const INF: f64 = f64::INFINITY;

/// Three buses joined by three equal lines, 100 MW at bus 3, line 1-3 limited to 50 MW.
/// Generators: bus 1 at 10 $/MWh, bus 2 at 30 $/MWh. Shift factors of 1-3 with the
/// reference at bus 3: 2/3 at bus 1, 1/3 at bus 2. By hand: 2/3 g1 + 1/3 g2 = 50 with
/// g1 + g2 = 100 gives 50 MW each; λ (bus 3) and μ from 10 = λ + 2/3 μ, 30 = λ + 1/3 μ:
/// λ = 50, μ = −60.
fn triangle() -> (Model, Row, Row) {
    let mut model = Model::new("triangle");
    let g1 = model.var("g1", 0.0, 200.0, 10.0);
    let g2 = model.var("g2", 0.0, 200.0, 30.0);
    let balance = model.row("balance", [(g1, 1.0), (g2, 1.0)], 100.0, 100.0);
    let line = model.row("1-3", [(g1, 2.0 / 3.0), (g2, 1.0 / 3.0)], -50.0, 50.0);
    (model, balance, line)
}

#[test]
fn triangle_has_prices_10_30_50() {
    let (model, balance, line) = triangle();
    let solution = optimum(&model);
    close(solution.x[0], 50.0);
    close(solution.x[1], 50.0);
    close(solution.objective, 2000.0);
    let face = DualFace::new(&model, &solution.x).unwrap();
    assert!(face.is_unique());
    let duals = face.duals(&[]).unwrap();
    close(duals.rows[balance.0], 50.0);
    close(duals.rows[line.0], -60.0);
    close(duals.rows[0] + duals.rows[1] * 2.0 / 3.0, 10.0);
    close(duals.rows[0] + duals.rows[1] / 3.0, 30.0);
    let (low, high) = face.interval(&[(balance, 1.0), (line, 1.0 / 3.0)]).unwrap();
    close(low, 30.0);
    close(high, 30.0);
    let certificate = certify("triangle", &model, &solution.x, Some(&duals));
    assert!(certificate.certified, "{certificate:?}");
    assert!(certificate.gap.abs() < 1e-12);
}

#[test]
fn a_lazily_added_limit_gives_the_same_prices() {
    let (full, ..) = triangle();
    let mut model = Model::new("triangle");
    let g1 = model.var("g1", 0.0, 200.0, 10.0);
    let g2 = model.var("g2", 0.0, 200.0, 30.0);
    model.row("balance", [(g1, 1.0), (g2, 1.0)], 100.0, 100.0);
    let outcome = simplex::solve_lazy(&mut model, |x| {
        let terms = vec![(g1, 2.0 / 3.0), (g2, 1.0 / 3.0)];
        let flow = (2.0 * x[0] + x[1]) / 3.0;
        if flow <= 50.0 {
            return Vec::new();
        }
        vec![Constraint {
            name: "1-3".into(),
            terms,
            lower: -50.0,
            upper: 50.0,
            ..Constraint::default()
        }]
    });
    let Ok(solution) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(model.rows(), full.rows());
    let duals = DualFace::new(&model, &solution.x)
        .unwrap()
        .duals(&[])
        .unwrap();
    close(duals.rows[0], 50.0);
    close(duals.rows[1], -60.0);
}

/// Two bids of 10 and 20 $/MWh, 5 MW each; 5 MW of load sits on the corner of the supply
/// curve: any price in [10, 20] clears, the next MWh costs 20, the last one saved 10.
#[test]
fn the_corner_of_a_supply_curve_is_an_interval() {
    let mut model = Model::new("corner");
    let cheap = model.var("cheap", 0.0, 5.0, 10.0);
    let dear = model.var("dear", 0.0, 5.0, 20.0);
    let balance = model.row("balance", [(cheap, 1.0), (dear, 1.0)], 5.0, 5.0);
    let face = DualFace::new(&model, &optimum(&model).x).unwrap();
    assert!(!face.is_unique());
    assert_eq!(face.interval(&[(balance, 1.0)]).unwrap(), (10.0, 20.0));
    let next = face.duals(&[(balance, 1.0)]).unwrap();
    assert!(!next.unique);
    close(next.rows[0], 20.0);
    close(next.reduced[0], -10.0);
    close(next.reduced[1], 0.0);
    let less = face.duals(&[(balance, -1.0)]).unwrap();
    close(less.rows[0], 10.0);
}

/// Everything sold and everything needed: no price is too high, the last MWh saved 20.
#[test]
fn a_load_that_takes_all_supply_has_no_highest_price() {
    let mut model = Model::new("scarce");
    let cheap = model.var("cheap", 0.0, 5.0, 10.0);
    let dear = model.var("dear", 0.0, 5.0, 20.0);
    let balance = model.row("balance", [(cheap, 1.0), (dear, 1.0)], 10.0, 10.0);
    let face = DualFace::new(&model, &optimum(&model).x).unwrap();
    assert_eq!(face.interval(&[(balance, 1.0)]).unwrap(), (20.0, INF));
    close(face.duals(&[(balance, 1.0)]).unwrap().rows[0], 20.0);
}

/// The 4-node case with the latest-SE rule, interval 2: DF₂ = 1/3, so P_a = 6 sits at the
/// end of its blocks and on the line at once. By hand: G4 is inside, so λ = 16. G1 at its
/// upper bound needs 6 − 16 − μ ≤ 0, b2 at its own 12 − 16 − μ/3 ≤ 0: μ in [−10, 0], and
/// LMP_a = 16 + μ/3 in [12.67, 16].
#[test]
fn four_node_case_at_a_block_end_has_an_interval_of_lmp_a() {
    let mut model = Model::new("zuo-4node, latest SE, interval 2");
    let g1 = model.var("G1", 0.0, 8.0, 6.0);
    let g4 = model.var("G4", 0.0, 50.0, 16.0);
    let b1 = model.var("b1", 0.0, 2.0, 8.0);
    let b2 = model.var("b2", 0.0, 4.0, 12.0);
    let all = [(g1, 1.0), (g4, 1.0), (b1, 1.0), (b2, 1.0)];
    let balance = model.row("balance", all, 15.0, 15.0);
    let third = 1.0 / 3.0;
    let line = model.row("2-3", [(g1, 1.0), (b1, third), (b2, third)], -INF, 10.0);
    let solution = optimum(&model);
    close(solution.x[2] + solution.x[3], 6.0);
    let face = DualFace::new(&model, &solution.x).unwrap();
    assert!(!face.is_unique());
    let (low, high) = face.interval(&[(balance, 1.0), (line, third)]).unwrap();
    close(low, 16.0 - 10.0 * third);
    close(high, 16.0);
}

/// Same rows twice: the sum of their prices is known, each alone is not.
#[test]
fn a_doubled_limit_shares_its_price() {
    let (mut model, _, line) = triangle();
    let terms = model.rows()[line.0].terms.clone();
    let again = model.row("1-3 again", terms, -50.0, 50.0);
    let face = DualFace::new(&model, &optimum(&model).x).unwrap();
    assert!(!face.is_unique());
    let (low, high) = face.interval(&[(line, 1.0), (again, 1.0)]).unwrap();
    close(low, -60.0);
    close(high, -60.0);
    let (low, high) = face.interval(&[(line, 1.0)]).unwrap();
    close(low, -60.0);
    close(high, 0.0);
    assert!(DualFace::new(&model, &optimum(&model).x).is_ok());
}

/// A variable without width adds a bound on both sides and no price.
#[test]
fn a_variable_without_width_does_not_disturb_prices() {
    let (mut model, balance, _) = triangle();
    let none = model.var("none", 0.0, 0.0, 1.0);
    let terms = model.rows()[balance.0].terms.clone();
    let mut wide = Model::new("wide");
    for column in model.vars() {
        wide.var(&*column.name, column.lower, column.upper, column.cost);
    }
    wide.row(
        "balance",
        terms.into_iter().chain([(none, 1.0)]),
        100.0,
        100.0,
    );
    wide.push(Constraint {
        name: "1-3".into(),
        terms: model.rows()[1].terms.clone(),
        lower: -50.0,
        upper: 50.0,
        ..Constraint::default()
    });
    let face = DualFace::new(&wide, &optimum(&wide).x).unwrap();
    assert!(face.is_unique());
    let duals = face.duals(&[]).unwrap();
    close(duals.rows[0], 50.0);
    close(duals.reduced[none.0], 1.0 - 50.0);
}

#[test]
fn a_point_that_is_not_optimal_has_no_prices() {
    let (model, ..) = triangle();
    // 40 + 60 MW: feasible, the line slack, both generators inside: inconsistent prices.
    assert!(DualFace::new(&model, &[40.0, 60.0]).is_err());
    // All from the dear generator: a vertex, but with a negative reduced cost.
    assert!(DualFace::new(&model, &[0.0, 100.0]).is_err());
    // Outside the line limit, unbalanced, too short, not a number.
    assert!(DualFace::new(&model, &[100.0, 0.0]).is_err());
    assert!(DualFace::new(&model, &[10.0, 10.0]).is_err());
    assert!(DualFace::new(&model, &[50.0]).is_err());
    assert!(DualFace::new(&model, &[f64::NAN, 50.0]).is_err());
}

#[test]
fn prices_of_a_quadratic_cost_are_marginal_costs() {
    // min x² + 10 y, x + y = 20, y ≥ 0: x = 5, y = 15, price 10.
    let mut model = Model::new("quadratic");
    let x = model.var("x", 0.0, INF, 0.0);
    let y = model.var("y", 0.0, INF, 10.0);
    model.quadratic(x, x, 1.0);
    model.row("balance", [(x, 1.0), (y, 1.0)], 20.0, 20.0);
    // Two interior variables on one row: not a vertex, and still a unique price.
    let face = DualFace::new(&model, &[5.0, 15.0]).unwrap();
    assert!(face.is_unique());
    let duals = face.duals(&[(Row(0), 1.0)]).unwrap();
    close(duals.rows[0], 10.0);
    let certificate = certify("quadratic", &model, &[5.0, 15.0], Some(&duals));
    assert!(certificate.certified, "{certificate:?}");
    assert_eq!(Var(0), x);
}
