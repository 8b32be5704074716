//! A run in a sentence, in badges and in single numbers.

use crate::report::{Badge, Quantity, Tone, capitalised, plain};

use super::ac::{PowerFlow, UNTIGHT_MVA};
use super::answer::Run;
use super::curve::Curve;
use super::params::Scheme;
use super::settlement::operator;
use super::theorems::Theorem;

fn usd(value: f64) -> String {
    format!("{} $", plain(value, 2))
}

/// Difference of two costs that is none, $.
fn cent(cost_usd: f64) -> f64 {
    0.005 + 1e-6 * cost_usd.abs()
}

/// The sentence with the numbers that matter.
pub fn headline(run: &Run) -> String {
    let system = run.system;
    let market = &run.outcome.market;
    let name = capitalised(run.outcome.scheme.name());
    let mut text = format!("{name}: {}", usd(market.cost_usd(system)));
    let outcome = run.outcome;
    let over = outcome.overload_mwh;
    if outcome.unserved_mwh > 1e-5 {
        text += &format!(
            ", but {} MWh have no answer at any price",
            plain(outcome.unserved_mwh, 3)
        );
    }
    if over > 1e-5 {
        let overloads = market.dispatch.overloads(system);
        let worst = overloads
            .iter()
            .max_by(|a, b| a.over_mw.total_cmp(&b.over_mw));
        let at = worst.map_or(String::new(), |w| format!(" (line {})", w.line));
        text += &format!(", with {} MWh over limits{at}", plain(over, 3));
    }
    if let Some((bus, v, _)) = &outcome.run.voltage {
        text += &format!(", with {bus} at {} p.u.", plain(*v, 4));
    }
    if outcome.run.losses_mwh > 1e-5 {
        let losses = plain(outcome.run.losses_mwh, 3);
        text += &format!(", with {losses} MWh of losses that nobody bought");
    }
    if let Some((line, _)) = &outcome.run.untight {
        text += &format!(", but the cone of line {line} is not tight");
    }
    let end = outcome.cost_after_usd(system);
    let redispatch = outcome.redispatch_usd(system);
    let moved = redispatch.abs() > cent(end);
    if moved {
        text += &format!(
            "; redispatch {} {}, {} together",
            if redispatch > 0.0 {
                "costs another"
            } else {
                "saves"
            },
            usd(redispatch.abs()),
            usd(end)
        );
        let unserved = outcome.unserved_after_mwh();
        if unserved > 1e-5 {
            text += &format!(" with {} MWh unserved or spilled", plain(unserved, 3));
        }
    }
    if let Some(central) = run.central
        && outcome.scheme != Scheme::Common
        && (moved || outcome.unserved_mwh <= 1e-5)
    {
        let more = end - central.cost_usd(system);
        // Found on the way back from a cone that was not tight, it is a power flow, but no proven optimum.
        let flow = &central.power_flow;
        let benchmark = if flow.untight.is_some() {
            "the relaxed common market, which is no power flow"
        } else if flow.excess_before_mva > UNTIGHT_MVA {
            "the nearest power flow found for the common market"
        } else {
            "the common optimum"
        };
        text += &if more.abs() <= cent(central.cost_usd(system)) {
            format!(", {benchmark}")
        } else {
            let way = if more > 0.0 { "more" } else { "less" };
            format!(", {} {way} than {benchmark}", usd(more.abs()))
        };
    }
    if let Some(a) = run.shown {
        let export = market.dispatch.export_mw[a][run.period];
        let way = if export < 0.0 { "draws" } else { "delivers" };
        let price = match any_price(run, a) {
            Some(range) if whatever(run, range) => "; any price is right".into(),
            _ => format!(" at {}", price_words(run, a)),
        };
        text += &format!(
            ". {} {way} {} MW{price}",
            system.areas[a].id,
            plain(export.abs(), 3),
        );
    }
    text + "."
}

/// The interface price of an area in the period shown; where it is not unique, what is right.
pub fn price_words(run: &Run, a: usize) -> String {
    let price = run
        .outcome
        .market
        .prices
        .interface(run.system, a, run.period);
    match any_price(run, a) {
        None => format!("{} $/MWh", plain(price, 2)),
        Some(range) => range_words(run, range),
    }
}

/// Whether a range of prices is all there is between the caps.
pub fn whatever(run: &Run, (low, high): (f64, f64)) -> bool {
    let cap = run.system.balancing.price_cap_usd_per_mwh * (1.0 - 1e-9);
    low <= -cap && high >= cap
}

