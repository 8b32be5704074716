//! Charts of a run.

use crate::report::{Axis, Chart, Mark, Report, Role};

use super::answer::{Day, Run};
use super::params::{Bargaining, Rule};

/// Players up to which charts have a bar or a line for each.
const MANY: usize = 60;

fn axis(label: &str, unit: &str, zero: bool) -> Axis {
    Axis {
        label: label.into(),
        unit: unit.into(),
        zero,
    }
}

fn chart(id: &str, title: &str, y: Axis, marks: Vec<Mark>, summary: &str) -> Chart {
    Chart {
        id: id.into(),
        title: title.into(),
        x: axis("slot", "", false),
        y,
        marks,
        summary: summary.into(),
        square: false,
        probe: None,
    }
}

fn line(series: String, role: Role, dashed: bool, shown: bool) -> Mark {
    Mark::Line {
        series,
        role,
        step: true,
        points: false,
        dashed,
        shown,
    }
}

pub fn add(run: &Run, params: &Bargaining, report: &mut Report) {
    report.charts.push(chart(
        "welfare",
        "Welfare of the day, as expected",
        axis("welfare", "$", false),
        vec![
            line("welfare_co".into(), Role::Optimum, false, true),
            line("welfare_non".into(), Role::Reference, true, true),
        ],
        "Utilities less generation cost of the whole day as expected at each slot; the surplus to share lies between the lines.",
    ));
    if run.players.len() <= MANY {
        benefits(run, report);
        utilities(run, report);
    }
    bargain(run, params, report);
    if let Some(day) = &run.day {
        dispatch(day, report);
    }
}

fn bars(
    id: &str,
    title: &str,
    y: Axis,
    role: Role,
    labels: Vec<String>,
    series: Vec<String>,
    summary: &str,
) -> Chart {
    Chart {
        x: axis("", "", false),
        ..chart(
            id,
            title,
            y,
            vec![Mark::Bars {
                labels,
                series,
                role,
            }],
            summary,
        )
    }
}

/// Net benefits by player, one chart per rule, and payments by the chosen one.
fn benefits(run: &Run, report: &mut Report) {
    for (rule, _) in &run.rules {
        let id = rule.id();
        report.charts.push(bars(
            &format!("benefits_{id}"),
            &format!("Net benefits: {}", rule.name()),
            axis("net benefit so far", "$", true),
            Role::Aggregator,
            run.players.clone(),
            run.players.iter().map(|p| format!("benefit:{id}:{p}")).collect(),
            "What each player has gained against the day without cooperation, payments included, after the slot shown.",
        ));
    }
    let id = run.chosen.id();
    let dsos = &run.players[1..];
    let marks = dsos
        .iter()
        .enumerate()
        .map(|(m, d)| line(format!("paid:{id}:{d}"), Role::Aggregator, false, m < 4))
        .chain([line(format!("charge:{id}"), Role::Reference, true, false)]);
    report.charts.push(chart(
        "payments",
        &format!("Payments to the ISO: {}", run.chosen.name()),
        axis("payment", "$", true),
        marks.collect(),
        "What each DSO pays the ISO in each slot; below zero it is paid.",
    ));
}

fn utilities(run: &Run, report: &mut Report) {
    let marks = run.values.dsos.iter().enumerate().flat_map(|(m, d)| {
        [
            line(format!("u_co:{d}"), Role::Aggregator, false, m < 2),
            line(format!("u_non:{d}"), Role::Aggregator, true, m < 2),
        ]
    });
    report.charts.push(chart(
        "utilities",
        "Utilities of the day, as expected",
        axis("utility", "$", false),
        marks.collect(),
        "Utility of the whole day as expected at each slot: cooperating, and dashed on its own.",
    ));
}

/// The two players that the chart of the bargain shows.
pub fn shown_players(run: &Run, params: &Bargaining) -> Option<(usize, usize)> {
    let index = |id: &str| run.players.iter().position(|p| p == id);
    let chosen = params
        .show_players
        .as_ref()
        .and_then(|(a, b)| Some((index(a)?, index(b)?)));
    chosen.or((run.players.len() > 1).then_some((0, 1)))
}

