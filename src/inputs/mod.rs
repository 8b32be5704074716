//! What can be asked, each input described once: the form, the check of ranges and the schema are made of
//! the same [`Field`].
//!
//! A field is a path of the document with its label, unit and what is allowed. A slider may be narrower than
//! that, never wider.

mod fields;
pub mod path;
pub mod system;

pub use fields::{Fields, ItemFields, Rows};

use serde::Serialize;
use serde_json::Value;

use crate::case::{Problem, Subject};
use crate::report::ReadIn;
use crate::report::units::{read_in, tidy};

/// A part of the form: fields, and under them a table where it has one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
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
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "FieldTable"))]
pub struct Grid {
    pub columns: Vec<GridColumn>,
    pub rows: Vec<GridRow>,
    /// Places of these rows among all, from 0, where those alone are here that differ from a form known before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<Vec<usize>>,
}

/// Head of a column of a [`Grid`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct GridColumn {
    pub name: String,
    pub unit: String,
}

/// One thing of a [`Grid`], with a field per column; `null` where it has nothing to ask there.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct GridRow {
    pub id: String,
    pub label: String,
    pub cells: Vec<Option<Field>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// What a field takes, and so how the form asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Number,
    Choice,
    /// Numbers in a row, such as one per interval.
    List,
    Text,
}

/// One answer that may be chosen: its value in the document, and its words.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Choice {
    pub value: Value,
    pub label: String,
}

/// One input: where it stands in the document, what it is called, what it is now and what is allowed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Field {
    pub path: String,
    pub label: String,
    /// That of all numbers here: the unit it is read in.
    pub unit: String,
    /// How many of its unit one of the document's is, where it is read in another: what is typed is divided by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
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
    /// One of the few that matter most: it stands beside the picture.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lever: bool,
    /// Least and greatest value that is accepted, where numbers have a range: checked here, not in the form.
    #[serde(skip)]
    pub allowed: Option<(f64, f64)>,
    /// Not in the form: what it says does not count now. It is checked all the same.
    #[serde(skip)]
    pub hidden: bool,
    /// May be empty (`null`): no limit.
    pub optional: bool,
    pub options: Vec<Choice>,
    /// The options are those of a form known before, and left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub options_known: bool,
    /// Of the case, not of the question or the view.
    pub of_case: bool,
    /// Of the view: what is solved is the same whatever it says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub of_view: bool,
    /// What of the case it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// What is out of range, field by field; inputs of the case are checked with it. It is said in the unit of the
/// document and in the one a field is read in.
pub fn problems(sections: &[Section], units: &[ReadIn]) -> Vec<Problem> {
    let own = |field: &&Field| !field.of_case;
    let fields = sections.iter().flat_map(Section::all).filter(own);
    fields.filter_map(|field| field.problem(units)).collect()
}

/// A number of a document in another unit.
fn scale(value: &Value, times: f64) -> Value {
    value
        .as_f64()
        .map_or_else(|| value.clone(), |v| tidy(v * times).into())
}

impl Section {
    /// With every number in the unit it is read in.
    pub fn read(mut self, units: &[ReadIn]) -> Section {
        self.fields = self.fields.into_iter().map(|f| f.read(units)).collect();
        if let Some(table) = &mut self.table {
            for column in &mut table.columns {
                column.unit = read_in(units, &column.unit).0.to_string();
            }
            for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                *cell = cell.take().map(|field| field.read(units));
            }
        }
        self
    }

    /// Its fields and those of its table.
    pub fn all(&self) -> impl Iterator<Item = &Field> {
        let rows = self.table.iter().flat_map(|table| &table.rows);
        let cells = rows.flat_map(|row| row.cells.iter().flatten());
        self.fields.iter().chain(cells)
    }
}

/// A section of fields without a table.
pub fn section(title: &str, open: bool, fields: Vec<Field>) -> Section {
    Section {
        title: title.into(),
        open,
        note: String::new(),
        fields,
        table: None,
    }
}

impl Field {
    /// A number without a range, with its present and preset value.
    fn new(
        path: String,
        (value, initial): (Option<Value>, Option<Value>),
        label: impl Into<String>,
        unit: &str,
    ) -> Field {
        Field {
            value: value.unwrap_or(Value::Null),
            initial,
            of_case: path.starts_with("case."),
            of_view: path.starts_with("view."),
            path,
            label: label.into(),
            unit: unit.into(),
            times: None,
            help: String::new(),
            kind: Kind::Number,
            min: None,
            max: None,
            step: None,
            slider: false,
            lever: false,
            allowed: None,
            hidden: false,
            optional: false,
            options: Vec::new(),
            options_known: false,
            subject: None,
        }
    }
}

