//! Prices explained: parts that add up, the next MWh by hand, and the proof, on every preset.

use super::preset;
use tandem::market::rt_sced::Method;
use tandem::market::rt_sced::dispatch::explain::Explained;
use tandem::market::rt_sced::roll::roll_to;
use tandem::market::rt_sced::system::System;
use tandem::report::{SubjectKind, units};
use tandem::scenario::{Mechanism, Scenario, gallery};
use tandem::session::Session;

fn near(ours: f64, expected: f64, within: f64) {
    assert!(
        (ours - expected).abs() <= within * (1.0 + expected.abs()),
        "{ours} is not {expected}"
    );
}

/// The explanations of all buses in interval `step` (from 1).
fn explained(scenario: &Scenario, step: usize) -> Option<Vec<Explained>> {
    let Mechanism::RtSced(params) = &scenario.mechanism else {
        return None;
    };
    let system = System::new(&scenario.case, params).unwrap();
    let mut process = roll_to(&system, params, step - 1).unwrap().process;
    let buses = 0..system.bus_ids.len();
    let each = buses.map(|bus| process.explain(&system, params, step - 1, bus).ok());
    Some(each.map(|found| found.expect("an explanation")).collect())
}

/// By hand: line 2-3 is full, so that a MWh at bus 1 is one of D2 at 12 and G4 at 16 $/MWh with
/// x + y = 1 and 12 x + 16 y = 10: x = 1.5, y = −0.5.
#[test]
fn the_next_mwh_at_bus_1_takes_from_one_and_gives_to_another() {
    let scenario = preset("zuo-4node", &[]);
    let all = explained(&scenario, 1).unwrap();
    let one = &all[0];
    near(one.lmp, 10.0, 1e-9);
    near(one.energy, 16.0, 1e-9);
    near(
        one.parts[0].factor * one.parts[0].shadow_usd_per_mwh,
        -6.0,
        1e-9,
    );
    let next = one.next.as_ref().unwrap();
    let by = |id: &str| next.units.iter().find(|u| u.id == id).map(|u| u.by);
    near(by("D2").unwrap(), 1.5, 1e-9);
    near(by("G4").unwrap(), -0.5, 1e-9);
    assert_eq!(next.units.len(), 2);
}

/// By hand, with 3 MW on line 2-3: 1 MW of aggregator A puts 2/3 MW on it. G1 at 6 $/MWh and D3 at 8 $/MWh share the line,
/// 5/3 and 2/3 · 2 MW. One MW of D2 takes 2/3 MW from G1 and 1/3 MW from G4: 2/3 · 6 + 1/3 · 16 = 28/3 $/MWh saved, less
/// than its bid of 12 $/MWh. With a bid just below that it gives 5/3 / (2/3) = 2.5 MW, until G1 gives nothing.
#[test]
fn a_unit_that_does_not_run_starts_at_what_its_first_mw_saves() {
    let scenario = preset("zuo-4node", &[("case.branches.2-3.max_p_mw", "3")]);
    let all = explained(&scenario, 1).unwrap();
    assert!(all[0].idle.is_empty() && all[2].idle.is_empty() && all[3].idle.is_empty());
    let [idle] = &all[1].idle[..] else {
        panic!("one idle unit at bus 2");
    };
    assert_eq!((idle.id.as_str(), idle.group.as_deref()), ("D2", Some("A")));
    near(idle.gives_mw, 0.0, 1e-9);
    near(idle.bid_usd_per_mwh, 12.0, 1e-9);
    let start = idle.start.as_ref().unwrap();
    near(start.usd_per_mwh, 28.0 / 3.0, 1e-9);
    // The LMP of its bus is another: the program does not see it there.
    near(all[1].lmp, 6.0, 1e-9);
    let trials = start.trials.iter();
    let trials: Vec<_> = trials
        .map(|t| (t.from_start_usd_per_mwh, t.predicted_mw, t.solved_mw))
        .collect();
    assert_eq!(trials.len(), 2);
    for ((off, predicted, solved), (by, mw)) in trials.into_iter().zip([(-0.01, 2.5), (0.01, 0.0)])
    {
        near(off, by, 1e-12);
        near(predicted, mw, 1e-9);
        near(solved, mw, 1e-7);
    }
}

/// In units of kW and ¢/kWh an explanation is the same: 10 $/MWh are 1 ¢/kWh, 0.1 MW are 100 kW.
#[test]
fn an_explanation_is_read_in_the_units_of_the_page() {
    let mut session = Session::new(gallery::document("zuo-4node").unwrap());
    session.solve().unwrap();
    let one = session
        .explain(&SubjectKind::Bus.of("1").unwrap(), 1)
        .unwrap();
    let units = units::listed(&[("MW", "kW", 1000.0), ("$/MWh", "¢/kWh", 0.1)]);
    let read = one.clone().read(&units);
    near(read.value, 1.0, 1e-9);
    assert_eq!(read.unit, "¢/kWh");
    near(
        read.parts.iter().map(|part| part.value).sum::<f64>(),
        1.0,
        1e-9,
    );
    let table = read.tables.iter().find(|t| t.id == "next").unwrap();
    let columns: Vec<_> = table.columns.iter().map(|c| c.unit.as_str()).collect();
    assert_eq!(columns, ["", "", "kW", "¢/kWh"]);
    // What the units do not name stays: $/h.
    assert_eq!(read.proofs[0].predicted, one.proofs[0].predicted);
}

