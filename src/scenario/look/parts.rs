//! Which buses are distribution? The radial parts of a grid, and the grid with some of them as the feeders of DSOs.

use std::collections::{HashMap, HashSet};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;
use serde::Serialize;

use super::attach::Attached;
use crate::case::import::{counted, plain};
use crate::case::{Boundary, Branch, Case, Feeder, FeederBus, FeederLine};

/// Parts that are taken where nobody chooses: so many at most.
const MOST_PROPOSED: usize = 6;

/// The band of voltages, p.u.: what a case has where it says none.
const MIN_V_PU: f64 = 0.9;
const MAX_V_PU: f64 = 1.1;

/// What hangs on a bus of the meshed grid by one branch, without a loop.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Part {
    /// The branch that it hangs on.
    pub id: String,
    /// What is in it.
    pub text: String,
    /// Whether it is taken for distribution where nobody chooses: it takes more than its units can give, is not of the highest
    /// of several nominal voltages, and is among the largest of these; the first where there is none.
    pub proposed: bool,
    /// The bus of the meshed grid.
    #[serde(skip)]
    at: String,
    /// From there outwards.
    #[serde(skip)]
    buses: Vec<String>,
    #[serde(skip)]
    load_mw: f64,
}

/// The radial parts with load, the one that takes the most first. The rest is the meshed grid with the bus of the largest
/// generator: buses on one branch alone are taken off until none is left.
pub(super) fn parts(case: &Case) -> Vec<Part> {
    let index: HashMap<&str, usize> = (case.buses.iter().enumerate())
        .map(|(i, bus)| (bus.id.as_str(), i))
        .collect();
    let mut beside: Vec<Vec<(usize, usize)>> = vec![Vec::new(); case.buses.len()];
    for (k, branch) in case.branches.iter().enumerate() {
        let ends = (
            index.get(branch.from.as_str()),
            index.get(branch.to.as_str()),
        );
        if let (true, (Some(&a), Some(&b))) = (branch.in_service, ends) {
            beside[a].push((b, k));
            beside[b].push((a, k));
        }
    }
    let largest = case
        .generators
        .iter()
        .max_by(|a, b| a.max_p_mw.total_cmp(&b.max_p_mw));
    let largest = largest.and_then(|unit| index.get(unit.bus.as_str()).copied());
    let mut degree: Vec<usize> = beside.iter().map(Vec::len).collect();
    let mut off = vec![false; degree.len()];
    let mut ends: Vec<usize> = (0..degree.len()).filter(|&bus| degree[bus] == 1).collect();
    while let Some(bus) = ends.pop() {
        if off[bus] || degree[bus] != 1 || largest == Some(bus) {
            continue;
        }
        off[bus] = true;
        for &(other, _) in beside[bus].iter().filter(|(other, _)| !off[*other]) {
            degree[other] -= 1;
            ends.push(other);
        }
    }
    let highest = highest_kv(case);
    let mut found = Vec::new();
    for at in (0..off.len()).filter(|&bus| !off[bus]) {
        for &(first, branch) in beside[at].iter().filter(|(first, _)| off[*first]) {
            let mut buses = vec![first];
            let mut seen = HashSet::from([at, first]);
            let mut next = 0;
            while let Some(&bus) = buses.get(next) {
                next += 1;
                buses.extend(
                    beside[bus]
                        .iter()
                        .map(|(other, _)| *other)
                        .filter(|other| seen.insert(*other)),
                );
            }
            found.extend(part(case, (at, &buses), &case.branches[branch], highest));
        }
    }
    crate::sort::by(&mut found, |a: &(Part, bool), b| {
        b.0.load_mw.total_cmp(&a.0.load_mw)
    });
    let mut left = MOST_PROPOSED;
    let propose = |(mut part, likely): (Part, bool)| {
        part.proposed = likely && left > 0;
        left -= usize::from(part.proposed);
        part
    };
    let mut parts: Vec<Part> = found.into_iter().map(propose).collect();
    if let (true, Some(first)) = (left == MOST_PROPOSED, parts.first_mut()) {
        first.proposed = true;
    }
    parts
}

