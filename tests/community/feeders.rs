//! Several feeders with limits: the linear program against a merit order on the tree of limits, sharing and
//! who delivers to whom, by hand.

use super::market::{random_bid, supply};
use crate::testing::changes::{changed, value};
use serde_json::{Value, json};
use tandem::case::Case;
use tandem::market::community::CommunityMarket;
use tandem::market::community::bid::{Bid, Step};
use tandem::market::community::exchange::Exchange;
use tandem::market::community::network::Network;
use tandem::market::community::sharing::{Interval, share};
use tandem::market::community::system::System;
use tandem::network::formulation::feeder::Physics;
use tandem::report::Cell;
use tandem::run;

/// Communities by the bus of each, on feeders of lines (from, to, least, most), kW; one interval.
fn case_of(
    feeders: &[Vec<(usize, usize, f64, f64)>],
    places: &[(usize, usize)],
    heads: &[Option<f64>],
) -> Case {
    let feeder = |(f, lines): (usize, &Vec<(usize, usize, f64, f64)>)| {
        let bus = |k: usize| json!({"id": format!("{f}b{k}"), "min_v_pu": 0.5, "max_v_pu": 1.5});
        let line = |(k, l): (usize, &(usize, usize, f64, f64))| {
            json!({"id": format!("{f}l{k}"), "from": format!("{f}b{}", l.0), "to": format!("{f}b{}", l.1),
                "r_ohm": 0.001, "x_ohm": 0.001, "min_p_mw": l.2 / 1e3, "max_p_mw": l.3 / 1e3})
        };
        json!({"id": format!("f{f}"), "base_kv": 13.2, "root": format!("{f}b0"),
            "buses": (0..=lines.len()).map(bus).collect::<Vec<Value>>(),
            "lines": lines.iter().enumerate().map(line).collect::<Vec<Value>>()})
    };
    let member = |(j, place): (usize, &(usize, usize))| json!({"id": format!("C{j}"), "bus": format!("{}b{}", place.0, place.1), "load_kw": [0.0]});
    let boundary = |(f, most): (usize, &Option<f64>)| json!({"id": format!("B{f}"), "bus": "T", "feeder": format!("f{f}"), "max_p_mw": most.map(|kw| kw / 1e3)});
    Case::from_value(json!({"version": 1, "name": "feeders", "base_mva": 1.0, "buses": [{"id": "T"}], "branches": [],
        "feeders": feeders.iter().enumerate().map(feeder).collect::<Vec<Value>>(),
        "boundaries": heads.iter().enumerate().map(boundary).collect::<Vec<Value>>(),
        "communities": {"minutes_per_interval": 60.0, "lse_usd_per_kwh": [0.1],
            "members": places.iter().enumerate().map(member).collect::<Vec<Value>>()}}))
    .unwrap()
}

/// A demand curve below a limit: from `start` on, with what it is worth there.
#[derive(Clone, Default)]
struct Curve {
    start: f64,
    worth: f64,
    steps: Vec<(f64, f64)>,
}

impl Curve {
    fn sum(all: impl Iterator<Item = Curve>) -> Curve {
        let mut sum = Curve::default();
        for mut one in all {
            sum.start += one.start;
            sum.worth += one.worth;
            sum.steps.append(&mut one.steps);
        }
        sum.steps.sort_by(|a, b| b.1.total_cmp(&a.1));
        sum
    }

    /// Cut to an interval: what has to be taken is taken, in the order of its worth.
    fn within(&self, low: f64, high: f64) -> Curve {
        let mut cut = Curve {
            steps: Vec::new(),
            ..self.clone()
        };
        let mut end = self.start;
        for &(width, price) in &self.steps {
            let forced = (low - end).clamp(0.0, width);
            cut.start += forced;
            cut.worth += forced * price;
            let free = (high - end).min(width) - forced;
            if free > 0.0 {
                cut.steps.push((free, price));
            }
            end += width;
        }
        cut
    }
}

/// Not served or spilled without end, kW.
const WIDE: f64 = 1e5;

