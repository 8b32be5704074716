//! Dispatch and prices with what lines lose.

use tandem::case::{Block, Case, Generator, Load, Problem, Subject, SubjectKind};
use tandem::market::rt_sced::{LossModel, RtSced, Security};
use tandem::network::{Lossy, Network, Reference};
use tandem::report::{Report, Status};
use tandem::run::run;
use tandem::scenario::{Scenario, gallery, path};
use tandem::session::Session;

use super::random::random_case;
use super::security::{bus, line, scenario, value};

fn lossy() -> RtSced {
    RtSced {
        losses: LossModel::Marginal,
        ..super::optimal()
    }
}

fn unit(id: &str, bus: &str, max_p_mw: f64, price: f64) -> Generator {
    Generator {
        id: id.into(),
        bus: bus.into(),
        min_p_mw: 0.0,
        max_p_mw,
        offer: vec![Block::flat(max_p_mw, price)],
        no_load_usd_per_h: 0.0,
        ramp_mw_per_min: None,
    }
}

/// Three buses in a row, 1 to 3 to 2, with a load in the middle: r of 0.02 and 0.01 p.u. on 100 MVA.
fn row(load_mw: f64, units: Vec<Generator>) -> Case {
    let with = |from: &str, to: &str, r_pu: f64| {
        let mut one = line(from, to, 500.0);
        one.r_pu = r_pu;
        one
    };
    Case {
        version: 1,
        name: "row".into(),
        base_mva: 100.0,
        buses: ["1", "2", "3"].map(bus).to_vec(),
        branches: vec![with("1", "3", 0.02), with("3", "2", 0.01)],
        generators: units,
        loads: vec![Load {
            id: "L".into(),
            bus: "3".into(),
            p_mw: load_mw,
            q_mvar: 0.0,
        }],
        ..Case::default()
    }
}

fn near(ours: f64, by_hand: f64) {
    assert!(
        (ours - by_hand).abs() <= 1e-7 * (1.0 + by_hand.abs()),
        "{ours}, by hand {by_hand}"
    );
}

fn certified(report: &Report) -> bool {
    report.certificates.iter().all(|c| c.certified)
}

#[test]
fn one_unit_by_hand() {
    // D = f − ½ ρ f² at the load, ρ = 0.02 / 100 per MW: f = (1 − √(1 − 2 ρ D)) / ρ; G gives f + ½ ρ f².
    let (rho, d) = (2e-4, 100.0);
    let f = (1.0 - (1.0_f64 - 2.0 * rho * d).sqrt()) / rho;
    let report = run(&scenario(
        row(d, vec![unit("G", "1", 300.0, 20.0)]),
        lossy(),
    ))
    .unwrap();
    assert_eq!(report.status, Status::Solved);
    assert!(certified(&report));
    near(value(&report, "flow:1-3"), f);
    near(value(&report, "losses"), rho * f * f);
    near(value(&report, "p:G"), f + 0.5 * rho * f * f);
    // dG/dD = (1 + ρ f) / (1 − ρ f); at bus 2 nothing flows, and a MW there is worth what it is at bus 3.
    let worth = 20.0 * (1.0 + rho * f) / (1.0 - rho * f);
    near(value(&report, "lmp:1"), 20.0);
    near(value(&report, "lmp:3"), worth);
    near(value(&report, "lmp:2"), worth);
}

#[test]
fn two_units_share_where_what_arrives_costs_the_same() {
    // Both run within their limits: 20 (1 + a) / (1 − a) = 20.4 (1 + b) / (1 − b) at bus 3, a = ρ₁ f₁, b = ρ₂ f₂, where
    // both flows meet with 300 MW. Found here by halving.
    let (rho1, rho2, d) = (2e-4, 1e-4, 300.0);
    let arrives = |rho: f64, f: f64| f - 0.5 * rho * f * f;
    let costs = |price: f64, rho: f64, f: f64| price * (1.0 + rho * f) / (1.0 - rho * f);
    let f2 = |f1: f64| {
        let rest = d - arrives(rho1, f1);
        (1.0 - (1.0 - 2.0 * rho2 * rest).sqrt()) / rho2
    };
    let (mut low, mut high) = (0.0, 300.0);
    for _ in 0..200 {
        let f1 = 0.5 * (low + high);
        match costs(20.0, rho1, f1) < costs(20.4, rho2, f2(f1)) {
            true => low = f1,
            false => high = f1,
        }
    }
    let units = vec![unit("G1", "1", 400.0, 20.0), unit("G2", "2", 400.0, 20.4)];
    for reference in ["", "1", "3"] {
        let params = RtSced {
            reference: reference.into(),
            ..lossy()
        };
        let report = run(&scenario(row(d, units.clone()), params)).unwrap();
        assert!(certified(&report));
        near(value(&report, "flow:1-3"), low);
        near(value(&report, "flow:3-2"), -f2(low));
        near(value(&report, "lmp:3"), costs(20.0, rho1, low));
        near(value(&report, "lmp:1"), 20.0);
        near(value(&report, "lmp:2"), 20.4);
        for bus in ["1", "2", "3"] {
            let parts = value(&report, "energy") + value(&report, &format!("lmp_losses:{bus}"));
            near(parts, value(&report, &format!("lmp:{bus}")));
        }
    }
}

