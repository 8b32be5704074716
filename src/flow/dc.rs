//! A meshed network by the DC flow, with voltage angles.
//!
//! ```text
//! f_l = b_l (θ_from − θ_to − φ_l)                       every branch in service
//! Σ injections − Σ_{l from i} f_l + Σ_{l to i} f_l = 0   every bus   ↔ λ_i
//! |f_l| ≤ F_l
//! ```
//!
//! Eq. `[mezghani2023]`(2.2) T. Angles are measured in MW across a branch of median susceptance,
//! so that the coefficients of the rows stay near one; the first bus of every island is held at 0.

use super::Injected;
use crate::opt::{Model, Row, Var};

/// A branch between two buses given by index.
#[derive(Clone, Debug)]
pub struct DcBranch {
    pub name: String,
    pub from: usize,
    pub to: usize,
    /// base / (x·tap), MW per rad.
    pub b_mw_per_rad: f64,
    pub shift_rad: f64,
    pub max_p_mw: Option<f64>,
}

/// The variables and rows of one network in one period.
#[derive(Clone, Debug)]
pub struct DcFlow {
    /// Flow of each branch, MW from → to.
    pub flow: Vec<Var>,
    /// Balance of each bus; its multiplier is the price there, per MW.
    pub balance: Vec<Row>,
}

/// Writes a DC network of `injected.len()` buses. `tag` ends the names of rows and variables.
///
/// Eq. `[mezghani2023]`(2.2) T.
pub fn add(model: &mut Model, branches: &[DcBranch], injected: &[Injected], tag: &str) -> DcFlow {
    let n = injected.len();
    let mut sizes: Vec<f64> = branches.iter().map(|b| b.b_mw_per_rad.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let scale = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0);
    let island_of = islands(n, branches);
    let angle: Vec<Var> = (0..n)
        .map(|i| {
            // Ten radians bound every sensible angle and keep the engine off a free line.
            let most = if island_of[i] == i { 0.0 } else { 10.0 * scale };
            model.var(format!("angle[{i}{tag}]"), -most, most, 0.0)
        })
        .collect();
    let mut terms: Vec<Vec<(Var, f64)>> = injected.iter().map(|at| at.p.clone()).collect();
    let flow = branches
        .iter()
        .map(|branch| {
            let most = branch.max_p_mw.unwrap_or(f64::INFINITY);
            let flow = model.var(format!("flow[{}{tag}]", branch.name), -most, most, 0.0);
            let b = branch.b_mw_per_rad / scale;
            let right = -branch.b_mw_per_rad * branch.shift_rad;
            model.row(
                format!("flow of {}{tag}", branch.name),
                [(flow, 1.0), (angle[branch.from], -b), (angle[branch.to], b)],
                right,
                right,
            );
            terms[branch.from].push((flow, -1.0));
            terms[branch.to].push((flow, 1.0));
            flow
        })
        .collect();
    let balance = terms
        .into_iter()
        .zip(injected)
        .enumerate()
        .map(|(i, (terms, at))| model.row(format!("balance[{i}{tag}]"), terms, -at.p_mw, -at.p_mw))
        .collect();
    DcFlow { flow, balance }
}

/// The first bus of each bus's island.
fn islands(n: usize, branches: &[DcBranch]) -> Vec<usize> {
    let mut island: Vec<usize> = (0..n).collect();
    let root = |island: &[usize], mut i: usize| {
        while island[i] != i {
            i = island[i];
        }
        i
    };
    for branch in branches {
        let (a, b) = (root(&island, branch.from), root(&island, branch.to));
        island[a.max(b)] = a.min(b);
    }
    (0..n).map(|i| root(&island, i)).collect()
}
