//! Hierarchical clearing by residual supply functions, and the other TSO-DSO schemes.
//!
//! Mezghani, Stevens, Papavasiliou, Chatzigiannis, *Hierarchical coordination of transmission and
//! distribution system operations in European balancing markets*, IEEE Transactions on Power
//! Systems 38(5), 2023: `[mezghani2023]`; numbers in brackets after the tag are those of the model
//! notes in `EQUATIONS.md`.

pub mod ac;
mod answer;
pub mod bound;
pub mod build;
mod charts;
pub mod clear;
mod compare;
pub mod curve;
pub mod dispatch;
mod implied;

pub mod integers;
mod interval;
pub mod local;
pub mod lost;
pub mod offers;
mod params;
mod parts;
pub mod physics;
pub mod program;
mod safebox;
pub mod schemes;
mod series;
pub mod settlement;
mod shape;
mod step_words;
mod summary;
pub mod system;
mod tables;
mod theorems;
pub mod tight;
mod validate;
mod workbench;

pub use curve::{Form, StepPrice};
pub use params::{Grid, ResidualSupply, Rsf, Scheme, Settlement, Variant};

pub use answer::{run, run_with};
pub use compare::compare;
pub use parts::{part, parts, run_with_parts};
pub use validate::validate;
pub use workbench::{lp_file, probe};
