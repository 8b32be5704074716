//! Tables of a run.

use crate::report::{Cell, Table, at, column, number, table, text};

use super::answer::{Day, Run};
use super::summary::losing_slots;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = vec![players(run), rules(run), slots(run)];
    if let Some(day) = &run.day {
        list.push(generators(day));
        list.push(boundaries(day));
        list.extend(super::tied::ties(day));
    }
    list
}

/// Payment and net benefit of every player by every rule.
fn players(run: &Run) -> Table {
    let mut columns = vec![column("player", ""), column("bargaining power", "1")];
    for (rule, _) in &run.rules {
        columns.push(column(format!("pays, {}", rule.name()), "$"));
        columns.push(column(format!("net benefit, {}", rule.name()), "$"));
    }
    let last = run.slots.saturating_sub(1);
    let rows = run.players.iter().enumerate().map(|(k, player)| {
        let mut row = vec![text(player.clone()), number(run.powers[k])];
        for (_, settled) in &run.rules {
            let paid = match k.checked_sub(1) {
                None => -settled.collected_usd(),
                Some(m) => settled.paid_usd()[m],
            };
            row.push(number(paid));
            row.push(number(settled.benefits_usd(&run.gains, last)[k]));
        }
        row
    });
    table(
        "players",
        "Payments and net benefits of the day",
        columns,
        rows.collect(),
        "What the ISO pays is minus what it collects. A net benefit is the change against the day without cooperation, less payments.",
    )
}

fn rules(run: &Run) -> Table {
    let last = run.slots.saturating_sub(1);
    let rows = run.rules.iter().map(|(rule, settled)| {
        let benefits = settled.benefits_usd(&run.gains, last);
        let least = benefits.iter().copied().fold(f64::INFINITY, f64::min);
        let losing: Vec<String> = losing_slots(run, *rule)
            .iter()
            .map(usize::to_string)
            .collect();
        vec![
            text(rule.name()),
            super::settle::jain(&benefits).map_or(Cell::Empty, number),
            number(least),
            number(settled.imbalance_usd()),
            text(if losing.is_empty() {
                "none".into()
            } else {
                losing.join(", ")
            }),
        ]
    });
    table(
        "rules",
        "The rules compared",
        vec![
            column("rule", ""),
            column("Jain's index", "1"),
            column("least net benefit", "$"),
            column("budget off by", "$"),
            column("slots with a player worse off so far", ""),
        ],
        rows.collect(),
        "",
    )
}

fn slots(run: &Run) -> Table {
    let mut columns = vec![
        column("slot", ""),
        column("surplus", "$"),
        column("collected", "$"),
    ];
    for player in run.players.iter().skip(1) {
        columns.push(column(format!("{player} pays"), "$"));
    }
    for player in &run.players {
        columns.push(column(format!("{player} has gained"), "$"));
    }
    let settled = run.settled(run.chosen);
    let rows = (0..run.slots).filter_map(|t| {
        let settled = settled?;
        let mut row = vec![
            Cell::Number((t + 1) as f64),
            number(run.bargained.surplus_usd(t)),
            number(settled.charge_usd[t]),
        ];
        row.extend(settled.payments_usd.iter().map(|b| number(b[t])));
        row.extend(settled.benefits_usd(&run.gains, t).into_iter().map(number));
        Some(row)
    });
    Table {
        by_clock: true,
        ..table(
            "slots",
            &format!("Slot by slot: {}", run.chosen.name()),
            columns,
            rows.collect(),
            "The surplus is that of the whole day, as expected at the slot; without one there is no deal.",
        )
    }
}

fn generators(day: &Day) -> Table {
    let system = &day.system;
    let rows = system.units.iter().enumerate().map(|(n, unit)| {
        let costs = day.together.generation[n].iter();
        let (fuel, lost) = costs.fold((0.0, 0.0), |(f, l), g| (f + g.fuel_usd, l + g.lost_usd));
        let planned = day.plan.reserved.p_mw[n].iter();
        let planned: f64 = planned.map(|p| unit.cost_usd(*p) * system.hours).sum();
        vec![
            text(unit.id.clone()),
            text(system.buses[unit.bus].clone()),
            number(unit.max_p_mw()),
            at(format!("plan:{}", unit.id)),
            at(format!("p:{}", unit.id)),
            number(planned),
            number(fuel),
            number(lost),
        ]
    });
    table(
        "generators",
        "Generators",
        vec![
            column("generator", ""),
            column("bus", ""),
            column("capacity", "MW"),
            column("planned", "MW"),
            column("real time", "MW"),
            column("cost as planned, day", "$"),
            column("cost, day", "$"),
            column("lost opportunity, day", "$"),
        ],
        rows.collect(),
        "A generator below its plan is paid the profit it loses.",
    )
}

fn boundaries(day: &Day) -> Table {
    let system = &day.system;
    let rows = system.dsos.iter().map(|dso| {
        let bus = &system.buses[dso.bus];
        vec![
            text(dso.id.clone()),
            text(bus.clone()),
            at(format!("plan_import:{}", dso.boundary)),
            at(format!("import:{}", dso.boundary)),
            at(format!("plan_lmp:{bus}")),
            at(format!("lmp:{bus}")),
            at(format!("renewable_forecast:{}", dso.id)),
            at(format!("renewable_realised:{}", dso.id)),
            at(format!("load_wanted:{}", dso.id)),
            at(format!("load_served:{}", dso.id)),
        ]
    });
    table(
        "boundaries",
        "DSOs",
        vec![
            column("DSO", ""),
            column("bus", ""),
            column("import, planned", "MW"),
            column("import", "MW"),
            column("price, planned", "$/MWh"),
            column("price", "$/MWh"),
            column("renewables, forecast", "MW"),
            column("renewables, realised", "MW"),
            column("adjustable loads, wanted", "MW"),
            column("adjustable loads, served", "MW"),
        ],
        rows.collect(),
        "",
    )
}
