//! Runs of the rolling process from its start.

use super::critical;
use super::process::{Process, Roll};
use super::system::System;
use crate::market::Failure;
use crate::market::rt_sced::params::RtSced;

/// The process before the first interval.
///
/// # Errors
/// A network equivalent cannot be built.
pub fn start(system: &System, params: &RtSced) -> Result<Process, Failure> {
    Process::start(system, params, &critical::lines(system, params)?)
}

/// Runs the process over all intervals; stops at the first without a dispatch.
///
/// # Errors
/// The process cannot start: see [`start`].
pub fn roll(system: &System, params: &RtSced) -> Result<Roll, Failure> {
    roll_to(system, params, params.intervals)
}

/// The first `count` intervals of [`roll`].
///
/// # Errors
/// As [`roll`].
pub fn roll_to(system: &System, params: &RtSced, count: usize) -> Result<Roll, Failure> {
    Ok(start(system, params)?.run(system, params, count))
}
