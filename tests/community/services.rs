//! Heat and reserve: by hand, and against linear programs.

use super::feeder_case;
use crate::testing::changes::{changed, value};
use tandem::case::communities::Thermal;
use tandem::market::community::battery::Store;
use tandem::market::community::bid::{Bid, Step};
use tandem::market::community::proof::heat_program;
use tandem::market::community::reserve::Service;
use tandem::market::community::roll::{self, Around};
use tandem::market::community::schedule::{Aim, Stage};
use tandem::market::community::system::System;
use tandem::market::community::thermal::{Comfort, Heat, HeatMoment, Tank};
use tandem::market::community::{BidForm, CommunityMarket, Comparator};
use tandem::opt::simplex;
use tandem::run;

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{a} {b}");
}

fn thermal() -> Thermal {
    Thermal {
        heat_kwh_per_k: 10.0,
        loss_kw_per_k: 1.0,
        power_kw: 12.0,
        cop: 3.0,
        min_c: 19.0,
        max_c: 23.0,
        initial_c: 20.0,
        ambient_c: vec![0.0],
    }
}

#[test]
fn a_building_cools_and_warms_as_by_hand() {
    let tank = Tank::new(&thermal(), 2, 1.0);
    // exp(−1 · 1 / 10) = 0.904837418; 6 kW of heat hold 6 K above the ambient.
    let left = 0.904_837_418_035_959_6;
    near(
        tank.after(20.0, 0.0, 2.0, 1.0),
        20.0 * left + 6.0 * (1.0 - left),
    );
    // 20 K · 1 kW/K of loss at a performance of 3.
    near(tank.power_for(20.0, 0.0, 20.0, 1.0), 20.0 / 3.0);
    near(tank.power_for(20.0, 0.0, 30.0, 1.0), 12.0);
    near(tank.power_for(25.0, 0.0, 20.0, 1.0), 0.0);
    // Two half hours are an hour.
    let half = tank.after(20.0, 0.0, 2.0, 0.5);
    near(
        tank.after(half, 0.0, 2.0, 0.5),
        tank.after(20.0, 0.0, 2.0, 1.0),
    );
    let tight = Tank {
        loss_kw_per_k: 0.0,
        ..tank
    };
    near(tight.after(20.0, 0.0, 2.0, 1.0), 20.6);
}

#[test]
fn the_schedule_of_heat_is_the_optimum_of_the_linear_program() {
    let mut rng = fastrand::Rng::with_seed(23);
    let mut cold = 0;
    for round in 0..120 {
        let n = rng.usize(1..20);
        let thermal = Thermal {
            heat_kwh_per_k: 2.0 + 40.0 * rng.f64(),
            loss_kw_per_k: if rng.u8(..) < 40 {
                0.0
            } else {
                2.0 * rng.f64()
            },
            power_kw: 1.0 + 15.0 * rng.f64(),
            initial_c: 17.0 + 8.0 * rng.f64(),
            ambient_c: vec![-10.0 + 30.0 * rng.f64()],
            ..thermal()
        };
        let tank = Tank::new(&thermal, n, 1.0);
        let stages: Vec<Heat> = (0..n)
            .map(|_| Heat {
                hours: if rng.bool() { 1.0 } else { 0.25 },
                usd_per_kwh: (40.0 * rng.f64()).round() / 100.0
                    - if rng.u8(..) < 30 { 0.2 } else { 0.0 },
                ambient_c: thermal.ambient_c[0],
            })
            .collect();
        let comfort = Comfort {
            usd_per_k_h: 2.0 * rng.f64(),
            missing_usd_per_k: 3.0 * rng.f64(),
            desired_c: 18.0 + 6.0 * rng.f64(),
            spare_usd_per_k: 0.0,
        };
        let plan = tank.schedule(&stages, &comfort, tank.initial_c);
        let cost = tank.cost_usd(&stages, &comfort, &plan.power_kw, tank.initial_c);
        let best = simplex::solve(&heat_program(&tank, &stages, &comfort, tank.initial_c)).unwrap();
        assert!(
            (cost - best.objective).abs() < 1e-6 * (1.0 + cost.abs()),
            "{round}: {cost} {}",
            best.objective
        );
        assert!(
            plan.power_kw
                .iter()
                .all(|kw| (0.0..=tank.power_kw).contains(kw))
        );
        cold += usize::from(plan.end_c.iter().any(|c| *c < 19.0 - 1e-6));
    }
    assert!((10..110).contains(&cold), "{cold}");
}

