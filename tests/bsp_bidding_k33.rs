//! Instance K33 against the numbers of the model notes, which come from an independent prototype.

use tandem::case::builtin;
use tandem::market::bsp_bidding::clear::{Bids, clear};
use tandem::market::bsp_bidding::outcome::Outcome;
use tandem::market::bsp_bidding::safety;
use tandem::market::bsp_bidding::second::forward;
use tandem::market::bsp_bidding::strategy::answer;
use tandem::market::bsp_bidding::system::System;
use tandem::market::bsp_bidding::{Behaviour, BspBidding, Method, Settlement, Weight};

fn k33() -> System {
    System::new(&builtin("khojasteh-k33").unwrap()).unwrap()
}

fn near(ours: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (ours - expected).abs() <= tolerance,
        "{what}: {ours}, expected {expected}"
    );
}

#[test]
fn cost_payment_and_rent_of_the_three_columns() {
    let system = k33();
    let params = BspBidding::default();
    let run = |behaviour| Outcome::new(&system, &params, behaviour).unwrap();
    let tso = run(Behaviour::TsoOnly);
    near(tso.cost_usd(&system), 236.274, 6e-4, "TSO only, cost");
    near(tso.payment_usd(&system), 236.274, 6e-4, "TSO only, payment");
    near(
        tso.overload_mwh(&system),
        0.0788,
        6e-5,
        "TSO only, overload",
    );
    near(tso.tso_mwh(&system), 4.672, 1e-9, "total imbalance");

    let truth = run(Behaviour::Truthful);
    near(truth.tso_mwh(&system), 1.5119, 6e-5, "from the TSO");
    near(truth.local_mwh(&system), 3.1601, 6e-5, "local");
    near(truth.cost_usd(&system), 178.812, 6e-4, "truthful, cost");
    near(
        truth.payment_usd(&system),
        223.109,
        6e-4,
        "truthful, payment",
    );
    near(truth.overload_mwh(&system), 0.0, 1e-9, "truthful, overload");
    for (o, profit) in [25.107, 9.982, 9.207].into_iter().enumerate() {
        near(
            truth.profit_of_usd(&system, o),
            profit,
            6e-4,
            "truthful profit",
        );
    }

    let strategic = run(Behaviour::Strategic);
    near(strategic.tso_mwh(&system), 1.5119, 6e-5, "same volumes");
    near(
        strategic.cost_usd(&system),
        179.663,
        6e-4,
        "strategic, cost",
    );
    near(
        strategic.payment_usd(&system),
        234.278,
        6e-4,
        "strategic, payment",
    );
    near(
        strategic.overload_mwh(&system),
        0.0,
        1e-9,
        "strategic, overload",
    );
    for (o, profit) in [28.743, 12.867, 13.005].into_iter().enumerate() {
        near(
            strategic.profit_of_usd(&system, o),
            profit,
            6e-4,
            "strategic profit",
        );
    }
    for (t, profit) in [
        (1, 0.7194),
        (5, 0.1442),
        (7, 1.0941),
        (8, 1.8028),
        (13, 1.0579),
        (19, 2.1842),
    ] {
        near(
            strategic.profit_usd(&system, 0, t - 1),
            profit,
            6e-5,
            &format!("hour {t}"),
        );
    }
}

#[test]
fn the_three_ways_agree_in_every_hour() {
    let system = k33();
    let own = system.owned(0);
    for (settlement, params) in [Settlement::Uniform, Settlement::PayAsBid].map(|settlement| {
        let params = BspBidding {
            settlement,
            ..BspBidding::default()
        };
        (settlement, params)
    }) {
        for (t, hour) in system.hours.iter().enumerate() {
            let others = Bids::truthful(hour);
            let by = |method| answer(hour, &others, &own, &params, method).unwrap();
            let branched = by(Method::Branching);
            let milp = by(Method::Milp);
            let place = format!("hour {}, {settlement:?}", t + 1);
            near(milp.profit, branched.profit, 1e-6, &place);
            if hour.limits.is_empty() || settlement == Settlement::Uniform && t == 18 {
                let tried = by(Method::Enumeration);
                near(tried.profit, branched.profit, 1e-5, &place);
            }
            for found in [&branched, &milp] {
                assert!(found.resolved_difference.abs() < 1e-7, "{place}");
                assert!(
                    found.certificate.certified,
                    "{place}: {:?}",
                    found.certificate
                );
                assert!(found.room_to_big_m > 0.01, "{place}: a dual sits at its M");
                assert!(
                    !found.stopped && found.bound - found.profit < 1e-6,
                    "{place}"
                );
            }
        }
    }
}

