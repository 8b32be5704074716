//! Every preset of hierarchical clearing solves, is certified, and agrees with what is printed.

use tandem::report::Status;
use tandem::run;
use tandem::scenario::{Mechanism, gallery};

/// Printed numbers that ours cannot round to, with the largest difference and why.
const NEAR: [(&str, &str, f64, &str); 1] = [(
    "chao-peck-export",
    "interface price",
    0.011,
    "printed 27.05; the printed shift factors give 27.0435",
)];

#[test]
fn every_preset_solves_and_agrees_with_what_is_printed() {
    let mut printed = 0;
    for id in gallery::ids() {
        let scenario = gallery::scenario(id).unwrap();
        if !matches!(scenario.mechanism, Mechanism::ResidualSupply(_))
            || run::parts(&scenario).is_some()
        {
            continue;
        }
        let report = run::run(&scenario).unwrap();
        assert_eq!(report.status, Status::Solved, "{id}");
        assert!(report.certificates.iter().all(|c| c.certified), "{id}");
        assert!(
            !report.headline.is_empty() && report.charts.len() >= 3,
            "{id}"
        );
        for p in &report.published {
            let near = NEAR.iter().find(|n| n.0 == id && n.1 == p.item);
            let off = p.difference.unwrap_or(f64::NAN).abs();
            assert!(
                p.agrees || near.is_some_and(|n| off <= n.2),
                "{id}: {} printed {}, ours {:?}",
                p.item,
                p.printed,
                p.ours
            );
            printed += 1;
        }
        let nets = report
            .ledger
            .parties()
            .into_iter()
            .map(|p| report.ledger.net_usd(p));
        let sum: f64 = nets.sum();
        assert!(sum.abs() < 1e-6, "{id}: the ledger sums to {sum}");
        if let Some(task) = &report.task {
            assert!(task.answer.is_finite() && task.tolerance > 0.0, "{id}");
        }
    }
    assert!(
        printed >= 70,
        "only {printed} printed numbers were compared"
    );
}

/// A comparison holds every scheme, and the numbers of scenario 1.
#[test]
fn the_comparison_of_scenario_1_holds_every_scheme() {
    let report = run::compare(&gallery::scenario("mezghani-s1").unwrap()).unwrap();
    let table = report.tables.iter().find(|t| t.id == "schemes").unwrap();
    let number = |row: usize, column: usize| match &table.rows[row][column] {
        tandem::report::Cell::Number(value) => *value,
        other => panic!("{other:?}"),
    };
    let costs: Vec<f64> = (0..table.rows.len()).map(|row| number(row, 1)).collect();
    let expected = [14.5, 14.5, 13.0, 13.0, 14.5, 22.0, 24.0, 14.5];
    assert_eq!(costs.len(), expected.len());
    for (cost, expected) in costs.iter().zip(expected) {
        assert!((cost - expected).abs() < 1e-6, "{costs:?}");
    }
    assert!((number(2, 2) - 0.3).abs() < 1e-6);
    assert!((number(2, 4) - 1.5).abs() < 1e-6);
}

/// The functions made one by one give the report that is made in one go.
#[test]
fn parts_give_the_same_report() {
    let mut case =
        tandem::case::synthetic::smartnet(tandem::case::synthetic::Country::Denmark, 3, 0.06);
    case.name = "a small part of a synthetic country".into();
    let value = serde_json::json!({
        "version": 1,
        "title": "parts",
        "case": case,
        "mechanism": { "kind": "residual_supply", "rsf": { "max_points": 5 } },
    });
    let scenario = tandem::scenario::Scenario::from_value(value).unwrap();
    let parts = run::parts(&scenario).expect("several feeders");
    let made: Vec<String> = (0..parts.count)
        .map(|k| run::part(&scenario, k).unwrap())
        .collect();
    let shared = run::run_with_parts(&scenario, &made).unwrap();
    let alone = run::run(&scenario).unwrap();
    let cost = |report: &tandem::report::Report| report.quantity("cost").unwrap().value.unwrap();
    assert!((cost(&shared) - cost(&alone)).abs() <= 1e-6 * (1.0 + cost(&alone).abs()));
    assert_eq!(shared.headline, alone.headline);
}
