//! Parts of a price in a feeder of two buses, by hand.

use serde_json::json;
use tandem::case::Feeder;
use tandem::network::Radial;
use tandem::network::formulation::Injected;
use tandem::network::formulation::feeder::{Physics, add};
use tandem::network::formulation::parts::{BusParts, FeederParts, pulls};
use tandem::opt::{Model, solve_priced};

/// Power at 20 $/MWh at the root, a load of 1 MW behind r = 0.05 p.u. with a unit at 50 $/MWh beside it; the price there
/// with its parts.
fn two_buses(physics: Physics, least_v: f64, most_p: Option<f64>) -> (f64, BusParts) {
    let feeder: Feeder = serde_json::from_value(json!({
        "id": "F", "base_kv": 1.0, "root": "a",
        "buses": [{"id": "a"}, {"id": "b", "min_v_pu": least_v, "max_v_pu": 1.1}],
        "lines": [{"id": "l", "from": "a", "to": "b", "r_ohm": 0.05, "x_ohm": 0.0, "max_p_mw": most_p}],
    }))
    .unwrap();
    let tree = Radial::new(&feeder).unwrap();
    let mut model = Model::new("two buses");
    let root = model.var("root", 0.0, 10.0, 20.0);
    let own = model.var("own", 0.0, 10.0, 50.0);
    let injected = [
        Injected {
            p: vec![(root, 1.0)],
            ..Injected::default()
        },
        Injected {
            p: vec![(own, 1.0)],
            p_mw: -1.0,
            ..Injected::default()
        },
    ];
    let flow = add(&mut model, &feeder, &tree, physics, &injected, "");
    let duals = solve_priced(&model).unwrap().duals.unwrap();
    let pulls = pulls(&model, &duals);
    let parts = FeederParts::new(&model, &duals, &pulls, (&tree, &flow));
    (duals.rows[flow.balance_p[1].0], parts.at(&tree, 1, 1e-7))
}

fn near(ours: f64, expected: f64, within: f64) {
    assert!(
        (ours - expected).abs() <= within,
        "{ours} is not {expected}"
    );
}

/// w_b = 1 − 2 · 0.05 P ≥ 0.95² holds P to 0.975 MW, so that the unit at 50 is marginal: 30 are of the voltage.
#[test]
fn a_voltage_at_its_limit() {
    let (price, parts) = two_buses(Physics::LinDistFlow, 0.95, None);
    near(price, 50.0, 1e-9);
    near(parts.root, 20.0, 1e-9);
    near(parts.losses, 0.0, 1e-9);
    assert_eq!(parts.voltages.len(), 1);
    near(parts.voltages[0].1, 30.0, 1e-9);
    assert!(parts.lines.is_empty());
}

/// A line of 0.8 MW is full: 30 are of the line.
#[test]
fn a_line_at_its_limit() {
    let (price, parts) = two_buses(Physics::LinDistFlow, 0.9, Some(0.8));
    near(price, 50.0, 1e-9);
    near(parts.root, 20.0, 1e-9);
    assert!(parts.voltages.is_empty());
    assert_eq!(parts.lines.len(), 1);
    near(parts.lines[0].1, 30.0, 1e-9);
}

/// What enters is P = 1 + 0.05 P², 1.0557281 MW; dP/dload = 1 / (1 − 0.1 P), so that the price is 20 · 1.1180340.
#[test]
fn losses_alone() {
    let (price, parts) = two_buses(Physics::BranchFlow, 0.5, None);
    // The interior-point solver stops within 1e-5 of a price.
    near(price, 22.360_68, 2e-4);
    near(parts.root, 20.0, 2e-4);
    near(parts.losses, 2.360_68, 2e-4);
    near(parts.sum(), price, 1e-9);
    assert!(
        parts.voltages.is_empty() && parts.lines.is_empty(),
        "{parts:?}"
    );
}

/// With the cone, too, a voltage at its limit holds what enters: the price is 50, parts of losses and voltage add up.
#[test]
fn a_voltage_at_its_limit_and_losses() {
    let (price, parts) = two_buses(Physics::BranchFlow, 0.95, None);
    near(price, 50.0, 1e-5);
    near(parts.sum(), price, 1e-9);
    assert!(
        parts.losses > 1.0 && parts.voltages[0].1 > 20.0,
        "{parts:?}"
    );
}
