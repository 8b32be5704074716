//! The days as they go by, once for every way to buy.

use crate::market::Failure;
use super::bid::Bid;
use super::bidding::{Moment, bid};
use super::clearing::{Cleared, Kind, Supply, clear};
use super::network::Network;
use crate::market::community::params::{CommunityMarket, Comparator};
use super::schedule::{Schedule, schedule, within_stage};
use super::system::System;
use super::tariff;

/// What a community pays, $; positive from community to LSE.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bill {
    pub energy_usd: f64,
    pub demand_usd: f64,
    pub imbalance_usd: f64,
    /// What its battery holds less at the end than at the start, at the mean price.
    pub stored_usd: f64,
}

impl Bill {
    pub fn paid_usd(&self) -> f64 {
        self.energy_usd + self.demand_usd + self.imbalance_usd
    }

    /// With the change of the stored energy, so that totals can be compared.
    pub fn total_usd(&self) -> f64 {
        self.paid_usd() + self.stored_usd
    }
}

/// One way to buy over all intervals. Lists are by member, then interval.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub q_kw: Vec<Vec<f64>>,
    pub battery_kw: Vec<Vec<f64>>,
    /// Stored at the end of every interval, kWh.
    pub stored_kwh: Vec<Vec<f64>>,
    pub bills: Vec<Bill>,
    /// Where there is a market: what was cleared, and the price at each member, $/kWh.
    pub cleared_kw: Vec<Vec<f64>>,
    pub price: Vec<Vec<f64>>,
    pub cleared: Vec<Cleared>,
    /// Bids by interval and member; empty where they are not kept.
    pub bids: Vec<Vec<Bid>>,
    /// Intervals in which limits of the feeder moved the clearing, and those where they could not be met.
    pub congested: Vec<usize>,
    pub unmet: Vec<usize>,
    /// What the LSE keeps because prices differ or its capacity is short, $.
    pub rent_usd: f64,
}

/// Steps of bids that are kept, at most: about 100 MB.
const KEPT_STEPS: usize = 6_000_000;

impl Trace {
    fn new(system: &System) -> Trace {
        let (n, m) = (system.intervals, system.members.len());
        let empty = || vec![Vec::with_capacity(n); m];
        Trace {
            q_kw: empty(),
            battery_kw: empty(),
            stored_kwh: empty(),
            bills: vec![Bill::default(); m],
            ..Trace::default()
        }
    }

    pub fn total_usd(&self) -> f64 {
        self.bills.iter().map(Bill::total_usd).sum()
    }

    fn stored(&self, system: &System, j: usize) -> f64 {
        self.stored_kwh[j]
            .last()
            .copied()
            .unwrap_or(system.members[j].initial_kwh)
    }

    /// Carries out a battery power in interval `t`.
    fn act(&mut self, system: &System, j: usize, t: usize, kw: f64) {
        let stored = self.stored(system, j);
        let member = &system.members[j];
        let after = match &member.store {
            Some(store) => store.after(stored, kw, system.hours),
            None => stored,
        };
        self.q_kw[j].push(member.net_kw[t] + kw);
        self.battery_kw[j].push(kw);
        self.stored_kwh[j].push(after);
    }

    /// Σ_j Q_j in interval `t`, kW.
    pub fn total_kw(&self, t: usize) -> f64 {
        self.q_kw.iter().map(|q| q[t]).sum()
    }

    /// Values what the batteries hold less than at the start.
    fn value_stored(&mut self, system: &System) {
        let price = system.mean_usd_per_kwh();
        for j in 0..system.members.len() {
            let missing = system.members[j].initial_kwh - self.stored(system, j);
            self.bills[j].stored_usd = missing * price;
        }
    }

