//! Tables of a run.

use crate::report::SubjectKind::Party;
use crate::report::words::usd;
use crate::report::{Filled, Table, column, filled, number, table, text};

use super::DRAWN;
use super::summary::saving;
use super::{Run, chance, feeders, services, voltages};
use crate::market::community::model::iso_coupling::IsoCoupling;
use crate::market::community::model::network::Flows;
use crate::market::community::model::sharing::Sharing;
use crate::market::community::model::trace::{Bill, Trace};
use crate::market::community::outcome::Days;
use crate::market::community::outcome::Shown;
use crate::market::community::params::Comparator;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = Vec::new();
    if let Some(days) = &run.days {
        list.push(costs(days));
        list.extend(chance::table(days));
        list.extend(feeder(days));
        list.extend(feeders::feeders(run, days));
        list.extend(voltages::tables(run, days));
        list.extend(feeders::exchange(days));
        list.extend(services::tables(run, days));
        list.push(bills(run, days));
    }
    if let Some(shown) = run.cleared() {
        list.push(interval(shown));
        list.push(bids(shown));
    }
    if let Some(coupling) = &run.coupling {
        list.push(up_and_down(run, coupling));
    }
    let of_days = run.days.as_ref().and_then(|d| {
        let ids: Vec<String> = d.system.members.iter().map(|m| m.id.clone()).collect();
        Some((d.sharing.clone()?, ids))
    });
    let shown = || {
        run.shown
            .as_ref()
            .and_then(|s| Some((s.sharing.clone()?, s.ids.clone())))
    };
    if let Some((sharing, ids)) = of_days.or_else(shown) {
        list.push(split(&sharing, &ids));
        list.extend(coalitions(&sharing, &ids));
    }
    list
}

fn costs(days: &Days) -> Table {
    let members = days.system.members.iter().take(DRAWN);
    let mut columns = vec![column("way to buy", "")];
    columns.extend(
        members
            .clone()
            .map(|m| column(&m.id, "$").of(Party.of(&m.id))),
    );
    columns.extend([
        column("all", "$"),
        column("saving", "%"),
        column("paid", "$"),
        column("stored energy less", "$"),
    ]);
    let rows = Comparator::ALL.map(|c| {
        let trace = days.trace(c);
        let mut row = vec![text(c.name())];
        let own = trace.bills.iter().take(DRAWN);
        row.extend(own.map(|b| number(b.total_usd())));
        let sum = |of: fn(&Bill) -> f64| trace.bills.iter().map(of).sum::<f64>();
        row.extend([
            number(trace.total_usd()),
            number(saving(days, c)),
            number(sum(|b| b.paid_usd())),
            number(sum(|b| b.stored_usd)),
        ]);
        row
    });
    table(
        "costs",
        "Costs by the way to buy",
        columns,
        rows.to_vec(),
        "Costs count what the battery holds less at the end than at the start, at the mean price of the LSE.",
    )
}

fn feeder(days: &Days) -> Option<Table> {
    if days.flows.is_empty() {
        return None;
    }
    let rows = Comparator::ALL
        .iter()
        .zip(days.flows.iter().zip(&days.traces));
    let own = |trace: &Trace| {
        let own = (0..days.system.intervals).map(|t| trace.total_kw(t));
        number(own.fold(f64::MIN, f64::max))
    };
    let loading = |flows: &Flows| flows.loading.iter().copied().fold(0.0, f64::max);
    let columns: [Filled<(&Comparator, (&Flows, &Trace))>; 7] = [
        ("way to buy", "", &|(c, _)| text(c.name())),
        ("peak", "MW", &|(_, (flows, _))| number(flows.peak_mw())),
        ("peak of the communities", "kW", &|(_, (_, trace))| {
            own(trace)
        }),
        ("least voltage", "p.u.", &|(_, (flows, _))| {
            number(flows.least_v_pu())
        }),
        ("largest loading", "%", &|(_, (flows, _))| {
            number(100.0 * loading(flows))
        }),
        ("losses", "MWh", &|(_, (flows, _))| number(flows.loss_mwh)),
        ("intervals beyond a limit", "", &|(_, (flows, _))| {
            number(flows.beyond as f64)
        }),
    ];
    Some(filled(
        "feeder",
        "The feeder by the way to buy",
        rows,
        &columns,
        "AC power flow of every interval, after the fact.",
    ))
}