#[test]
fn two_demands_are_one_and_part_again() {
    let step = |width_kw, usd_per_kwh| Step {
        width_kw,
        usd_per_kwh,
    };
    let own = Bid {
        min_kw: -10.0,
        preferred_kw: 0.0,
        steps: vec![step(20.0, 0.2), step(10.0, 0.1)],
    };
    let other = Bid {
        min_kw: 1.0,
        preferred_kw: 2.0,
        steps: vec![step(5.0, 0.3), step(30.0, 0.1)],
    };
    let both = own.plus(&other);
    assert_eq!(
        (both.min_kw, both.preferred_kw, both.max_kw()),
        (-9.0, 2.0, 56.0)
    );
    // By falling price: 5 of the other, 20 of the first, then 10 and 30 side by side.
    for (kw, part) in [
        (-9.0, 1.0),
        (-6.0, 4.0),
        (6.0, 6.0),
        (16.0, 6.0),
        (36.0, 21.0),
        (56.0, 36.0),
    ] {
        near(own.part_of(&other, kw), part);
    }
}

#[test]
fn heat_bids_fall_and_opportunity_bids_are_what_the_schedule_would_do() {
    let tank = Tank::new(&thermal(), 30, 1.0 / 12.0);
    let prices = [0.08, 0.05, 0.12, 0.2, 0.07, 0.1];
    let stages: Vec<Heat> = prices
        .iter()
        .map(|p| Heat {
            hours: 1.0,
            usd_per_kwh: *p,
            ambient_c: 0.0,
        })
        .collect();
    let comfort = Comfort {
        usd_per_k_h: 10.0,
        missing_usd_per_k: 4.0,
        desired_c: 20.0,
        spare_usd_per_k: 0.0,
    };
    let plan = tank.schedule(&stages, &comfort, 20.0);
    for form in [BidForm::Published, BidForm::FourPoint, BidForm::Opportunity] {
        let params = CommunityMarket {
            bid: form,
            ..CommunityMarket::default()
        };
        let at = HeatMoment {
            now_c: 20.0,
            ambient_c: 0.0,
            planned_kw: plan.power_kw[0],
            hours: 1.0,
            left_hours: 0.0,
            to_go: &plan.to_go[1],
            expected: 0.08,
            spread: 0.02,
            forecast_range: 0.15,
        };
        let bid = tank.bid(&at, &params, &comfort);
        assert!(
            bid.steps
                .windows(2)
                .all(|w| w[0].usd_per_kwh >= w[1].usd_per_kwh),
            "{form:?}"
        );
        assert!(bid.min_kw >= 0.0 && bid.max_kw() <= 12.0 + 1e-9);
        if form == BidForm::Opportunity {
            for price in [0.03, 0.06, 0.09, 0.15, 0.3] {
                let mut then = stages.clone();
                then[0].usd_per_kwh = price;
                let kw = tank.schedule(&then, &comfort, 20.0).power_kw[0];
                let (least, most) = bid.at(price);
                assert!(
                    (least - 1e-6..=most + 1e-6).contains(&kw),
                    "{price}: {kw} {least} {most}"
                );
            }
        }
    }
}

#[test]
fn buildings_stay_in_their_band_and_heat_when_it_is_cheap() {
    let report = run::run(
        &changed(
            "theisen-thermal",
            [("mechanism.days", "2"), ("view.step", "100")],
        )
        .unwrap(),
    )
    .unwrap();
    for id in ["D2", "D3"] {
        for way in Comparator::ALL {
            let beyond = value(&report, &format!("beyond:{}:{id}", way.id()));
            assert!(beyond < 1e-6, "{way:?} {id}: {beyond}");
        }
        let price = |way: &str| value(&report, &format!("heat_price:{way}:{id}"));
        assert!(price("prices_to_devices") < price("base") && price("transactive") < price("base"));
        // A thermostat at 21 °C: loss of 6 and 9.5 kW/K against 5.608 °C, the mean of the preset's 24 hours, performance 3, 48 h.
        let loss = if id == "D2" { 6.0 } else { 9.5 };
        let by_hand = loss * (21.0 - 134.6 / 24.0) / 3.0 * 48.0;
        let heat = value(&report, &format!("heat:base:{id}"));
        assert!(
            (heat / by_hand - 1.0).abs() < 1e-3,
            "{id}: {heat} {by_hand}"
        );
    }
    // What is bought is net load, battery and heat pump.
    let (q, battery, heat) = ("q:D3", "battery:D3", "heat:D3");
    let of = |id: &str| &report.series(id).unwrap().values;
    let load = &feeder_case().communities.unwrap().members[2].load_kw;
    for (t, load) in load.iter().enumerate().take(576) {
        near(of(q)[t], load + of(battery)[t] + of(heat)[t]);
    }
    for (field, bad) in [("max_c", "19"), ("ambient_c", "[1,2]"), ("cop", "0")] {
        let field = format!("case.communities.members.D3.thermal.{field}");
        let problems = changed("theisen-thermal", [(&field, bad)]).unwrap_err();
        assert!(
            problems.iter().any(|p| p.field.starts_with(&field)),
            "{problems:?}"
        );
    }
}

