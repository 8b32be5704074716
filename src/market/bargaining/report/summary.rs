//! A run in a sentence, in badges and in single numbers.

use crate::report::plots::quantity;
use crate::report::words::counted;
use crate::report::{Badge, Quantity, Tone, capitalised, plain};

use super::answer::Run;
use super::params::Rule;
use super::settle::jain;

fn usd(value: f64) -> String {
    format!("{} $", plain(value, 2))
}

/// The last slot of the day.
fn last(run: &Run) -> usize {
    run.slots.saturating_sub(1)
}

/// The sentence with the numbers that matter.
pub fn headline(run: &Run) -> String {
    let surplus = run.gains.surplus_usd(last(run));
    let name = capitalised(run.chosen.name());
    let Some(benefits) = run.benefits_usd(run.chosen) else {
        return name;
    };
    if !agreed(run) {
        return format!(
            "{name}: no deal; cooperation is worth {}, so nobody signs, nobody pays and nobody gains",
            usd(surplus)
        );
    }
    let most = run.players.iter().zip(&benefits);
    let most = most.max_by(|a, b| a.1.total_cmp(b.1));
    let (richest, its) = most.map_or((String::new(), 0.0), |(p, b)| (p.clone(), *b));
    let index = jain(&benefits).map_or(String::new(), |index| {
        format!(", Jain's index is {}", plain(index, 3))
    });
    if benefits.iter().all(|b| (b - its).abs() < 5e-3) {
        return format!(
            "{name}: cooperation is worth {}; all have the same, {}{index}",
            usd(surplus),
            usd(its)
        );
    }
    format!(
        "{name}: cooperation is worth {}; the ISO keeps {}, {richest} has most with {}{index}",
        usd(surplus),
        usd(benefits[0]),
        usd(its),
    )
}

/// Whether anything is agreed on by the rule chosen.
fn agreed(run: &Run) -> bool {
    let settled = run.settled(run.chosen);
    settled.is_some_and(|s| s.agreed.last() == Some(&true))
}

pub fn badges(run: &Run) -> Vec<Badge> {
    let mut list = Vec::new();
    let mut badge = |good: bool, yes: String, no: String| {
        list.push(Badge {
            text: if good { yes } else { no },
            tone: if good { Tone::Good } else { Tone::Bad },
        });
    };
    if let Some(settled) = run.settled(run.chosen) {
        let size = settled.collected_usd().abs().max(1.0);
        let off = settled.imbalance_usd();
        badge(
            off <= 1e-9 * size,
            "budget balanced".into(),
            format!("budget off by {}", usd(off)),
        );
        let benefits = settled.benefits_usd(&run.gains, last(run));
        let losers: Vec<&str> = run
            .players
            .iter()
            .zip(&benefits)
            .filter(|(_, b)| **b < -1e-6)
            .map(|(p, _)| p.as_str())
            .collect();
        if agreed(run) {
            // Everyone gains, or some gain and none loses.
            let idle = benefits.iter().any(|b| *b <= 1e-6);
            badge(
                losers.is_empty(),
                if idle {
                    "nobody loses"
                } else {
                    "everyone gains"
                }
                .into(),
                format!(
                    "{}: {}",
                    if losers.len() == 1 { "loses" } else { "lose" },
                    losers.join(", ")
                ),
            );
        } else {
            badge(false, String::new(), "no deal: nobody gains".into());
        }
    }
    let lacking = (0..run.slots).filter(|&t| !run.bargained.worth_a_deal(t));
    let lacking = lacking.count();
    badge(
        lacking == 0,
        "surplus in every slot".into(),
        format!("no surplus, no deal in {}", counted(lacking, "slot")),
    );
    if let Some(day) = &run.day {
        let open = day.certificates.iter().filter(|c| !c.certified).count();
        badge(
            open == 0,
            format!("{} certified", counted(day.certificates.len(), "solve")),
            format!("{} not certified", counted(open, "solve")),
        );
    }
    if let Some(index) = run.benefits_usd(run.chosen).and_then(|b| jain(&b)) {
        list.insert(
            2.min(list.len()),
            Badge {
                text: format!("Jain's index {}", plain(index, 3)),
                tone: Tone::Neutral,
            },
        );
    }
    list
}

