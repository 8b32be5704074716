//! The board of all mechanisms: one scale, one table, who gains and who pays.

use super::run::{Answer, GROUPS, Ran};
use super::system::{Side, System};
use crate::market::shared::nash_bargain::bargain;
use crate::report::plots::message;
use crate::report::side_by_side::{Dots, Row, SideBySide, extremes};
use crate::report::{
    Badge, Cell, Level, Report, Role, Status, Table, Tone, amount, column, number, table, text,
};

/// Less is no energy over a limit, and no gain, MWh and $.
const NOTHING: f64 = 1e-6;

/// What the yardstick says of one of them.
struct Judged<'r> {
    ran: &'r Ran,
    answer: &'r Answer,
    after_usd: f64,
    /// What the sides have more than each for itself, $: transmission, feeder.
    gains_usd: Option<[f64; 2]>,
    groups_usd: [f64; 6],
}

/// # Errors
/// The common market has no answer, against which all is judged.
pub fn report(system: &System, all: &[Ran]) -> Result<Report, String> {
    let of = |id: &str| {
        let ran = all.iter().find(|ran| ran.asked.id == id)?;
        ran.answer.as_ref().ok()
    };
    let common = of("common").ok_or("the common market of this case has no answer")?;
    // Each for itself: nothing crosses the interface.
    let alone = of("shared_balancing").filter(|a| a.unserved_mwh <= NOTHING);
    let alone = alone.map(|a| {
        [Side::Transmission, Side::Feeder].map(|side| system.cost_usd(&a.dispatch_mw, Some(side)))
    });
    let judged: Vec<Judged> = all
        .iter()
        .filter_map(|ran| Some(judge(ran, ran.answer.as_ref().ok()?, system, common, alone)))
        .collect();
    let failed = all.iter().filter_map(|ran| {
        let why = ran.answer.as_ref().err()?;
        let name = ran.asked.name;
        Some(message(
            Level::Warning,
            format!("Not compared: {name}. {why}"),
        ))
    });
    let mut report = Report {
        status: Status::Solved,
        headline: headline(&judged),
        badges: vec![Badge::new(
            format!("{} mechanisms", judged.len()),
            Tone::Neutral,
        )],
        messages: failed.collect(),
        tables: vec![costs(&judged), knowledge(&judged), money(&judged)],
        ..Report::default()
    };
    charts(&judged, alone.is_some(), &mut report);
    Ok(report)
}

fn judge<'r>(
    ran: &'r Ran,
    answer: &'r Answer,
    system: &System,
    common: &Answer,
    alone: Option<[f64; 2]>,
) -> Judged<'r> {
    let cost_usd = answer.cost_usd + system.price_cap * answer.unserved_mwh;
    // Bids that were seen are moved at their own prices until every limit is kept; those left out stay out.
    let after_usd = match answer.over_mwh > NOTHING {
        true => common.cost_usd,
        false => cost_usd,
    };
    let own = [Side::Transmission, Side::Feeder]
        .map(|side| system.cost_usd(&answer.dispatch_mw, Some(side)));
    let mut net = answer.net_usd;
    let mut groups_usd = answer.groups_usd;
    if let (true, Some(alone)) = (ran.asked.bargain, alone) {
        let deal = bargain(&[alone[1] - own[1]], own[0] - alone[0], &[]);
        // Between the operators alone: whoever bids or lacks energy is on their account.
        let paid = deal.payments_usd[0];
        net = [paid, -paid];
        groups_usd = [paid - own[0], own[0], 0.0, -paid - own[1], own[1], 0.0];
    }
    let redispatch_usd = after_usd - cost_usd;
    let gains_usd = alone
        .filter(|_| answer.unserved_mwh <= NOTHING)
        .map(|alone| {
            let gain = |k: usize| alone[k] - (own[k] - net[k]);
            [gain(0) - redispatch_usd, gain(1)]
        });
    Judged {
        ran,
        answer,
        after_usd,
        gains_usd,
        groups_usd,
    }
}

/// (Σ x)² / (n Σ x²) of gains that are none below zero.
fn jain(gains: [f64; 2]) -> Option<f64> {
    let [a, b] = gains.map(|gain| if gain.abs() < NOTHING { 0.0 } else { gain });
    let squares = a * a + b * b;
    (a >= 0.0 && b >= 0.0 && squares > 0.0).then(|| (a + b).powi(2) / (2.0 * squares))
}

fn named(judged: &Judged) -> String {
    format!("{} ({})", judged.ran.asked.name, judged.ran.asked.paper)
}

fn headline(all: &[Judged]) -> String {
    let after: Vec<(String, f64)> = all.iter().map(|j| (named(j), j.after_usd)).collect();
    let over = all.iter().filter(|j| j.answer.over_mwh > NOTHING).count();
    let over = match over {
        0 => "none puts a line over its limit".to_string(),
        1 => "1 of them puts a line over its limit first".to_string(),
        n => format!("{n} of them put a line over its limit first"),
    };
    format!("Cost at the end: {}; {over}.", extremes(&after, "$"))
}

