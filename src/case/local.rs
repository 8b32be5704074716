//! What a balancing market of a DSO adds to one feeder: imbalance and prices by hour, and resources
//! that move up or down.
//!
//! Prices are multiples of the day-ahead price of the hour, so that a resource is described by one
//! number or by one per period.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// The balancing market of one feeder, with the TSO's market as the outside option.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocalMarket {
    pub feeder: String,
    #[serde(default = "hours_of_a_day")]
    pub periods: usize,
    #[serde(default = "hour")]
    pub minutes_per_period: f64,
    /// Cost of a MWh over a limit of the network.
    #[serde(default = "overload")]
    pub overload_usd_per_mwh: f64,
    /// Energy the feeder lacks against its schedule, by period; a surplus is negative. Shared over
    /// the buses as the load is.
    pub imbalance_mwh: Vec<f64>,
    pub day_ahead_usd_per_mwh: Vec<f64>,
    /// What the TSO's market charges for energy, in multiples of the day-ahead price: one value, or
    /// one per period.
    pub tso_up: Vec<f64>,
    /// What it pays for energy, likewise.
    pub tso_down: Vec<f64>,
    /// Share of the load of the buses that is there, by period; 1 where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub load_factor: Vec<f64>,
    /// Energy the TSO lacks itself, by period, which it may cover with what the DSO forwards; none
    /// where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tso_imbalance_mwh: Vec<f64>,
    pub resources: Vec<LocalResource>,
    /// What joins the periods: energy kept from one for another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub storage: Vec<LocalStorage>,
}

/// A generator or flexible load of a balancing service provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocalResource {
    pub id: String,
    pub bus: String,
    /// The balancing service provider that bids it.
    pub owner: String,
    pub max_up_mw: f64,
    pub max_down_mw: f64,
    /// Cost of a MWh upwards in multiples of the day-ahead price: one value, or one per period.
    pub up_cost: Vec<f64>,
    /// What a MWh downwards saves, likewise.
    pub down_value: Vec<f64>,
}

/// A storage of a balancing service provider: upwards it discharges, downwards it charges.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocalStorage {
    pub id: String,
    pub bus: String,
    /// The balancing service provider that offers it.
    pub owner: String,
    /// Most power discharged, at the bus.
    pub max_up_mw: f64,
    /// Most power charged, at the bus.
    pub max_down_mw: f64,
    /// Most energy stored.
    pub energy_mwh: f64,
    /// Energy stored when the day begins.
    #[serde(default)]
    pub initial_mwh: f64,
    /// Least energy stored when the day ends; as when it begins, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_final_mwh: Option<f64>,
    /// η_c: energy stored per energy drawn.
    #[serde(default = "one")]
    pub charge_efficiency: f64,
    /// η_d: energy fed in per energy taken out.
    #[serde(default = "one")]
    pub discharge_efficiency: f64,
    /// Cost of a MWh discharged.
    #[serde(default)]
    pub wear_usd_per_mwh: f64,
}

impl LocalStorage {
    /// Least energy stored when the day ends, MWh.
    pub fn final_mwh(&self) -> f64 {
        self.min_final_mwh.unwrap_or(self.initial_mwh)
    }

    /// What an hour with `up_mw` discharged and `down_mw` charged adds to what is stored, MWh.
    pub fn stored_mw(&self, up_mw: f64, down_mw: f64) -> f64 {
        self.charge_efficiency * down_mw - up_mw / self.discharge_efficiency
    }
}

/// Entry `t` of a list with one value, or one per period.
fn at(values: &[f64], t: usize) -> f64 {
    let value = if values.len() == 1 {
        values.first()
    } else {
        values.get(t)
    };
    value.copied().unwrap_or(f64::NAN)
}

impl LocalMarket {
    /// Length of a period, h.
    pub fn hours(&self) -> f64 {
        self.minutes_per_period / 60.0
    }

    /// Day-ahead price in period `t` (from 0), $/MWh; NaN where the list ends before it.
    pub fn day_ahead(&self, t: usize) -> f64 {
        at(&self.day_ahead_usd_per_mwh, t)
    }

    /// Price of energy from the TSO in period `t` (from 0), $/MWh.
    pub fn tso_up_usd_per_mwh(&self, t: usize) -> f64 {
        at(&self.tso_up, t) * self.day_ahead(t)
    }

    /// Price the TSO pays for energy, $/MWh.
    pub fn tso_down_usd_per_mwh(&self, t: usize) -> f64 {
        at(&self.tso_down, t) * self.day_ahead(t)
    }

    /// Share of the load of the buses that is there in period `t` (from 0); 1 where none are given.
    pub fn load_factor(&self, t: usize) -> f64 {
        if self.load_factor.is_empty() {
            1.0
        } else {
            at(&self.load_factor, t)
        }
    }

    /// Energy the TSO lacks itself in period `t` (from 0), MWh, a surplus negative; 0 where none is given.
    pub fn tso_imbalance_mwh(&self, t: usize) -> f64 {
        if self.tso_imbalance_mwh.is_empty() {
            0.0
        } else {
            at(&self.tso_imbalance_mwh, t)
        }
    }

    /// Cost of upward energy of a resource in period `t` (from 0), $/MWh: its multiple times the day-ahead
    /// price.
    pub fn up_cost_usd_per_mwh(&self, resource: &LocalResource, t: usize) -> f64 {
        at(&resource.up_cost, t) * self.day_ahead(t)
    }

    /// What a resource saves by downward energy in period `t` (from 0), $/MWh: its multiple times the day-
    /// ahead price.
    pub fn down_value_usd_per_mwh(&self, resource: &LocalResource, t: usize) -> f64 {
        at(&resource.down_value, t) * self.day_ahead(t)
    }

    /// Every owner, in order of first appearance.
    pub fn owners(&self) -> Vec<&str> {
        let mut owners: Vec<&str> = Vec::new();
        let storage = self.storage.iter().map(|s| s.owner.as_str());
        let resources = self.resources.iter().map(|r| r.owner.as_str());
        for owner in resources.chain(storage) {
            if !owners.contains(&owner) {
                owners.push(owner);
            }
        }
        owners
    }
}

fn hours_of_a_day() -> usize {
    24
}
fn hour() -> f64 {
    60.0
}
fn overload() -> f64 {
    500.0
}
fn one() -> f64 {
    1.0
}
