//! What is wrong with a case, where, and what to do about it.

use super::text::visible_line;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// Whether a [`Problem`] keeps the case from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// What is wrong, where something else is to be done about it than about other findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Made by a newer version of the program.
    Newer,
    /// No preset has the id.
    UnknownPreset,
    /// A file in the format of another program, which may be converted.
    OtherFormat,
}

/// One finding: the field, what is wrong with its value, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Problem {
    pub severity: Severity,
    /// Dot-separated path such as `case.branches.2-3.max_p_mw`, or `line 12` of an imported file.
    pub field: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Ids that may be meant instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meant: Vec<String>,
}

/// Longest text of a finding, bytes; a value quoted in it may be a whole file.
const MAX_TEXT: usize = 8000;

/// A message may quote what a user wrote: on one line, nothing in it hidden, not without end.
fn shown(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        text.truncate(text.floor_char_boundary(MAX_TEXT));
        text.push('…');
    }
    match visible_line(&text) {
        Cow::Owned(written_out) => written_out,
        Cow::Borrowed(_) => text,
    }
}

impl Problem {
    /// A finding that keeps the case from being used.
    pub fn error(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            field: shown(field.into()),
            message: shown(message.into()),
            code: None,
            meant: Vec::new(),
        }
    }

    /// An error that is handled in its own way.
    pub fn coded(code: Code, field: &str, message: impl Into<String>) -> Self {
        Self {
            code: Some(code),
            ..Self::error(field, message)
        }
    }

    /// A finding that the reader should know of; the case can be used.
    pub fn warning(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(field, message)
        }
    }

    /// Whether it keeps the case from being used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// A case that cannot be used, with every reason found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(pub Vec<Problem>);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}
