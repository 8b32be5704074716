//! Hierarchical clearing by residual supply functions against the other schemes.

#[path = "../common/near.rs"]
mod near;

mod bids;
mod golden;
mod golden_networks;
mod indivisible;
mod intervals;
mod invariants;
mod presets;
mod random;
mod schemes;
mod small_systems;
mod theorems;
