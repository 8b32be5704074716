//! Charts of a run.

use crate::report::plots::{axis, bars, chart, line, path};
use crate::report::{Chart, Edge, Mark, Role, SurfaceCell, Topic};

use super::super::model::profit_surface::ProfitSurface;
use super::super::model::schemes::Scheme;
use super::super::params::Behaviour;
use super::both_levels;
use super::on_cone;
use super::probe;
use super::run::{MANY, Run, STEP};
use super::storage;

pub fn charts(run: &Run) -> Vec<Chart> {
    let mut list = vec![volumes(run), prices(run), profit(run)];
    list.extend(both_levels::profit_chart(run));
    list.extend(on_cone::profit_chart(run));
    list.extend(storage::chart_of(run));
    let surface = run.outcome.surfaces[run.hour].as_ref();
    list.extend(surface.map(|surface| profit_surface(run, surface)));
    list.extend(["up", "down"].map(|way| forwarded(run, way)));
    list.extend([schemes(run), costs(run), voltages(run)]);
    list.extend(loading(run));
    list
}

fn role(behaviour: Behaviour) -> Role {
    match behaviour {
        Behaviour::TsoOnly => Role::Generator,
        Behaviour::Truthful => Role::Der,
        Behaviour::Strategic => Role::Optimum,
        Behaviour::Own => Role::Aggregator,
    }
}

fn volumes(run: &Run) -> Chart {
    chart(
        STEP,
        "volumes",
        format!("Who balances the feeder: {}", run.behaviour().name()),
        axis("energy", "MWh", true),
        vec![
            line("imbalance".into(), Role::Load, true, true),
            line("local".into(), Role::Der, false, true),
            line("tso".into(), Role::Generator, false, true),
        ],
        "Imbalance of the feeder and who covers it; below zero there is a surplus.",
    )
}

fn prices(run: &Run) -> Chart {
    let buses = run.buses().into_iter();
    let at_bus = buses.map(|j| format!("lmp:{}", run.bus(j)));
    let mut marks: Vec<Mark> = at_bus
        .map(|id| line(id, Role::Price, false, true))
        .collect();
    marks.extend(["tso_up", "tso_down"].map(|id| line(id.into(), Role::Reference, true, true)));
    chart(
        STEP,
        "lmp",
        "Prices at the resources",
        axis("price", "$/MWh", false),
        marks,
        "Price of a MWh at each resource's bus, between the TSO's prices unless a limit binds.",
    )
}

fn profit(run: &Run) -> Chart {
    let player = run.player();
    let curves = [
        (Behaviour::Truthful, Role::Reference, true),
        (Behaviour::Strategic, Role::Optimum, false),
        (Behaviour::Own, Role::Aggregator, false),
    ];
    let curves = curves.into_iter().filter_map(|(behaviour, role, dashed)| {
        run.outcome.variant(behaviour)?;
        let id = format!("profit:{player}:{}", behaviour.id());
        Some(line(id, role, dashed, true))
    });
    chart(
        STEP,
        "profit",
        format!("Profit of {player}"),
        axis("profit", "$", true),
        curves.collect(),
        "At cost, with the best bids, and with yours where you give some.",
    )
}

fn profit_surface(run: &Run, surface: &ProfitSurface) -> Chart {
    let way = if surface.up { "up" } else { "down" };
    let bid = |k: usize| {
        let name = format!("bid {way} of {}", run.outcome.system.resources[k]);
        axis(&name, "$/MWh", false)
    };
    let cells = surface.cells.iter().map(|corners| SurfaceCell {
        label: String::new(),
        corners: corners.clone(),
    });
    let mut marks = vec![Mark::Surface {
        label: "profit".into(),
        unit: "$".into(),
        cells: cells.collect(),
        range: None,
    }];
    let edges = surface.edges.iter().map(|meeting| Edge {
        from: meeting.from,
        to: meeting.to,
        label: probe::met(run.outcome, (surface.across, surface.along), meeting.met),
    });
    marks.push(Mark::Edges {
        edges: edges.collect(),
    });
    let label = |behaviour: Behaviour| match behaviour {
        Behaviour::TsoOnly | Behaviour::Own => "your bids",
        Behaviour::Truthful => "at cost",
        Behaviour::Strategic => "best answer",
    };
    marks.extend(surface.points.iter().map(|&(behaviour, x, y)| {
        let label = label(behaviour).into();
        Mark::Point { x, y, label }
    }));
    let title = format!(
        "Profit of {} over two bids, hour {}{}",
        run.player(),
        run.hour + 1,
        run.linear()
    );
    Chart {
        topic: Topic::Region,
        x: bid(surface.across),
        probe: run.outcome.beside.is_none().then(|| probe::key(run.hour)),
        home: surface.points.first().map(|p| label(p.0).into()),
        ..chart(
            STEP,
            "landscape",
            title,
            bid(surface.along),
            marks,
            "Profit jumps where a bid passes another price, which is a line of the plane, and grows along with the bid that sets the price. The network shows the market with the bids of the point.",
        )
    }
}

