//! The ways to the best bids side by side, in every hour.

use crate::report::{Cell, Report, Status, amount, column, number, table};

use super::super::model::strategy::Answer;
use super::super::outcome::Outcome;
use super::super::params::Method;
use super::tables::way;

/// What each way finds in every hour; a cell is empty where the program is too large for it.
pub fn compare(outcome: &Outcome, ways: &[Vec<(Method, Answer)>]) -> Report {
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
    Report {
        status: Status::Solved,
        headline: format!(
            "The best bids of {owner} by every way{}, hour by hour: profits differ by {} $ at most",
            if outcome.beside.is_some() {
                " on the linear network"
            } else {
                ""
            },
            amount(worst, "")
        ),
        tables: vec![table(
            "ways",
            "Every way to the best bids",
            columns,
            rows.collect(),
            "Profit of the first strategic owner. Candidate prices stay a hair below a price and give no bound; where a limit binds they can miss the best bids.",
        )],
        ..Report::default()
    }
}
