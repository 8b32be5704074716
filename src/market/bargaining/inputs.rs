//! The inputs of a day of ISO and DSOs.

use super::params::{Bargaining, Disagreement, Rule};
use crate::case::Case;
use crate::inputs::{Field, Fields, GridRow, Kind, Section, section, system};

pub fn inputs(fields: &Fields, case: &Case, params: &Bargaining) -> Vec<Section> {
    let mut sections = vec![rules(fields, params)];
    sections.push(powers(fields, params));
    sections.extend(explorer(fields, params));
    if params.given.is_none() {
        sections.push(beside(fields, case, params));
        sections.extend(loads(fields, case));
        sections.extend(profiles(fields, case));
        sections.extend(costs(fields, case));
        sections.extend(system::feeder_lines(fields, case));
        sections.extend(system::lines(fields, case));
        sections.extend(system::loads(fields, case));
    }
    sections
}

fn rules(fields: &Fields, params: &Bargaining) -> Section {
    let prices = params.given.is_none();
    let choices = Rule::ALL
        .iter()
        .filter(|rule| prices || **rule != Rule::Lmp)
        .map(|rule| (rule.id(), rule.name()));
    let mut list = vec![
        fields
            .field("mechanism.settlement", "The gain is shared by", "")
            .choices(choices)
            .help("The report settles by every rule; the ledger and the headline follow this one."),
    ];
    let fixed =
        params.settlement == Rule::Telescoping && params.disagreement == Disagreement::Shadow;
    if prices && !fixed {
        list.push(
            fields
                .field("mechanism.disagreement", "Without agreement", "")
                .choices([
                    ("shadow", "a day without cooperation (published)"),
                    ("rebased", "no cooperation from this slot on"),
                ])
                .help("With the second the surplus of a slot is never negative."),
        );
    }
    if prices {
        list.push(fields.field("mechanism.physics", "Feeders", "").choices([
            ("lossless", "lossless, no voltages"),
            ("lin_dist_flow", "LinDistFlow: linear voltages"),
            ("branch_flow", "branch flow: losses, second-order cone"),
        ]));
    }
    if params.settlement == Rule::Nash {
        let most = fields.field("mechanism.most_paid_usd", "Largest payment of a slot", "$");
        list.push(most.at_least(0.0, 10.0).optional().help(
            "A limit on what a DSO pays, or is paid, in a slot of the Nash bargain. Any amount where empty.",
        ));
    }
    section("Settlement", true, list)
}

fn powers(fields: &Fields, params: &Bargaining) -> Section {
    let weight = |id: &str| {
        fields
            .field(
                format!("mechanism.powers.{id}.weight"),
                format!("Weight of {id}"),
                "",
            )
            .range(0.01, 10.0, 0.01)
            .allowed(1e-9, 1e6)
            .slider()
    };
    let list = params.powers.iter().map(|p| weight(&p.id)).collect();
    section("Bargaining powers", params.powers.len() <= 8, list)
}

/// The two players of the chart of the bargain.
fn explorer(fields: &Fields, params: &Bargaining) -> Option<Section> {
    let players: Vec<&str> = params.powers.iter().map(|p| p.id.as_str()).collect();
    let field = |k: usize, label: &str| {
        let path = format!("view.players.{k}");
        let field = fields.field(path, label, "");
        field.choices(players.iter().map(|&p| (p, p)))
    };
    let list = vec![field(0, "Player across"), field(1, "Player upwards")];
    Some(section("The bargain of two", true, list))
}

fn beside(fields: &Fields, case: &Case, params: &Bargaining) -> Section {
    let slots = case.day.as_ref().map_or(1, |day| day.periods);
    let list = vec![
        fields
            .field("mechanism.coalitions", "Values of all coalitions", "")
            .switch()
            .help("One solve per coalition; with Shapley value, nucleolus and core."),
        fields
            .field("mechanism.slot", "at slot", "")
            .range(1.0, slots as f64, 1.0),
        fields
            .field(
                "mechanism.decomposition",
                "Plan by prices and quantities",
                "",
            )
            .switch()
        .help("The ISO sends prices, the DSOs answer quantities, until both agree."),
        fields
            .field("mechanism.misreport.percent", "Misreport up to", "%")
            .range(0.0, 90.0, 1.0)
            .help("What a DSO gains by reporting other wishes than it has, up and down to this change; not asked at 0."),
        fields
            .field("mechanism.misreport.dso", "Who misreports", "")
            .choices(params.dsos(case).into_iter().map(|id| (id, id))),
        fields
            .field("mechanism.misreport.of", "What is misreported", "")
            .choices([
                ("worth", "how steep utilities are"),
                ("preferred", "preferred power and energy"),
            ]),
    ];
    section(
        "Further questions",
        params.coalitions || params.decomposition || params.misreport.percent > 0.0,
        list,
    )
}

