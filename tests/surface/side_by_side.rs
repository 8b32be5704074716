//! What is compared: rows that are the scenarios they stand for, on one scale.

use tandem::report::{Mark, Report};
use tandem::run;
use tandem::scenario::{Document, gallery};

/// Every row of a comparison, chosen: the value of its dot and the answer of the scenario that it leads to.
fn chosen(preset: &str, dots: &[&str], summary: &str) -> Vec<(f64, f64)> {
    let document = gallery::document(preset).unwrap();
    let compared = run::compare(&document).unwrap();
    let value = |k: usize| {
        let all = dots.iter().map(|id| compared.series(id).unwrap().values[k]);
        all.filter(|v| v.is_finite()).sum::<f64>()
    };
    let choose = |k: usize| {
        let own = &compared.alternatives[k];
        let next = with(&document, &own.changes);
        let again = run::compare(&next).unwrap().alternatives;
        let now: Vec<&str> = again.iter().filter(|a| a.now).map(|a| &*a.id).collect();
        assert_eq!(now, [&*own.id], "{preset}: one row is the scenario");
        let answer = run::run(&next).unwrap();
        (value(k), answer.quantity(summary).unwrap().value.unwrap())
    };
    (0..compared.alternatives.len()).map(choose).collect()
}

fn with(document: &Document, changes: &[(String, serde_json::Value)]) -> Document {
    let texts = changes
        .iter()
        .map(|(path, v)| (path.clone(), v.to_string()));
    document.with_each(&texts.collect::<Vec<_>>()).unwrap()
}

#[test]
fn what_is_chosen_has_the_answer_of_its_row() {
    let methods = chosen("zuo-4node", &["cost_over", "cost_within"], "cost_mean");
    let schemes = chosen("mezghani-s1", &["cost_after"], "after");
    assert_eq!((methods.len(), schemes.len()), (7, 8));
    for (row, answer) in methods.into_iter().chain(schemes) {
        assert!((row - answer).abs() < 1e-6, "{row} against {answer}");
    }
}

/// Scenario 1 of Mezghani et al., Table 4: without feeder limits 13, of which 0.3 MWh break them and cost 1.5 more.
#[test]
fn before_redispatch_is_hollow_and_after_it_full() {
    let report = run::compare(&gallery::document("mezghani-s1").unwrap()).unwrap();
    let row = |id: &str| report.alternatives.iter().position(|a| a.id == id).unwrap();
    let at = |series: &str, id: &str| report.series(series).unwrap().values[row(id)];
    assert!((at("cost_before", "centralised_as") - 13.0).abs() < 1e-6);
    assert!((at("cost_after", "centralised_as") - 14.5).abs() < 1e-6);
    let marks = &report.chart("scheme_costs").unwrap().marks;
    let Mark::Rows {
        over, alternatives, ..
    } = &marks[0]
    else {
        panic!("no rows");
    };
    assert_eq!(alternatives[2], "centralised_as");
    assert!(
        over[2]
            .replace('\u{a0}', " ")
            .starts_with("0.3 MWh over limits"),
        "{}",
        over[2]
    );
    assert_eq!(over[0], "", "the common market keeps every limit");
    let hollow = |mark: &Mark| matches!(mark, Mark::Dots { series, hollow: true, .. } if series == "cost_before");
    assert!(marks.iter().any(hollow));
}

/// In a closed ledger what some gain the others pay.
#[test]
fn who_gains_and_who_pays_adds_up_to_nothing() {
    for (preset, chart) in [("zuo-4node", "method_nets"), ("mezghani-s1", "scheme_nets")] {
        let report = run::compare(&gallery::document(preset).unwrap()).unwrap();
        let nets = dots(&report, chart);
        for k in 0..report.alternatives.len() {
            let sum: f64 = nets.iter().map(|values| values[k]).sum();
            assert!(sum.abs() < 1e-6, "{preset}: {sum} in row {k}");
        }
    }
}

fn dots<'r>(report: &'r Report, chart: &str) -> Vec<&'r [f64]> {
    let of = |mark: &Mark| match mark {
        Mark::Dots { series, .. } => Some(report.series(series).unwrap().values.as_slice()),
        _ => None,
    };
    report
        .chart(chart)
        .unwrap()
        .marks
        .iter()
        .filter_map(of)
        .collect()
}
