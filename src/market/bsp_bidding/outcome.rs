//! The market over all periods under one behaviour: cost, payment and rent, never one for another.

use super::clear::{Bids, Cleared, clear};
use super::game::{self, Equilibrium};
use super::params::{Behaviour, BspBidding, Settlement};
use super::strategy::{self, Answer};
use super::system::{Hour, System};

/// One period.
#[derive(Clone, Debug)]
pub struct Period {
    pub bids: Bids,
    pub cleared: Cleared,
    /// Where one owner bids strategically.
    pub answer: Option<Answer>,
    /// Where several do.
    pub equilibrium: Option<Equilibrium>,
}

/// A market day.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub behaviour: Behaviour,
    pub periods: Vec<Period>,
    pub pay_as_bid: bool,
}

/// The owners that bid strategically: those named, else the first.
pub fn strategic(system: &System, params: &BspBidding) -> Vec<usize> {
    let index = |id: &String| system.owners.iter().position(|o| o == id);
    let mut named: Vec<usize> = params.strategic.iter().filter_map(index).collect();
    named.dedup();
    if named.is_empty() && !system.owners.is_empty() {
        named.push(0);
    }
    named
}

/// The TSO covers everything; resources rest.
fn tso_only(hour: &Hour) -> Cleared {
    let n = hour.up_cost.len();
    let need = hour.imbalance_mw;
    let lambda = if need >= 0.0 {
        hour.tso_up
    } else {
        hour.tso_down
    };
    let rest = vec![0.0; n];
    Cleared {
        over_mw: hour.limits.iter().map(|l| l.over_mw(&rest)).collect(),
        up_mw: rest.clone(),
        down_mw: rest,
        tso_up_mw: need.max(0.0),
        tso_down_mw: (-need).max(0.0),
        lambda,
        mu: vec![0.0; hour.limits.len()],
        dlmp: vec![lambda; n],
    }
}

/// The reader's bids put in the place of the owner's, monitored bids replaced.
pub fn with_own(hour: &Hour, system: &System, params: &BspBidding, bids: &mut Bids) {
    for own in &params.own {
        let Some(k) = system.resources.iter().position(|id| *id == own.id) else {
            continue;
        };
        bids.up[k] = admitted(hour, params, k, true, own.up * hour.day_ahead);
        bids.down[k] = admitted(hour, params, k, false, own.down * hour.day_ahead);
    }
}

/// A bid as the market takes it: held to cap and floor, replaced by the cost where monitoring says
/// so.
pub fn admitted(hour: &Hour, params: &BspBidding, k: usize, up: bool, price: f64) -> f64 {
    let own = if up {
        hour.up_cost[k]
    } else {
        hour.down_value[k]
    };
    let sign = if up { 1.0 } else { -1.0 };
    if let Some(m) = params.monitoring
        && sign * (price - own) > m.threshold * own.abs() + 1e-9
    {
        return own;
    }
    let limit = if up {
        params.max_up_bid
    } else {
        params.min_down_bid
    };
    match limit.map(|m| m * hour.day_ahead) {
        Some(cap) if up => price.min(cap.max(own)),
        Some(floor) => price.max(floor.min(own)),
        None => price,
    }
}

impl Outcome {
    /// Runs the market under a behaviour.
    ///
    /// # Errors
    /// A sentence that names the period whose program fails.
    pub fn new(
        system: &System,
        params: &BspBidding,
        behaviour: Behaviour,
    ) -> Result<Outcome, String> {
        let players = strategic(system, params);
        let period = |hour: &Hour| -> Result<Period, String> {
            let mut bids = Bids::truthful(hour);
            let (mut answer, mut equilibrium) = (None, None);
            let several = players.len() > 1;
            let cleared = match behaviour {
                Behaviour::TsoOnly => tso_only(hour),
                Behaviour::Truthful => clear(hour, &bids)?,
                Behaviour::Own => {
                    if several {
                        bids = game::play(system, hour, params, &players)?.bids;
                    }
                    with_own(hour, system, params, &mut bids);
                    clear(hour, &bids)?
                }
                Behaviour::Strategic if several => {
                    let found = game::play(system, hour, params, &players)?;
                    bids = found.bids.clone();
                    let cleared = clear(hour, &bids)?;
                    equilibrium = Some(found);
                    cleared
                }
                Behaviour::Strategic => {
                    let own = system.owned(players.first().copied().unwrap_or(0));
                    let found = strategy::answer(hour, &bids, &own, params, params.method)?;
                    bids = found.bids.clone();
                    let cleared = found.cleared.clone();
                    answer = Some(found);
                    cleared
                }
            };
            Ok(Period {
                bids,
                cleared,
                answer,
                equilibrium,
            })
        };
        let periods: Result<Vec<Period>, String> = system
            .hours
            .iter()
            .enumerate()
            .map(|(t, hour)| period(hour).map_err(|why| format!("period {}: {why}", t + 1)))
            .collect();
        Ok(Outcome {
            behaviour,
            periods: periods?,
            pay_as_bid: params.settlement == Settlement::PayAsBid,
        })
    }

