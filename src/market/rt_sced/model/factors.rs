//! Distribution factors: what the ISO believes about the split of an aggregate.
//!
//! A factor is dimensionless, at least 0, and the factors of one aggregator sum to 1.

use crate::market::rt_sced::params::{DistributionFactors, Rule};
use crate::market::shared::offers::MemberBlock;

/// Below this total in MW a share is undefined and the factors stay as they were.
const NO_OUTPUT_MW: f64 = 1e-9;

/// Shares of capacity.
///
/// `Eq. [zuo2022](1)`: DF_i = P_i^UB / Σ P^UB, shape: members, unit: 1.
/// Where every capacity is zero the shares are equal.
pub fn capacity_shares(max_p_mw: &[f64]) -> Vec<f64> {
    shares(max_p_mw).unwrap_or_else(|| vec![1.0 / max_p_mw.len().max(1) as f64; max_p_mw.len()])
}

/// Shares of the output seen by state estimation; `None` when nothing is produced.
///
/// `Eq. [zuo2022](2)`: DF_i = P̂_i / Σ P̂, shape: members, unit: 1.
pub fn observed_shares(se_p_mw: &[f64]) -> Option<Vec<f64>> {
    shares(se_p_mw)
}

/// Shares of the capacity not yet scheduled; `None` when all of it is.
///
/// DF_i = (P_i^UB − P̂_i) / Σ (P^UB − P̂), shape: members, unit: 1; strategy (i) of `[zuo2022]` section IV.A.
pub fn unscheduled_shares(max_p_mw: &[f64], se_p_mw: &[f64]) -> Option<Vec<f64>> {
    let pairs = max_p_mw.iter().zip(se_p_mw);
    let spare: Vec<f64> = pairs.map(|(max, se)| (max - se).max(0.0)).collect();
    shares(&spare)
}

/// Weighted mean of past factors, newest last, by weights given newest first; `None` where all that
/// count weigh nothing.
///
/// DF_i = Σ_k w_k DF_i(t−k) / Σ_k w_k over the factors seen so far, shape: members, unit: 1;
/// strategy (iii) of `[zuo2022]` section IV.A, whose weights are not printed.
pub fn weighted_mean(weights: &[f64], past: &[Vec<f64>]) -> Option<Vec<f64>> {
    let used = || weights.iter().zip(past.iter().rev());
    let sum: f64 = used().map(|(w, _)| w).sum();
    let width = past.first().map_or(0, Vec::len);
    let of = |i: usize| used().map(|(w, factors)| w * factors[i]).sum::<f64>() / sum;
    (sum > 0.0).then(|| (0..width).map(of).collect())
}

/// Outputs this close to the end of a bid block have used it up, MW.
const BLOCK_END_MW: f64 = 1e-9;

/// Factors of a change of the aggregate as the merit order of its bid blocks foretells it: 1 for
/// the member whose block is next above `total_mw` (the last one where there is none), else 0.
///
/// DF_i = 1 for i the member of the first block b with Σ_(b' ≤ b) p_b' > P̂_a, shape: members,
/// unit: 1. Right for every change that stays within that block; a fall from exactly the end of a
/// block is one of the block before.
pub fn marginal_shares(
    order: &[MemberBlock],
    minima_mw: &[f64],
    maxima_mw: &[f64],
    total_mw: f64,
) -> Vec<f64> {
    let mut left = total_mw - minima_mw.iter().sum::<f64>();
    // What minima have used of each member's cheapest blocks, and what each may still give.
    let mut prepaid = minima_mw.to_vec();
    let mut room: Vec<f64> = maxima_mw
        .iter()
        .zip(minima_mw)
        .map(|(b, a)| b - a)
        .collect();
    let mut next = None;
    for block in order {
        let m = block.member;
        let eaten = prepaid[m].min(block.p_mw);
        prepaid[m] -= eaten;
        let width = (block.p_mw - eaten).min(room[m]);
        if width <= 0.0 {
            continue;
        }
        room[m] -= width;
        next = Some(m);
        if left < width - BLOCK_END_MW {
            break;
        }
        left -= width;
    }
    match next {
        Some(next) => (0..maxima_mw.len())
            .map(|m| f64::from(u8::from(m == next)))
            .collect(),
        None => capacity_shares(maxima_mw),
    }
}

