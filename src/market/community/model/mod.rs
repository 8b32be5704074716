//! The programs and rules of the market: batteries and their schedules, bids, clearing, the feeder.

pub mod battery;
pub mod bid;
pub mod bidding;
pub mod clearing;
pub mod exchange;
pub mod iso_coupling;
pub mod limited;
pub mod marginal;
pub mod network;
pub mod proof;
pub mod reserve;
pub mod roll;
pub mod schedule;
pub mod sharing;
mod slopes;
pub mod system;
pub mod tariff;
pub mod thermal;
pub mod trace;
pub mod voltage;
pub mod within;
