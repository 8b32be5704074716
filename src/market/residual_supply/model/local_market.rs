//! Local market first: the DSO cures its own congestion, the TSO takes what is left.
//!
//! In the local market energy is worth a reference price and the export is free; a bid costs its
//! premium over that price, at least 0.01 $/MWh, so that none is activated but against
//! congestion. What is left of the bids goes to the TSO, which sees no feeder: all of it, or cut to
//! a box that is safe in any combination.

use crate::case::balancing::Segment;
use crate::market::Failure;

use super::super::params::ResidualSupply;
use super::ac;
use super::bids::{extent, remaining};
use super::clear;
use super::dispatch::Dispatch;
use super::forwarding;
use super::program::{Export, write};
use super::system::System;
use crate::opt::diving;

/// Least cost of a local activation, $/MWh: none happens without need.
const LEAST_PREMIUM: f64 = 0.01;

/// An activation below this is none, MW.
const ACTIVATED_MW: f64 = 1e-6;

/// Clears the local markets: what each bid may do in the TSO's market, MW by period, so that what
/// was activated stays so; `above` are the bids at transmission buses.
///
/// # Errors
/// A sentence when a market cannot be solved.
pub fn first(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    above: &[bool],
    filtered: bool,
) -> Result<Vec<Vec<(f64, f64)>>, Failure> {
    let reference = reference(system, params, above)?;
    let local = premiums(system, &reference);
    let mut state = Dispatch::new(system);
    let mut admitted = admitted.to_vec();
    for a in system.exporting().rev() {
        let view = clear::common(params, &[], &admitted);
        let worthless = vec![0.0; system.periods];
        let program = write(&local, a, view, Export::Sold(&worthless));
        let mut whole = diving::solve(&program.model)?;
        ac::settle(
            &local,
            &program,
            &mut whole,
            params.recover_ac.then_some(ac::UNTIGHT_MVA),
        );
        let mut own = Dispatch::new(&local);
        own.read(&local, &program, &whole.solution.x);
        for &(b, _) in &system.areas[a].bids {
            state.p_mw[b].clone_from(&own.p_mw[b]);
            state.q_mvar[b].clone_from(&own.q_mvar[b]);
            if own.p_mw[b].iter().any(|p| p.abs() > ACTIVATED_MW) {
                exclude_others(system, b, &mut admitted);
            }
        }
    }
    // What was activated is fixed, what is left is offered.
    let mut left = system.clone();
    for a in system.exporting() {
        for &(b, i) in &system.areas[a].bids {
            for t in 0..system.periods {
                let (low, high) = extent(&system.balancing.bids[b], t);
                let p = state.p_mw[b][t].clamp(low, high);
                state.p_mw[b][t] = if p.abs() > ACTIVATED_MW { p } else { 0.0 };
                left.areas[a].fixed_p_mw[t][i] += state.p_mw[b][t];
                left.areas[a].fixed_q_mvar[t][i] += state.q_mvar[b][t];
            }
            left.balancing.bids[b] = remaining(&system.balancing.bids[b], &state.p_mw[b]);
        }
    }
    if filtered {
        for a in system.exporting() {
            forwarding::cut(&mut left, system, params.physics, a)?;
        }
    }
    let kept = (0..system.balancing.bids.len()).map(|b| {
        let range = |t| {
            let (low, high) = extent(&left.balancing.bids[b], t);
            (state.p_mw[b][t] + low, state.p_mw[b][t] + high)
        };
        (0..system.periods).map(range).collect()
    });
    Ok(kept.collect())
}

/// Takes the other bids of a group off the markets that follow.
fn exclude_others(system: &System, taken: usize, admitted: &mut [bool]) {
    if let Some(group) = system.group_of(taken) {
        for (b, admitted) in admitted.iter_mut().enumerate() {
            *admitted &= b == taken || system.group_of(b) != Some(group);
        }
    }
}

/// Reference price by period: the transmission price without distribution bids.
fn reference(
    system: &System,
    params: &ResidualSupply,
    above: &[bool],
) -> Result<Vec<f64>, Failure> {
    if let Some(price) = params.reference_usd_per_mwh {
        return Ok(vec![price; system.periods]);
    }
    let alone = clear::unseen(system, clear::common(params, &[], above))?;
    let prices = &alone.prices;
    Ok((0..system.periods)
        .map(|t| {
            let buses = &prices.lmp[0][t];
            buses.iter().sum::<f64>() / buses.len().max(1) as f64
        })
        .collect())
}

/// The system with every bid below the top priced at its premium over the reference.
fn premiums(system: &System, reference: &[f64]) -> System {
    let mut local = system.clone();
    for bid in &mut local.balancing.bids {
        for offer in &mut bid.offers {
            let price = reference[offer.period - 1];
            let mut priced = Vec::new();
            for segment in &offer.segments {
                let over = segment.usd_per_mwh - price;
                if segment.max_p_mw > 0.0 {
                    priced.push(Segment {
                        min_p_mw: segment.min_p_mw.max(0.0),
                        usd_per_mwh: over.max(LEAST_PREMIUM),
                        ..segment.clone()
                    });
                }
                if segment.min_p_mw < 0.0 {
                    priced.push(Segment {
                        max_p_mw: segment.max_p_mw.min(0.0),
                        usd_per_mwh: over.min(-LEAST_PREMIUM),
                        ..segment.clone()
                    });
                }
            }
            offer.segments = priced;
        }
    }
    local
}
