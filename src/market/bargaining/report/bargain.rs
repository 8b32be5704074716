//! The bargain of two players: what they can share, where each rule puts them, and what other
//! bargaining powers would do.

use super::words::{STEP, jain};
use crate::market::Failure;
use crate::market::View;
use crate::market::bargaining::outcome::{Settled, bargains};
use crate::market::bargaining::params::{Bargaining, Rule};
use crate::market::shared::nash_bargain::normalised;
use crate::report::plots::{axis, chart, line, over};
use crate::report::{Chart, Edge, Mark, Offer, Probe, Report, Role, Topic};
use crate::report::{column, number, plain, table, text};

/// The chart and what it is asked by.
const KEY: &str = "bargain";
/// Where the handle stands at home.
const HOME: &str = "Nash point";
/// The edge that the handle slides along.
const EDGE: &str = "bargain_edge";
/// Its name.
const DIVIDED: &str = "all of the surplus is divided";
const SUMMARY: &str = "What the two can share when all others have their part of the day's surplus. Drag the handle along the edge: it stands for their bargaining powers. Points are what the rules give.";
/// Said where there is a network beside it.
const SEEN: &str = "The network stays as it is all along the edge: powers decide on payments, and the dispatch is the one with the greatest surplus.";
/// Least share of the two players' surplus that a power is asked for.
const LEAST: f64 = 0.01;
/// Points closer than this share of the surplus are one.
const SAME: f64 = 1e-3;

/// The two players, and what they divide when all others have their part of the day's surplus.
struct Pair<'a> {
    a: usize,
    b: usize,
    names: (&'a str, &'a str),
    /// (α_a + α_b) S′ at the end of the day, $.
    both_usd: f64,
}

/// The players chosen; `None` where there is nothing to divide.
fn pair<'a>(run: &'a Settled, view: &View) -> Option<Pair<'a>> {
    let index = |id: &str| run.players.iter().position(|p| p == id);
    let chosen = view.players.as_ref();
    let chosen = chosen.and_then(|(a, b)| Some((index(a)?, index(b)?)));
    let (a, b) = chosen.or((run.players.len() > 1).then_some((0, 1)))?;
    let both_usd = (run.powers[a] + run.powers[b]) * run.surplus_usd().max(0.0);
    (both_usd > run.gains.noise_usd).then_some(Pair {
        a,
        b,
        names: (&run.players[a], &run.players[b]),
        both_usd,
    })
}

/// Net benefits of two players: what they can share, and where the rules put them.
pub fn add(run: &Settled, view: &View, report: &mut Report) {
    let Some(pair) = pair(run, view) else {
        return;
    };
    let both = pair.both_usd;
    let (first, second) = pair.names;
    let across = format!("net benefit of {first}");
    let points = points(run, &pair).into_iter();
    let points = points.map(|(x, y, label)| Mark::Point { x, y, label });
    let marks = points.chain([
        line(EDGE.into(), Role::Optimum, false, true),
        Mark::Outline {
            label: "both gain".into(),
            role: Role::Optimum,
            corners: vec![(0.0, 0.0), (both, 0.0), (0.0, both)],
        },
        Mark::Edges {
            edges: vec![
                named((0.0, both), (both, 0.0), DIVIDED.into()),
                named((0.0, 0.0), (both, 0.0), gains_nothing(second)),
                named((0.0, 0.0), (0.0, both), gains_nothing(first)),
            ],
        },
    ]);
    let summary = match run.day {
        Some(_) => format!("{SUMMARY} {SEEN}"),
        None => SUMMARY.to_string(),
    };
    report.charts.push(Chart {
        topic: Topic::Region,
        x: axis(&across, "$", true),
        square: true,
        probe: Some(KEY.into()),
        home: Some(HOME.into()),
        ..chart(
            STEP,
            KEY,
            format!("The bargain of {first} and {second}"),
            axis(&format!("net benefit of {second}"), "$", true),
            marks.collect(),
            &summary,
        )
    });
    let edge = [(0.0, both), (both, 0.0)];
    let along = (across.as_str(), "$");
    let series = over(EDGE, "what the two divide", "$", along, &edge);
    report.series.push(series);
}

fn gains_nothing(player: &str) -> String {
    format!("{player} gains nothing")
}

/// The edges that a share of the two players' surplus lies on, that of the first player.
fn edges(share: f64, (first, second): (&str, &str)) -> Vec<String> {
    let ends = [(share <= SAME, first), (share >= 1.0 - SAME, second)];
    let ends = ends.into_iter().filter(|end| end.0);
    let divided = std::iter::once(DIVIDED.to_string());
    divided
        .chain(ends.map(|end| gains_nothing(end.1)))
        .collect()
}

