//! What storage does, what that is worth, and how well the best schedule is known.

use crate::report::SubjectKind::Party;
use crate::report::plots::{about, axis, chart, line, message, quantity};
use crate::report::words::{counted, usd};
use crate::report::{
    Badge, Cell, Chart, Level, Message, Quantity, Role, Series, Table, Tone, amount, columns,
    number, table,
};

use super::super::model::joint::{Amounts, amounts, held_mwh};
use super::super::model::schedule::Best;
use super::super::model::storage::Storage;
use super::super::outcome::Variant;
use super::super::params::Behaviour;
use super::run::{MANY, Run, STEP};

/// Gap below which a schedule counts as the best: rounding of a linear program, %.
const PROVEN_PERCENT: f64 = 2e-4;

/// Discharged and charged on a day, by hour.
fn schedule(run: &Run, variant: &Variant) -> Vec<Amounts> {
    let mut schedule = Vec::new();
    for (hour, period) in run.outcome.system.hours.iter().zip(&variant.day.periods) {
        schedule.push(amounts(hour, &period.cleared));
    }
    schedule
}

/// How far the schedule found may lie below the best, % of what none exceeds; NaN without a bound.
fn gap_percent(best: &Best) -> f64 {
    100.0 * (best.bound - best.profit) / best.bound.abs().max(1e-9)
}

/// The strategic or the truthful day in a sentence; `None` without storage.
pub fn headline(run: &Run) -> Option<String> {
    let storage = run.outcome.storage.as_ref()?;
    let names = match &run.outcome.system.storage[..] {
        [one] => one.id.clone(),
        all => counted(all.len(), "storage"),
    };
    let (without, totals) = (&storage.without, &run.shown.day.totals);
    let pays = |without: f64| {
        let (with, without) = (usd(totals.payment_usd), usd(without));
        match with == without {
            true => format!("the DSO pays {with} with it and without"),
            false => format!("the DSO pays {with} instead of {without}"),
        }
    };
    match (run.behaviour(), &storage.best) {
        (Behaviour::Truthful, _) => Some(format!(
            "Cleared as one day with {names}, activation costs {} instead of {} without: storage saves {}, and {}",
            usd(totals.cost_usd),
            usd(without.cost_usd),
            usd(without.cost_usd - totals.cost_usd),
            pays(without.payment_usd),
        )),
        (Behaviour::Strategic, Some(best)) => {
            let proof = match best.bound.is_finite() {
                true => match gap_percent(best) < PROVEN_PERCENT {
                    true => "no schedule and no bids earn more".into(),
                    false => format!("no schedule and no bids earn more than {}", usd(best.bound)),
                },
                false => "how much more is possible is not proven".into(),
            };
            Some(format!(
                "With {names}, {} earns {} instead of {} without storage, and {proof}; {}",
                run.player(),
                usd(best.profit),
                usd(without.best_profit_usd),
                pays(without.best_payment_usd),
            ))
        }
        _ => None,
    }
}

/// How well the schedule is known.
pub fn badge(storage: &Storage) -> Option<Badge> {
    let best = storage.best.as_ref()?;
    let percent = gap_percent(best);
    let known = if percent < PROVEN_PERCENT {
        Badge::new("schedule of storage proven best", Tone::Good)
    } else if percent.is_finite() {
        let (usd, percent) = (amount(best.bound - best.profit, ""), amount(percent, ""));
        let text = format!("schedule of storage within {usd} $ ({percent} %) of the best");
        Badge::new(text, Tone::Neutral)
    } else {
        Badge::new("schedule of storage without proof", Tone::Bad)
    };
    Some(known.of_solving())
}

