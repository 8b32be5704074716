//! Dispatch secure against the loss of any one line.

use fastrand::Rng;
use std::collections::BTreeMap;

use super::explain_random::checked_in;
use super::random::random_case;
use tandem::case::{Block, Branch, Bus, Case, Generator, Load, Subject, SubjectKind};
use tandem::market::rt_sced::dispatch::lp_text::lp_file;
use tandem::market::rt_sced::process::Process;
use tandem::market::rt_sced::screening::add;
use tandem::market::rt_sced::security::{self, after_each, hold};
use tandem::market::rt_sced::system::System;
use tandem::market::rt_sced::{Method, RtSced, Security};
use tandem::network::Network;
use tandem::report::{Report, Status};
use tandem::run::run;
use tandem::scenario::{Mechanism, Scenario};
use tandem::session::Session;

fn secure() -> RtSced {
    RtSced {
        security: Security::Lines,
        ..super::optimal()
    }
}

pub fn scenario(case: Case, params: RtSced) -> Scenario {
    Scenario {
        version: 1,
        title: case.name.clone(),
        preset: String::new(),
        case,
        mechanism: Mechanism::RtSced(params),
    }
}

pub fn bus(id: &str) -> Bus {
    Bus::new(id)
}

/// A line of 0.1 p.u.
pub fn line(from: &str, to: &str, most: f64) -> Branch {
    Branch {
        id: format!("{from}-{to}"),
        from: from.into(),
        to: to.into(),
        x_pu: 0.1,
        r_pu: 0.0,
        tap: 1.0,
        shift_deg: 0.0,
        max_p_mw: Some(most),
        in_service: true,
    }
}

/// Three buses, three lines of equal reactance; 100 MW of load at buses 2 and 3.
///
/// Lost 1-2, line 1-3 carries all of G1; lost 2-3, all but the load at 2; lost 1-3, line 1-2 carries all of G1.
pub fn triangle(most_on_1_3: f64) -> Case {
    let unit = |id: &str, bus: &str, price: f64| Generator {
        id: id.into(),
        bus: bus.into(),
        min_p_mw: 0.0,
        max_p_mw: 150.0,
        offer: vec![Block::flat(150.0, price)],
        no_load_usd_per_h: 0.0,
        ramp_mw_per_min: None,
    };
    let load = |bus: &str, p_mw: f64| Load {
        id: format!("L{bus}"),
        bus: bus.into(),
        p_mw,
        q_mvar: 0.0,
    };
    Case {
        version: 1,
        name: "triangle".into(),
        base_mva: 100.0,
        buses: ["1", "2", "3"].map(bus).to_vec(),
        branches: vec![
            line("1", "2", 90.0),
            line("1", "3", most_on_1_3),
            line("2", "3", 90.0),
        ],
        generators: vec![unit("G1", "1", 10.0), unit("G3", "3", 30.0)],
        loads: vec![load("2", 10.0), load("3", 90.0)],
        ..Case::default()
    }
}

pub fn value(report: &Report, series: &str) -> f64 {
    super::values(report, series)[0]
}

#[test]
fn three_buses_by_hand() {
    // Without security G1 serves all for 1000 $/h: line 1-3 then carries 60 + 10/3 MW of 80.
    let open = run(&scenario(triangle(80.0), super::optimal())).unwrap();
    assert!((value(&open, "cost") - 1000.0).abs() < 1e-9);
    assert!((value(&open, "flow:1-3") - 190.0 / 3.0).abs() < 1e-9);
    // Lost 1-2, line 1-3 carries all of G1: 80 MW, and G3 the rest, 800 + 600 $/h.
    let held = run(&scenario(triangle(80.0), secure())).unwrap();
    assert_eq!(held.status, Status::Solved);
    assert!((value(&held, "p:G1") - 80.0).abs() < 1e-9);
    assert!((value(&held, "cost") - 1400.0).abs() < 1e-9);
    // A MW more of that limit puts G1 in place of G3. Lost 1-2, buses 2 and 3 hang on line 1-3 together.
    let pair = "1-3 after the loss of 1-2";
    assert!((value(&held, &format!("mu:{pair}")) + 20.0).abs() < 1e-9);
    assert!((value(&held, &format!("flow:{pair}")) - 80.0).abs() < 1e-9);
    for (bus, lmp) in [("1", 10.0), ("2", 30.0), ("3", 30.0)] {
        assert!(
            (value(&held, &format!("lmp:{bus}")) - lmp).abs() < 1e-9,
            "bus {bus}"
        );
    }
    assert_eq!(
        held.headline,
        "Least cost is 1400 $/h; LMPs run from 10 to 30 $/MWh. Secure against the loss of any one of 3 lines; security costs 400\u{a0}$/h."
    );
    assert!(held.certificates.iter().all(|c| c.certified));
    assert!(
        held.certificates
            .iter()
            .any(|c| c.solve == "flows after each of 3 outages")
    );
    let table = held.tables.iter().find(|t| t.id == "outages").unwrap();
    assert_eq!(table.rows.len(), 3);
}

