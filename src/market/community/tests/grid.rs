//! The feeder and what is above it: limits in the clearing, a short LSE, the coupling with the ISO.

use super::{days, feeder_case};
use crate::testing::changes::value;
use tandem::market::MARKETS;
use tandem::market::community::clearing::{Kind, aggregate};
use tandem::market::community::iso_coupling::couple;
use tandem::market::community::network::Network;
use tandem::market::community::roll::{self, Around};
use tandem::market::community::system::System;
use tandem::market::community::within::Within;
use tandem::market::community::{CommunityMarket, Comparator};
use tandem::network::formulation::feeder::Physics;
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