pub fn quantities_of(run: &Run) -> Vec<Quantity> {
    let mut list = Vec::new();
    let Some(storage) = &run.outcome.storage else {
        return list;
    };
    let Some(truthful) = run.outcome.variant(Behaviour::Truthful) else {
        return list;
    };
    let (player, w, day) = (run.player(), &storage.without, &truthful.day);
    let gain = day.owner_usd(run.outcome.player()) - w.profit_at_cost_usd;
    let mut add = |id: &str, name: &str, value: f64, unit: &str| {
        list.push(quantity(
            id.into(),
            name.replace("{}", player),
            value,
            unit,
            "",
        ));
    };
    let (cost, payment) = (day.totals.cost_usd, day.totals.payment_usd);
    #[rustfmt::skip]
    let all = [
        ("storage_value", "Storage saves of the activation cost, everyone at cost", w.cost_usd - cost),
        ("storage_payment", "The DSO pays less with it, everyone at cost", w.payment_usd - payment),
        ("storage_gain", "{} earns more with it, everyone at cost", gain),
        ("profit_without", "Profit of {} at cost, without storage", w.profit_at_cost_usd),
        ("best_without", "Best profit of {} without storage", w.best_profit_usd),
    ];
    for (id, name, value) in all {
        add(id, name, value, "$");
    }
    if let Some(best) = &storage.best {
        let (gap, percent) = (best.bound - best.profit, gap_percent(best));
        let rounds = best.rounds as f64;
        #[rustfmt::skip]
        let all = [
            ("schedule_profit", "Profit of {} with the schedule found and its bids", best.profit, "$"),
            ("schedule_bound", "No schedule and bids earn more", best.bound, "$"),
            ("schedule_gap", "So the schedule may fall short by", gap, "$"),
            ("schedule_gap_percent", "the same, as a share of what none exceeds", percent, "%"),
            ("schedule_rounds", "Rounds of values of stored energy", rounds, "1"),
        ];
        for (id, name, value, unit) in all {
            add(id, name, value, unit);
        }
    }
    list
}

/// The behaviours between which what storage holds is compared.
const SHOWN: [(Behaviour, Role, bool); 2] = [
    (Behaviour::Truthful, Role::Der, true),
    (Behaviour::Strategic, Role::Optimum, false),
];

/// What storage holds, and the value of it.
pub fn series(run: &Run) -> Vec<Series> {
    let mut list = Vec::new();
    let Some(storage) = &run.outcome.storage else {
        return list;
    };
    let system = &run.outcome.system;
    for (s, own) in system.storage.iter().enumerate() {
        for (behaviour, ..) in SHOWN {
            if let Some(variant) = run.outcome.variant(behaviour) {
                let held = held_mwh(system, s, &schedule(run, variant));
                let name = format!("held by {}, {}", own.id, behaviour.name());
                let key = format!("stored_{}", behaviour.id());
                list.push(about(&key, Party.of(&own.id), name, "MWh", held));
            }
        }
        let name = format!("value of energy in {}", own.id);
        let value = storage.joint.value[s].clone();
        list.push(about(
            "stored_value",
            Party.of(&own.id),
            name,
            "$/MWh",
            value,
        ));
    }
    list
}

pub fn chart_of(run: &Run) -> Option<Chart> {
    run.outcome.storage.as_ref()?;
    let mut marks = Vec::new();
    for own in run.outcome.system.storage.iter().take(MANY) {
        for (behaviour, role, dashed) in SHOWN {
            let id = format!("stored_{}:{}", behaviour.id(), own.id);
            marks.push(line(id, role, dashed, true));
        }
    }
    Some(chart(
        STEP,
        "stored",
        "What storage holds",
        axis("energy", "MWh", true),
        marks,
        "At the end of each hour: with everyone at cost, and with the schedule of the strategic owner. Your bids keep the latter.",
    ))
}

/// What each storage does by hour on the day shown.
pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = Vec::new();
    let Some(storage) = &run.outcome.storage else {
        return list;
    };
    let system = &run.outcome.system;
    let amounts = schedule(run, run.shown);
    for (s, own) in system.storage.iter().enumerate() {
        let held = held_mwh(system, s, &amounts);
        let bus = system.at[system.hours[0].first_storage() + s];
        let mut rows = Vec::new();
        for (t, held) in held.into_iter().enumerate() {
            let (up, down) = amounts[t][s];
            let price = run.shown.feeder.price[bus][t];
            let earned = (price - own.wear_usd_per_mwh) * up - price * down;
            let value = storage.joint.value[s][t];
            let earned = earned * system.hours_per_period;
            let row = [(t + 1) as f64, up, down, held, value, price, earned];
            rows.push(row.map(number).to_vec());
        }
        let columns = columns(&[
            ("hour", ""),
            ("discharged", "MW"),
            ("charged", "MW"),
            ("held at the end", "MWh"),
            ("value of energy held, at cost", "$/MWh"),
            ("price at its bus", "$/MWh"),
            ("it earns", "$"),
        ]);
        let title = format!("{} hour by hour: {}", own.id, run.behaviour().name());
        list.push(Table {
            by_clock: true,
            ..table(
                &format!("storage:{}", own.id),
                &title,
                columns,
                rows,
                "The value is what a MWh more in the storage would save with everyone at cost; discharged it is worth that over the efficiency, beside the wear.",
            )
        });
    }
    list
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
    number(match storage.map(|s| &run.outcome.system.storage[s]) {
        Some(own) if up => own.max_up_mw,
        Some(own) => own.max_down_mw,
        None => own.max_mw(up)[k],
    })
}
