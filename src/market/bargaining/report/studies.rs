//! What was asked beside the day: coalitions, the exchange of prices, a misreport.

use crate::market::bargaining::model::misreport::Reported;
use crate::market::bargaining::model::price_exchange::Round;
use crate::market::bargaining::model::studies::{Coalitions, Compared};
use crate::market::bargaining::outcome::Settled;
use crate::market::bargaining::params::Misreport;
use crate::report::plots::{Numbers, axis, chart, over, path};
use crate::report::{Filled, Report, Role, Table, filled, number, text};

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
    let names = |k: usize| {
        let players = own.worth_usd[k].0.iter();
        players
            .map(|&p| run.players[p].as_str())
            .collect::<Vec<_>>()
    };
    let [nash, shapley, nucleolus] = &own.shares;
    let columns: [Filled; 5] = [
        ("coalition", "", &|k| text(names(k).join(", "))),
        ("worth on its own", "$", &|k| number(own.worth_usd[k].1)),
        ("has by the Nash bargain", "$", &|k| {
            number(nash.coalition_usd[k])
        }),
        ("by Shapley value", "$", &|k| {
            number(shapley.coalition_usd[k])
        }),
        ("by the nucleolus", "$", &|k| {
            number(nucleolus.coalition_usd[k])
        }),
    ];
    let title = format!("What every coalition is worth at slot {at}");
    let note = "Whole day as expected at the slot, against no cooperation from it on. Without the ISO a coalition is worth nothing.";
    filled("coalitions", &title, 0..own.worth_usd.len(), &columns, note)
}

fn shares(run: &Settled, own: &Coalitions, at: usize) -> Table {
    let [nash, shapley, nucleolus] = &own.shares;
    let columns: [Filled; 5] = [
        ("player", "", &|k| text(&run.players[k])),
        ("Nash bargain", "$", &|k| number(nash.player_usd[k])),
        ("Shapley value", "$", &|k| number(shapley.player_usd[k])),
        ("nucleolus", "$", &|k| number(nucleolus.player_usd[k])),
        ("adds to all others", "$", &|k| number(own.marginal_usd[k])),
    ];
    let title = format!("Shares of the surplus at slot {at}");
    filled("shares", &title, 0..run.players.len(), &columns, "")
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
    let mut series = |id: &str, name: &str, unit: &str, of: &dyn Fn(&Round) -> f64| {
        let points = rounds.iter().enumerate();
        let points: Vec<_> = points.map(|(k, r)| ((k + 1) as f64, of(r))).collect();
        let series = over(id, name, unit, ("round", ""), &points);
        report.series.push(series);
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
    report.charts.push(chart(
        "round",
        "exchange",
        "Prices and quantities until both agree",
        axis("residual", "log₁₀", false),
        vec![
            path("residual_primal_log", Role::Aggregator, false, false),
            path("residual_dual_log", Role::Price, false, true),
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
    let more =
        |k: usize, of: fn(&Reported) -> f64| number(of(&found[k]) - truth.map_or(f64::NAN, of));
    let columns: [Filled; 8] = [
        ("reported too much", "%", &|k| number(found[k].percent)),
        ("gains at prices", "$", &|k| more(k, |r| r.lmp_usd)),
        ("by the Nash bargain", "$", &|k| more(k, |r| r.nash_usd)),
        ("by Shapley value", "$", &|k| more(k, |r| r.shapley_usd)),
        ("by Vickrey, Clarke and Groves", "$", &|k| {
            more(k, |r| r.vcg_usd)
        }),
        ("their deficit", "$", &|k| number(found[k].vcg_deficit_usd)),
        ("energy missed", "MWh", &|k| number(found[k].missed_mwh)),
        ("surplus reported", "$", &|k| {
            number(found[k].reported_surplus_usd)
        }),
    ];
    let title = format!("What {} gains by another report at slot {at}", asked.dso);
    let note = "True gain over the rest of the day, less that of the true report. All others report what is true; the plan of the day before stays. Energy that adjustable loads miss is not priced in the gain.";
    filled("misreport", &title, 0..found.len(), &columns, note)
}
