//! A scenario with what is looked at: what files and links hold, and how they are read.

use std::ops::Deref;
use std::rc::Rc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::file;
use super::lesson::Lesson;
use super::{MAX_TEXT, SCENARIO_VERSION, Scenario, tidy};
use crate::case::{Case, Code, Problem, json as reader};
use crate::market::{KINDS, Mechanism, View};

/// The mechanism that is no market.
const POWER_FLOW: &str = "power_flow";

/// A scenario and a view of its outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Document {
    #[serde(flatten)]
    #[cfg_attr(not(target_arch = "wasm32"), schemars(with = "Scenario"))]
    pub scenario: Rc<Scenario>,
    #[serde(default)]
    pub view: View,
    /// A lesson in the place of the preset's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<Rc<Lesson>>,
}

/// A document is its scenario, looked at.
impl Deref for Document {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        &self.scenario
    }
}

impl From<Scenario> for Document {
    fn from(scenario: Scenario) -> Document {
        Document {
            scenario: Rc::new(scenario),
            view: View::default(),
            lesson: None,
        }
        .complete()
    }
}

impl Document {
    /// Reads and checks a scenario, or a bare case, from JSON text.
    ///
    /// # Errors
    /// Every problem found, each with its field and what to do.
    pub fn from_json(text: &str) -> Result<Document, Vec<Problem>> {
        Document::read_json(text)?.checked()
    }

    /// Reads and checks a scenario from a JSON value; a bare case becomes a dispatch of it.
    ///
    /// # Errors
    /// As [`Document::from_json`].
    pub fn from_value(value: Value) -> Result<Document, Vec<Problem>> {
        Document::read_value(value)?.checked()
    }

    /// Reads a folder of CSV files, as (name, text), as a question of residual supply.
    ///
    /// # Errors
    /// As [`crate::case::smartnet::read`] and [`Document::from_json`].
    #[cfg(feature = "files")]
    pub fn open_folder(files: &[(String, String)]) -> Result<Document, Vec<Problem>> {
        let case = crate::case::smartnet::read(files)?;
        Document::from_value(json!({
            "version": SCENARIO_VERSION,
            "title": case.name,
            "case": case,
            "mechanism": {"kind": "residual_supply"},
        }))
    }

    /// A folder of CSV files.
    ///
    /// # Errors
    /// Always: this build reads none.
    #[cfg(not(feature = "files"))]
    pub fn open_folder(_: &[(String, String)]) -> Result<Document, Vec<Problem>> {
        Err(vec![super::no_files()])
    }

    /// [`Document::from_json`] without the checks.
    pub(super) fn read_json(text: &str) -> Result<Document, Vec<Problem>> {
        if text.len() > MAX_TEXT {
            let message = format!(
                "{} MB of text; a scenario may have up to {} MB",
                text.len() >> 20,
                MAX_TEXT >> 20
            );
            return Err(vec![Problem::error("scenario", message)]);
        }
        let value = reader::parse(text).map_err(|problem| vec![problem])?;
        Document::read_value(value)
    }

    /// [`Document::from_value`] without the checks.
    pub(super) fn read_value(mut value: Value) -> Result<Document, Vec<Problem>> {
        if let Some(problem) = file::foreign_json(&value) {
            return Err(vec![problem]);
        }
        tidy::tidy(&mut value)?;
        let value = match value.get("buses").is_some() && value.get("mechanism").is_none() {
            true => around_case(value),
            false => value,
        };
        let Value::Object(mut fields) = value else {
            return Err(vec![Problem::error(
                "scenario",
                "Not a JSON object; a scenario is {\"version\":1, \"title\":…, \"case\":{…}, \"mechanism\":{…}}.",
            )]);
        };
        if let Some(version) = fields.get("version").and_then(Value::as_u64)
            && version > u64::from(SCENARIO_VERSION)
        {
            let message = format!(
                "Version {version} was made by a newer Tandem; this one reads up to version {SCENARIO_VERSION}. Open it with the newer page, or start from a preset."
            );
            return Err(vec![Problem::coded(Code::Newer, "version", message)]);
        }
        migrate(&mut fields);
        let view = match fields.shift_remove("view") {
            Some(view) => reader::typed(view, "view").map_err(|problem| vec![problem]),
            None => Ok(View::default()),
        };
        let lesson = fields
            .shift_remove("lesson")
            .filter(|lesson| !lesson.is_null());
        let lesson = lesson.map(|lesson| reader::typed(lesson, "lesson"));
        let lesson = lesson.transpose().map_err(|problem| vec![problem])?;
        let scenario = typed(&Value::Object(fields))?;
        let document = Document {
            scenario: Rc::new(scenario),
            view: view?,
            lesson: lesson.map(Rc::new),
        };
        Ok(document.complete())
    }

