//! Feeders and boundaries: radial, connected, each at one transmission bus.

use super::super::{Case, Feeder};
use super::ids::unknown;
use super::network::Parts;
use super::{BASE_KV, Findings, LIMIT_MW, Paths, Quantity, bounds, name_list, show};
use std::collections::HashMap;

const LOAD: Quantity = Quantity::new("The load", "MW", -bounds::POWER, bounds::POWER);
const REACTIVE: Quantity =
    Quantity::new("The reactive load", "Mvar", -bounds::POWER, bounds::POWER);
const MIN_VOLTAGE: Quantity = Quantity::new("The least voltage", "p.u.", 0.0, 10.0);
const MAX_VOLTAGE: Quantity = Quantity::new("The greatest voltage", "p.u.", 0.0, 10.0);
const ROOT_VOLTAGE: Quantity =
    Quantity::new("The voltage of the substation", "p.u.", 0.5, 2.0).or(", usually 1");
const FLOW: Quantity = Quantity::new("The limit on the flow", "MW", -bounds::POWER, bounds::POWER)
    .or(", or leave it empty for no limit");
const RESISTANCE: Quantity = Quantity::new("The resistance", "Ω", 0.0, bounds::OHM);
const REACTANCE: Quantity = Quantity::new("The reactance", "Ω", -bounds::OHM, bounds::OHM);
const LIMIT_MVA: Quantity =
    Quantity::new("The limit", "MVA", 0.0, bounds::POWER).or(", or leave it empty for no limit");

pub(super) fn check(case: &Case, findings: &mut Findings) {
    let paths = Paths::new("case.feeders", case.feeders.iter().map(|f| f.id.as_str()));
    for (i, feeder) in case.feeders.iter().enumerate() {
        check_feeder(&paths.of(i), feeder, findings);
    }
    boundaries(case, &paths, findings);
}

