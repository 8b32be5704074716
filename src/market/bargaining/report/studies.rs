//! What was asked beside the day: coalitions, the exchange of prices, a misreport.

use crate::market::bargaining::model::misreport::Reported;
use crate::market::bargaining::model::price_exchange::Round;
use crate::market::bargaining::model::studies::{Coalitions, Compared};
use crate::market::bargaining::outcome::Settled;
use crate::market::bargaining::params::Misreport;
use crate::report::plots::{Numbers, axis, chart};
use crate::report::{Index, Mark, Report, Role, Series, Table, column, number, table, text};

/// Adds what was found to the report.
pub fn add(run: &Settled, report: &mut Report) {
    let Ok(found) = &run.studies else { return };
    let at = found.slot + 1;
    let mut numbers = Numbers::default();
    if let Some(own) = &found.coalitions {
        report.tables.push(coalitions(run, own, at));
        report.tables.push(shares(run, own, at));
        excesses(own, &mut numbers);
    }
    if let Some(done) = &found.exchange {
        exchange(done, report);
        differences(done, &mut numbers);
    }
    if let Some((asked, reported)) = &found.misreport {
        report.tables.push(misreport(asked, reported, at));
    }
    report.summary.extend(numbers.0);
}

fn coalitions(run: &Settled, own: &Coalitions, at: usize) -> Table {
    let rows = own
        .worth_usd
        .iter()
        .enumerate()
        .map(|(k, (players, worth))| {
            let names = players.iter().map(|&p| run.players[p].as_str());
            let mut row = vec![text(names.collect::<Vec<_>>().join(", ")), number(*worth)];
            row.extend(own.shares.iter().map(|by| number(by.coalition_usd[k])));
            row
        });
    table(
        "coalitions",
        &format!("What every coalition is worth at slot {at}"),
        vec![
            column("coalition", ""),
            column("worth on its own", "$"),
            column("has by the Nash bargain", "$"),
            column("by Shapley value", "$"),
            column("by the nucleolus", "$"),
        ],
        rows.collect(),
        "Whole day as expected at the slot, against no cooperation from it on. Without the ISO a coalition is worth nothing.",
    )
}

fn shares(run: &Settled, own: &Coalitions, at: usize) -> Table {
    let rows = run.players.iter().enumerate().map(|(k, player)| {
        let mut row = vec![text(player.clone())];
        row.extend(own.shares.iter().map(|by| number(by.player_usd[k])));
        row.push(number(own.marginal_usd[k]));
        row
    });
    let columns = vec![
        column("player", ""),
        column("Nash bargain", "$"),
        column("Shapley value", "$"),
        column("nucleolus", "$"),
        column("adds to all others", "$"),
    ];
    let title = format!("Shares of the surplus at slot {at}");
    table("shares", &title, columns, rows.collect(), "")
}

fn excesses(own: &Coalitions, list: &mut Numbers) {
    list.add("least_core", "Least-core excess", own.least_core_usd, "$")
        .noted("no coalition can be better off on its own where it is not above 0");
    let names = [
        ("excess:nash", "Largest excess, Nash bargain"),
        ("excess:shapley", "Largest excess, Shapley value"),
        ("excess:nucleolus", "Largest excess, nucleolus"),
    ];
    for ((id, name), by) in names.into_iter().zip(&own.shares) {
        list.add(id, name, by.excess_usd, "$")
            .noted("in the core where it is not above 0");
    }
}

/// Residuals round by round, as they are and in powers of ten.
fn exchange(done: &Compared, report: &mut Report) {
    let rounds = &done.exchange.rounds;
    let at: Vec<f64> = (1..=rounds.len()).map(|k| k as f64).collect();
    let mut series = |id: &str, name: &str, unit: &str, of: &dyn Fn(&Round) -> f64| {
        report.series.push(Series {
            id: id.into(),
            name: name.into(),
            unit: unit.into(),
            index: Index::Numbers {
                name: "round".into(),
                unit: String::new(),
                at: at.clone(),
            },
            values: rounds.iter().map(of).collect(),
        });
    };
    let (primal, dual) = (|r: &Round| r.primal_mw, |r: &Round| r.dual_usd_per_mwh);
    let ten = |value: f64| libm::log10(value.max(1e-12));
    let moved = "largest move of the ISO's wish, as a price";
    series(
        "residual_primal",
        "largest difference of quantities",
        "MW",
        &primal,
    );
    series("residual_dual", moved, "$/MWh", &dual);
    series("residual_primal_log", "quantities, MW", "log₁₀", &|r| {
        ten(primal(r))
    });
    series("residual_dual_log", "prices, $/MWh", "log₁₀", &|r| {
        ten(dual(r))
    });
    let line = |series: &str, role: Role, dashed: bool| Mark::Line {
        series: series.into(),
        role,
        step: false,
        points: false,
        dashed,
        shown: true,
    };
    report.charts.push(chart(
        "round",
        "exchange",
        "Prices and quantities until both agree",
        axis("residual", "log₁₀", false),
        vec![
            line("residual_primal_log", Role::Aggregator, false),
            line("residual_dual_log", Role::Price, true),
        ],
        "How far ISO and DSOs are apart after each round, in powers of ten.",
    ));
}

fn differences(done: &Compared, list: &mut Numbers) {
    let rounds = done.exchange.rounds.len() as f64;
    let most = "largest difference from the plan in one program";
    list.add("exchange_rounds", "Rounds of the exchange", rounds, "")
        .noted(match done.exchange.converged {
            true => "converged",
            false => "not converged",
        });
    list.add(
        "exchange_import_off",
        "Imports differ by",
        done.import_off_mw,
        "MW",
    )
    .noted(most);
    let off = done.price_off_usd_per_mwh;
    list.add("exchange_price_off", "Prices differ by", off, "$/MWh")
        .noted(most);
    list.add(
        "exchange_welfare_off",
        "Welfare differs by",
        done.welfare_off_usd,
        "$",
    )
    .noted("from the plan in one program");
}

fn misreport(asked: &Misreport, found: &[Reported], at: usize) -> Table {
    let truth = found.iter().find(|r| r.percent == 0.0);
    let rows = found.iter().map(|r| {
        let more = |of: fn(&Reported) -> f64| number(of(r) - truth.map_or(f64::NAN, of));
        vec![
            number(r.percent),
            more(|r| r.lmp_usd),
            more(|r| r.nash_usd),
            more(|r| r.shapley_usd),
            more(|r| r.vcg_usd),
            number(r.vcg_deficit_usd),
            number(r.missed_mwh),
            number(r.reported_surplus_usd),
        ]
    });
    table(
        "misreport",
        &format!("What {} gains by another report at slot {at}", asked.dso),
        vec![
            column("reported too much", "%"),
            column("gains at prices", "$"),
            column("by the Nash bargain", "$"),
            column("by Shapley value", "$"),
            column("by Vickrey, Clarke and Groves", "$"),
            column("their deficit", "$"),
            column("energy missed", "MWh"),
            column("surplus reported", "$"),
        ],
        rows.collect(),
        "True gain over the rest of the day, less that of the true report. All others report what is true; the plan of the day before stays. Energy that adjustable loads miss is not priced in the gain.",
    )
}