    /// Writes out what of the view is left empty and a form can change.
    pub(super) fn complete(mut self) -> Document {
        let Scenario {
            case, mechanism, ..
        } = &*self.scenario;
        mechanism.complete_view(case, &mut self.view);
        self
    }

    /// The document itself, where nothing is wrong with it.
    ///
    /// # Errors
    /// Every problem found, each with its field and what to do.
    pub fn checked(self) -> Result<Document, Vec<Problem>> {
        Ok(self.warned()?.0)
    }

    /// [`Document::checked`], with the warnings of the scenario.
    pub(super) fn warned(self) -> Result<(Document, Vec<Problem>), Vec<Problem>> {
        let problems = self.scenario.problems();
        let mut all = problems.clone();
        self.add_of_view(&mut all);
        match all.iter().any(Problem::is_error) {
            true => Err(all),
            false => Ok((self, problems)),
        }
    }

    /// Everything wrong with the scenario, and with the view of it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.scenario.problems();
        self.add_of_view(&mut problems);
        problems
    }

    /// Adds what is wrong with the view to the problems of the scenario; nothing where these hold an error.
    fn add_of_view(&self, problems: &mut Vec<Problem>) {
        if !problems.iter().any(Problem::is_error) {
            problems.extend(self.view_problems());
            crate::sort::by_key(problems, |p| !p.is_error());
        }
    }

    /// Everything wrong with the view alone.
    pub fn view_problems(&self) -> Vec<Problem> {
        let Scenario {
            case, mechanism, ..
        } = &*self.scenario;
        mechanism.check_view(case, &self.view)
    }

    /// The AC power flow of the feeders of the case, asked in place of its mechanism.
    ///
    /// # Errors
    /// A case without a feeder; a build without power flows.
    pub fn power_flow(&self) -> Result<Document, Vec<Problem>> {
        if self.scenario.mechanism.kind() == POWER_FLOW {
            return Ok(self.clone());
        }
        let mut value = json!({
            "version": SCENARIO_VERSION,
            "title": format!("AC power flow: {}", self.scenario.title),
            "mechanism": {"kind": POWER_FLOW},
        });
        value["case"] = serde_json::to_value(&self.scenario.case).unwrap_or_default();
        Document::from_value(value)
    }

    /// As JSON text on one line, which [`Document::from_json`] reads.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As a JSON value, which [`Document::from_value`] reads.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// What of [`Document::to_value`] a form asks for beside the case.
    pub fn without_case(&self) -> Value {
        let Scenario {
            title, mechanism, ..
        } = &*self.scenario;
        json!({"title": title, "mechanism": mechanism, "view": self.view})
    }

    /// The question alone, without what is looked at.
    pub fn into_scenario(self) -> Scenario {
        Rc::unwrap_or_clone(self.scenario)
    }
}

/// Moves what once was an input to where it is now.
fn migrate(fields: &mut Map<String, Value>) {
    let Some(Value::Object(mechanism)) = fields.get_mut("mechanism") else {
        return;
    };
    let kind = mechanism.get("kind").and_then(Value::as_str);
    let [renamed, viewed] = Mechanism::moved(kind.unwrap_or_default());
    let mut seen = Map::new();
    for (old, new) in viewed {
        if let Some(value) = mechanism.get(*old).filter(|value| !value.is_null()) {
            seen.insert((*new).into(), value.clone());
        }
    }
    for (old, new) in renamed {
        if let (false, Some(value)) = (mechanism.contains_key(*new), mechanism.get(*old)) {
            let value = value.clone();
            mechanism.insert((*new).into(), value);
        }
    }
    for (old, _) in viewed.iter().chain(renamed) {
        mechanism.shift_remove(*old);
    }
    if seen.is_empty() {
        return;
    }
    let view = fields.entry("view").or_insert_with(|| json!({}));
    if let Value::Object(view) = view {
        for (name, value) in seen {
            view.entry(name).or_insert(value);
        }
    }
}

