//! The days as they go by, once for every way to buy.

use super::bid::Bid;
use super::bidding::{Moment, bid};
use super::clearing::{Kind, Supply, clear};
use super::network::Network;
use super::reserve::{First, Service};
use super::schedule::{Schedule, Stage, schedule, within_stage};
use super::system::System;
use super::tariff;
use super::thermal::{HeatMoment, HeatPlan};
use super::trace::{Trace, Wanted};
use super::voltage::Loop;
use super::within::worse;
use crate::market::Failure;
use crate::market::community::params::{BidForm, CommunityMarket, Comparator};

/// Steps of bids that are kept, at most: about 100 MB.
const KEPT_STEPS: usize = 6_000_000;

/// What is beside the communities: limits of the feeders for the market, voltages for all.
#[derive(Clone, Copy, Default)]
pub struct Around<'a> {
    pub limits: Option<&'a Network<'a>>,
    pub voltages: Option<&'a Loop<'a>>,
}

/// Runs one way to buy. Limits count in the market only, voltages everywhere.
///
/// # Errors
/// A sentence that names the program of the network that could not be solved.
pub fn run(
    system: &System,
    params: &CommunityMarket,
    comparator: Comparator,
    around: Around,
) -> Result<Trace, Failure> {
    let mut trace = Trace::new(system);
    match comparator {
        Comparator::Base => {
            let mut wanted = Wanted::none(system);
            for t in 0..system.intervals {
                for (j, member) in system.members.iter().enumerate() {
                    if let Some(tank) = &member.tank {
                        // A thermostat holds the temperature of the start.
                        let (now, around) = (trace.now_c(tank, j), tank.ambient_c[t]);
                        wanted.heat_kw[j] =
                            tank.power_for(now, around, tank.initial_c, system.hours);
                    }
                }
                trace.act(system, t, &wanted, around.voltages);
            }
            trace.bill_tariff(system, params);
        }
        Comparator::Tariff => {
            on_tariff(system, params, around.voltages, &mut trace);
            trace.bill_tariff(system, params);
        }
        Comparator::PricesToDevices => {
            alone(system, params, around.voltages, &mut trace);
            for (bill, q) in trace.bills.iter_mut().zip(&trace.q_kw) {
                let paid = q.iter().zip(&system.lse).map(|(q, p)| q.max(0.0) * p);
                bill.energy_usd = paid.sum::<f64>() * system.hours;
            }
            trace.value_stored(system);
        }
        Comparator::Transactive => {
            market(system, params, around, &mut trace)?;
            trace.value_stored(system);
        }
    }
    Ok(trace)
}

fn on_tariff(
    system: &System,
    params: &CommunityMarket,
    voltages: Option<&Loop>,
    trace: &mut Trace,
) {
    let m = system.members.len();
    let mut heat = vec![HeatPlan::default(); m];
    for day in (0..system.intervals).step_by(system.per_day) {
        let mut plans = vec![Vec::new(); m];
        for j in 0..m {
            let mut stages = system.stages(j, day);
            for stage in &mut stages {
                stage.usd_per_kwh = params.tariff_usd_per_kwh;
            }
            plan_heat(
                system,
                params,
                trace,
                (j, day),
                Some(params.tariff_usd_per_kwh),
                &mut heat[j],
            );
            for (stage, kw) in stages.iter_mut().zip(&heat[j].power_kw) {
                stage.net_kw += kw;
            }
            if let Some(store) = system.members[j].store {
                let aim = system.aim(j, params, true);
                let demand = params.demand_usd_per_kw_day();
                plans[j] = tariff::plan(&store, &stages, &aim, demand, trace.stored(system, j));
            }
        }
        for t in day..(day + system.per_day).min(system.intervals) {
            let mut wanted = Wanted::none(system);
            let stage = (t - day) / system.per_block;
            for (j, plan) in plans.iter().enumerate() {
                wanted.heat_kw[j] = heat_kw(system, trace, (j, t), heat[j].power_kw.get(stage));
                if let (Some(store), Some(kw)) = (system.members[j].store, plan.get(stage)) {
                    let (low, high) = store.range_kw(trace.stored(system, j), system.hours);
                    wanted.battery_kw[j] = kw.clamp(low, high);
                }
            }
            trace.act(system, t, &wanted, voltages);
        }
    }
}

/// Makes a schedule of heat at interval `t`, at the forecast or at a flat price.
fn plan_heat(
    system: &System,
    params: &CommunityMarket,
    trace: &Trace,
    (j, t): (usize, usize),
    flat: Option<f64>,
    plan: &mut HeatPlan,
) {
    if let Some(tank) = &system.members[j].tank {
        let mut stages = system.heats(j, t);
        for stage in &mut stages {
            stage.usd_per_kwh = flat.unwrap_or(stage.usd_per_kwh);
        }
        let comfort = System::comfort(tank, params);
        *plan = tank.schedule(&stages, &comfort, trace.now_c(tank, j));
    }
}

