//! Every quantity of a run over its intervals.

use crate::report::SubjectKind::{Branch, Bus, Party};
use crate::report::plots::{about, over};
use crate::report::{AllSeries, Series, SeriesColumn, SeriesTable, Subject, SubjectKind};

use super::losses;
use super::run::Run;
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::stability::Stability;
use crate::market::rt_sced::model::system::Resource;
use crate::market::rt_sced::params::Method;

/// A series of values by interval, `kind:item`; its name is `name` with the item in place of `{}`.
fn of(kind: &str, item: Option<Subject>, name: &str, unit: &str, values: Vec<f64>) -> Series {
    let name = name.replace("{}", item.as_ref().map_or("", |item| &item.id));
    about(kind, item, name, unit, values)
}

pub fn series(run: &Run) -> AllSeries {
    let mut all = AllSeries::default();
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
    all: &'a mut AllSeries,
) -> impl FnMut(&str, Option<Subject>, &str, &str, Value) + 'a {
    let intervals = run.intervals;
    |kind, item, name, unit, value| {
        let values = intervals.iter().map(value).collect();
        all.push(of(kind, item, name, unit, values));
    }
}

/// A quantity of each of many things: kind, name with the thing in place of `{}`, unit, and what it is of thing `k` in an
/// interval.
type Each<'v> = (
    &'v str,
    &'v str,
    &'v str,
    &'v dyn Fn(usize, &Interval) -> f64,
);

/// Series of many things by interval.
fn of_each<'i>(
    run: &Run,
    kind: SubjectKind,
    ids: impl Iterator<Item = &'i String>,
    each: &[Each],
) -> SeriesTable {
    let columns = each.iter().map(|(kind, name, unit, _)| SeriesColumn {
        kind: (*kind).into(),
        name: (*name).into(),
        unit: (*unit).into(),
    });
    let (columns, ids) = (columns.collect(), ids.cloned().collect());
    let value = |item: usize, column: usize, t: usize| each[column].3(item, &run.intervals[t]);
    SeriesTable::new(kind, columns, ids, run.intervals.len(), value)
}

/// Resources, loads and aggregators.
fn outputs(run: &Run, all: &mut AllSeries) {
    let system = run.system;
    let of_units = |units: &[Resource], p: &dyn Fn(usize, &Interval) -> f64| {
        let ids = units.iter().map(|unit| &unit.id);
        of_each(run, Party, ids, &[("p", "{}", "MW", p)])
    };
    all.push_table(of_units(&system.generators, &|g, i| i.actual.generators[g]));
    all.push_table(of_units(&system.ders, &|d, i| i.actual.ders[d]));
    let load = |l: usize, i: &Interval| i.actual.loads[l];
    let ids = system.load_ids.iter();
    all.push_table(of_each(run, Party, ids, &[("load", "{}", "MW", &load)]));
    let mut add = adder(run, all);
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

fn lines(run: &Run, all: &mut AllSeries) {
    let system = run.system;
    let flow = |l: usize, i: &Interval| i.flows_mw[l];
    let ids = system.branch_ids.iter();
    all.push_table(of_each(run, Branch, ids, &[("flow", "{}", "MW", &flow)]));
    let limits = &system.limits[system.line_limits()];
    let loading = |k: usize, i: &Interval| i.flows_mw[limits[k].branch].abs() / limits[k].max_p_mw;
    let of_limits = of_each(
        run,
        Branch,
        limits.iter().map(|limit| &limit.id),
        &[
            ("loading", "{}", "1", &loading),
            ("over", "{}", "MW", &|k, i| i.overloads_mw[k]),
            ("mu", "{}", "$/MWh", &|k, i| i.line_price(k)),
        ],
    );
    all.push_table(of_limits);
    let sent = |n: usize, i: &Interval| i.actual.dc_lines[n];
    let share = |n: usize, i: &Interval| {
        let (p, line) = (sent(n, i), &system.dc_lines[n]);
        p.abs()
            / if p < 0.0 {
                -line.min_p_mw
            } else {
                line.max_p_mw
            }
    };
    let of_dc_lines = of_each(
        run,
        Branch,
        system.dc_lines.iter().map(|line| &line.id),
        &[("flow", "{}", "MW", &sent), ("loading", "{}", "1", &share)],
    );
    all.push_table(of_dc_lines);
    let mut add = adder(run, all);
    for (l, rho) in system.rho_per_mw.iter().flatten().enumerate() {
        let id = || Branch.of(&system.branch_ids[l]);
        if *rho > 0.0 {
            let flow = |i: &Interval| i.flows_mw[l];
            add("lost", id(), "lost on {}", "MW", &|i| {
                rho * flow(i) * flow(i)
            });
            let next = |i: &Interval| 2.0 * rho * flow(i).abs();
            add("lost_next", id(), "lost of the next MW on {}", "1", &next);
        }
    }
    let after = run.outcome.telling.iter().copied();
    for k in after.filter(|k| !system.line_limits().contains(k)) {
        let name = system.limits[k].id.as_str();
        let flow = |i: &Interval| system.flow_on(k, &i.flows_mw);
        add(&format!("flow:{name}"), None, name, "MW", &flow);
        let price = |i: &Interval| i.line_price(k);
        add(&format!("mu:{name}"), None, name, "$/MWh", &price);
    }
}

fn prices(run: &Run, all: &mut AllSeries) {
    let of_buses = |each: &[Each]| of_each(run, Bus, run.system.bus_ids.iter(), each);
    let lmp = |b: usize, i: &Interval| i.dispatch.prices.lmp[b];
    let range = |b: usize, i: &Interval| match &i.dispatch.prices.lmp_range {
        Some(ranges) => ranges[b],
        None => (lmp(b, i), lmp(b, i)),
    };
    let (low, high) = (
        |b: usize, i: &Interval| range(b, i).0,
        |b: usize, i: &Interval| range(b, i).1,
    );
    let own: Each = ("lmp", "bus {}", "$/MWh", &lmp);
    all.push_table(match run.outcome.has_ties() {
        false => of_buses(&[own]),
        true => of_buses(&[
            own,
            ("lmp_low", "bus {}, least", "$/MWh", &low),
            ("lmp_high", "bus {}, greatest", "$/MWh", &high),
        ]),
    });
    if losses::are_in(run) {
        let part = |b: usize, i: &Interval| {
            let parts = i.dispatch.prices.losses.as_ref();
            parts.map_or(0.0, |parts| parts[b])
        };
        let named = ("lmp_losses", "losses part at bus {}", "$/MWh");
        all.push_table(of_buses(&[(named.0, named.1, named.2, &part)]));
    }
    for (k, ptdf) in &run.outcome.priced {
        let line = &run.system.limits[*k].id;
        let kind = format!("cong:{line}");
        let name = format!("congestion of {line} at bus {{}}");
        let part = |b: usize, i: &Interval| {
            let lossy = i.dispatch.losses.as_ref();
            let factor = lossy.map_or(ptdf[b], |l| l.ptdf(run.system, *k)[b]);
            i.line_price(*k) * factor
        };
        all.push_table(of_buses(&[(&kind, &name, "$/MWh", &part)]));
    }
}

fn totals(run: &Run, all: &mut AllSeries) {
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
