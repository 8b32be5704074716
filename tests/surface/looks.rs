//! A grid in every market: what is put to it, and an answer from each.

use tandem::case::{self, Case};
use tandem::report::{Report, Status};
use tandem::scenario::look::{look_as, ways};
use tandem::scenario::{Document, Scenario, gallery};
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
    assert_eq!(all.len(), 7);
    for way in all {
        if way.id == "split" {
            // What hangs on one branch alone there is a generator.
            assert!(
                way.lacks.contains("no radial part with load"),
                "{}",
                way.lacks
            );
            continue;
        }
        assert_eq!(way.lacks, "", "{}", way.id);
        assert_eq!(way.adds.is_empty(), way.id == "prices", "{}", way.id);
        let document = look_as(&grid, way.id, &[]).unwrap();
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
    let prices = solved(look_as(&grid, "prices", &[]).unwrap());
    let schemes = look_as(&grid, "schemes", &[]).unwrap();
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
        assert_eq!(look_as(&grid, way.id, &[]).is_ok(), takes, "{}", way.id);
    }
    assert!(look_as(&grid, "nothing", &[]).is_err());
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

/// A ring of three buses with a radial part behind bus 3, by a transformer, and one without load behind bus 2; G5 is in it.
fn ring_with_a_tail() -> Case {
    let text = "function mpc = tail
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
 1 3 0  0 0 0 1 1 0 220 1 1.1 0.9;
 2 1 50 0 0 0 1 1 0 220 1 1.1 0.9;
 3 1 0  0 0 0 1 1 0 220 1 1.1 0.9;
 4 1 20 5 0 0 1 1 0 110 1 1.1 0.9;
 5 1 10 0 0 0 1 1 0 110 1 1.1 0.9;
 6 1 0  0 0 0 1 1 0 220 1 1.1 0.9;
];
mpc.gen = [
 1 0 0 0 0 1 100 1 200 0;
 5 0 0 0 0 1 100 1 4 0;
 6 0 0 0 0 1 100 1 1 0;
];
mpc.gencost = [
 2 0 0 2 20 0;
 2 0 0 2 10 0;
 2 0 0 2 90 0;
];
mpc.branch = [
 1 2 0.01 0.1 0 0 0 0 0 0 1;
 2 3 0.01 0.1 0 0 0 0 0 0 1;
 1 3 0.01 0.1 0 0 0 0 0 0 1;
 3 4 0.02 0.2 0 60 0 0 1.05 0 1;
 5 4 0.03 0.1 0 0 0 0 0 0 1;
 2 6 0.01 0.1 0 0 0 0 0 0 1;
];
";
    case::matpower::read(text).unwrap()
}