/// A planned power of a heat pump within what keeps the band.
fn heat_kw(system: &System, trace: &Trace, (j, t): (usize, usize), planned: Option<&f64>) -> f64 {
    match (&system.members[j].tank, planned) {
        (Some(tank), Some(kw)) => {
            let (now, around) = (trace.now_c(tank, j), tank.ambient_c[t]);
            let (low, high) = tank.range_kw(now, around, system.hours);
            kw.clamp(low, high)
        }
        _ => 0.0,
    }
}

/// Prices to devices: the schedule as it is, without feed-in.
fn alone(system: &System, params: &CommunityMarket, voltages: Option<&Loop>, trace: &mut Trace) {
    let m = system.members.len();
    let mut planned = vec![0.0; m];
    let mut heat = vec![HeatPlan::default(); m];
    for t in 0..system.intervals {
        let mut wanted = Wanted::none(system);
        for j in 0..m {
            let begins = t % system.per_block == 0;
            if begins {
                plan_heat(system, params, trace, (j, t), None, &mut heat[j]);
            }
            wanted.heat_kw[j] = heat_kw(system, trace, (j, t), heat[j].power_kw.first());
            let Some(store) = system.members[j].store else {
                continue;
            };
            let stored = trace.stored(system, j);
            if begins {
                let aim = system.aim(j, params, true);
                let mut stages = system.stages(j, t);
                for (stage, kw) in stages.iter_mut().zip(&heat[j].power_kw) {
                    stage.net_kw += kw;
                }
                let plan = schedule(&store, &stages, &aim, stored);
                planned[j] = plan.battery_kw.first().copied().unwrap_or(0.0);
            }
            let (low, high) = store.range_kw(stored, system.hours);
            let net = system.members[j].net_kw[t] + wanted.heat_kw[j];
            let low = low.max(-net.max(0.0));
            wanted.battery_kw[j] = planned[j].clamp(low, high);
        }
        trace.act(system, t, &wanted, voltages);
    }
}

/// The community market: schedules by the hour, bids and clearing by the interval.
fn market(
    system: &System,
    params: &CommunityMarket,
    around: Around,
    trace: &mut Trace,
) -> Result<(), Failure> {
    let m = system.members.len();
    let keep = m * system.intervals * 2 * params.steps <= KEPT_STEPS;
    trace.cleared_kw = vec![Vec::with_capacity(system.intervals); m];
    trace.price = vec![Vec::with_capacity(system.intervals); m];
    let mut plans = vec![Schedule::default(); m];
    let mut heats = vec![HeatPlan::default(); m];
    let service = Service::of(params);
    let mut firsts = vec![First::default(); m];
    if service.is_some() {
        trace.reserve_kw = vec![Vec::with_capacity(system.intervals); m];
    }
    let mut range = 0.0;
    for t in 0..system.intervals {
        let begins = t % system.per_block == 0;
        if begins {
            let ahead = &system.forecast[t..(t + system.per_day).min(system.intervals)];
            let most = ahead.iter().copied().fold(f64::MIN, f64::max);
            range = most - ahead.iter().copied().fold(f64::MAX, f64::min);
        }
        let at = At { t, begins, range };
        let mut heat: Vec<Option<Bid>> = vec![None; m];
        let mut own: Vec<Bid> = Vec::with_capacity(m);
        for (j, plan) in plans.iter_mut().enumerate() {
            if let (Some(service), Some(store), true) = (&service, &system.members[j].store, begins)
            {
                let (stages, aim) = (system.stages(j, t), system.aim(j, params, false));
                firsts[j] = service.plan(store, &stages, &aim, trace.stored(system, j))?;
            }
            let sold = service.map(|service| (service, firsts[j]));
            own.push(battery_bid(system, params, trace, (j, at), plan, sold));
            if begins {
                plan_heat(system, params, trace, (j, t), None, &mut heats[j]);
            }
            heat[j] = heat_bid(system, params, trace, (j, at), &heats[j]);
        }
        let both = own.iter().zip(&heat);
        let bids: Vec<Bid> = both
            .map(|(own, heat)| heat.as_ref().map_or_else(|| own.clone(), |h| own.plus(h)))
            .collect();
        let supply = supply(system.lse[t], params);
        let mut cleared = clear(&bids, &supply);
        let mut root = cleared.usd_per_kwh;
        let mut prices = vec![cleared.usd_per_kwh; m];
        if let Some(network) = around.limits
            && network.over(t, &cleared.quantity_kw)
        {
            match network.clear(&bids, &supply, t, params.physics)? {
                Some(within) => {
                    trace.congested.push(t);
                    trace.lost_kw.push(within.lost_kw);
                    (cleared, prices) = (within.cleared, within.usd_per_kwh);
                    root = within.root_usd_per_kwh;
                    trace.limited = worse(trace.limited.take(), within.certificate);
                }
                None => trace.unmet.push(t),
            }
        }
        let mut wanted = Wanted::none(system);
        for (j, kw) in cleared.quantity_kw.iter().enumerate() {
            let warms = heat[j].as_ref().map(|heat| own[j].part_of(heat, *kw));
            wanted.heat_kw[j] = warms.unwrap_or(0.0);
            wanted.battery_kw[j] =
                kw - system.baseline_kw(j, t, params.baseline) - wanted.heat_kw[j];
        }
        trace.act(system, t, &wanted, around.voltages);
        let mut paid = 0.0;
        for (j, price) in prices.iter().enumerate() {
            let quantity = cleared.quantity_kw[j];
            let real = trace.q_kw[j][t];
            let bill = &mut trace.bills[j];
            bill.energy_usd += price * quantity * system.hours;
            bill.imbalance_usd += system.lse[t] * (real - quantity) * system.hours;
            paid += price * quantity * system.hours;
            trace.cleared_kw[j].push(quantity);
            trace.price[j].push(*price);
            if let Some(service) = &service {
                let kw = firsts[j].reserve_kw;
                trace.reserve_kw[j].push(kw);
                trace.bills[j].reserve_usd += service.usd_per_kw_h * kw * system.hours;
            }
        }
        trace.rent_usd += paid - system.lse[t] * cleared.lse_kw * system.hours;
        trace.root_price.push(root);
        trace.cleared.push(cleared);
        trace.bids.push(if keep { bids } else { Vec::new() });
    }
    Ok(())
}