impl Field {
    /// Numbers from `min` to `max`; more where [`Field::allowed`] says so.
    pub fn range(mut self, min: f64, max: f64, step: f64) -> Field {
        (self.min, self.max, self.step) = (Some(min), Some(max), Some(step));
        self.allowed.get_or_insert((min, max));
        self
    }

    /// Numbers from `min` up, without an upper end; [`Field::allowed`] may say otherwise.
    pub fn at_least(mut self, min: f64, step: f64) -> Field {
        (self.min, self.step) = (Some(min), Some(step));
        self.allowed.get_or_insert((min, f64::INFINITY));
        self
    }

    /// Everything that is accepted: at least what the form offers.
    pub fn allowed(mut self, least: f64, greatest: f64) -> Field {
        let least = self.min.map_or(least, |min| min.min(least));
        let greatest = self.max.map_or(greatest, |max| max.max(greatest));
        self.allowed = Some((least, greatest));
        self
    }

    /// With what of the case it is about.
    pub fn of(self, subject: Option<Subject>) -> Field {
        Field { subject, ..self }
    }

    /// Not in the form unless `shown`.
    pub fn only_if(mut self, shown: bool) -> Field {
        self.hidden = !shown;
        self
    }

    /// The field in the unit it is read in.
    pub fn read(mut self, units: &[ReadIn]) -> Field {
        let (unit, times) = read_in(units, &self.unit);
        if times == 1.0 {
            return self;
        }
        let scaled = |value: &Value| match value {
            Value::Array(list) => list.iter().map(|v| scale(v, times)).collect(),
            one => scale(one, times),
        };
        self.unit = unit.to_string();
        self.times = Some(times);
        self.value = scaled(&self.value);
        self.initial = self.initial.as_ref().map(scaled);
        for end in [&mut self.min, &mut self.max, &mut self.step] {
            *end = end.map(|v| tidy(v * times));
        }
        self.allowed = self
            .allowed
            .map(|(a, b)| (tidy(a * times), tidy(b * times)));
        self
    }

    /// What is wrong with its value.
    fn problem(&self, units: &[ReadIn]) -> Option<Problem> {
        let (least, greatest) = self.allowed?;
        let outside = |value: &Value| {
            let number = value.as_f64()?;
            (!(least..=greatest).contains(&number)).then_some(number)
        };
        let number = match &self.value {
            Value::Array(list) => list.iter().find_map(outside)?,
            value => outside(value)?,
        };
        let range = |times: f64, unit: &str| {
            let (least, greatest) = (tidy(times * least), tidy(times * greatest));
            match (greatest.is_finite(), unit) {
                (true, "") => format!("{least} to {greatest}"),
                (true, unit) => format!("{least} to {greatest} {unit}"),
                (false, "") => format!("{least} or more"),
                (false, unit) => format!("{least} {unit} or more"),
            }
        };
        let from = if greatest.is_finite() {
            "a number from "
        } else {
            ""
        };
        let also = match read_in(units, &self.unit) {
            (_, 1.0) => String::new(),
            (unit, times) => format!(", that is {}", range(times, unit)),
        };
        let space = if self.unit.is_empty() { "" } else { " " };
        let message = format!(
            "{number}{space}{} is out of range. Give {from}{}{also}.",
            self.unit,
            range(1.0, &self.unit)
        );
        Some(Problem::error(self.path.clone(), message))
    }

    /// Shown as a slider over its range.
    pub fn slider(mut self) -> Field {
        self.slider = true;
        self
    }

    /// One of the few that matter most.
    pub fn lever(mut self) -> Field {
        self.lever = true;
        self
    }

    /// May be left empty, which means no limit.
    pub fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    /// A sentence for who asks what the input does.
    pub fn help(mut self, help: &str) -> Field {
        self.help = help.into();
        self
    }

    /// Takes this instead of a number.
    pub fn kind(mut self, kind: Kind) -> Field {
        self.kind = kind;
        self
    }

    /// One of several answers: the value in the document and its words.
    pub fn choices<'a>(mut self, options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Field {
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

    /// [`Field::choices`], left out where `known`.
    pub fn choices_unless<'a>(
        mut self,
        known: bool,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Field {
        self.options_known = known;
        let options = options.into_iter().filter(|_| !known);
        self.choices(options)
    }

    /// A choice of yes and no.
    pub fn switch(mut self) -> Field {
        self = self.choices([("", "no"), ("", "yes")]);
        for (choice, value) in self.options.iter_mut().zip([false, true]) {
            choice.value = value.into();
        }
        self
    }
}
