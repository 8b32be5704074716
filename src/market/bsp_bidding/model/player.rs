//! The owner whose bids are open, where they may lie, and what it earns.

use crate::market::Failure;

use super::clear::{Bids, Cleared};
use super::second_market::Expected;
use super::system::Hour;

/// Where the bids of an owner may lie, by resource, $/MWh.
#[derive(Clone, Debug)]
pub struct Room {
    pub up: Vec<(f64, f64)>,
    pub down: Vec<(f64, f64)>,
}

impl Room {
    /// Of bids upwards or downwards.
    pub fn side(&self, up: bool) -> &[(f64, f64)] {
        if up { &self.up } else { &self.down }
    }
}

/// The owner whose bids are open, among bids of the others.
#[derive(Clone, Debug)]
pub struct Player<'a> {
    pub hour: &'a Hour,
    /// The others' bids; entries of the owner are not used.
    pub bids: &'a Bids,
    pub own: &'a [bool],
    pub room: &'a Room,
    pub pay_as_bid: bool,
    /// Of the TSO's market, where the owner looks at it; costs of the hour are then opportunity costs.
    pub expected: Option<&'a Expected>,
}

impl Player<'_> {
    /// What the owner earns in a cleared market, and expects of the next, $ per hour.
    ///
    /// # Errors
    /// A sentence when the DSO's second stage fails.
    pub fn profit(&self, cleared: &Cleared, bids: &Bids) -> Result<f64, Failure> {
        let (hour, own) = (self.hour, self.own);
        let profit = cleared.profit_of(hour, bids, self.pay_as_bid, own);
        let Some(expected) = self.expected else {
            return Ok(profit);
        };
        // The opportunity cost of what is taken was no cost.
        let back = |up: bool| -> f64 {
            let all = expected.side(up).iter().zip(cleared.taken_mw(up));
            all.map(|(margin, taken)| margin * taken).sum()
        };
        Ok(profit + back(true) + back(false) + expected.after(hour, cleared)?)
    }

    /// Indices of the owner's resources.
    pub fn resources(&self) -> impl Iterator<Item = usize> {
        (0..self.own.len()).filter(|&k| self.own[k])
    }
}
