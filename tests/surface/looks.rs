//! A grid in every market: what is put to it, and an answer from each.

use tandem::case::{self, Case};
use tandem::report::{Report, Status};
use tandem::scenario::look::{look_as, ways};
use tandem::scenario::{Document, Scenario};
use tandem::session::Session;

fn document(case: &Case) -> Document {
    Scenario::from_json(&serde_json::to_string(case).unwrap())
        .unwrap()
        .into()
}

fn solved(document: Document) -> Report {
    let mut session = Session::new(document);
    session.solve().unwrap();
    session.report().unwrap().clone()
}

fn value(report: &Report, key: &str) -> f64 {
    report.series(key).unwrap().values[0]
}

/// Fourteen buses of IEEE: each way gives a document that the market takes and solves.
#[test]
fn every_market_takes_fourteen_buses() {
    let grid = document(&case::builtin("ieee14").unwrap());
    let all = ways(&grid);
    assert_eq!(all.len(), 6);
    for way in all {
        assert_eq!(way.lacks, "", "{}", way.id);
        assert_eq!(way.adds.is_empty(), way.id == "prices", "{}", way.id);
        let document = look_as(&grid, way.id).unwrap();
        assert!(document.title.ends_with(way.name), "{}", document.title);
        let report = solved(document);
        assert_eq!(
            report.status,
            Status::Solved,
            "{}: {}",
            way.id,
            report.headline
        );
        assert!(!report.certificates.is_empty(), "{}", way.id);
    }
}

/// By hand: what is scheduled is balanced but for what is missing, a hundredth of the load; the feeder hangs where the most
/// is taken, and what it takes is part of that.
#[test]
fn the_schedule_of_a_grid_is_its_dispatch() {
    let case = case::builtin("ieee14").unwrap();
    let grid = document(&case);
    let prices = solved(look_as(&grid, "prices").unwrap());
    let schemes = look_as(&grid, "schemes").unwrap();
    assert_eq!(schemes.view.drawer.as_deref(), Some("compare"));
    let balancing = schemes.case.balancing.as_ref().unwrap();
    for unit in &case.generators {
        let plan = format!("plan {}", unit.id);
        let plan = balancing.schedule.iter().find(|it| it.id == plan).unwrap();
        assert_eq!(plan.p_mw, [value(&prices, &format!("p:{}", unit.id))]);
    }
    let largest = case
        .loads
        .iter()
        .max_by(|a, b| a.p_mw.total_cmp(&b.p_mw))
        .unwrap();
    assert_eq!(schemes.case.boundaries[0].bus, largest.bus);
    let total = |case: &Case| case.loads.iter().map(|load| load.p_mw).sum::<f64>();
    let feeder = total(&case) - total(&schemes.case);
    let taken: f64 = schemes.case.feeders[0]
        .buses
        .iter()
        .map(|bus| bus.p_load_mw)
        .sum();
    // With its losses.
    assert!(feeder > taken && feeder < 1.1 * taken, "{feeder} {taken}");
    let missing = balancing
        .imbalances
        .iter()
        .filter(|it| it.id.starts_with("off "));
    let missing: f64 = missing.map(|it| it.p_mw[0]).sum();
    assert!(
        (missing + 0.01 * total(&schemes.case)).abs() < 1e-9,
        "{missing}"
    );
}

#[test]
fn what_a_grid_lacks_is_said() {
    let mut case = case::builtin("ieee14").unwrap();
    case.dc_lines.push(case::DcLine {
        id: "dc".into(),
        from: case.buses[0].id.clone(),
        to: case.buses[1].id.clone(),
        min_p_mw: 0.0,
        max_p_mw: 1.0,
        loss_share: 0.0,
    });
    let grid = document(&case);
    for way in ways(&grid) {
        let takes = ["prices", "aggregators"].contains(&way.id);
        assert_eq!(way.lacks.is_empty(), takes, "{}", way.id);
        assert_eq!(look_as(&grid, way.id).is_ok(), takes, "{}", way.id);
    }
    assert!(look_as(&grid, "nothing").is_err());
    // A feeder of 3.9 MW cannot be a part of smaller loads.
    let mut small = case::builtin("ieee14").unwrap();
    small.loads.iter_mut().for_each(|load| load.p_mw *= 0.01);
    let ways = ways(&document(&small));
    let schemes = ways.iter().find(|way| way.id == "schemes").unwrap();
    assert!(
        schemes.lacks.contains("takes up to 4 MW"),
        "{}",
        schemes.lacks
    );
}
