//! Nodes, edges and net injections.

use super::super::balancing::Injection;
use super::super::{Boundary, Branch, Bus, Feeder, FeederBus, FeederLine, Problem};
use super::table::{Files, Notes};
use super::{BASE_KV, NO_LIMIT_MVA, OHM_SHIFT, Periods, TIE_X_PU, positions, root_voltage};
use std::collections::{HashMap, HashSet};

/// The network of a case, with where each node belongs.
pub(super) struct Network {
    pub buses: Vec<Bus>,
    pub branches: Vec<Branch>,
    pub feeders: Vec<Feeder>,
    pub boundaries: Vec<Boundary>,
    /// Whether a node is one of distribution.
    pub distribution: HashMap<String, bool>,
}

/// Voltages without limits, p.u.
const NO_VOLTAGE_LIMIT: (f64, f64) = (0.0, 10.0);

pub(super) fn read(files: &mut Files, notes: &mut Notes) -> Result<Network, Vec<Problem>> {
    let mut distribution = HashMap::new();
    let mut problems = Vec::new();
    let table = files.required("TransmissionNodes")?;
    let [id] = table.columns(["ID"])?;
    let mut buses = Vec::new();
    for row in table.rows() {
        let id = row.text(id)?;
        if distribution.insert(id.to_string(), false).is_some() {
            problems.extend(row.error(format!("Node {id} is given twice. Remove one.")));
        }
        buses.push(Bus::new(id));
    }
    let nodes = nodes(files, &mut distribution, notes, &mut problems)?;
    if !problems.is_empty() {
        return Err(problems);
    }
    let edges = edges(files, &distribution, notes)?;
    let (feeders, boundaries) = feeders(nodes, edges.lines, edges.interfaces)?;
    Ok(Network {
        buses,
        branches: edges.branches,
        feeders,
        boundaries,
        distribution,
    })
}

/// The nodes of distribution.
fn nodes(
    files: &mut Files,
    distribution: &mut HashMap<String, bool>,
    notes: &mut Notes,
    problems: &mut Vec<Problem>,
) -> Result<Vec<FeederBus>, Vec<Problem>> {
    let table = files.required("DistributionNodes")?;
    let [id, low, high] = table.columns(["ID", "Vsqmin", "Vsqmax"])?;
    let shunts = [table.column("G"), table.column("B")];
    let mut nodes = Vec::new();
    for row in table.rows() {
        let id = row.text(id)?;
        if distribution.insert(id.to_string(), true).is_some() {
            problems.extend(row.error(format!(
                "Node {id} is given twice, here or among the transmission nodes. Remove one."
            )));
        }
        let (low, high) = (row.number(low)?, row.number(high)?);
        if low < 0.0 || high < 0.0 {
            problems.extend(row.error(format!(
                "The squared voltages of node {id} are {low} and {high}. Give positive numbers, or 0 for no limit."
            )));
        }
        let (min_v_pu, max_v_pu) = match low != 0.0 && high != 0.0 {
            true => (low.sqrt(), high.sqrt()),
            false => NO_VOLTAGE_LIMIT,
        };
        for shunt in shunts.into_iter().flatten() {
            if row.number(shunt)? != 0.0 {
                notes.left_out("shunts ({} entries).");
            }
        }
        nodes.push(FeederBus {
            id: id.to_string(),
            p_load_mw: 0.0,
            q_load_mvar: 0.0,
            min_v_pu,
            max_v_pu,
        });
    }
    Ok(nodes)
}

/// The edges by what they join.
#[derive(Default)]
struct Edges {
    branches: Vec<Branch>,
    lines: Vec<FeederLine>,
    /// Edge id, transmission bus, root, limit in MW.
    interfaces: Vec<(String, String, String, Option<f64>)>,
}

