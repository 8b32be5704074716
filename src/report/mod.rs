//! What is the answer?
//!
//! One [`Report`] is everything a mechanism has to say about one scenario: what was
//! solved, the numbers with their units, who pays whom, how far the solver's answer is
//! from optimal when recomputed from the model as written, and how our numbers compare
//! with published ones. The terminal prints it, the page draws it; neither computes.

mod cells;
mod chart;
mod explained;
mod facts;
mod ledger;
mod lesson;
pub mod map;
mod number;
pub mod plots;
pub mod say;
mod series;
pub mod side_by_side;
pub mod units;
pub mod words;

pub use cells::{Filled, at, column, columns, filled, number, table, text};
pub use chart::{Axis, Chart, Edge, Mark, Role, SurfaceCell, Topic};
pub use explained::{Addend, Explained, Proof};
pub use facts::{Fact, Facts, Holds};
pub use ledger::{Entry, Ledger};
pub use lesson::{Choice, Guess, Lesson, LessonStep, Next, Prediction};
pub(crate) use number::grouped;
pub use number::{agrees, amount, capitalised, exported, half_up, plain};
pub use series::{AllSeries, Index, Part, Series, SeriesColumn, SeriesTable};
pub use units::ReadIn;

pub use crate::opt::Certificate;

use crate::case::Import;
pub use crate::case::{Subject, SubjectKind};
use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// How the run ended. An infeasible market is an answer, not an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Solved,
    Infeasible,
}

/// The answer to one scenario.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Report {
    pub status: Status,
    /// Title of the scenario that was solved.
    pub title: String,
    /// One sentence with the number that matters; read aloud after every change.
    pub headline: String,
    /// What the scenario is opened to find out; empty without a preset.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// The setting of the question, in two sentences.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub situation: String,
    /// The answer to the question, from the numbers of this report: one sentence, or one for every step of the
    /// clock where it speaks of a step; the headline answers where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<String>,
    /// What to look at first.
    #[serde(default)]
    pub look: Look,
    /// Short facts shown as badges beside the headline, the market's before those of the solving.
    pub badges: Vec<Badge>,
    pub summary: Vec<Quantity>,
    /// The time cursor every chart, table and diagram follows, where there is one.
    pub clock: Option<Clock>,
    #[cfg_attr(not(target_arch = "wasm32"), schemars(with = "Vec<Series>"))]
    pub series: AllSeries,
    pub charts: Vec<Chart>,
    pub tables: Vec<Table>,
    pub ledger: Ledger,
    pub certificates: Vec<Certificate>,
    pub published: Vec<Published>,
    /// Numbers beside ours that nobody printed: by hand or by another program, as their source says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_computed: Vec<Published>,
    /// How many of `published` agree, differ and so on, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub published_said: String,
    /// The same of `also_computed`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub also_computed_said: String,
    pub messages: Vec<Message>,
    /// What became of the file the case was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
    /// The step, from 0, that tells most: where the time cursor starts. The first step flagged in a
    /// chart, or the first, where empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// Path of an input, counted from 1, that follows the time cursor: what is shown of one step is
    /// then of the step at the cursor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<String>,
    /// Summaries of charts that show the step at the time cursor, one for every step; the chart's own
    /// summary is that of the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<Captions>,
    /// A question to the reader, with the number to find.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// What the reader predicts, does and learns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<Lesson>,
    /// Parties of the ledger that are of the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<Subject>,
    /// Units that are read in another: those in which page, terminal and sentences give the numbers that stand
    /// here in the units of the system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<ReadIn>,
    /// One of what can be run side by side on the same case, in a word: `method`, `scheme`.
    #[serde(default)]
    pub compared: String,
    /// What was run side by side, each with the inputs that make it the scenario; of comparisons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// Communities in place of whose series a user's own can be put.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_series: Vec<String>,
    /// What can be asked why its number is what it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explains: Vec<SubjectKind>,
    /// The parties among these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explains_parties: Vec<String>,
}

/// What of a report is looked at first; what is left empty is chosen by the order of charts and by the
/// inputs that matter most to the mechanism.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// Id of the chart that answers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub chart: String,
    /// Paths of at most three inputs to try.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// Id of the number of the summary, or of the series, shown large.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// The step to begin at, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The drawer that stands open.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub drawer: String,
    /// The network has nothing to show of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_network: bool,
}

/// What a chart shows, step by step.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Captions {
    /// Id of the chart.
    pub chart: String,
    /// One sentence for every step of the clock.
    pub steps: Vec<String>,
}

/// A question whose answer is a number of the report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Task {
    pub question: String,
    pub unit: String,
    /// Shown after a second wrong answer.
    pub hint: String,
    /// Shown with the right answer.
    pub found: String,
    /// Absent where the preset itself, whose answer it is, has not been solved.
    pub answer: Option<f64>,
    /// Largest difference that counts as right.
    pub tolerance: f64,
    /// Whether the sign belongs to the answer.
    #[serde(default)]
    pub sign: Sign,
}

/// What the sign of an answer to a [`Task`] says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// The question asks for a size: either sign is right.
    #[default]
    Either,
    /// The sign is part of the answer.
    Exact,
}

/// A short fact with a colour role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Badge {
    pub text: String,
    pub tone: Tone,
    /// It is about the solving, not about the market.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_solving: bool,
}

impl Badge {
    /// A fact in the colour of `tone`.
    pub fn new(text: impl Into<String>, tone: Tone) -> Badge {
        Badge {
            text: text.into(),
            tone,
            of_solving: false,
        }
    }

    /// About the solving, not about the market.
    pub fn of_solving(self) -> Badge {
        Badge {
            of_solving: true,
            ..self
        }
    }

