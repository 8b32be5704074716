//! Prices at limits met exactly, at ties, at scarcity, under every reference and at every scale.

use super::angles::b_theta_cost;
use super::optimal;
use fastrand::Rng;
use serde_json::{Value, json};
use tandem::case::Case;
use tandem::case::builtin::builtin;
use tandem::market::rt_sced::{Method, RtSced};
use tandem::report::{Cell, Report, Status};

const NONE: f64 = f64::INFINITY;

/// Bus, least output (MW) and blocks (MW, $/MWh) of a unit.
type RoundUnit = (usize, f64, Vec<(f64, f64)>);

/// A case of round numbers: lines (from, to, x, limit; 0 for none), units (bus, least output,
/// blocks), loads (bus, MW).
pub(super) fn case(
    buses: usize,
    lines: &[(usize, usize, f64, f64)],
    units: &[RoundUnit],
    loads: &[(usize, f64)],
) -> Case {
    let id = |b: &usize| format!("b{b}");
    let lines = lines.iter().enumerate().map(|(k, (from, to, x, most))| {
        let most = if *most > 0.0 {
            json!(most)
        } else {
            Value::Null
        };
        json!({"id": format!("l{k}"), "from": id(from), "to": id(to), "x_pu": x, "max_p_mw": most})
    });
    let units = units.iter().enumerate().map(|(k, (bus, least, blocks))| {
        let offer = blocks.iter();
        let offer = offer.map(|(p, price)| json!({"p_mw": p, "usd_per_mwh": price}));
        let most: f64 = blocks.iter().map(|(p, _)| p).sum();
        json!({"id": format!("G{k}"), "bus": id(bus), "min_p_mw": least, "max_p_mw": most,
            "offer": offer.collect::<Vec<_>>()})
    });
    let loads = loads.iter().enumerate();
    let loads =
        loads.map(|(k, (bus, p))| json!({"id": format!("L{k}"), "bus": id(bus), "p_mw": p}));
    let text = json!({
        "version": 1, "name": "test", "source": "", "base_mva": 100.0,
        "buses": (0..buses).map(|b| json!({"id": id(&b)})).collect::<Vec<_>>(),
        "branches": lines.collect::<Vec<_>>(),
        "generators": units.collect::<Vec<_>>(),
        "loads": loads.collect::<Vec<_>>(),
    });
    serde_json::from_value(text).unwrap()
}

fn value(report: &Report, id: &str, t: usize) -> Option<f64> {
    report.series(id).map(|series| series.values[t])
}

/// Price, least and greatest price at a bus in interval `t`.
fn prices(report: &Report, bus: usize, t: usize) -> (f64, f64, f64) {
    let lmp = value(report, &format!("lmp:b{bus}"), t).unwrap();
    let end = |which: &str| value(report, &format!("lmp_{which}:b{bus}"), t).unwrap_or(lmp);
    (lmp, end("low"), end("high"))
}

fn near(ours: f64, expected: f64, within: f64) -> bool {
    ours == expected || (ours - expected).abs() <= within
}

fn assert_prices(report: &Report, t: usize, expected: &[(f64, f64, f64)]) {
    for (bus, e) in expected.iter().enumerate() {
        let ours = prices(report, bus, t);
        let same = near(ours.0, e.0, 1e-6) && near(ours.1, e.1, 1e-6) && near(ours.2, e.2, 1e-6);
        assert!(same, "bus {bus}: {ours:?}, expected {e:?}");
    }
    assert!(report.certificates.iter().all(|c| c.certified));
}

/// G1 10 MW at 10 behind a line of 6 MW that a load of 6 MW fills, G2 at 30 beside the load. By
/// hand: the last MWh saves 10, the next costs 30. What bounded the interval before changes nothing.
#[test]
fn a_line_exactly_full_has_a_price() {
    let units = [(0, 0.0, vec![(10.0, 10.0)]), (1, 0.0, vec![(10.0, 30.0)])];
    let case = case(2, &[(0, 1, 0.1, 6.0)], &units, &[(1, 6.0)]);
    let expected = [(10.0, 10.0, 10.0), (30.0, 10.0, 30.0)];
    let one = tandem::market::run(&case, &optimal()).unwrap();
    assert_prices(&one, 0, &expected);
    let two = RtSced {
        intervals: 2,
        load_profile: vec![1.1, 1.0],
        ..optimal()
    };
    let report = tandem::market::run(&case, &two).unwrap();
    assert_prices(&report, 1, &expected);
}

