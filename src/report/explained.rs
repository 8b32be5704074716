//! Why a number is what it is, as data.

use serde::{Deserialize, Serialize};

use super::{Subject, Table};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// Why a number is what it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Explained {
    /// The number with what it is made of, in a sentence.
    pub headline: String,
    pub value: f64,
    /// Where any value between two is right, as a price where the next MWh costs other than the last saves: least and
    /// greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    pub unit: String,
    /// The value by its parts in symbols, as LaTeX; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// They add up to the value.
    pub parts: Vec<Addend>,
    /// The chain in order: each part, the next unit, the last where it is another, what does not run and why.
    pub sentences: Vec<String>,
    /// Steps taken by another solver.
    pub proofs: Vec<Proof>,
    /// Row by row with its subject: `parts`, what parts are products of, their factors and then they themselves;
    /// `next` and `last`, what moves with the next unit and with the last, first by how much.
    pub tables: Vec<Table>,
}

/// One part of a number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Addend {
    pub name: String,
    pub value: f64,
    /// What of the case it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// What a price predicts of a step, beside the program solved again a step further.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Proof {
    /// The step: "0.1 MW more load at bus 24".
    pub name: String,
    pub predicted: f64,
    pub solved: f64,
    pub unit: String,
}
