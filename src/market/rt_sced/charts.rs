//! Which series make which chart.

use crate::report::{Axis, Chart, Mark, Report, Role};

use super::narrative;
use super::stability::range;
use super::{Method, Run};

fn axis(label: impl Into<String>, unit: &str, zero: bool) -> Axis {
    Axis {
        label: label.into(),
        unit: unit.into(),
        zero,
    }
}

fn line(series: String, role: Role, shown: bool) -> Mark {
    Mark::Line {
        series,
        role,
        step: true,
        points: true,
        dashed: false,
        shown,
    }
}

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

fn over_limit(run: &Run) -> Vec<Mark> {
    let at: Vec<usize> = run.overloaded().iter().map(|t| t + 1).collect();
    if at.is_empty() {
        return Vec::new();
    }
    vec![Mark::Flag {
        at,
        label: "over a limit".into(),
    }]
}

fn moves(values: impl Iterator<Item = f64>) -> bool {
    let (low, high) = range(values);
    high - low > 1e-6
}

fn dispatch(run: &Run) -> Chart {
    let system = run.system;
    let few = system.generators.len() + system.ders.len() <= FEW;
    let watched_group = run.stability.as_ref().map(|s| s.watch.group);
    let mut marks = over_limit(run);
    for (g, unit) in system.generators.iter().enumerate() {
        let shown = few || moves(run.roll.intervals.iter().map(|i| i.actual.generators[g]));
        marks.push(line(
            format!("p:{}", unit.id),
            Role::Generator,
            shown && (few || run.system.generators.len() <= FEW),
        ));
    }
    for (d, unit) in system.ders.iter().enumerate() {
        let shown = few || system.group_of[d] == watched_group && watched_group.is_some();
        marks.push(line(format!("p:{}", unit.id), Role::Der, shown));
    }
    for group in &system.groups {
        marks.push(Mark::Line {
            series: format!("pa:{}", group.id),
            role: Role::Aggregator,
            step: true,
            points: true,
            dashed: true,
            shown: false,
        });
    }
    Chart {
        id: "dispatch".into(),
        title: "Dispatch".into(),
        x: axis("interval", "", false),
        y: axis("output", "MW", true),
        marks,
        summary: narrative::dispatch(run),
        square: false,
        probe: None,
    }
}

fn flow(run: &Run) -> Chart {
    let system = run.system;
    let telling = run.telling_limits();
    let mut marks = over_limit(run);
    for (n, &k) in telling.iter().enumerate() {
        let limit = &system.limits[k];
        let (low, high) = range(run.roll.intervals.iter().map(|i| i.flows_mw[limit.branch]));
        if n < 3 {
            if high > 0.5 * limit.max_p_mw || low.abs() < high.abs() {
                marks.push(Mark::Rule {
                    value: limit.max_p_mw,
                    label: format!("limit of {}", limit.id),
                });
            }
            if low < -0.5 * limit.max_p_mw {
                marks.push(Mark::Rule {
                    value: -limit.max_p_mw,
                    label: format!("limit of {}, reverse", limit.id),
                });
            }
        }
        marks.push(line(format!("flow:{}", limit.id), Role::Line, n < 3));
    }
    for (k, limit) in system.limits.iter().enumerate() {
        if !telling.contains(&k) && system.limits.len() <= 60 {
            marks.push(line(format!("flow:{}", limit.id), Role::Line, false));
        }
    }
    Chart {
        id: "flow".into(),
        title: "Line flow against its limit".into(),
        x: axis("interval", "", false),
        y: axis("flow", "MW", false),
        marks,
        summary: narrative::flow(run),
        square: false,
        probe: None,
    }
}

fn cost(run: &Run) -> Chart {
    let mut marks = over_limit(run);
    marks.push(line("cost".into(), Role::Price, true));
    if run.params.method != Method::Optimal {
        marks.push(Mark::Line {
            series: "cost_optimum".into(),
            role: Role::Optimum,
            step: true,
            points: false,
            dashed: true,
            shown: true,
        });
    }
    Chart {
        id: "cost".into(),
        title: "Cost against the optimum".into(),
        x: axis("interval", "", false),
        y: axis("cost", "$/h", false),
        marks,
        summary: narrative::cost(run),
        square: false,
        probe: None,
    }
}

fn lmp(run: &Run) -> Chart {
    let system = run.system;
    let mut marks = over_limit(run);
    for (a, group) in system.groups.iter().enumerate() {
        let shown =
            system.groups.len() <= 3 || run.stability.as_ref().is_some_and(|s| s.watch.group == a);
        marks.push(line(format!("lmpa:{}", group.id), Role::Aggregator, shown));
    }
    let few = system.bus_ids.len() <= FEW;
    for (b, id) in system.bus_ids.iter().enumerate() {
        let watched = run
            .stability
            .as_ref()
            .is_some_and(|s| system.ders[s.watch.der].bus == b);
        marks.push(line(format!("lmp:{id}"), Role::Price, few || watched));
    }
    Chart {
        id: "lmp".into(),
        title: "LMP by interval".into(),
        x: axis("interval", "", false),
        y: axis("price", "$/MWh", false),
        marks,
        summary: narrative::lmp(run),
        square: false,
        probe: None,
    }
}

fn lmp_by_bus(run: &Run) -> Chart {
    let ids = &run.system.bus_ids;
    Chart {
        id: "lmp_by_bus".into(),
        title: "LMP by bus".into(),
        x: axis("bus", "", false),
        y: axis("LMP", "$/MWh", true),
        marks: vec![Mark::Bars {
            labels: ids.clone(),
            series: if run.roll.intervals.is_empty() {
                Vec::new()
            } else {
                ids.iter().map(|id| format!("lmp:{id}")).collect()
            },
            role: Role::Price,
        }],
        summary: narrative::lmp_by_bus(run),
        square: false,
        probe: None,
    }
}

fn cobweb(run: &Run) -> Option<Chart> {
    let stability = run.stability.as_ref().filter(|s| !s.map.is_empty())?;
    let group = &run.system.groups[stability.watch.group].id;
    let plain = |series: &str, role: Role, dashed: bool| Mark::Line {
        series: series.into(),
        role,
        step: false,
        points: false,
        dashed,
        shown: true,
    };
    let mut marks = vec![
        Mark::Diagonal {
            label: "unchanged".into(),
        },
        plain("map", Role::Aggregator, false),
        Mark::Walk {
            series: "path".into(),
            role: Role::Reference,
        },
    ];
    if let Some(x) = stability.fixed_point_mw {
        marks.push(Mark::Point {
            x,
            y: x,
            label: "fixed point".into(),
        });
    }
    Some(Chart {
        id: "cobweb".into(),
        title: format!("From one interval to the next: aggregator {group}"),
        x: axis(format!("P_{group} in one interval"), "MW", true),
        y: axis(format!("P_{group} in the next"), "MW", true),
        marks,
        summary: narrative::cobweb(run),
        square: true,
        probe: None,
    })
}
