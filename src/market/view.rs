//! What a reader looks at: no part of the question, so a change of it solves nothing.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// Which step, element or outcome a report shows; what is left empty is the mechanism's own choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct View {
    /// Step of the clock, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// Feeder or zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feeder: Option<String>,
    /// Two players of a bargain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub players: Option<(String, String)>,
    /// The outcome that headline, ledger and charts follow where several are computed: a behaviour of the
    /// bidders, or a way to buy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// How far the lesson is: `predict`, `try-1` and on, or `why`; no report depends on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lesson: Option<String>,
    /// The comparison holds the mechanisms of all papers, not only the schemes of this one; no report depends on it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub across: bool,
    /// The drawer of the page that stands open; no report depends on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawer: Option<String>,
    /// Layers that are on, as `CHART/LAYER`, of the charts that are named; `CHART/` alone for none of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<String>,
}

impl View {
    /// Whether a layer of a chart is on; nothing where the chart itself says so.
    pub fn shows(&self, chart: &str, layer: &str) -> Option<bool> {
        let named = self.layers.iter().filter_map(|named| named.split_once('/'));
        let mut own = named.filter(|(of, _)| *of == chart).peekable();
        own.peek()?;
        Some(own.any(|(_, named)| named == layer))
    }

    /// The step shown, from 0, of `steps`.
    pub fn step_of(&self, steps: usize) -> usize {
        self.step.unwrap_or(1).clamp(1, steps.max(1)) - 1
    }
}