pub fn summary(run: &Run) -> Vec<Quantity> {
    let mut list = Vec::new();
    let mut add = |id: String, name: String, value: f64, unit: &str, note: &str| {
        list.push(quantity(id, name, value, unit, note));
    };
    let t = last(run);
    let v = &run.values;
    let at = |values: &[f64]| values.get(t).copied().unwrap_or(f64::NAN);
    let sum = |all: &[Vec<f64>]| all.iter().map(|own| at(own)).sum::<f64>();
    let (cost_co, cost_non) = (at(&v.cost_co_usd), at(&v.cost_non_usd));
    let welfare = (
        sum(&v.utility_co_usd) - cost_co,
        sum(&v.utility_non_usd) - cost_non,
    );
    add(
        "welfare_co".into(),
        "Welfare with cooperation".into(),
        welfare.0,
        "$",
        "utilities less generation cost, whole day",
    );
    add(
        "welfare_non".into(),
        "Welfare without".into(),
        welfare.1,
        "$",
        "",
    );
    add(
        "surplus".into(),
        "Surplus".into(),
        run.gains.surplus_usd(t),
        "$",
        "what cooperation has brought at the end of the day",
    );
    let least = (0..run.slots)
        .map(|t| run.bargained.surplus_usd(t))
        .fold(f64::INFINITY, f64::min);
    add(
        "surplus_least".into(),
        "Least surplus of a slot".into(),
        least,
        "$",
        "whole day, as expected at that slot, against the disagreement point",
    );
    add(
        "cost_non".into(),
        "Generation cost, as planned".into(),
        cost_non,
        "$",
        "",
    );
    add(
        "cost_co".into(),
        "Generation cost, with cooperation".into(),
        cost_co,
        "$",
        "lost opportunities included",
    );
    if let Some(day) = &run.day {
        let all = day.together.generation.iter().flatten();
        let lost: f64 = all.map(|g| g.lost_usd).sum();
        add(
            "lost_opportunity".into(),
            "Lost opportunities".into(),
            lost,
            "$",
            "paid to generators below their plan",
        );
        let hours = day.system.hours;
        let unused: f64 = day.apart.iter().flat_map(|own| &own.unused_mw).sum::<f64>() * hours;
        add(
            "unused".into(),
            "Import without a use".into(),
            unused,
            "MWh",
            "of DSOs on their own, which must keep it",
        );
        let gap = day
            .together
            .dsos
            .iter()
            .chain(&day.apart)
            .map(|d| d.cone_gap);
        add(
            "cone_gap".into(),
            "Largest cone gap".into(),
            gap.fold(0.0, f64::max),
            "p.u.",
            "w ℓ − P² − Q² on the base of the case",
        );
        let peak = day.system.dsos.iter().map(|d| {
            let prices = day.together.lmp.iter().map(|lmp| lmp[d.bus]);
            prices.fold(f64::MIN, f64::max)
        });
        add(
            "lmp_peak".into(),
            "Highest price at a boundary".into(),
            peak.fold(f64::MIN, f64::max),
            "$/MWh",
            "real time",
        );
    }
    for (rule, settled) in &run.rules {
        let (id, name) = (rule.id(), rule.name());
        let benefits = settled.benefits_usd(&run.gains, t);
        add(
            format!("jain:{id}"),
            format!("Jain's index, {name}"),
            jain(&benefits).unwrap_or(f64::NAN),
            "1",
            "1 where all gain the same; none where nothing is gained",
        );
        add(
            format!("charge:{id}"),
            format!("ISO collects, {name}"),
            settled.collected_usd(),
            "$",
            "",
        );
        for (player, paid) in run.players.iter().skip(1).zip(settled.paid_usd()) {
            add(
                format!("paid:{id}:{player}"),
                format!("{player} pays, {name}"),
                paid,
                "$",
                "",
            );
        }
        for (player, benefit) in run.players.iter().zip(&benefits) {
            add(
                format!("benefit:{id}:{player}"),
                format!("Net benefit of {player}, {name}"),
                *benefit,
                "$",
                "",
            );
        }
    }
    list
}

/// Slots at which a player is worse off so far than without cooperation, by rule.
pub fn losing_slots(run: &Run, rule: Rule) -> Vec<usize> {
    let Some(settled) = run.settled(rule) else {
        return Vec::new();
    };
    let losing = |t: &usize| {
        let benefits = settled.benefits_usd(&run.gains, *t);
        benefits.iter().any(|b| *b < -1e-6)
    };
    (0..run.slots).filter(losing).map(|t| t + 1).collect()
}
