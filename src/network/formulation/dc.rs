//! A meshed network by the DC flow, without voltage angles.
//!
//! ```text
//! f_l = b_l (θ_from − θ_to − φ_l)                       every branch in service      (as published)
//! Σ_{l in c} ±(f_l / b_l + φ_l) = 0                     every cycle c of a basis     (as written)
//! Σ injections − Σ_{l from i} f_l + Σ_{l to i} f_l = 0   every bus   ↔ λ_i
//! |f_l| ≤ F_l
//! ```
//!
//! Eq. `[mezghani2023]`(2.2) T. Flows come from some angles θ if and only if they add to nothing
//! around every cycle, and a branch outside a spanning forest closes one cycle of a basis. A network
//! of 4,236 buses has 583 of them: fewer variables, and no angle that sums a hundred impedances,
//! which an interior point cannot resolve. The prices λ are the same.

use std::collections::VecDeque;

use super::Injected;
use crate::network::dc::{Arc, Network};
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

/// The branches of a network that are in service, with their limits by branch.
pub fn branches(network: &Network, ids: &[String], max_p_mw: &[Option<f64>]) -> Vec<DcBranch> {
    let arcs = network.arcs.iter().zip(ids).zip(max_p_mw);
    let in_service = arcs.filter(|((arc, _), _)| arc.b_mw_per_rad != 0.0);
    let branch = |((arc, id), most): ((&Arc, &String), &Option<f64>)| DcBranch {
        name: id.clone(),
        from: arc.from,
        to: arc.to,
        b_mw_per_rad: arc.b_mw_per_rad,
        shift_rad: arc.shift_rad,
        max_p_mw: *most,
    };
    in_service.map(branch).collect()
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
/// Eq. `[mezghani2023]`(2.2) T, in cycles.
pub fn add(model: &mut Model, branches: &[DcBranch], injected: &[Injected], tag: &str) -> DcFlow {
    let flow: Vec<Var> = branches
        .iter()
        .map(|branch| {
            let most = branch.max_p_mw.unwrap_or(f64::INFINITY);
            model.var(format!("flow[{}{tag}]", branch.name), -most, most, 0.0)
        })
        .collect();
    // In units of the median reactance the coefficients stay near one.
    let mut sizes: Vec<f64> = branches.iter().map(|b| b.b_mw_per_rad.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let scale = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0);
    for (closing, cycle) in cycles(injected.len(), branches) {
        let round = cycle.iter().map(|&(l, sign)| {
            let factor = sign * scale / branches[l].b_mw_per_rad;
            (flow[l], factor)
        });
        let shift: f64 = cycle.iter().map(|&(l, s)| s * branches[l].shift_rad).sum();
        let name = format!("cycle of {}{tag}", branches[closing].name);
        model.row(
            name,
            round.collect::<Vec<_>>(),
            -scale * shift,
            -scale * shift,
        );
    }
    let mut terms: Vec<Vec<(Var, f64)>> = injected.iter().map(|at| at.p.clone()).collect();
    for (branch, &flow) in branches.iter().zip(&flow) {
        terms[branch.from].push((flow, -1.0));
        terms[branch.to].push((flow, 1.0));
    }
    let balance = terms
        .into_iter()
        .zip(injected)
        .enumerate()
        .map(|(i, (terms, at))| model.row(format!("balance[{i}{tag}]"), terms, -at.p_mw, -at.p_mw))
        .collect();
    DcFlow { flow, balance }
}

/// A basis of the cycles: for every branch outside a spanning forest that branch and the way back
/// through the forest, each with the sign in which the cycle passes it. The forest is searched in
/// breadth from the first bus of every island, so that the ways are short.
pub fn cycles(n: usize, branches: &[DcBranch]) -> Vec<(usize, Vec<(usize, f64)>)> {
    let mut at_bus: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (l, branch) in branches.iter().enumerate() {
        at_bus[branch.from].push(l);
        at_bus[branch.to].push(l);
    }
    // The branch through which a bus was reached, and how many lie above it.
    let mut above: Vec<Option<usize>> = vec![None; n];
    let mut depth: Vec<Option<usize>> = vec![None; n];
    let mut in_forest = vec![false; branches.len()];
    for root in 0..n {
        if depth[root].is_some() {
            continue;
        }
        depth[root] = Some(0);
        let mut queue = VecDeque::from([(root, 0)]);
        while let Some((i, deep)) = queue.pop_front() {
            for &l in &at_bus[i] {
                let other = branches[l].other_end(i);
                if depth[other].is_none() {
                    depth[other] = Some(deep + 1);
                    above[other] = Some(l);
                    in_forest[l] = true;
                    queue.push_back((other, deep + 1));
                }
            }
        }
    }
    let closing = (0..branches.len()).filter(|&l| !in_forest[l]);
    closing
        .map(|l| {
            let mut cycle = vec![(l, 1.0)];
            // On from the end of the closing branch, and back to its start.
            let (mut on, mut back) = (branches[l].to, branches[l].from);
            while on != back {
                // The deeper of both goes up; the start is walked against the way of the cycle.
                let from_on = depth[on] >= depth[back];
                let at = if from_on { &mut on } else { &mut back };
                let Some(up) = above[*at] else { break };
                let outwards = branches[up].from == *at;
                cycle.push((up, if outwards == from_on { 1.0 } else { -1.0 }));
                *at = branches[up].other_end(*at);
            }
            (l, cycle)
        })
        .collect()
}

impl DcBranch {
    fn other_end(&self, bus: usize) -> usize {
        if self.from == bus { self.to } else { self.from }
    }
}
