//! What the strategic owner earns in the DSO's market and expects of the TSO's, side by side, and what that
//! does to the DSO.

use crate::report::plots::{axis, by_clock, chart, line, quantities};
use crate::report::words::{changed, usd};
use crate::report::{
    Cell, Chart, Filled, Quantity, Role, Series, Table, amount, filled, number, text,
};

use super::super::model::day::{Day, own_of};
use super::super::outcome::Variant;
use super::super::params::Behaviour;
use super::run::{Run, STEP};

/// A day in words, the day, what the owner expects after it by period in $ per hour, and an id.
type Column<'a> = (String, &'a Day, Vec<f64>, &'static str);

/// Every way to bid that is compared; empty where the owner looks at the DSO's market alone.
fn columns<'a>(run: &Run<'a>) -> Vec<Column<'a>> {
    let Some(alone) = &run.outcome.alone else {
        return Vec::new();
    };
    let of = |variant: &'a Variant| -> Column<'a> {
        let expected = variant.second_stage.iter().map(|s| s.expected);
        let behaviour = variant.day.behaviour;
        let name = match behaviour {
            Behaviour::TsoOnly => "no market of the DSO",
            Behaviour::Truthful => "everyone at cost",
            Behaviour::Strategic => "best for both markets",
            Behaviour::Own => "your bids",
        };
        (
            name.into(),
            &variant.day,
            expected.collect(),
            behaviour.id(),
        )
    };
    let mut list: Vec<Column<'a>> = run.outcome.variants.iter().map(of).collect();
    let name = "best for the DSO's market alone";
    list.insert(
        2,
        (name.into(), &alone.day, alone.expected.clone(), "alone"),
    );
    list
}

/// What the first strategic owner earns in the DSO's market, $.
fn in_market(run: &Run, day: &Day) -> f64 {
    day.owner_usd(run.outcome.player())
}

fn next(run: &Run, expected: &[f64]) -> f64 {
    expected.iter().sum::<f64>() * run.outcome.system.hours_per_period
}

/// Energy that the owner sells to or buys from the DSO in period `t`, MWh.
fn traded_mwh(run: &Run, day: &Day, t: usize) -> f64 {
    let cleared = &day.periods[t].cleared;
    let own = own_of(&run.outcome.system, run.params);
    let taken = (0..own.len()).filter(|&k| own[k]);
    let mw: f64 = taken.map(|k| cleared.up_mw[k] + cleared.down_mw[k]).sum();
    mw * run.outcome.system.hours_per_period
}

/// The strategic day in a sentence; `None` where another is shown or there is one market.
pub fn headline(run: &Run) -> Option<String> {
    let alone = run.outcome.alone.as_ref()?;
    if run.behaviour() != Behaviour::Strategic {
        return None;
    }
    let (first, second) = (in_market(run, &run.shown.day), expected(run, run.shown));
    let before = in_market(run, &alone.day) + next(run, &alone.expected);
    let sold = |day: &Day| -> f64 {
        let hours = 0..day.periods.len();
        hours.map(|t| traded_mwh(run, day, t)).sum()
    };
    let (paid, once) = (&run.shown.day.totals, &alone.day.totals);
    Some(format!(
        "With the TSO's market in view {} trades {} MWh with the DSO instead of {} MWh: it earns {} there and expects {} from the TSO, {} more than with bids for the DSO's market alone; the DSO pays {} ({} with those)",
        run.player(),
        amount(sold(&run.shown.day), ""),
        amount(sold(&alone.day), ""),
        usd(first),
        usd(second),
        usd(first + second - before),
        usd(paid.payment_usd),
        changed(paid.payment_usd, once.payment_usd, "$"),
    ))
}

/// What the first strategic owner expects of the TSO's market on this day, $; 0 where it does not look
/// at it.
pub fn expected(run: &Run, variant: &Variant) -> f64 {
    let hours = variant.second_stage.iter().map(|s| s.expected);
    hours.sum::<f64>() * run.outcome.system.hours_per_period
}

pub fn quantities_of(run: &Run) -> Vec<Quantity> {
    let mut list = Vec::new();
    let player = run.player();
    for (name, day, after, id) in columns(run) {
        let (first, second) = (in_market(run, day), next(run, &after));
        let all = [
            ("market", "in the DSO's market", first),
            ("expected", "expected of the TSO's market", second),
            ("both", "in both markets", first + second),
        ];
        for (what, words, value) in all {
            let (key, words) = (
                format!("{what}:{player}:{id}"),
                format!("{player} {words}, {name}"),
            );
            list.extend(quantities(&[(
                key.as_str(),
                words.as_str(),
                value,
                "$",
                "",
            )]));
        }
    }
    let Some(alone) = &run.outcome.alone else {
        return list;
    };
    let Some(best) = run.outcome.variant(Behaviour::Strategic) else {
        return list;
    };
    let gain = in_market(run, &best.day) + expected(run, best)
        - in_market(run, &alone.day)
        - next(run, &alone.expected);
    let (now, once) = (&best.day.totals, &alone.day.totals);
    let (payment, cost) = (
        now.payment_usd - once.payment_usd,
        now.cost_usd - once.cost_usd,
    );
    #[rustfmt::skip]
    list.extend(quantities(&[
        ("second_market_gain", "Gain of bidding for both markets", gain, "$", "over the best bids for the DSO's market alone, with what the TSO's brings after them"),
        ("second_market_payment", "The DSO pays more through it", payment, "$", "than with the best bids for its market alone"),
        ("second_market_cost", "Activation for the DSO costs more through it", cost, "$", ""),
    ]));
    list
}

