//! How is it optimised? Knows no power system.

pub mod certificate;
pub mod infeasible;
pub mod lp_file;
mod model;
mod outcome;
mod prices;
pub mod simplex;
pub mod sparse;

pub use certificate::{Certificate, certify};
pub use model::{Affine, Column, Cone, Constraint, Model, NewRow, Row, Var};
pub use outcome::{Duals, Outcome, Solution};
pub use prices::{DualFace, TIGHT};