fn charts(all: &[Judged], gains: bool, report: &mut Report) {
    let row = |judged: &Judged| {
        let asked = &judged.ran.asked;
        let over = match judged.answer.over_mwh > NOTHING {
            true => amount(judged.answer.over_mwh, "MWh") + " over limits",
            false => String::new(),
        };
        let mut row = Row::new(asked.id, &named(judged), asked.changes.clone()).over(over);
        row.alternative.opens.clone_from(&judged.ran.link);
        row
    };
    let side = SideBySide {
        one: "mechanism",
        rows: all.iter().map(row).collect(),
    };
    let before = all.iter().map(|j| match j.answer.over_mwh > NOTHING {
        true => j.answer.cost_usd,
        false => f64::NAN,
    });
    let dots = vec![
        Dots::new(
            "cost_before".into(),
            "before redispatch",
            Role::Reference,
            before.collect(),
        )
        .hollow(),
        Dots::new(
            "cost_after".into(),
            "at the end",
            Role::Generator,
            all.iter().map(|j| j.after_usd).collect(),
        ),
    ];
    let summary = "Costs are those of the dispatch at the prices of the bids, whatever is paid. Hatched: over limits before redispatch, which moves bids at their own prices until every limit is kept.";
    let title = "What each mechanism costs".to_string();
    side.add(
        side.chart(("across_costs", title), ("cost", "$"), dots, summary.into()),
        report,
    );
    if !gains {
        return;
    }
    let plain = SideBySide {
        one: side.one,
        rows: all
            .iter()
            .map(row)
            .map(|row| row.over(String::new()))
            .collect(),
    };
    let of = |k: usize| {
        all.iter()
            .map(|j| j.gains_usd.map_or(f64::NAN, |gains| gains[k]))
            .collect()
    };
    let dots = vec![
        Dots::new(
            "gain:transmission".into(),
            "transmission",
            Role::Aggregator,
            of(0),
        ),
        Dots::new("gain:feeder".into(), "feeder", Role::Der, of(1)),
    ];
    let summary = "What the two sides of the interface have more than when each serves itself: operator, providers and those out of balance together. What redispatch costs is the TSO's.";
    let title = "Who gains what".to_string();
    let (series, chart) = plain.chart(("across_gains", title), ("gain", "$"), dots, summary.into());
    report.series.extend(series);
    report.charts.push(chart);
}

/// Cost, overload, gains and Jain's index.
fn costs(all: &[Judged]) -> Table {
    let columns = vec![
        column("mechanism", ""),
        column("paper", ""),
        column("cost", "$"),
        column("over limits", "MWh"),
        column("without an answer", "MWh"),
        column("cost after redispatch", "$"),
        column("gain of transmission", "$"),
        column("gain of the feeder", "$"),
        column("Jain's index", ""),
        column("congestion rent of the operators", "$"),
    ];
    let gain = |j: &Judged, k: usize| j.gains_usd.map_or(Cell::Empty, |gains| number(gains[k]));
    let row = |j: &Judged| {
        vec![
            text(j.ran.asked.name),
            text(format!("{} et al.", j.ran.asked.paper)),
            number(j.answer.cost_usd),
            number(j.answer.over_mwh),
            number(j.answer.unserved_mwh),
            number(j.after_usd),
            gain(j, 0),
            gain(j, 1),
            j.gains_usd.and_then(jain).map_or(Cell::Empty, number),
            // A bargain has no prices, and so no rent.
            match j.ran.asked.bargain {
                true => Cell::Empty,
                false => number(j.groups_usd[0] + j.groups_usd[3]),
            },
        ]
    };
    let note = "Every dispatch is judged alike: its cost at the prices of the bids, its flows on the whole network, the gain of either side against each for itself. Jain's index is of the two gains, and empty where one side loses.";
    let rows = all.iter().map(row).collect();
    table("across", "All mechanisms side by side", columns, rows, note)
}

/// What each must know.
fn knowledge(all: &[Judged]) -> Table {
    let columns = vec![column("mechanism", ""), column("who must know what", "")];
    let row = |j: &Judged| vec![text(j.ran.asked.name), text(j.ran.asked.known)];
    table(
        "across_known",
        "What each must know",
        columns,
        all.iter().map(row).collect(),
        "",
    )
}

/// Net receipts by group of parties.
fn money(all: &[Judged]) -> Table {
    let mut columns = vec![column("mechanism", "")];
    columns.extend(GROUPS.map(|group| column(group, "$")));
    let row = |j: &Judged| {
        let mut cells = vec![text(j.ran.asked.name)];
        cells.extend(j.groups_usd.map(number));
        cells
    };
    let note = "Receipts less payments by each mechanism's own settlement, before redispatch; each row adds up to zero. Under the Nash bargain the operators pay the providers of their side their cost.";
    let rows = all.iter().map(row).collect();
    table("across_money", "Net receipts by party", columns, rows, note)
}
