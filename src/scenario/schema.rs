//! The JSON schema of a document and the table of inputs, with what the descriptions of the inputs say:
//! labels, units and ranges stand in one place.

use schemars::Schema;
use serde_json::{Map, Value, json};

use super::{Document, gallery};
use crate::inputs::Field;
use crate::session::Session;

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
    let mut schema = schemars::schema_for!(Document);
    let defs = schema.get("$defs").cloned().unwrap_or(Value::Null);
    let Some(Value::Object(open)) = schema.get_mut("$defs") else {
        return schema;
    };
    for kind in crate::market::KINDS {
        let Some(name) = definition(&defs, kind) else {
            continue;
        };
        for field in inputs(kind) {
            if let Some(path) = field.path.strip_prefix("mechanism.") {
                describe(open, &name, path, &field);
            }
        }
    }
    schema
}

/// Name of the definition of a mechanism's inputs.
fn definition(defs: &Value, kind: &str) -> Option<String> {
    let choices = defs.get("Mechanism")?.get("oneOf")?.as_array()?;
    let own = choices.iter().find(|choice| {
        let constant = choice.pointer("/properties/kind/const");
        constant.and_then(Value::as_str) == Some(kind)
    })?;
    reference(own)
}

/// The definition that a schema refers to.
fn reference(schema: &Value) -> Option<String> {
    let direct = schema.get("$ref").and_then(Value::as_str);
    let any = || {
        schema
            .get("anyOf")?
            .as_array()?
            .iter()
            .find_map(|s| s.get("$ref")?.as_str())
    };
    let name = direct.or_else(any)?.strip_prefix("#/$defs/")?;
    Some(name.to_string())
}

/// Writes label, unit and range of a field into the definition it stands in.
fn describe(defs: &mut Map<String, Value>, name: &str, path: &str, field: &Field) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let property = defs
        .get_mut(name)
        .and_then(|d| d.get_mut("properties")?.get_mut(first));
    let Some(property) = property else { return };
    if !rest.is_empty() {
        if let Some(below) = reference(property) {
            describe(defs, &below, rest, field);
        }
        return;
    }
    let Value::Object(property) = property else {
        return;
    };
    property.insert("title".into(), json!(field.label));
    if !field.unit.is_empty() {
        property.insert("unit".into(), json!(field.unit));
    }
    if let Some((least, greatest)) = field.allowed {
        for (key, end) in [("minimum", least), ("maximum", greatest)] {
            if end.is_finite() {
                property.insert(key.into(), json!(end));
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
