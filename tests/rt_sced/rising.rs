//! Bids that rise along their blocks: by hand, against HiGHS, angles with the interior point, and many blocks.

use super::angles::b_theta_cost;
use super::explain_random::checked;
use super::random::random_case;
use super::{optimal, preset};
use fastrand::Rng;
use serde_json::{Value, json};
use tandem::case::{Block, Case};
use tandem::market::rt_sced::roll::start;
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{Method, Operation, RtSced, Rule};
use tandem::report::{Report, Status, SubjectKind};
use tandem::scenario::{Document, Mechanism, Scenario, gallery, path};
use tandem::session::Session;

/// Bus, least output, width, price at the first MW and at the last.
type Rising = (usize, f64, f64, f64, f64);

/// A case of lines (from, to, x, limit; 0 for none), units of one block and loads (bus, MW).
fn case(
    buses: usize,
    lines: &[(usize, usize, f64, f64)],
    units: &[Rising],
    loads: &[(usize, f64)],
) -> Case {
    let lines = lines.iter().enumerate().map(|(k, (from, to, x, most))| {
        let most = if *most > 0.0 {
            json!(most)
        } else {
            Value::Null
        };
        json!({"id": format!("l{k}"), "from": format!("b{from}"), "to": format!("b{to}"), "x_pu": x,
            "max_p_mw": most})
    });
    let units = units.iter().enumerate();
    let units = units.map(|(k, (bus, least, p, usd, end))| {
        json!({"id": format!("G{k}"), "bus": format!("b{bus}"), "min_p_mw": least, "max_p_mw": p,
            "offer": [{"p_mw": p, "usd_per_mwh": usd, "end_usd_per_mwh": end}]})
    });
    let loads = loads.iter().enumerate();
    let loads = loads
        .map(|(k, (bus, p))| json!({"id": format!("L{k}"), "bus": format!("b{bus}"), "p_mw": p}));
    let text = json!({
        "version": 1, "name": "test", "source": "", "base_mva": 100.0,
        "buses": (0..buses).map(|b| json!({"id": format!("b{b}")})).collect::<Vec<_>>(),
        "branches": lines.collect::<Vec<_>>(),
        "generators": units.collect::<Vec<_>>(),
        "loads": loads.collect::<Vec<_>>(),
    });
    serde_json::from_value(text).unwrap()
}

/// 10 + 0.2 p at b0, 14 + 0.1 p at b1, the load at b1 behind a line with this limit.
fn two(limit: f64, load: f64) -> Case {
    let units = [(0, 0.0, 100.0, 10.0, 30.0), (1, 0.0, 100.0, 14.0, 24.0)];
    case(2, &[(0, 1, 0.1, limit)], &units, &[(1, load)])
}

fn solved(case: &Case) -> Report {
    let report = tandem::market::run(case, &optimal()).unwrap();
    assert!(report.certificates.iter().all(|c| c.certified));
    report
}

fn first(report: &Report, series: &str) -> f64 {
    let series = report.series(series);
    series.map_or(f64::NAN, |s| s.values[0])
}

#[track_caller]
fn near(ours: f64, expected: f64, within: f64) {
    assert!(
        (ours - expected).abs() <= within * (1.0 + expected.abs()),
        "{ours} is not {expected}"
    );
}

/// By hand, without a limit: 5 (λ − 10) + 10 (λ − 14) = 60 at λ = 50/3. With 20 MW on the line: 14 and 18 $/MWh, so
/// that a MW of it saves 4. With exactly 100/3 MW the prices are the same, as neither unit stands at an end.
#[test]
fn two_units_and_a_line() {
    let free = solved(&two(0.0, 60.0));
    near(first(&free, "p:G0"), 100.0 / 3.0, 1e-10);
    let (a, b) = (100.0 / 3.0, 80.0 / 3.0);
    near(
        first(&free, "cost"),
        10.0 * a + 0.1 * a * a + 14.0 * b + 0.05 * b * b,
        1e-10,
    );
    for (limit, lmp) in [
        (0.0, [50.0 / 3.0, 50.0 / 3.0]),
        (20.0, [14.0, 18.0]),
        (100.0 / 3.0, [50.0 / 3.0, 50.0 / 3.0]),
    ] {
        let report = solved(&two(limit, 60.0));
        near(first(&report, "lmp:b0"), lmp[0], 1e-9);
        near(first(&report, "lmp:b1"), lmp[1], 1e-9);
        assert!(report.series("lmp_low:b0").is_none(), "{limit}");
    }
    let full = solved(&two(20.0, 60.0));
    near(first(&full, "cost"), 200.0 + 40.0 + 560.0 + 80.0, 1e-10);
}

