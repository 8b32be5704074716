//! Batteries of a run: what they hold and do, and what they are worth.

use super::words::{STEP, unserved, usd};
use crate::case::day::Storage;
use crate::market::bargaining::model::rolling_horizon::Realized;
use crate::market::bargaining::model::storage::at_once_mw;
use crate::market::bargaining::outcome::{Day, Settled};
use crate::report::SubjectKind::Party;
use crate::report::plots::{Numbers, axis, bars, chart, line, message, over};
use crate::report::{Filled, Level, Report, Role, Table, amount, at, filled, number, text};

/// Batteries up to which charts have lines for each.
const MANY: usize = 60;

/// Each battery of a day with its DSO and its place there.
fn each(day: &Day) -> Vec<(usize, usize, &Storage)> {
    let dsos = day.system.dsos.iter().enumerate();
    dsos.flat_map(|(m, dso)| {
        let own = dso.storage.iter().enumerate();
        own.map(move |(k, (_, storage))| (m, k, storage))
    })
    .collect()
}

/// Adds what is to be said of batteries; nothing where the day has none.
pub fn add(run: &Settled, report: &mut Report) {
    let Some(day) = &run.day else { return };
    let all = each(day);
    if all.is_empty() {
        return;
    }
    let mut numbers = Numbers::default();
    value(day, &mut numbers);
    report.summary.extend(numbers.0);
    report.tables.push(table(day, &all));
    worth(day, report);
    if all.len() <= MANY {
        charts(&all, report);
    }
    for (_, _, own) in &all {
        at_once(day, own, report);
    }
    if let Some(Err(why)) = &day.besides.bare {
        let why = unserved(why);
        let words = format!(
            "Without its batteries the day has no dispatch, so that they have no value to tell: {why}."
        );
        report.messages.push(message(Level::Warning, words));
    }
}

/// What the headline says of them; nothing where there are none.
pub fn headline(run: &Settled) -> String {
    let day = run.day.as_ref();
    let found = day.and_then(|day| Some((day, day.storage_value()?)));
    let Some((day, value)) = found else {
        return String::new();
    };
    let count = each(day).len();
    let (together, apart) = (usd(value.together_usd), usd(value.apart_usd));
    let (all, add) = match count {
        1 => ("1 battery".into(), "adds"),
        _ => (format!("{count} batteries"), "add"),
    };
    format!("; {all} of the DSOs {add} {together} to the day with cooperation, {apart} without")
}

fn value(day: &Day, list: &mut Numbers) {
    let Some(value) = day.storage_value() else {
        return;
    };
    let note = "utilities less generation cost of the day, less the same without batteries";
    for (id, name, usd) in [
        (
            "storage_planned",
            "Batteries add, as planned",
            value.planned_usd,
        ),
        (
            "storage_co",
            "Batteries add, with cooperation",
            value.together_usd,
        ),
        (
            "storage_non",
            "Batteries add, without cooperation",
            value.apart_usd,
        ),
    ] {
        list.add(id, name, usd, "$").noted(note);
    }
}

/// What the batteries add to the day, together and apart, side by side.
fn worth(day: &Day, report: &mut Report) {
    let Some(value) = day.storage_value() else {
        return;
    };
    let all = [
        ("together", "with cooperation", "co", value.together_usd),
        ("on its own", "without cooperation", "non", value.apart_usd),
    ];
    let ids = all.map(|(_, _, id, _)| format!("storage_worth:{id}"));
    let named = all.iter().zip(&ids);
    let series = named.map(|((_, name, _, usd), id)| {
        let name = format!("batteries add, {name}");
        over(id, name, "$", ("", ""), &[(0.0, *usd)])
    });
    report.series.extend(series);
    let labels = all.map(|(name, ..)| name.to_string());
    report.charts.push(bars(
        "storage_worth",
        "What the batteries add to the day",
        axis("added", "$", true),
        Role::Der,
        (labels.to_vec(), ids.to_vec()),
        "Utilities less generation cost of the day, less the same without batteries: all dispatched together, and each DSO on its own.",
    ));
}

