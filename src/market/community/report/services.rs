//! Heat and reserve: the other flexible assets and services of the communities.

use crate::report::SubjectKind::Party;
use crate::report::plots::{Numbers, about, axis, chart, line};
use crate::report::words::usd;
use crate::report::{Filled, Report, Role, Series, Table, filled, number, text};

use super::DRAWN;
use super::Run;
use super::STEP;
use crate::market::community::model::reserve::Service;
use crate::market::community::model::system::Member;
use crate::market::community::model::thermal::Tank;
use crate::market::community::model::trace::Trace;
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;

/// Members with a heat pump.
fn heated(days: &Days) -> Vec<(usize, &Member, &Tank)> {
    let all = days.system.members.iter().enumerate();
    all.filter_map(|(j, member)| Some((j, member, member.tank.as_ref()?)))
        .collect()
}

fn heat_kwh(days: &Days, trace: &Trace, j: usize) -> f64 {
    trace.heat_kw[j].iter().sum::<f64>() * days.system.hours
}

/// Mean price of the LSE while the heat pump runs, ¢/kWh.
fn heat_cents(days: &Days, trace: &Trace, j: usize) -> f64 {
    let paid = trace.heat_kw[j]
        .iter()
        .zip(&days.system.lse)
        .map(|(kw, p)| kw * p);
    100.0 * paid.sum::<f64>() * days.system.hours / heat_kwh(days, trace, j)
}

/// How far and for how long the temperature is beyond its band at the ends of intervals, K·h.
fn beyond_k_h(days: &Days, trace: &Trace, j: usize, tank: &Tank) -> f64 {
    let off = |c: &f64| (tank.min_c - c).max(c - tank.max_c).max(0.0);
    trace.end_c[j].iter().map(off).sum::<f64>() * days.system.hours
}

pub fn sentence(run: &Run) -> Option<String> {
    let days = run.days?;
    let unsold = days
        .unsold
        .as_ref()
        .filter(|_| run.way == Comparator::Transactive)?;
    let market = days.trace(run.way);
    let sum: f64 = market.bills.iter().map(|b| b.reserve_usd).sum();
    let net = unsold.total_usd() - market.total_usd();
    Some(format!(
        "reserve earns them {}, of which {} are left after what it costs in energy",
        usd(sum),
        usd(net)
    ))
}

pub fn numbers(run: &Run, days: &Days, list: &mut Numbers) {
    for way in Comparator::ALL {
        let trace = days.trace(way);
        for (j, member, tank) in heated(days) {
            let (id, own, name) = (way.id(), &member.id, way.name());
            for (kind, called, value, unit, note) in [
                (
                    "heat",
                    format!("Energy of the heat pump of {own}"),
                    heat_kwh(days, trace, j),
                    "kWh",
                    "",
                ),
                (
                    "heat_price",
                    format!("Price of the LSE while the heat pump of {own} runs"),
                    heat_cents(days, trace, j),
                    "¢/kWh",
                    "mean by energy",
                ),
                (
                    "beyond",
                    format!("Temperature of {own} beyond its band"),
                    beyond_k_h(days, trace, j, tank),
                    "K·h",
                    "at the ends of intervals",
                ),
            ] {
                let called = format!("{called}, {name}");
                list.add(format!("{kind}:{id}:{own}"), called, value, unit)
                    .noted(note);
            }
        }
    }
    let (Some(unsold), Some(_)) = (&days.unsold, Service::of(run.params)) else {
        return;
    };
    let market = days.trace(Comparator::Transactive);
    let sum: f64 = market.bills.iter().map(|b| b.reserve_usd).sum();
    list.add("reserve", "Paid for reserve", sum, "$")
        .noted("by the market, to all communities");
    list.add(
        "reserve_net",
        "Left of the pay for reserve after energy",
        unsold.total_usd() - market.total_usd(),
        "$",
    )
    .noted("against the same market without reserve");
    let mean: f64 = market.reserve_kw.iter().flatten().sum::<f64>() / days.system.intervals as f64;
    list.add("reserve_mean", "Reserve sold, mean", mean, "kW");
}