/// At 200 MW both give all they have: the last MWh saves 30, and no further one can be served.
#[test]
fn at_the_end_of_every_bid_the_price_has_no_upper_end() {
    let report = solved(&two(0.0, 200.0));
    near(first(&report, "lmp_low:b1"), 30.0, 1e-9);
    assert_eq!(first(&report, "lmp_high:b1"), f64::INFINITY);
    let none = tandem::market::run(&two(0.0, 201.0), &optimal()).unwrap();
    assert_eq!(none.status, Status::Infeasible);
}

/// HiGHS 1.16 on the same network with bus angles, `qp_regularization_value` 0: cost and prices to its tolerance.
#[test]
fn a_ring_of_five_buses_as_highs_has_it() {
    let lines = [
        (0, 1, 0.1, 0.0),
        (1, 2, 0.2, 30.0),
        (2, 3, 0.1, 0.0),
        (3, 4, 0.25, 25.0),
        (4, 0, 0.15, 0.0),
        (1, 4, 0.3, 0.0),
    ];
    let units = |flat_mw: f64| {
        [
            (0, 0.0, 100.0, 10.0, 20.0),
            (2, 0.0, 80.0, 18.0, 34.0),
            (3, 0.0, flat_mw, 25.0, 25.0),
            (4, 10.0, 120.0, 12.0, 36.0),
        ]
    };
    let loads = [(1, 60.0), (2, 50.0), (3, 70.0), (4, 20.0)];
    for (flat_mw, cost, lmp) in [
        (
            60.0,
            3619.381859,
            [19.325133, 20.198189, 23.399396, 25.0, 18.015548],
        ),
        (
            12.0,
            3869.767764,
            [19.626621, 22.498257, 33.027590, 38.292256, 15.319167],
        ),
    ] {
        let report = solved(&case(5, &lines, &units(flat_mw), &loads));
        near(first(&report, "cost"), cost, 1e-8);
        for (bus, lmp) in lmp.into_iter().enumerate() {
            near(first(&report, &format!("lmp:b{bus}")), lmp, 1e-6);
        }
    }
}

/// Random networks whose generators rise: a third from block to block, a third from one flat block, others within one.
fn rising(rng: &mut Rng) -> Case {
    let mut case = random_case(rng);
    for (k, generator) in case.generators.iter_mut().enumerate() {
        let [first, second] = generator.offer.as_mut_slice() else {
            continue;
        };
        match k % 3 {
            0 => {
                first.end_usd_per_mwh = Some(second.usd_per_mwh);
                second.end_usd_per_mwh = Some(second.usd_per_mwh + 15.0);
            }
            1 => second.end_usd_per_mwh = Some(second.usd_per_mwh + 10.0 * rng.f64()),
            _ => {
                first.end_usd_per_mwh = Some(first.usd_per_mwh + 1.0);
                generator.min_p_mw = 5.0;
            }
        }
    }
    case
}

/// The same with `count` flat blocks in the place of each that rises, at the mean of its price, and how much dearer at
/// most: s h² / 8 for each unit.
fn in_blocks(case: &Case, count: usize) -> (Case, f64) {
    let mut many = case.clone();
    let mut dearer = 0.0;
    for generator in &mut many.generators {
        let mut most = 0.0_f64;
        let blocks = generator.offer.iter().flat_map(|block| {
            let (width, slope) = (block.p_mw / count as f64, block.slope());
            most = most.max(slope * width * width / 8.0);
            let flat = move |k: usize| {
                Block::flat(width, block.usd_per_mwh + slope * width * (k as f64 + 0.5))
            };
            (0..count).map(flat)
        });
        generator.offer = blocks.collect();
        dearer += most;
    }
    (many, dearer)
}

fn cost(case: &Case) -> Option<f64> {
    let report = tandem::market::run(case, &optimal()).ok()?;
    (report.status == Status::Solved).then(|| {
        assert!(report.certificates.iter().all(|c| c.certified));
        first(&report, "cost")
    })
}