#[test]
fn a_search_that_is_cut_short_says_so_and_keeps_a_bound() {
    let system = k33();
    let hour = &system.hours[4];
    let params = BspBidding {
        node_limit: 3,
        ..BspBidding::default()
    };
    let found = answer(
        hour,
        &Bids::truthful(hour),
        &system.owned(0),
        &params,
        Method::Branching,
    )
    .unwrap();
    assert!(found.stopped);
    assert!(found.bound > found.profit);
    near(
        found.profit,
        0.1442,
        6e-5,
        "candidate prices still give bids",
    );
}

#[test]
fn second_stage_limits() {
    let system = k33();
    let at = |t: usize| {
        let hour = &system.hours[t - 1];
        let bids = Bids::truthful(hour);
        let cleared = clear(hour, &bids).unwrap();
        forward(
            hour,
            &cleared.up_mw,
            &cleared.down_mw,
            &bids,
            Weight::Volume,
        )
        .unwrap()
    };
    let box_ = at(6);
    for (k, up) in [0.0, 0.0451, 0.0108, 0.0515].into_iter().enumerate() {
        near(box_.up_mw[k], up, 6e-5, "hour 6 up");
        assert_eq!(box_.up_limit[k], None);
    }
    let box_ = at(19);
    near(
        box_.left_down_mw[1],
        0.0386,
        6e-5,
        "hour 19, left down at bus 33",
    );
    near(
        box_.down_mw[1],
        0.0060,
        6e-5,
        "hour 19, forwarded down at bus 33",
    );
    assert_eq!(box_.down_limit[1].as_deref(), Some("line 6-26"));
    for k in [0, 2, 3] {
        near(box_.down_mw[k], box_.left_down_mw[k], 1e-9, "others full");
    }
    near(
        at(20).down_mw[1],
        0.0053,
        6e-5,
        "hour 20, forwarded down at bus 33",
    );
    // Everything left downwards at once: line 6-26 carries 1.013 MW.
    let hour = &system.hours[18];
    let cleared = clear(hour, &Bids::truthful(hour)).unwrap();
    let box_ = at(19);
    let net: Vec<f64> = cleared
        .net_mw()
        .iter()
        .zip(&box_.left_down_mw)
        .map(|(a, d)| a - d)
        .collect();
    near(hour.overload_mw(&net), 0.0326, 6e-5, "unfiltered overload");
}

#[test]
fn ten_thousand_points_and_the_power_flow_at_the_corners() {
    let system = k33();
    for t in 0..24 {
        let hour = &system.hours[t];
        let bids = Bids::truthful(hour);
        let cleared = clear(hour, &bids).unwrap();
        let box_ = forward(
            hour,
            &cleared.up_mw,
            &cleared.down_mw,
            &bids,
            Weight::Volume,
        )
        .unwrap();
        let found = safety::check(&system, t, &cleared.net_mw(), &box_, 10_000);
        let place = format!("hour {}", t + 1);
        if !hour.limits.is_empty() {
            assert!(found.row_over_mw <= 1e-9, "{place}: {found:?}");
            assert!(found.sample_over_mw <= 1e-9, "{place}: {found:?}");
        }
        // AC: voltages hold at every corner; line 6-26 is over by the losses below it, no more.
        assert!(
            found.corners >= 2 && found.ac_voltage_over_pu <= 0.0,
            "{place}: {found:?}"
        );
        assert!(found.ac_line_over_mw < 0.035, "{place}: {found:?}");
        assert!(
            found.ac_line_over_mw - found.ac_before_line_over_mw < 0.0335,
            "{place}"
        );
    }
}
