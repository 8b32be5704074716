//! A run in a sentence, in badges and in single numbers.

use crate::report::plots::{Picture, Row, picture, quantities, quantity};
use crate::report::{Badge, Quantity, Role, Tone, amount, capitalised, plain};

use super::super::model::ac::UNTIGHT_MVA;
use super::super::model::curve::Curve;
use super::super::model::theorems::{Promise, Theorem};
use super::super::params::Scheme;
use super::run::Run;
use super::words::{net_id, price_words, range_words, usd};

/// Energy below this is rounding, MWh.
pub const SHORT_MWH: f64 = 1e-5;

/// Parties and bids up to which each has a number of its own.
const EACH: usize = 40;

/// Difference of two costs that is none, $.
pub fn cent(cost_usd: f64) -> f64 {
    0.005 + 1e-6 * cost_usd.abs()
}

/// The sentence with the numbers that matter.
pub fn headline(run: &Run) -> String {
    let cost = run.coordination.market.cost_usd(run.system);
    let name = capitalised(run.coordination.scheme.name());
    let mut text = format!("{name}: {}", usd(cost));
    text += &unseen_words(run);
    let moved = redispatch_words(run);
    text += moved.as_deref().unwrap_or_default();
    text += &benchmark_words(run, moved.is_some());
    if let Some(a) = run.shown {
        let export = run.coordination.market.dispatch.export_mw[a][run.period];
        let way = if export < 0.0 { "draws" } else { "delivers" };
        let price = match run.outcome.interface_range(a, run.period) {
            Some(range) if run.outcome.is_open(range) => "; any price is right".into(),
            _ => format!(" at {}", price_words(run, a)),
        };
        text += &format!(
            ". {} {way} {} MW{price}",
            run.system.areas[a].id,
            amount(export.abs(), ""),
        );
    }
    text + "."
}

/// What the market leaves open or did not see.
fn unseen_words(run: &Run) -> String {
    let found = run.coordination;
    let realized = &found.realized;
    let mut text = String::new();
    if found.unserved_mwh > SHORT_MWH {
        let unserved = amount(found.unserved_mwh, "");
        text += &format!(", but {unserved} MWh have no answer at any price");
    }
    if found.overload_mwh > SHORT_MWH {
        let overloads = run.outcome.overloads.iter();
        let worst = overloads.max_by(|a, b| a.over_mw.total_cmp(&b.over_mw));
        let at = worst.map_or(String::new(), |w| format!(" (line {})", w.line));
        let over = amount(found.overload_mwh, "");
        text += &format!(", with {over} MWh over limits{at}");
    }
    if let Some((bus, v, _)) = &realized.voltage {
        text += &format!(", with {bus} at {} p.u.", plain(*v, 4));
    }
    if realized.losses_mwh > SHORT_MWH {
        let losses = amount(realized.losses_mwh, "");
        text += &format!(", with {losses} MWh of losses that nobody bought");
    }
    if let Some((line, _)) = &realized.untight {
        text += &format!(", but the cone of line {line} is not tight");
    }
    text
}

/// What the redispatch costs; `None` where it is nothing.
fn redispatch_words(run: &Run) -> Option<String> {
    let end = run.coordination.cost_after_usd(run.system);
    let redispatch = run.coordination.redispatch_usd(run.system);
    let way = match redispatch > 0.0 {
        true => "costs another",
        false => "saves",
    };
    let moved = redispatch.abs() > cent(end);
    moved.then(|| {
        let unserved = run.coordination.unserved_after_mwh();
        let unserved = match unserved > SHORT_MWH {
            true => format!(" with {} MWh unserved or spilled", amount(unserved, "")),
            false => String::new(),
        };
        let (moved, end) = (usd(redispatch.abs()), usd(end));
        format!("; redispatch {way} {moved}, {end} together{unserved}")
    })
}

