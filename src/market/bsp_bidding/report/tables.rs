//! Tables of a run.

use crate::report::SubjectKind::Party;
use crate::report::{Cell, Table, at, column, columns, number, table, text};

use super::super::model::game::End;
use super::super::model::schemes::{Covered, Scheme};
use super::super::params::{Behaviour, Method};
use super::run::Run;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = vec![
        what_the_day_costs(run),
        hours(run),
        resources(run),
        second(run),
        schemes(run),
        methods(run),
    ];
    list.extend(equilibrium(run));
    list.extend(function(run));
    list
}

/// A table of rows that say their columns: name, unit and cell.
fn described<'a>(
    id: &str,
    title: &str,
    rows: impl Iterator<Item = Vec<(&'a str, &'a str, Cell)>>,
    note: &str,
) -> Table {
    let rows: Vec<Vec<_>> = rows.collect();
    let first = rows.first().into_iter().flatten();
    let columns = first.map(|(name, unit, _)| column(*name, unit)).collect();
    let cells = |row: Vec<(&str, &str, Cell)>| row.into_iter().map(|(_, _, cell)| cell).collect();
    table(
        id,
        title,
        columns,
        rows.into_iter().map(cells).collect(),
        note,
    )
}

/// An hour counted from 1.
fn hour(t: usize) -> Cell {
    Cell::Number((t + 1) as f64)
}

