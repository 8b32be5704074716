//! A radial feeder as a tree: buses from the substation outwards, each with the one line above it.

use crate::case::Feeder;
use std::collections::HashMap;

/// A feeder in per unit on a base of 1 MVA, so that powers in MW are per unit. Indices follow
/// `feeder.buses`; a line is known by the bus below it.
#[derive(Clone, Debug)]
pub struct Radial {
    /// Index of the substation bus.
    pub root: usize,
    /// All buses but the root, every bus after the one above it.
    pub order: Vec<usize>,
    /// The line above each bus; `None` at the root.
    pub above: Vec<Option<LineAbove>>,
    /// The buses directly below each bus.
    pub below: Vec<Vec<usize>>,
}

/// The line that feeds a bus, seen from the substation.
#[derive(Clone, Copy, Debug)]
pub struct LineAbove {
    /// Index in `feeder.lines`.
    pub line: usize,
    /// The bus at its upper end.
    pub upper: usize,
    /// +1 when the line's `from` is its upper end, −1 when it is written the other way round.
    pub sign: f64,
    pub r_pu: f64,
    pub x_pu: f64,
}

impl Radial {
    /// The tree of a validated feeder. `None` when the feeder is no tree about its root.
    pub fn new(feeder: &Feeder) -> Option<Radial> {
        let index: HashMap<&str, usize> = feeder
            .buses
            .iter()
            .enumerate()
            .map(|(i, bus)| (bus.id.as_str(), i))
            .collect();
        let n = feeder.buses.len();
        let root = *index.get(feeder.root.as_str())?;
        // 1 MVA: z_pu = z_ohm / kV².
        let z_base_ohm = feeder.base_kv * feeder.base_kv;
        let mut at_bus: Vec<Vec<(usize, usize, f64)>> = vec![Vec::new(); n];
        for (l, line) in feeder.lines.iter().enumerate() {
            let (from, to) = (
                *index.get(line.from.as_str())?,
                *index.get(line.to.as_str())?,
            );
            at_bus[from].push((l, to, 1.0));
            at_bus[to].push((l, from, -1.0));
        }
        let mut above: Vec<Option<LineAbove>> = vec![None; n];
        let mut below = vec![Vec::new(); n];
        let mut order = Vec::with_capacity(n.saturating_sub(1));
        let mut seen = vec![false; n];
        seen[root] = true;
        let mut next = std::collections::VecDeque::from([root]);
        while let Some(upper) = next.pop_front() {
            for &(l, bus, sign) in &at_bus[upper] {
                if seen[bus] {
                    continue;
                }
                seen[bus] = true;
                above[bus] = Some(LineAbove {
                    line: l,
                    upper,
                    sign,
                    r_pu: feeder.lines[l].r_ohm / z_base_ohm,
                    x_pu: feeder.lines[l].x_ohm / z_base_ohm,
                });
                below[upper].push(bus);
                order.push(bus);
                next.push_back(bus);
            }
        }
        (order.len() + 1 == n && feeder.lines.len() + 1 == n).then_some(Radial {
            root,
            order,
            above,
            below,
        })
    }

    /// The lines from the root to a bus, as the buses below them, outermost first.
    pub fn path(&self, bus: usize) -> impl Iterator<Item = (usize, LineAbove)> + '_ {
        let mut here = bus;
        std::iter::from_fn(move || {
            let line = self.above[here]?;
            let below = here;
            here = line.upper;
            Some((below, line))
        })
    }
}