/// Two lines side by side into b0, one limited to 1 MW; G0 at b0 is at its 4 MW and the load there
/// takes 6 MW. By hand: the last MWh at b0 saves 15, another cannot be served; elsewhere 10.
#[test]
fn scarcity_has_no_greatest_price() {
    let units = [
        (0, 0.0, vec![(2.0, 5.0), (2.0, 15.0)]),
        (1, 0.0, vec![(4.0, 10.0)]),
    ];
    for x in [0.1, 0.13, 0.2, 0.3] {
        let lines = [(0, 1, x, 0.0), (1, 0, x, 1.0), (1, 2, 0.1, 0.0)];
        let case = case(3, &lines, &units, &[(0, 6.0)]);
        for reference in ["", "b0", "b1", "b2"] {
            let params = RtSced {
                reference: reference.into(),
                ..optimal()
            };
            let report = tandem::market::run(&case, &params).unwrap();
            let other = (10.0, 10.0, 10.0);
            assert_prices(&report, 0, &[(15.0, 15.0, NONE), other, other]);
            let words = report.messages.iter().map(|m| m.text.as_str());
            assert!(
                words
                    .into_iter()
                    .any(|text| text.starts_with("No finite price"))
            );
        }
    }
}

/// A dead end with neither load nor unit behind a line that can carry nothing has no price, and no
/// money changes hands there.
#[test]
fn a_bus_that_can_take_neither_more_nor_less_has_no_price() {
    let units = [(0, 0.0, vec![(10.0, 10.0)]), (1, 2.0, vec![(2.0, 5.0)])];
    let mut case = case(2, &[(0, 1, 0.1, 3.0)], &units, &[(0, 4.0), (1, 2.0)]);
    case.branches[0].max_p_mw = Some(0.0);
    let Ok(report) = tandem::market::run(&case, &optimal()) else {
        return; // a limit of zero may be refused
    };
    assert!(value(&report, "lmp:b1", 0).unwrap().is_nan());
    assert!(
        report
            .ledger
            .entries
            .iter()
            .all(|e| e.amount_usd.is_finite())
    );
}

/// A random case of round numbers, on which limits are often met exactly.
fn round_case(rng: &mut Rng, tree: bool) -> Case {
    let n = rng.usize(2..7);
    let mut ends: Vec<(usize, usize)> = (1..n).map(|k| (rng.usize(0..k), k)).collect();
    for _ in 0..if tree { 0 } else { rng.usize(0..4) } {
        let a = rng.usize(0..n);
        ends.push((a, (a + 1 + rng.usize(0..n - 1)) % n));
    }
    let x = [0.1, 0.2, 0.1, 0.4, 0.13, 0.3];
    let lines: Vec<_> = ends
        .into_iter()
        .map(|(a, b)| {
            let limit = if rng.bool() {
                f64::from(rng.u8(1..9))
            } else {
                0.0
            };
            (a, b, x[rng.usize(0..x.len())], limit)
        })
        .collect();
    let units: Vec<_> = (0..rng.usize(2..6))
        .map(|_| {
            let mut price = 5.0 * f64::from(rng.u8(0..5)) - 5.0;
            let count = rng.usize(1..4);
            let blocks = (0..count).map(|_| {
                price += 5.0 * f64::from(rng.u8(0..4));
                (f64::from(rng.u8(1..6)), price)
            });
            let blocks = blocks.collect();
            (rng.usize(0..n), 0.0, blocks)
        })
        .collect();
    let loads: Vec<_> = (0..n).map(|b| (b, f64::from(rng.u8(0..6)))).collect();
    case(n, &lines, &units, &loads)
}

/// Least cost with `mw` more load at a bus.
fn cost_with(case: &Case, bus: usize, mw: f64) -> Option<f64> {
    let mut more = case.clone();
    more.loads[bus].p_mw += mw;
    b_theta_cost(&more)
}

/// The range of the LMP is the pair of one-sided derivatives of the least cost, found by solving
/// with angles and an interior point at loads a little lower and higher; whatever the reference.
#[test]
fn the_range_of_a_price_is_the_pair_of_one_sided_derivatives() {
    let step = 1e-2;
    let (mut seen, mut tied) = (0, 0);
    for seed in 0..60 {
        let mut rng = Rng::with_seed(seed);
        let case = round_case(&mut rng, false);
        let Some(least) = b_theta_cost(&case) else {
            continue;
        };
        let n = case.buses.len();
        let reference = ["".to_string(), format!("b{}", rng.usize(0..n))];
        let mut first: Option<Vec<f64>> = None;
        for reference in reference {
            let params = RtSced {
                reference,
                ..optimal()
            };
            let report = tandem::market::run(&case, &params).unwrap();
            assert_eq!(report.status, Status::Solved, "seed {seed}");
            for bus in 0..n {
                let (_, low, high) = prices(&report, bus, 0);
                let next = cost_with(&case, bus, step).map_or(NONE, |c| (c - least) / step);
                let last = cost_with(&case, bus, -step).map_or(-NONE, |c| (least - c) / step);
                assert!(
                    near(low, last, 0.05) && near(high, next, 0.05),
                    "seed {seed}, bus {bus}: [{low}, {high}], derivatives {last} and {next}"
                );
                seen += 1;
                tied += usize::from(high > low + 1e-6);
            }
            let lmp: Vec<f64> = (0..n).map(|b| prices(&report, b, 0).0).collect();
            let before = first.get_or_insert(lmp.clone());
            let mut pairs = before.iter().zip(&lmp);
            assert!(
                pairs.all(|(a, b)| near(*a, *b, 1e-6) || a.is_nan() && b.is_nan()),
                "seed {seed}: {before:?} and {lmp:?}"
            );
        }
    }
    assert!(seen > 200 && tied > 50, "{tied} ties of {seen} prices");
}