/// Cost, payment and rent: three columns, never one.
fn what_the_day_costs(run: &Run) -> Table {
    let mut columns = columns(&[
        ("", ""),
        ("activation cost", "$"),
        ("payment", "$"),
        ("rent", "$"),
        ("local", "MWh"),
        ("TSO", "MWh"),
        ("overload", "MWh"),
    ]);
    let owners = &run.outcome.system.owners;
    columns.extend(owners.iter().map(|o| column(format!("profit of {o}"), "$")));
    let rows = run.outcome.variants.iter().map(|variant| {
        let t = &variant.day.totals;
        let mut row = vec![text(variant.day.behaviour.name())];
        let energy = [t.local_mwh, t.tso_mwh, t.overload_mwh];
        row.extend([t.cost_usd, t.payment_usd, t.rent_usd].map(number));
        row.extend(energy.map(number));
        row.extend((0..owners.len()).map(|o| number(variant.day.owner_usd(o))));
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
    let (outcome, day) = (run.outcome, &run.shown.day);
    let h = outcome.system.hours_per_period;
    let strategic = outcome.variant(Behaviour::Strategic);
    let at_cost = format!("{} at cost", run.player());
    let at_best = format!("{} at best", run.player());
    let rows = outcome.system.hours.iter().enumerate().map(|(t, own)| {
        let profit = |behaviour: Behaviour| {
            let profits = outcome.variant(behaviour).map(|v| &v.day.profit_usd);
            number(profits.map_or(f64::NAN, |p| p[outcome.player()][t]))
        };
        let answer = strategic.and_then(|v| v.day.periods[t].answer.as_ref());
        let (bound, nodes) = answer.map_or((f64::NAN, f64::NAN), |a| (a.bound, a.nodes as f64));
        vec![
            ("hour", "", hour(t)),
            ("imbalance", "MWh", number(own.imbalance_mw * h)),
            ("local", "MWh", number(day.rates[t].local_mw * h)),
            ("price", "$/MWh", number(day.periods[t].cleared.lambda)),
            (&at_cost, "$", profit(Behaviour::Truthful)),
            (&at_best, "$", profit(Behaviour::Strategic)),
            ("yours", "$", profit(Behaviour::Own)),
            ("no bids earn more", "$", number(bound * h)),
            ("nodes", "", number(nodes)),
        ]
    });
    let words = run.behaviour().id().replace('_', " ");
    let title = format!("Hour by hour: {words}");
    let note = "Profits of the first strategic owner.";
    Table {
        by_clock: true,
        ..described("hours", &title, rows, note)
    }
}

fn resources(run: &Run) -> Table {
    let system = &run.outcome.system;
    let own = &system.hours[run.hour];
    let rows = system.resources.iter().enumerate().map(|(k, id)| {
        let bus = run.bus(system.at[k]);
        let of = |what: &str| at(format!("{what}:{id}"));
        vec![
            ("resource", "", text(id.clone())),
            ("bus", "", text(bus)),
            ("owner", "", text(system.owners[system.owner[k]].clone())),
            ("up", "MW", number(own.max_up_mw[k])),
            ("down", "MW", number(own.max_down_mw[k])),
            ("activated", "MW", of("p")),
            ("bid up", "$/MWh", of("bid_up")),
            ("bid down", "$/MWh", of("bid_down")),
            ("price", "$/MWh", at(format!("lmp:{bus}"))),
            ("forwarded up", "MW", of("forward_up")),
            ("forwarded down", "MW", of("forward_down")),
        ]
    });
    let table = described("resources", "Resources", rows, "");
    table.of(system.resources.iter().map(|id| Party.of(id)))
}

/// Cuts of the second stage in every hour, each with its limit.
fn second(run: &Run) -> Table {
    let mut rows = Vec::new();
    for (t, second) in run.shown.second_stage.iter().enumerate() {
        let f = &second.forwarded;
        for (k, id) in run.outcome.system.resources.iter().enumerate() {
            for (way, left, safe, limit) in [
                ("up", &f.left_up_mw, &f.up_mw, &f.up_limit),
                ("down", &f.left_down_mw, &f.down_mw, &f.down_limit),
            ] {
                rows.extend(limit[k].as_ref().map(|limit| {
                    let (id, limit) = (text(id.clone()), text(limit.clone()));
                    let (left, safe) = (number(left[k]), number(safe[k]));
                    vec![hour(t), id, text(way), left, safe, limit]
                }));
            }
        }
    }
    table(
        "second",
        "What the DSO keeps from the TSO",
        columns(&[
            ("hour", ""),
            ("resource", ""),
            ("direction", ""),
            ("left", "MW"),
            ("forwarded", "MW"),
            ("limit that cuts it", ""),
        ]),
        rows,
        "Everything else that is left after stage one is forwarded whole.",
    )
}

fn schemes(run: &Run) -> Table {
    let outcome = run.outcome;
    let h = outcome.system.hours_per_period;
    let at_asked = format!("cost, hour {}", outcome.asked + 1);
    let row = |name: &str, day: [f64; 3], now: [f64; 3]| {
        let ([cost, payment, overload], now) = (day.map(number), now.map(number));
        let [cost_now, payment_now, overload_now] = now;
        vec![
            ("scheme", "", text(name)),
            ("cost", "$", cost),
            ("payment", "$", payment),
            ("overload", "MWh", overload),
            (at_asked.as_str(), "$", cost_now),
            ("payment, that hour", "$", payment_now),
            ("overload, that hour", "MWh", overload_now),
        ]
    };
    let all = Scheme::ALL.iter().enumerate().map(|(k, scheme)| {
        let of = |c: &Covered| [c.cost, c.payment, c.overload_mw];
        let hours = || outcome.schemes.iter().map(|all| of(&all[k]));
        let day = [0, 1, 2].map(|i| hours().map(|of| of[i]).sum::<f64>() * h);
        let now = of(&outcome.schemes[outcome.asked][k]).map(|rate| rate * h);
        row(scheme.names().1, day, now)
    });
    let by_function = outcome.common.iter().map(|c| {
        let now = [c.cost_usd, c.payment_usd, c.overload_mwh];
        row(
            "common market by residual supply function",
            [f64::NAN; 3],
            now,
        )
    });
    described(
        "schemes",
        "Who goes first: schemes compared",
        all.chain(by_function),
        "Imbalance of the feeder and the TSO's own need together, everyone at cost. A scheme that overloads a line is cheap because it leaves the cure out.",
    )
}

fn methods(run: &Run) -> Table {
    let h = run.outcome.system.hours_per_period;
    let rows = run.outcome.methods.iter().map(|(method, a)| {
        let room = number(a.room_to_big_m);
        let (name, work, room) = match method {
            Method::Branching => ("branching on complementarity", a.nodes, room),
            Method::Milp => ("one mixed-integer program", 1, room),
            Method::Enumeration => ("candidate prices", a.tried, Cell::Empty),
        };
        let anew = number(a.resolved_difference.abs());
        vec![
            ("way", "", text(name)),
            ("profit", "$", number(a.profit * h)),
            ("no bids earn more", "$", number(a.bound * h)),
            ("programs or markets solved", "", number(work as f64)),
            ("market cleared anew differs by", "$/h", anew),
            ("least distance of a dual from its M", "1", room),
        ]
    });
    let (player, asked) = (run.player(), run.outcome.asked + 1);
    described(
        "methods",
        &format!("Best bids of {player} in hour {asked}, three ways"),
        rows,
        "Candidate prices stay a hair below a price and give no bound; where a limit binds they can miss the best bids.",
    )
}

fn equilibrium(run: &Run) -> Option<Table> {
    let strategic = run.outcome.variant(Behaviour::Strategic)?;
    strategic.day.equilibria().next()?;
    let h = run.outcome.system.hours_per_period;
    let mut columns = columns(&[("hour", ""), ("answers", ""), ("rounds", "")]);
    for &player in &run.outcome.players {
        let name = &run.outcome.system.owners[player];
        columns.push(column(format!("{name} could gain"), "$"));
        columns.push(column("of its profit", "%"));
    }
    let rows = strategic.day.periods.iter().enumerate();
    let rows = rows.filter_map(|(t, p)| {
        let e = p.equilibrium.as_ref()?;
        let end = match e.end {
            End::Settled => "equilibrium".to_string(),
            End::Near => "at rest, but for the gains".to_string(),
            End::Circle(n) => format!("circle of {n} rounds"),
            End::Open => "still moving".to_string(),
        };
        let mut row = vec![hour(t), text(end), number(e.rounds as f64)];
        for (gain, percent) in e.gains.iter().zip(e.gains_percent()) {
            row.extend([number(gain * h), number(percent)]);
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
fn function(run: &Run) -> Option<Table> {
    let function = run.shown.function.as_ref()?;
    let curve = &function.curve;
    let mut at_mw = curve.start_mw - function.at_rest_mw;
    let rows = curve.steps.iter().map(|&(width_mw, usd_per_mwh)| {
        let from = at_mw;
        at_mw += width_mw;
        [from, at_mw, usd_per_mwh].map(number).to_vec()
    });
    let asked = run.outcome.asked + 1;
    Some(table(
        "function",
        &format!("Handed over as a residual supply function, hour {asked}"),
        columns(&[("export from", "MW"), ("to", "MW"), ("price", "$/MWh")]),
        rows.collect(),
        "Change of the feeder's export against stage one.",
    ))
}
