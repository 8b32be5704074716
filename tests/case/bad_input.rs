//! Every message of the validation: the field it names, and that it says value and remedy.
//! Feeders are in `bad_feeders.rs`.

use crate::good::{bad_feeder, four_node, one};
use tandem::case::{Aggregator, Block, Case, Severity, builtin};

fn bad(change: impl FnOnce(&mut Case), field: &str, parts: &[&str]) {
    assert!(one(four_node(), change, field, parts).is_error());
}

#[test]
fn versions() {
    bad(|c| c.version = 0, "case.version", &["version 0", "Write 1"]);
    let newer = ["newer Tandem", "version 7", "up to version 1", "update"];
    bad(|c| c.version = 7, "case.version", &newer);
}

#[test]
fn base_power() {
    for value in [0.0, -100.0, f64::NAN, f64::INFINITY] {
        bad(
            |c| c.base_mva = value,
            "case.base_mva",
            &["base power is", "usually 100"],
        );
    }
}

#[test]
fn empty_lists() {
    let mut case = Case {
        version: 1,
        base_mva: 100.0,
        ..Case::default()
    };
    let fields: Vec<_> = case.validate().iter().map(|p| p.field.clone()).collect();
    assert_eq!(fields, ["case.buses", "case.generators", "case.loads"]);
    case = four_node();
    case.loads.clear();
    assert_eq!(case.validate()[0].severity, Severity::Warning);
    assert!(case.clone().checked().is_ok());
    bad(
        |c| {
            c.generators.clear();
            c.ders.clear();
            c.aggregators.clear();
        },
        "case.generators",
        &["neither a generator nor a DER", "Add one"],
    );
}

#[test]
fn ids() {
    for (id, part) in [
        ("", "empty"),
        ("a.b", "\".\""),
        ("a=b", "\"=\""),
        ("a&b", "\"&\""),
        ("a#b", "\"#\""),
        ("a\u{7}b", "control"),
        (" a", "blank"),
        ("a ", "blank"),
    ] {
        bad(
            |c| c.generators[1].id = id.into(),
            "case.generators.1.id",
            &[part],
        );
    }
    let long = "x".repeat(65);
    bad(
        |c| c.loads[0].id = long,
        "case.loads.0.id",
        &["65 characters", "64"],
    );
    let longest = "é".repeat(64);
    let mut case = four_node();
    case.loads[0].id = longest;
    assert_eq!(case.validate(), []);
    bad(
        |c| c.branches[2].id = "1-2".into(),
        "case.branches.2.id",
        &["used twice", "item 1 of case.branches", "item 3"],
    );
    bad(
        |c| {
            c.ders[0].id = "G1".into();
            c.aggregators[0].ders[0] = "G1".into();
        },
        "case.ders.G1.id",
        &["item 1 of case.generators", "item 1 of case.ders"],
    );
    bad_feeder(
        |c| {
            c.feeders[0].buses[2].id = "1".into();
            c.feeders[0].lines[1].to = "1".into();
        },
        "case.feeders.F.buses.1.id",
        &["item 1 of case.buses", "item 3 of case.feeders.F.buses"],
    );
}

#[test]
fn dangling_references() {
    let choice = ["no bus \"9\"", "Choose from \"1\", \"2\", \"3\" and \"4\""];
    // The same mistake also cuts off bus 4, which is said separately.
    let mut case = four_node();
    case.branches[2].to = "9".into();
    let problems = case.validate();
    assert_eq!(problems[0].field, "case.branches.3-4.to");
    choice
        .iter()
        .for_each(|part| assert!(problems[0].message.contains(part)));
    assert_eq!(problems.len(), 2);
    bad(
        |c| c.generators[0].bus = "9".into(),
        "case.generators.G1.bus",
        &choice,
    );
    bad(
        |c| c.loads[0].bus = "9".into(),
        "case.loads.L4.bus",
        &choice,
    );
    bad(|c| c.ders[0].bus = "9".into(), "case.ders.D2.bus", &choice);
    bad(
        |c| c.aggregators[0].ders.push("D9".into()),
        "case.aggregators.A.ders",
        &["no DER \"D9\"", "\"D2\" and \"D3\""],
    );
}

