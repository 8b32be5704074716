//! The presets of the bargaining day: what they ask, and the one that is only settled. The day itself
//! is held to its numbers in `day.rs`.

use super::small::small;
use tandem::report::{Cell, Mark, Report, Status};
use tandem::run;
use tandem::scenario::{Document, Mechanism, Scenario, gallery};
use tandem::session::Session;

const IDS: [&str; 9] = [
    "wang-day",
    "wang-table2",
    "wang-uncongested",
    "wang-congested",
    "wang-telescoping",
    "wang-storage",
    "wang-exchange",
    "wang-risk",
    "wang-lmp-column",
];

#[test]
fn every_preset_is_whole() {
    for id in IDS {
        let scenario = gallery::document(id).unwrap();
        assert!(
            matches!(scenario.mechanism, Mechanism::Bargaining(_)),
            "{id}"
        );
        assert_eq!(scenario.problems(), [], "{id}");
        let text = scenario.to_value().to_string();
        assert_eq!(Scenario::from_json(&text).unwrap(), *scenario, "{id}");
        let sections = Session::new(scenario.clone()).form();
        assert!(sections.len() >= 2, "{id}");
        // Every field of the form leads somewhere.
        let cells = sections.iter().flat_map(|s| {
            let rows = s.table.iter().flat_map(|t| &t.rows);
            rows.flat_map(|r| r.cells.iter().flatten()).chain(&s.fields)
        });
        for field in cells {
            let known = field.optional || !field.value.is_null();
            assert!(known, "{id}: {} is not there", field.path);
        }
        // A day is solved in parts, a settlement in one go.
        assert_eq!(
            Session::new(scenario.clone()).pieces().is_none(),
            id == "wang-table2"
        );
    }
    let limits = |id: &str| {
        let case = &gallery::document(id).unwrap().case;
        case.branches
            .iter()
            .filter(|b| b.max_p_mw.is_some())
            .count()
    };
    assert_eq!((limits("wang-day"), limits("wang-congested")), (0, 2));
}

#[test]
fn a_choice_has_its_value_among_its_options() {
    // Countries have the form of the other markets, and take long to read.
    let entries = gallery::entries().unwrap();
    for entry in entries.iter().filter(|e| !e.id.starts_with("smartnet")) {
        let scenario = gallery::document(&entry.id).unwrap();
        for section in Session::new(scenario.clone()).form() {
            for field in section.fields.iter().filter(|f| !f.options.is_empty()) {
                // The first option stands for nothing said.
                let known =
                    field.value.is_null() || field.options.iter().any(|o| o.value == field.value);
                assert!(known, "{}: {} is {}", entry.id, field.path, field.value);
            }
        }
    }
}

#[test]
fn the_published_table_is_settled_without_a_dispatch() {
    let scenario = gallery::document("wang-table2").unwrap();
    let report = run::run(&scenario).unwrap();
    assert_eq!(report.status, Status::Solved);
    assert!(report.certificates.is_empty());
    assert_eq!(report.published.len(), 11);
    // The series are read within 5 $; payments average 24 of them.
    for p in &report.published {
        let most = match p.item.as_str() {
            "Jain's index" => 5e-4,
            item if item.starts_with("net benefit") => 5.0,
            _ => 0.5,
        };
        assert!(
            p.difference.unwrap().abs() <= most,
            "{}: {:?}",
            p.item,
            p.ours
        );
    }
    // Settled twice from one ledger.
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    for dso in ["DSO1", "DSO2", "DSO3", "DSO4"] {
        let paid = value(&format!("paid:nash:{dso}"));
        assert!((report.ledger.net_usd(dso) + paid).abs() < 1e-9);
    }
    assert!((report.ledger.net_usd("ISO") - value("charge:nash")).abs() < 1e-9);
    // Bars are of the day that headline and badges speak of, whatever slot is shown.
    for player in ["ISO", "DSO1", "DSO2", "DSO3", "DSO4"] {
        let bar = &report.series(&format!("day:nash:{player}")).unwrap().values;
        assert_eq!(bar[..], [value(&format!("benefit:nash:{player}"))]);
    }
    // By both rules beside one another.
    let Mark::Bars { labels, .. } = &report.chart("benefits").unwrap().marks[0] else {
        panic!("no bars");
    };
    assert_eq!(
        (labels.len(), &*labels[0], &*labels[9]),
        (10, "ISO, Nash", "DSO4, Δ")
    );
    // Without prices there is no settlement at prices.
    assert!(report.quantity("jain:lmp").is_none());
}

