//! Tables of a run.

use crate::report::{Cell, Table, at, column, number, table, text};

use super::answer::Run;
use super::game::End;
use super::params::{Behaviour, Method};
use super::schemes::Scheme;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = vec![
        columns(run),
        hours(run),
        resources(run),
        second(run),
        schemes(run),
        methods(run),
    ];
    list.extend(equilibrium(run));
    list.extend(hand_over(run));
    list
}

/// Cost, payment and rent: three columns, never one.
fn columns(run: &Run) -> Table {
    let system = &run.system;
    let mut columns = vec![
        column("", ""),
        column("activation cost", "$"),
        column("payment", "$"),
        column("rent", "$"),
        column("local", "MWh"),
        column("TSO", "MWh"),
        column("overload", "MWh"),
    ];
    columns.extend(
        system
            .owners
            .iter()
            .map(|o| column(format!("profit of {o}"), "$")),
    );
    let rows = run.outcomes.iter().map(|o| {
        let (cost, paid) = (o.cost_usd(system), o.payment_usd(system));
        let mut row = vec![text(o.behaviour.name())];
        row.extend(
            [
                cost,
                paid,
                paid - cost,
                o.local_mwh(system),
                o.tso_mwh(system),
                o.overload_mwh(system),
            ]
            .map(number),
        );
        row.extend((0..system.owners.len()).map(|k| number(o.profit_of_usd(system, k))));
        row
    });
    table(
        "columns",
        "What the day costs",
        columns,
        rows.collect(),
        "Activation at the resources' own costs, payment at prices, and the rent between them.",
    )
}

fn hours(run: &Run) -> Table {
    let id = run.behaviour.id();
    let player = &run.system.owners[run.player()];
    let rows = (0..run.system.hours.len()).map(|t| {
        let hour = &run.system.hours[t];
        let profit = |b: Behaviour| {
            run.outcome(b)
                .map_or(f64::NAN, |o| o.profit_usd(run.system, run.player(), t))
        };
        let shown = run.shown().map(|o| &o.periods[t]);
        let lambda = shown.map_or(f64::NAN, |p| p.cleared.lambda);
        let strategic = run.outcome(Behaviour::Strategic).map(|o| &o.periods[t]);
        let answer = strategic.and_then(|p| p.answer.as_ref());
        let h = run.system.hours_per_period;
        vec![
            Cell::Number((t + 1) as f64),
            number(hour.imbalance_mw * h),
            shown.map_or(Cell::Empty, |p| {
                number(p.cleared.net_mw().iter().sum::<f64>() * h)
            }),
            number(lambda),
            number(profit(Behaviour::Truthful)),
            number(profit(Behaviour::Strategic)),
            number(profit(Behaviour::Own)),
            answer.map_or(Cell::Empty, |a| number(a.bound * h)),
            answer.map_or(Cell::Empty, |a| number(a.nodes as f64)),
        ]
    });
    Table {
        by_clock: true,
        ..table(
            "hours",
            &format!("Hour by hour: {}", id.replace('_', " ")),
            vec![
                column("hour", ""),
                column("imbalance", "MWh"),
                column("local", "MWh"),
                column("price", "$/MWh"),
                column(format!("{player} at cost"), "$"),
                column(format!("{player} at best"), "$"),
                column("yours", "$"),
                column("no bids earn more", "$"),
                column("nodes", ""),
            ],
            rows.collect(),
            "Profits of the first strategic owner.",
        )
    }
}

fn resources(run: &Run) -> Table {
    let system = &run.system;
    let hour = &system.hours[run.hour];
    let rows = (0..system.resources.len()).map(|k| {
        let id = &system.resources[k];
        let bus = &system.feeder.buses[system.at[k]].id;
        vec![
            text(id.clone()),
            text(bus.clone()),
            text(system.owners[system.owner[k]].clone()),
            number(hour.max_up_mw[k]),
            number(hour.max_down_mw[k]),
            at(format!("p:{id}")),
            at(format!("bid_up:{id}")),
            at(format!("bid_down:{id}")),
            at(format!("lmp:{bus}")),
            at(format!("forward_up:{id}")),
            at(format!("forward_down:{id}")),
        ]
    });
    table(
        "resources",
        "Resources",
        vec![
            column("resource", ""),
            column("bus", ""),
            column("owner", ""),
            column("up", "MW"),
            column("down", "MW"),
            column("activated", "MW"),
            column("bid up", "$/MWh"),
            column("bid down", "$/MWh"),
            column("price", "$/MWh"),
            column("forwarded up", "MW"),
            column("forwarded down", "MW"),
        ],
        rows.collect(),
        "",
    )
}

/// Cuts of the second stage in every hour, each with its limit.
fn second(run: &Run) -> Table {
    let mut rows = Vec::new();
    for (t, s) in run.second.iter().enumerate() {
        let f = &s.forwarded;
        for (k, id) in run.system.resources.iter().enumerate() {
            for (way, left, safe, limit) in [
                ("up", f.left_up_mw[k], f.up_mw[k], &f.up_limit[k]),
                ("down", f.left_down_mw[k], f.down_mw[k], &f.down_limit[k]),
            ] {
                if let Some(limit) = limit {
                    rows.push(vec![
                        Cell::Number((t + 1) as f64),
                        text(id.clone()),
                        text(way),
                        number(left),
                        number(safe),
                        text(limit.clone()),
                    ]);
                }
            }
        }
    }
    table(
        "second",
        "What the DSO keeps from the TSO",
        vec![
            column("hour", ""),
            column("resource", ""),
            column("direction", ""),
            column("left", "MW"),
            column("forwarded", "MW"),
            column("limit that cuts it", ""),
        ],
        rows,
        "Everything else that is left after stage one is forwarded whole.",
    )
}

