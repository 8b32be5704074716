//! A model without the variables that its bounds hold at one value.

use tandem::opt::certify;
use tandem::opt::inside::*;
use tandem::opt::{Failure, Model};

#[test]
fn held_variables_change_neither_point_nor_prices() {
    let mut model = Model::new("held");
    let on = model.var("on", 1.0, 1.0, 5.0);
    let cheap = model.var("cheap", 0.0, 4.0, 10.0);
    let dear = model.var("dear", 0.0, f64::INFINITY, 30.0);
    model.row(
        "cheap only when on",
        [(cheap, 1.0), (on, -4.0)],
        f64::NEG_INFINITY,
        0.0,
    );
    let load = model.row("load", [(cheap, 1.0), (dear, 1.0), (on, 1.0)], 7.0, 7.0);
    let small = solve(&model).unwrap();
    let whole = Engine::new(&model).unwrap().solve(&model).unwrap();
    assert!((small.objective - whole.objective).abs() < 1e-5);
    assert!((small.objective - 105.0).abs() < 1e-5);
    let duals = small.duals.as_ref().unwrap();
    assert!((duals.rows[load.0] - 30.0).abs() < 1e-5);
    assert!(certify("held", &model, &small.x, Some(duals)).certified);
}

#[test]
fn held_variables_that_exclude_one_another_are_infeasible() {
    let mut model = Model::new("both on");
    let a = model.var("a", 1.0, 1.0, 0.0);
    let b = model.var("b", 1.0, 1.0, 0.0);
    model.var("c", 0.0, 1.0, 1.0);
    model.row("one", [(a, 1.0), (b, 1.0)], f64::NEG_INFINITY, 1.0);
    assert!(matches!(solve(&model), Err(Failure::Infeasible)));
}
