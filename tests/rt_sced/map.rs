//! Maps of a dispatch over two inputs: one drawn by hand, and that of thirty buses against the run itself.

use serde_json::{Value, json};
use tandem::map::map;
use tandem::report::map::{Asked, Axis, Map};
use tandem::scenario::{Document, gallery};
use tandem::session::Session;
use tandem::sweep;

fn asked(x: (&str, f64, f64), y: (&str, f64, f64), bus: &str) -> Asked {
    let axis = |(field, from, to): (&str, f64, f64)| Axis {
        field: field.into(),
        from,
        to,
    };
    Asked {
        x: axis(x),
        y: axis(y),
        bus: bus.into(),
        step: 1,
    }
}

const LOAD: (&str, f64, f64) = ("case.loads.L.p_mw", 0.0, 150.0);
const LIMIT: (&str, f64, f64) = ("case.branches.1-2.max_p_mw", 1.0, 121.0);

/// G1 with 100 MW at 20 $/MWh at bus 1, G2 with 60 MW at 40 $/MWh and the load at bus 2.
fn two_buses() -> Value {
    let unit = |id: &str, bus: &str, p_mw: f64, usd_per_mwh: f64| {
        let offer = json!([{"p_mw": p_mw, "usd_per_mwh": usd_per_mwh}]);
        json!({"id": id, "bus": bus, "min_p_mw": 0.0, "max_p_mw": p_mw, "offer": offer})
    };
    json!({
        "version": 1,
        "title": "two buses",
        "case": {
            "version": 1,
            "name": "two buses",
            "base_mva": 100.0,
            "buses": [{"id": "1"}, {"id": "2"}],
            "branches": [{"id": "1-2", "from": "1", "to": "2", "x_pu": 0.1, "max_p_mw": 50.0}],
            "generators": [unit("G1", "1", 100.0, 20.0), unit("G2", "2", 60.0, 40.0)],
            "loads": [{"id": "L", "bus": "2", "p_mw": 80.0}],
        },
        "mechanism": {"kind": "rt_sced", "method": "optimal", "intervals": 1},
    })
}

fn session(value: Value) -> Session {
    Session::new(Document::from_value(value).unwrap())
}

fn of_two_buses(asked: &Asked) -> Map {
    map(&session(two_buses()), asked).unwrap()
}

fn at(map: &Map, point: (f64, f64)) -> (&str, f64, Vec<f64>) {
    let place = &map.places[map.at(point).unwrap()];
    let prices = place.prices.iter().map(|(_, lmp)| lmp.at(point));
    (
        &place.name,
        place.cost.map_or(f64::NAN, |cost| cost.at(point)),
        prices.collect(),
    )
}

#[track_caller]
fn close(ours: f64, expected: f64) {
    assert!((ours - expected).abs() < 1e-7, "{ours} is not {expected}");
}

/// By hand: G1 alone to its end or the line's, G2 beside a full line, G2 beside a full G1, nothing beyond both.
#[test]
fn two_buses_by_hand() {
    let map = of_two_buses(&asked(LOAD, LIMIT, "2"));
    assert_eq!(map.places.len(), 4);
    for (point, name, cost, prices) in [
        ((50.0, 80.0), "G1 marginal", 1000.0, [20.0, 20.0]),
        (
            (80.0, 50.0),
            "G1 and G2 marginal; line 1-2 full",
            2200.0,
            [20.0, 40.0],
        ),
        ((120.0, 110.0), "G2 marginal", 2800.0, [40.0, 40.0]),
    ] {
        let found = at(&map, point);
        assert_eq!(found.0, name);
        close(found.1, cost);
        close(found.2[0], prices[0]);
        close(found.2[1], prices[1]);
    }
    assert_eq!(at(&map, (140.0, 20.0)).0, "no dispatch");
    let changes = |from: (f64, f64), to: (f64, f64)| {
        let beyond = map.at(to).unwrap();
        let sides = map.places[map.at(from).unwrap()].sides.iter();
        let mut found = sides.filter(|side| side.beyond == beyond);
        found.next().unwrap().change.clone()
    };
    let (alone, full, end, none) = ((50.0, 80.0), (80.0, 50.0), (120.0, 110.0), (140.0, 20.0));
    let becomes = "line 1-2 becomes full; G2 becomes marginal";
    assert_eq!(changes(alone, full), becomes);
    assert_eq!(
        changes(full, alone),
        "line 1-2 has room again; G2 reaches its minimum"
    );
    assert_eq!(
        changes(alone, end),
        "G1 reaches its maximum; G2 becomes marginal"
    );
    assert_eq!(changes(full, none), "no dispatch is left");
    assert_eq!(changes(none, full), "there is a dispatch");
    // The case itself: 80 MW of load over a limit of 50 MW.
    let stands = "The case stands in region 2: G1 and G2 marginal; line 1-2 full.";
    assert!(
        map.report.headline.ends_with(stands),
        "{}",
        map.report.headline
    );
    let words = &map.report.headline;
    assert!(
        words.contains("the LMP at bus 2 is between 20 and 40\u{a0}$/MWh"),
        "{words}"
    );
    let probe = map.probe((70.0, 69.0));
    assert!(probe.inside);
    let beyond = "It costs 1420\u{a0}$/h. Beyond the edge, in region";
    assert!(probe.sentence.contains(beyond), "{}", probe.sentence);
    assert!(!map.probe((151.0, 20.0)).inside);
    let report = map.report.read();
    let drawing = tandem::chart::draw(&report, "map", &tandem::chart::View::default()).unwrap();
    assert!(drawing.svg.contains("no dispatch"));
}

