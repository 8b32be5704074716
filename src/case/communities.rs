//! Communities on a feeder: load, PV and battery, and the price at which their LSE sells.
//!
//! One value per interval in every series. Signs: load and charging +, feed-in −.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// The members of a community market over some days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Communities {
    #[serde(default = "five")]
    pub minutes_per_interval: f64,
    /// Begin of the first interval, e.g. `2022-11-14T00:00-08:00`; may be empty.
    #[serde(default)]
    pub start: String,
    /// Price at which the load serving entity (LSE) sells, $/kWh.
    pub lse_usd_per_kwh: Vec<f64>,
    /// The same as forecast the day before; the mean of each hour where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forecast_usd_per_kwh: Vec<f64>,
    /// Share of the feeder's own loads; all of them where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub background: Vec<f64>,
    pub members: Vec<Community>,
}

/// Customers behind one meter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Community {
    pub id: String,
    /// A feeder bus.
    pub bus: String,
    /// Left out of everything where false.
    #[serde(default = "yes")]
    pub takes_part: bool,
    pub load_kw: Vec<f64>,
    /// None where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pv_kw: Vec<f64>,
    /// Reactive power per active power of the load.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tan_phi: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<Battery>,
    /// Apparent power of the inverters of PV and battery, kVA; where empty the power of the battery and
    /// the greatest of PV.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inverter_kva: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thermal: Option<Thermal>,
}

/// A building or a water tank that a heat pump keeps warm; its load is beside `load_kw`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Thermal {
    /// Heat that warms it by a kelvin, and what it loses per kelvin above the ambient.
    pub heat_kwh_per_k: f64,
    pub loss_kw_per_k: f64,
    /// Greatest electric power of the heat pump.
    pub power_kw: f64,
    /// Heat per electric energy.
    pub cop: f64,
    /// Band of the temperature, and where it starts, °C.
    pub min_c: f64,
    pub max_c: f64,
    pub initial_c: f64,
    /// Around it, °C: one value, one for each hour of a day, or one per interval.
    pub ambient_c: Vec<f64>,
}

/// Storage behind the meter of a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Battery {
    pub energy_kwh: f64,
    /// Largest power at the meter, charging and discharging.
    pub power_kw: f64,
    /// Of one way, charging or discharging.
    pub efficiency: f64,
    /// State of charge: least, greatest, at the start; shares of the energy.
    #[serde(default = "tenth")]
    pub min_soc: f64,
    #[serde(default = "nine_tenths")]
    pub max_soc: f64,
    #[serde(default = "half")]
    pub initial_soc: f64,
}

impl Communities {
    /// Number of intervals: one per price of the LSE.
    pub fn intervals(&self) -> usize {
        self.lse_usd_per_kwh.len()
    }

    /// Length of an interval, h.
    pub fn hours(&self) -> f64 {
        self.minutes_per_interval / 60.0
    }
}

impl Community {
    /// Load less PV in interval `t` (from 0), kW.
    pub fn net_kw(&self, t: usize) -> f64 {
        let at = |values: &[f64]| values.get(t).copied().unwrap_or(0.0);
        at(&self.load_kw) - at(&self.pv_kw)
    }

    /// Apparent power of the inverters, kVA.
    pub fn inverter_kva(&self) -> f64 {
        let pv = self.pv_kw.iter().copied().fold(0.0, f64::max);
        let battery = self.battery.as_ref().map_or(0.0, |b| b.power_kw);
        self.inverter_kva.unwrap_or(pv + battery)
    }
}

impl Thermal {
    /// Temperature around it in interval `t` of `hours` each, °C.
    pub fn ambient(&self, t: usize, hours: f64) -> f64 {
        let at = match self.ambient_c.len() {
            1 => 0,
            24 => (t as f64 * hours + 1e-9) as usize % 24,
            _ => t,
        };
        self.ambient_c.get(at).copied().unwrap_or(self.min_c)
    }
}

fn five() -> f64 {
    5.0
}
fn tenth() -> f64 {
    0.1
}
fn nine_tenths() -> f64 {
    0.9
}
fn half() -> f64 {
    0.5
}
fn yes() -> bool {
    true
}
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
