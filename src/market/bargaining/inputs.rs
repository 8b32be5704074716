//! The inputs of a day of ISO and DSOs.

use super::check::MOST_SCENARIOS;
use super::params::{Bargaining, Disagreement, Rule};
use crate::case::day::Day;
use crate::case::{Case, SubjectKind};
use crate::inputs::{Field, Fields, GridRow, Kind, Section, section, system};

pub fn inputs(fields: &Fields, case: &Case, params: &Bargaining) -> Vec<Section> {
    let mut sections = vec![
        rules(fields, params),
        powers(fields, params),
        explorer(fields, params),
    ];
    sections.push(studies(fields, case, params));
    sections.extend(risk(fields, params));
    if params.given.is_none() {
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
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.{name}"), label, unit)
    };
    let prices = params.given.is_none();
    let rules = Rule::ALL
        .iter()
        .filter(|rule| prices || **rule != Rule::Lmp);
    let rules = rules.map(|rule| (rule.id(), rule.name()));
    let mut list = vec![
        field("settlement", "The gain is shared by", "")
            .choices(rules)
            .lever()
            .help("The report settles by every rule; the ledger and the headline follow this one."),
    ];
    let fixed =
        params.settlement == Rule::Telescoping && params.disagreement == Disagreement::Shadow;
    if prices && !fixed {
        let choices = [
            ("shadow", "a day without cooperation (published)"),
            ("rebased", "no cooperation from this slot on"),
        ];
        let own = field("disagreement", "Without agreement", "").choices(choices);
        list.push(own.help("With the second the surplus of a slot is never negative."));
    }
    if prices {
        list.push(field("physics", "Feeders", "").choices([
            ("lossless", "lossless, no voltages"),
            ("lin_dist_flow", "LinDistFlow: linear voltages"),
            ("branch_flow", "branch flow: losses, second-order cone"),
        ]));
    }
    let most = field("most_paid_usd", "Largest payment of a slot", "$");
    let most = most.at_least(0.0, 10.0).optional().help(
        "A limit on what a DSO pays, or is paid, in a slot of the Nash bargain. Any amount where empty.",
    );
    list.push(most.only_if(params.settlement == Rule::Nash));
    section("Settlement", true, list)
}

fn powers(fields: &Fields, params: &Bargaining) -> Section {
    let weight = |id: &str| {
        let path = format!("mechanism.powers.{id}.weight");
        let field = fields.field(path, format!("Weight of {id}"), "");
        field
            .range(0.01, 10.0, 0.01)
            .allowed(1e-9, 1e6)
            .slider()
            .lever()
    };
    let list = params.powers.iter().map(|p| weight(&p.id)).collect();
    section("Bargaining powers", params.powers.len() <= 8, list)
}

/// The two players of the chart of the bargain.
fn explorer(fields: &Fields, params: &Bargaining) -> Section {
    let field = |k: usize, label: &str| {
        let players = params.powers.iter().map(|p| (p.id.as_str(), p.id.as_str()));
        fields
            .field(format!("view.players.{k}"), label, "")
            .choices(players)
    };
    let list = vec![field(0, "Player across"), field(1, "Player upwards")];
    section("The bargain of two", true, list)
}