#[test]
fn two_hundred_units_at_one_price_lose_the_same_at_the_margin() {
    // Unit k stands at bus k, on a line of its own to the load. A MW of any that can move brings (1 − ρ f) / (1 + ρ f),
    // the same of all: ρ f = a, of which (a − ½ a²) / ρ arrive. Some stand at their least or greatest output p, where
    // f = (√(1 + 2 ρ p) − 1) / ρ and 2 f − p arrive. By hand.
    let (count, d) = (210, 12_000.0);
    let rho = |k: usize| 1e-4 * (1 + k % 5) as f64;
    let held = |k: usize| match (k % 6, k % 7) {
        (0, _) => Some(15.0),
        (_, 0) => Some(200.0),
        _ => None,
    };
    let flow = |rho: f64, p: f64| ((1.0 + 2.0 * rho * p).sqrt() - 1.0) / rho;
    let ours = (0..count).map(|k| match held(k) {
        Some(p) => (2.0 * flow(rho(k), p) - p, 0.0),
        None => (0.0, 1.0 / rho(k)),
    });
    let (fixed, conducts) = ours.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let a = 1.0 - (1.0 - 2.0 * (d - fixed) / conducts).sqrt();
    let mut case = row(d, Vec::new());
    case.branches.clear();
    for k in 0..count {
        let id = format!("n{k}");
        let mut own = unit(&format!("G{k}"), &id, 500.0, 20.0);
        match held(k) {
            Some(p) if p < 100.0 => own.max_p_mw = p,
            Some(p) => own.min_p_mw = p,
            None => {}
        }
        own.offer = vec![Block::flat(own.max_p_mw, 20.0)];
        case.buses.push(bus(&id));
        let mut branch = line(&id, "3", 1e6);
        branch.r_pu = 100.0 * rho(k);
        case.branches.push(branch);
        case.generators.push(own);
    }
    case.branches
        .extend([line("1", "3", 1e6), line("2", "3", 1e6)]);
    // A second unit at the bus of one that can move: which of the two runs is open, their sum is not.
    case.generators.push(unit("twin", "n1", 500.0, 20.0));
    for reference in ["", "n0"] {
        let params = RtSced {
            reference: reference.into(),
            ..lossy()
        };
        let report = run(&scenario(case.clone(), params)).unwrap();
        assert!(certified(&report));
        near(value(&report, "lmp:3"), 20.0 * (1.0 + a) / (1.0 - a));
        for k in 0..count {
            let by_hand = held(k).map_or(a / rho(k), |p| flow(rho(k), p));
            let ours = value(&report, &format!("flow:n{k}-3"));
            assert!(
                (ours - by_hand).abs() < 1e-6 * by_hand,
                "{k}: {ours}, {by_hand}"
            );
        }
    }
}

#[test]
fn a_price_tells_its_losses_and_a_step_with_losses_proves_it() {
    let units = vec![unit("G1", "1", 400.0, 20.0), unit("G2", "2", 400.0, 20.4)];
    let mut case = row(300.0, units);
    case.branches[0].max_p_mw = Some(150.0);
    for at_load in [true, false] {
        let reference = if at_load { "" } else { "1" };
        let params = RtSced {
            reference: reference.into(),
            ..lossy()
        };
        let mut session = Session::new(scenario(case.clone(), params).into());
        session.solve().unwrap();
        let bus = Subject {
            kind: SubjectKind::Bus,
            id: "3".into(),
        };
        let told = session.explain(&bus, 1).unwrap();
        let sum: f64 = told.parts.iter().map(|part| part.value).sum();
        near(sum, told.value);
        let losses = told
            .parts
            .iter()
            .find(|part| part.name == "Losses")
            .unwrap();
        let made = told.tables.iter().any(|table| table.id == "losses");
        assert_eq!(made, !at_load);
        // The load is the reference where it is distributed as the load.
        assert_eq!(losses.value.abs() < 1e-9, at_load);
        assert!(!told.proofs.is_empty());
        for proof in &told.proofs {
            // The program is solved anew with the step: what is left is the third order.
            near(proof.solved, proof.predicted);
        }
    }
}

#[test]
fn a_full_line_holds_its_flow_with_losses() {
    // Line 1-3 is full at 80 MW in its middle: 80 − ½ ρ 80² arrive, G2 gives the rest at its own losses.
    let (rho1, rho2, d) = (2e-4, 1e-4, 100.0);
    let mut case = row(
        d,
        vec![unit("G1", "1", 400.0, 20.0), unit("G2", "2", 400.0, 30.0)],
    );
    case.branches[0].max_p_mw = Some(80.0);
    let rest = d - (80.0 - 0.5 * rho1 * 6400.0);
    let f2 = (1.0 - (1.0_f64 - 2.0 * rho2 * rest).sqrt()) / rho2;
    let report = run(&scenario(case, lossy())).unwrap();
    assert!(certified(&report));
    near(value(&report, "flow:1-3"), 80.0);
    near(value(&report, "p:G2"), f2 + 0.5 * rho2 * f2 * f2);
    let at_3 = 30.0 * (1.0 + rho2 * f2) / (1.0 - rho2 * f2);
    near(value(&report, "lmp:3"), at_3);
    // A MW more of the limit: G1 gives 1 + ρ f more, 1 − ρ f of it arrive.
    let a = rho1 * 80.0;
    near(
        value(&report, "mu:1-3"),
        20.0 * (1.0 + a) - at_3 * (1.0 - a),
    );
}

