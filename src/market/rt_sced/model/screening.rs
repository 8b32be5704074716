//! Screening: what losses do to flows, and the limits that come of it.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::limit::{Limit, Outage};
use super::outages::Loss;
use super::system::System;

/// Excess over a rating after an outage that counts as none in a case of ordinary size, MW: that of a flow as it is.
pub const TOLERANCE_MW: f64 = super::dispatch::FLOW_TOLERANCE_MW;

/// Distance from a rating, relative, at which a flow may count as meeting it: more than prices take for tight.
const MET: f64 = 1e-6;

/// Limits after a loss: the limit of the line as it is, what is lost, and the share of that which the line takes up.
pub type Pairs = BTreeMap<(usize, Loss), f64>;

/// Adds limits after losses to a system, in the order of the case.
pub fn add(system: &mut System, pairs: &Pairs) {
    if pairs.is_empty() {
        return;
    }
    for (&(k, lost), &share) in pairs {
        let place = system.place_of(lost);
        let limit = limit_of(system, k, Outage { lost, share, place });
        system.limits.push(limit);
    }
    let lines = system.line_limits().end;
    let of = |limit: &Limit| (limit.branch, limit.outage.map(|outage| outage.lost));
    crate::sort::by_key(&mut system.limits[lines..], of);
    // What is known names limits by their places.
    *system.known.get_mut() = Known::default();
}

/// The limit of a line after a loss.
pub fn limit_of(system: &System, k: usize, outage: Outage) -> Limit {
    let rating = system.security.as_ref().map_or(1.0, |s| s.rating);
    let line = &system.limits[k];
    let name = match outage.lost {
        Loss::Line(branch) => system.branch_ids[branch].clone(),
        Loss::Unit(g) => format!("unit {}", system.generators[g].id),
    };
    line.after(outage, &name, rating * line.max_p_mw)
}

/// Branches and losses of limits.
pub fn known(limits: &[Limit]) -> BTreeSet<(usize, Loss)> {
    let after = limits.iter();
    after
        .filter_map(|limit| Some((limit.branch, limit.outage?.lost)))
        .collect()
}

/// Limits of what is exceeded.
pub fn pairs(exceeded: &[Beyond]) -> Pairs {
    let pairs = exceeded.iter().map(|b| ((b.limit, b.lost), b.share));
    pairs.collect()
}

/// A limit of a line that a loss exceeds.
pub struct Beyond {
    pub limit: usize,
    pub lost: Loss,
    pub share: f64,
    pub excess_mw: f64,
}

/// What losses do to flows.
pub struct Screened {
    /// Of each of the flows, each line and each direction the loss that exceeds it most and is not known, the largest
    /// excess first.
    pub exceeded: Vec<Beyond>,
    /// Those that are met and not known either.
    pub met: Pairs,
    /// Largest excess of all, of each of the flows, MW.
    pub worst_mw: Vec<f64>,
}

/// Of each line, the loss that exceeds it most in each direction.
pub fn screen(system: &System, flows: &[&[f64]], known: &BTreeSet<(usize, Loss)>) -> Screened {
    let mut screened = Screened {
        exceeded: Vec::new(),
        met: Pairs::new(),
        worst_mw: vec![f64::NEG_INFINITY; flows.len()],
    };
    let Some(security) = &system.security else {
        return screened;
    };
    let tolerance = system.tolerance_mw(TOLERANCE_MW);
    let unit = system.tolerance_mw(1.0);
    let lines = &system.limits[system.line_limits()];
    let ratings = lines.iter().map(|l| security.rating * l.max_p_mw);
    let ratings: Vec<f64> = ratings.collect();
    let on = |flows: &&[f64]| lines.iter().map(|l| flows[l.branch]).collect();
    let on_lines: Vec<Vec<f64>> = flows.iter().map(on).collect();
    // Excess, loss and share by flows, line and direction.
    let none: (f64, Option<(Loss, f64)>) = (tolerance, None);
    let mut worst = vec![[none; 2]; flows.len() * lines.len()];
    security.each(&system.network, |lost, shares| {
        let out = system.place_of(lost);
        for (n, flows) in flows.iter().enumerate() {
            let most = &mut screened.worst_mw[n];
            let gone = flows[out];
            let all = on_lines[n].iter().zip(shares).zip(&ratings);
            for (k, ((own, &share), &rating)) in all.enumerate() {
                let flow = own + share * gone;
                let excess = flow.abs() - rating;
                let near = MET * (unit + rating);
                if excess < -near && excess <= *most {
                    continue;
                }
                if lines[k].branch == out {
                    continue;
                }
                let is_new = || !known.contains(&(lines[k].branch, lost));
                if excess.abs() <= near && is_new() {
                    screened.met.insert((k, lost), share);
                }
                // Flows that are no numbers are not secure.
                *most = most.max(if excess.is_nan() {
                    f64::INFINITY
                } else {
                    excess
                });
                let side = &mut worst[n * lines.len() + k][usize::from(flow > 0.0)];
                if excess > side.0 && is_new() {
                    *side = (excess, Some((lost, share)));
                }
            }
        }
    });
    for (place, sides) in worst.iter().enumerate() {
        let found = sides.iter().filter_map(|(excess, found)| {
            let (lost, share) = (*found)?;
            Some(Beyond {
                limit: place % lines.len(),
                lost,
                share,
                excess_mw: *excess,
            })
        });
        screened.exceeded.extend(found);
    }
    crate::sort::by(&mut screened.exceeded, |a, b| {
        b.excess_mw.total_cmp(&a.excess_mw)
    });
    screened
}