/// The load by the price of G2: below 20 $/MWh it comes first, and who is marginal changes with the price alone.
#[test]
fn a_price_changes_who_is_marginal() {
    let price = ("case.generators.G2.offer.0.usd_per_mwh", 10.0, 40.0);
    let map = of_two_buses(&asked(("case.loads.L.p_mw", 1.0, 49.0), price, ""));
    // The line of 50 MW is never full: one price everywhere.
    assert_eq!(map.places.len(), 2);
    let (above, below) = (at(&map, (30.0, 30.0)), at(&map, (30.0, 15.0)));
    assert_eq!((above.0, below.0), ("G1 marginal", "G2 marginal"));
    close(above.1, 600.0);
    close(below.1, 450.0);
    close(below.2[0], 15.0);
    let sides = &map.places[map.at((30.0, 30.0)).unwrap()].sides;
    assert_eq!(sides[0].change, "G2 becomes marginal in place of G1");
}

/// Blocks of 40 MW at 20 and 60 MW at 25 $/MWh; G2 at 22 $/MWh comes between them, at 30 $/MWh after them.
#[test]
fn a_unit_comes_to_the_end_of_a_block() {
    let mut value = two_buses();
    let blocks = json!([{"p_mw": 40.0, "usd_per_mwh": 20.0}, {"p_mw": 60.0, "usd_per_mwh": 25.0}]);
    value["case"]["generators"][0]["offer"] = blocks;
    value["case"]["branches"][0]["max_p_mw"] = 200.0.into();
    let price = ("case.generators.G2.offer.0.usd_per_mwh", 21.0, 31.0);
    let map = map(&session(value), &asked(LOAD, price, "1")).unwrap();
    let between = |from: (f64, f64), to: (f64, f64)| {
        let beyond = map.at(to).unwrap();
        let mut sides = map.places[map.at(from).unwrap()].sides.iter();
        let side = sides.find(|side| side.beyond == beyond).unwrap();
        side.change.clone()
    };
    let (first, second, other) = ((20.0, 30.0), (60.0, 30.0), (60.0, 22.0));
    assert_eq!(
        between(first, second),
        "G1 goes over to its block at 25\u{a0}$/MWh"
    );
    let end = "G1 reaches the end of its block at 20\u{a0}$/MWh; G2 becomes marginal";
    assert_eq!(between(first, other), end);
    assert_eq!(between(second, other), "G2 becomes marginal in place of G1");
    close(at(&map, second).1, 40.0 * 20.0 + 20.0 * 25.0);
    close(at(&map, other).1, 40.0 * 20.0 + 20.0 * 22.0);
    // 40 MW of G1, 60 MW of G2, then G1 again.
    close(at(&map, (120.0, 22.0)).1, 800.0 + 60.0 * 22.0 + 20.0 * 25.0);
}

/// G1 from 10 $/MWh by 0.2 for each MW and G2 from 14 by 0.1, 100 MW each. By hand: G1 alone at 10 + 0.2 L up to
/// 20 MW or the limit F; both at λ = (L + 190) / 15, of which G1 makes (L + 40) / 3; beyond a full line G1 at
/// 10 + 0.2 F and G2 at 14 + 0.1 (L − F); nothing beyond F + 100.
#[test]
fn bids_that_rise_by_hand() {
    let mut value = two_buses();
    for (k, from, end) in [(0, 10.0, 30.0), (1, 14.0, 24.0)] {
        let unit = &mut value["case"]["generators"][k];
        unit["max_p_mw"] = 100.0.into();
        unit["offer"] = json!([{"p_mw": 100.0, "usd_per_mwh": from, "end_usd_per_mwh": end}]);
    }
    let map = map(&session(value), &asked(LOAD, LIMIT, "2")).unwrap();
    assert_eq!(map.places.len(), 4);
    let (alone, both, full, none) = ((10.0, 80.0), (60.0, 80.0), (80.0, 20.0), (148.0, 20.0));
    let third = 100.0 / 3.0;
    let of_both =
        10.0 * third + 0.1 * third * third + 14.0 * 80.0 / 3.0 + 0.05 * (80.0 / 3.0_f64).powi(2);
    for (point, name, cost, prices) in [
        (alone, "G1 marginal", 110.0, [12.0, 12.0]),
        (
            both,
            "G1 and G2 marginal",
            of_both,
            [250.0 / 15.0, 250.0 / 15.0],
        ),
        (
            full,
            "G1 and G2 marginal; line 1-2 full",
            1260.0,
            [14.0, 20.0],
        ),
    ] {
        let found = at(&map, point);
        assert_eq!(found.0, name);
        close(found.1, cost);
        close(found.2[0], prices[0]);
        close(found.2[1], prices[1]);
    }
    assert_eq!(at(&map, none).0, "no dispatch");
    let changes = |from: (f64, f64), to: (f64, f64)| {
        let beyond = map.at(to).unwrap();
        let mut sides = map.places[map.at(from).unwrap()].sides.iter();
        sides
            .find(|side| side.beyond == beyond)
            .unwrap()
            .change
            .clone()
    };
    assert_eq!(changes(alone, both), "G2 becomes marginal");
    assert_eq!(changes(both, alone), "G2 reaches its minimum");
    assert_eq!(changes(both, full), "line 1-2 becomes full");
    assert_eq!(changes(full, none), "no dispatch is left");
}

