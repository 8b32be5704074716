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
        exchange(done, &PLAN, report);
        differences(done, &PLAN, &mut numbers);
    }
    if let Some(done) = &found.real_time_exchange {
        let what = Exchanged {
            title: &format!("Real time from slot {at} on: prices and quantities until both agree"),
            ..REAL_TIME
        };
        exchange(done, &what, report);
        differences(done, &what, &mut numbers);
        report.tables.push(rounds(done, at));
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

/// What an exchange is called: the plan of the day before, or real time.
struct Exchanged<'a> {
    /// Before the ids of its series and chart.
    id: &'a str,
    /// After the names of its numbers.
    of: &'a str,
    title: &'a str,
    /// What it is beside.
    beside: &'a str,
}

const PLAN: Exchanged = Exchanged {
    id: "",
    of: "",
    title: "Prices and quantities until both agree",
    beside: "the plan in one program",
};

const REAL_TIME: Exchanged = Exchanged {
    id: "real_time_",
    of: ", real time",
    title: "",
    beside: "the common dispatch in one program",
};

/// Residuals round by round, as they are and in powers of ten.
fn exchange(done: &Compared, what: &Exchanged, report: &mut Report) {
    let rounds = &done.exchange.rounds;
    let id = |name: &str| format!("{}{name}", what.id);
    let mut series = |name: &str, called: &str, unit: &str, of: &dyn Fn(&Round) -> f64| {
        let points = rounds.iter().enumerate();
        let points: Vec<_> = points.map(|(k, r)| ((k + 1) as f64, of(r))).collect();
        let called = format!("{called}{}", what.of);
        let series = over(&id(name), &called, unit, ("round", ""), &points);
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
        &id("exchange"),
        what.title,
        axis("residual", "log₁₀", false),
        vec![
            path(&id("residual_primal_log"), Role::Aggregator, false, false),
            path(&id("residual_dual_log"), Role::Price, false, true),
        ],
        "How far ISO and DSOs are apart after each round, in powers of ten.",
    ));
}

fn differences(done: &Compared, what: &Exchanged, list: &mut Numbers) {
    let rounds = done.exchange.rounds.len() as f64;
    let most = format!("largest difference from {}", what.beside);
    let (id, name) = (
        |name: &str| format!("{}exchange_{name}", what.id),
        |name: &str| format!("{name}{}", what.of),
    );
    list.add(id("rounds"), name("Rounds of the exchange"), rounds, "")
        .noted(match done.exchange.converged {
            true => "converged",
            false => "not converged",
        });
    let (import, price) = (done.import_off_mw, done.price_off_usd_per_mwh);
    list.add(id("import_off"), name("Imports differ by"), import, "MW")
        .noted(&most);
    list.add(id("price_off"), name("Prices differ by"), price, "$/MWh")
        .noted(&most);
    let welfare = done.welfare_off_usd;
    list.add(id("welfare_off"), name("Welfare differs by"), welfare, "$")
        .noted(&format!("from {}", what.beside));
}

/// Every round of the exchange in real time.
fn rounds(done: &Compared, at: usize) -> Table {
    let round = |k: usize| &done.exchange.rounds[k];
    let columns: [Filled; 4] = [
        ("round", "", &|k| number((k + 1) as f64)),
        ("quantities apart by", "MW", &|k| number(round(k).primal_mw)),
        ("wish moved by, as a price", "$/MWh", &|k| {
            number(round(k).dual_usd_per_mwh)
        }),
        ("utilities less cost", "$", &|k| {
            number(round(k).welfare_usd)
        }),
    ];
    let title = format!("Prices and quantities in real time, from slot {at} on");
    let note = "The ISO sends a price for each boundary and slot, each DSO answers what it draws; nothing else is told. Utilities are of the whole day, cost from the slot on. The end agrees with the common dispatch in one program as far as the numbers \"differ by\" say.";
    let all = 0..done.exchange.rounds.len();
    filled("real_time_rounds", &title, all, &columns, note)
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
