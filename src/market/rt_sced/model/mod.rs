//! The programs of a rolling RT-SCED: one interval, the process, its analysis.

pub mod comparison;
pub mod correction;
pub mod critical;
pub mod cures;
pub mod dc_line;
mod digits;
pub mod dispatch;
pub mod equivalent;
pub mod factors;
pub mod known;
pub mod limit;
pub mod losses;
pub mod map;
pub mod operation;
pub mod outages;
pub mod price;
pub mod prices;
pub mod process;
pub mod region;
pub mod roll;
pub mod screening;
pub mod security;
pub mod stability;
pub mod standing;
pub mod system;
pub mod totals;
pub mod tried;
