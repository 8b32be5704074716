//! Every behaviour side by side, and the ways to the best bids in every hour.

use crate::report::side_by_side::{Dots, Row, SideBySide};
use crate::report::{Cell, Report, Role, Status, Table, amount, column, number, table};

use super::super::model::strategy::Answer;
use super::super::outcome::{Outcome, Variant};
use super::super::params::Method;
use super::tables::{DAY, way};

/// Writes the comparison out of the report of the day, `whole`.
pub fn compare(outcome: &Outcome, ways: &[Vec<(Method, Answer)>], whole: Report) -> Report {
    let (ways, agree) = of_ways(outcome, ways);
    let mut tables = whole.tables;
    tables.retain(|table| table.id == DAY);
    tables.push(ways);
    let mut report = Report {
        status: Status::Solved,
        headline: format!("{}. {agree}", whole.headline.trim_end_matches('.')),
        tables,
        certificates: whole.certificates,
        messages: whole.messages,
        ..Report::default()
    };
    behaviours(outcome, &mut report);
    report
}

/// Every behaviour on the same day: what it costs and who earns.
fn behaviours(outcome: &Outcome, report: &mut Report) {
    let variants = &outcome.variants;
    let row = |variant: &Variant| {
        let behaviour = variant.day.behaviour;
        let changes = vec![("view.outcome".into(), behaviour.id().into())];
        let over = variant.day.totals.overload_mwh;
        let over = match over > 1e-6 {
            true => format!("{}\u{a0}MWh over limits", amount(over, "")),
            false => String::new(),
        };
        Row::new(behaviour.id(), behaviour.name(), changes).over(over)
    };
    let side = SideBySide {
        one: "bids",
        rows: variants.iter().map(row).collect(),
    };
    let of = |value: &dyn Fn(&Variant) -> f64| variants.iter().map(value).collect::<Vec<f64>>();
    let dots = vec![
        Dots::new(
            "payment".into(),
            "what the DSO pays",
            Role::Price,
            of(&|v| v.day.totals.payment_usd),
        )
        .hollow(),
        Dots::new(
            "activation".into(),
            "what the energy costs",
            Role::Generator,
            of(&|v| v.day.totals.cost_usd),
        ),
    ];
    let said = variants.iter().map(|v| {
        let t = &v.day.totals;
        let (cost, paid) = (amount(t.cost_usd, ""), amount(t.payment_usd, ""));
        format!("{}: energy {cost} $, paid {paid} $", v.day.behaviour.name())
    });
    let summary = format!("{}.", said.collect::<Vec<_>>().join("; "));
    let title = "What balancing costs, and what is paid for it".to_string();
    side.add(
        side.chart(
            ("behaviour_costs", title),
            ("of the day", "$"),
            dots,
            summary,
        ),
        report,
    );
    let owners = outcome.system.owners.iter().enumerate();
    let dots = owners.map(|(o, owner)| {
        let role = if o == outcome.player() {
            Role::Der
        } else {
            Role::Load
        };
        let profit = of(&|v| v.day.owner_usd(o));
        Dots::new(format!("profit:{owner}"), owner.clone(), role, profit).joined()
    });
    let plain = SideBySide {
        one: side.one,
        rows: variants
            .iter()
            .map(|v| Row {
                over: String::new(),
                ..row(v)
            })
            .collect(),
    };
    let title = "Who earns by it".to_string();
    let summary = format!(
        "Profit of each owner of resources; {} is the one who bids strategically.",
        outcome.system.owners[outcome.player()]
    );
    side.add(
        plain.chart(
            ("behaviour_profits", title),
            ("profit of the day", "$"),
            dots.collect(),
            summary,
        ),
        report,
    );
}

/// What each way finds in every hour, and how far they are apart; a cell is empty where the program is too large for it.
fn of_ways(outcome: &Outcome, ways: &[Vec<(Method, Answer)>]) -> (Table, String) {
    let h = outcome.system.hours_per_period;
    let all = [Method::Branching, Method::Milp, Method::Enumeration];
    let profit = |found: &[(Method, Answer)], method: Method| -> Option<f64> {
        let mut found = found.iter();
        found
            .find(|own| own.0 == method)
            .map(|own| own.1.profit * h)
    };
    let most = |found: &[(Method, Answer)]| {
        let profits = all.iter().filter_map(|method| profit(found, *method));
        profits.fold(f64::NEG_INFINITY, f64::max)
    };
    // How far the worst way lies below the best.
    let behind = |found: &[(Method, Answer)]| -> f64 {
        let profits = all.iter().filter_map(|method| profit(found, *method));
        profits
            .map(|profit| most(found) - profit)
            .fold(0.0, f64::max)
    };
    let rows = ways.iter().enumerate().map(|(t, found)| {
        let mut row = vec![Cell::Number((t + 1) as f64)];
        row.extend(all.map(|method| number(profit(found, method).unwrap_or(f64::NAN))));
        let bounds = found.iter().map(|own| own.1.bound);
        row.push(number(bounds.fold(f64::INFINITY, f64::min) * h));
        row.push(number(behind(found)));
        row
    });
    let mut columns = vec![column("hour", "")];
    columns.extend(all.map(|method| column(way(method), "$")));
    columns
        .extend([("no bids earn more", "$"), ("worst below best", "$")].map(|(n, u)| column(n, u)));
    let worst = ways.iter().map(|found| behind(found)).fold(0.0, f64::max);
    let owner = &outcome.system.owners[outcome.player()];
    let agree = format!(
        "The best bids of {owner} by every way{}, hour by hour: profits differ by {} $ at most.",
        match outcome.beside {
            Some(_) => " on the linear network",
            None => "",
        },
        amount(worst, "")
    );
    let table = table(
        "ways",
        "Every way to the best bids",
        columns,
        rows.collect(),
        "Profit of the first strategic owner. Candidate prices stay a hair below a price and give no bound; where a limit binds they can miss the best bids.",
    );
    (table, agree)
}