/// By hand: r in ohm is r in p.u. times 110² / 100; bus 5 has G5 at 10 $/MWh, 4 MW, all of which is taken, so that it can only
/// give less; a tenth of 30 MW is missing below, a hundredth of 50 MW above.
#[test]
fn a_radial_part_is_a_feeder_with_schedules_and_bids_of_its_own() {
    let grid = document(&ring_with_a_tail());
    let all = ways(&grid);
    let way = all.iter().find(|way| way.id == "split").unwrap();
    let parts: Vec<(&str, &str, bool)> = way
        .parts
        .iter()
        .map(|part| (part.id.as_str(), part.text.as_str(), part.proposed))
        .collect();
    let text = "Behind transformer 3-4 at bus 3: 2 buses of 110\u{a0}kV, 30\u{a0}MW taken, 1 unit of up to 4\u{a0}MW.";
    assert_eq!(parts, [("3-4", text, true)]);

    let split = look_as(&grid, "split", &[]).unwrap();
    let case = &split.case;
    let ids: Vec<&str> = case.buses.iter().map(|bus| bus.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3", "6"]);
    let feeder = &case.feeders[0];
    let hundredths = |ohm: f64| (100.0 * ohm).round() / 100.0;
    assert_eq!(
        (case.feeders.len(), case.boundaries[0].bus.as_str()),
        (1, "3")
    );
    let lines: Vec<(&str, &str, f64, f64)> = feeder
        .lines
        .iter()
        .map(|l| {
            (
                l.from.as_str(),
                l.to.as_str(),
                hundredths(l.r_ohm),
                hundredths(l.x_ohm),
            )
        })
        .collect();
    assert_eq!(lines, [("3 head", "4", 2.42, 24.2), ("5", "4", 3.63, 12.1)]);
    assert_eq!(feeder.lines[0].max_s_mva, Some(60.0));
    let loads: Vec<(f64, f64)> = feeder
        .buses
        .iter()
        .map(|b| (b.p_load_mw, b.q_load_mvar))
        .collect();
    assert_eq!(loads, [(0.0, 0.0), (20.0, 5.0), (10.0, 0.0)]);

    let balancing = case.balancing.as_ref().unwrap();
    let plans: Vec<(&str, &str, f64)> = balancing
        .schedule
        .iter()
        .map(|it| (it.id.as_str(), it.bus.as_str(), it.p_mw[0].round()))
        .collect();
    assert_eq!(
        plans,
        [
            ("plan G1", "1", 76.0),
            ("plan G5", "5", 4.0),
            ("plan G6", "6", 0.0)
        ]
    );
    let off: Vec<(&str, f64)> = balancing
        .imbalances
        .iter()
        .map(|it| (it.bus.as_str(), it.p_mw[0]))
        .collect();
    assert_eq!(off, [("4", -3.0), ("2", -0.5)]);
    let bid = |id: &str| {
        let bid = balancing.bids.iter().find(|bid| bid.id == id).unwrap();
        let segments = bid.offers[0].segments.iter();
        segments
            .map(|s| (s.min_p_mw.round(), s.max_p_mw.round(), s.usd_per_mwh))
            .collect::<Vec<_>>()
    };
    assert_eq!(bid("flex 4"), [(0.0, 2.0, 22.0), (-2.0, 0.0, 18.0)]);
    assert_eq!(bid("bid G5"), [(-4.0, 0.0, 10.0)]);

    let report = solved(split);
    assert_eq!(report.status, Status::Solved, "{}", report.headline);
    assert!(report.certificates.iter().all(|c| c.certified));
}

#[test]
fn parts_are_chosen_by_the_branch_they_hang_on() {
    let grid = document(&ring_with_a_tail());
    let none = look_as(&grid, "split", &["1-2".into()]).unwrap_err();
    assert!(
        none[0].message.contains("Choose of 3-4"),
        "{}",
        none[0].message
    );
    assert!(look_as(&grid, "schemes", &["3-4".into()]).is_err());
    // A circuit beside it makes a loop: no part is left.
    let mut meshed = ring_with_a_tail();
    let beside = case::Branch {
        id: "beside".into(),
        ..meshed.branches[3].clone()
    };
    meshed.branches.push(beside);
    let all = ways(&document(&meshed));
    let way = all.iter().find(|way| way.id == "split").unwrap();
    assert!(
        way.parts.iter().all(|part| part.id == "5-4"),
        "{:?}",
        way.parts
    );
    // What is of the highest voltage is offered, but not proposed beside what is not.
    let mut high = ring_with_a_tail();
    high.loads.push(case::Load {
        id: "L6".into(),
        bus: "6".into(),
        p_mw: 80.0,
        q_mvar: 0.0,
    });
    let all = ways(&document(&high));
    let way = all.iter().find(|way| way.id == "split").unwrap();
    let proposed = way
        .parts
        .iter()
        .map(|part| (part.id.as_str(), part.proposed));
    assert_eq!(
        proposed.collect::<Vec<_>>(),
        [("2-6", false), ("3-4", true)]
    );
    // A line out of service makes no loop; the feeder does without it, and that is said.
    let mut idle = ring_with_a_tail();
    idle.branches.push(case::Branch {
        id: "5-1 spare".into(),
        from: "5".into(),
        to: "1".into(),
        in_service: false,
        ..idle.branches[0].clone()
    });
    let all = ways(&document(&idle));
    let way = all.iter().find(|way| way.id == "split").unwrap();
    let said = "Feeders have lines in service alone; left out: 5-1 spare.";
    assert!(
        way.adds.iter().any(|sentence| sentence == said),
        "{:?}",
        way.adds
    );
    // A tree hangs on its largest generator.
    let mut tree = ring_with_a_tail();
    tree.branches.remove(2);
    let all = ways(&document(&tree));
    let way = all.iter().find(|way| way.id == "split").unwrap();
    assert_eq!(
        way.parts
            .iter()
            .map(|part| part.id.as_str())
            .collect::<Vec<_>>(),
        ["1-2"]
    );
}

/// DERs are units as generators are: what they give is scheduled, too.
#[test]
fn the_schedule_of_a_grid_with_ders_is_balanced() {
    let grid = gallery::document("zuo-30bus-optimal").unwrap();
    for way in ["schemes", "split"] {
        let looked = look_as(&grid, way, &[]).unwrap();
        let balancing = looked.case.balancing.as_ref().unwrap();
        let given: f64 = balancing.schedule.iter().map(|it| it.p_mw[0]).sum();
        let above: f64 = looked.case.loads.iter().map(|load| load.p_mw).sum();
        let below = looked.case.feeders.iter().flat_map(|feeder| &feeder.buses);
        let below: f64 = below.map(|bus| bus.p_load_mw).sum();
        let losses = if way == "schemes" { 0.25 } else { 1e-6 };
        assert!(
            (given - above - below).abs() < losses,
            "{way}: {given} {above} {below}"
        );
    }
}
