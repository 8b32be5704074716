//! Every quantity of a run by period.

use crate::report::Series;
use crate::report::plots::by_clock;

use super::super::model::system::{Area, Kind, System};
use super::super::outcome::is_range;
use super::run::Run;

/// Every quantity by period.
pub fn series(run: &Run) -> Vec<Series> {
    let system = run.system;
    let dispatch = &run.coordination.market.dispatch;
    let bids = system.balancing.bids.iter().zip(&dispatch.p_mw);
    let bids = bids.map(|(bid, p)| by_clock(format!("p:{}", bid.id), bid.id.clone(), "MW", p.clone()));
    let imbalances = system.balancing.imbalances.iter().map(|injection| {
        let values = by_period(system, |t| injection.p(t));
        let id = format!("imbalance:{}", injection.id);
        by_clock(id, injection.id.clone(), "MW", values)
    });
    let mut list: Vec<Series> = bids.chain(imbalances).collect();
    for (a, area) in system.areas.iter().enumerate() {
        if area.above.is_some() {
            let id = format!("export:{}", area.boundary);
            let name = format!("export of {}", area.id);
            list.push(by_clock(id, name, "MW", dispatch.export_mw[a].clone()));
        }
        prices(run, a, &mut list);
        flows(run, a, &mut list);
    }
    list
}

fn by_period(system: &System, of: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..system.periods).map(of).collect()
}

/// Prices at every bus of an area, with their ends where they are not unique.
fn prices(run: &Run, a: usize, list: &mut Vec<Series>) {
    let lmp = &run.coordination.market.prices.lmp[a];
    for (i, bus) in run.system.areas[a].buses.iter().enumerate() {
        let range = |t: usize| run.outcome.price_range(a, t, i);
        let by = |of: &dyn Fn(usize) -> f64| by_period(run.system, of);
        if (0..run.system.periods).any(|t| is_range(range(t))) {
            let ends = [
                ("low", "least", by(&|t| range(t).0)),
                ("high", "greatest", by(&|t| range(t).1)),
            ];
            for (end, word, values) in ends {
                let name = format!("{word} price at {bus}");
                list.push(by_clock(format!("lmp_{end}:{bus}"), name, "$/MWh", values));
            }
        }
        // Where every price is right, there is none to show.
        let values = by(&|t| match run.outcome.is_open(range(t)) {
            true => f64::NAN,
            false => lmp[t][i],
        });
        let name = format!("price at {bus}");
        list.push(by_clock(format!("lmp:{bus}"), name, "$/MWh", values));
    }
}

/// Id of the series of the flow of a line.
pub fn flow_id(area: &Area, line: &str) -> String {
    match area.kind {
        Kind::Dc { .. } => format!("flow:{line}"),
        _ => format!("flow:{}/{line}", area.id),
    }
}

/// Flows, loadings and voltages of an area.
fn flows(run: &Run, a: usize, list: &mut Vec<Series>) {
    let (system, area) = (run.system, &run.system.areas[a]);
    let dispatch = &run.coordination.market.dispatch;
    for (k, line) in area.lines().into_iter().enumerate() {
        let flow = by_period(system, |t| dispatch.flow_mw[a][t][k]);
        list.push(by_clock(flow_id(area, line.id), line.id.into(), "MW", flow));
        if let (Kind::Feeder { .. }, Some(most)) = (&area.kind, line.limits[0].filter(|s| *s > 0.0)) {
            let values = by_period(system, |t| dispatch.loading_mva[a][t][k] / most);
            let id = format!("loading:{}/{}", area.id, line.id);
            list.push(by_clock(id, format!("loading of {}", line.id), "1", values));
        }
    }
    for (i, bus) in area.buses.iter().enumerate() {
        if has_voltage(run, a, i) {
            let values = by_period(system, |t| dispatch.voltage_pu[a][t][i]);
            let name = format!("voltage at {bus}");
            list.push(by_clock(format!("v:{bus}"), name, "p.u.", values));
        }
    }
}

/// Whether the voltage of a bus is known in some period.
pub fn has_voltage(run: &Run, a: usize, i: usize) -> bool {
    let voltages = &run.coordination.market.dispatch.voltage_pu[a];
    matches!(run.system.areas[a].kind, Kind::Feeder { .. })
        && voltages.iter().any(|period| period[i].is_finite())
}