    /// Bills of the flat tariff: energy, and the peak of every day.
    fn bill_tariff(&mut self, system: &System, params: &CommunityMarket) {
        for (bill, q) in self.bills.iter_mut().zip(&self.q_kw) {
            for day in q.chunks(system.per_day) {
                let peak = day.iter().copied().fold(0.0, f64::max);
                let bought: f64 = day.iter().map(|q| q.max(0.0)).sum();
                bill.energy_usd += params.tariff_usd_per_kwh * bought * system.hours;
                let share = day.len() as f64 / system.per_day as f64;
                bill.demand_usd += params.demand_usd_per_kw_day() * peak * share;
            }
        }
        self.value_stored(system);
    }
}

/// Runs one way to buy. The network is asked for its limits in the market only.
///
/// # Errors
/// A sentence that names the program of the network that could not be solved.
pub fn run(
    system: &System,
    params: &CommunityMarket,
    comparator: Comparator,
    network: Option<&Network>,
) -> Result<Trace, Failure> {
    let mut trace = Trace::new(system);
    match comparator {
        Comparator::Base => {
            for t in 0..system.intervals {
                for j in 0..system.members.len() {
                    trace.act(system, j, t, 0.0);
                }
            }
            trace.bill_tariff(system, params);
        }
        Comparator::Tariff => {
            on_tariff(system, params, &mut trace);
            trace.bill_tariff(system, params);
        }
        Comparator::PricesToDevices => {
            alone(system, params, &mut trace);
            for (bill, q) in trace.bills.iter_mut().zip(&trace.q_kw) {
                let paid = q.iter().zip(&system.lse).map(|(q, p)| q.max(0.0) * p);
                bill.energy_usd = paid.sum::<f64>() * system.hours;
            }
            trace.value_stored(system);
        }
        Comparator::Transactive => {
            market(system, params, network, &mut trace)?;
            trace.value_stored(system);
        }
    }
    Ok(trace)
}

fn on_tariff(system: &System, params: &CommunityMarket, trace: &mut Trace) {
    for j in 0..system.members.len() {
        let Some(store) = system.members[j].store else {
            for t in 0..system.intervals {
                trace.act(system, j, t, 0.0);
            }
            continue;
        };
        let aim = system.aim(j, params, true);
        for day in (0..system.intervals).step_by(system.per_day) {
            let mut stages = system.stages(j, day);
            for stage in &mut stages {
                stage.usd_per_kwh = params.tariff_usd_per_kwh;
            }
            let stored = trace.stored(system, j);
            let demand = params.demand_usd_per_kw_day();
            let plan = tariff::plan(&store, &stages, &aim, demand, stored);
            for t in day..(day + system.per_day).min(system.intervals) {
                let wanted = plan[(t - day) / system.per_block];
                let (low, high) = store.range_kw(trace.stored(system, j), system.hours);
                trace.act(system, j, t, wanted.clamp(low, high));
            }
        }
    }
}

/// Prices to devices: the schedule as it is, without feed-in.
fn alone(system: &System, params: &CommunityMarket, trace: &mut Trace) {
    for j in 0..system.members.len() {
        let mut planned = 0.0;
        for t in 0..system.intervals {
            let Some(store) = system.members[j].store else {
                trace.act(system, j, t, 0.0);
                continue;
            };
            let stored = trace.stored(system, j);
            if t % system.per_block == 0 {
                let aim = system.aim(j, params, true);
                let plan = schedule(&store, &system.stages(j, t), &aim, stored);
                planned = plan.battery_kw.first().copied().unwrap_or(0.0);
            }
            let (low, high) = store.range_kw(stored, system.hours);
            let low = low.max(-system.members[j].net_kw[t].max(0.0));
            trace.act(system, j, t, planned.clamp(low, high));
        }
    }
}