fn named(from: (f64, f64), to: (f64, f64), label: String) -> Edge {
    Edge { from, to, label }
}

/// Where the rules put the two, equal points under one label; the first is where the handle stands at home.
fn points(run: &Settled, pair: &Pair) -> Vec<(f64, f64, String)> {
    let (a, b, both) = (pair.a, pair.b, pair.both_usd);
    let share = run.powers[a] / (run.powers[a] + run.powers[b]);
    let home = (share * both, (1.0 - share) * both, HOME.to_string());
    let mut points = vec![home];
    let rules = run.rules.iter();
    let rules = rules.map(|own| (own.benefits_usd[a], own.benefits_usd[b], own.rule.short()));
    let even = (both / 2.0, both / 2.0, "equal split");
    for (x, y, label) in [even]
        .into_iter()
        .chain(rules)
        .chain([(0.0, 0.0, "no agreement")])
    {
        let near = |p: &&mut (f64, f64, String)| libm::hypot(p.0 - x, p.1 - y) <= SAME * both;
        match points.iter_mut().find(near) {
            Some(same) => same.2 = format!("{} = {label}", same.2),
            None => points.push((x, y, label.into())),
        }
    }
    points
}

/// What the powers behind a point of the edge would do: the first player has `x` $ of a bargain over
/// the day.
///
/// # Errors
/// An unknown key, or a day without a surplus.
pub fn probe(
    run: &Settled,
    params: &Bargaining,
    view: &View,
    key: &str,
    x: f64,
) -> Result<Probe, Failure> {
    if key != KEY {
        return Err(format!("no chart of this mechanism answers to `{key}`").into());
    }
    let pair = pair(run, view);
    let pair = pair.ok_or("cooperation brings no surplus here, so there is nothing to divide")?;
    let (a, b, (first, second)) = (pair.a, pair.b, pair.names);
    let asked = x / pair.both_usd;
    let share = asked.clamp(LEAST, 1.0 - LEAST);
    let has = (share * pair.both_usd, (1.0 - share) * pair.both_usd);
    // Together the two keep the weight they have; the others keep theirs.
    let mut weights = params.weights(&run.players);
    let together = weights[a] + weights[b];
    let rounded = |w: f64| (w * 1e4).round() / 1e4;
    (weights[a], weights[b]) = (rounded(share * together), rounded((1.0 - share) * together));
    let powers = normalised(&weights, run.players.len());
    let settled = bargains((&run.gains, &run.bargained), params, &powers);
    let row = |what: &str, x: f64, y: f64| vec![text(what), number(x), number(y)];
    let mut rows = vec![
        row("weight", weights[a], weights[b]),
        row("bargain over the day, $", has.0, has.1),
    ];
    for own in &settled {
        let (what, gains, paid) = (own.rule.short(), &own.benefits_usd, own.paid_usd());
        rows.push(row(&format!("gains, {what}, $"), gains[a], gains[b]));
        rows.push(row(&format!("pays, {what}, $"), paid[a], paid[b]));
    }
    let inside = (LEAST..=1.0 - LEAST).contains(&asked);
    let held = match inside {
        true => "",
        false => " (the nearest that leaves both something)",
    };
    let own = &settled[usize::from(run.chosen == Rule::Telescoping)];
    let usd = |v: f64| format!("{} $", plain(v, 0));
    let sentence = format!(
        "With weights {} of {first} and {} of {second}{held}, a bargain over the day gives them {} and {}; the {} {} and {}{}.",
        plain(weights[a], 2),
        plain(weights[b], 2),
        usd(has.0),
        usd(has.1),
        own.rule.name(),
        usd(own.benefits_usd[a]),
        usd(own.benefits_usd[b]),
        jain(", and Jain's index of all", own.jain),
    );
    let weight = |k: usize| {
        (
            format!("mechanism.powers.{}.weight", run.players[k]),
            weights[k],
        )
    };
    let columns = vec![column("player", ""), column(first, ""), column(second, "")];
    Ok(Probe {
        inside,
        sentence,
        edges: edges(asked, pair.names),
        table: table("probe", "Powers asked about", columns, rows, ""),
        offer: Some(Offer {
            label: "Use these weights".into(),
            changes: vec![weight(a), weight(b)],
        }),
        ..Probe::default()
    })
}
