//! Optima followed while limits and costs move: answers known by hand.

use tandem::opt::conic::Session;
use tandem::opt::{Failure, Model, Row, Solution, certify};

const INF: f64 = f64::INFINITY;

fn close(ours: f64, expected: f64) {
    let error = (ours - expected).abs();
    assert!(error < 1e-6, "{ours} is not {expected}");
}

/// The optimum from `known`, without an interior point, proven as any.
fn followed(session: &mut Session, known: &Solution) -> Solution {
    let found = session.solve_from(known).expect("an optimum");
    assert_eq!(session.effort().iterations, 0, "by Newton's method");
    let proof = certify("followed", session.model(), &found.x, found.duals.as_ref());
    assert!(proof.certified, "{proof:?}");
    found
}

/// min x + y on the disc of radius r about (3, 1): centre − r/√2 each, cost 4 − r√2, so that a unit of r saves √2.
#[test]
fn a_disc_grows_about_its_centre() {
    let mut model = Model::new("disc");
    let x = model.var("x", -INF, INF, 1.0);
    let y = model.var("y", -INF, INF, 1.0);
    let r = model.var("r", -INF, INF, 0.0);
    let radius = model.row("radius", [(r, 1.0)], 2.0, 2.0);
    model.cone(
        "disc",
        vec![
            (vec![(r, 1.0)], 0.0),
            (vec![(x, 1.0)], -3.0),
            (vec![(y, 1.0)], -1.0),
        ],
    );
    let mut session = Session::new(model).unwrap();
    let mut known = session.solve().unwrap();
    for r in [2.1, 3.0, 0.5, 8.0] {
        session.set_limits(radius, r, r);
        known = followed(&mut session, &known);
        close(known.x[0], 3.0 - r / f64::sqrt(2.0));
        close(known.x[1], 1.0 - r / f64::sqrt(2.0));
        close(known.duals.as_ref().unwrap().rows[0], -f64::sqrt(2.0));
    }
}

/// Units of 10 MW at 20, 30 and 50 $/MWh: the load decides which of them is inside its range and sets the price.
fn units() -> (Session, Row) {
    let mut model = Model::new("dispatch");
    let units = [20.0, 30.0, 50.0].map(|cost| model.var("unit", 0.0, 10.0, cost));
    let load = model.row("load", units.map(|v| (v, 1.0)), 5.0, 5.0);
    (Session::new(model).unwrap(), load)
}

#[test]
fn the_next_unit_takes_over_where_one_is_full() {
    let (mut session, load) = units();
    let mut known = session.solve().unwrap();
    for (mw, price, cost) in [
        (8.0, 20.0, 160.0),
        (15.0, 30.0, 350.0),
        (29.0, 50.0, 950.0),
        (2.0, 20.0, 40.0),
    ] {
        session.set_limits(load, mw, mw);
        known = followed(&mut session, &known);
        close(known.objective, cost);
        close(known.duals.as_ref().unwrap().rows[load.0], price);
    }
}

/// The dear unit at 10 $/MWh comes first: it is full, and the first, at 20, serves the other 5 MW. In between
/// the cost falls in a straight line, which has no optimum for Newton's method.
#[test]
fn a_unit_that_becomes_cheap_comes_first() {
    let (mut session, load) = units();
    session.set_limits(load, 15.0, 15.0);
    let known = session.solve().unwrap();
    let dear = tandem::opt::Var(2);
    session.set_cost(dear, 10.0);
    let found = session.solve_from(&known).unwrap();
    close(found.objective, 200.0);
    close(found.x[2], 10.0);
    close(found.duals.unwrap().rows[load.0], 20.0);
}

#[test]
fn what_cannot_be_served_is_infeasible_from_anywhere() {
    let (mut session, load) = units();
    let known = session.solve().unwrap();
    session.set_limits(load, 31.0, 31.0);
    assert!(matches!(
        session.solve_from(&known),
        Err(Failure::Infeasible)
    ));
}