#[test]
fn every_price_of_every_preset_is_explained_and_proved() {
    let (mut prices, mut ties, mut trials) = (0, 0, 0);
    for id in gallery::ids() {
        let scenario = preset(id, &[]);
        let Mechanism::RtSced(params) = &scenario.mechanism else {
            continue;
        };
        if params.method == Method::UnionJack {
            // Below, within their triangles.
            continue;
        }
        for step in [1, params.intervals] {
            for one in explained(&scenario, step).unwrap() {
                let parts = one.parts.iter().map(|p| p.factor * p.shadow_usd_per_mwh);
                let losses = one.losses.as_ref().map_or(0.0, |of| of.usd_per_mwh);
                near(one.energy + losses + parts.sum::<f64>(), one.lmp, 1e-9);
                let (next, last) = (one.next.as_ref().unwrap(), one.last.as_ref().unwrap());
                assert!(
                    last.usd_per_mwh <= one.lmp + 1e-7 && one.lmp <= next.usd_per_mwh + 1e-7,
                    "{id} {step}"
                );
                ties += usize::from(next.usd_per_mwh - last.usd_per_mwh > 1e-6);
                prices += 1;
                for idle in &one.idle {
                    let Some(start) = &idle.start else { continue };
                    assert!(start.usd_per_mwh < idle.bid_usd_per_mwh, "{id} {step}");
                    for trial in &start.trials {
                        near(trial.solved_mw, trial.predicted_mw, 1e-6);
                        let runs = trial.solved_mw > 1e-6;
                        assert_eq!(runs, trial.from_start_usd_per_mwh < 0.0, "{id} {step}");
                        trials += 1;
                    }
                }
                for side in [next, last] {
                    let proof = &side.proof;
                    near(proof.solved_usd_per_h, proof.predicted_usd_per_h, 1e-7);
                    let moved: f64 = side.units.iter().map(|u| u.by * u.usd_per_mwh).sum();
                    if params.horizon() == 1 {
                        near(moved.abs(), side.usd_per_mwh.abs(), 1e-7);
                    }
                }
            }
        }
    }
    assert!(prices > 300, "{prices} prices, {ties} of them at a tie");
    assert!(trials > 100, "{trials} bids tried");
}

/// What holds within the triangles; sides that they leave, and prices in all.
fn hold_within_triangles(scenario: &Scenario, step: usize, name: &str) -> (usize, usize, usize) {
    let (mut sides, mut prices, mut left) = (0, 0, 0);
    for one in explained(scenario, step).unwrap() {
        let parts = one.parts.iter().map(|p| p.factor * p.shadow_usd_per_mwh);
        near(one.energy + parts.sum::<f64>(), one.lmp, 1e-9);
        prices += 1;
        assert_eq!(one.held.len(), 1, "{name} {step}");
        let next = one.next.as_ref().map_or(f64::INFINITY, |s| s.usd_per_mwh);
        let last = one
            .last
            .as_ref()
            .map_or(f64::NEG_INFINITY, |s| s.usd_per_mwh);
        let what = format!(
            "{name} {step} bus {}: {last} {} {next}",
            one.bus + 1,
            one.lmp
        );
        assert!(last <= one.lmp + 1e-7 && one.lmp <= next + 1e-7, "{what}");
        for side in one.next.iter().chain(&one.last) {
            let proof = &side.proof;
            near(proof.solved_usd_per_h, proof.predicted_usd_per_h, 1e-7);
            let units: f64 = side.units.iter().map(|u| u.by * u.usd_per_mwh).sum();
            let others: f64 = side.beside.iter().map(|o| o.by * o.usd_per_mwh).sum();
            near((units + others).abs(), side.usd_per_mwh.abs(), 1e-7);
            // Whatever triangle is chosen anew, it costs no more than the one held.
            let anew = side.anew_usd_per_h.expect("a dispatch at the step");
            assert!(anew <= proof.solved_usd_per_h + 1e-7, "{what}: {anew}");
            left += usize::from(anew < proof.solved_usd_per_h - 1e-6);
            sides += 1;
        }
    }
    (prices, sides, left)
}

#[test]
fn prices_of_union_jack_bids_are_explained_within_their_triangles() {
    let (mut prices, mut sides, mut left) = (0, 0, 0);
    let mut all = |scenario: &Scenario, steps: &mut dyn Iterator<Item = usize>, name: &str| {
        for step in steps {
            let found = hold_within_triangles(scenario, step, name);
            prices += found.0;
            sides += found.1;
            left += found.2;
        }
    };
    for id in gallery::ids() {
        let scenario = preset(id, &[]);
        if let Mechanism::RtSced(params) = &scenario.mechanism
            && params.method == Method::UnionJack
        {
            all(&scenario, &mut (1..=params.intervals), id);
        }
    }
    let method = [("mechanism.method", "union_jack")];
    all(&preset("zuo-30bus", &method), &mut (1..=24), "zuo-30bus");
    assert!(
        prices > 800 && sides > prices,
        "{prices} prices, {sides} sides"
    );
    assert!(left > 0, "{left} steps leave their triangle");
}

#[test]
fn what_cannot_be_explained_says_why() {
    let words = |id: &str, bus: &str, step: usize| {
        let mut session = Session::new(gallery::document(id).unwrap());
        session.solve().unwrap();
        let subject = SubjectKind::Bus.of(bus).unwrap();
        let problems = session.explain(&subject, step).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<String>()
    };
    assert!(words("zuo-4node", "22", 1).contains("there is no bus `22`"));
    assert!(words("zuo-4node", "1", 99).contains("there is no interval 99"));
    assert!(words("baran-wu-33-flow", "1", 1).contains("not explained yet"));
}
