//! A chart as numbers: what is drawn, on which axes, and what it is about.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// A chart: which series on which axes. Drawn by [`crate::chart`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Chart {
    pub id: String,
    /// What is shown, without the unit: `Dispatch`.
    pub title: String,
    pub x: Axis,
    pub y: Axis,
    pub marks: Vec<Mark>,
    /// One sentence that says what the chart shows.
    pub summary: String,
    /// What it is about: charts of one topic lie together.
    #[serde(default)]
    pub topic: Topic,
    /// x and y share one scale (a map of x onto x).
    #[serde(default)]
    pub square: bool,
    /// Any point of the plane can be asked about with this key: `run::probe` answers with a
    /// `Probe`.
    #[serde(default)]
    pub probe: Option<String>,
    /// One of several small ones that are read beside one another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub small: bool,
    /// What the point is called at which a chart with `probe` stands before another is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// What can be laid over the marks, each with a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<ChartLayer>,
}

/// Marks that are switched on and off together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct ChartLayer {
    pub id: String,
    /// The words of its switch.
    pub name: String,
    /// What there is to see: one sentence for every step of the clock, or one for all.
    pub says: Vec<String>,
    pub marks: Vec<Mark>,
    /// Part of the first view.
    pub on: bool,
    /// A number that can be asked about with the chart's `probe` key and `:KEY=VALUE` after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slider: Option<Slider>,
}

/// A whole number that is moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Slider {
    pub key: String,
    pub name: String,
    pub from: u32,
    pub to: u32,
    /// Where it stands at first: the number that the marks of the layer have.
    pub value: u32,
}

/// What a [`Chart`] is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What energy costs where.
    Prices,
    /// Power and energy, voltages, loading.
    #[default]
    Flows,
    /// Who pays and who gains.
    Money,
    /// What can be reached, and at what cost.
    Region,
    /// From one step or exchange to the next.
    Stability,
}

impl Topic {
    /// What a chart with this unit is about, unless it says otherwise.
    pub(super) fn of_unit(unit: &str) -> Topic {
        match unit {
            "$" | "$/h" => Topic::Money,
            "$/MWh" | "$/kWh" | "¢/kWh" => Topic::Prices,
            _ => Topic::Flows,
        }
    }
}

impl Chart {
    /// With what it is about.
    pub fn about(self, topic: Topic) -> Chart {
        Chart { topic, ..self }
    }
}

/// What a direction of a chart measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Axis {
    pub label: String,
    pub unit: String,
    /// Show zero even when the data stay away from it.
    #[serde(default)]
    pub zero: bool,
    /// Numbers that it holds whatever the data do, so that charts beside one another have one scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<(f64, f64)>,
}

/// Who a mark belongs to: the same colour everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Generator,
    Der,
    Aggregator,
    Load,
    Line,
    Price,
    Optimum,
    Reference,
}

/// One thing drawn in a chart, by the ids of its series or with its own numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Mark {
    /// A series joined by straight strokes, or by steps when it holds over each interval.
    Line {
        series: String,
        role: Role,
        #[serde(default)]
        step: bool,
        #[serde(default)]
        points: bool,
        #[serde(default)]
        dashed: bool,
        /// Part of the first view; the rest is one press away in the legend.
        shown: bool,
    },
    /// A constant across the chart, dashed, with its name: a limit.
    Rule { value: f64, label: String },
    /// The diagonal y = x of a map.
    Diagonal { label: String },
    /// One marked point.
    Point { x: f64, y: f64, label: String },
    /// Steps of the clock (from 1) flagged across the whole height with a hatched band, e.g.
    /// `over a limit`.
    Flag { at: Vec<usize>, label: String },
    /// One bar per named item, e.g. LMP by bus; follows the clock when there is one:
    /// the height of bar `k` at step `t` is `series[k].values[t]`.
    Bars {
        labels: Vec<String>,
        series: Vec<String>,
        role: Role,
    },
    /// The rows of a dot plot from the top down, in which its [`Mark::Dots`] stand; the horizontal axis is their scale.
    Rows {
        names: Vec<String>,
        /// The [`Alternative`](super::Alternative) that each row is of, by its id; empty where none can be chosen.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alternatives: Vec<String>,
        /// What of a row breaks a limit, in words, where anything does: hatched from the first to the last of its dots.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        over: Vec<String>,
    },
    /// A value in each row, `series[k].values` at the index `k` from 1: hollow where it is not the last word, joined from row
    /// to row where it is of one party.
    Dots {
        series: String,
        role: Role,
        #[serde(default)]
        hollow: bool,
        #[serde(default)]
        joined: bool,
        shown: bool,
    },
    /// A path of points (x of the series' index, y of its values) that is walked by the clock: the
    /// first point belongs to the first step, and every step adds the same number of strokes.
    Walk { series: String, role: Role },
    /// Convex cells of the plane with a value that is linear on each.
    Surface {
        /// What the value is, e.g. `cost`.
        label: String,
        unit: String,
        cells: Vec<SurfaceCell>,
        /// Values that the colours tell apart; those beyond have the colours of its ends. Absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        range: Option<(f64, f64)>,
    },
    /// Straight edges with a name each, e.g. the limits that bound a region.
    Edges { edges: Vec<Edge> },
    /// The outline of a set laid over the picture, hatched; corners in order, closed.
    Outline {
        label: String,
        role: Role,
        corners: Vec<(f64, f64)>,
    },
    /// Parts of the plane with a name each, at every step of the clock or at all of them alike.
    Parts {
        /// What all of them are.
        label: String,
        role: Role,
        /// Filled with a hatch; otherwise only bordered.
        #[serde(default)]
        hatched: bool,
        /// They are beyond a limit.
        #[serde(default)]
        over: bool,
        steps: Vec<Vec<Named>>,
    },
    /// Points joined by segments; the excluded ones are marked apart and take part in no triangle.
    Triangulation {
        label: String,
        points: Vec<(f64, f64)>,
        /// Indices of points.
        excluded: Vec<usize>,
        /// Pairs of indices of points.
        segments: Vec<(usize, usize)>,
    },
}

/// One convex cell of a [`Mark::Surface`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct SurfaceCell {
    /// What holds on the cell, in a few words.
    pub label: String,
    /// x, y and value at each corner, in order around the cell.
    pub corners: Vec<(f64, f64, f64)>,
}

/// One straight edge of [`Mark::Edges`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Edge {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub label: String,
}

/// One convex part of [`Mark::Parts`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Named {
    /// Written in it where there is room; may be empty.
    pub label: String,
    /// In order around it.
    pub corners: Vec<(f64, f64)>,
}
