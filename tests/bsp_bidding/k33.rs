//! Instance K33 against the numbers of the model notes, which come from an independent prototype.

use super::k33;
use crate::testing::near::near;
use tandem::market::bsp_bidding::clear::{Bids, clear};
use tandem::market::bsp_bidding::day::Day;
use tandem::market::bsp_bidding::forwarding::forward;
use tandem::market::bsp_bidding::safety;
use tandem::market::bsp_bidding::strategy::answer;
use tandem::market::bsp_bidding::{Behaviour, BspBidding, Method, Settlement, Weight};

#[test]
fn cost_payment_and_rent_of_the_three_columns() {
    let system = k33();
    let params = BspBidding::default();
    let run = |behaviour| Day::new(&system, &params, behaviour, None).unwrap();
    let tso = run(Behaviour::TsoOnly);
    near("TSO only, cost", tso.totals.cost_usd, 236.274, 6e-4);
    near("TSO only, payment", tso.totals.payment_usd, 236.274, 6e-4);
    near("TSO only, overload", tso.totals.overload_mwh, 0.0788, 6e-5);
    near("total imbalance", tso.totals.tso_mwh, 4.672, 1e-9);

    let truth = run(Behaviour::Truthful);
    near("from the TSO", truth.totals.tso_mwh, 1.5119, 6e-5);
    near("local", truth.totals.local_mwh, 3.1601, 6e-5);
    near("truthful, cost", truth.totals.cost_usd, 178.812, 6e-4);
    near("truthful, payment", truth.totals.payment_usd, 223.109, 6e-4);
    near("truthful, overload", truth.totals.overload_mwh, 0.0, 1e-9);
    for (o, profit) in [25.107, 9.982, 9.207].into_iter().enumerate() {
        near("truthful profit", truth.owner_usd(o), profit, 6e-4);
    }

    let strategic = run(Behaviour::Strategic);
    near("same volumes", strategic.totals.tso_mwh, 1.5119, 6e-5);
    near("strategic, cost", strategic.totals.cost_usd, 179.663, 6e-4);
    near(
        "strategic, payment",
        strategic.totals.payment_usd,
        234.278,
        6e-4,
    );
    near(
        "strategic, overload",
        strategic.totals.overload_mwh,
        0.0,
        1e-9,
    );
    for (o, profit) in [28.743, 12.867, 13.005].into_iter().enumerate() {
        near("strategic profit", strategic.owner_usd(o), profit, 6e-4);
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
            &format!("hour {t}"),
            strategic.profit_usd[0][t - 1],
            profit,
            6e-5,
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
            near(&place, milp.profit, branched.profit, 1e-6);
            if hour.limits.is_empty() || settlement == Settlement::Uniform && t == 18 {
                let tried = by(Method::Enumeration);
                near(&place, tried.profit, branched.profit, 1e-5);
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
        "candidate prices still give bids",
        found.profit,
        0.1442,
        6e-5,
    );
}

#[test]
fn second_stage_limits() {
    let system = k33();
    let at = |t: usize| {
        let hour = &system.hours[t - 1];
        let bids = Bids::truthful(hour);
        let cleared = clear(hour, &bids).unwrap();
        forward(hour, &cleared, &bids, Weight::Volume).unwrap()
    };
    let box_ = at(6);
    for (k, up) in [0.0, 0.0451, 0.0108, 0.0515].into_iter().enumerate() {
        near("hour 6 up", box_.up_mw[k], up, 6e-5);
        assert_eq!(box_.up_limit[k], None);
    }
    let box_ = at(19);
    near(
        "hour 19, left down at bus 33",
        box_.left_down_mw[1],
        0.0386,
        6e-5,
    );
    near(
        "hour 19, forwarded down at bus 33",
        box_.down_mw[1],
        0.0060,
        6e-5,
    );
    assert_eq!(box_.down_limit[1].as_deref(), Some("line 6-26"));
    for k in [0, 2, 3] {
        near("others full", box_.down_mw[k], box_.left_down_mw[k], 1e-9);
    }
    near(
        "hour 20, forwarded down at bus 33",
        at(20).down_mw[1],
        0.0053,
        6e-5,
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
    near("unfiltered overload", hour.overload_mw(&net), 0.0326, 6e-5);
}

#[test]
fn ten_thousand_points_and_the_power_flow_at_the_corners() {
    let system = k33();
    for t in 0..24 {
        let hour = &system.hours[t];
        let bids = Bids::truthful(hour);
        let cleared = clear(hour, &bids).unwrap();
        let box_ = forward(hour, &cleared, &bids, Weight::Volume).unwrap();
        let found = safety::check(&system, t, &[(&cleared.net_mw(), &box_)], 10_000)[0];
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
