//! What readers see of the cures: reports of the presets, the point of a region, methods side by side, a
//! sweep, and what is refused.

use super::{preset, values};
use tandem::market::rt_sced::Method;
use tandem::report::{Cell, Status};
use tandem::run;
use tandem::scenario::{Scenario, path};
use tandem::session::Session;

/// A day of load that rises and falls, the same on both sides of its middle.
fn moving_load() -> Vec<f64> {
    (0..288)
        .map(|t| {
            let x = (f64::from(t) + 0.5) / 288.0;
            let slow = (std::f64::consts::PI * x).sin();
            let t = t.min(287 - t);
            0.93 + 0.07 * slow + 0.004 * f64::from(t % 3)
        })
        .collect()
}

#[test]
fn neither_cure_oscillates_over_a_day_of_moving_load() {
    for (id, der, line, tolerance) in [
        ("zuo-4node-exact", "D2", "2-3", 1e-6),
        ("zuo-4node-union-jack-m4", "D2", "2-3", 1e-6),
        ("zuo-30bus-exact", "D26", "24-25", 1e-6),
        ("zuo-30bus-proposed", "D26", "24-25", 2e-2),
    ] {
        let mut scenario = preset(id, &[]);
        let tandem::scenario::Mechanism::RtSced(params) = &mut scenario.mechanism else {
            panic!("a preset of RT-SCED")
        };
        params.intervals = 288;
        params.load_profile = moving_load();
        let report = run::run(&scenario).unwrap();
        assert_eq!(report.status, Status::Solved, "{id}");
        assert!(report.certificates.iter().all(|c| c.certified), "{id}");
        let over = values(&report, &format!("over:{line}"));
        let worst = over.iter().copied().fold(0.0, f64::max);
        assert!(worst <= tolerance, "{id}: {line} over by {worst}");
        // What is dispatched depends on the load, not on what was dispatched before: the same load
        // in the morning and in the evening finds the same output.
        let output = values(&report, &format!("p:{der}"));
        for t in 0..144 {
            let (morning, evening) = (output[t], output[287 - t]);
            assert!(
                (morning - evening).abs() <= tolerance,
                "{id}, interval {}: {morning} {evening}",
                t + 1
            );
        }
        // Under the same load fixed factors swing.
        let tandem::scenario::Mechanism::RtSced(params) = &mut scenario.mechanism else {
            panic!("a preset of RT-SCED")
        };
        params.method = Method::DistributionFactors;
        let swinging = run::run(&scenario).unwrap();
        let apart = values(&swinging, &format!("p:{der}"));
        let most = (0..144)
            .map(|t| (apart[t] - apart[287 - t]).abs())
            .fold(0.0, f64::max);
        assert!(most > 0.05, "{id}: fixed factors differ by {most} only");
        if id.ends_with("exact") {
            let (ours, best) = (values(&report, "cost"), values(&report, "cost_optimum"));
            for (t, (ours, best)) in ours.iter().zip(best).enumerate() {
                assert!(
                    (ours - best).abs() < 1e-5,
                    "{id}, interval {}: {ours} {best}",
                    t + 1
                );
            }
        }
    }
}

#[test]
fn critical_lines_are_proposed_where_factors_can_err() {
    let report = run::run(&preset("zuo-30bus", &[])).unwrap();
    let table = report.tables.iter().find(|t| t.id == "critical").unwrap();
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let first: Vec<String> = table.rows[0].iter().take(2).map(text).collect();
    assert_eq!(first, ["24-25", "A1"]);
    assert_eq!(text(&table.rows[0][5]), "yes");
    // With the lines proposed, the exact curve finds the optimum too.
    let proposed = preset("zuo-30bus", &[("mechanism.method", "exact_curve")]);
    let report = run::run(&proposed).unwrap();
    let cost = values(&report, "cost");
    assert!((cost[cost.len() - 1] - 330.978).abs() < 1e-3);
}

#[test]
fn what_cannot_be_done_is_said() {
    let two = preset("zuo-30bus-proposed", &[]);
    let mut value = two.to_value();
    path::set(
        &mut value,
        "mechanism.equivalent.critical_lines.A1",
        r#"["24-25","6-8"]"#,
        &[],
    )
    .unwrap();
    let problem = Scenario::from_value(value).unwrap_err();
    assert!(problem[0].message.contains("takes one line"), "{problem:?}");
    let far = preset(
        "zuo-4node-union-jack-calibrated-m3",
        &[
            ("mechanism.equivalent.own.p_other_min_mw", "30"),
            ("mechanism.equivalent.own.p_other_max_mw", "40"),
        ],
    );
    let report = run::run(&far).unwrap();
    assert_eq!(report.status, Status::Infeasible);
    assert!(report.headline.contains("grid"), "{}", report.headline);
    let mut empty = preset("zuo-4node-union-jack-m3", &[]).to_value();
    path::set(&mut empty, "mechanism.equivalent.rectangle", "own", &[]).unwrap();
    let problem = Scenario::from_value(empty).unwrap_err();
    assert!(problem[0].message.contains("empty"), "{problem:?}");
}

