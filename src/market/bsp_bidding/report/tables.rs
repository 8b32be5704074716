//! Tables of a run.

use crate::report::SubjectKind::Party;
use crate::report::{Cell, Filled, Table, at, column, columns, filled, number, table, text};

use super::super::model::game::End;
use super::super::model::schemes::{Covered, Scheme};
use super::super::model::strategy::Answer;
use super::super::params::{Behaviour, Method};
use super::both_levels;
use super::on_cone;
use super::run::Run;
use super::storage;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = vec![
        what_the_day_costs(run),
        hours(run),
        resources(run),
        second(run),
        schemes(run),
        methods(run),
    ];
    list.splice(
        1..1,
        both_levels::tables(run)
            .into_iter()
            .chain(on_cone::tables(run)),
    );
    list.splice(1..1, storage::tables(run));
    list.extend(equilibrium(run));
    list.extend(function(run));
    list
}

/// An hour counted from 1.
fn hour(t: usize) -> Cell {
    Cell::Number((t + 1) as f64)
}

/// Id of the table of what the day costs.
pub const DAY: &str = "columns";

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
        DAY,
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
    let profit = |behaviour: Behaviour, t: usize| {
        let profit = outcome
            .variant(behaviour)
            .map(|v| v.day.profit_usd[outcome.player()][t] + v.second_stage[t].expected * h);
        number(profit.unwrap_or(f64::NAN))
    };
    let answer = |t: usize| strategic.and_then(|v| v.day.periods[t].answer.as_ref());
    let bound = |t: usize| answer(t).map_or(f64::NAN, |a| a.bound);
    let nodes = |t: usize| answer(t).map_or(f64::NAN, |a| a.nodes as f64);
    let price = |t: usize| number(day.periods[t].cleared.lambda);
    let imbalance = |t: usize| number(outcome.system.hours[t].imbalance_mw * h);
    let columns: [Filled; 9] = [
        ("hour", "", &hour),
        ("imbalance", "MWh", &imbalance),
        ("local", "MWh", &|t| number(day.rates[t].local_mw * h)),
        ("price", "$/MWh", &price),
        (&at_cost, "$", &|t| profit(Behaviour::Truthful, t)),
        (&at_best, "$", &|t| profit(Behaviour::Strategic, t)),
        ("yours", "$", &|t| profit(Behaviour::Own, t)),
        ("no bids earn more", "$", &|t| number(bound(t) * h)),
        ("nodes", "", &|t| number(nodes(t))),
    ];
    let words = run.behaviour().id().replace('_', " ");
    let title = format!("Hour by hour: {words}");
    let note = match &outcome.alone {
        Some(_) => {
            "Profits of the first strategic owner, with what it expects of the TSO's market."
        }
        None => "Profits of the first strategic owner.",
    };
    Table {
        by_clock: true,
        ..filled(
            "hours",
            &title,
            0..outcome.system.hours.len(),
            &columns,
            note,
        )
    }
}

fn resources(run: &Run) -> Table {
    let system = &run.outcome.system;
    let bus = |k: usize| run.bus(system.at[k]);
    let of = |what: &str, k: usize| at(format!("{what}:{}", system.resources[k]));
    let columns: [Filled; 11] = [
        ("resource", "", &|k| text(&system.resources[k])),
        ("bus", "", &|k| text(bus(k))),
        ("owner", "", &|k| text(&system.owners[system.owner[k]])),
        ("up", "MW", &|k| storage::power(run, k, true)),
        ("down", "MW", &|k| storage::power(run, k, false)),
        ("activated", "MW", &|k| of("p", k)),
        ("bid up", "$/MWh", &|k| of("bid_up", k)),
        ("bid down", "$/MWh", &|k| of("bid_down", k)),
        ("price", "$/MWh", &|k| at(format!("lmp:{}", bus(k)))),
        ("forwarded up", "MW", &|k| of("forward_up", k)),
        ("forwarded down", "MW", &|k| of("forward_down", k)),
    ];
    filled(
        "resources",
        "Resources",
        0..system.resources.len(),
        &columns,
        "",
    )
    .of(system.resources.iter().map(|id| Party.of(id)))
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

/// A scheme with its cost, payment and overload: of the day, and of the hour asked about.
type Rates<'a> = (&'a str, [f64; 3], [f64; 3]);

fn schemes(run: &Run) -> Table {
    let outcome = run.outcome;
    let h = outcome.system.hours_per_period;
    let at_asked = format!("cost, hour {}", outcome.asked + 1);
    let all = Scheme::ALL.iter().enumerate().map(|(k, scheme)| {
        let of = |c: &Covered| [c.cost, c.payment, c.overload_mw];
        let hours = || outcome.schemes.iter().map(|all| of(&all[k]));
        let day = [0, 1, 2].map(|i| hours().map(|of| of[i]).sum::<f64>() * h);
        let now = of(&outcome.schemes[outcome.asked][k]).map(|rate| rate * h);
        (scheme.names().1, day, now)
    });
    let by_function = outcome.common.iter().map(|c| {
        let now = [c.cost_usd, c.payment_usd, c.overload_mwh];
        let name = "common market by residual supply function";
        (name, [f64::NAN; 3], now)
    });
    let columns: [Filled<Rates>; 7] = [
        ("scheme", "", &|(name, ..)| text(name)),
        ("cost", "$", &|(_, day, _)| number(day[0])),
        ("payment", "$", &|(_, day, _)| number(day[1])),
        ("overload", "MWh", &|(_, day, _)| number(day[2])),
        (&at_asked, "$", &|(.., now)| number(now[0])),
        ("payment, that hour", "$", &|(.., now)| number(now[1])),
        ("overload, that hour", "MWh", &|(.., now)| number(now[2])),
    ];
    filled(
        "schemes",
        "Who goes first: schemes compared",
        all.chain(by_function),
        &columns,
        "Imbalance of the feeder and the TSO's own need together, everyone at cost. A scheme that overloads a line is cheap because it leaves the cure out.",
    )
}

/// A method in words.
pub fn way(method: Method) -> &'static str {
    match method {
        Method::Branching => "branching on complementarity",
        Method::Milp => "one mixed-integer program",
        Method::Enumeration => "candidate prices",
    }
}

fn methods(run: &Run) -> Table {
    let h = run.outcome.system.hours_per_period;
    let work = |(method, a): &(Method, Answer)| match method {
        Method::Branching => a.nodes,
        Method::Milp => 1,
        Method::Enumeration => a.tried,
    };
    let room = |(method, a): &(Method, Answer)| match method {
        Method::Enumeration => Cell::Empty,
        _ => number(a.room_to_big_m),
    };
    let anew = |(_, a): &(Method, Answer)| number(a.resolved_difference.abs());
    let columns: [Filled<&(Method, Answer)>; 6] = [
        ("way", "", &|(method, _)| text(way(*method))),
        ("profit", "$", &|(_, a)| number(a.profit * h)),
        ("no bids earn more", "$", &|(_, a)| number(a.bound * h)),
        ("programs or markets solved", "", &|own| {
            number(work(own) as f64)
        }),
        ("market cleared anew differs by", "$/h", &anew),
        ("least distance of a dual from its M", "1", &room),
    ];
    let (player, asked) = (run.player(), run.outcome.asked + 1);
    let on = run.linear();
    filled(
        "methods",
        &format!("Best bids of {player} in hour {asked}, three ways{on}"),
        &run.outcome.methods,
        &columns,
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