fn edges(
    files: &mut Files,
    distribution: &HashMap<String, bool>,
    notes: &mut Notes,
) -> Result<Edges, Vec<Problem>> {
    let table = files.required("Edges")?;
    let [id, from, to, r, x, s] = table.columns(["ID", "NodeFrom", "NodeTo", "R", "X", "S"])?;
    let (tap, shift, charging) = (
        table.column("Tap"),
        table.column("Shift"),
        table.column("B"),
    );
    let mut seen = HashSet::new();
    let mut edges = Edges::default();
    for row in table.rows() {
        let id = row.text(id)?;
        if !seen.insert(id) {
            return Err(row.error(format!(
                "Edge {id} is given twice. Give one of them another number."
            )));
        }
        let (from, to) = (row.text(from)?, row.text(to)?);
        let kind = |node: &str| {
            distribution.get(node).copied().ok_or_else(|| {
                row.error(format!(
                    "There is no node {node}. Add it to TransmissionNodes.csv or DistributionNodes.csv, or correct the edge."
                ))
            })
        };
        let s = row.number(s)?;
        let limit = (s > 0.0 && s < NO_LIMIT_MVA).then_some(s);
        if let Some(tap) = tap
            && row.number(tap)? != 1.0
        {
            notes.left_out("the turns ratios of {} edges, as in the published model.");
        }
        if let Some(shift) = shift
            && row.number(shift)? != 0.0
        {
            notes.left_out("the phase shifts of {} edges, as in the published model.");
        }
        match (kind(from)?, kind(to)?) {
            (false, false) => {
                let mut x_pu = row.number(x)?;
                if x_pu.abs() < super::super::check::bounds::REACTANCE.0 {
                    x_pu = TIE_X_PU;
                    notes.changed("{} edges without reactance are ties of 0.000001 p.u.");
                }
                edges.branches.push(Branch {
                    id: id.to_string(),
                    from: from.to_string(),
                    to: to.to_string(),
                    x_pu,
                    r_pu: 0.0,
                    tap: 1.0,
                    shift_deg: 0.0,
                    max_p_mw: limit,
                    in_service: true,
                });
            }
            (true, true) => {
                if let Some(charging) = charging
                    && row.number(charging)? != 0.0
                {
                    notes.left_out("the charging of {} feeder lines.");
                }
                edges.lines.push(FeederLine {
                    id: id.to_string(),
                    from: from.to_string(),
                    to: to.to_string(),
                    r_ohm: row.shifted(r, OHM_SHIFT)?,
                    x_ohm: row.shifted(x, OHM_SHIFT)?,
                    max_s_mva: limit,
                    min_p_mw: None,
                    max_p_mw: None,
                });
            }
            (from_is_feeder, _) => {
                let (bus, root) = if from_is_feeder {
                    (to, from)
                } else {
                    (from, to)
                };
                let interface = (id.to_string(), bus.to_string(), root.to_string(), limit);
                edges.interfaces.push(interface);
            }
        }
    }
    Ok(edges)
}

/// Feeders: what hangs together below each edge between transmission and distribution.
fn feeders(
    nodes: Vec<FeederBus>,
    lines: Vec<FeederLine>,
    interfaces: Vec<(String, String, String, Option<f64>)>,
) -> Result<(Vec<Feeder>, Vec<Boundary>), Vec<Problem>> {
    let owner = owners(&nodes, &lines, &interfaces)?;
    let mut feeders = Vec::new();
    let mut boundaries = Vec::new();
    for (edge, bus, root, max_p_mw) in interfaces {
        let id = format!("DN-{root}");
        boundaries.push(Boundary {
            id: edge,
            bus,
            feeder: id.clone(),
            max_p_mw,
        });
        let own = nodes.iter().find(|node| node.id == root);
        let (low, high) = own.map_or((1.0, 1.0), |node| (node.min_v_pu, node.max_v_pu));
        feeders.push(Feeder {
            id,
            base_kv: BASE_KV,
            root,
            root_v_pu: root_voltage(low, high),
            buses: Vec::new(),
            lines: Vec::new(),
        });
    }
    let mut feeder_of = HashMap::new();
    for (node, feeder) in nodes.into_iter().zip(owner) {
        feeder_of.insert(node.id.clone(), feeder);
        if let Some(feeder) = feeders.get_mut(feeder) {
            feeder.buses.push(node);
        }
    }
    for line in lines {
        let feeder = feeder_of.get(&line.from).copied();
        if let Some(feeder) = feeder.and_then(|f| feeders.get_mut(f)) {
            feeder.lines.push(line);
        }
    }
    Ok((feeders, boundaries))
}

