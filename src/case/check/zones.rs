//! Zones: their buses, where they meet the rest, their limits.

use super::super::{Balancing, Case};
use super::ids::unknown;
use super::{Findings, LIMIT_MW, Paths, Quantity, bounds, name_list};
use std::collections::{HashMap, HashSet};

const FACTOR: Quantity = Quantity::new("The shift factor", "MW/MW", -1e3, 1e3);
const FLOW: Quantity = Quantity::new("The flow", "MW", -bounds::POWER, bounds::POWER);
const ZONE_LIMIT: Quantity = Quantity::new("The limit", "MW", 0.0, bounds::POWER);

pub(super) fn check(
    case: &Case,
    balancing: &Balancing,
    transmission: &HashSet<&str>,
    findings: &mut Findings,
) {
    if balancing.zones.is_empty() {
        return;
    }
    let zones = &balancing.zones;
    let paths = Paths::new("case.balancing.zones", zones.iter().map(|z| z.id.as_str()));
    let no_bus = |bus: &str| unknown("bus", bus, case.buses.iter().map(|b| b.id.as_str()));
    let mut branch_at: HashMap<&str, &str> = HashMap::new();
    for branch in case.branches.iter().filter(|branch| branch.in_service) {
        branch_at.insert(&branch.from, &branch.id);
        branch_at.insert(&branch.to, &branch.id);
    }
    let mut zone_of: HashMap<&str, usize> = HashMap::new();
    for (i, zone) in zones.iter().enumerate() {
        if zone.buses.is_empty() {
            findings.error(
                paths.field(i, "buses"),
                "The zone has no bus. Name at least one transmission bus, or remove the zone.",
            );
        }
        for (k, bus) in zone.buses.iter().enumerate() {
            let field = || format!("{}.{k}", paths.field(i, "buses"));
            if !transmission.contains(bus.as_str()) {
                findings.error(field(), no_bus(bus));
                continue;
            }
            if let Some(other) = zone_of.insert(bus, i) {
                let message = match zones.get(other) {
                    Some(zone) if other != i => format!(
                        "Bus \"{bus}\" is in zone \"{}\", too. Leave it in one of them.",
                        zone.id
                    ),
                    _ => format!("Bus \"{bus}\" is named twice. Name it once."),
                };
                findings.error(field(), message);
            }
            if let Some(branch) = branch_at.get(bus.as_str()) {
                findings.error(
                    field(),
                    format!(
                        "Bus \"{bus}\" is in a zone but branch \"{branch}\" is connected to it. The network of a zone is its limits: take the branch out of service, or the bus out of the zone."
                    ),
                );
            }
        }
    }
    for (i, zone) in zones.iter().enumerate() {
        if !transmission.contains(zone.bus.as_str()) {
            findings.error(paths.field(i, "bus"), no_bus(&zone.bus));
        } else if zone_of.get(zone.bus.as_str()) == Some(&i) {
            findings.error(
                paths.field(i, "bus"),
                format!(
                    "Bus \"{}\" is in the zone itself. Name the bus outside where its export is injected.",
                    zone.bus
                ),
            );
        }
        if let Some(limit) = zone.max_p_mw {
            findings.range(|| paths.field(i, "max_p_mw"), &LIMIT_MW, limit);
        }
        let inside: HashSet<&str> = zone.buses.iter().map(String::as_str).collect();
        let limits = Paths::new(
            paths.field(i, "limits"),
            zone.limits.iter().map(|limit| limit.id.as_str()),
        );
        for (j, limit) in zone.limits.iter().enumerate() {
            findings.range(|| limits.field(j, "flow_mw"), &FLOW, limit.flow_mw);
            findings.range(|| limits.field(j, "max_p_mw"), &ZONE_LIMIT, limit.max_p_mw);
            let mut named = HashSet::with_capacity(limit.factors.len());
            for (k, shift) in limit.factors.iter().enumerate() {
                let field = |name: &str| format!("{}.{k}.{name}", limits.field(j, "factors"));
                findings.range(|| field("factor"), &FACTOR, shift.factor);
                if !inside.contains(shift.bus.as_str()) {
                    let choice = zone.buses.iter().map(String::as_str);
                    findings.error(field("bus"), unknown("bus of the zone", &shift.bus, choice));
                } else if !named.insert(shift.bus.as_str()) {
                    findings.error(
                        field("bus"),
                        format!(
                            "Bus \"{}\" has two factors. Give it one, their sum.",
                            shift.bus
                        ),
                    );
                }
            }
        }
    }
    cycles(balancing, &zone_of, &paths, findings);
}

/// Zones that lie in each other: from zone to the zone of its bus one must come to an end.
fn cycles(
    balancing: &Balancing,
    zone_of: &HashMap<&str, usize>,
    paths: &Paths,
    findings: &mut Findings,
) {
    let zones = &balancing.zones;
    let parent = |i: usize| {
        let bus = zones.get(i).map(|zone| zone.bus.as_str())?;
        zone_of.get(bus).copied().filter(|&up| up != i)
    };
    // The walk that first came to a zone; 0 for none yet.
    let mut walk_of = vec![0; zones.len()];
    for start in 0..zones.len() {
        let mut here = Some(start);
        while let Some(i) = here.filter(|&i| walk_of[i] == 0) {
            walk_of[i] = start + 1;
            here = parent(i);
        }
        if let Some(first) = here.filter(|&i| walk_of[i] == start + 1) {
            let mut ring = vec![first];
            while let Some(next) = ring.last().and_then(|&i| parent(i))
                && next != first
            {
                ring.push(next);
            }
            let ids: Vec<&str> = ring.iter().map(|&i| zones[i].id.as_str()).collect();
            findings.error(
                paths.field(first, "bus"),
                format!(
                    "The {} lie in each other. One of them must meet the rest at a bus outside.",
                    name_list("zone", "zones", &ids)
                ),
            );
        }
    }
}
