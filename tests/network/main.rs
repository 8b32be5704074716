//! What the network does: shift factors, sweeps on feeders, and the way back from the cone to the AC power flow.

#[path = "../testing/mod.rs"]
mod testing;

mod blocks;
mod builtin;
mod conic_stress;
mod followed;
mod formulation_dc;
mod golden;
mod invariants;
mod power_flow;
mod price_parts;
mod recovery;
mod sweep;
