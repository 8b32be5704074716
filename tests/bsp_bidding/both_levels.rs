//! Bids that trade off the DSO's market and the TSO's: against calculations by hand, three ways against
//! one another, and the DSO's second stage against its own program.

use super::k33;
use super::random::random_case;
use crate::testing::near::near;
use tandem::market::bsp_bidding::clear::{Bids, clear};
use tandem::market::bsp_bidding::second_market::Expected;
use tandem::market::bsp_bidding::strategy::{Answer, answer};
use tandem::market::bsp_bidding::system::{Hour, System};
use tandem::market::bsp_bidding::{BspBidding, Method, TsoMarket, Weight};

fn with(up_price: f64, up_share: f64, down_price: f64, down_share: f64) -> BspBidding {
    BspBidding {
        tso_market: Some(TsoMarket {
            up_price,
            down_price,
            up_share,
            down_share,
        }),
        ..BspBidding::default()
    }
}

fn best(hour: &Hour, own: &[bool], params: &BspBidding, method: Method) -> Answer {
    answer(hour, &Bids::truthful(hour), own, params, method).unwrap()
}

/// Hour 7 has a shortage of 0.14 MWh, a day-ahead price of 45 $/MWh and no limit within reach. Rivals offer
/// 0.0837 MW below the TSO's 1.4771464: S may sell 0.0562711 MW at that price, of S18 first.
#[test]
fn without_limits_the_second_market_is_an_opportunity_cost_by_hand() {
    let system = k33();
    let (hour, own) = (&system.hours[6], system.owned(0));
    assert!(hour.limits.is_empty());
    let (u18, u33): (f64, f64) = (0.038644167, 0.0450848615);
    let (w18, w33): (f64, f64) = (0.0322034725, 0.038644167);
    let rivals = 0.0322034725 + 0.051525556;
    let residual = 0.14 - rivals;
    let da = 45.0;
    // Half of it at 1.8: opportunity costs 1.02 + 0.39 and 1.10 + 0.35 lie below the TSO's price.
    let half = best(hour, &own, &with(1.8, 0.5, 0.6, 0.0), Method::Branching);
    let sold33 = residual - u18;
    let sold = u18 * (1.4771464 - 1.02) + sold33 * (1.4771464 - 1.10);
    near(
        "sells all the same",
        half.profit,
        da * (sold + 0.35 * (u33 - sold33)),
        1e-6,
    );
    // Nine tenths: 1.02 + 0.702 and 1.10 + 0.63 lie above it, so S stays out and the TSO covers the rest.
    let most = best(hour, &own, &with(1.8, 0.9, 0.6, 0.0), Method::Branching);
    near(
        "stays out",
        most.profit,
        da * (0.702 * u18 + 0.63 * u33),
        1e-6,
    );
    near(
        "nothing sold",
        most.cleared.up_mw[0] + most.cleared.up_mw[1],
        0.0,
        1e-9,
    );
    near("the TSO covers it", most.cleared.tso_up_mw, residual, 1e-9);
    // Downwards nothing is used here: all of it is forwarded.
    let down = best(hour, &own, &with(1.0, 0.0, 0.6, 0.5), Method::Branching);
    let expected = 0.5 * (0.97 - 0.6) * w18 + 0.5 * (0.90 - 0.6) * w33;
    near("downwards, too", down.profit, da * (sold + expected), 1e-6);
}

/// The profit of an answer, made of the market at its dispatch and of the second stage as the DSO solves it.
fn recomputed(hour: &Hour, own: &[bool], params: &BspBidding, found: &Answer) -> f64 {
    let expected = Expected::new(hour, params, own).unwrap();
    let next = expected.after(hour, &found.cleared).unwrap();
    found
        .cleared
        .profit_of(hour, &found.bids, params.pay_as_bid(), own)
        + next
}

