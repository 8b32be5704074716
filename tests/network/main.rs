//! What the network does: shift factors, sweeps on feeders, and the way back from the cone to the AC power flow.

#[path = "../common/feeders.rs"]
mod feeders;
#[path = "../common/near.rs"]
mod near;

mod builtin;
mod golden;
mod invariants;
mod recovery;
mod sweep;
