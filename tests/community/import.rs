//! A user's own CSV files: interval lengths, offsets, gaps, and what is refused with its line.

use tandem::case::Problem;
use tandem::case::series::{Reading, UserSeries, offset, read};
use tandem::run;
use tandem::scenario::{gallery, import_series};

fn reading(minutes: f64) -> Reading {
    Reading {
        minutes,
        ..Reading::default()
    }
}

fn fine(text: &str, minutes: f64) -> UserSeries {
    read(text, &reading(minutes)).unwrap()
}

fn refused(text: &str) -> Vec<Problem> {
    read(text, &reading(5.0)).unwrap_err()
}

#[test]
fn any_interval_length_becomes_the_one_wanted() {
    let text = "time,load_kw,price_usd_per_mwh\n2022-11-14T00:00,100,80\n2022-11-14T00:15,200,100\n2022-11-14T00:30,300,120\n2022-11-14T00:45,400,140\n";
    let quarter = fine(text, 15.0);
    assert_eq!(quarter.load_kw, [100.0, 200.0, 300.0, 400.0]);
    assert_eq!(quarter.price_usd_per_kwh, [0.08, 0.1, 0.12, 0.14]);
    assert!(quarter.pv_kw.is_empty() && quarter.notes.is_empty());
    assert_eq!(
        (quarter.file_minutes, quarter.start.as_str()),
        (15.0, "2022-11-14T00:00+00:00")
    );
    assert_eq!(fine(text, 5.0).load_kw.len(), 12);
    assert_eq!(fine(text, 5.0).load_kw[3..6], [200.0; 3]);
    assert_eq!(fine(text, 60.0).load_kw, [250.0]);
    // 10 minutes: the second is half of the first line and half of the next.
    assert_eq!(fine(text, 10.0).load_kw[1], 150.0);
    // Energy is kept whatever the length.
    for minutes in [1.0, 5.0, 10.0, 20.0, 30.0] {
        let sum: f64 = fine(text, minutes).load_kw.iter().sum::<f64>() * minutes / 60.0;
        assert!((sum - 250.0).abs() < 1e-6, "{minutes}");
    }
    // Energies per line.
    let text = "time;load_kwh;pv_w\n2022-11-14 00:00;1,5;2500\n2022-11-14 00:30;2,5;0\n";
    let read = fine(text, 30.0);
    assert_eq!((read.load_kw, read.pv_kw), (vec![3.0, 5.0], vec![2.5, 0.0]));
}

#[test]
fn offsets_are_read_and_written() {
    for (text, minutes) in [("Z", 0), ("+01:00", 60), ("-0830", -510), ("+2", 120)] {
        assert_eq!(offset(text), Some(minutes));
    }
    assert!(
        ["", "1", "+25:00", "+1:2:3", "CET"]
            .iter()
            .all(|t| offset(t).is_none())
    );
    // The hour that comes twice, told apart by its offset; 29 February of a leap year.
    let text = "time,load_kw\n2022-10-30T02:30+02:00,1\n2022-10-30T02:30+01:00,2\n2022-10-30T03:30:00+01:00,3\n";
    let read = fine(text, 60.0);
    assert_eq!(
        (read.load_kw, read.start.as_str()),
        (vec![1.0, 2.0, 3.0], "2022-10-30T02:30+02:00")
    );
    let text = "time,load_kw\n2024-02-28T23:00,1\n2024-02-29T00:00,2\n2024-02-29T23:00,2\n2024-03-01T00:00,3\n";
    let gap = refused(text);
    assert!(
        gap[0].field == "line 4" && gap[0].message.contains("22 lines are missing"),
        "{gap:?}"
    );
    let west = Reading {
        offset_minutes: -480,
        ..reading(60.0)
    };
    let text = "time,load_kw\n1999-12-31 23:00,1\n2000-01-01 00:00,2\n";
    assert_eq!(
        tandem::case::series::read(text, &west).unwrap().start,
        "1999-12-31T23:00-08:00"
    );
}

