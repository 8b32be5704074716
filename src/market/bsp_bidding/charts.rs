//! Charts of a run.

use crate::report::plots::{axis, bars, chart, line};
use crate::report::{Chart, Mark, Report, Role};

use super::answer::Run;
use super::params::Behaviour;
use super::schemes::Scheme;

/// What the clock counts.
const STEP: &str = "hour";

/// Resources up to which charts have a line or a bar for each.
const MANY: usize = 30;

pub fn add(run: &Run, report: &mut Report) {
    let system = &run.system;
    let charts = &mut report.charts;
    charts.push(chart(
        STEP,
        "volumes",
        format!("Who balances the feeder: {}", run.behaviour.name()),
        axis("energy", "MWh", true),
        vec![
            line("imbalance".into(), Role::Load, true, true),
            line("local".into(), Role::Der, false, true),
            line("tso".into(), Role::Generator, false, true),
        ],
        "Imbalance of the feeder and who covers it; below zero there is a surplus.",
    ));
    let mut buses: Vec<usize> = system.at.clone();
    buses.sort_unstable();
    buses.dedup();
    let mut marks: Vec<Mark> = buses
        .iter()
        .take(MANY)
        .map(|&j| {
            line(
                format!("lmp:{}", system.feeder.buses[j].id),
                Role::Price,
                false,
                true,
            )
        })
        .collect();
    marks.push(line("tso_up".into(), Role::Reference, true, true));
    marks.push(line("tso_down".into(), Role::Reference, true, true));
    charts.push(chart(
        STEP,
        "lmp",
        "Prices at the resources",
        axis("price", "$/MWh", false),
        marks,
        "Price of a MWh at each resource's bus, between the TSO's prices unless a limit binds.",
    ));
    let player = &system.owners[run.player()];
    let curve = |b: Behaviour, role: Role, dashed: bool| {
        run.outcome(b)
            .map(|_| line(format!("profit:{player}:{}", b.id()), role, dashed, true))
    };
    let marks = [
        curve(Behaviour::Truthful, Role::Reference, true),
        curve(Behaviour::Strategic, Role::Optimum, false),
        curve(Behaviour::Own, Role::Aggregator, false),
    ];
    charts.push(chart(
        STEP,
        "profit",
        format!("Profit of {player}"),
        axis("profit", "$", true),
        marks.into_iter().flatten().collect(),
        "At cost, with the best bids, and with yours where you give some.",
    ));
    if let Some(land) = &run.landscape {
        let name = |k: usize| &system.resources[k];
        let way = if land.up { "up" } else { "down" };
        let label = |k: usize| format!("bid {way} of {}", name(k));
        let mut marks = vec![Mark::Surface {
            label: "profit".into(),
            unit: "$".into(),
            cells: land.cells.clone(),
        }];
        marks.extend(land.points.iter().map(|(label, x, y, _)| Mark::Point {
            x: *x,
            y: *y,
            label: label.clone(),
        }));
        charts.push(Chart {
            x: axis(&label(land.across), "$/MWh", false),
            probe: Some(format!("profit:{}", run.hour + 1)),
            ..chart(
                STEP,
                "landscape",
                format!("Profit of {player} over two bids, hour {}", run.hour + 1),
                axis(&label(land.along), "$/MWh", false),
                marks,
                "Profit jumps where a bid passes a rival's and grows along with the bid that sets the price.",
            )
        });
    }
    let many = system.resources.iter().take(MANY);
    for way in ["up", "down"] {
        let (mut labels, mut series) = (Vec::new(), Vec::new());
        for id in many.clone() {
            labels.extend([format!("{id} left"), format!("{id} safe")]);
            series.extend([format!("left_{way}:{id}"), format!("forward_{way}:{id}")]);
        }
        charts.push(bars(
            &format!("forward_{way}"),
            format!("What the TSO may use, {way}"),
            axis("power", "MW", true),
            Role::Der,
            (labels, series),
            "Left of each resource after stage one, and what of it is safe in any combination.",
        ));
    }
    let (mut labels, mut series): (Vec<String>, Vec<String>) = Scheme::ALL
        .iter()
        .map(|s| (s.short().to_string(), format!("scheme_cost:{}", s.id())))
        .unzip();
    if run.common.is_some() {
        labels.push("by RSF".into());
        series.push("scheme_cost:rsf".into());
    }
    charts.push(bars(
        "schemes",
        "Cost by scheme",
        axis("cost", "$", true),
        Role::Der,
        (labels, series),
        &format!("Cost of covering the feeder's imbalance and the TSO's own need in the hour at the cursor; by residual supply function only in hour {}.", run.asked + 1),
    ));
    let costs = ["cost", "payment"].iter().flat_map(|what| {
        run.outcomes.iter().map(move |o| {
            let role = match o.behaviour {
                Behaviour::TsoOnly => Role::Generator,
                Behaviour::Truthful => Role::Der,
                Behaviour::Strategic => Role::Optimum,
                Behaviour::Own => Role::Aggregator,
            };
            line(
                format!("{what}:{}", o.behaviour.id()),
                role,
                *what == "payment",
                // The TSO alone is paid what it costs.
                (*what == "cost") == (o.behaviour == Behaviour::TsoOnly),
            )
        })
    });
    charts.push(chart(
        STEP,
        "cost",
        "Cost and payment",
        axis("money", "$", true),
        costs.collect(),
        "What the DSO pays, dashed, and activation cost; the rent lies between them.",
    ));
    let volts = buses.iter().take(MANY).map(|&j| Mark::Line {
        series: format!("v:{}", system.feeder.buses[j].id),
        role: Role::Line,
        step: false,
        points: false,
        dashed: false,
        shown: true,
    });
    charts.push(chart(
        STEP,
        "voltage",
        "Voltages at the resources",
        axis("voltage", "p.u.", false),
        volts.collect(),
        "Squared voltages of the linear model, as voltages.",
    ));
    let loaded = report
        .series
        .iter()
        .filter(|s| s.id.starts_with("loading:"));
    let mut marks: Vec<Mark> = loaded
        .take(MANY)
        .map(|s| line(s.id.clone(), Role::Line, false, true))
        .collect();
    if !marks.is_empty() {
        marks.push(Mark::Rule {
            value: 1.0,
            label: "limit".into(),
        });
        report.charts.push(chart(
            STEP,
            "loading",
            "Loading of lines with a limit",
            axis("share of the limit", "1", false),
            marks,
            "Flow as a share of the limit after stage one.",
        ));
    }
}
