//! Communities that react to their voltages: curves by hand, the fixed point by the closed form of one line.

use super::feeder_case;
use crate::testing::changes::{changed, value};
use tandem::case::Case;
use tandem::market::community::network::Network;
use tandem::market::community::proof::of_voltages;
use tandem::market::community::roll::{self, Around};
use tandem::market::community::system::System;
use tandem::market::community::voltage::Loop;
use tandem::market::community::{CommunityMarket, Comparator, Droop, Reaction};
use tandem::run;

/// One community behind one line, for three intervals of an hour.
fn one_line(load_kw: [f64; 3], pv_kw: [f64; 3], r_ohm: f64, x_ohm: f64) -> Case {
    let mut case = feeder_case();
    let feeder = &mut case.feeders[0];
    feeder.base_kv = 10.0;
    feeder.root_v_pu = 1.0;
    feeder.buses.truncate(2);
    feeder.buses[1].p_load_mw = 0.0;
    feeder.buses[1].q_load_mvar = 0.0;
    feeder.lines.truncate(1);
    (feeder.lines[0].r_ohm, feeder.lines[0].x_ohm) = (r_ohm, x_ohm);
    let all = case.communities.as_mut().unwrap();
    all.minutes_per_interval = 60.0;
    all.lse_usd_per_kwh = vec![0.1; 3];
    (all.forecast_usd_per_kwh, all.background) = (Vec::new(), Vec::new());
    all.members.truncate(1);
    let member = &mut all.members[0];
    member.bus = "F1".into();
    member.tan_phi = 0.0;
    (member.load_kw, member.pv_kw) = (load_kw.to_vec(), pv_kw.to_vec());
    member.inverter_kva = Some(1000.0);
    case
}

/// V of V⁴ + V² (2 (r P + x Q) − 1) + (r² + x²)(P² + Q²) = 0, P and Q taken, p.u. on 1 MVA and 10 kV.
fn closed_form(p: f64, q: f64, r_ohm: f64, x_ohm: f64) -> f64 {
    let (r, x) = (r_ohm / 100.0, x_ohm / 100.0);
    let b = 1.0 - 2.0 * (r * p + x * q);
    let c = (r * r + x * x) * (p * p + q * q);
    ((b + (b * b - 4.0 * c).sqrt()) / 2.0).sqrt()
}