#[test]
fn what_burns_power_is_not_certified() {
    // G2 pays 60 $/MWh to produce and line 1-3 can take no more: to lose more would be worth something.
    let mut case = row(10.0, vec![unit("G1", "1", 400.0, -60.0)]);
    let report = run(&scenario(case.clone(), lossy())).unwrap();
    assert_eq!(report.status, Status::Solved);
    assert!(!certified(&report));
    assert!(report.messages.iter().any(|m| m.text.contains("lost more")));
    case.generators[0].offer = vec![Block::flat(400.0, 60.0)];
    assert!(certified(&run(&scenario(case, lossy())).unwrap()));
}

#[test]
fn what_losses_are_not_had_beside_is_refused_by_field() {
    let case = || row(10.0, vec![unit("G1", "1", 400.0, 60.0)]);
    let problems = |case: Case, params: RtSced| scenario(case, params).problems();
    let says = |problems: &[Problem], field: &str| {
        problems.iter().any(|p| p.is_error() && p.field == field)
    };
    let secure = RtSced {
        security: Security::Lines,
        ..lossy()
    };
    assert!(says(&problems(case(), secure), "mechanism.security"));
    let ahead = RtSced {
        look_ahead_intervals: 2,
        ..lossy()
    };
    assert!(says(
        &problems(case(), ahead),
        "mechanism.look_ahead_intervals"
    ));
    let mut gains = case();
    gains.branches[1].r_pu = -0.01;
    let warned = problems(gains.clone(), lossy());
    assert!(warned.iter().all(|p| !p.is_error()) && !warned.is_empty());
    // What would be gained there is nothing: G1 is alone, and line 3-2 carries nothing anyway.
    let with = run(&scenario(gains.clone(), lossy())).unwrap();
    gains.branches[1].r_pu = 0.0;
    let without = run(&scenario(gains, lossy())).unwrap();
    assert_eq!(value(&with, "losses"), value(&without, "losses"));
    let zuo = |method: &str| {
        let mut value = gallery::document("zuo-4node").unwrap().to_value();
        let fields = [
            ("mechanism.losses", "marginal"),
            ("mechanism.method", method),
        ];
        for (field, text) in fields {
            path::set(&mut value, field, text, &[]).unwrap();
        }
        Scenario::from_value(value)
    };
    let refused = zuo("distribution_factors").unwrap_err();
    assert!(says(&refused, "mechanism.losses"));
    let mut session = Session::new(zuo("optimal").unwrap().into());
    let compared = session.compare().unwrap_err();
    assert!(says(&compared, "mechanism.losses"), "{compared:?}");
}

#[test]
fn factors_are_the_change_of_flows_and_losses() {
    // Central differences of flows found anew, on random networks.
    let mut rng = fastrand::Rng::with_seed(18);
    for _ in 0..20 {
        let mut case = random_case(&mut rng);
        for branch in &mut case.branches {
            branch.r_pu = 0.3 * branch.x_pu * rng.f64();
        }
        differences(&case);
    }
}

fn differences(case: &Case) {
    let network = Network::new(case).unwrap();
    let rho: Vec<f64> = case
        .branches
        .iter()
        .map(|b| b.r_pu / case.base_mva)
        .collect();
    let mut injection = vec![0.0; case.buses.len()];
    for load in &case.loads {
        injection[network.bus(&load.bus).unwrap()] -= load.p_mw;
    }
    injection[0] += 90.0;
    injection[1] += 70.0;
    let reference = Reference::by_load(case, &network).unwrap();
    let at = |injection: Vec<f64>| Lossy::new(&network, &rho, &reference, injection).unwrap();
    let here = at(injection.clone());
    let factors = here.factors(&network).unwrap();
    let lost = |flows: &[f64]| flows.iter().zip(&rho).map(|(f, r)| r * f * f).sum::<f64>();
    let h = 1e-3;
    for bus in 0..case.buses.len() {
        let stepped = |way: f64| {
            let mut injection = injection.clone();
            injection[bus] += way * h;
            at(injection).flows_mw
        };
        let (up, down) = (stepped(1.0), stepped(-1.0));
        let slope = (lost(&up) - lost(&down)) / (2.0 * h);
        assert!((factors[bus] - slope).abs() < 1e-8, "bus {bus}");
        for branch in 0..case.branches.len() {
            let row = here.ptdf_row(&network, branch).unwrap();
            let slope = (up[branch] - down[branch]) / (2.0 * h);
            assert!(
                (row[bus] - slope).abs() < 1e-8,
                "bus {bus}, branch {branch}"
            );
        }
    }
}
