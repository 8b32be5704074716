//! Equally good dispatches: what is chosen, what is said of it, and days that no feeder can carry.
//!
//! Two DSOs A and B at the bus of a generator of cost g² + 10 g, two slots of an hour, feeders without
//! limits. Each has a deferrable load of at most 2 MW that wants 2 MWh in the day at u = 100 $/MWh²; A
//! has a renewable of R MW forecast that does not blow in slot 1.
//!
//! With E the energy of either load and R = 1/2, by hand:
//!
//! ```text
//! day before   g = E − R in both slots, 200 (2 − E) = 2 g + 10      E = 391/202,   d̂_A = E/2 − R
//! real time    g = E − R/2 in both slots                            E = 390.5/202, π = 2 g + 10
//! tie          p = P_A(1) anywhere in 0 ≤ p ≤ g: B takes g − p, and A takes E − p in slot 2
//! chosen       min 2 p² + (E − p)² + (E − p − R)² + 2 (g − p)² + 2 (R/2 + p)²: p = (E + g − R)/4
//! ```

use crate::testing::near::near;
use serde_json::{Value, json};
use tandem::case::Case;
use tandem::market::bargaining::dso::Past;
use tandem::market::bargaining::operation::{NoDispatch, alone, plan};
use tandem::market::bargaining::system::System;
use tandem::market::bargaining::{Bargaining, Disagreement};
use tandem::market::{self, Contract};
use tandem::network::formulation::feeder::Physics;
use tandem::report::{Cell, Report, Status};

const E: f64 = 390.5 / 202.0;
const G: f64 = E - 0.25;
const PRICE: f64 = 2.0 * G + 10.0;
const PLANNED_E: f64 = 391.0 / 202.0;

fn feeder(id: &str) -> Value {
    let bus = |k: usize| json!({ "id": format!("{id}{k}") });
    json!({
        "id": id, "base_kv": 10.0, "root": format!("{id}0"), "buses": [bus(0), bus(1)],
        "lines": [{ "id": format!("{id}01"), "from": format!("{id}0"), "to": format!("{id}1"),
                    "r_ohm": 0.01, "x_ohm": 0.01 }]
    })
}

/// The case above with a renewable of `r` MW and its DSOs in this order.
fn case(r: f64, order: [&str; 2]) -> Case {
    let boundary = |id: &&str| json!({ "id": format!("at {id}"), "bus": "1", "feeder": id });
    let load = |id: &&str| {
        json!({ "id": format!("load {id}"), "bus": format!("{id}1"), "max_p_mw": 2.0,
                "energy_mwh": 2.0, "first_period": 1, "last_period": 2, "usd_per_mwh2": 100.0 })
    };
    let text = json!({
        "version": 1, "name": "two DSOs", "base_mva": 1.0, "buses": [{ "id": "1" }], "branches": [],
        "generators": [{ "id": "G", "bus": "1", "max_p_mw": 100.0,
                         "offer": [{ "p_mw": 100.0, "usd_per_mwh": 10.0 }] }],
        "feeders": order.iter().map(|id| feeder(id)).collect::<Vec<_>>(),
        "boundaries": order.iter().map(boundary).collect::<Vec<_>>(),
        "day": {
            "periods": 2, "minutes_per_period": 60.0, "shortage_usd_per_mwh": 3000.0,
            "profiles": [{ "id": "wind", "forecast_mw": [r, r], "realised_mw": [0.0, r] }],
            "costs": [{ "generator": "G", "a_usd_per_mw2h": 1.0, "b_usd_per_mwh": 10.0 }],
            "renewables": [{ "id": "wind A", "bus": "A1", "profile": "wind" }],
            "deferrable": order.iter().map(load).collect::<Vec<_>>()
        }
    });
    Case::from_json(&text.to_string()).unwrap()
}

fn run(case: &Case, disagreement: Disagreement, physics: Physics) -> Report {
    let params = Bargaining {
        physics,
        disagreement,
        ..Bargaining::default()
    };
    tandem::market::run(case, &params).unwrap()
}

fn numbers(row: &[Cell]) -> Vec<f64> {
    let number = |cell: &Cell| match cell {
        Cell::Number(value) => Some(*value),
        _ => None,
    };
    row.iter().filter_map(number).collect()
}

