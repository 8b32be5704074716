//! The mechanisms of all five papers on one case: hydro H1 1 MW at 10 $/MWh and biogas B1 0.5 MW at 14 behind a line of 0.8 MW,
//! batteries C1 0.6 MW at 16 and a factory M1 0.5 MW at 18 elsewhere on the feeder, a plant G1 at 24 on transmission; 1.5 MW are missing
//! on transmission and 0.3 MW on the feeder.

use tandem::report::{Cell, Report};
use tandem::run;
use tandem::scenario::{Document, gallery};

fn compared(preset: &str) -> Result<Report, String> {
    let document = gallery::document(preset).unwrap();
    let across = [("view.across".to_string(), "true".to_string())];
    let document: Document = document.with_each(&across).unwrap();
    run::compare(&document).map_err(|problems| problems[0].message.clone())
}

fn row(report: &Report, id: &str) -> usize {
    report.alternatives.iter().position(|a| a.id == id).unwrap()
}

fn number(report: &Report, table: &str, id: &str, column: usize) -> f64 {
    let table = report.tables.iter().find(|t| t.id == table).unwrap();
    match &table.rows[row(report, id)][column] {
        Cell::Number(value) => *value,
        other => panic!("{other:?}"),
    }
}

/// By hand. Everything seen: 0.8·10 + 0.6·16 + 0.4·18 = 24.8. Without the line: 1·10 + 0.5·14 + 0.3·16 = 21.8, with 0.7 MW too
/// much on it. Each for itself: 1.5·24 + 0.3·10 = 39. The TSO alone: 1.8·24 = 43.2. Fixed factors by capacity put 1.5/2.6 of the
/// aggregate on the line, so the ISO takes 0.8·2.6/1.5 = 1.38667 MW of it and 0.41333 of the plant; the aggregator serves
/// that with hydro and 0.38667 of biogas: 10 + 5.41333 + 9.92 = 25.33333, with 0.58667 MW too much.
#[test]
fn costs_and_overloads_are_those_by_hand() {
    let report = compared("all-schemes").unwrap();
    for (id, cost, over, after) in [
        ("rsf", 24.8, 0.0, 24.8),
        ("common", 24.8, 0.0, 24.8),
        ("integrated", 24.8, 0.0, 24.8),
        ("sequential_filtered", 24.8, 0.0, 24.8),
        ("centralised_as", 21.8, 0.7, 24.8),
        ("local_as", 21.8, 0.7, 24.8),
        ("community", 21.8, 0.7, 24.8),
        ("shared_balancing", 39.0, 0.0, 39.0),
        ("no_dso_bids", 43.2, 0.0, 43.2),
        ("fixed_factors", 25.333_333, 0.586_667, 24.8),
        ("exact_curve", 24.8, 0.0, 24.8),
        ("nash_bargain", 24.8, 0.0, 24.8),
    ] {
        let ours = [2, 3, 5].map(|column| number(&report, "across", id, column));
        for (ours, hand) in ours.into_iter().zip([cost, over, after]) {
            assert!((ours - hand).abs() < 1e-5, "{id}: {ours} for {hand}");
        }
    }
    assert!(report.messages.is_empty(), "{:?}", report.messages);
}

/// By hand. Without losses in the common market the interface has 18 $/MWh, the price of the factory: transmission pays 27
/// where it would pay 36 alone; the feeder is paid 27, spends 24.8 and would have spent 3. Jain: 14.2² / (2·(9² + 5.2²)).
/// A Nash bargain halves 39 − 24.8.
#[test]
fn gains_are_against_each_for_itself() {
    let report = compared("all-schemes").unwrap();
    let gains = |id: &str| [6, 7].map(|column| number(&report, "across", id, column));
    let near = |ours: [f64; 2], hand: [f64; 2]| {
        let far = ours.iter().zip(hand).map(|(a, b)| (a - b).abs());
        assert!(far.fold(0.0, f64::max) < 1e-5, "{ours:?} for {hand:?}");
    };
    near(gains("rsf"), [9.0, 5.2]);
    near(gains("nash_bargain"), [7.1, 7.1]);
    let jain = number(&report, "across", "rsf", 8);
    assert!((jain - 14.2 * 14.2 / (2.0 * (81.0 + 27.04))).abs() < 1e-6);
    for own in &report.alternatives {
        let [a, b] = gains(&own.id);
        let after = number(&report, "across", &own.id, 5);
        assert!((a + b - (39.0 - after)).abs() < 1e-6, "{}", own.id);
        let money: f64 = (1..=6)
            .map(|k| number(&report, "across_money", &own.id, k))
            .sum();
        assert!(money.abs() < 1e-6, "{}: {money}", own.id);
    }
}

/// The yardstick says of the schemes what their own mechanism says of them.
#[test]
fn the_yardstick_agrees_with_the_mechanism() {
    for preset in ["mezghani-s1", "mezghani-s5"] {
        let report = compared(preset).unwrap();
        for own in report.alternatives.iter().filter(|a| !a.changes.is_empty()) {
            let set = [("mechanism.scheme".to_string(), own.changes[0].1.to_string())];
            let document = gallery::document(preset).unwrap().with_each(&set).unwrap();
            let answer = run::run(&document).unwrap();
            let value = |id: &str| answer.quantity(id).unwrap().value.unwrap();
            for (column, id) in [(2, "cost"), (3, "overload"), (5, "after")] {
                let ours = number(&report, "across", &own.id, column);
                assert!((ours - value(id)).abs() < 1e-5, "{preset} {}: {id}", own.id);
            }
        }
    }
}

#[test]
fn what_cannot_be_compared_says_why() {
    for (preset, why) in [
        ("mezghani-3node", "without losses"),
        ("mezghani-block", "not for more energy"),
        ("mezghani-s2", "not for more energy"),
    ] {
        let said = compared(preset).unwrap_err();
        assert!(
            said.contains("cannot be compared on this case"),
            "{preset}: {said}"
        );
        assert!(said.contains(why), "{preset}: {said}");
    }
}
