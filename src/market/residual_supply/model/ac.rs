//! From the cone to the power flow: what a dispatch is in AC terms.
//!
//! Where the cone is not tight the program burns energy that a line would not; steps back to an AC
//! power flow follow the disaggregation ([`recovery`](crate::network::formulation::recovery)). A backward/forward
//! sweep, which knows nothing of the program, then says how far voltages are off.
//!
//! Section 2.7 of the model notes.

use crate::network::formulation::feeder::FeederFlow;
use crate::network::formulation::recovery::{Part, recover};
use crate::opt::diving::Integral;
use crate::opt::{Model, Solution, conic};

use super::program::{AreaFlow, Block, Program};
use super::system::{Kind, System};

/// The worst of all feeders and periods.
#[derive(Clone, Debug, Default)]
pub struct PowerFlow {
    /// Feeders and periods compared with a power flow, and those whose flow did not settle.
    pub compared: usize,
    pub unsettled: usize,
    /// Power burnt in the cone before and after the steps back, MVA.
    pub excess_before_mva: f64,
    pub excess_mva: f64,
    /// Difference of voltages to the sweep, p.u., and of voltage limits it violates.
    pub voltage_difference_pu: f64,
    pub voltage_violation_pu: f64,
    /// Programs that took steps.
    pub recovered: usize,
    /// Line that burns most, where the point is no power flow.
    pub untight: Option<String>,
}

impl PowerFlow {
    /// Keeps the worse of each figure.
    pub fn take(&mut self, other: PowerFlow) {
        self.compared += other.compared;
        self.unsettled += other.unsettled;
        self.recovered += other.recovered;
        if other.untight.is_some() && other.excess_mva >= self.excess_mva {
            self.untight = other.untight;
        }
        let worse = |mine: &mut f64, theirs: f64| *mine = mine.max(theirs);
        worse(&mut self.excess_before_mva, other.excess_before_mva);
        worse(&mut self.excess_mva, other.excess_mva);
        worse(&mut self.voltage_difference_pu, other.voltage_difference_pu);
        worse(&mut self.voltage_violation_pu, other.voltage_violation_pu);
    }
}

/// The feeder of an area in every period, as written with currents.
fn parts<'a>(system: &'a System, block: &'a Block) -> Vec<Part<'a>> {
    let Kind::Feeder { feeder, tree } = &system.areas[block.area].kind else {
        return Vec::new();
    };
    let flows = block.flow.iter().zip(&block.injected);
    flows
        .filter_map(|(flow, injected)| {
            let AreaFlow::Feeder(flow) = flow else {
                return None;
            };
            has_current(flow).then_some(Part {
                feeder,
                tree,
                flow,
                injected,
            })
        })
        .collect()
}

fn has_current(flow: &FeederFlow) -> bool {
    flow.l.iter().any(Option::is_some)
}

/// Power burnt in a line above which a point is told to be no power flow, MVA.
pub const UNTIGHT_MVA: f64 = 1e-4;

/// What a step back may pay for a burnt MVA, in units of the price cap: more than any use of it.
const BURNT: f64 = 100.0;

/// The largest excess of all parts, and the line where it stands, MVA.
fn worst(parts: &[Part], x: &[f64]) -> (f64, Option<String>) {
    let mut worst = (0.0, None);
    for part in parts {
        for (j, excess) in part.excess_mva(x).into_iter().enumerate() {
            if excess > worst.0 {
                let line = part.tree.above[j].map(|above| &part.feeder.lines[above.line].id);
                worst = (excess, line.map(|id| format!("{id} of {}", part.feeder.id)));
            }
        }
    }
    worst
}

/// Compares the feeders of a solved program with the power flow, after steps back to it where a
/// cone burns more than `steps` MVA. After steps the solution is that of the last step, whose
/// program takes the place of the one solved: both begin with the same variables and rows.
pub fn settle(
    system: &System,
    program: &Program,
    taken: &mut Integral,
    steps: Option<f64>,
) -> PowerFlow {
    let blocks = program.blocks.iter().flatten();
    let parts: Vec<Part> = blocks.flat_map(|block| parts(system, block)).collect();
    let mut flow = PowerFlow::default();
    if parts.is_empty() {
        return flow;
    }
    let before = worst(&parts, &taken.solution.x).0;
    flow.excess_before_mva = before;
    if steps.is_some_and(|from| before > from)
        && let Ok(found) = recover(&taken.fixed, &parts, &taken.solution)
        && found.excess_mva < before
        && let Some((fixed, solution)) = found.step
    {
        flow.recovered = 1;
        (taken.fixed, taken.solution) = (fixed, solution);
    }
    let (excess, line) = worst(&parts, &taken.solution.x);
    flow.excess_mva = excess;
    flow.untight = line.filter(|_| excess > UNTIGHT_MVA);
    compare(&parts, &taken.solution.x, &mut flow);
    flow
}

/// Prices of an area at its power flow: where the program that sells the export burns power in a
/// cone, the cones are held at the point `at`, an answer of a program with the same variables.
pub fn marginal(
    system: &System,
    program: &Program,
    held: Model,
    solution: Solution,
    at: &[f64],
) -> (Model, Solution) {
    let blocks = program.blocks.iter().flatten();
    let parts: Vec<Part> = blocks.flat_map(|block| parts(system, block)).collect();
    if worst(&parts, &solution.x).0 <= UNTIGHT_MVA || worst(&parts, at).0 > UNTIGHT_MVA {
        return (held, solution);
    }
    let cost = BURNT * system.balancing.price_cap_usd_per_mwh * system.hours;
    let mut exact = held.clone();
    for part in &parts {
        part.restrict(&mut exact, at, cost);
    }
    match conic::solve(&exact) {
        Ok(found) => (exact, found),
        Err(_) => (held, solution),
    }
}

fn compare(parts: &[Part], x: &[f64], flow: &mut PowerFlow) {
    for part in parts {
        match part.check(x) {
            Ok(check) => {
                flow.compared += 1;
                let off = check.voltage_difference_pu;
                flow.voltage_difference_pu = flow.voltage_difference_pu.max(off);
                let over = check.voltage_violation_pu;
                flow.voltage_violation_pu = flow.voltage_violation_pu.max(over);
            }
            Err(_) => flow.unsettled += 1,
        }
    }
}
