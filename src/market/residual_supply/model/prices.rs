//! Prices by area, period and bus.

use super::system::System;

/// Prices of a clearing, $/MWh.
#[derive(Clone, Debug)]
pub struct Prices {
    /// By area, period and bus.
    pub lmp: Vec<Vec<Vec<f64>>>,
    /// All optimal prices, where they were determined: low and high.
    pub interval: Vec<Vec<Vec<(f64, f64)>>>,
    /// Reactive power, $/Mvarh.
    pub reactive: Vec<Vec<Vec<f64>>>,
}

/// Prices of one area, as in [`Prices`].
pub struct AreaPrices {
    pub area: usize,
    pub lmp: Vec<Vec<f64>>,
    pub interval: Vec<Vec<(f64, f64)>>,
    pub reactive: Vec<Vec<f64>>,
}

impl AreaPrices {
    pub fn new(system: &System, area: usize) -> AreaPrices {
        let (buses, periods) = (system.areas[area].buses.len(), system.periods);
        AreaPrices {
            area,
            lmp: vec![vec![f64::NAN; buses]; periods],
            interval: vec![vec![(f64::NAN, f64::NAN); buses]; periods],
            reactive: vec![vec![0.0; buses]; periods],
        }
    }
}

impl Prices {
    pub fn new(system: &System) -> Prices {
        let mut prices = Prices {
            lmp: Vec::new(),
            interval: Vec::new(),
            reactive: Vec::new(),
        };
        for a in 0..system.areas.len() {
            let area = AreaPrices::new(system, a);
            prices.lmp.push(area.lmp);
            prices.interval.push(area.interval);
            prices.reactive.push(area.reactive);
        }
        prices
    }

    pub fn put(&mut self, areas: Vec<AreaPrices>) {
        for area in areas {
            self.lmp[area.area] = area.lmp;
            self.interval[area.area] = area.interval;
            self.reactive[area.area] = area.reactive;
        }
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
