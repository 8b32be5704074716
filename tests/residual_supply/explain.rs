//! Prices explained: the report's numbers, parts that add up, the step of the exchange, and its proof.

use tandem::market::residual_supply::Scheme;
use tandem::network::formulation::feeder::Physics;
use tandem::report::{Cell, Explained, Report, SubjectKind, Table};
use tandem::scenario::{Mechanism, gallery};
use tandem::session::Session;

fn near(ours: f64, expected: f64, within: f64) -> bool {
    (ours - expected).abs() <= within * (1.0 + expected.abs())
}

/// What of one question was explained, and why the rest was not.
#[derive(Debug, Default)]
struct Tally {
    prices: usize,
    parted: usize,
    proofs: usize,
    /// Prices on cones without a proof, which say so.
    unproved: usize,
    /// Both sides of a price that is an interval.
    ties: usize,
    /// The proof that is furthest off, as a share of 1 + what is solved, and the table whose parts are: linear programs, and
    /// those with cones.
    off: [f64; 2],
    parts_off: [f64; 2],
    refused: Vec<String>,
    /// Prices without who moves, and why.
    untold: Vec<String>,
}

/// Which a sentence that begins so is about.
fn sentence<'a>(one: &'a Explained, begins: &str) -> Option<&'a str> {
    let mut all = one.sentences.iter().map(String::as_str);
    all.find(|said| said.starts_with(begins))
}

/// What the parts of a table come to.
fn parts(table: &Table) -> f64 {
    let parts = table.rows.iter().map(|row| match row[3] {
        Cell::Number(part) => part,
        _ => 0.0,
    });
    parts.sum()
}

impl Tally {
    /// Nothing is refused, every price tells who moves, and every linear program proves both sides.
    fn proved(&self) {
        assert_eq!(self.refused, Vec::<String>::new());
        assert_eq!(self.untold, Vec::<String>::new());
        assert!(self.off[0] <= 1e-7 && self.parts_off[0] <= 1e-7);
        // Of a step on cones, and of movements over it, of which small ones are left out.
        assert!(self.off[1] <= 1e-6 && self.parts_off[1] <= 1e-2);
    }

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
        let cones = usize::from(sentence(&one, "Costs bend").is_some());
        for proof in &one.proofs {
            let off = (proof.solved - proof.predicted).abs() / (1.0 + proof.solved.abs());
            self.off[cones] = self.off[cones].max(off);
        }
        if let Some(why) = sentence(&one, "What the next MWh moves is not told") {
            self.untold.push(format!("{what}: {why}"));
        }
        if cones == 0 {
            // Two sides, and those of the function of a boundary.
            let none = sentence(&one, "Where a proof");
            if none.is_some() || one.proofs.len() < 2 {
                self.untold.push(format!("{what}: {:?}", one.sentences));
            }
        } else if one.proofs.is_empty() {
            assert!(sentence(&one, "No proof").is_some(), "{what}: {one:?}");
            self.unproved += 1;
        }
        let of = |id: &str| one.tables.iter().find(|table| table.id == id);
        match (of("next"), of("last")) {
            (Some(next), None) => {
                let off = (parts(next) - one.value).abs() / (1.0 + one.value.abs());
                self.parts_off[cones] = self.parts_off[cones].max(off);
            }
            (Some(next), Some(last)) => {
                self.ties += 1;
                let (low, high) = (-parts(last), parts(next));
                let near = 1e-6 * (1.0 + low.abs().max(high.abs()));
                let within = low - near <= one.value && one.value <= high + near;
                assert!(within, "{what}: {low}, {high}, {one:?}");
            }
            _ => self.untold.push(format!("{what}: no table")),
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
    println!("{tally:#?}");
    tally.proved();
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
    println!("{tally:#?}");
    tally.proved();
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

/// 1.2 MW are missing, 1 at T and 0.2 at D. BSP3 at D gives 0.7 of its 1 at 10 $/MWh: 0.2 are used there, 0.5 fill line I-D.
/// BSP2 at I gives 0.5 of its 1 at 15. So a MW more at D comes from BSP3 at 10, one at I from BSP2 at 15, and one at T from
/// the step of the function that BSP2 makes. 0.1 MW is the largest step told that neither runs out on: 1 $, 1.5 $, 1.5 $.
#[test]
fn the_next_mwh_by_hand() {
    let mut session = Session::preset("mezghani-s1").unwrap();
    session.solve().unwrap();
    for (bus, who, subject, price, said) in [
        (
            "D",
            "BSP3",
            "BSP3",
            10.0,
            "BSP3 gives 1 MW more, at its bid of 10 $/MWh.",
        ),
        (
            "I",
            "BSP2",
            "BSP2",
            15.0,
            "BSP2 gives 1 MW more, at its bid of 15 $/MWh.",
        ),
        (
            "T",
            "export of D-net",
            "T-I",
            15.0,
            "D-net exports 1 MW more, at 15 $/MWh by its function.",
        ),
    ] {
        let found = session
            .explain(&SubjectKind::Bus.of(bus).unwrap(), 1)
            .unwrap();
        let plain = found
            .sentences
            .iter()
            .map(|text| text.replace('\u{a0}', " "));
        assert!(plain.clone().any(|text| text == said), "{found:#?}");
        assert_eq!(found.tables.len(), 1, "{found:#?}");
        let next = &found.tables[0];
        let Cell::Text(name) = &next.rows[0][0] else {
            panic!("{next:?}")
        };
        assert_eq!(
            (next.id.as_str(), name.as_str(), next.rows.len()),
            ("next", who, 1)
        );
        assert_eq!(next.row_subjects[0].as_ref().unwrap().id, subject);
        let proofs: Vec<(f64, f64)> = found
            .proofs
            .iter()
            .map(|proof| (proof.predicted, proof.solved))
            .collect();
        for ((predicted, solved), by_hand) in proofs.iter().zip([0.1 * price, -0.1 * price]) {
            assert!(near(*predicted, by_hand, 1e-9) && near(*solved, by_hand, 1e-9));
        }
        assert_eq!(proofs.len(), 2, "{found:#?}");
    }
}