/// Names of the mechanisms, for messages.
fn kinds() -> String {
    match KINDS {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        list => list.join(", "),
    }
}

/// A dispatch of a case on its own: distribution factors where there are aggregators, one interval
/// where there are none. Feeders alone have their AC power flow.
pub(super) fn around_case(case: Value) -> Value {
    let empty = |list: &str| {
        case.get(list)
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty)
    };
    let alone = empty("aggregators");
    let only_feeders = !empty("feeders")
        && ["generators", "ders", "loads"]
            .iter()
            .all(|list| empty(list))
        && ["balancing", "day", "local_market", "communities"]
            .iter()
            .all(|part| case.get(part).is_none_or(Value::is_null));
    let title = case.get("name").cloned().unwrap_or_else(|| "A case".into());
    json!({
        "version": SCENARIO_VERSION,
        "title": title,
        "case": case,
        "mechanism": match only_feeders {
            true => json!({"kind": POWER_FLOW}),
            false => json!({
                "kind": "rt_sced",
                "method": if alone { "optimal" } else { "distribution_factors" },
                "intervals": if alone { 1 } else { 12 },
            }),
        },
    })
}

/// Reads the typed scenario piece by piece, so that an error names its field.
fn typed(value: &Value) -> Result<Scenario, Vec<Problem>> {
    let field = |name: &str| value.get(name).cloned();
    let mut problems = Vec::new();
    if let Value::Object(fields) = value {
        for name in fields.keys() {
            if !["version", "title", "preset", "case", "mechanism"].contains(&name.as_str()) {
                let at = if name.is_empty() { "\"\"" } else { name };
                problems.push(Problem::error(at, "Unknown field. Remove it or correct its name (version, title, preset, case, mechanism, view)."));
            }
        }
    }
    let case: Option<Case> = match field("case") {
        None => {
            problems.push(Problem::error(
                "case",
                "Missing. Give the power system under `case`.",
            ));
            None
        }
        Some(v) => Case::from_value(v).map_err(|p| problems.push(p)).ok(),
    };
    let mechanism = match field("mechanism") {
        None => {
            problems.push(Problem::error(
                "mechanism",
                "Missing. Give {\"kind\":\"rt_sced\", …}.",
            ));
            None
        }
        Some(Value::Object(mut fields)) => {
            let kind = fields.shift_remove("kind");
            match kind.as_ref().and_then(Value::as_str) {
                Some(kind) => match Mechanism::of_kind(kind, Value::Object(fields)) {
                    Some(read) => read.map_err(|p| problems.push(p)).ok(),
                    None => {
                        problems.push(Problem::error(
                            "mechanism.kind",
                            format!(
                                "`{kind}` is not a mechanism of this version. Choose {}.",
                                kinds()
                            ),
                        ));
                        None
                    }
                },
                None => {
                    problems.push(Problem::error(
                        "mechanism.kind",
                        format!("missing; choose {}", kinds()),
                    ));
                    None
                }
            }
        }
        Some(_) => {
            problems.push(Problem::error(
                "mechanism",
                "Not an object. Give {\"kind\":\"rt_sced\", …}.",
            ));
            None
        }
    };
    let version = match field("version").map(|v| v.as_u64()) {
        Some(Some(version)) => u32::try_from(version).unwrap_or(0),
        _ => {
            problems.push(Problem::error(
                "version",
                format!("Missing or not a whole number. Write {SCENARIO_VERSION}."),
            ));
            0
        }
    };
    let text = |name: &str| {
        field(name)
            .and_then(|v| v.as_str().map(str::to_string))
            .unwrap_or_default()
    };
    match (case, mechanism) {
        (Some(case), Some(mechanism)) if problems.is_empty() => {
            let title = match text("title") {
                title if title.is_empty() => case.name.clone(),
                title => title,
            };
            let mut mechanism = mechanism;
            mechanism.complete(&case);
            Ok(Scenario {
                version,
                title,
                preset: text("preset"),
                case,
                mechanism,
            })
        }
        _ => Err(problems),
    }
}
