//! Dispatch secure against the loss of any one line or unit.

use fastrand::Rng;
use std::collections::BTreeMap;

use super::explain_random::checked_in;
use super::security::{bus, line, rated, scenario, value};
use tandem::case::{Block, Case, Generator, Load, SubjectKind};
use tandem::market::rt_sced::process::Process;
use tandem::market::rt_sced::screening::add;
use tandem::market::rt_sced::security::{self, hold};
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{Method, Operation, RtSced, Security};
use tandem::network::Network;
use tandem::report::Status;
use tandem::run::run;
use tandem::session::Session;

fn secure() -> RtSced {
    RtSced {
        security: Security::LinesAndUnits,
        ..super::optimal()
    }
}

/// Three buses in a row, a unit at each, 90 MW of load at bus 3: no line can be lost.
///
/// Lost G2, G1 takes up 100/140 of its output; lost G3, 100/160: both over line 1-2.
fn row(most_on_1_2: f64) -> Case {
    let unit = |bus: &str, most: f64, price: f64| Generator {
        id: format!("G{bus}"),
        bus: bus.into(),
        min_p_mw: 0.0,
        max_p_mw: most,
        offer: vec![Block::flat(most, price)],
        no_load_usd_per_h: 0.0,
        ramp_mw_per_min: None,
    };
    Case {
        version: 1,
        name: "row".into(),
        base_mva: 100.0,
        buses: ["1", "2", "3"].map(bus).to_vec(),
        branches: vec![line("1", "2", most_on_1_2), line("2", "3", 200.0)],
        generators: vec![
            unit("1", 100.0, 10.0),
            unit("2", 60.0, 25.0),
            unit("3", 40.0, 50.0),
        ],
        loads: vec![Load {
            id: "L".into(),
            bus: "3".into(),
            p_mw: 90.0,
            q_mvar: 0.0,
        }],
        ..Case::default()
    }
}

#[test]
fn three_buses_by_hand() {
    // Without security G1 gives the 50 MW of line 1-2 and G2 40 MW, 1500 $/h.
    let open = run(&scenario(row(50.0), super::optimal())).unwrap();
    assert!((value(&open, "cost") - 1500.0).abs() < 1e-9);
    // P1 + 5/7 P2 ≤ 50 and P1 + 5/8 P3 ≤ 50 are both met where P1 + P2 + P3 = 90: 30, 28 and 32 MW.
    let held = run(&scenario(row(50.0), secure())).unwrap();
    assert_eq!(held.status, Status::Solved, "{}", held.headline);
    for (unit, mw) in [("G1", 30.0), ("G2", 28.0), ("G3", 32.0)] {
        assert!((value(&held, &format!("p:{unit}")) - mw).abs() < 1e-9);
    }
    assert!((value(&held, "cost") - 2600.0).abs() < 1e-9);
    // 10 = λ + a + b, 25 = λ + 5/7 a, 50 = λ + 5/8 b: λ = 52.5, a = −38.5, b = −4.
    for (unit, price) in [("G2", -38.5), ("G3", -4.0)] {
        let pair = format!("1-2 after the loss of unit {unit}");
        assert!((value(&held, &format!("mu:{pair}")) - price).abs() < 1e-9);
        assert!((value(&held, &format!("flow:{pair}")) - 50.0).abs() < 1e-9);
    }
    for (bus, lmp) in [("1", 10.0), ("2", 52.5), ("3", 52.5)] {
        assert!((value(&held, &format!("lmp:{bus}")) - lmp).abs() < 1e-9);
    }
    assert!(
        held.headline.ends_with(
            "Secure against the loss of any one of 3 units; security costs 1100\u{a0}$/h."
        ),
        "{}",
        held.headline
    );
    assert!(held.certificates.iter().all(|c| c.certified));
    assert!(
        held.certificates
            .iter()
            .any(|c| c.solve == "flows after each of 3 outages")
    );
    let table = held.tables.iter().find(|t| t.id == "outages").unwrap();
    assert_eq!(table.rows.len(), 5);
}

#[test]
fn the_price_names_the_unit_that_is_lost() {
    let reference = RtSced {
        reference: "1".into(),
        ..secure()
    };
    let mut session = Session::new(scenario(row(50.0), reference).into());
    session.solve().unwrap();
    let why = session
        .explain(&SubjectKind::Bus.of("3").unwrap(), 1)
        .unwrap();
    for (unit, price) in [("G2", 38.5), ("G3", 4.0)] {
        let name = format!("Line 1-2 after the loss of unit {unit}");
        let part = why.parts.iter().find(|p| p.name == name).unwrap();
        assert!((part.value - price).abs() < 1e-9, "{}", part.value);
    }
    assert!(!why.proofs.is_empty());
    for proof in &why.proofs {
        assert!(
            (proof.predicted - proof.solved).abs() < 1e-7,
            "{}",
            proof.name
        );
    }
    let line = session
        .explain(&SubjectKind::Branch.of("1-2").unwrap(), 1)
        .unwrap();
    assert!((line.value + 38.5).abs() < 1e-9, "{}", line.headline);
}