#[test]
fn a_limit_after_a_loss_that_is_met_exactly_has_a_price() {
    // G1 serves all 100 MW, which is what line 1-3 may carry after the loss of 1-2: one MWh less saves
    // 10 $/MWh at bus 3, one more costs the 30 $/MWh of G3.
    let mut case = triangle(100.0);
    case.branches[0].max_p_mw = Some(150.0);
    case.branches[2].max_p_mw = Some(150.0);
    let report = run(&scenario(case, secure())).unwrap();
    assert!((value(&report, "cost") - 1000.0).abs() < 1e-9);
    assert!((value(&report, "lmp_low:3") - 10.0).abs() < 1e-9);
    assert!((value(&report, "lmp_high:3") - 30.0).abs() < 1e-9);
}

#[test]
fn a_rating_after_the_loss_is_another() {
    // 1.1 · 80 MW after the loss of 1-2, 1.1 · 90 after that of 1-3: G1 gives 88 MW.
    let params = RtSced {
        rating_after_outage: 1.1,
        ..secure()
    };
    let held = run(&scenario(triangle(80.0), params)).unwrap();
    assert!((value(&held, "p:G1") - 88.0).abs() < 1e-9);
}

#[test]
fn the_price_names_line_and_outage() {
    let reference = RtSced {
        reference: "1".into(),
        ..secure()
    };
    let mut session = Session::new(scenario(triangle(80.0), reference).into());
    session.solve().unwrap();
    let subject = SubjectKind::Bus.of("2").unwrap();
    let why = session.explain(&subject, 1).unwrap();
    let part = why
        .parts
        .iter()
        .find(|p| p.value.abs() > 1e-9 && p.subject.is_some())
        .unwrap();
    assert_eq!(part.name, "Line 1-3 after the loss of 1-2");
    // Shadow price −20 $/MWh times the shift factor −1: lost 1-2, a MW from bus 2 to 1 goes over 1-3.
    assert!((part.value - 20.0).abs() < 1e-9);
    assert_eq!(part.subject, SubjectKind::Branch.of("1-3"));
    for proof in &why.proofs {
        assert!(
            (proof.predicted - proof.solved).abs() < 1e-7,
            "{}",
            proof.name
        );
    }
    let line = Subject {
        kind: SubjectKind::Branch,
        id: "1-3".into(),
    };
    let why = session.explain(&line, 1).unwrap();
    assert!((why.value + 20.0).abs() < 1e-9, "{}", why.headline);
    assert!(
        why.headline.contains("1-3 after the loss of 1-2"),
        "{}",
        why.headline
    );
}

