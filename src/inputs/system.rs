//! Tables of the system, shared by all mechanisms; none where only ranges are checked.

use super::{Field, Fields, Grid, GridColumn, GridRow, ItemFields, Rows, Section};
use crate::case::balancing::Bid;
use crate::case::{Block, Case, SubjectKind};

/// Heads of the columns, each with its unit.
pub fn columns(names: &[(&str, &str)]) -> Vec<GridColumn> {
    names
        .iter()
        .map(|(name, unit)| GridColumn {
            name: (*name).into(),
            unit: (*unit).into(),
        })
        .collect()
}

/// A section that is a table; none without rows.
pub fn section(
    title: &str,
    open: bool,
    note: &str,
    columns: Vec<GridColumn>,
    rows: impl Into<Rows>,
) -> Option<Section> {
    let Rows { rows, all, places } = rows.into();
    (all > 0).then(|| Section {
        title: title.into(),
        open,
        note: note.into(),
        fields: Vec::new(),
        table: Some(Grid {
            columns,
            rows,
            places,
        }),
    })
}

/// Label of a resource with its bus.
fn at_bus(id: &str, bus: &str) -> String {
    format!("{id} at bus {bus}")
}

/// Generators and DERs: price and width of each block of the offer, and the limits.
pub fn offers(fields: &Fields, case: &Case) -> Vec<Section> {
    if !fields.has_case() {
        return Default::default();
    }
    let limit = |of: &ItemFields, id: &str, field: &str, label: &str, unit: &str| {
        let at = of.field(field, format!("{id} {label}"), unit);
        at.at_least(0.0, 0.1)
    };
    let generators = fields.rows(
        "generators",
        |case| &case.generators,
        |g| &g.id,
        |_, _| true,
        |of, g| GridRow {
            id: g.id.clone(),
            subject: SubjectKind::Party.of(&g.id),
            label: at_bus(&g.id, &g.bus),
            cells: vec![
                Some(limit(of, &g.id, "min_p_mw", "minimum", "MW")),
                Some(limit(of, &g.id, "max_p_mw", "maximum", "MW")),
                price(of, &g.id, &g.offer),
                end_price(of, &g.id, &g.offer),
                Some(limit(of, &g.id, "ramp_mw_per_min", "ramp", "MW/min").optional()),
            ],
        },
    );
    // The members of an aggregator bid blocks of one price.
    let may_rise = |case: &Case| case.ders.iter().any(|d| is_alone(case, &d.id));
    let rising = may_rise(case);
    let of_ders = [("max", "MW"), ("price", "$/MWh"), ("end price", "$/MWh")];
    let of_ders = &of_ders[..if rising { 3 } else { 2 }];
    let ders = fields.rows(
        "ders",
        |case| &case.ders,
        |d| &d.id,
        |before, now| before.aggregators == now.aggregators && may_rise(before) == may_rise(now),
        |of, d| {
            let mut cells = vec![
                Some(limit(of, &d.id, "max_p_mw", "maximum", "MW")),
                price(of, &d.id, &d.offer),
            ];
            if rising {
                let end = || end_price(of, &d.id, &d.offer);
                cells.push(is_alone(case, &d.id).then(end).flatten());
            }
            GridRow {
                id: d.id.clone(),
                subject: SubjectKind::Party.of(&d.id),
                label: at_bus(&d.id, &d.bus),
                cells,
            }
        },
    );
    let few = case.generators.len() + case.ders.len() <= 8;
    [
        section(
            "Generators",
            few,
            "An offer of one block covers the whole output; with an end price it rises along a straight line from its first MW to its last. Edit offers of several blocks in the case file.",
            columns(&[("min", "MW"), ("max", "MW"), ("price", "$/MWh"), ("end price", "$/MWh"), ("ramp", "MW/min")]),
            generators,
        ),
        section("DERs", few, "", columns(of_ders), ders),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a DER is a member of no aggregator.
fn is_alone(case: &Case, id: &String) -> bool {
    !case.aggregators.iter().any(|a| a.ders.contains(id))
}

/// The price cell of a one-block offer; empty for a longer one.
fn price(of: &ItemFields, id: &str, offer: &[Block]) -> Option<Field> {
    let field = || of.field("offer.0.usd_per_mwh", format!("{id} price"), "$/MWh");
    (offer.len() == 1).then(|| field().range(-500.0, 10_000.0, 0.1))
}

/// The price at the end of a one-block offer, empty where the block has one price.
fn end_price(of: &ItemFields, id: &str, offer: &[Block]) -> Option<Field> {
    let at = "offer.0.end_usd_per_mwh";
    let field = || of.field(at, format!("{id} end price"), "$/MWh");
    (offer.len() == 1).then(|| field().range(-500.0, 10_000.0, 0.1).optional())
}

/// Fixed loads by id, MW, consumption +; nothing without loads.
pub fn loads(fields: &Fields, case: &Case) -> Option<Section> {
    let rows = fields.rows(
        "loads",
        |case| &case.loads,
        |l| &l.id,
        |_, _| true,
        |of, l| GridRow {
            id: l.id.clone(),
            subject: SubjectKind::Party.of(&l.id),
            label: at_bus(&l.id, &l.bus),
            cells: vec![Some(
                of.field("p_mw", format!("{} load", l.id), "MW")
                    .range(-10_000.0, 100_000.0, 0.1),
            )],
        },
    );
    section(
        "Loads",
        case.loads.len() <= 4,
        "",
        columns(&[("load", "MW")]),
        rows,
    )
}

/// Transmission lines by id: limit in MW (empty: not limited) and reactance in p.u.; nothing without lines.
pub fn lines(fields: &Fields, case: &Case) -> Option<Section> {
    lines_with(fields, case, false)
}

/// The same, with the resistance in p.u. where losses are asked for.
pub fn lines_with(fields: &Fields, case: &Case, resistances: bool) -> Option<Section> {
    let rows = fields.rows(
        "branches",
        |case| &case.branches,
        |b| &b.id,
        |_, _| true,
        |of, b| {
            let limit = of.field("max_p_mw", format!("limit of line {}", b.id), "MW");
            let mut cells = vec![
                Some(limit.at_least(0.0, 0.1).optional()),
                Some(of.field("x_pu", format!("reactance of {}", b.id), "p.u.")),
            ];
            cells.extend(resistances.then(|| {
                let field = of.field("r_pu", format!("resistance of {}", b.id), "p.u.");
                Some(field.at_least(0.0, 0.001))
            }));
            GridRow {
                id: b.id.clone(),
                subject: SubjectKind::Branch.of(&b.id),
                label: format!("{} → {}", b.from, b.to),
                cells,
            }
        },
    );
    let all = [
        ("limit", "MW"),
        ("reactance", "p.u."),
        ("resistance", "p.u."),
    ];
    let shown = if resistances { &all[..] } else { &all[..2] };
    section(
        "Lines",
        case.branches.len() <= 4,
        "An empty limit means not limited.",
        columns(shown),
        rows,
    )
}

/// Bids of one segment in one period: its quantities and its price.
pub fn bids(fields: &Fields, case: &Case) -> Option<Section> {
    if !fields.has_case() {
        return None;
    }
    let balancing = case.balancing.as_ref()?;
    let editable = |bid: &&Bid| bid.offers.len() == 1;
    let rows = balancing
        .bids
        .iter()
        .filter(editable)
        .take(EDITABLE)
        .flat_map(|bid| {
            let segments = bid.offers[0].segments.len();
            (0..segments).map(move |s| {
                let root = format!("case.balancing.bids.{}.offers.0.segments.{s}", bid.id);
                let name = match segments {
                    1 => bid.id.clone(),
                    _ => format!("{} segment {}", bid.id, s + 1),
                };
                let of = |field: &str, label: &str, unit: &str| {
                    fields.field(format!("{root}.{field}"), format!("{name} {label}"), unit)
                };
                GridRow {
                    id: format!("{}/{s}", bid.id),
                    subject: SubjectKind::Party.of(&bid.id),
                    label: at_bus(&name, &bid.bus),
                    cells: vec![
                        Some(of("min_p_mw", "least", "MW").range(-10_000.0, 10_000.0, 0.1)),
                        Some(of("max_p_mw", "most", "MW").range(-10_000.0, 10_000.0, 0.1)),
                        Some(of("usd_per_mwh", "price", "$/MWh").range(-3_000.0, 3_000.0, 0.5)),
                    ],
                }
            })
        });
    section(
        "Bids",
        balancing.bids.len() <= 8,
        "Activation between least and most; negative is downward, and costs price times activation.",
        columns(&[("least", "MW"), ("most", "MW"), ("price", "$/MWh")]),
        Vec::from_iter(rows),
    )
}

/// Imbalances of one value.
pub fn imbalances(fields: &Fields, case: &Case) -> Option<Section> {
    if !fields.has_case() {
        return None;
    }
    let balancing = case.balancing.as_ref()?;
    let single = balancing.imbalances.iter().filter(|i| i.p_mw.len() == 1);
    let rows = single.take(EDITABLE).map(|injection| GridRow {
        id: injection.id.clone(),
        subject: SubjectKind::Party.of(&injection.id),
        label: at_bus(&injection.id, &injection.bus),
        cells: vec![Some(
            fields
                .field(
                    format!("case.balancing.imbalances.{}.p_mw.0", injection.id),
                    format!("imbalance of {}", injection.id),
                    "MW",
                )
                .range(-10_000.0, 10_000.0, 0.1),
        )],
    });
    section(
        "Imbalances",
        true,
        "Surplus +, shortage −.",
        columns(&[("imbalance", "MW")]),
        Vec::from_iter(rows),
    )
}

/// Limits of feeder lines.
pub fn feeder_lines(fields: &Fields, case: &Case) -> Vec<Section> {
    if !fields.has_case() {
        return Default::default();
    }
    let feeders = case
        .feeders
        .iter()
        .take(4)
        .filter(|f| f.lines.len() <= EDITABLE);
    feeders
        .filter_map(|feeder| {
            let rows = feeder.lines.iter().map(|line| {
                let root = format!("case.feeders.{}.lines.{}", feeder.id, line.id);
                let of = |field: &str, label: &str, unit: &str| {
                    fields.field(format!("{root}.{field}"), format!("{} {label}", line.id), unit)
                };
                GridRow {
                    id: line.id.clone(),
                    subject: SubjectKind::Branch.of(format!("{}/{}", feeder.id, line.id)),
                    label: format!("{} → {}", line.from, line.to),
                    cells: vec![
                        Some(of("max_s_mva", "limit", "MVA").at_least(0.0, 0.1).optional()),
                        line.min_p_mw.map(|_| of("min_p_mw", "least flow", "MW").optional()),
                        line.max_p_mw.map(|_| of("max_p_mw", "greatest flow", "MW").optional()),
                    ],
                }
            });
            section(
                &format!("Lines of {}", feeder.id),
                feeder.lines.len() <= 4,
                "An empty limit means not limited. Least and greatest flow are those from the first bus to the second.",
                columns(&[("limit", "MVA"), ("least flow", "MW"), ("greatest flow", "MW")]),
                Vec::from_iter(rows),
            )
        })
        .collect()
}

/// Rows up to which a table is offered for editing.
const EDITABLE: usize = 60;
