//! Fields with their values, now and in the preset, and rows of tables where they are others than in a form known before.

use std::cell::OnceCell;
use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::path::{self, Indexed};
use super::{Field, GridRow};
use crate::case::Case;

/// What fields take their values from: a document.
struct Source<'a> {
    /// The document without its case.
    rest: Value,
    case: Option<&'a Case>,
    /// The case as a value, once a path of it is asked for.
    value: OnceCell<Indexed>,
}

impl<'a> Source<'a> {
    fn new(rest: Value, case: Option<&'a Case>) -> Source<'a> {
        let value = OnceCell::new();
        Source { rest, case, value }
    }

    fn get(&self, at: &str) -> Option<&Value> {
        if !at.starts_with("case.") {
            return path::get(&self.rest, at);
        }
        let case = self.case?;
        let made = || Indexed::new(serde_json::json!({ "case": case }));
        self.value.get_or_init(made).get(at)
    }
}

/// Makes fields with their present and preset values.
pub struct Fields<'a> {
    own: Source<'a>,
    preset: Option<Source<'a>>,
    /// The case of a form that is known: rows of tables that are as there are left out.
    before: Option<&'a Case>,
}

/// A document for [`Fields`]: its value without the case, and the case.
pub type Of<'a> = (Value, &'a Case);

impl<'a> Fields<'a> {
    /// Of a document and its preset.
    pub fn new(own: Of<'a>, preset: Option<Of<'a>>) -> Fields<'a> {
        Fields {
            own: Source::new(own.0, Some(own.1)),
            preset: preset.map(|(rest, case)| Source::new(rest, Some(case))),
            before: None,
        }
    }

    /// Of the inputs of a mechanism alone.
    pub fn of<Q: Serialize>(question: &Q) -> Fields<'a> {
        Fields {
            own: Source::new(serde_json::json!({ "mechanism": question }), None),
            preset: None,
            before: None,
        }
    }

    /// Without the rows of tables of the case that are those of the form of `case`, a document with the same preset.
    pub fn since(self, case: &'a Case) -> Fields<'a> {
        let before = Some(case);
        Fields { before, ..self }
    }

    /// Whether tables of the case are asked for.
    pub fn has_case(&self) -> bool {
        self.own.case.is_some()
    }

    /// The case of the preset.
    pub fn preset_case(&self) -> Option<&'a Case> {
        self.preset.as_ref()?.case
    }

    /// Whether a form is known in which this of the case was the same.
    pub fn knows<T: PartialEq + ?Sized>(&self, part: impl Fn(&Case) -> &T) -> bool {
        let pair = self.before.zip(self.own.case);
        pair.is_some_and(|(before, now)| part(before) == part(now))
    }

    /// The input at a path of the document, as a number without a range; `null` where the document has
    /// nothing there.
    pub fn field(&self, at: impl Into<String>, label: impl Into<String>, unit: &str) -> Field {
        let at = at.into();
        let initial = self.preset.as_ref().and_then(|p| p.get(&at)).cloned();
        let value = self.own.get(&at).cloned();
        Field::new(at, (value, initial), label, unit)
    }

    /// Rows of a list of the case, each made by `row` of a thing and its own fields. A row says nothing but of its thing,
    /// unless `alike` says that all else it tells is as it was.
    pub fn rows<T: PartialEq + Serialize>(
        &self,
        name: &str,
        list: for<'c> fn(&'c Case) -> &'c [T],
        id: for<'t> fn(&'t T) -> &'t str,
        alike: impl Fn(&Case, &Case) -> bool,
        row: impl Fn(&ItemFields, &T) -> GridRow,
    ) -> Rows {
        let Some(case) = self.own.case else {
            return Rows::from(Vec::new());
        };
        let all = list(case);
        let presets = self
            .preset_case()
            .into_iter()
            .flat_map(|case| list(case).iter().rev());
        let presets: HashMap<&str, &T> = presets.map(|one| (id(one), one)).collect();
        let before = self.before.filter(|before| alike(before, case));
        let before = before.map(list).filter(|rows| rows.len() == all.len());
        let is_known = |k: &usize| before.is_some_and(|before| before[*k] == all[*k]);
        let places: Vec<usize> = (0..all.len()).filter(|k| !is_known(k)).collect();
        let made = places.iter().map(|&k| {
            let initial = presets.get(id(&all[k])).copied();
            let root = format!("case.{name}.{}", id(&all[k]));
            row(&ItemFields::new(root, &all[k], initial), &all[k])
        });
        Rows {
            rows: made.collect(),
            all: all.len(),
            places: before.is_some().then_some(places),
        }
    }
}

/// Rows of a table, of which there are `all`; those at `places` where the others are known.
pub struct Rows {
    pub rows: Vec<GridRow>,
    pub all: usize,
    pub places: Option<Vec<usize>>,
}

impl From<Vec<GridRow>> for Rows {
    fn from(rows: Vec<GridRow>) -> Rows {
        Rows {
            all: rows.len(),
            rows,
            places: None,
        }
    }
}

/// Makes the fields of one thing of a list of the case.
pub struct ItemFields {
    /// Its path.
    root: String,
    value: Value,
    initial: Option<Value>,
}

impl ItemFields {
    /// Of a thing at the path `root`, and as it is in the preset.
    pub fn new<T: Serialize>(root: String, item: &T, initial: Option<&T>) -> ItemFields {
        let value = |item: &T| serde_json::to_value(item).unwrap_or_default();
        ItemFields {
            root,
            value: value(item),
            initial: initial.map(value),
        }
    }

    /// As [`Fields::field`], at a path of the thing.
    pub fn field(&self, at: &str, label: impl Into<String>, unit: &str) -> Field {
        let value = path::get(&self.value, at).cloned();
        let initial = self.initial.as_ref().and_then(|i| path::get(i, at));
        let path = format!("{}.{at}", self.root);
        Field::new(path, (value, initial.cloned()), label, unit)
    }
}
