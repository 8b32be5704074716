//! The inputs that differ.

use serde_json::Value;

use crate::inputs::path;
use crate::scenario::{Document, path as fields};
use crate::session::Session;
use crate::sweep::label_of;

/// One input that differs; a list that has gained, lost or reordered elements is one.
pub struct Change {
    pub path: String,
    pub label: String,
    pub unit: String,
    /// In A and in B; none where it is not written.
    pub from: Option<Value>,
    pub to: Option<Value>,
}

/// Fields of a scenario that change no number.
const WORDS: [&str; 5] = ["version", "title", "preset", "view", "lesson"];

/// All inputs in which B differs from A, in the order of the scenario.
pub fn changes(a: &Document, b: &Document) -> Vec<Change> {
    let (from, to) = (a.to_value(), b.to_value());
    let sessions = [a, b].map(|document| Session::new(document.clone()));
    let mut paths = Vec::new();
    if from["mechanism"]["kind"] == to["mechanism"]["kind"] {
        differing("mechanism", &from, &to, &mut paths);
    } else {
        paths.push("mechanism".to_string());
    }
    differing("case", &from, &to, &mut paths);
    let one = |path: String| {
        let get = |document: &Value| fields::get(document, &path).cloned();
        let (label, unit) = sessions
            .iter()
            .map(|session| label_of(session, &path))
            .find(|(label, _)| *label != path)
            .unwrap_or((path.clone(), String::new()));
        Change {
            from: get(&from),
            to: get(&to),
            label,
            unit,
            path,
        }
    };
    paths.into_iter().map(one).collect()
}

/// Paths below one in which two documents differ: of single fields where lists have the same elements, of a list as a whole
/// where they have not.
fn differing(at: &str, from: &Value, to: &Value, paths: &mut Vec<String>) {
    let get = |document: &Value| fields::get(document, at).cloned().unwrap_or(Value::Null);
    let (old, new) = (get(from), get(to));
    if path::same(&old, &new) || WORDS.contains(&at) || at == "case.name" || at == "case.source" {
        return;
    }
    if let Some(changes) = path::difference(&old, &new, &[]) {
        let below = changes.into_iter().map(|(path, _)| match path.is_empty() {
            true => at.to_string(),
            false => format!("{at}.{path}"),
        });
        let words = |path: &String| path == "case.name" || path == "case.source";
        paths.extend(below.filter(|path| !words(path)));
        return;
    }
    match (&old, &new) {
        (Value::Object(a), Value::Object(b)) => {
            let mut names: Vec<&String> = a.keys().collect();
            names.extend(b.keys().filter(|name| !a.contains_key(*name)));
            for name in names {
                differing(&format!("{at}.{name}"), from, to, paths);
            }
        }
        (Value::Array(a), Value::Array(b)) if same_elements(a, b) => {
            for (k, item) in a.iter().enumerate() {
                let name = item["id"].as_str().map_or(k.to_string(), str::to_string);
                differing(&format!("{at}.{name}"), from, to, paths);
            }
        }
        _ => paths.push(at.to_string()),
    }
}

/// Lists of the same elements in the same order, by their ids.
fn same_elements(a: &[Value], b: &[Value]) -> bool {
    let ids = |list: &[Value]| {
        list.iter()
            .map(|item| item["id"].clone())
            .collect::<Vec<_>>()
    };
    a.len() == b.len() && ids(a) == ids(b)
}
