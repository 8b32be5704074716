//! DC lines: by hand, and random networks against angles with the interior point.

use super::angles::b_theta_cost;
use super::optimal;
use super::random::random_case;
use fastrand::Rng;
use serde_json::json;
use tandem::case::{Case, DcLine};
use tandem::market::rt_sced::inside::{Found, explain, solve};
use tandem::market::rt_sced::{Outcome, RtSced};
use tandem::report::{Explained, Report, SubjectKind};
use tandem::scenario::{Document, Scenario, gallery};
use tandem::session::Session;

/// 10 $/MWh at b0, 40 $/MWh at b1, a load at b1, an AC line with a limit and a DC line beside it.
fn two(ac_mw: f64, (least, most, loss): (f64, f64, f64), load: f64) -> Case {
    serde_json::from_value(json!({
        "version": 1, "name": "test", "base_mva": 100.0,
        "buses": [{"id": "b0"}, {"id": "b1"}],
        "branches": [{"id": "ac", "from": "b0", "to": "b1", "x_pu": 0.1, "max_p_mw": ac_mw}],
        "dc_lines": [{"id": "dc", "from": "b0", "to": "b1", "min_p_mw": least, "max_p_mw": most, "loss_share": loss}],
        "generators": [
            {"id": "G0", "bus": "b0", "max_p_mw": 200.0, "offer": [{"p_mw": 200.0, "usd_per_mwh": 10.0}]},
            {"id": "G1", "bus": "b1", "max_p_mw": 200.0, "offer": [{"p_mw": 200.0, "usd_per_mwh": 40.0}]},
        ],
        "loads": [{"id": "L", "bus": "b1", "p_mw": load}],
    }))
    .unwrap()
}

fn solved(case: &Case) -> Report {
    assert!(case.validate().iter().all(|p| !p.is_error()));
    let report = tandem::market::run(case, &optimal()).unwrap();
    assert!(report.certificates.iter().all(|c| c.certified));
    report
}

fn first(report: &Report, series: &str) -> f64 {
    report.series(series).map_or(f64::NAN, |s| s.values[0])
}

#[track_caller]
fn near(ours: f64, expected: f64) {
    assert!(
        (ours - expected).abs() <= 1e-7 * (1.0 + expected.abs()),
        "{ours} is not {expected}"
    );
}

fn explained(case: &Case, kind: SubjectKind, id: &str) -> Explained {
    let mut value = gallery::document("zuo-4node").unwrap().to_value();
    value["case"] = serde_json::to_value(case).unwrap();
    value["mechanism"] = json!({"kind": "rt_sced", "method": "optimal", "intervals": 1});
    let mut session = Session::new(Document::from_value(value).unwrap());
    session.solve().unwrap();
    session.explain(&kind.of(id).unwrap(), 1).unwrap()
}

/// By hand: the AC line brings 20 MW and the DC line 27 of the 30 it sends; 53 MW are made at b1. Cost 50·10 + 53·40 =
/// 2620 $/h. One more MW sent costs 10 and saves 0.9·40: it is worth 26 $/MWh.
#[test]
fn a_full_dc_line_beside_a_full_line() {
    let case = two(20.0, (0.0, 30.0, 0.1), 100.0);
    let report = solved(&case);
    near(first(&report, "flow:dc"), 30.0);
    near(first(&report, "loading:dc"), 1.0);
    near(first(&report, "flow:ac"), 20.0);
    near(first(&report, "p:G1"), 53.0);
    near(first(&report, "lmp:b0"), 10.0);
    near(first(&report, "lmp:b1"), 40.0);
    near(report.quantity("cost_last").unwrap().value.unwrap(), 2620.0);
    let worth = explained(&case, SubjectKind::Branch, "dc");
    near(worth.value, 26.0);
    near(worth.parts.iter().map(|p| p.value).sum(), 26.0);
}

