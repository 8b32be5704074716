//! What is the same in all dispatches of a system, worked out once: bases with their prices, and contradictions.
//!
//! It is of intervals in which every DER is seen at its own bus and nothing is looked ahead at: the coefficients of their
//! programs are shift factors alone, and what moves is loads and ranges.

use std::sync::Arc;

use super::price::Prices;
use crate::opt::parametric::{AtBounds, Ray, Ready};

/// What is the same, and what it came to last.
#[derive(Default)]
pub struct Standing {
    /// Range of every generator, then of every DER, MW.
    pub ranges: Vec<(f64, f64)>,
    /// Bounds of the blocks that they make.
    pub bounds: Vec<(f64, f64)>,
    /// Which generator or DER a block is of, by place in `ranges`.
    pub owner: Vec<usize>,
    /// Counts the changes of the bounds.
    pub turn: u64,
    /// Branch of every limit, and the flow from which on it is looked at, MW.
    pub watched: Vec<(usize, f64)>,
    /// What a MW of each load adds to the limits of a row: of the balance, then of the limits met.
    pub factors: Vec<Vec<f64>>,
    pub bases: Vec<Basis>,
    /// What each of them says of the cost.
    pub bounds_usd: Vec<Bound>,
    /// Which change of the bounds `bounds_usd` is of.
    pub bounded: u64,
    /// The place to be filled next where no more bases are kept.
    pub next: usize,
    /// The basis with the highest bound, where it is not the optimum.
    pub nearest: Option<usize>,
    pub rays: Vec<Ray>,
    /// Intervals answered.
    pub answered: u64,
    pub space: Space,
}

/// A bound of the cost from below, $/h: `fixed` and the multiplier of each row times its limit.
pub struct Bound {
    pub fixed: f64,
    pub rows: Vec<(usize, f64)>,
}

/// A basis that has cleared an interval and is the only optimum wherever it is one.
pub struct Basis {
    pub ready: Ready,
    pub prices: Arc<Prices>,
    pub binding: Vec<(usize, bool)>,
    pub dual_residual: f64,
    /// Which change of the bounds the rest is of; 0 of none.
    pub turn: u64,
    pub there: AtBounds,
    /// Output of every generator, then of every DER, but for what is solved for, MW.
    pub outputs_mw: Vec<f64>,
    /// The same by bus.
    pub injection_mw: Vec<f64>,
}

/// Space for one answer.
#[derive(Default)]
pub struct Space {
    /// Limit of each row: of the balance, then of the limits met, MW.
    pub limits_mw: Vec<f64>,
    pub values: Vec<f64>,
    pub angles: Vec<f64>,
    pub flows_mw: Vec<f64>,
    pub solve: Vec<f64>,
}
