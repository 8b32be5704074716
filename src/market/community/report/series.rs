//! Quantities of a run by interval. Five days have 1,440 of them, so only what is drawn is sent.

use crate::report::Series;
use crate::report::SubjectKind::{Boundary, Branch, Bus, Party};
use crate::report::plots::{LOAD_SHARE, LOAD_SHARE_NAME, about, by_clock};

use super::{DRAWN, Run, feeders, services, voltages};
use crate::market::community::model::clearing::Cleared;
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;

pub fn series(run: &Run) -> Vec<Series> {
    let Some(days) = run.days else {
        return of_one_interval(run);
    };
    [
        of_prices(run, days),
        of_members(run, days),
        of_feeder(run, days),
        of_ways(days),
        feeders::series(days),
        voltages::series(run, days),
        services::series(run, days),
    ]
    .concat()
}

fn cents(usd: &[f64]) -> Vec<f64> {
    usd.iter().map(|v| 100.0 * v).collect()
}

fn of_prices(run: &Run, days: &Days) -> Vec<Series> {
    let row = |id: &str, name: &str, unit, values| by_clock(id.into(), name.into(), unit, values);
    let (lse, forecast) = (cents(&days.system.lse), cents(&days.system.forecast));
    let mut rows = vec![
        row("lse_price", "price of the LSE", "¢/kWh", lse),
        row("forecast_price", "forecast", "¢/kWh", forecast),
    ];
    if let Some(market) = days.traces.last() {
        let of = |f: fn(&Cleared) -> f64| market.cleared.iter().map(f).collect();
        let (price, lse) = (of(|c| 100.0 * c.usd_per_kwh), of(|c| c.lse_kw));
        let codes = "case: 0 = the LSE sets the price, 1 = the communities serve each other, 2 = the LSE is short, 3 = more is fed in than taken, 4 = a limit of the feeder is reached";
        let called = match run.params.network {
            false => "community price",
            true => "mean price of the communities",
        };
        rows.extend([
            row("price", called, "¢/kWh", price),
            row("lse_kw", "delivered by the LSE", "kW", lse),
            row("case", codes, "", of(|c| c.kind.code())),
        ]);
    }
    rows
}

fn of_members(run: &Run, days: &Days) -> Vec<Series> {
    let (trace, way) = (days.trace(run.way), run.way.name());
    let members = || days.system.members.iter().enumerate().take(DRAWN);
    let named = |kind: &str, id: &str, name: String, unit, values| {
        about(kind, Party.of(id), name, unit, values)
    };
    let mut rows = Vec::new();
    for (j, member) in members() {
        let id = &*member.id;
        let name = format!("net load of {id}, {way}");
        rows.push(named("q", id, name, "kW", trace.q_kw[j].clone()));
        if let Some(store) = &member.store {
            let share = |kwh: &f64| 100.0 * kwh / store.energy_kwh;
            let soc = trace.stored_kwh[j].iter().map(share).collect();
            let name = format!("state of charge of {id}, {way}");
            rows.push(named("soc", id, name, "%", soc));
            let name = format!("battery of {id}, {way}");
            rows.push(named(
                "battery",
                id,
                name,
                "kW",
                trace.battery_kw[j].clone(),
            ));
        }
        if run.params.network && run.way == Comparator::Transactive {
            let name = format!("price at {id}");
            rows.push(named("price", id, name, "¢/kWh", cents(&trace.price[j])));
        }
    }
    rows.extend(members().map(|(j, member)| {
        let demand = trace.q_kw[j].iter().map(|kw| kw / 1e3).collect();
        let name = format!("demand of {}, {way}", member.id);
        named("load", &member.id, name, "MW", demand)
    }));
    rows
}

/// The feeder as it is by the way to buy that is shown.
fn of_feeder(run: &Run, days: &Days) -> Vec<Series> {
    let (Some(flows), way) = (days.flows(run.way), run.way.name()) else {
        return Vec::new();
    };
    let names = &days.names;
    let voltages = names.buses.iter().zip(&flows.v_pu).map(|(id, v)| {
        let name = format!("voltage at {id}, {way}");
        about("v", Bus.of(id), name, "p.u.", v.clone())
    });
    let of_lines = |id, words, unit, values| {
        let lines = names.lines.iter().zip::<&Vec<Vec<f64>>>(values);
        lines.filter_map(move |(line, values)| {
            let line = line.as_ref()?;
            let known = values.iter().any(|v| v.is_finite());
            let name = format!("{words} of {line}, {way}");
            known.then(|| about(id, Branch.of(line), name, unit, values.clone()))
        })
    };
    let lines = of_lines("flow", "flow", "MW", &flows.line_mw).chain(of_lines(
        "loading",
        "loading",
        "1",
        &flows.line_share,
    ));
    let several = names.feeders.len() > 1;
    let boundaries = names.boundaries.iter().zip(&flows.by_feeder_mw);
    let boundaries = boundaries
        .zip(&names.feeders)
        .filter_map(|((id, mw), feeder)| {
            let export = mw.iter().map(|p| -p).collect();
            let own = if several { feeder } else { "the feeder" };
            let name = format!("export of {own}, {way}");
            Some(about(
                "export",
                Boundary.of(id.as_ref()?),
                name,
                "MW",
                export,
            ))
        });
    let own = by_clock(
        LOAD_SHARE.into(),
        LOAD_SHARE_NAME.into(),
        "1",
        days.system.background.clone(),
    );
    voltages
        .chain(lines)
        .chain(boundaries)
        .chain([own])
        .collect()
}

fn of_ways(days: &Days) -> Vec<Series> {
    let mut rows = Vec::new();
    for (k, comparator) in Comparator::ALL.into_iter().enumerate() {
        let (id, way) = (comparator.id(), comparator.name());
        let total = |t| days.traces[k].total_kw(t);
        let total = (0..days.system.intervals).map(total).collect();
        let name = format!("all communities, {way}");
        rows.push(by_clock(format!("net:{id}"), name, "kW", total));
        if let Some(flows) = days.flows.get(k) {
            let (import, least) = (flows.import_mw.clone(), flows.least_v_pu.clone());
            let name = format!("least voltage, {way}");
            let feeder = format!("feeder, {way}");
            rows.push(by_clock(format!("import:{id}"), feeder, "MW", import));
            rows.push(by_clock(format!("v:{id}"), name, "p.u.", least));
        }
    }
    rows
}

/// One interval without days: what the diagram shows of it.
fn of_one_interval(run: &Run) -> Vec<Series> {
    let Some(shown) = &run.shown else {
        return Vec::new();
    };
    let cleared = &shown.cleared;
    let demand = shown.ids.iter().zip(&cleared.quantity_kw).map(|(id, kw)| {
        let name = format!("demand of {id}");
        about("load", Party.of(id), name, "MW", vec![kw / 1e3])
    });
    let prices = run.coupling.iter().flat_map(|t| &t.responsive.lmp_by_bus);
    let prices = prices.map(|(bus, price)| {
        let name = format!("price at {bus}");
        about("lmp", Bus.of(bus), name, "$/MWh", vec![*price])
    });
    let boundary = run.boundary.iter().map(|id| {
        let export = -cleared.quantity_kw.iter().sum::<f64>() / 1e3;
        let name = "export of the communities".to_string();
        about("export", Boundary.of(*id), name, "MW", vec![export])
    });
    demand.chain(prices).chain(boundary).collect()
}
