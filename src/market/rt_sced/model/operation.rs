//! Actual operation between two dispatches: who follows the instruction, and what is curtailed.

use crate::opt::{Failure, Model, Var, quadratic, simplex};

use super::system::{State, System};
use crate::market::rt_sced::params::Operation;
use crate::market::shared::offers::blocks_between;

/// What the resources do with an instruction.
///
/// Generators follow it; an aggregator splits its total by merit order and ignores the network,
/// unless `splits_itself` says that the instruction already holds its own split.
/// With [`Operation::Curtailed`] an overloading result is first redispatched, every generator
/// within `range_mw`, what its limits and its ramp leave it in this interval.
///
/// # Errors
/// No redispatch clears the overload, or the arithmetic fails.
pub fn operate(
    system: &System,
    operation: Operation,
    instructed: State,
    range_mw: &[(f64, f64)],
    splits_itself: impl Fn(usize) -> bool,
) -> Result<State, Failure> {
    let mut actual = instructed;
    let ders = actual.ders.clone();
    for a in (0..system.groups.len()).filter(|&a| !splits_itself(a)) {
        system.split_group(a, system.group_output_mw(a, &ders), &mut actual.ders);
    }
    match operation {
        Operation::AsInstructed => Ok(actual),
        Operation::Curtailed => curtail(system, actual, range_mw),
    }
}

/// Overload below this is left as it is, MW.
pub const OVERLOAD_TOLERANCE_MW: f64 = 1e-6;

/// Overload up to this is not counted, MW: it reads as zero in every table, and is what is left of an error
/// that has died out.
pub const COUNTED_OVERLOAD_MW: f64 = 5e-5;

/// The smallest redispatch that respects every limit and ramp; at least cost among equals.
///
/// First min Σ (u + w); then min Σ_k Σ_b c_kb p_kb over the blocks of the offers, with Σ (u + w)
/// held at that minimum.
fn curtail(system: &System, actual: State, range_mw: &[(f64, f64)]) -> Result<State, Failure> {
    let overloads = system.overloads_mw(&system.flows_mw(&actual));
    if overloads.into_iter().fold(0.0, f64::max) <= OVERLOAD_TOLERANCE_MW {
        return Ok(actual);
    }
    let (smallest, _) = redispatch(system, &actual, range_mw, None);
    let least_mw = simplex::solve(&smallest)?.objective;
    let cap_mw = least_mw * (1.0 + 1e-9) + 1e-9;
    let (cheapest, blocks) = redispatch(system, &actual, range_mw, Some(cap_mw));
    let x = quadratic::solve(&cheapest)?.x;
    let mut moved = actual;
    let outputs = moved.generators.iter_mut().chain(&mut moved.ders);
    for (p, blocks) in outputs.zip(&blocks) {
        *p = blocks.iter().map(|b| x[b.0]).sum();
    }
    Ok(moved)
}

/// The redispatch of a state, and the blocks of each generator and then each DER:
///
/// ```text
/// Σ_b p_kb − u_k + w_k = P_k,   u, w ≥ 0,   Σ_k (u_k − w_k) = 0,   −P_l^UB ≤ P_l ≤ P_l^UB
/// ```
///
/// at least Σ (u + w), or at least cost with Σ (u + w) ≤ `cap_mw`.
fn redispatch(
    system: &System,
    actual: &State,
    range_mw: &[(f64, f64)],
    cap_mw: Option<f64>,
) -> (Model, Vec<Vec<Var>>) {
    let mut model = Model::new("curtailment");
    let of_ders = system.ders.iter().map(|d| (d.min_p_mw, d.max_p_mw));
    let ranges = range_mw.iter().copied().chain(of_ders);
    let units = system.generators.iter().chain(&system.ders);
    let outputs = actual.generators.iter().chain(&actual.ders);
    let mut blocks: Vec<Vec<Var>> = Vec::new();
    let mut moves: Vec<(usize, Var, Var)> = Vec::new();
    for ((unit, (low, high)), &p) in units.zip(ranges).zip(outputs) {
        let (price, per_mw) = match cap_mw {
            Some(_) => (1.0, 0.0),
            None => (0.0, 1.0),
        };
        let mine = blocks_between(&unit.offer, low, high).enumerate();
        let mine = mine.map(|(b, part)| {
            let (name, usd) = (format!("{}_{}", unit.id, b + 1), price * part.usd_per_mwh);
            let v = model.var(name, part.lower, part.upper, usd);
            model.quadratic(v, v, 0.5 * price * part.slope);
            v
        });
        let mine: Vec<Var> = mine.collect();
        let u = model.var(format!("up_{}", unit.id), 0.0, f64::INFINITY, per_mw);
        let w = model.var(format!("down_{}", unit.id), 0.0, f64::INFINITY, per_mw);
        let terms = mine.iter().map(|&b| (b, 1.0)).chain([(u, -1.0), (w, 1.0)]);
        model.row(format!("move_{}", unit.id), terms, p, p);
        blocks.push(mine);
        moves.push((unit.bus, u, w));
    }
    let balance = moves.iter().flat_map(|&(_, u, w)| [(u, 1.0), (w, -1.0)]);
    model.row("power_balance", balance, 0.0, 0.0);
    let flows = system.flows_mw(actual);
    for (k, limit) in system.limits.iter().enumerate() {
        let ptdf = system.ptdf(k);
        // Generators come first.
        let terms = moves.iter().enumerate();
        let terms = terms.flat_map(|(g, &(bus, u, w))| {
            let by = ptdf[bus] + limit.share_of(g);
            [(u, by), (w, -by)]
        });
        let flow = system.flow_on(k, &flows);
        let (least, most) = limit.ends_mw();
        model.row(
            format!("flow_{}", limit.id),
            terms,
            least - flow,
            most - flow,
        );
    }
    if let Some(cap) = cap_mw {
        let total = moves.iter().flat_map(|&(_, u, w)| [(u, 1.0), (w, 1.0)]);
        model.row("smallest", total, f64::NEG_INFINITY, cap);
    }
    (model, blocks)
}
