//! Question banks: every answer of a thousand variants against the triangle by hand, the files read back, and what a
//! scenario cannot give.

use std::collections::HashSet;
use std::process::Command;

use tandem::case::Case;
use tandem::questions::{self, Ask, Bank, Format, Question};
use tandem::scenario::{Document, Scenario};
use tandem::session::Session;

use crate::question_files::read_back;

fn bank(document: &Document, count: usize, seed: u64) -> Bank {
    let ask = Ask {
        count,
        seed,
        page: "https://example.org/tandem/".into(),
        ..Ask::default()
    };
    questions::bank(document, &ask).unwrap()
}

fn triangle(changes: &[(&str, &str)]) -> Document {
    let mut session = Session::preset("triangle").unwrap();
    for (path, value) in changes {
        session.set(path, value).unwrap();
    }
    session.document().clone()
}

/// The triangle by hand. Three equal lines: with p1 and p2 put in at buses 1 and 2 and taken out at 3, lines 1-2, 2-3
/// and 1-3 carry (p1 − p2)/3, (p1 + 2 p2)/3 and (2 p1 + p2)/3; only 1-3 has a limit.
#[derive(Clone, Copy)]
struct ByHand {
    limit: f64,
    loads: [f64; 3],
    /// $/MWh of G1 at bus 1 (200 MW) and G3 at bus 3 (100 MW).
    bids: [f64; 2],
}

impl ByHand {
    fn of(case: &Case) -> ByHand {
        let bid = |k: usize| case.generators[k].offer[0].usd_per_mwh;
        ByHand {
            limit: case.branches[2].max_p_mw.unwrap(),
            loads: [0.0, case.loads[0].p_mw, case.loads[1].p_mw],
            bids: [bid(0), bid(1)],
        }
    }

    /// The output of G1, which is as much as may be where it is the cheaper one; nothing where none is.
    fn g1(&self) -> Option<f64> {
        let ([l1, l2, l3], f) = (self.loads, self.limit);
        let all = l1 + l2 + l3;
        let least = (all - 100.0).max(0.0).max((l2 - 3.0 * f) / 2.0 + l1);
        let most = all.min(200.0).min((l2 + 3.0 * f) / 2.0 + l1);
        let cheap = self.bids[0] < self.bids[1];
        (least <= most + 1e-9).then_some(if cheap { most } else { least })
    }

    fn outputs(&self) -> [f64; 2] {
        let g1 = self.g1().unwrap();
        [g1, self.loads.iter().sum::<f64>() - g1]
    }

    /// $/h.
    fn cost(&self) -> f64 {
        let [g1, g3] = self.outputs();
        self.bids[0] * g1 + self.bids[1] * g3
    }

    /// What the last and the next MWh at a bus cost.
    fn price(&self, bus: usize) -> (f64, f64) {
        let at = |by: f64| {
            let mut other = *self;
            other.loads[bus] += by;
            other.cost()
        };
        let (less, now, more) = (at(-STEP), self.cost(), at(STEP));
        ((now - less) / STEP, (more - now) / STEP)
    }

    /// What the last and the next MW of the limit save.
    fn saves(&self) -> (f64, f64) {
        let at = |by: f64| {
            let limit = self.limit + by;
            ByHand { limit, ..*self }.cost()
        };
        let (less, now, more) = (at(-STEP), self.cost(), at(STEP));
        ((less - now) / STEP, (now - more) / STEP)
    }

    fn one(&self, (low, high): (f64, f64)) -> f64 {
        assert!((high - low).abs() < 1e-3, "the price has no one value");
        high
    }

    /// $ in five minutes: what G1 and G3 are paid, or L2 and L3 pay.
    fn paid(&self, who: usize) -> f64 {
        let ([g1, g3], [_, l2, l3]) = (self.outputs(), self.loads);
        let (mw, bus) = [(g1, 0), (g3, 2), (l2, 1), (l3, 2)][who];
        mw * self.one(self.price(bus)) / 12.0
    }

    fn right(&self, number: &str) -> (f64, f64) {
        let (outputs, [l1, l2, _]) = (self.outputs(), self.loads);
        let (p1, p2) = (outputs[0] - l1, -l2);
        let one = match number {
            "lmp:1" => return self.price(0),
            "lmp:2" => return self.price(1),
            "lmp:3" => return self.price(2),
            "mu:1-3" => self.one(self.saves()),
            "flow:1-2" => (p1 - p2) / 3.0,
            "flow:2-3" => (p1 + 2.0 * p2) / 3.0,
            "flow:1-3" => (2.0 * p1 + p2) / 3.0,
            "p:G1" => outputs[0],
            "p:G3" => outputs[1],
            "net:G1" => self.paid(0),
            "net:G3" => self.paid(1),
            "net:L2" => self.paid(2),
            "net:L3" => self.paid(3),
            "net:ISO" => self.paid(2) + self.paid(3) - self.paid(0) - self.paid(1),
            "sum:cost_mean" => self.cost(),
            other => panic!("{other} is not known by hand"),
        };
        (one, one)
    }
}

/// MW of a difference quotient.
const STEP: f64 = 1e-4;

