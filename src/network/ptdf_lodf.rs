//! Shift factors (PTDF) and outage factors (LODF).

use super::blocks;
use super::dc::{Arc, Network};
use crate::case::{Case, Invalid, Problem};
use nalgebra::DMatrix;

/// Where the other end of a shift factor's transfer is: weights over the buses that sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// One bus, by index.
    Bus(usize),
    /// One weight per bus.
    Weights(Vec<f64>),
}

impl Reference {
    /// A distributed reference.
    ///
    /// # Errors
    /// Weights that are not finite or do not sum to 1 within 1e-9.
    pub fn weights(weights: Vec<f64>) -> Result<Self, Invalid> {
        let sum: f64 = weights.iter().sum();
        if (sum - 1.0).abs() <= 1e-9 {
            Ok(Self::Weights(weights))
        } else {
            Err(Invalid(vec![Problem::error(
                "reference.weights",
                format!("The weights add up to {sum}. Make them add up to 1."),
            )]))
        }
    }

    /// The reference distributed by load, w_i = d_i / Σ d (MW, feeder loads not counted).
    ///
    /// # Errors
    /// A total load of zero, which gives no weights.
    pub fn by_load(case: &Case, network: &Network) -> Result<Self, Invalid> {
        let mut weights = vec![0.0; network.buses()];
        for load in &case.loads {
            let bus = network.bus_of(case, &load.bus);
            if let Some(weight) = bus.and_then(|i| weights.get_mut(i)) {
                *weight += load.p_mw;
            }
        }
        let total: f64 = weights.iter().sum();
        if !(total.is_finite() && total != 0.0) {
            return Err(Invalid(vec![Problem::error(
                "case.loads",
                format!(
                    "The loads add up to {total} MW, which gives no reference distributed by load. Choose a bus as reference."
                ),
            )]));
        }
        for weight in &mut weights {
            *weight /= total;
        }
        Self::weights(weights)
    }

    /// Adds an amount to a value by bus, as the weights say.
    pub(super) fn spread(&self, amount: f64, at: &mut [f64]) {
        match self {
            Self::Bus(i) => {
                if let Some(value) = at.get_mut(*i) {
                    *value += amount;
                }
            }
            Self::Weights(weights) => {
                for (value, weight) in at.iter_mut().zip(weights) {
                    *value += weight * amount;
                }
            }
        }
    }

    /// Σ_i w_i·z_i; NaN where the reference does not fit the network.
    pub(super) fn mean(&self, z: &[f64]) -> f64 {
        match self {
            Self::Bus(i) => z.get(*i).copied().unwrap_or(f64::NAN),
            Self::Weights(w) if w.len() == z.len() => w.iter().zip(z).map(|(w, z)| w * z).sum(),
            Self::Weights(_) => f64::NAN,
        }
    }
}

/// Shift factors closer than this are the same: above the rounding of a solve, and what it moves of
/// 1 GW is 1e-9 MW.
const SAME: f64 = 1e-12;

/// Grid of sums of shift factors, 2⁻⁴⁶: above the rounding of a sum.
const GRID: f64 = 1.0 / (1_u64 << 46) as f64;

/// Σ SF_i · share_i, MW on a branch per MW spread over buses as given, shares adding up to 1.
///
/// A sum that is the shift factor of some bus but for rounding is that shift factor, and two sums that
/// are equal but for rounding are equal: a program must not take them for two directions.
pub fn combined(shift_factors: &[f64], spread: &[(usize, f64)]) -> f64 {
    if let [(bus, share)] = *spread
        && share == 1.0
    {
        return shift_factors[bus];
    }
    let sum: f64 = spread.iter().map(|(bus, s)| shift_factors[*bus] * s).sum();
    let sum = (sum / GRID).round() * GRID;
    let same = |factor: &&f64| (*factor - sum).abs() <= SAME;
    shift_factors.iter().find(same).copied().unwrap_or(sum)
}

/// Shift factors of a branch after the outage of another, of whose flow it takes up `share`:
///
/// > SF_m + LODF_mk · SF_k
///
/// What is equal but for rounding is equal here as well.
pub fn ptdf_row_after(row: &[f64], (lost, share): (&[f64], f64)) -> Vec<f64> {
    let pairs = row.iter().zip(lost);
    settled(pairs.map(|(own, lost)| own + share * lost).collect())
}

/// [`settle`], and what is 0 but for rounding is 0.
pub(super) fn settled(mut values: Vec<f64>) -> Vec<f64> {
    settle(&mut values);
    for value in values.iter_mut().filter(|value| value.abs() <= SAME) {
        *value = 0.0;
    }
    values
}

