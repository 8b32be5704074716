//! Every rule on the same day: what each player gains by it.

use super::tables;
use crate::market::bargaining::outcome::{ByRule, Settled};
use crate::report::side_by_side::{Dots, Row, SideBySide};
use crate::report::{Report, Role, Table, amount, column, number, plain, table, text};

/// Players up to which each has a stroke of its own.
const MANY: usize = 12;

/// Writes the comparison.
pub fn report(run: &Settled, whole: Report) -> Report {
    let mut report = Report {
        headline: headline(run),
        tables: vec![tables::rules(run), benefits(run)],
        status: whole.status,
        certificates: whole.certificates,
        messages: whole.messages,
        ..Report::default()
    };
    let row = |own: &ByRule| {
        let changes = vec![("mechanism.settlement".into(), own.rule.id().into())];
        Row::new(own.rule.id(), own.rule.name(), changes)
    };
    let side = SideBySide {
        one: "rule",
        rows: run.rules.iter().map(row).collect(),
    };
    let dots = run
        .players
        .iter()
        .enumerate()
        .take(MANY)
        .map(|(k, player)| {
            let gains = run.rules.iter().map(|own| own.benefits_usd[k]);
            let role = if k == 0 {
                Role::Generator
            } else {
                Role::Aggregator
            };
            let id = format!("gain:{player}");
            Dots::new(id, player.clone(), role, gains.collect()).joined()
        });
    let summary = "What each player gains over the day against the day without cooperation, payments included. The dispatch is the same under every rule: what one player has more, another has less.";
    let chart = side.chart(
        (
            "gains_by_rule",
            "Who gains what, by the rule that shares".into(),
        ),
        ("net benefit of the day", "$"),
        dots.collect(),
        summary.into(),
    );
    side.add(chart, &mut report);
    report
}

/// From the rule that shares least evenly to the one that shares most evenly.
fn headline(run: &Settled) -> String {
    let known = run.rules.iter().filter_map(|own| Some((own, own.jain?)));
    let mut known: Vec<(&ByRule, f64)> = known.collect();
    crate::sort::by(&mut known, |a, b| a.1.total_cmp(&b.1));
    let least = |own: &ByRule| {
        let least = own
            .benefits_usd
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        amount(least, "$")
    };
    let said = known.iter().map(|(own, jain)| {
        let name = own.rule.name();
        format!(
            "{name}: the one who gains least gains {}, Jain's index {}",
            least(own),
            plain(*jain, 3)
        )
    });
    let said: Vec<String> = said.collect();
    match said.is_empty() {
        true => "No rule has anything to share.".into(),
        false => format!("{}.", crate::report::capitalised(&said.join("; "))),
    }
}

/// Net benefits of the day by player and rule.
fn benefits(run: &Settled) -> Table {
    let mut columns = vec![column("player", "")];
    columns.extend(run.rules.iter().map(|own| column(own.rule.name(), "$")));
    let rows = run.players.iter().enumerate().map(|(k, player)| {
        let gains = run.rules.iter().map(|own| number(own.benefits_usd[k]));
        std::iter::once(text(player.as_str()))
            .chain(gains)
            .collect()
    });
    table(
        "gains",
        "Net benefits of the day by player and rule",
        columns,
        rows.collect(),
        "Against the day without cooperation, payments included.",
    )
}
