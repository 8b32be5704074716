//! Prices explained: the report's numbers, parts that add up, the step of the exchange, and its proof.

use tandem::market::residual_supply::Scheme;
use tandem::network::formulation::feeder::Physics;
use tandem::report::{Explained, Report, SubjectKind};
use tandem::scenario::{Mechanism, gallery};
use tandem::session::Session;

fn near(ours: f64, expected: f64, within: f64) -> bool {
    (ours - expected).abs() <= within * (1.0 + expected.abs())
}

/// What of one question was explained, and why the rest was not.
#[derive(Default)]
struct Tally {
    prices: usize,
    parted: usize,
    proofs: usize,
    refused: Vec<String>,
}

impl Tally {
    fn check(&mut self, what: &str, found: Result<Explained, String>, expected: f64) {
        let one = match found {
            Ok(one) => one,
            // Where every price is right the report has none.
            Err(_) if expected.is_nan() => return,
            Err(why) => return self.refused.push(format!("{what}: {why}")),
        };
        assert!(
            near(one.value, expected, 1e-9),
            "{what}: {expected}, {one:?}"
        );
        let sum: f64 = one.parts.iter().map(|part| part.value).sum();
        assert!(near(sum, one.value, 1e-9), "{what}: {sum}, {one:?}");
        for proof in &one.proofs {
            assert!(
                near(proof.solved, proof.predicted, 1e-7),
                "{what}: {proof:?}"
            );
        }
        self.prices += 1;
        self.parted += usize::from(one.parts.len() > 1);
        self.proofs += one.proofs.len();
    }

    fn every(&mut self, what: &str, session: &Session, report: &Report) {
        let steps = report.clock.as_ref().unwrap().steps;
        let ask = |kind: SubjectKind, id: &str, t: usize| {
            let asked = session.explain(&kind.of(id).unwrap(), t + 1);
            asked.map_err(|why| why.iter().map(ToString::to_string).collect::<String>())
        };
        for t in 0..steps {
            for series in &report.series {
                if let Some(bus) = series.id.strip_prefix("lmp:") {
                    let found = ask(SubjectKind::Bus, bus, t);
                    self.check(
                        &format!("{what} bus {bus} {}", t + 1),
                        found,
                        series.values[t],
                    );
                }
            }
            let areas = report
                .tables
                .iter()
                .find(|table| table.id == "areas")
                .unwrap();
            for (row, subject) in areas.rows.iter().zip(&areas.row_subjects) {
                let (Some(subject), tandem::report::Cell::At { series }) = (subject, &row[3])
                else {
                    continue;
                };
                let price = report.series(series).unwrap().values[t];
                let found = ask(subject.kind, &subject.id, t);
                self.check(
                    &format!("{what} boundary {} {}", subject.id, t + 1),
                    found,
                    price,
                );
            }
        }
    }
}

#[test]
fn every_price_of_every_preset_is_taken_apart() {
    let mut tally = Tally::default();
    for id in gallery::ids() {
        let scenario = gallery::document(id).unwrap();
        if !matches!(scenario.mechanism, Mechanism::ResidualSupply(_))
            || Session::new(scenario.clone()).pieces().is_some()
        {
            continue;
        }
        let mut session = Session::new(scenario);
        session.solve().unwrap();
        let report = session.report().unwrap();
        tally.every(id, &session, &report);
    }
    println!(
        "{} prices, {} in parts, {} proofs; refused: {:#?}",
        tally.prices, tally.parted, tally.proofs, tally.refused
    );
    assert_eq!(tally.refused, Vec::<String>::new());
    assert!(tally.prices > 100 && tally.parted > 20);
}

#[test]
fn every_scheme_and_physics_is_taken_apart() {
    let mut tally = Tally::default();
    for id in ["mezghani-s1", "mezghani-s3a", "chao-peck"] {
        for scheme in Scheme::ALL {
            for physics in [Physics::Lossless, Physics::LinDistFlow, Physics::BranchFlow] {
                let mut session = Session::preset(id).unwrap();
                for (path, value) in [
                    ("mechanism.scheme", serde_json::to_value(scheme).unwrap()),
                    ("mechanism.physics", serde_json::to_value(physics).unwrap()),
                ] {
                    session.set(path, value.as_str().unwrap()).unwrap();
                }
                if session.solve().is_err() {
                    continue;
                }
                let report = session.report().unwrap();
                tally.every(&format!("{id} {scheme:?} {physics:?}"), &session, &report);
            }
        }
    }
    println!(
        "{} prices, {} in parts, {} proofs; refused: {:#?}",
        tally.prices, tally.parted, tally.proofs, tally.refused
    );
    assert_eq!(tally.refused, Vec::<String>::new());
    assert!(tally.prices > 100 && tally.proofs > 0);
}

#[test]
fn what_is_not_there_is_not_explained() {
    let mut session = Session::preset("mezghani-s1").unwrap();
    session.solve().unwrap();
    let why = |kind: SubjectKind, id: &str| {
        let problems = session.explain(&kind.of(id).unwrap(), 1).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<String>()
    };
    assert!(why(SubjectKind::Boundary, "D-nets").contains("there is no boundary"));
    assert!(why(SubjectKind::Branch, "I-D").contains("a line adds to those of the buses"));
    assert!(why(SubjectKind::Bus, "nowhere").contains("there is no bus"));
}
