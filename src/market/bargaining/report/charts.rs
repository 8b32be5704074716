//! Charts of a run.

use super::series::{alike_gains, alike_payments, of_day, paid_of_day};
use super::words::STEP;
use crate::market::bargaining::outcome::{Day, Settled};
use crate::market::bargaining::params::Rule;
use crate::report::plots::{axis, bars, chart, line};
use crate::report::{Chart, Mark, Role};

/// Players up to which charts have a bar or a line for each.
const MANY: usize = 60;
/// Bars of one chart with names that can be read.
const FEW: usize = 24;

pub fn charts(run: &Settled) -> Vec<Chart> {
    // What the bargain compares with: a day without cooperation, or none from the slot on.
    let without = match run.leaving {
        None => "non",
        Some(_) => "left",
    };
    let mut list = vec![by_slot(
        "welfare",
        "Welfare of the day, as expected",
        ("welfare", "$", false),
        vec![
            line("welfare_co".into(), Role::Optimum, false, true),
            line(format!("welfare_{without}"), Role::Reference, true, true),
        ],
        "Utilities less generation cost of the whole day as expected at each slot; the surplus to share lies between the lines.",
    )];
    if run.players.len() <= MANY {
        list.extend(benefits(run));
        list.extend(paid(run));
        list.extend(rules(run));
        list.extend(shares(run));
        list.push(utilities(run, without));
    }
    if let Some(day) = &run.day {
        list.extend(transmission(day));
        list.extend(distribution(day));
    }
    list
}

fn by_slot(
    id: &str,
    title: impl Into<String>,
    (label, unit, zero): (&str, &str, bool),
    marks: Vec<Mark>,
    summary: &str,
) -> Chart {
    chart(STEP, id, title, axis(label, unit, zero), marks, summary)
}

/// A line of each item of a kind.
fn each(kind: &str, id: &str, role: Role, dashed: bool, shown: bool) -> Mark {
    line(format!("{kind}:{id}"), role, dashed, shown)
}

/// Id of the chart of the net benefits by a rule.
pub fn benefits_id(rule: Rule) -> String {
    format!("benefits_{}", rule.id())
}

/// Net benefits of the day by player, one chart per rule.
fn benefits(run: &Settled) -> impl Iterator<Item = Chart> {
    run.rules.iter().map(|own| {
        let series = run.players.iter().map(|p| of_day(own.rule, p));
        bars(
            &benefits_id(own.rule),
            format!("Net benefits of the day: {}", own.rule.name()),
            axis("net benefit", "$", true),
            Role::Aggregator,
            (run.players.clone(), series.collect()),
            "What each player gains over the whole day against the day without cooperation, payments included.",
        )
    })
}

/// Payments of the day by DSO, one chart per rule.
fn paid(run: &Settled) -> impl Iterator<Item = Chart> {
    run.rules.iter().map(|own| {
        let dsos = run.players.iter().skip(1);
        let series = dsos.clone().map(|p| paid_of_day(own.rule, p));
        bars(
            &format!("paid_{}", own.rule.id()),
            format!("Payments of the day: {}", own.rule.name()),
            axis("payment", "$", true),
            Role::Aggregator,
            (dsos.cloned().collect(), series.collect()),
            "What each DSO pays the ISO over the whole day; below zero it is paid.",
        )
    })
}

/// The net benefits by every rule beside one another; nothing where bars would be too many.
fn rules(run: &Settled) -> Option<Chart> {
    let few = run.players.len() * run.rules.len() <= FEW;
    let all = run.rules.iter().flat_map(|own| {
        let one = |p: &String| (format!("{p}, {}", own.rule.sign()), of_day(own.rule, p));
        run.players.iter().map(one)
    });
    few.then(|| {
        bars(
            "benefits",
            "Net benefits of the day by what shares the gain",
            axis("net benefit", "$", true),
            Role::Aggregator,
            all.unzip(),
            "What each player gains over the whole day against the day without cooperation, payments included. LMP: prices at the boundary. Nash: a bargain in every slot. Δ: the telescoping bargain, which pays for what each slot has changed.",
        )
    })
}