#[test]
fn branches() {
    bad(
        |c| c.branches[0].x_pu = 0.0,
        "case.branches.1-2.x_pu",
        &["is 0 p.u.", "0.0001"],
    );
    for (x, said) in [
        (f64::NAN, "not a number"),
        (f64::NEG_INFINITY, "minus infinite"),
        (1e300, "1e300"),
        (1e-12, "1e-12"),
    ] {
        bad(
            |c| c.branches[0].x_pu = x,
            "case.branches.1-2.x_pu",
            &[said, "per unit"],
        );
    }
    bad(
        |c| c.branches[0].tap = 0.0,
        "case.branches.1-2.tap",
        &["is 0", "1 for a line"],
    );
    bad(
        |c| c.branches[0].shift_deg = f64::NAN,
        "case.branches.1-2.shift_deg",
        &["not a number"],
    );
    for limit in [-1.0, f64::NAN, f64::INFINITY] {
        bad(
            |c| c.branches[1].max_p_mw = Some(limit),
            "case.branches.2-3.max_p_mw",
            &["limit is", "from 0 to", "empty for no limit"],
        );
    }
    let mut case = four_node();
    case.branches.push(case.branches[0].clone());
    case.branches[3].id = "loop".into();
    case.branches[3].to = "1".into();
    let problems = case.validate();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].field, "case.branches.loop.to");
    let mut negative = four_node();
    negative.branches[0].x_pu = -0.1;
    assert_eq!(negative.validate(), []);
}

#[test]
fn islands_name_the_buses_cut_off() {
    bad(
        |c| c.branches[2].in_service = false,
        "case.branches",
        &["connects bus \"4\" to the rest", "remove it"],
    );
    bad(
        |c| {
            c.branches.remove(0);
            c.branches.remove(0);
        },
        "case.branches",
        &["buses \"1\" and \"2\"", "remove them"],
    );
    let mut many = builtin("ieee30").unwrap();
    many.branches.clear();
    let problems = many.validate();
    assert!(problems[0].message.contains("and 23 more"), "{problems:?}");
}

#[test]
fn positions() {
    bad(
        |c| c.buses[1].x = Some(f64::NAN),
        "case.buses.2.x",
        &["not a number"],
    );
    let warning = one(
        four_node(),
        |c| c.buses[1].x = None,
        "case.buses.2",
        &["both"],
    );
    assert_eq!(warning.severity, Severity::Warning);
}

