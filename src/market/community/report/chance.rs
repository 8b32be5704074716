//! How far chance moves the gain: the days with several seeds.

use crate::report::plots::{Numbers, axis, marked, over};
use crate::report::words::counted;
use crate::report::{Filled, Report, Role, Table, amount, filled, number, text};

use super::Run;
use super::STEP;
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;

/// Mean, standard deviation of a draw, least and greatest.
fn spread(values: &[f64]) -> [f64; 4] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    [
        mean,
        (squares / (n - 1.0)).sqrt(),
        values.iter().copied().fold(f64::INFINITY, f64::min),
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    ]
}

fn costs(days: &Days, way: usize) -> Vec<f64> {
    days.draws.iter().map(|costs| costs[way]).collect()
}

/// What a way to buy saves against the idle battery by seed, %.
fn savings(days: &Days, way: usize) -> Vec<f64> {
    let saved = |costs: &[f64; 4]| 100.0 * (1.0 - costs[way] / costs[0]);
    days.draws.iter().map(saved).collect()
}

/// The end of the headline.
pub fn sentence(run: &Run) -> Option<String> {
    let days = run.days.filter(|d| !d.draws.is_empty())?;
    let way = Comparator::ALL.iter().position(|c| *c == run.way)?;
    let [mean, deviation, ..] = spread(&savings(days, way));
    (way > 0).then(|| {
        format!(
            "over {} they save {} ± {} %",
            counted(days.draws.len(), "seed"),
            amount(mean, ""),
            amount(deviation, "")
        )
    })
}

pub fn numbers(days: &Days, list: &mut Numbers) {
    if days.draws.is_empty() {
        return;
    }
    for (k, way) in Comparator::ALL.into_iter().enumerate().skip(1) {
        let [mean, deviation, ..] = spread(&savings(days, k));
        let (id, name) = (way.id(), way.name());
        list.add(
            format!("saving_mean:{id}"),
            format!("Mean saving over the seeds, {name}"),
            mean,
            "%",
        )
        .noted("against the idle battery");
        list.add(
            format!("saving_deviation:{id}"),
            format!("Standard deviation of it, {name}"),
            deviation,
            "%",
        )
        .noted("from seed to seed");
    }
}

pub fn table(days: &Days) -> Option<Table> {
    if days.draws.is_empty() {
        return None;
    }
    let cost = |k: &usize, part: usize| number(spread(&costs(days, *k))[part]);
    let saved = |k: &usize, part: usize| number(spread(&savings(days, *k))[part]);
    let columns: [Filled<usize>; 8] = [
        ("way to buy", "", &|k| text(Comparator::ALL[k].name())),
        ("mean cost", "$", &|k| cost(&k, 0)),
        ("standard deviation", "$", &|k| cost(&k, 1)),
        ("least cost", "$", &|k| cost(&k, 2)),
        ("greatest cost", "$", &|k| cost(&k, 3)),
        ("mean saving", "%", &|k| saved(&k, 0)),
        ("least saving", "%", &|k| saved(&k, 2)),
        ("greatest saving", "%", &|k| saved(&k, 3)),
    ];
    Some(filled(
        "draws",
        "Costs over the seeds",
        0..Comparator::ALL.len(),
        &columns,
        "The days are the same, errors of forecasts and meters are drawn anew with each seed. The deviation is that of one draw, not of the mean.",
    ))
}

pub fn chart(run: &Run, days: &Days, report: &mut Report) {
    if days.draws.is_empty() {
        return;
    }
    let mut marks = Vec::new();
    let roles = [Role::Line, Role::Der, Role::Optimum];
    for ((k, way), role) in Comparator::ALL.into_iter().enumerate().skip(1).zip(roles) {
        let id = format!("draw:{}", way.id());
        let values = savings(days, k).into_iter().enumerate();
        let points: Vec<(f64, f64)> = values
            .map(|(n, v)| ((run.params.seed + n as u64) as f64, v))
            .collect();
        report
            .series
            .push(over(&id, way.name(), "%", ("seed", ""), &points));
        marks.push(marked(id, role, false, true));
    }
    let mut chart = crate::report::plots::chart(
        STEP,
        "draws",
        "Saving by the seed of the errors",
        axis("saving", "%", true),
        marks,
        "Against the idle battery. How far the lines move is what chance does.",
    );
    chart.x = axis("seed", "", false);
    report.charts.push(chart);
}
