//! From a schedule to the bid of an interval.

use super::battery::Store;
use super::bid::{Bid, Corners, NARROW_KW, Step};
use super::schedule::Aim;
use super::slopes::Slopes;
use crate::market::community::params::{BidForm, CommunityMarket};

/// What a community knows when it bids.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Load less PV taken for granted, and as forecast, kW.
    pub base_kw: f64,
    pub forecast_kw: f64,
    /// What the schedule has the battery do, kW.
    pub planned_kw: f64,
    pub stored_kwh: f64,
    /// Power kept for reserve that was sold, kW.
    pub reserve_kw: f64,
    pub hours: f64,
    /// P^f, σ and the range of forecasts ahead, $/kWh.
    pub expected: f64,
    pub spread: f64,
    pub forecast_range: f64,
}

/// The bid of a community with a battery; `to_go` is the cost to go at the end of the interval.
///
/// Q̂ = base + b̂, where b̂ is the schedule corrected by what the base is off the forecast, cut to
/// what the battery can do. Eq. `[theisen2024]`(3.1) b.
pub fn bid(store: &Store, at: &Moment, params: &CommunityMarket, to_go: &Slopes, aim: &Aim) -> Bid {
    let (low, high) = range_kw(store, at);
    let wanted = (at.planned_kw + at.forecast_kw - at.base_kw).clamp(low, high);
    let quantities = [at.base_kw + low, at.base_kw + wanted, at.base_kw + high];
    let iota = params.intercept_usd_per_kwh;
    match params.bid {
        BidForm::Published => {
            let spread = params.sensitivity * at.spread;
            Corners::published(quantities, at.expected, spread, iota).steps(params.steps)
        }
        BidForm::FourPoint => {
            let range = at.forecast_range;
            Corners::four_point(quantities, at.expected, range, params.sensitivity, iota)
                .steps(params.steps)
        }
        BidForm::Opportunity => opportunity(store, at, to_go, aim),
    }
}

/// What the battery can do, less what is kept for reserve.
fn range_kw(store: &Store, at: &Moment) -> (f64, f64) {
    let (low, high) = store.range_kw(at.stored_kwh, at.hours);
    (low.max(at.reserve_kw - store.power_kw), high)
}

/// Bids what stored energy is worth: λ = −V′ at the meter is λ/η for what is discharged and λη for
/// what is charged.
///
/// Where these prices rise with demand, because below a price of 0 the cost to go is not convex, the
/// convex hull is bid: at every price but that of a step so made, what is cleared is what is best.
/// Eq. `[theisen2024]`(3.5), not in the paper.
pub fn opportunity(store: &Store, at: &Moment, to_go: &Slopes, aim: &Aim) -> Bid {
    let (low, high) = range_kw(store, at);
    let stored = at.stored_kwh;
    let from = stored + low * at.hours / store.efficiency;
    let to = stored + high * at.hours * store.efficiency;
    let mut bid = Bid {
        min_kw: at.base_kw + low,
        preferred_kw: at.base_kw + at.planned_kw.clamp(low, high),
        steps: Vec::new(),
    };
    let mut begin = to_go.start;
    for (width, slope) in &to_go.pieces {
        let end = begin + width;
        let worth = -slope;
        let mut part = |a: f64, b: f64, charging: bool| {
            let (width_kw, usd_per_kwh) = if charging {
                (
                    (b - a) / (store.efficiency * at.hours),
                    worth * store.efficiency - aim.wear_usd_per_kwh,
                )
            } else {
                (
                    (b - a) * store.efficiency / at.hours,
                    worth / store.efficiency + aim.wear_usd_per_kwh,
                )
            };
            if width_kw > NARROW_KW {
                bid.steps.push(Step {
                    width_kw,
                    usd_per_kwh,
                });
            }
        };
        part(begin.max(from), end.min(stored), false);
        part(begin.max(stored), end.min(to), true);
        begin = end;
    }
    bid.steps = falling(bid.steps);
    bid
}

/// Steps by falling price: neighbours that rise are one step at their mean.
fn falling(steps: Vec<Step>) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::with_capacity(steps.len());
    for mut step in steps {
        while let Some(last) = all.pop_if(|last| last.usd_per_kwh < step.usd_per_kwh) {
            let width_kw = last.width_kw + step.width_kw;
            let value = last.width_kw * last.usd_per_kwh + step.width_kw * step.usd_per_kwh;
            step = Step {
                width_kw,
                usd_per_kwh: value / width_kw,
            };
        }
        all.push(step);
    }
    all
}
