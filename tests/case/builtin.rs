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
        [
            "zuo-4node",
            "zuo-30bus",
            "triangle",
            "ieee14",
            "ieee30",
            "baran-wu-33",
            "baran-wu-69",
            "all-schemes",
            "mezghani-s1",
            "mezghani-s2",
            "mezghani-s3a",
            "mezghani-s3b",
            "mezghani-s4",
            "mezghani-s4-closed",
            "mezghani-s5",
            "mezghani-3node",
            "rsf-periods",
            "mezghani-block",
            "lind-5bus",
            "chao-peck",
            "chao-peck-export",
            "wang-14bus",
            "khojasteh-k33",
        ]
    );
    for id in ids {
        let case = get(id);
        assert_eq!(case.version, case::CASE_VERSION);
        assert!(case.source.len() > 60, "{id} says too little of its source");
        assert_eq!(case.validate(), [], "{id}");
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

#[test]
fn diagrams_have_room_and_no_crossings() {
    for id in case::builtin::ids() {
        let case = get(id);
        // Radial systems are laid out by the page.
        if case.branches.is_empty() {
            continue;
        }
        let place = |id: &str| {
            let bus = case.buses.iter().find(|bus| bus.id == id).unwrap();
            (bus.x.unwrap(), bus.y.unwrap())
        };
        for (i, a) in case.buses.iter().enumerate() {
            for b in &case.buses[..i] {
                let ((ax, ay), (bx, by)) = (place(&a.id), place(&b.id));
                let distance = (ax - bx).hypot(ay - by);
                assert!(
                    distance > 0.95,
                    "{id}: {} and {} are {distance} apart",
                    a.id,
                    b.id
                );
            }
        }
        type Point = (f64, f64);
        let side = |(px, py): Point, (qx, qy): Point, (rx, ry): Point| {
            (qx - px) * (ry - py) - (qy - py) * (rx - px)
        };
        for (i, a) in case.branches.iter().enumerate() {
            let (p, q) = (place(&a.from), place(&a.to));
            assert!((p.0 - q.0).hypot(p.1 - q.1) < 4.0, "{id}: {} is long", a.id);
            for b in &case.branches[..i] {
                let (r, s) = (place(&b.from), place(&b.to));
                let crossing =
                    side(p, q, r) * side(p, q, s) < 0.0 && side(r, s, p) * side(r, s, q) < 0.0;
                assert!(!crossing, "{id}: {} crosses {}", a.id, b.id);
            }
        }
    }
}

#[test]
fn the_thirty_bus_case_is_the_calibrated_one() {
    let case = get("zuo-30bus");
    let limit = |id: &str| {
        let branch = case.branches.iter().find(|b| b.id == id).unwrap();
        branch.max_p_mw
    };
    assert_eq!(limit("24-25"), Some(6.22));
    assert_eq!(limit("25-27"), Some(16.0));
    let generators: Vec<_> = case
        .generators
        .iter()
        .map(|g| {
            (
                g.id.as_str(),
                g.min_p_mw,
                g.max_p_mw,
                g.offer[0].usd_per_mwh,
            )
        })
        .collect();
    let expected = [
        ("G1", 10.3, 80.0, 2.0),
        ("G2", 0.0, 80.0, 1.75),
        ("G22", 0.0, 50.0, 1.0),
        ("G27", 22.0, 55.0, 3.25),
        ("G23", 0.0, 30.0, 3.0),
        ("G13", 0.0, 40.0, 3.0),
    ];
    assert_eq!(generators, expected);
    let groups: Vec<_> = case.aggregators.iter().map(|a| a.ders.join(" ")).collect();
    assert_eq!(groups, ["D22 D26 D27", "D14 D16 D18", "D3 D7 D8"]);
    let prices: Vec<_> = case.ders.iter().map(|d| d.offer[0].usd_per_mwh).collect();
    assert_eq!(
        prices,
        [2.60, 1.90, 1.80, 1.85, 1.82, 2.40, 1.80, 1.772, 2.30]
    );
    assert!(case.ders.iter().all(|d| d.max_p_mw == 5.0));
}