/// Prices that are all right, in words; the cap is where the market ends, not a price.
fn range_words(run: &Run, (low, high): (f64, f64)) -> String {
    let cap = run.system.balancing.price_cap_usd_per_mwh * (1.0 - 1e-9);
    match (low <= -cap, high >= cap) {
        (true, true) => "any price".into(),
        (true, false) => format!("any price up to {} $/MWh", plain(high, 2)),
        (false, true) => format!("any price from {} $/MWh up", plain(low, 2)),
        (false, false) => format!(
            "any price between {} and {} $/MWh",
            plain(low, 2),
            plain(high, 2)
        ),
    }
}

/// Least and greatest price of a bus that are right in a period. A bus whose price is that of the
/// interface, where every price is right, has all of them, too.
pub fn price_range(run: &Run, a: usize, t: usize, i: usize) -> (f64, f64) {
    let prices = &run.outcome.market.prices;
    let own = prices.interval[a][t][i];
    let Some((up, bus)) = run.system.areas[a].above else {
        return own;
    };
    let above = price_range(run, up, t, bus);
    let same = (prices.lmp[a][t][i] - prices.lmp[up][t][bus]).abs() <= 1e-6;
    if same && whatever(run, above) {
        above
    } else {
        own
    }
}

/// Least and greatest interface price of an area in the period shown where both are right.
fn any_price(run: &Run, a: usize) -> Option<(f64, f64)> {
    let (up, bus) = run.system.areas[a].above?;
    let (low, high) = price_range(run, up, run.period, bus);
    (low.is_finite() && high.is_finite() && high - low > 0.005).then_some((low, high))
}

pub fn badges(run: &Run) -> Vec<Badge> {
    let certified = run.outcome.market.certificates.iter().all(|c| c.certified);
    let badge = |text: String, good: bool| Badge {
        text,
        tone: if good { Tone::Good } else { Tone::Bad },
    };
    let outcome = run.outcome;
    let after = outcome.after.as_ref();
    let untight = |flow: &PowerFlow| flow.untight.is_some();
    let ends_untight = untight(&outcome.last().power_flow);
    let certified = certified && after.is_none_or(|a| a.certificates.iter().all(|c| c.certified));
    let mut badges = vec![if ends_untight {
        badge("cone not tight, no power flow".into(), false)
    } else if outcome.last().power_flow.recovered > 0
        && outcome.last().power_flow.excess_before_mva > UNTIGHT_MVA
    {
        Badge {
            text: "nearest power flow found".into(),
            tone: Tone::Neutral,
        }
    } else {
        badge(
            if certified {
                "certified"
            } else {
                "not certified"
            }
            .into(),
            certified,
        )
    }];
    let over = outcome.overload_mwh;
    if over > 1e-5 {
        badges.push(badge(format!("{} MWh over limits", plain(over, 3)), false));
    }
    if outcome.run.voltage.is_some() {
        let outside = plain(outcome.run.outside_pu(), 4);
        let text = format!("voltage {outside} p.u. outside limits");
        badges.push(badge(text, false));
    }
    if outcome.run.losses_mwh > 1e-5 {
        let losses = plain(outcome.run.losses_mwh, 3);
        badges.push(badge(format!("{losses} MWh of losses not bought"), false));
    }
    if !outcome.run.without_flow.is_empty() {
        badges.push(badge("no power flow".into(), false));
    }
    if over <= 1e-5 && outcome.run.clean() {
        badges.push(badge("no overload".into(), true));
    }
    let unserved = outcome.unserved_after_mwh();
    if after.is_some() && unserved > 1e-5 {
        let text = format!("{} MWh unserved after redispatch", plain(unserved, 3));
        badges.push(badge(text, false));
    }
    if outcome.unserved_mwh > 1e-5 {
        let text = format!("{} MWh without an answer", plain(outcome.unserved_mwh, 3));
        badges.push(badge(text, false));
    }
    let judged = run.theorems.iter().filter(|t| t.holds.is_some());
    let (count, holding) = judged.fold((0, 0), |(count, holding), t| {
        (count + 1, holding + usize::from(t.holds == Some(true)))
    });
    let broken = |t: &Theorem| t.promised && t.holds == Some(false);
    let tone = match (holding == count, run.theorems.iter().any(broken)) {
        (true, _) => Tone::Good,
        (_, true) => Tone::Bad,
        _ => Tone::Neutral,
    };
    let text = match tone {
        Tone::Neutral => {
            format!("{holding} of {count} theorems hold, the others do not apply here")
        }
        _ => format!("{holding} of {count} theorems hold"),
    };
    if count > 0 {
        badges.push(Badge { text, tone });
    }
    badges
}

