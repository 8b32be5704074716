//! A change is read, checked and told in its own place alone: what comes of it is what the whole document says.

use serde_json::Value;
use tandem::case::Problem;
use tandem::inputs::Section;
use tandem::report::Report;
use tandem::scenario::{Document, gallery, set};
use tandem::session::Session;

type Change = (String, String);

/// The changed document, read as a whole.
fn whole(document: &Document, changes: &[Change]) -> Result<Document, Vec<Problem>> {
    let mut value = document.to_value();
    for (field, text) in changes {
        set(&mut value, field, text).map_err(|p| vec![p])?;
    }
    Document::from_value(value)
}

fn said(read: Result<Document, Vec<Problem>>) -> Result<Document, String> {
    read.map_err(|problems| format!("{problems:?}"))
}

#[test]
fn a_change_of_one_thing_is_that_of_the_whole_document() {
    let texts = [
        "17.5", "0", "-0.0", "-3", "1e9", "null", "", "true", "\"4\"", "word", "[1]", "{}",
        "\u{200b}", "NaN",
    ];
    let (mut read, mut refused) = (0, 0);
    for id in ["zuo-4node", "zuo-30bus-optimal", "triangle"] {
        let document = gallery::document(id).unwrap();
        let case = document.to_value()["case"].clone();
        for list in ["generators", "ders", "loads", "branches", "buses"] {
            let items = case[list].as_array().map_or(&[][..], Vec::as_slice);
            for item in items.iter().take(2) {
                let root = format!("case.{list}.{}", item["id"].as_str().unwrap());
                let own = item.as_object().unwrap().keys().map(String::as_str);
                let more = [
                    "tap",
                    "ramp_mw_per_min",
                    "offer.0.end_usd_per_mwh",
                    "none",
                    "offer.7",
                ];
                for field in own.chain(more) {
                    for text in texts {
                        let changes = [(format!("{root}.{field}"), text.to_string())];
                        let ours = said(document.with_each(&changes));
                        match ours {
                            Ok(_) => read += 1,
                            Err(_) => refused += 1,
                        }
                        assert_eq!(ours, said(whole(&document, &changes)), "{id}: {changes:?}");
                    }
                }
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read} {refused}");
}

#[test]
fn several_changes_are_those_of_the_whole_document() {
    let document = gallery::document("zuo-30bus-optimal").unwrap();
    let change = |field: &str, text: &str| (field.to_string(), text.to_string());
    for changes in [
        vec![
            change("case.loads.L2.p_mw", "30"),
            change("case.loads.L3.p_mw", "3"),
            change("case.loads.L2.p_mw", "31"),
        ],
        vec![
            change("case.loads.L2.p_mw", "30"),
            change("mechanism.intervals", "2"),
        ],
        vec![
            change("case.loads.L2.p_mw", "30"),
            change("case.loads.none.p_mw", "3"),
        ],
        vec![
            change("case.loads.L2.id", "L3"),
            change("case.loads.L3.p_mw", "3"),
        ],
        vec![
            change("case.loads.L2.id", "LX"),
            change("case.loads.LX.p_mw", "3"),
        ],
    ] {
        let ours = said(document.with_each(&changes));
        assert_eq!(ours, said(whole(&document, &changes)), "{changes:?}");
    }
}

fn written(session: &mut Session) -> Value {
    session.solve().unwrap();
    serde_json::to_value(session.report().unwrap()).unwrap()
}

/// The network and the checks are taken over where they hold; the answer is to the last digit that of a session that
/// knows nothing.
#[test]
fn after_changes_a_session_says_what_a_new_one_says() {
    for id in ["zuo-30bus-optimal", "zuo-4node"] {
        let mut session = Session::preset(id).unwrap();
        session.solve().unwrap();
        let (load, line) = match id {
            "zuo-4node" => ("L4", "2-3"),
            _ => ("L7", "2-4"),
        };
        let (load, line) = (
            format!("case.loads.{load}"),
            format!("case.branches.{line}"),
        );
        for (field, text) in [
            (format!("{load}.p_mw"), "24.5"),
            (format!("{line}.max_p_mw"), "11"),
            (format!("{line}.x_pu"), "0.31"),
            (format!("{load}.p_mw"), "23"),
            (format!("{line}.tap"), "1.05"),
            (format!("{line}.max_p_mw"), "null"),
            (format!("{line}.shift_deg"), "2"),
            ("case.generators.G1.offer.0.usd_per_mwh".into(), "44"),
            ("case.base_mva".into(), "50"),
            (format!("{line}.x_pu"), "0.2"),
        ] {
            let before = written(&mut session);
            session.set(&field, text).unwrap();
            let now = written(&mut session);
            let mut fresh = Session::new(session.document().clone());
            assert_eq!(now, written(&mut fresh), "{id}: {field} = {text}");
            if field.ends_with("x_pu") {
                assert_ne!(now["series"], before["series"], "{id}: {field} = {text}");
            }
        }
    }
}

/// What is wrong with a question that was checked when it was changed is said with its answer.
#[test]
fn warnings_of_a_change_stand_in_the_report() {
    let mut session = Session::preset("zuo-30bus-optimal").unwrap();
    session.set("case.buses.2.x", "3").unwrap();
    session.set("case.buses.2.y", "null").unwrap();
    session.solve().unwrap();
    let told = |report: Report| {
        let texts = report.messages.into_iter().map(|m| m.text);
        texts
            .filter(|text| text.contains("one coordinate of two"))
            .count()
    };
    assert_eq!(told(session.report().unwrap()), 1);
    session.set("case.loads.L2.p_mw", "20").unwrap();
    session.solve().unwrap();
    assert_eq!(told(session.report().unwrap()), 1);
}

/// The rows of a form by sections, as JSON.
fn rows(form: &[Section]) -> Vec<(String, Vec<Value>)> {
    let of = |section: &Section| {
        let rows = section.table.iter().flat_map(|table| &table.rows);
        let rows = rows.map(|row| serde_json::to_value(row).unwrap());
        (section.title.clone(), rows.collect())
    };
    form.iter().map(of).collect()
}

#[test]
fn a_form_since_another_has_the_rows_that_are_others() {
    let mut session = Session::preset("zuo-30bus-optimal").unwrap();
    for (field, text) in [
        ("case.loads.L7.p_mw", "24.5"),
        ("case.branches.2-4.x_pu", "0.3"),
        ("case.generators.G2.max_p_mw", "70"),
        ("case.loads.L7.id", "L07"),
    ] {
        let (before, mut known) = (session.document().clone(), rows(&session.form()));
        session.set(field, text).unwrap();
        let since = session.form_since(&before).unwrap();
        let mut told = 0;
        for (section, (_, known)) in since.iter().zip(&mut known) {
            let Some(table) = &section.table else {
                continue;
            };
            let places = table.places.as_ref().unwrap();
            for (row, place) in table.rows.iter().zip(places) {
                known[*place] = serde_json::to_value(row).unwrap();
                told += 1;
            }
        }
        assert_eq!(known, rows(&session.form()), "{field} = {text}");
        assert_eq!(told, 1, "{field} = {text}");
    }
    let before = session.document().clone();
    session.set("mechanism.intervals", "2").unwrap();
    assert!(session.form_since(&before).is_none());
    let elsewhere = gallery::document("triangle").unwrap();
    assert!(session.form_since(&elsewhere).is_none());
}

/// Series that stand in tables are found by their ids, and written one by one.
#[test]
fn series_are_the_same_one_by_one_and_in_tables() {
    for id in ["zuo-30bus", "wang-uncongested", "khojasteh-k33"] {
        let mut session = Session::preset(id).unwrap();
        session.solve().unwrap();
        let report = session.report().unwrap();
        let read: Report = serde_json::from_value(serde_json::to_value(&report).unwrap()).unwrap();
        assert_eq!(report.series.len(), read.series.len(), "{id}");
        assert_eq!(report.series.iter().count(), read.series.len(), "{id}");
        for (ours, theirs) in report.series.iter().zip(&read.series) {
            assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{id}");
            let found = report.series(&ours.id).unwrap();
            assert_eq!(format!("{found:?}"), format!("{ours:?}"), "{id}");
        }
        assert!(report.series("lmp:no such bus").is_none(), "{id}");
    }
}
