//! Tables of a run.

use crate::report::{Cell, Table, at, column, text};

use super::summary::priced_limits;
use super::{Method, Run};

pub fn tables(run: &Run) -> Vec<Table> {
    let mut tables = vec![by_interval(run)];
    if !run.roll.intervals.is_empty() {
        tables.extend([resources(run), buses(run), branches(run)]);
    }
    tables
}

/// The rolling process, one row per interval, in the columns of the paper's Table II and the
/// consequences: flow, overload, cost.
fn by_interval(run: &Run) -> Table {
    let system = run.system;
    let factors = run.params.method == Method::DistributionFactors;
    let mut columns = vec![column("interval", "")];
    let units = system.generators.iter().chain(&system.ders);
    columns.extend(units.map(|u| column(u.id.clone(), "MW")));
    for group in &system.groups {
        if factors {
            columns.extend(
                group
                    .members
                    .iter()
                    .map(|&d| column(format!("DF of {}", system.ders[d].id), "1")),
            );
        }
        columns.push(column(format!("LMP of {}", group.id), "$/MWh"));
    }
    let limits = run.telling_limits();
    columns.extend(
        limits
            .iter()
            .map(|&k| column(format!("flow {}", system.limits[k].id), "MW")),
    );
    columns.extend([
        column("worst overload", "MW"),
        column("cost", "$/h"),
        column("optimum", "$/h"),
    ]);
    let rows = run.roll.intervals.iter().enumerate().map(|(t, i)| {
        let mut row = vec![Cell::Number((t + 1) as f64)];
        row.extend(
            i.actual
                .generators
                .iter()
                .chain(&i.actual.ders)
                .map(|&p| Cell::Number(p)),
        );
        for a in 0..system.groups.len() {
            if factors {
                row.extend(i.factors[a].iter().map(|&f| Cell::Number(f)));
            }
            row.push(Cell::Number(i.dispatch.prices.groups[a].0));
        }
        row.extend(
            limits
                .iter()
                .map(|&k| Cell::Number(i.flows_mw[system.limits[k].branch])),
        );
        row.push(Cell::Number(i.worst_overload_mw()));
        row.push(Cell::Number(i.cost_usd_per_h));
        row.push(
            run.best(t)
                .map_or(Cell::Empty, |b| Cell::Number(b.cost_usd_per_h)),
        );
        row
    });
    Table {
        id: "intervals".into(),
        title: "Dispatch by interval".into(),
        columns,
        rows: rows.collect(),
        note: "Flows are positive from the first bus of a line to the second. A cost below the optimum belongs to an interval over a limit.".into(),
        by_clock: true,
    }
}

fn resources(run: &Run) -> Table {
    let system = run.system;
    let mut rows = Vec::new();
    for unit in &system.generators {
        rows.push(vec![
            text(&unit.id),
            text("generator"),
            text(&system.bus_ids[unit.bus]),
            at(format!("p:{}", unit.id)),
            Cell::Number(unit.min_p_mw),
            Cell::Number(unit.max_p_mw),
            at(format!("lmp:{}", system.bus_ids[unit.bus])),
        ]);
    }
    for (d, unit) in system.ders.iter().enumerate() {
        let kind = match system.group_of[d] {
            Some(a) => format!("DER of {}", system.groups[a].id),
            None => "DER".to_string(),
        };
        rows.push(vec![
            text(&unit.id),
            Cell::Text(kind),
            text(&system.bus_ids[unit.bus]),
            at(format!("p:{}", unit.id)),
            Cell::Number(unit.min_p_mw),
            Cell::Number(unit.max_p_mw),
            at(format!("lmp:{}", system.bus_ids[unit.bus])),
        ]);
    }
    Table {
        id: "resources".into(),
        title: "Generators and DERs".into(),
        columns: vec![
            column("resource", ""),
            column("kind", ""),
            column("bus", ""),
            column("output", "MW"),
            column("minimum", "MW"),
            column("maximum", "MW"),
            column("LMP at its bus", "$/MWh"),
        ],
        rows,
        note: String::new(),
        by_clock: false,
    }
}

/// LMPs and their parts: energy and one congestion column per line with a price.
fn buses(run: &Run) -> Table {
    let system = run.system;
    let ranges = run
        .roll
        .intervals
        .iter()
        .any(|i| i.dispatch.prices.lmp_range.is_some());
    let priced = priced_limits(run);
    let mut columns = vec![
        column("bus", ""),
        column("LMP", "$/MWh"),
        column("energy", "$/MWh"),
    ];
    columns.extend(
        priced
            .iter()
            .map(|&k| column(format!("congestion of {}", system.limits[k].id), "$/MWh")),
    );
    if ranges {
        columns.extend([
            column("least LMP", "$/MWh"),
            column("greatest LMP", "$/MWh"),
        ]);
    }
    let rows = system.bus_ids.iter().map(|id| {
        let mut row = vec![text(id), at(format!("lmp:{id}")), at("energy".into())];
        row.extend(
            priced
                .iter()
                .map(|&k| at(format!("cong:{}:{id}", system.limits[k].id))),
        );
        if ranges {
            row.extend([at(format!("lmp_low:{id}")), at(format!("lmp_high:{id}"))]);
        }
        row
    });
    let reference = match run.params.reference.as_str() {
        "" => "the load, distributed as it is".to_string(),
        bus => format!("bus {bus}"),
    };
    let ties = if ranges {
        " Where the optimal prices are not unique, the LMP shown prices one more MWh of load spread as the load is, beside the least and greatest."
    } else {
        ""
    };
    Table {
        id: "lmp".into(),
        title: "LMP and its parts".into(),
        columns,
        rows: rows.collect(),
        note: format!("LMP = energy + congestion; reference: {reference}.{ties}"),
        by_clock: false,
    }
}

fn branches(run: &Run) -> Table {
    let system = run.system;
    let rows = system.branch_ids.iter().enumerate().map(|(l, id)| {
        match system.limits.iter().find(|limit| limit.branch == l) {
            Some(limit) => vec![
                text(id),
                at(format!("flow:{id}")),
                Cell::Number(limit.max_p_mw),
                at(format!("loading:{id}")),
                at(format!("over:{id}")),
                at(format!("mu:{id}")),
            ],
            None => vec![
                text(id),
                at(format!("flow:{id}")),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
            ],
        }
    });
    Table {
        id: "branches".into(),
        title: "Lines".into(),
        columns: vec![column("line", ""), column("flow", "MW"), column("limit", "MW"), column("loading", "1"), column("over the limit", "MW"), column("shadow price", "$/MWh")],
        rows: rows.collect(),
        note: "Shadow price: change of cost per MW of limit on the flow from the first bus to the second; negative at the upper limit.".into(),
        by_clock: false,
    }
}
