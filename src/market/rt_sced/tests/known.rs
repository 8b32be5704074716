//! Intervals answered by bases that are known are those of the full path.

use fastrand::Rng;

use super::preset;
use super::random::random_case;
use tandem::case::Case;
use tandem::market::rt_sced::roll::roll;
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{Method, RtSced};
use tandem::opt::parametric::Tally;
use tandem::scenario::{Mechanism, gallery};

fn near(ours: f64, expected: f64, within: f64) -> bool {
    (ours - expected).abs() <= within * (1.0 + expected.abs())
}

/// Runs the process with bases and without: every interval has the same cost, outputs and prices.
fn both_ways(case: &Case, params: &RtSced, name: &str) -> Tally {
    let system = System::new(case, params).unwrap();
    let known = roll(&system, params).unwrap();
    let tally = system.known.borrow().tally();
    let anew = {
        // What is held cannot be asked.
        let _held = system.known.borrow_mut();
        roll(&system, params).unwrap()
    };
    assert_eq!(known.intervals.len(), anew.intervals.len(), "{name}");
    for (t, (ours, theirs)) in known.intervals.iter().zip(&anew.intervals).enumerate() {
        let at = format!("{name}, interval {}", t + 1);
        let (ours, theirs) = (&ours.dispatch, &theirs.dispatch);
        let outputs = ours.generators_mw.iter().chain(&ours.ders_mw);
        let expected = theirs.generators_mw.iter().chain(&theirs.ders_mw);
        for (a, b) in outputs.zip(expected) {
            assert!(near(*a, *b, 1e-7), "{at}: {a} MW is not {b}");
        }
        for (a, b) in ours.prices.lmp.iter().zip(&theirs.prices.lmp) {
            let same = a.is_nan() && b.is_nan() || near(*a, *b, 1e-7);
            assert!(same, "{at}: LMP {a} is not {b}");
        }
        for (a, b) in ours.prices.groups.iter().zip(&theirs.prices.groups) {
            let same = a.0.is_nan() && b.0.is_nan() || near(a.0, b.0, 1e-7);
            assert!(same, "{at}: price of an aggregator {a:?} is not {b:?}");
        }
        let ranges = |range: &Option<Vec<(f64, f64)>>| range.clone().unwrap_or_default();
        let (mine, other) = (
            ranges(&ours.prices.lmp_range),
            ranges(&theirs.prices.lmp_range),
        );
        assert_eq!(mine.len(), other.len(), "{at}");
        for (a, b) in mine.iter().zip(&other) {
            let same = |a: f64, b: f64| a == b || near(a, b, 1e-7);
            assert!(same(a.0, b.0) && same(a.1, b.1), "{at}: {a:?} is not {b:?}");
        }
        assert_eq!(
            ours.certificate.certified, theirs.certificate.certified,
            "{at}"
        );
    }
    assert_eq!(known.stopped.is_some(), anew.stopped.is_some(), "{name}");
    tally
}

/// A load between 85 and 115 % of the case's, another in every interval.
fn moving(intervals: usize, rng: &mut Rng) -> Vec<f64> {
    let wave = |t: usize| libm::sin(t as f64 * 0.3);
    let each = (0..intervals).map(|t| 1.0 + 0.1 * wave(t) + 0.05 * (2.0 * rng.f64() - 1.0));
    each.collect()
}

#[test]
fn every_preset_with_moving_load_is_as_by_the_full_path() {
    let mut rng = Rng::with_seed(17);
    let (mut answered, mut presets) = (0, 0);
    for id in gallery::ids() {
        let scenario = preset(id, &[]);
        let Mechanism::RtSced(params) = &scenario.mechanism else {
            continue;
        };
        if params.method == Method::UnionJack {
            continue;
        }
        let intervals = 24;
        let params = RtSced {
            intervals,
            load_profile: moving(intervals, &mut rng),
            ..params.clone()
        };
        let tally = both_ways(&scenario.case, &params, id);
        answered += tally.known + tally.walked + tally.found;
        presets += 1;
    }
    assert!(
        presets > 10 && answered > 24 * 10,
        "{answered} answers of {presets} presets"
    );
}

#[test]
fn random_networks_with_moving_load_are_as_by_the_full_path() {
    let mut rng = Rng::with_seed(3);
    let mut all = Tally::default();
    for k in 0..60 {
        let mut case = random_case(&mut rng);
        if k % 3 == 0 {
            // Bids at the same price: ties in dispatch and in price.
            for der in &mut case.ders {
                der.offer[0].usd_per_mwh = 20.0;
            }
        }
        let rules = [
            Method::Optimal,
            Method::DistributionFactors,
            Method::ExactCurve,
        ];
        let params = RtSced {
            method: rules[k % 3],
            intervals: 12,
            load_profile: moving(12, &mut rng),
            ..RtSced::default()
        };
        let tally = both_ways(&case, &params, &format!("network {k}"));
        all.known += tally.known;
        all.walked += tally.walked;
        all.found += tally.found;
    }
    assert!(all.known > all.found, "{all:?}");
}
