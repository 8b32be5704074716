//! The units in which a report is read. Numbers are computed and handed on in those of the system, MW and
//! $/MWh; a case of communities is read in kW and ¢/kWh. One unit is read in one other, so that the two never
//! stand side by side.

use serde::{Deserialize, Serialize};

use super::{Cell, Explained, Index, Mark, Part, Report, Table};

/// A unit with the one it is read in, and how many of that it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ReadIn {
    pub unit: String,
    pub read_in: String,
    pub times: f64,
}

/// The same as a mechanism states it.
pub type Units = &'static [(&'static str, &'static str, f64)];

/// Significant digits kept: those that a change of units adds behind them are rounding.
const KEPT: i32 = 13;

/// A number without what multiplying has added behind its digits.
pub fn tidy(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let places = KEPT - 1 - libm::log10(value.abs()).floor() as i32;
    // Dividing by a power of ten is exact where multiplying by its inverse is not.
    let scale = 10f64.powi(places.abs());
    match places >= 0 {
        true => (value * scale).round() / scale,
        false => (value / scale).round() * scale,
    }
}

/// Of a list.
pub fn listed(units: Units) -> Vec<ReadIn> {
    let each = units.iter().map(|&(unit, read_in, times)| ReadIn {
        unit: unit.into(),
        read_in: read_in.into(),
        times,
    });
    each.collect()
}

/// The unit that a unit is read in, and how many of it one is.
pub fn read_in<'a>(units: &'a [ReadIn], unit: &'a str) -> (&'a str, f64) {
    let own = units.iter().find(|own| own.unit == unit);
    own.map_or((unit, 1.0), |own| (&own.read_in, own.times))
}

/// The unit becomes the one it is read in; how many of that one is.
fn change(units: &[ReadIn], unit: &mut String) -> f64 {
    let (other, times) = read_in(units, unit);
    let other = other.to_string();
    *unit = other;
    times
}

fn scale(value: &mut f64, times: f64) {
    if times != 1.0 {
        *value = tidy(*value * times);
    }
}

impl Table {
    fn read(&mut self, units: &[ReadIn]) {
        let columns = self.columns.iter_mut();
        let factors: Vec<f64> = columns.map(|c| change(units, &mut c.unit)).collect();
        let rows = self.rows.iter_mut();
        for (cell, times) in rows.flat_map(|row| row.iter_mut().zip(&factors)) {
            if let Cell::Number(value) = cell {
                scale(value, *times);
            }
        }
    }
}

impl Explained {
    /// The explanation in the units it is read in; its sentences have their own.
    pub fn read(mut self, units: &[ReadIn]) -> Explained {
        let times = change(units, &mut self.unit);
        let parts = self.parts.iter_mut().map(|part| &mut part.value);
        let ends = self.range.iter_mut().flat_map(|(low, high)| [low, high]);
        std::iter::once(&mut self.value)
            .chain(ends)
            .chain(parts)
            .for_each(|value| scale(value, times));
        for proof in &mut self.proofs {
            let times = change(units, &mut proof.unit);
            scale(&mut proof.predicted, times);
            scale(&mut proof.solved, times);
        }
        for table in &mut self.tables {
            table.read(units);
        }
        self
    }
}

impl Report {
    /// The report in the units it is read in: what stands on a page or a terminal. Sentences and printed numbers
    /// have their own.
    pub fn read(mut self) -> Report {
        if self.units.is_empty() {
            return self;
        }
        let units = self.units.clone();
        let change = |unit: &mut String| change(&units, unit);
        for part in &mut self.series.parts {
            match part {
                Part::Table(table) => table.rescale(change, scale),
                Part::One(series) => {
                    let times = change(&mut series.unit);
                    series.values.iter_mut().for_each(|v| scale(v, times));
                    if let Index::Numbers { unit, at, .. } = &mut series.index {
                        let times = change(unit);
                        at.iter_mut().for_each(|v| scale(v, times));
                    }
                }
            }
        }
        for quantity in &mut self.summary {
            let times = change(&mut quantity.unit);
            quantity.value.iter_mut().for_each(|v| scale(v, times));
        }
        for table in &mut self.tables {
            table.read(&units);
        }
        for chart in &mut self.charts {
            let (x, y) = (change(&mut chart.x.unit), change(&mut chart.y.unit));
            for mark in &mut chart.marks {
                match mark {
                    Mark::Rule { value, .. } => scale(value, y),
                    Mark::Point {
                        x: at, y: value, ..
                    } => {
                        scale(at, x);
                        scale(value, y);
                    }
                    _ => {}
                }
            }
        }
        self
    }
}
