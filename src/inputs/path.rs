//! Fields by path: `case.branches.2-3.max_p_mw`.
//!
//! Segments are separated by dots; an element of a list that has an `id` is addressed by it, any
//! other by its index from 0.

use std::collections::HashMap;

use serde_json::Value;

use crate::case::Problem;
use crate::case::text::nearest;

/// The value at a path.
pub fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(value, |at, segment| child(at, segment))
}

/// A document whose lists are searched by id once: tables of large cases ask for thousands of paths.
pub struct Indexed {
    pub whole: Value,
    /// Places by id in the lists of the case.
    lists: HashMap<String, HashMap<String, usize>>,
}

impl Indexed {
    pub fn new(whole: Value) -> Indexed {
        let lists = whole.get("case").and_then(Value::as_object);
        let lists = lists.into_iter().flatten().filter_map(|(name, list)| {
            let items = list.as_array()?.iter().enumerate();
            // The first of an id, as in a search from the front.
            let places = items
                .rev()
                .filter_map(|(k, item)| Some((id_of(item)?.to_string(), k)));
            Some((name.clone(), places.collect()))
        });
        let lists = lists.collect();
        Indexed { whole, lists }
    }

    /// As [`get`].
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut parts = path.splitn(4, '.');
        let of_list = (parts.next(), parts.next(), parts.next(), parts.next());
        if let (Some("case"), Some(list), Some(id), rest) = of_list
            && let Some(&k) = self.lists.get(list).and_then(|places| places.get(id))
        {
            let item = self.whole.get("case")?.get(list)?.get(k)?;
            return rest.map_or(Some(item), |rest| get(item, rest));
        }
        get(&self.whole, path)
    }
}

/// Writes `text` at a path: JSON if it reads as JSON, else as a string.
///
/// A field left at its default may be absent from the JSON, so the last segment may be new to its
/// object; reading the scenario then refuses names it does not know. `null` or an empty text removes
/// an entry of a map by id, one of those that are `open`.
///
/// # Errors
/// The part of the path that does not exist, with what does.
pub fn set(root: &mut Value, path: &str, text: &str, open: &[&str]) -> Result<(), Problem> {
    let read = serde_json::from_str(text.trim());
    let value = match (read, get(root, path)) {
        // Bus `1` is a name: where a text stands, only a quoted text or a list is anything
        // else than itself.
        (Ok(Value::String(quoted)), _) => Value::String(quoted),
        (Ok(Value::Array(list)), _) => Value::Array(list),
        (_, Some(Value::String(_))) | (Err(_), _) => Value::String(text.to_string()),
        (Ok(value), _) => value,
    };
    set_value(root, path, value, open)
}

/// As [`set`], with a value.
///
/// # Errors
/// As [`set`].
pub fn set_value(root: &mut Value, path: &str, value: Value, open: &[&str]) -> Result<(), Problem> {
    let (parent_path, last) = path.rsplit_once('.').unwrap_or(("", path));
    let mut at = &mut *root;
    for segment in parent_path.split('.').filter(|s| !s.is_empty()) {
        let choices = names(at);
        at = match child_mut(at, segment) {
            Some(next) => next,
            None => return Err(unknown(path, segment, &choices)),
        };
    }
    let open = open.contains(&parent_path);
    match at {
        Value::Object(fields) if open && (value.is_null() || value == "") => {
            fields.shift_remove(last);
            Ok(())
        }
        Value::Object(fields) => {
            fields.insert(last.to_string(), value);
            Ok(())
        }
        other => match child_mut(other, last) {
            Some(slot) => {
                *slot = value;
                Ok(())
            }
            None => Err(unknown(path, last, &names(other))),
        },
    }
}

fn unknown(path: &str, segment: &str, choices: &[String]) -> Problem {
    let shown = choices
        .iter()
        .take(12)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let more = if choices.len() > 12 { ", …" } else { "" };
    let help = if choices.is_empty() {
        "nothing lies below".to_string()
    } else if let Some(near) = nearest(segment, choices.iter().map(String::as_str)) {
        format!("did you mean `{near}`? There are: {shown}{more}")
    } else {
        format!("there are: {shown}{more}")
    };
    Problem::error(path, format!("no field `{segment}` here; {help}"))
}

fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields.keys().cloned().collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(k, item)| id_of(item).map_or(k.to_string(), str::to_string))
            .collect(),
        _ => Vec::new(),
    }
}

fn id_of(value: &Value) -> Option<&str> {
    value.get("id").and_then(Value::as_str)
}

fn position(items: &[Value], segment: &str) -> Option<usize> {
    match items.iter().position(|item| id_of(item) == Some(segment)) {
        Some(k) => Some(k),
        None => segment
            .parse()
            .ok()
            .filter(|&k: &usize| items.get(k).is_some_and(|item| id_of(item).is_none())),
    }
}

fn child<'a>(value: &'a Value, segment: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields.get(segment),
        Value::Array(items) => items.get(position(items, segment)?),
        _ => None,
    }
}

fn child_mut<'a>(value: &'a mut Value, segment: &str) -> Option<&'a mut Value> {
    match value {
        Value::Object(fields) => fields.get_mut(segment),
        Value::Array(items) => {
            let k = position(items, segment)?;
            items.get_mut(k)
        }
        _ => None,
    }
}

/// The fields in which `to` differs from `from`, as (path, value); `None` when a list has gained,
/// lost or reordered elements, which paths cannot say.
pub fn difference(from: &Value, to: &Value, open: &[&str]) -> Option<Vec<(String, Value)>> {
    let mut changes = Vec::new();
    compare("", from, to, open, &mut changes).then_some(changes)
}

fn compare(
    path: &str,
    from: &Value,
    to: &Value,
    open: &[&str],
    changes: &mut Vec<(String, Value)>,
) -> bool {
    let join = |name: &str| {
        if path.is_empty() {
            name.to_string()
        } else {
            format!("{path}.{name}")
        }
    };
    match (from, to) {
        (Value::Object(a), Value::Object(b)) => {
            if open.contains(&path) {
                for (key, value) in b {
                    if a.get(key).is_none_or(|old| !same(old, value)) {
                        changes.push((join(key), value.clone()));
                    }
                }
                for key in a.keys().filter(|key| !b.contains_key(*key)) {
                    changes.push((join(key), Value::Null));
                }
                return true;
            }
            // A field that only one side has is at its default on the other.
            for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                changes.push((join(key), value.clone()));
            }
            a.iter().all(|(key, old)| {
                b.get(key)
                    .is_some_and(|new| compare(&join(key), old, new, open, changes))
            })
        }
        (Value::Array(a), Value::Array(b)) if a.iter().chain(b).any(Value::is_object) => {
            a.len() == b.len()
                && a.iter().zip(b).enumerate().all(|(k, (old, new))| {
                    id_of(old) == id_of(new)
                        && compare(
                            &join(id_of(old).unwrap_or(&k.to_string())),
                            old,
                            new,
                            open,
                            changes,
                        )
                })
        }
        _ => {
            if !same(from, to) {
                changes.push((path.to_string(), to.clone()));
            }
            true
        }
    }
}

/// Equal values; 10 and 10.0 are the same number, the order of fields is none.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => x.as_f64() == y.as_f64(),
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len()
                && x.iter()
                    .all(|(key, x)| y.get(key).is_some_and(|y| same(x, y)))
        }
        _ => a == b,
    }
}
