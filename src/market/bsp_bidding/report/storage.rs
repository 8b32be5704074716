//! What storage does, what that is worth, and how well the best schedule is known.

use crate::report::SubjectKind::Party;
use crate::report::plots::{Row, about, axis, chart, line, message, quantities};
use crate::report::words::{counted, usd};
use crate::report::{
    Badge, Cell, Chart, Filled, Level, Message, Quantity, Role, Series, Table, Tone, filled,
    number, plain,
};

use super::super::model::joint::{Amounts, held_mwh};
use super::super::model::schedule::Best;
use super::super::model::storage::Storage;
use super::super::params::Behaviour;
use super::run::{MANY, Run, STEP};

/// Index among resources of storage `s`.
fn resource(run: &Run, s: usize) -> usize {
    run.outcome.system.hours[0].first_storage() + s
}

/// Discharged and charged under a behaviour, by hour.
fn schedule(run: &Run, behaviour: Behaviour) -> Vec<Amounts> {
    let periods = run.outcome.variant(behaviour).map(|v| &v.day.periods);
    let amounts = |cleared: &super::super::model::clear::Cleared| {
        let first = resource(run, 0);
        let all = cleared.up_mw[first..].iter().zip(&cleared.down_mw[first..]);
        all.map(|(u, w)| (*u, *w)).collect()
    };
    let periods = periods.into_iter().flatten();
    periods.map(|p| amounts(&p.cleared)).collect()
}

/// How far the schedule found may lie below the best, $ and % of the bound.
fn gap(best: &Best) -> (f64, f64) {
    let gap = (best.bound - best.profit).max(0.0);
    (gap, 100.0 * gap / best.bound.abs().max(1e-9))
}

/// The strategic or the truthful day in a sentence; `None` without storage.
pub fn headline(run: &Run) -> Option<String> {
    let storage = run.outcome.storage.as_ref()?;
    let names = match &run.outcome.system.storage[..] {
        [one] => one.id.clone(),
        all => counted(all.len(), "storage"),
    };
    let without = &storage.without;
    let cost = run
        .outcome
        .variant(Behaviour::Truthful)?
        .day
        .totals
        .cost_usd;
    let (shown, player) = (&run.shown.day, run.outcome.player());
    match (run.behaviour(), &storage.best) {
        (Behaviour::Truthful, _) => Some(format!(
            "Cleared as one day with {names}, activation costs {} instead of {} without: storage saves {}, and the DSO pays {} instead of {}",
            usd(cost),
            usd(without.cost_usd),
            usd(without.cost_usd - cost),
            usd(shown.totals.payment_usd),
            usd(without.payment_usd),
        )),
        (Behaviour::Strategic, Some(best)) => Some(format!(
            "With its own schedule of {names} {} earns {} instead of {} without storage and {} at cost; no schedule and bids earn more than {}, and the DSO pays {}",
            run.player(),
            usd(best.profit),
            usd(without.best_profit_usd),
            usd(run
                .outcome
                .variant(Behaviour::Truthful)?
                .day
                .owner_usd(player)),
            usd(best.bound),
            usd(shown.totals.payment_usd),
        )),
        _ => None,
    }
}

/// How well the schedule is known.
pub fn badge(storage: &Storage) -> Option<Badge> {
    let best = storage.best.as_ref()?;
    let (usd, percent) = gap(best);
    Some(match percent {
        gap if gap < 2e-4 => Badge::new("schedule of storage proven best", Tone::Good),
        _ => Badge::new(
            format!(
                "schedule of storage within {} $ ({} %) of the best",
                plain(usd, 4),
                plain(percent, 2)
            ),
            Tone::Neutral,
        ),
    })
}

pub fn quantities_of(run: &Run) -> Vec<Quantity> {
    let Some(storage) = &run.outcome.storage else {
        return Vec::new();
    };
    let Some(truthful) = run.outcome.variant(Behaviour::Truthful) else {
        return Vec::new();
    };
    let (player, w) = (run.player(), &storage.without);
    let at_cost = truthful.day.owner_usd(run.outcome.player());
    let (cost, payment) = (
        &truthful.day.totals.cost_usd,
        &truthful.day.totals.payment_usd,
    );
    let with = format!("Profit of {player} at cost, without storage");
    let best_without = format!("Best profit of {player} without storage");
    let gain = format!("{player} earns more at cost with storage");
    #[rustfmt::skip]
    let mut list: Vec<Row> = vec![
        ("storage_value", "What storage saves", w.cost_usd - cost, "$", "of activation cost, everyone at cost"),
        ("storage_payment", "The DSO pays less with it", w.payment_usd - payment, "$", "everyone at cost"),
        ("storage_gain", &gain, at_cost - w.profit_at_cost_usd, "$", ""),
        ("profit_without", &with, w.profit_at_cost_usd, "$", ""),
        ("best_without", &best_without, w.best_profit_usd, "$", ""),
    ];
    let profit = format!("Profit of {player} with the schedule found");
    if let Some(best) = &storage.best {
        let (usd, percent) = gap(best);
        #[rustfmt::skip]
        list.extend([
            ("schedule_profit", profit.as_str(), best.profit, "$", "bids and schedule of storage together"),
            ("schedule_bound", "No schedule and bids earn more", best.bound, "$", "by values of stored energy, hour by hour"),
            ("schedule_gap", "So the schedule may fall short by", usd, "$", ""),
            ("schedule_gap_percent", "the same as a share", percent, "%", "of what no schedule exceeds"),
            ("schedule_rounds", "Rounds of values of stored energy", best.rounds as f64, "1", ""),
        ]);
    }
    quantities(&list).collect()
}

