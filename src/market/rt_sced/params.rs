//! What the user chooses in a rolling RT-SCED.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// Inputs of a rolling real-time security-constrained economic dispatch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RtSced {
    pub method: Method,
    pub df: DistributionFactors,
    pub equivalent: NetworkEquivalent,
    /// Number of dispatch intervals, 1 to [`RtSced::MAX_INTERVALS`].
    pub intervals: usize,
    pub interval_minutes: f64,
    /// Intervals cleared together, of which only the first binds: 1 looks no further than itself,
    /// at most [`RtSced::MAX_HORIZON`].
    pub look_ahead_intervals: usize,
    /// Multiplier of every load per interval; the last one holds on, empty means 1.
    pub load_profile: Vec<f64>,
    pub operation: Operation,
    /// What lines lose.
    pub losses: LossModel,
    /// Losses after which every line stays within its rating.
    pub security: Security,
    /// Rating of a line after an outage, as a share of its rating.
    pub rating_after_outage: f64,
    /// Minutes that units have after the loss of a line to move, each by its ramp, until every line is within that
    /// rating; 0: nothing moves.
    pub corrective_minutes: f64,
    /// Bus the energy component of the LMP refers to; empty: distributed as the load is.
    pub reference: String,
    pub initial: Initial,
    /// DER whose output is followed in the stability view; empty: the one that swings most.
    pub watch: String,
    /// Every rule of the paper's Fig. 8 is run as well and drawn beside the others.
    pub rules_beside: bool,
}

/// How the ISO's dispatch sees the aggregated DERs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Each aggregator is one commercial pricing node; its effect on a line goes through
    /// distribution factors, `Eq. [zuo2022](3)` and `(10)`.
    #[default]
    DistributionFactors,
    /// Network equivalent with the aggregated bid interpolated on a Union Jack triangulation:
    /// section III of `[zuo2022]`. Lines that are not critical see the aggregate through its
    /// factors.
    UnionJack,
    /// Network equivalent with the aggregated bid as the convex function it is, by cuts; no
    /// binaries, several aggregators and lines at once.
    ExactCurve,
    /// Every DER is dispatched at its own elemental pricing node: the global optimum.
    Optimal,
}

impl Method {
    /// The dispatch sees aggregators through their network equivalents.
    pub fn is_equivalent(self) -> bool {
        matches!(self, Method::UnionJack | Method::ExactCurve)
    }
}

/// The network equivalent of aggregators, `Eq. [zuo2022](11)` to `(16)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NetworkEquivalent {
    pub lines: CriticalLines,
    /// Critical lines by aggregator, for `given`: one line, or a list. Aggregators not listed are
    /// seen through their factors.
    pub critical_lines: BTreeMap<String, Lines>,
    /// The Union Jack has (2^m + 1)² vertices, m from 1 to [`RtSced::MAX_M`].
    pub m: u32,
    pub rectangle: Rectangle,
    /// Sides of the rectangle `own`.
    pub own: Sides,
}

impl NetworkEquivalent {
    /// What a Union Jack over several critical lines would take: with L lines and d = 1 + L axes,
    /// (2^M + 1)^d vertices, a program (12) to (16) for each, and d M + d (d − 1)/2 binaries for the
    /// d! simplices of a cell.
    pub fn grid_over(&self, lines: usize) -> String {
        let axes = 1 + lines;
        let vertices = f64::from((1_u32 << self.m.min(RtSced::MAX_M)) + 1).powi(axes as i32);
        let binaries = axes * self.m as usize + axes * (axes - 1) / 2;
        format!(
            "With M = {} their grid would have (2^{} + 1)^{axes} = {vertices} vertices, a dispatch of the aggregator at each, and {binaries} binaries; here a Union Jack plane takes one line. Name one, or choose the exact curve, which takes several lines without binaries",
            self.m, self.m
        )
    }
}

/// Where the critical lines come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CriticalLines {
    /// The lines that bind or nearly do in the dispatch with distribution factors, where the
    /// factors can be wrong about them.
    #[default]
    Proposed,
    /// Those of `critical_lines`.
    Given,
}

/// Ids of one or more lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(untagged)]
pub enum Lines {
    One(String),
    Several(Vec<String>),
}

impl Lines {
    /// The ids, in the order given.
    pub fn ids(&self) -> &[String] {
        match self {
            Lines::One(id) => std::slice::from_ref(id),
            Lines::Several(ids) => ids,
        }
    }
}

/// The rectangle that a Union Jack covers, P_a by P_l''.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rectangle {
    /// P_a over its range; P_l'' from 0 to the line's limit, in the direction in which the others
    /// load the line before the first interval.
    #[default]
    Natural,
    /// The least rectangle around the feasible region.
    Tight,
    /// As given in `own`.
    Own,
}

