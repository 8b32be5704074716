//! One dispatch: the linear program of one interval, its limits and its prices.

mod bids;
pub mod clearing;
pub mod conflict;
mod lines;
pub mod lp_text;
pub mod pricing;
mod program;
pub mod request;

pub use clearing::{NoDispatch, schedule};
pub use conflict::{Cause, Conflict, conflict_in_operation};
pub use lp_text::{integer_program, lp_file};
pub use pricing::{Dispatch, dispatch};
pub use request::{Aggregation, Request};
