//! What several mechanisms need.

pub mod cooperative_game;
pub mod coupling;
pub mod nash_bargain;
pub mod offers;
pub mod safe_box;
pub mod step;