fn forwarded(run: &Run, way: &str) -> Chart {
    let (mut labels, mut series) = (Vec::new(), Vec::new());
    for id in run.outcome.system.resources.iter().take(MANY) {
        labels.extend([format!("{id} left"), format!("{id} safe")]);
        series.extend([format!("left_{way}:{id}"), format!("forward_{way}:{id}")]);
    }
    bars(
        &format!("forward_{way}"),
        format!("What the TSO may use, {way}"),
        axis("power", "MW", true),
        Role::Der,
        (labels, series),
        "Left of each resource after stage one, and what of it is safe in any combination.",
    )
}

fn schemes(run: &Run) -> Chart {
    let all = Scheme::ALL.iter().map(|s| (s.names().0, s.id()));
    let by_function = run.outcome.common.iter().map(|_| ("by RSF", "rsf"));
    let bar = |(label, id): (&str, &str)| (label.into(), format!("scheme_cost:{id}"));
    let asked = run.outcome.asked + 1;
    bars(
        "schemes",
        "Cost by scheme",
        axis("cost", "$", true),
        Role::Der,
        all.chain(by_function).map(bar).unzip(),
        &format!(
            "Cost of covering the feeder's imbalance and the TSO's own need in the hour at the cursor; by residual supply function only in hour {asked}."
        ),
    )
}

fn costs(run: &Run) -> Chart {
    let lines = |what: &str| -> Vec<Mark> {
        let all = run.outcome.variants.iter().map(|v| v.day.behaviour);
        all.map(|behaviour| {
            // The TSO alone is paid what it costs; beside it the rent of the day shown, and what all at cost are paid.
            let beside = match what {
                "cost" => Behaviour::TsoOnly,
                _ => Behaviour::Truthful,
            };
            let shown = behaviour == beside || behaviour == run.behaviour();
            let id = format!("{what}:{}", behaviour.id());
            line(id, role(behaviour), what == "payment", shown)
        })
        .collect()
    };
    chart(
        STEP,
        "cost",
        "Cost and payment",
        axis("money", "$", true),
        [lines("cost"), lines("payment")].concat(),
        "What the DSO pays, and activation cost; the rent lies between them.",
    )
}

fn voltages(run: &Run) -> Chart {
    let ids = run.buses().into_iter().map(|j| format!("v:{}", run.bus(j)));
    let volts = ids.map(|id| path(&id, Role::Line, false, false));
    chart(
        STEP,
        "voltage",
        "Voltages at the resources",
        axis("voltage", "p.u.", false),
        volts.collect(),
        match run.outcome.beside {
            None => "Squared voltages of the linear model, as voltages.",
            Some(_) => "Voltages of the cone.",
        },
    )
}

/// Lines with a limit; `None` where there is none.
fn loading(run: &Run) -> Option<Chart> {
    let by_bus = run.shown.feeder.loading.iter().enumerate();
    let limited = by_bus.filter(|(_, loading)| !loading.is_empty());
    let ids = limited.filter_map(|(j, _)| run.line_id(j));
    let ids = ids.map(|id| format!("loading:{id}")).take(MANY);
    let mut marks: Vec<Mark> = ids.map(|id| line(id, Role::Line, false, true)).collect();
    if marks.is_empty() {
        return None;
    }
    marks.push(Mark::Rule {
        value: 1.0,
        label: "limit".into(),
    });
    Some(chart(
        STEP,
        "loading",
        "Loading of lines with a limit",
        axis("share of the limit", "1", false),
        marks,
        "Flow as a share of the limit after stage one.",
    ))
}