fn studies(fields: &Fields, case: &Case, params: &Bargaining) -> Section {
    let days = params.given.is_none();
    let slots = match &params.given {
        Some(given) => given.cost_co_usd.len(),
        None => case.day.as_ref().map_or(0, |day| day.periods),
    };
    let last = slots.max(1) as f64;
    // Without a day, or values, there is no slot to be wrong.
    let greatest = if slots > 0 { last } else { f64::INFINITY };
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.{name}"), label, unit)
    };
    let dsos = params.dsos(case).into_iter().map(|id| (id, id));
    let wishes = [
        ("worth", "how steep utilities are"),
        ("preferred", "preferred power and energy"),
    ];
    let list = vec![
        field("coalitions", "Values of all coalitions", "")
            .switch()
            .help("One solve per coalition; with Shapley value, nucleolus and core."),
        field("slot", "Slot asked about", "")
            .range(1.0, last, 1.0)
            .allowed(1.0, greatest),
        field("decomposition", "Plan by prices and quantities", "")
            .switch()
            .help("The ISO sends prices, the DSOs answer quantities, until both agree."),
        field("real_time_exchange", "Rest of the day by prices and quantities", "")
            .switch()
            .help("The same exchange in real time, from the slot above on."),
        field("misreport.percent", "Misreport up to", "%")
            .range(0.0, 90.0, 1.0)
            .help("What a DSO gains by reporting other wishes than it has, up and down to this change; not asked at 0."),
        field("misreport.dso", "Who misreports", "").choices(dsos),
        field("misreport.of", "What is misreported", "").choices(wishes),
    ];
    let list = list.into_iter().map(|field| field.only_if(days)).collect();
    let open = params.coalitions
        || params.decomposition
        || params.real_time_exchange
        || params.misreport.percent > 0.0;
    section("Further questions", open, list)
}

/// The bargain before the day, where there is a day.
fn risk(fields: &Fields, params: &Bargaining) -> Option<Section> {
    let field = |name: &str, label: &str, unit: &str| {
        fields.field(format!("mechanism.risk.{name}"), label, unit)
    };
    let drawn = params.risk.factors.is_empty();
    let asked = params.risk.count() > 0;
    let mut list = vec![
        field("scenarios", "Scenarios of the forecast errors", "")
            .range(0.0, 20.0, 1.0)
            .allowed(0.0, MOST_SCENARIOS as f64)
            .help("Whole days with the day's own forecast errors times a factor for each profile; payments are agreed before the day. No bargain under risk at 0.")
            .only_if(drawn),
        field("seed", "Seed of the factors", "")
            .at_least(0.0, 1.0)
            .only_if(drawn),
        field("spread", "Standard deviation of the factors", "")
            .range(0.0, 3.0, 0.1)
            .allowed(0.0, 10.0)
            .help("At 1 an error is as large as that of the day itself on average, in either direction; at 0 forecasts come true.")
            .only_if(drawn),
        field("tail", "CVaR is the mean of the worst", "of all")
            .range(0.05, 1.0, 0.05)
            .allowed(1e-3, 1.0)
            .help("Part of the scenarios: 0.25 is the worst quarter, 1 all of them."),
    ];
    list.extend(params.risk.aversion.iter().map(|own| {
        let name = format!("aversion.{}.weight", own.id);
        let label = format!("Weight of CVaR of {}", own.id);
        field(&name, &label, "").range(0.0, 1.0, 0.05).slider()
    }));
    let days = params.given.is_none();
    days.then(|| section("Bargain under risk", asked, list))
}

fn grid(title: &str, note: &str, columns: &[(&str, &str)], rows: Vec<GridRow>) -> Option<Section> {
    system::section(title, false, note, system::columns(columns), rows)
}

fn row(id: &str, label: String, cells: impl IntoIterator<Item = Field>) -> GridRow {
    GridRow {
        id: id.into(),
        subject: SubjectKind::Party.of(id),
        label,
        cells: cells.into_iter().map(Some).collect(),
    }
}

