//! What is said of a day whose dispatch leaves a choice.

use crate::report::plots::message;
use crate::report::words::{listed, steps};
use crate::report::{Cell, Level, Message, Table, column, number, plain, table, text};

use super::answer::Day;
use super::params::Disagreement;

/// Payments apart by less are not worth a word, $.
const WORTH_USD: f64 = 0.01;

/// What a DSO may draw and pay in one slot.
struct Open {
    slot: usize,
    dso: usize,
    import_mw: (f64, f64),
    /// At the price of the boundary.
    pays_usd: (f64, f64),
}

/// π_m(t) (d_m(t) − d̂_m(t)) at an import, $.
fn pays(day: &Day, m: usize, t: usize, import_mw: f64) -> f64 {
    let price = day.together.lmp[t][day.system.dsos[m].bus];
    price * (import_mw - day.plan.import_mw[m][t]) * day.system.hours
}

/// Every payment at prices that equally good dispatches of its slot would change; the slots before
/// are as they were carried out.
fn open(day: &Day) -> Vec<Open> {
    let mut list = Vec::new();
    for (slot, ranges) in day.together.tied_import_mw.iter().enumerate() {
        for (dso, &(least, most)) in ranges.iter().enumerate() {
            let ends = (pays(day, dso, slot, least), pays(day, dso, slot, most));
            let pays_usd = (ends.0.min(ends.1), ends.0.max(ends.1));
            if pays_usd.1 - pays_usd.0 > WORTH_USD {
                list.push(Open {
                    slot,
                    dso,
                    import_mw: (least, most),
                    pays_usd,
                });
            }
        }
    }
    list
}

/// The imports and payments that other dispatches would change, none of them dearer.
pub fn ties(day: &Day) -> Option<Table> {
    let rows: Vec<Vec<Cell>> = open(day)
        .iter()
        .map(|own| {
            let import = day.together.dsos[own.dso].import_mw[own.slot];
            vec![
                Cell::Number((own.slot + 1) as f64),
                text(day.system.dsos[own.dso].id.clone()),
                number(import),
                number(own.import_mw.0),
                number(own.import_mw.1),
                number(pays(day, own.dso, own.slot, import)),
                number(own.pays_usd.0),
                number(own.pays_usd.1),
            ]
        })
        .collect();
    let columns = vec![
        column("slot", ""),
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
    (!rows.is_empty()).then(|| table("ties", title, columns, rows, note))
}

/// Whose payments depend on a choice, by how much at prices, and how it was made.
pub fn messages(day: &Day, disagreement: Disagreement) -> Vec<Message> {
    let rule = "Of equally good dispatches the one with the least sum of squares of the powers of the DSOs is taken.";
    let mut list = Vec::new();
    let mut say = |text: String| list.push(message(Level::Info, text));
    if day.plan.tied {
        say("The plan of the day before has ties: DSOs could exchange energy between slots at no cost. Imports as planned, and all payments with them, depend on the choice.".into());
    }
    let open = open(day);
    let mut slots: Vec<usize> = open.iter().map(|own| own.slot + 1).collect();
    slots.dedup();
    if !open.is_empty() {
        let widest = (0..day.system.dsos.len()).filter_map(|m| widest(day, &open, m));
        let nash = match disagreement {
            Disagreement::Rebased => {
                " Nash payments against equal histories depend on it too, with what was drawn so far."
            }
            Disagreement::Shadow => "",
        };
        say(format!(
            "Payments at prices depend on a tie in {}: {}.{nash}",
            steps("slot", &slots),
            widest.collect::<Vec<_>>().join("; ")
        ));
    }
    let alone: Vec<String> = day
        .system
        .dsos
        .iter()
        .zip(&day.apart)
        .filter(|(_, own)| !own.tied.is_empty())
        .map(|(dso, own)| {
            let slots: Vec<usize> = own.tied.iter().map(|t| t + 1).collect();
            format!("{} in {}", dso.id, steps("slot", &slots))
        })
        .collect();
    if !alone.is_empty() {
        say(format!(
            "On its own a DSO has several plans that are equally good: {}. What it expects in later slots, and its Nash payments with it, depend on the choice.",
            listed(&alone)
        ));
    }
    if let Some(first) = list.first_mut() {
        first.text = format!("{} {rule}", first.text);
    }
    list
}

/// The widest payment of a DSO in words.
fn widest(day: &Day, open: &[Open], m: usize) -> Option<String> {
    let width = |own: &&Open| own.pays_usd.1 - own.pays_usd.0;
    let own = open.iter().filter(|own| own.dso == m);
    let own = own.max_by(|a, b| width(a).total_cmp(&width(b)))?;
    let import = day.together.dsos[m].import_mw[own.slot];
    Some(format!(
        "{} pays {} $ in slot {} and could as well pay {} to {} $ there",
        day.system.dsos[m].id,
        plain(pays(day, m, own.slot, import), 2),
        own.slot + 1,
        plain(own.pays_usd.0, 2),
        plain(own.pays_usd.1, 2),
    ))
}
