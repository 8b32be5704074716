//! Batteries of a day: by hand on two slots, and what is said where a battery does what none can.

use super::small::small;
use serde_json::json;
use tandem::case::Case;
use tandem::case::day::Storage;
use tandem::market::bargaining::Bargaining;
use tandem::market::bargaining::operation::plan;
use tandem::market::bargaining::rolling_horizon::on_its_own;
use tandem::market::bargaining::storage::{after, at_once_mw};
use tandem::market::bargaining::system::System;
use tandem::market::run;
use tandem::network::formulation::feeder::Physics;
use tandem::report::{Report, Status};

/// A battery at bus `bus`, empty at first, of 90 % efficiency either way.
fn battery(id: &str, bus: &str) -> Storage {
    Storage {
        id: id.into(),
        bus: bus.into(),
        max_p_mw: 10.0,
        energy_mwh: 10.0,
        charge_efficiency: 0.9,
        discharge_efficiency: 0.9,
        ..Storage::default()
    }
}

/// One generator at g² + b g, one DSO that wants 4 and 8 MW with u = 10 and has a battery; no losses.
fn two_slots(linear: f64) -> Case {
    let mut case: Case = serde_json::from_value(json!({
        "version": 1, "name": "two slots", "base_mva": 1.0,
        "buses": [{"id": "1"}], "branches": [],
        "generators": [{"id": "G", "bus": "1", "max_p_mw": 100.0, "offer": [{"p_mw": 100.0, "usd_per_mwh": 0.0}]}],
        "feeders": [{"id": "F", "base_kv": 10.0, "root": "F0", "buses": [{"id": "F0"}, {"id": "F1"}],
            "lines": [{"id": "F01", "from": "F0", "to": "F1", "r_ohm": 0.01, "x_ohm": 0.01}]}],
        "boundaries": [{"id": "B", "bus": "1", "feeder": "F"}],
        "day": {"periods": 2, "profiles": [{"id": "load", "forecast_mw": [4.0, 8.0], "realised_mw": [4.0, 8.0]}],
            "costs": [{"generator": "G", "a_usd_per_mw2h": 1.0, "b_usd_per_mwh": linear}],
            "adjustable": [{"id": "L", "bus": "F1", "profile": "load", "usd_per_mw2h": 10.0}]}
    }))
    .unwrap();
    case.day.as_mut().unwrap().storage.push(battery("S", "F1"));
    case
}

fn lossless() -> Bargaining {
    Bargaining {
        physics: Physics::Lossless,
        ..Bargaining::default()
    }
}

fn value(report: &Report, id: &str) -> f64 {
    report.quantity(id).unwrap().value.unwrap()
}

#[test]
fn two_slots_by_hand() {
    // The load moves x from slot 2 to slot 1, the battery charges c and gives back η c:
    //   g1 = 4 + x + c, g2 = 8 − x − η c;  c: 2 g1 = η 2 g2;  x: 2 (g1 − g2) + 4 u x = 0.
    let (eta, u) = (0.81, 10.0);
    let k = (1.0 - eta) / (2.0 * u);
    let g2 = (8.0 + 4.0 * eta) / (1.0 + eta * eta + k * (1.0 - eta));
    let (g1, x) = (eta * g2, k * g2);
    let c = g1 - 4.0 - x;
    let case = two_slots(0.0);
    assert!(case.validate().iter().all(|p| !p.is_error()));
    let report = run(&case, &lossless()).unwrap();
    let at = |id: &str| report.series(id).unwrap().values.clone();
    for (id, by_hand) in [
        ("plan:G", [g1, g2]),
        ("plan:S", [-c, eta * c]),
        ("stored_plan:S", [0.9 * c, 0.0]),
        // Nothing comes out differently, so real time keeps the plan, with cooperation and without.
        ("p:S", [-c, eta * c]),
        ("alone:S", [-c, eta * c]),
        ("stored:S", [0.9 * c, 0.0]),
    ] {
        for (ours, hand) in at(id).iter().zip(by_hand) {
            assert!((ours - hand).abs() < 1e-4, "{id}: {ours} by hand {hand}");
        }
    }
    // Without the battery: x alone, 2 (g1 − g2) + 4 u x = 0 at g1 = 4 + x, g2 = 8 − x.
    let alone = 2.0 * 4.0 / (4.0 + 4.0 * u);
    let cost = |g1: f64, g2: f64, x: f64| g1 * g1 + g2 * g2 + 2.0 * u * x * x;
    let adds = cost(4.0 + alone, 8.0 - alone, alone) - cost(g1, g2, x);
    for id in ["storage_planned", "storage_co", "storage_non"] {
        let ours = value(&report, id);
        assert!((ours - adds).abs() < 1e-4, "{id}: {ours} by hand {adds}");
    }
    assert!(
        report.headline.contains("1 battery of the DSOs adds"),
        "{}",
        report.headline
    );
    assert!(report.certificates.iter().all(|c| c.certified));
    // Rolls and plans of the day without: the plan, real time, the DSO on its own.
    let bare = report
        .certificates
        .iter()
        .filter(|c| c.solve.starts_with("without batteries"));
    assert_eq!(bare.count(), 3);
}

