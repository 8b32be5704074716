//! A validated case as the arrays of a simulation.

use crate::case::Case;
use crate::case::synthetic::week::noise;
use crate::market::Failure;

use super::battery::Store;
use super::schedule::{Aim, Stage};
use super::thermal::{Comfort, Heat, Tank};
use crate::market::community::params::{Baseline, CommunityMarket};

/// One community.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: String,
    pub bus: String,
    pub tan_phi: f64,
    /// Load less PV, as metered and as forecast, kW.
    pub net_kw: Vec<f64>,
    /// Load less PV as a community reads it.
    pub metered_kw: Vec<f64>,
    pub load_kw: Vec<f64>,
    pub pv_kw: Vec<f64>,
    /// Apparent power of the inverters of PV and battery, kVA.
    pub inverter_kva: f64,
    pub forecast_kw: Vec<f64>,
    pub store: Option<Store>,
    pub initial_kwh: f64,
    pub tank: Option<Tank>,
}

/// Communities, prices and forecasts over the intervals that are simulated.
#[derive(Clone, Debug)]
pub struct System {
    pub intervals: usize,
    /// Length of an interval.
    pub hours: f64,
    /// Intervals of a block: schedules are made, and forecasts held, by the hour.
    pub per_block: usize,
    pub per_day: usize,
    /// P^a and P^f, $/kWh.
    pub lse: Vec<f64>,
    pub forecast: Vec<f64>,
    /// σ: standard deviation of the prices of the last day, by block.
    pub spread: Vec<f64>,
    pub members: Vec<Member>,
    /// Share of the feeder's own loads.
    pub background: Vec<f64>,
}

/// What an hour beyond the band of a heat store costs, in caps of the price for the energy of a kelvin:
/// dearer than anything that could be earned instead.
const BAND: f64 = 100.0;

/// Mean of every block, repeated over it, times 1 + error.
fn by_block(values: &[f64], per_block: usize, error: &[f64]) -> Vec<f64> {
    let mut out = Vec::with_capacity(values.len());
    for (k, block) in values.chunks(per_block).enumerate() {
        let mean = block.iter().sum::<f64>() / block.len() as f64;
        let off = 1.0 + error.get(k).copied().unwrap_or(0.0);
        out.extend(std::iter::repeat_n(mean * off, block.len()));
    }
    out
}

/// σ of a block: of the prices of the day before it; where the past is shorter, of the forecast of
/// the first day.
fn spreads(lse: &[f64], forecast: &[f64], per_block: usize, per_day: usize) -> Vec<f64> {
    (0..lse.len())
        .step_by(per_block)
        .map(|t| {
            let past = if t >= per_day {
                &lse[t - per_day..t]
            } else {
                &forecast[..per_day.min(forecast.len())]
            };
            let n = past.len().max(1) as f64;
            let mean = past.iter().sum::<f64>() / n;
            (past.iter().map(|p| (p - mean) * (p - mean)).sum::<f64>() / n).sqrt()
        })
        .collect()
}

impl System {
    /// Reads a validated case with communities.
    ///
    /// # Errors
    /// A case without communities.
    pub fn new(case: &Case, params: &CommunityMarket) -> Result<System, Failure> {
        let all = case.communities.as_ref().ok_or(
            "the case has no communities: add `communities` to the case, or start from a preset",
        )?;
        let hours = all.hours();
        let per_block = ((1.0 / hours).round() as usize).max(1);
        let per_day = ((24.0 / hours).round() as usize).max(1);
        let whole = all.intervals();
        let intervals = params
            .days
            .map_or(whole, |d| d.saturating_mul(per_day).min(whole));
        let blocks = intervals.div_ceil(per_block);
        let seed = |k: u64| params.seed.wrapping_mul(1_000_003).wrapping_add(k);
        let error = |k: u64| -> Vec<f64> {
            let size = params.forecast_error_percent / 100.0;
            if size == 0.0 {
                return Vec::new();
            }
            let draws = noise(seed(k), blocks, params.forecast_persistence);
            draws.iter().map(|n| size * n).collect()
        };
        // What a meter is off the load, kW; readings are off each on its own.
        let metered = |k: u64, net_kw: &[f64], load_kw: &[f64]| -> Vec<f64> {
            let size = params.meter_noise_percent / 100.0;
            if size == 0.0 {
                return net_kw.to_vec();
            }
            let draws = noise(seed(k), intervals, 0.0);
            let read = net_kw.iter().zip(load_kw).zip(&draws);
            read.map(|((net, load), n)| net + size * load * n).collect()
        };
        let lse = all.lse_usd_per_kwh[..intervals].to_vec();
        let source = all.forecast_usd_per_kwh.get(..intervals).unwrap_or(&lse);
        let forecast = by_block(source, per_block, &error(0));
        let members = all.members.iter().enumerate().filter(|(_, m)| m.takes_part);
        let members = members.map(|(k, m)| {
            let net_kw: Vec<f64> = (0..intervals).map(|t| m.net_kw(t)).collect();
            let store = m.battery.as_ref().map(Store::new);
            let meter = k as u64 + 500_001;
            Member {
                metered_kw: metered(meter, &net_kw, &m.load_kw),
                id: m.id.clone(),
                bus: m.bus.clone(),
                tan_phi: m.tan_phi,
                forecast_kw: by_block(&net_kw, per_block, &error(k as u64 + 1)),
                load_kw: m.load_kw.iter().take(intervals).copied().collect(),
                pv_kw: (0..intervals)
                    .map(|t| m.pv_kw.get(t).copied().unwrap_or(0.0))
                    .collect(),
                inverter_kva: m.inverter_kva(),
                net_kw,
                initial_kwh: m
                    .battery
                    .as_ref()
                    .map_or(0.0, |b| b.initial_soc * b.energy_kwh),
                store,
                tank: m
                    .thermal
                    .as_ref()
                    .map(|own| Tank::new(own, intervals, hours)),
            }
        });
        Ok(System {
            intervals,
            hours,
            per_block,
            per_day,
            spread: spreads(&lse, &forecast, per_block, per_day),
            forecast,
            members: members.collect(),
            background: (0..intervals)
                .map(|t| all.background.get(t).copied().unwrap_or(1.0))
                .collect(),
            lse,
        })
    }

