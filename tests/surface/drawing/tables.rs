//! Tables and comma-separated values of charts.

use tandem::chart::{csv, table};
use tandem::report::{Cell, Index, Report, Series};

use super::fixture;

#[test]
fn lines_have_a_column_each_and_flags_have_words() {
    let report = fixture::four_node();
    let table = table(&report, "flow").unwrap();
    let names: Vec<_> = table
        .columns
        .iter()
        .map(|c| (c.name.as_str(), c.unit.as_str()))
        .collect();
    assert_eq!(
        names,
        [("interval", ""), ("Line 2-3", "MW"), ("over limit", "")]
    );
    assert!(table.by_clock);
    assert_eq!(table.note, "limit 10 MW: 10 MW");
    assert_eq!(table.rows.len(), 6);
    assert_eq!(
        table.rows[1],
        [
            Cell::Number(2.0),
            Cell::Number(10.5),
            Cell::Text("yes".into())
        ]
    );
    assert_eq!(table.rows[2][2], Cell::Empty);
}

#[test]
fn hidden_series_are_in_the_table() {
    let table = table(&fixture::four_node(), "dispatch").unwrap();
    assert!(table.columns.iter().any(|c| c.name == "Aggregator"));
}

#[test]
fn series_over_other_numbers_bring_their_own_column() {
    let table = table(&fixture::four_node(), "cobweb").unwrap();
    let names: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["D2", "Next dispatch", "D2", "Intervals 1-6"]);
    assert!(!table.by_clock);
    assert_eq!(table.rows.len(), 11);
    assert_eq!(table.rows[10][0], Cell::Empty);
    assert!(table.rows.iter().all(|r| r.len() == 4));
}

#[test]
fn bars_follow_the_clock_by_rows() {
    let table = table(&fixture::many_bars(), "lmp_by_bus").unwrap();
    assert!(table.by_clock);
    assert_eq!((table.columns.len(), table.rows.len()), (31, 3));
    assert_eq!(table.rows[2][5], Cell::Empty);
    let mut still = fixture::many_bars();
    let singles = still.series.singles_mut();
    singles.for_each(|s| s.values.truncate(1));
    let table = tandem::chart::table(&still, "lmp_by_bus").unwrap();
    assert_eq!((table.columns.len(), table.rows.len()), (2, 30));
    assert_eq!(table.columns[0].name, "Bus");
}

#[test]
fn rows_are_the_rows_of_their_table() {
    let table = table(&fixture::rows(), "rows").unwrap();
    let names: Vec<_> = table.columns.iter().map(|c| &*c.name).collect();
    assert_eq!(
        names,
        ["scheme", "before redispatch", "at the end", "over a limit"]
    );
    let over = Cell::Text("0.3 MWh over limits".into());
    let first = [
        Cell::Text("no limits".into()),
        Cell::Number(13.0),
        Cell::Number(14.5),
        over,
    ];
    assert_eq!(table.rows[0], first);
    assert_eq!(table.rows[1][3], Cell::Empty);
    assert_eq!(table.rows[2][1..], [Cell::Empty, Cell::Empty, Cell::Empty]);
}

/// Reads RFC 4180 by its grammar, to check the writer against.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => field.extend(chars.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut field)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => field.push(c),
        }
    }
    assert!(row.is_empty() && field.is_empty() && !quoted);
    rows
}

#[test]
fn csv_reads_back_to_twelve_digits() {
    let mut report: Report = fixture::four_node();
    let cost = report
        .series
        .singles_mut()
        .find(|s| s.id == "cost")
        .unwrap();
    cost.name = "Cost, \"as\r\nprinted\"".into();
    cost.values = vec![
        0.1 + 0.2,
        -0.0,
        f64::NAN,
        1e-7,
        123_456_789.125,
        f64::INFINITY,
    ];
    let rows = read(&csv(&report, "cost").unwrap());
    assert_eq!(
        rows[0],
        [
            "interval",
            "Cost, \"as\r\nprinted\" ($/h)",
            "Optimum ($/h)",
            "over limit"
        ]
    );
    let column: Vec<&str> = rows[1..].iter().map(|r| r[1].as_str()).collect();
    // 0.1 + 0.2 is 0.30000000000000004.
    assert_eq!(column[0], "0.3");
    assert_eq!(column[1..], ["0", "", "0.0000001", "123456789.125", ""]);
    assert!(rows.iter().all(|r| r.len() == 4));
}

#[test]
fn ragged_and_empty_series_make_a_whole_table() {
    let mut report = fixture::four_node();
    let mut singles: Vec<&mut Series> = report.series.singles_mut().collect();
    singles[0].values.clear();
    if let Index::Numbers { at, .. } = &mut singles[13].index {
        at.truncate(2);
    }
    for chart in ["dispatch", "cobweb"] {
        let table = table(&report, chart).unwrap();
        assert!(
            table.rows.iter().all(|r| r.len() == table.columns.len()),
            "{chart}"
        );
    }
    assert!(table(&report, "none").unwrap_err().contains("dispatch"));
}
