//! The programs and algorithms of the market: areas, bids, residual supply functions, clearing, settlement.

pub mod ac;
pub mod bids;
mod binding_limits;
pub mod bound;
pub mod build;
pub mod clear;
pub mod coupling;
pub mod curve;
pub mod dispatch;
pub mod evaluator;
mod export_range;
mod forwarding;
mod interval;
pub mod local_market;
pub mod lost_opportunity_cost;
pub mod marginal;
pub mod nested;
pub mod offers;
pub mod physics;
pub mod prices;
pub mod program;
pub mod schemes;
pub mod settlement;
mod shape;
mod shortage;
pub mod system;
pub mod theorems;