/// The interface to which each node leads.
fn owners(
    nodes: &[FeederBus],
    lines: &[FeederLine],
    interfaces: &[(String, String, String, Option<f64>)],
) -> Result<Vec<usize>, Vec<Problem>> {
    let index = positions(nodes.iter().map(|node| node.id.as_str()));
    let at = |id: &str| index.get(id).copied();
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for line in lines {
        if let (Some(a), Some(b)) = (at(&line.from), at(&line.to)) {
            neighbours[a].push(b);
            neighbours[b].push(a);
        }
    }
    let mut problems = Vec::new();
    let mut owner: Vec<Option<usize>> = vec![None; nodes.len()];
    for (feeder, (edge, _, root, _)) in interfaces.iter().enumerate() {
        let Some(root) = at(root) else { continue };
        if let Some(other) = owner[root] {
            problems.push(Problem::error(
                "Edges.csv",
                format!(
                    "Edges {edge} and {} both join one distribution network to transmission. It may have one such edge: remove the other, or split the network.",
                    interfaces[other].0
                ),
            ));
            continue;
        }
        owner[root] = Some(feeder);
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            for &next in &neighbours[node] {
                if owner[next].is_none() {
                    owner[next] = Some(feeder);
                    open.push(next);
                }
            }
        }
    }
    let alone = nodes
        .iter()
        .zip(&owner)
        .filter(|(_, owner)| owner.is_none());
    let alone: Vec<&str> = alone.map(|(node, _)| node.id.as_str()).collect();
    if let Some(first) = alone.first() {
        problems.push(Problem::error(
            "Edges.csv",
            format!(
                "{} distribution node(s) lead to no transmission node, among them {first}. Add the edge, or remove the nodes.",
                alone.len()
            ),
        ));
    }
    if problems.is_empty() {
        Ok(owner.into_iter().flatten().collect())
    } else {
        Err(problems)
    }
}

/// The net injections, one imbalance for each node where there is any.
pub(super) fn imbalances(
    files: &mut Files,
    network: &Network,
    periods: &Periods,
    notes: &mut Notes,
) -> Result<Vec<Injection>, Vec<Problem>> {
    let table = files.required("NetInjections")?;
    let [node, time, p, q] = table.columns(["Node", "forT", "P", "Q"])?;
    let mut at: HashMap<&str, usize> = HashMap::new();
    let mut seen = HashSet::new();
    let mut all: Vec<Injection> = Vec::new();
    for row in table.rows() {
        let node = row.text(node)?;
        let Some(&distribution) = network.distribution.get(node) else {
            return Err(row.error(format!(
                "There is no node {node}. Add it to the nodes, or correct the row."
            )));
        };
        let (p, mut q) = (row.number(p)?, row.number(q)?);
        let Some(period) = periods.of(row.whole(time)?) else {
            notes.left_out("{} net injections outside the periods.");
            continue;
        };
        if !seen.insert((node, period)) {
            return Err(row.error(format!(
                "Node {node} has two net injections in one period. Add them up."
            )));
        }
        if !distribution && q != 0.0 {
            q = 0.0;
            notes.left_out("{} reactive net injections at transmission nodes.");
        }
        let i = *at.entry(node).or_insert_with(|| {
            all.push(Injection {
                id: format!("inj-{node}"),
                bus: node.to_string(),
                p_mw: vec![0.0; periods.count],
                q_mvar: vec![0.0; periods.count],
            });
            all.len() - 1
        });
        all[i].p_mw[period - 1] = p;
        all[i].q_mvar[period - 1] = q;
    }
    for injection in &mut all {
        if injection.q_mvar.iter().all(|&q| q == 0.0) {
            injection.q_mvar.clear();
        }
    }
    all.retain(|injection| {
        !injection.q_mvar.is_empty() || injection.p_mw.iter().any(|&p| p != 0.0)
    });
    Ok(all)
}
