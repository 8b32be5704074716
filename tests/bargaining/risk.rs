//! The bargain before the day, by hand.

use super::small::small;
use tandem::case;
use tandem::market::bargaining::beside::{factors, with_errors};
use tandem::market::bargaining::risk::{at_risk, certainty_equivalent, cvar};
use tandem::market::bargaining::settle::Gains;
use tandem::market::bargaining::{Bargaining, Power, Risk};
use tandem::market::run;
use tandem::network::formulation::feeder::Physics;

#[test]
fn cvar_is_the_mean_of_the_worst() {
    let values = [4.0, 1.0, 3.0, 2.0];
    for (tail, by_hand) in [
        (0.25, 1.0),
        (0.1, 1.0),
        (0.5, 1.5),
        // The worst scenario whole and half of the next.
        (0.375, (0.25 * 1.0 + 0.125 * 2.0) / 0.375),
        (1.0, 2.5),
    ] {
        assert!((cvar(&values, tail) - by_hand).abs() < 1e-12, "{tail}");
    }
    // A sure amount moves it one for one.
    let moved = values.map(|v| v + 7.0);
    let rho = |values: &[f64]| certainty_equivalent(values, 0.3, 0.5);
    assert!((rho(&moved) - rho(&values) - 7.0).abs() < 1e-12);
    assert!((rho(&values) - (0.7 * 2.5 + 0.3 * 1.5)).abs() < 1e-12);
}

/// Gains of one DSO and the cost of the ISO in a scenario.
fn scenario(utility: f64, cost: f64) -> Gains {
    Gains::between(&[vec![utility]], &[vec![0.0]], &[cost], &[0.0])
}

#[test]
fn surplus_in_certainty_equivalents_is_shared_equally() {
    // The DSO gains 0 or 10, costs are 2: E = 5 and −2; the DSO minds its worst half with weight ½.
    let days = [scenario(0.0, 2.0), scenario(10.0, 2.0)];
    let found = at_risk(&days, &[0.0, 0.5], &[], 0.5);
    assert_eq!(found.expected_usd, [-2.0, 5.0]);
    assert_eq!(found.cvar_usd, [-2.0, 0.0]);
    assert_eq!(found.certain_usd, [-2.0, 2.5]);
    // S = ½, ¼ each: the DSO pays 2¼, without risk it would pay 3½.
    assert_eq!(found.surplus_usd, 0.5);
    assert_eq!(found.paid_usd, Some(vec![-2.25, 2.25]));
    assert_eq!(found.benefits_usd, [0.25, 0.25]);
    assert_eq!(found.neutral_usd, [-3.5, 3.5]);
    // The ISO does not mind risk: carrying it, all of E[X] = 3 is there to share.
    assert_eq!((found.carrier, found.shared_usd), (0, 3.0));
    // A DSO that minds more has less than nothing to offer.
    let found = at_risk(&days, &[0.0, 0.9], &[], 0.5);
    assert_eq!(found.paid_usd, None);
    assert_eq!(found.benefits_usd, [0.0, 0.0]);
}

#[test]
fn scenarios_are_the_days_own_errors_times_a_factor() {
    let case = case::builtin("wang-14bus").unwrap();
    let profile = |case: &case::Case| case.day.as_ref().unwrap().profiles[0].clone();
    let own = profile(&case);
    let (as_is, none) = (with_errors(&case, &[1.0; 4]), with_errors(&case, &[0.0; 4]));
    for (a, b) in profile(&as_is).realised_mw.iter().zip(&own.realised_mw) {
        assert!((a - b).abs() < 1e-12);
    }
    assert_eq!(profile(&none).realised_mw, own.forecast_mw);
    let far = with_errors(&case, &[-9.0; 4]);
    assert!(profile(&far).realised_mw.iter().all(|p| *p >= 0.0));
    // Drawn from the seed, the same for the same seed, with the spread asked for.
    let risk = |seed| Risk {
        scenarios: 100,
        seed,
        spread: 2.0,
        ..Risk::default()
    };
    let drawn = factors(&case, &risk(3));
    assert_eq!(drawn, factors(&case, &risk(3)));
    assert_ne!(drawn, factors(&case, &risk(4)));
    let all: Vec<f64> = drawn.into_iter().flatten().collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|f| (f - mean) * (f - mean)).sum::<f64>() / all.len() as f64;
    // 400 numbers: within four standard errors.
    assert!(
        mean.abs() < 0.4 && (variance.sqrt() - 2.0).abs() < 0.3,
        "{mean} {variance}"
    );
}

#[test]
fn the_day_itself_is_a_scenario() {
    let case = small(9..11, &[1, 2]);
    let profiles = case.day.as_ref().unwrap().profiles.len();
    let params = Bargaining {
        physics: Physics::Lossless,
        risk: Risk {
            factors: vec![vec![1.0; profiles], vec![0.0; profiles]],
            aversion: vec![Power {
                id: "DSO2".into(),
                weight: 0.5,
            }],
            ..Risk::default()
        },
        ..Bargaining::default()
    };
    let report = run(&case, &params).unwrap();
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    let rows = &report
        .tables
        .iter()
        .find(|t| t.id == "scenarios")
        .unwrap()
        .rows;
    let total = |row: usize| match rows[row][1 + profiles] {
        tandem::report::Cell::Number(v) => v,
        _ => panic!("no number"),
    };
    assert!(
        (total(0) - value("surplus")).abs() < 1e-6,
        "{} {}",
        total(0),
        value("surplus")
    );
    // As forecast, the plan is kept by all and cooperation adds nothing.
    assert!(total(1).abs() < 1e-2, "{}", total(1));
    assert!((value("risk_expected") - 0.5 * (total(0) + total(1))).abs() < 1e-9);
    assert!(value("risk_surplus") <= value("risk_shared") + 1e-9);
    assert!(value("risk_shared") <= value("risk_expected") + 1e-9);
    assert!(report.chart("risk").is_some());
    // Equal powers: every certainty equivalent is a fifth of the surplus, so that Jain's index is one whatever
    // the day that came true is settled to, and the badge is of the bargain that the run is about.
    assert!((value("jain:risk") - 1.0).abs() < 1e-9);
    let badges: Vec<&str> = report.badges.iter().map(|b| &*b.text).collect();
    let index = badges
        .iter()
        .filter(|text| text.starts_with("Jain's index"));
    assert_eq!(index.collect::<Vec<_>>(), [&"Jain's index 1"], "{badges:?}");
    assert!(badges.contains(&"payments sum to zero"), "{badges:?}");
    assert!(report.headline.starts_with("Agreed before the day"));
    assert!(
        report
            .certificates
            .iter()
            .filter(|c| c.solve.starts_with("scenario"))
            .count()
            >= 6
    );
}
