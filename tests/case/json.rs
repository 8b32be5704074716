//! The JSON form: there and back, and what is said of a document that does not fit.

use serde_json::{Value, json};
use tandem::case::{self, Case, Problem};

fn document() -> Value {
    serde_json::to_value(case::builtin("zuo-4node").unwrap()).unwrap()
}

fn refused(document: &Value) -> Problem {
    let problems = Case::from_json(&document.to_string()).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems[0].clone()
}

#[test]
fn every_builtin_case_survives_the_way_there_and_back() {
    for id in case::builtin::ids() {
        let case = case::builtin(id).unwrap();
        assert_eq!(Case::from_json(&case.to_json()), Ok(case), "{id}");
    }
}

#[test]
fn text_that_is_no_json_is_placed() {
    let problem = Case::from_json("{\n  \"version\": 1,\n  \"name\" \"x\"\n}").unwrap_err();
    assert_eq!(problem[0].field, "line 3, column 10");
    assert!(problem[0].message.contains("missing comma"), "{problem:?}");
    for text in ["", "[", "null", "{\"version\":1", "\u{0}"] {
        assert_eq!(Case::from_json(text).unwrap_err().len(), 1, "{text:?}");
    }
    let twice = format!("{0}{0}", document());
    let problem = &Case::from_json(&twice).unwrap_err()[0];
    assert!(problem.message.contains("trailing characters"), "{problem}");
}

#[test]
fn a_missing_field_is_named_with_the_id_of_its_item() {
    let mut doc = document();
    doc["branches"][1].as_object_mut().unwrap().remove("x_pu");
    let problem = refused(&doc);
    assert_eq!(problem.field, "case.branches.2-3.x_pu");
    assert!(problem.message.contains("missing. Add it"), "{problem}");
}

/// Fields by place would mean something else with the next field.
#[test]
fn an_array_is_no_structure() {
    let mut doc = document();
    let id = doc["buses"][0]["id"].clone();
    doc["buses"][0] = json!([id, 0.0, 0.0]);
    let problem = refused(&doc);
    assert_eq!(problem.field, "case.buses.0");
    assert!(problem.message.contains("sequence"), "{problem}");
}

#[test]
fn an_unknown_field_is_named_with_the_known_ones() {
    let mut doc = document();
    doc["ders"][0]["max_mw"] = json!(4);
    let problem = refused(&doc);
    assert_eq!(problem.field, "case.ders.D2.max_mw");
    assert!(
        problem.message.contains("known are id, bus, min_p_mw"),
        "{problem}"
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_named() {
    let mut doc = document();
    doc["generators"][0]["offer"][0]["p_mw"] = json!("eight");
    let problem = refused(&doc);
    assert_eq!(problem.field, "case.generators.G1.offer.0.p_mw");
    assert!(problem.message.ends_with("Give a number."), "{problem}");
    doc = document();
    doc["base_mva"] = Value::Null; // what NaN becomes in JSON
    assert_eq!(refused(&doc).field, "case.base_mva");
}

#[test]
fn a_field_given_twice_is_refused() {
    let text = document().to_string().replacen("{", "{\"base_mva\":1,", 1);
    let problem = &Case::from_json(&text).unwrap_err()[0];
    assert!(problem.message.contains("twice"), "{problem}");
}

#[test]
fn a_newer_format_is_said_to_be_newer_whatever_it_holds() {
    let mut doc = document();
    doc["version"] = json!(2);
    assert!(refused(&doc).message.contains("newer Tandem"));
    doc["storage"] = json!([]);
    let problem = refused(&doc);
    assert_eq!(problem.field, "case.version");
    assert!(problem.message.contains("newer Tandem"), "{problem}");
    doc["version"] = json!(99_999_999_999u64);
    assert!(refused(&doc).message.contains("newer Tandem"));
}

#[test]
fn a_case_that_parses_is_validated() {
    let mut doc = document();
    doc["branches"][1]["max_p_mw"] = json!(-10);
    assert_eq!(refused(&doc).field, "case.branches.2-3.max_p_mw");
}

#[test]
fn the_schema_knows_every_list() {
    let schema = case::schema();
    for list in [
        "buses",
        "branches",
        "generators",
        "loads",
        "ders",
        "aggregators",
        "feeders",
    ] {
        assert_eq!(schema["properties"][list]["type"], "array", "{list}");
    }
    assert_eq!(schema["additionalProperties"], false);
}
