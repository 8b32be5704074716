//! Which physics goes into the model?
//!
//! Functions that write the rows of a network into an [`opt::Model`](crate::opt::Model), for one
//! period at a time: a radial feeder ([`feeder`]) and a meshed DC network ([`dc`]). What is
//! injected at a bus comes from the market as an [`Injected`]; the row that balances the bus has as
//! its multiplier the price there, the cost of one more MW of load. An optimum of the cone is
//! brought back to the AC power flow, and checked there, by [`recovery`]. What lines and voltages add to a price is told by
//! [`parts`].
//!
//! Powers are MW and Mvar, which is per unit on a base of 1 MVA; voltages are p.u.

pub mod dc;
pub mod feeder;
pub mod parts;
pub mod recovery;

use crate::opt::Var;

/// What the DC flow leaves out, in a sentence.
pub const DC: &str =
    "The transmission network is DC power flow: no losses, no voltages, no reactive power.";

/// What is injected at one bus in one period: variables with their factors, and a fixed part.
#[derive(Clone, Debug, Default)]
pub struct Injected {
    pub p: Vec<(Var, f64)>,
    pub q: Vec<(Var, f64)>,
    pub p_mw: f64,
    pub q_mvar: f64,
}