    /// The stages of a schedule made at interval `t`: one per block, 24 hours ahead or to the end.
    pub fn stages(&self, member: usize, t: usize) -> Vec<Stage> {
        let end = (t + self.per_day).min(self.intervals);
        let mut stages = Vec::with_capacity(self.per_day.div_ceil(self.per_block) + 1);
        let mut from = t;
        while from < end {
            let to = ((from / self.per_block + 1) * self.per_block).min(end);
            stages.push(Stage {
                hours: (to - from) as f64 * self.hours,
                usd_per_kwh: self.forecast[from],
                net_kw: self.members[member].forecast_kw[from],
            });
            from = to;
        }
        stages
    }

    /// The stages of a schedule of heat made at interval `t`, as [`System::stages`].
    pub fn heats(&self, member: usize, t: usize) -> Vec<Heat> {
        let ambient = self.members[member]
            .tank
            .as_ref()
            .map(|tank| &tank.ambient_c);
        let mut from = t;
        let stages = self.stages(member, t).into_iter();
        stages
            .map(|stage| {
                let n = (stage.hours / self.hours).round() as usize;
                let own = ambient.map_or(0.0, |c| c[from..from + n].iter().sum::<f64>() / n as f64);
                from += n;
                Heat {
                    hours: stage.hours,
                    usd_per_kwh: stage.usd_per_kwh,
                    ambient_c: own,
                }
            })
            .collect()
    }

    /// What a schedule of heat is made for: the band is kept wherever the heat pump can, and it ends at the
    /// temperature that it began with.
    pub fn comfort(tank: &Tank, params: &CommunityMarket) -> Comfort {
        let kelvin = params.cap_usd_per_kwh.max(1.0) * tank.kwh_per_k();
        Comfort {
            usd_per_k_h: BAND * kelvin,
            missing_usd_per_k: kelvin,
            desired_c: tank.initial_c,
            spare_usd_per_k: 0.0,
        }
    }

    /// What a schedule of a member is made for.
    pub fn aim(&self, member: usize, params: &CommunityMarket, no_feed_in: bool) -> Aim {
        let energy = self.members[member].store.map_or(0.0, |s| s.energy_kwh);
        Aim {
            no_feed_in,
            // A millionth of a dollar breaks ties towards an idle battery.
            wear_usd_per_kwh: params.wear_usd_per_kwh + 1e-6,
            cap_kw: f64::INFINITY,
            over_usd_per_kwh: 0.0,
            desired_kwh: params.terminal_soc.unwrap_or(0.0) * energy,
            missing_usd_per_kwh: params.cap_usd_per_kwh.max(1.0),
            spare_usd_per_kwh: params.terminal_usd_per_kwh,
        }
    }

    /// Load less PV that a community takes for granted when it bids for interval `t`, kW.
    pub fn baseline_kw(&self, member: usize, t: usize, rule: Baseline) -> f64 {
        let member = &self.members[member];
        match (rule, t.checked_sub(1)) {
            (Baseline::LastMetered, Some(last)) => member.metered_kw[last],
            _ => member.forecast_kw[t],
        }
    }

    /// Mean price of the LSE, $/kWh.
    pub fn mean_usd_per_kwh(&self) -> f64 {
        self.lse.iter().sum::<f64>() / self.intervals.max(1) as f64
    }
}