/// Sides of a rectangle, MW.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Sides {
    pub p_a_min_mw: f64,
    pub p_a_max_mw: f64,
    pub p_other_min_mw: f64,
    pub p_other_max_mw: f64,
}

/// Where the distribution factors come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DistributionFactors {
    pub rule: Rule,
    /// Number of past factors averaged by `moving_average`.
    pub window: usize,
    /// Weights of the past factors in `weighted`, newest first; what counts is their size against
    /// their sum.
    pub weights: Vec<f64>,
    /// Weight of the newest observation in `smoothing`, above 0 to 1.
    pub alpha: f64,
    /// Factors of the rule `given`, by DER; members not listed share the rest by capacity.
    pub given: BTreeMap<String, f64>,
}

/// How the output of an aggregator is expected to split over its DERs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Share of capacity, `Eq. [zuo2022](1)`.
    #[default]
    Capacity,
    /// Share of the latest state estimation, `Eq. [zuo2022](2)`.
    LatestSe,
    /// Share of the capacity not yet scheduled.
    Unscheduled,
    /// Mean of the last `window` factors.
    MovingAverage,
    /// Mean of all factors so far.
    MeanOfAll,
    /// Exponential smoothing with weight `alpha` on the newest.
    Smoothing,
    /// Weighted mean of the last factors with the user's `weights`, strategy (iii) of `[zuo2022]`
    /// section IV.A.
    Weighted,
    /// The DER of the bid block that is next in merit order takes the whole change of P_a.
    MeritOrder,
    /// No factors: each bid block carries the shift factor of its own DER.
    Block,
    /// Fixed by the user.
    Given,
}

/// What actual operation does with an instruction that overloads a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// The instruction is carried out, the overload stands.
    #[default]
    AsInstructed,
    /// The smallest redispatch in MW that clears the overload, at least cost among equals,
    /// comes before the state estimation.
    Curtailed,
}

/// What may be lost without a line over its rating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Nothing: lines are held to their limits as they are.
    #[default]
    None,
    /// Any one line whose loss does not split the network.
    Lines,
    /// The same, and any one generator, whose output the others take up in proportion to their greatest output.
    LinesAndUnits,
}

/// What lines lose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LossModel {
    /// Nothing.
    #[default]
    None,
    /// r p² / base each, half of it drawn at either end; LMPs with marginal losses.
    Marginal,
}

/// State estimation before the first interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Initial {
    /// Output by generator in MW; when empty, the merit order without network limits.
    pub generators: BTreeMap<String, f64>,
    /// Output by DER in MW; those not listed are at their minimum.
    pub ders: BTreeMap<String, f64>,
}

impl RtSced {
    /// Two days of five-minute intervals.
    pub const MAX_INTERVALS: usize = 576;
    /// Two hours of five-minute intervals.
    pub const MAX_HORIZON: usize = 24;
    /// Ten times its rating, and no line holds anything.
    pub const MAX_RATING_AFTER_OUTAGE: f64 = 10.0;
    /// A day.
    pub const MAX_CORRECTIVE_MINUTES: f64 = 1440.0;
    /// 257 × 257 vertices.
    pub const MAX_M: u32 = 8;

    /// Load multiplier of interval `t` (0-based).
    pub fn load_multiplier(&self, t: usize) -> f64 {
        match self.load_profile.get(t) {
            Some(multiplier) => *multiplier,
            None => self.load_profile.last().copied().unwrap_or(1.0),
        }
    }

    /// Intervals cleared together; behind network equivalents always one.
    pub fn horizon(&self) -> usize {
        match self.method.is_equivalent() {
            true => 1,
            false => self.look_ahead_intervals.max(1),
        }
    }

    /// Length of an interval, h.
    pub fn interval_hours(&self) -> f64 {
        self.interval_minutes / 60.0
    }
}

impl Default for RtSced {
    fn default() -> Self {
        RtSced {
            method: Method::default(),
            df: DistributionFactors::default(),
            equivalent: NetworkEquivalent::default(),
            intervals: 12,
            interval_minutes: 5.0,
            look_ahead_intervals: 1,
            load_profile: Vec::new(),
            operation: Operation::default(),
            losses: LossModel::default(),
            security: Security::default(),
            rating_after_outage: 1.0,
            corrective_minutes: 0.0,
            reference: String::new(),
            initial: Initial::default(),
            watch: String::new(),
            rules_beside: false,
        }
    }
}

impl Default for NetworkEquivalent {
    fn default() -> Self {
        NetworkEquivalent {
            lines: CriticalLines::default(),
            critical_lines: BTreeMap::new(),
            m: 4,
            rectangle: Rectangle::default(),
            own: Sides::default(),
        }
    }
}

impl Default for DistributionFactors {
    fn default() -> Self {
        DistributionFactors {
            rule: Rule::default(),
            window: 3,
            weights: vec![0.5, 0.3, 0.2],
            alpha: 0.3,
            given: BTreeMap::new(),
        }
    }
}
