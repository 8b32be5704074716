//! A run in a sentence, in badges and in single numbers.

use crate::report::plots::{Numbers, quantities};
use crate::report::words::{changed, percent_change, usd};
use crate::report::{Badge, Quantity, Tone, amount, capitalised};

use super::{Run, chance, feeders, services, voltages};
use crate::market::community::model::clearing::Kind;
use crate::market::community::model::iso_coupling::IsoCoupling;
use crate::market::community::model::roll;
use crate::market::community::outcome::{Days, Shown};
use crate::market::community::params::{BidForm, Comparator};

fn cents(value: f64) -> String {
    amount(100.0 * value, "¢/kWh")
}

/// What a way to buy saves against the idle battery, %; NaN where a share of that cost says nothing.
pub fn saving(days: &Days, comparator: Comparator) -> f64 {
    let base = days.trace(Comparator::Base).total_usd();
    let change = percent_change(days.trace(comparator).total_usd(), base);
    change.map_or(f64::NAN, |percent| 0.0 - percent)
}

/// What communities pay, or where it is below zero receive.
fn paying(cost_usd: f64) -> String {
    match cost_usd < 0.0 {
        true => format!("receive {}", usd(-cost_usd)),
        false => format!("pay {}", usd(cost_usd)),
    }
}

/// The sentence with the numbers that matter.
pub fn headline(run: &Run) -> String {
    match told(run) {
        text if text.is_empty() => text,
        text => text + ".",
    }
}

fn told(run: &Run) -> String {
    if let Some(coupling) = &run.coupling {
        return format!(
            "The communities' bids take {} at an LMP of {} ({}); with their preferred demand at any price it would be {} at {}",
            amount(1000.0 * coupling.responsive.taken_mw, "kW"),
            cents(coupling.responsive.lmp_usd_per_mwh / 1000.0),
            amount(coupling.responsive.lmp_usd_per_mwh, "$/MWh"),
            amount(1000.0 * coupling.rigid.taken_mw, "kW"),
            cents(coupling.rigid.lmp_usd_per_mwh / 1000.0),
        );
    }
    match (&run.days, &run.shown) {
        (Some(days), _) => {
            let way = run.way;
            let cost = days.trace(way).total_usd();
            let idle = days.trace(Comparator::Base).total_usd();
            let own = match way {
                Comparator::Base => format!(
                    "With batteries idle on the flat tariff the communities {}",
                    paying(cost)
                ),
                _ => format!(
                    "{}: the communities {}, {} with batteries idle",
                    capitalised(way.name()),
                    paying(cost),
                    changed(cost, idle, "$")
                ),
            };
            let more = [
                voltages::sentence(run),
                services::sentence(run),
                chance::sentence(run),
            ];
            std::iter::once(own)
                .chain(more.into_iter().flatten())
                .collect::<Vec<_>>()
                .join("; ")
        }
        (None, Some(shown)) => {
            let parts = shown.ids.iter().zip(&shown.cleared.quantity_kw);
            let parts: Vec<String> = parts
                .map(|(id, kw)| format!("{id} {}", amount(*kw, "kW")))
                .collect();
            format!(
                "{}, at {}: {}, {} from the LSE",
                capitalised(shown.cleared.kind.name()),
                cents(shown.cleared.usd_per_kwh),
                parts.join(", "),
                amount(shown.cleared.lse_kw, "kW")
            )
        }
        (None, None) => String::new(),
    }
}

/// What a picture of the flows shows beside a clearing, kW.
const SEEN_KW: f64 = 0.05;

/// What the communities take as metered beyond what was cleared for the interval shown, kW.
fn metered_more_kw(run: &Run, days: &Days, shown: &Shown) -> f64 {
    let cleared: f64 = shown.cleared.quantity_kw.iter().sum();
    days.trace(run.way).total_kw(run.step - 1) - cleared
}

