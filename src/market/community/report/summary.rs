//! A run in a sentence, in badges and in single numbers.

use crate::report::plots::quantity;
use crate::report::words::{changed, counted, percent_change};
use crate::report::{Badge, Quantity, Tone, capitalised, plain};

use super::Run;
use crate::market::community::model::clearing::Kind;
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;
use crate::market::community::model::roll;

fn usd(value: f64) -> String {
    format!("{} $", plain(value, 2))
}

fn cents(value: f64) -> String {
    format!("{} ¢/kWh", plain(100.0 * value, 2))
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
    if let Some(thread) = &run.thread {
        return format!(
            "The communities' bids take {} kW at an LMP of {} $/MWh; with their preferred demand at any price it would be {} kW at {} $/MWh",
            plain(1000.0 * thread.responsive.taken_mw, 1),
            plain(thread.responsive.lmp_usd_per_mwh, 2),
            plain(1000.0 * thread.rigid.taken_mw, 1),
            plain(thread.rigid.lmp_usd_per_mwh, 2),
        );
    }
    match (&run.days, &run.shown) {
        (Some(days), _) => {
            let way = run.way;
            let cost = days.trace(way).total_usd();
            let idle = days.trace(Comparator::Base).total_usd();
            match way {
                Comparator::Base => format!(
                    "With batteries idle on the flat tariff the communities {}",
                    paying(cost)
                ),
                _ => format!(
                    "{}: the communities {}, {} with batteries idle",
                    capitalised(way.name()),
                    paying(cost),
                    changed(cost, idle, 1, "$")
                ),
            }
        }
        (None, Some(shown)) => {
            let parts = shown.ids.iter().zip(&shown.cleared.quantity_kw);
            let parts: Vec<String> = parts
                .map(|(id, kw)| format!("{id} {} kW", plain(*kw, 1)))
                .collect();
            format!(
                "{} at {}: {}, {} kW from the LSE",
                capitalised(shown.cleared.kind.name()),
                cents(shown.cleared.usd_per_kwh),
                parts.join(", "),
                plain(shown.cleared.lse_kw, 1)
            )
        }
        (None, None) => String::new(),
    }
}

