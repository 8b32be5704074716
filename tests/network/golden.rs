//! IEEE 14 and 30 against printed tables and another program; sources in `golden/network/*/README.md`.

use serde_json::Value;
use tandem::case::{self, Case};
use tandem::network::{Network, Reference};

fn case(id: &str) -> Case {
    case::builtin(id).unwrap_or_else(|| panic!("no built-in case {id}"))
}

fn golden(path: &str) -> Value {
    let path = format!("{}/tests/golden/network/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Compares a matrix entry by entry; `null` in the golden file stands for NaN.
fn compare(what: &str, have: &nalgebra::DMatrix<f64>, want: &Value, tolerance: f64) {
    let rows = want.as_array().unwrap();
    assert_eq!(rows.len(), have.nrows(), "{what}");
    for (i, row) in rows.iter().enumerate() {
        let row = row.as_array().unwrap();
        assert_eq!(row.len(), have.ncols(), "{what}");
        for (j, entry) in row.iter().enumerate() {
            let h = have[(i, j)];
            match entry.as_f64() {
                Some(w) => assert!(
                    (h - w).abs() <= tolerance,
                    "{what}[{i}, {j}]: {h} instead of {w}"
                ),
                None => assert!(h.is_nan(), "{what}[{i}, {j}]: {h}"),
            }
        }
    }
}

#[test]
fn ieee14_equals_the_printed_tables() {
    let net = Network::new(&case("ieee14")).unwrap();
    let printed = golden("ieee14/published.json");
    let ptdf = net.ptdf(&Reference::Bus(net.bus("1").unwrap()));
    compare("ptdf", &ptdf, &printed["ptdf_slack_bus_1"], 5e-5 + 1e-9);
    compare("lodf", &net.lodf(), &printed["lodf"], 5e-7 + 1e-9);
}

#[test]
fn pjm5_read_from_its_file_equals_the_printed_tables() {
    let path = format!(
        "{}/tests/golden/network/pjm5/case.m",
        env!("CARGO_MANIFEST_DIR")
    );
    let case = case::matpower::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    let generators: Vec<_> = case.generators.iter().map(|g| g.id.as_str()).collect();
    assert_eq!(generators, ["G1", "G1-2", "G3", "G4", "G5"]);
    let net = Network::new(&case).unwrap();
    let printed = golden("pjm5/published.json");
    let ptdf = net.ptdf(&Reference::Bus(net.bus("4").unwrap()));
    compare("ptdf", &ptdf, &printed["ptdf_slack_bus_4"], 5e-5 + 1e-9);
    compare("lodf", &net.lodf(), &printed["lodf"], 5e-5 + 1e-9);
}

#[test]
fn ieee14_and_30_equal_pypower() {
    for id in ["ieee14", "ieee30"] {
        let case = case(id);
        let net = Network::new(&case).unwrap();
        let other = golden(&format!("{id}/pypower.json"));
        let at_bus_1 = Reference::Bus(net.bus("1").unwrap());
        let by_load = Reference::by_load(&case, &net).unwrap();
        let factors = [
            (&at_bus_1, "ptdf_slack_bus_1"),
            (&by_load, "ptdf_distributed_by_load"),
        ];
        for (reference, key) in factors {
            compare(key, &net.ptdf(reference), &other[key], 1e-9);
        }
        compare("lodf", &net.lodf(), &other["lodf"], 1e-9);
        let flows = net.flows_mw(&numbers(&other["injection_mw"]));
        for (have, want) in flows.iter().zip(numbers(&other["flow_mw"])) {
            assert!((have - want).abs() < 1e-8, "{id}: {have} instead of {want}");
        }
    }
}

#[test]
fn bridges_of_ieee14_and_30() {
    for (id, expected) in [
        ("ieee14", vec!["7-8"]),
        ("ieee30", vec!["9-11", "12-13", "25-26"]),
    ] {
        let case = case(id);
        let net = Network::new(&case).unwrap();
        let found: Vec<&str> = net
            .bridges()
            .iter()
            .zip(&case.branches)
            .filter_map(|(&bridge, branch)| bridge.then_some(branch.id.as_str()))
            .collect();
        assert_eq!(found, expected, "{id}");
    }
}
