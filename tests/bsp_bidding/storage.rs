//! Storage that joins the hours: against calculations by hand, and what must hold on random days.

use super::random::random_case;
use crate::testing::near::near;
use tandem::case::{Case, LocalStorage};
use tandem::market::bsp_bidding::clear::{Bids, clear};
use tandem::market::bsp_bidding::joint::{self, held_mwh};
use tandem::market::bsp_bidding::storage::Storage;
use tandem::market::bsp_bidding::system::System;
use tandem::market::bsp_bidding::{Behaviour, BspBidding, Method, Settlement, TsoMarket};
use tandem::run;
use tandem::scenario::{Mechanism, Scenario, gallery};

/// Two hours at a day-ahead price of 40 $/MWh, without limits: the TSO sells at 60 and buys at 20, R1 offers 0.04 MW at
/// 48 and 0.02 MW downwards at 24 $/MWh. S stores 0.8 of what it charges; a MWh discharged wears 2 $.
fn two_hours(imbalance_mwh: [f64; 2]) -> Case {
    let mut case = random_case(1, 1, 2);
    let feeder = &mut case.feeders[0];
    feeder.lines.iter_mut().for_each(|line| {
        (line.max_p_mw, line.min_p_mw, line.max_s_mva) = (None, None, None);
    });
    for bus in &mut feeder.buses {
        (bus.min_v_pu, bus.max_v_pu) = (0.5, 1.5);
    }
    let bus = feeder.buses[1].id.clone();
    let market = case.local_market.as_mut().unwrap();
    market.imbalance_mwh = imbalance_mwh.to_vec();
    market.day_ahead_usd_per_mwh = vec![40.0, 40.0];
    (market.tso_up, market.tso_down) = (vec![1.5], vec![0.5]);
    market.tso_imbalance_mwh.clear();
    let rival = &mut market.resources[0];
    (rival.id, rival.owner) = ("r".into(), "R1".into());
    (rival.max_up_mw, rival.max_down_mw) = (0.04, 0.02);
    (rival.up_cost, rival.down_value) = (vec![1.2], vec![0.6]);
    market.storage.push(LocalStorage {
        id: "B".into(),
        bus,
        owner: "S".into(),
        max_up_mw: 0.05,
        max_down_mw: 0.05,
        energy_mwh: 1.0,
        initial_mwh: 0.2,
        min_final_mwh: None,
        charge_efficiency: 0.8,
        discharge_efficiency: 1.0,
        wear_usd_per_mwh: 2.0,
    });
    assert!(case.validate().iter().all(|p| !p.is_error()));
    case
}

fn of_s() -> BspBidding {
    BspBidding {
        strategic: vec!["S".into()],
        ..BspBidding::default()
    }
}

/// A surplus and a shortage so large that the TSO sets both prices: 0.05 MWh charged at 20 and 0.04 discharged
/// at 60, less wear, earn 1.32 $, at cost as at best; a MWh held is worth 58 $.
#[test]
fn a_spread_that_nobody_moves_by_hand() {
    let case = two_hours([-0.1, 0.1]);
    let system = System::new(&case).unwrap();
    let storage = Storage::new(&case, &of_s(), &system).unwrap();
    let joint = &storage.joint;
    assert!(joint.certificate.certified, "{:?}", joint.certificate);
    for (t, (up, down)) in [(0.0, 0.05), (0.04, 0.0)].into_iter().enumerate() {
        near("discharged", joint.schedule[t][0].0, up, 1e-9);
        near("charged", joint.schedule[t][0].1, down, 1e-9);
        near("value", joint.value[0][t], 58.0, 1e-9);
    }
    let cost = |t: usize| joint.cleared[t].cost(&system.hours[t]);
    near("first hour", cost(0), -24.0 * 0.02 - 20.0 * 0.03, 1e-9);
    near(
        "second hour",
        cost(1),
        48.0 * 0.04 + 2.0 * 0.04 + 60.0 * 0.02,
        1e-9,
    );
    near(
        "saved",
        storage.without.cost_usd - cost(0) - cost(1),
        1.32,
        1e-9,
    );
    let best = storage.best.as_ref().unwrap();
    near("profit", best.profit, 1.32, 1e-6);
    near("bound", best.bound, 1.32, 1e-5);
    near("alone", storage.without.best_profit_usd, 0.0, 0.0);
}

