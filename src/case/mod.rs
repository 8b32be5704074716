//! What is the system?
//!
//! A [`Case`] is the transmission network, the distribution feeders below it and everything
//! connected to them, in MW, $/MWh and per unit. It says nothing about markets.
//!
//! Signs: injection +; branch flow from → to; boundary flow into distribution +.

pub mod balancing;
pub mod builtin;
pub mod check;
pub mod communities;
pub mod day;
pub mod import;
pub mod json;
pub mod local;
pub mod matpower;
pub mod problem;
mod reading;
pub mod series;
pub mod smartnet;
mod strict;
mod subject;
pub mod synthetic;
pub mod text;

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

pub use balancing::Balancing;
pub use builtin::builtin;
pub use communities::Communities;
pub use day::Day;
pub use import::Import;
#[cfg(not(target_arch = "wasm32"))]
pub use json::schema;
pub use local::{LocalMarket, LocalResource, LocalStorage};
pub use problem::{Code, Invalid, Problem, Severity};
pub use subject::{Subject, SubjectKind};

/// The version of the case format written by this program.
pub const CASE_VERSION: u32 = 1;

/// One power system. Ids are unique within their list (bus ids over transmission and feeders).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub version: u32,
    pub name: String,
    /// Where the data come from, with what was changed.
    #[serde(default)]
    pub source: String,
    /// What became of the file the case was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
    pub base_mva: f64,
    pub buses: Vec<Bus>,
    pub branches: Vec<Branch>,
    /// Lines whose flow is chosen rather than given by the angles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dc_lines: Vec<DcLine>,
    #[serde(default)]
    pub generators: Vec<Generator>,
    #[serde(default)]
    pub loads: Vec<Load>,
    #[serde(default)]
    pub ders: Vec<Der>,
    #[serde(default)]
    pub aggregators: Vec<Aggregator>,
    #[serde(default)]
    pub feeders: Vec<Feeder>,
    #[serde(default)]
    pub boundaries: Vec<Boundary>,
    /// Bids, imbalances and zones of a balancing market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balancing: Option<Balancing>,
    /// Profiles, flexible loads and costs of a day of operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// The balancing market of a DSO on one feeder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_market: Option<LocalMarket>,
    /// Communities with batteries and PV, and the price their LSE sells at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub communities: Option<Communities>,
}

/// A transmission bus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bus {
    pub id: String,
    /// Position in the one-line diagram in any unit, x to the right, y downwards; laid out by the
    /// page when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// Nominal voltage, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_kv: Option<f64>,
}

impl Bus {
    /// A bus of which nothing but its id is known.
    pub fn new(id: impl ToString) -> Bus {
        Bus {
            id: id.to_string(),
            x: None,
            y: None,
            base_kv: None,
        }
    }
}

/// A transmission line or transformer; flow is positive from `from` to `to`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Branch {
    pub id: String,
    pub from: String,
    pub to: String,
    /// Series reactance in per unit on the case's base; negative is allowed (series capacitor), zero is not.
    pub x_pu: f64,
    /// Series resistance in per unit on the case's base: what flows p (MW) loses r p² / base, where losses are asked for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub r_pu: f64,
    /// Off-nominal turns ratio on the `from` side; 1 for a line.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub tap: f64,
    /// Phase shift in degrees.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shift_deg: f64,
    /// Limit on the flow in either direction; `null` means not limited.
    #[serde(default)]
    pub max_p_mw: Option<f64>,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub in_service: bool,
}

/// A DC line between two transmission buses: the dispatch chooses its flow p, taken out at `from`, of which
/// (1 − `loss_share`) p arrives at `to`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DcLine {
    pub id: String,
    pub from: String,
    pub to: String,
    /// Least flow, negative from `to` to `from`.
    #[serde(default)]
    pub min_p_mw: f64,
    pub max_p_mw: f64,
    /// Share of the flow that is lost on the way.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub loss_share: f64,
}

/// One block of an offer curve: `p_mw` MW of width at one price, or at one that rises along a straight
/// line from `usd_per_mwh` at its first MW to `end_usd_per_mwh` at its last (a bid slope).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Block {
    pub p_mw: f64,
    pub usd_per_mwh: f64,
    /// Price at its last MW, no less than at its first; absent where the price is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_usd_per_mwh: Option<f64>,
}

impl Block {
    /// A block at one price.
    pub fn flat(p_mw: f64, usd_per_mwh: f64) -> Block {
        Block {
            p_mw,
            usd_per_mwh,
            end_usd_per_mwh: None,
        }
    }

    /// Price at its last MW, $/MWh.
    pub fn end(&self) -> f64 {
        self.end_usd_per_mwh.unwrap_or(self.usd_per_mwh)
    }

    /// What its price rises by for each MW, $/MW²h; 0 of a block at one price.
    pub fn slope(&self) -> f64 {
        match self.p_mw > 0.0 {
            true => (self.end() - self.usd_per_mwh) / self.p_mw,
            false => 0.0,
        }
    }
}

