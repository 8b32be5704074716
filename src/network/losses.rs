//! What lines lose, L = ρ f² with ρ = r / base (1/MW), and flows with it.
//!
//! The DC model with every voltage at 1 p.u.: a line whose flow in its middle is f loses ρ f², half of which is drawn
//! at either of its ends. With p the injections (MW), A the incidence matrix, |A| the same without signs, and a slack
//! s that the reference (weights w) takes up,
//!
//! ```text
//! f = K (p + s w − ½ |A|ᵀ L),   L = ρ f²,   s = 1·L − 1·p      K: DC flows of injections that add up to zero
//! ```
//!
//! About such flows, with D = diag(2 ρ f) and F = K (I − w 1ᵀ), what moves with the injections is
//!
//! ```text
//! df = F (dp − ½ |A|ᵀ D df),   row of any z·f:  y = Fᵀ ζ  with  ζ = z − ½ D |A| y
//! ```
//!
//! so that the marginal loss factor of a bus, LF_i = d(1·L)/dp_i, is the row of z = 2 ρ f, and −(1 − LF_i) what an
//! MW injected there does to the slack. Both are found by iteration, whose step shrinks with 2 ρ f, the share of
//! what a line carries that it loses at the margin.
//!
//! Source: F. Li and R. Bo, *DCOPF-Based LMP Simulation*, IEEE Trans. Power Systems 22 (2007) 1475–1485, who draw half
//! of a loss at either end and iterate; here the change of what is drawn is part of the factors, so that prices are
//! derivatives of the cost.

use super::dc::Network;
use super::ptdf_lodf::{Reference, settled};
use crate::case::{Branch, Case};

/// Iterations after which flows with losses are not found.
const ROUNDS: usize = 200;

/// Change of a flow, relative to the largest, at which an iteration ends.
const STILL: f64 = 1e-14;

/// The same of what moves with many injections, eight at a time.
const NEARLY_STILL: f64 = 1e-8;

/// Flows with losses, and what moves about them.
#[derive(Clone, Debug)]
pub struct Lossy {
    pub injection_mw: Vec<f64>,
    /// Flow in the middle of every branch, MW.
    pub flows_mw: Vec<f64>,
    /// What the reference gives so that all is balanced, MW.
    pub slack_mw: f64,
    /// 2 ρ f.
    slopes: Vec<f64>,
    reference: Reference,
    ends: Vec<(usize, usize)>,
}

impl Lossy {
    /// Flows of injections, with ρ by branch (1/MW); `None` where the iteration does not end: more would be lost than
    /// lines can bring.
    pub fn new(
        network: &Network,
        rho_per_mw: &[f64],
        reference: &Reference,
        injection_mw: Vec<f64>,
    ) -> Option<Lossy> {
        let ends = ends(network);
        let mut slack_mw = 0.0;
        let mut space = Vec::new();
        let flows_mw = settle(vec![0.0; network.branches()], 1.0, |flows| {
            let mut theta = injection_mw.clone();
            let lost = flows.iter().zip(rho_per_mw).map(|(f, rho)| rho * f * f);
            slack_mw = balance(&mut theta, &ends, lost, reference);
            let mut next = Vec::new();
            network.flows_into(&mut theta, &mut next, &mut space);
            next
        })?;
        let slopes = flows_mw
            .iter()
            .zip(rho_per_mw)
            .map(|(f, rho)| 2.0 * rho * f);
        Some(Lossy {
            slopes: slopes.collect(),
            injection_mw,
            flows_mw,
            slack_mw,
            reference: reference.clone(),
            ends,
        })
    }

    /// Marginal loss factors LF by bus: MW lost more for each MW injected there and taken out at the reference.
    ///
    /// `None` where the iteration does not end.
    pub fn factors(&self, network: &Network) -> Option<Vec<f64>> {
        self.row_of(network, &self.slopes)
    }

    /// Shift factors of a branch, losses included: MW on it for each MW injected at a bus and taken out, less what is
    /// then lost more, at the reference.
    pub fn ptdf_row(&self, network: &Network, branch: usize) -> Option<Vec<f64>> {
        let mut z = vec![0.0; network.branches()];
        *z.get_mut(branch)? = 1.0;
        self.row_of(network, &z)
    }

    /// Fᵀ ζ with ζ = z − ½ D |A| Fᵀ ζ; what is equal but for rounding is equal.
    fn row_of(&self, network: &Network, z: &[f64]) -> Option<Vec<f64>> {
        let mut row = Vec::new();
        settle(z.to_vec(), 1.0, |zeta| {
            row = network.weighted_row(zeta);
            let mean = self.reference.mean(&row);
            row.iter_mut().for_each(|value| *value -= mean);
            let each = z.iter().zip(&self.slopes).zip(&self.ends);
            each.map(|((z, slope), &(from, to))| z - 0.5 * slope * (row[from] + row[to]))
                .collect()
        })?;
        Some(settled(row))
    }