#[test]
fn capacities_and_offers() {
    let path = |field: &str| format!("case.generators.G1.{field}");
    bad(
        |c| c.generators[0].min_p_mw = -1.0,
        &path("min_p_mw"),
        &["is -1 MW", "from 0"],
    );
    bad(
        |c| c.generators[0].min_p_mw = 9.0,
        &path("min_p_mw"),
        &["9 MW is above the capacity of 8 MW"],
    );
    bad(
        |c| c.generators[0].max_p_mw = f64::NAN,
        &path("max_p_mw"),
        &["not a number"],
    );
    bad(
        |c| c.generators[0].offer.clear(),
        &path("offer"),
        &["empty", "8 MW"],
    );
    bad(
        |c| c.generators[0].offer[0].p_mw = -8.0,
        &path("offer.0.p_mw"),
        &["width of the block is -8 MW"],
    );
    bad(
        |c| c.generators[0].offer[0].usd_per_mwh = f64::NAN,
        &path("offer.0.usd_per_mwh"),
        &["price is not a number"],
    );
    let block = |p_mw, usd_per_mwh| Block::flat(p_mw, usd_per_mwh);
    bad(
        |c| c.generators[0].offer = vec![block(4.0, 6.0), block(4.0, 5.0)],
        &path("offer.1.usd_per_mwh"),
        &["Block 2 costs 5 $/MWh", "(6 $/MWh)", "cheap to dear"],
    );
    let rising = |p_mw, from, to| Block {
        end_usd_per_mwh: Some(to),
        ..Block::flat(p_mw, from)
    };
    bad(
        |c| c.generators[0].offer = vec![rising(8.0, 6.0, 5.0)],
        &path("offer.0.end_usd_per_mwh"),
        &["ends at 5 $/MWh", "less than it starts at (6 $/MWh)"],
    );
    bad(
        |c| c.generators[0].offer = vec![rising(8.0, 6.0, f64::INFINITY)],
        &path("offer.0.end_usd_per_mwh"),
        &["price at the end of the block"],
    );
    bad(
        |c| c.generators[0].offer = vec![rising(0.0, 6.0, 7.0), block(8.0, 7.0)],
        &path("offer.0.end_usd_per_mwh"),
        &["over a block of 0 MW"],
    );
    bad(
        |c| c.generators[0].offer = vec![rising(4.0, 6.0, 9.0), block(4.0, 8.0)],
        &path("offer.1.usd_per_mwh"),
        &["Block 2 costs 8 $/MWh", "(9 $/MWh)"],
    );
    bad(
        |c| c.generators[0].offer = vec![block(0.1, 6.0); 201],
        &path("offer"),
        &["201 blocks", "200"],
    );
    for ramp in [0.0, -1.0, f64::NAN] {
        bad(
            |c| c.generators[0].ramp_mw_per_min = Some(ramp),
            &path("ramp_mw_per_min"),
            &["ramp limit is"],
        );
    }
    bad(
        |c| c.ders[1].min_p_mw = 3.0,
        "case.ders.D3.min_p_mw",
        &["above the capacity"],
    );
    bad(
        |c| c.loads[0].p_mw = f64::INFINITY,
        "case.loads.L4.p_mw",
        &["infinite"],
    );
    bad(
        |c| c.loads[0].q_mvar = f64::NAN,
        "case.loads.L4.q_mvar",
        &["not a number"],
    );
    // Blocks of thirds add up although binary fractions do not.
    let mut thirds = four_node();
    thirds.generators[0].offer = vec![block(0.8, 6.0); 10];
    assert_eq!(thirds.validate(), []);
}

#[test]
fn aggregators() {
    let field = "case.aggregators.A.ders";
    bad(
        |c| c.aggregators[0].ders.clear(),
        field,
        &["has no DER", "remove the aggregator"],
    );
    bad(
        |c| c.aggregators[0].ders.push("D2".into()),
        field,
        &["named twice"],
    );
    bad(
        |c| {
            c.aggregators.push(Aggregator {
                id: "B".into(),
                ders: vec!["D3".into()],
            });
        },
        "case.aggregators.B.ders",
        &["DER \"D3\" is in aggregator \"A\", too"],
    );
}

#[test]
fn sizes_are_bounded() {
    bad(
        |c| c.buses = vec![c.buses[0].clone(); 20_001],
        "case.buses",
        &["20001 buses", "up to 20000"],
    );
}

#[test]
fn all_problems_are_found_at_once() {
    let mut case = four_node();
    case.base_mva = -1.0;
    case.branches[0].x_pu = 0.0;
    case.branches[1].max_p_mw = Some(-10.0);
    case.generators[0].offer.clear();
    case.aggregators[0].ders.clear();
    let fields: Vec<_> = case.validate().into_iter().map(|p| p.field).collect();
    assert_eq!(
        fields,
        [
            "case.base_mva",
            "case.branches.1-2.x_pu",
            "case.branches.2-3.max_p_mw",
            "case.generators.G1.offer",
            "case.aggregators.A.ders",
        ]
    );
    assert!(case.checked().is_err());
}