pub fn badges(run: &Run) -> Vec<Badge> {
    let mut list = Vec::new();
    let mut badge = |text: String, tone: Tone| list.push(Badge { text, tone });
    let tone = |good: bool| if good { Tone::Good } else { Tone::Bad };
    if let Some(shown) = &run.shown {
        let kind = shown.cleared.kind.name();
        let text = match run.days {
            Some(_) => format!("interval {}: {kind}", run.step),
            None => kind.into(),
        };
        badge(text, Tone::Neutral);
    }
    if let Some(days) = &run.days {
        let total = |c| days.trace(c).total_usd();
        let ordered = Comparator::ALL
            .windows(2)
            .all(|pair| total(pair[0]) >= total(pair[1]));
        badge(
            if ordered {
                "ordered as published"
            } else {
                "not ordered as published"
            }
            .into(),
            tone(ordered),
        );
        let market = days.trace(Comparator::Transactive);
        let off = budget_off_usd(days);
        badge(
            if off <= 1e-6 {
                "budget balanced".into()
            } else {
                format!("budget off by {}", usd(off))
            },
            tone(off <= 1e-6),
        );
        if let Some(flows) = days.flows(run.way) {
            badge(
                match flows.beyond {
                    0 => "feeder within limits".into(),
                    n => format!("feeder beyond limits in {}", counted(n, "interval")),
                },
                tone(flows.beyond == 0),
            );
        }
        if run.params.network {
            badge(
                format!("{} congested", counted(market.congested.len(), "interval")),
                Tone::Neutral,
            );
        }
        let open = days.certificates.iter().filter(|c| !c.certified).count();
        badge(
            match open {
                0 => format!("{} certified", counted(days.certificates.len(), "program")),
                n => format!("{} not certified", counted(n, "program")),
            },
            tone(open == 0),
        );
    }
    list
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
    let mut list = Vec::new();
    let mut add = |id: String, name: String, value: f64, unit: &str, note: &str| {
        list.push(quantity(id, name, value, unit, note));
    };
    if let Some(shown) = &run.shown {
        let c = &shown.cleared;
        add(
            "price".into(),
            "Price of the interval shown".into(),
            100.0 * c.usd_per_kwh,
            "¢/kWh",
            c.kind.name(),
        );
        add(
            "price_low".into(),
            "Least price that clears it".into(),
            100.0 * c.interval.0,
            "¢/kWh",
            "",
        );
        add(
            "price_high".into(),
            "Greatest price that clears it".into(),
            100.0 * c.interval.1,
            "¢/kWh",
            "",
        );
        add(
            "lse".into(),
            "Delivered by the LSE".into(),
            c.lse_kw,
            "kW",
            "in the interval shown",
        );
        for (id, kw) in shown.ids.iter().zip(&c.quantity_kw) {
            add(
                format!("q:{id}"),
                format!("Demand of {id}"),
                *kw,
                "kW",
                "in the interval shown",
            );
        }
    }
    if let Some(thread) = &run.thread {
        let r = &thread.responsive;
        add(
            "lmp".into(),
            "LMP with the bids".into(),
            r.lmp_usd_per_mwh,
            "$/MWh",
            "at the bus of the LSE",
        );
        add(
            "lmp_rigid".into(),
            "LMP with preferred demand".into(),
            thread.rigid.lmp_usd_per_mwh,
            "$/MWh",
            "at any price",
        );
        add(
            "taken".into(),
            "Taken from the ISO".into(),
            1000.0 * r.taken_mw,
            "kW",
            "",
        );
        add(
            "bill".into(),
            "Bills with the bids".into(),
            thread.bill_usd.iter().sum(),
            "$",
            "",
        );
        add(
            "bill_rigid".into(),
            "Bills with preferred demand".into(),
            thread.rigid_bill_usd.iter().sum(),
            "$",
            "",
        );
    }
    let Some(days) = &run.days else { return list };
    let system = &days.system;
    for comparator in Comparator::ALL {
        let (id, name) = (comparator.id(), comparator.name());
        let trace = days.trace(comparator);
        add(
            format!("cost:{id}"),
            format!("Cost, {name}"),
            trace.total_usd(),
            "$",
            "change of stored energy valued",
        );
        if comparator != Comparator::Base {
            add(
                format!("saving:{id}"),
                format!("Saving, {name}"),
                saving(days, comparator),
                "%",
                "against the idle battery",
            );
        }
        for (member, bill) in system
            .members
            .iter()
            .zip(&trace.bills)
            .take(super::series::DRAWN)
        {
            add(
                format!("cost:{id}:{}", member.id),
                format!("Cost of {}, {name}", member.id),
                bill.total_usd(),
                "$",
                "",
            );
        }
        if let Some(flows) = days.flows(comparator) {
            add(
                format!("peak:{id}"),
                format!("Peak of the feeder, {name}"),
                flows.peak_mw(),
                "MW",
                "AC power flow",
            );
            add(
                format!("v:{id}"),
                format!("Least voltage, {name}"),
                flows.least_v_pu(),
                "p.u.",
                "AC power flow",
            );
        }
    }
    let market = days.trace(Comparator::Transactive);
    let count = |kind| roll::count(market, kind) as f64;
    add(
        "shared".into(),
        "Intervals below the price of the LSE".into(),
        count(Kind::Shared),
        "",
        "communities serve each other",
    );
    add(
        "shortage".into(),
        "Intervals above it".into(),
        count(Kind::Shortage),
        "",
        "",
    );
    let traded: f64 = market
        .cleared_kw
        .iter()
        .flatten()
        .map(|q| (-q).max(0.0))
        .sum();
    add(
        "traded".into(),
        "Delivered to neighbours".into(),
        traded * system.hours / 1000.0,
        "MWh",
        "",
    );
    let imbalance: f64 = market.bills.iter().map(|b| b.imbalance_usd).sum();
    add(
        "imbalance".into(),
        "Imbalance settled".into(),
        imbalance,
        "$",
        "at the price of the LSE",
    );
    add(
        "rent".into(),
        "Rent of the LSE".into(),
        market.rent_usd,
        "$",
        "limits of the feeder and of its capacity",
    );
    add(
        "congested".into(),
        "Intervals with a limit of the feeder".into(),
        market.congested.len() as f64,
        "",
        "",
    );
    let (heuristic, worth) = match days.rival_form {
        crate::market::community::BidForm::Opportunity => (market, &days.rival),
        _ => (&days.rival, market),
    };
    add(
        "cost_opportunity".into(),
        "Cost with bids by the worth of stored energy".into(),
        worth.total_usd(),
        "$",
        "",
    );
    add(
        "regret".into(),
        "Regret of the price-span bids".into(),
        heuristic.total_usd() - worth.total_usd(),
        "$",
        "against bids by the worth of stored energy",
    );
    add(
        "bound".into(),
        "Least cost with everything known".into(),
        days.bound_usd,
        "$",
        "each on its own, feed-in paid at the price of the LSE",
    );
    if let Some(sharing) = &days.sharing {
        add(
            "worth".into(),
            "Worth of sharing".into(),
            sharing.worth_usd,
            "$",
            "bid welfare against each on its own",
        );
    }
    list
}
