//! Shadow prices, prices of aggregators and what units are paid: the report's numbers, parts that add up, proofs.

use super::preset;
use tandem::market::rt_sced::RtSced;
use tandem::market::rt_sced::dispatch::explain_aggregator::{Made, explain_aggregator};
use tandem::market::rt_sced::dispatch::explain_line::explain_line;
use tandem::market::rt_sced::inside::{explain_line as line, explain_party as party};
use tandem::market::rt_sced::roll::roll_to;
use tandem::market::rt_sced::system::System;
use tandem::report::{Explained, Report, SubjectKind};
use tandem::scenario::{Mechanism, Scenario, gallery};
use tandem::session::Session;

fn near(ours: f64, expected: f64, within: f64) -> bool {
    (ours - expected).abs() <= within * (1.0 + expected.abs())
}

/// Every scenario of the gallery.
fn scenarios() -> impl Iterator<Item = (&'static str, Scenario, RtSced)> {
    gallery::ids().filter_map(|id| {
        let scenario = preset(id, &[]);
        let Mechanism::RtSced(params) = &scenario.mechanism else {
            return None;
        };
        let params = params.clone();
        Some((id, scenario, params))
    })
}

fn at(report: &Report, series: &str, step: usize) -> f64 {
    report.series(series).unwrap().values[step - 1]
}

/// The value is the report's, the parts add up to it, the steps were predicted.
fn holds(explained: &Explained, expected: f64, what: &str) {
    assert!(
        near(explained.value, expected, 1e-9) || explained.value.is_nan() && expected.is_nan(),
        "{what}: {} is not {expected}",
        explained.value
    );
    let parts: f64 = explained.parts.iter().map(|part| part.value).sum();
    assert!(
        near(parts, expected, 1e-9) || expected.is_nan(),
        "{what}: parts add up to {parts}, not {expected}"
    );
    for proof in &explained.proofs {
        let same = near(proof.solved, proof.predicted, 1e-7);
        assert!(same, "{what}: {proof:?}");
    }
}

#[test]
fn every_shadow_price_of_every_preset_is_explained_and_proved() {
    let (mut priced, mut exact, mut critical) = (0, 0, 0);
    for (id, scenario, params) in scenarios() {
        let report = tandem::market::run(&scenario.case, &params).unwrap();
        let system = System::new(&scenario.case, &params).unwrap();
        for step in [1, params.intervals] {
            let mut process = roll_to(&system, &params, step - 1).unwrap().process;
            for k in 0..system.limits.len() {
                let name = &system.limits[k].id;
                let asked =
                    process.ask(&system, &params, step - 1, |r| explain_line(&system, r, k));
                let found = asked.ok().unwrap();
                let explained = line::explained(&system, &found, step).unwrap();
                let shadow = at(&report, &format!("mu:{name}"), step);
                holds(&explained, shadow, &format!("{id} {step} {name}"));
                priced += usize::from(shadow != 0.0);
                if !found.bids.is_empty() {
                    critical += 1;
                    continue;
                }
                let (more, less) = (found.more.unwrap(), found.less);
                assert!(
                    -more.usd_per_mwh <= shadow.abs() + 1e-7,
                    "{id} {step} {name}"
                );
                if let Some(less) = less {
                    assert!(
                        shadow.abs() <= less.usd_per_mwh + 1e-7,
                        "{id} {step} {name}"
                    );
                    let tie = less.usd_per_mwh + more.usd_per_mwh > 1e-6;
                    exact += usize::from(tie);
                }
            }
        }
    }
    assert!(
        priced > 20 && exact > 0 && critical > 5,
        "{priced} priced, {exact} met exactly"
    );
}

#[test]
fn every_price_of_an_aggregator_of_every_preset_is_explained_and_proved() {
    let (mut through_factors, mut behind_lines) = (0, 0);
    for (id, scenario, params) in scenarios() {
        let report = tandem::market::run(&scenario.case, &params).unwrap();
        let system = System::new(&scenario.case, &params).unwrap();
        for step in [1, params.intervals] {
            let mut process = roll_to(&system, &params, step - 1).unwrap().process;
            for (a, group) in system.groups.iter().enumerate() {
                let asked = process.ask(&system, &params, step - 1, |r| {
                    explain_aggregator(&system, r, a)
                });
                let found = asked.ok().unwrap();
                let explained = party::of_aggregator(&system, &found, step);
                let price = at(&report, &format!("lmpa:{}", group.id), step);
                let what = format!("{id} {step} {}", group.id);
                holds(&explained, price, &what);
                match &found.made {
                    Made::OfMembers { members, .. } => {
                        let sum: f64 = members.iter().map(|m| m.factor * m.lmp).sum();
                        assert!(near(sum, price, 1e-9), "{what}");
                        through_factors += 1;
                    }
                    Made::OfUnits { .. } => behind_lines += 1,
                }
            }
        }
    }
    assert!(through_factors > 20 && behind_lines > 2);
}