fn schemes(run: &Run) -> Table {
    let h = run.system.hours_per_period;
    let mut rows: Vec<Vec<Cell>> = Scheme::ALL
        .iter()
        .enumerate()
        .map(|(k, scheme)| {
            let day = |of: &dyn Fn(&super::schemes::Covered) -> f64| {
                number(run.schemes.iter().map(|all| of(&all[k])).sum::<f64>() * h)
            };
            let now = &run.schemes[run.asked][k];
            vec![
                text(scheme.name()),
                day(&|c| c.cost),
                day(&|c| c.payment),
                day(&|c| c.overload_mw),
                number(now.cost * h),
                number(now.payment * h),
                number(now.overload_mw * h),
            ]
        })
        .collect();
    if let Some(common) = &run.common {
        rows.push(vec![
            text("common market by residual supply function"),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            number(common.cost_usd),
            number(common.payment_usd),
            number(common.overload_mwh),
        ]);
    }
    table(
        "schemes",
        "Who goes first: schemes compared",
        vec![
            column("scheme", ""),
            column("cost", "$"),
            column("payment", "$"),
            column("overload", "MWh"),
            column(format!("cost, hour {}", run.asked + 1), "$"),
            column("payment, that hour", "$"),
            column("overload, that hour", "MWh"),
        ],
        rows,
        "Imbalance of the feeder and the TSO's own need together, everyone at cost. A scheme that overloads a line is cheap because it leaves the cure out.",
    )
}

fn methods(run: &Run) -> Table {
    let h = run.system.hours_per_period;
    let rows = run.methods.iter().map(|(method, a)| {
        let (name, work) = match method {
            Method::Branching => ("branching on complementarity", a.nodes),
            Method::Milp => ("one mixed-integer program", 1),
            Method::Enumeration => ("candidate prices", a.tried),
        };
        vec![
            text(name),
            number(a.profit * h),
            number(a.bound * h),
            number(work as f64),
            number(a.resolved_difference.abs()),
            if *method == Method::Enumeration {
                Cell::Empty
            } else {
                number(a.room_to_big_m)
            },
        ]
    });
    table(
        "methods",
        &format!(
            "Best bids of {} in hour {}, three ways",
            run.system.owners[run.player()],
            run.asked + 1
        ),
        vec![
            column("way", ""),
            column("profit", "$"),
            column("no bids earn more", "$"),
            column("programs or markets solved", ""),
            column("market cleared anew differs by", "$/h"),
            column("least distance of a dual from its M", "1"),
        ],
        rows.collect(),
        "Candidate prices stay a hair below a price and give no bound; where a limit binds they can miss the best bids.",
    )
}

fn equilibrium(run: &Run) -> Option<Table> {
    let strategic = run.outcome(Behaviour::Strategic)?;
    strategic.periods.first()?.equilibrium.as_ref()?;
    let h = run.system.hours_per_period;
    let mut columns = vec![
        column("hour", ""),
        column("answers", ""),
        column("rounds", ""),
    ];
    let names = run.players.iter().map(|&o| &run.system.owners[o]);
    for name in names {
        columns.push(column(format!("{name} could gain"), "$"));
        columns.push(column("of its profit", "%"));
    }
    let rows = strategic.periods.iter().enumerate().filter_map(|(t, p)| {
        let e = p.equilibrium.as_ref()?;
        let end = match e.end {
            End::Settled => "equilibrium".to_string(),
            End::Near => "at rest, but for the gains".to_string(),
            End::Circle(n) => format!("circle of {n} rounds"),
            End::Open => "still moving".to_string(),
        };
        let mut row = vec![
            Cell::Number((t + 1) as f64),
            text(end),
            number(e.rounds as f64),
        ];
        for (gain, best) in e.gains.iter().zip(&e.best) {
            row.push(number(gain * h));
            row.push(match *gain > 0.0 && *best > 0.0 {
                true => number(100.0 * gain / best),
                false => number(0.0),
            });
        }
        Some(row)
    });
    Some(Table {
        by_clock: true,
        ..table(
            "equilibrium",
            "Do the owners' answers settle?",
            columns,
            rows.collect(),
            "In an equilibrium no owner gains by other bids. At rest, but for the gains: bids move no more, and the owners could gain no more than the amounts given. In a circle they undercut and withhold in turn.",
        )
    })
}

/// What a function offers beyond the box.
fn hand_over(run: &Run) -> Option<Table> {
    let function = run.function.as_ref()?;
    let curve = &function.curve;
    let mut at_mw = curve.start_mw - function.at_rest_mw;
    let rows = curve.steps.iter().map(|&(width_mw, usd_per_mwh)| {
        let from = at_mw;
        at_mw += width_mw;
        vec![number(from), number(at_mw), number(usd_per_mwh)]
    });
    Some(table(
        "function",
        &format!(
            "Handed over as a residual supply function, hour {}",
            run.asked + 1
        ),
        vec![
            column("export from", "MW"),
            column("to", "MW"),
            column("price", "$/MWh"),
        ],
        rows.collect(),
        "Change of the feeder's export against stage one.",
    ))
}