/// How far the end is from the common market, where that says something.
fn benchmark_words(run: &Run, moved: bool) -> String {
    let answered = moved || run.coordination.unserved_mwh <= SHORT_MWH;
    let beside = run.outcome.beside.as_ref();
    let Some(central) = beside.filter(|_| answered) else {
        return String::new();
    };
    let common = central.cost_usd(run.system);
    let more = run.coordination.cost_after_usd(run.system) - common;
    // Found on the way back from a cone that was not tight, it is a power flow, but no proven optimum.
    let flow = &central.power_flow;
    let benchmark = if flow.untight.is_some() {
        "the relaxed common market, which is no power flow"
    } else if flow.excess_before_mva > UNTIGHT_MVA {
        "the nearest power flow found for the common market"
    } else {
        "the common optimum"
    };
    if more.abs() <= cent(common) {
        return format!(", {benchmark}");
    }
    let way = if more > 0.0 { "more" } else { "less" };
    format!(", {} {way} than {benchmark}", usd(more.abs()))
}

pub fn badges(run: &Run) -> Vec<Badge> {
    let found = run.coordination;
    let realized = &found.realized;
    let unserved = found.unserved_after_mwh();
    let mut badges = vec![proof(run)];
    let bad = [
        (
            found.overload_mwh > SHORT_MWH,
            format!("{} MWh over limits", amount(found.overload_mwh, "")),
        ),
        (
            realized.voltage.is_some(),
            format!(
                "voltage {} p.u. outside limits",
                plain(realized.outside_pu(), 4)
            ),
        ),
        (
            realized.losses_mwh > SHORT_MWH,
            format!(
                "{} MWh of losses not bought",
                amount(realized.losses_mwh, "")
            ),
        ),
        (!realized.without_flow.is_empty(), "no power flow".into()),
    ];
    let shown = bad.into_iter().filter(|(is, _)| *is);
    badges.extend(shown.map(|(_, text)| Badge::judged(false, text)));
    if found.overload_mwh <= SHORT_MWH && realized.clean() {
        badges.push(Badge::judged(true, "no overload"));
    }
    if found.after.is_some() && unserved > SHORT_MWH {
        let text = format!("{} MWh unserved after redispatch", amount(unserved, ""));
        badges.push(Badge::judged(false, text));
    }
    if found.unserved_mwh > SHORT_MWH {
        let text = format!("{} MWh without an answer", amount(found.unserved_mwh, ""));
        badges.push(Badge::judged(false, text));
    }
    badges.extend(promises(&run.outcome.theorems));
    badges
}

/// Whether the end is proven.
fn proof(run: &Run) -> Badge {
    let both = std::iter::once(&run.coordination.market).chain(&run.coordination.after);
    let proofs = both.flat_map(|c| &c.certificates);
    let all = proofs.clone().count();
    let open = proofs.filter(|proof| !proof.certified).count();
    let flow = &run.coordination.last().power_flow;
    let (text, tone) = if flow.untight.is_some() {
        ("cone not tight, no power flow".into(), Tone::Bad)
    } else if flow.recovered > 0 && flow.excess_before_mva > UNTIGHT_MVA {
        ("nearest power flow found".into(), Tone::Neutral)
    } else if open == 0 {
        ("certified".into(), Tone::Good)
    } else {
        (format!("{open} of {all} solves imprecise"), Tone::Bad)
    };
    Badge::new(text, tone).of_solving()
}

/// How many theorems hold.
fn promises(theorems: &[Theorem]) -> Option<Badge> {
    let judged: Vec<bool> = theorems.iter().filter_map(|t| t.holds).collect();
    let (count, holding) = (judged.len(), judged.iter().filter(|holds| **holds).count());
    let broken = |t: &Theorem| t.promised && t.holds == Some(false);
    let tone = match (holding == count, theorems.iter().any(broken)) {
        (true, _) => Tone::Good,
        (_, true) => Tone::Bad,
        _ => Tone::Neutral,
    };
    let others = match tone {
        Tone::Neutral if count - holding == 1 => ", one does not apply here",
        Tone::Neutral => ", the others do not apply here",
        _ => "",
    };
    let text = format!("{holding} of {count} theorems hold{others}");
    (count > 0).then_some(Badge::new(text, tone).of_solving())
}

