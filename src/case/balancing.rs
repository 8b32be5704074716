//! What a balancing market adds to the network: net injections, bids with their conditions, zones.
//!
//! The hierarchy of a bid follows the European TSO-DSO pilots (SmartNet): one offer of a resource
//! over all periods ([`Bid`], there a Qt-bid) holds at most a few offers per period
//! ([`PeriodOffer`], there a Q-bid), each made of [`Segment`]s.
//!
//! Signs: injection +, so p > 0 is upward and p < 0 downward activation; the cost of p is
//! price · p, so a provider with a downward segment at 10 $/MWh pays 10 $/MWh for what it saves.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// Everything a balancing market needs beyond the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Balancing {
    /// Market periods cleared together; `period` counts from 1.
    #[serde(default = "one_period")]
    pub periods: usize,
    #[serde(default = "hour")]
    pub minutes_per_period: f64,
    /// Cost of a MWh of imbalance that nothing serves, at every bus, in either direction.
    #[serde(default = "price_cap")]
    pub price_cap_usd_per_mwh: f64,
    /// Injections already traded, beside the case's loads: they load the network and settle nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<Injection>,
    /// What the balance responsible parties are off their schedule: surplus +, shortage −.
    #[serde(default)]
    pub imbalances: Vec<Injection>,
    #[serde(default)]
    pub bids: Vec<Bid>,
    /// Groups of bids of which at most one is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusive: Vec<ExclusiveGroup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<Zone>,
}

/// A net injection at a bus: one value per period, or one for all periods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Injection {
    pub id: String,
    /// A transmission or feeder bus.
    pub bus: String,
    pub p_mw: Vec<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub q_mvar: Vec<f64>,
}

/// One resource's offer over the periods (Qt-bid).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bid {
    pub id: String,
    pub bus: String,
    /// Who is paid; the bid's own id where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub party: String,
    pub offers: Vec<PeriodOffer>,
    /// May also produce reactive power, free of charge, within `half_planes` and `max_s_mva`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reactive: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub half_planes: Vec<HalfPlane>,
    /// ‖(p, q)‖ ≤ `max_s_mva` in every period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_s_mva: Option<f64>,
    /// Limits on the change of p from one period to the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ramps: Vec<Ramp>,
    /// Started in one period, it must be on in another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minimum_duration: Vec<DurationPair>,
    /// A commercial party's bid, admitted by the integrated flexibility market only.
    #[serde(default, skip_serializing_if = "is_false")]
    pub commercial: bool,
}

/// What a bid offers in one period (Q-bid).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PeriodOffer {
    /// Same for the offers that follow each other over the periods; may be empty when there is one
    /// per period.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// From 1.
    #[serde(default = "one_period")]
    pub period: usize,
    pub segments: Vec<Segment>,
    /// Start and stop are decided against the offer of the same id in the period before.
    #[serde(default, skip_serializing_if = "is_false")]
    pub start_stop: bool,
    /// May go on, may not start.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_new_activation: bool,
}

/// A quantity at one price: σ·`min_p_mw` ≤ p ≤ σ·`max_p_mw` with σ on or off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Segment {
    #[serde(default)]
    pub min_p_mw: f64,
    pub max_p_mw: f64,
    pub usd_per_mwh: f64,
    /// All or nothing: p = σ · the end farther from zero.
    #[serde(default, skip_serializing_if = "is_false")]
    pub indivisible: bool,
}

/// q ≥ (or ≤) `slope`·p + `offset_mvar`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HalfPlane {
    pub slope: f64,
    #[serde(default)]
    pub offset_mvar: f64,
    /// q lies above the line; else below.
    pub above: bool,
}

/// `min_mw` ≤ p(`period` + 1) − p(`period`) ≤ `max_mw`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ramp {
    pub period: usize,
    #[serde(default)]
    pub min_mw: Option<f64>,
    #[serde(default)]
    pub max_mw: Option<f64>,
}

/// If the offer `start` of period `start_period` is started, the offer `on` of `on_period` is on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DurationPair {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub start: String,
    pub start_period: usize,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on: String,
    pub on_period: usize,
}

/// Bids of which at most one is accepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExclusiveGroup {
    pub id: String,
    pub bids: Vec<String>,
}

/// A part of the transmission system that clears on its own and meets the rest at one bus, as a
/// country meets the European platform. Its buses are transmission buses without branches in the
/// case; its network is the `limits`, linear in the injections of its buses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Zone {
    pub id: String,
    /// Bus outside the zone where its export is injected; may belong to another zone.
    pub bus: String,
    pub buses: Vec<String>,
    /// Limit on the exchange in either direction; `null` means not limited.
    #[serde(default)]
    pub max_p_mw: Option<f64>,
    #[serde(default)]
    pub limits: Vec<ZoneLimit>,
}

/// |`flow_mw` + Σ factor · injection| ≤ `max_p_mw`, with factors for a transfer to the zone's `bus`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ZoneLimit {
    pub id: String,
    pub factors: Vec<ShiftFactor>,
    /// Flow that the injections of the zone do not cause, MW.
    #[serde(default)]
    pub flow_mw: f64,
    pub max_p_mw: f64,
}

/// Shift factor of one bus on one limit, MW per MW.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ShiftFactor {
    pub bus: String,
    pub factor: f64,
}

impl Injection {
    /// Active power in period `t` (from 0), MW.
    pub fn p(&self, t: usize) -> f64 {
        at(&self.p_mw, t)
    }

    /// Reactive power in period `t` (from 0), Mvar.
    pub fn q(&self, t: usize) -> f64 {
        at(&self.q_mvar, t)
    }
}

/// The value of period `t`, where one value stands for all periods.
fn at(values: &[f64], t: usize) -> f64 {
    match values {
        [one] => *one,
        many => many.get(t).copied().unwrap_or(0.0),
    }
}

impl Bid {
    /// A bid for the first period alone, which may be taken in any part.
    pub fn of_one_period(id: String, bus: String, segments: Vec<Segment>) -> Bid {
        let offer = PeriodOffer {
            period: 1,
            segments,
            ..PeriodOffer::default()
        };
        Bid {
            id,
            bus,
            offers: vec![offer],
            ..Bid::default()
        }
    }

    /// Name of who is paid.
    pub fn payee(&self) -> &str {
        if self.party.is_empty() {
            &self.id
        } else {
            &self.party
        }
    }
}

impl ZoneLimit {
    /// Shift factor of a bus, MW per MW; 0 where none is given.
    pub fn factor(&self, bus: &str) -> f64 {
        let given = self.factors.iter().find(|f| f.bus == bus);
        given.map_or(0.0, |f| f.factor)
    }
}

impl Segment {
    /// The end farther from zero, MW.
    pub fn whole_mw(&self) -> f64 {
        if self.max_p_mw.abs() >= self.min_p_mw.abs() {
            self.max_p_mw
        } else {
            self.min_p_mw
        }
    }
}

fn one_period() -> usize {
    1
}
fn hour() -> f64 {
    60.0
}
fn price_cap() -> f64 {
    3000.0
}
fn is_false(value: &bool) -> bool {
    !*value
}
