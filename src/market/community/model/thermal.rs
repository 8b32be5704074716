//! A building or a tank that a heat pump keeps warm: what it can do in an interval, its schedule and its bid.
//!
//! ```text
//! C dT/dt = COP·P − U (T − T_a)      so that over Δ, with P and T_a constant,
//! T' = a T + (1 − a) T_a + g P,      a = exp(−U Δ / C),  g = COP (1 − a) / U
//! min Σ_t P^f_t P_t Δ + π Δ · (kelvins of T_t beyond its band) + penalty · (what is missing at the end)
//! 0 ≤ P_t ≤ R
//! ```
//!
//! π is so large that the band is left only where the heat pump cannot keep it.
//! The cost to go V_t(T) = min_P P^f P Δ + W(a T + (1 − a) T_a + g P), with W = V_(t+1) and what lies beyond the
//! band, is piecewise linear and convex: an infimal convolution as for batteries, stretched by 1/a. Between
//! the ends of an interval the temperature moves one way, so that the band holds within, too. Eq.
//! `[theisen2024]`(3.5): the paper names thermal storage as future work.

use super::bid::{Bid, Corners, NARROW_KW, Step};
use super::slopes::Slopes;
use crate::case::communities::Thermal;
use crate::market::community::params::{BidForm, CommunityMarket};

/// A heat store; powers are electric, kW.
#[derive(Clone, Debug, PartialEq)]
pub struct Tank {
    pub heat_kwh_per_k: f64,
    pub loss_kw_per_k: f64,
    pub power_kw: f64,
    pub cop: f64,
    pub min_c: f64,
    pub max_c: f64,
    pub initial_c: f64,
    /// Around it, by interval.
    pub ambient_c: Vec<f64>,
    /// No temperature is below or above these.
    pub least_c: f64,
    pub most_c: f64,
}

/// One stage of a schedule of heat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heat {
    pub hours: f64,
    pub usd_per_kwh: f64,
    pub ambient_c: f64,
}

/// What a kelvin beyond the band costs in an hour, and one missing at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comfort {
    pub usd_per_k_h: f64,
    pub missing_usd_per_k: f64,
    pub desired_c: f64,
    /// What a kelvin beyond it is worth at the end.
    pub spare_usd_per_k: f64,
}

/// A schedule of heat: power and temperature at the end of every stage, and the cost to go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatPlan {
    pub power_kw: Vec<f64>,
    pub end_c: Vec<f64>,
    /// V_t before every stage and at the end.
    pub to_go: Vec<Slopes>,
}

impl Tank {
    pub fn new(thermal: &Thermal, intervals: usize, hours: f64) -> Tank {
        let ambient_c: Vec<f64> = (0..intervals).map(|t| thermal.ambient(t, hours)).collect();
        let all = || ambient_c.iter().copied().chain([thermal.initial_c]);
        Tank {
            heat_kwh_per_k: thermal.heat_kwh_per_k,
            loss_kw_per_k: thermal.loss_kw_per_k,
            power_kw: thermal.power_kw,
            cop: thermal.cop,
            min_c: thermal.min_c,
            max_c: thermal.max_c,
            initial_c: thermal.initial_c,
            least_c: all().fold(thermal.min_c, f64::min),
            most_c: all().fold(thermal.max_c, f64::max),
            ambient_c,
        }
    }

    /// Share of the difference to the ambient that is left after some hours, and kelvins per kW.
    pub fn over(&self, hours: f64) -> (f64, f64) {
        let u = self.loss_kw_per_k;
        let left = libm::exp(-u * hours / self.heat_kwh_per_k);
        let gain = match u > 0.0 {
            true => self.cop * (1.0 - left) / u,
            false => self.cop * hours / self.heat_kwh_per_k,
        };
        (left, gain)
    }

    /// Temperature after some hours.
    pub fn after(&self, now_c: f64, ambient_c: f64, kw: f64, hours: f64) -> f64 {
        let (left, gain) = self.over(hours);
        left * now_c + (1.0 - left) * ambient_c + gain * kw
    }

