//! The clearing of communities and the sharing of what it gains, against linear programs and laws.

use tandem::market::community::bid::{Bid, Corners, Step};
use tandem::market::community::clearing::{Cleared, Kind, Supply, aggregate, clear, program};
use tandem::market::community::proof::clearing as proof;
use tandem::market::community::sharing::{Interval, share};
use tandem::opt::simplex;

pub fn supply(price: f64) -> Supply {
    Supply {
        lse_usd_per_kwh: price,
        capacity_kw: f64::INFINITY,
        cap_usd_per_kwh: 1.0,
    }
}

/// A bid with a random range and fall; some prices meet on a grid, so that ties occur.
pub fn random_bid(rng: &mut fastrand::Rng) -> Bid {
    let min = -300.0 + 500.0 * rng.f64();
    let max = min + 400.0 * rng.f64();
    let preferred = min + (max - min) * rng.f64();
    let expected = (5.0 + 8.0 * rng.f64()).round() / 100.0;
    let spread = (3.0 * rng.f64()).round() / 100.0;
    Corners::published([min, preferred, max], expected, spread, 0.0075).steps(rng.usize(1..10))
}

fn sample() -> (Vec<Bid>, Supply) {
    let curve = |q: [f64; 3], p: [f64; 4]| {
        let corners = Corners {
            min_kw: q[0],
            preferred_kw: q[1],
            max_kw: q[2],
            top: p[0],
            above: p[1],
            below: p[2],
            bottom: p[3],
        };
        corners.steps(9)
    };
    let bids = vec![
        curve([-365.0, 545.0, 967.0], [0.1042, 0.0966, 0.0813, 0.0780]),
        curve([177.0, 344.0, 515.0], [0.1065, 0.1042, 0.0890, 0.0867]),
        curve([118.0, 323.0, 457.0], [0.0967, 0.0918, 0.0764, 0.0731]),
    ];
    (bids, supply(0.1142))
}

#[test]
fn the_sample_interval_clears_at_its_analytic_price() {
    let (bids, supply) = sample();
    // The steps read off the figure, from the top.
    let printed = [10.35, 10.26, 10.18, 10.10, 10.01, 9.93, 9.84, 9.76, 9.66];
    for (step, printed) in bids[0].steps.iter().zip(printed) {
        assert!(
            (100.0 * step.usd_per_kwh - printed).abs() < 0.021,
            "{step:?}"
        );
    }
    let cleared = clear(&bids, &supply);
    assert_eq!(cleared.kind, Kind::Shared);
    assert!(
        (100.0 * cleared.usd_per_kwh - 10.55).abs() < 0.03,
        "{cleared:?}"
    );
    let expected = [-365.0, 247.0, 118.0];
    for (kw, expected) in cleared.quantity_kw.iter().zip(expected) {
        assert!((kw - expected).abs() < 1e-6, "{cleared:?}");
    }
    assert_eq!(cleared.lse_kw, 0.0);
    assert!(proof("sample".into(), &bids, &supply, &cleared).certified);
    // The paper's outcome is worth less by these bids.
    let paper = Cleared {
        quantity_kw: vec![-315.0, 197.0, 118.0],
        ..cleared.clone()
    };
    assert!(
        paper.welfare_usd_per_h(&bids, &supply) < cleared.welfare_usd_per_h(&bids, &supply) - 0.05
    );
}

#[test]
fn merit_order_is_the_optimum_of_the_linear_program() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut kinds = [0; 4];
    for round in 0..300 {
        let bids: Vec<Bid> = (0..rng.usize(1..6)).map(|_| random_bid(&mut rng)).collect();
        let mut supply = supply((400.0 + 1000.0 * rng.f64()).round() / 1e4);
        if rng.bool() {
            supply.capacity_kw = 200.0 * rng.f64();
        }
        if rng.u8(..) < 30 {
            supply.lse_usd_per_kwh = -0.01;
        }
        let cleared = clear(&bids, &supply);
        kinds[cleared.kind.code() as usize] += 1;
        let best = simplex::solve(&program(&bids, &supply).model).unwrap();
        let welfare = cleared.welfare_usd_per_h(&bids, &supply);
        assert!(
            (welfare + best.objective).abs() < 1e-6,
            "round {round}: {welfare} {}",
            best.objective
        );
        // The price proves it, at either end of its interval.
        let (low, high) = cleared.interval;
        assert!(low <= high + 1e-12, "round {round}: {cleared:?}");
        for usd_per_kwh in [low, high, cleared.usd_per_kwh] {
            let at = Cleared {
                usd_per_kwh,
                ..cleared.clone()
            };
            assert!(
                proof("round".into(), &bids, &supply, &at).certified,
                "round {round}: {at:?}"
            );
        }
        // Just outside it no longer does.
        if high.is_finite() && high < supply.cap_usd_per_kwh {
            let at = Cleared {
                usd_per_kwh: high + 1e-3,
                ..cleared.clone()
            };
            assert!(
                !proof("outside".into(), &bids, &supply, &at).certified,
                "round {round}"
            );
        }
    }
    assert!(kinds.iter().all(|n| *n > 5), "{kinds:?}");
}