#[test]
fn a_point_of_the_bargain_stands_for_bargaining_powers() {
    let scenario = gallery::document("wang-table2").unwrap();
    let report = run::run(&scenario).unwrap();
    let chart = report.chart("bargain").unwrap();
    let key = chart.probe.as_deref().unwrap();
    let edge = report.series("bargain_edge").unwrap();
    let both = edge.values[0];
    let surplus = report.quantity("surplus").unwrap().value.unwrap();
    assert!((both - 0.4 * surplus).abs() < 1e-9 * surplus);
    let asked = 0.7 * both;
    let probe = run::probe(&scenario, key, asked, 0.0).unwrap();
    assert!(probe.inside);
    // The weights offered put the Nash point of the day there, and give what the table says.
    let mut value = scenario.to_value();
    for (path, weight) in probe.offer.unwrap().changes {
        tandem::scenario::path::set_value(&mut value, &path, weight.into(), &[]).unwrap();
    }
    let moved = run::run(&Scenario::from_value(value).unwrap()).unwrap();
    let home = moved
        .chart("bargain")
        .unwrap()
        .marks
        .iter()
        .find_map(|m| match m {
            Mark::Point { x, .. } => Some(*x),
            _ => None,
        });
    assert!((home.unwrap() - asked).abs() < 1e-3 * both, "{home:?}");
    let gains = moved.quantity("benefit:nash:ISO").unwrap().value.unwrap();
    let row = &probe.table.rows[2];
    assert!(
        matches!(row[1], Cell::Number(v) if (v - gains).abs() < 1e-6 * both),
        "{row:?} is not {gains}"
    );
    assert!(gains > report.quantity("benefit:nash:ISO").unwrap().value.unwrap());
    // Beyond the ends one of the two has nothing.
    assert!(!run::probe(&scenario, key, 1.2 * both, 0.0).unwrap().inside);
    let edges = |x: f64| run::probe(&scenario, key, x, 0.0).unwrap().edges;
    assert_eq!(edges(asked), ["all of the surplus is divided"]);
    let divided = "all of the surplus is divided".to_string();
    assert_eq!(edges(both), [divided, "DSO2 gains nothing".to_string()]);
    // A published table has no network.
    assert!(!chart.summary.contains("network"));
    assert!(run::probe(&scenario, "elsewhere", 0.0, 0.0).is_err());
}

/// Powers decide on payments alone: the day with other weights, solved anew, has the same dispatch and prices to the last bit,
/// which is what the words below the bargain say of the network.
#[test]
fn the_network_is_the_same_all_along_the_edge() {
    let mut value = gallery::document("wang-day").unwrap().to_value();
    value["case"] = serde_json::to_value(small(10..14, &[0, 1])).unwrap();
    value["mechanism"]["powers"] = serde_json::json!([]);
    let report = run::run(&Scenario::from_value(value.clone()).unwrap()).unwrap();
    let bargain = report.chart("bargain").unwrap();
    assert!(bargain.summary.contains("The network stays as it is"));
    let weights = serde_json::json!([{"id": "ISO", "weight": 1.9}, {"id": "DSO1", "weight": 0.1}]);
    value["mechanism"]["powers"] = weights;
    let moved = run::run(&Scenario::from_value(value).unwrap()).unwrap();
    let paid = |of: &Report| of.quantity("paid:nash:DSO1").unwrap().value.unwrap();
    assert!(paid(&moved) > paid(&report) + 1.0);
    let network = ["p:", "lmp:", "flow:"];
    let own = report.series.iter();
    let own: Vec<_> = own
        .filter(|series| network.iter().any(|kind| series.id.starts_with(kind)))
        .collect();
    assert!(own.len() > 20);
    for series in own {
        let other = moved.series(&series.id).unwrap();
        assert_eq!(series.values, other.values, "{}", series.id);
    }
}