#[test]
fn what_cannot_be_secure_names_the_unit_and_its_cure() {
    // At best P3 = 40 and P2 = 50: line 1-2 then carries 5/7 · 50 MW after the loss of G2.
    let report = run(&scenario(row(30.0), secure())).unwrap();
    assert_eq!(report.status, Status::Infeasible);
    assert!(
        report.headline.contains("1-2 after the loss of unit G2"),
        "{}",
        report.headline
    );
    let cures: Vec<_> = report.messages.iter().flat_map(|m| &m.cures).collect();
    let at = |path: &str| cures.iter().find(|c| c.path == path).map(|c| c.value);
    let needed = 250.0 / 7.0;
    let rating = at("mechanism.rating_after_outage").unwrap();
    assert!((rating - needed / 30.0).abs() < 1e-3, "{cures:?}");
    let most = at("case.branches.1-2.max_p_mw").unwrap();
    assert!((most - needed).abs() < 1e-2, "{cures:?}");
    let params = RtSced {
        rating_after_outage: rating,
        ..secure()
    };
    let cured = run(&scenario(row(30.0), params)).unwrap();
    assert_eq!(cured.status, Status::Solved);
}

#[test]
fn a_unit_alone_cannot_be_lost_and_is_said_so() {
    let mut case = row(100.0);
    case.generators.truncate(1);
    let report = run(&scenario(case, secure())).unwrap();
    assert_eq!(report.status, Status::Solved);
    let said = "No other unit could take up what G1 gives: its loss is not held.";
    assert!(report.messages.iter().any(|m| m.text == said));
}

/// The largest excess over a rating after the loss of a unit, by injections.
fn worst_after_units(case: &Case, outputs_mw: &[f64], injection_mw: &[f64], rating: f64) -> f64 {
    let network = Network::new(case).unwrap();
    let bus = |id: &str| case.buses.iter().position(|b| b.id == id).unwrap();
    let mut worst = f64::NEG_INFINITY;
    for (g, lost) in case.generators.iter().enumerate() {
        let others = case.generators.iter().enumerate().filter(|(j, _)| *j != g);
        let total: f64 = others.clone().map(|(_, other)| other.max_p_mw).sum();
        if total == 0.0 || lost.max_p_mw == 0.0 {
            continue;
        }
        let mut after = injection_mw.to_vec();
        after[bus(&lost.bus)] -= outputs_mw[g];
        for (_, other) in others {
            after[bus(&other.bus)] += outputs_mw[g] * other.max_p_mw / total;
        }
        for (flow, branch) in network.flows_mw(&after).iter().zip(&case.branches) {
            worst = worst.max(flow.abs() - rating * branch.max_p_mw.unwrap());
        }
    }
    worst
}

#[test]
fn random_networks_lazily_or_with_every_row_and_by_injections() {
    let mut rng = Rng::with_seed(33);
    let (mut secured, mut dearer, mut impossible) = (0, 0, 0);
    for k in 0..80 {
        let case = rated(&mut rng);
        let params = RtSced {
            method: [Method::Optimal, Method::DistributionFactors][k % 2],
            rating_after_outage: [1.0, 1.3][k / 2 % 2],
            operation: [Operation::AsInstructed, Operation::Curtailed][k / 4 % 2],
            ..secure()
        };
        let mut system = System::new(&case, &params).unwrap();
        let runs = security::runs(&system, &params);
        let (rolls, held) = hold(&mut system, &runs, 1).unwrap();
        let mut all = System::new(&case, &params).unwrap();
        let mut pairs = BTreeMap::new();
        let lines = all.line_limits();
        all.security
            .as_ref()
            .unwrap()
            .each(&all.network, |lost, shares| {
                pairs.extend(
                    lines
                        .clone()
                        .zip(shares)
                        .map(|(k, share)| ((k, lost), *share)),
                );
            });
        add(&mut all, &pairs);
        let start = Process::start(&all, &params, &[]).unwrap();
        let whole = start.run(&all, &params, 1);
        let (Some(ours), Some(whole)) = (rolls[0].intervals.first(), whole.intervals.first())
        else {
            assert!(rolls[0].intervals.is_empty() && whole.intervals.is_empty());
            impossible += 1;
            continue;
        };
        let (a, b) = (ours.cost_usd_per_h, whole.cost_usd_per_h);
        assert!(
            (a - b).abs() <= 1e-7 * (1.0 + a.abs()),
            "network {k}: {a} and {b} $/h"
        );
        secured += 1;
        dearer += usize::from(held.without_usd_per_h[0] < a - 1e-6);
        assert!(held.worst_mw <= 1e-6, "network {k}: {}", held.worst_mw);
        if params.method == Method::Optimal {
            let injection = system.injection_mw(&ours.actual);
            let outputs = &ours.actual.generators;
            let worst = worst_after_units(&case, outputs, &injection, params.rating_after_outage);
            assert!(worst <= 1e-6, "network {k}: {worst} MW");
        }
        let (prices, _) = checked_in(&system, &params, &format!("network {k}"));
        assert!(prices > 0, "network {k}");
    }
    println!("{secured} secured, {dearer} of them dearer than without, {impossible} impossible");
    assert!(secured > 25 && dearer > 12 && impossible > 3);
}

#[test]
fn every_interval_of_a_run_costs_what_it_costs_alone() {
    let mut rng = Rng::with_seed(34);
    let mut compared = 0;
    for _ in 0..25 {
        let case = rated(&mut rng);
        let profile = vec![1.0, 0.98, 0.96, 1.0, 0.9, 0.97];
        let params = RtSced {
            rating_after_outage: 1.3,
            intervals: profile.len(),
            load_profile: profile.clone(),
            ..secure()
        };
        let together = run(&scenario(case.clone(), params.clone())).unwrap();
        if together.status != Status::Solved {
            continue;
        }
        let costs = super::values(&together, "cost");
        for (load, cost) in profile.into_iter().zip(costs) {
            let alone = RtSced {
                intervals: 1,
                load_profile: vec![load],
                ..params.clone()
            };
            let alone = run(&scenario(case.clone(), alone)).unwrap();
            assert!((value(&alone, "cost") - cost).abs() <= 1e-7 * (1.0 + cost.abs()));
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
}