#[test]
fn random_networks_cost_what_angles_and_the_interior_point_say() {
    let mut rng = Rng::with_seed(5);
    let mut solved = 0;
    for k in 0..200 {
        let mut case = rising(&mut rng);
        case.generators.iter_mut().for_each(|g| g.min_p_mw = 0.0);
        let (ours, other) = (cost(&case), b_theta_cost(&case));
        match (ours, other) {
            (Some(ours), Some(other)) => near(ours, other, 1e-6),
            (ours, other) => assert!(ours.is_none() && other.is_none(), "{k}: {ours:?} {other:?}"),
        }
        solved += usize::from(ours.is_some());
    }
    assert!(solved > 150, "{solved}");
}

/// No convex cost is above the chords over it, and those of 2,000 blocks are above it by little.
#[test]
fn many_blocks_come_from_above() {
    let mut rng = Rng::with_seed(9);
    let mut solved = 0;
    for k in 0..12 {
        let case = rising(&mut rng);
        let Some(ours) = cost(&case) else { continue };
        let (many, dearer) = in_blocks(&case, 1000);
        let above = cost(&many).unwrap() - ours;
        let rounding = 1e-9 * ours;
        assert!(
            above >= -rounding && above <= dearer + rounding,
            "{k}: {above} of {dearer}"
        );
        solved += 1;
    }
    assert!(solved > 8, "{solved}");
}

#[test]
fn prices_of_random_networks_are_explained_and_proved() {
    let mut rng = Rng::with_seed(31);
    let (mut prices, mut ties) = (0, 0);
    for k in 0..100 {
        let case = rising(&mut rng);
        let params = RtSced {
            method: match k % 2 {
                0 => Method::Optimal,
                _ => Method::DistributionFactors,
            },
            ..optimal()
        };
        let (more, tied) = checked(&case, &params, &format!("network {k}"));
        prices += more;
        ties += tied;
    }
    assert!(prices > 500, "{prices} prices, {ties} of them at a tie");
}

/// Behind the full line G1 alone serves the next MWh at b1: 18 $/MWh, and each further one 0.1 more; without a limit
/// the two share it 1 : 2 and the price rises by 1/15.
#[test]
fn the_next_mwh_rises() {
    for (limit, price, rise, by) in [
        (20.0, 18.0, 0.1, vec![("G1", 1.0)]),
        (
            0.0,
            50.0 / 3.0,
            1.0 / 15.0,
            vec![("G0", 1.0 / 3.0), ("G1", 2.0 / 3.0)],
        ),
    ] {
        let case = two(limit, 60.0);
        let system = System::new(&case, &optimal()).unwrap();
        let mut process = start(&system, &optimal()).unwrap();
        let found = process.explain(&system, &optimal(), 0, 1).ok().unwrap();
        let next = found.next.unwrap();
        near(next.usd_per_mwh, price, 1e-9);
        near(next.rise_usd_per_mw2h, rise, 1e-9);
        let units: Vec<(&str, f64)> = next.units.iter().map(|u| (u.id.as_str(), u.by)).collect();
        assert_eq!(units.len(), by.len());
        for (ours, expected) in units.iter().zip(by) {
            assert_eq!(ours.0, expected.0);
            near(ours.1, expected.1, 1e-9);
        }
        for unit in &next.units {
            near(unit.usd_per_mwh, price, 1e-9);
        }
        // 0.1 MW: the price times that, and half the rise times its square.
        near(
            next.proof.predicted_usd_per_h,
            0.1 * price + 0.005 * rise,
            1e-9,
        );
        near(
            next.proof.solved_usd_per_h,
            next.proof.predicted_usd_per_h,
            1e-8,
        );
    }
    let document = document(&two(0.0, 60.0));
    let mut session = Session::new(document);
    assert!(session.solve().is_ok());
    let told = session
        .explain(&SubjectKind::Bus.of("b1").unwrap(), 1)
        .unwrap();
    let rises = "Each MW costs 0.0667\u{a0}$/MWh more than the one before.";
    assert!(
        told.sentences.iter().any(|s| s == rises),
        "{:?}",
        told.sentences
    );
    let unit = session
        .explain(&SubjectKind::Party.of("G1").unwrap(), 1)
        .unwrap();
    let stands = "It is marginal: its block at 14 to 24\u{a0}$/MWh is partly used, to where it bids 16.7\u{a0}$/MWh, and that is its price.";
    assert!(
        unit.sentences.iter().any(|s| s == stands),
        "{:?}",
        unit.sentences
    );
}