/// Greatest welfare by merit order from the ends of the feeders to the substation, $/h.
fn merit_order(
    feeders: &[Vec<(usize, usize, f64, f64)>],
    places: &[(usize, usize)],
    heads: &[Option<f64>],
    bids: &[Bid],
    price: f64,
) -> f64 {
    let of_feeder = |f: usize| {
        let lines = &feeders[f];
        let mut at: Vec<Vec<Curve>> = vec![Vec::new(); lines.len() + 1];
        for (place, bid) in places.iter().zip(bids).filter(|(place, _)| place.0 == f) {
            let mut steps = vec![(WIDE, 1.0)];
            steps.extend(bid.steps.iter().map(|s| (s.width_kw, s.usd_per_kwh)));
            steps.push((WIDE, 0.0));
            // Everything not served at the cap is where the curve starts.
            at[place.1].push(Curve {
                start: bid.min_kw - WIDE,
                worth: -WIDE,
                steps,
            });
        }
        // Lines are written outwards: the last is outermost.
        for &(from, to, low, high) in lines.iter().rev() {
            let below = std::mem::take(&mut at[to]);
            if !below.is_empty() {
                at[from].push(Curve::sum(below.into_iter()).within(low, high));
            }
        }
        let most = heads[f].unwrap_or(f64::INFINITY);
        Curve::sum(at.swap_remove(0).into_iter()).within(-most, most)
    };
    let all = Curve::sum((0..feeders.len()).map(of_feeder));
    let all = all.within(0.0, f64::INFINITY);
    let taken = all.steps.iter().filter(|step| step.1 >= price);
    all.worth - price * all.start
        + taken
            .map(|(width, worth)| width * (worth - price))
            .sum::<f64>()
}

#[test]
fn merit_order_on_the_tree_of_limits_is_the_optimum_of_the_program() {
    let mut rng = fastrand::Rng::with_seed(17);
    let (mut limited, mut across) = (0, 0);
    for round in 0..150 {
        let n = rng.usize(1..4);
        let feeders: Vec<Vec<(usize, usize, f64, f64)>> = (0..n)
            .map(|_| {
                let line = |k: usize, rng: &mut fastrand::Rng| {
                    (
                        rng.usize(..k),
                        k,
                        -(40.0 * rng.f64()).round() * 5.0,
                        (60.0 * rng.f64()).round() * 5.0,
                    )
                };
                (1..rng.usize(2..5)).map(|k| line(k, &mut rng)).collect()
            })
            .collect();
        let heads: Vec<Option<f64>> = (0..n)
            .map(|_| rng.bool().then(|| 300.0 * rng.f64()))
            .collect();
        let places: Vec<(usize, usize)> = (0..rng.usize(1..6))
            .map(|_| {
                let f = rng.usize(..n);
                (f, rng.usize(0..=feeders[f].len()))
            })
            .collect();
        let bids: Vec<Bid> = places.iter().map(|_| random_bid(&mut rng)).collect();
        let case = case_of(&feeders, &places, &heads);
        let params = CommunityMarket::default();
        let system = System::new(&case, &params).unwrap();
        let network = Network::new(&case, &system).unwrap();
        let supply = supply((400.0 + 1000.0 * rng.f64()).round() / 1e4);
        let within = network
            .clear(&bids, &supply, 0, Physics::Lossless)
            .unwrap()
            .unwrap();
        assert!(
            within.certificate.certified,
            "{round}: {:?}",
            within.certificate
        );
        let ours: f64 = within.parts_usd_per_h.iter().sum();
        let merit = merit_order(&feeders, &places, &heads, &bids, supply.lse_usd_per_kwh);
        assert!(
            (ours - merit).abs() < 1e-6 * (1.0 + merit.abs()),
            "{round}: {ours} {merit}"
        );
        // At its own price nobody wants another quantity.
        for ((bid, kw), (price, lost)) in bids
            .iter()
            .zip(&within.cleared.quantity_kw)
            .zip(within.usd_per_kwh.iter().zip(&within.lost_kw))
        {
            let (next, last) = bid.marginal(*kw);
            assert!(
                next <= price + 1e-5 && (*price <= last + 1e-5 || lost.abs() > 1e-6),
                "{round}: {next} {price} {last}"
            );
        }
        // The rent is that of limits: none is negative, and there is none where prices are one.
        let paid: f64 = within
            .usd_per_kwh
            .iter()
            .zip(&within.cleared.quantity_kw)
            .zip(&within.lost_kw)
            .map(|((p, kw), lost)| (p - within.root_usd_per_kwh) * (kw + lost))
            .sum();
        assert!(paid > -1e-5, "{round}: {paid}");
        let spread = within
            .usd_per_kwh
            .iter()
            .any(|p| (p - within.root_usd_per_kwh).abs() > 1e-7);
        limited += usize::from(spread);
        across += usize::from(n > 1);
        if !spread {
            assert!(paid.abs() < 1e-5);
        }
    }
    assert!(limited > 30 && across > 60, "{limited} {across}");
}

