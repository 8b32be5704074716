//! The presets of the instance K33: what they ask, and reports that hold together.

use super::k33;
use crate::testing::changes::value;
use crate::testing::near::near;
use tandem::market::bsp_bidding::clear::{Bids, Cleared, clear};
use tandem::market::bsp_bidding::day::Day;
use tandem::market::bsp_bidding::forwarding::Forwarded;
use tandem::market::bsp_bidding::game::{End, play};
use tandem::market::bsp_bidding::handover;
use tandem::market::bsp_bidding::schemes::{Scheme, cover};
use tandem::market::bsp_bidding::strategy::answer;
use tandem::market::bsp_bidding::{Behaviour, BspBidding, Monitoring, Settlement, TsoMarket};
use tandem::market::{MARKETS, View};
use tandem::report::{Mark, Report};
use tandem::run;
use tandem::scenario::{Mechanism, Scenario, gallery};

const IDS: [&str; 8] = [
    "khojasteh-k33",
    "khojasteh-k33-truthful",
    "khojasteh-k33-tso-only",
    "khojasteh-k33-stage2",
    "khojasteh-k33-two-bsps",
    "khojasteh-k33-both-levels",
    "khojasteh-k33-storage",
    "khojasteh-k33-cone",
];

fn report(id: &str) -> Report {
    run::run(&gallery::document(id).unwrap()).unwrap()
}

#[test]
fn every_preset_has_a_report_that_holds_together() {
    for id in IDS {
        let report = report(id);
        assert!(report.published.iter().all(|p| p.agrees), "{id}");
        assert!(
            report
                .published
                .iter()
                .all(|p| p.note.contains("holds by construction")),
            "{id}"
        );
        assert!(report.certificates.iter().all(|c| c.certified), "{id}");
        assert!(
            report
                .messages
                .iter()
                .any(|m| m.text.contains("no evidence")),
            "{id}"
        );
        // The ledger sums to zero, and the DSO passes on what it pays.
        let net: f64 = report
            .ledger
            .parties()
            .iter()
            .map(|p| report.ledger.net_usd(p))
            .sum();
        assert!(net.abs() < 1e-9, "{id}: {net}");
        assert!(report.ledger.net_usd("DSO").abs() < 1e-9, "{id}");
        let steps = report.clock.as_ref().unwrap().steps;
        for chart in &report.charts {
            for mark in &chart.marks {
                match mark {
                    Mark::Line { series, .. } => {
                        let series = report
                            .series(series)
                            .unwrap_or_else(|| panic!("{id}: no series {series}"));
                        assert_eq!(series.values.len(), steps, "{id}: {}", series.id);
                    }
                    Mark::Bars { labels, series, .. } => {
                        assert_eq!(labels.len(), series.len());
                        assert!(
                            series.iter().all(|s| report.series(s).is_some()),
                            "{id}: {}",
                            chart.id
                        );
                    }
                    _ => {}
                }
            }
        }
        let thumbnail = gallery::entries()
            .unwrap()
            .into_iter()
            .find(|e| e.id == id)
            .unwrap()
            .thumbnail;
        assert!(report.chart(&thumbnail).is_some(), "{id}: {thumbnail}");
        for bus in ["1", "18", "33"] {
            assert!(
                report.series(&format!("v:{bus}")).is_some()
                    && report.series(&format!("lmp:{bus}")).is_some()
            );
        }
        assert!(
            report.series("loading:BW33/6-26").is_some()
                && report.series("flow:BW33/1-2").is_some()
        );
    }
}

