//! Intervals answered by bases that are known are those of the full path.

use fastrand::Rng;

use super::random::random_case;
use super::{optimal, preset};
use tandem::case::Case;
use tandem::market::rt_sced::dispatch::clearing::NoDispatch;
use tandem::market::rt_sced::dispatch::conflict::Cause;
use tandem::market::rt_sced::dispatch::interval::{Unserved, dispatch, draw};
use tandem::market::rt_sced::dispatch::request::{Aggregation, Request};
use tandem::market::rt_sced::process::initial_state;
use tandem::market::rt_sced::roll::roll;
use tandem::market::rt_sced::system::{State, System, Unit};
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

fn request<'a>(se: &'a State, loads: &'a [f64], ranges: &'a [(f64, f64)]) -> Request<'a> {
    Request {
        name: "draw".into(),
        aggregation: Aggregation::Elemental,
        se,
        loads_mw: loads,
        more_mw: &[],
        generator_range_mw: ranges,
        losses: None,
        ahead: &[],
        warm_limits: &[],
        warm_cuts: &[],
    }
}

/// Whether a system has a dispatch by the full path, which asks no basis.
fn is_served(system: &System, loads: &[f64], ranges: &[(f64, f64)]) -> bool {
    let _held = system.known.borrow_mut();
    let se = initial_state(system, &optimal());
    match dispatch(system, &request(&se, loads, ranges)) {
        Ok(_) => true,
        Err(NoDispatch::Infeasible(_)) => false,
        Err(NoDispatch::Unsolved(why)) => panic!("{why:?}"),
    }
}

/// The same with every limit gone but those named: lines without a limit, units of any size down to nothing.
fn is_served_within(case: &Case, named: &[Cause], loads: &[f64]) -> bool {
    let mut case = case.clone();
    let of_lines = System::new(&case, &optimal()).unwrap().limits;
    let named_lines = named.iter().filter_map(|cause| match cause {
        Cause::Line(k) => Some(of_lines[*k].id.clone()),
        _ => None,
    });
    let named_lines: Vec<String> = named_lines.collect();
    for branch in &mut case.branches {
        if !named_lines.contains(&branch.id) {
            branch.max_p_mw = None;
        }
    }
    let has = |cause: Cause| named.contains(&cause);
    let free = |(low, high): (f64, f64), unit: Unit| {
        let low = if has(Cause::Minimum(unit)) { low } else { 0.0 };
        let high = if has(Cause::Maximum(unit)) { high } else { 1e5 };
        (low, high)
    };
    for (g, unit) in case.generators.iter_mut().enumerate() {
        (unit.min_p_mw, unit.max_p_mw) = free((unit.min_p_mw, unit.max_p_mw), Unit::Generator(g));
    }
    for (d, unit) in case.ders.iter_mut().enumerate() {
        (unit.min_p_mw, unit.max_p_mw) = free((unit.min_p_mw, unit.max_p_mw), Unit::Der(d));
    }
    let system = System::new(&case, &optimal()).unwrap();
    let units = system.generators.iter();
    let ranges: Vec<(f64, f64)> = units.map(|g| (g.min_p_mw, g.max_p_mw)).collect();
    is_served(&system, loads, &ranges)
}

/// Random draws of one network: served where the full path serves them, with the same outputs and prices; where not, the
/// limits named cannot hold together, which the full path says of the network that has no others. How many were
/// answered without a program, and how many of them had no dispatch.
fn draws(case: &Case, rng: &mut Rng, name: &str) -> (u64, usize) {
    let params = optimal();
    let system = System::new(case, &params).unwrap();
    let se = initial_state(&system, &params);
    let units = system.generators.iter();
    let ranges: Vec<(f64, f64)> = units.map(|g| (g.min_p_mw, g.max_p_mw)).collect();
    let mut contradicted = 0;
    for n in 0..40 {
        let at = format!("{name}, draw {n}");
        let stretched = 0.3 + 1.2 * rng.f64();
        let loads = system.load_mw.iter();
        let loads: Vec<f64> = loads
            .map(|p| p * stretched * (0.7 + 0.6 * rng.f64()))
            .collect();
        let answered = || system.known.borrow().standing.answered;
        let before = answered();
        let ours = draw(&system, &request(&se, &loads, &ranges));
        let at_once = answered() > before;
        let held = system.known.borrow_mut();
        let theirs = dispatch(&system, &request(&se, &loads, &ranges));
        drop(held);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                assert!(ours.certificate.certified, "{at}");
                let outputs = ours.generators_mw.iter().chain(&ours.ders_mw);
                let expected = theirs.generators_mw.iter().chain(&theirs.ders_mw);
                for (a, b) in outputs.zip(expected) {
                    assert!(near(*a, *b, 1e-9), "{at}: {a} MW is not {b}");
                }
                for (a, b) in ours.prices.lmp.iter().zip(&theirs.prices.lmp) {
                    let same = a.is_nan() && b.is_nan() || near(*a, *b, 1e-9);
                    assert!(same, "{at}: LMP {a} is not {b}");
                }
                let ranged = |range: &Option<Vec<(f64, f64)>>| range.is_some();
                let (mine, other) = (&ours.prices.lmp_range, &theirs.prices.lmp_range);
                assert_eq!(ranged(mine), ranged(other), "{at}");
                assert_eq!(ours.binding, theirs.binding, "{at}");
            }
            (Err(Unserved::Limits(named)), Err(NoDispatch::Infeasible(_))) => {
                contradicted += usize::from(at_once);
                let is_load =
                    |cause: &Cause| cause.is_too_much_load() || cause.is_too_little_load();
                assert!(named.iter().any(is_load), "{at}: {named:?}");
                assert!(!is_served_within(case, &named, &loads), "{at}: {named:?}");
            }
            (Err(Unserved::Other(_)), Err(_)) => {}
            (ours, theirs) => panic!("{at}: {} and {}", ours.is_ok(), theirs.is_ok()),
        }
    }
    (system.known.borrow().standing.answered, contradicted)
}

#[test]
fn draws_are_those_of_the_full_path_and_contradictions_are_true() {
    let mut rng = Rng::with_seed(30);
    let (mut answered, mut contradicted) = (0, 0);
    for k in 0..60 {
        let mut case = random_case(&mut rng);
        if k % 4 == 0 {
            // Bids at the same price: ties in dispatch and in price.
            for der in &mut case.ders {
                der.offer[0].usd_per_mwh = 20.0;
            }
        }
        if k % 3 == 0 {
            case.generators[0].min_p_mw = 30.0;
        }
        for branch in &mut case.branches {
            branch.max_p_mw = branch.max_p_mw.map(|most| 0.6 * most);
        }
        let (here, of_these) = draws(&case, &mut rng, &format!("network {k}"));
        (answered, contradicted) = (answered + here, contradicted + of_these);
    }
    assert!(
        answered > 1000 && contradicted > 100,
        "{answered} answered at once, {contradicted} of them by a contradiction"
    );
}
