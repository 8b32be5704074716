//! Which series make which chart.

use crate::report::plots::{axis, bars, chart, line, marked, path};
use crate::report::{Axis, Chart, Mark, Report, Role, Topic};

use super::run::Run;
use super::summaries;
use crate::market::rt_sced::model::stability::range;
use crate::market::rt_sced::params::Method;

/// What the clock counts.
const STEP: &str = "interval";

/// More lines than this and only those that move are shown at first.
const FEW: usize = 7;

pub fn charts(run: &Run, report: &Report) -> Vec<Chart> {
    let mut charts = vec![
        dispatch(run),
        flow(run),
        cost(run),
        lmp(run),
        lmp_by_bus(run),
    ];
    charts.extend(cobweb(run));
    charts.retain(|chart| {
        chart.marks.iter().any(|mark| match mark {
            Mark::Line { series, .. } => {
                report.series(series).is_some_and(|s| !s.values.is_empty())
            }
            Mark::Bars { series, .. } => !series.is_empty(),
            _ => false,
        })
    });
    charts
}

/// A chart by interval; intervals over a limit are flagged.
fn by_interval(run: &Run, id: &str, title: &str, y: Axis, marks: Vec<Mark>, says: &str) -> Chart {
    let over = &run.outcome.totals.overloaded;
    let flag = (!over.is_empty()).then(|| Mark::Flag {
        at: over.iter().map(|t| t + 1).collect(),
        label: "over a limit".into(),
    });
    let marks = flag.into_iter().chain(marks).collect();
    chart(STEP, id, title, y, marks, says)
}

fn dispatch(run: &Run) -> Chart {
    let system = run.system;
    let few = system.generators.len() + system.ders.len() <= FEW;
    let few_generators = system.generators.len() <= FEW;
    let group = run.stability.map(|s| s.watch.group);
    let moves = |g: usize| {
        let (low, high) = range(run.intervals.iter().map(|i| i.actual.generators[g]));
        high - low > 1e-6
    };
    let generators = system.generators.iter().enumerate().map(|(g, unit)| {
        let shown = few || few_generators && moves(g);
        marked(format!("p:{}", unit.id), Role::Generator, false, shown)
    });
    let ders = system.ders.iter().zip(&system.group_of).map(|(unit, of)| {
        let shown = few || group.is_some() && *of == group;
        marked(format!("p:{}", unit.id), Role::Der, false, shown)
    });
    let groups = system.groups.iter();
    let groups = groups.map(|g| marked(format!("pa:{}", g.id), Role::Aggregator, true, false));
    let marks = generators.chain(ders).chain(groups).collect();
    let y = axis("output", "MW", true);
    let says = summaries::dispatch(run);
    by_interval(run, "dispatch", "Dispatch", y, marks, &says)
}

fn flow(run: &Run) -> Chart {
    let (system, limits) = (run.system, &run.system.limits);
    let telling = &run.outcome.telling;
    let mut marks = Vec::new();
    for (n, &k) in telling.iter().enumerate() {
        let limit = &limits[k];
        let (low, high) = range(run.intervals.iter().map(|i| system.flow_on(k, &i.flows_mw)));
        let most = limit.max_p_mw;
        let mut rule = |drawn: bool, value: f64, way: &str| {
            let label = format!("limit of {}{way}", limit.id);
            marks.extend((drawn && n < 3).then_some(Mark::Rule { value, label }));
        };
        rule(high > 0.5 * most || low.abs() < high.abs(), most, "");
        rule(limit.has(false) && low < -0.5 * most, -most, ", reverse");
        marks.push(marked(
            format!("flow:{}", limit.id),
            Role::Line,
            false,
            n < 3,
        ));
    }
    let lines = &limits[system.line_limits()];
    let others = lines.iter().enumerate();
    let others = others.filter(|(k, _)| lines.len() <= 60 && !telling.contains(k));
    marks.extend(others.map(|(_, l)| marked(format!("flow:{}", l.id), Role::Line, false, false)));
    let y = axis("flow", "MW", false);
    let title = "Line flow against its limit";
    by_interval(run, "flow", title, y, marks, &summaries::flow(run))
}

fn cost(run: &Run) -> Chart {
    let mut marks = vec![marked("cost".into(), Role::Price, false, true)];
    if run.params.method != Method::Optimal {
        marks.push(line("cost_optimum".into(), Role::Optimum, true, true));
    }
    let y = axis("cost", "$/h", false);
    let title = "Cost against the optimum";
    by_interval(run, "cost", title, y, marks, &summaries::cost(run))
}

fn lmp(run: &Run) -> Chart {
    let system = run.system;
    let watch = run.stability.map(|s| s.watch);
    let few_groups = system.groups.len() <= 3;
    let groups = system.groups.iter().enumerate().map(|(a, group)| {
        let shown = few_groups || watch.is_some_and(|w| w.group == a);
        marked(format!("lmpa:{}", group.id), Role::Aggregator, false, shown)
    });
    let few = system.bus_ids.len() <= FEW;
    let buses = system.bus_ids.iter().enumerate().map(|(b, id)| {
        let shown = few || watch.is_some_and(|w| system.ders[w.der].bus == b);
        marked(format!("lmp:{id}"), Role::Price, false, shown)
    });
    let marks = groups.chain(buses).collect();
    let y = axis("price", "$/MWh", false);
    by_interval(
        run,
        "lmp",
        "LMP by interval",
        y,
        marks,
        &summaries::lmp(run),
    )
}

fn lmp_by_bus(run: &Run) -> Chart {
    let ids = &run.system.bus_ids;
    let series = match run.intervals.is_empty() {
        true => Vec::new(),
        false => ids.iter().map(|id| format!("lmp:{id}")).collect(),
    };
    let shown = (ids.clone(), series);
    let y = axis("LMP", "$/MWh", true);
    let says = summaries::lmp_by_bus(run);
    Chart {
        x: axis("bus", "", false),
        ..bars("lmp_by_bus", "LMP by bus", y, Role::Price, shown, &says)
    }
}

fn cobweb(run: &Run) -> Option<Chart> {
    let stability = run.stability.filter(|s| !s.map.is_empty())?;
    let group = &run.system.groups[stability.watch.group].id;
    let mut marks = vec![
        Mark::Diagonal {
            label: "unchanged".into(),
        },
        path("map", Role::Aggregator, false, false),
        Mark::Walk {
            series: "path".into(),
            role: Role::Reference,
        },
    ];
    marks.extend(stability.fixed_point_mw.map(|x| Mark::Point {
        x,
        y: x,
        label: "fixed point".into(),
    }));
    let title = format!("From one interval to the next: aggregator {group}");
    let y = axis(&format!("P_{group} in the next"), "MW", true);
    let says = summaries::cobweb(run);
    Some(Chart {
        topic: Topic::Stability,
        x: axis(&format!("P_{group} in one interval"), "MW", true),
        square: true,
        ..chart(STEP, "cobweb", title, y, marks, &says)
    })
}