/// The highest nominal voltage of a grid that has several.
fn highest_kv(case: &Case) -> Option<f64> {
    let all = case.buses.iter().filter_map(|bus| bus.base_kv);
    let (low, high) = all.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), kv| {
        (low.min(kv), high.max(kv))
    });
    (low < high).then_some(high)
}

/// A part of some load, and whether it is likely to be distribution by itself.
fn part(
    case: &Case,
    (at, buses): (usize, &[usize]),
    branch: &Branch,
    highest_kv: Option<f64>,
) -> Option<(Part, bool)> {
    let ids: Vec<String> = buses
        .iter()
        .map(|&bus| case.buses[bus].id.clone())
        .collect();
    let here: HashSet<&str> = ids.iter().map(String::as_str).collect();
    let load_mw: f64 = case
        .loads
        .iter()
        .filter(|it| here.contains(it.bus.as_str()))
        .map(|it| it.p_mw)
        .sum();
    if load_mw <= 0.0 {
        return None;
    }
    let generators = case.generators.iter().map(|it| (&it.bus, it.max_p_mw));
    let units = generators.chain(case.ders.iter().map(|it| (&it.bus, it.max_p_mw)));
    let units: Vec<f64> = units
        .filter(|(bus, p_mw)| *p_mw > 0.0 && here.contains(bus.as_str()))
        .map(|(_, p_mw)| p_mw)
        .collect();
    let capacity_mw: f64 = units.iter().sum();
    let kv = |bus: usize| case.buses[bus].base_kv;
    let is_transformer = branch.tap != 1.0
        || branch.shift_deg != 0.0
        || kv(at).zip(kv(buses[0])).is_some_and(|(a, b)| a != b);
    let mut text = format!(
        "Behind {} {} at bus {}: {}{}, {} MW taken",
        if is_transformer {
            "transformer"
        } else {
            "line"
        },
        branch.id,
        case.buses[at].id,
        counted(ids.len(), "bus", "buses"),
        kv(buses[0]).map_or_else(String::new, |kv| format!(" of {} kV", plain(kv))),
        plain(load_mw),
    );
    if !units.is_empty() {
        text += &format!(
            ", {} of up to {} MW",
            counted(units.len(), "unit", "units"),
            plain(capacity_mw)
        );
    }
    let part = Part {
        id: branch.id.clone(),
        text: text.replace(" MW", "\u{a0}MW").replace(" kV", "\u{a0}kV") + ".",
        proposed: false,
        at: case.buses[at].id.clone(),
        buses: ids,
        load_mw,
    };
    let is_highest = highest_kv.is_some() && kv(buses[0]) == highest_kv;
    Some((part, load_mw > capacity_mw && !is_highest))
}

/// The parts of some ids; those that are proposed where there is none.
///
/// # Errors
/// There is no radial part, or none of such an id.
pub(super) fn chosen(parts: Vec<Part>, ids: &[String]) -> Result<Vec<Part>, String> {
    if parts.is_empty() {
        return Err(
            "It has no radial part with load: every load is on a loop. Hang a feeder on it instead.".into(),
        );
    }
    if let Some(id) = ids
        .iter()
        .find(|id| parts.iter().all(|part| part.id != **id))
    {
        let known: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
        return Err(format!(
            "No radial part with load hangs on branch {id}. Choose of {}.",
            known.join(", ")
        ));
    }
    let is_taken = |part: &Part| match ids.is_empty() {
        true => part.proposed,
        false => ids.contains(&part.id),
    };
    Ok(parts.into_iter().filter(is_taken).collect())
}