pub fn badges(run: &Run) -> Vec<Badge> {
    let mut list = Vec::new();
    if let Some(shown) = run.cleared() {
        let kind = shown.cleared.kind;
        let text = match (run.days, run.coupling) {
            (Some(_), _) => format!("interval {} as cleared: {}", run.step, kind.name()),
            (None, Some(_)) if kind == Kind::LseMarginal => "the communities pay the LMP".into(),
            (None, _) => kind.name().into(),
        };
        list.push(Badge::new(text, Tone::Neutral));
        let off = run
            .days
            .map_or(0.0, |days| metered_more_kw(run, days, shown));
        if off.abs() >= SEEN_KW {
            let way = if off > 0.0 { "above" } else { "below" };
            let text = format!("metered {} {way} the clearing", amount(off.abs(), "kW"));
            list.push(Badge::new(text, Tone::Neutral));
        }
    }
    let Some(days) = &run.days else {
        return list;
    };
    let market = run.way == Comparator::Transactive;
    if market {
        list.extend(of_clearing(days));
    }
    if let Some(flows) = days.flows(run.way) {
        if market && run.params.network {
            list.push(feeders::reached(days));
        }
        list.push(feeders::passed(flows));
    }
    list.push(Badge::certified(&days.certificates));
    list
}

/// What holds of the market: its cost among the ways to buy, and the sum of payments.
fn of_clearing(days: &Days) -> [Badge; 2] {
    let total = |c| days.trace(c).total_usd();
    let cost = total(Comparator::Transactive);
    let least = Comparator::ALL.into_iter().all(|c| total(c) >= cost);
    // With chance in it the best way can be another from draw to draw.
    let best = |costs: &&[f64; 4]| costs.iter().all(|&c| c >= costs[3]);
    let (all, best) = (days.draws.len(), days.draws.iter().filter(best).count());
    let (least, costs) = match (all, least) {
        (0, true) => (true, "no other way to buy costs less".into()),
        (0, false) => (false, "another way to buy costs less".into()),
        _ => (
            best == all,
            format!("no other way to buy costs less in {best} of {all} draws"),
        ),
    };
    let off = budget_off_usd(days);
    let budget = match off <= 1e-6 {
        true => "payments sum to zero".into(),
        false => format!("payments off by {}", usd(off)),
    };
    [
        Badge::judged(least, costs),
        Badge::judged(off <= 1e-6, budget),
    ]
}

/// |Σ_j p_j Q_j − P^a Q_LSE − rent| over the days, $: cleared quantities.
pub fn budget_off_usd(days: &Days) -> f64 {
    let market = days.trace(Comparator::Transactive);
    let system = &days.system;
    let mut paid = 0.0;
    for (price, cleared) in market.price.iter().zip(&market.cleared_kw) {
        let own = price.iter().zip(cleared).map(|(p, q)| p * q);
        paid += own.sum::<f64>() * system.hours;
    }
    let bought: f64 = market
        .cleared
        .iter()
        .zip(&system.lse)
        .map(|(c, p)| c.lse_kw * p * system.hours)
        .sum();
    // With one price for all, what is left is rent of the LSE's capacity, or spilled.
    (paid - bought - market.rent_usd).abs()
}

pub fn summary(run: &Run) -> Vec<Quantity> {
    let mut list = Numbers::default();
    if let Some(shown) = &run.shown {
        of_interval(shown, &mut list);
    }
    if let Some(coupling) = run.coupling {
        of_coupling(coupling, &mut list);
    }
    if let Some(days) = run.days {
        for way in Comparator::ALL {
            of_way(days, way, &mut list);
        }
        of_market(run, days, &mut list);
    }
    list.0
}

fn of_interval(shown: &Shown, list: &mut Numbers) {
    let c = &shown.cleared;
    let (low, high) = c.interval;
    let (cents, here) = (|usd: f64| 100.0 * usd, "in the interval shown");
    // Where a limit parts the prices, the one is their mean by what each takes or feeds in.
    let [price, least, greatest] = match shown.parted() {
        false => [
            "Price of the interval shown",
            "Least price that clears it",
            "Greatest price that clears it",
        ],
        true => [
            "Mean price of the communities in the interval shown",
            "Least price of a community",
            "Greatest price of a community",
        ],
    };
    let rows = [
        ("price", price, cents(c.usd_per_kwh), "¢/kWh", c.kind.name()),
        ("price_low", least, cents(low), "¢/kWh", ""),
        ("price_high", greatest, cents(high), "¢/kWh", ""),
        ("lse", "Delivered by the LSE", c.lse_kw, "kW", here),
    ];
    list.0.extend(quantities(&rows));
    for (id, kw) in shown.ids.iter().zip(&c.quantity_kw) {
        let name = format!("Demand of {id}");
        list.add(format!("q:{id}"), name, *kw, "kW").noted(here);
    }
}

