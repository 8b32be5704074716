//! Spinning reserve: headroom of a battery, sold by the hour and planned together with its energy.
//!
//! ```text
//! min  schedule's cost − ρ Σ_t r_t Δ
//! s.t. r_t ≤ R − dis_t + ch_t,  0 ≤ r_t ≤ R          power that another discharge can still rise by
//!      D r_t ≤ η (e_(t−1) − L),  D r_t ≤ η (e_t − L)   energy for D hours of it, at both ends
//! ```
//!
//! ρ is the price of reserve, D for how long it has to last. What is sold for an hour is held in every
//! interval of it: the bids of energy leave power and energy for it. A call of the reserve is not
//! simulated. Not in the paper, which names spinning reserve as future work.

use crate::market::Failure;
use crate::market::community::params::CommunityMarket;
use crate::opt::{Certificate, Model, Var, certify, simplex, solve_priced};

use super::battery::Store;
use super::schedule::{Aim, Stage, battery_program};
use super::system::System;
use super::trace::Trace;

/// What is sold beside energy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Service {
    /// ρ.
    pub usd_per_kw_h: f64,
    /// D, h.
    pub lasts_hours: f64,
}

/// What is planned for the first stage, kW.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct First {
    pub battery_kw: f64,
    pub reserve_kw: f64,
}

/// More reserve than there is by less than this is none, kW.
const SLACK_KW: f64 = 1e-5;

impl Service {
    /// The service of a question; none at a price of zero.
    pub fn of(params: &CommunityMarket) -> Option<Service> {
        (params.reserve_usd_per_mw_h > 0.0).then_some(Service {
            usd_per_kw_h: params.reserve_usd_per_mw_h / 1000.0,
            lasts_hours: params.reserve_hours,
        })
    }

    /// Least energy that has to be stored for a reserve, kWh.
    pub fn least_kwh(&self, store: &Store, reserve_kw: f64) -> f64 {
        store.least_kwh + reserve_kw * self.lasts_hours / store.efficiency
    }

    /// The battery with what a reserve leaves of its energy: never more than is stored has to stay.
    pub fn held(&self, store: &Store, reserve_kw: f64, stored_kwh: f64) -> Store {
        let least = self.least_kwh(store, reserve_kw);
        Store {
            least_kwh: least.min(stored_kwh).max(store.least_kwh),
            ..*store
        }
    }

    /// The program of energy and reserve, with the variables ch, dis and r of its first stage.
    pub fn program(
        &self,
        store: &Store,
        stages: &[Stage],
        aim: &Aim,
        stored_kwh: f64,
    ) -> (Model, Option<[Var; 3]>) {
        let (mut model, vars) = battery_program(store, stages, aim, stored_kwh);
        let free = f64::INFINITY;
        let (eta, power, lasts) = (store.efficiency, store.power_kw, self.lasts_hours);
        let mut before = None;
        let mut first = None;
        for (t, (stage, [ch, dis, stored])) in stages.iter().zip(vars).enumerate() {
            let income = self.usd_per_kw_h * stage.hours;
            let r = model.var(format!("reserve[{t}]"), 0.0, power, -income);
            let headroom = [(r, 1.0), (dis, 1.0), (ch, -1.0)];
            model.row(format!("headroom[{t}]"), headroom, -free, power);
            let right = -eta * store.least_kwh;
            let row = [(r, lasts), (stored, -eta)];
            model.row(format!("lasts[{t}]"), row, -free, right);
            match before {
                Some(last) => {
                    let row = [(r, lasts), (last, -eta)];
                    model.row(format!("lasts from[{t}]"), row, -free, right);
                }
                None => {
                    let right = right + eta * stored_kwh;
                    model.row(
                        format!("lasts from[{t}]"),
                        [(r, lasts)],
                        -free,
                        right.max(0.0),
                    );
                }
            }
            before = Some(stored);
            first.get_or_insert([ch, dis, r]);
        }
        (model, first)
    }

    /// The first stage of the best plan of energy and reserve.
    ///
    /// # Errors
    /// A program that cannot be solved.
    pub fn plan(
        &self,
        store: &Store,
        stages: &[Stage],
        aim: &Aim,
        stored_kwh: f64,
    ) -> Result<First, Failure> {
        let (model, first) = self.program(store, stages, aim, stored_kwh);
        let solved = simplex::solve(&model)?;
        Ok(first.map_or_else(First::default, |[ch, dis, r]| First {
            battery_kw: solved.x[ch.0] - solved.x[dis.0],
            reserve_kw: solved.x[r.0].clamp(0.0, store.power_kw),
        }))
    }

    /// The first plan of a community with its prices, against its program.
    ///
    /// # Errors
    /// As [`Service::plan`].
    pub fn proof(
        &self,
        system: &System,
        j: usize,
        params: &CommunityMarket,
    ) -> Result<Option<Certificate>, Failure> {
        let member = &system.members[j];
        let Some(store) = &member.store else {
            return Ok(None);
        };
        let (stages, aim) = (system.stages(j, 0), system.aim(j, params, false));
        let (model, _) = self.program(store, &stages, &aim, member.initial_kwh);
        let solved = solve_priced(&model)?;
        let name = format!("first plan of energy and reserve of {}", member.id);
        Ok(Some(certify(
            name,
            &model,
            &solved.x,
            solved.duals.as_ref(),
        )))
    }

    /// What a battery could give beyond the reserve that it has sold, in interval `t`, kW; below zero it
    /// has sold too much.
    fn spare_kw(&self, system: &System, trace: &Trace, j: usize, t: usize) -> Option<f64> {
        let member = &system.members[j];
        let store = member.store?;
        let sold = trace.reserve_kw.get(j)?[t];
        let before = match t.checked_sub(1) {
            Some(last) => trace.stored_kwh[j][last],
            None => member.initial_kwh,
        };
        let stored = before.min(trace.stored_kwh[j][t]);
        let power = store.power_kw + trace.battery_kw[j][t];
        let energy = store.efficiency * (stored - store.least_kwh) / self.lasts_hours;
        Some(power.min(energy) - sold)
    }

    /// The least of it over the days.
    pub fn least_spare_kw(&self, system: &System, trace: &Trace, j: usize) -> f64 {
        let all = (0..system.intervals).filter_map(|t| self.spare_kw(system, trace, j, t));
        all.fold(f64::INFINITY, f64::min)
    }

    /// Whether what was sold could be given in every interval, from what batteries did.
    pub fn held_proof(&self, system: &System, trace: &Trace) -> Certificate {
        let members = 0..system.members.len();
        let least = members.map(|j| self.least_spare_kw(system, trace, j));
        let short = (-least.fold(f64::INFINITY, f64::min)).max(0.0);
        Certificate {
            solve: "reserve that was sold is held, the worst of all intervals, kW".into(),
            primal_residual: short,
            largest_violation: short,
            certified: short <= SLACK_KW,
            ..Certificate::default()
        }
    }
}
