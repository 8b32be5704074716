//! A run in a sentence, in badges and in single numbers.

use super::badges::{evenness, gain, sum};
use super::series::SAME_USD;
use super::words::{jain, usd};
use super::{batteries, risk};
use crate::market::bargaining::outcome::{ByRule, Day, Settled};
use crate::report::plots::Numbers;
use crate::report::words::counted;
use crate::report::{Badge, Quantity, capitalised};

/// The sentence with the numbers that matter.
pub fn headline(run: &Settled) -> String {
    let day = format!("{}{}", settled(run), batteries::headline(run));
    match risk::headline(run) {
        Some(risk) => format!("{risk}; the day that came true, {day}."),
        None => format!("{}.", capitalised(&day)),
    }
}

fn settled(run: &Settled) -> String {
    let name = run.chosen.name();
    let Some(own) = run.by_rule() else {
        return name.into();
    };
    let worth = format!("cooperation is worth {}", usd(run.surplus_usd()));
    if !own.agreed() {
        return format!("{name}: no deal; {worth}, so nobody signs, nobody pays and nobody gains");
    }
    let benefits = &own.benefits_usd;
    let its = benefits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let same = |b: f64| (b - its).abs() < SAME_USD;
    let index = jain(", Jain's index", own.jain);
    if benefits.iter().all(|b| same(*b)) {
        return format!("{name}: {worth}; all have the same, {}{index}", usd(its));
    }
    let iso = usd(benefits[0]);
    let all = run.players.iter().zip(benefits);
    let richest: Vec<&str> = all.filter(|(_, b)| same(**b)).map(|(p, _)| &**p).collect();
    let others = match richest.as_slice() {
        ["ISO"] => "more than anyone else".into(),
        [one] => format!("{one} has most with {}", usd(its)),
        many => format!("{} have most with {} each", many.join(" and "), usd(its)),
    };
    format!("{name}: {worth}; the ISO keeps {iso}, {others}{index}")
}

pub fn badges(run: &Settled) -> Vec<Badge> {
    // What is agreed before the day is what such a run is about.
    let mut list = risk::badges(run).unwrap_or_else(|| of_day(run));
    if let Some(day) = &run.day {
        list.push(Badge::certified(&day.certificates));
    }
    list
}

/// What holds of the settlement of the day.
fn of_day(run: &Settled) -> Vec<Badge> {
    let mut list = Vec::new();
    if let Some(own) = run.by_rule() {
        let paid = (
            own.settlement.imbalance_usd(),
            own.settlement.collected_usd(),
        );
        list.extend([sum(paid), gain(run, own.agreed(), &own.benefits_usd)]);
        list.extend(own.jain.map(evenness));
    }
    let lacking = run.without_deal().len();
    let text = match lacking {
        0 => "surplus in every slot".into(),
        _ => format!("no surplus, no deal in {}", counted(lacking, "slot")),
    };
    list.push(Badge::judged(lacking == 0, text));
    list
}

pub fn summary(run: &Settled) -> Vec<Quantity> {
    let mut list = Numbers::default();
    let v = &run.values;
    let at = |values: &[f64]| values.last().copied().unwrap_or(f64::NAN);
    let sum = |all: &[Vec<f64>]| all.iter().map(|own| at(own)).sum::<f64>();
    let (co, non) = (at(&v.cost_co_usd), at(&v.cost_non_usd));
    let (with, without) = (sum(&v.utility_co_usd) - co, sum(&v.utility_non_usd) - non);
    list.add("welfare_co", "Welfare with cooperation", with, "$")
        .noted("utilities less generation cost, whole day");
    list.add("welfare_non", "Welfare without cooperation", without, "$");
    list.add("surplus", "Surplus", run.surplus_usd(), "$")
        .noted("what cooperation has brought at the end of the day");
    let surplus = (0..run.slots).map(|t| run.bargained.surplus_usd(t));
    let least = surplus.fold(f64::INFINITY, f64::min);
    list.add("surplus_least", "Least surplus of a slot", least, "$")
        .noted("whole day, as expected at that slot, against the disagreement point");
    list.add("cost_non", "Generation cost, as planned", non, "$");
    list.add("cost_co", "Generation cost, with cooperation", co, "$")
        .noted("lost opportunities included");
    if let Some(day) = &run.day {
        operated(day, &mut list);
    }
    for own in &run.rules {
        by_rule(run, own, &mut list);
    }
    list.0
}

/// What real time was like.
fn operated(day: &Day, list: &mut Numbers) {
    let all = day.together.generation.iter().flatten();
    let lost: f64 = all.map(|g| g.lost_opportunity_usd).sum();
    list.add("lost_opportunity", "Lost opportunities", lost, "$")
        .noted("paid to generators below their plan");
    let unused = day.apart.iter().flat_map(|own| &own.unused_mw);
    let unused = unused.sum::<f64>() * day.system.hours;
    list.add("unused", "Import without a use", unused, "MWh")
        .noted("of DSOs on their own, which must keep it");
    let dsos = day.together.dsos.iter().chain(&day.apart);
    let gap = dsos.map(|d| d.cone_gap).fold(0.0, f64::max);
    list.add("cone_gap", "Largest cone gap", gap, "p.u.")
        .noted("w ℓ − P² − Q² on the base of the case");
    let buses = day.system.dsos.iter().map(|d| d.bus);
    let prices = buses.flat_map(|bus| day.together.lmp.iter().map(move |lmp| lmp[bus]));
    let peak = prices.fold(f64::MIN, f64::max);
    list.add("lmp_peak", "Highest price at a boundary", peak, "$/MWh")
        .noted("real time");
}

fn by_rule(run: &Settled, own: &ByRule, list: &mut Numbers) {
    let (id, name) = (own.rule.id(), own.rule.name());
    let index = own.jain.unwrap_or(f64::NAN);
    list.add(
        format!("jain:{id}"),
        format!("Jain's index, {name}"),
        index,
        "1",
    )
    .noted("1 where all gain the same; none where nothing is gained");
    let charge = own.settlement.collected_usd();
    list.add(
        format!("charge:{id}"),
        format!("ISO collects, {name}"),
        charge,
        "$",
    );
    for (player, paid) in run.players.iter().zip(own.paid_usd()).skip(1) {
        let called = format!("Payment of {player}, {name}");
        list.add(format!("paid:{id}:{player}"), called, paid, "$")
            .noted("below zero it is paid");
    }
    for (player, benefit) in run.players.iter().zip(&own.benefits_usd) {
        let called = format!("Net benefit of {player}, {name}");
        list.add(format!("benefit:{id}:{player}"), called, *benefit, "$");
    }
}
