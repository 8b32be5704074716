//! What one mechanism may ask of the market of another: a market is handed in by the list of mechanisms, so
//! that none imports another.

use crate::case::Case;
use crate::market::Failure;

/// A demand handed to a balancing market: `fixed_mw`, and more of it at falling prices.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    pub fixed_mw: f64,
    /// Width in MW and price in $/MWh.
    pub steps: Vec<(f64, f64)>,
}

/// What the balancing market makes of it.
#[derive(Clone, Debug)]
pub struct Balanced {
    /// LMP where the demand connects, $/MWh.
    pub lmp_usd_per_mwh: f64,
    pub taken_mw: f64,
    /// The residual supply function made of it: width and price of its steps.
    pub rsf: Vec<(f64, f64)>,
    /// Prices of all transmission buses.
    pub lmp_by_bus: Vec<(String, f64)>,
    pub certificates: Vec<crate::opt::Certificate>,
}

/// Cost of every export of a feeder in one period, as steps of rising price.
#[derive(Clone, Debug)]
pub struct SupplyFunction {
    /// Where the steps begin, MW.
    pub start_mw: f64,
    /// Width in MW and price in $/MWh.
    pub steps: Vec<(f64, f64)>,
}

/// A market with its cost, overloads and what its bids are paid.
#[derive(Clone, Copy, Debug)]
pub struct Common {
    /// Cost of all bids and of energy without an answer, $.
    pub cost_usd: f64,
    pub overload_mwh: f64,
    /// Paid to bids at the price of their bus, $.
    pub payment_usd: f64,
}

/// Markets that others hand on to.
pub struct Markets {
    /// Clears the balancing market of a case with a demand below one of its transmission buses, which enters
    /// as a residual supply function.
    pub balance: fn(&Case, &str, &Demand) -> Result<Balanced, Failure>,
    /// The residual supply function of the first feeder of a case of one period.
    pub supply_function: fn(&Case) -> Result<SupplyFunction, Failure>,
    /// The common market of a case of one period, its feeders standing in it as residual supply functions.
    pub common: fn(&Case) -> Result<Common, Failure>,
}

/// No market to ask.
pub const NONE: Markets = Markets {
    balance: |_, _, _| Err(MISSING.into()),
    supply_function: |_| Err(MISSING.into()),
    common: |_| Err(MISSING.into()),
};

const MISSING: &str = "this build has no balancing market";