fn bills(run: &Run, days: &Days) -> Table {
    let trace = days.trace(run.way);
    let soc = |j: usize| {
        let stored = trace.stored_kwh[j].last().copied().unwrap_or(f64::NAN);
        let store = days.system.members[j].store;
        number(store.map_or(f64::NAN, |s| 100.0 * stored / s.energy_kwh))
    };
    let fed = |j: usize| {
        let fed: f64 = trace.q_kw[j].iter().map(|q| (-q).max(0.0)).sum();
        number(fed * days.system.hours)
    };
    let columns: [Filled; 7] = [
        ("community", "", &|j| text(&days.system.members[j].id)),
        ("energy", "$", &|j| number(trace.bills[j].energy_usd)),
        ("demand charge", "$", &|j| number(trace.bills[j].demand_usd)),
        ("imbalance", "$", &|j| number(trace.bills[j].imbalance_usd)),
        ("paid", "$", &|j| number(trace.bills[j].paid_usd())),
        ("state of charge at the end", "%", &soc),
        ("fed in", "kWh", &fed),
    ];
    let title = format!("Bills: {}", run.way.name());
    filled("bills", &title, 0..trace.bills.len().min(200), &columns, "").of(days
        .system
        .members
        .iter()
        .map(|m| Party.of(&m.id)))
}

fn interval(shown: &Shown) -> Table {
    let (bid, kw) = (
        |j: usize| &shown.bids[j],
        |j: usize| shown.cleared.quantity_kw[j],
    );
    let paid = |j: usize| shown.price[j] * kw(j);
    let columns: [Filled; 8] = [
        ("community", "", &|j| text(&shown.ids[j])),
        ("least", "kW", &|j| number(bid(j).min_kw)),
        ("preferred", "kW", &|j| number(bid(j).preferred_kw)),
        ("most", "kW", &|j| number(bid(j).max_kw())),
        ("cleared", "kW", &|j| number(kw(j))),
        ("price", "¢/kWh", &|j| number(100.0 * shown.price[j])),
        ("pays", "$", &|j| number(paid(j) * shown.hours)),
        ("surplus", "$", &|j| {
            number((bid(j).value_usd_per_h(kw(j)) - paid(j)) * shown.hours)
        }),
    ];
    filled(
        "interval",
        "The interval shown",
        0..shown.ids.len(),
        &columns,
        "The surplus is the worth of the bid above its least demand, less what is paid.",
    )
}

fn bids(shown: &Shown) -> Table {
    let few = shown.ids.iter().zip(&shown.bids).take(DRAWN);
    let rows = few.flat_map(|(id, bid)| {
        let mut at = bid.min_kw;
        bid.steps.iter().take(40).map(move |step| {
            let from = at;
            at += step.width_kw;
            vec![
                text(id.clone()),
                number(from),
                number(at),
                number(100.0 * step.usd_per_kwh),
            ]
        })
    });
    table(
        "bids",
        "Bids of the interval shown",
        vec![
            column("community", ""),
            column("from", "kW"),
            column("to", "kW"),
            column("price", "¢/kWh"),
        ],
        rows.collect(),
        "",
    )
}

