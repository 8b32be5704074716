//! A lesson as it is told: its sentences with the numbers of the report, its prediction with the right answer.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

use super::Sign;

/// What the reader predicts, does and learns around the question.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Lesson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predict: Option<Prediction>,
    pub steps: Vec<LessonStep>,
    /// Paragraphs.
    pub why: Vec<String>,
    pub next: Vec<Next>,
}

/// What is asked before the answer is seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Prediction {
    pub ask: String,
    /// What else gives the answer away: ids of charts, or `network`. The answer and the chart that answers are
    /// always covered.
    pub hide: Vec<String>,
    pub guess: Guess,
}

/// How a prediction is made, with what is right.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Guess {
    /// One of several statements.
    Choose { choices: Vec<Choice> },
    /// A number, on a slider where it has ends.
    Number {
        answer: Option<f64>,
        unit: String,
        /// Largest difference that counts as right.
        tolerance: f64,
        sign: Sign,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        between: Option<(f64, f64)>,
        reply: String,
    },
    /// The values of a series, drawn from step `from` (of 1, 2, …) on; those before are given.
    Sketch {
        series: String,
        name: String,
        unit: String,
        from: usize,
        between: (f64, f64),
        reply: String,
    },
}

/// One statement to choose.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Choice {
    pub say: String,
    pub right: bool,
    /// What is said to who chose it.
    pub reply: String,
}

/// Something to do, and what to watch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct LessonStep {
    pub say: String,
    /// Changes of inputs that do it: path and value.
    pub change: Vec<(String, serde_json::Value)>,
    /// Id of a chart, or of a drawer.
    pub watch: String,
    /// It has come about.
    pub done: bool,
}

/// A preset to go on with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Next {
    pub id: String,
    pub title: String,
    pub question: String,
}
