//! The second stage: how much of what is left of each resource the TSO may use.
//!
//! After stage one the net activation is a, and U − u, W − w are left. The DSO forwards of them
//!
//! ```text
//! max  Σ_k (ω^u_k x_k + ω^d_k y_k)
//!      0 ≤ x ≤ U − u,  0 ≤ y ≤ W − w
//!      Σ_k max(G_lk x_k, −G_lk y_k) ≤ h_l − Σ_k G_lk a_k   for every limit
//! ```
//!
//! the [`safe_box`] of the most worth: whatever the TSO takes of it, in any combination of directions,
//! every limit holds.
//!
//! Section `[bsp]`(4.3) of the model notes.

use crate::market::Failure;
use crate::market::shared::safe_box::{self, Resource, Side, reach};

use super::super::params::Weight;
use super::clear::{Bids, Cleared};
use super::system::{Hour, LEAST_MW};

/// What the DSO forwards of each resource in one period, MW.
#[derive(Clone, Debug, Default)]
pub struct Forwarded {
    /// Left after stage one.
    pub left_up_mw: Vec<f64>,
    pub left_down_mw: Vec<f64>,
    /// Safe in any combination.
    pub up_mw: Vec<f64>,
    pub down_mw: Vec<f64>,
    /// The limit that cuts a resource off, where one does.
    pub up_limit: Vec<Option<String>>,
    pub down_limit: Vec<Option<String>>,
}

/// Least worth of a MW, so that what costs the same as the TSO is forwarded, too.
const LEAST_WORTH: f64 = 1e-3;

/// What a forwarded MW is worth to the DSO, by resource.
#[derive(Clone, Debug)]
pub struct Worth {
    pub up: Vec<f64>,
    pub down: Vec<f64>,
}

/// The worth of a MW at these bids.
pub fn worth(hour: &Hour, bids: &Bids, weight: Weight) -> Worth {
    let worth = |gain: f64| match weight {
        Weight::Volume => 1.0,
        Weight::Value => gain.max(0.0) + LEAST_WORTH,
    };
    let (up, down) = (bids.up.iter(), bids.down.iter());
    Worth {
        up: up.map(|bid| worth(hour.tso_up - bid)).collect(),
        down: down.map(|bid| worth(bid - hour.tso_down)).collect(),
    }
}

/// Second stage after a cleared market.
///
/// # Errors
/// A sentence when the linear program fails.
pub fn forward(
    hour: &Hour,
    cleared: &Cleared,
    bids: &Bids,
    weight: Weight,
) -> Result<Forwarded, Failure> {
    forward_by(hour, cleared, &worth(hour, bids, weight))
}

/// [`forward`] with the worth of a MW given.
///
/// # Errors
/// A sentence when the linear program fails.
pub fn forward_by(hour: &Hour, cleared: &Cleared, worth: &Worth) -> Result<Forwarded, Failure> {
    let left = |most: &[f64], used: &[f64]| -> Vec<f64> {
        let left = most.iter().zip(used).map(|(m, u)| m - u).enumerate();
        // What a storage holds is meant for other periods.
        let mine = |k: usize| hour.offer(k).is_none();
        left.map(|(k, r)| if r > LEAST_MW && mine(k) { r } else { 0.0 })
            .collect()
    };
    let left_up_mw = left(&hour.max_up_mw, &cleared.up_mw);
    let left_down_mw = left(&hour.max_down_mw, &cleared.down_mw);
    let names: Vec<String> = (0..left_up_mw.len()).map(|k| k.to_string()).collect();
    let side = |most_mw: f64, worth: f64| Side { most_mw, worth };
    let resources = names.iter().enumerate().map(|(k, name)| Resource {
        name,
        up: side(left_up_mw[k], worth.up[k]),
        down: side(left_down_mw[k], worth.down[k]),
    });
    let resources: Vec<Resource> = resources.collect();
    let net_mw = cleared.net_mw();
    let limits = hour.limits.iter().map(|limit| safe_box::Limit {
        name: limit.name.clone(),
        g: limit.g.clone(),
        room_mw: limit.room_mw(&net_mw),
    });
    let (up_mw, down_mw): (Vec<f64>, Vec<f64>) = match hour.limits.is_empty() {
        true => (left_up_mw.clone(), left_down_mw.clone()),
        false => safe_box::largest("second stage".into(), &resources, limits)?
            .into_iter()
            .map(|(up, down)| (up.max(0.0), down.max(0.0)))
            .unzip(),
    };
    let spare = hour.limits.iter();
    let spare = spare.map(|l| l.room_mw(&net_mw) - reach(&l.g, &up_mw, &down_mw));
    let spare: Vec<f64> = spare.collect();
    let cut = |sign: f64, taken: &[f64], left: &[f64]| -> Vec<Option<String>> {
        let by_resource = taken.iter().zip(left).enumerate();
        let tightest = by_resource.map(|(k, (taken, left))| {
            let rows = hour.limits.iter().zip(&spare);
            let rows = rows.filter(|(l, _)| *taken < left - LEAST_MW && sign * l.g[k] > 0.0);
            let tightest = rows.min_by(|a, b| a.1.total_cmp(b.1));
            tightest.map(|(l, _)| l.name.clone())
        });
        tightest.collect()
    };
    Ok(Forwarded {
        up_limit: cut(1.0, &up_mw, &left_up_mw),
        down_limit: cut(-1.0, &down_mw, &left_down_mw),
        left_up_mw,
        left_down_mw,
        up_mw,
        down_mw,
    })
}
