//! Every way to buy on the same days.

use super::tables;
use super::{DRAWN, Run, STEP};
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;
use crate::report::side_by_side::{Dots, Row, SideBySide, extremes};
use crate::report::words::counted;
use crate::report::{Report, Role};

/// Writes the comparison out of the report of the run, `whole`.
pub(super) fn report(run: &Run, days: &Days, whole: Report) -> Report {
    let beside = ["costs", "feeder"];
    let mut report = Report {
        headline: headline(days),
        status: whole.status,
        messages: whole.messages,
        certificates: whole.certificates,
        ..Report::default()
    };
    let tables = tables::tables(run).into_iter();
    report.tables = tables.filter(|t| beside.contains(&t.id.as_str())).collect();
    let side = SideBySide {
        one: "way to buy",
        rows: Comparator::ALL.map(|way| row(days, way)).into(),
    };
    let all = Comparator::ALL.map(|way| days.trace(way).total_usd());
    let summary = "What the communities pay in all, less what is stored more at the end.".into();
    let dots = vec![Dots::new(
        "paid".into(),
        "all communities",
        Role::Aggregator,
        all.into(),
    )];
    let title = "What the communities pay".to_string();
    side.add(
        side.chart(("way_costs", title), ("cost", "$"), dots, summary),
        &mut report,
    );
    if days.system.members.len() > 1 {
        let members = days.system.members.iter().enumerate().take(DRAWN);
        let dots = members.map(|(j, member)| {
            let saved = Comparator::ALL.map(|way| {
                let of = |way| days.trace(way).bills[j].total_usd();
                of(Comparator::ALL[0]) - of(way)
            });
            Dots::new(
                format!("saved:{}", member.id),
                member.id.clone(),
                Role::Aggregator,
                saved.into(),
            )
            .joined()
        });
        let title = format!("What each saves against {}", Comparator::ALL[0].name());
        let summary =
            "What each community pays less than with its battery idle on the flat tariff.";
        let chart = side.chart(
            ("way_savings", title),
            ("saving", "$"),
            dots.collect(),
            summary.into(),
        );
        side.add(chart, &mut report);
    }
    report
}

fn row(days: &Days, way: Comparator) -> Row {
    let changes = vec![("view.outcome".into(), way.id().into())];
    let beyond = days.flows(way).map_or(0, |flows| flows.beyond);
    let over = match beyond {
        0 => String::new(),
        n => format!("{} beyond a limit", counted(n, STEP)),
    };
    Row::new(way.id(), way.name(), changes).over(over)
}

fn headline(days: &Days) -> String {
    let cost = |way: Comparator| days.trace(way).total_usd();
    let ways = Comparator::ALL.map(|way| (way.name().to_string(), cost(way)));
    format!("What the communities pay: {}.", extremes(&ways, "$"))
}