/// A shortage of 0.03 MWh, which the storage covers alone. At cost it sets the price: what it charges at 20 $/MWh is
/// worth 25 when stored, so that it sells at 27 and earns nothing. At best it asks for R1's 48:
/// 0.03 · 46 − 0.0375 · 20 = 0.63 $.
#[test]
fn a_price_that_storage_sets_by_hand() {
    let case = two_hours([-0.1, 0.03]);
    let system = System::new(&case).unwrap();
    let storage = Storage::new(&case, &of_s(), &system).unwrap();
    let joint = &storage.joint;
    near("value", joint.value[0][0], 25.0, 1e-9);
    near("price", joint.cleared[1].lambda, 27.0, 1e-9);
    let own = system.owned(1);
    let bids = Bids::default();
    let earned = |t: usize| joint.cleared[t].profit_of(&system.hours[t], &bids, false, &own);
    near("at cost", earned(0) + earned(1), 0.0, 1e-9);
    let best = storage.best.as_ref().unwrap();
    near("at best", best.profit, 0.63, 1e-6);
    near("bound", best.bound, 0.63, 1e-5);
    near("sold", best.schedule[1][0].0, 0.03, 1e-6);
}

/// Storage of nobody in particular beside random resources.
fn with_storage(seed: u64, resources: usize, hours: usize) -> Case {
    let mut case = random_case(seed, resources, hours);
    let market = case.local_market.as_mut().unwrap();
    let (owner, bus) = (market.resources[0].owner.clone(), &case.feeders[0].buses);
    for (i, owner) in [owner, "other".into()].into_iter().enumerate() {
        market.storage.push(LocalStorage {
            id: format!("B{i}"),
            bus: bus[3 + i].id.clone(),
            owner,
            max_up_mw: 0.05,
            max_down_mw: 0.04,
            energy_mwh: 0.1,
            initial_mwh: 0.05,
            min_final_mwh: Some(0.03),
            charge_efficiency: 0.95,
            discharge_efficiency: 0.9,
            wear_usd_per_mwh: 1.0,
        });
    }
    case
}

#[test]
fn random_days_hold_together() {
    for seed in 1..=12 {
        let case = with_storage(seed, 4, 6);
        let system = System::new(&case).unwrap();
        let params = BspBidding {
            strategic: vec![system.owners[system.owner[0]].clone()],
            ..BspBidding::default()
        };
        let storage = Storage::new(&case, &params, &system).unwrap();
        let joint = &storage.joint;
        assert!(joint.certificate.certified, "{seed}");
        let best = storage.best.as_ref().unwrap();
        for s in 0..2 {
            for schedule in [&joint.schedule, &best.schedule] {
                let held = held_mwh(&system, s, schedule);
                // To what a certificate allows in a row.
                let inside = |e: &f64| (-1e-6..=0.1 + 1e-6).contains(e);
                assert!(held.iter().all(inside), "{seed}: {held:?}");
                assert!(held[5] >= 0.03 - 1e-6, "{seed}: {held:?}");
            }
        }
        // What the others' storage does is theirs.
        for (now, at_cost) in best.schedule.iter().zip(&joint.schedule) {
            assert_eq!(now[1], at_cost[1], "{seed}");
        }
        let own = system.owned(system.owner[0]);
        let bids = Bids::default();
        let earned = system.hours.iter().zip(&joint.cleared);
        let earned = earned.map(|(hour, c)| c.profit_of(hour, &bids, false, &own));
        let at_cost = earned.sum::<f64>();
        assert!(
            best.profit >= at_cost - 1e-6,
            "{seed}: {} {at_cost}",
            best.profit
        );
        assert!(best.bound >= best.profit, "{seed}: {best:?}");
        // Storage saves, and never costs: it may rest.
        let cost: f64 = system
            .hours
            .iter()
            .zip(&joint.cleared)
            .map(|(hour, c)| c.objective(hour, &Bids::truthful(hour)))
            .sum();
        let resting = storage.system(Behaviour::TsoOnly);
        let rest = resting.hours.iter().map(|hour| {
            let bids = Bids::truthful(hour);
            clear(hour, &bids).unwrap().objective(hour, &bids)
        });
        assert!(cost <= rest.sum::<f64>() + 1e-7, "{seed}");
    }
}

