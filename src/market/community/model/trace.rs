//! What becomes of a way to buy, interval by interval, and its bills.

use crate::market::community::params::CommunityMarket;
use crate::opt::Certificate;

use super::bid::Bid;
use super::clearing::Cleared;
use super::system::System;
use super::thermal::Tank;
use super::voltage::Loop;

/// What a community pays, $; positive from community to LSE.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bill {
    pub energy_usd: f64,
    pub demand_usd: f64,
    pub imbalance_usd: f64,
    /// What it is paid for reserve.
    pub reserve_usd: f64,
    /// What its battery holds less at the end than at the start, at the mean price.
    pub stored_usd: f64,
}

impl Bill {
    pub fn paid_usd(&self) -> f64 {
        self.energy_usd + self.demand_usd + self.imbalance_usd - self.reserve_usd
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
    /// Spilled less not served at each, kW, in the intervals of `congested`.
    pub lost_kw: Vec<Vec<f64>>,
    /// At the substation, $/kWh.
    pub root_price: Vec<f64>,
    /// The worst proof of a clearing that limits moved.
    pub limited: Option<Certificate>,
    /// What the LSE keeps because prices differ or its capacity is short, $.
    pub rent_usd: f64,
    /// Where communities react to voltages: what the battery would have done, PV not used, what is
    /// injected, kvar, and the intervals in which the reaction does not settle.
    pub wanted_kw: Vec<Vec<f64>>,
    pub curtailed_kw: Vec<Vec<f64>>,
    pub kvar: Vec<Vec<f64>>,
    pub unsettled: Vec<usize>,
    /// Where there are heat pumps: their power, and the temperature at the end of every interval.
    pub heat_kw: Vec<Vec<f64>>,
    pub end_c: Vec<Vec<f64>>,
    /// Reserve sold, where it is.
    pub reserve_kw: Vec<Vec<f64>>,
}

/// What the communities want to do in an interval, kW.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub battery_kw: Vec<f64>,
    pub heat_kw: Vec<f64>,
}

impl Wanted {
    pub fn none(system: &System) -> Wanted {
        let zeros = vec![0.0; system.members.len()];
        Wanted {
            battery_kw: zeros.clone(),
            heat_kw: zeros,
        }
    }
}

impl Trace {
    pub(super) fn new(system: &System) -> Trace {
        let (n, m) = (system.intervals, system.members.len());
        let empty = || vec![Vec::with_capacity(n); m];
        let heated = system.members.iter().any(|member| member.tank.is_some());
        let heat = || if heated { empty() } else { Vec::new() };
        Trace {
            q_kw: empty(),
            battery_kw: empty(),
            stored_kwh: empty(),
            heat_kw: heat(),
            end_c: heat(),
            bills: vec![Bill::default(); m],
            ..Trace::default()
        }
    }

    pub fn total_usd(&self) -> f64 {
        self.bills.iter().map(Bill::total_usd).sum()
    }

    pub(super) fn stored(&self, system: &System, j: usize) -> f64 {
        self.stored_kwh[j]
            .last()
            .copied()
            .unwrap_or(system.members[j].initial_kwh)
    }

    /// What communities take as it flows in interval `t`: cleared, with what is spilled, less what is not
    /// served, kW.
    pub fn delivered_kw(&self, t: usize) -> Vec<f64> {
        let mut kw: Vec<f64> = self.cleared_kw.iter().map(|own| own[t]).collect();
        if let Ok(at) = self.congested.binary_search(&t) {
            kw.iter_mut()
                .zip(&self.lost_kw[at])
                .for_each(|(kw, lost)| *kw += lost);
        }
        kw
    }

    /// Power of a heat pump in interval `t`, kW.
    pub fn heat(&self, j: usize, t: usize) -> f64 {
        self.heat_kw.get(j).map_or(0.0, |kw| kw[t])
    }

    /// Temperature of a heat store now.
    pub(super) fn now_c(&self, tank: &Tank, j: usize) -> f64 {
        self.end_c[j].last().copied().unwrap_or(tank.initial_c)
    }

    /// Carries out what is wanted in interval `t`, or what the voltages make of it.
    pub(super) fn act(
        &mut self,
        system: &System,
        t: usize,
        wanted: &Wanted,
        voltages: Option<&Loop>,
    ) {
        if !self.heat_kw.is_empty() {
            for (j, member) in system.members.iter().enumerate() {
                let kw = wanted.heat_kw[j];
                let end = member.tank.as_ref().map_or(f64::NAN, |tank| {
                    tank.after(self.now_c(tank, j), tank.ambient_c[t], kw, system.hours)
                });
                self.heat_kw[j].push(kw);
                self.end_c[j].push(end);
            }
        }
        let battery = &wanted.battery_kw;
        let Some(voltages) = voltages else {
            for (j, kw) in battery.iter().enumerate() {
                self.carry_out(system, j, t, *kw, 0.0);
            }
            return;
        };
        if self.kvar.is_empty() {
            let empty = vec![Vec::with_capacity(system.intervals); battery.len()];
            (self.wanted_kw, self.curtailed_kw) = (empty.clone(), empty.clone());
            self.kvar = empty;
        }
        let members = system.members.iter().enumerate();
        let rest: Vec<f64> = members
            .map(|(j, m)| m.net_kw[t] + self.heat(j, t))
            .collect();
        let fixed = voltages.settle(system, t, &rest, battery);
        if !fixed.settled {
            self.unsettled.push(t);
        }
        for (j, (answer, wanted)) in fixed.answers.iter().zip(battery).enumerate() {
            self.carry_out(system, j, t, answer.battery_kw, answer.curtailed_kw);
            self.wanted_kw[j].push(*wanted);
            self.curtailed_kw[j].push(answer.curtailed_kw);
            self.kvar[j].push(answer.kvar);
        }
    }

    fn carry_out(&mut self, system: &System, j: usize, t: usize, kw: f64, curtailed_kw: f64) {
        let stored = self.stored(system, j);
        let member = &system.members[j];
        let after = match &member.store {
            Some(store) => store.after(stored, kw, system.hours),
            None => stored,
        };
        let warm = self.heat(j, t);
        self.q_kw[j].push(member.net_kw[t] + kw + curtailed_kw + warm);
        self.battery_kw[j].push(kw);
        self.stored_kwh[j].push(after);
    }

    /// Σ_j Q_j in interval `t`, kW.
    pub fn total_kw(&self, t: usize) -> f64 {
        self.q_kw.iter().map(|q| q[t]).sum()
    }

    /// Values what the batteries hold less than at the start.
    pub(super) fn value_stored(&mut self, system: &System) {
        let price = system.mean_usd_per_kwh();
        for j in 0..system.members.len() {
            let missing = system.members[j].initial_kwh - self.stored(system, j);
            self.bills[j].stored_usd = missing * price;
            if let Some(tank) = &system.members[j].tank {
                let colder = tank.initial_c - self.now_c(tank, j);
                self.bills[j].stored_usd += colder * tank.kwh_per_k() * price;
            }
        }
    }

    /// Bills of the flat tariff: energy, and the peak of every day.
    pub(super) fn bill_tariff(&mut self, system: &System, params: &CommunityMarket) {
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