/// Makes values equal that are equal but for rounding: each becomes the least of those from which it differs so little.
fn settle(values: &mut [f64]) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut kept = f64::NAN;
    let settled: Vec<f64> = (sorted.iter())
        .map(|&value| {
            if value - kept > SAME || kept.is_nan() || value.is_nan() {
                kept = value;
            }
            kept
        })
        .collect();
    for value in values {
        let place = sorted.partition_point(|other| other.total_cmp(value).is_lt());
        *value = settled[place];
    }
}

impl Network {
    /// One row of the PTDF matrix (1 × nb, MW per MW): what 1 MW injected at bus i and taken out at
    /// the reference puts on the branch, from → to.
    ///
    /// B′·z = b·(e_f − e_t), then ptdf_i = z_i − Σ_j w_j·z_j: one solve, as B′ is symmetric.
    /// Zero for a branch out of service, NaN for a branch or reference that is not there.
    ///
    /// What is equal but for rounding is equal, and zero is zero, whatever the reference: a bus
    /// outside the branch's block (see `blocks`) has the z of the bus at which the two meet; a
    /// bridge has z = 1 on its `from` side and 0 on the other; and values of z that differ by
    /// rounding alone are made one before the reference is taken off.
    pub fn ptdf_row(&self, branch: usize, reference: &Reference) -> Vec<f64> {
        let Some(arc) = self.arcs.get(branch) else {
            return vec![f64::NAN; self.buses()];
        };
        if arc.b_mw_per_rad == 0.0 {
            let nothing = reference.mean(&vec![0.0; self.buses()]);
            return vec![0.0 - nothing; self.buses()];
        }
        let z = self.kept.get_or(branch, || self.transfers(branch));
        let mean = reference.mean(&z);
        let factor = |z: &f64| match z - mean {
            factor if factor.abs() <= SAME => 0.0,
            factor => factor,
        };
        z.iter().map(factor).collect()
    }

    /// z of a branch in service: MW on it per MW sent from each bus, up to a constant.
    fn transfers(&self, branch: usize) -> Vec<f64> {
        let arc = &self.arcs[branch];
        let block = self.blocks[branch];
        let mine = |k: usize| self.blocks[k] == block;
        let inside: Vec<usize> = (0..self.arcs.len()).filter(|&k| mine(k)).collect();
        let mut z = vec![0.0; self.buses()];
        if inside.len() == 1 {
            z[arc.from] = 1.0;
        } else {
            z[arc.from] += arc.b_mw_per_rad;
            z[arc.to] -= arc.b_mw_per_rad;
            self.solve(&mut z);
        }
        // From the block outwards: every other bus has the value of the bus it hangs on.
        // Each bus names the last of its ways there, and each of them the one before.
        let mut last = vec![usize::MAX; self.buses()];
        let mut ways: Vec<(usize, usize)> = Vec::new();
        for (k, other) in self.arcs.iter().enumerate() {
            if other.b_mw_per_rad != 0.0 && !mine(k) {
                for (at, to) in [(other.from, other.to), (other.to, other.from)] {
                    ways.push((to, last[at]));
                    last[at] = ways.len() - 1;
                }
            }
        }
        let mut reached = vec![false; self.buses()];
        let mut path: Vec<usize> = Vec::new();
        for arc in inside.iter().map(|&k| &self.arcs[k]) {
            for end in [arc.from, arc.to] {
                if !reached[end] {
                    reached[end] = true;
                    path.push(end);
                }
            }
        }
        let mut values: Vec<f64> = path.iter().map(|&bus| z[bus]).collect();
        settle(&mut values);
        for (&bus, value) in path.iter().zip(values) {
            z[bus] = value;
        }
        while let Some(bus) = path.pop() {
            let mut way = last[bus];
            while let Some(&(next, before)) = ways.get(way) {
                way = before;
                if !reached[next] {
                    reached[next] = true;
                    z[next] = z[bus];
                    path.push(next);
                }
            }
        }
        z
    }

    /// Σ_l ζ_l · (flow on l for each MW injected at a bus), up to a constant: one solve.
    pub(super) fn weighted_row(&self, zeta: &[f64]) -> Vec<f64> {
        let mut z = vec![0.0; self.buses()];
        for (arc, weight) in self.arcs.iter().zip(zeta) {
            z[arc.from] += weight * arc.b_mw_per_rad;
            z[arc.to] -= weight * arc.b_mw_per_rad;
        }
        self.solve(&mut z);
        z
    }

