//! Every quantity of a run over its intervals.

use crate::report::SubjectKind::{Branch, Bus, Party};
use crate::report::plots::{about, over};
use crate::report::{Series, Subject};

use super::losses;
use super::run::Run;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::stability::Stability;
use crate::market::rt_sced::params::Method;

/// A series of values by interval, `kind:item`; its name is `name` with the item in place of `{}`.
fn of(kind: &str, item: Option<Subject>, name: &str, unit: &str, values: Vec<f64>) -> Series {
    let name = name.replace("{}", item.as_ref().map_or("", |item| &item.id));
    about(kind, item, name, unit, values)
}

pub fn series(run: &Run) -> Vec<Series> {
    let mut all = Vec::new();
    outputs(run, &mut all);
    lines(run, &mut all);
    prices(run, &mut all);
    totals(run, &mut all);
    let best = |t: usize| run.outcome.best(t).map_or(f64::NAN, |i| i.cost_usd_per_h);
    let best = (0..run.intervals.len()).map(best).collect();
    all.push(of("cost_optimum", None, "global optimum", "$/h", best));
    if let Some(stability) = run.stability.filter(|s| !s.map.is_empty()) {
        all.extend(map(run, stability));
    }
    all
}

/// What a quantity is in an interval.
type Value<'v> = &'v dyn Fn(&Interval) -> f64;

/// Adds series by interval.
fn adder<'a>(
    run: &Run<'a>,
    all: &'a mut Vec<Series>,
) -> impl FnMut(&str, Option<Subject>, &str, &str, Value) + 'a {
    let intervals = run.intervals;
    |kind, item, name, unit, value| {
        let values = intervals.iter().map(value).collect();
        all.push(of(kind, item, name, unit, values));
    }
}

/// Resources, loads and aggregators.
fn outputs(run: &Run, all: &mut Vec<Series>) {
    let system = run.system;
    let mut add = adder(run, all);
    for (g, unit) in system.generators.iter().enumerate() {
        add("p", Party.of(&unit.id), "{}", "MW", &|i| {
            i.actual.generators[g]
        });
    }
    for (d, unit) in system.ders.iter().enumerate() {
        add("p", Party.of(&unit.id), "{}", "MW", &|i| i.actual.ders[d]);
    }
    for (l, id) in system.load_ids.iter().enumerate() {
        add("load", Party.of(id), "{}", "MW", &|i| i.actual.loads[l]);
    }
    for (a, group) in system.groups.iter().enumerate() {
        let id = || Party.of(&group.id);
        let price = |i: &Interval| i.dispatch.prices.groups[a];
        add("pa", id(), "{}", "MW", &|i| {
            system.group_output_mw(a, &i.actual.ders)
        });
        add("lmpa", id(), "aggregator {}", "$/MWh", &|i| price(i).0);
        if run.outcome.has_ties() {
            add("lmpa_low", id(), "{}, least", "$/MWh", &|i| price(i).1);
            add("lmpa_high", id(), "{}, greatest", "$/MWh", &|i| price(i).2);
        }
        let members = group.members.iter().enumerate();
        for (m, &d) in members.filter(|_| run.params.method != Method::Optimal && !run.by_block()) {
            let der = Party.of(&system.ders[d].id);
            add("df", der, "DF of {}", "1", &|i| i.factors[a][m]);
        }
    }
}