#[test]
fn the_tie_is_settled_by_least_squares_whatever_the_order() {
    let p = (E + G - 0.5) / 4.0;
    let planned = PLANNED_E / 2.0 - 0.5;
    for physics in [Physics::Lossless, Physics::LinDistFlow] {
        for order in [["A", "B"], ["B", "A"]] {
            let report = run(&case(0.5, order), Disagreement::Shadow, physics);
            let at = |id: &str, t: usize| report.series(id).unwrap().values[t];
            near("plan of A", at("plan_import:at A", 0), planned, 1e-4);
            near(
                "plan of B",
                at("plan_import:at B", 1),
                PLANNED_E / 2.0,
                1e-4,
            );
            near("A in slot 1", at("import:at A", 0), p, 1e-4);
            near("B in slot 1", at("import:at B", 0), G - p, 1e-4);
            near("A in slot 2", at("import:at A", 1), E - p - 0.5, 1e-4);
            near("A pays", at("paid:lmp:A", 0), PRICE * (p - planned), 1e-4);
            let paid = PRICE * (G - p - PLANNED_E / 2.0);
            near("B pays", at("paid:lmp:B", 0), paid, 1e-4);
            assert!(report.certificates.iter().all(|c| c.certified));
        }
    }
}

#[test]
fn payments_that_depend_on_a_tie_are_named_with_their_range() {
    let report = run(
        &case(0.5, ["A", "B"]),
        Disagreement::Shadow,
        Physics::Lossless,
    );
    let planned = PLANNED_E / 2.0 - 0.5;
    let table = report.tables.iter().find(|t| t.id == "ties").unwrap();
    assert_eq!(table.rows.len(), 2, "slot 2 leaves no choice");
    let row = numbers(&table.rows[0]);
    near("least import", row[2], 0.0, 1e-4);
    near("greatest import", row[3], G, 1e-4);
    near("least payment", row[5], PRICE * (0.0 - planned), 1e-4);
    near("greatest payment", row[6], PRICE * (G - planned), 1e-4);
    let said = |part: &str| report.messages.iter().any(|m| m.text.contains(part));
    assert!(said("The plan of the day before has ties"));
    assert!(said(
        "Payments at prices depend on a tie in slot 1: A pays 4.16\u{a0}$ in slot 1 and could as well pay −6.25\u{a0}$ to 16.24\u{a0}$ there"
    ));
    assert!(said("least sum of squares"));
    assert!(!said("On its own"));
}

#[test]
fn one_dso_alone_leaves_no_tie() {
    let mut one = case(0.5, ["A", "B"]);
    one.feeders.truncate(1);
    one.boundaries.truncate(1);
    one.day.as_mut().unwrap().deferrable.truncate(1);
    let report = run(&one, Disagreement::Shadow, Physics::Lossless);
    assert!(report.tables.iter().all(|t| t.id != "ties"));
    assert!(report.messages.iter().all(|m| !m.text.contains("tie")));
}

/// A keeps 1 MW in either slot and wants 1 MWh in all: p in slot 1, 1 − p in slot 2, the rest has no use.
/// Σ of squares 2 (p² + (1 − p)²) is least at p = 1/2.
#[test]
fn a_dso_that_spills_spreads_its_load() {
    let mut spilling = case(0.0, ["A", "B"]);
    spilling.day.as_mut().unwrap().deferrable[0].energy_mwh = 1.0;
    let system = System::new(&spilling, Physics::Lossless).unwrap();
    let past = Past::new(&system.dsos[0]);
    let own = alone(&system, 0, 0, &past, &[1.0, 1.0]).unwrap();
    let powers = &own.plan.deferrable_mw[0];
    assert!((powers[0] - 0.5).abs() < 1e-3, "{powers:?}");
    assert!((own.plan.utility_usd - 100.0).abs() < 1e-3);
    assert!(own.ties.unwrap().any());
}

/// By hand: A has had p and keeps d̂_A with R from the wind, B has had g − p and keeps d̂_B; the
/// generator has run at g and goes on at ĝ = d̂_A + d̂_B.
#[test]
fn series_against_equal_histories_are_what_is_settled() {
    let shadow = run(
        &case(0.5, ["A", "B"]),
        Disagreement::Shadow,
        Physics::Lossless,
    );
    let report = run(
        &case(0.5, ["A", "B"]),
        Disagreement::Rebased,
        Physics::Lossless,
    );
    let at = |id: &str, t: usize| report.series(id).unwrap().values[t];
    let p = (E + G - 0.5) / 4.0;
    let utility = |e: f64| 100.0 * e * (4.0 - e);
    let cost = |g: f64| g * g + 10.0 * g;
    let left_a = utility(p + PLANNED_E / 2.0);
    let left_b = utility(G - p + PLANNED_E / 2.0);
    let left_cost = cost(G) + cost(PLANNED_E - 0.5);
    let close = |ours: f64, theirs: f64, what: &str| {
        assert!(
            (ours - theirs).abs() < 2e-3,
            "{what}: {ours} is not {theirs}"
        );
    };
    close(at("u_left:A", 1), left_a, "A leaves");
    close(at("u_left:B", 1), left_b, "B leaves");
    close(at("cost_left", 1), left_cost, "cost");
    let gain = utility(E) - left_a;
    let surplus = gain + utility(E) - left_b - (2.0 * cost(G) - left_cost);
    close(at("surplus", 1), surplus, "surplus");
    close(at("paid:nash:A", 1), (gain - surplus / 3.0) / 2.0, "A pays");
    for t in 0..2 {
        let between = at("welfare_co", t) - at("welfare_left", t);
        assert!((between - at("surplus", t)).abs() < 1e-9, "slot {t}");
    }
    // Before anything has been done both comparisons are one.
    close(at("u_left:A", 0), at("u_non:A", 0), "slot 1");
    assert!(shadow.series("u_left:A").is_none());
    // The day's totals are the last values of their series, and add up to the surplus of the day.
    for rule in ["lmp", "nash"] {
        let mut sum = 0.0;
        for player in ["ISO", "A", "B"] {
            let id = format!("benefit:{rule}:{player}");
            let total = report.quantity(&id).unwrap().value.unwrap();
            assert!((total - at(&id, 1)).abs() < 1e-12, "{id}");
            sum += total;
        }
        let day = report.quantity("surplus").unwrap().value.unwrap();
        assert!((sum - day).abs() < 1e-9, "{rule}: {sum} {day}");
    }
    let chart = report.chart("welfare").unwrap();
    assert!(
        serde_json::to_string(chart)
            .unwrap()
            .contains("welfare_left")
    );
    let said = |part: &str| report.messages.iter().any(|m| m.text.contains(part));
    assert!(said(
        "Nash payments against equal histories depend on it too"
    ));
}

