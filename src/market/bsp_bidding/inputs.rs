//! The inputs of the balancing market of a DSO.

use super::params::BspBidding;
use crate::case::{Case, SubjectKind};
use crate::inputs::{Field, Fields, GridRow, Kind, Section, section, system};

pub fn inputs(fields: &Fields, case: &Case, params: &BspBidding) -> Vec<Section> {
    let mut sections = vec![market(fields, case, params)];
    sections.extend(storage(fields, case));
    sections.extend(own(fields, params));
    sections.push(rules(fields, params));
    sections.extend(expected(fields, params));
    sections.push(beyond(fields));
    sections.extend(resources(fields, case));
    sections.extend(hours(fields, case));
    sections.extend(system::feeder_lines(fields, case));
    sections
}

fn market(fields: &Fields, case: &Case, params: &BspBidding) -> Section {
    let stores = case.local_market.as_ref();
    let stores = stores.is_some_and(|m| !m.storage.is_empty());
    let hours = case.local_market.as_ref().map_or(1, |m| m.periods);
    let resources = case.local_market.iter().flat_map(|m| &m.resources);
    let mut owners: Vec<&str> = resources.map(|r| r.owner.as_str()).collect();
    crate::sort::by(&mut owners, Ord::cmp);
    owners.dedup();
    let strategic = (0..params.strategic.len().max(1)).map(|k| {
        let label = match params.strategic.len() {
            0 | 1 => "Strategic owner".to_string(),
            _ => format!("Strategic owner {}", k + 1),
        };
        fields
            .field(format!("mechanism.strategic.{k}"), label, "")
            .choices(owners.iter().map(|&owner| (owner, owner)))
            .lever()
    });
    let shown = fields
        .field("view.outcome", "Who bids, as shown", "")
        .choices([
            ("tso_only", "the TSO alone"),
            ("truthful", "everyone at cost"),
            ("strategic", "strategic owners at their best"),
            ("own", "your bids"),
        ])
        .lever()
        .help("Every run computes all of them; diagram, ledger and second stage follow this one.");
    let mut list = vec![shown];
    list.extend(strategic);
    list.extend([
            fields
                .field("view.step", "Hour shown", "")
                .range(1.0, hours as f64, 1.0)
                .slider(),
            fields
                .field("mechanism.hour", "Hour compared", "")
                .range(1.0, hours as f64, 1.0)
                .help("The ways to the best bids and the hand-over are computed for this hour."),
            fields
                .field("mechanism.network", "The market's network", "")
                .choices([
                    ("linear", "linear, without losses"),
                    ("cone", "cone, with losses"),
                ])
                .help("With the branch-flow cone the DSO buys the losses that activation causes, and prices differ by bus. Best bids are then found without a bound.")
                .only_if(!stores || params.on_cone()),
            fields.field("mechanism.settlement", "Owners are paid", "").choices([
                ("uniform", "the price of the bus"),
                ("pay_as_bid", "as bid"),
            ]),
        ]);
    section("Bids", true, list)
}

/// The reader's bids, where the scenario has some.
fn own(fields: &Fields, params: &BspBidding) -> Option<Section> {
    let bid = |id: &str, side: &str, word: &str| {
        fields
            .field(
                format!("mechanism.own.{id}.{side}"),
                format!("{id}, {word}"),
                "×",
            )
            .range(0.5, 1.6, 0.01)
            .allowed(-100.0, 100.0)
            .slider()
            .lever()
    };
    let list: Vec<Field> = params
        .own
        .iter()
        .flat_map(|own| [bid(&own.id, "up", "up"), bid(&own.id, "down", "down")])
        .collect();
    (!list.is_empty()).then(|| Section {
        note: "Multiples of the day-ahead price, the same in every hour. Choose \"your bids\" above to see their market.".into(),
        ..section("Your bids", true, list)
    })
}

fn rules(fields: &Fields, params: &BspBidding) -> Section {
    let mut list = vec![
        fields
            .field("mechanism.max_up_bid", "Highest bid up", "×")
            .range(0.0, 3.0, 0.01)
            .allowed(0.0, 100.0)
            .optional()
            .help("In multiples of the day-ahead price. A bid may always cover its cost."),
        fields
            .field("mechanism.min_down_bid", "Lowest bid down", "×")
            .range(0.0, 3.0, 0.01)
            .allowed(-100.0, 100.0)
            .optional(),
    ];
    if params.monitoring.is_some() {
        list.push(
            fields
                .field(
                    "mechanism.monitoring.threshold",
                    "A bid this far from its cost is replaced",
                    "share of the cost",
                )
                .range(0.0, 1.0, 0.01)
                .allowed(0.0, 100.0),
        );
    }
    list.push(
        fields
            .field("mechanism.method", "Best bids found by", "")
            .choices([
                ("branching", "branching on complementarity"),
                ("milp", "one mixed-integer program"),
                ("enumeration", "candidate prices"),
            ]),
    );
    list.push(
        fields
            .field("mechanism.node_limit", "Most nodes of the search", "")
            .at_least(1.0, 1000.0)
            .allowed(1.0, 1e7),
    );
    list.push(
        fields
            .field("mechanism.rounds", "Rounds of answers at most", "")
            .range(1.0, 200.0, 1.0)
            .only_if(false),
    );
    section("Rules and method", false, list)
}

