//! What does the network do, and which rows does it put into a program?
//!
//! The DC (linear) model of the transmission network ([`Network`]). For a branch ℓ from f to t with reactance
//! x (p.u.), turns ratio τ and phase shift φ (rad),
//!
//! > b = base / (x·τ)   MW/rad,   flow = b·(θ_f − θ_t − φ)   MW,
//!
//! and with the incidence matrix A (+1 at f, −1 at t) the nodal balance is
//!
//! > B′·θ = p + A′·(b∘φ),   B′ = A′·diag(b)·A.
//!
//! B′ is factored once; everything else is one solve per row or column: shift factors (PTDF) and LODF.
//!
//! A radial feeder is a tree ([`Radial`]); its AC power flow is found by sweeps ([`sweep`]). [`formulation`]
//! writes either of them into a program.

// One mechanism alone needs a part of it.
#![cfg_attr(
    not(all(
        feature = "rt_sced",
        feature = "residual_supply",
        feature = "bargaining",
        feature = "bsp_bidding",
        feature = "community",
        feature = "power_flow"
    )),
    allow(dead_code, unused_imports)
)]

mod blocks;
mod dc;
pub mod distflow_rows;
pub mod formulation;
mod kept;
mod losses;
mod outages;
mod power_flow;
mod ptdf_lodf;
mod radial;

pub use dc::{Network, is_same};
pub use losses::{Lossy, rho_per_mw};
pub use outages::{After, Loaded, most_loaded};
pub use power_flow::{LineFlow, SweepFlow, sweep};
pub use ptdf_lodf::{Reference, combined, ptdf_row_after};
pub use radial::{LineAbove, Radial};

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::blocks::{NEVER, blocks, bridges};
}
