//! One dispatch: the linear program of one interval, its limits and its prices.

mod again;
mod bids;
pub mod clearing;
pub mod conflict;
pub mod explain;
pub mod explain_aggregator;
pub mod explain_line;
mod horizon;
pub mod interval;
pub mod known;
mod lines;
pub mod lossy;
pub mod lp_text;
#[cfg(feature = "internals")]
mod named;
pub mod plane;
pub mod pricing;
mod program;
mod rays;
pub mod request;
pub mod sought;
pub mod turn;
pub mod whole;
pub mod why_not;

pub use lines::FLOW_TOLERANCE_MW;