#[test]
fn a_point_of_the_region_says_what_it_costs_and_who_produces() {
    let scenario = preset("zuo-4node-union-jack-m3", &[]);
    let report = run::run(&scenario).unwrap();
    let key = report.chart("region").unwrap().probe.clone().unwrap();
    let probe = run::probe(&scenario, &key, 4.0, 8.0).unwrap();
    assert!(probe.inside);
    assert!(probe.sentence.contains("40\u{a0}$/h"), "{}", probe.sentence);
    let output = |row: usize| match probe.table.rows[row][1] {
        Cell::Number(p) => p,
        _ => f64::NAN,
    };
    assert!((output(0) - 2.0).abs() < 1e-9 && (output(1) - 2.0).abs() < 1e-9);
    let outside = run::probe(&scenario, &key, 5.0, 8.0).unwrap();
    assert!(!outside.inside);
    assert!(
        outside
            .sentence
            .replace("\u{a0}", " ")
            .contains("0 MW to 4 MW"),
        "{}",
        outside.sentence
    );
    assert!(run::probe(&scenario, "nobody behind nothing", 0.0, 0.0).is_err());
}

#[test]
fn all_methods_stand_side_by_side() {
    let report = run::compare(&preset("zuo-30bus", &[])).unwrap();
    let table = &report.tables[0];
    assert_eq!(table.rows.len(), 7);
    for chart in [
        "method_costs",
        "method_nets",
        "method_capacity",
        "method_exact_curve",
        "compare_m",
    ] {
        assert!(report.chart(chart).is_some(), "{chart}");
    }
    let last = |method: &str| {
        *values(&report, &format!("dispatch:{method}"))
            .last()
            .unwrap()
    };
    assert!((last("optimal") - 1.3185).abs() < 1e-4);
    assert!((last("exact_curve") - 1.3185).abs() < 1e-4);
    let fixed = values(&report, "dispatch:capacity");
    assert!((fixed[0] - 1.9).abs() < 1e-3 && (fixed[1] - 0.6918).abs() < 1e-3);
    let proposed = run::compare(&preset("zuo-30bus-proposed", &[])).unwrap();
    let union_jack = values(&proposed, "dispatch:union_jack");
    assert!((union_jack[1] - 0.6252).abs() < 1e-4);
}

#[test]
fn m_can_be_swept_and_its_program_written() {
    let scenario = preset("zuo-4node-union-jack-m3", &[]);
    let cost = |m: f64| {
        let summary = tandem::sweep::point(
            &mut Session::from(scenario.clone()),
            &scenario.clone().into(),
            "mechanism.equivalent.m",
            m,
        )
        .unwrap();
        summary
            .iter()
            .find(|q| q.id == "cost_last")
            .unwrap()
            .value
            .unwrap()
    };
    assert!((cost(4.0) - 137.0).abs() < 1e-9 && (cost(8.0) - 136.0625).abs() < 1e-9);
    assert!(
        tandem::sweep::point(
            &mut Session::from(scenario.clone()),
            &scenario.clone().into(),
            "mechanism.equivalent.m",
            3.5
        )
        .is_err()
    );
    // The integer program as text: 2M + 1 binaries, the region's edges, P_l'' defined.
    let lp = run::lp_file(&scenario, 1).unwrap();
    let names = lp.split_whitespace();
    let binaries: std::collections::BTreeSet<&str> = names
        .filter(|w| (w.contains("_bit_") && w.matches('_').count() == 3) || *w == "diagonal_1")
        .filter(|w| !w.ends_with(':'))
        .collect();
    assert_eq!(binaries.len(), 7, "{binaries:?}");
    assert!(lp.contains("region_A_1") && lp.contains("others_on_2_3_A"));
    // The exact curve's program holds its cuts and no binaries.
    let exact = run::lp_file(&preset("zuo-4node-exact", &[]), 1).unwrap();
    assert!(exact.contains("curve") && !exact.contains("_bit_"));
}

#[test]
fn what_factors_promise_is_held_against_what_the_aggregator_delivers() {
    let row = |id: &str, t: usize| -> Vec<f64> {
        let report = run::run(&preset(id, &[])).unwrap();
        let table = report.tables.iter().find(|t| t.id == "promises").unwrap();
        let number = |cell: &Cell| match cell {
            Cell::Number(value) => *value,
            other => panic!("{other:?}"),
        };
        table.rows[t - 1].iter().map(number).collect()
    };
    let close = |ours: &[f64], theirs: &[f64], tolerance: f64| {
        let pairs = ours.iter().zip(theirs);
        assert!(
            pairs.clone().all(|(a, b)| (a - b).abs() < tolerance),
            "{ours:?} {theirs:?}"
        );
    };
    // Interval 1: 2 MW of room at a factor of 2/3 are 3 MW, of 4 that fit. Interval 2: 1 MW of room
    // on top of 3 MW are 4.5, and line 2-3 carries half a megawatt too much.
    close(
        &row("zuo-4node", 1),
        &[1.0, 8.0, 3.0, 4.0, 4.0, 0.0, 1.0, 0.0, 4.0],
        1e-9,
    );
    close(
        &row("zuo-4node", 2),
        &[2.0, 8.0, 4.5, 4.0, 4.0, 0.5, 0.0, 2.0, 0.0],
        1e-9,
    );
    // By merit order A1 fills the line at 5 MW of D27 and 1.3185 MW of D26: the optimum.
    let second = row("zuo-30bus", 2);
    close(&second[3..4], &[6.3185], 1e-4);
    close(&second[6..7], &[0.6267], 1e-4);
}

