//! What the prices of a clearing within the limits of the feeders are made of.
//!
//! ```text
//! p_j = P^a + what the limit of the boundary, losses, voltages and lines add on the way to j + μ
//! ```
//!
//! Eq. `[theisen2024]`(3.5).

use crate::network::formulation::parts::{FeederParts, pulls};
use crate::opt::Duals;

use super::clearing::Supply;
use super::network::{KW_PER_MW, Network};
use super::within::Program;

/// Parts smaller than this share of 1 + the price are a solver's digits.
const DIGITS: f64 = 1e-7;

/// The parts of the prices of an interval, read from the multipliers of its program.
pub struct Limited<'a> {
    network: &'a Network<'a>,
    lse_usd_per_kwh: f64,
    feeders: Vec<FeederParts>,
    /// μ of 0 ≤ Σ Q ≤ C, $/MWh.
    common: f64,
}

/// The parts of the price at one community, $/kWh.
pub struct Within {
    pub lse: f64,
    /// Of the limit where its feeder meets transmission.
    pub boundary: f64,
    pub losses: f64,
    /// (id of the bus, part).
    pub voltages: Vec<(String, f64)>,
    /// (id of the line with its feeder, part).
    pub lines: Vec<(String, f64)>,
    /// Of the limits of what all buy together.
    pub common: f64,
}

/// Reads the parts.
pub fn read<'a>(
    network: &'a Network<'a>,
    supply: &Supply,
    program: &Program,
    duals: &Duals,
) -> Limited<'a> {
    let pulls = pulls(&program.model, duals);
    let parts = network.feeders.iter().zip(&program.flows);
    let feeders = parts
        .map(|(part, flow)| FeederParts::new(&program.model, duals, &pulls, (&part.tree, flow)));
    Limited {
        lse_usd_per_kwh: supply.lse_usd_per_kwh,
        feeders: feeders.collect(),
        common: program.sums.first().map_or(0.0, |sum| duals.rows[sum.0]),
        network,
    }
}

impl Limited<'_> {
    /// The parts of the price at community `j`.
    pub fn at(&self, j: usize) -> Within {
        let (f, bus) = self.network.place[j];
        let part = &self.network.feeders[f];
        let lse = self.lse_usd_per_kwh * KW_PER_MW;
        let parts = self.feeders[f].at(&part.tree, bus, DIGITS * (1.0 + lse.abs()));
        let scaled = |value: f64| value / KW_PER_MW;
        let line = |j: usize| {
            let above = part.tree.above[j];
            let line = above.map_or("", |above| &part.feeder.lines[above.line].id);
            format!("{}/{line}", part.feeder.id)
        };
        let voltages = parts.voltages.iter();
        let lines = parts.lines.iter();
        Within {
            lse: self.lse_usd_per_kwh,
            boundary: scaled(parts.root - lse),
            losses: scaled(parts.losses),
            voltages: voltages
                .map(|&(m, value)| (part.feeder.buses[m].id.clone(), scaled(value)))
                .collect(),
            lines: lines.map(|&(j, value)| (line(j), scaled(value))).collect(),
            common: scaled(self.common),
        }
    }
}