    /// How many solves are certified; where some are not, how many those are.
    pub fn certified(certificates: &[Certificate]) -> Badge {
        let open = certificates.iter().filter(|c| !c.certified).count();
        let solves = words::counted(certificates.len(), "solve");
        let text = match open {
            0 => format!("{solves} certified"),
            _ => format!("{open} of {solves} not certified"),
        };
        Badge::judged(open == 0, text).of_solving()
    }

    /// In the colour of what is as it should be, or is not.
    pub fn judged(good: bool, text: impl Into<String>) -> Badge {
        Badge::new(text, if good { Tone::Good } else { Tone::Bad })
    }
}

/// What the colour of a [`Badge`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Good,
    Bad,
    Neutral,
}

/// One number of the summary. `value` is absent where the quantity does not exist.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Quantity {
    /// Stable key, e.g. `cost_mean`; what a parameter sweep records.
    pub id: String,
    pub name: String,
    pub value: Option<f64>,
    pub unit: String,
    /// What the number means, in a few words.
    #[serde(default)]
    pub note: String,
}

/// The time axis of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Clock {
    /// e.g. `interval`
    pub name: String,
    pub steps: usize,
    pub minutes_per_step: f64,
}

/// What holds at one point of a chart that can be probed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Probe {
    /// The point lies in the region the chart shows.
    pub inside: bool,
    /// One or two sentences, read aloud when the point moves.
    pub sentence: String,
    /// Details at the point; no rows outside the region.
    pub table: Table,
    /// Inputs that would make the point the scenario's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
}

/// Changes of inputs made together at the press of a button.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Offer {
    pub label: String,
    /// Path and value of each input.
    pub changes: Vec<(String, f64)>,
}

/// One of what was run side by side on the same case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Alternative {
    pub id: String,
    pub name: String,
    /// Path and value of each input that makes it the scenario.
    pub changes: Vec<(String, serde_json::Value)>,
    /// It is the scenario on screen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub now: bool,
    /// Why it has no answer; empty where it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub refused: String,
}

/// Rows of cells under columns with units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Table {
    pub id: String,
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    #[serde(default)]
    pub note: String,
    /// Rows are the steps of the report's clock, first step first.
    #[serde(default)]
    pub by_clock: bool,
    /// What of the case the rows are of, row by row; empty where that is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub row_subjects: Vec<Option<Subject>>,
}

/// Head of a column of a [`Table`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Column {
    pub name: String,
    pub unit: String,
    /// What of the case it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// What stands in one place of a [`Table`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(untagged)]
pub enum Cell {
    Number(f64),
    Text(String),
    /// The value of a series at the time cursor (the last step on paper and in the terminal).
    At {
        series: String,
    },
    Empty,
}

/// A number beside ours: printed, or computed by others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Published {
    /// What the number is of, with its step where it has one.
    pub item: String,
    /// The same without the step.
    #[serde(default)]
    pub name: String,
    /// Series, or summary quantity, that it is a number of.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// Step of the clock, from 1; absent where the number is of no step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    pub printed: f64,
    /// Decimals of the printed number.
    pub digits: u8,
    pub unit: String,
    pub ours: Option<f64>,
    /// ours − printed.
    pub difference: Option<f64>,
    /// Ours, rounded half up to the printed decimals, is the printed number.
    pub agrees: bool,
    /// The printed number depends on what its source does not print: neither agrees nor differs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_comparable: bool,
    /// Why it is not comparable, in a few words; empty where it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How far off a number read off a figure can be, in `unit`; absent where nothing was read off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<f64>,
    #[serde(default)]
    pub verdict: Verdict,
    pub source: String,
    pub note: String,
}

/// How a number of others stands beside ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Ours, rounded as theirs is written, is theirs.
    Agrees,
    /// Read off a figure, and ours is as near as the figure can be read.
    WithinReading,
    /// It depends on what its source does not print, or on data that are made up.
    NotComparable,
    #[default]
    Differs,
    /// Inputs were changed: the number is that of the preset, ours is not.
    InputsChanged,
}

/// How much a [`Message`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Info,
    Warning,
    Error,
}

/// Something the user should know, and what to do about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Message {
    pub level: Level,
    pub text: String,
    /// Path of the field in the scenario, e.g. `case.branches.2-3.max_p_mw`.
    pub field: Option<String>,
    /// Changes that would cure it; the page offers them as buttons.
    #[serde(default)]
    pub cures: Vec<Cure>,
}

/// One change of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Cure {
    pub label: String,
    pub path: String,
    pub value: f64,
}

impl Report {
    /// A number of the summary without a value says why.
    pub(crate) fn say_what_is_missing(&mut self) {
        let why = match self.status {
            Status::Solved => "none: it has no value in this run",
            Status::Infeasible => "none: the run stopped before it was known",
        };
        let missing = |q: &&mut Quantity| !q.value.is_some_and(f64::is_finite);
        for quantity in self.summary.iter_mut().filter(missing) {
            quantity.note = match quantity.note.as_str() {
                "" => why.to_string(),
                note => format!("{why}; {note}"),
            };
        }
    }

    /// The number of the summary with this id; `None` where there is none.
    pub fn quantity(&self, id: &str) -> Option<&Quantity> {
        self.summary.iter().find(|q| q.id == id)
    }

    /// The series with this id; `None` where there is none.
    pub fn series(&self, id: &str) -> Option<&Series> {
        self.series.get(id)
    }

    /// The chart with this id; `None` where there is none.
    pub fn chart(&self, id: &str) -> Option<&Chart> {
        self.charts.iter().find(|c| c.id == id)
    }
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::ledger::*;
    pub use super::number::*;
}
