//! What of a scenario can be edited, as the page shows it: sections of fields and tables.
//!
//! A field is a path of the scenario with its label, unit and range. The page draws it; checking
//! stays with the scenario itself.

mod bargaining;
mod bsp_bidding;
mod community;
mod residual_supply;
mod rt_sced;
mod system;

use serde::Serialize;
use serde_json::Value;

use super::{Document, Mechanism, path};

#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub title: String,
    /// Open when the page opens.
    pub open: bool,
    pub note: String,
    pub fields: Vec<Field>,
    pub table: Option<Grid>,
}

/// Rows of like things, e.g. generators.
#[derive(Clone, Debug, Serialize)]
pub struct Grid {
    pub columns: Vec<GridColumn>,
    pub rows: Vec<GridRow>,
}

#[derive(Clone, Debug, Serialize)]
pub struct GridColumn {
    pub name: String,
    pub unit: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct GridRow {
    pub id: String,
    pub label: String,
    pub cells: Vec<Option<Field>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Number,
    Choice,
    /// Numbers, one per interval.
    List,
    Text,
}

#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: Value,
    pub label: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub path: String,
    pub label: String,
    pub unit: String,
    pub help: String,
    pub value: Value,
    /// The preset's value, to mark and undo a change; nothing where there is no preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial: Option<Value>,
    pub kind: Kind,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub step: Option<f64>,
    pub slider: bool,
    /// May be empty (`null`): no limit.
    pub optional: bool,
    pub options: Vec<Choice>,
}

/// The sections of a scenario's form.
pub fn form(document: &Document, original: Option<&Document>) -> Vec<Section> {
    let scenario = &document.scenario;
    let fields = Fields {
        value: document.to_value(),
        preset: original.map(Document::to_value),
    };
    let mut sections = match &scenario.mechanism {
        Mechanism::RtSced(params) => rt_sced::sections(&fields, &scenario.case, params),
        Mechanism::ResidualSupply(params) => {
            residual_supply::sections(&fields, &scenario.case, params)
        }
        Mechanism::Bargaining(params) => bargaining::sections(&fields, &scenario.case, params),
        Mechanism::BspBidding(params) => bsp_bidding::sections(&fields, &scenario.case, params),
        Mechanism::Community(params) => community::sections(&fields, &scenario.case, params),
    };
    sections.retain(|section| !section.fields.is_empty() || section.table.is_some());
    sections
}

/// A section of fields without a table.
fn section(title: &str, open: bool, fields: Vec<Field>) -> Section {
    Section {
        title: title.into(),
        open,
        note: String::new(),
        fields,
        table: None,
    }
}

/// Makes fields with their present and preset values.
struct Fields {
    value: Value,
    preset: Option<Value>,
}

impl Fields {
    fn field(&self, at: impl Into<String>, label: impl Into<String>, unit: &str) -> Field {
        let at = at.into();
        Field {
            value: path::get(&self.value, &at).cloned().unwrap_or(Value::Null),
            initial: self
                .preset
                .as_ref()
                .and_then(|p| path::get(p, &at))
                .cloned(),
            path: at,
            label: label.into(),
            unit: unit.into(),
            help: String::new(),
            kind: Kind::Number,
            min: None,
            max: None,
            step: None,
            slider: false,
            optional: false,
            options: Vec::new(),
        }
    }
}

impl Field {
    fn range(mut self, min: f64, max: f64, step: f64) -> Field {
        (self.min, self.max, self.step) = (Some(min), Some(max), Some(step));
        self
    }

    fn at_least(mut self, min: f64, step: f64) -> Field {
        (self.min, self.step) = (Some(min), Some(step));
        self
    }

    fn slider(mut self) -> Field {
        self.slider = true;
        self
    }

    fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    fn help(mut self, help: &str) -> Field {
        self.help = help.into();
        self
    }

    fn kind(mut self, kind: Kind) -> Field {
        self.kind = kind;
        self
    }

    fn choices<'a>(mut self, options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Field {
        self.kind = Kind::Choice;
        self.options = options
            .into_iter()
            .map(|(value, label)| Choice {
                value: value.into(),
                label: label.into(),
            })
            .collect();
        self
    }

    /// A choice of yes and no.
    fn switch(mut self) -> Field {
        self = self.choices([("", "no"), ("", "yes")]);
        for (choice, value) in self.options.iter_mut().zip([false, true]) {
            choice.value = value.into();
        }
        self
    }
}
