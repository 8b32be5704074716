//! What the mechanism is asked.

use serde::{Deserialize, Serialize};

use crate::network::formulation::feeder::Physics;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// Hierarchical clearing by residual supply functions, or one of the schemes it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ResidualSupply {
    pub scheme: Scheme,
    /// How feeders are modelled.
    pub physics: Physics,
    pub rsf: Rsf,
    /// Where the cone is not tight, steps back to an AC power flow after the disaggregation.
    pub recover_ac: bool,
    /// What balancing service providers are paid.
    pub settlement: Settlement,
    /// Price at which the local market values energy while it solves its congestion, $/MWh; the
    /// transmission price without distribution bids where empty.
    pub reference_usd_per_mwh: Option<f64>,
}

impl Default for ResidualSupply {
    fn default() -> Self {
        ResidualSupply {
            scheme: Scheme::default(),
            physics: Physics::default(),
            rsf: Rsf::default(),
            recover_ac: true,
            settlement: Settlement::default(),
            reference_usd_per_mwh: None,
        }
    }
}

/// Who sees what, and in which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Common market, cleared in levels by residual supply functions.
    #[default]
    Rsf,
    /// Common market, one program over all networks.
    Common,
    /// The TSO takes distribution bids and sees no feeder.
    CentralisedAs,
    /// The DSO solves its congestion first and forwards what is left, unchecked.
    LocalAs,
    /// The DSO first, then what is left cut to what is safe in any combination.
    SequentialFiltered,
    /// Every area balances itself and keeps its scheduled exchange.
    SharedBalancing,
    /// Distribution bids are not used at all.
    NoDsoBids,
    /// The common market with the commercial parties' bids admitted.
    Integrated,
}

impl Scheme {
    /// Every scheme, in the order of the form and of the comparison.
    pub const ALL: [Scheme; 8] = [
        Scheme::Rsf,
        Scheme::Common,
        Scheme::CentralisedAs,
        Scheme::LocalAs,
        Scheme::SequentialFiltered,
        Scheme::SharedBalancing,
        Scheme::NoDsoBids,
        Scheme::Integrated,
    ];

    /// As in the JSON form, and in words.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Scheme::Rsf => ("rsf", "common market by residual supply functions"),
            Scheme::Common => ("common", "common market in one program"),
            Scheme::CentralisedAs => ("centralised_as", "centralised market without feeder limits"),
            Scheme::LocalAs => ("local_as", "local market first"),
            Scheme::SequentialFiltered => {
                ("sequential_filtered", "local market first, bids filtered")
            }
            Scheme::SharedBalancing => ("shared_balancing", "shared balancing responsibility"),
            Scheme::NoDsoBids => ("no_dso_bids", "no distribution bids"),
            Scheme::Integrated => ("integrated", "integrated flexibility market"),
        }
    }

    /// As in the JSON form.
    pub fn id(self) -> &'static str {
        self.names().0
    }

    /// In words, as the reader sees it.
    pub fn name(self) -> &'static str {
        self.names().1
    }
}

/// Price paid for activated energy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The price of the resource's own bus.
    #[default]
    Nodal,
    /// The price of the transmission bus above it, for everyone below.
    BalancingPrice,
}

/// How residual supply functions are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Rsf {
    pub variant: Variant,
    pub grid: Grid,
    /// Points of the uniform grid.
    pub points: u32,
    /// The adaptive grid stops when no chord can be off by more, $.
    pub gap_usd: f64,
    /// Most points of the adaptive grid, per area.
    pub max_points: u32,
    pub step_price: StepPrice,
    pub form: Form,
    /// Nested cuts are taken until the clearing, with bids taken in part, can be off by no more, $.
    pub clearing_gap_usd: f64,
    /// Further exchanges: the cleared exports are sampled, too, and the market clears again.
    pub rounds: u32,
}

impl Default for Rsf {
    fn default() -> Self {
        Rsf {
            variant: Variant::default(),
            grid: Grid::default(),
            points: 300,
            gap_usd: 0.01,
            max_points: 40,
            step_price: StepPrice::default(),
            form: Form::default(),
            clearing_gap_usd: 0.01,
            rounds: 0,
        }
    }
}

/// At which exports an area is sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grid {
    /// Where the certified error is largest.
    #[default]
    Adaptive,
    /// Equally spaced over the boundary's limit, as published.
    Uniform,
}

/// What stands for the cost of whole bids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// Whole bids may be taken in part (the paper).
    #[default]
    Relaxed,
    /// Lower convex envelope of the cost with whole bids.
    ConvexHull,
    /// Slopes of the cost with whole bids held at their choice; made ascending.
    FixAndPrice,
    /// Ascending chords through what was achieved with whole bids: not sold below cost at the exports
    /// sampled, which further rounds make those that clear.
    SafeChord,
}

/// How a curve is written into the area above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Steps of a price each, period by period, as published.
    #[default]
    Steps,
    /// TC ≥ TC_k + μ_k·(e − e_k), linked over the periods: a lower bound of TC everywhere.
    Cuts,
    /// Cuts, taken anew at the exports of each period that the clearing asks for, until it is certain
    /// enough.
    NestedCuts,
}

impl Form {
    /// What the area above is given: steps or cuts.
    pub fn handed_over(self) -> Form {
        match self {
            Form::Steps => Form::Steps,
            Form::Cuts | Form::NestedCuts => Form::Cuts,
        }
    }
}

/// How the price of a step follows from the samples at its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepPrice {
    /// The slope at the right end, as published.
    RightEnd,
    /// (TC_n − TC_(n−1)) / Δ: never less than the cost, exact where every kink is a sample.
    #[default]
    Chord,
}
