//! The areas level by level, and what a program of the common market sees of them.

use crate::market::Failure;

use super::super::params::ResidualSupply;
use super::curve::Curve;
use super::program::View;
use super::system::System;

/// The view of a program with every bid of the common market.
pub fn common<'a>(
    params: &ResidualSupply,
    curves: &'a [Option<Curve>],
    admitted: &'a [bool],
) -> View<'a> {
    View {
        physics: params.physics,
        curves,
        admitted,
        limits_below: true,
        slack: true,
        kept: None,
    }
}

/// Areas with an export in groups whose members do not depend on one another, lowest first.
pub fn levels(system: &System) -> Vec<Vec<usize>> {
    let mut height = vec![0usize; system.areas.len()];
    for a in system.exporting().rev() {
        if let Some((up, _)) = system.areas[a].above {
            height[up] = height[up].max(height[a] + 1);
        }
    }
    let top = height[0];
    (0..top)
        .map(|h| system.exporting().filter(|&a| height[a] == h).collect())
        .collect()
}

/// Applies `make` to every area of a level, on all cores where there are threads.
#[cfg(not(target_arch = "wasm32"))]
pub fn each<T: Send>(
    level: &[usize],
    make: impl Fn(usize) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    use rayon::prelude::*;
    level.par_iter().map(|&a| make(a)).collect()
}

#[cfg(target_arch = "wasm32")]
pub fn each<T>(
    level: &[usize],
    make: impl Fn(usize) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    level.iter().map(|&a| make(a)).collect()
}
