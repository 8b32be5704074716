//! What holds on any feeder with any resources and owners: section 4.5 of the model notes.

use super::random::random_case;
use tandem::market::Contract;
use tandem::market::bsp_bidding::clear::{Bids, Lower, clear, merit_order};
use tandem::market::bsp_bidding::forwarding::forward;
use tandem::market::bsp_bidding::safety::{Draw, sampled};
use tandem::market::bsp_bidding::schemes::{Scheme, cover};
use tandem::market::bsp_bidding::strategy::answer;
use tandem::market::bsp_bidding::system::{Hour, System};
use tandem::market::bsp_bidding::{BspBidding, Method, Settlement, Weight};

fn systems(seeds: std::ops::Range<u64>) -> impl Iterator<Item = (u64, System)> {
    seeds.map(|seed| {
        let resources = 3 + (seed % 4) as usize;
        (seed, System::new(&random_case(seed, resources, 3)).unwrap())
    })
}

fn drawn(hour: &Hour, seed: u64) -> Bids {
    let mut draw = Draw::new(seed);
    let mut bids = Bids::truthful(hour);
    for price in bids.up.iter_mut().chain(&mut bids.down) {
        *price *= 0.9 + 0.2 * draw.uniform();
    }
    bids
}

#[test]
fn the_lower_level_is_certified_and_its_duality_gap_is_zero() {
    let (mut bound, mut voltage) = (0, 0);
    for (seed, system) in systems(0..60) {
        for hour in &system.hours {
            let bids = drawn(hour, seed);
            let cleared = clear(hour, &bids).unwrap();
            let proof = Lower::new(hour, &bids).certify("lower level".into(), &cleared);
            assert!(proof.certified, "seed {seed}: {proof:?}");
            // 4.5.4 and 4.5.6
            assert!(cleared.lambda >= hour.tso_down - 1e-6 && cleared.lambda <= hour.tso_up + 1e-6);
            let net: f64 = cleared.net_mw().iter().sum();
            let balance = net + cleared.tso_up_mw - cleared.tso_down_mw - hour.imbalance_mw;
            assert!(balance.abs() < 1e-9, "seed {seed}: {balance}");
            // 4.5.7: what is paid at prices is λδ − h'μ of the limits that hold without slack.
            let paid: f64 = cleared
                .net_mw()
                .iter()
                .zip(&cleared.dlmp)
                .map(|(a, p)| a * p)
                .sum();
            let tso = hour.tso_up * cleared.tso_up_mw - hour.tso_down * cleared.tso_down_mw;
            let mut dual = cleared.lambda * hour.imbalance_mw;
            for ((limit, mu), over) in hour.limits.iter().zip(&cleared.mu).zip(&cleared.over_mw) {
                dual -= (limit.h_mw + over) * mu;
                bound += usize::from(*mu > 1e-6);
                voltage += usize::from(*mu > 1e-6 && limit.name.contains("voltage"));
            }
            assert!(
                (paid + tso - dual).abs() < 1e-6 * (1.0 + dual.abs()),
                "seed {seed}"
            );
            // Prices stay in the range that the big-Ms are made of.
            for (k, price) in cleared.dlmp.iter().enumerate() {
                let (low, high) = hour.price_range(k);
                assert!(*price >= low - 1e-6 && *price <= high + 1e-6, "seed {seed}");
            }
        }
    }
    assert!(
        bound > 60 && voltage > 5,
        "{bound} binding limits, {voltage} of voltages"
    );
}

#[test]
fn rows_are_the_flows_and_voltages_of_the_feeder() {
    for (seed, system) in systems(0..20) {
        let hour = &system.hours[0];
        let mut draw = Draw::new(seed);
        let net: Vec<f64> = hour
            .max_up_mw
            .iter()
            .map(|u| u * (2.0 * draw.uniform() - 1.0))
            .collect();
        let state = system.state(0, &net);
        let mut seen = 0;
        for limit in hour.limits.iter().chain(&hour.far) {
            use tandem::network::distflow_rows::Of;
            let room = (limit.h_mw - limit.value(&net)) * limit.scale;
            let expected = match limit.of {
                Of::Voltage(j) => {
                    let bus = &system.feeder.buses[j];
                    let w = state.w_pu2[j];
                    if limit.name.starts_with("upper") {
                        bus.max_v_pu.powi(2) - w
                    } else {
                        w - bus.min_v_pu.powi(2)
                    }
                }
                Of::Line(l) => {
                    let below = system
                        .tree
                        .order
                        .iter()
                        .find(|j| system.tree.above[**j].is_some_and(|above| above.line == l));
                    let j = *below.unwrap();
                    let line = &system.feeder.lines[l];
                    let q = state.q_mvar[j];
                    let active = line
                        .max_s_mva
                        .map_or(f64::INFINITY, |s| (s * s - q * q).sqrt());
                    let (low, high) = (
                        line.min_p_mw.unwrap_or(f64::NEG_INFINITY),
                        line.max_p_mw.unwrap_or(f64::INFINITY),
                    );
                    let p = state.p_mw[j];
                    if limit.g.iter().sum::<f64>() < 0.0
                        || limit.g.iter().all(|g| *g == 0.0) && room == high.min(active) - p
                    {
                        high.min(active) - p
                    } else if limit.g.iter().all(|g| *g == 0.0) {
                        room
                    } else {
                        p - low.max(-active)
                    }
                }
                Of::Boundary => room,
            };
            assert!(
                (room - expected).abs() < 1e-9,
                "seed {seed}, {}: {room} {expected}",
                limit.name
            );
            seen += 1;
        }
        assert!(seen > 10);
    }
}