pub fn tables(run: &Run) -> Vec<Table> {
    let Some(alone) = &run.outcome.alone else {
        return Vec::new();
    };
    let columns_of = columns(run);
    let (name, h) = (run.player(), run.outcome.system.hours_per_period);
    let periods = 0..run.outcome.system.hours.len();
    let sold = |day: &Day| -> f64 { periods.clone().map(|t| traded_mwh(run, day, t)).sum() };
    let cells: [Filled<&Column>; 7] = [
        ("bids", "", &|c| text(&c.0)),
        ("traded with the DSO", "MWh", &|c| number(sold(c.1))),
        ("in the DSO's market", "$", &|c| number(in_market(run, c.1))),
        ("expected of the TSO's", "$", &|c| number(next(run, &c.2))),
        ("both", "$", &|c| {
            number(in_market(run, c.1) + next(run, &c.2))
        }),
        ("the DSO pays", "$", &|c| number(c.1.totals.payment_usd)),
        ("activation costs the DSO", "$", &|c| {
            number(c.1.totals.cost_usd)
        }),
    ];
    let side = filled(
        "two_markets",
        &format!("Profit of {name} in two markets"),
        &columns_of,
        &cells,
        "What is expected of the TSO's market is the margin over the resource's own cost at the expected price, times the expected share, of what the DSO forwards. It is an expectation, and no payment of the ledger.",
    );
    let best = run.outcome.variant(Behaviour::Strategic);
    let Some(best) = best else { return vec![side] };
    let player = run.outcome.player();
    let first = |day: &Day, t: usize| day.profit_usd[player][t];
    let then = |t: usize| best.second_stage[t].expected * h;
    let cells: [Filled; 8] = [
        ("hour", "", &|t| Cell::Number((t + 1) as f64)),
        ("for one: traded", "MWh", &|t| {
            number(traded_mwh(run, &alone.day, t))
        }),
        ("for one: both markets", "$", &|t| {
            number(first(&alone.day, t) + alone.expected[t] * h)
        }),
        ("for both: traded", "MWh", &|t| {
            number(traded_mwh(run, &best.day, t))
        }),
        ("the DSO's market", "$", &|t| number(first(&best.day, t))),
        ("expected of the TSO's", "$", &|t| number(then(t))),
        ("both markets", "$", &|t| {
            number(first(&best.day, t) + then(t))
        }),
        ("the DSO pays more", "$", &|t| {
            number((best.day.rates[t].payment - alone.day.rates[t].payment) * h)
        }),
    ];
    let hours = Table {
        by_clock: true,
        ..filled(
            "two_markets_hours",
            &format!("Hour by hour: {name} in two markets"),
            periods,
            &cells,
            "Bids for one: those that earn most in the DSO's market alone, with what the TSO's brings after them.",
        )
    };
    vec![side, hours]
}

pub fn series(run: &Run) -> Vec<Series> {
    let (player, h) = (run.outcome.player(), run.outcome.system.hours_per_period);
    let mut list = Vec::new();
    for (name, day, after, id) in columns(run) {
        let of = |what: &str, words: &str, values: Vec<f64>| {
            let key = format!("{what}:{}:{id}", run.player());
            by_clock(key, format!("{words}, {name}"), "$", values)
        };
        let both = day.profit_usd[player].iter().zip(&after);
        let both = both.map(|(first, after)| first + after * h).collect();
        let then = after.iter().map(|after| after * h).collect();
        list.push(of("expected", "expected of the TSO's market", then));
        list.push(of("both", "profit in both markets", both));
    }
    list
}

pub fn profit_chart(run: &Run) -> Option<Chart> {
    run.outcome.alone.as_ref()?;
    let player = run.player();
    let mark = |what: &str, id: &str, role: Role, dashed: bool| {
        line(format!("{what}:{player}:{id}"), role, dashed, true)
    };
    Some(chart(
        STEP,
        "two_markets",
        format!("Profit of {player} in two markets"),
        axis("profit", "$", true),
        vec![
            mark("both", "strategic", Role::Optimum, false),
            mark("profit", "strategic", Role::Der, false),
            mark("expected", "strategic", Role::Generator, false),
            mark("both", "alone", Role::Reference, true),
        ],
        "With the best bids for both markets: together, in the DSO's market, and expected of the TSO's; beside them both markets with the best bids for the DSO's alone.",
    ))
}
