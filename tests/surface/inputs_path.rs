//! Fields by path: `case.branches.2-3.max_p_mw`.

use serde_json::Value;
use serde_json::json;
use tandem::inputs::path::*;

const OPEN: [&str; 1] = ["mechanism.df.given"];

fn sample() -> Value {
    json!({"case": {"branches": [{"id": "2-3", "max_p_mw": 10}, {"id": "1", "max_p_mw": null}], "ders": [{"id": "D2", "offer": [{"p_mw": 4}]}]},
           "mechanism": {"df": {"rule": "capacity", "given": {}}, "load_profile": []}})
}

#[test]
fn elements_are_found_by_id_before_index() {
    let value = sample();
    assert_eq!(get(&value, "case.branches.2-3.max_p_mw"), Some(&json!(10)));
    assert_eq!(get(&value, "case.branches.1.max_p_mw"), Some(&Value::Null));
    assert_eq!(get(&value, "case.branches.0.max_p_mw"), None);
    assert_eq!(get(&value, "case.ders.D2.offer.0.p_mw"), Some(&json!(4)));
}

#[test]
fn set_names_what_exists() {
    let mut value = sample();
    set(&mut value, "case.branches.2-3.max_p_mw", "10.5", &OPEN).unwrap();
    assert_eq!(
        get(&value, "case.branches.2-3.max_p_mw"),
        Some(&json!(10.5))
    );
    set(&mut value, "mechanism.df.rule", "latest_se", &OPEN).unwrap();
    set(&mut value, "mechanism.df.rule", "12", &OPEN).unwrap();
    assert_eq!(get(&value, "mechanism.df.rule"), Some(&json!("12")));
    set(&mut value, "mechanism.df.rule", "\"capacity\"", &OPEN).unwrap();
    assert_eq!(get(&value, "mechanism.df.rule"), Some(&json!("capacity")));
    set(&mut value, "mechanism.df.given.D2", "0.4", &OPEN).unwrap();
    let problem = set(&mut value, "case.branches.2-4.max_p_mw", "1", &OPEN).unwrap_err();
    assert!(
        problem.message.contains("2-4") && problem.message.contains("2-3"),
        "{problem}"
    );
    let problem = set(&mut value, "mechanism.fd.rule", "x", &OPEN).unwrap_err();
    assert!(problem.message.contains("df"), "{problem}");
}

#[test]
fn difference_is_what_set_repeats() {
    let from = sample();
    let mut to = sample();
    for (path, text) in [
        ("case.branches.2-3.max_p_mw", "9.5"),
        ("mechanism.df.given.D2", "0.5"),
        ("mechanism.load_profile", "[1,1.1]"),
        ("case.ders.D2.offer.0.p_mw", "3"),
    ] {
        set(&mut to, path, text, &OPEN).unwrap();
    }
    let changes = difference(&from, &to, &OPEN).unwrap();
    assert_eq!(changes.len(), 4);
    let mut again = from.clone();
    for (path, value) in changes {
        set_value(&mut again, &path, value, &OPEN).unwrap();
    }
    assert_eq!(again, to);
    to["case"]["branches"].as_array_mut().unwrap().pop();
    assert!(difference(&from, &to, &OPEN).is_none());
}
