//! The second stage: how much of what is left of each resource the TSO may use.
//!
//! After stage one the net activation is a, and U − u, W − w are left. The DSO forwards
//!
//! ```text
//! max  Σ_k (ω^u_k x_k + ω^d_k y_k)
//!      0 ≤ x ≤ U − u,  0 ≤ y ≤ W − w
//!      Σ_k max(G_lk x_k, −G_lk y_k) ≤ h_l − Σ_k G_lk a_k   for every limit
//! ```
//!
//! in which each entry of G has one sign, so that the sum is Σ_{G>0} G x + Σ_{G<0} |G| y: linear.
//!
//! **Box safety.** For any −y ≤ z ≤ x, Σ_k G_lk z_k ≤ Σ_k max(G_lk x_k, −G_lk y_k), so whatever the
//! TSO takes of what is forwarded, in any combination of directions, every limit holds.
//!
//! Section `[bsp]`(4.3) of the model notes.

use crate::opt::{Model, Var, simplex};

use super::super::params::Weight;
use super::clear::Bids;
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

/// Second stage after net activations of `up_mw` and `down_mw`.
///
/// # Errors
/// A sentence when the linear program fails.
pub fn forward(
    hour: &Hour,
    up_mw: &[f64],
    down_mw: &[f64],
    bids: &Bids,
    weight: Weight,
) -> Result<Forwarded, String> {
    let n = up_mw.len();
    let left = |most: &[f64], used: &[f64]| -> Vec<f64> {
        let left = most.iter().zip(used).map(|(m, u)| m - u);
        left.map(|r| if r > LEAST_MW { r } else { 0.0 }).collect()
    };
    let left_up = left(&hour.max_up_mw, up_mw);
    let left_down = left(&hour.max_down_mw, down_mw);
    let worth = |k: usize, up: bool| match weight {
        Weight::Volume => 1.0,
        Weight::Value if up => (hour.tso_up - bids.up[k]).max(0.0) + LEAST_WORTH,
        Weight::Value => (bids.down[k] - hour.tso_down).max(0.0) + LEAST_WORTH,
    };
    if hour.limits.is_empty() {
        return Ok(Forwarded {
            up_mw: left_up.clone(),
            down_mw: left_down.clone(),
            left_up_mw: left_up,
            left_down_mw: left_down,
            up_limit: vec![None; n],
            down_limit: vec![None; n],
        });
    }
    let mut model = Model::new("second stage");
    let vars = |model: &mut Model, left: &[f64], up: bool| -> Vec<Var> {
        let word = if up { "up" } else { "down" };
        (0..n)
            .map(|k| model.var(format!("{word}{k}"), 0.0, left[k], -worth(k, up)))
            .collect()
    };
    let x = vars(&mut model, &left_up, true);
    let y = vars(&mut model, &left_down, false);
    let net: Vec<f64> = up_mw.iter().zip(down_mw).map(|(u, w)| u - w).collect();
    let mut rooms = Vec::new();
    for limit in &hour.limits {
        let room = (limit.h_mw - limit.value(&net)).max(0.0);
        let terms = limit.g.iter().enumerate().filter(|(_, g)| **g != 0.0);
        let terms = terms.map(|(k, &g)| if g > 0.0 { (x[k], g) } else { (y[k], -g) });
        model.row(limit.name.clone(), terms, f64::NEG_INFINITY, room);
        rooms.push(room);
    }
    let solution = simplex::solve(&model).optimal()?;
    let at = |vars: &[Var]| -> Vec<f64> { vars.iter().map(|v| solution.x[v.0].max(0.0)).collect() };
    let (up, down) = (at(&x), at(&y));
    let used: Vec<f64> = hour
        .limits
        .iter()
        .map(|l| reach(&l.g, &up, &down))
        .collect();
    let cut = |k: usize, up_side: bool, taken: f64, left: f64| -> Option<String> {
        if taken >= left - LEAST_MW {
            return None;
        }
        let sign = if up_side { 1.0 } else { -1.0 };
        let rows = hour.limits.iter().zip(used.iter().zip(&rooms));
        let holding = rows.filter(|(l, _)| sign * l.g[k] > 0.0);
        let tightest = holding.min_by(|a, b| (a.1.1 - a.1.0).total_cmp(&(b.1.1 - b.1.0)));
        tightest.map(|(l, _)| l.name.clone())
    };
    Ok(Forwarded {
        up_limit: (0..n).map(|k| cut(k, true, up[k], left_up[k])).collect(),
        down_limit: (0..n)
            .map(|k| cut(k, false, down[k], left_down[k]))
            .collect(),
        left_up_mw: left_up,
        left_down_mw: left_down,
        up_mw: up,
        down_mw: down,
    })
}

/// Σ_k max(G x, −G y): the most a row can move within the box.
pub fn reach(g: &[f64], up_mw: &[f64], down_mw: &[f64]) -> f64 {
    let moves = g.iter().zip(up_mw.iter().zip(down_mw));
    moves.map(|(g, (x, y))| (g * x).max(-g * y)).sum()
}