/// A generator. Its offer covers 0 to `max_p_mw`, prices not decreasing; the last price goes on where
/// the blocks add up to less. `min_p_mw` is taken first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Generator {
    pub id: String,
    pub bus: String,
    #[serde(default)]
    pub min_p_mw: f64,
    pub max_p_mw: f64,
    pub offer: Vec<Block>,
    /// Cost of running at no output, $/h: part of the cost whatever is produced, as every generator of
    /// a case runs.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub no_load_usd_per_h: f64,
    /// Ramp limit up and down; `null` means not limited.
    #[serde(default)]
    pub ramp_mw_per_min: Option<f64>,
}

/// An inelastic load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Load {
    pub id: String,
    pub bus: String,
    pub p_mw: f64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub q_mvar: f64,
}

/// A distributed energy resource. Like a generator from 0 to `max_p_mw`; `bus` is a transmission
/// bus, or a feeder bus which then injects at its feeder's boundary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Der {
    pub id: String,
    pub bus: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_p_mw: f64,
    pub max_p_mw: f64,
    pub offer: Vec<Block>,
}

/// A party that bids several DERs as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Aggregator {
    pub id: String,
    pub ders: Vec<String>,
}

/// A radial distribution feeder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Feeder {
    pub id: String,
    pub base_kv: f64,
    /// Bus at the substation, one of `buses`.
    pub root: String,
    /// Voltage that the substation holds.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub root_v_pu: f64,
    pub buses: Vec<FeederBus>,
    pub lines: Vec<FeederLine>,
}

/// A bus of a feeder: its load (consumption +) and the band of its voltage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FeederBus {
    pub id: String,
    #[serde(default)]
    pub p_load_mw: f64,
    #[serde(default)]
    pub q_load_mvar: f64,
    #[serde(default = "low_voltage")]
    pub min_v_pu: f64,
    #[serde(default = "high_voltage")]
    pub max_v_pu: f64,
}

/// A line of a feeder: series impedance, no shunts, and its limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FeederLine {
    pub id: String,
    pub from: String,
    pub to: String,
    pub r_ohm: f64,
    pub x_ohm: f64,
    /// Limit on the apparent power at either end.
    #[serde(default)]
    pub max_s_mva: Option<f64>,
    /// Least active power from `from` to `to`: with `max_p_mw` a limit that differs by direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_p_mw: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_p_mw: Option<f64>,
}

impl FeederLine {
    /// The share of its limits that a flow takes, of apparent and of active power the greater; none without a limit, and
    /// where nothing may flow that way. `p_mw` from `from` to `to`, `s_mva` at the more loaded end.
    pub fn share(&self, p_mw: f64, s_mva: f64) -> Option<f64> {
        let apparent = self.max_s_mva.filter(|most| *most > 0.0);
        let apparent = apparent.map(|most| s_mva / most);
        let end = match p_mw < 0.0 {
            true => self.min_p_mw,
            false => self.max_p_mw,
        };
        match end {
            Some(end) if end * p_mw <= 0.0 && p_mw != 0.0 => None,
            Some(end) if p_mw != 0.0 => Some(apparent.unwrap_or(0.0).max(p_mw / end)),
            _ => apparent,
        }
    }
}

/// Where a feeder meets transmission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Boundary {
    pub id: String,
    /// Transmission bus.
    pub bus: String,
    pub feeder: String,
    /// Limit on the exchange in either direction; `null` means not limited.
    #[serde(default)]
    pub max_p_mw: Option<f64>,
}

impl Case {
    /// Whether nothing but feeders and where they are connected is in the case: no one trades.
    pub fn is_feeders_alone(&self) -> bool {
        let connected = self.generators.len() + self.ders.len() + self.loads.len();
        let market = self.balancing.is_some()
            || self.day.is_some()
            || self.local_market.is_some()
            || self.communities.is_some();
        !self.feeders.is_empty() && connected == 0 && !market
    }

    /// The transmission bus at which something connected to `bus_id` injects: the bus itself, or
    /// for a feeder bus the bus of its feeder's boundary. `None` when the id is unknown or the
    /// feeder has no boundary.
    pub fn transmission_bus_of(&self, bus_id: &str) -> Option<&str> {
        if let Some(bus) = self.buses.iter().find(|bus| bus.id == bus_id) {
            return Some(&bus.id);
        }
        let feeder = self
            .feeders
            .iter()
            .find(|feeder| feeder.buses.iter().any(|bus| bus.id == bus_id))?;
        let boundary = self.boundaries.iter().find(|b| b.feeder == feeder.id)?;
        Some(&boundary.bus)
    }
}

fn one() -> f64 {
    1.0
}
fn yes() -> bool {
    true
}
fn low_voltage() -> f64 {
    0.9
}
fn high_voltage() -> f64 {
    1.1
}
fn is_one(value: &f64) -> bool {
    *value == 1.0
}
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
fn is_true(value: &bool) -> bool {
    *value
}