#[test]
fn reserve_is_what_power_and_energy_allow_by_hand() {
    let store = Store {
        energy_kwh: 100.0,
        power_kw: 30.0,
        efficiency: 0.95,
        least_kwh: 10.0,
        most_kwh: 90.0,
    };
    let aim = Aim {
        no_feed_in: false,
        wear_usd_per_kwh: 0.001,
        cap_kw: f64::INFINITY,
        over_usd_per_kwh: 0.0,
        desired_kwh: 50.0,
        missing_usd_per_kwh: 1.0,
        spare_usd_per_kwh: 0.0,
    };
    let stages = [Stage {
        hours: 1.0,
        usd_per_kwh: 0.1,
        net_kw: 100.0,
    }];
    // An idle battery at 50 kWh: 40 kWh give 38 at the meter. Two hours of it are 19 kW, one hour 30 by power.
    for (lasts_hours, reserve) in [(2.0, 19.0), (1.0, 30.0)] {
        let service = Service {
            usd_per_kw_h: 0.002,
            lasts_hours,
        };
        let first = service.plan(&store, &stages, &aim, 50.0).unwrap();
        near(first.reserve_kw, reserve);
        near(first.battery_kw, 0.0);
    }
    // A kWh more is worth 0.95/2 kW of reserve at the end alone, at the start it is not there: no charging.
    let dear = Service {
        usd_per_kw_h: 10.0,
        lasts_hours: 2.0,
    };
    near(
        dear.plan(&store, &stages, &aim, 50.0).unwrap().battery_kw,
        0.0,
    );
    // In the first of two hours it pays to charge for the second: 30 kW by power take 2·30/0.95 + 10 kWh.
    let two = [stages[0], stages[0]];
    let first = dear.plan(&store, &two, &aim, 50.0).unwrap();
    near(first.battery_kw, (2.0 * 30.0 / 0.95 + 10.0 - 50.0) / 0.95);
    // What is held for a reserve cannot be bid.
    near(
        dear.held(&store, 19.0, 60.0).least_kwh,
        10.0 + 2.0 * 19.0 / 0.95,
    );
    near(dear.held(&store, 19.0, 40.0).least_kwh, 40.0);
}

#[test]
fn reserve_is_held_paid_and_worth_it() {
    let params = CommunityMarket {
        reserve_usd_per_mw_h: 15.0,
        days: Some(1),
        ..CommunityMarket::default()
    };
    let service = Service::of(&params).unwrap();
    let system = System::new(&feeder_case(), &params).unwrap();
    let trace = roll::run(&system, &params, Comparator::Transactive, Around::default()).unwrap();
    let proof = service.held_proof(&system, &trace);
    assert!(proof.certified, "{proof:?}");
    for (j, bill) in trace.bills.iter().enumerate() {
        let sold: f64 = trace.reserve_kw[j].iter().sum::<f64>() / 12.0;
        near(bill.reserve_usd, 0.015 * sold);
        assert!(sold > 0.0);
    }
    let mut more = trace.clone();
    more.reserve_kw[1][100] += 200.0;
    assert!(!service.held_proof(&system, &more).certified);
    let report = run::run(
        &changed(
            "theisen-reserve",
            [("mechanism.days", "1"), ("view.step", "100")],
        )
        .unwrap(),
    )
    .unwrap();
    assert!(
        report.certificates.iter().all(|c| c.certified),
        "{:?}",
        report.certificates
    );
    // The ledger pays it, and the table's money adds up.
    let paid: f64 = report
        .ledger
        .entries
        .iter()
        .filter(|e| e.item == "reserve")
        .map(|e| e.amount_usd)
        .sum();
    near(paid, value(&report, "reserve"));
    assert!(value(&report, "reserve_net") > 0.0 && value(&report, "reserve_net") < paid);
}
