//! The programs and rules: ISO and DSOs, plan and real time, ties, bargains, coalitions.

pub mod beside;
pub mod coalitions;
pub mod dso;
pub mod iso;
pub mod misreport;
pub mod operation;
pub mod price_exchange;
pub mod relief;
pub mod risk;
pub mod rolling_horizon;
pub mod settle;
pub mod storage;
pub mod studies;
pub mod system;
pub mod ties;