/// Net benefits of two players: what they can share, and where the rules put them.
fn bargain(run: &Run, params: &Bargaining, report: &mut Report) {
    let Some((a, b)) = shown_players(run, params) else {
        return;
    };
    let share = run.powers[a] + run.powers[b];
    let surplus = run.gains.surplus_usd(run.slots.saturating_sub(1)).max(0.0);
    // What is left to the two when the others have theirs of a bargain over the day.
    let both = share * surplus;
    let mut marks = vec![
        Mark::Outline {
            label: "both gain".into(),
            role: Role::Optimum,
            corners: vec![(0.0, 0.0), (both, 0.0), (0.0, both)],
        },
        Mark::Point {
            x: 0.0,
            y: 0.0,
            label: "no agreement".into(),
        },
        Mark::Point {
            x: run.powers[a] * surplus,
            y: run.powers[b] * surplus,
            label: "Nash point of the day".into(),
        },
        Mark::Point {
            x: both / 2.0,
            y: both / 2.0,
            label: "equal split".into(),
        },
    ];
    for rule in [Rule::Lmp, Rule::Nash] {
        if let Some(benefits) = run.benefits_usd(rule) {
            marks.push(Mark::Point {
                x: benefits[a],
                y: benefits[b],
                label: rule.name().into(),
            });
        }
    }
    let (first, second) = (&run.players[a], &run.players[b]);
    report.charts.push(Chart {
        x: axis(&format!("net benefit of {first}"), "$", true),
        square: true,
        ..chart(
            "bargain",
            &format!("The bargain of {first} and {second}"),
            axis(&format!("net benefit of {second}"), "$", true),
            marks,
            "What the two can share when all others have their part of the day's surplus; a larger bargaining power moves the Nash point along the edge.",
        )
    });
}

fn dispatch(day: &Day, report: &mut Report) {
    let system = &day.system;
    let units = system.units.iter().flat_map(|u| {
        [
            line(format!("p:{}", u.id), Role::Generator, false, true),
            line(format!("plan:{}", u.id), Role::Generator, true, false),
        ]
    });
    report.charts.push(chart(
        "dispatch",
        "Generators",
        axis("output", "MW", true),
        units.collect(),
        "Output in real time with cooperation; the plan of the day before is one press away.",
    ));
    let dsos = || system.dsos.iter().take(MANY).enumerate();
    let imports = dsos().flat_map(|(m, d)| {
        [
            line(
                format!("import:{}", d.boundary),
                Role::Aggregator,
                false,
                m < 2,
            ),
            line(
                format!("plan_import:{}", d.boundary),
                Role::Aggregator,
                true,
                m < 2,
            ),
        ]
    });
    report.charts.push(chart(
        "imports",
        "Imports of the DSOs",
        axis("import", "MW", true),
        imports.collect(),
        "Import from transmission in real time, and dashed as planned.",
    ));
    let mut shown: Vec<usize> = Vec::new();
    let prices = dsos().filter_map(|(_, d)| {
        if shown.contains(&d.bus) {
            return None;
        }
        shown.push(d.bus);
        Some(line(
            format!("lmp:{}", system.buses[d.bus]),
            Role::Price,
            false,
            true,
        ))
    });
    report.charts.push(chart(
        "lmp",
        "Prices at the boundaries",
        axis("price", "$/MWh", false),
        prices.collect(),
        "Real-time price of the transmission bus above each DSO.",
    ));
    let renewables = dsos().flat_map(|(m, d)| {
        [
            line(
                format!("renewable_realised:{}", d.id),
                Role::Der,
                false,
                m < 2,
            ),
            line(
                format!("renewable_forecast:{}", d.id),
                Role::Der,
                true,
                m < 2,
            ),
        ]
    });
    report.charts.push(chart(
        "renewables",
        "Renewables",
        axis("power available", "MW", true),
        renewables.collect(),
        "Available power as realised, and dashed as forecast the day before.",
    ));
    let loads = dsos().flat_map(|(m, d)| {
        [
            line(format!("load_wanted:{}", d.id), Role::Load, true, m == 0),
            line(format!("load_served:{}", d.id), Role::Load, false, m == 0),
            line(
                format!("load_alone:{}", d.id),
                Role::Reference,
                false,
                m == 0,
            ),
        ]
    });
    report.charts.push(chart(
        "loads",
        "Adjustable loads",
        axis("power", "MW", true),
        loads.collect(),
        "What the loads want (dashed), have with cooperation, and have when their DSO is on its own.",
    ));
}