/// The grid with parts as feeders: those on one bus are one feeder.
pub(super) fn split(grid: &Case, parts: &[Part]) -> Attached {
    let mut attached = Attached {
        case: grid.clone(),
        at: Vec::new(),
        called: HashMap::new(),
        adds: Vec::new(),
    };
    for part in parts {
        if !attached.at.contains(&part.at) {
            attached.at.push(part.at.clone());
        }
    }
    for at in &attached.at {
        let here: Vec<&Part> = parts.iter().filter(|part| part.at == *at).collect();
        let feeder = feeder(grid, at, &here);
        attached.case.boundaries.push(Boundary {
            id: format!("{at}-{}", feeder.id),
            bus: at.clone(),
            feeder: feeder.id.clone(),
            max_p_mw: None,
        });
        attached.case.feeders.push(feeder);
    }
    let gone: HashSet<&str> = parts
        .iter()
        .flat_map(|part| &part.buses)
        .map(String::as_str)
        .collect();
    let stays = |bus: &String| !gone.contains(bus.as_str());
    let idle = grid
        .branches
        .iter()
        .filter(|branch| !(branch.in_service || stays(&branch.from) && stays(&branch.to)));
    let idle: Vec<&str> = idle.map(|branch| branch.id.as_str()).collect();
    if !idle.is_empty() {
        attached.adds.push(format!(
            "Feeders have lines in service alone; left out: {}.",
            idle.join(", ")
        ));
    }
    let case = &mut attached.case;
    case.buses.retain(|bus| stays(&bus.id));
    case.branches
        .retain(|branch| stays(&branch.from) && stays(&branch.to));
    case.generators.retain(|unit| stays(&unit.bus));
    case.loads.retain(|load| stays(&load.bus));
    // What they give is a schedule and a bid of their own.
    case.ders.clear();
    case.aggregators.clear();
    attached
}

/// The feeder of the parts on one bus, from its head, which is that bus, outwards.
fn feeder(grid: &Case, at: &str, parts: &[&Part]) -> Feeder {
    let mut head = format!("{at} head");
    while grid.buses.iter().any(|bus| bus.id == head) {
        head.push('\'');
    }
    let bus = |id: &str, p_load_mw: f64, q_load_mvar: f64| FeederBus {
        id: id.into(),
        p_load_mw,
        q_load_mvar,
        min_v_pu: MIN_V_PU,
        max_v_pu: MAX_V_PU,
    };
    let ids: Vec<&String> = parts.iter().flat_map(|part| &part.buses).collect();
    let here: HashSet<&str> = ids.iter().map(|id| id.as_str()).collect();
    let first = grid
        .buses
        .iter()
        .find(|bus| Some(&bus.id) == ids.first().copied());
    let base_kv = first.and_then(|bus| bus.base_kv).unwrap_or(1.0);
    let ohm = base_kv * base_kv / grid.base_mva;
    let mut buses = vec![bus(&head, 0.0, 0.0)];
    buses.extend(ids.iter().map(|id| {
        let loads = || grid.loads.iter().filter(|load| load.bus == **id);
        bus(
            id,
            loads().map(|load| load.p_mw).sum(),
            loads().map(|load| load.q_mvar).sum(),
        )
    }));
    let is_inside = |branch: &&Branch| {
        branch.in_service
            && (here.contains(branch.from.as_str()) || here.contains(branch.to.as_str()))
    };
    let end = |id: &String| {
        if here.contains(id.as_str()) {
            id.clone()
        } else {
            head.clone()
        }
    };
    let lines = grid
        .branches
        .iter()
        .filter(is_inside)
        .map(|branch| FeederLine {
            id: branch.id.clone(),
            from: end(&branch.from),
            to: end(&branch.to),
            r_ohm: branch.r_pu.max(0.0) * ohm,
            x_ohm: branch.x_pu * ohm,
            max_s_mva: branch.max_p_mw,
            min_p_mw: None,
            max_p_mw: None,
        });
    Feeder {
        id: format!("D{at}"),
        base_kv,
        root: head.clone(),
        root_v_pu: 1.0,
        buses,
        lines: lines.collect(),
    }
}