/// A badge says of the error what the chart beside it shows: how the steps of the watched DER change over the run.
#[test]
fn what_a_badge_says_of_the_error_is_what_the_output_does() {
    for (id, der, said) in [
        ("zuo-4node", "D2", "settles"),
        ("zuo-4node-se", "D2", "swings for ever"),
        ("zuo-4node-average", "D2", "does not settle in 12 intervals"),
        ("zuo-4node-look-ahead", "D2", "settles"),
        ("zuo-4node-unscheduled", "D2", "settles"),
        ("zuo-30bus", "D26", "limits hold the swing"),
        ("zuo-30bus-unscheduled", "D26", "limits hold the swing"),
        ("zuo-30bus-se", "D26", "settles"),
    ] {
        let report = run::run(&preset(id, &[])).unwrap();
        let badge = report.badges.iter().find(|b| b.text.contains("error"));
        let badge = &badge.unwrap_or_else(|| panic!("{id}: no badge")).text;
        assert!(badge.ends_with(&format!(": {said}")), "{id}: {badge}");
        let output = values(&report, &format!("p:{der}"));
        let steps: Vec<f64> = output.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
        let (first, last) = (steps[0], steps[steps.len() - 1]);
        let as_said = match said {
            "settles" => last <= 0.5 * first,
            "swings for ever" | "limits hold the swing" => {
                (last - steps[steps.len() - 2]).abs() < 1e-6
            }
            _ => last > 0.5,
        };
        assert!(as_said, "{id}: {badge}, but steps of {steps:?}");
    }
}

/// What is left of an error that has died out reads as zero and is not counted, and the caption says so.
#[test]
fn an_overload_that_reads_as_zero_is_not_counted() {
    for id in ["zuo-30bus-se", "zuo-30bus-average"] {
        let report = run::run(&preset(id, &[])).unwrap();
        let over = values(&report, "overload");
        let read = |mw: &&f64| format!("{mw:.4}") != "0.0000";
        let counted = report.quantity("overloaded_intervals").unwrap().value;
        assert_eq!(
            counted,
            Some(over.iter().filter(read).count() as f64),
            "{id}"
        );
        assert!(over.iter().any(|mw| *mw > 1e-6 && !read(&mw)), "{id}");
        let caption = &report.chart("flow").unwrap().summary;
        assert!(caption.ends_with("is not counted."), "{id}: {caption}");
    }
}

/// By bid block nothing is distributed: shift factors stand where other rules have distribution factors.
#[test]
fn by_bid_block_there_are_no_distribution_factors() {
    let report = run::run(&preset("zuo-4node-block", &[])).unwrap();
    assert!(report.series.iter().all(|s| !s.id.starts_with("df:")));
    let table = report.tables.iter().find(|t| t.id == "intervals").unwrap();
    let names: Vec<&str> = table.columns.iter().map(|c| &*c.name).collect();
    assert!(
        names.iter().all(|name| !name.starts_with("DF")),
        "{names:?}"
    );
    assert!(names.contains(&"shift factor of D2 on 2-3"), "{names:?}");
    assert!(table.note.contains("no distribution factors"));
}

/// One interval has no last one.
#[test]
fn the_last_interval_is_named_where_there_are_others() {
    for (id, named) in [("triangle", false), ("zuo-4node-optimal", true)] {
        let report = run::run(&preset(id, &[])).unwrap();
        let caption = &report.chart("lmp_by_bus").unwrap().summary;
        assert_eq!(
            caption.starts_with("In the last interval: "),
            named,
            "{caption}"
        );
    }
}

/// Baran and Wu's feeder takes 3.715 MW (their Table I), which no generator of a transmission grid serves here.
#[test]
fn loads_of_feeders_are_not_dropped_in_silence() {
    let mut case = tandem::case::builtin("zuo-4node").unwrap();
    let feeders = tandem::case::builtin("baran-wu-33").unwrap().feeders;
    case.feeders = feeders;
    case.boundaries = serde_json::from_value(serde_json::json!([
        {"id": "to the feeder", "bus": "4", "feeder": case.feeders[0].id}
    ]))
    .unwrap();
    let found = tandem::market::Contract::check(&super::optimal(), &case);
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("3.715 MW") && told[0].contains("bus 4"),
        "{told:?}"
    );
    assert!(!found[0].is_error());
}
