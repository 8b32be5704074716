//! The JSON schema of a document and the table of inputs, with what the descriptions of the inputs say:
//! labels, units and ranges stand in one place. Also the schema of everything that the page gets.

use schemars::Schema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use crate::case::{Import, Problem};
use crate::chart::{self, Drawing};
use crate::inputs::{Field, Section};
use crate::market::Pieces;
use crate::report::{Explained, Probe, Report};
use crate::scenario::gallery::Entry;
use crate::scenario::link::Link;
#[cfg(feature = "files")]
use crate::scenario::look::Way;
use crate::scenario::{Document, gallery};
use crate::session::Session;
use crate::sweep;

/// Presets that between them have every input of a mechanism.
fn examples(kind: &str) -> impl Iterator<Item = Document> + '_ {
    let small = gallery::ids().filter(|id| !id.starts_with("smartnet"));
    let documents = small.filter_map(|id| gallery::document(id).ok());
    documents.filter(move |document| document.mechanism.kind() == kind)
}

/// The inputs of a mechanism that every case of it has, each once, in the order of the form.
fn inputs(kind: &str) -> Vec<Field> {
    let mut list: Vec<Field> = Vec::new();
    for document in examples(kind) {
        let sections = Session::new(document).all_inputs();
        for field in sections.iter().flat_map(|section| &section.fields) {
            let own = field.path.starts_with("mechanism.") || field.path.starts_with("view.");
            if own && !list.iter().any(|known| known.path == field.path) {
                list.push(field.clone());
            }
        }
    }
    list
}

/// The JSON schema of a document.
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(Document).to_value();
    for kind in crate::market::KINDS {
        let Some(root) = inputs_of(&schema, kind) else {
            continue;
        };
        for field in inputs(kind) {
            if let Some(path) = field.path.strip_prefix("mechanism.") {
                describe(&mut schema, &root, path, &field);
            }
        }
    }
    Schema::try_from(schema).unwrap_or_default()
}

/// The JSON schema of a report as `tandem run --json` and exports write it.
pub fn report() -> Value {
    let settings = SchemaSettings::default().for_serialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<Report>()
        .to_value();
    absent_or_there(&mut schema);
    schema
}

/// The JSON schema of what crosses to the page, with what it sends to have a chart drawn: every type under
/// its name in `$defs`.
pub fn page() -> Value {
    let mut written = SchemaSettings::default().for_serialize().into_generator();
    let out = &mut written;
    for add in [
        root::<Document>,
        root::<Report>,
        root::<Section>,
        root::<Drawing>,
        root::<Probe>,
        root::<Explained>,
        root::<Import>,
        root::<Entry>,
        root::<Link>,
        #[cfg(feature = "files")]
        root::<Way>,
        root::<Pieces>,
        root::<Problem>,
        root::<sweep::Point>,
        root::<sweep::Swept>,
        root::<sweep::Ask>,
    ] {
        add(out);
    }
    let mut types = written.take_definitions(true);
    types.values_mut().for_each(absent_or_there);
    // `wasm::Sheet::report` puts arrays of the browser in place of the values; what is missing is NaN in them.
    if let Some(values) = types
        .get_mut("Series")
        .and_then(|series| series.pointer_mut("/properties/values"))
    {
        *values = json!({ "description": "Missing values are NaN.", "tsType": "Float64Array" });
    }
    let mut read = SchemaSettings::default().for_deserialize().into_generator();
    root::<chart::View>(&mut read);
    types.extend(read.take_definitions(true));
    json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": types })
}

/// Puts a type and those that it is made of among the definitions.
fn root<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

/// What may be left out is left out where it is empty, so it is never null.
fn absent_or_there(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(absent_or_there),
        Value::Object(object) => {
            let required = object.get("required").cloned().unwrap_or_default();
            let is_required = |name: &str| {
                let names = required.as_array();
                names.is_some_and(|names| names.iter().any(|n| n == name))
            };
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                let optional = properties.iter_mut().filter(|(name, _)| !is_required(name));
                optional
                    .filter_map(|(_, property)| property.as_object_mut())
                    .for_each(without_null);
            }
            object.values_mut().for_each(absent_or_there);
        }
        _ => {}
    }
}

fn without_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
    }
}

/// Where the inputs of a mechanism stand in the schema.
fn inputs_of(schema: &Value, kind: &str) -> Option<String> {
    let choices = schema.pointer("/$defs/Mechanism/oneOf")?.as_array()?;
    let of = |choice: &Value| {
        let constant = choice.pointer("/properties/kind/const")?;
        Some(constant.as_str()? == kind)
    };
    let at = choices.iter().position(|choice| of(choice) == Some(true))?;
    Some(format!("/$defs/Mechanism/oneOf/{at}"))
}

/// The definition that a schema refers to.
fn reference(schema: &Value) -> Option<String> {
    let direct = schema.get("$ref").and_then(Value::as_str);
    let any = || {
        let choices = schema.get("anyOf")?.as_array()?;
        choices.iter().find_map(|s| s.get("$ref")?.as_str())
    };
    Some(direct.or_else(any)?.trim_start_matches('#').to_string())
}

/// Writes label, unit and range of a field where it stands below `root`.
fn describe(schema: &mut Value, root: &str, path: &str, field: &Field) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(property) = schema.pointer_mut(&format!("{root}/properties/{first}")) else {
        return;
    };
    if !rest.is_empty() {
        if let Some(below) = reference(property) {
            describe(schema, &below, rest, field);
        }
        return;
    }
    property["title"] = json!(field.label);
    if !field.unit.is_empty() {
        property["unit"] = json!(field.unit);
    }
    if let Some((least, greatest)) = field.allowed {
        for (key, end) in [("minimum", least), ("maximum", greatest)] {
            if end.is_finite() {
                property[key] = json!(end);
            }
        }
    }
}

/// The table of inputs of every mechanism, in Markdown.
pub fn table() -> String {
    let mut text = String::from(
        "# Inputs\n\nMade from the descriptions that the form, the checks and the JSON schema are made from (`src/market/*/inputs.rs`);\na test compares. Inputs of the case are described in `src/case`.\n",
    );
    for kind in crate::market::KINDS {
        text += &format!(
            "\n## {kind}\n\n| path | label | unit | allowed | what it does |\n|---|---|---|---|---|\n"
        );
        for field in inputs(kind) {
            let choices: Vec<String> = field.options.iter().map(|o| o.value.to_string()).collect();
            let allowed = match field.allowed {
                _ if !choices.is_empty() && !choices_are_ids(&field) => choices.join(", "),
                _ if !choices.is_empty() => "an id of the case".into(),
                Some((least, greatest)) if greatest.is_finite() => format!("{least} to {greatest}"),
                Some((least, _)) if least.is_finite() => format!("{least} or more"),
                _ => String::new(),
            };
            let optional = if field.optional { ", or empty" } else { "" };
            text += &format!(
                "| `{}` | {} | {} | {allowed}{optional} | {} |\n",
                field.path, field.label, field.unit, field.help
            );
        }
    }
    text
}

/// Whether the options of a choice are names of a case.
fn choices_are_ids(field: &Field) -> bool {
    field.options.iter().all(|o| o.value == o.label.as_str())
}
