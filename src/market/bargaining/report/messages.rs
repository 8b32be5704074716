//! What is said of a run beside its numbers.

use super::words::{STEP, failure, usd};
use crate::market::bargaining::outcome::{Day, Settled, TiedPayment};
use crate::market::bargaining::params::Disagreement;
use crate::report::plots::message;
use crate::report::words::{listed, steps};
use crate::report::{Level, Message, amount};

/// Energy without a use from which on it is told, MWh.
const TOLD_UNUSED_MWH: f64 = 0.01;
/// Energy missed from which on it is told, MWh.
const TOLD_MISSED_MWH: f64 = 1e-3;
/// Gap from which on a relaxation is not exact, per unit.
const INEXACT_PU: f64 = 1e-4;

pub fn messages(run: &Settled, disagreement: Disagreement) -> Vec<Message> {
    let mut list = Vec::new();
    let lacking: Vec<usize> = run.without_deal().iter().map(|t| t + 1).collect();
    if !lacking.is_empty() {
        let text = match lacking.len() == run.slots {
            true => "Cooperation brings no surplus at any slot: there is no deal, nobody pays, and the day is as without cooperation. What is shown with cooperation is what its dispatch would be.".into(),
            false => format!("Cooperation is expected to bring no surplus in {}: there is no deal, and nobody pays there. Where it costs more than it brings, the two days have drifted apart; compare at equal histories instead.", steps(STEP, &lacking)),
        };
        list.push(message(Level::Warning, text));
    }
    match &run.day {
        Some(day) => {
            list.extend(ties(day, disagreement));
            operation(day, &mut list);
        }
        None => list.push(message(
            Level::Info,
            "The values of the day are given; nothing is dispatched, so there are no prices to settle at.".into(),
        )),
    }
    if let Err(why) = &run.studies {
        let why = failure(why);
        let text = format!("Not all that was asked beside the day has an answer: {why}.");
        list.push(message(Level::Warning, text));
    }
    list
}

/// Energy without a use, energy missed, and a relaxation that is not exact.
fn operation(day: &Day, list: &mut Vec<Message>) {
    let mut say = |level: Level, text: String| list.push(message(level, text));
    for (dso, own) in day.system.dsos.iter().zip(&day.apart) {
        let id = &dso.id;
        let unused = own.unused_mw.iter().sum::<f64>() * day.system.hours;
        if unused > TOLD_UNUSED_MWH {
            let unused = amount(unused, "");
            say(
                Level::Info,
                format!("{id} on its own has no use for {unused} MWh of the import it must keep."),
            );
        }
        let missed = own.missed_mwh.last().copied().unwrap_or(0.0);
        if missed > TOLD_MISSED_MWH {
            let missed = amount(missed, "");
            say(
                Level::Warning,
                format!(
                    "{id} on its own misses the energy of its adjustable loads by {missed} MWh."
                ),
            );
        }
    }
    let gaps = day.together.dsos.iter().map(|d| d.cone_gap);
    let gap = gaps.fold(0.0, f64::max);
    if gap > INEXACT_PU {
        let gap = amount(gap, "");
        say(
            Level::Warning,
            format!(
                "The cone relaxation is not tight (largest gap {gap} p.u.): the flow shown is a relaxation there, not a power flow."
            ),
        );
    }
}

/// Whose payments depend on a choice among ties, by how much at prices, and how it was made.
fn ties(day: &Day, disagreement: Disagreement) -> Vec<Message> {
    let rule = "Of equally good dispatches the one with the least sum of squares of the powers of the DSOs is taken.";
    let mut list: Vec<String> = Vec::new();
    if day.plan.tied {
        list.push("The plan of the day before has ties: DSOs could exchange energy between slots at no cost. Imports as planned, and all payments with them, depend on the choice.".into());
    }
    let mut slots: Vec<usize> = day.tied.iter().map(|own| own.slot + 1).collect();
    slots.dedup();
    if !slots.is_empty() {
        let widest = (0..day.system.dsos.len()).filter_map(|m| widest(day, m));
        let widest = widest.collect::<Vec<_>>().join("; ");
        let nash = match disagreement {
            Disagreement::Rebased => {
                " Nash payments against equal histories depend on it too, with what was drawn so far."
            }
            Disagreement::Shadow => "",
        };
        let slots = steps(STEP, &slots);
        list.push(format!(
            "Payments at prices depend on a tie in {slots}: {widest}.{nash}"
        ));
    }
    let alone = day.system.dsos.iter().zip(&day.apart);
    let alone = alone.filter(|(_, own)| !own.tied.is_empty());
    let alone = alone.map(|(dso, own)| {
        let slots: Vec<usize> = own.tied.iter().map(|t| t + 1).collect();
        format!("{} in {}", dso.id, steps(STEP, &slots))
    });
    let alone: Vec<String> = alone.collect();
    if !alone.is_empty() {
        list.push(format!(
            "On its own a DSO has several plans that are equally good: {}. What it expects in later slots, and its Nash payments with it, depend on the choice.",
            listed(&alone)
        ));
    }
    if let Some(first) = list.first_mut() {
        *first = format!("{first} {rule}");
    }
    list.into_iter()
        .map(|text| message(Level::Info, text))
        .collect()
}

/// The widest payment of a DSO in words.
fn widest(day: &Day, m: usize) -> Option<String> {
    let width = |own: &&TiedPayment| own.pays_range_usd.1 - own.pays_range_usd.0;
    let own = day.tied.iter().filter(|own| own.dso == m);
    let own = own.max_by(|a, b| width(a).total_cmp(&width(b)))?;
    let (id, slot) = (&day.system.dsos[m].id, own.slot + 1);
    let (least, most) = own.pays_range_usd;
    let [size, least, most] = [own.pays_usd.abs(), least, most].map(usd);
    let pays = if own.pays_usd < 0.0 {
        "is paid"
    } else {
        "pays"
    };
    Some(format!(
        "{id} {pays} {size} in slot {slot} and could as well pay {least} to {most} there"
    ))
}
