//! Communities with solar and batteries trade among each other and with their load serving entity.
//!
//! Theisen, Bose, Mukherjee, Burgess, Wilhelm, Diedesch, *Community-Based Transactive Coordination
//! Mechanism for Enabling Grid-Edge Systems*, TPEC 2024: `[theisen2024]`; numbers in brackets after
//! the tag are those of the model notes in `EQUATIONS.md`.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | Q_j | `q_kw`, `quantity_kw` | kW, demand + | community × interval |
//! | b, ch, dis | `battery_kw` | kW, charging + | community × interval |
//! | soc · E | `stored_kwh` | kWh | community × interval |
//! | P^a, P^f | `System::lse`, `System::forecast` | $/kWh | interval |
//! | σ | `System::spread` | $/kWh | hour |
//! | p | `Cleared::usd_per_kwh` | $/kWh | interval |
//! | V_j | `Bid::value_usd_per_h` | $/h | |
//! | −V′ (dual of soc) | `schedule::Slopes` | $/kWh | |
//!
//! Signs: demand +, so that a community that feeds in has Q_j < 0.

mod answer;
pub mod battery;
pub mod bid;
pub mod bidding;
mod charts;
pub mod clearing;
pub mod days;
mod envelope;
mod ledger;
pub mod network;
mod params;
pub mod proof;
pub mod roll;
pub mod schedule;
mod series;
pub mod sharing;
mod summary;
pub mod system;
mod tables;
pub mod tariff;
pub mod thread;
mod validate;

pub use answer::{lp_file, run};
pub use params::{Baseline, BidForm, CommunityMarket, Comparator, Given, GivenBid};
pub use validate::validate;
