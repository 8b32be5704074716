//! The market over all periods under one behaviour: cost, payment and rent, never one for another.

use super::super::params::{Behaviour, BspBidding};
use super::clear::{Bids, Cleared, clear};
use super::cone_bids;
use super::game::{self, Equilibrium};
use super::joint::Joint;
use super::second_market::Expected;
use super::strategy::Answer;
use super::system::{Hour, System};
use crate::market::Failure;

/// One period.
#[derive(Clone, Debug, Default)]
pub struct Period {
    pub bids: Bids,
    pub cleared: Cleared,
    /// Where one owner bids strategically.
    pub answer: Option<Answer>,
    /// Where several do.
    pub equilibrium: Option<Equilibrium>,
}

impl Period {
    /// What the first strategic owner's best answer earns, and no bids earn more than, $ per hour.
    pub fn best(&self) -> Option<(f64, f64)> {
        let answer = self.answer.as_ref().map(|a| (a.profit, a.bound));
        answer.or_else(|| {
            let rest = self.equilibrium.as_ref()?;
            Some((*rest.best.first()?, *rest.bounds.first()?))
        })
    }
}

/// What a period comes to, $ and MW per hour.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Of activation, at the resources' own costs and the TSO's prices.
    pub cost: f64,
    /// Of the DSO.
    pub payment: f64,
    pub overload_mw: f64,
    /// Of all resources, up less down.
    pub local_mw: f64,
    pub from_tso_mw: f64,
    pub to_tso_mw: f64,
}

/// What a day comes to.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    pub cost_usd: f64,
    pub payment_usd: f64,
    /// Payment less cost.
    pub rent_usd: f64,
    /// Exchanged with the TSO, and balanced by resources.
    pub tso_mwh: f64,
    pub local_mwh: f64,
    pub overload_mwh: f64,
    /// Worst violation of a squared voltage, p.u.².
    pub voltage_over_pu2: f64,
}

/// A market day.
#[derive(Clone, Debug)]
pub struct Day {
    pub behaviour: Behaviour,
    pub pay_as_bid: bool,
    pub periods: Vec<Period>,
    /// By period.
    pub rates: Vec<Rates>,
    pub totals: Totals,
    /// By owner and period, $.
    pub profit_usd: Vec<Vec<f64>>,
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

/// Whether each resource is one of the first strategic owner.
pub fn own_of(system: &System, params: &BspBidding) -> Vec<bool> {
    system.owned(strategic(system, params).first().copied().unwrap_or(0))
}

/// The TSO covers everything; resources rest.
fn tso_only(hour: &Hour) -> Result<Cleared, Failure> {
    if hour.cone.is_some() {
        let none = vec![0.0; hour.up_cost.len()];
        let idle = Hour {
            max_up_mw: none.clone(),
            max_down_mw: none,
            ..hour.clone()
        };
        return clear(&idle, &Bids::truthful(hour));
    }
    let need = hour.imbalance_mw;
    let lambda = match need >= 0.0 {
        true => hour.tso_up,
        false => hour.tso_down,
    };
    let rest = vec![0.0; hour.up_cost.len()];
    Ok(Cleared {
        over_mw: hour.limits.iter().map(|l| l.over_mw(&rest)).collect(),
        tso_up_mw: need.max(0.0),
        tso_down_mw: (-need).max(0.0),
        lambda,
        mu: vec![0.0; hour.limits.len()],
        dlmp: vec![lambda; rest.len()],
        up_mw: rest.clone(),
        down_mw: rest,
        flow: None,
    })
}

/// The reader's bids put in the place of the owner's, monitored bids replaced.
fn put_own(hour: &Hour, system: &System, params: &BspBidding, bids: &mut Bids) {
    let own: Vec<bool> = own_of(system, params);
    let expected = Expected::new(hour, params, &own);
    let costed = expected.map(|expected| expected.costed(hour));
    let costed = costed.as_ref().unwrap_or(hour);
    for own in &params.own {
        let Some(k) = system.resources.iter().position(|id| *id == own.id) else {
            continue;
        };
        for (up, price) in [(true, own.up), (false, own.down)] {
            bids.side_mut(up)[k] = admitted(costed, params, k, up, price * hour.day_ahead);
        }
    }
}

/// A bid as the market takes it: held to cap and floor, replaced by the cost where monitoring says
/// so.
pub fn admitted(hour: &Hour, params: &BspBidding, k: usize, up: bool, price: f64) -> f64 {
    let own = hour.own_price(up)[k];
    let (sign, limit) = match up {
        true => (1.0, params.max_up_bid),
        false => (-1.0, params.min_down_bid),
    };
    if let Some(m) = params.monitoring
        && sign * (price - own) > m.threshold * own.abs() + 1e-9
    {
        return own;
    }
    match limit.map(|m| m * hour.day_ahead) {
        Some(cap) if up => price.min(cap.max(own)),
        Some(floor) => price.max(floor.min(own)),
        None => price,
    }
}

impl Day {
    /// Runs the market under a behaviour; `known` is the day of strategic bids, where there is one.
    ///
    /// # Errors
    /// A sentence that names the period whose program fails.
    pub fn new(
        system: &System,
        params: &BspBidding,
        behaviour: Behaviour,
        known: Option<&Day>,
    ) -> Result<Day, Failure> {
        let players = strategic(system, params);
        let several = players.len() > 1;
        let period = |t: usize, hour: &Hour| -> Result<Period, Failure> {
            let mut found = Period {
                bids: Bids::truthful(hour),
                ..Period::default()
            };
            match (behaviour, known) {
                (Behaviour::TsoOnly, _) => {
                    found.cleared = tso_only(hour)?;
                    return Ok(found);
                }
                (Behaviour::Truthful, _) => {}
                (Behaviour::Own, Some(day)) if several => found.bids = day.periods[t].bids.clone(),
                (Behaviour::Own | Behaviour::Strategic, _) if several => {
                    let rest = game::play(system, &hour.linear(), params, &players)?;
                    found.bids = rest.bids.clone();
                    found.equilibrium = Some(rest).filter(|_| behaviour == Behaviour::Strategic);
                }
                (Behaviour::Own, _) => {}
                (Behaviour::Strategic, _) => {
                    let own = system.owned(players.first().copied().unwrap_or(0));
                    let best = cone_bids::answer(hour, &found.bids, &own, params, params.method)?;
                    return Ok(Period {
                        bids: best.bids.clone(),
                        cleared: best.cleared.clone(),
                        answer: Some(best),
                        equilibrium: None,
                    });
                }
            }
            if behaviour == Behaviour::Own {
                put_own(hour, system, params, &mut found.bids);
            }
            found.cleared = clear(hour, &found.bids)?;
            Ok(found)
        };
        let periods = system.hours.iter().enumerate();
        let periods = periods.map(|(t, hour)| {
            period(t, hour).map_err(|why| format!("period {}: {why}", t + 1).into())
        });
        let periods: Result<Vec<Period>, Failure> = periods.collect();
        Ok(Day::of(system, behaviour, params.pay_as_bid(), periods?))
    }

