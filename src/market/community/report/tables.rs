//! Tables of a run.

use crate::report::SubjectKind::Party;
use crate::report::{Table, column, number, table, text};

use super::Run;
use crate::market::community::outcome::Shown;
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;
use super::series::DRAWN;
use crate::market::community::model::sharing::Sharing;
use super::summary::saving;
use crate::market::community::model::thread::Thread;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = Vec::new();
    if let Some(days) = &run.days {
        list.push(costs(days));
        list.extend(feeder(days));
        list.push(bills(run, days));
    }
    if let Some(shown) = &run.shown {
        list.push(interval(shown));
        list.push(bids(shown));
    }
    if let Some(thread) = &run.thread {
        list.push(up_and_down(run, thread));
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
    columns.extend(members.clone().map(|m| column(&m.id, "$").of(Party.of(&m.id))));
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
        let sum = |of: fn(&super::roll::Bill) -> f64| trace.bills.iter().map(of).sum::<f64>();
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
        .into_iter()
        .zip(&days.flows)
        .zip(&days.traces);
    let rows = rows.map(|((c, flows), trace)| {
        let own = (0..days.system.intervals).map(|t| trace.total_kw(t));
        let loading = flows.loading.iter().copied().fold(0.0, f64::max);
        vec![
            text(c.name()),
            number(flows.peak_mw()),
            number(own.fold(f64::MIN, f64::max)),
            number(flows.least_v_pu()),
            number(100.0 * loading),
            number(flows.loss_mwh),
            number(flows.beyond as f64),
        ]
    });
    Some(table(
        "feeder",
        "The feeder by the way to buy",
        vec![
            column("way to buy", ""),
            column("peak", "MW"),
            column("peak of the communities", "kW"),
            column("least voltage", "p.u."),
            column("largest loading", "%"),
            column("losses", "MWh"),
            column("intervals beyond a limit", ""),
        ],
        rows.collect(),
        "AC power flow of every interval, after the fact.",
    ))
}

fn bills(run: &Run, days: &Days) -> Table {
    let trace = days.trace(run.way);
    let rows = days.system.members.iter().zip(&trace.bills).enumerate();
    let rows = rows.take(200).map(|(j, (member, bill))| {
        let stored = trace.stored_kwh[j].last().copied().unwrap_or(f64::NAN);
        let soc = member
            .store
            .map_or(f64::NAN, |s| 100.0 * stored / s.energy_kwh);
        let fed: f64 = trace.q_kw[j].iter().map(|q| (-q).max(0.0)).sum();
        vec![
            text(member.id.clone()),
            number(bill.energy_usd),
            number(bill.demand_usd),
            number(bill.imbalance_usd),
            number(bill.paid_usd()),
            number(soc),
            number(fed * days.system.hours),
        ]
    });
    table(
        "bills",
        &format!("Bills: {}", run.way.name()),
        vec![
            column("community", ""),
            column("energy", "$"),
            column("demand charge", "$"),
            column("imbalance", "$"),
            column("paid", "$"),
            column("state of charge at the end", "%"),
            column("fed in", "kWh"),
        ],
        rows.collect(),
        "",
    )
    .of(days.system.members.iter().map(|m| Party.of(&m.id)))
}

fn interval(shown: &Shown) -> Table {
    let rows = shown
        .ids
        .iter()
        .zip(&shown.bids)
        .enumerate()
        .map(|(j, (id, bid))| {
            let kw = shown.cleared.quantity_kw[j];
            let price = shown.price[j];
            vec![
                text(id.clone()),
                number(bid.min_kw),
                number(bid.preferred_kw),
                number(bid.max_kw()),
                number(kw),
                number(100.0 * price),
                number(price * kw * shown.hours),
                number((bid.value_usd_per_h(kw) - price * kw) * shown.hours),
            ]
        });
    table(
        "interval",
        "The interval shown",
        vec![
            column("community", ""),
            column("least", "kW"),
            column("preferred", "kW"),
            column("most", "kW"),
            column("cleared", "kW"),
            column("price", "¢/kWh"),
            column("pays", "$"),
            column("surplus", "$"),
        ],
        rows.collect(),
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
    let rows = ids.iter().enumerate().map(|(j, id)| {
        let shapley = sharing.shapley_usd.as_ref().map_or(f64::NAN, |s| s[j]);
        vec![
            text(id.clone()),
            number(sharing.market_usd[j]),
            number(sharing.nash_usd[j]),
            number(shapley),
            number(sharing.nash_paid_usd[j] - sharing.market_paid_usd[j]),
        ]
    });
    table(
        "sharing",
        "What sharing brings, and how it may be split",
        vec![
            column("community", ""),
            column("by the market's price", "$"),
            column("Nash bargain", "$"),
            column("Shapley value", "$"),
            column("pays more by the bargain", "$"),
        ],
        rows.collect(),
        "Gain of bid welfare against each community on its own with the LSE, without limits of the feeder. The Nash bargain gives each the same.",
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

fn up_and_down(run: &Run, thread: &Thread) -> Table {
    let (up, rigid) = (&thread.responsive, &thread.rigid);
    let mut rows = vec![
        vec![
            text("LSE asks the ISO for"),
            number(1000.0 * up.taken_mw),
            number(1000.0 * rigid.taken_mw),
            text("kW"),
        ],
        vec![
            text(format!("LMP at {}", thread.bus)),
            number(up.lmp_usd_per_mwh),
            number(rigid.lmp_usd_per_mwh),
            text("$/MWh"),
        ],
    ];
    for ((bus, lmp), (_, other)) in up.lmp_by_bus.iter().zip(&rigid.lmp_by_bus) {
        if *bus != thread.bus {
            rows.push(vec![
                text(format!("LMP at {bus}")),
                number(*lmp),
                number(*other),
                text("$/MWh"),
            ]);
        }
    }
    rows.push(vec![
        text("community price"),
        number(100.0 * thread.cleared.usd_per_kwh),
        number(rigid.lmp_usd_per_mwh / 10.0),
        text("¢/kWh"),
    ]);
    if let Some(shown) = &run.shown {
        for (j, id) in shown.ids.iter().enumerate() {
            rows.push(vec![
                text(format!("{id} takes")),
                number(thread.cleared.quantity_kw[j]),
                number(shown.bids[j].preferred_kw),
                text("kW"),
            ]);
            rows.push(vec![
                text(format!("{id} pays")),
                number(thread.bill_usd[j]),
                number(thread.rigid_bill_usd[j]),
                text("$"),
            ]);
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
        "The LSE hands the sum of the bids to the balancing market as a residual supply function.",
    )
}
