//! A battery: what it can do in an interval, and its state of charge.

use crate::case::communities::Battery;

/// Powers at the meter: charging +, kW. Energies are what is stored, kWh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Store {
    pub energy_kwh: f64,
    pub power_kw: f64,
    /// Of one way, charging or discharging.
    pub efficiency: f64,
    pub least_kwh: f64,
    pub most_kwh: f64,
}

impl Store {
    pub fn new(battery: &Battery) -> Store {
        Store {
            energy_kwh: battery.energy_kwh,
            power_kw: battery.power_kw,
            efficiency: battery.efficiency,
            least_kwh: battery.min_soc * battery.energy_kwh,
            most_kwh: battery.max_soc * battery.energy_kwh,
        }
    }

    /// Stored energy after `hours` at a power: soc_t = soc_(t−1) + (η ch − dis/η) Δ / E.
    ///
    /// Eq. `[theisen2024]`(3.1) a. Rounding beyond the ends is cut off.
    pub fn after(&self, stored_kwh: f64, kw: f64, hours: f64) -> f64 {
        let change = if kw >= 0.0 {
            self.efficiency * kw
        } else {
            kw / self.efficiency
        };
        (stored_kwh + change * hours).clamp(self.least_kwh, self.most_kwh)
    }

    /// Powers that an interval allows: [−min(R, (soc − L) E η / Δ), min(R, (U − soc) E / (η Δ))].
    ///
    /// Eq. `[theisen2024]`(3.1) b.
    pub fn range_kw(&self, stored_kwh: f64, hours: f64) -> (f64, f64) {
        let down = (stored_kwh - self.least_kwh).max(0.0) * self.efficiency / hours;
        let up = (self.most_kwh - stored_kwh).max(0.0) / (self.efficiency * hours);
        (-down.min(self.power_kw), up.min(self.power_kw))
    }

    /// Power that changes the stored energy by so much in `hours`, kW.
    pub fn power_for(&self, change_kwh: f64, hours: f64) -> f64 {
        if change_kwh >= 0.0 {
            change_kwh / (self.efficiency * hours)
        } else {
            change_kwh * self.efficiency / hours
        }
    }
}
