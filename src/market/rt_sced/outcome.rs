//! Everything that a sentence, table or chart of a rolling RT-SCED may show.

use super::model::comparison::Runs;
use super::model::critical::Standing;
use super::model::cures::Offers;
use super::model::process::{Interval, Roll};
use super::model::region::RegionOfRun;
use super::model::security::Held;
use super::model::stability::Stability;
use super::model::system::System;
use super::model::totals::Totals;
use super::params::{Method, RtSced};
use crate::market::Failure;

/// A finished run with its optimum and its analysis.
pub struct Outcome {
    pub system: System,
    pub roll: Roll,
    /// The run with every DER at its own bus; none where the run itself is that.
    pub optimum: Option<Roll>,
    pub totals: Totals,
    pub stability: Option<Stability>,
    /// Limits worth showing: they bind or are exceeded somewhere, else the most loaded one.
    pub telling: Vec<usize>,
    /// Limits with a price in some interval, each with its PTDF by bus.
    pub priced: Vec<(usize, Vec<f64>)>,
    /// Every aggregator and limited line, most telling first.
    pub standings: Vec<Standing>,
    /// An aggregator behind a line, where there is one; a sentence where it is too much to show.
    pub region: Option<Result<RegionOfRun, Failure>>,
    /// The methods of the paper's Fig. 8, where they are asked for.
    pub beside: Option<Runs>,
    /// The same run one interval at a time, where this one looks ahead.
    pub single: Option<Single>,
    /// What holding outages took, where they are held.
    pub held: Option<Held>,
    /// What clears the interval without a dispatch, where there is one.
    pub cures: Option<Offers>,
}

impl Outcome {
    /// Whether members of aggregator `a` are paid the LMPs of their buses, not a price of the aggregator.
    pub fn pays_members(&self, params: &RtSced, a: usize) -> bool {
        let mut equivalents = self.roll.process.equivalents.iter();
        params.method == Method::Optimal || equivalents.any(|e| e.group == a)
    }
}

/// A run that looks no further than the interval it clears.
pub struct Single {
    pub roll: Roll,
    pub totals: Totals,
    pub stability: Option<Stability>,
}

impl Outcome {
    /// The optimum of interval `t`.
    pub fn best(&self, t: usize) -> Option<&Interval> {
        let optimum = self.optimum.as_ref().unwrap_or(&self.roll);
        optimum.intervals.get(t)
    }

    /// Cost of interval `t` above its optimum, $/h.
    pub fn above_optimum_usd_per_h(&self, t: usize) -> Option<f64> {
        let now = self.roll.intervals.get(t)?;
        Some(now.cost_usd_per_h - self.best(t)?.cost_usd_per_h)
    }

    /// Optimal prices are not unique in some interval.
    pub fn has_ties(&self) -> bool {
        let mut intervals = self.roll.intervals.iter();
        intervals.any(|i| i.dispatch.prices.lmp_range.is_some())
    }
}