pub fn summary(run: &Run) -> Vec<Quantity> {
    let system = run.system;
    let found = run.coordination;
    let mut list = Vec::new();
    let mut add = |rows: &[Row]| list.extend(quantities(rows));
    add(&[
        (
            "cost",
            "cost",
            found.market.cost_usd(system),
            "$",
            "activated bids, and energy without an answer at the price cap; negative where those turned down pay more than the others are paid",
        ),
        (
            "overload",
            "over limits",
            found.overload_mwh,
            "MWh",
            "summed over lines and periods",
        ),
        (
            "unserved",
            "without an answer",
            found.unserved_mwh,
            "MWh",
            "slack at the price cap",
        ),
    ]);
    if let Some(central) = run.outcome.central() {
        let common = central.cost_usd(system);
        add(&[(
            "common_cost",
            "common optimum",
            common,
            "$",
            "one program over all networks",
        )]);
    }
    add(&apart(run));
    add(&[
        (
            "redispatch",
            "redispatch",
            found.redispatch_usd(system),
            "$",
            "what the physics costs that the market did not see: losses, voltages, lines",
        ),
        (
            "after",
            "cost after redispatch",
            found.cost_after_usd(system),
            "$",
            "the scheme's bids dispatched with all networks written in",
        ),
        (
            "unserved_after",
            "unserved after redispatch",
            found.unserved_after_mwh(),
            "MWh",
            "or spilled, at the price cap",
        ),
        (
            "losses",
            "losses not bought",
            found.realized.losses_mwh,
            "MWh",
            "that the market did not see",
        ),
        (
            "voltage",
            "voltage outside its limits",
            found.realized.outside_pu(),
            "p.u.",
            "of the worst bus, with the market's dispatch",
        ),
    ]);
    list.extend(of_payments(run));
    list.extend(of_functions(run));
    list.extend(of_power_flow(run));
    list.extend(interface_price(run));
    list.extend(of_each(run));
    list
}

/// Who is left with what at the prices.
fn of_payments(run: &Run) -> Vec<Quantity> {
    let payments = &run.outcome.payments;
    quantities(&[
        (
            "lost_opportunity",
            "lost opportunity cost",
            run.outcome.lost.total_usd(),
            "$",
            "of bids and networks at the prices",
        ),
        (
            "ads",
            "surplus of the DSOs",
            payments.operators_usd(run.system),
            "$",
            "",
        ),
        (
            "tso",
            "surplus of the TSO",
            payments.net_usd("TSO"),
            "$",
            "",
        ),
    ])
    .collect()
}

/// What the residual supply functions prove and took.
fn of_functions(run: &Run) -> Vec<Quantity> {
    let market = &run.coordination.market;
    let curves: Vec<&Curve> = market.curves.iter().flatten().collect();
    if curves.is_empty() || run.coordination.scheme != Scheme::Rsf {
        return Vec::new();
    }
    let note = |known: &str| match &market.unbounded {
        Some(why) => format!("not known: {why}"),
        None => known.to_string(),
    };
    let evaluations: usize = curves.iter().map(|c| c.evaluations).sum();
    let rows = [
        (
            "gap",
            "certified error",
            market.error_usd(run.system),
            "$",
            note(
                "the clearing costs at most this much more than the common optimum, by cuts of the areas' costs",
            ),
        ),
        (
            "bound",
            "lower bound of the common optimum",
            market.bound_usd,
            "$",
            note("by cuts of the areas' costs"),
        ),
        (
            "evaluations",
            "area problems solved",
            evaluations as f64,
            "",
            "for the residual supply functions".into(),
        ),
    ];
    let exchanges = match market.exchanges.len() {
        0 => None,
        count => Some((
            "exchanges",
            "exchanges of cuts",
            count as f64,
            "",
            "between the clearing and the areas".into(),
        )),
    };
    let rows = rows.into_iter().chain(exchanges);
    rows.map(|(id, name, value, unit, note)| quantity(id.into(), name.into(), value, unit, &note))
        .collect()
}

