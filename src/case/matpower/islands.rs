//! Parts of the network that no branch in service joins: those where nothing gives or takes power are left out, the others
//! are joined by branches that carry nothing.

use super::super::Branch;
use super::super::check::network::Parts;
use super::super::import::counted;
use super::reader::Reader;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Ids named in the report at most.
const NAMED: usize = 5;

/// Reactance of a branch that carries nothing, p.u.: any is right.
const TIE_X_PU: f64 = 0.1;

impl Reader {
    /// Buses joined to nothing that gives or takes power play no part.
    pub(super) fn leave_out_dead_buses(&mut self) {
        let parts = self.parts();
        let ends = self.dc_lines.iter().flat_map(|line| [&line.from, &line.to]);
        let loads = self.loads.iter().map(|l| &l.bus);
        let units = self.generators.iter().map(|g| &g.bus);
        let places: HashMap<&String, usize> =
            (self.buses.iter().map(|bus| &bus.id)).zip(0..).collect();
        let alive: HashSet<usize> = (loads.chain(units).chain(ends))
            .map(|bus| parts[places[bus]])
            .collect();
        let dead: Vec<String> = (self.buses.iter().zip(&parts))
            .filter(|(_, part)| !alive.contains(part))
            .map(|(bus, _)| bus.id.clone())
            .collect();
        if dead.is_empty() || dead.len() == self.buses.len() {
            return;
        }
        let gone: HashSet<&String> = dead.iter().collect();
        self.buses.retain(|bus| !gone.contains(&bus.id));
        let before = self.branches.len();
        self.branches
            .retain(|branch| !gone.contains(&branch.from) && !gone.contains(&branch.to));
        self.report.left_out.push(format!(
            "{} joined to neither load nor generation ({}) with {}.",
            counted(dead.len(), "bus", "buses"),
            some(&dead),
            counted(before - self.branches.len(), "branch", "branches"),
        ));
    }

    /// Joins every island to the largest by a branch with a limit of 0 MW. Its flow is what the island gives less what it
    /// takes, so that the island is balanced by itself, and its price is that of the rest and the branch's shadow price.
    pub(super) fn join_islands(&mut self) {
        let parts = self.parts();
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for part in &parts {
            *sizes.entry(*part).or_default() += 1;
        }
        if sizes.len() < 2 {
            return;
        }
        let largest = sizes
            .iter()
            .max_by_key(|(part, size)| (**size, usize::MAX - **part));
        let Some((&main, _)) = largest else { return };
        let ties: Vec<Branch> = (sizes.keys().filter(|part| **part != main))
            .map(|&part| {
                let (from, to) = (&self.buses[main].id, &self.buses[part].id);
                Branch {
                    id: format!("island-{from}-{to}"),
                    from: from.clone(),
                    to: to.clone(),
                    x_pu: TIE_X_PU,
                    r_pu: 0.0,
                    tap: 1.0,
                    shift_deg: 0.0,
                    max_p_mw: Some(0.0),
                    in_service: true,
                }
            })
            .collect();
        let ids: Vec<String> = ties.iter().map(|tie| tie.id.clone()).collect();
        self.report.changed.push(format!(
            "The network has {}, each balanced by itself at its own price: {} with a limit of 0 MW ({}) stand between them.",
            counted(sizes.len(), "island", "islands"),
            counted(ids.len(), "branch", "branches"),
            some(&ids),
        ));
        self.branches.extend(ties);
    }

    /// The part of the network each bus is in: the lowest place of its buses.
    fn parts(&self) -> Vec<usize> {
        let ids = self.buses.iter().map(|bus| bus.id.as_str());
        let places: HashMap<&str, usize> = ids.zip(0..).collect();
        let mut parts = Parts::new(self.buses.len());
        for branch in self.branches.iter().filter(|b| b.in_service) {
            parts.join(places[branch.from.as_str()], places[branch.to.as_str()]);
        }
        (0..self.buses.len()).map(|i| parts.root(i)).collect()
    }
}

/// The first few of many ids.
fn some(ids: &[String]) -> String {
    let more = if ids.len() > NAMED { ", …" } else { "" };
    let first: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
    format!("{}{more}", first.join(", "))
}
