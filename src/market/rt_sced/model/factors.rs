//! Distribution factors: what the ISO believes about the split of an aggregate.
//!
//! A factor is dimensionless, at least 0, and the factors of one aggregator sum to 1.

use crate::market::rt_sced::params::{DistributionFactors, Rule};

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
            Rule::Capacity | Rule::Block | Rule::Given => None,
            Rule::LatestSe => seen,
            Rule::Unscheduled => unscheduled_shares(&self.max_p_mw, se_p_mw),
            Rule::MovingAverage => seen.map(|s| {
                self.observed.push(s);
                let first = self.observed.len().saturating_sub(settings.window.max(1));
                mean(&self.observed[first..])
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
            Rule::LatestSe | Rule::MovingAverage | Rule::MeanOfAll | Rule::Smoothing
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

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(rule: Rule) -> DistributionFactors {
        DistributionFactors {
            rule,
            ..Default::default()
        }
    }

    #[test]
    fn a_share_of_nothing_keeps_the_previous_factors() {
        for rule in [
            Rule::LatestSe,
            Rule::MovingAverage,
            Rule::MeanOfAll,
            Rule::Smoothing,
        ] {
            let settings = settings(rule);
            let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
            memory.update(&settings, &[0.0, 0.0]);
            assert_eq!(memory.current, [4.0 / 6.0, 2.0 / 6.0], "{rule:?}");
        }
        let settings = settings(Rule::Unscheduled);
        let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
        memory.update(&settings, &[4.0, 2.0]);
        assert_eq!(memory.current, [4.0 / 6.0, 2.0 / 6.0]);
    }

    #[test]
    fn averages_start_from_the_capacity_shares() {
        let settings = settings(Rule::MovingAverage);
        let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
        memory.update(&settings, &[1.0, 2.0]);
        assert!((memory.current[0] - 0.5).abs() < 1e-12);
        memory.update(&settings, &[3.0, 2.0]);
        assert!((memory.current[0] - (2.0 / 3.0 + 1.0 / 3.0 + 0.6) / 3.0).abs() < 1e-12);
        memory.update(&settings, &[1.125, 2.0]);
        assert!((memory.current[0] - (1.0 / 3.0 + 0.6 + 0.36) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn given_factors_leave_the_rest_to_the_others() {
        let mut settings = settings(Rule::Given);
        settings.given.insert("D2".into(), 0.4);
        let memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
        assert!((memory.current[1] - 0.6).abs() < 1e-12);
    }
}