    /// Power that leads to a temperature, or as near as the heat pump can.
    pub fn power_for(&self, now_c: f64, ambient_c: f64, end_c: f64, hours: f64) -> f64 {
        let gain = self.over(hours).1;
        let idle = self.after(now_c, ambient_c, 0.0, hours);
        ((end_c - idle) / gain).clamp(0.0, self.power_kw)
    }

    /// Least and greatest power that keep the band, as far as that can be.
    pub fn range_kw(&self, now_c: f64, ambient_c: f64, hours: f64) -> (f64, f64) {
        let to = |end_c: f64| self.power_for(now_c, ambient_c, end_c, hours);
        (to(self.min_c), to(self.max_c))
    }

    /// Electric energy that a kelvin takes, kWh.
    pub fn kwh_per_k(&self) -> f64 {
        self.heat_kwh_per_k / self.cop
    }

    /// V_t from V_(t+1).
    fn before(&self, after: &Slopes, stage: &Heat, comfort: &Comfort) -> Slopes {
        let (left, gain) = self.over(stage.hours);
        let (low, high) = (self.least_c, self.most_c);
        let beyond = self.beyond(after, comfort.usd_per_k_h * stage.hours);
        let mut cost = Slopes::default();
        let per_k = stage.usd_per_kwh * stage.hours / gain;
        cost.push(gain * self.power_kw, per_k);
        let mut moved = beyond.convolved(&cost, low, high);
        // From the temperature without heating to that before it.
        let idle = (1.0 - left) * stage.ambient_c;
        moved.start = (moved.start - idle) / left;
        for (width, slope) in &mut moved.pieces {
            (*width, *slope) = (*width / left, *slope * left);
        }
        moved.cut(low, high)
    }

    /// A function with what it costs to be beyond the band.
    fn beyond(&self, function: &Slopes, usd_per_k: f64) -> Slopes {
        let mut sum = Slopes {
            start: function.start,
            value: function.value + usd_per_k * (self.min_c - function.start).max(0.0),
            pieces: Vec::with_capacity(function.pieces.len() + 2),
        };
        let mut at = function.start;
        for (width, slope) in &function.pieces {
            let end = at + width;
            let mut from = at;
            for (bend, extra) in [
                (self.min_c, -usd_per_k),
                (self.max_c, 0.0),
                (f64::INFINITY, usd_per_k),
            ] {
                let to = end.min(bend);
                sum.push(to - from, slope + extra);
                from = from.max(to);
            }
            at = end;
        }
        sum
    }

    /// The cheapest schedule from a temperature on.
    ///
    /// Eq. `[theisen2024]`(3.5).
    pub fn schedule(&self, stages: &[Heat], comfort: &Comfort, now_c: f64) -> HeatPlan {
        let (low, high) = (self.least_c, self.most_c);
        let desired = comfort.desired_c.clamp(low, high);
        let mut last = Slopes {
            start: low,
            value: comfort.missing_usd_per_k * (desired - low),
            pieces: Vec::new(),
        };
        last.push(desired - low, -comfort.missing_usd_per_k);
        last.push(high - desired, -comfort.spare_usd_per_k);
        let mut to_go = vec![last];
        for stage in stages.iter().rev() {
            let next = self.before(&to_go[to_go.len() - 1], stage, comfort);
            to_go.push(next);
        }
        to_go.reverse();
        let mut plan = HeatPlan::default();
        let mut now = now_c.clamp(low, high);
        for (stage, after) in stages.iter().zip(&to_go[1..]) {
            let gain = self.over(stage.hours).1;
            let worth = self.beyond(after, comfort.usd_per_k_h * stage.hours);
            let idle = self.after(now, stage.ambient_c, 0.0, stage.hours);
            let per_k = stage.usd_per_kwh * stage.hours / gain;
            // Heat as long as a kelvin is worth more than it costs.
            let end = worth
                .reached(-per_k)
                .clamp(idle, idle + gain * self.power_kw)
                .min(high.max(idle));
            plan.power_kw
                .push(((end - idle) / gain).clamp(0.0, self.power_kw));
            plan.end_c.push(end);
            now = end;
        }
        plan.to_go = to_go;
        plan
    }

