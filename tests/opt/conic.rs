//! Interior point: quadratic and cone programs with solutions known by hand, and the
//! statuses.

use tandem::opt::{Failure, Model, Solution, certify, conic};

const INF: f64 = f64::INFINITY;

fn optimum(model: &Model) -> Solution {
    match conic::solve(model) {
        Ok(solution) => solution,
        other => panic!("{}: {other:?}", model.name()),
    }
}

fn close(ours: f64, expected: f64) {
    let error = (ours - expected).abs();
    assert!(error < 1e-6, "{ours} is not {expected}");
}

/// Two units with costs x² and 2y² + 4y meet 10: 2x = 4y + 4 and x + y = 10 give x = 22/3,
/// y = 8/3, price 44/3.
#[test]
fn quadratic_dispatch_equates_marginal_costs() {
    let mut model = Model::new("economic dispatch");
    let x = model.var("x", 0.0, INF, 0.0);
    let y = model.var("y", 0.0, INF, 4.0);
    model.quadratic(x, x, 1.0);
    model.quadratic(y, y, 2.0);
    model.row("balance", [(x, 1.0), (y, 1.0)], 10.0, 10.0);
    model.set_constant(7.0);
    let solution = optimum(&model);
    close(solution.x[0], 22.0 / 3.0);
    close(solution.x[1], 8.0 / 3.0);
    let duals = solution.duals.unwrap();
    close(duals.rows[0], 44.0 / 3.0);
    close(duals.reduced[0], 0.0);
    let at = |x: f64, y: f64| 7.0 + x * x + 2.0 * y * y + 4.0 * y;
    close(solution.objective, at(22.0 / 3.0, 8.0 / 3.0));
}

/// min x² + xy + y² − 3x, free variables: 2x + y = 3, x + 2y = 0 give x = 2, y = −1.
#[test]
fn cross_terms_count_once() {
    let mut model = Model::new("cross");
    let x = model.var("x", -INF, INF, -3.0);
    let y = model.var("y", -INF, INF, 0.0);
    model.quadratic(x, x, 1.0);
    model.quadratic(y, x, 1.0);
    model.quadratic(y, y, 1.0);
    let solution = optimum(&model);
    close(solution.x[0], 2.0);
    close(solution.x[1], -1.0);
    close(solution.objective, -3.0);
}

/// min x + y on the disc of radius 2 about (3, 1): centre − √2 each, cost 4 − 2√2.
#[test]
fn a_disc_is_touched_where_the_gradient_points() {
    let mut model = Model::new("disc");
    let x = model.var("x", -INF, INF, 1.0);
    let y = model.var("y", -INF, INF, 1.0);
    model.cone(
        "disc",
        vec![
            (vec![], 2.0),
            (vec![(x, 1.0)], -3.0),
            (vec![(y, 1.0)], -1.0),
        ],
    );
    let solution = optimum(&model);
    let root = std::f64::consts::SQRT_2;
    close(solution.x[0], 3.0 - root);
    close(solution.x[1], 1.0 - root);
    // One more unit of radius lowers the cost by √2: u_0 = √2.
    let duals = solution.duals.clone().unwrap();
    close(duals.cones[0][0], root);
    let certificate = certify("disc", &model, &solution.x, Some(&duals));
    assert!(certificate.certified, "{certificate:?}");
}

/// One line's loss as a rotated cone, 2·l·(v/2) ≥ p²: l = p²/v for p = 3, v = 4.
#[test]
fn a_rotated_cone_gives_the_loss_of_a_line() {
    let mut model = Model::new("loss");
    let loss = model.var("l", 0.0, INF, 1.0);
    let flow = model.var("p", 3.0, INF, 0.0);
    let v = 4.0;
    // ‖(2p, l − v)‖ ≤ l + v
    model.cone(
        "line",
        vec![
            (vec![(loss, 1.0)], v),
            (vec![(flow, 2.0)], 0.0),
            (vec![(loss, 1.0)], -v),
        ],
    );
    let solution = optimum(&model);
    close(solution.x[0], 2.25);
    // ∂(p²/v)/∂p = 2p/v at the lower bound of p. The solver stops at a relative gap of
    // 1e-8; on a curved boundary that leaves its square root to the multipliers.
    let price = solution.duals.unwrap().reduced[1];
    assert!((price - 1.5).abs() < 1e-4, "{price}");
}

#[test]
fn signs_of_range_rows_and_bounds() {
    // min 2a + b with 3 ≤ a + b ≤ 8, b ≤ 1: a = 2, b = 1, price 2, b worth −1.
    let mut model = Model::new("range");
    let a = model.var("a", 0.0, INF, 2.0);
    let b = model.var("b", 0.0, 1.0, 1.0);
    let row = model.row("need", [(a, 1.0), (b, 1.0)], 3.0, 8.0);
    let duals = optimum(&model).duals.unwrap();
    close(duals.rows[row.0], 2.0);
    close(duals.reduced[1], -1.0);
    // max the same: the upper limit binds.
    model.set_cost(a, -2.0);
    model.set_cost(b, -1.0);
    let duals = optimum(&model).duals.unwrap();
    close(duals.rows[row.0], -2.0);
    close(duals.reduced[1], 1.0);
}

#[test]
fn statuses() {
    let mut model = Model::new("status");
    let x = model.var("x", 0.0, INF, -1.0);
    assert!(matches!(conic::solve(&model), Err(Failure::Unbounded)));
    model.row("cap", [(x, 1.0)], -INF, 5.0);
    close(optimum(&model).x[0], 5.0);
    model.row("need", [(x, 1.0)], 6.0, INF);
    assert!(matches!(conic::solve(&model), Err(Failure::Infeasible)));
    model.truncate_rows(1);
    model.set_bounds(x, 1.0, 0.0);
    assert!(matches!(conic::solve(&model), Err(Failure::Infeasible)));
    model.set_bounds(x, 0.0, f64::NAN);
    assert!(matches!(conic::solve(&model), Err(Failure::Refused(_))));
    model.set_bounds(x, 0.0, 1.0);
    model.integer("n", 0.0, 3.0, 1.0);
    assert!(matches!(conic::solve(&model), Err(Failure::Refused(_))));
    // Not convex: refused, whatever the solver would make of it.
    let mut saddle = Model::new("saddle");
    let x = saddle.var("x", -1.0, 1.0, 0.0);
    let y = saddle.var("y", -1.0, 1.0, 0.0);
    saddle.quadratic(x, y, 1.0);
    assert!(matches!(conic::solve(&saddle), Err(Failure::Refused(why)) if why.contains("convex")));
    saddle.quadratic(x, x, 0.5);
    saddle.quadratic(y, y, 0.5);
    assert!(conic::solve(&saddle).is_ok());
    let empty = conic::solve(&Model::new("empty"));
    assert!(matches!(empty, Ok(s) if s.x.is_empty()));
}