fn lines(run: &Run, all: &mut Vec<Series>) {
    let mut add = adder(run, all);
    for (l, id) in run.system.branch_ids.iter().enumerate() {
        add("flow", Branch.of(id), "{}", "MW", &|i| i.flows_mw[l]);
    }
    for (l, rho) in run.system.rho_per_mw.iter().flatten().enumerate() {
        let id = || Branch.of(&run.system.branch_ids[l]);
        if *rho > 0.0 {
            let flow = |i: &Interval| i.flows_mw[l];
            add("lost", id(), "lost on {}", "MW", &|i| {
                rho * flow(i) * flow(i)
            });
            let next = |i: &Interval| 2.0 * rho * flow(i).abs();
            add("lost_next", id(), "lost of the next MW on {}", "1", &next);
        }
    }
    for k in run.system.line_limits() {
        let limit = &run.system.limits[k];
        let id = || Branch.of(&limit.id);
        add("loading", id(), "{}", "1", &|i| {
            i.flows_mw[limit.branch].abs() / limit.max_p_mw
        });
        add("over", id(), "{}", "MW", &|i| i.overloads_mw[k]);
        add("mu", id(), "{}", "$/MWh", &|i| i.line_price(k));
    }
    for (n, line) in run.system.dc_lines.iter().enumerate() {
        let flow = |i: &Interval| i.actual.dc_lines[n];
        add("flow", Branch.of(&line.id), "{}", "MW", &flow);
        add("loading", Branch.of(&line.id), "{}", "1", &|i| {
            let p = flow(i);
            p.abs()
                / if p < 0.0 {
                    -line.min_p_mw
                } else {
                    line.max_p_mw
                }
        });
    }
    let after = run.outcome.telling.iter().copied();
    for k in after.filter(|k| !run.system.line_limits().contains(k)) {
        let name = run.system.limits[k].id.as_str();
        let flow = |i: &Interval| run.system.flow_on(k, &i.flows_mw);
        add(&format!("flow:{name}"), None, name, "MW", &flow);
        let price = |i: &Interval| i.line_price(k);
        add(&format!("mu:{name}"), None, name, "$/MWh", &price);
    }
}

fn prices(run: &Run, all: &mut Vec<Series>) {
    let mut add = adder(run, all);
    let buses = || run.system.bus_ids.iter().enumerate();
    for (b, id) in buses() {
        let lmp = |i: &Interval| i.dispatch.prices.lmp[b];
        let range = |i: &Interval| match &i.dispatch.prices.lmp_range {
            Some(ranges) => ranges[b],
            None => (lmp(i), lmp(i)),
        };
        add("lmp", Bus.of(id), "bus {}", "$/MWh", &lmp);
        if run.outcome.has_ties() {
            add("lmp_low", Bus.of(id), "bus {}, least", "$/MWh", &|i| {
                range(i).0
            });
            add("lmp_high", Bus.of(id), "bus {}, greatest", "$/MWh", &|i| {
                range(i).1
            });
        }
    }
    if losses::are_in(run) {
        for (b, id) in buses() {
            let part = |i: &Interval| i.dispatch.prices.losses.as_ref().map_or(0.0, |all| all[b]);
            add(
                "lmp_losses",
                Bus.of(id),
                "losses part at bus {}",
                "$/MWh",
                &part,
            );
        }
    }
    for (k, ptdf) in &run.outcome.priced {
        let line = &run.system.limits[*k].id;
        let (kind, name) = (
            format!("cong:{line}"),
            format!("congestion of {line} at bus {{}}"),
        );
        for (b, id) in buses() {
            add(&kind, Bus.of(id), &name, "$/MWh", &|i| {
                let lossy = i.dispatch.losses.as_ref();
                let factor = lossy.map_or(ptdf[b], |l| l.ptdf(run.system, *k)[b]);
                i.line_price(*k) * factor
            });
        }
    }
}

fn totals(run: &Run, all: &mut Vec<Series>) {
    let mut add = adder(run, all);
    add("energy", None, "energy component", "$/MWh", &|i| {
        i.dispatch.prices.energy
    });
    if losses::are_in(run) {
        add("losses", None, "losses", "MW", &|i| losses::lost_in(run, i));
    }
    let worst = Interval::worst_overload_mw;
    add("overload", None, "worst overload", "MW", &worst);
    add("cost", None, "cost of operation", "$/h", &|i| {
        i.cost_usd_per_h
    });
}

/// The map from one interval to the next, and the run as a path between map and diagonal.
fn map(run: &Run, stability: &Stability) -> [Series; 2] {
    let group = stability.watch.group;
    let id = &run.system.groups[group].id;
    let at = (&*format!("P_{id}, interval t"), "MW");
    let outputs = run.intervals.iter();
    let outputs: Vec<f64> = outputs
        .map(|i| run.system.group_output_mw(group, &i.actual.ders))
        .collect();
    let strokes = outputs.windows(2);
    let path = strokes.flat_map(|pair| [(pair[0], pair[0]), (pair[0], pair[1])]);
    let path: Vec<(f64, f64)> = path.collect();
    let name = format!("P_{id}, interval t+1");
    [
        over("map", name, "MW", at, &stability.map),
        over("path", "path of the run", "MW", at, &path),
    ]
}
