//! What a day of operation adds to the network: profiles of renewables and loads as forecast and as
//! realised, loads that may give way, quadratic costs, units that start at once.
//!
//! Periods count from 1. Quantities of a period are mean powers in MW; with periods of one hour a
//! MW of a period is a MWh.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// Everything of one day, planned ahead and operated in real time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Day {
    #[serde(default = "hours_of_a_day")]
    pub periods: usize,
    #[serde(default = "hour")]
    pub minutes_per_period: f64,
    /// Cost of a MWh by which an adjustable load misses its energy of the day.
    #[serde(default = "shortage")]
    pub shortage_usd_per_mwh: f64,
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// Generators without an entry cost what their offer says.
    #[serde(default)]
    pub costs: Vec<QuadraticCost>,
    #[serde(default)]
    pub renewables: Vec<Renewable>,
    #[serde(default)]
    pub adjustable: Vec<Adjustable>,
    #[serde(default)]
    pub deferrable: Vec<Deferrable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub storage: Vec<Storage>,
}

/// A quantity over the day, one value per period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: String,
    pub forecast_mw: Vec<f64>,
    pub realised_mw: Vec<f64>,
}

/// Cost a·g² + b·g of one hour at g MW, from 0 to the generator's `max_p_mw`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuadraticCost {
    pub generator: String,
    pub a_usd_per_mw2h: f64,
    pub b_usd_per_mwh: f64,
    /// Not in the plan of the day before; there in real time.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fast_start: bool,
}

/// A renewable source on a feeder; what it does not feed in is spilled free of charge. Its reactive
/// power lies between minus and plus the power available.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Renewable {
    pub id: String,
    pub bus: String,
    pub profile: String,
}

/// A load on a feeder that prefers the power P̃ of its profile: P is worth −u·P² + 2u·P̃·P in an
/// hour, most at P = P̃. Over the day it takes the energy of its profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Adjustable {
    pub id: String,
    pub bus: String,
    pub profile: String,
    /// u, $ per MW² and hour.
    pub usd_per_mw2h: f64,
    /// Reactive power per active power.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tan_phi: f64,
    /// Most power; `null` means not limited.
    #[serde(default)]
    pub max_p_mw: Option<f64>,
}

/// A load on a feeder with an energy Ẽ wanted within a window: E is worth −u·E² + 2u·Ẽ·E, and
/// 0 ≤ E ≤ Ẽ. A window that starts after it ends goes over midnight; its two parts share one energy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Deferrable {
    pub id: String,
    pub bus: String,
    pub max_p_mw: f64,
    pub energy_mwh: f64,
    /// First and last period of the window.
    pub first_period: usize,
    pub last_period: usize,
    /// u, $ per MWh².
    pub usd_per_mwh2: f64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tan_phi: f64,
}

/// A battery on a feeder. Charging at c MW and discharging at d MW for an hour changes its energy by
/// η_c·c − d/η_d; it holds 0 to `energy_mwh`, and at the end of the day at least `min_final_mwh`. It has
/// no reactive power and no cost of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Storage {
    pub id: String,
    pub bus: String,
    /// Most power, charging and discharging alike, at the bus.
    pub max_p_mw: f64,
    /// Most energy stored.
    pub energy_mwh: f64,
    /// η_c: energy stored per energy drawn.
    #[serde(default = "one")]
    pub charge_efficiency: f64,
    /// η_d: energy fed in per energy taken out.
    #[serde(default = "one")]
    pub discharge_efficiency: f64,
    /// Energy stored when the day begins.
    #[serde(default)]
    pub initial_mwh: f64,
    /// Least energy stored when the day ends.
    #[serde(default)]
    pub min_final_mwh: f64,
}

impl Day {
    /// The profile with this id; `None` where the day has none.
    pub fn profile(&self, id: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == id)
    }

    /// Quadratic cost of the generator with this id; `None` where the day has none.
    pub fn cost(&self, generator: &str) -> Option<&QuadraticCost> {
        self.costs.iter().find(|cost| cost.generator == generator)
    }

    /// Length of a period, h.
    pub fn hours(&self) -> f64 {
        self.minutes_per_period / 60.0
    }
}

impl Storage {
    /// By how much an hour at full power fills it, MWh.
    pub fn most_charged_mw(&self) -> f64 {
        self.charge_efficiency * self.max_p_mw
    }
}

impl Deferrable {
    /// Whether period `t` (from 0) lies in the window.
    pub fn in_window(&self, t: usize) -> bool {
        let period = t + 1;
        if self.first_period <= self.last_period {
            (self.first_period..=self.last_period).contains(&period)
        } else {
            period >= self.first_period || period <= self.last_period
        }
    }
}

fn hours_of_a_day() -> usize {
    24
}
fn hour() -> f64 {
    60.0
}
fn shortage() -> f64 {
    3000.0
}
fn one() -> f64 {
    1.0
}
fn is_false(value: &bool) -> bool {
    !*value
}
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