    /// The day of a joint market, everyone at cost: storages at what the energy in them is worth.
    pub fn jointly(system: &System, params: &BspBidding, joint: &Joint) -> Day {
        let periods = system.hours.iter().zip(&joint.cleared).enumerate();
        let periods = periods.map(|(t, (hour, cleared))| {
            let mut bids = Bids::truthful(hour);
            for s in 0..system.storage.len() {
                let k = hour.first_storage() + s;
                (bids.up[k], bids.down[k]) = joint.prices(system, s, t);
            }
            Period {
                bids,
                cleared: cleared.clone(),
                ..Period::default()
            }
        });
        let (behaviour, periods) = (Behaviour::Truthful, periods.collect());
        Day::of(system, behaviour, params.pay_as_bid(), periods)
    }

    /// What its periods come to.
    fn of(system: &System, behaviour: Behaviour, pay_as_bid: bool, periods: Vec<Period>) -> Day {
        let h = system.hours_per_period;
        let both = || system.hours.iter().zip(&periods);
        let rates: Vec<Rates> = both()
            .map(|(hour, p)| Rates::of(hour, p, pay_as_bid))
            .collect();
        let sum = |of: fn(&Rates) -> f64| rates.iter().map(of).sum::<f64>() * h;
        let (cost_usd, payment_usd) = (sum(|r| r.cost), sum(|r| r.payment));
        let over = both().map(|(hour, p)| p.cleared.voltage_over_pu2(hour));
        let profits = |owner: usize| {
            let own = system.owned(owner);
            let profit = |(hour, p): (&Hour, &Period)| {
                p.cleared.profit_of(hour, &p.bids, pay_as_bid, &own) * h
            };
            both().map(profit).collect()
        };
        Day {
            totals: Totals {
                cost_usd,
                payment_usd,
                rent_usd: payment_usd - cost_usd,
                tso_mwh: sum(|r| r.from_tso_mw + r.to_tso_mw),
                local_mwh: sum(|r| r.local_mw.abs()),
                overload_mwh: sum(|r| r.overload_mw),
                voltage_over_pu2: over.fold(0.0, f64::max),
            },
            profit_usd: (0..system.owners.len()).map(profits).collect(),
            behaviour,
            pay_as_bid,
            rates,
            periods,
        }
    }

    /// Profit of an owner over the day, $.
    pub fn owner_usd(&self, owner: usize) -> f64 {
        self.profit_usd[owner].iter().sum()
    }

    /// Where one owner bids strategically.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.periods.iter().filter_map(|p| p.answer.as_ref())
    }

    /// Where several do.
    pub fn equilibria(&self) -> impl Iterator<Item = &Equilibrium> {
        self.periods.iter().filter_map(|p| p.equilibrium.as_ref())
    }
}

impl Rates {
    /// The payment is Σ DLMP a + π^u r − π^d s: section `[bsp]`(4.5) 7.
    fn of(hour: &Hour, p: &Period, pay_as_bid: bool) -> Rates {
        let (cost, net_mw) = (p.cleared.cost(hour), p.cleared.net_mw());
        let rents = (0..net_mw.len()).map(|k| p.cleared.profit(hour, &p.bids, pay_as_bid, k));
        Rates {
            cost,
            payment: cost + rents.sum::<f64>(),
            overload_mw: p.cleared.overload_mw(hour),
            local_mw: net_mw.iter().sum(),
            from_tso_mw: p.cleared.tso_up_mw,
            to_tso_mw: p.cleared.tso_down_mw,
        }
    }
}
