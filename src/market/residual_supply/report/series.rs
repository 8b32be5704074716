//! Every quantity of a run by period.

use crate::report::SubjectKind::{Boundary, Branch, Bus, Party, Zone};
use crate::report::plots::about;
use crate::report::{Series, Subject};

use super::super::model::system::{Area, Kind, System};
use super::super::outcome::is_range;
use super::run::Run;

/// Every quantity by period.
pub fn series(run: &Run) -> Vec<Series> {
    let system = run.system;
    let dispatch = &run.coordination.market.dispatch;
    let bids = system.balancing.bids.iter().zip(&dispatch.p_mw);
    let bids = bids.map(|(bid, p)| about("p", Party.of(&bid.id), bid.id.clone(), "MW", p.clone()));
    let imbalances = system.balancing.imbalances.iter().map(|injection| {
        let values = by_period(system, |t| injection.p(t));
        let id = &injection.id;
        about("imbalance", Party.of(id), id.clone(), "MW", values)
    });
    let mut list: Vec<Series> = bids.chain(imbalances).collect();
    for (a, area) in system.areas.iter().enumerate() {
        if area.above.is_some() {
            let name = format!("export of {}", area.id);
            let export = dispatch.export_mw[a].clone();
            list.push(about("export", interface(area), name, "MW", export));
        }
        prices(run, a, &mut list);
        flows(run, a, &mut list);
    }
    list
}

/// Where an area meets what is above it: a zone is its own boundary.
pub fn interface(area: &Area) -> Option<Subject> {
    match area.kind {
        Kind::Zone { .. } => Zone.of(&area.id),
        _ => Boundary.of(&area.boundary),
    }
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
                ("lmp_low", "least", by(&|t| range(t).0)),
                ("lmp_high", "greatest", by(&|t| range(t).1)),
            ];
            for (end, word, values) in ends {
                let name = format!("{word} price at {bus}");
                list.push(about(end, Bus.of(bus), name, "$/MWh", values));
            }
        }
        // Where every price is right, there is none to show.
        let values = by(&|t| match run.outcome.is_open(range(t)) {
            true => f64::NAN,
            false => lmp[t][i],
        });
        let name = format!("price at {bus}");
        list.push(about("lmp", Bus.of(bus), name, "$/MWh", values));
    }
}

/// Id of a line among those of all areas.
pub fn line_id(area: &Area, line: &str) -> String {
    match area.kind {
        Kind::Dc { .. } => line.into(),
        _ => format!("{}/{line}", area.id),
    }
}

/// Flows, loadings and voltages of an area.
fn flows(run: &Run, a: usize, list: &mut Vec<Series>) {
    let (system, area) = (run.system, &run.system.areas[a]);
    let dispatch = &run.coordination.market.dispatch;
    for (k, line) in area.lines().into_iter().enumerate() {
        let flow = by_period(system, |t| dispatch.flow_mw[a][t][k]);
        let whole = Branch.of(line_id(area, line.id));
        list.push(about("flow", whole.clone(), line.id.into(), "MW", flow));
        if let (Kind::Feeder { .. }, Some(most)) = (&area.kind, line.limits[0].filter(|s| *s > 0.0))
        {
            let values = by_period(system, |t| dispatch.loading_mva[a][t][k] / most);
            let name = format!("loading of {}", line.id);
            list.push(about("loading", whole, name, "1", values));
        }
    }
    for (i, bus) in area.buses.iter().enumerate() {
        if has_voltage(run, a, i) {
            let values = by_period(system, |t| dispatch.voltage_pu[a][t][i]);
            let name = format!("voltage at {bus}");
            list.push(about("v", Bus.of(bus), name, "p.u.", values));
        }
    }
}

/// Whether the voltage of a bus is known in some period.
pub fn has_voltage(run: &Run, a: usize, i: usize) -> bool {
    let voltages = &run.coordination.market.dispatch.voltage_pu[a];
    matches!(run.system.areas[a].kind, Kind::Feeder { .. })
        && voltages.iter().any(|period| period[i].is_finite())
}
