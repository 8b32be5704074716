//! Random draws on decimal grids, the same on every machine: `usize` is narrower in WebAssembly, so whole
//! numbers are drawn as `u64`.

use super::profile::Spread;
use fastrand::Rng;

/// 95th percentile of the standard normal distribution.
const Z95: f64 = 1.6449;

pub(super) struct Draw {
    rng: Rng,
}

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
        }
    }

    /// Whether what happens with this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.rng.f64() < probability
    }

    /// Whole number from 0 to `n` - 1; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.rng.u64(..n.max(1) as u64) as usize
    }

    /// Uniform between the two.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.rng.f64()
    }

    pub fn one_of<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        let at = self.below(items.len());
        items.get(at).copied()
    }

    /// `count` of the numbers 0 to `n` - 1, all different, in random order.
    pub fn some_of(&mut self, n: usize, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        self.shuffle(&mut all);
        all.truncate(count);
        all
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in 1..items.len() {
            items.swap(i, self.below(i + 1));
        }
    }

    /// Standard normal as a sum of uniforms: no logarithm, and no value beyond 6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.rng.f64()).sum::<f64>() - 6.0
    }

    /// A positive quantity with these percentiles.
    pub fn quantity(&mut self, spread: &Spread) -> f64 {
        let z = self.normal();
        quantile(spread, z)
    }
}

/// Log-normal on either side of the median.
pub(super) fn quantile(spread: &Spread, z: f64) -> f64 {
    let far = if z < 0.0 { spread.p5 } else { spread.p95 };
    spread.p50 * libm::pow(far / spread.p50, z.abs() / Z95)
}

/// Rounded to `places` decimal places.
pub(super) fn grid(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale + 0.0
}

/// `total` split into whole parts in proportion to `weights`, each at least `least`.
pub(super) fn shares(total: usize, weights: &[f64], least: usize) -> Vec<usize> {
    let free = total.saturating_sub(least * weights.len());
    let sum: f64 = weights.iter().sum();
    let mut done = 0.0;
    let mut given = 0;
    weights
        .iter()
        .map(|weight| {
            done += weight;
            let upto = ((done / sum) * free as f64).round() as usize;
            let part = upto - given.min(upto);
            given = upto;
            least + part
        })
        .collect()
}