    /// PTDF matrix (nbr × nb, MW per MW), row by row as [`Network::ptdf_row`]. Dense: for thousands
    /// of buses ask for the rows that matter instead.
    pub fn ptdf(&self, reference: &Reference) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(self.branches(), self.buses());
        for branch in 0..self.branches() {
            for (i, value) in self.ptdf_row(branch, reference).into_iter().enumerate() {
                matrix[(branch, i)] = value;
            }
        }
        matrix
    }

    /// One column of the LODF matrix (nbr, MW per MW): the part of the flow on branch k before its
    /// outage that each branch takes up.
    ///
    /// lodf(m, k) = h(m, k) / (1 − h(k, k)) with h(m, k) the flow on m of 1 MW from k's `from` to
    /// its `to` bus; lodf(k, k) = −1. NaN where the outage leaves the flows undetermined: `k` is a
    /// bridge, or, with negative reactances, 1 − h(k, k) vanishes; also for a branch that is not
    /// there.
    pub fn lodf_column(&self, outaged: usize) -> Vec<f64> {
        let block = self.blocks.get(outaged);
        let bridge = self.blocks.iter().filter(|b| Some(*b) == block).count() == 1;
        self.outage(outaged, bridge)
    }

    /// What the outages of some branches put on some others: of each column of [`Network::lodf_column`], one after the
    /// other, the entries of the branches `of`; eight solves at a time.
    pub fn lodf_of(&self, outaged: &[usize], of: &[usize]) -> Vec<f64> {
        let mut shares = vec![f64::NAN; outaged.len() * of.len()];
        let bridges = self.bridges();
        let (mut z, mut space) = (vec![[0.0; 8]; self.buses()], Vec::new());
        for (eight, shares) in outaged
            .chunks(8)
            .zip(shares.chunks_mut(8 * of.len().max(1)))
        {
            z.fill([0.0; 8]);
            for (n, out) in eight.iter().enumerate() {
                let Some(arc) = self.arcs.get(*out) else {
                    continue;
                };
                z[arc.from][n] += 1.0;
                z[arc.to][n] -= 1.0;
            }
            self.solve_eight(&mut z, &mut space);
            let mut remaining = [f64::NAN; 8];
            for (n, out) in eight.iter().enumerate() {
                let Some(arc) = self.arcs.get(*out).filter(|_| !bridges[*out]) else {
                    continue;
                };
                let left = 1.0 - arc.b_mw_per_rad * (z[arc.from][n] - z[arc.to][n]);
                if left.abs() >= 1e-12 {
                    remaining[n] = left;
                }
            }
            for (m, branch) in of.iter().enumerate() {
                let Some(arc) = self.arcs.get(*branch) else {
                    continue;
                };
                let (from, to) = (&z[arc.from], &z[arc.to]);
                for (n, out) in eight.iter().enumerate() {
                    let share = arc.b_mw_per_rad * (from[n] - to[n]) / remaining[n];
                    let own = out == branch && !share.is_nan();
                    shares[n * of.len() + m] = if own { -1.0 } else { share };
                }
            }
        }
        shares
    }

    /// LODF matrix (nbr × nbr, MW per MW; monitored × outaged), column by column as
    /// [`Network::lodf_column`]. Dense, as [`Network::ptdf`].
    pub fn lodf(&self) -> DMatrix<f64> {
        let n = self.branches();
        let mut matrix = DMatrix::zeros(n, n);
        for (k, bridge) in self.bridges().into_iter().enumerate() {
            matrix
                .column_mut(k)
                .copy_from_slice(&self.outage(k, bridge));
        }
        matrix
    }

    fn outage(&self, outaged: usize, bridge: bool) -> Vec<f64> {
        let undetermined = vec![f64::NAN; self.branches()];
        let Some(out) = self.arcs.get(outaged) else {
            return undetermined;
        };
        let mut z = vec![0.0; self.buses()];
        z[out.from] += 1.0;
        z[out.to] -= 1.0;
        self.solve(&mut z);
        let transfer = |arc: &Arc| arc.b_mw_per_rad * (z[arc.from] - z[arc.to]);
        let remaining = 1.0 - transfer(out);
        if bridge || remaining.abs() < 1e-12 {
            return undetermined;
        }
        let mut column: Vec<f64> = self.arcs.iter().map(|m| transfer(m) / remaining).collect();
        if let Some(own) = column.get_mut(outaged) {
            *own = -1.0;
        }
        column
    }

    /// For every branch, whether its outage would split the network; `false` out of service.
    pub fn bridges(&self) -> Vec<bool> {
        blocks::bridges(&self.blocks)
    }
}
