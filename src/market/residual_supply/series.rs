//! Every quantity of a run by period.

use crate::report::{Index, Series};

use super::answer::Run;
use super::summary::{price_range, whatever};
use super::system::Kind;

/// Every quantity by period.
pub fn series(run: &Run) -> Vec<Series> {
    let system = run.system;
    let market = &run.outcome.market;
    let periods = system.periods;
    let mut list = Vec::new();
    let mut add = |id: String, name: String, unit: &str, values: Vec<f64>| {
        list.push(Series {
            id,
            name,
            unit: unit.into(),
            index: Index::Clock,
            values,
        });
    };
    let by = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..periods).map(of).collect() };
    for (b, bid) in system.balancing.bids.iter().enumerate() {
        let values = market.dispatch.p_mw[b].iter().map(|p| p + 0.0).collect();
        add(format!("p:{}", bid.id), bid.id.clone(), "MW", values);
    }
    for injection in &system.balancing.imbalances {
        let values = by(&|t| injection.p(t));
        add(
            format!("imbalance:{}", injection.id),
            injection.id.clone(),
            "MW",
            values,
        );
    }
    for (a, area) in system.areas.iter().enumerate() {
        if area.above.is_some() {
            let name = format!("export of {}", area.id);
            let values = by(&|t| market.dispatch.export_mw[a][t]);
            add(format!("export:{}", area.boundary), name, "MW", values);
        }
        for (i, bus) in area.buses.iter().enumerate() {
            let range = |t: usize| price_range(run, a, t, i);
            // Where every price is right, there is none to show.
            let values = by(&|t| match whatever(run, range(t)) {
                true => f64::NAN,
                false => market.prices.lmp[a][t][i],
            });
            let tie = |t: usize| range(t).1 - range(t).0 > 0.005;
            if (0..periods).any(tie) {
                let (low, high) = (by(&|t| range(t).0), by(&|t| range(t).1));
                for (end, word, values) in [("low", "least", low), ("high", "greatest", high)] {
                    let name = format!("{word} price at {bus}");
                    add(format!("lmp_{end}:{bus}"), name, "$/MWh", values);
                }
            }
            add(
                format!("lmp:{bus}"),
                format!("price at {bus}"),
                "$/MWh",
                values,
            );
        }
        let flow = |k: usize| by(&|t| market.dispatch.flow_mw[a][t][k]);
        match &area.kind {
            Kind::Dc { branches } => {
                for (k, branch) in branches.iter().enumerate() {
                    add(
                        format!("flow:{}", branch.name),
                        branch.name.clone(),
                        "MW",
                        flow(k),
                    );
                }
            }
            Kind::Zone { zone } => {
                for (k, limit) in zone.limits.iter().enumerate() {
                    add(
                        format!("flow:{}/{}", area.id, limit.id),
                        limit.id.clone(),
                        "MW",
                        flow(k),
                    );
                }
            }
            Kind::Feeder { feeder, .. } => {
                for (k, line) in feeder.lines.iter().enumerate() {
                    add(
                        format!("flow:{}/{}", area.id, line.id),
                        line.id.clone(),
                        "MW",
                        flow(k),
                    );
                    if let Some(most) = line.max_s_mva.filter(|s| *s > 0.0) {
                        let values = by(&|t| market.dispatch.loading_mva[a][t][k] / most);
                        let name = format!("loading of {}", line.id);
                        add(
                            format!("loading:{}/{}", area.id, line.id),
                            name,
                            "1",
                            values,
                        );
                    }
                }
                for (i, bus) in area.buses.iter().enumerate() {
                    let values = by(&|t| market.dispatch.voltage_pu[a][t][i]);
                    if values.iter().any(|v| v.is_finite()) {
                        add(
                            format!("v:{bus}"),
                            format!("voltage at {bus}"),
                            "p.u.",
                            values,
                        );
                    }
                }
            }
        }
    }
    list
}
