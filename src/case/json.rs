//! The JSON form of a case, and its schema.

use super::reading::{self, Step};
use super::strict::Strict;
use super::text::nearest;
use super::{Case, Problem, check};
use serde::de::DeserializeOwned;
use serde_json::Value;

impl Case {
    /// Reads a case from JSON and checks it.
    ///
    /// # Errors
    /// Everything that is wrong: where the text is no JSON its line and column; where it is no case
    /// the path of the first field that does not fit; else what [`Case::validate`] finds.
    ///
    /// ```
    /// use tandem::case::{Case, builtin::builtin};
    ///
    /// let case = builtin("zuo-4node").unwrap();
    /// assert_eq!(Case::from_json(&case.to_json()).unwrap(), case);
    /// let problems = Case::from_json(r#"{"base_mva": 100, "busses": []}"#).unwrap_err();
    /// assert_eq!(problems[0].field, "case.busses");
    /// ```
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
        let document = parse(text).map_err(|problem| vec![problem])?;
        let case = Self::from_value(document).map_err(|problem| vec![problem])?;
        case.checked().map_err(|invalid| invalid.0)
    }

    /// Reads a case from a JSON value; says nothing of whether it makes sense.
    ///
    /// # Errors
    /// The first field that does not fit.
    pub fn from_value(document: Value) -> Result<Self, Problem> {
        // A newer format may well hold what this program does not know: say so first.
        let version = document.get("version").and_then(Value::as_u64);
        let newer =
            version.and_then(|v| check::version_problem(u32::try_from(v).unwrap_or(u32::MAX)));
        match newer {
            Some(problem) => Err(problem),
            None => typed(document, "case"),
        }
    }

    /// The case as indented JSON, in the format version it states.
    pub fn to_json(&self) -> String {
        // A case holds nothing that JSON cannot: no maps with odd keys, and NaN becomes null.
        let value = serde_json::to_value(self).unwrap_or(Value::Null);
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }
}

/// JSON Schema of a case.
#[cfg(not(target_arch = "wasm32"))]
pub fn schema() -> Value {
    schemars::schema_for!(Case).to_value()
}

/// JSON text as a value.
///
/// # Errors
/// Line and column of what is no JSON.
pub fn parse(text: &str) -> Result<Value, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    if ["//", "/*"]
        .iter()
        .any(|comment| text.trim_start().starts_with(comment))
    {
        return Err(Problem::error(
            "line 1",
            "JSON has no comments. Remove what begins with // or /*.",
        ));
    }
    let document: Result<Strict, _> = serde_json::from_str(text);
    document.map(|d| d.0).map_err(|error| syntax(&error))
}

/// A value as a type; `root` is where it lies in the document.
///
/// # Errors
/// The first field that does not fit, by ids instead of indices where the document has them.
pub fn typed<T: DeserializeOwned>(document: Value, root: &str) -> Result<T, Problem> {
    // Reading from a shared copy keeps the document for naming what did not fit.
    reading::read(&document).map_err(|(way, error)| {
        let path = path_by_id(&document, root, &way);
        let (field, message) = field_and_remedy(&path, &error);
        Problem::error(field, message)
    })
}

/// Text that is no JSON, or names a field twice.
fn syntax(error: &serde_json::Error) -> Problem {
    if error.is_data() {
        return Problem::error(
            format!("line {}, column {}", error.line(), error.column()),
            format!(
                "The document holds a field twice: {}. Remove one.",
                without_place(error)
            ),
        );
    }
    Problem::error(
        format!("line {}, column {}", error.line(), error.column()),
        format!(
            "This is not JSON: {}. Look for a missing comma, quote or bracket just before.",
            without_place(error)
        ),
    )
}

/// `case.branches.2-3.x_pu` from the way to a value.
fn path_by_id(document: &Value, root: &str, way: &[Step]) -> String {
    let mut out = root.to_string();
    let mut here = Some(document);
    for step in way {
        let key = match step {
            Step::Item(index) => {
                here = here.and_then(|value| value.get(*index));
                match here.and_then(|item| item.get("id")).and_then(Value::as_str) {
                    Some(id) if !id.is_empty() => id.to_string(),
                    _ => index.to_string(),
                }
            }
            Step::Field(key) => {
                here = here.and_then(|value| value.get(key));
                key.clone()
            }
        };
        out.push('.');
        out.push_str(&key);
    }
    out
}

/// The field meant and what to do, from serde's sentence.
fn field_and_remedy(path: &str, error: &serde_json::Error) -> (String, String) {
    let said = without_place(error);
    let quoted = said.split('`').nth(1);
    match quoted {
        Some(name) if said.starts_with("missing field") => (
            format!("{path}.{name}"),
            format!("The field \"{name}\" is missing. Add it."),
        ),
        Some(name) if said.starts_with("unknown field") => {
            let known = said.split_once("expected").map_or("", |(_, known)| known);
            let near = nearest(name, known.split('`').skip(1).step_by(2));
            let near = near.map_or(String::new(), |near| format!(" Did you mean {near}?"));
            (
                path.to_string(),
                format!(
                    "There is no field \"{name}\" here.{near} Check its spelling or remove it; known are{}.",
                    known.replace(" one of", "").replace('`', "")
                ),
            )
        }
        Some(name) if said.starts_with("unknown variant") => {
            let known = said.split_once("expected").map_or("", |(_, known)| known);
            let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
            let near = nearest(name, known.iter().copied());
            let near = near.map_or(String::new(), |near| format!(" Did you mean {near}?"));
            (
                path.to_string(),
                format!(
                    "\"{name}\" is no choice here.{near} Choose from {}.",
                    known.join(", ")
                ),
            )
        }
        _ => (path.to_string(), misfit(&said)),
    }
}

/// serde's words for a value of another kind, in a user's.
fn misfit(said: &str) -> String {
    const KINDS: [(&str, &str); 8] = [
        ("usize", "a whole number, 0 or more"),
        ("u64", "a whole number, 0 or more"),
        ("u32", "a whole number, 0 or more"),
        ("u8", "a whole number from 0 to 255"),
        ("f64", "a number"),
        ("a boolean", "true or false"),
        ("a sequence", "a list"),
        ("a map", "an object"),
    ];
    let (found, wanted) = said.split_once(", expected ").unwrap_or((said, ""));
    let found = found
        .replace("invalid type: ", "")
        .replace("invalid value: ", "");
    let found = found
        .replace("floating point", "the number")
        .replace("integer", "the number");
    let kind = KINDS.iter().find(|(kind, _)| *kind == wanted);
    match (wanted.is_empty(), kind) {
        (true, _) => format!("The value does not fit: {found}. Correct it."),
        (false, kind) => {
            let wanted = kind.map_or(wanted, |(_, words)| words);
            format!(
                "The value does not fit: {}. Give {wanted}.",
                found.replace('`', "")
            )
        }
    }
}

/// serde_json's message without its trailing "at line … column …".
fn without_place(error: &serde_json::Error) -> String {
    let said = error.to_string();
    match said.rsplit_once(" at line ") {
        Some((message, _)) => message.to_string(),
        None => said,
    }
}