#[test]
fn a_run_that_cannot_be_secure_names_line_and_outage_and_its_cure() {
    // G3 gives 10 MW at most, so 1-3 has to carry 90 MW after the loss of 1-2.
    let mut case = triangle(80.0);
    case.generators[1].max_p_mw = 10.0;
    case.generators[1].offer = vec![Block::flat(10.0, 30.0)];
    let report = run(&scenario(case.clone(), secure())).unwrap();
    assert_eq!(report.status, Status::Infeasible);
    assert!(
        report.headline.contains("1-3 after the loss of 1-2"),
        "{}",
        report.headline
    );
    let cures: Vec<_> = report.messages.iter().flat_map(|m| &m.cures).collect();
    let at = |path: &str| cures.iter().find(|c| c.path == path).map(|c| c.value);
    // 90/80 of the rating, or 90 MW of it.
    assert!(
        (at("mechanism.rating_after_outage").unwrap() - 1.125).abs() < 1e-3,
        "{cures:?}"
    );
    assert!(
        (at("case.branches.1-3.max_p_mw").unwrap() - 90.0).abs() < 1e-3,
        "{cures:?}"
    );
    let params = RtSced {
        rating_after_outage: at("mechanism.rating_after_outage").unwrap(),
        ..secure()
    };
    assert_eq!(run(&scenario(case, params)).unwrap().status, Status::Solved);
}

/// A random network with a rating on every line, so that security costs something more often than not.
pub fn rated(rng: &mut Rng) -> Case {
    let mut case = random_case(rng);
    let n = case.buses.len();
    // More lines, so that fewer are bridges.
    for extra in 0..3 {
        let (i, j) = (rng.usize(0..n), rng.usize(0..n));
        if i != j {
            let mut line = case.branches[0].clone();
            line.id = format!("m{extra}");
            (line.from, line.to) = (i.to_string(), j.to_string());
            line.x_pu = 0.05 + 0.2 * rng.f64();
            case.branches.push(line);
        }
    }
    let tight = [0.4, 0.7, 1.0][rng.usize(0..3)];
    for branch in &mut case.branches {
        branch.max_p_mw = Some((tight * (50.0 + 60.0 * rng.f64())).round());
    }
    case
}

/// The largest excess over a rating after any outage, by networks without the branch.
fn worst_by_solving_again(case: &Case, injection_mw: &[f64], rating: f64) -> f64 {
    let whole = Network::new(case).unwrap();
    let bridges = whole.bridges();
    let mut worst = f64::NEG_INFINITY;
    for out in (0..case.branches.len()).filter(|&l| !bridges[l]) {
        let mut without = case.clone();
        without.branches[out].in_service = false;
        let flows = Network::new(&without).unwrap().flows_mw(injection_mw);
        for (l, branch) in case.branches.iter().enumerate().filter(|(l, _)| *l != out) {
            let most = rating * branch.max_p_mw.unwrap();
            worst = worst.max(flows[l].abs() - most);
        }
    }
    worst
}

