//! Contradictions that are known, under other loads and ranges.

use crate::opt::parametric::Ray;

use super::request::{Aggregation, Request};
use crate::market::rt_sced::model::known::{KEPT, Known, Met};
use crate::market::rt_sced::model::standing::Standing;
use crate::market::rt_sced::model::system::System;
use crate::market::shared::offers::blocks_between;

/// Whether coefficients of the program are shift factors alone.
pub(super) fn is_plain(system: &System, request: &Request) -> bool {
    let elemental = matches!(request.aggregation, Aggregation::Elemental);
    elemental
        && system.dc_lines.is_empty()
        && request.ahead.is_empty()
        && request.loads_mw.len() == system.load_bus.len()
}

/// Takes over loads and ranges.
pub(super) fn take(system: &System, request: &Request, met: &[Met], standing: &mut Standing) {
    let ders = system.ders.iter().map(|d| (d.min_p_mw, d.max_p_mw));
    let ranges = || {
        request
            .generator_range_mw
            .iter()
            .copied()
            .chain(ders.clone())
    };
    if standing.turn == 0 || !ranges().eq(standing.ranges.iter().copied()) {
        standing.turn += 1;
        standing.ranges.clear();
        standing.ranges.extend(ranges());
        standing.bounds.clear();
        standing.owner.clear();
        let units = system.generators.iter().chain(&system.ders);
        for (u, (unit, &(low, high))) in units.zip(&standing.ranges).enumerate() {
            let blocks = blocks_between(&unit.offer, low, high).zip(&unit.block_names);
            for (part, _) in blocks {
                standing.bounds.push((part.lower, part.upper));
                standing.owner.push(u);
            }
        }
    }
    if standing.factors.is_empty() {
        standing.factors.push(vec![1.0; system.load_bus.len()]);
    }
    for met in &met[standing.factors.len() - 1..] {
        let ptdf = system.ptdf(met.limit);
        let factors = system.load_bus.iter().map(|&bus| ptdf[bus]);
        standing.factors.push(factors.collect());
    }
    let limits = &mut standing.space.limits_mw;
    limits.clear();
    limits.extend(standing.factors.iter().map(|f| dot(f, request.loads_mw)));
    for (by_load, met) in limits.iter_mut().skip(1).zip(met) {
        let limit = &system.limits[met.limit];
        let most = if met.upper {
            limit.max_p_mw
        } else {
            -limit.max_p_mw
        };
        *by_load += most - system.shifter_flow_mw(met.limit);
    }
}

/// Σ a b, in eight sums so that the processor takes several terms at a time.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest = a.remainder().iter().zip(b.remainder());
    let rest: f64 = rest.map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// Both limits of a row.
pub(super) fn sides(met: &[Met], limits_mw: &[f64], row: usize) -> (f64, f64) {
    let limit = limits_mw[row];
    match row.checked_sub(1).map(|n| met[n].upper) {
        None => (limit, limit),
        Some(true) => (f64::NEG_INFINITY, limit),
        Some(false) => (limit, f64::INFINITY),
    }
}

/// Keeps a contradiction, where it is of the kind of program that all share.
pub(super) fn learn_ray(system: &System, request: &Request, known: &mut Known, ray: Ray) {
    if is_plain(system, request) {
        take(system, request, &known.met, &mut known.standing);
        known.standing.rays.truncate(KEPT - 1);
        known.standing.rays.insert(0, ray);
    }
}

/// Whether a contradiction that is known still is one; it then stands first. Loads and ranges have been taken over.
pub(super) fn contradicted(known: &mut Known) -> bool {
    let Standing {
        rays,
        bounds,
        space,
        ..
    } = &mut known.standing;
    let limits = |row: usize| sides(&known.met, &space.limits_mw, row);
    let found = rays.iter().position(|ray| ray.holds(limits, bounds));
    if let Some(found) = found {
        rays[..=found].rotate_right(1);
    }
    found.is_some()
}