/// Without storage the joint program is the hours one by one.
#[test]
fn nothing_joins_hours_without_storage() {
    for seed in 20..=24 {
        let system = System::new(&random_case(seed, 4, 4)).unwrap();
        let joint = joint::clear(&system).unwrap();
        assert!(joint.certificate.certified, "{seed}");
        for (hour, joined) in system.hours.iter().zip(&joint.cleared) {
            let bids = Bids::truthful(hour);
            let alone = clear(hour, &bids).unwrap().objective(hour, &bids);
            near("objective", joined.objective(hour, &bids), alone, 1e-7);
        }
    }
}

/// What the preset says of itself, as it is in the notes; and that what is not modelled is refused.
#[test]
fn the_preset_and_what_is_refused() {
    let document = gallery::document("khojasteh-k33-storage").unwrap();
    let report = run::run(&document).unwrap();
    let value = |id: &str| {
        report
            .summary
            .iter()
            .find(|q| q.id == id)
            .unwrap()
            .value
            .unwrap()
    };
    near("saved", value("storage_value"), 14.7931, 1e-4);
    near("profit", value("schedule_profit"), 43.2952, 1e-4);
    near(
        "the same in the day",
        value("profit:S:strategic"),
        value("schedule_profit"),
        1e-6,
    );
    assert!(value("schedule_gap_percent") < 1e-3);
    let refused = |change: &dyn Fn(&mut Scenario)| -> Vec<String> {
        let mut scenario = Scenario::clone(&document);
        change(&mut scenario);
        let problems = scenario.problems().into_iter();
        problems.filter(|p| p.is_error()).map(|p| p.field).collect()
    };
    let asked = |change: fn(&mut BspBidding)| {
        refused(&move |s: &mut Scenario| {
            if let Mechanism::BspBidding(p) = &mut s.mechanism {
                change(p);
            }
        })
    };
    assert!(asked(|_| {}).is_empty());
    assert_eq!(
        asked(|p| p.settlement = Settlement::PayAsBid),
        ["mechanism.settlement"]
    );
    assert_eq!(
        asked(|p| p.tso_market = Some(TsoMarket::default())),
        ["mechanism.tso_market"]
    );
    assert_eq!(asked(|p| p.handover = true), ["mechanism.handover"]);
    assert_eq!(
        asked(|p| p.strategic.push("R1".into())),
        ["mechanism.strategic"]
    );
    assert_eq!(
        asked(|p| p.method = Method::Enumeration),
        ["mechanism.method"]
    );
    let held = |change: fn(&mut LocalStorage)| {
        refused(&move |s: &mut Scenario| {
            change(&mut s.case.local_market.as_mut().unwrap().storage[0])
        })
    };
    let at = |field: &str| vec![format!("case.local_market.storage.B30.{field}")];
    assert_eq!(held(|s| s.bus = "99".into()), at("bus"));
    assert_eq!(held(|s| s.owner = "TSO".into()), at("owner"));
    assert_eq!(held(|s| s.charge_efficiency = 1.1), at("charge_efficiency"));
    assert_eq!(held(|s| s.min_final_mwh = Some(0.2)), at("min_final_mwh"));
    // 24 hours at 1 kW and an efficiency of 0.95 bring 0.0228 MWh.
    let slow = |s: &mut LocalStorage| {
        (s.max_down_mw, s.initial_mwh, s.min_final_mwh) = (0.001, 0.0, Some(0.03));
    };
    assert_eq!(held(slow), at("min_final_mwh"));
}