    fn sum(&self, system: &System, of: impl Fn(&Hour, &Period) -> f64) -> f64 {
        let periods = system.hours.iter().zip(&self.periods);
        periods.map(|(hour, p)| of(hour, p)).sum::<f64>() * system.hours_per_period
    }

    /// What activation costs at the resources' own costs and the TSO's prices, $.
    pub fn cost_usd(&self, system: &System) -> f64 {
        self.sum(system, |hour, p| cost(hour, &p.cleared))
    }

    /// What the DSO pays, $.
    pub fn payment_usd(&self, system: &System) -> f64 {
        self.sum(system, |hour, p| self.payment(hour, p))
    }

    /// What the DSO pays in a period, $ per hour.
    ///
    /// Section `[bsp]`(4.5) 7: Σ DLMP a + π^u r − π^d s.
    pub fn payment(&self, hour: &Hour, p: &Period) -> f64 {
        let n = hour.up_cost.len();
        let rent: f64 = (0..n)
            .map(|k| p.cleared.profit(hour, &p.bids, self.pay_as_bid, k))
            .sum();
        cost(hour, &p.cleared) + rent
    }

    /// Profit of an owner in period `t`, $.
    pub fn profit_usd(&self, system: &System, owner: usize, t: usize) -> f64 {
        let p = &self.periods[t];
        let own = system.owned(owner);
        p.cleared
            .profit_of(&system.hours[t], &p.bids, self.pay_as_bid, &own)
            * system.hours_per_period
    }

    /// Profit of an owner, $.
    pub fn profit_of_usd(&self, system: &System, owner: usize) -> f64 {
        (0..self.periods.len())
            .map(|t| self.profit_usd(system, owner, t))
            .sum()
    }

    /// Energy exchanged with the TSO, MWh.
    pub fn tso_mwh(&self, system: &System) -> f64 {
        self.sum(system, |_, p| p.cleared.tso_up_mw + p.cleared.tso_down_mw)
    }

    /// Energy the resources balance, MWh.
    pub fn local_mwh(&self, system: &System) -> f64 {
        self.sum(system, |_, p| p.cleared.net_mw().iter().sum::<f64>().abs())
    }

    pub fn overload_mwh(&self, system: &System) -> f64 {
        self.sum(system, |hour, p| hour.overload_mw(&p.cleared.net_mw()))
    }

    /// Worst violation of a squared voltage, p.u.².
    pub fn voltage_over_pu2(&self, system: &System) -> f64 {
        let periods = system.hours.iter().zip(&self.periods);
        let over = periods.map(|(hour, p)| hour.voltage_over_pu2(&p.cleared.net_mw()));
        over.fold(0.0, f64::max)
    }
}

/// Cost of activation, $ per hour.
pub fn cost(hour: &Hour, cleared: &Cleared) -> f64 {
    let up = cleared.up_mw.iter().zip(&hour.up_cost).map(|(u, c)| u * c);
    let down = cleared
        .down_mw
        .iter()
        .zip(&hour.down_value)
        .map(|(w, c)| w * c);
    up.sum::<f64>() - down.sum::<f64>() + hour.tso_up * cleared.tso_up_mw
        - hour.tso_down * cleared.tso_down_mw
}