/// By hand: with nothing over the AC line, 50 MW sent serve a load of 45 at b1; its next MWh takes 10/9 MWh more at b0,
/// and costs 100/9 $.
#[test]
fn a_loss_makes_a_price_of_its_own() {
    let case = two(0.0, (0.0, 100.0, 0.1), 45.0);
    let report = solved(&case);
    near(first(&report, "flow:dc"), 50.0);
    near(first(&report, "lmp:b1"), 100.0 / 9.0);
    near(report.quantity("cost_last").unwrap().value.unwrap(), 500.0);
    let price = explained(&case, SubjectKind::Bus, "b1");
    near(price.value, 100.0 / 9.0);
    for proof in &price.proofs {
        near(proof.solved, proof.predicted);
    }
    assert!(!price.proofs.is_empty());
    let said = price.sentences.join(" ");
    assert!(
        said.contains("DC line dc sends 1.11\u{a0}MW more"),
        "{said}"
    );
    near(explained(&case, SubjectKind::Branch, "dc").value, 0.0);
}

/// By hand: the load of 50 is at b1's side of a DC line turned round, from b1 to b0: it flows backwards, −30 MW. Where
/// nothing is to be gained nothing flows.
#[test]
fn it_flows_either_way_and_not_without_need() {
    let mut case = two(5.0, (-30.0, 10.0, 0.0), 50.0);
    (case.dc_lines[0].from, case.dc_lines[0].to) = ("b1".into(), "b0".into());
    let report = solved(&case);
    near(first(&report, "flow:dc"), -30.0);
    near(first(&report, "loading:dc"), 1.0);
    near(first(&report, "p:G1"), 15.0);
    let free = solved(&two(100.0, (-30.0, 30.0, 0.0), 50.0));
    near(first(&free, "flow:dc"), 0.0);
    near(first(&free, "flow:ac"), 50.0);
}

#[test]
fn other_markets_refuse_it() {
    let mut value = gallery::document("chao-peck").unwrap().to_value();
    let bus = |k: usize| value["case"]["buses"][k]["id"].clone();
    let (from, to) = (bus(0), bus(1));
    value["case"]["dc_lines"] = json!([{"id": "dc", "from": from, "to": to, "max_p_mw": 1.0}]);
    let problems = Scenario::from_value(value).unwrap_err();
    let of = problems.iter().find(|p| p.field == "case.dc_lines");
    assert!(of.is_some_and(|p| p.is_error() && p.message.contains("has no DC lines")));
}

#[test]
fn random_networks_cost_what_angles_say() {
    let mut rng = Rng::with_seed(18);
    let (mut moved, mut explained) = (0, 0);
    for k in 0..60 {
        let mut case = random_case(&mut rng);
        let n = case.buses.len();
        for branch in &mut case.branches {
            // One line in two with a limit, so that many are full.
            let limit = rng.bool().then(|| 10.0 + 15.0 * rng.f64());
            branch.max_p_mw = branch.max_p_mw.map(|p| 0.5 * p).or(limit);
        }
        for line in 0..rng.usize(1..3) {
            let from = rng.usize(0..n);
            let to = (from + 1 + rng.usize(0..n - 1)) % n;
            let loss = if rng.bool() { 0.1 * rng.f64() } else { 0.0 };
            case.dc_lines.push(DcLine {
                id: format!("dc{line}"),
                from: from.to_string(),
                to: to.to_string(),
                min_p_mw: if loss == 0.0 { -20.0 } else { 0.0 },
                max_p_mw: 5.0 + 30.0 * rng.f64(),
                loss_share: loss,
            });
        }
        let Some(expected) = b_theta_cost(&case) else {
            continue;
        };
        let report = solved(&case);
        let cost = report.quantity("cost_last").unwrap().value.unwrap();
        assert!(
            (cost - expected).abs() <= 1e-5 * (1.0 + expected),
            "{k}: {cost} is not {expected}"
        );
        let flows = case
            .dc_lines
            .iter()
            .map(|l| first(&report, &format!("flow:{}", l.id)));
        moved += flows.filter(|p| p.abs() > 1e-6).count();
        let params: RtSced = optimal();
        let outcome: Outcome = solve(&case, &params).unwrap();
        for bus in &case.buses {
            let subject = SubjectKind::Bus.of(&*bus.id).unwrap();
            let Found::Bus(found) = explain(&outcome, &params, &subject, 1).unwrap() else {
                continue;
            };
            for side in [&found.next, &found.last].into_iter().flatten() {
                let proof = &side.proof;
                near(proof.solved_usd_per_h, proof.predicted_usd_per_h);
                explained += 1;
            }
        }
    }
    assert!(moved > 20 && explained > 300, "{moved} {explained}");
}