fn shares(parts: &[f64]) -> Option<Vec<f64>> {
    let total: f64 = parts.iter().sum();
    (total > NO_OUTPUT_MW).then(|| parts.iter().map(|p| p / total).collect())
}

/// The factors of one aggregator, with the observations the averaging rules remember.
#[derive(Clone, Debug)]
pub struct Memory {
    max_p_mw: Vec<f64>,
    /// Factors in use, one per member.
    pub current: Vec<f64>,
    /// Starting factors, then one observation per interval in which something was produced.
    observed: Vec<Vec<f64>>,
}

impl Memory {
    /// Starts from the shares of capacity, or from the user's own factors.
    pub fn new(settings: &DistributionFactors, members: &[&str], max_p_mw: &[f64]) -> Memory {
        let current = match settings.rule {
            Rule::Given => given_factors(settings, members, max_p_mw),
            _ => capacity_shares(max_p_mw),
        };
        Memory {
            max_p_mw: max_p_mw.to_vec(),
            observed: vec![current.clone()],
            current,
        }
    }

    /// Updates the factors for the next interval from the latest state estimation.
    ///
    /// A share of nothing is undefined: the previous factors then stay.
    pub fn update(&mut self, settings: &DistributionFactors, se_p_mw: &[f64]) {
        let seen = observed_shares(se_p_mw);
        let next = match settings.rule {
            Rule::Capacity | Rule::Block | Rule::Given | Rule::MeritOrder => None,
            Rule::LatestSe => seen,
            Rule::Unscheduled => unscheduled_shares(&self.max_p_mw, se_p_mw),
            Rule::MovingAverage => seen.map(|s| {
                self.observed.push(s);
                let first = self.observed.len().saturating_sub(settings.window.max(1));
                mean(&self.observed[first..])
            }),
            Rule::Weighted => seen.and_then(|s| {
                self.observed.push(s);
                weighted_mean(&settings.weights, &self.observed)
            }),
            Rule::MeanOfAll => seen.map(|s| {
                self.observed.push(s);
                mean(&self.observed)
            }),
            Rule::Smoothing => seen.map(|s| {
                let a = settings.alpha;
                let blend = |(old, new): (&f64, &f64)| a * new + (1.0 - a) * old;
                self.current.iter().zip(&s).map(blend).collect()
            }),
        };
        if let Some(next) = next {
            self.current = next;
        }
    }

    /// The memory after outputs that have been the same for long.
    pub fn settle(&mut self, settings: &DistributionFactors, se_p_mw: &[f64]) {
        let remembers = matches!(
            settings.rule,
            Rule::LatestSe
                | Rule::MovingAverage
                | Rule::Weighted
                | Rule::MeanOfAll
                | Rule::Smoothing
        );
        if let Some(seen) = observed_shares(se_p_mw).filter(|_| remembers) {
            self.observed.fill(seen.clone());
            self.current = seen;
        }
    }

    /// What an error of the remembered factors is multiplied by from one update to the next while
    /// the outputs stay as they are: 1 − α for smoothing, n/(n+1) for the mean of n observations so
    /// far. `None` for rules whose memory is gone after finitely many intervals.
    pub fn multiplier(&self, settings: &DistributionFactors) -> Option<f64> {
        let n = self.observed.len() as f64;
        match settings.rule {
            Rule::Smoothing => Some(1.0 - settings.alpha),
            Rule::MeanOfAll => Some(n / (n + 1.0)),
            _ => None,
        }
    }
}

/// The user's factors; members not listed share what is left to 1 by capacity.
fn given_factors(settings: &DistributionFactors, members: &[&str], max_p_mw: &[f64]) -> Vec<f64> {
    let given = members.iter().map(|m| settings.given.get(*m).copied());
    let given: Vec<Option<f64>> = given.collect();
    let rest = 1.0 - given.iter().flatten().sum::<f64>();
    let pairs = || given.iter().zip(max_p_mw);
    let open = pairs().filter(|(g, _)| g.is_none());
    let open: f64 = open.map(|(_, max)| max).sum();
    let share = |max: &f64| if open > 0.0 { rest * max / open } else { 0.0 };
    pairs().map(|(g, max)| g.unwrap_or(share(max))).collect()
}

fn mean(rows: &[Vec<f64>]) -> Vec<f64> {
    let width = rows.first().map_or(0, Vec::len);
    (0..width)
        .map(|k| rows.iter().map(|row| row[k]).sum::<f64>() / rows.len() as f64)
        .collect()
}