fn loads(fields: &Fields, case: &Case) -> Vec<Section> {
    let Some(day) = &case.day else {
        return Vec::new();
    };
    let adjustable = day.adjustable.iter().map(|load| {
        let of = |name: &str, label: &str, unit: &str| {
            let (path, id) = (format!("case.day.adjustable.{}.{name}", load.id), &load.id);
            fields
                .field(path, format!("{id} {label}"), unit)
                .at_least(0.0, 0.1)
        };
        let cells = [
            of("usd_per_mw2h", "worth", "$/MW²h"),
            of("max_p_mw", "maximum", "MW").optional(),
        ];
        row(&load.id, format!("{} at {}", load.id, load.bus), cells)
    });
    let deferrable = day.deferrable.iter().map(|load| {
        let of = |name: &str, label: &str, unit: &str| {
            let (path, id) = (format!("case.day.deferrable.{}.{name}", load.id), &load.id);
            fields.field(path, format!("{id} {label}"), unit)
        };
        let amount = |name: &str, label: &str, unit: &str| of(name, label, unit).at_least(0.0, 0.1);
        let period =
            |name: &str, label: &str| of(name, label, "").range(1.0, day.periods as f64, 1.0);
        let cells = [
            amount("energy_mwh", "energy", "MWh"),
            amount("max_p_mw", "maximum", "MW"),
            period("first_period", "from slot"),
            period("last_period", "to slot"),
            amount("usd_per_mwh2", "worth", "$/MWh²"),
        ];
        row(&load.id, format!("{} at {}", load.id, load.bus), cells)
    });
    let sections = [
        storage(fields, day),
        grid(
            "Adjustable loads",
            "A power P is worth −u·P² + 2u·P̃·P in an hour, most at the wanted power P̃ of its profile.",
            &[("worth u", "$/MW²h"), ("maximum", "MW")],
            adjustable.collect(),
        ),
        grid(
            "Deferrable loads",
            "A window that starts after it ends goes over midnight.",
            &[
                ("energy", "MWh"),
                ("maximum", "MW"),
                ("from slot", ""),
                ("to slot", ""),
                ("worth u", "$/MWh²"),
            ],
            deferrable.collect(),
        ),
    ];
    sections.into_iter().flatten().collect()
}

fn storage(fields: &Fields, day: &Day) -> Option<Section> {
    let rows = day.storage.iter().map(|own| {
        let of = |name: &str, label: &str, unit: &str| {
            let (path, id) = (format!("case.day.storage.{}.{name}", own.id), &own.id);
            fields.field(path, format!("{id} {label}"), unit)
        };
        let amount = |name: &str, label: &str, unit: &str| of(name, label, unit).at_least(0.0, 0.5);
        let share = |name: &str, label: &str| of(name, label, "").range(0.01, 1.0, 0.01);
        let cells = [
            amount("max_p_mw", "power", "MW"),
            amount("energy_mwh", "energy", "MWh"),
            share("charge_efficiency", "charging efficiency"),
            share("discharge_efficiency", "discharging efficiency"),
            amount("initial_mwh", "stored at first", "MWh"),
            amount("min_final_mwh", "least at the end", "MWh"),
        ];
        row(&own.id, format!("{} at {}", own.id, own.bus), cells)
    });
    grid(
        "Batteries",
        "Charging c and discharging d for an hour changes the energy stored by η·c − d/η. The end of the day asks for at least its energy.",
        &[
            ("power", "MW"),
            ("energy", "MWh"),
            ("charging η", ""),
            ("discharging η", ""),
            ("stored at first", "MWh"),
            ("least at the end", "MWh"),
        ],
        rows.collect(),
    )
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
        let of = |path: String, label: &str, unit: &str| {
            let field = fields.field(path, format!("{id} {label}"), unit);
            field.at_least(0.0, 0.01)
        };
        let own = format!("case.day.costs.{k}");
        let cells = [
            of(format!("case.generators.{id}.max_p_mw"), "capacity", "MW"),
            of(format!("{own}.a_usd_per_mw2h"), "quadratic cost", "$/MW²h"),
            of(format!("{own}.b_usd_per_mwh"), "linear cost", "$/MWh"),
        ];
        row(id, id.clone(), cells)
    });
    grid(
        "Generators",
        "An hour at g MW costs a·g² + b·g.",
        &[("capacity", "MW"), ("a", "$/MW²h"), ("b", "$/MWh")],
        rows.collect(),
    )
}
