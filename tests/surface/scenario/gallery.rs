//! The presets: one file each, and the page's menu in this order.

use serde_json::Value;
use tandem::scenario::gallery::*;

/// The file of a preset alone, without what it extends.
pub fn file(id: &str) -> Value {
    let path = format!(
        "{}/src/scenario/gallery/{id}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn an_unknown_preset_is_told_its_nearest() {
    for (typed, near) in [
        (
            "smartnet-italy",
            "did you mean `smartnet-italy1` or `smartnet-italy2`?",
        ),
        ("Zuo-4node", "did you mean `zuo-4node`"),
        ("triangel", "did you mean `triangle`"),
        ("denmark", "did you mean `smartnet-denmark`?"),
        ("nothing", "`tandem list`"),
        ("", "`tandem list`"),
    ] {
        let said = document(typed).unwrap_err()[0].to_string();
        assert!(said.contains(near), "{said}");
    }
}

/// How well a number can be read off is said beside it: nothing is counted as read that does not say so.
#[test]
fn a_reading_accuracy_stands_in_its_source_or_note() {
    let mut read = 0;
    for id in ids() {
        let preset = file(id);
        let rows = ["published", "also_computed"].map(|list| preset[list].as_array());
        for row in rows.into_iter().flatten().flatten() {
            let Some(reading) = row["reading"].as_f64() else {
                continue;
            };
            let word = |field: &str| row[field].as_str().unwrap_or_default();
            let accuracy = format!(" {reading} {}", word("unit"));
            let said = format!("{}; {}", word("source"), word("note")).replace('\u{a0}', " ");
            assert!(said.contains(&accuracy), "{id}, {}: {said}", word("item"));
            read += 1;
        }
    }
    assert!(read > 0);
}
