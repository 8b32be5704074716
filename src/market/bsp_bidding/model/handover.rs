//! One period as a balancing case of the common market: what the DSO would hand over as a residual
//! supply function instead of a box, and the common market through such functions.
//!
//! A box discards what is feasible jointly but not independently; the function, the cost of every
//! export, keeps it.

use crate::case::balancing::{Bid, Injection, Segment};
use crate::case::{Balancing, Boundary, Bus, Case, Feeder};
use crate::market::Failure;
use crate::market::shared::coupling::{Common, Markets, SupplyFunction};

use super::clear::Bids;
use super::system::System;

/// Energy that the TSO's own bids offer in each direction, in multiples of everything else.
const PLENTY: f64 = 10.0;

/// What a residual supply function of the feeder says of a period.
#[derive(Clone, Debug)]
pub struct Function {
    pub curve: SupplyFunction,
    /// Export with nothing of the rest activated, and the least and greatest, MW.
    pub at_rest_mw: f64,
    pub least_mw: f64,
    pub greatest_mw: f64,
}

/// A period with given net activations made part of the load, and what is left as bids.
fn case(
    system: &System,
    t: usize,
    net_mw: &[f64],
    left: (&[f64], &[f64]),
    bids: &Bids,
    need_mw: f64,
) -> Case {
    let hour = &system.hours[t];
    let mut feeder: Feeder = system.feeder.clone();
    for (j, bus) in feeder.buses.iter_mut().enumerate() {
        bus.p_load_mw = hour.load_mw[j];
        bus.q_load_mvar = hour.load_mvar[j];
    }
    for (&bus, a) in system.at.iter().zip(net_mw) {
        feeder.buses[bus].p_load_mw -= a;
    }
    let load: f64 = feeder.buses.iter().map(|bus| bus.p_load_mw).sum();
    let top = if system.above.is_empty() {
        "TSO"
    } else {
        &system.above
    }
    .to_string();
    let segment = |low: f64, high: f64, price: f64| Segment {
        min_p_mw: low,
        max_p_mw: high,
        usd_per_mwh: price,
        indivisible: false,
    };
    let bid = |id: &str, bus: &str, segments: Vec<Segment>| {
        Bid::of_one_period(id.into(), bus.into(), segments)
    };
    let capacity = hour.max_up_mw.iter().chain(&hour.max_down_mw).sum::<f64>();
    let plenty = PLENTY * (need_mw.abs() + load.abs() + capacity);
    let mut list = vec![bid(
        "TSO's market",
        &top,
        vec![
            segment(0.0, plenty, hour.tso_up),
            segment(-plenty, 0.0, hour.tso_down),
        ],
    )];
    for (k, id) in system.resources.iter().enumerate() {
        let segments = vec![
            segment(0.0, left.0[k], bids.up[k]),
            segment(-left.1[k], 0.0, bids.down[k]),
        ];
        list.push(bid(id, &feeder.buses[system.at[k]].id, segments));
    }
    let injection = |id: &str, p: f64| Injection {
        id: id.into(),
        bus: top.clone(),
        p_mw: vec![p],
        q_mvar: Vec::new(),
    };
    Case {
        version: crate::case::CASE_VERSION,
        name: feeder.id.clone(),
        base_mva: 1.0,
        buses: vec![Bus::new(top.clone())],
        boundaries: vec![Boundary {
            id: "boundary".into(),
            bus: top.clone(),
            feeder: feeder.id.clone(),
            max_p_mw: system.max_exchange_mw,
        }],
        feeders: vec![feeder],
        balancing: Some(Balancing {
            periods: 1,
            minutes_per_period: 60.0 * system.hours_per_period,
            price_cap_usd_per_mwh: hour.overload,
            schedule: vec![injection("schedule", load)],
            imbalances: vec![injection("need", -need_mw)],
            bids: list,
            ..Balancing::default()
        }),
        ..Case::default()
    }
}

/// The residual supply function of what is left after net activations.
///
/// # Errors
/// A sentence when it cannot be found.
pub fn function(
    markets: &Markets,
    system: &System,
    t: usize,
    net_mw: &[f64],
    left: (&[f64], &[f64]),
    bids: &Bids,
) -> Result<Function, Failure> {
    let case = case(system, t, net_mw, left, bids, 0.0);
    let curve = (markets.supply_function)(&case)?;
    let width: f64 = curve.steps.iter().map(|(width, _)| width).sum();
    let (least_mw, greatest_mw) = (curve.start_mw, curve.start_mw + width);
    let loads = case.feeders.iter().flat_map(|f| &f.buses);
    Ok(Function {
        curve,
        at_rest_mw: -loads.map(|bus| bus.p_load_mw).sum::<f64>(),
        least_mw,
        greatest_mw,
    })
}

/// Clears a period of the common market: imbalance of the feeder and need of the TSO together.
///
/// # Errors
/// A sentence when a program fails.
pub fn common(
    markets: &Markets,
    system: &System,
    t: usize,
    bids: &Bids,
) -> Result<Common, Failure> {
    let hour = &system.hours[t];
    let rest = vec![0.0; system.resources.len()];
    let mut case = case(
        system,
        t,
        &rest,
        (&hour.max_up_mw, &hour.max_down_mw),
        bids,
        hour.tso_need_mw,
    );
    // The imbalance stands in the loads, so the schedule is without it.
    if let Some(schedule) = case.balancing.as_mut().and_then(|b| b.schedule.first_mut()) {
        schedule.p_mw = vec![schedule.p_mw[0] - hour.imbalance_mw];
    }
    (markets.common)(&case)
}
