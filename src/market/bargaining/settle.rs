//! Who pays what: the Nash bargain in closed form, its settlement slot by slot, and the telescoping
//! settlement. Pure functions of the values of a day.
//!
//! Player 0 is the ISO, player m the m-th DSO. Utility moves between players as money, so dispatch
//! maximises the sum and only shares are left to bargain over.

/// What cooperation changes, whole day, as expected at each slot: ΔU^m(t) = U_co − U_non and
/// ΔG(t) = G_co − G_non, $.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gains {
    /// By DSO and slot.
    pub utility_usd: Vec<Vec<f64>>,
    /// By slot; more cost is +.
    pub cost_usd: Vec<f64>,
    /// What rounding leaves of the values that these are differences of, $.
    pub noise_usd: f64,
}

/// Rounding of a solver, as a share of the values it works on.
const ROUNDING: f64 = 1e-8;

impl Gains {
    /// From the values of a day with and without cooperation; utilities by DSO and slot.
    pub fn between(
        utility_co: &[Vec<f64>],
        utility_non: &[Vec<f64>],
        cost_co: &[f64],
        cost_non: &[f64],
    ) -> Gains {
        let largest = |of: &[f64]| of.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let utilities = utility_co.iter().chain(utility_non).map(|u| largest(u));
        let size = utilities.sum::<f64>() + largest(cost_co) + largest(cost_non);
        let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
        Gains {
            utility_usd: utility_co
                .iter()
                .zip(utility_non)
                .map(|(a, b)| minus(a, b))
                .collect(),
            cost_usd: minus(cost_co, cost_non),
            noise_usd: ROUNDING * size,
        }
    }

    pub fn slots(&self) -> usize {
        self.cost_usd.len()
    }

    pub fn dsos(&self) -> usize {
        self.utility_usd.len()
    }

    /// ΔU^m at slot `t`, one per DSO.
    pub fn utilities_at(&self, t: usize) -> Vec<f64> {
        self.utility_usd.iter().map(|u| u[t]).collect()
    }

    /// S′(t) = Σ_m ΔU^m(t) − ΔG(t): what cooperation is worth over the whole day, as expected at
    /// slot `t`, $.
    ///
    /// Eq. `[wang2017]`(1.3) c.
    pub fn surplus_usd(&self, t: usize) -> f64 {
        self.utilities_at(t).iter().sum::<f64>() - self.cost_usd[t]
    }

    /// Whether cooperation brings something at slot `t` that could be shared: otherwise nobody signs.
    pub fn worth_a_deal(&self, t: usize) -> bool {
        self.surplus_usd(t) > self.noise_usd
    }
}

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
    fn none(dsos: usize) -> Bargain {
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

/// Payments of a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settlement {
    /// What each DSO pays, by DSO and slot, $.
    pub payments_usd: Vec<Vec<f64>>,
    /// What the ISO collects, by slot, $.
    pub charge_usd: Vec<f64>,
    /// Whether something is agreed up to each slot. Without, the day is as without cooperation.
    pub agreed: Vec<bool>,
}

impl Settlement {
    /// What is collected is what is paid: prices times quantities, for instance.
    pub fn of_payments(payments_usd: Vec<Vec<f64>>) -> Settlement {
        let slots = payments_usd.first().map_or(0, Vec::len);
        let charge = (0..slots).map(|t| payments_usd.iter().map(|b| b[t]).sum());
        Settlement {
            charge_usd: charge.collect(),
            payments_usd,
            agreed: vec![true; slots],
        }
    }

    /// What each DSO pays over the day, $.
    pub fn paid_usd(&self) -> Vec<f64> {
        self.payments_usd.iter().map(|b| b.iter().sum()).collect()
    }

    /// What the ISO collects over the day, $.
    pub fn collected_usd(&self) -> f64 {
        self.charge_usd.iter().sum()
    }

    /// Net benefit after slot `t` of every player, the ISO first, $: the change of its day's value as
    /// expected at `t`, less what it paid so far. At the last slot the benefit of the day. Nothing where
    /// nothing is agreed.
    pub fn benefits_usd(&self, gains: &Gains, t: usize) -> Vec<f64> {
        if !self.agreed[t] {
            return vec![0.0; gains.dsos() + 1];
        }
        let so_far = |b: &[f64]| b.iter().take(t + 1).sum::<f64>();
        let iso = so_far(&self.charge_usd) - gains.cost_usd[t];
        let dsos = self.payments_usd.iter().zip(&gains.utility_usd);
        std::iter::once(iso)
            .chain(dsos.map(|(b, u)| u[t] - so_far(b)))
            .collect()
    }