fn explained(id: &str, kind: SubjectKind, subject: &str) -> Result<Explained, String> {
    let mut session = Session::new(gallery::document(id).unwrap());
    session.solve().unwrap();
    let asked = session.explain(&kind.of(subject).unwrap(), 1);
    asked.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn part(explained: &Explained, name: &str) -> f64 {
    let mut parts = explained.parts.iter();
    parts
        .find(|part| part.name == name)
        .map_or(f64::NAN, |part| part.value)
}

/// By hand, from `the_next_mwh_at_bus_1_takes_from_one_and_gives_to_another`: D2 at 12 and G4 at 16 $/MWh are marginal, and
/// an MWh at bus 1, where the LMP is 10, is 1.5 of D2 less 0.5 of G4: line 2-3 costs it SF · y = −6. One more MW of the
/// line is then x MW of D2 with SF (x − x) = 1: with y = −6/SF, Δ D2 · (12 − 16) = y.
#[test]
fn one_more_mw_of_line_2_3_swaps_one_unit_for_the_other() {
    let one = explained("zuo-4node", SubjectKind::Branch, "2-3").unwrap();
    let (d2, g4) = (part(&one, "D2"), part(&one, "G4"));
    assert!(near(d2 / 12.0, -g4 / 16.0, 1e-9), "{one:?}");
    assert!(near(d2 + g4, one.value, 1e-9) && one.value < 0.0);
}

/// By hand: G0 at 10 $/MWh sends its 6 MW over a line of 6 MW to a load of 6 MW, beside which G1 waits at 30. A MW more of
/// the line saves nothing, a MW less costs 30 − 10 = 20.
#[test]
fn a_limit_met_exactly_has_two_prices() {
    let units = [(0, 0.0, vec![(10.0, 10.0)]), (1, 0.0, vec![(10.0, 30.0)])];
    let case = super::prices::case(2, &[(0, 1, 0.1, 6.0)], &units, &[(1, 6.0)]);
    let params = super::optimal();
    let system = System::new(&case, &params).unwrap();
    let mut process = roll_to(&system, &params, 0).unwrap().process;
    let asked = process.ask(&system, &params, 0, |r| explain_line(&system, r, 0));
    let found = asked.ok().unwrap();
    let (more, less) = (found.more.as_ref().unwrap(), found.less.as_ref().unwrap());
    assert!(near(more.usd_per_mwh, 0.0, 1e-9) && near(less.usd_per_mwh, 20.0, 1e-9));
    let by = |id: &str| less.units.iter().find(|u| u.id == id).map(|u| u.by);
    assert!(near(by("G0").unwrap(), -1.0, 1e-9) && near(by("G1").unwrap(), 1.0, 1e-9));
    let explained = line::explained(&system, &found, 1).unwrap();
    let said = explained.sentences.join(" ");
    assert!(
        said.contains("any shadow price from 0 to 20\u{a0}$/MWh"),
        "{said}"
    );
}

/// As in `look_ahead`: a slow ramp lets the horizon of interval 5 end early; what is explained is that dispatch.
#[test]
fn a_horizon_that_ends_early_is_explained_as_it_was_cleared() {
    let changes = [
        ("case.generators.G4.ramp_mw_per_min", "0.1"),
        ("mechanism.look_ahead_intervals", "2"),
    ];
    let scenario = preset("zuo-4node-look-ahead", &changes);
    let report = tandem::run::run(&scenario).unwrap();
    let mut session = Session::new(gallery::document("zuo-4node-look-ahead").unwrap());
    for (path, text) in changes {
        session.set(path, text).unwrap();
    }
    session.solve().unwrap();
    for (kind, id, series) in [
        (SubjectKind::Branch, "2-3", "mu:2-3"),
        (SubjectKind::Party, "A", "lmpa:A"),
    ] {
        let explained = session.explain(&kind.of(id).unwrap(), 5).unwrap();
        holds(&explained, at(&report, series, 5), id);
    }
}

#[test]
fn units_are_paid_at_their_bus_or_as_their_aggregator() {
    let bus = explained("zuo-4node", SubjectKind::Bus, "4").unwrap();
    let unit = explained("zuo-4node", SubjectKind::Party, "G4").unwrap();
    assert_eq!(unit.value, bus.value);
    assert!(unit.sentences.iter().any(|s| s.contains("It is marginal")));
    let of = |id: &str| explained("zuo-4node", SubjectKind::Party, id);
    assert_eq!(of("D2").unwrap().value, of("A").unwrap().value);
}

#[test]
fn what_has_no_price_says_so() {
    let why = |kind: SubjectKind, id: &str| explained("zuo-4node", kind, id).unwrap_err();
    assert!(why(SubjectKind::Branch, "2-33").contains("Did you mean 2-3?"));
    assert!(why(SubjectKind::Party, "G44").contains("Did you mean G4?"));
    assert!(why(SubjectKind::Party, "L4").contains("LMP of its bus"));
    assert!(why(SubjectKind::Zone, "1").contains("ask for one of these"));
}

/// By hand: in interval 4 line 2-3 is just full with G4 at nothing and D2 marginal at 12 $/MWh. One MW less of its limit
/// takes a MW of D2 at 12 away for one of G4 at 16; one more MW saves nothing.
#[test]
fn at_a_tie_the_side_that_makes_the_shadow_price_is_told() {
    let mut session = Session::preset("zuo-4node-exact").unwrap();
    session.solve().unwrap();
    let line = SubjectKind::Branch.of("2-3").unwrap();
    let one = session.explain(&line, 4).unwrap();
    let said = "one MW less of its limit costs 4\u{a0}$/MWh.";
    assert!(one.headline.ends_with(said), "{}", one.headline);
    let bus = session
        .explain(&SubjectKind::Bus.of("1").unwrap(), 4)
        .unwrap();
    let all = bus.sentences.join(" ");
    assert!(all.contains("Its shadow price is 4\u{a0}$/MWh"), "{all}");
    assert!(!all.contains("would save 4"), "{all}");
}
