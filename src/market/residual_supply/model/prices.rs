//! Prices by area, period and bus.

use super::price_parts::Parts;
use super::system::System;

/// A price this near the cap is the cap, as a share of it.
const AT_CAP: f64 = 1e-9;

/// Prices of a clearing, $/MWh.
#[derive(Clone, Debug)]
pub struct Prices {
    /// By area, period and bus.
    pub lmp: Vec<Vec<Vec<f64>>>,
    /// All optimal prices, where they were determined: low and high.
    pub interval: Vec<Vec<Vec<(f64, f64)>>>,
    /// Reactive power, $/Mvarh.
    pub reactive: Vec<Vec<Vec<f64>>>,
    /// What they are made of, by area and period.
    pub parts: Vec<Vec<Option<Parts>>>,
}

/// Prices of one area, as in [`Prices`].
pub struct AreaPrices {
    pub area: usize,
    pub lmp: Vec<Vec<f64>>,
    pub interval: Vec<Vec<(f64, f64)>>,
    pub reactive: Vec<Vec<f64>>,
    pub parts: Vec<Option<Parts>>,
}

impl AreaPrices {
    pub fn new(system: &System, area: usize) -> AreaPrices {
        let (buses, periods) = (system.areas[area].buses.len(), system.periods);
        AreaPrices {
            area,
            lmp: vec![vec![f64::NAN; buses]; periods],
            interval: vec![vec![(f64::NAN, f64::NAN); buses]; periods],
            reactive: vec![vec![0.0; buses]; periods],
            parts: vec![None; periods],
        }
    }
}

impl Prices {
    pub fn new(system: &System) -> Prices {
        let mut prices = Prices {
            lmp: Vec::new(),
            interval: Vec::new(),
            reactive: Vec::new(),
            parts: Vec::new(),
        };
        for a in 0..system.areas.len() {
            let area = AreaPrices::new(system, a);
            prices.lmp.push(area.lmp);
            prices.interval.push(area.interval);
            prices.reactive.push(area.reactive);
            prices.parts.push(area.parts);
        }
        prices
    }

    pub fn put(&mut self, areas: Vec<AreaPrices>) {
        for area in areas {
            self.lmp[area.area] = area.lmp;
            self.interval[area.area] = area.interval;
            self.reactive[area.area] = area.reactive;
            self.parts[area.area] = area.parts;
        }
    }

    /// Least and greatest price of a bus that are right in a period. A bus whose price is that of the
    /// interface, where every price is right, has all of them, too.
    pub fn range(&self, system: &System, a: usize, t: usize, i: usize) -> (f64, f64) {
        let own = self.interval[a][t][i];
        let Some((up, bus)) = system.areas[a].above else {
            return own;
        };
        let same = (self.lmp[a][t][i] - self.lmp[up][t][bus]).abs() <= 1e-6;
        match same && self.is_open(system, up, t, bus) {
            true => self.range(system, up, t, bus),
            false => own,
        }
    }

    /// Whether every price of a bus is right in a period: nothing there can move, so that nothing is worth
    /// anything.
    pub fn is_open(&self, system: &System, a: usize, t: usize, i: usize) -> bool {
        at_caps(system, self.range(system, a, t, i)) == (true, true)
    }

    /// Price at which area `a` sells its export in period `t`: that of the bus it meets.
    pub fn interface(&self, system: &System, a: usize, t: usize) -> f64 {
        system.areas[a]
            .above
            .map_or(f64::NAN, |(up, bus)| self.lmp[up][t][bus])
    }

    /// All optimal prices there, where they were determined: low and high.
    pub fn interface_interval(&self, system: &System, a: usize, t: usize) -> (f64, f64) {
        let nothing = (f64::NAN, f64::NAN);
        let meets = system.areas[a].above;
        meets.map_or(nothing, |(up, bus)| self.interval[up][t][bus])
    }
}

/// Whether a range of prices reaches the cap at its low and at its high end: there the market ends.
pub fn at_caps(system: &System, (low, high): (f64, f64)) -> (bool, bool) {
    let cap = system.balancing.price_cap_usd_per_mwh * (1.0 - AT_CAP);
    (low <= -cap, high >= cap)
}