/// When a bid is made.
#[derive(Clone, Copy)]
struct At {
    t: usize,
    /// Whether a block, and with it a schedule, begins.
    begins: bool,
    /// Range of the forecasts ahead, $/kWh.
    range: f64,
}

impl At {
    /// Hours of the block after this interval.
    fn left_hours(&self, system: &System) -> f64 {
        let rest = system.per_block - 1 - self.t % system.per_block;
        rest.min(system.intervals - 1 - self.t) as f64 * system.hours
    }
}

/// The bid of load, PV and battery, with a new schedule where a block begins.
fn battery_bid(
    system: &System,
    params: &CommunityMarket,
    trace: &Trace,
    (j, at): (usize, At),
    plan: &mut Schedule,
    sold: Option<(Service, First)>,
) -> Bid {
    let t = at.t;
    let base_kw = system.baseline_kw(j, t, params.baseline);
    let Some(store) = &system.members[j].store else {
        return Bid::fixed(base_kw);
    };
    let aim = system.aim(j, params, false);
    let stored_kwh = trace.stored(system, j);
    if at.begins {
        *plan = schedule(store, &system.stages(j, t), &aim, stored_kwh);
    }
    let now = Moment {
        base_kw,
        forecast_kw: system.members[j].forecast_kw[t],
        planned_kw: match sold {
            Some((_, first)) => first.battery_kw,
            None => plan.battery_kw.first().copied().unwrap_or(0.0),
        },
        stored_kwh,
        reserve_kw: sold.map_or(0.0, |(_, first)| first.reserve_kw),
        hours: system.hours,
        expected: system.forecast[t],
        spread: system.spread[t / system.per_block],
        forecast_range: at.range,
    };
    let left = at.left_hours(system);
    let to_go = match plan.to_go.get(1) {
        Some(after) if params.bid == BidForm::Opportunity => {
            let stage = Stage {
                hours: left,
                usd_per_kwh: system.forecast[t],
                net_kw: now.forecast_kw,
            };
            within_stage(store, &stage, left, after, &aim)
        }
        _ => Default::default(),
    };
    match sold {
        Some((service, first)) => {
            let held = service.held(store, first.reserve_kw, stored_kwh);
            bid(&held, &now, params, &to_go, &aim)
        }
        None => bid(store, &now, params, &to_go, &aim),
    }
}

/// The bid of a heat pump.
fn heat_bid(
    system: &System,
    params: &CommunityMarket,
    trace: &Trace,
    (j, at): (usize, At),
    plan: &HeatPlan,
) -> Option<Bid> {
    let t = at.t;
    let tank = system.members[j].tank.as_ref()?;
    let now = HeatMoment {
        now_c: trace.now_c(tank, j),
        ambient_c: tank.ambient_c[t],
        planned_kw: plan.power_kw.first().copied().unwrap_or(0.0),
        hours: system.hours,
        left_hours: at.left_hours(system),
        to_go: plan.to_go.get(1)?,
        expected: system.forecast[t],
        spread: system.spread[t / system.per_block],
        forecast_range: at.range,
    };
    Some(tank.bid(&now, params, &System::comfort(tank, params)))
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
