//! Tables of a run.

use crate::report::SubjectKind::{Branch, Bus, Party};
use crate::report::{Cell, Filled, Subject, Table, at, column, filled, number, table, text};

use super::losses;
use super::run::Run;
use crate::market::rt_sced::model::dc_line::DcLine;
use crate::market::rt_sced::model::system::Resource;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut tables = vec![by_interval(run)];
    if !run.intervals.is_empty() {
        tables.extend([resources(run), buses(run), branches(run)]);
        tables.extend(dc_lines(run));
    }
    tables
}

/// The rolling process, one row per interval, in the columns of the paper's Table II and the
/// consequences: flow, overload, cost.
fn by_interval(run: &Run) -> Table {
    let system = run.system;
    let mut columns = vec![column("interval", "")];
    let mut rows: Vec<Vec<Cell>> = (1..=run.intervals.len())
        .map(|t| vec![number(t as f64)])
        .collect();
    let mut add = |name: &str, of: Option<Subject>, unit: &str, value: &dyn Fn(usize) -> f64| {
        columns.push(column(name, unit).of(of));
        let cells = rows.iter_mut().enumerate();
        cells.for_each(|(t, row)| row.push(number(value(t))));
    };
    let of = |t: usize| &run.intervals[t];
    for (g, unit) in system.generators.iter().enumerate() {
        add(&unit.id, Party.of(&unit.id), "MW", &|t| {
            of(t).actual.generators[g]
        });
    }
    for (d, unit) in system.ders.iter().enumerate() {
        add(&unit.id, Party.of(&unit.id), "MW", &|t| {
            of(t).actual.ders[d]
        });
    }
    let factors = run.has_factors();
    for (a, group) in system.groups.iter().enumerate() {
        for (m, &d) in group.members.iter().enumerate().filter(|_| factors) {
            let der = &system.ders[d].id;
            add(&format!("DF of {der}"), Party.of(der), "1", &|t| {
                of(t).factors[a][m]
            });
        }
        if run.by_block() {
            for (k, ptdf) in &run.outcome.priced {
                let line = &system.limits[*k].id;
                for unit in group.members.iter().map(|&d| &system.ders[d]) {
                    let name = format!("shift factor of {} on {line}", unit.id);
                    add(&name, Party.of(&unit.id), "1", &|_| ptdf[unit.bus]);
                }
            }
        }
        let name = format!("LMP of {}", group.id);
        let price = |t: usize| of(t).dispatch.prices.groups[a].0;
        add(&name, Party.of(&group.id), "$/MWh", &price);
    }
    for &k in &run.outcome.telling {
        let limit = &system.limits[k];
        let name = format!("flow {}", limit.id);
        let flow = |t: usize| system.flow_on(k, &of(t).flows_mw);
        add(&name, Branch.of(system.branch_of(k)), "MW", &flow);
    }
    for (n, line) in system.dc_lines.iter().enumerate() {
        let name = format!("flow {}", line.id);
        let flow = |t: usize| of(t).actual.dc_lines[n];
        add(&name, Branch.of(&line.id), "MW", &flow);
    }
    if losses::are_in(run) {
        add("losses", None, "MW", &|t| losses::lost_in(run, of(t)));
    }
    add("worst overload", None, "MW", &|t| of(t).worst_overload_mw());
    add("cost", None, "$/h", &|t| of(t).cost_usd_per_h);
    let best = |t: usize| run.outcome.best(t).map_or(f64::NAN, |i| i.cost_usd_per_h);
    add("optimum", None, "$/h", &best);
    let by_block = match run.by_block() {
        false => "",
        true => {
            " There are no distribution factors: each block of an aggregator's offer counts at the shift factor of the DER behind it."
        }
    };
    let note = format!(
        "Flows are positive from the first bus of a line to the second. A cost below the optimum belongs to an interval over a limit.{by_block}"
    );
    Table {
        by_clock: true,
        ..table("intervals", "Dispatch by interval", columns, rows, &note)
    }
}

/// A unit; of a DER, its aggregator where it has one.
type Unit<'a> = (&'a Resource, Option<&'a Option<usize>>);

fn resources(run: &Run) -> Table {
    let system = run.system;
    let units = system.generators.iter().map(|unit| (unit, None));
    let units = units.chain(system.ders.iter().zip(system.group_of.iter().map(Some)));
    let kind = |group: Option<&Option<usize>>| -> String {
        match group {
            None => "generator".into(),
            Some(None) => "DER".into(),
            Some(Some(a)) => format!("DER of {}", system.groups[*a].id),
        }
    };
    let bus = |unit: &Resource| system.bus_ids[unit.bus].as_str();
    let columns: [Filled<Unit>; 7] = [
        ("resource", "", &|(unit, _)| text(&unit.id)),
        ("kind", "", &|(_, group)| text(kind(group))),
        ("bus", "", &|(unit, _)| text(bus(unit))),
        ("output", "MW", &|(unit, _)| at(format!("p:{}", unit.id))),
        ("minimum", "MW", &|(unit, _)| number(unit.min_p_mw)),
        ("maximum", "MW", &|(unit, _)| number(unit.max_p_mw)),
        ("LMP at its bus", "$/MWh", &|(unit, _)| {
            at(format!("lmp:{}", bus(unit)))
        }),
    ];
    let parties = system.generators.iter().chain(&system.ders);
    filled("resources", "Generators and DERs", units, &columns, "")
        .of(parties.map(|unit| Party.of(&unit.id)))
}

