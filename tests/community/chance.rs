//! Errors of forecasts and meters: what is drawn, and how a run says what chance does.

use super::feeder_case;
use crate::testing::changes::{changed, value};
use tandem::case::synthetic::week::noise;
use tandem::market::community::CommunityMarket;
use tandem::market::community::system::System;
use tandem::run;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn noise_has_the_deviation_and_the_persistence_asked_for() {
    for keep in [0.0, 0.8, 0.95] {
        let all = noise(7, 200_000, keep);
        let square = mean(&all.iter().map(|x| x * x).collect::<Vec<f64>>());
        let next = mean(&all.windows(2).map(|w| w[0] * w[1]).collect::<Vec<f64>>());
        // Several standard errors of the estimates: √(2 (1 + ρ²) / (1 − ρ²) / n) is 0.014 at ρ = 0.95.
        assert!((square - 1.0).abs() < 0.06, "{keep}: {square}");
        assert!((next / square - keep).abs() < 0.02, "{keep}: {next}");
        // From the first value on, over seeds.
        let first: Vec<f64> = (0..4000)
            .map(|seed| noise(seed, 1, keep)[0].powi(2))
            .collect();
        assert!((mean(&first) - 1.0).abs() < 0.1, "{keep}: {}", mean(&first));
    }
}

#[test]
fn a_meter_is_off_by_a_share_of_the_load() {
    let params = CommunityMarket {
        meter_noise_percent: 4.0,
        ..CommunityMarket::default()
    };
    let system = System::new(&feeder_case(), &params).unwrap();
    for member in &system.members {
        let off: Vec<f64> = (0..system.intervals)
            .map(|t| (member.metered_kw[t] - member.net_kw[t]) / member.load_kw[t])
            .collect();
        let deviation = mean(&off.iter().map(|x| x * x).collect::<Vec<f64>>()).sqrt();
        assert!(
            (deviation - 0.04).abs() < 0.004,
            "{}: {deviation}",
            member.id
        );
    }
    let exact = System::new(&feeder_case(), &CommunityMarket::default()).unwrap();
    assert!(exact.members.iter().all(|m| m.metered_kw == m.net_kw));
}

#[test]
fn draws_are_the_runs_of_their_seeds() {
    let short = [
        ("mechanism.days", "1"),
        ("view.step", "20"),
        ("mechanism.draws", "3"),
    ];
    let report = run::run(&changed("theisen-noise", short).unwrap()).unwrap();
    let drawn = &report.series("draw:transactive").unwrap().values;
    let mut savings = Vec::new();
    for (k, seed) in ["1", "2", "3"].iter().enumerate() {
        let one = [
            short[0],
            short[1],
            ("mechanism.draws", "1"),
            ("mechanism.seed", *seed),
        ];
        let alone = run::run(&changed("theisen-noise", one).unwrap()).unwrap();
        let saving = value(&alone, "saving:transactive");
        assert!(
            (drawn[k] - saving).abs() < 1e-9,
            "{seed}: {drawn:?} {saving}"
        );
        savings.push(saving);
    }
    let middle = mean(&savings);
    let squares: f64 = savings.iter().map(|s| (s - middle).powi(2)).sum();
    assert!((value(&report, "saving_mean:transactive") - middle).abs() < 1e-9);
    assert!((value(&report, "saving_deviation:transactive") - (squares / 2.0).sqrt()).abs() < 1e-9);
    assert!(squares > 0.0);
}