    /// What a schedule costs as the program counts it, $.
    pub fn cost_usd(
        &self,
        stages: &[Heat],
        comfort: &Comfort,
        power_kw: &[f64],
        now_c: f64,
    ) -> f64 {
        let (mut cost, mut now) = (0.0, now_c);
        for (stage, kw) in stages.iter().zip(power_kw) {
            now = self.after(now, stage.ambient_c, *kw, stage.hours);
            let beyond = (self.min_c - now).max(0.0) + (now - self.max_c).max(0.0);
            cost += stage.hours * (stage.usd_per_kwh * kw + comfort.usd_per_k_h * beyond);
        }
        cost + comfort.missing_usd_per_k * (comfort.desired_c - now).max(0.0)
            - comfort.spare_usd_per_k * (now - comfort.desired_c).max(0.0)
    }

    /// The bid of an interval, without any load: published curves around what is planned, or what heat is worth.
    pub fn bid(&self, at: &HeatMoment, params: &CommunityMarket, comfort: &Comfort) -> Bid {
        let (low, high) = self.range_kw(at.now_c, at.ambient_c, at.hours);
        let wanted = at.planned_kw.clamp(low, high);
        let iota = params.intercept_usd_per_kwh;
        let quantities = [low, wanted, high];
        match params.bid {
            BidForm::Published => {
                let spread = params.sensitivity * at.spread;
                Corners::published(quantities, at.expected, spread, iota).steps(params.steps)
            }
            BidForm::FourPoint => {
                let (range, slider) = (at.forecast_range, params.sensitivity);
                Corners::four_point(quantities, at.expected, range, slider, iota)
                    .steps(params.steps)
            }
            BidForm::Opportunity => self.opportunity(at, comfort, (low, wanted, high)),
        }
    }

    /// Bids what heat is worth: −V′ at the end of the interval, per kWh at the meter.
    fn opportunity(
        &self,
        at: &HeatMoment,
        comfort: &Comfort,
        (low, wanted, high): (f64, f64, f64),
    ) -> Bid {
        let gain = self.over(at.hours).1;
        let mut to_go = at.to_go.clone();
        if at.left_hours > 0.0 {
            let stage = Heat {
                hours: at.left_hours,
                usd_per_kwh: at.expected,
                ambient_c: at.ambient_c,
            };
            to_go = self.before(&to_go, &stage, comfort);
        }
        let idle = self.after(at.now_c, at.ambient_c, 0.0, at.hours);
        let mut bid = Bid {
            min_kw: low,
            preferred_kw: wanted,
            steps: Vec::new(),
        };
        let (from, to) = (idle + gain * low, idle + gain * high);
        let mut begin = to_go.start;
        for (width, slope) in &to_go.pieces {
            let end = begin + width;
            let width_kw = (end.min(to) - begin.max(from)) / gain;
            if width_kw > NARROW_KW {
                bid.steps.push(Step {
                    width_kw,
                    usd_per_kwh: -slope * gain / at.hours,
                });
            }
            begin = end;
        }
        bid
    }
}

/// What a community knows of its heat when it bids.
#[derive(Clone, Debug)]
pub struct HeatMoment<'a> {
    pub now_c: f64,
    pub ambient_c: f64,
    pub planned_kw: f64,
    pub hours: f64,
    /// Of the stage after this interval, and the cost to go at its end.
    pub left_hours: f64,
    pub to_go: &'a Slopes,
    /// P^f, σ and the range of forecasts ahead, $/kWh.
    pub expected: f64,
    pub spread: f64,
    pub forecast_range: f64,
}
