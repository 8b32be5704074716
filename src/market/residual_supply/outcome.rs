//! Everything that a sentence, table or chart of the mechanism may show.

use crate::market::Failure;

use super::model::clear::Cleared;
use super::model::curve::{Curve, Sample};
use super::model::dispatch::Overload;
use super::model::lost_opportunity_cost::LostOpportunityCost;
use super::model::marginal::{self, MarginalStep};
use super::model::prices::at_caps;
use super::model::schemes::Coordination;
use super::model::settlement::Payments;
use super::model::system::System;
use super::model::theorems::{Theorem, Unmet};
use super::params::{Scheme, Settlement};

/// Ends of a range of prices closer than this are one price, $/MWh.
const ONE_PRICE: f64 = 0.005;

/// A case cleared by the chosen scheme.
pub struct Outcome {
    pub system: System,
    pub coordination: Coordination,
    /// The common market in one program beside another scheme, where that does not take long.
    pub beside: Option<Cleared>,
    /// Lines of the market over their limits.
    pub overloads: Vec<Overload>,
    pub lost: LostOpportunityCost,
    pub payments: Payments,
    /// The rule they follow.
    pub settlement: Settlement,
    pub theorems: Vec<Theorem>,
    /// Hypotheses of the theorems that the run does not meet.
    pub unmet: Vec<Unmet>,
}

impl Outcome {
    /// The common optimum in one program.
    pub fn central(&self) -> Option<&Cleared> {
        match self.coordination.scheme {
            Scheme::Common => Some(&self.coordination.market),
            _ => self.beside.as_ref(),
        }
    }

    /// The residual supply function of area `a`.
    pub fn curve(&self, a: usize) -> Option<&Curve> {
        self.coordination.market.curves.get(a)?.as_ref()
    }

    /// The steps of a function in period `t`, with the bids that move along them.
    pub fn steps(&self, curve: &Curve, t: usize) -> Vec<MarginalStep> {
        marginal::steps(&self.system, &self.coordination.admitted, curve, t)
    }

    /// Least and greatest price of a bus that are right in a period.
    pub fn price_range(&self, a: usize, t: usize, i: usize) -> (f64, f64) {
        self.coordination.market.prices.range(&self.system, a, t, i)
    }

    /// Least and greatest interface price of an area in period `t` where both are right.
    pub fn interface_range(&self, a: usize, t: usize) -> Option<(f64, f64)> {
        let (up, bus) = self.system.areas[a].above?;
        let range = self.price_range(up, t, bus);
        let known = range.0.is_finite() && range.1.is_finite();
        (known && is_range(range)).then_some(range)
    }

    /// Whether a range of prices reaches the cap at its low and at its high end.
    pub fn at_caps(&self, range: (f64, f64)) -> (bool, bool) {
        at_caps(&self.system, range)
    }

    /// Whether a range of prices is all there is between the caps.
    pub fn is_open(&self, range: (f64, f64)) -> bool {
        self.at_caps(range) == (true, true)
    }
}

/// Whether prices are several.
pub fn is_range((low, high): (f64, f64)) -> bool {
    high - low > ONE_PRICE
}

/// One area at an export that was asked for.
pub struct Asked {
    pub area: usize,
    pub sample: Sample,
    /// Admitted bids of the area, by index, in the order of the sample.
    pub bids: Vec<usize>,
}

/// Every scheme on the same case.
pub struct Comparison {
    pub system: System,
    pub schemes: Vec<Compared>,
    /// Schemes that could not be cleared, and why.
    pub failed: Vec<(Scheme, Failure)>,
    pub grids: Option<Grids>,
}

/// One scheme of a comparison.
pub struct Compared {
    pub coordination: Coordination,
    pub lost: LostOpportunityCost,
    pub payments: Payments,
}

/// Certified error of the function of one area by its number of points, $: on uniform grids as published, and
/// with adaptive points.
pub struct Grids {
    pub area: usize,
    pub uniform: Vec<(f64, f64)>,
    pub adaptive: Vec<(f64, f64)>,
}
