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
use crate::market::rt_sced::model::screening::TOLERANCE_MW;
use crate::market::rt_sced::model::security::{Afterwards, Corrected, Held};
use crate::market::rt_sced::model::system::System;
use crate::network::Loaded;

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
    let units = security.losses.iter();
    let units = units.filter(|l| matches!(l, Loss::Unit(_))).count();
    let against = match (security.losses.len() - units, units) {
        (0, 0) => return " No line can be lost without splitting the network.".into(),
        (1, 0) => "the loss of the one line whose loss does not split the network".into(),
        (n, 0) => format!("the loss of any one of {}", counted(n, "line")),
        (0, m) => format!("the loss of any one of {}", counted(m, "unit")),
        (n, m) => format!("the loss of any one of {} lines and units", n + m),
    };
    let (mean, n) = costs_usd_per_h(run, held);
    let costs = match n {
        0 => return format!(" Secure against {against}.{}", moving(security)),
        _ if mean.abs() < SAME_USD_PER_H => "security costs nothing here".into(),
        1 => format!("security costs {}", amount(mean, "$/h")),
        n => format!(
            "security costs {} on average over {}",
            amount(mean, "$/h"),
            counted(n, "interval")
        ),
    };
    format!(" Secure against {against}; {costs}.{}", moving(security))
}

/// What may move after a loss: a sentence.
fn moving(security: &Security) -> String {
    let corrective = security.corrective.as_ref();
    corrective.map_or(String::new(), |corrective| {
        let minutes = amount(corrective.minutes, "min");
        format!(" After the loss of a line units have {minutes} to move.")
    })
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

/// The losses that are not held.
pub fn messages(run: &Run) -> Vec<Message> {
    let Some((security, _)) = of(run) else {
        return Vec::new();
    };
    let ids = security.splits.iter();
    let ids: Vec<String> = ids.map(|&l| run.system.branch_ids[l].clone()).collect();
    let names = listed_up_to(NAMED, &ids);
    let splits = match ids.len() {
        0 => None,
        1 => Some(format!(
            "The loss of line {names} splits the network: it is not held."
        )),
        _ => Some(format!(
            "The loss of one of lines {names} splits the network: it is not held."
        )),
    };
    let alone = security.alone.iter().map(|&g| {
        let id = &run.system.generators[g].id;
        format!("No other unit could take up what {id} gives: its loss is not held.")
    });
    let all = splits.into_iter().chain(alone);
    all.map(|said| message(Level::Info, said)).collect()
}

/// What each loss would do in the dispatch as it is carried out.
pub fn table_of(run: &Run) -> Option<Table> {
    let (security, held) = of(run)?;
    let intervals = run.intervals;
    (!intervals.is_empty()).then(|| table(run.system, security, &held.after, intervals))
}

/// A row by line in service, then by unit: the line that its loss would load most against its rating.
fn table(
    system: &System,
    security: &Security,
    after: &[Afterwards],
    intervals: &[Interval],
) -> Table {
    let priced = |lost: Loss, interval: &Interval| -> f64 {
        let lines = interval.dispatch.prices.lines.iter();
        let of = lines.filter(|(k, _)| {
            let outage = system.limits[*k].outage;
            outage.is_some_and(|out| out.lost == lost)
        });
        of.map(|(_, y)| y.abs()).fold(0.0, f64::max)
    };
    let prices = |after: &Afterwards| -> Vec<f64> {
        intervals.iter().map(|i| priced(after.lost, i)).collect()
    };
    let worst = |after: &Afterwards, cell: &dyn Fn(Loaded) -> Cell| match after.worst {
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
    let lost = |a: &Afterwards| match a.lost {
        Loss::Line(branch) => text(&system.branch_ids[branch]),
        Loss::Unit(g) => text(format!("unit {}", system.generators[g].id)),
    };
    let columns: [Filled<&Afterwards>; 8] = [
        ("lost", "", &lost),
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
    let of_units = " What a lost unit gave is taken up by all others in proportion to their greatest output, whether they have room for it or not: reserves are not asked.";
    let before = match security.corrective {
        Some(_) => " This is before any unit moves.",
        None => "",
    };
    let (title, note) = match security.has_units() {
        false => (
            "What the loss of each line would do",
            format!("{note}{before}"),
        ),
        true => (
            "What the loss of each line and unit would do",
            format!("{note}{before}{of_units}"),
        ),
    };
    filled("outages", title, after.iter(), &columns, &note).of(after.iter().map(|a| match a.lost {
        Loss::Line(branch) => SubjectKind::Branch.of(&*system.branch_ids[branch]),
        Loss::Unit(g) => SubjectKind::Party.of(&*system.generators[g].id),
    }))
}

/// What units do after each loss that costs something: a row by unit that moves.
pub fn corrections(run: &Run) -> Option<Table> {
    let (security, held) = of(run)?;
    security.corrective.as_ref()?;
    let system = run.system;
    let all = held.corrections.iter();
    let rows = all.flat_map(|corrected| {
        let moves = corrected.moves_mw.iter();
        moves.map(move |&(g, p_mw)| (corrected, g, p_mw))
    });
    let rows: Vec<(&Corrected, usize, f64)> = rows.collect();
    let before = |(corrected, g, _): (&Corrected, usize, f64)| {
        let interval = run.intervals.get(corrected.step);
        interval.map_or(f64::NAN, |i| i.dispatch.generators_mw[g])
    };
    let columns: [Filled<(&Corrected, usize, f64)>; 6] = [
        ("lost", "", &|row| text(&system.branch_ids[row.0.lost])),
        ("interval", "", &|row| number((row.0.step + 1) as f64)),
        ("price of the loss", "$/MWh", &|row| {
            number(row.0.usd_per_mwh)
        }),
        ("unit", "", &|row| text(&system.generators[row.1].id)),
        ("output before", "MW", &|row| number(before(row))),
        ("moves by", "MW", &|row| number(row.2)),
    ];
    let note = "For each loss of a line that has a price: of the moves that bring every line within its rating then, those that are least in sum. The price is that of all its limits together.";
    let table = filled(
        "corrections",
        "What units do after the losses that have a price",
        rows.iter().copied(),
        &columns,
        note,
    );
    let units = rows.iter().map(|row| &*system.generators[row.1].id);
    (!rows.is_empty()).then(|| table.of(units.map(|id| SubjectKind::Party.of(id))))
}
