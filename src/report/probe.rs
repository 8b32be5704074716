//! What holds at one point of a chart that can be asked about.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

use super::Table;

/// What holds at one point of a chart that can be probed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    /// What the point makes of things of the case; series that are not named are not known there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Shown>,
    /// The step of the clock, from 1, that these are of; of the one in view where empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The limits of the edges that the point lies on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edges: Vec<String>,
    /// How far the point lies beyond a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<Beyond>,
    /// A triangulation of the plane with another number of points than that of the chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<Net>,
}

/// Changes of inputs made together at the press of a button.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Offer {
    pub label: String,
    /// Path and value of each input.
    pub changes: Vec<(String, f64)>,
}

/// The value of a series at a point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Shown {
    /// Its id, as in the report.
    pub series: String,
    pub value: f64,
}

/// The way from a point beyond a limit to the edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Beyond {
    /// The point of the edge.
    pub to: (f64, f64),
    /// By how much it lies beyond which limit, e.g. `0.5 MW over line 2-3`.
    pub label: String,
}

/// Points joined by segments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Net {
    /// What it costs, in a sentence.
    pub says: String,
    /// The same as a number: the last interval above its optimum, $/h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above_optimum_usd_per_h: Option<f64>,
    pub points: Vec<(f64, f64)>,
    /// Indices of points that take part in no triangle.
    pub excluded: Vec<usize>,
    /// Pairs of indices of points.
    pub segments: Vec<(usize, usize)>,
}