/// Where a falling function crosses zero.
fn zero(of: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.5, 1.5);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if of(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[test]
fn curves_are_what_the_hand_says() {
    let droop = Droop::default();
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    // Half way from 0.98 to 0.92, and from 1.02 to 1.08.
    for (v, share) in [
        (0.9, 1.0),
        (0.95, 0.5),
        (0.98, 0.0),
        (1.0, 0.0),
        (1.05, -0.5),
        (1.2, -1.0),
    ] {
        near(droop.reactive(v), share);
    }
    for (v, charge, feed) in [
        (0.94, 0.0, 1.0),
        (0.96, 0.5, 1.0),
        (1.0, 1.0, 1.0),
        (1.035, 1.0, 0.75),
        (1.06, 1.0, 0.0),
    ] {
        near(droop.charge(v), charge);
        near(droop.feed(v), feed);
    }
    let case = one_line([0.0; 3], [900.0, 0.0, 0.0], 1.0, 1.0);
    let params = CommunityMarket::default();
    let system = System::new(&case, &params).unwrap();
    let network = Network::new(&case, &system).unwrap();
    let at = |reaction, v, battery| {
        let voltages = Loop {
            network: &network,
            reaction,
            droop,
        };
        voltages.answer(&system, 0, 0, v, battery)
    };
    // 1000 kVA: 440 kvar at most. PV of 900 kW and 95 kW out of the battery leave √(1000² − 995²).
    near(
        at(Reaction::VoltVar, 0.9, 0.0).kvar,
        (1000.0_f64.powi(2) - 900.0_f64.powi(2)).sqrt().min(440.0),
    );
    near(
        at(Reaction::VoltVar, 0.9, -95.0).kvar,
        (1000.0_f64.powi(2) - 995.0_f64.powi(2)).sqrt(),
    );
    near(at(Reaction::VoltVar, 1.05, 600.0).kvar, -220.0);
    // At 1.04 p.u. half of 1000 kW may be fed in: first no discharge, then 400 kW of PV less.
    let answer = at(Reaction::BackOff, 1.04, -300.0);
    near(answer.battery_kw, 0.0);
    near(answer.curtailed_kw, 400.0);
    // Charging helps, and no PV is curtailed for what the battery takes.
    near(at(Reaction::BackOff, 1.04, 250.0).curtailed_kw, 150.0);
    // At 0.96 p.u. half of the 660 kW may be charged.
    near(at(Reaction::BackOff, 0.96, 600.0).battery_kw, 330.0);
    near(at(Reaction::None, 0.5, 600.0).battery_kw, 600.0);
}

#[test]
fn the_fixed_point_is_that_of_the_closed_form() {
    let (r, x) = (4.0, 6.0);
    let case = one_line([1500.0, 100.0, 400.0], [0.0, 900.0, 0.0], r, x);
    let droop = Droop::default();
    for reaction in [Reaction::VoltVar, Reaction::Both] {
        let params = CommunityMarket {
            reaction,
            ..CommunityMarket::default()
        };
        let system = System::new(&case, &params).unwrap();
        let network = Network::new(&case, &system).unwrap();
        let voltages = Loop {
            network: &network,
            reaction,
            droop,
        };
        let around = Around {
            limits: None,
            voltages: Some(&voltages),
        };
        let mut trace = roll::run(&system, &params, Comparator::Base, around).unwrap();
        let flows = network.flows(&trace.q_kw, &trace.kvar);
        for t in 0..3 {
            let member = &system.members[0];
            let (load, pv) = (member.load_kw[t], member.pv_kw[t]);
            let taken = |v: f64| {
                let backs_off = reaction == Reaction::Both;
                let curtailed = if backs_off {
                    (pv - 1000.0 * droop.feed(v)).max(0.0)
                } else {
                    0.0
                };
                let most = (1000.0_f64.powi(2) - (pv - curtailed).powi(2)).sqrt();
                let kvar = (440.0 * droop.reactive(v)).clamp(-most, most);
                (load - pv + curtailed, kvar)
            };
            let v = zero(|v| {
                let (kw, kvar) = taken(v);
                closed_form(kw / 1e3, -kvar / 1e3, r, x) - v
            });
            let (kw, kvar) = taken(v);
            assert!(
                (flows.member_v_pu[0][t] - v).abs() < 1e-9,
                "{reaction:?} {t}: {v}"
            );
            assert!((trace.q_kw[0][t] - kw).abs() < 1e-5 && (trace.kvar[0][t] - kvar).abs() < 1e-5);
        }
        let proof = of_voltages(&voltages, &system, &trace);
        assert!(proof.certified && proof.primal_residual < 1e-6, "{proof:?}");
        trace.kvar[0][0] += 0.01;
        assert!(!of_voltages(&voltages, &system, &trace).certified);
    }
}

#[test]
fn steep_curves_settle_too_and_what_does_not_is_said() {
    let case = one_line([1500.0, 100.0, 400.0], [0.0, 900.0, 0.0], 4.0, 6.0);
    // 440 kvar within half a thousandth of a volt per volt: plain repetition would swing for ever.
    let droop = Droop {
        inject_full_pu: 0.9695,
        inject_none_pu: 0.97,
        absorb_none_pu: 1.03,
        absorb_full_pu: 1.0305,
        ..Droop::default()
    };
    let params = CommunityMarket {
        reaction: Reaction::VoltVar,
        droop,
        ..CommunityMarket::default()
    };
    // The intervals that do not settle, and whether the loop of voltages is certified.
    let ran = |case: &Case| {
        let system = System::new(case, &params).unwrap();
        let network = Network::new(case, &system).unwrap();
        let voltages = Loop {
            network: &network,
            reaction: Reaction::VoltVar,
            droop,
        };
        let around = Around {
            limits: None,
            voltages: Some(&voltages),
        };
        let trace = roll::run(&system, &params, Comparator::Base, around).unwrap();
        let certified = of_voltages(&voltages, &system, &trace).certified;
        (trace.unsettled, certified)
    };
    assert_eq!(ran(&case), (vec![], true));
    // More than the line can carry at any voltage.
    let case = one_line([60_000.0, 100.0, 400.0], [0.0; 3], 4.0, 6.0);
    assert_eq!(ran(&case), (vec![0], false));
}

#[test]
fn reacting_keeps_the_band_and_costs_what_bills_say() {
    let changes = [("mechanism.days", "1"), ("view.step", "20")];
    let report = run::run(&changed("theisen-voltages", changes).unwrap()).unwrap();
    let without = [("mechanism.reaction", "none"), changes[0], changes[1]];
    let blind = run::run(&changed("theisen-voltages", without).unwrap()).unwrap();
    for way in Comparator::ALL {
        let of = |report, kind: &str| value(report, &format!("{kind}:{}", way.id()));
        assert!(of(&report, "outside") <= of(&report, "outside_without"));
        let dearer = of(&report, "cost") - of(&blind, "cost");
        assert!(
            (of(&report, "reaction_cost") - dearer).abs() < 1e-9,
            "{way:?}"
        );
    }
    assert!(value(&report, "outside_without:transactive") > 0.0);
    assert!(blind.quantity("outside:transactive").is_none());
    for (field, bad) in [
        ("inject_none_pu", "0.92"),
        ("feed_none_pu", "1.0"),
        ("charge_full_pu", "0.9"),
    ] {
        let field = format!("mechanism.droop.{field}");
        let problems = changed("theisen-voltages", [(&field, bad)]).unwrap_err();
        assert!(problems.iter().any(|p| p.field == field), "{problems:?}");
    }
}
