//! The clearing, the bids and the schedules of communities against their linear programs and laws.

use tandem::market::community::battery::Store;
use tandem::market::community::bid::{Bid, Corners, Step};
use tandem::market::community::bidding::{Moment, bid, opportunity};
use tandem::market::community::clearing::{Cleared, Kind, Supply, aggregate, clear, program};
use tandem::market::community::proof::{clearing as proof, schedule_program};
use tandem::market::community::schedule::{Aim, Stage, cost_usd, schedule};
use tandem::market::community::sharing::share;
use tandem::market::community::{BidForm, CommunityMarket, tariff};
use tandem::opt::simplex;

fn supply(price: f64) -> Supply {
    Supply {
        lse_usd_per_kwh: price,
        capacity_kw: f64::INFINITY,
        cap_usd_per_kwh: 1.0,
    }
}

/// A bid with a random range and fall; some prices meet on a grid, so that ties occur.
fn random_bid(rng: &mut fastrand::Rng) -> Bid {
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

fn random_store(rng: &mut fastrand::Rng) -> (Store, f64) {
    let energy_kwh = 100.0 + 900.0 * rng.f64();
    let store = Store {
        energy_kwh,
        power_kw: energy_kwh * (0.1 + rng.f64()),
        efficiency: 0.8 + 0.2 * rng.f64(),
        least_kwh: 0.1 * energy_kwh,
        most_kwh: 0.9 * energy_kwh,
    };
    (store, energy_kwh * (0.1 + 0.8 * rng.f64()))
}

fn random_stages(rng: &mut fastrand::Rng, n: usize, below_zero: bool) -> Vec<Stage> {
    let low = if below_zero { -0.05 } else { 0.02 };
    (0..n)
        .map(|_| Stage {
            hours: if rng.bool() { 1.0 } else { 0.25 },
            usd_per_kwh: ((low + 0.15 * rng.f64()) * 100.0).round() / 100.0,
            net_kw: -100.0 + 400.0 * rng.f64(),
        })
        .collect()
}

fn aim(store: &Store, no_feed_in: bool) -> Aim {
    Aim {
        no_feed_in,
        wear_usd_per_kwh: 1e-6,
        cap_kw: f64::INFINITY,
        over_usd_per_kwh: 0.0,
        desired_kwh: 0.5 * store.energy_kwh,
        missing_usd_per_kwh: 1.0,
        spare_usd_per_kwh: 0.01,
    }
}

#[test]
fn the_schedule_by_slopes_is_the_optimum_of_the_linear_program() {
    let mut rng = fastrand::Rng::with_seed(9);
    for round in 0..80 {
        let (store, stored) = random_store(&mut rng);
        let n = rng.usize(1..25);
        let stages = random_stages(&mut rng, n, false);
        let mut aim = aim(&store, rng.bool());
        if round % 3 == 0 {
            (aim.cap_kw, aim.over_usd_per_kwh) = (150.0, 0.7);
        }
        let plan = schedule(&store, &stages, &aim, stored);
        let cost = cost_usd(&store, &stages, &aim, &plan.battery_kw, stored);
        let best = simplex::solve(&schedule_program(&store, &stages, &aim, stored)).unwrap();
        assert!(
            (cost - best.objective).abs() < 1e-6 * (1.0 + cost.abs()),
            "round {round}: {cost} {}",
            best.objective
        );
        // 6. The recursion, its bounds, and power within the inverter.
        let mut now = stored;
        for ((kw, after), stage) in plan.battery_kw.iter().zip(&plan.stored_kwh).zip(&stages) {
            assert!(kw.abs() <= store.power_kw + 1e-9);
            let change = kw.max(0.0) * store.efficiency - (-kw).max(0.0) / store.efficiency;
            now += change * stage.hours;
            assert!(
                (now - after).abs() < 1e-6
                    && now >= store.least_kwh - 1e-6
                    && now <= store.most_kwh + 1e-6
            );
        }
        // −V′ is what another stored kWh saves.
        let worth = -plan.to_go[0].at(stored).1;
        let inside = stored + 0.01 < store.most_kwh;
        if inside {
            let again = schedule(&store, &stages, &aim, stored + 0.01);
            let cheaper = cost_usd(&store, &stages, &aim, &again.battery_kw, stored + 0.01);
            assert!(
                (cost - cheaper - 0.01 * worth).abs() < 1e-6,
                "round {round}: {} {worth}",
                (cost - cheaper) / 0.01
            );
        }
    }
}

#[test]
fn the_tariff_s_peak_is_the_optimum_of_the_linear_program() {
    let mut rng = fastrand::Rng::with_seed(10);
    for round in 0..12 {
        let (store, stored) = random_store(&mut rng);
        let stages: Vec<Stage> = (0..24)
            .map(|_| Stage {
                hours: 1.0,
                usd_per_kwh: 0.07535,
                net_kw: 100.0 + 300.0 * rng.f64(),
            })
            .collect();
        let aim = aim(&store, true);
        let demand = 7.0 / 30.0;
        let powers = tariff::plan(&store, &stages, &aim, demand, stored);
        let peak = stages
            .iter()
            .zip(&powers)
            .map(|(s, b)| s.net_kw + b)
            .fold(0.0, f64::max);
        let ours = cost_usd(&store, &stages, &aim, &powers, stored) + demand * peak;
        let mut model = schedule_program(&store, &stages, &aim, stored);
        let top = model.var("peak", 0.0, f64::INFINITY, demand);
        for (t, stage) in stages.iter().enumerate() {
            let find = |name: String| {
                model
                    .vars()
                    .iter()
                    .position(|v| v.name == name)
                    .map(tandem::opt::Var)
                    .unwrap()
            };
            let (ch, dis) = (find(format!("ch[{t}]")), find(format!("dis[{t}]")));
            model.row(
                format!("peak[{t}]"),
                [(top, 1.0), (ch, -1.0), (dis, 1.0)],
                stage.net_kw,
                f64::INFINITY,
            );
        }
        let best = simplex::solve(&model).unwrap();
        assert!(
            (ours - best.objective).abs() < 1e-5 * best.objective,
            "round {round}: {ours} {}",
            best.objective
        );
    }
}

fn moment(store: &Store, rng: &mut fastrand::Rng) -> Moment {
    Moment {
        base_kw: 300.0,
        forecast_kw: 290.0,
        planned_kw: -50.0,
        stored_kwh: store.least_kwh + (store.most_kwh - store.least_kwh) * rng.f64(),
        hours: 1.0 / 12.0,
        expected: 0.09,
        spread: 0.02,
        forecast_range: 0.06,
    }
}

/// A stage of an hour.
fn hour(usd_per_kwh: f64, net_kw: f64) -> Stage {
    Stage {
        hours: 1.0,
        usd_per_kwh,
        net_kw,
    }
}

#[test]
fn below_a_price_of_zero_a_full_battery_discharges_first() {
    // 10 kWh, full at 9, prices −1 and −50 ct, 10 kW of load. The second hour takes 5 kW, 4.5 kWh
    // stored, so that the first gives 4.05 kW: −0.01 · 5.95 − 0.50 · 15 = −7.5595 $, by hand; idle it
    // pays −5.10 $.
    let store = Store {
        energy_kwh: 10.0,
        power_kw: 5.0,
        efficiency: 0.9,
        least_kwh: 1.0,
        most_kwh: 9.0,
    };
    let free = Aim {
        wear_usd_per_kwh: 0.0,
        desired_kwh: 0.0,
        spare_usd_per_kwh: 0.0,
        ..aim(&store, false)
    };
    let stages = [hour(-0.01, 10.0), hour(-0.5, 10.0)];
    let plan = schedule(&store, &stages, &free, 9.0);
    let cost = cost_usd(&store, &stages, &free, &plan.battery_kw, 9.0);
    let out = 5.0 * 0.9 * 0.9;
    let by_hand = -0.01 * (10.0 - out) - 0.5 * 15.0;
    assert!((cost - by_hand).abs() < 1e-9, "{cost} {by_hand}");
    assert!((cost + 7.5595).abs() < 1e-9, "{cost}");
    assert!((plan.battery_kw[0] + out).abs() < 1e-9 && (plan.battery_kw[1] - 5.0).abs() < 1e-9);
}

#[test]
fn schedules_at_prices_below_zero_are_the_optimum_of_the_integer_program() {
    let mut rng = fastrand::Rng::with_seed(50);
    let mut apart = 0;
    for round in 0..60 {
        let (store, stored) = random_store(&mut rng);
        let n = rng.usize(2..8);
        let mut stages = random_stages(&mut rng, n, true);
        for stage in &mut stages {
            stage.usd_per_kwh = ((-0.3 + 0.45 * rng.f64()) * 100.0).round() / 100.0;
        }
        let mut aim = aim(&store, round % 2 == 0);
        if round % 3 == 0 {
            (aim.cap_kw, aim.over_usd_per_kwh) = (150.0, 0.7);
        }
        if round % 5 == 0 {
            aim.wear_usd_per_kwh = 0.02;
        }
        let plan = schedule(&store, &stages, &aim, stored);
        let cost = cost_usd(&store, &stages, &aim, &plan.battery_kw, stored);
        let best = simplex::solve(&schedule_program(&store, &stages, &aim, stored)).unwrap();
        assert!(
            (cost - best.objective).abs() < 1e-6 * (1.0 + cost.abs()),
            "round {round}: {cost} {}",
            best.objective
        );
        let both = |kw: &f64, s: &Stage| s.usd_per_kwh < 0.0 && *kw < -1e-6;
        apart += usize::from(
            plan.battery_kw
                .iter()
                .zip(&stages)
                .any(|(kw, s)| both(kw, s)),
        );
    }
    assert!(
        apart > 10,
        "{apart} schedules discharge below a price of zero"
    );
}

#[test]
fn every_form_of_bid_is_monotone_within_the_battery_and_narrows_to_its_preferred_demand() {
    let mut rng = fastrand::Rng::with_seed(11);
    for _ in 0..100 {
        let (store, stored) = random_store(&mut rng);
        let at = moment(&store, &mut rng);
        let stages = random_stages(&mut rng, 12, false);
        let aim = aim(&store, false);
        let plan = schedule(&store, &stages, &aim, stored);
        for form in [BidForm::Published, BidForm::FourPoint, BidForm::Opportunity] {
            let params = CommunityMarket {
                bid: form,
                ..CommunityMarket::default()
            };
            let bid = bid(&store, &at, &params, &plan.to_go[1], &aim);
            let (low, high) = store.range_kw(at.stored_kwh, at.hours);
            assert!((bid.min_kw - at.base_kw - low).abs() < 1e-9);
            assert!((bid.max_kw() - at.base_kw - high).abs() < 1e-6, "{form:?}");
            assert!(
                bid.steps
                    .windows(2)
                    .all(|s| s[0].usd_per_kwh >= s[1].usd_per_kwh - 1e-12),
                "{form:?} {bid:?}"
            );
        }
        // 8. The slider at 0, and a span beyond all prices: Q̂ at any price of the market.
        for (form, sensitivity) in [(BidForm::FourPoint, 0.0), (BidForm::Published, 1e6)] {
            let params = CommunityMarket {
                bid: form,
                sensitivity,
                ..CommunityMarket::default()
            };
            let bid = bid(&store, &at, &params, &plan.to_go[1], &aim);
            for price in [0.04, 0.0899, 0.0901, 0.3] {
                let inside = (price - at.expected).abs() < params.intercept_usd_per_kwh;
                let (kw, most) = bid.at(price);
                let beyond = |kw: f64| (kw - bid.preferred_kw).abs();
                // Steps next to Q̂ have a width, so the published curve is within one of them.
                let near = if form == BidForm::FourPoint {
                    1e-9
                } else {
                    (high_width(&bid)) + 1e-9
                };
                assert!(
                    inside || beyond(kw).min(beyond(most)) <= near,
                    "{form:?} {price} {kw} {bid:?}"
                );
            }
        }
    }
}

fn high_width(bid: &Bid) -> f64 {
    bid.steps.iter().map(|s| s.width_kw).fold(0.0, f64::max)
}

#[test]
fn opportunity_bids_are_what_the_schedule_would_do_at_that_price() {
    let mut rng = fastrand::Rng::with_seed(12);
    for round in 0..60 {
        let (store, stored) = random_store(&mut rng);
        let aim = aim(&store, false);
        let mut stages = random_stages(&mut rng, 12, false);
        stages[0] = Stage {
            hours: 1.0 / 12.0,
            usd_per_kwh: 0.05 + 0.08 * rng.f64(),
            net_kw: 200.0,
        };
        let plan = schedule(&store, &stages, &aim, stored);
        let at = Moment {
            base_kw: 200.0,
            stored_kwh: stored,
            ..moment(&store, &mut rng)
        };
        let bid = opportunity(&store, &at, &plan.to_go[1], &aim);
        let (least, most) = bid.at(stages[0].usd_per_kwh);
        let done = 200.0 + plan.battery_kw[0];
        assert!(
            done >= least - 1e-4 && done <= most + 1e-4,
            "round {round}: {done} {least} {most}"
        );
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
        let shared = share(all.iter().map(|(b, s)| (b.as_slice(), *s)), 1.0 / 12.0).unwrap();
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
