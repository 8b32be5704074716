//! Transmission buses and branches: references, reactances, limits, islands.

use super::super::{Case, Problem};
use std::collections::HashMap;

/// What is wrong with the buses and branches as a network.
///
/// Ids are checked elsewhere; here a branch is addressed by its id.
pub fn check(case: &Case) -> Vec<Problem> {
    let mut problems = Vec::new();
    if case.buses.is_empty() {
        problems.push(Problem::error(
            "case.buses",
            "The list is empty. Add at least one bus.",
        ));
        return problems;
    }
    let index: HashMap<&str, usize> = case
        .buses
        .iter()
        .enumerate()
        .map(|(i, bus)| (bus.id.as_str(), i))
        .collect();
    for branch in &case.branches {
        let path = format!("case.branches.{}", branch.id);
        for (end, bus) in [("from", &branch.from), ("to", &branch.to)] {
            if !index.contains_key(bus.as_str()) {
                problems.push(Problem::error(
                    format!("{path}.{end}"),
                    format!("There is no bus \"{bus}\". Use the id of a bus in case.buses."),
                ));
            }
        }
        if branch.from == branch.to {
            problems.push(Problem::error(
                format!("{path}.to"),
                format!(
                    "The branch begins and ends at bus \"{}\". Connect it to another bus or remove it.",
                    branch.to
                ),
            ));
        }
        if !branch.x_pu.is_finite() || branch.x_pu == 0.0 {
            problems.push(Problem::error(
                format!("{path}.x_pu"),
                format!(
                    "The reactance is {}. Give a number other than zero, in per unit (a small one such as 0.0001 for a tie).",
                    branch.x_pu
                ),
            ));
        }
        if !(branch.tap.is_finite() && branch.tap > 0.0) {
            problems.push(Problem::error(
                format!("{path}.tap"),
                format!(
                    "The turns ratio is {}. Give a positive number, 1 for a line.",
                    branch.tap
                ),
            ));
        }
        if !branch.shift_deg.is_finite() {
            problems.push(Problem::error(
                format!("{path}.shift_deg"),
                format!(
                    "The phase shift is {}. Give a number of degrees, 0 for none.",
                    branch.shift_deg
                ),
            ));
        }
        if let Some(limit) = branch.max_p_mw
            && !(limit.is_finite() && limit >= 0.0)
        {
            problems.push(Problem::error(
                format!("{path}.max_p_mw"),
                format!(
                    "The limit is {limit} MW. Give a number of 0 or more, or leave it empty for no limit."
                ),
            ));
        }
    }
    if !(case.base_mva.is_finite() && case.base_mva > 0.0) {
        problems.push(Problem::error(
            "case.base_mva",
            format!(
                "The base power is {} MVA. Give a positive number, usually 100.",
                case.base_mva
            ),
        ));
    }
    problems.extend(islands(case, &index));
    problems
}

/// The buses that no in-service branch connects with the largest part of the network.
fn islands(case: &Case, index: &HashMap<&str, usize>) -> Option<Problem> {
    let edges = case
        .branches
        .iter()
        .filter(|b| b.in_service)
        .filter_map(|b| {
            let from = index.get(b.from.as_str())?;
            let to = index.get(b.to.as_str())?;
            Some((*from, *to))
        });
    let cut_off = outside_largest_part(case.buses.len(), edges);
    if cut_off.is_empty() {
        return None;
    }
    let ids: Vec<&str> = cut_off
        .iter()
        .filter_map(|&i| case.buses.get(i).map(|bus| bus.id.as_str()))
        .collect();
    Some(Problem::error(
        "case.branches",
        format!(
            "No branch in service connects {} to the rest of the network. Add or switch on a branch, or remove {}.",
            super::name_list("bus", "buses", &ids),
            if ids.len() == 1 { "it" } else { "them" },
        ),
    ))
}

/// The nodes of a graph outside its largest connected part (the part of the lowest node among equals).
pub(super) fn outside_largest_part(
    nodes: usize,
    edges: impl Iterator<Item = (usize, usize)>,
) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..nodes).collect();
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    for (a, b) in edges {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent[a.max(b)] = a.min(b);
    }
    let roots: Vec<usize> = (0..nodes).map(|i| root(&mut parent, i)).collect();
    let mut size = vec![0usize; nodes];
    for &r in &roots {
        size[r] += 1;
    }
    let Some(largest) = (0..nodes).rev().max_by_key(|&i| size[i]) else {
        return Vec::new();
    };
    (0..nodes).filter(|&i| roots[i] != largest).collect()
}