/// With R = 1 A planned to export 1 − E/2 MW, and without wind has nothing to export.
#[test]
fn an_import_that_cannot_be_kept_is_a_report_that_names_it() {
    let exporting = case(1.0, ["A", "B"]);
    let report = run(&exporting, Disagreement::Shadow, Physics::Lossless);
    assert_eq!(report.status, Status::Infeasible);
    // 200 (2 − E) = 2 (E − 1) + 10: E = 392/202, and d̂_A = E/2 − 1 = −0.0297.
    assert!(
        report
            .headline
            .contains("A on its own, slot 1, cannot keep its planned import")
            && report
                .headline
                .contains("the import of A upwards in slot 1 by 0.0297\u{a0}MW"),
        "{}",
        report.headline
    );
    // The same where the work is done in parts.
    let params = Bargaining {
        physics: Physics::Lossless,
        ..Bargaining::default()
    };
    let parts: Vec<String> = (0..3)
        .map(|k| params.piece(&exporting, None, k).unwrap())
        .collect();
    let again = market::run_with(&exporting, &params, &parts).unwrap();
    assert_eq!(again.headline, report.headline);
}

/// A's line carries 0.1 MW and its bus has a fixed load of 0.3 MW: 0.2 MW are missing.
#[test]
fn a_feeder_that_no_dispatch_serves_names_its_line() {
    let mut tight = case(0.0, ["A", "B"]);
    tight.feeders[0].buses[1].p_load_mw = 0.3;
    tight.feeders[0].lines[0].max_p_mw = Some(0.1);
    for physics in [Physics::Lossless, Physics::LinDistFlow, Physics::BranchFlow] {
        let report = run(&tight, Disagreement::Shadow, physics);
        assert_eq!(report.status, Status::Infeasible);
        let text = "the limit of line A01 in slot 1 by 0.2\u{a0}MW";
        assert!(report.headline.contains(text), "{}", report.headline);
    }
    let system = System::new(&tight, Physics::Lossless).unwrap();
    let past = Past::new(&system.dsos[0]);
    let kept = alone(&system, 0, 0, &past, &[0.3, 0.3]);
    assert!(matches!(kept, Err(NoDispatch::Infeasible(_))));
}

/// The published day without losses: every choice among its ties proves itself, and is that of another
/// order of the DSOs.
#[test]
fn the_published_day_without_losses_has_its_ties_settled() {
    let mut case = tandem::case::builtin("wang-14bus").unwrap();
    for physics in [Physics::Lossless, Physics::LinDistFlow] {
        let mut imports = Vec::new();
        for _ in 0..2 {
            let system = System::new(&case, physics).unwrap();
            let plan = plan(&system).unwrap();
            assert!(plan.tied);
            assert!(plan.dispatch.certificate.certified);
            assert_eq!(plan.dispatch.certificate.solve, "the day before");
            let dsos = system.dsos.iter().zip(plan.import_mw);
            let mut by_id: Vec<_> = dsos.map(|(dso, own)| (dso.id.clone(), own)).collect();
            by_id.sort_by(|a, b| a.0.cmp(&b.0));
            imports.push(by_id);
            case.boundaries.reverse();
            case.feeders.reverse();
        }
        let pairs = imports[0].iter().zip(&imports[1]);
        for (one, other) in pairs.chain([(&imports[0][0], &imports[0][2])]) {
            for (a, b) in one.1.iter().zip(&other.1) {
                assert!((a - b).abs() < 1e-3, "{} {}: {a} {b}", one.0, other.0);
            }
        }
    }
}