fn grid(title: &str, note: &str, columns: &[(&str, &str)], rows: Vec<GridRow>) -> Option<Section> {
    system::section(title, false, note, system::columns(columns), rows)
}

fn loads(fields: &Fields, case: &Case) -> Vec<Section> {
    let Some(day) = &case.day else {
        return Vec::new();
    };
    let cell = |path: String, label: String, unit: &str| {
        Some(fields.field(path, label, unit).at_least(0.0, 0.1))
    };
    let adjustable = day.adjustable.iter().map(|load| {
        let root = format!("case.day.adjustable.{}", load.id);
        GridRow {
            id: load.id.clone(),
            label: format!("{} at {}", load.id, load.bus),
            cells: vec![
                cell(
                    format!("{root}.usd_per_mw2h"),
                    format!("{} worth", load.id),
                    "$/MW²h",
                ),
                cell(
                    format!("{root}.max_p_mw"),
                    format!("{} maximum", load.id),
                    "MW",
                )
                .map(Field::optional),
            ],
        }
    });
    let deferrable = day.deferrable.iter().map(|load| {
        let root = format!("case.day.deferrable.{}", load.id);
        let period = |name: &str, label: &str| {
            let path = format!("{root}.{name}");
            let field = fields.field(path, format!("{} {label}", load.id), "");
            Some(field.range(1.0, day.periods as f64, 1.0))
        };
        GridRow {
            id: load.id.clone(),
            label: format!("{} at {}", load.id, load.bus),
            cells: vec![
                cell(
                    format!("{root}.energy_mwh"),
                    format!("{} energy", load.id),
                    "MWh",
                ),
                cell(
                    format!("{root}.max_p_mw"),
                    format!("{} maximum", load.id),
                    "MW",
                ),
                period("first_period", "from slot"),
                period("last_period", "to slot"),
                cell(
                    format!("{root}.usd_per_mwh2"),
                    format!("{} worth", load.id),
                    "$/MWh²",
                ),
            ],
        }
    });
    [
        grid(
            "Adjustable loads",
            "A power P is worth −u·P² + 2u·P̃·P in an hour, most at the wanted power P̃ of its profile.",
            &[("worth u", "$/MW²h"), ("maximum", "MW")],
            adjustable.collect(),
        ),
        grid(
            "Deferrable loads",
            "A window that starts after it ends goes over midnight.",
            &[("energy", "MWh"), ("maximum", "MW"), ("from slot", ""), ("to slot", ""), ("worth u", "$/MWh²")],
            deferrable.collect(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn profiles(fields: &Fields, case: &Case) -> Option<Section> {
    let day = case.day.as_ref()?;
    let list = day.profiles.iter().flat_map(|profile| {
        let field = |name: &str, label: &str| {
            let path = format!("case.day.profiles.{}.{name}", profile.id);
            let field = fields.field(path, format!("{}, {label}", profile.id), "MW");
            field.kind(Kind::List)
        };
        [
            field("forecast_mw", "forecast"),
            field("realised_mw", "realised"),
        ]
    });
    let list: Vec<Field> = list.collect();
    (!list.is_empty()).then(|| section("Profiles", false, list))
}

fn costs(fields: &Fields, case: &Case) -> Option<Section> {
    let day = case.day.as_ref()?;
    let rows = day.costs.iter().enumerate().map(|(k, cost)| {
        let id = &cost.generator;
        let cell = |path: String, label: &str, unit: &str| {
            let field = fields.field(path, format!("{id} {label}"), unit);
            Some(field.at_least(0.0, 0.01))
        };
        GridRow {
            id: id.clone(),
            label: id.clone(),
            cells: vec![
                cell(format!("case.generators.{id}.max_p_mw"), "capacity", "MW"),
                cell(
                    format!("case.day.costs.{k}.a_usd_per_mw2h"),
                    "quadratic cost",
                    "$/MW²h",
                ),
                cell(
                    format!("case.day.costs.{k}.b_usd_per_mwh"),
                    "linear cost",
                    "$/MWh",
                ),
            ],
        }
    });
    grid(
        "Generators",
        "An hour at g MW costs a·g² + b·g.",
        &[("capacity", "MW"), ("a", "$/MW²h"), ("b", "$/MWh")],
        rows.collect(),
    )
}
