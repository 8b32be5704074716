//! What did the user ask?
//!
//! A [`Scenario`] is the whole truth of a run: the case, the mechanism and its parameters. The
//! same JSON runs in the terminal, in the tests and in the page. What a reader looks at stands beside it
//! in a [`Document`]: files and links hold one.

mod beside;
mod change;
mod document;
mod file;
pub mod gallery;
#[cfg(feature = "files")]
mod import;
pub(crate) mod lesson;
pub mod link;
#[cfg(feature = "files")]
pub mod look;
mod open;
mod tidy;

pub use crate::inputs::path;

pub use file::text as file_text;
#[cfg(feature = "files")]
pub use import::import_series;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{Case, Problem};
pub use crate::market::{Mechanism, View};
pub use change::set;
pub use document::Document;

/// The version of the scenario format written by this program.
pub const SCENARIO_VERSION: u32 = 1;

/// Longest text accepted as a scenario, bytes.
pub const MAX_TEXT: usize = 32 << 20;

/// A build without the feature `files`.
#[cfg(not(feature = "files"))]
fn no_files() -> Problem {
    Problem::error("file", "This build reads no files of other programs.")
}

/// The series of a CSV file in a scenario.
///
/// # Errors
/// Always: this build reads none.
#[cfg(not(feature = "files"))]
pub fn import_series(
    _: &Document,
    _: &str,
    _: &str,
    _: &str,
) -> Result<(Document, crate::case::Import), Vec<Problem>> {
    Err(vec![no_files()])
}

/// One question to one mechanism about one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub version: u32,
    pub title: String,
    /// The preset it started from, whose printed numbers are shown beside ours; empty if none.
    #[serde(default)]
    pub preset: String,
    pub case: Case,
    pub mechanism: Mechanism,
}

impl Scenario {
    /// Reads and checks a scenario, or a bare case, from JSON text.
    ///
    /// # Errors
    /// Every problem found, each with its field and what to do.
    pub fn from_json(text: &str) -> Result<Scenario, Vec<Problem>> {
        Ok(Document::from_json(text)?.into_scenario())
    }

    /// Reads and checks a scenario from a JSON value; a bare case becomes a dispatch of it.
    ///
    /// # Errors
    /// As [`Scenario::from_json`].
    pub fn from_value(value: Value) -> Result<Scenario, Vec<Problem>> {
        Ok(Document::from_value(value)?.into_scenario())
    }

    /// Reads whatever a user opens, as [`Document::open`].
    ///
    /// # Errors
    /// As there.
    pub fn open(text: &str) -> Result<Scenario, Vec<Problem>> {
        Ok(Document::open(text)?.into_scenario())
    }

    /// The scenario itself, where nothing is wrong with it.
    ///
    /// # Errors
    /// Every problem found, each with its field and what to do.
    pub fn checked(self) -> Result<Scenario, Vec<Problem>> {
        let problems = self.problems();
        match problems.iter().any(Problem::is_error) {
            true => Err(problems),
            false => Ok(self),
        }
    }

    /// Everything wrong with a scenario: errors, then warnings.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.version == 0 || self.version > SCENARIO_VERSION {
            problems.push(Problem::error(
                "version",
                format!(
                    "{} is not a version. Write {SCENARIO_VERSION}.",
                    self.version
                ),
            ));
        }
        problems.extend(self.case.validate());
        problems.extend(self.mechanism.check(&self.case));
        crate::sort::by_key(&mut problems, |p| !p.is_error());
        problems
    }

    /// As JSON text on one line, which [`Scenario::from_json`] reads.
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }

    /// As a JSON value, which [`Scenario::from_value`] reads.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::beside::*;
    pub use super::gallery::inside::*;
    pub use super::link::checksum;
}
