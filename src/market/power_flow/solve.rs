//! From case and question to the outcome.

use super::outcome::{Flow, Outcome};
use super::params::PowerFlow;
use crate::case::{Case, Feeder};
use crate::market::Failure;
use crate::network::{Radial, SweepFlow, sweep};
use crate::opt::Certificate;
use nalgebra::Complex;

/// Halvings of the load factor in search of one that has a flow.
const HALVINGS: u32 = 10;

/// What of the equations may be left, p.u. on 1 MVA.
const EXACT_PU: f64 = 1e-9;

pub fn solve(case: &Case, question: &PowerFlow) -> Result<Outcome, Failure> {
    let feeders = case.feeders.iter().map(|feeder| one(feeder, question));
    let feeders = feeders.collect::<Result<Vec<Flow>, _>>()?;
    let without = feeders.iter().filter(|one| one.flow.is_err());
    // Not a number stays so: no load factor helps.
    let least =
        without.map(|one| one.factor).fold(
            f64::INFINITY,
            |a, b| if a < b || a.is_nan() { a } else { b },
        );
    Ok(Outcome {
        factor: Some(least).filter(|factor| factor.is_finite()),
        feeders,
    })
}

fn one(feeder: &Feeder, question: &PowerFlow) -> Result<Flow, Failure> {
    let tree = Radial::new(feeder)
        .ok_or_else(|| format!("Feeder {} is no tree about its substation.", feeder.id))?;
    let at = |factor| injections(feeder, question, factor);
    let run = |factor| sweep(&tree, feeder.root_v_pu, &at(factor));
    let k = question.load_factor;
    let flow = run(k);
    let certificate = flow.as_ref().ok().map(|flow| {
        let residual = mismatch_pu(feeder, &tree, flow, &at(k));
        Certificate {
            solve: format!("AC power flow of {}", feeder.id),
            primal_residual: residual,
            dual_residual: f64::NAN,
            gap: f64::NAN,
            largest_violation: residual,
            certified: residual <= EXACT_PU,
        }
    });
    let factor = match flow {
        Ok(_) => question.load_factor,
        Err(_) => carried(k, |factor| run(factor).is_ok()),
    };
    let sum = |of: fn(&crate::case::FeederBus) -> f64| -> f64 {
        k * feeder.buses.iter().map(of).sum::<f64>()
    };
    Ok(Flow {
        load: (sum(|b| b.p_load_mw), sum(|b| b.q_load_mvar)),
        tree,
        flow: flow.map_err(|failure| failure.to_string()),
        certificate,
        factor,
    })
}

/// What every bus injects, MW and Mvar: its generation less k times its load.
fn injections(feeder: &Feeder, question: &PowerFlow, factor: f64) -> Vec<(f64, f64)> {
    let buses = feeder.buses.iter();
    buses
        .map(|bus| {
            let own = question.generation_mw.get(&bus.id).copied().unwrap_or(0.0);
            (own - factor * bus.p_load_mw, -factor * bus.q_load_mvar)
        })
        .collect()
}

/// The greatest load factor between 0 and `beyond`, which has none, that has a flow, to two decimals towards 0.
fn carried(beyond: f64, settles: impl Fn(f64) -> bool) -> f64 {
    let down = |factor: f64| (100.0 * factor).trunc() / 100.0;
    let (mut low, mut high) = (0.0, beyond);
    if !settles(low) {
        return f64::NAN;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if settles(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    match settles(down(low)) {
        true => down(low),
        false => f64::NAN,
    }
}

/// Largest residual of the equations of `mod.rs` at the voltages and line flows found, p.u.: the voltage drop and the
/// losses of every line, the balance of every bus. Nothing of how they were found is used.
fn mismatch_pu(feeder: &Feeder, tree: &Radial, flow: &SweepFlow, injected: &[(f64, f64)]) -> f64 {
    let polar = |j: usize| {
        let (sin, cos) = (libm::sin(flow.angle_rad[j]), libm::cos(flow.angle_rad[j]));
        Complex::new(flow.v_pu[j] * cos, flow.v_pu[j] * sin)
    };
    let size = |z: Complex<f64>| libm::hypot(z.re, z.im);
    let sent = |j: usize| Complex::new(flow.lines[j].p_sent_mw, flow.lines[j].q_sent_mvar);
    let received =
        |j: usize| Complex::new(flow.lines[j].p_received_mw, flow.lines[j].q_received_mvar);
    let mut worst = (flow.v_pu[tree.root] - feeder.root_v_pu).abs();
    let mut note = |residual: f64| {
        worst = if residual > worst || residual.is_nan() {
            residual
        } else {
            worst
        }
    };
    for (j, &(p_mw, q_mvar)) in injected.iter().enumerate() {
        let further: Complex<f64> = tree.below[j].iter().map(|&m| sent(m)).sum();
        let own = Complex::new(p_mw, q_mvar);
        let Some(line) = tree.above[j] else {
            let import = Complex::new(flow.import_p_mw, flow.import_q_mvar);
            note(size(import + own - further));
            continue;
        };
        let z = Complex::new(line.r_pu, line.x_pu);
        let current = (received(j) / polar(j)).conj();
        note(size(polar(line.upper) - z * current - polar(j)));
        note(size(sent(j) - received(j) - z * current.norm_sqr()));
        note(size(received(j) + own - further));
    }
    worst
}