fn of_coupling(coupling: &IsoCoupling, list: &mut Numbers) {
    let (bids, rigid) = (&coupling.responsive, &coupling.rigid);
    let (lmp, lmp_rigid) = (bids.lmp_usd_per_mwh, rigid.lmp_usd_per_mwh);
    let bill = coupling.bill_usd.iter().sum();
    let bill_rigid = coupling.rigid_bill_usd.iter().sum();
    let (named, at) = ("LMP with preferred demand", "at the bus of the LSE");
    let rows = [
        ("lmp", "LMP with the bids", lmp, "$/MWh", at),
        ("lmp_rigid", named, lmp_rigid, "$/MWh", "at any price"),
        (
            "taken",
            "Taken from the ISO",
            1000.0 * bids.taken_mw,
            "kW",
            "",
        ),
        ("bill", "Bills with the bids", bill, "$", ""),
        (
            "bill_rigid",
            "Bills with preferred demand",
            bill_rigid,
            "$",
            "",
        ),
    ];
    list.0.extend(quantities(&rows));
}

fn of_way(days: &Days, way: Comparator, list: &mut Numbers) {
    let (id, name) = (way.id(), way.name());
    let trace = days.trace(way);
    let cost = trace.total_usd();
    list.add(format!("cost:{id}"), format!("Cost, {name}"), cost, "$")
        .noted("change of stored energy valued");
    if way != Comparator::Base {
        let saved = saving(days, way);
        list.add(
            format!("saving:{id}"),
            format!("Saving, {name}"),
            saved,
            "%",
        )
        .noted("against the idle battery");
    }
    let members = days.system.members.iter().zip(&trace.bills);
    for (member, bill) in members.take(super::DRAWN) {
        let own = &member.id;
        let called = format!("Cost of {own}, {name}");
        list.add(format!("cost:{id}:{own}"), called, bill.total_usd(), "$");
    }
    if let Some(flows) = days.flows(way) {
        for (kind, called, value, unit) in [
            ("peak", "Peak of the feeder", flows.peak_mw(), "MW"),
            ("v", "Least voltage", flows.least_v_pu(), "p.u."),
        ] {
            let called = format!("{called}, {name}");
            list.add(format!("{kind}:{id}"), called, value, unit)
                .noted("AC power flow");
        }
    }
}

fn of_market(run: &Run, days: &Days, list: &mut Numbers) {
    let market = days.trace(Comparator::Transactive);
    let count = |kind| roll::count(market, kind) as f64;
    let delivered = market.cleared_kw.iter().flatten().map(|q| (-q).max(0.0));
    let traded = delivered.sum::<f64>() * days.system.hours / 1000.0;
    let imbalance: f64 = market.bills.iter().map(|b| b.imbalance_usd).sum();
    let congested = market.congested.len() as f64;
    let (heuristic, worth) = match days.rival_form {
        BidForm::Opportunity => (market, &days.rival),
        _ => (&days.rival, market),
    };
    let (best, regret) = (worth.total_usd(), heuristic.total_usd() - worth.total_usd());
    let shared = "Intervals below the price of the LSE";
    let limited = "Intervals with a limit of the feeder";
    let of_worth = "Cost with bids by the worth of stored energy";
    let least = "Least cost with everything known";
    let serve = "communities serve each other";
    let at_lse = "at the price of the LSE";
    let limits = "limits of the feeder and of its capacity";
    let against = "against bids by the worth of stored energy";
    let alone = "each on its own, feed-in paid at the price of the LSE";
    let rows = [
        ("shared", shared, count(Kind::Shared), "", serve),
        (
            "shortage",
            "Intervals above it",
            count(Kind::Shortage),
            "",
            "",
        ),
        ("traded", "Delivered to neighbours", traded, "MWh", ""),
        ("imbalance", "Imbalance settled", imbalance, "$", at_lse),
        ("rent", "Rent of the LSE", market.rent_usd, "$", limits),
        ("congested", limited, congested, "", ""),
        ("cost_opportunity", of_worth, best, "$", ""),
        (
            "regret",
            "Regret of the price-span bids",
            regret,
            "$",
            against,
        ),
        ("bound", least, days.bound_usd, "$", alone),
    ];
    list.0.extend(quantities(&rows));
    voltages::numbers(days, list);
    services::numbers(run, days, list);
    chance::numbers(days, list);
    feeders::numbers(days, list);
    if let Some(sharing) = &days.sharing {
        let against = "bid welfare against each on its own";
        list.add("worth", "Worth of sharing", sharing.worth_usd, "$")
            .noted(against);
    }
}
