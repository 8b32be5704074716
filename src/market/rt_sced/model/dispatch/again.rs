//! Intervals like one that was cleared before: the same basis under other loads and ranges.
//!
//! Nothing is written for them. A basis whose every multiplier is a price gives outputs x_M = A_TM⁻¹ (b_T − A_TN x_N);
//! where they keep clear of their bounds, and all flows of the network but those held keep clear of their limits, they are
//! the only optimum, and the prices are those that the basis had before, to the last digit. Which basis: each bounds the
//! cost from below by y_T b_T + z_N x_N, and the highest bound is the optimum's own, if it is known at all. What comes near a limit
//! (a tie) takes the longer way, which writes the limit as a row.

use std::sync::Arc;

use crate::opt::certificate::TOLERANCE;
use crate::opt::parametric::Ready;
use crate::opt::{Certificate, Model, TIGHT};

use super::lines::FLOW_TOLERANCE_MW;
use super::pricing::{Dispatch, FAR};
use super::rays::{contradicted, is_plain, take};
use super::request::Request;
use crate::market::rt_sced::model::known::{KEPT, Known, Met};
use crate::market::rt_sced::model::standing::{Basis, Bound, Standing};
use crate::market::rt_sced::model::system::{Resource, System};

/// A contradiction that is known says that there is no dispatch.
pub(super) struct Contradicted;

/// The dispatch of an interval by a basis that is known, or that there is none; `None` is no answer.
pub(super) fn again(system: &System, request: &Request) -> Option<Result<Dispatch, Contradicted>> {
    let known = &mut *system.known.try_borrow_mut().ok()?;
    let nothing = known.standing.bases.is_empty() && known.standing.rays.is_empty();
    if nothing || !is_plain(system, request) {
        return None;
    }
    let Known { met, standing, .. } = known;
    take(system, request, met, standing);
    if standing.watched.is_empty() {
        let limits = system.limits.iter();
        let from = |most: f64| most - FAR * (1.0 + most);
        standing.watched = limits.map(|l| (l.branch, from(l.max_p_mw))).collect();
    }
    standing.nearest = highest(standing);
    let tried = standing
        .nearest
        .map(|place| tried(system, request, met, standing, place));
    match tried {
        Some(Err(Not::Near)) => return None,
        Some(Ok(dispatch)) => {
            standing.answered += 1;
            standing.nearest = None;
            return Some(Ok(dispatch));
        }
        Some(Err(Not::Beyond)) | None => {}
    }
    if !contradicted(known) {
        return None;
    }
    known.standing.answered += 1;
    Some(Err(Contradicted))
}

/// The basis with the highest bound. All bases bound the cost from below, and that of the optimum is the cost: if it is
/// known, it is this one.
fn highest(standing: &mut Standing) -> Option<usize> {
    let limits = &standing.space.limits_mw;
    if standing.bounded != standing.turn {
        for (bound, basis) in standing.bounds_usd.iter_mut().zip(&standing.bases) {
            bound.fixed = basis.ready.bound(&standing.bounds);
        }
        standing.bounded = standing.turn;
    }
    let mut best = (f64::NEG_INFINITY, None);
    for (place, bound) in standing.bounds_usd.iter().enumerate() {
        let rows = bound.rows.iter();
        let usd = bound.fixed + rows.map(|&(row, y)| y * limits[row]).sum::<f64>();
        if usd > best.0 {
            best = (usd, Some(place));
        }
    }
    best.1
}

/// Keeps the basis that has just cleared an interval, with the prices that it has wherever it is the optimum.
pub(super) fn learn(system: &System, request: &Request, model: &Model, dispatch: &Dispatch) {
    let Ok(known) = &mut system.known.try_borrow_mut() else {
        return;
    };
    let Known {
        met,
        standing,
        atlas,
        ..
    } = &mut **known;
    let Some(basis) = atlas.last().filter(|_| is_plain(system, request)) else {
        return;
    };
    let is_new = standing.bases.iter().all(|b| b.ready.basis() != basis);
    let Some(ready) = is_new.then(|| Ready::new(model, basis)).flatten() else {
        return;
    };
    take(system, request, met, standing);
    let bound = Bound {
        fixed: ready.bound(&standing.bounds),
        rows: ready.multipliers().collect(),
    };
    let basis = Basis {
        ready,
        prices: Arc::clone(&dispatch.prices),
        binding: dispatch.binding.clone(),
        dual_residual: dispatch.certificate.dual_residual,
        turn: 0,
        there: Default::default(),
        outputs_mw: Vec::new(),
        injection_mw: Vec::new(),
    };
    if standing.bases.len() < KEPT {
        standing.bases.push(basis);
        standing.bounds_usd.push(bound);
    } else {
        // The oldest is given up.
        standing.bases[standing.next] = basis;
        standing.bounds_usd[standing.next] = bound;
        standing.next = (standing.next + 1) % KEPT;
    }
}