#[test]
fn the_three_ways_agree_in_every_hour_of_both_levels() {
    let system = k33();
    let own = system.owned(0);
    let mut held = 0;
    for weight in [Weight::Volume, Weight::Value] {
        let params = BspBidding {
            weight,
            ..with(1.8, 0.5, 0.4, 0.6)
        };
        for (t, hour) in system.hours.iter().enumerate() {
            let place = format!("hour {}, {weight:?}", t + 1);
            let branched = best(hour, &own, &params, Method::Branching);
            let milp = best(hour, &own, &params, Method::Milp);
            let tried = best(hour, &own, &params, Method::Enumeration);
            near(&place, milp.profit, branched.profit, 1e-6);
            near(&place, tried.profit, branched.profit, 1e-5);
            for found in [&branched, &milp] {
                near(
                    &place,
                    recomputed(hour, &own, &params, found),
                    found.profit,
                    1e-6,
                );
                assert!(
                    found.certificate.certified,
                    "{place}: {:?}",
                    found.certificate
                );
                assert!(
                    !found.stopped && found.bound - found.profit < 1e-6,
                    "{place}"
                );
                assert!(found.resolved_difference.abs() < 1e-7, "{place}");
            }
            held += usize::from(!hour.limits.is_empty());
        }
    }
    assert!(held >= 4, "{held} hours with limits");
}

#[test]
fn on_random_feeders_the_second_stage_inside_is_the_one_of_the_dso() {
    let (mut cases, mut withheld, mut short) = (0, 0, 0);
    for seed in 600..640_u64 {
        let system = System::new(&random_case(seed, 3, 2)).unwrap();
        for (t, hour) in system.hours.iter().enumerate() {
            if hour.limits.is_empty() || hour.limits.len() > 4 {
                continue;
            }
            let own = system.owned((seed % 2) as usize);
            let params = with(1.8, 0.5, 0.4, 0.6);
            let place = format!("seed {seed}, period {}", t + 1);
            let branched = best(hour, &own, &params, Method::Branching);
            let milp = best(hour, &own, &params, Method::Milp);
            let tried = best(hour, &own, &params, Method::Enumeration);
            let size = 1.0 + branched.profit.abs();
            near(&place, milp.profit, branched.profit, 1e-5 * size);
            near(
                &place,
                recomputed(hour, &own, &params, &branched),
                branched.profit,
                1e-5 * size,
            );
            assert!(tried.profit <= branched.bound + 1e-5 * size, "{place}");
            // Honest bids and those for one market alone are among the choices.
            let expected = Expected::new(hour, &params, &own).unwrap();
            let one = BspBidding::default();
            let alone = best(hour, &own, &one, Method::Branching);
            let truth = clear(hour, &Bids::truthful(hour)).unwrap();
            let honest = truth.profit_of(hour, &Bids::truthful(hour), false, &own);
            let honest = honest + expected.after(hour, &truth).unwrap();
            let other = alone.profit + expected.after(hour, &alone.cleared).unwrap();
            assert!(
                branched.profit >= honest.max(other) - 1e-5 * size,
                "{place}"
            );
            let whole: f64 = (0..own.len())
                .map(|k| {
                    expected.up[k] * (hour.max_up_mw[k] - branched.cleared.up_mw[k])
                        + expected.down[k] * (hour.max_down_mw[k] - branched.cleared.down_mw[k])
                })
                .sum();
            let next = expected.after(hour, &branched.cleared).unwrap();
            cases += 1;
            withheld += usize::from(whole > next + 1e-4);
            short += usize::from(branched.profit - tried.profit > 1e-4 * size);
        }
    }
    assert!(
        cases >= 15 && withheld >= 5,
        "{cases} cases, {withheld} held back"
    );
    assert!(
        short * 3 <= cases,
        "candidate prices short in {short} of {cases}"
    );
}

#[test]
fn nothing_expected_is_the_market_of_the_dso_alone() {
    let system = k33();
    let own = system.owned(0);
    for hour in system.hours.iter().step_by(3) {
        let none = best(hour, &own, &with(1.8, 0.0, 0.4, 0.0), Method::Branching);
        let alone = best(hour, &own, &BspBidding::default(), Method::Branching);
        near("profit", none.profit, alone.profit, 1e-6);
    }
}
