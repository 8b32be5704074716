//! Hierarchical clearing by residual supply functions against the other schemes.

mod bids;
mod explain;
mod golden;
mod golden_networks;
mod indivisible;
mod intervals;
mod invariants;
mod presets;
mod random;
mod schemes;
mod settlement;
mod shortage;
mod small_systems;
mod theorems;
