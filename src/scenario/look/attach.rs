//! The feeders of a preset, hung on the largest loads of a grid.

use std::collections::{HashMap, HashSet};

use crate::case::import::counted;
use crate::case::{Case, Feeder};

/// A grid with the feeders of a preset, and where they hang.
pub(super) struct Attached {
    pub case: Case,
    /// Buses of the grid that feeders hang on.
    pub at: Vec<String>,
    /// Buses of the preset by what they are called here: those of feeders, and where these hang.
    pub called: HashMap<String, String>,
    pub adds: Vec<String>,
}

/// What is taken at each transmission bus, the most first, MW.
pub(super) fn loads_mw(case: &Case) -> Vec<(String, f64)> {
    let mut at: HashMap<&str, f64> = HashMap::new();
    for load in &case.loads {
        if let Some(bus) = case.transmission_bus_of(&load.bus) {
            *at.entry(bus).or_default() += load.p_mw;
        }
    }
    let ids = case.buses.iter().map(|bus| bus.id.as_str());
    let mut all: Vec<(String, f64)> = ids
        .filter_map(|id| Some((id.to_string(), *at.get(id)?)))
        .collect();
    crate::sort::by(&mut all, |a, b| b.1.total_cmp(&a.1));
    all
}

/// Hangs the feeders of `donor` on the largest loads of a grid. Buses of feeders keep their ids where these are free.
///
/// # Errors
/// The grid has fewer loads than there are feeders.
pub(super) fn attach(grid: &Case, donor: &Case) -> Result<Attached, String> {
    let loads = loads_mw(grid);
    if loads.len() < donor.boundaries.len() {
        let needed = counted(donor.boundaries.len(), "a bus with load", "buses with load");
        return Err(format!(
            "It takes {needed}, and the grid has {}.",
            loads.len()
        ));
    }
    let mut taken: HashSet<String> = grid.buses.iter().map(|bus| bus.id.clone()).collect();
    let mut attached = Attached {
        case: grid.clone(),
        at: Vec::new(),
        called: HashMap::new(),
        adds: Vec::new(),
    };
    for (boundary, (bus, p_mw)) in donor.boundaries.iter().zip(loads) {
        let Some(feeder) = donor
            .feeders
            .iter()
            .find(|feeder| feeder.id == boundary.feeder)
        else {
            continue;
        };
        let feeder = renamed(feeder, &mut taken, &mut attached.called);
        attached.adds.push(format!(
            "Feeder {} with {} hangs on bus {bus}, where {p_mw:.0}\u{a0}MW are taken.",
            feeder.id,
            counted(feeder.buses.len(), "bus", "buses"),
        ));
        attached.called.insert(boundary.bus.clone(), bus.clone());
        attached.case.feeders.push(feeder);
        attached.case.boundaries.push(crate::case::Boundary {
            bus: bus.clone(),
            ..boundary.clone()
        });
        attached.at.push(bus);
    }
    Ok(attached)
}

/// A feeder whose buses are called by its id, too, where one of their ids is taken.
fn renamed(
    feeder: &Feeder,
    taken: &mut HashSet<String>,
    called: &mut HashMap<String, String>,
) -> Feeder {
    let mut feeder = feeder.clone();
    let clash = feeder.buses.iter().any(|bus| taken.contains(&bus.id));
    let name = |id: &str| match clash {
        true => format!("{}-{id}", feeder.id),
        false => id.to_string(),
    };
    let (root, names): (String, Vec<(String, String)>) = (
        name(&feeder.root),
        feeder
            .buses
            .iter()
            .map(|bus| (bus.id.clone(), name(&bus.id)))
            .collect(),
    );
    let ends: Vec<(String, String)> = (feeder.lines.iter())
        .map(|line| (name(&line.from), name(&line.to)))
        .collect();
    feeder.root = root;
    for (line, (from, to)) in feeder.lines.iter_mut().zip(ends) {
        (line.from, line.to) = (from, to);
    }
    for (bus, (before, now)) in feeder.buses.iter_mut().zip(names) {
        bus.id.clone_from(&now);
        taken.insert(now.clone());
        called.insert(before, now);
    }
    feeder
}