pub fn tables(run: &Run, days: &Days) -> Vec<Table> {
    let mut list = Vec::new();
    let heated = heated(days);
    if !heated.is_empty() {
        let trace = days.trace(run.way);
        let ends = |j: usize| {
            let all = trace.end_c[j].iter();
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), c| {
                (c.min(a), c.max(b))
            })
        };
        let columns: [Filled<&(usize, &Member, &Tank)>; 7] = [
            ("community", "", &|(_, m, _)| text(&m.id)),
            ("heat pump", "kWh", &|(j, ..)| {
                number(heat_kwh(days, trace, *j))
            }),
            ("price of the LSE while it runs", "¢/kWh", &|(j, ..)| {
                number(heat_cents(days, trace, *j))
            }),
            ("least temperature", "°C", &|(j, ..)| number(ends(*j).0)),
            ("greatest temperature", "°C", &|(j, ..)| number(ends(*j).1)),
            ("at the end", "°C", &|(j, ..)| {
                number(trace.end_c[*j].last().copied().unwrap_or(f64::NAN))
            }),
            ("beyond the band", "K·h", &|(j, _, tank)| {
                number(beyond_k_h(days, trace, *j, tank))
            }),
        ];
        let title = format!("Heat: {}", run.way.name());
        let note = "With batteries idle a thermostat holds the temperature of the start. Heat missing at the end is valued at the mean price of the LSE, as what batteries hold less.";
        list.push(
            filled("heat", &title, &heated, &columns, note)
                .of(heated.iter().map(|(_, m, _)| Party.of(&m.id))),
        );
    }
    if let (Some(unsold), Some(service)) = (&days.unsold, Service::of(run.params)) {
        let market = days.trace(Comparator::Transactive);
        let n = days.system.intervals as f64;
        let mean = |j: usize| market.reserve_kw[j].iter().sum::<f64>() / n;
        let most = |j: usize| market.reserve_kw[j].iter().copied().fold(0.0, f64::max);
        let dearer = |j: usize| {
            let (with, without) = (&market.bills[j], &unsold.bills[j]);
            with.total_usd() + with.reserve_usd - without.total_usd()
        };
        let columns: [Filled; 7] = [
            ("community", "", &|j| text(&days.system.members[j].id)),
            ("sold, mean", "kW", &|j| number(mean(j))),
            ("at most", "kW", &|j| number(most(j))),
            ("paid for it", "$", &|j| number(market.bills[j].reserve_usd)),
            ("energy dearer by", "$", &|j| number(dearer(j))),
            ("left", "$", &|j| {
                number(market.bills[j].reserve_usd - dearer(j))
            }),
            ("least headroom beyond it", "kW", &|j| {
                number(service.least_spare_kw(&days.system, market, j))
            }),
        ];
        let members = &days.system.members;
        let note = "Spinning reserve is sold by the hour in the market alone, planned together with energy. A call of it is not simulated, and what a call would pay is not counted. Energy with the change of what is stored, against the same market without reserve.";
        list.push(
            filled(
                "reserve",
                "Spinning reserve",
                0..members.len().min(200),
                &columns,
                note,
            )
            .of(members.iter().map(|m| Party.of(&m.id))),
        );
    }
    list
}

pub fn series(run: &Run, days: &Days) -> Vec<Series> {
    let mut rows = Vec::new();
    let (trace, way) = (days.trace(run.way), run.way.name());
    for (j, member, _) in heated(days).into_iter().take(DRAWN) {
        let id = &member.id;
        let name = format!("temperature at {id}, {way}");
        rows.push(about(
            "temperature",
            Party.of(id),
            name,
            "°C",
            trace.end_c[j].clone(),
        ));
        let name = format!("heat pump of {id}, {way}");
        rows.push(about(
            "heat",
            Party.of(id),
            name,
            "kW",
            trace.heat_kw[j].clone(),
        ));
    }
    let market = days.trace(Comparator::Transactive);
    let sold = days
        .system
        .members
        .iter()
        .zip(&market.reserve_kw)
        .take(DRAWN);
    rows.extend(sold.map(|(member, kw)| {
        let name = format!("reserve sold by {}", member.id);
        about("reserve", Party.of(&member.id), name, "kW", kw.clone())
    }));
    rows
}

pub fn charts(days: &Days, report: &mut Report) {
    let heated = heated(days);
    let mut add = |id: &str, title: &str, y, ids: Vec<&str>, summary: &str| {
        let marks = ids
            .iter()
            .take(DRAWN)
            .map(|own| line(format!("{id}:{own}"), Role::Aggregator, false, true));
        report
            .charts
            .push(chart(STEP, id, title, y, marks.collect(), summary));
    };
    if !heated.is_empty() {
        let ids = || heated.iter().map(|(_, m, _)| m.id.as_str()).collect();
        add(
            "temperature",
            "Temperature of buildings and tanks",
            axis("temperature", "°C", false),
            ids(),
            "At the end of every interval.",
        );
        add(
            "heat",
            "Power of the heat pumps",
            axis("power", "kW", true),
            ids(),
            "They run before dear hours, as far as the band of the temperature lets them.",
        );
    }
    if days.unsold.is_some() {
        let ids = days.system.members.iter().map(|m| m.id.as_str()).collect();
        add(
            "reserve",
            "Spinning reserve sold",
            axis("reserve", "kW", true),
            ids,
            "By the hour: power and energy that the battery keeps.",
        );
    }
}
