//! Tables of a run.

use super::words::STEP;
use crate::market::bargaining::outcome::{ByRule, Day, Settled};
use crate::report::{Cell, Table, at, column, number, table, text};

/// Worse off by less is not worse off, $.
const NOTHING_USD: f64 = 1e-6;

pub fn tables(run: &Settled) -> Vec<Table> {
    let mut list = vec![players(run), rules(run), slots(run)];
    if let Some(day) = &run.day {
        list.push(generators(day));
        list.push(boundaries(day));
        list.extend(ties(day));
    }
    list
}

/// Payment and net benefit of every player by every rule.
fn players(run: &Settled) -> Table {
    let mut columns = vec![column("player", ""), column("bargaining power", "1")];
    for own in &run.rules {
        columns.push(column(format!("pays, {}", own.rule.name()), "$"));
        columns.push(column(format!("net benefit, {}", own.rule.name()), "$"));
    }
    let paid: Vec<Vec<f64>> = run.rules.iter().map(ByRule::paid_usd).collect();
    let rows = run.players.iter().enumerate().map(|(k, player)| {
        let mut row = vec![text(player.clone()), number(run.powers[k])];
        for (own, paid) in run.rules.iter().zip(&paid) {
            row.extend([number(paid[k]), number(own.benefits_usd[k])]);
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

fn rules(run: &Settled) -> Table {
    let rows = run.rules.iter().map(|own| {
        let least = own.benefits_usd.iter().copied();
        let slots = own.so_far_usd.iter().enumerate();
        let losing = slots.filter(|(_, b)| b.iter().any(|b| *b < -NOTHING_USD));
        let losing: Vec<String> = losing.map(|(t, _)| (t + 1).to_string()).collect();
        vec![
            text(own.rule.name()),
            own.jain.map_or(Cell::Empty, number),
            number(least.fold(f64::INFINITY, f64::min)),
            number(own.settlement.imbalance_usd()),
            text(match losing.is_empty() {
                true => "none".into(),
                false => losing.join(", "),
            }),
        ]
    });
    let columns = vec![
        column("rule", ""),
        column("Jain's index", "1"),
        column("least net benefit", "$"),
        column("budget off by", "$"),
        column("slots with a player worse off so far", ""),
    ];
    table("rules", "The rules compared", columns, rows.collect(), "")
}

fn slots(run: &Settled) -> Table {
    let mut columns = vec![
        column(STEP, ""),
        column("surplus", "$"),
        column("collected", "$"),
    ];
    let players = run.players.iter();
    columns.extend(
        players
            .clone()
            .skip(1)
            .map(|p| column(format!("{p} pays"), "$")),
    );
    columns.extend(players.map(|p| column(format!("{p} has gained"), "$")));
    let rows = run.by_rule().map_or(Vec::new(), |own| {
        let settled = &own.settlement;
        let row = |t: usize| {
            let mut row = vec![
                (t + 1) as f64,
                run.bargained.surplus_usd(t),
                settled.charge_usd[t],
            ];
            row.extend(settled.payments_usd.iter().map(|b| b[t]));
            row.extend(&own.so_far_usd[t]);
            row.into_iter().map(number).collect()
        };
        (0..run.slots).map(row).collect()
    });
    Table {
        by_clock: true,
        ..table(
            "slots",
            &format!("Slot by slot: {}", run.chosen.name()),
            columns,
            rows,
            "The surplus is that of the whole day, as expected at the slot; without one there is no deal.",
        )
    }
}

fn generators(day: &Day) -> Table {
    let system = &day.system;
    let rows = system.units.iter().enumerate().map(|(n, unit)| {
        let costs = || day.together.generation[n].iter();
        vec![
            text(unit.id.clone()),
            text(system.buses[unit.bus].clone()),
            number(unit.max_p_mw()),
            at(format!("plan:{}", unit.id)),
            at(format!("p:{}", unit.id)),
            number(day.planned_usd[n].iter().sum()),
            number(costs().map(|g| g.fuel_usd).sum()),
            number(costs().map(|g| g.lost_opportunity_usd).sum()),
        ]
    });
    let columns = vec![
        column("generator", ""),
        column("bus", ""),
        column("capacity", "MW"),
        column("planned", "MW"),
        column("real time", "MW"),
        column("cost as planned, day", "$"),
        column("cost, day", "$"),
        column("lost opportunity, day", "$"),
    ];
    let note = "A generator below its plan is paid the profit it loses.";
    table("generators", "Generators", columns, rows.collect(), note)
}

fn boundaries(day: &Day) -> Table {
    let system = &day.system;
    let rows = system.dsos.iter().map(|dso| {
        let bus = &system.buses[dso.bus];
        let (boundary, id) = (&dso.boundary, &dso.id);
        vec![
            text(id.clone()),
            text(bus.clone()),
            at(format!("plan_import:{boundary}")),
            at(format!("import:{boundary}")),
            at(format!("plan_lmp:{bus}")),
            at(format!("lmp:{bus}")),
            at(format!("renewable_forecast:{id}")),
            at(format!("renewable_realised:{id}")),
            at(format!("load_wanted:{id}")),
            at(format!("load_served:{id}")),
        ]
    });
    let columns = vec![
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
    ];
    table("boundaries", "DSOs", columns, rows.collect(), "")
}

/// The imports and payments that other dispatches would change, none of them dearer.
fn ties(day: &Day) -> Option<Table> {
    let rows = day.tied.iter().map(|own| {
        vec![
            number((own.slot + 1) as f64),
            text(day.system.dsos[own.dso].id.clone()),
            number(own.import_mw),
            number(own.import_range_mw.0),
            number(own.import_range_mw.1),
            number(own.pays_usd),
            number(own.pays_range_usd.0),
            number(own.pays_range_usd.1),
        ]
    });
    let columns = vec![
        column(STEP, ""),
        column("DSO", ""),
        column("import", "MW"),
        column("least import", "MW"),
        column("greatest import", "MW"),
        column("pays", "$"),
        column("least payment", "$"),
        column("greatest payment", "$"),
    ];
    let note = "Other dispatches of the slot that are as good; payments at the price of the boundary. Of all, the one with the least sum of squares of the powers of the DSOs is taken.";
    let title = "Payments that depend on a tie";
    (!day.tied.is_empty()).then(|| table("ties", title, columns, rows.collect(), note))
}
