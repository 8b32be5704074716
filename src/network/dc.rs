//! The network with its factored nodal matrix, and DC flows.

use super::blocks::blocks;
use super::kept::Kept;
use crate::case::{Branch, Case, Invalid, Problem, check};
use crate::opt::sparse::Ldl;
use std::collections::HashMap;
use std::fmt::Display;

/// One branch in the terms of the DC model.
#[derive(Clone, Copy, Debug)]
pub struct Arc {
    pub from: usize,
    pub to: usize,
    /// b = base/(x·τ) in MW/rad; 0 when out of service.
    pub b_mw_per_rad: f64,
    pub shift_rad: f64,
}

/// A connected transmission network. Indices follow `case.buses` and `case.branches`; a branch out
/// of service keeps its index and carries nothing.
#[derive(Clone, Debug)]
pub struct Network {
    pub(super) arcs: Vec<Arc>,
    bus_ids: HashMap<String, usize>,
    branch_ids: HashMap<String, usize>,
    buses: usize,
    /// Block of every branch, see [`blocks`].
    pub(super) blocks: Vec<usize>,
    /// Factors of B′ without the row and column of bus 0, whose angle is 0.
    reduced: Ldl,
    pub(super) kept: Kept,
}

/// Whether two cases have the same network: they may differ in limits of lines and in all that hangs on them.
pub fn is_same(one: &Case, other: &Case) -> bool {
    let same = |a: &Branch, b: &Branch| {
        // Every field, so that a new one is thought of.
        let Branch {
            id,
            from,
            to,
            x_pu,
            // Of what lines lose a dispatch knows by itself.
            r_pu: _,
            tap,
            shift_deg,
            max_p_mw: _,
            in_service,
        } = a;
        (id, from, to) == (&b.id, &b.from, &b.to)
            && (x_pu, tap, shift_deg) == (&b.x_pu, &b.tap, &b.shift_deg)
            && *in_service == b.in_service
    };
    let (mine, theirs) = (&one.branches, &other.branches);
    one.base_mva == other.base_mva
        && one.buses == other.buses
        && mine.len() == theirs.len()
        && mine.iter().zip(theirs).all(|(a, b)| same(a, b))
}

/// Largest error of θ accepted when the factors are tried on a known solution.
const FACTOR_TOLERANCE: f64 = 1e-7;

impl Network {
    /// Builds B′ and factors it.
    ///
    /// # Errors
    /// What [`check::network::check`] finds (unknown buses, zero reactance, islands …), or a B′ that
    /// is singular, as negative reactances can make it.
    pub fn new(case: &Case) -> Result<Self, Invalid> {
        let problems: Vec<Problem> = check::network::check(case)
            .into_iter()
            .filter(Problem::is_error)
            .collect();
        if !problems.is_empty() {
            return Err(Invalid(problems));
        }
        let bus_ids = numbered(case.buses.iter().map(|bus| bus.id.as_str()));
        let branch_ids = numbered(case.branches.iter().map(|branch| branch.id.as_str()));
        let mut arcs = Vec::with_capacity(case.branches.len());
        for branch in &case.branches {
            let (Some(&from), Some(&to)) = (bus_ids.get(&branch.from), bus_ids.get(&branch.to))
            else {
                continue; // not reached: the check above refuses unknown buses
            };
            arcs.push(Arc {
                from,
                to,
                b_mw_per_rad: if branch.in_service {
                    case.base_mva / (branch.x_pu * branch.tap)
                } else {
                    0.0
                },
                shift_rad: branch.shift_deg.to_radians(),
            });
        }
        let buses = case.buses.len();
        let edges: Vec<Option<(usize, usize)>> = arcs
            .iter()
            .map(|arc| (arc.b_mw_per_rad != 0.0).then_some((arc.from, arc.to)))
            .collect();
        let reduced = Ldl::new(buses - 1, &reduced_matrix(&arcs)).map_err(singular)?;
        let network = Self {
            arcs,
            bus_ids,
            branch_ids,
            buses,
            blocks: blocks(buses, &edges),
            reduced,
            kept: Kept::default(),
        };
        network.try_factors()?;
        Ok(network)
    }

    pub fn buses(&self) -> usize {
        self.buses
    }

    pub fn branches(&self) -> usize {
        self.arcs.len()
    }

    /// Index of a bus in `case.buses`.
    pub fn bus(&self, id: &str) -> Option<usize> {
        self.bus_ids.get(id).copied()
    }

    /// Index of the transmission bus where `id` is: itself, or that of the feeder it is a bus of.
    pub fn bus_of(&self, case: &Case, id: &str) -> Option<usize> {
        self.bus(id)
            .or_else(|| self.bus(case.transmission_bus_of(id)?))
    }

    /// Index of a branch in `case.branches`.
    pub fn branch(&self, id: &str) -> Option<usize> {
        self.branch_ids.get(id).copied()
    }

    /// Bus indices `(from, to)` of a branch.
    pub fn ends(&self, branch: usize) -> Option<(usize, usize)> {
        self.arcs.get(branch).map(|arc| (arc.from, arc.to))
    }

    /// DC flow of every branch in MW, from → to, for the injection of every bus in MW.
    ///
    /// flow = b∘(A·θ − φ) with B′·θ = p + A′·(b∘φ). No bus takes up an imbalance: injections that
    /// do not add up to zero (within 1e-6 of their total size, or of 1 MW), or of the wrong number,
    /// give NaN everywhere rather than the flows of some other problem.
    pub fn flows_mw(&self, injection_mw: &[f64]) -> Vec<f64> {
        let sum: f64 = injection_mw.iter().sum();
        let size: f64 = injection_mw.iter().map(|p| p.abs()).sum();
        let balanced = sum.abs() <= 1e-6 * size.max(1.0);
        if injection_mw.len() != self.buses || !balanced {
            return vec![f64::NAN; self.arcs.len()];
        }
        let (mut theta, mut flows) = (injection_mw.to_vec(), Vec::new());
        self.flows_into(&mut theta, &mut flows, &mut Vec::new());
        flows
    }

