//! Who pays what: the Nash bargain in closed form, its settlement slot by slot, and the telescoping
//! settlement. Pure functions of the values of a day.
//!
//! Player 0 is the ISO, player m the m-th DSO. Utility moves between players as money, so dispatch
//! maximises the sum and only shares are left to bargain over.

pub use crate::market::shared::nash_bargain::{Bargain, bargain, limited_bargain, normalised};

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