fn split(sharing: &Sharing, ids: &[String]) -> Table {
    let shapley = |j: usize| sharing.shapley_usd.as_ref().map_or(f64::NAN, |s| s[j]);
    let more = |j: usize| number(sharing.nash_paid_usd[j] - sharing.market_paid_usd[j]);
    let columns: [Filled; 5] = [
        ("community", "", &|j| text(&ids[j])),
        ("by the market's price", "$", &|j| {
            number(sharing.market_usd[j])
        }),
        ("Nash bargain", "$", &|j| number(sharing.nash_usd[j])),
        ("Shapley value", "$", &|j| number(shapley(j))),
        ("pays more by the bargain", "$", &more),
    ];
    let note = match sharing.limited {
        false => "Gain of bid welfare against each community on its own with the LSE, without limits of the feeder. The Nash bargain gives each the same.".into(),
        true => format!(
            "Gain of bid welfare against each community on its own with the LSE, everyone within the limits of the feeder; without limits all would gain {} more. By the market's price the LSE keeps the rent of the limits, by the bargain, which gives each the same, the communities do.",
            usd(sharing.lost_usd)
        ),
    };
    filled(
        "sharing",
        "What sharing brings, and how it may be split",
        0..ids.len(),
        &columns,
        &note,
    )
}

fn coalitions(sharing: &Sharing, ids: &[String]) -> Option<Table> {
    if sharing.coalitions_usd.len() < 4 {
        return None;
    }
    let rows = sharing.coalitions_usd.iter().enumerate();
    let rows = rows
        .filter(|(set, _)| set.count_ones() > 1)
        .map(|(set, worth)| {
            let names: Vec<&str> = ids
                .iter()
                .enumerate()
                .filter(|(j, _)| set >> j & 1 == 1)
                .map(|(_, id)| id.as_str())
                .collect();
            vec![text(names.join(" + ")), number(*worth)]
        });
    Some(table(
        "coalitions",
        "Worth of coalitions",
        vec![column("communities", ""), column("worth", "$")],
        rows.collect(),
        "",
    ))
}

fn up_and_down(run: &Run, coupling: &IsoCoupling) -> Table {
    let (up, rigid) = (&coupling.responsive, &coupling.rigid);
    let row = |what: String, with: f64, without: f64, unit: &str| {
        vec![text(what), number(with), number(without), text(unit)]
    };
    let price = |bus: &str, with: f64, without: f64| {
        row(
            format!("LMP at {bus}"),
            with / 10.0,
            without / 10.0,
            "¢/kWh",
        )
    };
    let asked = [up, rigid].map(|own| 1000.0 * own.taken_mw);
    let mut rows = vec![
        row("LSE asks the ISO for".into(), asked[0], asked[1], "kW"),
        price(&coupling.bus, up.lmp_usd_per_mwh, rigid.lmp_usd_per_mwh),
    ];
    for ((bus, lmp), (_, other)) in up.lmp_by_bus.iter().zip(&rigid.lmp_by_bus) {
        if *bus != coupling.bus {
            rows.push(price(bus, *lmp, *other));
        }
    }
    let (with, without) = (&coupling.cleared, &coupling.rigid_cleared);
    rows.push(row(
        "community price".into(),
        100.0 * with.usd_per_kwh,
        100.0 * without.usd_per_kwh,
        "¢/kWh",
    ));
    if let Some(shown) = &run.shown {
        for (j, id) in shown.ids.iter().enumerate() {
            let (takes, preferred) = (coupling.cleared.quantity_kw[j], shown.bids[j].preferred_kw);
            rows.push(row(format!("{id} takes"), takes, preferred, "kW"));
            let (bill, other) = (coupling.bill_usd[j], coupling.rigid_bill_usd[j]);
            rows.push(row(format!("{id} pays"), bill, other, "$"));
        }
    }
    table(
        "thread",
        "From the bids to the LMP and back to the bill",
        vec![
            column("", ""),
            column("with bids", ""),
            column("preferred demand at any price", ""),
            column("unit", ""),
        ],
        rows,
        "The LSE hands the sum of the bids to the balancing market as a residual supply function. There prices are in $/MWh: 1 ¢/kWh is 10 $/MWh.",
    )
}