    /// Whether the same injections drive the same flows over the same branches.
    pub fn has_flows_of(&self, other: &Network) -> bool {
        let of = |arc: &Arc| (arc.from, arc.to, arc.b_mw_per_rad);
        self.buses == other.buses && self.arcs.iter().map(of).eq(other.arcs.iter().map(of))
    }

    /// What injections that add up to zero add to the flow of every branch, MW: without what phase shifters drive.
    pub fn added_flows_mw(&self, injection_mw: Vec<f64>) -> Vec<f64> {
        let mut theta = injection_mw;
        self.solve(&mut theta);
        let flow = |arc: &Arc| arc.b_mw_per_rad * (theta[arc.from] - theta[arc.to]);
        self.arcs.iter().map(flow).collect()
    }

    /// [`Network::added_flows_mw`] of eight at a time; `space` is for the solve.
    pub(super) fn added_flows_of_eight(
        &self,
        injection_mw: Vec<[f64; 8]>,
        space: &mut Vec<[f64; 8]>,
    ) -> Vec<[f64; 8]> {
        let mut theta = injection_mw;
        self.solve_eight(&mut theta, space);
        let flow = |arc: &Arc| {
            let (from, to) = (&theta[arc.from], &theta[arc.to]);
            std::array::from_fn(|n| arc.b_mw_per_rad * (from[n] - to[n]))
        };
        self.arcs.iter().map(flow).collect()
    }

    /// [`Network::flows_mw`] of one injection per bus, which add up to zero and become the angles; `space` is for the
    /// solve.
    pub fn flows_into(&self, theta: &mut [f64], flows: &mut Vec<f64>, space: &mut Vec<f64>) {
        for arc in self.arcs.iter().filter(|arc| arc.shift_rad != 0.0) {
            let shifted = arc.b_mw_per_rad * arc.shift_rad;
            theta[arc.from] += shifted;
            theta[arc.to] -= shifted;
        }
        self.solve_in(theta, space);
        let flow = |arc: &Arc| arc.b_mw_per_rad * (theta[arc.from] - theta[arc.to] - arc.shift_rad);
        flows.clear();
        flows.extend(self.arcs.iter().map(flow));
    }

    /// Solves B′·θ = p in place with θ = 0 at bus 0; `p` has one entry per bus and sums to zero.
    pub(super) fn solve(&self, p: &mut [f64]) {
        self.solve_in(p, &mut Vec::new());
    }

    fn solve_in(&self, p: &mut [f64], space: &mut Vec<f64>) {
        if let Some((first, rest)) = p.split_first_mut() {
            *first = 0.0;
            if self.reduced.solve_in(rest, space).is_err() {
                rest.fill(f64::NAN); // `p` of the wrong length; callers do not do that
            }
        }
    }

    /// [`Network::solve`] of eight at a time.
    pub(super) fn solve_eight(&self, p: &mut [[f64; 8]], space: &mut Vec<[f64; 8]>) {
        if let Some((first, rest)) = p.split_first_mut() {
            *first = [0.0; 8];
            if self.reduced.solve_eight(rest, space).is_err() {
                rest.fill([f64::NAN; 8]); // `p` of the wrong length; callers do not do that
            }
        }
    }

    /// Tries the factors on known angles; pivoting-free factors of an indefinite matrix may be bad.
    fn try_factors(&self) -> Result<(), Invalid> {
        let known = |i: usize| {
            if i == 0 {
                0.0
            } else {
                1.0 + (i % 7) as f64 / 7.0
            }
        };
        let mut p = vec![0.0; self.buses];
        for arc in &self.arcs {
            let flow = arc.b_mw_per_rad * (known(arc.from) - known(arc.to));
            p[arc.from] += flow;
            p[arc.to] -= flow;
        }
        self.solve(&mut p);
        let good = p
            .iter()
            .enumerate()
            .all(|(i, theta)| (theta - known(i)).abs() <= FACTOR_TOLERANCE);
        if good {
            Ok(())
        } else {
            Err(singular("angles come out wrong"))
        }
    }
}

/// Upper triangle of B′ without row and column 0.
fn reduced_matrix(arcs: &[Arc]) -> Vec<(usize, usize, f64)> {
    let mut entries = Vec::with_capacity(3 * arcs.len());
    for arc in arcs.iter().filter(|arc| arc.b_mw_per_rad != 0.0) {
        let (i, j) = (arc.from.min(arc.to), arc.from.max(arc.to));
        if i > 0 {
            entries.push((i - 1, i - 1, arc.b_mw_per_rad));
            entries.push((i - 1, j - 1, -arc.b_mw_per_rad));
        }
        if j > 0 {
            entries.push((j - 1, j - 1, arc.b_mw_per_rad));
        }
    }
    entries
}

fn numbered<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    ids.enumerate().map(|(i, id)| (id.to_string(), i)).collect()
}

fn singular(why: impl Display) -> Invalid {
    Invalid(vec![Problem::error(
        "case.branches",
        format!(
            "The reactances do not determine the flows ({why}). Look for reactances of opposite sign that cancel, or that differ by many orders of magnitude."
        ),
    )])
}
