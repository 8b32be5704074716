//! The published day, whole: our numbers beside the figures of the paper and beside an independent
//! computation of the same reading of the paper. DSO 3 has the data of DSO 1, DSO 4 that of DSO 2:
//! on their own they are solved once.

use tandem::case;
use tandem::market::bargaining::operation::plan;
use tandem::market::bargaining::rolling_horizon::{cooperation, on_its_own};
use tandem::market::bargaining::system::System;
use tandem::market::bargaining::{Bargaining, Roll};
use tandem::market::run_with;
use tandem::report::Mark;

/// Relative difference.
fn off(ours: f64, theirs: f64) -> f64 {
    (ours - theirs).abs() / theirs.abs()
}

#[test]
fn the_published_day() {
    let case = case::builtin("wang-14bus").unwrap();
    let params = Bargaining::default();
    let system = System::new(&case, params.physics).unwrap();
    let plan = plan(&system).unwrap();
    let together = cooperation(&system, &plan).unwrap();
    let mut rolls = vec![Roll::Together(Box::new(together))];
    for m in 0..2 {
        let (own, proofs) = on_its_own(&system, &plan, m).unwrap();
        rolls.push(Roll::Apart(m, Box::new(own.clone()), proofs.clone()));
        rolls.push(Roll::Apart(m + 2, Box::new(own), proofs));
    }
    let pieces: Vec<String> = rolls
        .iter()
        .map(|roll| serde_json::to_string(roll).unwrap())
        .collect();
    let report = run_with(&case, &params, &pieces).unwrap();
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    let at = |id: &str, slot: usize| report.series(id).unwrap().values[slot - 1];

    // DSO1 and DSO3 have the same data, DSO2 and DSO4 too: a line for each of three.
    let gains = &report.chart("gains").unwrap().marks;
    let names = gains.iter().map(|mark| match mark {
        Mark::Line { series, .. } => report.series(series).unwrap().name.clone(),
        _ => panic!("no line"),
    });
    let names: Vec<String> = names.collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names[1].contains("DSO1 and DSO3") && names[2].contains("DSO2 and DSO4"));
    // Without a narrow line it opens where the day has been shared.
    assert_eq!(report.start, Some(23));

    // Utilities of the figures, within 0.1 %; the plan's cost within 0.2 %.
    for (id, slot, figure, independent) in [
        ("u_non:DSO1", 1, 102_258.0, 102_292.0),
        ("u_non:DSO1", 16, 100_608.0, 100_651.0),
        ("u_non:DSO1", 24, 101_692.0, 101_738.0),
        ("u_non:DSO2", 1, 104_443.0, 104_465.0),
        ("u_non:DSO2", 16, 99_304.0, 99_321.0),
        ("u_non:DSO2", 24, 101_717.0, 101_746.0),
        ("u_co:DSO1", 24, 102_880.0, 102_903.0),
        ("u_co:DSO2", 24, 110_196.0, 110_294.0),
        ("cost_non", 1, 189_781.0, 189_448.0),
        ("welfare_non", 24, 217_046.0, 217_519.0),
        ("welfare_co", 24, 236_554.0, 234_925.0),
        ("cost_co", 24, 189_503.0, 191_470.0),
    ] {
        let ours = at(id, slot);
        assert!((ours - independent).abs() < 2.0, "{id} {slot}: {ours}");
        let most = match id {
            "cost_non" => 0.002,
            "welfare_non" => 0.003,
            // Does not follow from the published data: more energy is needed than forecast.
            "cost_co" | "welfare_co" => 0.011,
            _ => 0.001,
        };
        assert!(off(ours, figure) < most, "{id} {slot}: {ours} and {figure}");
    }
    // Every slot. Cooperating, DSO 2 and DSO 4 have the same data and differ in the figures from slot 9
    // on: limits of lines that are not published.
    let text = include_str!("../golden/bargaining/wang-table2.json");
    let golden: serde_json::Value = serde_json::from_str(text).unwrap();
    for m in 1..=4 {
        for kind in ["non", "co"] {
            let figure = golden["series"][format!("U{m}_{kind}")].as_array().unwrap();
            for slot in 1..=24 {
                let ours = at(&format!("u_{kind}:DSO{m}"), slot);
                let theirs = figure[slot - 1].as_f64().unwrap();
                let most = match (kind, m) {
                    ("co", 2) => 0.003,
                    ("co", 4) => 0.008,
                    _ => 0.001,
                };
                assert!(
                    off(ours, theirs) < most,
                    "{kind} {m} {slot}: {ours} {theirs}"
                );
            }
        }
    }

    // Without line limits the ISO keeps almost nothing at prices.
    for (id, independent, most) in [
        ("surplus", 17_405.0, 2.0),
        ("benefit:lmp:ISO", 7.2, 0.1),
        ("benefit:lmp:DSO1", 1_112.0, 1.0),
        ("benefit:lmp:DSO2", 7_587.0, 2.0),
        ("benefit:nash:ISO", 1_268.0, 1.0),
        ("benefit:nash:DSO1", 2_112.0, 1.0),
        ("benefit:nash:DSO2", 5_957.0, 2.0),
        ("jain:lmp", 0.515, 5e-4),
        ("jain:nash", 0.743, 6e-4),
        ("jain:telescoping", 1.0, 1e-9),
    ] {
        let ours = value(id);
        assert!((ours - independent).abs() < most, "{id}: {ours}");
    }
    // Twins are treated alike, and no slot is without surplus.
    for rule in ["lmp", "nash", "telescoping"] {
        for (a, b) in [("DSO1", "DSO3"), ("DSO2", "DSO4")] {
            let paid = |d: &str| value(&format!("paid:{rule}:{d}"));
            assert!((paid(a) - paid(b)).abs() < 0.01, "{rule} {a} {b}");
        }
    }
    assert!(value("surplus_least") > 100.0);
    assert!(value("cone_gap") < 1e-5);
    assert!(report.certificates.iter().all(|c| c.certified));
    let parties = report.ledger.parties();
    let nets: f64 = parties.iter().map(|p| report.ledger.net_usd(p)).sum();
    assert!(nets.abs() < 1e-6);
}
