//! Shift factors, outage factors and flows against hand calculation and printed figures.

use crate::testing::near::all_near;
use tandem::case;
use tandem::network::{Network, Reference};

fn network(id: &str) -> Network {
    let case = case::builtin(id).unwrap_or_else(|| panic!("no built-in case {id}"));
    Network::new(&case).unwrap()
}

#[test]
fn triangle_by_hand() {
    // Equal reactances: a transfer takes 2/3 on the direct line and 1/3 on the way round.
    let net = network("triangle");
    let third = 1.0 / 3.0;
    let to_3 = Reference::Bus(2);
    let row = |id: &str| net.ptdf_row(net.branch(id).unwrap(), &to_3);
    all_near(&row("1-2"), &[third, -third, 0.0], 1e-12);
    all_near(&row("2-3"), &[third, 2.0 * third, 0.0], 1e-12);
    all_near(&row("1-3"), &[2.0 * third, third, 0.0], 1e-12);
    // With the line out, all its flow goes the other way round.
    let lodf = net.lodf();
    all_near(lodf.column(2).as_slice(), &[1.0, 1.0, -1.0], 1e-12);
    all_near(lodf.column(0).as_slice(), &[-1.0, -1.0, 1.0], 1e-12);
    all_near(
        &net.flows_mw(&[150.0, -60.0, -90.0]),
        &[70.0, 10.0, 80.0],
        1e-9,
    );
}

#[test]
fn four_node_system_as_in_the_paper() {
    // Shift factors of line 2-3 are 1, 1, 0, 0 with the reference on the load side.
    let net = network("zuo-4node");
    let line = net.branch("2-3").unwrap();
    for reference in [2, 3] {
        let row = net.ptdf_row(line, &Reference::Bus(reference));
        all_near(&row, &[1.0, 1.0, 0.0, 0.0], 1e-12);
    }
    assert!(net.lodf().iter().all(|factor| factor.is_nan()));
    // Interval 2 of Table II: G1 8, D2 2.5, D3 2, G4 2.5 MW put 10.5 MW on the line.
    let flows = net.flows_mw(&[8.0, 2.5, 2.0, 2.5 - 15.0]);
    all_near(&flows, &[8.0, 10.5, 12.5], 1e-9);
}

#[test]
fn thirty_bus_shift_factors_as_in_the_model_notes() {
    // 25 → 24 with the slack at bus 1: −0.1254, 0.5210, 0.3567 at buses 22, 26, 27.
    let net = network("zuo-30bus");
    let row = net.ptdf_row(
        net.branch("24-25").unwrap(),
        &Reference::Bus(net.bus("1").unwrap()),
    );
    let have = ["22", "26", "27"].map(|id| -row[net.bus(id).unwrap()]);
    all_near(&have, &[-0.1254, 0.5210, 0.3567], 5e-5);
}

#[test]
fn unbalanced_or_misfit_injections_give_no_flows() {
    let net = network("triangle");
    assert!(net.flows_mw(&[1.0, 0.0, 0.0]).iter().all(|f| f.is_nan()));
    assert!(net.flows_mw(&[1.0, -1.0]).iter().all(|f| f.is_nan()));
    assert!(
        net.ptdf_row(9, &Reference::Bus(0))
            .iter()
            .all(|f| f.is_nan())
    );
    assert!(
        net.ptdf_row(0, &Reference::Bus(9))
            .iter()
            .all(|f| f.is_nan())
    );
}