/// A feeds in 100 kW at any price behind a head that lets 30 kW back; B and C take 80 and 20 on the other
/// feeder, C behind a line of 15 kW.
#[test]
fn sharing_across_feeders_is_limited_by_hand() {
    let (feeders, places) = (
        [
            vec![(0, 1, -30.0, 500.0)],
            vec![(0, 1, -500.0, 500.0), (1, 2, 0.0, 15.0)],
        ],
        [(0, 1), (1, 1), (1, 2)],
    );
    let case = case_of(&feeders, &places, &[None, None]);
    let system = System::new(&case, &CommunityMarket::default()).unwrap();
    let network = Network::new(&case, &system).unwrap();
    let c = Bid {
        min_kw: 0.0,
        preferred_kw: 20.0,
        steps: vec![Step {
            width_kw: 20.0,
            usd_per_kwh: 0.3,
        }],
    };
    let bids = [Bid::fixed(-100.0), Bid::fixed(80.0), c];
    let supply = supply(0.1);
    let within = network
        .clear(&bids, &supply, 0, Physics::Lossless)
        .unwrap()
        .unwrap();
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    // 30 of 95 kW come from A; what A spills is worth nothing, C pays what its next kW is worth.
    for (own, expected) in within.usd_per_kwh.iter().zip([0.0, 0.1, 0.3]) {
        near(*own, expected);
    }
    near(within.cleared.lse_kw, 65.0);
    near(within.lost_kw[0], 70.0);
    near(within.root_usd_per_kwh, 0.1);
    let at = Interval {
        bids: &bids,
        supply,
        cleared: &within.cleared,
        price: within.usd_per_kwh.clone(),
        limits: Some((0, &network, Physics::Lossless)),
    };
    let sharing = share(std::iter::once(at), 1.0).unwrap();
    // 30 kWh less from the LSE, whoever takes them; without limits 100 kWh, and 20 of C instead of 15.
    near(sharing.worth_usd, 3.0);
    for (set, worth) in [(0b011, 3.0), (0b101, 1.5), (0b110, 0.0), (0b111, 3.0)] {
        near(sharing.coalitions_usd[set], worth);
    }
    near(sharing.lost_usd, 10.0 - 3.0);
    // Marginal worths over all orders, by the sizes of the coalitions joined.
    let shapley = sharing.shapley_usd.unwrap();
    near(shapley[0], (3.0 + 1.5) / 6.0 + (3.0 - 0.0) / 3.0);
    near(shapley[1], 3.0 / 6.0 + (3.0 - 1.5) / 3.0);
    near(shapley[2], 1.5 / 6.0);
    // Who delivers to whom: A's 30 kW go to B and C by what they take.
    let mut exchange = Exchange::new(3);
    let kw: Vec<f64> = within
        .cleared
        .quantity_kw
        .iter()
        .zip(&within.lost_kw)
        .map(|(q, lost)| q + lost)
        .collect();
    exchange.add(Some(&network), &kw, 1.0);
    near(exchange.kwh[0][1], 30.0 * 80.0 / 95.0);
    near(exchange.kwh[0][2], 30.0 * 15.0 / 95.0);
    near(exchange.kwh[3].iter().sum::<f64>(), 65.0);
    // A neighbour below the same bus comes first.
    let mut exchange = Exchange::new(3);
    exchange.add(Some(&network), &[20.0, -50.0, 30.0], 2.0);
    assert_eq!(exchange.kwh[1], [40.0, 0.0, 60.0]);
    let mut exchange = Exchange::new(3);
    exchange.add(None, &[25.0, -40.0, 75.0], 1.0);
    assert_eq!(exchange.kwh[1], [10.0, 0.0, 30.0]);
    assert_eq!(exchange.kwh[3], [15.0, 0.0, 45.0]);
}

#[test]
fn two_feeders_have_their_prices_and_their_rents() {
    let changes = [("mechanism.days", "2"), ("view.step", "400")];
    let report = run::run(&changed("theisen-two-feeders", changes).unwrap()).unwrap();
    let rents: f64 = ["F", "G"]
        .iter()
        .map(|f| value(&report, &format!("rent:{f}")))
        .sum();
    assert!(value(&report, "rent:F") > 0.0 && value(&report, "rent:G") > 0.0);
    // What the LSE keeps in all, its capacity being unlimited.
    assert!((rents - value(&report, "rent")).abs() < 1e-6, "{rents}");
    let table = report.tables.iter().find(|t| t.id == "exchange").unwrap();
    let mut kwh = 0.0;
    for row in &table.rows[..3] {
        for cell in &row[1..] {
            if let Cell::Number(x) = cell {
                kwh += x;
            }
        }
    }
    let both = value(&report, "within_feeders") + value(&report, "across_feeders");
    assert!((kwh / 1e3 - both).abs() < 1e-9);
    assert!((both - value(&report, "traded")).abs() < 1e-6, "{both}");
    assert!(report.certificates.iter().all(|c| c.certified));
    // Without limits more is shared across the substation.
    let free = [changes[0], changes[1], ("mechanism.network", "false")];
    let free = run::run(&changed("theisen-two-feeders", free).unwrap()).unwrap();
    assert!(value(&free, "across_feeders") > value(&report, "across_feeders"));
    assert!(value(&free, "worth") > value(&report, "worth"));
}
