//! The cure: network equivalents by exact curves and Union Jack bids, against the paper, against
//! the dispatch of every DER, and against each other.

use super::random::random_case;
use super::{preset, values};
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