    /// max_t |c(t) − Σ_m b_m(t)|, $.
    pub fn imbalance_usd(&self) -> f64 {
        let off =
            |(t, c): (usize, &f64)| (c - self.payments_usd.iter().map(|b| b[t]).sum::<f64>()).abs();
        self.charge_usd
            .iter()
            .enumerate()
            .map(off)
            .fold(0.0, f64::max)
    }
}

/// The published settlement: at every slot a bargain over the whole day's surplus divided by the
/// number of slots.
///
/// b_m(t) = [ΔU^m(t) − α_m S′(t)] / T, c(t) = [ΔG(t) + α_0 S′(t)] / T; with payments of a slot up to
/// `most_usd` where given, as in [`limited_bargain`]. Eq. `[wang2017]`(1.3) c.
pub fn per_slot(gains: &Gains, powers: &[f64], most_usd: Option<f64>) -> Settlement {
    let share = 1.0 / gains.slots().max(1) as f64;
    let mut day = Settlement::empty(gains);
    let mut agreed = false;
    for t in 0..gains.slots() {
        let scaled: Vec<f64> = gains.utilities_at(t).iter().map(|u| u * share).collect();
        let cost = gains.cost_usd[t] * share;
        let settled = match most_usd {
            _ if !gains.worth_a_deal(t) => Bargain::none(gains.dsos()),
            None => bargain(&scaled, cost, powers),
            Some(most) => limited_bargain(&scaled, cost, powers, most),
        };
        agreed |= gains.worth_a_deal(t);
        day.push(settled.payments_usd, settled.charge_usd, agreed);
    }
    day
}

/// The settlement that pays only what a slot has changed:
///
/// b_m(t) = [ΔU^m(t) − ΔU^m(t−1)] − α_m [S′(t) − S′(t−1)]; the sums telescope, so that after slot
/// t every player has exactly α_k S′(t), and at the end of the day its share of what came true. Where
/// S′(t) ≤ 0 nobody has anything: what was paid so far is paid back. Eq. `[wang2017]`(1.9), not in the
/// paper.
pub fn telescoping(gains: &Gains, powers: &[f64]) -> Settlement {
    let mut day = Settlement::empty(gains);
    let mut before = Bargain::none(gains.dsos());
    for t in 0..gains.slots() {
        let agreed = gains.worth_a_deal(t);
        let now = match agreed {
            true => bargain(&gains.utilities_at(t), gains.cost_usd[t], powers),
            false => Bargain::none(gains.dsos()),
        };
        let paid = now.payments_usd.iter().zip(&before.payments_usd);
        let paid = paid.map(|(now, before)| now - before).collect();
        day.push(paid, now.charge_usd - before.charge_usd, agreed);
        before = now;
    }
    day
}

impl Settlement {
    fn empty(gains: &Gains) -> Settlement {
        Settlement {
            payments_usd: vec![Vec::with_capacity(gains.slots()); gains.dsos()],
            charge_usd: Vec::with_capacity(gains.slots()),
            agreed: Vec::with_capacity(gains.slots()),
        }
    }

    fn push(&mut self, payments_usd: Vec<f64>, charge_usd: f64, agreed: bool) {
        for (all, paid) in self.payments_usd.iter_mut().zip(payments_usd) {
            all.push(paid);
        }
        self.charge_usd.push(charge_usd);
        self.agreed.push(agreed);
    }
}

/// Jain's index (Σ x)² / (n Σ x²): 1 where all have the same, 1/n where one has all. None where the
/// sum is not positive: nothing is shared.
pub fn jain(benefits: &[f64]) -> Option<f64> {
    let sum: f64 = benefits.iter().sum();
    let squares: f64 = benefits.iter().map(|x| x * x).sum();
    let index = sum * sum / (benefits.len() as f64 * squares);
    (sum > 0.0 && index.is_finite()).then_some(index)
}
