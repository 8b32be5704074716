//! The residual supply functions one by one, so that several workers can share them.

use crate::case::Case;

use super::answer;
use super::build;
use super::clear;
use super::params::{ResidualSupply, Scheme};
use super::schemes;
use super::system::System;

/// Fewest areas worth sharing.
const FEWEST: usize = 4;

/// How many functions can be made independently of one another, none where the work is long and in
/// one piece; `None` where it is short.
pub fn count(case: &Case, params: &ResidualSupply) -> Option<usize> {
    // Asked before every solve: most scenarios are answered without reading the case.
    let zones = case.balancing.as_ref()?.zones.len();
    let large = answer::large(case);
    if !large && (params.scheme != Scheme::Rsf || case.feeders.len() + zones < FEWEST) {
        return None;
    }
    if params.scheme != Scheme::Rsf {
        return Some(0);
    }
    let system = System::new(case).ok()?;
    let lowest = clear::levels(&system).into_iter().next()?;
    match lowest.len() {
        many if many >= FEWEST => Some(many),
        _ => large.then_some(0),
    }
}

/// Function `k` of [`count`] as text.
///
/// # Errors
/// A sentence that names the area.
pub fn piece(system: &System, params: &ResidualSupply, k: usize) -> Result<String, String> {
    let lowest = clear::levels(system).into_iter().next().unwrap_or_default();
    let a = *lowest
        .get(k)
        .ok_or_else(|| format!("there are {} residual supply functions", lowest.len()))?;
    let admitted = schemes::admitted(system, Scheme::Rsf);
    let seen = clear::common(params, &[], &admitted);
    let curve = build::curve(system, a, seen, &params.rsf)?;
    serde_json::to_string(&curve).map_err(|why| why.to_string())
}