fn check_feeder(path: &str, feeder: &Feeder, findings: &mut Findings) {
    findings.range(|| format!("{path}.base_kv"), &BASE_KV, feeder.base_kv);
    findings.range(
        || format!("{path}.root_v_pu"),
        &ROOT_VOLTAGE,
        feeder.root_v_pu,
    );
    if feeder.buses.is_empty() {
        findings.error(
            format!("{path}.buses"),
            "The feeder has no bus. Add its substation bus and the buses behind it.",
        );
        return;
    }
    let ids = || feeder.buses.iter().map(|bus| bus.id.as_str());
    let paths = Paths::new(format!("{path}.buses"), ids());
    for (i, bus) in feeder.buses.iter().enumerate() {
        findings.range(|| paths.field(i, "p_load_mw"), &LOAD, bus.p_load_mw);
        findings.range(|| paths.field(i, "q_load_mvar"), &REACTIVE, bus.q_load_mvar);
        let low = findings.range(|| paths.field(i, "min_v_pu"), &MIN_VOLTAGE, bus.min_v_pu);
        let high = findings.range(|| paths.field(i, "max_v_pu"), &MAX_VOLTAGE, bus.max_v_pu);
        if low && high && bus.min_v_pu > bus.max_v_pu {
            findings.error(
                paths.field(i, "min_v_pu"),
                format!(
                    "The least voltage of {} p.u. is above the greatest of {} p.u. Exchange them.",
                    show(bus.min_v_pu),
                    show(bus.max_v_pu)
                ),
            );
        }
    }
    let index: HashMap<&str, usize> = ids().enumerate().map(|(i, id)| (id, i)).collect();
    let Some(&root) = index.get(feeder.root.as_str()) else {
        findings.error(format!("{path}.root"), unknown("bus", &feeder.root, ids()));
        return;
    };
    let lines = Paths::new(
        format!("{path}.lines"),
        feeder.lines.iter().map(|line| line.id.as_str()),
    );
    let mut parts = Parts::new(feeder.buses.len());
    for (i, line) in feeder.lines.iter().enumerate() {
        for (end, bus) in [("from", &line.from), ("to", &line.to)] {
            if !index.contains_key(bus.as_str()) {
                findings.error(lines.field(i, end), unknown("bus", bus, ids()));
            }
        }
        if let (Some(&a), Some(&b)) = (index.get(line.from.as_str()), index.get(line.to.as_str()))
            && !parts.join(a, b)
        {
            findings.error(
                lines.of(i),
                format!(
                    "Line \"{}\" from \"{}\" to \"{}\" closes a loop. A feeder is radial: remove one line of the loop (the one that is normally open).",
                    line.id, line.from, line.to
                ),
            );
        }
        findings.range(|| lines.field(i, "r_ohm"), &RESISTANCE, line.r_ohm);
        findings.range(|| lines.field(i, "x_ohm"), &REACTANCE, line.x_ohm);
        if let Some(limit) = line.max_s_mva {
            findings.range(|| lines.field(i, "max_s_mva"), &LIMIT_MVA, limit);
        }
        let mut fine = true;
        for (field, limit) in [("min_p_mw", line.min_p_mw), ("max_p_mw", line.max_p_mw)] {
            if let Some(limit) = limit {
                fine &= findings.range(|| lines.field(i, field), &FLOW, limit);
            }
        }
        if let (true, Some(min), Some(max)) = (fine, line.min_p_mw, line.max_p_mw)
            && min > max
        {
            findings.error(
                lines.field(i, "min_p_mw"),
                format!(
                    "The least flow of {} MW is above the greatest of {} MW. Exchange them.",
                    show(min),
                    show(max)
                ),
            );
        }
    }
    let substation = parts.root(root);
    let cut_off: Vec<&str> = (0..feeder.buses.len())
        .filter(|&i| parts.root(i) != substation)
        .filter_map(|i| feeder.buses.get(i).map(|bus| bus.id.as_str()))
        .collect();
    if !cut_off.is_empty() {
        findings.error(
            format!("{path}.lines"),
            format!(
                "No line connects {} to the substation \"{}\". Add a line, or remove {}.",
                name_list("bus", "buses", &cut_off),
                feeder.root,
                if cut_off.len() == 1 { "it" } else { "them" },
            ),
        );
    }
}

fn boundaries(case: &Case, feeder_paths: &Paths, findings: &mut Findings) {
    let mut boundary_of: HashMap<&str, &str> = HashMap::new();
    let paths = Paths::new(
        "case.boundaries",
        case.boundaries.iter().map(|b| b.id.as_str()),
    );
    for (i, boundary) in case.boundaries.iter().enumerate() {
        if !case.buses.iter().any(|bus| bus.id == boundary.bus) {
            let choice = case.buses.iter().map(|bus| bus.id.as_str());
            findings.error(paths.field(i, "bus"), unknown("bus", &boundary.bus, choice));
        }
        if !case.feeders.iter().any(|f| f.id == boundary.feeder) {
            let choice = case.feeders.iter().map(|f| f.id.as_str());
            findings.error(
                paths.field(i, "feeder"),
                unknown("feeder", &boundary.feeder, choice),
            );
        } else if let Some(other) = boundary_of.insert(&boundary.feeder, &boundary.id) {
            findings.error(
                paths.field(i, "feeder"),
                format!(
                    "Feeder \"{}\" is already connected by boundary \"{other}\". A feeder has one boundary: remove one.",
                    boundary.feeder
                ),
            );
        }
        if let Some(limit) = boundary.max_p_mw {
            findings.range(|| paths.field(i, "max_p_mw"), &LIMIT_MW, limit);
        }
    }
    for (i, feeder) in case.feeders.iter().enumerate() {
        if !boundary_of.contains_key(feeder.id.as_str()) {
            findings.error(
                feeder_paths.of(i),
                format!(
                    "Feeder \"{}\" has no boundary, so it is connected to no transmission bus. Add one to case.boundaries.",
                    feeder.id
                ),
            );
        }
    }
}
