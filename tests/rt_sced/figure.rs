//! The watched DER under every rule: the same runs as those of the presets of each rule, and live.

use super::values;
use crate::testing::changes::changed;
use tandem::report::Mark;
use tandem::run::run;
use tandem::scenario::gallery;

#[test]
fn the_figure_holds_the_run_of_every_rule() {
    let report = run(&gallery::document("zuo-30bus").unwrap()).unwrap();
    for (key, preset) in [
        ("capacity", "zuo-30bus"),
        ("latest_se", "zuo-30bus-se"),
        ("moving_average", "zuo-30bus-average"),
        ("union_jack", "zuo-30bus-proposed"),
        ("optimal", "zuo-30bus-optimal"),
    ] {
        let alone = run(&gallery::document(preset).unwrap()).unwrap();
        let beside = values(&report, &format!("rule:{key}"));
        assert_eq!(beside, values(&alone, "p:D26"), "{key}");
        let cost = report
            .quantity(&format!("rule_cost_{key}"))
            .and_then(|q| q.value);
        assert_eq!(
            cost,
            alone.quantity("cost_last").and_then(|q| q.value),
            "{key}"
        );
        assert!(preset == "zuo-30bus" || alone.charts.iter().all(|c| c.id != "figure_8"));
    }
    let figure = report.charts.iter().find(|c| c.id == "figure_8").unwrap();
    let printed = figure.marks.iter().filter_map(|mark| match mark {
        Mark::Rule { value, label } => Some((*value, label.contains("calibrated"))),
        _ => None,
    });
    let printed: Vec<(f64, bool)> = printed.collect();
    assert_eq!(printed, [(1.9, true), (0.69, true), (0.625, true)]);
    assert!(figure.summary.contains("every solve is certified"));
    for said in ["331.05 $/h (total cost, proposed; calibrated", "330.98 $/h"] {
        assert!(figure.summary.contains(said), "{}", figure.summary);
    }
}

/// A wider line lets the aggregator in everywhere: another figure.
#[test]
fn the_figure_follows_the_inputs() {
    let wider = [("case.branches.24-25.max_p_mw", "7")];
    let report = run(&changed("zuo-30bus", wider).unwrap()).unwrap();
    let alone = run(&changed("zuo-30bus-optimal", wider).unwrap()).unwrap();
    let optimum = values(&report, "rule:optimal");
    assert_eq!(optimum, values(&alone, "p:D26"));
    assert!(optimum[0] > 1.4, "{optimum:?}");
}

/// Three axes of 2^4 cells: 17³ vertices, 3 · 4 bits and a binary for each of three pairs of axes.
#[test]
fn a_grid_over_two_lines_is_refused_with_its_size() {
    let two = serde_json::json!(["24-25", "22-24"]);
    let mut value = gallery::document("zuo-30bus-proposed").unwrap().to_value();
    value["mechanism"]["equivalent"]["critical_lines"]["A1"] = two;
    let refused = tandem::scenario::Document::from_value(value);
    let problems = refused.err().unwrap_or_default();
    let said = problems
        .iter()
        .find(|p| p.field == "mechanism.equivalent.critical_lines.A1");
    let said = &said.unwrap_or_else(|| panic!("{problems:?}")).message;
    assert!(
        said.contains("4913 vertices") && said.contains("15 binaries"),
        "{said}"
    );
}