#[test]
fn branching_and_the_integer_program_agree_and_candidate_prices_come_close() {
    let mut short = Vec::new();
    let mut cases = 0;
    for (seed, system) in systems(100..116) {
        for (t, hour) in system.hours.iter().enumerate() {
            let settlement = if seed % 3 == 0 {
                Settlement::PayAsBid
            } else {
                Settlement::Uniform
            };
            let params = BspBidding {
                settlement,
                ..BspBidding::default()
            };
            if hour.limits.len() > 7 {
                continue;
            }
            let own = system.owned((seed % 2) as usize);
            let others = Bids::truthful(hour);
            let by = |method| answer(hour, &others, &own, &params, method);
            let branched = by(Method::Branching).unwrap();
            let place = format!("seed {seed}, period {}", t + 1);
            let milp = by(Method::Milp).unwrap_or_else(|why| panic!("{place}: {why}"));
            let size = 1.0 + branched.profit.abs();
            assert!(
                (milp.profit - branched.profit).abs() < 1e-5 * size,
                "{place}: {} by MILP, {} by branching",
                milp.profit,
                branched.profit
            );
            assert!(
                branched.enumerated <= branched.bound + 1e-5 * size,
                "{place}: candidates beat the bound"
            );
            for found in [&branched, &milp] {
                assert!(
                    found.resolved_difference.abs() < 1e-6 * size,
                    "{place}: {}",
                    found.resolved_difference
                );
                assert!(
                    found.certificate.certified,
                    "{place}: {:?}",
                    found.certificate
                );
                assert!(found.room_to_big_m > 1e-3, "{place}");
            }
            // 4.5.2: the truth is one of the owner's choices.
            let truth = clear(hour, &others).unwrap();
            let pay = settlement == Settlement::PayAsBid;
            let honest = truth.profit_of(hour, &others, pay, &own);
            assert!(
                branched.profit >= honest - 1e-6,
                "{place}: {} < {honest}",
                branched.profit
            );
            cases += 1;
            let off = branched.profit - branched.enumerated;
            if off > 1e-4 * size {
                short.push((place, off, hour.limits.len()));
            }
        }
    }
    println!("{} of {cases} short: {short:?}", short.len());
    assert!(cases > 15 && short.len() * 4 < cases);
    // Candidates in one direction may miss what a limit makes of the other one.
    assert!(short.iter().all(|(_, _, limits)| *limits > 0), "{short:?}");
}

#[test]
fn without_its_network_the_market_has_one_price_and_a_local_market_never_costs_more() {
    for (seed, system) in systems(200..230) {
        for hour in &system.hours {
            let bids = Bids::truthful(hour);
            let free = hour.unlimited();
            let cleared = merit_order(&free, &bids);
            assert!(cleared.dlmp.iter().all(|p| *p == cleared.lambda));
            let by_lp = Lower::new(&free, &bids).solve(&free).unwrap();
            let (a, b) = (
                cleared.objective(&free, &bids),
                by_lp.objective(&free, &bids),
            );
            assert!(
                (a - b).abs() < 1e-7 * (1.0 + a.abs()),
                "seed {seed}: {a} {b}"
            );
            assert!((cleared.lambda - by_lp.lambda).abs() < 1e-6, "seed {seed}");
            // 4.5.11 and 4.5.5
            let d = hour.imbalance_mw;
            let alone = if d >= 0.0 {
                d * hour.tso_up
            } else {
                d * hour.tso_down
            };
            assert!(cleared.cost(&free) <= alone + 1e-9);
            for (u, w) in cleared.up_mw.iter().zip(&cleared.down_mw) {
                assert!(u.min(*w) < 1e-9, "seed {seed}: up and down at once");
            }
            // 4.5.3 for truthful owners: nobody loses.
            let limited = clear(hour, &bids).unwrap();
            for k in 0..bids.up.len() {
                assert!(limited.profit(hour, &bids, false, k) > -1e-7, "seed {seed}");
            }
        }
    }
}

