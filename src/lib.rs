//! Tandem: electricity-market coordination between transmission and distribution.
//!
//! Modules in layer order; each imports only from those above it.

// The tests beside the code name things as its users do.
#[cfg(test)]
extern crate self as tandem;
#[cfg(test)]
mod testing;

mod sort;

pub mod opt;

pub mod case;
#[cfg(not(feature = "internals"))]
mod network;
#[cfg(feature = "internals")]
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