#[test]
fn gaps_are_filled_and_said_with_their_lines() {
    let text = "time,load_kw,pv_kw\n2022-11-14T00:00,100,0\n2022-11-14T00:05,,0\n2022-11-14T00:10,300,0\n2022-11-14T00:25,600,NaN\n2022-11-14T00:30,600,3\n";
    let read = fine(text, 5.0);
    assert_eq!(
        read.load_kw,
        [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 600.0]
    );
    let fields: Vec<&str> = read.notes.iter().map(|n| n.field.as_str()).collect();
    assert_eq!(fields, ["line 5", "line 3, load_kw", "line 5, pv_kw"]);
    assert!(read.notes[0].message.starts_with("2 lines are missing"));
    let mut long = String::from("time,load_kw\n");
    for hour in 0..12 {
        let value = if (3..8).contains(&hour) { "" } else { "5" };
        long += &format!("2022-11-14T{hour:02}:00,{value}\n");
    }
    assert!(
        refused(&long)[0].field.starts_with("line 5, load_kw"),
        "{:?}",
        refused(&long)
    );
}

/// A text, the place of a problem, and what its message holds.
const REFUSED: [(&str, &str, &str); 20] = [
    ("", "line 1, time", "no column `time`"),
    ("time,load\n", "line 1, load", "Known are time"),
    ("time\n2022-11-14T00:00\n", "line 1, load_kw", "no values"),
    ("time,load_kw,load_mw\n", "line 1, load_mw", "already"),
    (
        "time,load_kw\n2022-11-14T00:00,1\n",
        "line 2",
        "at least two",
    ),
    (
        "time,load_kw\n2022-11-14T00:00,1\n14.11.2022 00:05,2\n",
        "line 3, time",
        "no time",
    ),
    (
        "time,load_kw\n2022-11-31T00:00,1\n2022-12-01T00:05,2\n",
        "line 2, time",
        "no time",
    ),
    (
        "time,load_kw\n2022-11-14T00:00,1\n2022-11-14T00:05,2x\n",
        "line 3, load_kw",
        "no number",
    ),
    (
        "time,load_kw\n2022-11-14T00:00,1\n2022-11-14T00:05,inf\n",
        "line 3, load_kw",
        "no number",
    ),
    (
        "time,load_kw\n2022-11-14T02:00,1\n2022-11-14T01:05,2\n",
        "line 3, time",
        "clocks change",
    ),
    (
        "time,load_kw\n2022-11-14T02:00,1\n2022-11-13T01:05,2\n",
        "line 3, time",
        "Sort",
    ),
    (
        "time,load_kw\n2022-11-14T02:00,1\n2022-11-14T02:00,2\n",
        "line 3, time",
        "again",
    ),
    (
        "time,load_kw\n2022-11-14T02:00,1\n2022-11-14T02:05,2\n2022-11-14T02:10,2\n2022-11-14T02:17,2\n",
        "line 5",
        "one grid",
    ),
    (
        "time,load_kw\n2022-11-14T02:00,\n2022-11-14T02:05,\n",
        "line 2, load_kw",
        "whole column",
    ),
    // Public reports: the hour that clocks skip, 24:30, thousands among decimal commas, the newest
    // line first, a line a second late, cells beyond the header.
    (
        "time,load_kw\n2022-03-13T01:00,1\n2022-03-13T01:30,1\n2022-03-13T03:00,1\n2022-03-13T03:30,1\n",
        "line 4",
        "put forward",
    ),
    (
        "time,load_kw\n2022-11-14T23:30,1\n2022-11-14T24:00,2\n2022-11-14T24:30,3\n",
        "line 4, time",
        "no time",
    ),
    (
        "time;load_kw\n2022-11-14T00:00;1.250\n2022-11-14T00:05;980,5\n",
        "line 2, load_kw",
        "decimal comma",
    ),
    (
        "time,load_kw\n2022-11-14T00:10,3\n2022-11-14T00:05,2\n2022-11-14T00:00,1\n",
        "time",
        "newest line comes first",
    ),
    (
        "time,load_kw\n2022-11-14T00:00:00,3\n2022-11-14T00:05:00,3\n2022-11-14T00:10:01,2\n2022-11-14T00:15:00,2\n",
        "line 4",
        "5 min 1 s after the one before, others 5 min",
    ),
    (
        "time,load_kw\n2022-11-14T00:00,3,7\n2022-11-14T00:05,3\n",
        "line 2, columns",
        "beyond the columns",
    ),
];

#[test]
fn what_does_not_read_is_named_by_line_and_column() {
    for (text, field, says) in REFUSED {
        let problems = refused(text);
        assert!(
            problems
                .iter()
                .any(|p| p.field == field && p.message.contains(says)),
            "{text}: {problems:?}"
        );
    }
}