fn case_of(base: &Document, question: &Question) -> Case {
    let mut session = Session::new(base.clone());
    for (path, value) in &question.changes {
        session.set(path, &value.to_string()).unwrap();
    }
    session.scenario().case.clone()
}

fn is_right_by_hand(base: &Document, bank: &Bank) {
    for question in &bank.questions {
        let hand = ByHand::of(&case_of(base, question));
        let (low, high) = hand.right(&question.number);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-3;
        assert!(
            near(question.right.0, low) && near(question.right.1, high),
            "{}: {:?} by hand {:?}, {:?}",
            question.number,
            question.right,
            (low, high),
            question.changes
        );
    }
}

#[test]
fn a_thousand_variants_are_right_by_hand_and_have_unique_answers() {
    let base = triangle(&[]);
    let bank = bank(&base, 1000, 7);
    assert_eq!(bank.questions.len(), 1000);
    is_right_by_hand(&base, &bank);
    let answers: HashSet<String> = bank.questions.iter().map(Question::answer).collect();
    assert_eq!(answers.len(), 1000);
    let text = |q: &Question| (q.data.clone(), q.ask.clone());
    let texts: HashSet<_> = bank.questions.iter().map(text).collect();
    assert_eq!(texts.len(), 1000);
    for question in &bank.questions {
        assert!(
            question
                .wrong
                .iter()
                .all(|wrong| !question.is_right(wrong.value))
        );
        let choices = question.choices();
        assert_eq!(
            choices.iter().filter(|(_, right, _)| *right).count(),
            usize::from(question.choice.is_some())
        );
        let shown: HashSet<&String> = choices.iter().map(|(value, ..)| value).collect();
        assert_eq!(shown.len(), choices.len());
    }
    // Prices, shadow prices, flows, outputs and payments are asked for, by numbers and by choices.
    let kinds: HashSet<&str> = (bank.questions.iter())
        .map(|q| q.number.split(':').next().unwrap())
        .collect();
    assert!(kinds.is_superset(&HashSet::from(["lmp", "mu", "flow", "p", "net"])));
    let by_choice = bank.questions.iter().filter(|q| q.choice.is_some()).count();
    assert!((200..800).contains(&by_choice), "{by_choice}");
    for format in [Format::Moodle, Format::Gift, Format::Qti] {
        read_back(&bank, format);
    }
}

#[test]
fn any_price_of_an_interval_is_right() {
    // All of G1 serves the load: the next MWh costs 50 $/MWh, the last saves 10 $/MWh.
    let base = triangle(&[
        ("case.branches.1-3.max_p_mw", "200"),
        ("case.loads.L2.p_mw", "80"),
    ]);
    let bank = bank(&base, 60, 3);
    is_right_by_hand(&base, &bank);
    let open = bank.questions.iter().find(|q| q.is_interval());
    let open = open.unwrap();
    assert!(open.number.starts_with("lmp:") && open.ask.contains("More than one price is right"));
    assert!(
        open.is_right(0.5 * (open.right.0 + open.right.1)) && !open.is_right(open.right.1 + 1.0)
    );
    read_back(&bank, Format::Qti);
    read_back(&bank, Format::Moodle);
}

#[test]
fn the_same_seed_is_the_same_bank_and_few_questions_are_said_by_number() {
    let base = triangle(&[]);
    let text = |seed| bank(&base, 5, seed).packed(Format::Gift);
    assert_eq!(text(4), text(4));
    assert_ne!(text(4), text(5));
    // One load of 10 MW, 5 to 15 in steps of 0.5, and one offer of two blocks that the form does not vary.
    let case = r#"{"version": 1, "name": "One bus", "base_mva": 100, "buses": [{"id": "1"}], "branches": [],
        "generators": [{"id": "G", "bus": "1", "min_p_mw": 0, "max_p_mw": 20,
            "offer": [{"p_mw": 10.2, "usd_per_mwh": 10}, {"p_mw": 9.8, "usd_per_mwh": 30}]}],
        "loads": [{"id": "L", "bus": "1", "p_mw": 10}]}"#;
    let few = bank(&Scenario::from_json(case).unwrap().into(), 500, 1);
    let made = few.questions.len();
    assert!((20..120).contains(&made), "{made}");
    assert!(few.said().starts_with(&format!("{made} of 500 questions")));
}

#[test]
fn the_terminal_writes_them_and_refuses_a_package_without_a_name() {
    let run = |arguments: &[&str]| {
        let program = env!("CARGO_BIN_EXE_tandem");
        Command::new(program).args(arguments).output().unwrap()
    };
    let gift = run(&[
        "questions",
        "mezghani-s1",
        "--format",
        "gift",
        "--count",
        "4",
        "--style",
        "number",
    ]);
    let text = String::from_utf8(gift.stdout).unwrap();
    assert_eq!(
        (gift.status.code(), text.matches("\n::").count()),
        (Some(0), 4)
    );
    assert!(text.contains("#p\\=mezghani-s1"), "{text}");
    assert_eq!(
        run(&["questions", "triangle", "--format", "qti"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        run(&["questions", "triangle", "--count", "0"])
            .status
            .code(),
        Some(2)
    );
}
