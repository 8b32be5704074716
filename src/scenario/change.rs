//! Changes of single fields of a document.

use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::document::Document;
use super::{Scenario, path, tidy};
use crate::case::{Case, Problem, json as reader};
use crate::market::Mechanism;

/// A changed document, with the warnings of its scenario where that is another.
pub type Changed = (Document, Option<Vec<Problem>>);

impl Document {
    /// The document with one field changed and checked; paths begin with `title`, `case`, `mechanism` or
    /// `view`.
    ///
    /// # Errors
    /// A path that does not exist, or every problem of the changed document.
    pub fn with(&self, field: &str, text: &str) -> Result<Document, Vec<Problem>> {
        if let Some(name) = field.strip_prefix("view.") {
            let mut view = serde_json::to_value(&self.view).unwrap_or(Value::Null);
            path::set(&mut view, name, text, &[]).map_err(|p| vec![p])?;
            let view = reader::typed(view, "view").map_err(|p| vec![p])?;
            let changed = Document {
                view,
                ..self.clone()
            }
            .complete();
            let problems = changed.view_problems();
            return match problems.is_empty() {
                true => Ok(changed),
                false => Err(problems),
            };
        }
        self.with_each(&[(field.into(), text.into())])
    }

    /// The document with several fields changed, as (path, value), and checked once all are.
    ///
    /// # Errors
    /// As [`Document::with`].
    pub fn with_each(&self, changes: &[(String, String)]) -> Result<Document, Vec<Problem>> {
        Ok(self.changed(changes)?.0)
    }

    /// [`Document::with_each`], with the warnings of the scenario where it is another.
    ///
    /// # Errors
    /// As there.
    pub fn changed(&self, changes: &[(String, String)]) -> Result<Changed, Vec<Problem>> {
        let is_of_view = |(field, _): &&(String, String)| field.starts_with("view.");
        let (of_view, of_question): (Vec<_>, Vec<_>) = changes.iter().partition(is_of_view);
        let (mut changed, mut warnings) = (self.clone(), None);
        if !of_question.is_empty() {
            let (checked, told) = self.with_question(&of_question)?.warned()?;
            (changed, warnings) = (checked, Some(told));
        }
        for (field, text) in of_view {
            changed = changed.with(field, text)?;
        }
        Ok((changed, warnings))
    }

    /// The document with fields of its question changed, not checked.
    fn with_question(&self, changes: &[&(String, String)]) -> Result<Document, Vec<Problem>> {
        if let Some(case) = with_items(&self.case, changes) {
            let Scenario {
                version,
                title,
                preset,
                case: _,
                mechanism,
            } = &*self.scenario;
            let mut mechanism = mechanism.clone();
            mechanism.complete(&case);
            let scenario = Scenario {
                version: *version,
                title: title.clone(),
                preset: preset.clone(),
                case,
                mechanism,
            };
            let document = Document {
                scenario: Rc::new(scenario),
                ..self.clone()
            };
            return Ok(document.complete());
        }
        let mut value = self.to_value();
        for (field, text) in changes {
            set(&mut value, field, text).map_err(|p| vec![p])?;
        }
        Document::read_value(value)
    }
}

/// A case with fields of units, loads and lines changed, which is read anew in these alone: of a large case the whole
/// takes longer than to solve it. `None` where a field is of something else or does not fit, which reading the whole
/// document says best.
fn with_items(case: &Case, changes: &[&(String, String)]) -> Option<Case> {
    let in_case = |(field, _): &&(String, String)| field.starts_with("case.");
    if !changes.iter().copied().all(|change| in_case(&change)) {
        return None;
    }
    let mut case = case.clone();
    for (field, text) in changes {
        let mut parts = field.splitn(4, '.').skip(1);
        let (list, id, rest) = (parts.next()?, parts.next()?, parts.next()?);
        match list {
            "generators" => set_item(&mut case.generators, |g| g.id == id, rest, text)?,
            "ders" => set_item(&mut case.ders, |d| d.id == id, rest, text)?,
            "loads" => set_item(&mut case.loads, |l| l.id == id, rest, text)?,
            "branches" => set_item(&mut case.branches, |b| b.id == id, rest, text)?,
            _ => return None,
        }
    }
    Some(case)
}

/// Changes a field of one thing of a list.
fn set_item<T: Serialize + DeserializeOwned>(
    list: &mut [T],
    is_it: impl Fn(&T) -> bool,
    field: &str,
    text: &str,
) -> Option<()> {
    let item = list.iter_mut().find(|item| is_it(item))?;
    let mut value = serde_json::to_value(&*item).ok()?;
    path::set(&mut value, field, text, &[]).ok()?;
    tidy::tidy(&mut value).ok()?;
    *item = reader::typed(value, "").ok()?;
    Some(())
}

/// Writes `text` at a path of a document's value, as [`path::set`]; what once was an input is written to
/// where it is now.
///
/// # Errors
/// As [`path::set`].
pub fn set(value: &mut Value, field: &str, text: &str) -> Result<(), Problem> {
    let kind = kind_of(value);
    for place in places(&kind, field) {
        path::set(value, &place, text, Mechanism::open_maps(&kind))?;
    }
    Ok(())
}

/// As [`set`], with a value.
///
/// # Errors
/// As [`path::set`].
pub fn set_value(value: &mut Value, field: &str, new: Value) -> Result<(), Problem> {
    let kind = kind_of(value);
    for place in places(&kind, field) {
        path::set_value(value, &place, new.clone(), Mechanism::open_maps(&kind))?;
    }
    Ok(())
}

/// The mechanism of a document's value.
fn kind_of(value: &Value) -> String {
    let kind = path::get(value, "mechanism.kind").and_then(Value::as_str);
    kind.unwrap_or_default().into()
}

/// Where a path of any version stands now.
fn places(kind: &str, field: &str) -> Vec<String> {
    let [renamed, viewed] = Mechanism::moved(kind);
    let moved = |list: &[(&str, &str)], room: &str| {
        list.iter()
            .filter_map(|(old, new)| {
                let rest = field.strip_prefix("mechanism.")?.strip_prefix(old)?;
                let whole = rest.is_empty() || rest.starts_with('.');
                whole.then(|| format!("{room}.{new}{rest}"))
            })
            .collect::<Vec<_>>()
    };
    let mut places = moved(viewed, "view");
    places.extend(moved(renamed, "mechanism"));
    if places.is_empty() {
        places.push(field.into());
    }
    places
}
