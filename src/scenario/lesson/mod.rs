//! A lesson around a scenario: question, prediction, steps, why. Data that a teacher can write, with numbers of the
//! report in its sentences (see [`crate::report::say`]).

mod builtin;
mod told;

pub use builtin::{lesson_of, read};
pub use told::{answer, look};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::case::{Code, Problem, json};
use crate::report::{Look, Sign};

/// A sentence, and when it is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Saying {
    /// Holds always where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    pub say: String,
}

/// What stands around a scenario. What is left empty is that of the preset, or is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Lesson {
    /// What the scenario is opened to find out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// The setting of the question, in two sentences.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub situation: String,
    /// The answer in words: the first that holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<Saying>,
    /// What to look at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// What is asked before the answer is seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predict: Option<Predict>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Paragraphs: all that hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Saying>,
    /// Ids of presets to go on with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<String>,
}

/// A prediction to make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Predict {
    /// One of several statements; exactly one of them holds.
    Choose {
        ask: String,
        choices: Vec<Statement>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hide: Vec<String>,
    },
    /// A number: an expression of numbers of the report.
    Number {
        ask: String,
        of: String,
        unit: String,
        tolerance: f64,
        #[serde(default)]
        sign: Sign,
        /// Ends of a slider to drag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        between: Option<(f64, f64)>,
        reply: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hide: Vec<String>,
    },
    /// The values of a series from a step on, drawn by hand.
    Sketch {
        ask: String,
        of: String,
        /// The first step to draw, from 1.
        from: usize,
        /// Ends of the scale.
        between: (f64, f64),
        reply: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hide: Vec<String>,
    },
}

/// A statement to choose, when it is right, and what is said to who chose it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub say: String,
    pub when: String,
    pub reply: String,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub say: String,
    /// Inputs that do it, by path.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub change: Map<String, Value>,
    /// Id of a chart, or of a drawer, to look at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub watch: String,
    /// When it has come about; never known where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub until: String,
}

/// Version of the format of lesson files.
const VERSION: u64 = 1;

/// A lesson in a file of its own, with the scenario that it is about.
pub struct LessonFile {
    /// Of the scenario; empty for its own.
    pub title: String,
    /// The id of a preset, a link, or a scenario.
    pub scenario: Value,
    pub lesson: Lesson,
}

impl LessonFile {
    /// Whether the fields are those of a lesson file.
    pub fn is(fields: &Map<String, Value>) -> bool {
        fields.get("lesson").is_some_and(Value::is_number)
    }

    /// Reads `{"lesson": 1, "scenario": …, "title": …}` with the fields of a [`Lesson`].
    ///
    /// # Errors
    /// A newer version, no scenario, or a field that a lesson does not have.
    pub fn read(mut fields: Map<String, Value>) -> Result<LessonFile, Problem> {
        let version = fields.shift_remove("lesson").and_then(|v| v.as_u64());
        if version != Some(VERSION) {
            let message = format!(
                "This version reads lessons of version {VERSION}. Open it with the newer page."
            );
            return Err(Problem::coded(Code::Newer, "lesson", message));
        }
        let scenario = fields.shift_remove("scenario").ok_or_else(|| {
            let message = "Say which scenario the lesson is about: the id of a preset, a link, or a scenario.";
            Problem::error("lesson.scenario", message)
        })?;
        let title = fields.shift_remove("title");
        let title = title.as_ref().and_then(Value::as_str).unwrap_or_default();
        Ok(LessonFile {
            title: title.into(),
            scenario,
            lesson: json::typed(Value::Object(fields), "lesson")?,
        })
    }
}
