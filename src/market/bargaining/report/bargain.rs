//! The bargain of two players: what they can share, where each rule puts them, and what other
//! bargaining powers would do.

use crate::report::{
    Index, Mark, Offer, Probe, Report, Role, Series, column, number, plain, table, text,
};

use super::answer::Run;
use super::charts::STEP;
use super::params::{Bargaining, Rule};
use super::settle::{self, jain};
use crate::market::View;
use crate::report::Chart;
use crate::report::plots::{axis, chart, line};

/// The chart and what it is asked by.
const KEY: &str = "bargain";
/// The edge that the handle slides along.
const EDGE: &str = "bargain_edge";
/// Least share of the two players' surplus that a power is asked for.
const LEAST: f64 = 0.01;

/// The two players, and what they divide when all others have their part of the day's surplus.
struct Pair {
    a: usize,
    b: usize,
    /// (α_a + α_b) S′ at the end of the day, $.
    both_usd: f64,
}

fn pair(run: &Run, view: &View) -> Option<Pair> {
    let index = |id: &str| run.players.iter().position(|p| p == id);
    let chosen = view.players.as_ref();
    let chosen = chosen.and_then(|(a, b)| Some((index(a)?, index(b)?)));
    let (a, b) = chosen.or((run.players.len() > 1).then_some((0, 1)))?;
    let surplus = run.gains.surplus_usd(run.slots.checked_sub(1)?);
    Some(Pair {
        a,
        b,
        both_usd: (run.powers[a] + run.powers[b]) * surplus.max(0.0),
    })
}

/// Net benefits of two players: what they can share, and where the rules put them.
pub fn add(run: &Run, view: &View, report: &mut Report) {
    let Some(Pair { a, b, both_usd }) = pair(run, view) else {
        return;
    };
    if both_usd <= run.gains.noise_usd {
        return;
    }
    let share = run.powers[a] / (run.powers[a] + run.powers[b]);
    // The first point is where the handle stands at home.
    let mut points = vec![(
        share * both_usd,
        (1.0 - share) * both_usd,
        "Nash point".to_string(),
    )];
    let mut add = |x: f64, y: f64, label: &str| {
        let near = |p: &&mut (f64, f64, String)| libm::hypot(p.0 - x, p.1 - y) <= 1e-3 * both_usd;
        match points.iter_mut().find(near) {
            Some(same) => same.2 = format!("{} = {label}", same.2),
            None => points.push((x, y, label.into())),
        }
    };
    add(both_usd / 2.0, both_usd / 2.0, "equal split");
    for rule in Rule::ALL {
        if let Some(benefits) = run.benefits_usd(rule) {
            add(benefits[a], benefits[b], rule.short());
        }
    }
    add(0.0, 0.0, "no agreement");
    let points = points
        .into_iter()
        .map(|(x, y, label)| Mark::Point { x, y, label });
    let marks = points
        .chain([
            line(EDGE.into(), Role::Optimum, false, true),
            Mark::Outline {
                label: "both gain".into(),
                role: Role::Optimum,
                corners: vec![(0.0, 0.0), (both_usd, 0.0), (0.0, both_usd)],
            },
        ])
        .collect();
    let (first, second) = (&run.players[a], &run.players[b]);
    report.series.push(Series {
        id: EDGE.into(),
        name: "what the two divide".into(),
        unit: "$".into(),
        index: Index::Numbers {
            name: format!("net benefit of {first}"),
            unit: "$".into(),
            at: vec![0.0, both_usd],
        },
        values: vec![both_usd, 0.0],
    });
    report.charts.push(Chart {
        x: axis(&format!("net benefit of {first}"), "$", true),
        square: true,
        probe: (both_usd > 0.0).then(|| KEY.into()),
        ..chart(
            STEP,
            KEY,
            format!("The bargain of {first} and {second}"),
            axis(&format!("net benefit of {second}"), "$", true),
            marks,
            "What the two can share when all others have their part of the day's surplus. Drag the handle along the edge: it stands for their bargaining powers. Points are what the rules give.",
        )
    });
}

/// What the powers behind a point of the edge would do: the first player has `x` $ of a bargain over
/// the day.
///
/// # Errors
/// An unknown key, a day without a surplus, or a program that cannot be solved.
pub fn probe(
    run: &Run,
    params: &Bargaining,
    view: &View,
    key: &str,
    x: f64,
) -> Result<Probe, String> {
    if key != KEY {
        return Err(format!("no chart of this mechanism answers to `{key}`"));
    }
    let Some(Pair { a, b, both_usd }) =
        pair(run, view).filter(|pair| pair.both_usd > run.gains.noise_usd)
    else {
        return Err("cooperation brings no surplus here, so there is nothing to divide".into());
    };
    let asked = x / both_usd;
    let share = asked.clamp(LEAST, 1.0 - LEAST);
    // Together the two keep the weight they have; the others keep theirs.
    let mut weights = params.weights(&run.players);
    let together = weights[a] + weights[b];
    let rounded = |w: f64| (w * 1e4).round() / 1e4;
    (weights[a], weights[b]) = (rounded(share * together), rounded((1.0 - share) * together));
    let mut settled = Vec::new();
    let powers = settle::normalised(&weights, run.players.len());
    for rule in [Rule::Nash, Rule::Telescoping] {
        let settlement = match rule {
            Rule::Telescoping => settle::telescoping(&run.gains, &powers),
            _ => settle::per_slot(&run.bargained, &powers, params.most_paid_usd),
        };
        let benefits = settlement.benefits_usd(&run.gains, run.slots.saturating_sub(1));
        let mut paid = vec![-settlement.collected_usd()];
        paid.extend(settlement.paid_usd());
        settled.push((rule, benefits, paid));
    }
    let (first, second) = (&run.players[a], &run.players[b]);
    let usd = |v: f64| format!("{} $", plain(v, 0));
    let row = |what: &str, x: f64, y: f64| vec![text(what), number(x), number(y)];
    let mut rows = vec![
        row("weight", weights[a], weights[b]),
        row(
            "bargain over the day, $",
            share * both_usd,
            (1.0 - share) * both_usd,
        ),
    ];
    for (rule, benefits, paid) in &settled {
        let what = rule.short();
        rows.push(row(&format!("gains, {what}, $"), benefits[a], benefits[b]));
        rows.push(row(&format!("pays, {what}, $"), paid[a], paid[b]));
    }
    let inside = (LEAST..=1.0 - LEAST).contains(&asked);
    let (rule, benefits, _) = &settled[usize::from(run.chosen == Rule::Telescoping)];
    let held = match inside {
        true => String::new(),
        false => " (the nearest that leaves both something)".into(),
    };
    let index = jain(benefits).map_or(String::new(), |index| {
        format!(", and Jain's index of all is {}", plain(index, 3))
    });
    let sentence = format!(
        "With weights {} of {first} and {} of {second}{held}, a bargain over the day gives them {} and {}; the {} {} and {}{index}.",
        plain(weights[a], 2),
        plain(weights[b], 2),
        usd(share * both_usd),
        usd((1.0 - share) * both_usd),
        rule.name(),
        usd(benefits[a]),
        usd(benefits[b]),
    );
    let weight = |k: usize| {
        (
            format!("mechanism.powers.{}.weight", run.players[k]),
            weights[k],
        )
    };
    Ok(Probe {
        inside,
        sentence,
        table: table(
            "probe",
            "Powers asked about",
            vec![column("player", ""), column(first, ""), column(second, "")],
            rows,
            "",
        ),
        offer: Some(Offer {
            label: "Use these weights".into(),
            changes: vec![weight(a), weight(b)],
        }),
    })
}
