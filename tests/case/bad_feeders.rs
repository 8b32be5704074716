//! What is said of feeders and boundaries that do not fit, and of what is put in the wrong place.

use crate::good::{bad_feeder, with_feeder};
use tandem::case::Load;

#[test]
fn feeders() {
    let case = with_feeder();
    assert_eq!(case.transmission_bus_of("f2"), Some("4"));
    assert_eq!(case.transmission_bus_of("2"), Some("2"));
    assert_eq!(case.transmission_bus_of("f9"), None);
    let path = |field: &str| format!("case.feeders.F.{field}");
    bad_feeder(
        |c| c.feeders[0].base_kv = 0.0,
        &path("base_kv"),
        &["is 0 kV"],
    );
    bad_feeder(
        |c| c.feeders[0].root = "4".into(),
        &path("root"),
        &["no bus \"4\"", "\"f0\""],
    );
    bad_feeder(
        |c| {
            let mut tie = c.feeders[0].lines[1].clone();
            tie.id = "tie".into();
            tie.from = "f0".into();
            c.feeders[0].lines.push(tie);
        },
        &path("lines.tie"),
        &["closes a loop", "radial"],
    );
    bad_feeder(
        |c| {
            c.feeders[0].lines.pop();
        },
        &path("lines"),
        &["bus \"f2\" to the substation \"f0\""],
    );
    bad_feeder(
        |c| c.feeders[0].lines[0].r_ohm = -1.0,
        &path("lines.f0-f1.r_ohm"),
        &["resistance is -1 Ω"],
    );
    bad_feeder(
        |c| c.feeders[0].lines[0].x_ohm = f64::NAN,
        &path("lines.f0-f1.x_ohm"),
        &["not a number"],
    );
    bad_feeder(
        |c| c.feeders[0].lines[0].max_s_mva = Some(-2.0),
        &path("lines.f0-f1.max_s_mva"),
        &["-2 MVA"],
    );
    bad_feeder(
        |c| c.feeders[0].buses[1].min_v_pu = 1.2,
        &path("buses.f1.min_v_pu"),
        &["1.2 p.u. is above the greatest of 1.1 p.u."],
    );
    bad_feeder(
        |c| c.feeders[0].buses[1].max_v_pu = f64::NAN,
        &path("buses.f1.max_v_pu"),
        &["not a number"],
    );
    bad_feeder(
        |c| c.feeders[0].buses[1].p_load_mw = f64::NAN,
        &path("buses.f1.p_load_mw"),
        &["not a number"],
    );
    bad_feeder(
        |c| c.feeders[0].buses[1].q_load_mvar = f64::NAN,
        &path("buses.f1.q_load_mvar"),
        &["not a number"],
    );
    bad_feeder(
        |c| {
            c.feeders[0].buses.clear();
            c.feeders[0].lines.clear();
        },
        &path("buses"),
        &["no bus"],
    );
    // A line to nowhere also leaves a bus unconnected.
    let mut dangling = with_feeder();
    dangling.feeders[0].lines[1].to = "f9".into();
    let problems = dangling.validate();
    assert_eq!(problems[0].field, "case.feeders.F.lines.f1-f2.to");
    assert_eq!(problems.len(), 2);
}

#[test]
fn boundaries() {
    bad_feeder(
        |c| c.boundaries[0].bus = "f1".into(),
        "case.boundaries.B.bus",
        &["no bus \"f1\"", "\"4\""],
    );
    let mut unknown = with_feeder();
    unknown.boundaries[0].feeder = "X".into();
    let problems = unknown.validate();
    assert_eq!(problems[0].field, "case.boundaries.B.feeder");
    assert!(
        problems[0].message.contains("Choose from \"F\""),
        "{problems:?}"
    );
    bad_feeder(
        |c| c.boundaries[0].max_p_mw = Some(-1.0),
        "case.boundaries.B.max_p_mw",
        &["limit is -1 MW"],
    );
    bad_feeder(
        |c| {
            c.boundaries.push(c.boundaries[0].clone());
            c.boundaries[1].id = "B2".into();
        },
        "case.boundaries.B2.feeder",
        &["already connected by boundary \"B\""],
    );
    bad_feeder(|c| c.boundaries.clear(), "case.feeders.F", &["no boundary"]);
}

#[test]
fn what_belongs_where() {
    bad_feeder(
        |c| c.generators[0].bus = "f1".into(),
        "case.generators.G1.bus",
        &["belongs to feeder \"F\"", "make it a DER"],
    );
    bad_feeder(
        |c| {
            c.loads.push(Load {
                id: "L".into(),
                bus: "f1".into(),
                p_mw: 1.0,
                q_mvar: 0.0,
            });
        },
        "case.loads.L.bus",
        &["case.feeders.F.buses.f1.p_load_mw"],
    );
    let mut der = with_feeder();
    der.ders[0].bus = "f2".into();
    assert_eq!(der.validate(), []);
}