#[test]
fn whatever_is_forwarded_is_safe_in_any_combination() {
    let mut cut = 0;
    for (seed, system) in systems(300..330) {
        for (t, hour) in system.hours.iter().enumerate() {
            let bids = Bids::truthful(hour);
            let cleared = clear(hour, &bids).unwrap();
            for weight in [Weight::Volume, Weight::Value] {
                let box_ = forward(hour, &cleared, &bids, weight).unwrap();
                let worst = sampled(hour, &[(&cleared.net_mw(), &box_)], 2_000, seed)[0];
                assert!(
                    worst <= 1e-7,
                    "seed {seed}, period {}: {worst} MW over",
                    t + 1
                );
                for k in 0..bids.up.len() {
                    // 4.5.10
                    assert!(cleared.up_mw[k] + box_.up_mw[k] <= hour.max_up_mw[k] + 1e-7);
                    assert!(cleared.down_mw[k] + box_.down_mw[k] <= hour.max_down_mw[k] + 1e-7);
                    for (x, left, limit) in [
                        (box_.up_mw[k], box_.left_up_mw[k], &box_.up_limit[k]),
                        (box_.down_mw[k], box_.left_down_mw[k], &box_.down_limit[k]),
                    ] {
                        let short = x < left - 1e-6;
                        assert!(!short || limit.is_some(), "seed {seed}: cut off by nothing");
                        cut += usize::from(short);
                    }
                }
            }
        }
    }
    assert!(cut > 20, "{cut} resources cut");
}

#[test]
fn a_box_that_is_not_certified_is_found_out_by_sampling() {
    // The judge itself: the whole of what is left must fail somewhere.
    let failing = systems(300..330).any(|(seed, system)| {
        system.hours.iter().any(|hour| {
            let bids = Bids::truthful(hour);
            let cleared = clear(hour, &bids).unwrap();
            let mut box_ = forward(hour, &cleared, &bids, Weight::Volume).unwrap();
            box_.up_mw = box_.left_up_mw.clone();
            box_.down_mw = box_.left_down_mw.clone();
            sampled(hour, &[(&cleared.net_mw(), &box_)], 2_000, seed)[0] > 1e-4
        })
    });
    assert!(failing);
}

#[test]
fn the_common_market_costs_least_of_all_that_respect_the_feeder() {
    for (seed, system) in systems(400..420) {
        for (t, hour) in system.hours.iter().enumerate() {
            let bids = Bids::truthful(hour);
            let first = clear(hour, &bids).unwrap();
            let box_ = forward(hour, &first, &bids, Weight::Volume).unwrap();
            let by = |scheme| cover(&system, t, scheme, (&first, &box_)).unwrap();
            let common = by(Scheme::Common);
            let sequential = by(Scheme::Sequential);
            // Without an overload that nothing can cure.
            if common.overload_mw < 1e-9 && sequential.overload_mw < 1e-6 {
                let voltage = system.hours[t].voltage_over_pu2(&common.net_mw);
                if voltage < 1e-9 {
                    assert!(
                        common.cost <= sequential.cost + 1e-6,
                        "seed {seed}: {} {}",
                        common.cost,
                        sequential.cost
                    );
                }
            }
            assert!(by(Scheme::Unfiltered).cost <= by(Scheme::TsoOnly).cost + 500.0);
        }
    }
}

#[test]
fn whole_reports_of_random_feeders() {
    for seed in 0..6_u64 {
        let case = random_case(500 + seed, 2 + seed as usize, 2);
        let params = BspBidding {
            strategic: if seed % 2 == 0 {
                vec!["o0".into()]
            } else {
                vec!["o1".into(), "o0".into()]
            },
            settlement: if seed % 3 == 0 {
                Settlement::PayAsBid
            } else {
                Settlement::Uniform
            },
            weight: if seed % 2 == 0 {
                Weight::Value
            } else {
                Weight::Volume
            },
            samples: 500,
            rounds: 10,
            handover: seed % 2 == 0,
            hour: 2,
            ..BspBidding::default()
        };
        let report = tandem::market::run(&case, &params).unwrap();
        assert!(
            report.certificates.iter().all(|c| c.certified),
            "seed {seed}"
        );
        let parties = report.ledger.parties();
        let net: f64 = parties.iter().map(|p| report.ledger.net_usd(p)).sum();
        assert!(
            net.abs() < 1e-9 && report.ledger.net_usd("DSO").abs() < 1e-6,
            "seed {seed}"
        );
        for series in &report.series {
            assert_eq!(series.values.len(), 2, "seed {seed}: {}", series.id);
        }
        let value = |id: &str| report.quantity(id).and_then(|q| q.value).unwrap();
        let (cost, paid) = (value("cost:strategic"), value("payment:strategic"));
        assert!((paid - cost - value("rent:strategic")).abs() < 1e-9);
        assert!(params.lp_file(&case, 1).unwrap().contains("Binaries"));
        assert!(params.lp_file(&case, 3).is_err());
    }
}
