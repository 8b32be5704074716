//! The largest box of activations that is safe in any combination.
//!
//! ```text
//! max  Σ_k (a_k x_k + b_k y_k)      0 ≤ x ≤ most up,  0 ≤ y ≤ most down
//!      Σ_k max(G_lk x_k, −G_lk y_k) ≤ room_l                for every limit l
//! ```
//!
//! Each entry of G has one sign, so that the sum is Σ_{G>0} G x + Σ_{G<0} |G| y: linear.
//!
//! **Box safety.** For any −y ≤ z ≤ x, Σ_k G_lk z_k ≤ Σ_k max(G_lk x_k, −G_lk y_k): whatever is taken of the box,
//! in any combination of directions, every limit holds.
//!
//! Section 4.3 of the model notes on bidding, box-safety theorem.

use crate::opt::Failure;
use crate::opt::{Model, Var, simplex};

/// How far a resource can go in one direction, MW, and what a MW of that is worth.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    pub most_mw: f64,
    pub worth: f64,
}

/// A resource by name, up and down.
#[derive(Clone, Debug)]
pub struct Resource<'a> {
    pub name: &'a str,
    pub up: Side,
    pub down: Side,
}

/// A limit Σ G z ≤ room, with the entries of G by resource.
#[derive(Clone, Debug)]
pub struct Limit {
    pub name: String,
    pub g: Vec<f64>,
    pub room_mw: f64,
}

/// The box of most worth: up and down of every resource, MW.
///
/// # Errors
/// A sentence when the linear program fails.
pub fn largest(
    name: String,
    resources: &[Resource],
    limits: impl Iterator<Item = Limit>,
) -> Result<Vec<(f64, f64)>, Failure> {
    let mut model = Model::new(name);
    let mut var = |way: &str, name: &str, side: Side| {
        model.var(format!("{way}[{name}]"), 0.0, side.most_mw, -side.worth)
    };
    let vars: Vec<(Var, Var)> = resources
        .iter()
        .map(|r| (var("up", r.name, r.up), var("down", r.name, r.down)))
        .collect();
    for limit in limits {
        let entries = limit.g.iter().zip(&vars).filter(|(g, _)| **g != 0.0);
        let terms = entries.map(|(&g, &(x, y))| if g > 0.0 { (x, g) } else { (y, -g) });
        let terms: Vec<(Var, f64)> = terms.collect();
        if !terms.is_empty() {
            model.row(limit.name, terms, f64::NEG_INFINITY, limit.room_mw.max(0.0));
        }
    }
    let x = simplex::solve(&model)?.x;
    Ok(vars.iter().map(|(up, down)| (x[up.0], x[down.0])).collect())
}

/// Σ_k max(G x, −G y): the most that a row can move within the box.
pub fn reach(g: &[f64], up_mw: &[f64], down_mw: &[f64]) -> f64 {
    let moves = g.iter().zip(up_mw.iter().zip(down_mw));
    moves.map(|(g, (x, y))| (g * x).max(-g * y)).sum()
}
