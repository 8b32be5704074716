//! Transmission buses and branches: references, reactances, limits, islands.

use super::super::{Case, Problem};
use super::ids::unknown;
use super::{BASE_KV, Findings, LIMIT_MW, Paths, Quantity, bounds, name_list, show};
use std::collections::{HashMap, HashSet};

/// What is wrong with the buses and branches as a network, ids apart.
pub fn check(case: &Case) -> Vec<Problem> {
    let mut found = Findings::default();
    findings(case, &mut found);
    found.0
}

const BASE: Quantity =
    Quantity::new("The base power", "MVA", 1e-3, bounds::POWER).or(", usually 100");
const RESISTANCE: Quantity = Quantity::new(
    "The resistance",
    "p.u.",
    -bounds::REACTANCE.1,
    bounds::REACTANCE.1,
);
const TAP: Quantity = Quantity::new("The turns ratio", "", 0.01, 100.0).or(", 1 for a line");
const SHIFT: Quantity = Quantity::new("The phase shift", "degrees", -360.0, 360.0);
const DC_FLOW: Quantity =
    Quantity::new("The flow of a DC line", "MW", -bounds::POWER, bounds::POWER);
const DC_LOSS: Quantity = Quantity::new("The share lost on a DC line", "", 0.0, 0.5);
const POSITION: Quantity = Quantity::new("The position", "", -1e9, 1e9);

pub(super) fn findings(case: &Case, findings: &mut Findings) {
    findings.range(|| "case.base_mva".to_string(), &BASE, case.base_mva);
    if case.buses.is_empty() {
        findings.error("case.buses", "The list is empty. Add at least one bus.");
        return;
    }
    let ids = || case.buses.iter().map(|bus| bus.id.as_str());
    let paths = Paths::new("case.buses", ids());
    for (i, bus) in case.buses.iter().enumerate() {
        for (field, position) in [("x", bus.x), ("y", bus.y)] {
            if let Some(position) = position {
                findings.range(|| paths.field(i, field), &POSITION, position);
            }
        }
        if let Some(kv) = bus.base_kv {
            findings.range(|| paths.field(i, "base_kv"), &BASE_KV, kv);
        }
        if bus.x.is_some() != bus.y.is_some() {
            findings.warning(
                paths.of(i),
                "The bus has one coordinate of two, so it is laid out by the program. Give both x and y, or none.",
            );
        }
    }
    let index: HashMap<&str, usize> = ids().enumerate().map(|(i, id)| (id, i)).collect();
    let paths = Paths::new("case.branches", case.branches.iter().map(|b| b.id.as_str()));
    for (i, branch) in case.branches.iter().enumerate() {
        for (end, bus) in [("from", &branch.from), ("to", &branch.to)] {
            if !index.contains_key(bus.as_str()) {
                findings.error(paths.field(i, end), unknown("bus", bus, ids()));
            }
        }
        if branch.from == branch.to {
            findings.error(
                paths.field(i, "to"),
                format!(
                    "The branch begins and ends at bus \"{}\". Connect it to another bus or remove it.",
                    branch.to
                ),
            );
        }
        reactance(|| paths.field(i, "x_pu"), branch.x_pu, findings);
        findings.range(|| paths.field(i, "r_pu"), &RESISTANCE, branch.r_pu);
        findings.range(|| paths.field(i, "tap"), &TAP, branch.tap);
        findings.range(|| paths.field(i, "shift_deg"), &SHIFT, branch.shift_deg);
        if let Some(limit) = branch.max_p_mw {
            findings.range(|| paths.field(i, "max_p_mw"), &LIMIT_MW, limit);
        }
    }
    dc_lines(case, &index, findings);
    islands(case, &index, findings);
}

