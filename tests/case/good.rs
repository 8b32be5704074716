//! Good cases to spoil, and what must be said of them then.

use tandem::case::{Boundary, Case, Feeder, FeederBus, FeederLine, Problem, builtin};

pub fn four_node() -> Case {
    builtin("zuo-4node").unwrap()
}

/// The 4-node system with a feeder of three buses below bus 4.
pub fn with_feeder() -> Case {
    let mut case = four_node();
    let bus = |id: &str| FeederBus {
        id: id.into(),
        p_load_mw: 0.1,
        q_load_mvar: 0.05,
        min_v_pu: 0.9,
        max_v_pu: 1.1,
    };
    let line = |from: &str, to: &str| FeederLine {
        id: format!("{from}-{to}"),
        from: from.into(),
        to: to.into(),
        r_ohm: 0.1,
        x_ohm: 0.05,
        max_s_mva: None,
        min_p_mw: None,
        max_p_mw: None,
    };
    case.feeders.push(Feeder {
        id: "F".into(),
        base_kv: 12.66,
        root_v_pu: 1.0,
        root: "f0".into(),
        buses: vec![bus("f0"), bus("f1"), bus("f2")],
        lines: vec![line("f0", "f1"), line("f1", "f2")],
    });
    case.boundaries.push(Boundary {
        id: "B".into(),
        bus: "4".into(),
        feeder: "F".into(),
        max_p_mw: None,
    });
    case
}

/// Changes a good case and demands exactly one problem, at `field`, whose message holds `parts`.
#[track_caller]
pub fn one(good: Case, change: impl FnOnce(&mut Case), field: &str, parts: &[&str]) -> Problem {
    let mut case = good;
    assert_eq!(case.validate(), [], "the case was bad before the change");
    change(&mut case);
    only(&case.validate(), field, parts)
}

/// Demands exactly one problem, at `field`, whose message holds `parts`.
#[track_caller]
pub fn only(problems: &[Problem], field: &str, parts: &[&str]) -> Problem {
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].field, field, "{problems:#?}");
    for part in parts {
        assert!(
            problems[0].message.contains(part),
            "no {part:?} in {problems:#?}"
        );
    }
    problems[0].clone()
}

#[track_caller]
pub fn bad_feeder(change: impl FnOnce(&mut Case), field: &str, parts: &[&str]) {
    assert!(one(with_feeder(), change, field, parts).is_error());
}

/// What became of a file.
pub fn told(case: &Case) -> String {
    case.import.as_ref().unwrap().to_string()
}

/// Without its name and where it comes from.
pub fn anonymous(case: &Case) -> Case {
    let mut case = case.clone();
    case.name.clear();
    case.source.clear();
    case.import = None;
    case
}