#[test]
fn the_numbers_of_the_page() {
    let report = report("khojasteh-k33");
    assert!((value(&report, "cost:truthful") - 178.812).abs() < 6e-4);
    assert!((value(&report, "payment:strategic") - 234.278).abs() < 6e-4);
    assert!((value(&report, "cost_change:truthful") + 24.32).abs() < 6e-3);
    assert!((value(&report, "payment_change:truthful") + 5.6).abs() < 0.06);
    assert!((value(&report, "payment_change:strategic") + 0.8).abs() < 0.06);
    assert!((value(&report, "profit:S:strategic") - 28.743).abs() < 6e-4);
    assert!(value(&report, "gap") < 1e-6 && value(&report, "big_m") > 0.01);
    let paid = value(&report, "payment:strategic");
    let from_dso = -report
        .ledger
        .entries
        .iter()
        .filter(|e| e.payee == "DSO" && e.item == "cost of the imbalance")
        .map(|e| -e.amount_usd)
        .sum::<f64>();
    assert!((paid - from_dso).abs() < 1e-9);
    let surface = report.chart("landscape").unwrap();
    let points: Vec<&str> = surface
        .marks
        .iter()
        .filter_map(|m| match m {
            Mark::Point { label, .. } => Some(label.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(points, ["your bids", "at cost", "best answer"]);
}

#[test]
fn the_profit_surface_peaks_at_the_best_answer_and_answers_to_a_probe() {
    let scenario = gallery::document("khojasteh-k33").unwrap();
    let report = run::run(&scenario).unwrap();
    let surface = report.chart("landscape").unwrap();
    let mut highest = f64::NEG_INFINITY;
    for mark in &surface.marks {
        if let Mark::Surface { cells, .. } = mark {
            assert!(cells.len() > 10);
            highest = cells
                .iter()
                .flat_map(|c| &c.corners)
                .map(|c| c.2)
                .fold(highest, f64::max);
        }
    }
    let best = report.series("profit:S:strategic").unwrap().values[6];
    assert!((highest - best).abs() < 1e-4, "{highest} {best}");
    let probe = run::probe(&scenario, "profit:7", 60.0, 66.0).unwrap();
    assert!(probe.inside && probe.sentence.contains("S18 at 60"));
    assert!(run::probe(&scenario, "profit:99", 0.0, 0.0).is_err());
}

/// Hour 7 of K33 by hand: 0.14 MW at DA 45, offers of S18 0.06, S33 0.07, R22 0.05 and R25 0.08 MW times 0.64406945. R22 at
/// 1.05 DA, R25 at 1.18 DA and S18 at 60 are taken whole, S33 at 66 gives the rest and sets the price below the TSO's
/// 1.4771464 DA.
#[test]
fn a_point_of_the_profit_surface_has_its_dispatch() {
    let scenario = gallery::document("khojasteh-k33").unwrap();
    let probe = run::probe(&scenario, "profit:7", 60.0, 66.0).unwrap();
    let size = 0.644_069_45;
    let shown = |id: &str| probe.shown.iter().find(|s| s.series == id).unwrap().value;
    let rest = 0.14 - size * (0.05 + 0.08 + 0.06);
    for (id, value) in [
        ("p:S18", 0.06 * size),
        ("p:S33", rest),
        ("p:R22", 0.05 * size),
        ("p:R25", 0.08 * size),
        ("lmp:18", 66.0),
    ] {
        assert!((shown(id) - value).abs() < 1e-7, "{id}: {}", shown(id));
    }
    assert!(probe.edges.is_empty());
    let sentence = &probe.sentence;
    assert!(
        sentence.ends_with("at a price of 66\u{a0}$/MWh for the imbalance; no limit binds."),
        "{sentence}"
    );
    // At the bid of R22, 1.05 · 45 $/MWh, and where the two bid the same.
    let edges = |x: f64, y: f64| run::probe(&scenario, "profit:7", x, y).unwrap().edges;
    assert_eq!(edges(47.25, 66.0), ["S18 at the price of R22"]);
    assert_eq!(edges(60.0, 60.0), ["S18 at the price of S33"]);
    assert_eq!(
        edges(60.0, 1.477_146_4 * 45.0),
        ["S33 at the price of the TSO"]
    );
    // The line of R25, at 1.18 · 45 $/MWh, goes across the whole plane.
    let document = scenario.with("view.step", "7").unwrap();
    let report = run::run(&document).unwrap();
    let marks = &report.chart("landscape").unwrap().marks;
    let edges = marks.iter().find_map(|mark| match mark {
        Mark::Edges { edges } => Some(edges),
        _ => None,
    });
    let named = |label: &str| edges.unwrap().iter().find(|e| e.label == label).unwrap();
    let (down, across) = (
        named("S18 at the price of R25"),
        named("S33 at the price of R25"),
    );
    for at in [down.from.0, down.to.0, across.from.1, across.to.1] {
        near("bid of R25", at, 53.1, 1e-9);
    }
    assert!(down.from.1 < 53.1 && 53.1 < down.to.1);
}

#[test]
fn two_owners_and_the_equilibrium_check() {
    let system = k33();
    let params = BspBidding {
        strategic: vec!["S".into(), "R1".into()],
        ..BspBidding::default()
    };
    let (mut settled, mut other) = (0, 0);
    for (t, hour) in system.hours.iter().enumerate() {
        let found = play(&system, hour, &params, &[0, 1]).unwrap();
        // Checked again here: what each could gain by its best answer.
        for (player, gain) in [0, 1].into_iter().zip(&found.gains) {
            let own = system.owned(player);
            let best = answer(hour, &found.bids, &own, &params, params.method).unwrap();
            let now = clear(hour, &found.bids).unwrap();
            let now = now.profit_of(hour, &found.bids, false, &own);
            assert!(((best.profit - now).max(0.0) - gain).abs() < 1e-9);
            // An equilibrium leaves nothing but rounding.
            if found.end == End::Settled {
                assert!(
                    *gain <= 1e-6 * (1.0 + best.profit.abs()),
                    "hour {}: {gain}",
                    t + 1
                );
            }
        }
        let (usd, share) = found.epsilon();
        assert_eq!(usd, found.gains.iter().copied().fold(0.0, f64::max));
        assert!(share >= 0.0 && share.is_finite());
        if found.end == End::Settled {
            settled += 1;
        } else {
            other += 1;
        }
    }
    assert!(settled >= 12, "{settled} settled, {other} not");
}

#[test]
fn three_owners_undercut_one_another_in_a_circle_where_each_can_be_done_without() {
    let system = k33();
    let params = BspBidding {
        strategic: vec!["S".into(), "R1".into(), "R2".into()],
        ..BspBidding::default()
    };
    for (t, hour) in system.hours.iter().enumerate().take(8) {
        let found = play(&system, hour, &params, &[0, 1, 2]).unwrap();
        if (3..=6).contains(&(t + 1)) {
            assert!(
                matches!(found.end, End::Circle(n) if n > 5),
                "hour {}: {:?}",
                t + 1,
                found.end
            );
            assert!(found.gains.iter().any(|g| *g > 0.1));
        } else {
            assert!(
                matches!(found.end, End::Settled | End::Near),
                "hour {}: {:?}",
                t + 1,
                found.end
            );
        }
    }
    let open = BspBidding {
        rounds: 4,
        ..params
    };
    let found = play(&system, &system.hours[3], &open, &[0, 1, 2]).unwrap();
    assert_eq!((found.end, found.rounds), (End::Open, 4));
}

#[test]
fn caps_and_monitoring_lower_what_an_owner_can_earn() {
    let system = k33();
    let profit = |params: &BspBidding| {
        let outcome = Day::new(&system, params, Behaviour::Strategic, None).unwrap();
        (outcome.owner_usd(0), outcome.totals.payment_usd)
    };
    let free = profit(&BspBidding::default());
    let capped = profit(&BspBidding {
        max_up_bid: Some(1.15),
        min_down_bid: Some(0.85),
        ..BspBidding::default()
    });
    let watched = profit(&BspBidding {
        monitoring: Some(Monitoring { threshold: 0.05 }),
        ..BspBidding::default()
    });
    let truth = Day::new(&system, &BspBidding::default(), Behaviour::Truthful, None).unwrap();
    let honest = truth.owner_usd(0);
    for (name, (earned, paid)) in [("cap", capped), ("monitoring", watched)] {
        assert!(
            earned < free.0 - 0.1 && earned >= honest - 1e-6,
            "{name}: {earned} of {}",
            free.0
        );
        assert!(paid < free.1, "{name}");
    }
    // Paid as bid a strategic owner bids the price; owners at cost earn nothing.
    let params = BspBidding {
        settlement: Settlement::PayAsBid,
        ..BspBidding::default()
    };
    let as_bid = Day::new(&system, &params, Behaviour::Strategic, None).unwrap();
    assert!((as_bid.owner_usd(0) - free.0).abs() < 1e-4);
    assert!(as_bid.owner_usd(1).abs() < 1e-6);
    assert!(as_bid.totals.payment_usd < free.1 - 1.0);
}

#[test]
fn the_function_offers_no_less_than_the_box_and_clears_like_one_market() {
    let system = k33();
    for t in [5, 18] {
        let hour = &system.hours[t];
        let bids = Bids::truthful(hour);
        let common = handover::common(&MARKETS, &system, t, &bids).unwrap();
        let none = (&Cleared::default(), &Forwarded::default());
        let whole = cover(&system, t, Scheme::Common, none).unwrap();
        assert!(
            (common.cost_usd - whole.cost).abs() < 1e-4,
            "{} {}",
            common.cost_usd,
            whole.cost
        );
        assert!((common.payment_usd - whole.payment).abs() < 1e-3);
    }
    let report = report("khojasteh-k33-stage2");
    assert!(value(&report, "discarded") > -1e-6);
    assert!((value(&report, "rsf_down") - 0.1026).abs() < 1e-4);
}

#[test]
fn both_markets_side_by_side() {
    let report = report("khojasteh-k33-both-levels");
    let of = |what: &str, bids: &str| value(&report, &format!("{what}:S:{bids}"));
    for bids in ["tso_only", "truthful", "alone", "strategic", "own"] {
        let parts = of("market", bids) + of("expected", bids);
        assert!((of("both", bids) - parts).abs() < 1e-9, "{bids}");
        // Nothing earns more than the best bids for both markets, and each market has its own best.
        assert!(of("both", "strategic") >= of("both", bids) - 1e-6, "{bids}");
        assert!(of("market", "alone") >= of("market", bids) - 1e-6, "{bids}");
    }
    // The numbers of one market are those of its own preset.
    assert!((of("market", "alone") - 28.743).abs() < 6e-4);
    assert!((of("market", "truthful") - 25.107).abs() < 6e-4);
    // Two columns of a table, hour by hour, add up to the day.
    let hours = report.series("both:S:strategic").unwrap();
    let sum: f64 = hours.values.iter().sum();
    assert!((sum - of("both", "strategic")).abs() < 1e-9);
    assert!(value(&report, "gap") < 1e-6 && value(&report, "second_market_gain") > 1.0);
    assert!(
        report
            .headline
            .starts_with("With the TSO's market in view S")
    );
}

#[test]
fn the_ways_side_by_side_are_no_second_report() {
    let scenario = gallery::document("khojasteh-k33").unwrap();
    let report = run::compare(&scenario).unwrap();
    let rows: Vec<usize> = report.tables.iter().map(|t| t.rows.len()).collect();
    assert_eq!(rows, [4, 24], "four behaviours, and the ways hour by hour");
    assert!(report.headline.contains("profits differ by"));
}

#[test]
fn bad_input_is_refused_with_its_field() {
    let scenario = gallery::document("khojasteh-k33").unwrap();
    let refused = |change: &dyn Fn(&mut Scenario)| -> Vec<String> {
        let mut scenario = Scenario::clone(&scenario);
        change(&mut scenario);
        let problems = scenario.problems();
        problems
            .into_iter()
            .filter(|p| p.is_error())
            .map(|p| p.field)
            .collect()
    };
    let params = |change: fn(&mut BspBidding)| {
        refused(&move |s: &mut Scenario| {
            if let Mechanism::BspBidding(p) = &mut s.mechanism {
                change(p);
            }
        })
    };
    assert_eq!(
        params(|p| p.strategic = vec!["X".into()])[0],
        "mechanism.strategic.0"
    );
    assert_eq!(params(|p| p.hour = 25), ["mechanism.hour"]);
    assert_eq!(
        params(|p| p.own[0].id = "R22".into()),
        ["mechanism.own.0.id"]
    );
    assert_eq!(params(|p| p.own[0].down = 9.0), ["mechanism.own.S18.down"]);
    let mut without = gallery::scenario("khojasteh-k33").unwrap();
    let Mechanism::BspBidding(own) = &mut without.mechanism else {
        panic!("another mechanism");
    };
    own.own.clear();
    let own = View {
        outcome: Some(Behaviour::Own.id().into()),
        ..View::default()
    };
    let problems = without.mechanism.check_view(&without.case, &own);
    assert_eq!(problems[0].field, "view.outcome");
    let several = |p: &mut BspBidding| {
        p.strategic = vec!["S".into(), "R1".into()];
        p.tso_market = Some(TsoMarket::default());
    };
    assert_eq!(params(several), ["mechanism.tso_market"]);
    assert_eq!(params(|p| p.samples = 1_000_000), ["mechanism.samples"]);
    let market = |change: fn(&mut tandem::case::LocalMarket)| {
        refused(&move |s: &mut Scenario| change(s.case.local_market.as_mut().unwrap()))
    };
    assert_eq!(
        market(|m| m.resources[0].bus = "99".into()),
        ["case.local_market.resources.S18.bus"]
    );
    assert_eq!(
        market(|m| {
            m.imbalance_mwh.pop();
        }),
        ["case.local_market.imbalance_mwh"]
    );
    assert_eq!(
        market(|m| m.day_ahead_usd_per_mwh[3] = f64::NAN)[0],
        "case.local_market.day_ahead_usd_per_mwh.3"
    );
    assert_eq!(
        market(|m| m.tso_up = vec![0.1]),
        ["case.local_market.tso_up"]
    );
    assert_eq!(
        market(|m| m.resources[1].owner = "DSO".into())[..1],
        ["case.local_market.resources.S33.owner"]
    );
    assert_eq!(
        market(|m| m.resources[1].max_up_mw = -1.0),
        ["case.local_market.resources.S33.max_up_mw"]
    );
    assert_eq!(
        market(|m| m.feeder = "other".into()),
        ["case.local_market.feeder"]
    );
    let without = refused(&|s: &mut Scenario| s.case.local_market = None);
    assert!(
        without.contains(&"case.local_market".to_string()),
        "{without:?}"
    );
}
