//! Tables of the system, shared by all mechanisms.

use super::{Field, Fields, Grid, GridColumn, GridRow, Section};
use crate::case::{Block, Case};

fn columns(names: &[(&str, &str)]) -> Vec<GridColumn> {
    names
        .iter()
        .map(|(name, unit)| GridColumn {
            name: (*name).into(),
            unit: (*unit).into(),
        })
        .collect()
}

fn section(
    title: &str,
    open: bool,
    note: &str,
    columns: Vec<GridColumn>,
    rows: Vec<GridRow>,
) -> Option<Section> {
    (!rows.is_empty()).then(|| Section {
        title: title.into(),
        open,
        note: note.into(),
        fields: Vec::new(),
        table: Some(Grid { columns, rows }),
    })
}

/// Label of a resource with its bus.
fn at_bus(id: &str, bus: &str) -> String {
    format!("{id} at bus {bus}")
}

/// Generators and DERs: price and width of each block of the offer, and the limits.
pub fn offers(fields: &Fields, case: &Case) -> Vec<Section> {
    let limit = |root: &str, id: &str, field: &str, label: &str, unit: &str| {
        let at = fields.field(format!("{root}.{field}"), format!("{id} {label}"), unit);
        at.at_least(0.0, 0.1)
    };
    let generators = case.generators.iter().map(|g| {
        let root = format!("case.generators.{}", g.id);
        let of = |field, label, unit| limit(&root, &g.id, field, label, unit);
        GridRow {
            id: g.id.clone(),
            label: at_bus(&g.id, &g.bus),
            cells: vec![
                Some(of("min_p_mw", "minimum", "MW")),
                Some(of("max_p_mw", "maximum", "MW")),
                price(fields, &root, &g.id, &g.offer),
                Some(of("ramp_mw_per_min", "ramp", "MW/min").optional()),
            ],
        }
    });
    let ders = case.ders.iter().map(|d| {
        let root = format!("case.ders.{}", d.id);
        GridRow {
            id: d.id.clone(),
            label: at_bus(&d.id, &d.bus),
            cells: vec![
                Some(limit(&root, &d.id, "max_p_mw", "maximum", "MW")),
                price(fields, &root, &d.id, &d.offer),
            ],
        }
    });
    let few = case.generators.len() + case.ders.len() <= 8;
    [
        section(
            "Generators",
            few,
            "An offer of one block covers the whole output; edit offers of several blocks in the case file.",
            columns(&[("min", "MW"), ("max", "MW"), ("price", "$/MWh"), ("ramp", "MW/min")]),
            generators.collect(),
        ),
        section("DERs", few, "", columns(&[("max", "MW"), ("price", "$/MWh")]), ders.collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The price cell of a one-block offer; empty for a longer one.
fn price(fields: &Fields, root: &str, id: &str, offer: &[Block]) -> Option<Field> {
    let path = format!("{root}.offer.0.usd_per_mwh");
    let field = || fields.field(path, format!("{id} price"), "$/MWh");
    (offer.len() == 1).then(|| field().range(-500.0, 10_000.0, 0.1))
}

pub fn loads(fields: &Fields, case: &Case) -> Option<Section> {
    let rows = case.loads.iter().map(|l| GridRow {
        id: l.id.clone(),
        label: at_bus(&l.id, &l.bus),
        cells: vec![Some(
            fields
                .field(
                    format!("case.loads.{}.p_mw", l.id),
                    format!("{} load", l.id),
                    "MW",
                )
                .range(-10_000.0, 100_000.0, 0.1),
        )],
    });
    section(
        "Loads",
        case.loads.len() <= 4,
        "",
        columns(&[("load", "MW")]),
        rows.collect(),
    )
}

pub fn lines(fields: &Fields, case: &Case) -> Option<Section> {
    let rows = case.branches.iter().map(|b| GridRow {
        id: b.id.clone(),
        label: format!("{} → {}", b.from, b.to),
        cells: vec![
            Some(
                fields
                    .field(
                        format!("case.branches.{}.max_p_mw", b.id),
                        format!("limit of {}", b.id),
                        "MW",
                    )
                    .at_least(0.0, 0.1)
                    .optional(),
            ),
            Some(fields.field(
                format!("case.branches.{}.x_pu", b.id),
                format!("reactance of {}", b.id),
                "p.u.",
            )),
        ],
    });
    section(
        "Lines",
        case.branches.len() <= 4,
        "An empty limit means not limited.",
        columns(&[("limit", "MW"), ("reactance", "p.u.")]),
        rows.collect(),
    )
}
