//! One description per input: what it says stands in the form, in the checks, in the schema and in the docs.

use tandem::inputs::Kind;
use tandem::scenario::gallery;
use tandem::schema;
use tandem::session::Session;

#[test]
fn the_table_of_inputs_is_up_to_date() {
    let path = "docs/INPUTS.md";
    let made = schema::table();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let stands = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stands == made,
        "{path} is stale: run this test with UPDATE=1"
    );
}

#[test]
fn the_schema_has_the_ranges_of_the_inputs() {
    let schema = schema::schema().to_value();
    let choices = schema["$defs"]["Mechanism"]["oneOf"].as_array().unwrap();
    let own = |choice: &&serde_json::Value| choice["properties"]["kind"]["const"] == "community";
    let wear = &choices.iter().find(own).unwrap()["properties"]["wear_usd_per_kwh"];
    assert_eq!(
        (wear["minimum"].as_f64(), wear["maximum"].as_f64()),
        (Some(0.0), Some(10.0))
    );
    assert_eq!(wear["unit"], "$/kWh");
}

/// Whatever the form offers is accepted, and what is beyond the range is refused by its field.
#[test]
fn what_the_form_offers_is_allowed_and_no_more() {
    let mut tried = 0;
    for id in gallery::ids().filter(|id| !id.starts_with("smartnet")) {
        let session = Session::preset(id).unwrap();
        for field in session.all_inputs().iter().flat_map(|s| &s.fields) {
            let Some((least, greatest)) = field.allowed.filter(|_| field.kind == Kind::Number)
            else {
                continue;
            };
            assert!(
                field.min.is_none_or(|min| min >= least),
                "{id}: {}",
                field.path
            );
            assert!(
                field.max.is_none_or(|max| max <= greatest),
                "{id}: {}",
                field.path
            );
            if !field.path.starts_with("mechanism.")
                || !greatest.is_finite()
                || field.value.is_null()
            {
                continue;
            }
            let beyond = (greatest.abs() + 1.0) * 2.0;
            let problems = session
                .document()
                .with(&field.path, &beyond.to_string())
                .expect_err(&field.path);
            assert!(
                problems.iter().any(|p| p.field.starts_with("mechanism")),
                "{id}: {problems:?}"
            );
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
}

/// One after the other the first of these would be refused: its minimum is above its maximum.
#[test]
fn several_fields_change_as_one() {
    let document = gallery::document("zuo-4node").unwrap();
    let most = document.case.generators[0].max_p_mw;
    let id = &document.case.generators[0].id;
    let field = |name: &str| format!("case.generators.{id}.{name}");
    let change = |name: &str, value: f64| (field(name), value.to_string());
    let low = change("min_p_mw", most + 1.0);
    assert!(document.with(&low.0, &low.1).is_err());
    let both = [
        low,
        change("max_p_mw", most + 2.0),
        ("view.step".into(), "2".into()),
    ];
    let changed = document.with_each(&both).unwrap();
    let unit = &changed.case.generators[0];
    assert_eq!((unit.min_p_mw, unit.max_p_mw), (most + 1.0, most + 2.0));
    assert_eq!(changed.view.step, Some(2));
    let unknown = [change("no_such_field", 1.0)];
    assert!(document.with_each(&unknown).is_err());
}
