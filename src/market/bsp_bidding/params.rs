//! What the mechanism is asked.

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::case::local::LocalResource;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// The balancing market of a DSO with strategic providers, and its second stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BspBidding {
    /// The network on which the DSO clears its market.
    pub network: Network,
    /// Owners that bid strategically; the first owner of the case where empty. With several each
    /// answers the others in turn.
    pub strategic: Vec<String>,
    pub settlement: Settlement,
    /// How the best bids are found.
    pub method: Method,
    /// Nodes of the search after which it ends with a bound, per period.
    pub node_limit: u32,
    /// Highest bid upwards in multiples of the day-ahead price; a bid may always cover its cost.
    pub max_up_bid: Option<f64>,
    /// Lowest bid downwards, likewise; a bid may always ask for its value.
    pub min_down_bid: Option<f64>,
    /// Bids far from their cost are replaced.
    pub monitoring: Option<Monitoring>,
    /// The reader's bids for the first strategic owner; empty for none.
    pub own: Vec<OwnBid>,
    /// Period from 1 in which the ways to the best bids are compared, and which is handed over.
    pub hour: usize,
    /// Two resources whose bids the chart of profits is over; the first two of the strategic owner
    /// where empty.
    pub resources: Option<(String, String)>,
    /// What the DSO maximises when it says what the TSO may use.
    pub weight: Weight,
    /// Points drawn to check that everything the DSO forwards is safe, per period.
    pub samples: u32,
    /// Rounds of answers after which several strategic owners are left as they are.
    pub rounds: u32,
    /// What the strategic owner expects of the TSO's market; without it bids are for the DSO's market
    /// alone.
    pub tso_market: Option<TsoMarket>,
    /// What the DSO forwards as a residual supply function, beside the box, and the common market
    /// through such functions, in that period.
    pub handover: bool,
}

impl Default for BspBidding {
    fn default() -> Self {
        BspBidding {
            network: Network::default(),
            strategic: Vec::new(),
            settlement: Settlement::default(),
            method: Method::default(),
            node_limit: 20_000,
            max_up_bid: None,
            min_down_bid: None,
            monitoring: None,
            own: Vec::new(),
            hour: 1,
            resources: None,
            weight: Weight::default(),
            samples: 10_000,
            rounds: 100,
            tso_market: None,
            handover: false,
        }
    }
}

impl BspBidding {
    /// Whether the DSO clears its market on the branch-flow cone.
    pub fn on_cone(&self) -> bool {
        self.network == Network::Cone
    }

    /// Whether activated energy is paid its own bid, not the price of its bus.
    pub fn pay_as_bid(&self) -> bool {
        self.settlement == Settlement::PayAsBid
    }

    /// Writes out what is left empty and what a form can change: the strategic owner, the reader's
    /// bids of its resources at cost, the two resources of the chart of profits.
    pub fn complete(&mut self, case: &Case) {
        let Some(market) = &case.local_market else {
            return;
        };
        if self.strategic.is_empty()
            && let Some(first) = market.resources.first()
        {
            self.strategic.push(first.owner.clone());
        }
        let player = self.strategic.first().cloned();
        let (mine, rivals): (Vec<&LocalResource>, Vec<_>) = market
            .resources
            .iter()
            .partition(|r| player.as_ref() == Some(&r.owner));
        let rival = |id: &String| rivals.iter().any(|r| r.id == *id);
        self.own.retain(|own| !rival(&own.id));
        let shown = self.resources.take();
        self.resources = shown.filter(|(a, b)| !rival(a) && !rival(b));
        for resource in &mine {
            let (up, down) = (resource.up_cost.first(), resource.down_value.first());
            if let (Some(&up), Some(&down)) = (up, down)
                && !self.own.iter().any(|own| own.id == resource.id)
            {
                let id = resource.id.clone();
                self.own.push(OwnBid { id, up, down });
            }
        }
        if self.resources.is_none()
            && let [a, b, ..] = mine[..]
        {
            self.resources = Some((a.id.clone(), b.id.clone()));
        }
    }
}

/// The network of the DSO's market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// LinDistFlow: linear, no losses.
    #[default]
    Linear,
    /// The branch-flow second-order cone: losses, reactive power and currents, beside the AC power flow.
    /// No bound of the best bids is known on it.
    Cone,
}

/// How the owners bid; a day is run under each, the reader's own where there are bids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// No local market: the TSO covers everything.
    TsoOnly,
    /// Everyone bids at cost.
    Truthful,
    /// The strategic owners bid what earns them most.
    #[default]
    Strategic,
    /// The first strategic owner bids as the reader says.
    Own,
}

impl Behaviour {
    /// Every behaviour, in the order of tables and charts.
    pub const ALL: [Behaviour; 4] = [
        Behaviour::TsoOnly,
        Behaviour::Truthful,
        Behaviour::Strategic,
        Behaviour::Own,
    ];

    /// The behaviour with this [`Behaviour::id`]; `None` for an unknown one.
    pub fn of_id(id: &str) -> Option<Behaviour> {
        Behaviour::ALL.into_iter().find(|b| b.id() == id)
    }

    /// As in the JSON form and in ids of series.
    pub fn id(self) -> &'static str {
        match self {
            Behaviour::TsoOnly => "tso_only",
            Behaviour::Truthful => "truthful",
            Behaviour::Strategic => "strategic",
            Behaviour::Own => "own",
        }
    }

    /// In words, as the reader sees it.
    pub fn name(self) -> &'static str {
        match self {
            Behaviour::TsoOnly => "TSO only",
            Behaviour::Truthful => "truthful",
            Behaviour::Strategic => "strategic",
            Behaviour::Own => "your bids",
        }
    }
}

/// What an activated MWh is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The price of its bus.
    #[default]
    Uniform,
    PayAsBid,
}

/// How the bids that earn a strategic owner most are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Linear programs, branching on violated complementarity.
    #[default]
    Branching,
    /// One mixed-integer program per period.
    Milp,
    /// Every combination of candidate prices; a lower bound where voltages bind.
    Enumeration,
}

/// A bid further than `threshold` (a share of its cost) from its cost is replaced by the cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Monitoring {
    pub threshold: f64,
}

impl Default for Monitoring {
    fn default() -> Self {
        Monitoring { threshold: 0.1 }
    }
}

/// What an owner expects to earn with a MW that the DSO forwards to the TSO.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TsoMarket {
    /// Price expected for energy upwards in multiples of the day-ahead price.
    pub up_price: f64,
    /// Price expected to be paid for energy downwards, likewise.
    pub down_price: f64,
    /// Share of a MW forwarded upwards that is expected to be activated, or the probability that all
    /// of it is.
    pub up_share: f64,
    /// The same downwards.
    pub down_share: f64,
}

impl Default for TsoMarket {
    fn default() -> Self {
        TsoMarket {
            up_price: 1.5,
            down_price: 0.6,
            up_share: 0.5,
            down_share: 0.5,
        }
    }
}

/// The reader's bids of one resource in multiples of the day-ahead price, the same in every period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnBid {
    /// Resource.
    pub id: String,
    pub up: f64,
    pub down: f64,
}

/// Worth of a forwarded MW.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Every MW the same.
    #[default]
    Volume,
    /// What it saves against the TSO's own price.
    Value,
}
