//! Charts of a run.

use crate::report::plots::{self, axis, chart, line, over};
use crate::report::{Axis, Chart, Mark, Report, Role, Series, SubjectKind, amount};

use super::{DRAWN, STEP};
use super::{Run, chance, services, voltages};
use crate::market::community::model::bid::Bid;
use crate::market::community::model::clearing::aggregate;
use crate::market::community::model::iso_coupling::IsoCoupling;
use crate::market::community::outcome::{Days, Shown};
use crate::market::community::params::Comparator;

/// A curve of quantity and price as corners from left to right, within a range of prices.
fn corners(bid: &Bid, (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    let mut at = bid.min_kw;
    let mut corners = vec![(at, 100.0 * high)];
    for step in &bid.steps {
        let price = 100.0 * step.usd_per_kwh.clamp(low, high);
        corners.push((at, price));
        at += step.width_kw;
        corners.push((at, price));
    }
    corners.push((at, 100.0 * low));
    corners
}

fn curve(bid: &Bid, id: &str, name: &str, range: (f64, f64)) -> Series {
    over(id, name, "¢/kWh", ("demand", "kW"), &corners(bid, range))
}

/// Bids, their sum, the price at which the LSE buys and sells on, and what cleared.
fn clearing(run: &Run, shown: &Shown, report: &mut Report) {
    let prices = shown
        .bids
        .iter()
        .flat_map(|b| b.steps.iter().map(|s| s.usd_per_kwh));
    let pa = shown.supply.lse_usd_per_kwh;
    let most = 2.0 * pa.abs().max(shown.cleared.usd_per_kwh) + 0.02;
    let prices: Vec<f64> = prices
        .filter(|p| *p < most)
        .chain([pa, shown.cleared.usd_per_kwh])
        .collect();
    let low = prices.iter().copied().fold(f64::INFINITY, f64::min) - 0.005;
    let range = (low, prices.iter().copied().fold(f64::MIN, f64::max) + 0.01);
    let mut marks = Vec::new();
    for (id, bid) in shown.ids.iter().zip(&shown.bids).take(DRAWN) {
        let series = format!("curve:{id}");
        report.series.push(Series {
            subject: SubjectKind::Party.of(id),
            ..curve(bid, &series, id, range)
        });
        marks.push(line(series, Role::Aggregator, false, true));
    }
    let sum = aggregate(&shown.bids);
    report
        .series
        .push(curve(&sum, "curve", "all together", range));
    marks.push(line("curve".into(), Role::Load, false, true));
    marks.push(Mark::Rule {
        value: 100.0 * pa,
        label: match run.handed() {
            false => "price of the LSE".into(),
            true => "LMP".into(),
        },
    });
    let total: f64 = shown.cleared.quantity_kw.iter().sum();
    for ((id, kw), price) in shown
        .ids
        .iter()
        .zip(&shown.cleared.quantity_kw)
        .zip(&shown.price)
        .take(DRAWN)
    {
        marks.push(Mark::Point {
            x: *kw,
            y: 100.0 * price,
            label: id.clone(),
        });
    }
    marks.push(Mark::Point {
        x: total.max(0.0),
        y: 100.0 * shown.cleared.usd_per_kwh,
        label: match run.handed() {
            false => format!("cleared: {}", shown.cleared.kind.name()),
            true => "all together".into(),
        },
    });
    report.charts.push(Chart {
        x: axis("demand", "kW", true),
        ..chart(
            STEP,
            "clearing",
            "Clearing of the interval shown",
            axis("price", "¢/kWh", false),
            marks,
            "Bids of the communities, feed-in below zero, with their sum as the LSE sees it, and where each clears.",
        )
    });
}

fn bars(
    report: &mut Report,
    id: &str,
    title: &str,
    y: Axis,
    groups: Vec<(String, String, f64)>,
    summary: &str,
) {
    let (mut labels, mut series) = (Vec::new(), Vec::new());
    for (key, label, value) in groups {
        report
            .series
            .push(over(&key, &label, &y.unit, ("", ""), &[(0.0, value)]));
        labels.push(label);
        series.push(key);
    }
    let shown = (labels, series);
    let bars = plots::bars(id, title, y, Role::Aggregator, shown, summary);
    report.charts.push(bars);
}

pub fn add(run: &Run, report: &mut Report) {
    if let Some(shown) = run.cleared() {
        clearing(run, shown, report);
    }
    if let Some(days) = run.days {
        of_days(run, days, report);
        voltages::charts(run, days, report);
        chance::chart(run, days, report);
        services::charts(days, report);
        costs(days, report);
    }
    if let (Some(coupling), Some(shown)) = (run.coupling, &run.shown) {
        iso(coupling, report);
        bills(coupling, &shown.ids, report);
    }
}

/// Prices, batteries and net loads of the way to buy that is shown, the feeder by all of them.
fn of_days(run: &Run, days: &Days, report: &mut Report) {
    let way = run.way;
    let members = || days.system.members.iter().take(DRAWN);
    let each = |kind: &str, shown: bool| {
        let own = members().filter(|m| !matches!(kind, "soc") || m.store.is_some());
        let mark = |id: &str| line(format!("{kind}:{id}"), Role::Aggregator, false, shown);
        own.map(|m| mark(&m.id)).collect::<Vec<Mark>>()
    };
    // Where limits part the prices, what each pays is drawn, and means can be chosen.
    let parted = run.params.network && way == Comparator::Transactive;
    let mut prices = vec![
        line("lse_price".into(), Role::Reference, false, true),
        line("price".into(), Role::Price, false, !parted),
        line("forecast_price".into(), Role::Reference, true, false),
    ];
    if parted {
        prices.extend(each("price", true));
    }
    if days.names.feeders.len() > 1 {
        let own = days.names.feeders.iter();
        let mean = |f| line(format!("feeder_price:{f}"), Role::Line, false, !parted);
        prices.extend(own.map(mean));
    }
    let all = |kind: &str| -> Vec<Mark> {
        let roles = [Role::Reference, Role::Line, Role::Der, Role::Optimum];
        let ways = Comparator::ALL.into_iter().zip(roles);
        ways.map(|(c, role)| {
            let base = c == Comparator::Base;
            let shown = c == way || base || c == Comparator::PricesToDevices;
            line(format!("{kind}:{}", c.id()), role, base, shown)
        })
        .collect()
    };
    let name = way.name();
    let energy = format!("Energy in every battery at the end of each interval: {name}.");
    let load = format!(
        "Load less PV with the battery, as realised: {name}. Below zero a community feeds in."
    );
    let mut add = |id, title, y, marks, summary: &str| {
        report
            .charts
            .push(chart(STEP, id, title, y, marks, summary));
    };
    add(
        "prices",
        "Price of the community and of the LSE",
        axis("price", "¢/kWh", true),
        prices,
        match parted {
            false => {
                "Where the communities serve each other their price falls below that of the LSE."
            }
            true => {
                "What each community pays: where a limit of the feeder is reached, a price of its own."
            }
        },
    );
    let y = axis("state of charge", "%", true);
    add("soc", "State of charge", y, each("soc", true), &energy);
    let (title, y) = ("Net load of the communities", axis("net load", "kW", true));
    add("net_load", title, y, each("q", true), &load);
    if !days.flows.is_empty() {
        add(
            "feeder",
            "Power into the feeder",
            axis("import", "MW", true),
            all("import"),
            "AC power flow of every interval by the ways to buy, dashed with batteries idle.",
        );
        add(
            "voltage",
            "Least voltage of the feeder",
            axis("voltage", "p.u.", false),
            all("v"),
            "AC power flow of every interval.",
        );
    }
}

/// Costs by the way to buy, of all communities and of each.
fn costs(days: &Days, report: &mut Report) {
    let costs = Comparator::ALL.map(|c| {
        let total = days.trace(c).total_usd();
        (format!("total:{}", c.id()), c.word().to_string(), total)
    });
    bars(
        report,
        "costs",
        "Cost of all communities by the way to buy",
        axis("cost", "$", true),
        costs.to_vec(),
        "Energy, demand charges and imbalance over the days, with the change of stored energy valued.",
    );
    let members = days.system.members.iter().enumerate().take(4);
    let parts = members.flat_map(|(j, m)| {
        Comparator::ALL.map(|c| {
            let cost = days.trace(c).bills[j].total_usd();
            let key = format!("total:{}:{}", c.id(), m.id);
            (key, format!("{} {}", m.id, c.word()), cost)
        })
    });
    bars(
        report,
        "costs_by_community",
        "Cost of each community by the way to buy",
        axis("cost", "$", true),
        parts.collect(),
        "Energy, demand charges and imbalance of each community over the days, with the change of stored energy valued.",
    );
}

/// What the communities ask of the ISO by price, and rigidly, with the LMP that each leads to.
fn iso(coupling: &IsoCoupling, report: &mut Report) {
    let cents = |usd_per_mwh: f64| usd_per_mwh / 10.0;
    let ends = [&coupling.responsive, &coupling.rigid];
    let [(kw, lmp), (rigid_kw, rigid_lmp)] =
        ends.map(|end| (1000.0 * end.taken_mw, cents(end.lmp_usd_per_mwh)));
    let steps = coupling.demand.steps.iter().map(|s| s.usd_per_kwh);
    let prices = steps.chain([lmp / 100.0, rigid_lmp / 100.0]);
    let (low, high) = prices.fold((f64::INFINITY, f64::MIN), |(low, high), p| {
        (low.min(p), high.max(p))
    });
    let range = (low - 0.005, high + 0.005);
    let rigid = [(rigid_kw, 100.0 * range.1), (rigid_kw, 100.0 * range.0)];
    report.series.extend([
        curve(&coupling.demand, "asked", "demand by the bids", range),
        over(
            "asked_rigidly",
            "preferred demand at any price",
            "¢/kWh",
            ("demand", "kW"),
            &rigid,
        ),
    ]);
    let point = |x: f64, y: f64, words: &str| Mark::Point {
        x,
        y,
        label: format!("LMP {words}: {}", amount(y, "¢/kWh")),
    };
    let marks = vec![
        line("asked".into(), Role::Load, false, true),
        line("asked_rigidly".into(), Role::Reference, true, true),
        point(kw, lmp, "with the bids"),
        point(rigid_kw, rigid_lmp, "without the bids"),
    ];
    report.charts.push(Chart {
        x: axis("demand", "kW", true),
        ..chart(
            STEP,
            "iso",
            "What the communities ask of the ISO, and the LMP",
            axis("price", "¢/kWh", false),
            marks,
            "The sum of the bids takes less the dearer energy is; dashed, the preferred demand at any price. The points are what the ISO clears with each.",
        )
    });
}

/// Bills where the bids were handed to the ISO, and where demand is rigid.
fn bills(coupling: &IsoCoupling, ids: &[String], report: &mut Report) {
    let of = |(j, id): (usize, &String)| {
        let (bids, rigid) = (coupling.bill_usd[j], coupling.rigid_bill_usd[j]);
        [
            (format!("bill:{id}"), format!("{id} bids"), bids),
            (format!("bill_rigid:{id}"), format!("{id} rigid"), rigid),
        ]
    };
    bars(
        report,
        "thread",
        "Bills of the interval",
        axis("bill", "$", true),
        ids.iter().enumerate().flat_map(of).collect(),
        "What each pays with its bid, and with its preferred demand at any price.",
    );
}
