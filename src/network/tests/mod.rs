//! What the network does: shift factors, sweeps on feeders, and the way back from the cone to the AC power flow.

mod builtin;
mod conic_stress;
mod followed;
mod golden;
mod invariants;
mod price_parts;
mod recovery;
mod sweep;
