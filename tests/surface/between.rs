//! What lies between two scenarios, on the case of `across.rs`.

use tandem::between::between;
use tandem::report::{Cell, Report};
use tandem::scenario::{Document, gallery};

fn with(changes: &[(&str, &str)]) -> Document {
    let document = gallery::document("all-schemes").unwrap();
    let texts = changes
        .iter()
        .map(|(path, value)| (path.to_string(), value.to_string()));
    document.with_each(&texts.collect::<Vec<_>>()).unwrap()
}

fn rows(report: &Report, table: &str) -> Vec<Vec<Cell>> {
    let found = report.tables.iter().find(|t| t.id == table);
    found.map_or(Vec::new(), |t| t.rows.clone())
}

fn numbers(row: &[Cell]) -> Vec<f64> {
    let number = |cell: &Cell| match cell {
        Cell::Number(value) => Some(*value),
        _ => None,
    };
    row.iter().filter_map(number).collect()
}

const LINE: &str = "case.feeders.F.lines.I-D.max_s_mva";
const H1: &str = "case.balancing.bids.H1.offers.0.segments.0";

/// By hand: 24.8 as it is; with 0.5 MW of line 5 + 9.6 + 9 + 0.2·24 = 28.4; with hydro at 12 9.6 + 9.6 + 7.2 = 26.4; with both
/// 6 + 9.6 + 9 + 4.8 = 29.4. In turn 3.6 and 1; fair (3.6 + 3) / 2 = 3.3 and (1.6 + 1) / 2 = 1.3.
#[test]
fn every_change_in_turn_and_its_fair_share() {
    let price = format!("{H1}.usd_per_mwh");
    let report = between(&with(&[]), &with(&[(LINE, "0.5"), (&price, "12")])).unwrap();
    let inputs = rows(&report, "between_inputs");
    let paths: Vec<&Cell> = inputs.iter().map(|row| &row[4]).collect();
    assert_eq!(paths, [&Cell::Text(LINE.into()), &Cell::Text(price)]);
    let causes = rows(&report, "between:cost");
    let hand = [[3.6, 3.3], [1.0, 1.3]];
    assert_eq!(causes.len(), hand.len());
    for (row, hand) in causes.iter().zip(hand) {
        for (ours, hand) in numbers(row).into_iter().zip(hand) {
            assert!((ours - hand).abs() < 1e-6, "{row:?}");
        }
    }
    for column in 0..2 {
        let sum: f64 = causes.iter().map(|row| numbers(row)[column]).sum();
        assert!((sum - 4.6).abs() < 1e-9, "{sum}");
    }
    let last = &report.series("turn:cost:after").unwrap().values;
    assert!((last.last().unwrap() - 29.4).abs() < 1e-6);
}

/// A bid of at least 1.2 MW needs one of at most 1.5: the first without the second is refused.
#[test]
fn changes_that_only_work_together_are_one() {
    let (least, most) = (format!("{H1}.min_p_mw"), format!("{H1}.max_p_mw"));
    let b = with(&[(&most, "1.5"), (&least, "1.2"), (LINE, "2")]);
    let report = between(&with(&[(LINE, "2")]), &b).unwrap();
    let causes = rows(&report, "between:cost");
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert!(
        report
            .messages
            .iter()
            .any(|m| m.text.contains("There is none with only")),
        "{:?}",
        report.messages
    );
}

#[test]
fn what_is_not_taken_apart_says_why() {
    let prices = ["G1", "H1", "B1", "C1", "M1"]
        .map(|id| format!("case.balancing.bids.{id}.offers.0.segments.0.usd_per_mwh"));
    let mut changes: Vec<(&str, &str)> = prices.iter().map(|path| (path.as_str(), "30")).collect();
    changes.push((LINE, "0.7"));
    changes.push(("case.balancing.imbalances.BRP1.p_mw.0", "-1.4"));
    let report = between(&with(&[]), &with(&changes)).unwrap();
    assert_eq!(rows(&report, "between:cost").len(), 7);
    assert!(
        report.messages[0].text.contains("too many"),
        "{:?}",
        report.messages
    );
    let other = gallery::document("zuo-4node").unwrap();
    let report = between(&with(&[]), &other).unwrap();
    assert!(report.charts.is_empty());
    assert!(report.messages[0].text.contains("different mechanisms"));
    let same = between(&other, &other).unwrap();
    assert!(same.headline.starts_with("The two have the same inputs"));
}