#[test]
fn an_hour_that_is_missing_on_another_day_or_at_a_stated_offset_is_a_gap() {
    let gap = "time,load_kw\n2022-03-14T01:00,1\n2022-03-14T01:30,1\n2022-03-14T03:00,1\n";
    assert_eq!(read(gap, &Reading::default()).unwrap().notes.len(), 1);
    let stated = gap
        .replace("-14T", "-13T")
        .replace(":00,", ":00Z,")
        .replace(":30,", ":30Z,");
    assert_eq!(read(&stated, &Reading::default()).unwrap().notes.len(), 1);
}

#[test]
fn a_file_of_nothing_but_mistakes_is_told_in_short() {
    let wrong: String = (0..500).map(|_| "x,y\n").collect();
    assert_eq!(refused(&format!("time,load_kw\n{wrong}")).len(), 21);
}

#[test]
fn noise_is_refused_or_read() {
    let mut rng = fastrand::Rng::with_seed(3);
    for _ in 0..300 {
        let pool = b"time,load_kw\n2-:T+;\"Z,.0159\t\xc3\xa4";
        let bytes: Vec<u8> = (0..rng.usize(..120))
            .map(|_| pool[rng.usize(..pool.len())])
            .collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = read(&format!("time,load_kw\n{text}"), &reading(5.0));
    }
}

#[test]
fn a_file_becomes_a_scenario_that_runs() {
    let week = gallery::document("theisen-week").unwrap();
    let mut text = String::from("time,load_kw,pv_kw,price_c_per_kwh\n");
    for hour in 0..24 {
        let price = if hour == 18 { 25 } else { 8 };
        text += &format!(
            "2023-06-01T{hour:02}:00,{},{},{price}\n",
            200 + hour,
            if hour == 12 { -1 } else { 10 }
        );
    }
    let (scenario, import) = import_series(&week, &text, "D2", "-08:00").unwrap();
    let all = scenario.case.communities.as_ref().unwrap();
    assert_eq!(
        (all.intervals(), all.start.as_str()),
        (288, "2023-06-01T00:00-08:00")
    );
    assert_eq!(all.members[1].load_kw[12..14], [201.0, 201.0]);
    assert_eq!(all.members[1].pv_kw[144], 0.0);
    assert_eq!(all.lse_usd_per_kwh[18 * 12], 0.25);
    assert!(import.left_out[0].contains("cut from 1440"), "{import:?}");
    assert!(import.changed.iter().any(|s| s.contains("below zero")));
    // 24 hours of 200 … 223 kW: 24 · 211.5 kWh.
    let load = "Load of D2: 288 intervals from 2023-06-01T00:00-08:00, 5076.0 kWh.";
    assert_eq!(import.kept[0], load);
    // At the offset asked for nothing is assumed of the times; the case keeps the report.
    assert_eq!(import.assumed, Vec::<String>::new());
    assert_eq!(scenario.case.import, Some(import));
    let report = run::run(&scenario).unwrap();
    let saved = report
        .quantity("saving:transactive")
        .unwrap()
        .value
        .unwrap();
    assert!(saved.is_finite());
    let unknown = import_series(&week, &text, "D9", "").unwrap_err();
    assert!(unknown[0].message.contains("D1, D2, D3"));
    assert_eq!(
        import_series(&week, &text, "", "CET").unwrap_err()[0].field,
        "offset"
    );
    let other = gallery::document("zuo-4node").unwrap();
    assert_eq!(
        import_series(&other, &text, "", "").unwrap_err()[0].field,
        "case.communities"
    );
}

/// As spreadsheets and meters write it: a line that names the separator, a separator at the end of
/// every line, hours of one digit, 24:00, points between semicolons.
#[test]
fn files_of_spreadsheets_are_read() {
    for (text, load, assumed) in [
        (
            "sep=;\ntime;load_kw\n2022-11-14T00:00;1,5\n2022-11-14T00:05;2,5\n",
            [1.5, 2.5],
            1,
        ),
        (
            "time;load_kw;\n2022-11-14T00:00;1,5;\n2022-11-14T00:05;2,5;\n",
            [1.5, 2.5],
            1,
        ),
        (
            "\n\ntime;load_kw\n2022-11-14 9:00;1.5\n2022-11-14 9:05;2.5\n",
            [1.5, 2.5],
            2,
        ),
        (
            "time,load_kw\n2022-11-14T23:55Z,1\n2022-11-14T24:00Z,2\n",
            [1.0, 2.0],
            0,
        ),
    ] {
        let read = read(text, &Reading::default()).unwrap_or_else(|p| panic!("{p:?}"));
        assert_eq!(read.load_kw, load, "{text}");
        assert_eq!(read.assumed.len(), assumed, "{:?}", read.assumed);
    }
}
