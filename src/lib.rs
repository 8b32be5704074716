//! Tandem: electricity-market coordination between transmission and distribution.
//!
//! Modules in layer order; each imports only from those above it.

mod sort;

pub mod opt;

pub mod case;
pub mod network;

pub mod report;

pub mod inputs;

pub mod market;

pub mod scenario;

pub mod session;

pub mod run;
pub mod sweep;

pub mod chart;

#[cfg(not(target_arch = "wasm32"))]
pub mod schema;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
