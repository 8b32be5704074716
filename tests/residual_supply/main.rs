//! Hierarchical clearing by residual supply functions against the other schemes.

#[path = "../testing/mod.rs"]
mod testing;

mod bids;
mod explain;
mod golden;
mod golden_networks;
mod indivisible;
mod intervals;
mod invariants;
mod offers;
mod presets;
mod random;
mod report_published;
mod report_words;
mod scale;
mod schemes;
mod settlement;
mod shortage;
mod small_systems;
mod theorems;