/// How far the feeders' flows are from an AC power flow.
fn of_power_flow(run: &Run) -> Vec<Quantity> {
    let flow = &run.coordination.market.power_flow;
    if flow.compared == 0 {
        return Vec::new();
    }
    quantities(&[
        (
            "ac_voltage",
            "voltages against a power flow",
            flow.voltage_difference_pu,
            "p.u.",
            "largest difference to an independent backward/forward sweep at the same injections",
        ),
        (
            "cone_excess",
            "burnt by the cone",
            flow.excess_mva,
            "MVA",
            "in the worst line; 0 where the relaxed flow is an exact power flow",
        ),
    ])
    .collect()
}

/// What balancing every area by itself costs, where that is known, and what this market saves against it; absent
/// where it is not.
fn apart(run: &Run) -> [Row<'static>; 2] {
    let apart = run.outcome.theorems.iter().find_map(|t| match t.promise {
        Promise::AreaByArea { apart_usd, .. } => apart_usd,
        _ => None,
    });
    let apart = apart.unwrap_or(f64::NAN);
    let saved = apart - run.coordination.cost_after_usd(run.system);
    let (called, saving) = (
        "cost with every area balanced by itself",
        "saved against every area by itself",
    );
    let less = "that cost less this market's after redispatch";
    [
        ("apart_cost", called, apart, "$", "redispatch included"),
        ("apart_saving", saving, saved, "$", less),
    ]
}

/// The price at the interface of the area shown.
fn interface_price(run: &Run) -> Option<Quantity> {
    let a = run.shown?;
    let price = &run.coordination.market.prices;
    let price = price.interface(run.system, a, run.period);
    let range = run.outcome.interface_range(a, run.period);
    let open = range.is_some_and(|range| run.outcome.is_open(range));
    let words = range.map_or(String::new(), |range| {
        format!("; not unique: {}", range_words(run, range))
    });
    let note = format!("of {}{words}", run.system.areas[a].id);
    let value = if open { f64::NAN } else { price };
    let (id, name) = ("interface_price".into(), "interface price".into());
    Some(quantity(id, name, value, "$/MWh", &note))
}

/// Net receipts of each party and lost opportunity of each bid, where they are few.
fn of_each(run: &Run) -> Vec<Quantity> {
    let mut list = Vec::new();
    let payments = &run.outcome.payments;
    let parties = payments.parties();
    if parties.len() <= EACH {
        list.extend(parties.into_iter().map(|party| {
            let (id, name) = (net_id(party), format!("net of {party}"));
            let note = "receipts less payments";
            quantity(id, name, payments.net_usd(party), "$", note)
        }));
    }
    let bids = &run.system.balancing.bids;
    if bids.len() <= EACH {
        let lost = bids.iter().zip(&run.outcome.lost.bids_usd);
        list.extend(lost.map(|(bid, &lost)| {
            let name = format!("lost opportunity of {}", bid.id);
            quantity(format!("loc:{}", bid.id), name, lost, "$", "")
        }));
    }
    list
}

/// What a sweep draws.
#[rustfmt::skip]
pub const PICTURES: &[Picture] = &[
    picture("sweep_market_cost", "Cost of the market", ("cost", "$", false), &[
        ("cost", Role::Generator, false),
        ("common_cost", Role::Optimum, true),
    ]),
    picture("sweep_interface_price", "Interface price", ("price", "$/MWh", true), &[
        ("interface_price", Role::Price, false),
    ]),
    picture("sweep_over_limits", "Energy over limits or without an answer", ("energy", "MWh", true), &[
        ("overload", Role::Line, false),
        ("unserved", Role::Reference, true),
    ]),
    picture("sweep_surplus", "Surplus of the operators", ("surplus", "$", true), &[
        ("ads", Role::Aggregator, false),
        ("tso", Role::Line, false),
    ]),
];