/// LMPs and their parts: energy and one congestion column per line with a price.
fn buses(run: &Run) -> Table {
    let priced = run.outcome.priced.iter();
    let priced: Vec<&str> = priced
        .map(|(k, _)| run.system.limits[*k].id.as_str())
        .collect();
    let price = |name: &str| column(name, "$/MWh");
    let mut columns = vec![column("bus", ""), price("LMP"), price("energy")];
    let lossy = losses::are_in(run);
    columns.extend(lossy.then(|| price("losses")));
    columns.extend(
        priced
            .iter()
            .map(|line| price(&format!("congestion of {line}"))),
    );
    let ties = run.outcome.has_ties();
    if ties {
        columns.extend([price("least LMP"), price("greatest LMP")]);
    }
    let rows = run.system.bus_ids.iter().map(|id| {
        let mut row = vec![text(id), at(format!("lmp:{id}")), at("energy".into())];
        row.extend(lossy.then(|| at(format!("lmp_losses:{id}"))));
        row.extend(priced.iter().map(|line| at(format!("cong:{line}:{id}"))));
        if ties {
            row.extend([at(format!("lmp_low:{id}")), at(format!("lmp_high:{id}"))]);
        }
        row
    });
    let reference = match run.params.reference.as_str() {
        "" => "the load, distributed as it is".to_string(),
        bus => format!("bus {bus}"),
    };
    let of_ties = match ties {
        true => {
            " Where the optimal prices are not unique, the LMP shown prices one more MWh of load spread as the load is, beside the least and greatest."
        }
        false => "",
    };
    let of_losses = if lossy { " + losses" } else { "" };
    let note = format!("LMP = energy{of_losses} + congestion; reference: {reference}.{of_ties}");
    table("lmp", "LMP and its parts", columns, rows.collect(), &note).of(run
        .system
        .bus_ids
        .iter()
        .map(|id| Bus.of(id)))
}

fn branches(run: &Run) -> Table {
    let system = run.system;
    let mut limit_of = vec![None; system.branch_ids.len()];
    for k in system.line_limits() {
        limit_of[system.limits[k].branch] = Some(&system.limits[k]);
    }
    let limit = |l: usize| limit_of[l];
    let of = |kind: &str, l: usize| at(format!("{kind}:{}", system.branch_ids[l]));
    let of_limit = |kind: &str, l: usize| limit(l).map_or(Cell::Empty, |_| of(kind, l));
    let columns: [Filled; 6] = [
        ("line", "", &|l| text(&system.branch_ids[l])),
        ("flow", "MW", &|l| of("flow", l)),
        ("limit", "MW", &|l| {
            limit(l).map_or(Cell::Empty, |limit| number(limit.max_p_mw))
        }),
        ("loading", "1", &|l| of_limit("loading", l)),
        ("over the limit", "MW", &|l| of_limit("over", l)),
        ("shadow price", "$/MWh", &|l| of_limit("mu", l)),
    ];
    filled(
        "branches",
        "Lines",
        0..system.branch_ids.len(),
        &columns,
        "Shadow price: change of cost per MW of limit on the flow from the first bus to the second; negative at the upper limit.",
    )
    .of(system.branch_ids.iter().map(|id| Branch.of(id)))
}

fn dc_lines(run: &Run) -> Option<Table> {
    let system = run.system;
    let bus = |i: usize| text(&system.bus_ids[i]);
    let price = |i: usize| at(format!("lmp:{}", system.bus_ids[i]));
    let columns: [Filled<&DcLine>; 8] = [
        ("DC line", "", &|line| text(&line.id)),
        ("from", "", &|line| bus(line.from)),
        ("to", "", &|line| bus(line.to)),
        ("flow", "MW", &|line| at(format!("flow:{}", line.id))),
        ("least", "MW", &|line| number(line.min_p_mw)),
        ("greatest", "MW", &|line| number(line.max_p_mw)),
        ("LMP where it begins", "$/MWh", &|line| price(line.from)),
        ("LMP where it ends", "$/MWh", &|line| price(line.to)),
    ];
    let note = "The flow is what leaves the first bus; it is dispatched at no cost, up to a limit or until the two prices are even but for its loss. Where another flow would cost the same, one of them is shown.";
    (!system.dc_lines.is_empty()).then(|| {
        let lines = system.dc_lines.iter();
        filled("dc_lines", "DC lines", lines, &columns, note)
            .of(system.dc_lines.iter().map(|line| Branch.of(&line.id)))
    })
}