#[test]
fn players_that_are_not_named_weigh_one() {
    let mut value = gallery::document("wang-table2").unwrap().to_value();
    value.as_object_mut().unwrap().remove("view");
    let mechanism = value["mechanism"].as_object_mut().unwrap();
    mechanism["powers"] = serde_json::json!([{"id": "DSO2", "weight": 2.0}]);
    let document = Document::from_value(value).unwrap();
    let Mechanism::Bargaining(params) = &document.mechanism else {
        panic!("another mechanism");
    };
    let weights: Vec<f64> = ["ISO", "DSO1", "DSO2", "DSO3", "DSO4"]
        .iter()
        .map(|id| params.powers.iter().find(|p| p.id == *id).unwrap().weight)
        .collect();
    assert_eq!(weights, [1.0, 1.0, 2.0, 1.0, 1.0]);
    assert_eq!(document.view.players, Some(("ISO".into(), "DSO1".into())));
}

#[test]
fn inputs_that_do_not_fit_are_named() {
    let scenario = gallery::document("wang-day").unwrap();
    let bad = |set: &[(&str, serde_json::Value)], field: &str| {
        let mut value = scenario.to_value();
        for (path, new) in set {
            tandem::scenario::path::set_value(&mut value, path, new.clone(), &[]).unwrap();
        }
        let problems = Scenario::from_value(value).unwrap_err();
        assert!(problems.iter().any(|p| p.field == field), "{problems:#?}");
    };
    bad(
        &[("mechanism.powers.DSO1.weight", 0.into())],
        "mechanism.powers.DSO1.weight",
    );
    bad(
        &[("mechanism.powers.DSO1.id", "DSO9".into())],
        "mechanism.powers.1.id",
    );
    bad(
        &[("mechanism.most_paid_usd", (-1).into())],
        "mechanism.most_paid_usd",
    );
    bad(&[("mechanism.slot", 25.into())], "mechanism.slot");
    let risk = serde_json::json!({"factors": [[1, 2]], "aversion": [{"id": "DSO9", "weight": 2}], "tail": 0});
    for field in ["factors.0", "aversion.0.id", "aversion.DSO9.weight", "tail"] {
        let path = format!("mechanism.risk.{field}");
        bad(&[("mechanism.risk", risk.clone())], &path);
    }
    bad(
        &[
            ("mechanism.settlement", "telescoping".into()),
            ("mechanism.disagreement", "rebased".into()),
        ],
        "mechanism.disagreement",
    );
    let misreport = serde_json::json!({"dso": "DSO7", "of": "worth", "percent": 120});
    bad(
        &[("mechanism.misreport", misreport.clone())],
        "mechanism.misreport.dso",
    );
    bad(
        &[("mechanism.misreport", misreport)],
        "mechanism.misreport.percent",
    );
    bad(&[("case.day", serde_json::Value::Null)], "case.day");
}

/// The question is about payments, and so is the first picture: each of the day, below zero where one is received.
#[test]
fn payments_of_the_day_are_drawn() {
    let report = run::run(&gallery::document("wang-table2").unwrap()).unwrap();
    let chart = report.chart("paid_nash").unwrap();
    let Mark::Bars { series, .. } = &chart.marks[0] else {
        panic!("no bars");
    };
    for id in series {
        let player = id.rsplit(':').next().unwrap();
        let paid = report.quantity(&format!("paid:nash:{player}")).unwrap();
        assert_eq!(
            report.series(id).unwrap().values[0],
            paid.value.unwrap(),
            "{id}"
        );
    }
    assert_eq!(series.len(), 4);
}