#[test]
fn the_end_of_the_day_asks_for_at_least_its_energy() {
    let mut case = two_slots(0.0);
    let own = &mut case.day.as_mut().unwrap().storage[0];
    (own.initial_mwh, own.min_final_mwh) = (2.0, 6.0);
    let report = run(&case, &lossless()).unwrap();
    for id in ["stored:S", "stored_alone:S", "stored_plan:S"] {
        let end = *report.series(id).unwrap().values.last().unwrap();
        assert!((end - 6.0).abs() < 1e-4, "{id}: {end}");
    }
    // More at first than asked for: what is left is used, no more is kept than pays.
    let own = &mut case.day.as_mut().unwrap().storage[0];
    (own.initial_mwh, own.min_final_mwh) = (6.0, 2.0);
    let report = run(&case, &lossless()).unwrap();
    let end = *report
        .series("stored_plan:S")
        .unwrap()
        .values
        .last()
        .unwrap();
    assert!((end - 2.0).abs() < 1e-4, "{end}");
}

#[test]
fn a_battery_does_not_burn_what_it_cannot_use() {
    // Wind comes out far above its forecast, and the DSO must keep what it planned to draw.
    let mut case = two_slots(0.0);
    let day = case.day.as_mut().unwrap();
    day.profiles.push(tandem::case::day::Profile {
        id: "wind".into(),
        forecast_mw: vec![0.0, 0.0],
        realised_mw: vec![30.0, 30.0],
    });
    day.renewables.push(tandem::case::day::Renewable {
        id: "W".into(),
        bus: "F1".into(),
        profile: "wind".into(),
    });
    let system = System::new(&case, Physics::Lossless).unwrap();
    let plan = plan(&system).unwrap();
    let (own, proofs) = on_its_own(&system, &plan, 0).unwrap();
    assert!(proofs.iter().all(|proof| proof.certified));
    assert_eq!(at_once_mw(&own.charge_mw[0], &own.discharge_mw[0]), None);
    // Its loads have what they want, and the battery is full for later.
    assert!(own.missed_mwh[1] < 1e-4, "{:?}", own.missed_mwh);
}

#[test]
fn prices_below_zero_are_told() {
    // At −50 $/MWh at no output, a battery that charges and discharges at once is paid for burning.
    let report = run(&two_slots(-50.0), &lossless()).unwrap();
    assert_eq!(report.status, Status::Solved);
    let told = report.messages.iter().any(|m| m.text.contains("at once"));
    assert!(told, "{:#?}", report.messages);
    assert!(
        report
            .badges
            .iter()
            .any(|badge| badge.text.contains("at once"))
    );
    // With prices above zero nothing of it.
    let report = run(&two_slots(0.0), &lossless()).unwrap();
    assert!(!report.messages.iter().any(|m| m.text.contains("at once")));
}

#[test]
fn cones_and_lines_know_batteries() {
    let mut case = small(8..11, &[1, 3]);
    for line in &mut case.branches {
        if line.id == "9-14" || line.id == "13-14" {
            line.max_p_mw = Some(14.0);
        }
    }
    let bare = case.clone();
    case.day.as_mut().unwrap().storage.push(Storage {
        max_p_mw: 4.0,
        initial_mwh: 5.0,
        min_final_mwh: 5.0,
        ..battery("S4", "DSO4-1")
    });
    let report = run(&case, &Bargaining::default()).unwrap();
    assert!(report.certificates.iter().all(|c| c.certified));
    // A battery never makes the plan worse, and the value told is the difference of two runs.
    assert!(value(&report, "storage_planned") > -1e-2);
    let without = run(&bare, &Bargaining::default()).unwrap();
    for (id, welfare) in [("storage_co", "welfare_co"), ("storage_non", "welfare_non")] {
        let difference = value(&report, welfare) - value(&without, welfare);
        let told = value(&report, id);
        assert!(
            (told - difference).abs() < 1e-3,
            "{id}: {told} and {difference}"
        );
    }
    // What it holds follows from what it does.
    let (p, held) = (
        report.series("p:S4").unwrap(),
        report.series("stored:S4").unwrap(),
    );
    let mut energy = 5.0;
    for (p, held) in p.values.iter().zip(&held.values) {
        energy = after(&battery("S4", ""), energy, ((-p).max(0.0), p.max(0.0)), 1.0);
        assert!((energy - held).abs() < 1e-4, "{energy} {held}");
    }
    assert!(energy > 5.0 - 1e-5);
    assert!(report.chart("stored").is_some() && report.chart("storage_power").is_some());
}
