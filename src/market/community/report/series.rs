//! Quantities of a run by interval. Five days have 1,440 of them, so only what is drawn is sent.

use crate::report::Series;
use crate::report::plots::by_clock;

use super::Run;
use crate::market::community::params::Comparator;

/// Communities up to which each has its own series.
pub const DRAWN: usize = 8;

pub fn series(run: &Run) -> Vec<Series> {
    let mut list = Vec::new();
    let Some(days) = &run.days else {
        return of_one_interval(run);
    };
    let mut add = |id: String, name: String, unit: &str, values: Vec<f64>| {
        list.push(by_clock(id, name, unit, values));
    };
    let system = &days.system;
    let cents = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| 100.0 * v).collect() };
    add(
        "lse_price".into(),
        "price of the LSE".into(),
        "¢/kWh",
        cents(&system.lse),
    );
    add(
        "forecast_price".into(),
        "forecast".into(),
        "¢/kWh",
        cents(&system.forecast),
    );
    if let Some(market) = days.traces.last() {
        let cleared = market.cleared.iter();
        let price = cleared.clone().map(|c| 100.0 * c.usd_per_kwh);
        add(
            "price".into(),
            "community price".into(),
            "¢/kWh",
            price.collect(),
        );
        add(
            "lse_kw".into(),
            "delivered by the LSE".into(),
            "kW",
            cleared.clone().map(|c| c.lse_kw).collect(),
        );
        add(
            "case".into(),
            "case: 0 LSE marginal, 1 shared, 2 shortage, 3 surplus, 4 feeder congested".into(),
            "",
            cleared.map(|c| c.kind.code()).collect(),
        );
    }
    let trace = days.trace(run.way);
    let way = run.way.name();
    for (j, member) in system.members.iter().enumerate().take(DRAWN) {
        let id = &member.id;
        add(
            format!("q:{id}"),
            format!("net load of {id}, {way}"),
            "kW",
            trace.q_kw[j].clone(),
        );
        if let Some(store) = &member.store {
            let soc = trace.stored_kwh[j]
                .iter()
                .map(|e| 100.0 * e / store.energy_kwh);
            add(
                format!("soc:{id}"),
                format!("state of charge of {id}, {way}"),
                "%",
                soc.collect(),
            );
            add(
                format!("battery:{id}"),
                format!("battery of {id}, {way}"),
                "kW",
                trace.battery_kw[j].clone(),
            );
        }
        if run.params.network && run.way == Comparator::Transactive {
            add(
                format!("price:{id}"),
                format!("price at {id}"),
                "¢/kWh",
                cents(&trace.price[j]),
            );
        }
    }
    for (j, member) in system.members.iter().enumerate().take(DRAWN) {
        let demand = trace.q_kw[j].iter().map(|kw| kw / 1e3);
        add(
            format!("load:{}", member.id),
            format!("demand of {}, {way}", member.id),
            "MW",
            demand.collect(),
        );
    }
    let own = Comparator::ALL.iter().zip(&days.flows);
    let own = own.filter(|(c, _)| **c == run.way);
    for (_, flows) in own {
        for (id, v) in days.names.buses.iter().zip(&flows.v_pu) {
            add(
                format!("v:{id}"),
                format!("voltage at {id}, {way}"),
                "p.u.",
                v.clone(),
            );
        }
        for (line, mw) in days.names.lines.iter().zip(&flows.line_mw) {
            let Some(name) = line else { continue };
            add(
                format!("flow:{name}"),
                format!("flow of {name}, {way}"),
                "MW",
                mw.clone(),
            );
        }
        if !days.names.boundary.is_empty() {
            add(
                format!("export:{}", days.names.boundary),
                format!("export of the feeder, {way}"),
                "MW",
                flows.import_mw.iter().map(|p| -p).collect(),
            );
        }
    }
    for (k, comparator) in Comparator::ALL.into_iter().enumerate() {
        let (id, way) = (comparator.id(), comparator.name());
        let total = (0..system.intervals).map(|t| days.traces[k].total_kw(t));
        add(
            format!("net:{id}"),
            format!("all communities, {way}"),
            "kW",
            total.collect(),
        );
        if let Some(flows) = days.flows.get(k) {
            add(
                format!("import:{id}"),
                format!("feeder, {way}"),
                "MW",
                flows.import_mw.clone(),
            );
            add(
                format!("v:{id}"),
                format!("least voltage, {way}"),
                "p.u.",
                flows.least_v_pu.clone(),
            );
        }
    }
    list
}

/// One interval without days: what the diagram shows of it, at the LMP where the bids were handed up.
fn of_one_interval(run: &Run) -> Vec<Series> {
    let Some(shown) = &run.shown else {
        return Vec::new();
    };
    let cleared = run.thread.as_ref().map_or(&shown.cleared, |t| &t.cleared);
    let demand = shown.ids.iter().zip(&cleared.quantity_kw).map(|(id, kw)| {
        let name = format!("demand of {id}");
        by_clock(format!("load:{id}"), name, "MW", vec![kw / 1e3])
    });
    let prices = run.thread.iter().flat_map(|t| &t.responsive.lmp_by_bus);
    let prices = prices.map(|(bus, price)| {
        let name = format!("price at {bus}");
        by_clock(format!("lmp:{bus}"), name, "$/MWh", vec![*price])
    });
    let boundary = run.boundary.iter().map(|id| {
        let export = -cleared.quantity_kw.iter().sum::<f64>() / 1e3;
        let name = "export of the communities".to_string();
        by_clock(format!("export:{id}"), name, "MW", vec![export])
    });
    demand.chain(prices).chain(boundary).collect()
}