/// The community market: schedules by the hour, bids and clearing by the interval.
fn market(
    system: &System,
    params: &CommunityMarket,
    network: Option<&Network>,
    trace: &mut Trace,
) -> Result<(), Failure> {
    let m = system.members.len();
    let keep = m * system.intervals * 2 * params.steps <= KEPT_STEPS;
    trace.cleared_kw = vec![Vec::with_capacity(system.intervals); m];
    trace.price = vec![Vec::with_capacity(system.intervals); m];
    let mut plans = vec![Schedule::default(); m];
    let mut range = 0.0;
    for t in 0..system.intervals {
        let begins = t % system.per_block == 0;
        if begins {
            let ahead = &system.forecast[t..(t + system.per_day).min(system.intervals)];
            let most = ahead.iter().copied().fold(f64::MIN, f64::max);
            range = most - ahead.iter().copied().fold(f64::MAX, f64::min);
        }
        let mut bids = Vec::with_capacity(m);
        for (j, plan) in plans.iter_mut().enumerate() {
            let base_kw = system.baseline_kw(j, t, params.baseline);
            let Some(store) = &system.members[j].store else {
                bids.push(Bid::fixed(base_kw));
                continue;
            };
            let aim = system.aim(j, params, false);
            let stored_kwh = trace.stored(system, j);
            if begins {
                *plan = schedule(store, &system.stages(j, t), &aim, stored_kwh);
            }
            let at = Moment {
                base_kw,
                forecast_kw: system.members[j].forecast_kw[t],
                planned_kw: plan.battery_kw.first().copied().unwrap_or(0.0),
                stored_kwh,
                hours: system.hours,
                expected: system.forecast[t],
                spread: system.spread[t / system.per_block],
                forecast_range: range,
            };
            let rest = system.per_block - 1 - t % system.per_block;
            let left = rest.min(system.intervals - 1 - t) as f64 * system.hours;
            let needs = params.bid == crate::market::community::BidForm::Opportunity;
            let to_go = match plan.to_go.get(1) {
                Some(after) if needs => {
                    let stage = super::schedule::Stage {
                        hours: left,
                        usd_per_kwh: system.forecast[t],
                        net_kw: at.forecast_kw,
                    };
                    within_stage(store, &stage, left, after, &aim)
                }
                _ => Default::default(),
            };
            bids.push(bid(store, &at, params, &to_go, &aim));
        }
        let supply = supply(system.lse[t], params);
        let mut cleared = clear(&bids, &supply);
        let mut prices = vec![cleared.usd_per_kwh; m];
        if let Some(network) = network
            && network.over(t, &cleared.quantity_kw)
        {
            match network.clear(&bids, &supply, t, params.physics)? {
                Some(within) => {
                    trace.congested.push(t);
                    (cleared, prices) = (within.cleared, within.usd_per_kwh);
                }
                None => trace.unmet.push(t),
            }
        }
        let mut paid = 0.0;
        for (j, price) in prices.iter().enumerate() {
            let quantity = cleared.quantity_kw[j];
            let base = system.baseline_kw(j, t, params.baseline);
            trace.act(system, j, t, quantity - base);
            let real = trace.q_kw[j][t];
            let bill = &mut trace.bills[j];
            bill.energy_usd += price * quantity * system.hours;
            bill.imbalance_usd += system.lse[t] * (real - quantity) * system.hours;
            paid += price * quantity * system.hours;
            trace.cleared_kw[j].push(quantity);
            trace.price[j].push(*price);
        }
        trace.rent_usd += paid - system.lse[t] * cleared.lse_kw * system.hours;
        trace.cleared.push(cleared);
        trace.bids.push(if keep { bids } else { Vec::new() });
    }
    Ok(())
}

/// What the LSE offers in an interval.
pub fn supply(lse_usd_per_kwh: f64, params: &CommunityMarket) -> Supply {
    Supply {
        lse_usd_per_kwh,
        capacity_kw: params.lse_capacity_kw.unwrap_or(f64::INFINITY),
        cap_usd_per_kwh: params.cap_usd_per_kwh.max(lse_usd_per_kwh),
    }
}

/// Intervals of a case of the market.
pub fn count(trace: &Trace, kind: Kind) -> usize {
    trace.cleared.iter().filter(|c| c.kind == kind).count()
}