fn dc_lines(case: &Case, index: &HashMap<&str, usize>, findings: &mut Findings) {
    let ids = case.dc_lines.iter().map(|line| line.id.as_str());
    let paths = Paths::new("case.dc_lines", ids);
    for (i, line) in case.dc_lines.iter().enumerate() {
        for (end, bus) in [("from", &line.from), ("to", &line.to)] {
            if !index.contains_key(bus.as_str()) {
                let buses = case.buses.iter().map(|bus| bus.id.as_str());
                findings.error(paths.field(i, end), unknown("bus", bus, buses));
            }
        }
        if line.from == line.to {
            findings.error(
                paths.field(i, "to"),
                format!(
                    "The DC line begins and ends at bus \"{}\". Connect it to another bus or remove it.",
                    line.to
                ),
            );
        }
        findings.range(|| paths.field(i, "min_p_mw"), &DC_FLOW, line.min_p_mw);
        findings.range(|| paths.field(i, "max_p_mw"), &DC_FLOW, line.max_p_mw);
        findings.range(|| paths.field(i, "loss_share"), &DC_LOSS, line.loss_share);
        if line.min_p_mw > line.max_p_mw {
            findings.error(
                paths.field(i, "min_p_mw"),
                format!(
                    "The least flow of DC line {} is {} MW, above the greatest of {} MW. Exchange them or correct one.",
                    line.id,
                    show(line.min_p_mw),
                    show(line.max_p_mw)
                ),
            );
        }
        if line.loss_share > 0.0 && line.min_p_mw < 0.0 {
            findings.warning(
                paths.field(i, "loss_share"),
                format!(
                    "DC line {} loses a share of its flow and may flow backwards, where the same share would be gained. Give a least flow of 0 MW, or no loss.",
                    line.id
                ),
            );
        }
    }
}

fn reactance(field: impl FnOnce() -> String, x_pu: f64, findings: &mut Findings) {
    let (least, most) = bounds::REACTANCE;
    if (least..=most).contains(&x_pu.abs()) {
        return;
    }
    let remedy = if x_pu == 0.0 {
        "the flow of the branch would be undetermined. Give a small one, such as 0.0001 for a tie, or make its two buses one".to_string()
    } else {
        format!(
            "its size must be from {} to {} p.u. Negative is allowed (series capacitor). Check the unit: per unit, not ohm",
            show(least),
            show(most)
        )
    };
    findings.error(
        field(),
        format!("The reactance is {} p.u.; {remedy}.", show(x_pu)),
    );
}

/// The buses that no in-service branch connects with the largest part of the network.
fn islands(case: &Case, index: &HashMap<&str, usize>, findings: &mut Findings) {
    let edges = case
        .branches
        .iter()
        .filter(|b| b.in_service)
        .filter_map(|b| Some((*index.get(b.from.as_str())?, *index.get(b.to.as_str())?)));
    let mut parts = Parts::new(case.buses.len());
    for (a, b) in edges {
        parts.join(a, b);
    }
    let zones = case.balancing.iter().flat_map(|b| &b.zones);
    let zoned: HashSet<&str> = zones
        .flat_map(|zone| zone.buses.iter().map(String::as_str))
        .collect();
    let cut_off: Vec<&str> = parts
        .outside_largest()
        .into_iter()
        .filter_map(|i| case.buses.get(i).map(|bus| bus.id.as_str()))
        .filter(|bus| !zoned.contains(bus))
        .collect();
    if !cut_off.is_empty() {
        findings.error(
            "case.branches",
            format!(
                "No branch in service connects {} to the rest of the network. Add or switch on a branch (one with a limit of 0 MW leaves them an island with a price of its own), or remove {}.",
                name_list("bus", "buses", &cut_off),
                if cut_off.len() == 1 { "it" } else { "them" },
            ),
        );
    }
}

/// Connected parts of a growing graph (union-find); nodes are `0..n`, others are ignored.
pub(in super::super) struct Parts {
    parent: Vec<usize>,
}

impl Parts {
    pub fn new(nodes: usize) -> Self {
        Self {
            parent: (0..nodes).collect(),
        }
    }

    /// The lowest node of the part of node `i`.
    pub fn root(&mut self, mut i: usize) -> usize {
        while let Some(&up) = self.parent.get(i)
            && up != i
        {
            let above = self.parent.get(up).copied().unwrap_or(up);
            self.parent[i] = above;
            i = above;
        }
        i
    }

    /// Joins two nodes; `false` when they were in one part already.
    pub fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(parent) = self.parent.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
        a != b
    }

    /// The nodes outside the largest part (among equals: the part of the lowest node).
    pub fn outside_largest(&mut self) -> Vec<usize> {
        let roots: Vec<usize> = (0..self.parent.len()).map(|i| self.root(i)).collect();
        let mut size = vec![0usize; roots.len()];
        for &root in &roots {
            size[root] += 1;
        }
        let Some(largest) = (0..size.len()).rev().max_by_key(|&i| size[i]) else {
            return Vec::new();
        };
        (0..roots.len()).filter(|&i| roots[i] != largest).collect()
    }
}
