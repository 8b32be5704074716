//! The inputs of the power flow.

use crate::case::{Case, SubjectKind};
use crate::inputs::{Field, Fields, GridRow, Section, section, system};

/// Buses up to which their table is offered.
const EDITABLE: usize = 150;

pub fn inputs(fields: &Fields, case: &Case) -> Vec<Section> {
    let ids = case.feeders.iter().map(|f| (f.id.as_str(), f.id.as_str()));
    let shown = fields
        .field("view.feeder", "Feeder shown", "")
        .choices(ids)
        .only_if(case.feeders.len() > 1);
    let factor = fields
        .field("mechanism.load_factor", "Load factor", "")
        .range(0.0, 4.0, 0.05)
        .allowed(-100.0, 100.0)
        .slider()
        .lever()
        .help("All loads, active and reactive, are multiplied by it. Beyond some factor the lines carry the load at no voltage.");
    let mut fields_shown = vec![factor, shown];
    if fields.has_case() {
        fields_shown.extend(case.feeders.iter().take(4).map(|feeder| {
            let path = format!("case.feeders.{}.root_v_pu", feeder.id);
            let label = match case.feeders.len() {
                1 => "Voltage at the substation".to_string(),
                _ => format!("Voltage at the substation of {}", feeder.id),
            };
            let field = fields.field(path, label, "p.u.").range(0.9, 1.1, 0.005);
            Field {
                // Left out of a case where it is 1.
                value: feeder.root_v_pu.into(),
                initial: field.initial.clone().or(Some(1.0.into())),
                ..field.slider().lever()
            }
        }));
    }
    let mut sections = vec![section("Power flow", true, fields_shown)];
    sections.extend(buses(fields, case));
    sections.extend(system::feeder_lines(fields, case));
    sections
}

/// Load and generation of every bus.
fn buses(fields: &Fields, case: &Case) -> Vec<Section> {
    let few = |count: usize| count <= EDITABLE;
    let feeders = case.feeders.iter().take(4).filter(|f| few(f.buses.len()));
    feeders
        .filter_map(|feeder| {
            let rows = feeder.buses.iter().map(|bus| {
                let root = format!("case.feeders.{}.buses.{}", feeder.id, bus.id);
                let load = |field: &str, what: &str, unit: &str| {
                    let label = format!("{what} load of bus {}", bus.id);
                    let at = fields.field(format!("{root}.{field}"), label, unit);
                    fields.has_case().then(|| at.range(-1_000.0, 1_000.0, 0.01))
                };
                let path = format!("mechanism.generation_mw.{}", bus.id);
                let generation = fields
                    .field(path, format!("generation at bus {}", bus.id), "MW")
                    .range(-100.0, 100.0, 0.1)
                    .allowed(-1_000.0, 1_000.0)
                    .optional();
                GridRow {
                    id: bus.id.clone(),
                    subject: SubjectKind::Bus.of(&bus.id),
                    label: format!("bus {}", bus.id),
                    cells: vec![
                        load("p_load_mw", "active", "MW"),
                        load("q_load_mvar", "reactive", "Mvar"),
                        Some(generation),
                    ],
                }
            });
            system::section(
                &format!("Buses of {}", feeder.id),
                feeder.buses.len() <= 4,
                "Generation is at unity power factor; an empty cell means none.",
                system::columns(&[("load", "MW"), ("load", "Mvar"), ("generation", "MW")]),
                Vec::from_iter(rows),
            )
        })
        .collect()
}