fn document(case: &Case) -> Document {
    let mechanism = json!({"kind": "rt_sced", "method": "optimal", "intervals": 1});
    let value = json!({"version": 1, "case": case, "mechanism": mechanism});
    Document::from_value(value).unwrap()
}

/// A third unit at b1 from 20 $/MWh on, rising by 0.5: it starts at λ = 50/3. A bid 0.01 below that leaves
/// λ = 50/3 − 0.01 + q/15 beside it after q MW less for the others, so that it gives 0.01 / (0.5 + 1/15) MW.
#[test]
fn a_unit_that_rises_says_how_much_it_would_give() {
    let mut case = two(0.0, 60.0);
    let mut third = case.generators[1].clone();
    third.id = "G2".into();
    third.max_p_mw = 20.0;
    third.offer = vec![Block {
        end_usd_per_mwh: Some(30.0),
        ..Block::flat(20.0, 20.0)
    }];
    case.generators.push(third);
    let system = System::new(&case, &optimal()).unwrap();
    let mut process = start(&system, &optimal()).unwrap();
    let found = process.explain(&system, &optimal(), 0, 1).ok().unwrap();
    let [idle] = found.idle.as_slice() else {
        panic!("one idle unit")
    };
    let start = idle.start.as_ref().unwrap();
    near(start.usd_per_mwh, 50.0 / 3.0, 1e-9);
    let trial = &start.trials[0];
    near(trial.predicted_mw, 0.01 / (0.5 + 1.0 / 15.0), 1e-9);
    near(trial.solved_mw, trial.predicted_mw, 1e-9);
    near(start.trials[1].solved_mw, 0.0, 1e-12);
}

/// Ramps, three intervals looked ahead at, aggregators with factors, curtailment: certified, and every output within its
/// range; with equivalents beside generators that rise the cost is that of the DERs at their own buses.
#[test]
fn every_method_that_takes_rising_generators_clears() {
    let mut rng = Rng::with_seed(3);
    let mut cleared = 0;
    for k in 0..30 {
        let mut case = rising(&mut rng);
        if k % 2 == 0 {
            case.generators
                .iter_mut()
                .for_each(|g| g.ramp_mw_per_min = Some(2.0));
        }
        let params = RtSced {
            method: Method::DistributionFactors,
            intervals: 3,
            load_profile: vec![1.0, 0.9, 1.1],
            look_ahead_intervals: 1 + k % 3,
            operation: Operation::Curtailed,
            ..RtSced::default()
        };
        for rule in [Rule::LatestSe, Rule::Block] {
            let mut params = params.clone();
            params.df.rule = rule;
            let report = tandem::market::run(&case, &params).unwrap();
            assert!(
                report.certificates.iter().all(|c| c.certified),
                "{k}: {:?}",
                report.certificates
            );
            cleared += usize::from(report.status == Status::Solved);
        }
    }
    assert!(cleared > 20, "{cleared}");
    let mut exact = preset("zuo-4node-exact", &[]);
    for generator in &mut exact.case.generators {
        let usd = generator.offer[0].usd_per_mwh;
        generator.offer[0].end_usd_per_mwh = Some(usd + 5.0);
    }
    let Mechanism::RtSced(params) = &exact.mechanism else {
        panic!("a dispatch")
    };
    let report = tandem::market::run(&exact.case, params).unwrap();
    assert!(report.certificates.iter().all(|c| c.certified));
    let last = |id: &str| report.quantity(id).and_then(|q| q.value).unwrap();
    near(last("cost_last"), last("cost_optimum"), 1e-7);
}

#[test]
fn what_takes_flat_blocks_alone_says_so() {
    let refused = |id: &str, field: &str| {
        let mut value = gallery::document(id).unwrap().to_value();
        path::set(&mut value, field, "40", &[]).unwrap();
        let problems = Scenario::from_value(value).unwrap_err();
        let found = problems.into_iter().find(|p| p.field == field);
        found.expect("the field named").message
    };
    let der = "case.ders.D2.offer.0.end_usd_per_mwh";
    assert!(refused("zuo-4node", der).starts_with("D2 belongs to aggregator A"));
    let generator = "case.generators.G1.offer.0.end_usd_per_mwh";
    assert!(refused("zuo-4node-union-jack-m3", generator).starts_with("Beside Union Jack bids"));
    let fine = preset("zuo-4node-exact", &[(generator, "40")]);
    assert!(fine.problems().is_empty());
}
