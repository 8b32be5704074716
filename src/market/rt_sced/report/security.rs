//! Outages that are held, and what each would do, in words and a table.

use crate::report::plots::message;
use crate::report::words::{counted, listed_up_to};
use crate::report::{
    Badge, Cell, Certificate, Filled, Level, Message, SubjectKind, Table, amount, filled, number,
    text,
};

use super::run::{Row, Run};
use crate::market::rt_sced::model::outages::{Loss, Security};
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::security::{Held, TOLERANCE_MW};
use crate::market::rt_sced::model::system::System;
use crate::network::{After, Loaded};

/// Outages that split the network, named at most.
const NAMED: usize = 8;

/// A cost closer to another than this is the same, $/h: it reads so.
const SAME_USD_PER_H: f64 = 5e-5;

fn of<'a>(run: &'a Run) -> Option<(&'a Security, &'a Held)> {
    run.system.security.as_ref().zip(run.outcome.held.as_ref())
}

/// What is secure, and what that costs: a sentence after the headline.
pub fn sentence(run: &Run) -> String {
    let Some((security, held)) = of(run) else {
        return String::new();
    };
    let n = security.losses.len();
    let against = match n {
        0 => return " No line can be lost without splitting the network.".into(),
        1 => "the loss of the one line whose loss does not split the network".into(),
        _ => format!("the loss of any one of {n} lines"),
    };
    let (mean, n) = costs_usd_per_h(run, held);
    let costs = match n {
        0 => return format!(" Secure against {against}."),
        _ if mean.abs() < SAME_USD_PER_H => "security costs nothing here".into(),
        1 => format!("security costs {}", amount(mean, "$/h")),
        n => format!(
            "security costs {} on average over {}",
            amount(mean, "$/h"),
            counted(n, "interval")
        ),
    };
    format!(" Secure against {against}; {costs}.")
}

/// What security costs on average over the intervals cleared with it and without, $/h, and how many these are.
fn costs_usd_per_h(run: &Run, held: &Held) -> (f64, usize) {
    let both = run.intervals.iter().zip(&held.without_usd_per_h);
    let n = both.len();
    let more = both.map(|(i, usd)| i.cost_usd_per_h - usd);
    (more.sum::<f64>() / n as f64, n)
}

/// What it costs as a number of the summary.
pub fn rows(run: &Run) -> Vec<Row<'static>> {
    let costs = of(run).map(|(_, held)| costs_usd_per_h(run, held).0);
    let costs = costs.map(|usd| ("cost_security", "security costs, mean", usd, "$/h"));
    costs.into_iter().collect()
}

/// That no outage exceeds a rating, as the programs expect flows.
pub fn certificate(run: &Run) -> Option<Certificate> {
    let (security, held) = of(run)?;
    let worst = held.worst_mw.max(0.0);
    (!run.intervals.is_empty()).then(|| Certificate {
        solve: format!(
            "flows after each of {}",
            counted(security.losses.len(), "outage")
        ),
        primal_residual: worst,
        largest_violation: worst,
        certified: worst <= run.system.tolerance_mw(TOLERANCE_MW),
        ..Certificate::default()
    })
}

pub fn badge(run: &Run) -> Option<Badge> {
    let (security, held) = of(run)?;
    let secure = held.worst_mw <= run.system.tolerance_mw(TOLERANCE_MW);
    let outages = counted(security.losses.len(), "outage");
    let said = match secure {
        true => format!("secure: {outages}"),
        false => format!("not secure: {outages}"),
    };
    Some(Badge::judged(secure, said))
}

/// The outages that are not held.
pub fn messages(run: &Run) -> Option<Message> {
    let (security, _) = of(run)?;
    let ids = security.splits.iter();
    let ids: Vec<String> = ids.map(|&l| run.system.branch_ids[l].clone()).collect();
    let names = listed_up_to(NAMED, &ids);
    let said = match ids.len() {
        0 => return None,
        1 => format!("The loss of line {names} splits the network: it is not held."),
        _ => format!("The loss of one of lines {names} splits the network: it is not held."),
    };
    Some(message(Level::Info, said))
}

/// What the loss of each line would do in the dispatch as it is carried out.
pub fn table_of(run: &Run) -> Option<Table> {
    let (security, held) = of(run)?;
    let intervals = run.intervals;
    (!intervals.is_empty()).then(|| table(run.system, security, &held.after, intervals))
}

/// A row by line in service: the line that its loss would load most against its rating.
pub fn table(
    system: &System,
    security: &Security,
    after: &[After],
    intervals: &[Interval],
) -> Table {
    let priced = |branch: usize, interval: &Interval| -> f64 {
        let lines = interval.dispatch.prices.lines.iter();
        let of = lines.filter(|(k, _)| {
            let outage = system.limits[*k].outage;
            outage.is_some_and(|out| out.lost == Loss::Line(branch))
        });
        of.map(|(_, y)| y.abs()).fold(0.0, f64::max)
    };
    let prices =
        |after: &After| -> Vec<f64> { intervals.iter().map(|i| priced(after.branch, i)).collect() };
    let worst = |after: &After, cell: &dyn Fn(Loaded) -> Cell| match after.worst {
        Some(loaded) => cell(loaded),
        None => Cell::Empty,
    };
    let limit = |branch: usize| system.limits.iter().find(|l| l.branch == branch);
    let rating = |l: Loaded| limit(l.branch).map_or(f64::NAN, |k| security.rating * k.max_p_mw);
    let over = |l: Loaded| {
        let over = l.flow_mw.abs() - rating(l);
        if over > system.tolerance_mw(TOLERANCE_MW) {
            over
        } else {
            0.0
        }
    };
    let columns: [Filled<&After>; 8] = [
        ("lost", "", &|a| text(&system.branch_ids[a.branch])),
        ("most loaded then", "", &|a| {
            worst(a, &|l| text(&system.branch_ids[l.branch]))
        }),
        ("flow then", "MW", &|a| worst(a, &|l| number(l.flow_mw))),
        ("rating then", "MW", &|a| worst(a, &|l| number(rating(l)))),
        ("over the rating", "MW", &|a| worst(a, &|l| number(over(l)))),
        ("interval", "", &|a| {
            worst(a, &|l| number((l.step + 1) as f64))
        }),
        ("intervals with a price", "1", &|a| {
            number(prices(a).iter().filter(|y| **y > 0.0).count() as f64)
        }),
        ("greatest shadow price", "$/MWh", &|a| {
            number(prices(a).into_iter().fold(0.0, f64::max))
        }),
    ];
    let note = "Flows after the loss of a line by outage factors (LODF), with every output as it is; of all intervals the one in which they come nearest to the rating, or exceed it most. Empty where the loss splits the network or no other line has a limit.";
    filled(
        "outages",
        "What the loss of each line would do",
        after.iter(),
        &columns,
        note,
    )
    .of(after
        .iter()
        .map(|a| SubjectKind::Branch.of(&*system.branch_ids[a.branch])))
}
