//! What lines lose, in words, series and tables.

use crate::report::plots::message;
use crate::report::words::counted;
use crate::report::{
    Addend, Filled, Level, Message, SubjectKind, Table, amount, at, column, filled, number, table,
    text,
};

use super::run::{Row, Run};
use super::words::{mw, usd};
use crate::market::rt_sced::model::dispatch::lossy::OfLosses;
use crate::market::rt_sced::model::losses::{ROUNDING_USD, least_worth, lost_mw};
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::system::System;

/// Lines that a table of a price names at most.
const NAMED: usize = 12;

/// Whether losses are asked for.
pub fn are_in(run: &Run) -> bool {
    run.system.rho_per_mw.is_some()
}

/// What is lost in an interval, MW.
pub fn lost_in(run: &Run, interval: &Interval) -> f64 {
    lost_mw(run.system, &interval.flows_mw).iter().sum()
}

/// What is lost, and of how much: a sentence after the headline.
pub fn sentence(run: &Run) -> String {
    let Some(last) = run.intervals.last().filter(|_| are_in(run)) else {
        return String::new();
    };
    let lost = lost_in(run, last);
    let supply: f64 = last.actual.generators.iter().chain(&last.actual.ders).sum();
    let of = match supply > 0.0 {
        true => format!(
            ", {} of what is produced",
            amount(100.0 * lost / supply, "%")
        ),
        false => String::new(),
    };
    let when = match run.intervals.len() {
        1 => String::new(),
        _ => " in the last interval".into(),
    };
    format!(" Lines lose {}{when}{of}.", mw(lost))
}

/// Losses as numbers of the summary.
pub fn rows(run: &Run) -> Vec<Row<'static>> {
    let Some(last) = run.intervals.last().filter(|_| are_in(run)) else {
        return Vec::new();
    };
    let hours = run.params.interval_hours();
    let all = run.intervals.iter().map(|i| lost_in(run, i) * hours);
    vec![
        (
            "losses_last",
            "losses, last interval",
            lost_in(run, last),
            "MW",
        ),
        ("losses_energy", "energy lost", all.sum(), "MWh"),
    ]
}

/// That losing power would be worth something, where it would be: prices then prove no dispatch the cheapest.
pub fn message_of(run: &Run) -> Option<Message> {
    let lossy = run.intervals.iter().filter(|_| are_in(run));
    let worst = lossy.map(|i| least_worth(run.system, &i.dispatch.prices.lmp));
    let worst = worst.fold(f64::INFINITY, f64::min);
    (worst < -ROUNDING_USD).then(|| {
        message(
            Level::Warning,
            format!(
                "At some lines the price is below 0, down to {}: a MWh lost more there would save money, so that prices do not prove this dispatch the cheapest. It holds the losses that lines have, and is not called certified.",
                usd(worst)
            ),
        )
    })
}

/// What every line loses.
pub fn table_of(run: &Run) -> Option<Table> {
    let system = run.system;
    let rho = system
        .rho_per_mw
        .as_ref()
        .filter(|_| !run.intervals.is_empty())?;
    let with = (0..system.branch_ids.len()).filter(|&l| rho[l] > 0.0);
    let with: Vec<usize> = with.collect();
    let of = |kind: &str, l: usize| at(format!("{kind}:{}", system.branch_ids[l]));
    let columns: [Filled; 4] = [
        ("line", "", &|l| text(&system.branch_ids[l])),
        ("flow", "MW", &|l| of("flow", l)),
        ("lost", "MW", &|l| of("lost", l)),
        ("lost of the next MW on it", "1", &|l| of("lost_next", l)),
    ];
    let note = "A line that carries p loses ρ p², ρ = r / base, with every voltage at 1 p.u.; of the next MW on it 2 ρ p is lost. Lines without a resistance are left out.";
    let ids = with
        .clone()
        .into_iter()
        .map(|l| SubjectKind::Branch.of(&*system.branch_ids[l]));
    Some(filled("losses", "What lines lose", with, &columns, note).of(ids))
}

/// The losses part of a price.
pub fn part(of: Option<&OfLosses>) -> Option<Addend> {
    of.map(|of| Addend {
        name: "Losses".into(),
        value: of.usd_per_mwh,
        subject: None,
    })
}

/// Its part in a headline.
pub fn in_headline(of: Option<&OfLosses>) -> String {
    of.map_or(String::new(), |of| {
        format!(", {} of losses", usd(of.usd_per_mwh))
    })
}

/// What the losses part is, in words.
pub fn said(of: &OfLosses, place: &str) -> String {
    let by = amount(of.factor.abs(), "MWh");
    match of.factor {
        f if f > 0.0 => format!(
            "Of a MWh more put in {place} {by} are lost on the way to the reference: it is worth less than there."
        ),
        f if f < 0.0 => format!(
            "A MWh more put in {place} saves {by} of losses: it is worth more than at the reference."
        ),
        _ => format!("A MWh more put in {place} loses nothing on the way to the reference."),
    }
}

/// The lines that make it, those that lose most first.
pub fn lines_of(system: &System, of: &OfLosses) -> Option<Table> {
    let mut lines: Vec<_> = of.lines.iter().collect();
    crate::sort::by(&mut lines, |a, b| b.more.abs().total_cmp(&a.more.abs()));
    let others = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    let rows = lines.iter().map(|line| {
        vec![
            text(&*system.branch_ids[line.branch]),
            number(line.flow_mw),
            number(line.moved),
            number(line.more),
        ]
    });
    let columns = vec![
        column("line", ""),
        column("flow", "MW"),
        column("moves by, for each MW", "MW"),
        column("lost more, for each MW", "MW"),
    ];
    let note = match others {
        0 => {
            "Each is 2 ρ times flow times what it moves by; their sum is the marginal loss factor."
                .to_string()
        }
        n => format!(
            "Each is 2 ρ times flow times what it moves by; with {} their sum is the marginal loss factor.",
            counted(n, "smaller one")
        ),
    };
    let subjects = lines.iter();
    let subjects = subjects.map(|line| SubjectKind::Branch.of(&*system.branch_ids[line.branch]));
    (!lines.is_empty()).then(|| Table {
        row_subjects: subjects.collect(),
        ..table(
            "losses",
            "What makes the losses part",
            columns,
            rows.collect(),
            &note,
        )
    })
}