#[test]
fn laws_of_the_clearing() {
    let mut rng = fastrand::Rng::with_seed(8);
    for round in 0..300 {
        let bids: Vec<Bid> = (0..rng.usize(1..6)).map(|_| random_bid(&mut rng)).collect();
        let supply = supply(0.05 + 0.09 * rng.f64());
        let pa = supply.lse_usd_per_kwh;
        let c = clear(&bids, &supply);
        let p = c.usd_per_kwh;
        let total: f64 = c.quantity_kw.iter().sum();
        // 1. Budget, 2. p ≤ P^a, 3. complementarity.
        if c.spill_kw == 0.0 {
            assert!(
                (p * total - pa * c.lse_kw).abs() < 1e-9 * (1.0 + total.abs()),
                "round {round}"
            );
        }
        assert!(p <= pa + 1e-12 && c.lse_kw >= 0.0);
        assert!(p >= pa - 1e-12 || c.lse_kw == 0.0, "round {round}: {c:?}");
        // 4. Monotone bids, everyone on its curve at p, no regret.
        for (bid, kw) in bids.iter().zip(&c.quantity_kw) {
            assert!(
                bid.steps
                    .windows(2)
                    .all(|s| s[0].usd_per_kwh >= s[1].usd_per_kwh)
            );
            let (least, most) = bid.at(p);
            assert!(
                *kw >= least - 1e-6 && *kw <= most + 1e-6,
                "round {round}: {kw} {least} {most}"
            );
            let surplus = bid.value_usd_per_h(*kw) - p * kw;
            assert!((surplus - (bid.value_usd_per_h(most) - p * most)).abs() < 1e-6);
        }
        // 5. No less welfare than the preferred demands, each bought alone at P^a.
        let alone: f64 = bids
            .iter()
            .map(|b| b.value_usd_per_h(b.preferred_kw) - pa * b.preferred_kw.max(0.0))
            .sum();
        let welfare = c.welfare_usd_per_h(&bids, &supply);
        assert!(welfare >= alone - 1e-9, "round {round}");
        // 10. Another community never lowers the welfare of all.
        let mut more = bids.clone();
        more.push(random_bid(&mut rng));
        let own = &more[bids.len()..];
        let apart = clear(own, &supply).welfare_usd_per_h(own, &supply);
        let joined = clear(&more, &supply).welfare_usd_per_h(&more, &supply);
        assert!(
            joined >= welfare + apart - 1e-7,
            "round {round}: {joined} {welfare} {apart}"
        );
        // What the LSE hands on is the demand that clears at every price of its own.
        let sum = aggregate(&bids);
        for price in [0.06, 0.08, 0.1, 0.13] {
            let at = clear(
                &bids,
                &Supply {
                    lse_usd_per_kwh: price,
                    ..supply
                },
            );
            let (least, most) = sum.at(price);
            assert!(
                at.lse_kw >= least - 1e-6 && at.lse_kw <= most + 1e-6,
                "round {round}"
            );
        }
    }
}