/// State of charge under every behaviour that runs storage, and the value of what is stored.
pub fn series(run: &Run) -> Vec<Series> {
    let Some(storage) = &run.outcome.storage else {
        return Vec::new();
    };
    let system = &run.outcome.system;
    let mut list = Vec::new();
    for (s, own) in system.storage.iter().enumerate() {
        let subject = || Party.of(&own.id);
        for behaviour in [Behaviour::Truthful, Behaviour::Strategic] {
            let held = held_mwh(system, s, &schedule(run, behaviour));
            let name = format!("held by {}, {}", own.id, behaviour.name());
            let key = format!("stored_{}", behaviour.id());
            list.push(about(&key, subject(), name, "MWh", held));
        }
        let name = format!("value of energy in {}", own.id);
        let value = storage.joint.value[s].clone();
        list.push(about("stored_value", subject(), name, "$/MWh", value));
    }
    list
}

pub fn chart_of(run: &Run) -> Option<Chart> {
    run.outcome.storage.as_ref()?;
    let both = [
        (Behaviour::Truthful, Role::Der, true),
        (Behaviour::Strategic, Role::Optimum, false),
    ];
    let all = run.outcome.system.storage.iter().take(MANY);
    let marks = all.flat_map(|own| {
        both.map(|(behaviour, role, dashed)| {
            let id = format!("stored_{}:{}", behaviour.id(), own.id);
            line(id, role, dashed, true)
        })
    });
    Some(chart(
        STEP,
        "stored",
        "What storage holds",
        axis("energy", "MWh", true),
        marks.collect(),
        "At the end of each hour: with everyone at cost, dashed, and with the schedule of the strategic owner. Your bids keep the latter.",
    ))
}

/// What each storage does by hour on the day shown.
pub fn tables(run: &Run) -> Vec<Table> {
    let Some(storage) = &run.outcome.storage else {
        return Vec::new();
    };
    let system = &run.outcome.system;
    let behaviour = run.behaviour();
    let amounts = schedule(run, behaviour);
    let table = |s: usize| {
        let (k, id) = (resource(run, s), &system.storage[s].id);
        let held = held_mwh(system, s, &amounts);
        let price = |t: usize| run.shown.feeder.price[system.at[k]][t];
        let profit = |t: usize| {
            let (up, down) = amounts[t][s];
            let wear = system.storage[s].wear_usd_per_mwh;
            ((price(t) - wear) * up - price(t) * down) * system.hours_per_period
        };
        let columns: [Filled; 7] = [
            ("hour", "", &|t| Cell::Number((t + 1) as f64)),
            ("discharged", "MW", &|t| number(amounts[t][s].0)),
            ("charged", "MW", &|t| number(amounts[t][s].1)),
            ("held at the end", "MWh", &|t| number(held[t])),
            ("value of energy held, at cost", "$/MWh", &|t| {
                number(storage.joint.value[s][t])
            }),
            ("price at its bus", "$/MWh", &|t| number(price(t))),
            ("it earns", "$", &|t| number(profit(t))),
        ];
        Table {
            by_clock: true,
            ..filled(
                &format!("storage:{id}"),
                &format!("{id} hour by hour: {}", behaviour.name()),
                0..amounts.len(),
                &columns,
                "The value is what a MWh more in the storage would save with everyone at cost; discharged it is worth that over the efficiency, beside the wear.",
            )
        }
    };
    (0..system.storage.len()).map(table).collect()
}

/// What is said of storage on the day shown.
pub fn said(run: &Run) -> Option<Message> {
    let storage = run.outcome.storage.as_ref()?;
    let chosen = match &storage.best {
        Some(_) => format!(
            "{} offers amounts from its storage, at prices between the TSO's, and keeps that schedule with your bids; the bounds hour by hour are for the other bids beside that schedule",
            run.player()
        ),
        None => "Storage keeps the schedule of the day at cost under every behaviour".into(),
    };
    Some(message(
        Level::Info,
        format!(
            "{chosen}. Storage of others does what it does with everyone at cost, and rests where the TSO covers everything. Nothing of it is forwarded to the TSO: energy used there would be missing later. Energy above what must be left at the end has no worth."
        ),
    ))
}

/// Cells of storage in the table of resources: its power, not what it offers in an hour.
pub fn power(run: &Run, k: usize, up: bool) -> Cell {
    let own = &run.outcome.system.hours[run.hour];
    let storage = k.checked_sub(own.first_storage());
    number(
        match storage.and_then(|s| run.outcome.system.storage.get(s)) {
            Some(own) if up => own.max_up_mw,
            Some(own) => own.max_down_mw,
            None => own.max_mw(up)[k],
        },
    )
}
