//! Every quantity of a run over its intervals.

use crate::report::{Index, Series};

use super::roll::Interval;
use super::summary::{line_price, priced_limits};
use super::{Method, Run};

/// One value per interval.
fn clocked(
    run: &Run,
    id: String,
    name: String,
    unit: &str,
    value: impl Fn(&Interval) -> f64,
) -> Series {
    Series {
        id,
        name,
        unit: unit.into(),
        index: Index::Clock,
        values: run.roll.intervals.iter().map(value).collect(),
    }
}

pub fn series(run: &Run) -> Vec<Series> {
    let system = run.system;
    let mut all = Vec::new();
    for (g, unit) in system.generators.iter().enumerate() {
        all.push(clocked(
            run,
            format!("p:{}", unit.id),
            unit.id.clone(),
            "MW",
            |i| i.actual.generators[g],
        ));
    }
    for (d, unit) in system.ders.iter().enumerate() {
        all.push(clocked(
            run,
            format!("p:{}", unit.id),
            unit.id.clone(),
            "MW",
            |i| i.actual.ders[d],
        ));
    }
    for (l, id) in system.load_ids.iter().enumerate() {
        all.push(clocked(run, format!("load:{id}"), id.clone(), "MW", |i| {
            i.actual.loads[l]
        }));
    }
    for (a, group) in system.groups.iter().enumerate() {
        let id = &group.id;
        all.push(clocked(run, format!("pa:{id}"), id.clone(), "MW", |i| {
            system.group_output_mw(a, &i.actual.ders)
        }));
        all.push(clocked(
            run,
            format!("lmpa:{id}"),
            format!("aggregator {id}"),
            "$/MWh",
            |i| i.dispatch.prices.groups[a].0,
        ));
        if run
            .roll
            .intervals
            .iter()
            .any(|i| i.dispatch.prices.lmp_range.is_some())
        {
            all.push(clocked(
                run,
                format!("lmpa_low:{id}"),
                format!("{id}, least"),
                "$/MWh",
                |i| i.dispatch.prices.groups[a].1,
            ));
            all.push(clocked(
                run,
                format!("lmpa_high:{id}"),
                format!("{id}, greatest"),
                "$/MWh",
                |i| i.dispatch.prices.groups[a].2,
            ));
        }
        if run.params.method != Method::Optimal {
            for (m, &d) in group.members.iter().enumerate() {
                let der = &system.ders[d].id;
                all.push(clocked(
                    run,
                    format!("df:{der}"),
                    format!("DF of {der}"),
                    "1",
                    |i| i.factors[a][m],
                ));
            }
        }
    }
    for (l, id) in system.branch_ids.iter().enumerate() {
        all.push(clocked(run, format!("flow:{id}"), id.clone(), "MW", |i| {
            i.flows_mw[l]
        }));
    }
    for (k, limit) in system.limits.iter().enumerate() {
        let id = &limit.id;
        all.push(clocked(
            run,
            format!("loading:{id}"),
            id.clone(),
            "1",
            |i| i.flows_mw[limit.branch].abs() / limit.max_p_mw,
        ));
        all.push(clocked(run, format!("over:{id}"), id.clone(), "MW", |i| {
            i.overloads_mw[k]
        }));
        all.push(clocked(run, format!("mu:{id}"), id.clone(), "$/MWh", |i| {
            line_price(i, k)
        }));
    }
    for (b, id) in system.bus_ids.iter().enumerate() {
        all.push(clocked(
            run,
            format!("lmp:{id}"),
            format!("bus {id}"),
            "$/MWh",
            |i| i.dispatch.prices.lmp[b],
        ));
        if run
            .roll
            .intervals
            .iter()
            .any(|i| i.dispatch.prices.lmp_range.is_some())
        {
            let at = |i: &Interval| {
                i.dispatch
                    .prices
                    .lmp_range
                    .as_ref()
                    .map_or((i.dispatch.prices.lmp[b], i.dispatch.prices.lmp[b]), |r| {
                        r[b]
                    })
            };
            all.push(clocked(
                run,
                format!("lmp_low:{id}"),
                format!("bus {id}, least"),
                "$/MWh",
                |i| at(i).0,
            ));
            all.push(clocked(
                run,
                format!("lmp_high:{id}"),
                format!("bus {id}, greatest"),
                "$/MWh",
                |i| at(i).1,
            ));
        }
    }
    for k in priced_limits(run) {
        let line = &system.limits[k].id;
        let shift_factors = system.shift_factors(k);
        for (b, id) in system.bus_ids.iter().enumerate() {
            let name = format!("congestion of {line} at bus {id}");
            all.push(clocked(
                run,
                format!("cong:{line}:{id}"),
                name,
                "$/MWh",
                |i| line_price(i, k) * shift_factors[b],
            ));
        }
    }
    all.push(clocked(
        run,
        "energy".into(),
        "energy component".into(),
        "$/MWh",
        |i| i.dispatch.prices.energy,
    ));
    all.push(clocked(
        run,
        "overload".into(),
        "worst overload".into(),
        "MW",
        Interval::worst_overload_mw,
    ));
    all.push(clocked(
        run,
        "cost".into(),
        "cost of operation".into(),
        "$/h",
        |i| i.cost_usd_per_h,
    ));
    let optimum =
        (0..run.roll.intervals.len()).map(|t| run.best(t).map_or(f64::NAN, |i| i.cost_usd_per_h));
    all.push(Series {
        id: "cost_optimum".into(),
        name: "global optimum".into(),
        unit: "$/h".into(),
        index: Index::Clock,
        values: optimum.collect(),
    });
    if let Some(stability) = &run.stability
        && !stability.map.is_empty()
    {
        let group = &system.groups[stability.watch.group].id;
        let index = |at: Vec<f64>| Index::Numbers {
            name: format!("P_{group}, interval t"),
            unit: "MW".into(),
            at,
        };
        all.push(Series {
            id: "map".into(),
            name: format!("P_{group}, interval t+1"),
            unit: "MW".into(),
            index: index(stability.map.iter().map(|m| m.0).collect()),
            values: stability.map.iter().map(|m| m.1).collect(),
        });
        let outputs: Vec<f64> = run
            .roll
            .intervals
            .iter()
            .map(|i| system.group_output_mw(stability.watch.group, &i.actual.ders))
            .collect();
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for pair in outputs.windows(2) {
            xs.extend([pair[0], pair[0]]);
            ys.extend([pair[0], pair[1]]);
        }
        all.push(Series {
            id: "path".into(),
            name: "path of the run".into(),
            unit: "MW".into(),
            index: index(xs),
            values: ys,
        });
    }
    all
}