/// Why a basis does not answer an interval.
enum Not {
    /// Its point is beyond some limit.
    Beyond,
    /// It is so near to one that it may be met.
    Near,
}

fn unit(system: &System, u: usize) -> &Resource {
    match u.checked_sub(system.generators.len()) {
        None => &system.generators[u],
        Some(d) => &system.ders[d],
    }
}

/// Puts what a basis does not solve for at its bounds.
fn put(system: &System, (bounds, owner): (&[(f64, f64)], &[usize]), basis: &mut Basis) {
    basis.ready.put(bounds, &mut basis.there);
    let units = system.generators.len() + system.ders.len();
    basis.outputs_mw.clear();
    basis.outputs_mw.resize(units, 0.0);
    basis.injection_mw.clear();
    basis.injection_mw.resize(system.bus_ids.len(), 0.0);
    for (&u, p) in owner.iter().zip(&basis.there.x) {
        basis.outputs_mw[u] += p;
    }
    for (u, p) in basis.outputs_mw.iter().enumerate() {
        basis.injection_mw[unit(system, u).bus] += p;
    }
}

fn tried(
    system: &System,
    request: &Request,
    met: &[Met],
    standing: &mut Standing,
    place: usize,
) -> Result<Dispatch, Not> {
    let Standing {
        bounds,
        owner,
        bases,
        bounds_usd,
        watched,
        space,
        turn,
        ..
    } = standing;
    let basis = &mut bases[place];
    if basis.turn != *turn {
        if !basis.ready.holds(bounds) {
            return Err(Not::Beyond);
        }
        put(system, (bounds, owner), basis);
        basis.turn = *turn;
    }
    let (ready, there) = (&basis.ready, &basis.there);
    ready.values(there, &space.limits_mw, &mut space.values);
    let mut near = false;
    for (&j, &x) in ready.solved().iter().zip(&space.values) {
        for (room, limit) in [
            (x - bounds[j].0, bounds[j].0),
            (bounds[j].1 - x, bounds[j].1),
        ] {
            let within = system.tolerance_mw(TIGHT).max(TIGHT * limit.abs());
            if room < -within {
                return Err(Not::Beyond);
            }
            near |= room <= within;
        }
    }
    if near {
        return Err(Not::Near);
    }
    // Flows of the network.
    let solved = || ready.solved().iter().zip(&space.values);
    let mut worst = 0.0_f64;
    if !system.limits.is_empty() {
        space.angles.clone_from(&basis.injection_mw);
        for (&bus, p) in system.load_bus.iter().zip(request.loads_mw) {
            space.angles[bus] -= p;
        }
        for (&j, x) in solved() {
            space.angles[unit(system, owner[j]).bus] += x;
        }
        let (angles, flows) = (&mut space.angles, &mut space.flows_mw);
        system.network.flows_into(angles, flows, &mut space.solve);
        if system.has_outputs() {
            let generators = system.generators.len();
            let first = flows.len();
            flows.extend(&basis.outputs_mw[..generators]);
            for (&j, x) in solved().filter(|(j, _)| owner[**j] < generators) {
                flows[first + owner[j]] += x;
            }
        }
        worst = held(system, request, met, (basis, watched), &space.flows_mw)?;
    }
    let cost = there.cost + solved().map(|(&j, x)| ready.cost(j) * x).sum::<f64>();
    let bound = &bounds_usd[place];
    let rows = bound.rows.iter();
    let dual = bound.fixed + rows.map(|&(row, y)| y * space.limits_mw[row]).sum::<f64>();
    let moves = solved().map(|(&j, &x)| (owner[j], x));
    // The balance is the first row.
    let load_mw = space.limits_mw[0];
    let dispatch = cleared(system, request, basis, (cost, dual, worst), load_mw, moves)?;
    let expected_mw = system.security.iter().map(|_| space.flows_mw.clone());
    Ok(Dispatch {
        expected_mw: expected_mw.collect(),
        ..dispatch
    })
}

