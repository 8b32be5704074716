//! The exports an area can have without energy missing or spilled.

use std::ops::Range;

use crate::opt::diving;
use crate::opt::presolve::settled;

use super::program::{AreaFlow, Export, Program, View, write};
use super::system::{Kind, System};

/// Worth of a MWh at the ends of the range, in units of the dearest bid.
const REWARD: f64 = 10.0;

/// Ends of a range this close are one, as a share of their size.
const ONE_END: f64 = 1e-5;

/// The largest size of a price in an area and below it, $/MWh; at least 10.
fn dearest(system: &System, a: usize) -> f64 {
    let area = &system.areas[a];
    let offers = area
        .bids
        .iter()
        .flat_map(|&(b, _)| &system.balancing.bids[b].offers);
    let prices = offers
        .flat_map(|o| &o.segments)
        .map(|s| s.usd_per_mwh.abs());
    let below = area.below.iter().map(|&b| dearest(system, b));
    prices.chain(below).fold(10.0, f64::max)
}

/// Charges losses a little more than they help to import: the relaxed cone could otherwise burn
/// any amount of energy in the lines.
fn forbid_burning(system: &System, a: usize, program: &mut Program, reward: f64) {
    const MORE: f64 = 1.01;
    let (Some(block), Kind::Feeder { tree, .. }) = (&program.blocks[a], &system.areas[a].kind)
    else {
        return;
    };
    let mut costs = Vec::new();
    for flow in &block.flow {
        let AreaFlow::Feeder(flow) = flow else {
            continue;
        };
        for (l, above) in flow.l.iter().zip(&tree.above) {
            if let (Some(l), Some(above)) = (l, above) {
                costs.push((*l, MORE * reward * above.r_pu * flow.per_l()));
            }
        }
    }
    for (l, cost) in costs {
        program.model.set_cost(l, cost);
    }
}

/// Least and greatest export, the same in all periods, that needs no slack; the whole reach
/// where every export needs some, and whether none needs any.
pub fn range(system: &System, a: usize, view: View) -> (f64, f64, bool) {
    ends(system, a, view, Export::Pushed(1.0), 0..system.periods)
}

/// Least and greatest export of period `t` that needs no slack, whatever the other periods
/// export.
pub fn limits(system: &System, a: usize, view: View, t: usize) -> (f64, f64) {
    let worthless = vec![0.0; system.periods];
    let (low, high, _) = ends(system, a, view, Export::Sold(&worthless), t..t + 1);
    (low, high)
}

/// Least and greatest export of the first of `periods`, all of which are pushed.
fn ends(
    system: &System,
    a: usize,
    view: View,
    export: Export,
    periods: Range<usize>,
) -> (f64, f64, bool) {
    let reach = system.areas[a].reach_mw(system, view.physics);
    // More than any bid is worth: the bids keep their costs, so that the problem has one answer.
    let reward = REWARD * dearest(system, a) * system.hours;
    let end = |cost: f64| -> Option<f64> {
        let view = View {
            slack: false,
            ..view
        };
        let mut program = write(system, a, view, export);
        program.model = program.model.relaxed();
        let exports = program.blocks[a].as_ref()?.export.clone();
        for &v in &exports {
            program.model.set_bounds(v, -reach, reach);
        }
        for &v in &exports[periods.clone()] {
            program.model.set_cost(v, cost * reward);
        }
        if cost > 0.0 {
            forbid_burning(system, a, &mut program, reward);
        }
        let solution = diving::priced(&settled(&program.model)).ok()?;
        Some(solution.x[exports[periods.start].0])
    };
    let ends = (end(1.0), end(-1.0));
    match ends {
        (Some(low), Some(high)) if low <= high => (low, high, true),
        // No choice at all: the two ends differ by the solver's tolerance.
        (Some(low), Some(high)) if low - high <= ONE_END * (1.0 + low.abs()) => {
            let middle = 0.5 * (low + high);
            (middle, middle, true)
        }
        _ => (-reach, reach, false),
    }
}