fn table(day: &Day, all: &[(usize, usize, &Storage)]) -> Table {
    let hours = day.system.hours;
    let own = |n: usize| all[n].2;
    let sum = |of: fn(&Realized) -> &Vec<Vec<f64>>, n: usize| {
        let (m, k, _) = all[n];
        number(of(&day.together.dsos[m])[k].iter().sum::<f64>() * hours)
    };
    let series = |kind: &str, n: usize| at(format!("{kind}:{}", own(n).id));
    let columns: [Filled; 10] = [
        ("battery", "", &|n| text(&own(n).id)),
        ("DSO", "", &|n| text(&day.system.dsos[all[n].0].id)),
        ("power", "MW", &|n| number(own(n).max_p_mw)),
        ("energy", "MWh", &|n| number(own(n).energy_mwh)),
        ("feeds in", "MW", &|n| series("p", n)),
        ("stored", "MWh", &|n| series("stored", n)),
        ("stored, on its own", "MWh", &|n| series("stored_alone", n)),
        ("stored, planned", "MWh", &|n| series("stored_plan", n)),
        ("charged, day", "MWh", &|n| sum(|own| &own.charge_mw, n)),
        ("discharged, day", "MWh", &|n| {
            sum(|own| &own.discharge_mw, n)
        }),
    ];
    let note = "Stored is at the end of the slot. Feeding in below zero is charging.";
    filled("storage", "Batteries", 0..all.len(), &columns, note)
        .of(all.iter().map(|(_, _, own)| Party.of(&own.id)))
}

fn charts(all: &[(usize, usize, &Storage)], report: &mut Report) {
    let marks = |kinds: [&str; 2]| {
        let all = all.iter().enumerate();
        let lines = all.flat_map(|(n, (_, _, own))| {
            let of =
                |kind: &str, dashed| line(format!("{kind}:{}", own.id), Role::Der, dashed, n < 2);
            [of(kinds[0], false), of(kinds[1], true)]
        });
        lines.collect()
    };
    report.charts.push(chart(
        STEP,
        "stored",
        "Energy in batteries",
        axis("energy stored", "MWh", true),
        marks(["stored", "stored_alone"]),
        "Energy at the end of each slot: with cooperation, and when the DSO is on its own.",
    ));
    report.charts.push(chart(
        STEP,
        "storage_power",
        "Power of batteries",
        axis("feeds in", "MW", true),
        marks(["p", "alone"]),
        "What batteries feed in (below zero they charge): with cooperation, and when the DSO is on its own.",
    ));
}

/// Says where a battery charges and discharges at once, which the program does not forbid.
fn at_once(day: &Day, own: &Storage, report: &mut Report) {
    let place = each(day)
        .into_iter()
        .find(|(_, _, other)| other.id == own.id);
    let Some((m, k, _)) = place else { return };
    let plan = &day.plan.dispatch.dsos[m];
    let (together, apart) = (&day.together.dsos[m], &day.apart[m]);
    for (what, charge, discharge) in [
        ("as planned", &plan.charge_mw, &plan.discharge_mw),
        (
            "with cooperation",
            &together.charge_mw,
            &together.discharge_mw,
        ),
        ("without cooperation", &apart.charge_mw, &apart.discharge_mw),
    ] {
        let Some((slot, mw)) = at_once_mw(&charge[k], &discharge[k]) else {
            continue;
        };
        let (id, mw) = (&own.id, amount(mw, ""));
        let words = format!(
            "Battery {id} charges and discharges at once, {what}, by {mw} MW in {STEP} {}: losing energy costs nothing where prices are not above zero. The program does not forbid it and its certificate does not speak of it; no battery can do it.",
            slot + 1
        );
        report.messages.push(message(Level::Warning, words));
        report.badges.push(crate::report::Badge::judged(
            false,
            format!("{id} charges and discharges at once"),
        ));
    }
}