/// Holds flows to their limits: by how much those that are held at one miss it, MW.
fn held(
    system: &System,
    request: &Request,
    met: &[Met],
    (basis, watched): (&Basis, &[(usize, f64)]),
    flows_mw: &[f64],
) -> Result<f64, Not> {
    let tolerance = system.tolerance_mw(FLOW_TOLERANCE_MW);
    let mut worst = 0.0_f64;
    let after = system.line_limits().end;
    for (k, &(branch, from)) in watched.iter().enumerate() {
        let flow = match k < after {
            true => flows_mw[branch],
            false => system.flow_on(k, flows_mw),
        };
        let limit = &system.limits[k];
        let loaded = limit.loaded_mw(flow);
        if loaded < from {
            continue;
        }
        let over = loaded - limit.max_p_mw;
        let mut rows = basis.ready.basis().rows.iter();
        let is_held = rows.any(|&(row, _)| {
            let met = row.checked_sub(1).map(|n| &met[n]);
            met.is_some_and(|met| met.limit == k && met.upper == limit.side_of(flow))
        });
        if is_held {
            worst = worst.max(over.abs());
        } else if over > tolerance {
            return Err(Not::Beyond);
        } else if flow.is_nan() || -over <= reach_mw(system, request, k) {
            return Err(Not::Near);
        }
    }
    match worst <= tolerance {
        true => Ok(worst),
        false => Err(Not::Near),
    }
}

/// How near to its limit a flow may count as meeting it, with room to spare, MW: what prices take for tight is relative to
/// the limit of the row, loads included, and to its largest term.
fn reach_mw(system: &System, request: &Request, k: usize) -> f64 {
    let limit = &system.limits[k];
    let factors = system.ptdf(k).iter();
    let largest = limit.most_own() + factors.fold(0.0_f64, |most, factor| most.max(factor.abs()));
    let ranges = request
        .generator_range_mw
        .iter()
        .map(|(_, high)| high.abs());
    let ders = system.ders.iter().map(|d| d.max_p_mw.abs());
    let all: f64 = request
        .loads_mw
        .iter()
        .map(|p| p.abs())
        .chain(ranges)
        .chain(ders)
        .sum();
    let shifted = system.shifter_flow_mw(k).abs();
    TIGHT * (system.tolerance_mw(1.0) + limit.max_p_mw + shifted + largest * all)
}

/// The dispatch with its certificate, which is worked out anew from the loads and ranges.
fn cleared(
    system: &System,
    request: &Request,
    basis: &Basis,
    (cost, dual, worst): (f64, f64, f64),
    load_mw: f64,
    moves: impl Iterator<Item = (usize, f64)>,
) -> Result<Dispatch, Not> {
    let (generators, ders) = basis.outputs_mw.split_at(system.generators.len());
    let (mut generators_mw, mut ders_mw) = (generators.to_vec(), ders.to_vec());
    for (u, p) in moves {
        match u.checked_sub(generators_mw.len()) {
            None => generators_mw[u] += p,
            Some(d) => ders_mw[d] += p,
        }
    }
    let supply: f64 = generators_mw.iter().chain(&ders_mw).sum();
    let unbalanced = (supply - load_mw).abs();
    let unit = system.tolerance_mw(1.0);
    let gap = (cost - dual) / (unit + cost.abs());
    let balanced = unbalanced <= TOLERANCE * unit.max(load_mw.abs());
    if !balanced || gap.is_nan() || gap.abs() > TOLERANCE {
        return Err(Not::Near);
    }
    Ok(Dispatch {
        generators_mw,
        ders_mw,
        dc_lines_mw: Vec::new(),
        prices: Arc::clone(&basis.prices),
        certificate: Certificate {
            solve: request.name.clone(),
            primal_residual: unbalanced.max(worst),
            dual_residual: basis.dual_residual,
            gap,
            largest_violation: unbalanced.max(worst),
            certified: true,
        },
        binding: basis.binding.clone(),
        bids: Vec::new(),
        answers: Vec::new(),
        plan_mw: Vec::new(),
        expected_mw: Vec::new(),
        losses: None,
    })
}