#[test]
fn ties_are_shared_and_the_price_is_the_middle() {
    let step = |width_kw, usd_per_kwh| Step {
        width_kw,
        usd_per_kwh,
    };
    let bid = |min_kw, steps: Vec<Step>| Bid {
        min_kw,
        preferred_kw: min_kw,
        steps,
    };
    // 60 kW for two steps of 100 and 50 kW at one price.
    let bids = [
        bid(-60.0, vec![]),
        bid(0.0, vec![step(100.0, 0.08)]),
        bid(0.0, vec![step(50.0, 0.08)]),
    ];
    let c = clear(&bids, &supply(0.1));
    assert!((c.quantity_kw[1] - 40.0).abs() < 1e-9 && (c.quantity_kw[2] - 20.0).abs() < 1e-9);
    assert_eq!((c.interval, c.kind), ((0.08, 0.08), Kind::Shared));
    // Zero at the end of a step: any price between it and the next one.
    let bids = [
        bid(-60.0, vec![]),
        bid(0.0, vec![step(60.0, 0.09), step(50.0, 0.05)]),
    ];
    let c = clear(&bids, &supply(0.1));
    assert_eq!(c.interval, (0.05, 0.09));
    assert!((c.usd_per_kwh - 0.07).abs() < 1e-12);
    // At the price of the LSE demand is served in full.
    let c = clear(&[bid(0.0, vec![step(60.0, 0.1)])], &supply(0.1));
    assert_eq!((c.quantity_kw[0], c.kind), (60.0, Kind::LseMarginal));
    // A capacity below the demand: the price rises, the LSE keeps the rent.
    let short = Supply {
        capacity_kw: 30.0,
        ..supply(0.1)
    };
    let c = clear(&[bid(0.0, vec![step(60.0, 0.3)])], &short);
    assert_eq!(
        (c.quantity_kw[0], c.usd_per_kwh, c.kind),
        (30.0, 0.3, Kind::Shortage)
    );
    // Demand that cannot be met at all, and feed-in that nobody takes.
    let c = clear(&[bid(40.0, vec![])], &short);
    assert_eq!((c.unserved_kw, c.usd_per_kwh), (10.0, 1.0));
    let c = clear(&[bid(-40.0, vec![])], &short);
    assert_eq!(
        (c.spill_kw, c.usd_per_kwh, c.kind),
        (40.0, 0.0, Kind::Surplus)
    );
}

#[test]
fn a_bid_next_to_its_limit_keeps_its_price() {
    // What is left of a corner by rounding must not set a price.
    for off in [0.0, 1e-13, 1e-10, 1e-7, 1e-5] {
        let at = |preferred: f64| {
            Corners::published([-100.0, preferred, 200.0], 0.08, 0.03, 0.0075).steps(9)
        };
        for (first, pa) in [
            (at(-100.0 + off), 0.06),
            (at(200.0 - off), 0.1),
            (at(-100.0 + off), 0.12),
        ] {
            let bids = [first, Bid::fixed(30.0), at(50.0)];
            let cleared = clear(&bids, &supply(pa));
            assert!(
                cleared.interval.0 <= cleared.interval.1,
                "{off}: {cleared:?}"
            );
            assert!(
                proof("corner".into(), &bids, &supply(pa), &cleared).certified,
                "{off}: {cleared:?}"
            );
        }
    }
}

#[test]
fn shares_of_the_gain_add_up_and_no_one_loses() {
    let mut rng = fastrand::Rng::with_seed(13);
    for _ in 0..20 {
        let n = rng.usize(2..5);
        let all: Vec<(Vec<Bid>, Supply)> = (0..6)
            .map(|_| {
                (
                    (0..n).map(|_| random_bid(&mut rng)).collect(),
                    supply(0.06 + 0.08 * rng.f64()),
                )
            })
            .collect();
        let cleared: Vec<Cleared> = all.iter().map(|(b, s)| clear(b, s)).collect();
        let intervals = all
            .iter()
            .zip(&cleared)
            .map(|((bids, supply), cleared)| Interval {
                bids,
                supply: *supply,
                cleared,
                price: vec![cleared.usd_per_kwh; n],
                limits: None,
            });
        let shared = share(intervals, 1.0 / 12.0).unwrap();
        let sum = |x: &[f64]| x.iter().sum::<f64>();
        assert!((sum(&shared.nash_usd) - shared.worth_usd).abs() < 1e-9);
        let shapley = shared.shapley_usd.as_ref().unwrap();
        assert!((sum(shapley) - shared.worth_usd).abs() < 1e-8);
        assert!(shared.worth_usd >= -1e-9);
        assert!(
            shared
                .nash_usd
                .iter()
                .chain(shapley)
                .chain(&shared.market_usd)
                .all(|x| *x >= -1e-7),
            "{shared:?}"
        );
        // Larger coalitions are worth no less.
        for a in 0..shared.coalitions_usd.len() {
            for j in 0..n {
                let b = a | 1 << j;
                assert!(shared.coalitions_usd[b] >= shared.coalitions_usd[a] - 1e-8);
            }
        }
    }
}
