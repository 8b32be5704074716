//! Actual operation between two dispatches: who follows the instruction, and what is curtailed.

use crate::opt::{Model, Outcome, Var, simplex};

use super::params::Operation;
use super::system::{State, System};

/// What the resources do with an instruction.
///
/// Generators follow it; an aggregator splits its total by merit order and ignores the network,
/// unless `splits_itself` says that the instruction already holds its own split.
/// With [`Operation::Curtailed`] an overloading result is first redispatched.
///
/// # Errors
/// A sentence, if no redispatch clears the overload.
pub fn operate(
    system: &System,
    operation: Operation,
    instructed: State,
    splits_itself: impl Fn(usize) -> bool,
) -> Result<State, String> {
    let mut actual = instructed;
    let ders = actual.ders.clone();
    for a in (0..system.groups.len()).filter(|&a| !splits_itself(a)) {
        system.split_group(a, system.group_output_mw(a, &ders), &mut actual.ders);
    }
    match operation {
        Operation::AsInstructed => Ok(actual),
        Operation::Curtailed => curtail(system, actual),
    }
}

/// Overload below this counts as none, MW.
pub const OVERLOAD_TOLERANCE_MW: f64 = 1e-6;

/// The smallest redispatch that respects every limit; at least cost among equals.
///
/// First min Σ (u + w) with output P + u − w, u, w ≥ 0, balance and limits; then min cost with
/// Σ (u + w) held at that minimum. Every resource moves between its minimum and maximum.
fn curtail(system: &System, actual: State) -> Result<State, String> {
    let worst = |state: &State| {
        let overloads = system.overloads_mw(&system.flows_mw(state));
        overloads.into_iter().fold(0.0, f64::max)
    };
    if worst(&actual) <= OVERLOAD_TOLERANCE_MW {
        return Ok(actual);
    }
    let resources = || system.generators.iter().chain(&system.ders);
    let outputs: Vec<f64> = actual
        .generators
        .iter()
        .chain(&actual.ders)
        .copied()
        .collect();

    let build = |cap: Option<f64>| -> (Model, Vec<(Var, Var)>) {
        let mut model = Model::new("curtailment");
        let mut moves = Vec::new();
        for (unit, &p) in resources().zip(&outputs) {
            // Marginal cost of moving within the current blocks decides ties.
            let (up, down) = marginal_prices(&unit.offer, p);
            let (cost_up, cost_down) = if cap.is_some() {
                (up, -down)
            } else {
                (1.0, 1.0)
            };
            let u = model.var(
                format!("up_{}", unit.id),
                0.0,
                (unit.max_p_mw - p).max(0.0),
                cost_up,
            );
            let w = model.var(
                format!("down_{}", unit.id),
                0.0,
                (p - unit.min_p_mw).max(0.0),
                cost_down,
            );
            moves.push((u, w));
        }
        model.row(
            "power_balance",
            moves.iter().flat_map(|&(u, w)| [(u, 1.0), (w, -1.0)]),
            0.0,
            0.0,
        );
        let flows = system.flows_mw(&actual);
        for (k, limit) in system.limits.iter().enumerate() {
            let shift_factors = system.shift_factors(k);
            let terms = resources().zip(&moves).flat_map(|(unit, &(u, w))| {
                let s = shift_factors[unit.bus];
                [(u, s), (w, -s)]
            });
            let flow = flows[limit.branch];
            model.row(
                format!("flow_{}", limit.id),
                terms,
                -limit.max_p_mw - flow,
                limit.max_p_mw - flow,
            );
        }
        if let Some(cap) = cap {
            model.row(
                "smallest",
                moves.iter().flat_map(|&(u, w)| [(u, 1.0), (w, 1.0)]),
                f64::NEG_INFINITY,
                cap,
            );
        }
        (model, moves)
    };
    let solve = |model: &Model| match simplex::solve(model) {
        Outcome::Optimal(solution) => Ok(solution),
        Outcome::Infeasible => Err("no redispatch clears the overload".to_string()),
        Outcome::Unbounded => Err("the redispatch is unbounded".to_string()),
        Outcome::Failed(why) => Err(why),
    };
    let (smallest, _) = build(None);
    let least = solve(&smallest)?.objective;
    let (cheapest, moves) = build(Some(least * (1.0 + 1e-9) + 1e-9));
    let x = solve(&cheapest)?.x;
    let mut moved = actual.clone();
    let targets = moved.generators.iter_mut().chain(&mut moved.ders);
    for (p, &(u, w)) in targets.zip(&moves) {
        *p += x[u.0] - x[w.0];
    }
    Ok(moved)
}

/// Price of the next MW up and of the last MW down at output `p_mw`, $/MWh.
fn marginal_prices(offer: &[crate::case::Block], p_mw: f64) -> (f64, f64) {
    let mut before = 0.0;
    let mut down = offer.first().map_or(0.0, |b| b.usd_per_mwh);
    for block in offer {
        if p_mw > before + 1e-9 {
            down = block.usd_per_mwh;
        }
        before += block.p_mw;
        if p_mw < before - 1e-9 {
            return (block.usd_per_mwh, down);
        }
    }
    (offer.last().map_or(0.0, |b| b.usd_per_mwh), down)
}
