//! The feeder and what is above it: limits in the clearing, a short LSE, the coupling with the ISO.

use super::{days, feeder_case};
use crate::testing::changes::{changed, value};
use tandem::market::MARKETS;
use tandem::market::community::clearing::{Kind, aggregate};
use tandem::market::community::iso_coupling::couple;
use tandem::market::community::network::Network;
use tandem::market::community::roll::{self, Around};
use tandem::market::community::system::System;
use tandem::market::community::within::Within;
use tandem::market::community::{CommunityMarket, Comparator};
use tandem::network::formulation::feeder::Physics;
use tandem::report::{Cell, Mark};
use tandem::run;
use tandem::scenario::gallery;

#[test]
fn limits_of_the_feeder_part_the_prices() {
    let mut case = feeder_case();
    let line = case.feeders[0]
        .lines
        .iter_mut()
        .find(|l| l.id == "F4-F5")
        .unwrap();
    line.max_s_mva = Some(1.2);
    let params = CommunityMarket {
        network: true,
        days: Some(1),
        ..CommunityMarket::default()
    };
    let system = System::new(&case, &params).unwrap();
    let network = Network::new(&case, &system).unwrap();
    let free = roll::run(&system, &params, Comparator::Transactive, Around::default()).unwrap();
    let held = roll::run(
        &system,
        &params,
        Comparator::Transactive,
        Around {
            limits: Some(&network),
            voltages: None,
        },
    )
    .unwrap();
    assert!(!held.congested.is_empty() && held.unmet.is_empty());
    assert!(free.congested.is_empty() && held.rent_usd > 0.0);
    for &t in &held.congested {
        let quantities: Vec<f64> = held.cleared_kw.iter().map(|q| q[t] - 1e-4).collect();
        assert!(!network.over(t, &quantities), "interval {t}");
        let price: Vec<f64> = held.price.iter().map(|p| p[t]).collect();
        // D1 is before the narrow line, D2 and D3 are behind it.
        assert!((price[0] - system.lse[t]).abs() < 1e-6 || held.cleared[t].lse_kw < 1e-6);
        assert!(price[1] >= price[0] - 1e-9 && (price[1] - price[2]).abs() < 1e-6);
    }
    // Everyone pays its price; what the LSE does not pass on is the rent.
    let mut kept = 0.0;
    for t in 0..system.intervals {
        let paid: f64 = (0..3)
            .map(|j| held.price[j][t] * held.cleared_kw[j][t])
            .sum();
        kept += (paid - system.lse[t] * held.cleared[t].lse_kw) * system.hours;
    }
    assert!((kept - held.rent_usd).abs() < 1e-6);
    // The cone adds the price of losses.
    let t = held.congested[0];
    let supply = roll::supply(system.lse[t], &params);
    let linear = network
        .clear(&held.bids[t], &supply, t, Physics::LinDistFlow)
        .unwrap()
        .unwrap();
    let cone = network
        .clear(&held.bids[t], &supply, t, Physics::BranchFlow)
        .unwrap()
        .unwrap();
    for j in 0..3 {
        let (a, b) = (linear.usd_per_kwh[j], cone.usd_per_kwh[j]);
        assert!(b > a - 1e-6 && b < 1.08 * a, "{j}: {a} {b}");
    }
    let behind = |c: &Within| c.cleared.quantity_kw[1] + c.cleared.quantity_kw[2];
    // Losses only lower what is worth buying behind the line.
    assert!(behind(&cone) < behind(&linear) + 1.0);
    // Feeder loads alone beyond a limit: said, not hidden.
    let tight = &mut case.clone();
    tight.feeders[0].lines[0].max_s_mva = Some(0.1);
    let network = Network::new(tight, &system).unwrap();
    let supply = roll::supply(system.lse[0], &params);
    assert!(
        network
            .clear(&free.bids[0], &supply, 0, Physics::LinDistFlow)
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_short_lse_keeps_the_rent_of_its_capacity() {
    let params = CommunityMarket {
        lse_capacity_kw: Some(900.0),
        ..CommunityMarket::default()
    };
    let (system, trace) = days(1, &params, Comparator::Transactive);
    assert!(roll::count(&trace, Kind::Shortage) > 0);
    let mut rent = 0.0;
    for (t, cleared) in trace.cleared.iter().enumerate() {
        assert!(cleared.lse_kw <= 900.0 + 1e-9);
        let above = cleared.usd_per_kwh - system.lse[t];
        if cleared.kind == Kind::Shortage && cleared.unserved_kw == 0.0 {
            assert!(above > 0.0 && (cleared.lse_kw - 900.0).abs() < 1e-6);
        }
        let total: f64 = cleared.quantity_kw.iter().sum();
        rent += system.hours * (cleared.usd_per_kwh * total - system.lse[t] * cleared.lse_kw);
    }
    assert!((rent - trace.rent_usd).abs() < 1e-6 && rent > 0.0);
}

#[test]
fn the_thread_reaches_the_iso_and_returns() {
    let scenario = gallery::document("theisen-thread").unwrap();
    let report = run::run(&scenario).unwrap();
    let number = |id: &str| value(&report, id);
    assert!(number("lmp") < number("lmp_rigid") && (number("lmp_rigid") - 114.2).abs() < 1e-6);
    assert!(number("bill") < number("bill_rigid"));
    // From the bids of the week as well.
    let (system, trace) = days(1, &CommunityMarket::default(), Comparator::Transactive);
    let params = CommunityMarket::default();
    for t in [0, 100, 150, 200] {
        let supply = roll::supply(system.lse[t], &params);
        let coupling = couple(
            &MARKETS,
            &feeder_case(),
            &trace.bids[t],
            &supply,
            system.hours,
        )
        .unwrap();
        let (demand, up) = (&coupling.demand, &coupling.responsive);
        assert_eq!(*demand, aggregate(&trace.bids[t]));
        // What the ISO serves is what the curve asks for at its LMP.
        let (least, most) = demand.at(up.lmp_usd_per_mwh / 1000.0);
        let (low, high) = (least - 1e-3, most + 1e-3);
        assert!(
            (low..=high).contains(&(1000.0 * up.taken_mw)),
            "{t}: {} {least} {most}",
            up.taken_mw
        );
        // The residual supply function made above is the curve, by ascending price.
        let width: f64 = up.rsf.iter().map(|s| s.0).sum();
        let own: f64 = demand.steps.iter().map(|s| s.width_kw).sum();
        assert!((1000.0 * width - own).abs() < 1e-3, "{t}: {width} {own}");
        assert!(up.rsf.windows(2).all(|s| s[0].1 <= s[1].1 + 1e-9));
        // Communities share what the LSE was given.
        let sum: f64 = coupling.cleared.quantity_kw.iter().sum();
        assert!((sum - 1000.0 * up.taken_mw).abs() < 1e-3);
        let paid: f64 = coupling.bill_usd.iter().sum();
        assert!((paid - coupling.cleared.usd_per_kwh * sum * system.hours).abs() < 1e-9);
    }
}

/// By hand: with D1 at 400 kW at least, 400 + 177 + 118 = 695 kW are taken at any price. They come on top
/// of 23.9 − 20 = 3.9 MW; 2 + 1.5 + 0.6 + 0.4 = 4.5 MW are offered up to 106 $/MWh, so that 4.595 MW need
/// the block at 114.20 $/MWh, 11.42 ¢/kWh. For five minutes 695 kW · 0.1142 $/kWh / 12 = 6.6141 $, and D1
/// pays 400 · 0.1142 / 12 = 3.8067 $.
#[test]
fn communities_pay_the_lmp_and_nothing_above_it() {
    let paid = |least_kw: f64| {
        let least = least_kw.to_string();
        let document = changed(
            "theisen-thread",
            [("mechanism.given.bids.D1.min_kw", least)],
        );
        let report = run::run(&document.unwrap()).unwrap();
        let thread = report.tables.iter().find(|t| t.id == "thread").unwrap();
        let row = |name: &str| {
            let rows = thread.rows.iter();
            let mut found = rows.filter(|r| matches!(&r[0], Cell::Text(text) if text == name));
            match found.next().unwrap()[1] {
                Cell::Number(value) => value,
                _ => panic!("{name} is no number"),
            }
        };
        let (price, own) = (row("community price"), row("D1 pays"));
        (value(&report, "lmp"), price, own, value(&report, "bill"))
    };
    let near = |ours: f64, theirs: f64| assert!((ours - theirs).abs() < 1e-6, "{ours} {theirs}");
    let (lmp, price, own, all) = paid(400.0);
    near(lmp, 114.2);
    near(price, 11.42);
    near(own, 400.0 * 0.1142 / 12.0);
    near(all, 695.0 * 0.1142 / 12.0);
    // With less to take the LMP is another; the community's price is always the LMP.
    for least_kw in [-365.0, -100.0, 300.0, 365.0, 500.0] {
        let (lmp, price, ..) = paid(least_kw);
        near(price, lmp / 10.0);
    }
}

/// By hand: 3.9 MW and 50 kW more need the block at 104 $/MWh, so that the LSE buys at 10.40 ¢/kWh and could
/// sell 97 kW there. Of −365 + 177 + 118 = −70 kW at any price and D2's first side, nine steps of
/// 167 / 9 = 18.56 kW from 10.65 down to 10.42 ¢/kWh, 50 kW in all end in the seventh step:
/// 10.65 − 7 · 0.23 / 9 = 10.4711 ¢/kWh, and the LSE keeps 50 · 0.0711 ¢ an hour.
#[test]
fn a_capacity_of_the_lse_holds_in_the_thread() {
    let changes = [("mechanism.lse_capacity_kw", "50")];
    let report = run::run(&changed("theisen-thread", changes).unwrap()).unwrap();
    assert!((value(&report, "lmp") - 104.0).abs() < 1e-6);
    assert!((value(&report, "taken") - 50.0).abs() < 1e-6);
    let price = 0.1065 - 7.0 * 0.0023 / 9.0;
    assert!((value(&report, "bill") - 50.0 * price / 12.0).abs() < 1e-6);
}

/// A capacity of exactly what is taken at any price, 400 + 177 + 118 kW: nothing is short, and nobody bids
/// the cap of 1 $/kWh. Every price from the LSE's to the cap clears; the lower end is taken.
#[test]
fn the_cap_alone_makes_no_price() {
    let changes = [
        ("mechanism.given.bids.D1.min_kw", "400"),
        ("mechanism.lse_capacity_kw", "695"),
    ];
    let report = run::run(&changed("theisen-interval", changes).unwrap()).unwrap();
    assert!((value(&report, "price") - 11.42).abs() < 1e-9);
    assert!((value(&report, "price_high") - 100.0).abs() < 1e-9);
    let text = |m: &tandem::report::Message| m.text.contains("the lower end is taken");
    assert!(report.messages.iter().any(text));
}

/// What is said of the interval is of the clearing at the LMP, the one that is paid: badge, price, bills, ledger.
#[test]
fn the_thread_tells_of_one_clearing() {
    let report = run::run(&gallery::document("theisen-thread").unwrap()).unwrap();
    let number = |id: &str| value(&report, id);
    assert!((number("price") - number("lmp") / 10.0).abs() < 1e-9);
    assert!((number("lse") - number("taken")).abs() < 1e-6);
    let said: Vec<&str> = report.badges.iter().map(|b| &*b.text).collect();
    assert!(said.contains(&"the communities pay the LMP"), "{said:?}");
    let table = report.tables.iter().find(|t| t.id == "interval").unwrap();
    let pays = table.columns.iter().position(|c| c.name == "pays").unwrap();
    let cells = table.rows.iter().map(|row| match row[pays] {
        Cell::Number(usd) => usd,
        _ => f64::NAN,
    });
    assert!((cells.sum::<f64>() - number("bill")).abs() < 1e-9);
    assert!((report.ledger.net_usd("LSE")).abs() < 1e-9);
    assert!(report.tables.iter().all(|t| t.id != "sharing"));
    // The question is about the price, and so is the picture.
    let heights: Vec<f64> = report
        .chart("iso")
        .unwrap()
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Point { y, .. } => Some(*y),
            _ => None,
        })
        .collect();
    assert_eq!(heights, [number("lmp") / 10.0, number("lmp_rigid") / 10.0]);
}
