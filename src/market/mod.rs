//! Who trades, and at what price?
//!
//! One folder per mechanism; what two of them need lives here.

pub mod bargaining;
pub mod bsp_bidding;
pub mod community;
pub mod joint;
pub mod offers;
pub mod residual_supply;
pub mod rt_sced;
