//! The Nash bargain of one ISO and its DSOs, or of any who share a cost.

/// One bargain settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Bargain {
    /// b_m: what each DSO pays the ISO, $; negative when it is paid.
    pub payments_usd: Vec<f64>,
    /// c: what the ISO collects, $.
    pub charge_usd: f64,
    /// B_k: net benefit of every player, the ISO first, $.
    pub benefits_usd: Vec<f64>,
}

/// Bargaining powers that add up to 1; equal ones where `powers` is empty.
pub fn normalised(powers: &[f64], players: usize) -> Vec<f64> {
    let sum: f64 = powers.iter().sum();
    if powers.len() == players && sum > 0.0 {
        powers.iter().map(|p| p / sum).collect()
    } else {
        vec![1.0 / players as f64; players]
    }
}

impl Bargain {
    /// No deal: nobody signs, nobody pays, nobody gains.
    pub fn none(dsos: usize) -> Bargain {
        Bargain {
            payments_usd: vec![0.0; dsos],
            charge_usd: 0.0,
            benefits_usd: vec![0.0; dsos + 1],
        }
    }
}

/// Nash bargain in closed form: max Π B_k^α_k subject to c ≤ Σ b_m.
///
/// B_k = α_k S, b_m = ΔU^m − α_m S, c = ΔG + α_0 S with S = Σ ΔU^m − ΔG; without a surplus, S ≤ 0,
/// there is no deal. Eq. `[wang2017]`(1.3) c.
pub fn bargain(utility_usd: &[f64], cost_usd: f64, powers: &[f64]) -> Bargain {
    let alpha = normalised(powers, utility_usd.len() + 1);
    let surplus = utility_usd.iter().sum::<f64>() - cost_usd;
    if surplus.is_nan() || surplus <= 0.0 {
        return Bargain::none(utility_usd.len());
    }
    let payments = utility_usd.iter().zip(&alpha[1..]);
    Bargain {
        payments_usd: payments.map(|(u, a)| u - a * surplus).collect(),
        charge_usd: cost_usd + alpha[0] * surplus,
        benefits_usd: alpha.iter().map(|a| a * surplus).collect(),
    }
}

/// The bargain where no DSO pays, or is paid, more than `most_usd` at once, as where charges of
/// networks are limited: max Π B_k^α_k subject to Σ B_k = S and |ΔU^m − B_m| ≤ `most_usd`.
///
/// Its answer is B_m = α_m μ held between the limits, B_0 the rest, with the one μ that gives
/// B_0 = α_0 μ. Someone may lose where the limits leave no room; without a surplus there is no deal.
/// Eq. `[wang2017]`(1.9), not in the paper.
pub fn limited_bargain(
    utility_usd: &[f64],
    cost_usd: f64,
    powers: &[f64],
    most_usd: f64,
) -> Bargain {
    let alpha = normalised(powers, utility_usd.len() + 1);
    let surplus = utility_usd.iter().sum::<f64>() - cost_usd;
    if surplus.is_nan() || surplus <= 0.0 {
        return Bargain::none(utility_usd.len());
    }
    let held = |mu: f64| -> Vec<f64> {
        let own = utility_usd.iter().zip(&alpha[1..]);
        own.map(|(u, a)| (a * mu).clamp(u - most_usd, u + most_usd))
            .collect()
    };
    let left = |mu: f64| surplus - held(mu).iter().sum::<f64>() - alpha[0] * mu;
    // `left` falls along pieces that end where a limit is met.
    let ends = utility_usd.iter().zip(&alpha[1..]);
    let mut ends: Vec<f64> = ends
        .flat_map(|(u, a)| [(u - most_usd) / a, (u + most_usd) / a])
        .collect();
    ends.sort_by(f64::total_cmp);
    let next = ends.partition_point(|&mu| left(mu) > 0.0);
    // Any two points of the piece give its line; beyond the last end only B_0 moves.
    let (low, high) = match (next.checked_sub(1).map(|k| ends[k]), ends.get(next)) {
        (Some(low), Some(&high)) => (low, high),
        (Some(low), None) => (low, low + 1.0),
        (None, Some(&high)) => (high - 1.0, high),
        (None, None) => (0.0, 1.0),
    };
    let (at_low, at_high) = (left(low), left(high));
    let mu = match at_low - at_high > 0.0 {
        true => low + (high - low) * at_low / (at_low - at_high),
        false => low,
    };
    let dsos = held(mu);
    let payments = utility_usd.iter().zip(&dsos);
    let payments: Vec<f64> = payments.map(|(u, b)| u - b).collect();
    let charge: f64 = payments.iter().sum();
    Bargain {
        benefits_usd: std::iter::once(charge - cost_usd).chain(dsos).collect(),
        charge_usd: charge,
        payments_usd: payments,
    }
}

/// What each of several players pays so that all gain the same in the Nash bargain over what they share, with
/// a cost borne by all, $.
///
/// Eq. `[wang2017]`(1.3) c, where the one who collects gains nothing.
pub fn equal_payments_usd(utility_usd: &[f64], cost_usd: f64) -> Vec<f64> {
    let mut powers = vec![1.0; utility_usd.len() + 1];
    powers[0] = 0.0;
    bargain(utility_usd, cost_usd, &powers).payments_usd
}
