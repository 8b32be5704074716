//! The programs and rules of the market: an hour cleared, the bids that earn most in it, a day under one
//! behaviour, and what of the rest the TSO may use.

pub mod beside;
pub mod branch;
pub mod clear;
pub mod cone;
pub mod cone_bids;
pub mod cone_step;
pub mod day;
pub mod enumerate;
pub mod forwarding;
pub mod game;
pub mod handover;
pub mod held;
pub mod joint;
pub mod kkt;
pub mod milp;
pub mod next;
pub mod player;
pub mod profit_surface;
pub mod safety;
pub mod schedule;
pub mod schemes;
pub mod second_market;
pub mod storage;
pub mod strategy;
pub mod system;