/// What the strategic owner expects of the TSO's market, where it looks at it.
fn expected(fields: &Fields, params: &BspBidding) -> Option<Section> {
    params.tso_market?;
    let price = |name: &str, label: &str| {
        fields
            .field(format!("mechanism.tso_market.{name}"), label, "×")
            .range(0.0, 3.0, 0.01)
            .allowed(-100.0, 100.0)
            .slider()
    };
    let share = |name: &str, label: &str| {
        fields
            .field(format!("mechanism.tso_market.{name}"), label, "")
            .range(0.0, 1.0, 0.01)
            .slider()
    };
    let list = vec![
        price("up_price", "Price expected upwards")
            .help("In multiples of the day-ahead price: what the TSO's market is expected to pay for a MWh."),
        share("up_share", "Share activated upwards")
            .help("Of a MW that the DSO forwards: the share, or the probability, that the owner expects to be activated."),
        price("down_price", "Price expected downwards")
            .help("In multiples of the day-ahead price: what a MWh downwards is expected to cost its owner."),
        share("down_share", "Share activated downwards"),
    ];
    Some(Section {
        note: "The strategic owner bids for both markets: with what the DSO does not take, as far as stage two forwards it, it expects this of the TSO.".into(),
        ..section("Expected of the TSO's market", true, list)
    })
}

fn beyond(fields: &Fields) -> Section {
    section(
        "Second stage",
        false,
        vec![
            fields
                .field("mechanism.weight", "The DSO maximises", "")
                .choices([
                    ("volume", "the volume it forwards"),
                    ("value", "what it saves against the TSO's price"),
                ]),
            fields
                .field(
                    "mechanism.handover",
                    "Residual supply function beside it",
                    "",
                )
                .switch(),
            fields
                .field(
                    "mechanism.samples",
                    "Points drawn in the box of an hour",
                    "",
                )
                .range(0.0, 1e5, 1.0)
                .only_if(false),
        ],
    )
}

fn resources(fields: &Fields, case: &Case) -> Option<Section> {
    let market = case.local_market.as_ref()?;
    let rows = market.resources.iter().map(|r| {
        let cell = |name: &str, label: &str, unit: &str, step: f64| {
            let path = format!("case.local_market.resources.{}.{name}", r.id);
            let field = fields.field(path, format!("{} {label}", r.id), unit);
            Some(field.at_least(0.0, step))
        };
        let first = |values: &[f64], name: &str, label: &str| {
            (values.len() == 1).then(|| cell(&format!("{name}.0"), label, "× day-ahead", 0.01))?
        };
        GridRow {
            id: r.id.clone(),
            subject: SubjectKind::Party.of(&r.id),
            label: format!("{} of {} at {}", r.id, r.owner, r.bus),
            cells: vec![
                cell("max_up_mw", "up", "MW", 0.01),
                cell("max_down_mw", "down", "MW", 0.01),
                first(&r.up_cost, "up_cost", "cost up"),
                first(&r.down_value, "down_value", "value down"),
            ],
        }
    });
    let columns = [
        ("up", "MW"),
        ("down", "MW"),
        ("cost up", "× day-ahead"),
        ("value down", "× day-ahead"),
    ];
    let note = "Costs in multiples of the day-ahead price of the hour.";
    let columns = system::columns(&columns);
    system::section("Resources", false, note, columns, Vec::from_iter(rows))
}

fn storage(fields: &Fields, case: &Case) -> Option<Section> {
    let market = case.local_market.as_ref()?;
    let all = [
        ("max_up_mw", "discharges", "MW", 0.01),
        ("max_down_mw", "charges", "MW", 0.01),
        ("energy_mwh", "holds", "MWh", 0.05),
        ("initial_mwh", "at first", "MWh", 0.05),
        ("min_final_mwh", "at the end at least", "MWh", 0.05),
        ("charge_efficiency", "charging efficiency", "", 0.01),
        ("discharge_efficiency", "discharging efficiency", "", 0.01),
        ("wear_usd_per_mwh", "wear", "$/MWh", 0.5),
    ];
    let mut rows = Vec::new();
    for s in &market.storage {
        let mut cells = Vec::new();
        for (name, label, unit, step) in all {
            let path = format!("case.local_market.storage.{}.{name}", s.id);
            let field = fields.field(path, format!("{} {label}", s.id), unit);
            cells.push(Some(match (unit, name) {
                ("", _) => field.range(0.5, 1.0, step).allowed(0.01, 1.0),
                (_, "min_final_mwh") => field.at_least(0.0, step).optional(),
                _ => field.at_least(0.0, step),
            }));
        }
        rows.push(GridRow {
            id: s.id.clone(),
            subject: SubjectKind::Party.of(&s.id),
            label: format!("{} of {} at {}", s.id, s.owner, s.bus),
            cells,
        });
    }
    let columns = system::columns(&all.map(|(_, label, unit, _)| (label, unit)));
    let note = "Upwards it discharges, downwards it charges, and what it holds joins the hours. Without a value at the end it holds at least what it held at first.";
    system::section("Storage", true, note, columns, rows)
}

fn hours(fields: &Fields, case: &Case) -> Option<Section> {
    let market = case.local_market.as_ref()?;
    let list = |name: &str, label: &str, unit: &str| {
        fields
            .field(format!("case.local_market.{name}"), label, unit)
            .kind(Kind::List)
    };
    let mut all = vec![
        list("imbalance_mwh", "Imbalance, a shortage is positive", "MWh"),
        list("day_ahead_usd_per_mwh", "Day-ahead price", "$/MWh"),
        list("tso_up", "The TSO sells at", "× day-ahead"),
        list("tso_down", "The TSO buys at", "× day-ahead"),
    ];
    if !market.load_factor.is_empty() {
        all.push(list("load_factor", "Load factor", ""));
    }
    if !market.tso_imbalance_mwh.is_empty() {
        all.push(list("tso_imbalance_mwh", "Need of the TSO", "MWh"));
    }
    Some(section("Hours", false, all))
}