/// What the map says is what the run finds, on a grid of loads and limits of the system of thirty buses.
#[test]
fn thirty_buses_are_those_of_the_run() {
    of_thirty_buses(gallery::document("zuo-30bus-optimal").unwrap().to_value());
}

/// The same where the generators' bids rise by a tenth along their blocks.
#[test]
fn thirty_buses_with_bids_that_rise_are_those_of_the_run() {
    let mut value = gallery::document("zuo-30bus-optimal").unwrap().to_value();
    for unit in value["case"]["generators"].as_array_mut().unwrap() {
        for block in unit["offer"].as_array_mut().unwrap() {
            let end = 1.1 * block["usd_per_mwh"].as_f64().unwrap();
            block["end_usd_per_mwh"] = end.into();
        }
    }
    of_thirty_buses(value);
}

fn of_thirty_buses(mut value: Value) {
    value["mechanism"]["intervals"] = 1.into();
    let load = ("case.loads.L24.p_mw", 0.0, 30.0);
    let limit = ("case.branches.24-25.max_p_mw", 1.0, 13.0);
    let base = session(value.clone());
    let map = map(&base, &asked(load, limit, "24")).unwrap();
    assert!(map.places.len() > 5, "{} regions", map.places.len());
    let mut session = Session::new(Document::from_value(value.clone()).unwrap());
    for i in 0..12 {
        for j in 0..12 {
            let share = |k: usize| (f64::from(u32::try_from(k).unwrap()) + 0.37) / 12.0;
            let point = (30.0 * share(i), 1.0 + 12.0 * share(j));
            let mut changed = value.clone();
            tandem::scenario::path::set_value(&mut changed, load.0, point.0.into(), &[]).unwrap();
            let changed = Document::from_value(changed).unwrap();
            let summary = sweep::point(&mut session, &changed, limit.0, point.1).unwrap();
            let cost = summary.iter().find(|q| q.id == "cost_last").unwrap();
            let found = at(&map, point);
            let other = cost.value.unwrap();
            assert!(
                (found.1 - other).abs() <= 1e-8 * other,
                "{point:?}: {} {other}",
                found.1
            );
            let report = session.report().unwrap();
            for (lmp, (bus, _)) in found.2.iter().zip(&map.places[0].prices) {
                let run = report.series(&format!("lmp:{}", bus.id)).unwrap().values[0];
                assert!(
                    (lmp - run).abs() < 1e-6,
                    "bus {} at {point:?}: {lmp} {run}",
                    bus.id
                );
            }
        }
    }
}

/// What has no map says why.
#[test]
fn what_has_no_map_says_why() {
    let said = |x: (&str, f64, f64), y: (&str, f64, f64), bus: &str| match map(
        &session(two_buses()),
        &asked(x, y, bus),
    ) {
        Err(problems) => problems[0].message.clone(),
        Ok(_) => panic!("a map"),
    };
    assert!(said(LOAD, LOAD, "").contains("another field"));
    assert!(said(LOAD, LIMIT, "3").contains("no bus `3`"));
    assert!(said(LOAD, (LIMIT.0, 5.0, 5.0), "").contains("greater one"));
    let mut of_three = asked(LOAD, LIMIT, "");
    of_three.step = 3;
    let why = map(&session(two_buses()), &of_three).err().unwrap();
    assert!(
        why[0].message.contains("no interval 3"),
        "{}",
        why[0].message
    );
    let thirty = Session::preset("zuo-30bus-optimal").unwrap();
    let load = ("case.loads.L24.p_mw", 0.0, 30.0);
    let of_factors = asked(("case.branches.24-25.x_pu", 0.1, 0.3), load, "");
    let why = map(&thirty, &of_factors).err().unwrap();
    assert!(
        why[0].message.contains("not its limit alone"),
        "{}",
        why[0].message
    );
    let other = Session::preset("mezghani-3node").unwrap();
    assert!(map(&other, &asked(LOAD, LIMIT, "")).is_err());
}
