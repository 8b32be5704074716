//! The cure: network equivalents by exact curves and Union Jack bids, against the paper, against
//! the dispatch of every DER, and against each other.

use super::random::random_case;
use fastrand::Rng;
use tandem::case::Case;
use tandem::case::builtin::builtin;
use tandem::market::rt_sced::{
    self, CriticalLines, Lines, Method, NetworkEquivalent, Rectangle, RtSced,
};
use tandem::opt::zonotope::Place;
use tandem::opt::{DualFace, Model, Row, Var, simplex};
use tandem::report::{Cell, Mark, Report, Status};
use tandem::run;
use tandem::scenario::{Scenario, gallery, path};
use tandem::session::Session;

fn preset(id: &str, set: &[(&str, &str)]) -> Scenario {
    let mut value = gallery::document(id).unwrap().to_value();
    for (field, text) in set {
        path::set(&mut value, field, text, &[]).unwrap();
    }
    Scenario::from_value(value).unwrap()
}

fn values<'a>(report: &'a Report, series: &str) -> &'a [f64] {
    &report
        .series(series)
        .unwrap_or_else(|| panic!("no {series}"))
        .values
}

fn case(id: &str) -> Case {
    builtin(id).unwrap()
}

/// All limited lines critical to all aggregators.
fn all_lines(case: &Case) -> NetworkEquivalent {
    let limited = case.branches.iter().filter(|b| b.max_p_mw.is_some());
    let ids: Vec<String> = limited.map(|b| b.id.clone()).collect();
    NetworkEquivalent {
        lines: CriticalLines::Given,
        critical_lines: case
            .aggregators
            .iter()
            .map(|a| (a.id.clone(), Lines::Several(ids.clone())))
            .collect(),
        ..NetworkEquivalent::default()
    }
}

#[test]
fn the_sequence_over_m_is_the_known_one() {
    let expected = [139.0, 137.0, 136.7, 136.1875, 136.1875, 136.0625, 136.0438];
    for (m, expected) in (3..).zip(expected) {
        let params = RtSced {
            method: Method::UnionJack,
            intervals: 1,
            reference: "4".into(),
            equivalent: NetworkEquivalent {
                m,
                ..NetworkEquivalent::default()
            },
            ..RtSced::default()
        };
        let report = tandem::market::run(&case("zuo-4node"), &params).unwrap();
        let cost = values(&report, "cost")[0];
        assert!(
            (cost - expected).abs() < 6e-5,
            "M = {m}: {cost}, not {expected}"
        );
        assert!(report.certificates.iter().all(|c| c.certified));
    }
}

#[test]
fn the_tight_rectangle_gives_what_is_known_of_it() {
    for (m, expected) in [(3, 144.0), (4, 138.0), (5, 138.0)] {
        let scenario = preset(
            "zuo-4node-union-jack-m3",
            &[
                ("mechanism.equivalent.rectangle", "tight"),
                ("mechanism.equivalent.m", &m.to_string()),
            ],
        );
        let report = run::run(&scenario).unwrap();
        assert!(
            (values(&report, "cost")[0] - expected).abs() < 1e-9,
            "M = {m}"
        );
    }
}

