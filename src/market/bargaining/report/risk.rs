//! The bargain before the day: scenarios, certainty equivalents, payments.

use super::badges::{evenness, sum};
use super::series::{groups, names};
use super::words::{NOTHING_USD, usd};
use crate::market::bargaining::model::risk::AtRisk;
use crate::market::bargaining::model::settle::jain;
use crate::market::bargaining::outcome::{Day, Settled};
use crate::market::bargaining::params::ISO;
use crate::report::plots::{Numbers, axis, chart, message, over, path};
use crate::report::words::counted;
use crate::report::{
    Badge, Cell, Filled, Level, Report, Role, Table, amount, column, filled, number, table, text,
};

/// Players up to which the chart has a line for each.
const MANY: usize = 60;

/// The bargain under risk and the day it is about.
fn found(run: &Settled) -> Option<(&AtRisk, &Day)> {
    let risk = run.studies.as_ref().ok()?.risk.as_ref()?;
    Some((risk, run.day.as_deref()?))
}

/// What the headline begins with; nothing where no scenarios are asked for.
pub fn headline(run: &Settled) -> Option<String> {
    let (risk, _) = found(run)?;
    let scenarios = counted(count(risk), "scenario");
    let worth = usd(risk.surplus_usd);
    let lead = format!(
        "Agreed before the day, over {scenarios}, the bargain is worth {worth} to players who mind the risk"
    );
    Some(match &risk.paid_usd {
        None => format!("{lead}: no deal"),
        Some(_) => {
            let expected: f64 = risk.expected_usd.iter().sum();
            format!("{lead}, {} to those who do not", usd(expected))
        }
    })
}

/// What holds of the payments agreed before the day; nothing where no scenarios are asked for.
pub fn badges(run: &Settled) -> Option<Vec<Badge>> {
    let (risk, _) = found(run)?;
    let Some(paid) = &risk.paid_usd else {
        return Some(vec![Badge::judged(false, "no deal before the day")]);
    };
    let collected: f64 = paid.iter().skip(1).sum();
    let benefits = risk.benefits_usd.iter().copied();
    let least = benefits.fold(f64::INFINITY, f64::min);
    let gain = match least > NOTHING_USD {
        true => "everyone gains, risk counted",
        false => "not everyone gains, risk counted",
    };
    let mut list = vec![
        sum((paid.iter().sum::<f64>().abs(), collected)),
        Badge::judged(least > NOTHING_USD, gain),
    ];
    list.extend(jain(&risk.benefits_usd).map(evenness));
    Some(list)
}

fn count(risk: &AtRisk) -> usize {
    risk.gains_usd.first().map_or(0, Vec::len)
}

/// Adds what was found to the report.
pub fn add(run: &Settled, report: &mut Report) {
    let Some((risk, day)) = found(run) else {
        return;
    };
    report.tables.push(players(run, risk));
    report.tables.push(scenarios(run, risk, day));
    let mut list = Numbers::default();
    numbers(run, risk, &mut list);
    report.summary.extend(list.0);
    if run.players.len() <= MANY {
        gains(run, risk, report);
    }
    if risk.paid_usd.is_none() {
        let words = "Under risk the gains of cooperation are worth nothing in sum: no payments agreed before the day leave everyone better off.";
        report.messages.push(message(Level::Warning, words.into()));
    }
    let carrier = &run.players[risk.carrier];
    let words = format!(
        "Payments of the bargain under risk are agreed before the day and do not depend on the scenario; powers are those of the other bargains, a largest payment is not. Paid by scenario, {carrier}, than whom nobody minds risk less, would carry all of it, and the bargain would be worth {}.",
        usd(risk.shared_usd)
    );
    report.messages.push(message(Level::Info, words));
}

