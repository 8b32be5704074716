//! From the cone to the power flow: what a dispatch is in AC terms.
//!
//! Where the cone is not tight the program burns energy that a line would not; steps back to an AC
//! power flow follow the disaggregation ([`recovery`](crate::flow::recovery)). A backward/forward
//! sweep, which knows nothing of the program, then says how far voltages are off.
//!
//! Section 2.7 of the model notes.

use crate::flow::feeder::FeederFlow;
use crate::flow::recovery::{EXACT_MVA, Part, recover};
use crate::opt::Solution;

use super::integers::Whole;
use super::program::{AreaFlow, Block, Program};
use super::system::{Kind, System};

/// The worst of all feeders and periods.
#[derive(Clone, Copy, Debug, Default)]
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
    /// Feeders that took steps.
    pub recovered: usize,
}

impl PowerFlow {
    /// Keeps the worse of each figure.
    pub fn take(&mut self, other: PowerFlow) {
        self.compared += other.compared;
        self.unsettled += other.unsettled;
        self.recovered += other.recovered;
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

/// Compares a disaggregated feeder with the power flow, after steps back to it where the cone is
/// not tight and `steps` are wanted. `None` where there is nothing to compare.
pub fn look(
    system: &System,
    a: usize,
    program: &Program,
    taken: &mut Whole,
    steps: bool,
) -> Option<PowerFlow> {
    let block = program.blocks[a].as_ref()?;
    let parts = parts(system, block);
    if parts.is_empty() {
        return None;
    }
    let worst = |x: &[f64]| {
        let excess = parts.iter().map(|part| part.largest_excess_mva(x));
        excess.fold(0.0, f64::max)
    };
    let before = worst(&taken.solution.x);
    let mut flow = PowerFlow {
        excess_before_mva: before,
        ..PowerFlow::default()
    };
    if steps
        && before > EXACT_MVA
        && let Ok(found) = recover(&taken.fixed, &parts, &taken.solution)
        && found.excess_mva < before
    {
        flow.recovered = 1;
        taken.solution = Solution {
            objective: found.objective,
            x: found.x,
            duals: None,
        };
    }
    flow.excess_mva = worst(&taken.solution.x);
    compare(&parts, &taken.solution.x, &mut flow);
    Some(flow)
}

/// Compares every feeder of a solved program with the power flow, as it is.
pub fn judge(system: &System, program: &Program, x: &[f64]) -> PowerFlow {
    let mut worst = PowerFlow::default();
    for block in program.blocks.iter().flatten() {
        let parts = parts(system, block);
        if parts.is_empty() {
            continue;
        }
        let excess = parts.iter().map(|part| part.largest_excess_mva(x));
        let excess = excess.fold(0.0, f64::max);
        let mut flow = PowerFlow {
            excess_before_mva: excess,
            excess_mva: excess,
            ..PowerFlow::default()
        };
        compare(&parts, x, &mut flow);
        worst.take(flow);
    }
    worst
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