#[test]
fn every_outage_of_random_networks_solved_again_is_within_ratings() {
    let mut rng = Rng::with_seed(31);
    let (mut secured, mut dearer, mut impossible) = (0, 0, 0);
    for k in 0..120 {
        let case = rated(&mut rng);
        let params = RtSced {
            method: [Method::Optimal, Method::DistributionFactors][k % 2],
            rating_after_outage: [1.0, 1.2][k / 2 % 2],
            ..secure()
        };
        let elemental = params.method == Method::Optimal;
        let mut system = System::new(&case, &params).unwrap();
        let runs = security::runs(&system, &params);
        let (rolls, held) = hold(&mut system, &runs, 1).unwrap();
        // Lazily or with every row from the start, the dispatch costs the same.
        let mut all = System::new(&case, &params).unwrap();
        let mut pairs = BTreeMap::new();
        for &lost in &all.security.as_ref().unwrap().losses {
            let out = all.place_of(lost);
            let column = all.network.lodf_column(out);
            for k in all.line_limits().filter(|&k| all.limits[k].branch != out) {
                pairs.insert((k, lost), column[all.limits[k].branch]);
            }
        }
        add(&mut all, &pairs);
        let start = Process::start(&all, &params, &[]).unwrap();
        let whole = start.run(&all, &params, 1);
        let (Some(ours), Some(whole)) = (rolls[0].intervals.first(), whole.intervals.first())
        else {
            assert!(
                rolls[0].intervals.is_empty() && whole.intervals.is_empty(),
                "network {k}"
            );
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
        if elemental {
            let injection = system.injection_mw(&ours.actual);
            let worst = worst_by_solving_again(&case, &injection, params.rating_after_outage);
            assert!(worst <= 1e-6, "network {k}: {worst} MW");
            assert!((worst - held.worst_mw).abs() <= 1e-6, "network {k}");
        }
        let (prices, _) = checked_in(&system, &params, &format!("network {k}"));
        assert!(prices > 0, "network {k}");
    }
    println!("{secured} secured, {dearer} of them dearer than without, {impossible} impossible");
    assert!(secured > 40 && dearer > 20 && impossible > 5);
}

#[test]
fn flows_after_each_outage_are_those_of_the_network_without_the_branch() {
    let mut rng = Rng::with_seed(32);
    for k in 0..40 {
        let case = rated(&mut rng);
        let system = System::new(&case, &super::optimal()).unwrap();
        let start = Process::start(&system, &super::optimal(), &[]).unwrap();
        let roll = start.run(&system, &super::optimal(), 1);
        let Some(interval) = roll.intervals.first() else {
            continue;
        };
        let held = System::new(&case, &secure()).unwrap();
        let security = held.security.as_ref().unwrap();
        let injection = system.injection_mw(&interval.actual);
        for after in after_each(&held, &[&interval.flows_mw]) {
            let lost = held.place_of(after.lost);
            assert_eq!(after.not_held, security.splits.contains(&lost));
            let Some(worst) = after.worst else {
                assert!(after.not_held, "network {k}");
                continue;
            };
            let mut without = case.clone();
            without.branches[lost].in_service = false;
            let flows = Network::new(&without).unwrap().flows_mw(&injection);
            let loading = |l: usize| flows[l].abs() / case.branches[l].max_p_mw.unwrap();
            let most = (0..flows.len()).filter(|&l| l != lost).map(loading);
            let most = most.fold(0.0, f64::max);
            assert!((loading(worst.branch) - most).abs() < 1e-9, "network {k}");
            assert!(
                (flows[worst.branch] - worst.flow_mw).abs() < 1e-8,
                "network {k}"
            );
        }
    }
}

#[test]
fn looking_ahead_every_interval_of_the_horizon_is_secure() {
    let mut case = triangle(80.0);
    case.generators[0].ramp_mw_per_min = Some(4.0);
    case.generators[1].ramp_mw_per_min = Some(3.0);
    let params = RtSced {
        look_ahead_intervals: 3,
        intervals: 4,
        load_profile: vec![0.8, 1.0, 1.2, 1.2],
        ..secure()
    };
    let report = run(&scenario(case, params)).unwrap();
    assert_eq!(report.status, Status::Solved, "{}", report.headline);
    // After the loss of 1-2 all of G1 is on 1-3, so that G3 has to give 40 MW from interval 3 on; it rises by 15 MW an
    // interval.
    let expected = [10.0, 25.0, 40.0, 40.0];
    for (p, expected) in super::values(&report, "p:G3").iter().zip(expected) {
        assert!((p - expected).abs() < 1e-7, "{p} MW is not {expected} MW");
    }
    assert!(report.certificates.iter().all(|c| c.certified));
}

#[test]
fn the_program_as_text_has_the_outage_as_a_row() {
    let params = secure();
    let mut system = System::new(&triangle(80.0), &params).unwrap();
    hold(&mut system, std::slice::from_ref(&params), 1).unwrap();
    let mut process = Process::start(&system, &params, &[]).unwrap();
    let text = process.ask(&system, &params, 0, |request| lp_file(&system, request));
    let text = text.unwrap_or_else(|_| panic!("no program"));
    assert!(text.contains("flow_1_3_after_1_2_max"), "{text}");
}

#[test]
fn what_outages_are_not_held_beside_is_refused_by_name() {
    for method in [Method::UnionJack, Method::ExactCurve] {
        let mut scenario = super::preset("zuo-4node", &[]);
        if let Mechanism::RtSced(params) = &mut scenario.mechanism {
            params.method = method;
            params.security = Security::Lines;
        }
        let problems = run(&scenario).unwrap_err();
        assert!(
            problems.iter().any(|p| p.field == "mechanism.security"),
            "{problems:?}"
        );
    }
}
