//! What became of a file from which a case was read.

use serde::{Deserialize, Serialize};
use std::fmt;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// What a reader kept, changed, left out and assumed, in sentences with counts and units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Import {
    /// Kind and name of the file.
    pub format: String,
    pub kept: Vec<String>,
    /// Held in another form.
    pub changed: Vec<String>,
    pub left_out: Vec<String>,
    /// What the file does not say.
    pub assumed: Vec<String>,
}

impl Import {
    /// This report with what a reader did after it; the format stays that of the file.
    #[must_use]
    pub fn before(mut self, later: Import) -> Import {
        let format = std::mem::take(&mut self.format);
        self.extend(later);
        Import { format, ..self }
    }

    /// Adds what was done with a second file.
    pub fn extend(&mut self, other: Import) {
        if !self.format.is_empty() {
            self.format.push_str("; ");
        }
        self.format.push_str(&other.format);
        self.kept.extend(other.kept);
        self.changed.extend(other.changed);
        self.left_out.extend(other.left_out);
        self.assumed.extend(other.assumed);
    }
}

/// The format, then a line for every sentence with the name of its list.
impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.format)?;
        let lists = [
            ("kept", &self.kept),
            ("changed", &self.changed),
            ("left out", &self.left_out),
            ("assumed", &self.assumed),
        ];
        for (name, sentences) in lists {
            for sentence in sentences {
                writeln!(f, "  {name}: {sentence}")?;
            }
        }
        Ok(())
    }
}

/// `1 bus`, `2 buses`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}

/// A sum for a sentence: two decimals at most, no trailing zeros.
pub fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" => "0".to_string(),
        text => text.to_string(),
    }
}