/// What the bargain is to each player.
fn players(run: &Settled, risk: &AtRisk) -> Table {
    let last = run.slots.saturating_sub(1);
    // Of the day that came true, the ISO's gain is the cost it is spared.
    let real = |k: usize| match k {
        0 => -run.gains.cost_usd[last],
        _ => run.gains.utility_usd[k - 1][last],
    };
    let paid = |k: usize| risk.paid_usd.as_ref().map_or(0.0, |paid| paid[k]);
    let columns: [Filled; 9] = [
        ("player", "", &|k| text(&run.players[k])),
        ("weight of CVaR", "1", &|k| number(risk.weights[k])),
        ("gain before payments, expected", "$", &|k| {
            number(risk.expected_usd[k])
        }),
        ("its CVaR", "$", &|k| number(risk.cvar_usd[k])),
        ("its certainty equivalent", "$", &|k| {
            number(risk.certain_usd[k])
        }),
        ("pays", "$", &|k| number(paid(k))),
        ("certainty equivalent after payment", "$", &|k| {
            number(risk.benefits_usd[k])
        }),
        ("would pay if nobody minded risk", "$", &|k| {
            number(risk.neutral_usd[k])
        }),
        (
            "net benefit of the day that came true",
            "$",
            &|k| match risk.paid_usd {
                Some(_) => number(real(k) - paid(k)),
                None => number(0.0),
            },
        ),
    ];
    let tail = amount(100.0 * risk.tail, "");
    let note = format!(
        "Certainty equivalent: (1 − w) of the mean and w of CVaR, the mean of the worst {tail} % of the scenarios. What the {ISO} pays is minus what it collects."
    );
    filled(
        "risk",
        "The bargain under risk",
        0..run.players.len(),
        &columns,
        &note,
    )
}

/// The scenarios and what each player gains in them before payments.
fn scenarios(run: &Settled, risk: &AtRisk, day: &Day) -> Table {
    let mut columns = vec![column("scenario", "")];
    let profiles = &day.besides.profiles;
    columns.extend(
        profiles
            .iter()
            .map(|id| column(format!("error of {id}"), "×")),
    );
    columns.push(column("gain of all", "$"));
    columns.extend(
        run.players
            .iter()
            .map(|p| column(format!("gain of {p}"), "$")),
    );
    let rows = (0..count(risk)).map(|s| {
        let gains = risk.gains_usd.iter().map(|own| own[s]);
        let factors = day.besides.factors.get(s).into_iter().flatten().copied();
        let mut row: Vec<Cell> = vec![number((s + 1) as f64)];
        row.extend(factors.map(number));
        row.push(number(gains.clone().sum()));
        row.extend(gains.map(number));
        row
    });
    table(
        "scenarios",
        "Scenarios of the forecast errors",
        columns,
        rows.collect(),
        "In a scenario each profile comes true as its forecast and the day's own error times the factor, and not below zero. Gains are of the whole day against a day without cooperation, before payments; that of the ISO is cost spared.",
    )
}

fn numbers(run: &Settled, risk: &AtRisk, list: &mut Numbers) {
    let expected: f64 = risk.expected_usd.iter().sum();
    list.add(
        "risk_expected",
        "Surplus over the scenarios, expected",
        expected,
        "$",
    );
    list.add("risk_surplus", "Surplus under risk", risk.surplus_usd, "$")
        .noted("certainty equivalents of all players before payments");
    list.add(
        "risk_shared",
        "Surplus with payments by scenario",
        risk.shared_usd,
        "$",
    )
    .noted("all risk with the player who minds it least");
    let index = jain(&risk.benefits_usd).unwrap_or(f64::NAN);
    list.add("jain:risk", "Jain's index, under risk", index, "1")
        .noted("of certainty equivalents after payment");
    for (k, player) in run.players.iter().enumerate() {
        let paid = risk.paid_usd.as_ref().map_or(0.0, |paid| paid[k]);
        let (id, name) = (
            format!("risk_paid:{player}"),
            format!("Payment of {player}, under risk"),
        );
        list.add(id, name, paid, "$");
        let name = format!("Certainty equivalent of {player}");
        list.add(
            format!("risk_benefit:{player}"),
            name,
            risk.benefits_usd[k],
            "$",
        );
    }
}

/// Gains after the payments agreed, scenario by scenario.
fn gains(run: &Settled, risk: &AtRisk, report: &mut Report) {
    let mut marks = Vec::new();
    let left = |k: usize| -> Vec<f64> {
        let paid = risk.paid_usd.as_ref().map_or(0.0, |paid| paid[k]);
        risk.gains_usd[k].iter().map(|x| x - paid).collect()
    };
    for same in groups(0..run.players.len(), left) {
        let name = format!("net benefit of {} under risk", names(run, &same));
        for &k in &same {
            let points = (1..).map(f64::from).zip(left(k));
            let points: Vec<_> = points.collect();
            let id = format!("risk:{}", run.players[k]);
            report
                .series
                .push(over(&id, &name, "$", ("scenario", ""), &points));
        }
        let id = format!("risk:{}", run.players[same[0]]);
        marks.push(path(&id, Role::Aggregator, true, same == [0]));
    }
    report.charts.push(chart(
        "scenario",
        "risk",
        "Net benefits by scenario: bargain before the day",
        axis("net benefit", "$", true),
        marks,
        "What each player gains in each scenario, less the payment agreed before the day.",
    ));
}
