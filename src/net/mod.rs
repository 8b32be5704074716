//! What does the network do?
//!
//! The DC (linear) model of the transmission network. For a branch ℓ from f to t with reactance
//! x (p.u.), turns ratio τ and phase shift φ (rad),
//!
//! > b = base / (x·τ)   MW/rad,   flow = b·(θ_f − θ_t − φ)   MW,
//!
//! and with the incidence matrix A (+1 at f, −1 at t) the nodal balance is
//!
//! > B′·θ = p + A′·(b∘φ),   B′ = A′·diag(b)·A.
//!
//! B′ is factored once; everything else is one solve per row or column.
//!
//! A radial feeder is a tree ([`Radial`]); its AC power flow is found by sweeps ([`sweep`]).

mod blocks;
mod factors;
mod lin_dist_flow;
mod network;
mod radial;
mod sweep;

pub use factors::{Reference, combined};
pub use lin_dist_flow::lin_dist_flow;
pub use network::Network;
pub use radial::{LineAbove, Radial};
pub use sweep::{LineFlow, SweepFlow, sweep};