/// Net benefits and payments of the rule chosen by slot.
fn shares(run: &Settled) -> [Chart; 2] {
    let (id, name) = (run.chosen.id(), run.chosen.name());
    let (benefit, paid) = (format!("benefit:{id}"), format!("paid:{id}"));
    let role = Role::Aggregator;
    let each = |kind: &str, same: &[usize]| {
        let dashed = same == [0];
        each(kind, &run.players[same[0]], role, dashed, same[0] < 5)
    };
    let own = run.by_rule();
    let (alike, paid_alike) = own.map_or_else(Default::default, |own| {
        (alike_gains(run, own), alike_payments(run, own))
    });
    let gains = alike.iter().map(|same| each(&benefit, same));
    let payments = paid_alike.iter().map(|same| each(&paid, same));
    let charge = line(format!("charge:{id}"), Role::Reference, true, false);
    [
        by_slot(
            "gains",
            format!("Net benefits by slot: {name}"),
            ("net benefit so far", "$", true),
            gains.collect(),
            "What each player has gained by the end of each slot: the change of its day as expected then, less what it has paid so far.",
        ),
        by_slot(
            "payments",
            format!("Payments to the ISO: {name}"),
            ("payment", "$", true),
            payments.chain([charge]).collect(),
            "What each DSO pays the ISO in each slot; below zero it is paid.",
        ),
    ]
}

fn utilities(run: &Settled, without: &str) -> Chart {
    let kind = format!("u_{without}");
    let marks = run.values.dsos.iter().enumerate().flat_map(|(m, d)| {
        let of = |kind: &str, dashed: bool| each(kind, d, Role::Aggregator, dashed, m < 2);
        [of("u_co", false), of(&kind, true)]
    });
    by_slot(
        "utilities",
        "Utilities of the day, as expected",
        ("utility", "$", false),
        marks.collect(),
        "Utility of the whole day as expected at each slot: cooperating, and dashed on its own.",
    )
}

fn transmission(day: &Day) -> [Chart; 3] {
    let system = &day.system;
    let units = system.units.iter().flat_map(|u| {
        let of = |kind: &str, planned: bool| each(kind, &u.id, Role::Generator, planned, !planned);
        [of("p", false), of("plan", true)]
    });
    let dsos = || system.dsos.iter().take(MANY).enumerate();
    let imports = dsos().flat_map(|(m, d)| {
        let of = |kind: &str, dashed| each(kind, &d.boundary, Role::Aggregator, dashed, m < 2);
        [of("import", false), of("plan_import", true)]
    });
    let mut buses: Vec<usize> = Vec::new();
    for (_, dso) in dsos() {
        if !buses.contains(&dso.bus) {
            buses.push(dso.bus);
        }
    }
    let buses = buses.iter().map(|&bus| &system.buses[bus]);
    let prices = buses.map(|bus| each("lmp", bus, Role::Price, false, true));
    [
        by_slot(
            "dispatch",
            "Generators",
            ("output", "MW", true),
            units.collect(),
            "Output in real time with cooperation; the plan of the day before can be chosen among the series.",
        ),
        by_slot(
            "imports",
            "Imports of the DSOs",
            ("import", "MW", true),
            imports.collect(),
            "Import from transmission in real time, and dashed as planned.",
        ),
        by_slot(
            "lmp",
            "Prices at the boundaries",
            ("price", "$/MWh", false),
            prices.collect(),
            "Real-time price of the transmission bus above each DSO.",
        ),
    ]
}

fn distribution(day: &Day) -> [Chart; 2] {
    let dsos = || day.system.dsos.iter().take(MANY).enumerate();
    let renewables = dsos().flat_map(|(m, d)| {
        let of = |kind: &str, dashed: bool| {
            each(
                &format!("renewable_{kind}"),
                &d.id,
                Role::Der,
                dashed,
                m < 2,
            )
        };
        [of("realised", false), of("forecast", true)]
    });
    let loads = dsos().flat_map(|(m, d)| {
        let of = |kind: &str, role: Role, dashed: bool| each(kind, &d.id, role, dashed, m == 0);
        [
            of("load_wanted", Role::Load, true),
            of("load_served", Role::Load, false),
            of("load_alone", Role::Reference, false),
        ]
    });
    [
        by_slot(
            "renewables",
            "Renewables",
            ("power available", "MW", true),
            renewables.collect(),
            "Available power as realised, and dashed as forecast the day before.",
        ),
        by_slot(
            "loads",
            "Adjustable loads",
            ("power", "MW", true),
            loads.collect(),
            "What the loads want (dashed), have with cooperation, and have when their DSO is on its own.",
        ),
    ]
}
