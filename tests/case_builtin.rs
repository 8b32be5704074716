//! The built-in cases are what they claim to be.

use tandem::case::{self, Case};

fn get(id: &str) -> Case {
    case::builtin(id).unwrap_or_else(|| panic!("no built-in case {id}"))
}

#[test]
fn every_builtin_case_parses_and_states_its_source() {
    let ids: Vec<_> = case::builtin::ids().collect();
    assert_eq!(
        ids,
        ["zuo-4node", "zuo-30bus", "triangle", "ieee14", "ieee30"]
    );
    for id in ids {
        let case = get(id);
        assert_eq!(case.version, case::CASE_VERSION);
        assert!(case.source.len() > 60, "{id} says too little of its source");
        assert_eq!(case::check::network::check(&case), [], "{id}");
    }
    assert_eq!(case::builtin("ieee118"), None);
}

#[test]
fn totals_agree_with_the_publications() {
    // buses, branches, generators, load in MW; MATPOWER case14 and case30, paper section V
    for (id, buses, branches, generators, load_mw) in [
        ("zuo-4node", 4, 3, 2, 15.0),
        ("zuo-30bus", 30, 41, 6, 189.2),
        ("ieee14", 14, 20, 5, 259.0),
        ("ieee30", 30, 41, 6, 189.2),
    ] {
        let case = get(id);
        assert_eq!(case.buses.len(), buses, "{id}");
        assert_eq!(case.branches.len(), branches, "{id}");
        assert_eq!(case.generators.len(), generators, "{id}");
        let total: f64 = case.loads.iter().map(|load| load.p_mw).sum();
        assert!((total - load_mw).abs() < 1e-9, "{id}: {total}");
    }
}