/// Trees solve under every reference, with the same cost and the same prices.
#[test]
fn radial_systems_solve_under_every_reference() {
    for seed in 1_000..1_100 {
        let case = round_case(&mut Rng::with_seed(seed), true);
        let mut first: Option<Report> = None;
        for bus in 0..case.buses.len() {
            let params = RtSced {
                reference: format!("b{bus}"),
                ..optimal()
            };
            let report = tandem::market::run(&case, &params)
                .unwrap_or_else(|why| panic!("seed {seed}, reference b{bus}: {why}"));
            let before = first.get_or_insert_with(|| report.clone());
            assert_eq!(before.status, report.status, "seed {seed}");
            if report.status != Status::Solved {
                continue;
            }
            for id in ["cost".to_string()]
                .into_iter()
                .chain((0..case.buses.len()).map(|b| format!("lmp:b{b}")))
            {
                let (a, b) = (
                    value(before, &id, 0).unwrap(),
                    value(&report, &id, 0).unwrap(),
                );
                assert!(
                    a.is_nan() && b.is_nan() || near(a, b, 1e-6),
                    "seed {seed}, reference b{bus}: {id} {b}, not {a}"
                );
            }
        }
    }
}

/// Every power times 1e-6 or 1e6: every output and cost times that, every price the same.
#[test]
fn a_case_in_other_units_has_the_same_answer() {
    for seed in 0..30 {
        let case = round_case(&mut Rng::with_seed(seed), false);
        let one = tandem::market::run(&case, &optimal()).unwrap();
        if one.status != Status::Solved {
            continue;
        }
        let costs = one.series("cost").unwrap().values[0];
        for scale in [1e-6, 1e-3, 1e3, 1e4] {
            let mut other = case.clone();
            for branch in &mut other.branches {
                branch.max_p_mw = branch.max_p_mw.map(|p| p * scale);
            }
            for unit in &mut other.generators {
                unit.min_p_mw *= scale;
                unit.max_p_mw *= scale;
                unit.offer.iter_mut().for_each(|block| block.p_mw *= scale);
            }
            other.loads.iter_mut().for_each(|load| load.p_mw *= scale);
            let report = tandem::market::run(&other, &optimal()).unwrap();
            assert_eq!(report.status, Status::Solved, "seed {seed} × {scale}");
            assert!(report.certificates.iter().all(|c| c.certified));
            let cost = value(&report, "cost", 0).unwrap();
            assert!(
                near(cost, costs * scale, 1e-7 * scale * (1.0 + costs.abs())),
                "seed {seed} × {scale}: {cost}, not {}",
                costs * scale
            );
            for bus in 0..case.buses.len() {
                let (a, b) = (prices(&one, bus, 0), prices(&report, bus, 0));
                let same = a.0.is_nan() && b.0.is_nan()
                    || near(a.0, b.0, 1e-5) && near(a.1, b.1, 1e-5) && near(a.2, b.2, 1e-5);
                assert!(same, "seed {seed} × {scale}, bus {bus}: {b:?}, not {a:?}");
            }
        }
    }
}

/// The region of the aggregator of the four-node case with other reactances and bus 1 as reference:
/// a hexagon by hand, 0 ≤ D2 ≤ 4, 0 ≤ D3 ≤ 2 and the line of 10 MW from bus 2 to bus 3.
#[test]
fn a_region_is_drawn_under_every_reference() {
    let mut case = builtin("zuo-4node").unwrap();
    for (branch, x) in case.branches.iter_mut().zip([0.4, 0.41, 0.14]) {
        branch.x_pu = x;
    }
    let params = RtSced {
        method: Method::ExactCurve,
        intervals: 1,
        reference: "1".into(),
        ..RtSced::default()
    };
    let report = tandem::market::run(&case, &params).unwrap();
    let edges = report.tables.iter().find(|t| t.id == "edges").unwrap();
    let mut corners: Vec<(f64, f64)> = edges
        .rows
        .iter()
        .map(|row| match (&row[1], &row[2]) {
            (Cell::Number(x), Cell::Number(y)) => (x.round(), y.round()),
            other => panic!("{other:?}"),
        })
        .collect();
    corners.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let expected = [
        (0.0, -10.0),
        (0.0, 10.0),
        (2.0, 12.0),
        (4.0, -10.0),
        (6.0, -8.0),
        (6.0, 12.0),
    ];
    assert_eq!(corners, expected);
}
