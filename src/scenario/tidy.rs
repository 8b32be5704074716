//! What a scenario may not hold, wherever it stands: a zero with a sign, characters that are not seen.

use serde_json::Value;

use crate::case::Problem;
use crate::case::text::{is_hidden, visible, visible_line};

/// Takes the sign off zeros (-0.0 is no other number, but would be another text), writes hidden
/// characters of titles, names and sources out, and refuses them in ids and everything else that
/// names something.
///
/// # Errors
/// The fields with characters that are not seen.
pub fn tidy(value: &mut Value) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    walk(value, &mut Vec::new(), &mut problems);
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problems),
    }
}

/// More of these say nothing new.
const MAX_PROBLEMS: usize = 20;

fn walk(value: &mut Value, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
    match value {
        Value::Number(number) if number.as_f64() == Some(0.0) && number.is_f64() => {
            *number = serde_json::Number::from_f64(0.0).unwrap_or_else(|| 0.into());
        }
        Value::String(text) if text.chars().any(is_hidden) => {
            let shown = match path.last().map(String::as_str) {
                Some("title" | "name") => visible_line(text).into_owned(),
                Some("source") => visible(text).into_owned(),
                _ => return refuse(text, path, problems),
            };
            *text = shown;
        }
        Value::Array(items) => {
            for (k, item) in items.iter_mut().enumerate() {
                if item.is_number() {
                    walk(item, path, problems);
                    continue;
                }
                let id = item.get("id").and_then(Value::as_str);
                let step = id.map_or_else(|| k.to_string(), str::to_string);
                path.push(step);
                walk(item, path, problems);
                path.pop();
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields.iter_mut() {
                path.push(name.clone());
                if name.chars().any(is_hidden) {
                    refuse(name, path, problems);
                }
                walk(item, path, problems);
                path.pop();
            }
        }
        _ => {}
    }
}

fn refuse(text: &str, path: &[String], problems: &mut Vec<Problem>) {
    if problems.len() < MAX_PROBLEMS {
        let start: String = text.chars().take(40).collect();
        problems.push(Problem::error(
            path.join("."),
            format!(
                "\"{}\" holds a character that is not seen (control, direction or no width). Remove it.",
                visible_line(&start)
            ),
        ));
    }
}
