//! Tables of a run.

use super::words::{NOTHING_USD, STEP};
use crate::market::bargaining::outcome::{ByRule, Day, Settled};
use crate::report::SubjectKind::{Boundary, Party};
use crate::report::{Cell, Filled, Table, at, column, filled, number, table, text};

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
    .of(run.players.iter().map(|player| Party.of(player)))
}

pub fn rules(run: &Settled) -> Table {
    let least = |own: &ByRule| {
        own.benefits_usd
            .iter()
            .fold(f64::INFINITY, |a, b| a.min(*b))
    };
    let losing = |own: &ByRule| {
        let slots = own.so_far_usd.iter().enumerate();
        let losing = slots.filter(|(_, b)| b.iter().any(|b| *b < -NOTHING_USD));
        let losing: Vec<String> = losing.map(|(t, _)| (t + 1).to_string()).collect();
        match losing.is_empty() {
            true => "none".into(),
            false => losing.join(", "),
        }
    };
    let by = |k: usize| &run.rules[k];
    let index = |k: usize| by(k).jain.map_or(Cell::Empty, number);
    let imbalance = |k: usize| number(by(k).settlement.imbalance_usd());
    let losing = |k: usize| text(losing(by(k)));
    let columns: [Filled; 5] = [
        ("rule", "", &|k| text(by(k).rule.name())),
        ("Jain's index", "1", &index),
        ("least net benefit", "$", &|k| number(least(by(k)))),
        ("payments off by", "$", &imbalance),
        ("slots with a player worse off so far", "", &losing),
    ];
    filled(
        "rules",
        "The rules compared",
        0..run.rules.len(),
        &columns,
        "",
    )
}

fn slots(run: &Settled) -> Table {
    let mut columns = vec![
        column(STEP, ""),
        column("surplus", "$"),
        column("collected", "$"),
    ];
    let players = run.players.iter();
    let pays = (players.clone().skip(1)).map(|p| column(format!("{p} pays"), "$").of(Party.of(p)));
    let gained = players.map(|p| column(format!("{p} has gained"), "$").of(Party.of(p)));
    columns.extend(pays.chain(gained));
    let rows = run.by_rule().map_or(Vec::new(), |own| {
        let settled = &own.settlement;
        let row = |t: usize| {
            let (surplus, charge) = (run.bargained.surplus_usd(t), settled.charge_usd[t]);
            let mut row = vec![(t + 1) as f64, surplus, charge];
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
    let (system, real) = (&day.system, &day.together.generation);
    let unit = |n: usize| &system.units[n];
    let fuel = |n: usize| real[n].iter().map(|g| g.fuel_usd).sum();
    let lost = |n: usize| real[n].iter().map(|g| g.lost_opportunity_usd).sum();
    let planned = |n: usize| day.planned_usd[n].iter().sum();
    let columns: [Filled; 8] = [
        ("generator", "", &|n| text(&unit(n).id)),
        ("bus", "", &|n| text(&system.buses[unit(n).bus])),
        ("capacity", "MW", &|n| number(unit(n).max_p_mw())),
        ("planned", "MW", &|n| at(format!("plan:{}", unit(n).id))),
        ("real time", "MW", &|n| at(format!("p:{}", unit(n).id))),
        ("cost as planned, day", "$", &|n| number(planned(n))),
        ("cost, day", "$", &|n| number(fuel(n))),
        ("lost opportunity, day", "$", &|n| number(lost(n))),
    ];
    let note = "A generator below its plan is paid the profit it loses.";
    let units = 0..system.units.len();
    filled("generators", "Generators", units, &columns, note)
        .of(system.units.iter().map(|unit| Party.of(&unit.id)))
}

fn boundaries(day: &Day) -> Table {
    let system = &day.system;
    let dso = |m: usize| &system.dsos[m];
    let bus = |m: usize| &system.buses[dso(m).bus];
    let price = |kind: &str, m: usize| at(format!("{kind}:{}", bus(m)));
    let import = |kind: &str, m: usize| at(format!("{kind}:{}", dso(m).boundary));
    let renewable = |kind: &str, m: usize| at(format!("renewable_{kind}:{}", dso(m).id));
    let load = |kind: &str, m: usize| at(format!("load_{kind}:{}", dso(m).id));
    let columns: [Filled; 10] = [
        ("DSO", "", &|m| text(&dso(m).id)),
        ("bus", "", &|m| text(bus(m))),
        ("import, planned", "MW", &|m| import("plan_import", m)),
        ("import", "MW", &|m| import("import", m)),
        ("price, planned", "$/MWh", &|m| price("plan_lmp", m)),
        ("price", "$/MWh", &|m| price("lmp", m)),
        ("renewables, forecast", "MW", &|m| renewable("forecast", m)),
        ("renewables, realised", "MW", &|m| renewable("realised", m)),
        ("adjustable loads, wanted", "MW", &|m| load("wanted", m)),
        ("adjustable loads, served", "MW", &|m| load("served", m)),
    ];
    filled("boundaries", "DSOs", 0..system.dsos.len(), &columns, "")
        .of(system.dsos.iter().map(|dso| Boundary.of(&dso.boundary)))
}

/// The imports and payments that other dispatches would change, none of them dearer.
fn ties(day: &Day) -> Option<Table> {
    let own = |k: usize| &day.tied[k];
    let (import, pays) = (
        |k: usize| own(k).import_range_mw,
        |k: usize| own(k).pays_range_usd,
    );
    let columns: [Filled; 8] = [
        (STEP, "", &|k| number((own(k).slot + 1) as f64)),
        ("DSO", "", &|k| text(&day.system.dsos[own(k).dso].id)),
        ("import", "MW", &|k| number(own(k).import_mw)),
        ("least import", "MW", &|k| number(import(k).0)),
        ("greatest import", "MW", &|k| number(import(k).1)),
        ("pays", "$", &|k| number(own(k).pays_usd)),
        ("least payment", "$", &|k| number(pays(k).0)),
        ("greatest payment", "$", &|k| number(pays(k).1)),
    ];
    let note = "Other dispatches of the slot that are as good; payments at the price of the boundary. Of all, the one with the least sum of squares of the powers of the DSOs is taken.";
    let title = "Payments that depend on a tie";
    (!day.tied.is_empty()).then(|| filled("ties", title, 0..day.tied.len(), &columns, note))
}
