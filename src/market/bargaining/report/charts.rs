//! Charts of a run.

use crate::report::plots::{axis, bars, chart, line};
use crate::report::{Report, Role};

use super::answer::{Day, Run};

/// What the clock counts.
pub const STEP: &str = "slot";

/// Players up to which charts have a bar or a line for each.
const MANY: usize = 60;

pub fn add(run: &Run, report: &mut Report) {
    report.charts.push(chart(
        STEP,
        "welfare",
        "Welfare of the day, as expected",
        axis("welfare", "$", false),
        vec![
            line("welfare_co".into(), Role::Optimum, false, true),
            line(
                format!("welfare_{}", without(run)),
                Role::Reference,
                true,
                true,
            ),
        ],
        "Utilities less generation cost of the whole day as expected at each slot; the surplus to share lies between the lines.",
    ));
    if run.players.len() <= MANY {
        benefits(run, report);
        utilities(run, report);
    }
    if let Some(day) = &run.day {
        dispatch(day, report);
    }
}

/// Net benefits by player, one chart per rule, and payments by the chosen one.
fn benefits(run: &Run, report: &mut Report) {
    for (rule, _) in &run.rules {
        let id = rule.id();
        report.charts.push(bars(
            &format!("benefits_{id}"),
            format!("Net benefits: {}", rule.name()),
            axis("net benefit so far", "$", true),
            Role::Aggregator,
            (
                run.players.clone(),
                run.players.iter().map(|p| format!("benefit:{id}:{p}")).collect(),
            ),
            "What each player has gained against the day without cooperation, payments included, after the slot shown.",
        ));
    }
    let id = run.chosen.id();
    let own = run.players.iter().enumerate();
    let marks =
        own.map(|(k, p)| line(format!("benefit:{id}:{p}"), Role::Aggregator, k == 0, k < 5));
    report.charts.push(chart(
        STEP,
        "gains",
        format!("Net benefits by slot: {}", run.chosen.name()),
        axis("net benefit so far", "$", true),
        marks.collect(),
        "What each player has gained by the end of each slot: the change of its day as expected then, less what it has paid so far.",
    ));
    let dsos = &run.players[1..];
    let marks = dsos
        .iter()
        .enumerate()
        .map(|(m, d)| line(format!("paid:{id}:{d}"), Role::Aggregator, false, m < 4))
        .chain([line(format!("charge:{id}"), Role::Reference, true, false)]);
    report.charts.push(chart(
        STEP,
        "payments",
        format!("Payments to the ISO: {}", run.chosen.name()),
        axis("payment", "$", true),
        marks.collect(),
        "What each DSO pays the ISO in each slot; below zero it is paid.",
    ));
}

/// What the bargain compares with, as in the ids of its series: a day without cooperation, or none
/// from the slot on.
fn without(run: &Run) -> &'static str {
    match run.leaving {
        None => "non",
        Some(_) => "left",
    }
}

fn utilities(run: &Run, report: &mut Report) {
    let marks = run.values.dsos.iter().enumerate().flat_map(|(m, d)| {
        [
            line(format!("u_co:{d}"), Role::Aggregator, false, m < 2),
            line(
                format!("u_{}:{d}", without(run)),
                Role::Aggregator,
                true,
                m < 2,
            ),
        ]
    });
    report.charts.push(chart(
        STEP,
        "utilities",
        "Utilities of the day, as expected",
        axis("utility", "$", false),
        marks.collect(),
        "Utility of the whole day as expected at each slot: cooperating, and dashed on its own.",
    ));
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
        STEP,
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
        STEP,
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
        STEP,
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
        STEP,
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
        STEP,
        "loads",
        "Adjustable loads",
        axis("power", "MW", true),
        loads.collect(),
        "What the loads want (dashed), have with cooperation, and have when their DSO is on its own.",
    ));
}