pub fn summary(run: &Run) -> Vec<Quantity> {
    let system = run.system;
    let market = &run.outcome.market;
    let mut list = Vec::new();
    let mut add = |id: &str, name: &str, value: f64, unit: &str, note: &str| {
        list.push(Quantity {
            id: id.into(),
            name: name.into(),
            value: value.is_finite().then_some(value),
            unit: unit.into(),
            note: note.into(),
        });
    };
    add(
        "cost",
        "cost",
        market.cost_usd(system),
        "$",
        "activated bids and slack at the price cap",
    );
    add(
        "overload",
        "over limits",
        run.outcome.overload_mwh,
        "MWh",
        "summed over lines and periods",
    );
    add(
        "unserved",
        "without an answer",
        run.outcome.unserved_mwh,
        "MWh",
        "slack at the price cap",
    );
    if let Some(central) = run.central {
        let common = central.cost_usd(system);
        add(
            "common_cost",
            "common optimum",
            common,
            "$",
            "one program over all networks",
        );
    }
    add(
        "redispatch",
        "redispatch",
        run.outcome.redispatch_usd(system) + 0.0,
        "$",
        "what the physics costs that the market did not see: losses, voltages, lines",
    );
    add(
        "after",
        "cost after redispatch",
        run.outcome.cost_after_usd(system),
        "$",
        "the scheme's bids dispatched with all networks written in",
    );
    add(
        "unserved_after",
        "unserved after redispatch",
        run.outcome.unserved_after_mwh(),
        "MWh",
        "or spilled, at the price cap",
    );
    add(
        "losses",
        "losses not bought",
        run.outcome.run.losses_mwh,
        "MWh",
        "that the market did not see",
    );
    add(
        "voltage",
        "voltage outside its limits",
        run.outcome.run.outside_pu(),
        "p.u.",
        "of the worst bus, with the market's dispatch",
    );
    add(
        "lost_opportunity",
        "lost opportunity cost",
        run.lost.total_usd(),
        "$",
        "of bids and networks at the prices",
    );
    let ads: f64 = system
        .exporting()
        .map(|a| run.ledger.net_usd(&operator(system, a)))
        .sum();
    add("ads", "surplus of the distribution operators", ads, "$", "");
    add(
        "tso",
        "surplus of the TSO",
        run.ledger.net_usd("TSO"),
        "$",
        "",
    );
    let curves: Vec<&Curve> = market.curves.iter().flatten().collect();
    if !curves.is_empty() && run.outcome.scheme == Scheme::Rsf {
        let withheld = market.unbounded.as_ref();
        let note = |known: &str| match withheld {
            Some(why) => format!("not known: {why}"),
            None => known.to_string(),
        };
        add(
            "gap",
            "certified error",
            market.error_usd(system),
            "$",
            &note(
                "the clearing costs at most this much more than the common optimum, by cuts of the areas' costs",
            ),
        );
        add(
            "bound",
            "lower bound of the common optimum",
            market.bound_usd,
            "$",
            &note("by cuts of the areas' costs"),
        );
        let evaluations: usize = curves.iter().map(|c| c.evaluations).sum();
        add(
            "evaluations",
            "area problems solved",
            evaluations as f64,
            "",
            "for the residual supply functions",
        );
    }
    let flow = &market.power_flow;
    if flow.compared > 0 {
        add(
            "ac_voltage",
            "voltages against a power flow",
            flow.voltage_difference_pu,
            "p.u.",
            "largest difference to an independent backward/forward sweep at the same injections",
        );
        add(
            "cone_excess",
            "burnt by the cone",
            flow.excess_mva,
            "MVA",
            "in the worst line; 0 where the relaxed flow is an exact power flow",
        );
    }
    if let Some(a) = run.shown {
        let price = market.prices.interface(system, a, run.period);
        let range = any_price(run, a);
        let open = range.is_some_and(|range| whatever(run, range));
        let words = range.map_or(String::new(), |range| {
            format!("; not unique: {}", range_words(run, range))
        });
        add(
            "interface_price",
            "interface price",
            if open { f64::NAN } else { price },
            "$/MWh",
            &format!("of {}{words}", system.areas[a].id),
        );
    }
    let parties = run.ledger.parties();
    if parties.len() <= 40 {
        for party in parties {
            let name = format!("net of {party}");
            add(
                &format!("net:{party}"),
                &name,
                run.ledger.net_usd(party),
                "$",
                "receipts less payments",
            );
        }
    }
    let losers = run.system.balancing.bids.iter().zip(&run.lost.bids_usd);
    if losers.len() <= 40 {
        for (bid, &lost) in losers {
            let name = format!("lost opportunity of {}", bid.id);
            add(&format!("loc:{}", bid.id), &name, lost + 0.0, "$", "");
        }
    }
    list
}