    /// What a change of injections (MW by bus) adds to the flow of every branch, MW, to first order; the reference takes
    /// up what it does not balance, and what is lost more.
    pub fn moved_mw(&self, network: &Network, change_mw: &[f64]) -> Option<Vec<f64>> {
        let largest = change_mw.iter().fold(0.0, |most: f64, p| most.max(p.abs()));
        settle(vec![0.0; network.branches()], largest, |moved| {
            let mut p = change_mw.to_vec();
            let lost = moved.iter().zip(&self.slopes).map(|(df, slope)| slope * df);
            balance(&mut p, &self.ends, lost, &self.reference);
            network.added_flows_mw(p)
        })
    }

    /// [`Lossy::moved_mw`] of many changes (bus, MW) to eight digits, eight at a time.
    pub fn moved_by_each(
        &self,
        network: &Network,
        changes: &[Vec<(usize, f64)>],
    ) -> Option<Vec<Vec<f64>>> {
        let mut all = Vec::with_capacity(changes.len());
        for eight in changes.chunks(8) {
            let mut own = vec![[0.0; 8]; network.buses()];
            for (n, change) in eight.iter().enumerate() {
                for &(bus, p) in change {
                    own[bus][n] += p;
                }
            }
            let moved = self.moved_by_eight(network, &own)?;
            let each = (0..eight.len()).map(|n| moved.iter().map(|moved| moved[n]).collect());
            all.extend(each);
        }
        Some(all)
    }

    fn moved_by_eight(&self, network: &Network, change_mw: &[[f64; 8]]) -> Option<Vec<[f64; 8]>> {
        let mut moved = vec![[0.0; 8]; network.branches()];
        let mut space = Vec::new();
        let mut shares = vec![0.0; network.buses()];
        self.reference.spread(1.0, &mut shares);
        for _ in 0..ROUNDS {
            let mut p = change_mw.to_vec();
            let mut slack: [f64; 8] = [0.0; 8];
            for own in change_mw {
                (0..8).for_each(|n| slack[n] -= own[n]);
            }
            for ((&(from, to), moved), slope) in self.ends.iter().zip(&moved).zip(&self.slopes) {
                for n in 0..8 {
                    let lost = slope * moved[n];
                    p[from][n] -= 0.5 * lost;
                    p[to][n] -= 0.5 * lost;
                    slack[n] += lost;
                }
            }
            for (p, share) in p.iter_mut().zip(&shares) {
                (0..8).for_each(|n| p[n] += share * slack[n]);
            }
            let next = network.added_flows_of_eight(p, &mut space);
            let pairs = moved.iter().flatten().zip(next.iter().flatten());
            let apart = pairs.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()));
            let largest = next
                .iter()
                .flatten()
                .fold(0.0, |most: f64, v| most.max(v.abs()));
            if next.iter().flatten().any(|value| !value.is_finite()) {
                return None;
            }
            moved = next;
            if apart <= NEARLY_STILL * largest {
                return Some(moved);
            }
        }
        None
    }
}

/// ρ = r / base by branch, 1/MW; 0 out of service and where r is below 0.
pub fn rho_per_mw(case: &Case) -> Vec<f64> {
    let rho = |b: &Branch| match b.in_service {
        true => b.r_pu.max(0.0) / case.base_mva,
        false => 0.0,
    };
    case.branches.iter().map(rho).collect()
}

/// Bus indices (from, to) of every branch.
fn ends(network: &Network) -> Vec<(usize, usize)> {
    let all = (0..network.branches()).filter_map(|k| network.ends(k));
    all.collect()
}

/// Draws half of what each branch loses at either of its ends, and what is then missing from the reference; how much
/// that is, MW.
fn balance(
    injection_mw: &mut [f64],
    ends: &[(usize, usize)],
    lost_mw: impl Iterator<Item = f64>,
    reference: &Reference,
) -> f64 {
    let mut slack_mw = -injection_mw.iter().sum::<f64>();
    for (&(from, to), lost) in ends.iter().zip(lost_mw) {
        injection_mw[from] -= 0.5 * lost;
        injection_mw[to] -= 0.5 * lost;
        slack_mw += lost;
    }
    reference.spread(slack_mw, injection_mw);
    slack_mw
}

/// Repeats a step until it changes nothing but rounding; `None` where it does not come to rest.
fn settle(
    mut values: Vec<f64>,
    size: f64,
    mut step: impl FnMut(&[f64]) -> Vec<f64>,
) -> Option<Vec<f64>> {
    let mut last = f64::INFINITY;
    for _ in 0..ROUNDS {
        let next = step(&values);
        let pairs = || values.iter().zip(&next);
        let change = pairs().map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let largest = next.iter().fold(size, |most, v| most.max(v.abs()));
        if next.iter().any(|value| !value.is_finite()) {
            return None;
        }
        values = next;
        // Rounding may keep the last digits moving.
        let near = change <= 1e3 * STILL * largest && change >= last;
        if change <= STILL * largest || near {
            return Some(values);
        }
        last = change;
    }
    None
}