#[test]
fn the_hexagon_its_edges_and_its_three_pieces() {
    let report = run::run(&preset("zuo-4node-exact", &[])).unwrap();
    let chart = report.chart("region").unwrap();
    let edges = chart.marks.iter().find_map(|m| match m {
        Mark::Edges { edges } => Some(edges),
        _ => None,
    });
    let edges = edges.unwrap();
    let mut corners: Vec<(f64, f64)> = edges.iter().map(|e| e.from).collect();
    corners.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let expected = [
        (0.0, -10.0),
        (0.0, 10.0),
        (2.0, 10.0),
        (4.0, -14.0),
        (6.0, -14.0),
        (6.0, 6.0),
    ];
    assert_eq!(corners.len(), 6, "{corners:?}");
    for (ours, theirs) in corners.iter().zip(expected) {
        assert!(
            (ours.0 - theirs.0).abs() < 1e-9 && (ours.1 - theirs.1).abs() < 1e-9,
            "{corners:?}"
        );
    }
    // P_a + P_l'' ≤ 12: the line is full and D3 can give no more.
    let between = |e: &&tandem::report::Edge| {
        let on = |p: (f64, f64)| (p.0 + p.1 - 12.0).abs() < 1e-9;
        on(e.from) && on(e.to)
    };
    let edge = edges.iter().find(between).unwrap();
    assert_eq!(edge.label, "line 2-3 full; D3 at maximum");
    let table = report.tables.iter().find(|t| t.id == "pieces").unwrap();
    let mut pieces: Vec<String> = table
        .rows
        .iter()
        .map(|row| match &row[0] {
            Cell::Text(formula) => formula.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    pieces.sort();
    assert_eq!(pieces, ["12 P_a − 8", "8 P_a", "8 P_a − 4 P_l'' − 40"]);
}

#[test]
fn three_cuts_without_binaries_give_the_optimum_and_its_prices() {
    // The linear program of the notes, written out: G1, G4, P_a, the bid's value.
    let mut model = Model::new("three cuts");
    let g1 = model.var("G1", 0.0, 8.0, 6.0);
    let g4 = model.var("G4", 0.0, 15.0, 16.0);
    let p_a = model.var("P_a", 0.0, 6.0, 0.0);
    let value = model.var("value", 0.0, f64::INFINITY, 1.0);
    let balance = model.row("balance", [(g1, 1.0), (g4, 1.0), (p_a, 1.0)], 15.0, 15.0);
    for (a, b, c) in [(8.0, 0.0, 0.0), (12.0, 0.0, -8.0), (8.0, -4.0, -40.0)] {
        model.row("cut", [(value, 1.0), (p_a, -a), (g1, -b)], c, f64::INFINITY);
    }
    let edge = model.row("edge", [(p_a, 1.0), (g1, 1.0)], -10.0, 12.0);
    let solution = simplex::solve(&model).unwrap();
    assert!((solution.objective - 136.0).abs() < 1e-9);
    let at = |v: Var| solution.x[v.0];
    assert!(
        (at(g1) - 8.0).abs() < 1e-9 && (at(g4) - 3.0).abs() < 1e-9 && (at(p_a) - 4.0).abs() < 1e-9
    );
    let duals = DualFace::new(&model, &solution.x)
        .unwrap()
        .duals(&[])
        .unwrap();
    let price = |row: Row| duals.rows[row.0];
    assert!((price(balance) - 16.0).abs() < 1e-9);
    assert!((price(edge) + 4.0).abs() < 1e-9);
    assert!((price(balance) + price(edge) - 12.0).abs() < 1e-9);
    // And through the mechanism: same dispatch, same price, in the plane of its own contribution.
    let report = run::run(&preset("zuo-4node-exact", &[])).unwrap();
    for (series, expected) in [
        ("p:G1", 8.0),
        ("p:G4", 3.0),
        ("pa:A", 4.0),
        ("lmpa:A", 12.0),
        ("cost", 136.0),
        ("mu:2-3", -4.0),
    ] {
        let ours = values(&report, series)[0];
        assert!((ours - expected).abs() < 1e-9, "{series}: {ours}");
    }
}

#[test]
fn exact_curves_are_the_dispatch_of_every_der() {
    let mut congested = 0;
    for seed in 0..60 {
        let case = random_case(&mut Rng::with_seed(seed));
        let equivalent = all_lines(&case);
        if equivalent
            .critical_lines
            .values()
            .all(|lines| lines.ids().is_empty())
        {
            continue;
        }
        let exact = RtSced {
            method: Method::ExactCurve,
            intervals: 2,
            equivalent,
            ..RtSced::default()
        };
        let report =
            tandem::market::run(&case, &exact).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        let best = tandem::market::run(
            &case,
            &RtSced {
                method: Method::Optimal,
                ..exact.clone()
            },
        )
        .unwrap();
        assert_eq!(report.status, best.status, "seed {seed}");
        if report.status == Status::Infeasible {
            continue;
        }
        assert!(
            report.certificates.iter().all(|c| c.certified),
            "seed {seed}: {:?}",
            report.certificates
        );
        for t in 0..2 {
            let (ours, theirs) = (values(&report, "cost")[t], values(&best, "cost")[t]);
            assert!((ours - theirs).abs() < 1e-5, "seed {seed}: {ours} {theirs}");
        }
        assert_eq!(
            values(&report, "overload")
                .iter()
                .filter(|o| **o > 1e-6)
                .count(),
            0,
            "seed {seed}"
        );
        let priced = case.branches.iter().filter(|b| {
            report
                .series(&format!("mu:{}", b.id))
                .is_some_and(|s| s.values[0] != 0.0)
        });
        congested += usize::from(priced.count() > 0);
        // Prices prove the same optimum wherever they are unique in both.
        let ties = |r: &Report| r.series.iter().any(|s| s.id.starts_with("lmp_low"));
        if !ties(&report) && !ties(&best) {
            for bus in &case.buses {
                let id = format!("lmp:{}", bus.id);
                let (ours, theirs) = (values(&report, &id)[0], values(&best, &id)[0]);
                assert!(
                    (ours - theirs).abs() < 1e-5,
                    "seed {seed}, bus {}: {ours} {theirs}",
                    bus.id
                );
            }
        }
    }
    assert!(
        congested >= 10,
        "only {congested} random cases are congested"
    );
}

#[test]
fn union_jack_bids_are_feasible_and_never_cheaper_than_the_curve() {
    let mut solved = 0;
    for seed in 0..40 {
        let mut case = random_case(&mut Rng::with_seed(seed));
        // One aggregator on one line: what the published method covers completely.
        case.aggregators.truncate(1);
        let best = RtSced {
            method: Method::Optimal,
            intervals: 1,
            ..RtSced::default()
        };
        let optimum = tandem::market::run(&case, &best).unwrap();
        let binding = case.branches.iter().find(|b| {
            optimum
                .series(&format!("mu:{}", b.id))
                .is_some_and(|s| s.values.first().is_some_and(|y| *y != 0.0))
        });
        let Some(line) = binding else { continue };
        let lines = [(case.aggregators[0].id.clone(), Lines::One(line.id.clone()))];
        let with = |method: Method, m: u32| RtSced {
            method,
            intervals: 3,
            equivalent: NetworkEquivalent {
                lines: CriticalLines::Given,
                critical_lines: lines.clone().into(),
                m,
                rectangle: Rectangle::Tight,
                ..NetworkEquivalent::default()
            },
            ..RtSced::default()
        };
        let exact = tandem::market::run(&case, &with(Method::ExactCurve, 4)).unwrap();
        for m in [2, 4] {
            let report = tandem::market::run(&case, &with(Method::UnionJack, m)).unwrap();
            if report.status == Status::Infeasible {
                continue;
            }
            solved += 1;
            assert!(
                report.certificates.iter().all(|c| c.certified),
                "seed {seed}: {:?}",
                report.certificates
            );
            let over = values(&report, &format!("over:{}", line.id));
            assert!(
                over.iter().all(|o| *o < 1e-6),
                "seed {seed}, M = {m}: {over:?}"
            );
            // Before any feedback both see the same program but for the interpolation.
            let (ours, curve) = (values(&report, "cost")[0], values(&exact, "cost")[0]);
            assert!(
                ours >= curve - 1e-6,
                "seed {seed}, M = {m}: {ours} under {curve}"
            );
        }
    }
    assert!(solved >= 20, "only {solved} runs");
}

/// A day of load that rises and falls, the same on both sides of its middle.
fn moving_load() -> Vec<f64> {
    (0..288)
        .map(|t| {
            let x = (f64::from(t) + 0.5) / 288.0;
            let slow = (std::f64::consts::PI * x).sin();
            let t = t.min(287 - t);
            0.93 + 0.07 * slow + 0.004 * f64::from(t % 3)
        })
        .collect()
}

#[test]
fn neither_cure_oscillates_over_a_day_of_moving_load() {
    for (id, der, line, tolerance) in [
        ("zuo-4node-exact", "D2", "2-3", 1e-6),
        ("zuo-4node-union-jack-m4", "D2", "2-3", 1e-6),
        ("zuo-30bus-exact", "D26", "24-25", 1e-6),
        ("zuo-30bus-proposed", "D26", "24-25", 2e-2),
    ] {
        let mut scenario = preset(id, &[]);
        let tandem::scenario::Mechanism::RtSced(params) = &mut scenario.mechanism else {
            panic!("a preset of RT-SCED")
        };
        params.intervals = 288;
        params.load_profile = moving_load();
        let report = run::run(&scenario).unwrap();
        assert_eq!(report.status, Status::Solved, "{id}");
        assert!(report.certificates.iter().all(|c| c.certified), "{id}");
        let over = values(&report, &format!("over:{line}"));
        let worst = over.iter().copied().fold(0.0, f64::max);
        assert!(worst <= tolerance, "{id}: {line} over by {worst}");
        // What is dispatched depends on the load, not on what was dispatched before: the same load
        // in the morning and in the evening finds the same output.
        let output = values(&report, &format!("p:{der}"));
        for t in 0..144 {
            let (morning, evening) = (output[t], output[287 - t]);
            assert!(
                (morning - evening).abs() <= tolerance,
                "{id}, interval {}: {morning} {evening}",
                t + 1
            );
        }
        // Under the same load fixed factors swing.
        let tandem::scenario::Mechanism::RtSced(params) = &mut scenario.mechanism else {
            panic!("a preset of RT-SCED")
        };
        params.method = Method::DistributionFactors;
        let swinging = run::run(&scenario).unwrap();
        let apart = values(&swinging, &format!("p:{der}"));
        let most = (0..144)
            .map(|t| (apart[t] - apart[287 - t]).abs())
            .fold(0.0, f64::max);
        assert!(most > 0.05, "{id}: fixed factors differ by {most} only");
        if id.ends_with("exact") {
            let (ours, best) = (values(&report, "cost"), values(&report, "cost_optimum"));
            for (t, (ours, best)) in ours.iter().zip(best).enumerate() {
                assert!(
                    (ours - best).abs() < 1e-5,
                    "{id}, interval {}: {ours} {best}",
                    t + 1
                );
            }
        }
    }
}

#[test]
fn algorithm_1_finds_the_exact_curve() {
    let report = run::run(&preset("zuo-30bus-exact", &[])).unwrap();
    assert!(
        report
            .tables
            .iter()
            .any(|t| t.id == "bid" && !t.rows.is_empty())
    );
    let case = case("zuo-30bus");
    let params = RtSced::default();
    let system = rt_sced::system::System::new(&case, &params).unwrap();
    let line = system.limits.iter().position(|l| l.id == "24-25").unwrap();
    let equivalent = rt_sced::equivalent::Equivalent::new(&system, 0, &[line]).unwrap();
    let (p, q) = (equivalent.bid.range(0), equivalent.bid.range(1));
    let pairs: Vec<(f64, f64)> = (0..=12)
        .flat_map(|i| (0..=12).map(move |j| (f64::from(i) / 12.0, f64::from(j) / 12.0)))
        .map(|(a, b)| (p.0 + a * (p.1 - p.0), q.0 + b * (q.1 - q.0)))
        .collect();
    let mut feasible = 0;
    for (offer, &(x, y)) in equivalent
        .aggregated_bid(&system, &pairs)
        .unwrap()
        .iter()
        .zip(&pairs)
    {
        match (offer, equivalent.bid.at(&[x, y]).unwrap()) {
            (Some(offer), Place::Inside(reached)) => {
                feasible += 1;
                assert!((offer.cost_usd_per_h - reached.cost).abs() < 1e-7);
                assert!((y + offer.sent_mw).abs() <= 6.22 + 1e-7);
            }
            (None, Place::Outside { .. }) => {}
            (offer, place) => panic!("({x}, {y}): {} {place:?}", offer.is_some()),
        }
    }
    assert!(feasible > 40, "{feasible}");
}

#[test]
fn critical_lines_are_proposed_where_factors_can_err() {
    let report = run::run(&preset("zuo-30bus", &[])).unwrap();
    let table = report.tables.iter().find(|t| t.id == "critical").unwrap();
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let first: Vec<String> = table.rows[0].iter().take(2).map(text).collect();
    assert_eq!(first, ["24-25", "A1"]);
    assert_eq!(text(&table.rows[0][5]), "yes");
    // With the lines proposed, the exact curve finds the optimum too.
    let proposed = preset("zuo-30bus", &[("mechanism.method", "exact_curve")]);
    let report = run::run(&proposed).unwrap();
    let cost = values(&report, "cost");
    assert!((cost[cost.len() - 1] - 330.978).abs() < 1e-3);
}

#[test]
fn what_cannot_be_done_is_said() {
    let two = preset("zuo-30bus-proposed", &[]);
    let mut value = two.to_value();
    path::set(
        &mut value,
        "mechanism.equivalent.critical_lines.A1",
        r#"["24-25","6-8"]"#,
        &[],
    )
    .unwrap();
    let problem = Scenario::from_value(value).unwrap_err();
    assert!(problem[0].message.contains("takes one line"), "{problem:?}");
    let far = preset(
        "zuo-4node-union-jack-calibrated-m3",
        &[
            ("mechanism.equivalent.own.p_other_min_mw", "30"),
            ("mechanism.equivalent.own.p_other_max_mw", "40"),
        ],
    );
    let report = run::run(&far).unwrap();
    assert_eq!(report.status, Status::Infeasible);
    assert!(report.headline.contains("grid"), "{}", report.headline);
    let mut empty = preset("zuo-4node-union-jack-m3", &[]).to_value();
    path::set(&mut empty, "mechanism.equivalent.rectangle", "own", &[]).unwrap();
    let problem = Scenario::from_value(empty).unwrap_err();
    assert!(problem[0].message.contains("empty"), "{problem:?}");
}

#[test]
fn a_point_of_the_region_says_what_it_costs_and_who_produces() {
    let scenario = preset("zuo-4node-union-jack-m3", &[]);
    let report = run::run(&scenario).unwrap();
    let key = report.chart("region").unwrap().probe.clone().unwrap();
    let probe = run::probe(&scenario, &key, 4.0, 8.0).unwrap();
    assert!(probe.inside);
    assert!(probe.sentence.contains("40 $/h"), "{}", probe.sentence);
    let output = |row: usize| match probe.table.rows[row][1] {
        Cell::Number(p) => p,
        _ => f64::NAN,
    };
    assert!((output(0) - 2.0).abs() < 1e-9 && (output(1) - 2.0).abs() < 1e-9);
    let outside = run::probe(&scenario, &key, 5.0, 8.0).unwrap();
    assert!(!outside.inside && outside.table.rows.is_empty());
    assert!(
        outside.sentence.contains("0 MW to 4 MW"),
        "{}",
        outside.sentence
    );
    assert!(run::probe(&scenario, "nobody behind nothing", 0.0, 0.0).is_err());
}

#[test]
fn all_methods_stand_side_by_side() {
    let report = run::compare(&preset("zuo-30bus", &[])).unwrap();
    let table = &report.tables[0];
    assert_eq!(table.rows.len(), 7);
    for chart in [
        "compare_dispatch",
        "compare_cost",
        "compare_overload",
        "compare_m",
    ] {
        assert!(report.chart(chart).is_some(), "{chart}");
    }
    let last = |method: &str| {
        *values(&report, &format!("dispatch:{method}"))
            .last()
            .unwrap()
    };
    assert!((last("optimal") - 1.3185).abs() < 1e-4);
    assert!((last("exact_curve") - 1.3185).abs() < 1e-4);
    let fixed = values(&report, "dispatch:capacity");
    assert!((fixed[0] - 1.9).abs() < 1e-3 && (fixed[1] - 0.6918).abs() < 1e-3);
    let proposed = run::compare(&preset("zuo-30bus-proposed", &[])).unwrap();
    let union_jack = values(&proposed, "dispatch:union_jack");
    assert!((union_jack[1] - 0.6252).abs() < 1e-4);
}

#[test]
fn m_can_be_swept_and_its_program_written() {
    let scenario = preset("zuo-4node-union-jack-m3", &[]);
    let cost = |m: f64| {
        let summary = tandem::sweep::point(
            &mut Session::from(scenario.clone()),
            &scenario.clone().into(),
            "mechanism.equivalent.m",
            m,
        )
        .unwrap();
        summary
            .iter()
            .find(|q| q.id == "cost_last")
            .unwrap()
            .value
            .unwrap()
    };
    assert!((cost(4.0) - 137.0).abs() < 1e-9 && (cost(8.0) - 136.0625).abs() < 1e-9);
    assert!(
        tandem::sweep::point(
            &mut Session::from(scenario.clone()),
            &scenario.clone().into(),
            "mechanism.equivalent.m",
            3.5
        )
        .is_err()
    );
    // The integer program as text: 2M + 1 binaries, the region's edges, P_l'' defined.
    let lp = run::lp_file(&scenario, 1).unwrap();
    let names = lp.split_whitespace();
    let binaries: std::collections::BTreeSet<&str> = names
        .filter(|w| (w.contains("_bit_") && w.matches('_').count() == 3) || *w == "diagonal_1")
        .filter(|w| !w.ends_with(':'))
        .collect();
    assert_eq!(binaries.len(), 7, "{binaries:?}");
    assert!(lp.contains("region_A_1") && lp.contains("others_on_2_3_A"));
    // The exact curve's program holds its cuts and no binaries.
    let exact = run::lp_file(&preset("zuo-4node-exact", &[]), 1).unwrap();
    assert!(exact.contains("curve") && !exact.contains("_bit_"));
}

#[test]
fn what_factors_promise_is_held_against_what_the_aggregator_delivers() {
    let row = |id: &str, t: usize| -> Vec<f64> {
        let report = run::run(&preset(id, &[])).unwrap();
        let table = report.tables.iter().find(|t| t.id == "promises").unwrap();
        let number = |cell: &Cell| match cell {
            Cell::Number(value) => *value,
            other => panic!("{other:?}"),
        };
        table.rows[t - 1].iter().map(number).collect()
    };
    let close = |ours: &[f64], theirs: &[f64], tolerance: f64| {
        let pairs = ours.iter().zip(theirs);
        assert!(
            pairs.clone().all(|(a, b)| (a - b).abs() < tolerance),
            "{ours:?} {theirs:?}"
        );
    };
    // Interval 1: 2 MW of room at a factor of 2/3 are 3 MW, of 4 that fit. Interval 2: 1 MW of room
    // on top of 3 MW are 4.5, and line 2-3 carries half a megawatt too much.
    close(
        &row("zuo-4node", 1),
        &[1.0, 8.0, 3.0, 4.0, 4.0, 0.0, 1.0, 0.0, 4.0],
        1e-9,
    );
    close(
        &row("zuo-4node", 2),
        &[2.0, 8.0, 4.5, 4.0, 4.0, 0.5, 0.0, 2.0, 0.0],
        1e-9,
    );
    // By merit order A1 fills the line at 5 MW of D27 and 1.3185 MW of D26: the optimum.
    let second = row("zuo-30bus", 2);
    close(&second[3..4], &[6.3185], 1e-4);
    close(&second[6..7], &[0.6267], 1e-4);
}
