//! Why the shadow price of a line is what it is: what moves with one more MW of its limit, and with one less.
//!
//! ```text
//! d(cost) = ∓ y_l · dP_l^UB,   dx_M = A_TM⁻¹ d_T       d = 1 in the upper row of l, −1 in its lower row
//! ```
//!
//! Where the limit is met exactly the two have two prices, and the shadow price is one of those between. The proof
//! clears the program again, by simplex, with another limit.
//!
//! `Eq. [zuo2022](4)`, `(10)`.

use super::clearing::NoDispatch;
use super::interval::dispatch;
use super::request::Request;
use super::turn::{Program, Turn};
use crate::market::rt_sced::model::system::System;

/// The shadow price of a line explained.
pub struct Line {
    pub limit: usize,
    /// y_l, $/MWh, as the report has it.
    pub shadow_usd_per_mwh: f64,
    /// Flow that the program expects, MW; of the others, where Union Jack bids see the line.
    pub flow_mw: f64,
    /// The aggregators of these bids: it is what the others put on the line that has one MW less, and one more.
    pub bids: Vec<usize>,
    /// Aggregators that are held to a triangle of their bid.
    pub held: Vec<usize>,
    /// One MW more of the limit, and one less; `None` where the loads cannot be served with it.
    pub more: Option<Turn>,
    pub less: Option<Turn>,
}

/// Explains the shadow price of a limit in one interval.
///
/// # Errors
/// As [`dispatch`].
pub fn explain_line(system: &System, request: &Request, k: usize) -> Result<Line, NoDispatch> {
    let program = Program::new(system, request)?;
    let prices = dispatch(system, request)?.prices;
    let of_this = prices.lines.iter().filter(|(limit, _)| *limit == k);
    Ok(Line {
        limit: k,
        shadow_usd_per_mwh: of_this.map(|(_, y)| y).sum(),
        flow_mw: program.flow_mw(k),
        bids: program.bids_on(k),
        held: program.held(),
        more: program.limit(k, 1.0)?,
        less: program.limit(k, -1.0)?,
    })
}
