//! The schedules and the bids of batteries against their linear programs.

use tandem::market::community::battery::Store;
use tandem::market::community::bid::Bid;
use tandem::market::community::bidding::{Moment, bid, opportunity};
use tandem::market::community::proof::schedule_program;
use tandem::market::community::schedule::{Aim, Stage, cost_usd, schedule};
use tandem::market::community::{BidForm, CommunityMarket, tariff};
use tandem::opt::simplex;

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
                    .position(|v| *v.name == *name)
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
        reserve_kw: 0.0,
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
