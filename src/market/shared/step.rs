//! A number proved by its program solved again a step further.

use crate::market::Failure;

/// A step solved again: what the objective was predicted to rise by, and what it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Its size with its sign, MW.
    pub mw: f64,
    pub predicted: f64,
    pub solved: f64,
}

/// The first of `sizes` over which `rise`, the objective's rise by a step, is straight within this share of 1 + it: the
/// size and the rise. A convex rise whose half is half of it has no kink on the way.
///
/// # Errors
/// A program that cannot be solved.
pub fn straight(
    sizes: &[f64],
    share: f64,
    rise: impl Fn(f64) -> Result<f64, Failure>,
) -> Result<Option<(f64, f64)>, Failure> {
    for &size in sizes {
        let (half, whole) = (rise(0.5 * size)?, rise(size)?);
        if (whole - 2.0 * half).abs() <= share * (1.0 + whole.abs()) {
            return Ok(Some((size, whole)));
        }
    }
    Ok(None)
}
