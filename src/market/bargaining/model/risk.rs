//! The bargain before the day, by players who mind its risk.
//!
//! Over scenarios s of equal probability, with the gain X_k of player k in each (ΔU^m, and −ΔG of the ISO,
//! whole day), a player values a gain at its certainty equivalent
//!
//! ```text
//! ρ_k(X) = (1 − w_k) E[X] + w_k CVaR_a(X),   CVaR_a(X) = the mean of the worst part a of the scenarios
//! ```
//!
//! ρ_k(X + b) = ρ_k(X) + b for a sure b. So in max Π_k B_k^α_k with B_k = ρ_k(X_k − b_k), Σ_k b_k = 0 the sure
//! payments move certainty equivalents one for one, and as with money in a sure bargain
//!
//! ```text
//! S = Σ_k ρ_k(X_k),   B_k = α_k S,   b_k = ρ_k(X_k) − α_k S
//! ```
//!
//! The b_k are agreed before the day and paid whatever comes. Were payments to depend on the scenario, all risk
//! would go to the player with the least w: ρ_w falls in w and Σ_k ρ_w(Y_k) ≤ ρ_w(Σ_k Y_k), so that
//! Σ_k ρ_k(Y_k) ≤ ρ_least(Σ_k X_k) for any division Y of the gains, met where the others have sure gains. That
//! bargain is over S* = ρ_least(Σ_k X_k) ≥ S. ρ is monotone: a dispatch at least as good in every scenario is at
//! least as good for S*. The dispatch is the common one of each slot; none is searched for that lowers risk.
//! Eq. `[wang2017]`(1.11) R, not in the paper.

use super::settle::{Bargain, Gains, bargain};

/// The bargain under risk and what it rests on.
#[derive(Clone, Debug, Default)]
pub struct AtRisk {
    /// w by player, the ISO first.
    pub weights: Vec<f64>,
    /// a.
    pub tail: f64,
    /// X by player and scenario, $.
    pub gains_usd: Vec<Vec<f64>>,
    /// The mean of X, CVaR_a(X) and ρ(X) by player, $.
    pub expected_usd: Vec<f64>,
    pub cvar_usd: Vec<f64>,
    pub certain_usd: Vec<f64>,
    /// S, $.
    pub surplus_usd: f64,
    /// b of every player, the ISO first, $; what it collects is minus that. `None` without a surplus.
    pub paid_usd: Option<Vec<f64>>,
    /// B of every player, $.
    pub benefits_usd: Vec<f64>,
    /// What each would pay if nobody minded risk, $.
    pub neutral_usd: Vec<f64>,
    /// S*, $, and the player who would carry the risk.
    pub shared_usd: f64,
    pub carrier: usize,
}

/// CVaR_a(X): the mean of the worst part `tail` of equally likely values.
///
/// Eq. `[wang2017]`(1.11) R.
pub fn cvar(values: &[f64], tail: f64) -> f64 {
    let mut sorted = values.to_vec();
    crate::sort::by(&mut sorted, f64::total_cmp);
    let each = 1.0 / sorted.len() as f64;
    let (mut left, mut sum) = (tail, 0.0);
    for value in sorted {
        let part = each.min(left);
        sum += part * value;
        left -= part;
    }
    sum / tail
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// ρ(X) = (1 − w) mean(X) + w CVaR_a(X). Eq. `[wang2017]`(1.11) R.
pub fn certainty_equivalent(values: &[f64], weight: f64, tail: f64) -> f64 {
    (1.0 - weight) * mean(values) + weight * cvar(values, tail)
}

/// What each pays, the ISO first; `None` where there is no deal.
fn payments(dsos: &[f64], cost: f64, powers: &[f64]) -> (Bargain, Option<Vec<f64>>) {
    let settled = bargain(dsos, cost, powers);
    let deal = dsos.iter().sum::<f64>() > cost;
    let mut paid = vec![-settled.charge_usd];
    paid.extend(&settled.payments_usd);
    (settled, deal.then_some(paid))
}

/// The bargain over the whole day's gains in each scenario.
///
/// B_k = α_k S, b_k = ρ_k(X_k) − α_k S. Eq. `[wang2017]`(1.11) R.
pub fn at_risk(scenarios: &[Gains], weights: &[f64], powers: &[f64], tail: f64) -> AtRisk {
    let players = 0..weights.len();
    let gain = |own: &Gains, k: usize| match k {
        0 => -own.cost_usd[0],
        _ => own.utility_usd[k - 1][0],
    };
    let gains = players.map(|k| scenarios.iter().map(|own| gain(own, k)).collect());
    let gains: Vec<Vec<f64>> = gains.collect();
    let expected: Vec<f64> = gains.iter().map(|x| mean(x)).collect();
    let certain = gains.iter().zip(weights);
    let certain = certain.map(|(x, w)| certainty_equivalent(x, *w, tail));
    let certain: Vec<f64> = certain.collect();
    let (settled, paid) = payments(&certain[1..], -certain[0], powers);
    let (neutral, _) = payments(&expected[1..], -expected[0], powers);
    let total = scenarios.iter().map(|own| own.surplus_usd(0));
    let total: Vec<f64> = total.collect();
    let least = weights.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
    let (carrier, least) = least.map_or((0, 0.0), |(k, w)| (k, *w));
    let mut neutral_usd = vec![-neutral.charge_usd];
    neutral_usd.extend(neutral.payments_usd);
    AtRisk {
        weights: weights.to_vec(),
        tail,
        cvar_usd: gains.iter().map(|x| cvar(x, tail)).collect(),
        expected_usd: expected,
        surplus_usd: certain.iter().sum(),
        certain_usd: certain,
        benefits_usd: settled.benefits_usd,
        paid_usd: paid,
        neutral_usd,
        shared_usd: certainty_equivalent(&total, least, tail),
        carrier,
        gains_usd: gains,
    }
}
