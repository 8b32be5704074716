//! Looking ahead: by hand on the 4-node system; random systems are in `tests/independent/rolling.py`.

use super::{preset, values};
use crate::testing::changes::changed;
use tandem::report::{Mark, Report, Status};
use tandem::run::run;
use tandem::scenario::{Mechanism, gallery};

fn report(set: &[(&str, &str)]) -> Report {
    run(&changed("zuo-4node-look-ahead", set.iter().copied()).unwrap()).unwrap()
}

fn value(report: &Report, id: &str, interval: usize) -> f64 {
    report
        .series(id)
        .unwrap_or_else(|| panic!("no {id}"))
        .values[interval - 1]
}

fn quantity(report: &Report, id: &str) -> f64 {
    report.quantity(id).and_then(|q| q.value).unwrap()
}

/// By hand: state estimation finds D2 at 1.984375 MW and 9.984375 MW on the line, so the factor 2/3
/// lets the aggregator have 3.984375 + 1.5 · 0.015625 MW in either interval. In interval 6 G4 has to
/// bring 16.8 − 8 − 4.0078125 MW, and 1.5 MW less already in interval 5. Then the aggregator is
/// marginal at 12 $/MWh and no line binds; G4's bid of 16 is 12 and 4 of what it saves later.
#[test]
fn a_ramping_generator_is_raised_one_interval_before() {
    let report = report(&[]);
    assert!((value(&report, "p:D2", 4) - 1.984375).abs() < 1e-9);
    let g4 = 16.8 - 8.0 - (3.984375 + 1.5 * 0.015625) - 1.5;
    assert!((value(&report, "p:G4", 5) - g4).abs() < 1e-9);
    assert!((value(&report, "plan:G4", 5) - (g4 + 1.5)).abs() < 1e-9);
    for bus in 1..=4 {
        assert!(
            (value(&report, &format!("lmp:{bus}"), 5) - 12.0).abs() < 1e-9,
            "{bus}"
        );
    }
    assert!((value(&report, "ramp:G4", 5) - 4.0).abs() < 1e-9);
    // Where no ramp holds it, G4 is marginal at its bid.
    for interval in [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12] {
        assert!(
            (value(&report, "lmp:4", interval) - 16.0).abs() < 1e-9,
            "{interval}"
        );
        assert!(
            value(&report, "ramp:G4", interval).abs() < 1e-9,
            "{interval}"
        );
    }
    assert!(report.certificates.iter().all(|c| c.certified));
    // 1 − 1/(2/3), with the horizon and without.
    assert!((quantity(&report, "factor") + 0.5).abs() < 1e-6);
    assert!((quantity(&report, "single_factor") + 0.5).abs() < 1e-6);
    let (together, alone) = (
        quantity(&report, "overload_max"),
        quantity(&report, "single_overload_max"),
    );
    assert!(together < 0.15 && alone > 0.3, "{together} and {alone}");
}

/// One interval at a time G4 brings 1.5 MW more in interval 6; the missing 0.29 MW come from the
/// aggregator, for which G1 makes room on the line.
#[test]
fn the_run_beside_is_the_run_with_a_horizon_of_one() {
    let (ahead, alone) = (
        report(&[]),
        report(&[("mechanism.look_ahead_intervals", "1")]),
    );
    let beside = &ahead.series("single:G4").unwrap().values;
    assert_eq!(beside, &alone.series("p:G4").unwrap().values);
    assert!(alone.series("single:G4").is_none());
    assert!(value(&alone, "p:G1", 6) < 7.5);
}

#[test]
fn without_ramps_nothing_changes() {
    let none = ("case.generators.G4.ramp_mw_per_min", "null");
    let (ahead, alone) = (
        report(&[none]),
        report(&[none, ("mechanism.look_ahead_intervals", "1")]),
    );
    let values =
        |r: &Report| -> Vec<Vec<f64>> { r.series.iter().map(|s| s.values.clone()).collect() };
    assert_eq!(
        format!("{:?}", values(&ahead)),
        format!("{:?}", values(&alone))
    );
    assert!(
        ahead
            .messages
            .iter()
            .any(|m| m.text.starts_with("No generator has a ramp limit"))
    );
}

/// At 0.5 MW an interval, the rise of 1.8 MW needs four intervals: a horizon of two sees it too late,
/// shortens itself, and interval 6 has no dispatch; one of six clears it.
#[test]
fn a_horizon_without_a_dispatch_ends_early() {
    let slow = ("case.generators.G4.ramp_mw_per_min", "0.1");
    let short = report(&[slow, ("mechanism.look_ahead_intervals", "2")]);
    assert_eq!(short.status, Status::Infeasible);
    assert!(
        short.headline.contains("interval 6") && short.headline.contains("G4"),
        "{}",
        short.headline
    );
    assert!(
        short
            .messages
            .iter()
            .any(|m| m.text.contains("the horizon ends early"))
    );
    let long = report(&[slow, ("mechanism.look_ahead_intervals", "6")]);
    assert_eq!(long.status, Status::Solved);
    assert!(
        !long
            .messages
            .iter()
            .any(|m| m.text.contains("the horizon ends early"))
    );
    assert!(
        long.headline
            .contains("clears interval 6, which has no dispatch one at a time"),
        "{}",
        long.headline
    );
}

#[test]
fn the_linear_program_holds_the_whole_horizon() {
    let document = gallery::document("zuo-4node-look-ahead").unwrap();
    let Mechanism::RtSced(params) = &document.mechanism else {
        panic!("another mechanism")
    };
    let text = tandem::market::rt_sced::inside::lp_file(&document.case, params, 5).unwrap();
    for row in [
        "power_balance",
        "ramp_G4_ahead_1",
        "ramp_G4_ahead_2",
        "flow_2_3_max_ahead_2",
    ] {
        assert!(text.contains(row), "{row} in\n{text}");
    }
}

#[test]
fn weights_that_say_nothing_are_refused() {
    for (weights, said) in [
        ("[]", "No weights"),
        ("[0, 0]", "sum to 0"),
        ("[0.5, -0.1]", "-0.1"),
    ] {
        let rule = ("mechanism.df.rule", "weighted");
        let set = [rule, ("mechanism.df.weights", weights)];
        let problems = changed("zuo-4node", set).map(|document| document.problems());
        let problems = problems.unwrap_or_else(|problems| problems);
        let found = problems
            .iter()
            .find(|p| p.field.starts_with("mechanism.df.weights"));
        let found = found.unwrap_or_else(|| panic!("{weights}: {problems:?}"));
        assert!(
            found.message.replace('−', "-").contains(said),
            "{weights}: {}",
            found.message
        );
    }
}

/// Every generator of a small case is drawn, and the ratio of the swings is said of the end: the climb to the load
/// of interval 6 makes an error of its own.
#[test]
fn the_picture_of_looking_ahead_adds_up() {
    let report = run(&preset("zuo-4node-look-ahead", &[])).unwrap();
    let marks = &report.chart("look_ahead").unwrap().marks;
    for own in ["p:G1", "single:G1", "p:G4", "p:D2"] {
        let drawn = |mark: &Mark| matches!(mark, Mark::Line { series, .. } if series == own);
        assert!(marks.iter().any(drawn), "{own}");
    }
    let off = |t: usize| values(&report, "p:D2")[t] - 2.0;
    assert!((off(5) / off(4) + 0.5).abs() < 1e-6 && (off(11) / off(10) + 0.5).abs() < 1e-6);
    assert!((off(4) / off(3) + 0.5).abs() > 1.0);
    assert!(
        report.headline.contains("in the end each swing 0.5 times"),
        "{}",
        report.headline
    );
}
