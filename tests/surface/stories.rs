//! What a preset tells a stranger: its question, its setting, the answer in words, and what to look at first.

use std::collections::BTreeMap;

use tandem::report::{Cell, Report, Status};
use tandem::run;
use tandem::scenario::gallery;
use tandem::session::Session;

use crate::changes::changed;

fn sentences(text: &str) -> usize {
    let ends = |part: &str| part.ends_with(['.', '?']);
    text.split_inclusive(['.', '?'])
        .zip(text.split_inclusive(['.', '?']).skip(1).chain([" "]))
        .filter(|(part, next)| ends(part) && next.starts_with(' '))
        .count()
}

#[test]
fn every_preset_asks_another_question_in_a_short_setting() {
    let mut asked = BTreeMap::new();
    for entry in gallery::entries().unwrap() {
        let (id, text) = (&entry.id, &entry.text);
        assert!(entry.question.ends_with('?'), "{id}: {}", entry.question);
        assert!(
            (1..=2).contains(&sentences(text)) && text.ends_with('.'),
            "{id}: {text}"
        );
        assert!(text.split_whitespace().count() <= 50, "{id}: {text}");
        assert!(!text.contains('{'), "{id}: {text}");
        if let Some(other) = asked.insert(entry.question.clone(), id.clone()) {
            panic!("{id} asks what {other} asks: {}", entry.question);
        }
    }
}

/// What the page shows first of a solved preset is there, and what a reader may turn stands in the form; its answer.
pub fn is_answered(id: &str, session: &Session) -> String {
    let report = session.report().unwrap();
    assert_eq!(report.status, Status::Solved, "{id}");
    assert!(!report.answer.is_empty(), "{id} has no answer");
    for said in &report.answer {
        assert!(
            !said.contains(['{', '}']) && said.ends_with('.'),
            "{id}: {said}"
        );
        let paid = ["pays −", "pay −", "paid −"];
        assert!(
            !paid.iter().any(|words| said.contains(words)),
            "{id}: {said}"
        );
    }
    let headline = &report.headline;
    assert!(
        headline.ends_with('.') && !headline.ends_with(".."),
        "{id}: {headline}"
    );
    let look = &report.look;
    assert!(!look.chart.is_empty(), "{id} names no chart that it has");
    let number = &look.number;
    assert!(
        report.quantity(number).is_some() || report.series(number).is_some(),
        "{id} has no number {number}"
    );
    assert!(
        (1..=3).contains(&look.inputs.len()),
        "{id}: {:?}",
        look.inputs
    );
    let form = session.form();
    for path in &look.inputs {
        let mut fields = form.iter().flat_map(|section| section.all());
        assert!(
            fields.any(|field| field.path == *path),
            "{id}: the form has no {path}"
        );
    }
    report.answer[0].clone()
}

/// What opens in large figures beside the answer stands in the answer.
#[test]
fn the_large_number_is_told() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/scenario/gallery");
    for entry in gallery::entries().unwrap() {
        let id = &entry.id;
        if !id.starts_with("wang") && !id.starts_with("theisen") {
            continue;
        }
        let text = std::fs::read_to_string(format!("{folder}/{id}.json")).unwrap();
        let preset: serde_json::Value = serde_json::from_str(&text).unwrap();
        let number = preset["look"]["number"].as_str().unwrap();
        let answers = preset["answer"].as_array().unwrap();
        let told = |say: &str| say.contains(&format!("{{{number}"));
        let mut says = answers.iter().map(|answer| answer["say"].as_str().unwrap());
        assert!(says.any(told), "{id}: {number} is in no answer");
    }
}

/// Two presets answer alike only where they are the same question at other numbers of points.
pub fn answers_differ(mut answers: Vec<(String, &str)>) {
    let steps = |id: &str| id.contains("-m3") || id.contains("-m4") || id.contains("-m5");
    answers.sort();
    for pair in answers.windows(2) {
        let ((one, id), (other, of)) = (&pair[0], &pair[1]);
        assert!(
            one != other || steps(id) && steps(of),
            "{id} answers as {of}: {one}"
        );
    }
}

fn report(id: &str, edits: &[(&str, &str)]) -> Report {
    run::run(&changed(id, edits.iter().copied()).unwrap()).unwrap()
}

/// Preset, changed fields, and words that the answer must have then.
type Turn = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const LIMIT: &str = "case.branches.2-3.max_p_mw";
const BELOW: &str = "case.feeders.D-net.lines.I-D.max_s_mva";

#[rustfmt::skip]
const TURNS: &[Turn] = &[
    // Limit 10 MW: the error is multiplied by 1 − 1/(2/3) = −½. Above 14 MW (all of G1 and A) nothing can fill the line.
    ("zuo-4node", &[], "0.5 times the one before, so it settles"),
    ("zuo-4node", &[(LIMIT, "20")], "nothing happens"),
    ("zuo-4node", &[("mechanism.df.rule", "unscheduled")], "comes to rest at 2"),
    // A factor of 1/2 for D2 makes the error −1 times the last: the measured split, at the optimum D2 = D3 = 2.
    ("zuo-4node-se", &[], "No: D2 still moves between 1 and 4"),
    // 9 MW on the line cost 8·6 + 2·8 + 1·12 + 4·16 = 140 with the limit 9: D2 takes 1 MW less, G4 one more, 16 − 12.
    ("zuo-4node-optimal", &[(LIMIT, "9")], "pays 140"),
    ("zuo-4node-union-jack-m3", &[("mechanism.equivalent.m", "4")], "pays 1\u{a0}$/h more"),
    // The paper's 139.08 belongs to M = 3.
    ("zuo-4node-union-jack-calibrated-m3", &[], "Yes: on this rectangle the dispatch costs 139.08"),
    ("zuo-4node-union-jack-calibrated-m3", &[("mechanism.equivalent.m", "4")], "Not with these inputs"),
    // 180 MW of load at most on 1-3: nothing is full, G1 serves all at 10.
    ("triangle", &[("case.branches.1-3.max_p_mw", "200")], "no line is full here, so everyone pays the same, 10"),
    // The line takes 0.5 MW, D needs 0.2: BSP3 sells 0.7. Unlimited, it sells all it has, 1 MW. Unseen, 0.3 MW too much
    // flow, for which BSP2 at 15 replaces BSP3 at 10: 0.3 · 5 = 1.5.
    ("mezghani-s1", &[], "BSP3 sells 0.7\u{a0}MW, of which 0.2\u{a0}MW are used at D and 0.5\u{a0}MW fill line I-D"),
    ("mezghani-s1", &[(BELOW, "2")], "not full: BSP3 sells 1"),
    ("mezghani-s1", &[("mechanism.scheme", "centralised_as")], "0.3\u{a0}MWh too much, and clearing that afterwards costs 1.5"),
    // 0.6 MW are missing above and 0.5 must go up: above more is needed than the line needs, and less in s3b. Who is
    // short pays 0.6 · 10; with 0.4 · 5 the DSO bears 0.5 · (10 − 5).
    ("mezghani-s3a", &[], "BRP1 pays 6\u{a0}$ for 0.6\u{a0}MW, TSO and DSO pass it on"),
    ("mezghani-s3a", &[("case.balancing.imbalances.BRP1.p_mw.0", "-0.4")], "pays 2\u{a0}$, and the DSO 2.5\u{a0}$"),
    ("mezghani-s3b", &[("case.balancing.imbalances.BRP1.p_mw.0", "-0.8")], "BRP1 pays 8\u{a0}$"),
    // Paid 20 while its bid is 15, BSP3 loses 5 on each of its 2 MWh.
    ("mezghani-s5", &[], "No: at 10"),
    ("mezghani-s5", &[("mechanism.settlement", "balancing_price")], "BSP3 loses 10"),
    ("mezghani-s5-balancing-price", &[("mechanism.settlement", "nodal")], "the DSO keeps 5"),
    ("mezghani-3node", &[("mechanism.physics", "lossless")], "Nothing: no losses"),
    // Paid 12, BSP3 at 15 loses 3 on 0.5 MWh; paid 15, the block of 1 MWh at 12 forgoes 3.
    ("mezghani-block", &[], "1.5\u{a0}$ has to be borne"),
    ("mezghani-block", &[("mechanism.rsf.variant", "safe_chord")], "would have earned 3"),
    ("chao-peck", &[("mechanism.scheme", "centralised_as")], "Not with this scheme"),
    ("baran-wu-33", &[("mechanism.physics", "lossless")], "The same as at the substation"),
    // Without the offer of 10 the missing MWh costs 30.
    ("rsf-periods", &[], "the system pays 20\u{a0}$ too much"),
    ("rsf-periods", &[("mechanism.rsf.form", "nested_cuts")], "Nothing here, since each period may have its own export"),
    ("baran-wu-33-flow", &[], "From 1 at the substation to 0.913"),
    ("baran-wu-33-flow", &[("mechanism.load_factor", "1.5")], "Too far"),
    ("baran-wu-69-flow", &[("case.feeders.BW69.buses.61.p_load_mw", "0")], "Little"),
    // D1 has 365 kW to give at most; at 8 ¢ all would rather buy from the utility.
    ("theisen-interval", &[], "No: D1 sends 365"),
    ("theisen-interval", &[("mechanism.given.lse_usd_per_kwh", "0.08")], "Yes: they buy"),
    // Everyone paid its own bid at cost: no rent, all of the saving is the DSO's.
    ("khojasteh-k33-truthful", &[], "Only a part"),
    ("khojasteh-k33-truthful", &[("mechanism.settlement", "pay_as_bid")], "All of it"),
    ("khojasteh-k33-tso-only", &[("case.feeders.BW33.lines.6-26.max_p_mw", "1.2")], "No line is over its limit here"),
    ("khojasteh-k33-two-bsps", &[], "They do, in every hour, and the DSO pays"),
    ("khojasteh-k33-stage2", &[("case.feeders.BW33.lines.6-26.max_p_mw", "1.2")], "All of it"),
    ("wang-table2", &[], "Yes, nearly: DSO2 pays"),
];

#[test]
fn answers_turn_with_the_story() {
    for (preset, edits, words) in TURNS {
        let report = report(preset, edits);
        let said = report.answer.join(" | ");
        assert!(said.contains(words), "{preset} {edits:?}: {said}");
    }
}

/// In the hours without an overload the answer does not speak of one.
#[test]
fn an_answer_follows_the_step() {
    let report = report("khojasteh-k33-tso-only", &[]);
    let over = &report.series("over:tso_only").unwrap().values;
    assert_eq!(report.answer.len(), over.len());
    for (said, over) in report.answer.iter().zip(over) {
        let speaks = said.starts_with("With the TSO alone the lines");
        assert_eq!(speaks, *over > 1e-5, "{over}: {said}");
    }
}

/// The function counts the block of 1 MW in part; the feeder, of which 0.5 MW are wanted, delivers it by BSP3. By hand.
#[test]
fn a_function_that_cuts_a_block_says_so_beside_what_is_delivered() {
    let mut session = Session::preset("mezghani-block").unwrap();
    session.solve().unwrap();
    let probe = session.probe("rsf:D-net", 0.5, 0.0).unwrap();
    assert!(
        probe.sentence.contains("as if they could be cut"),
        "{}",
        probe.sentence
    );
    let row = |k: usize| -> Vec<f64> {
        let number = |cell: &Cell| match cell {
            Cell::Number(v) => *v,
            _ => f64::NAN,
        };
        probe.table.rows[k][2..].iter().map(number).collect()
    };
    assert_eq!(probe.table.rows.len(), 2);
    for (ours, by_hand) in row(0).iter().chain(&row(1)).zip([0.5, 0.0, 0.0, 0.5]) {
        assert!((ours - by_hand).abs() < 1e-6, "{ours} against {by_hand}");
    }
    // At a whole block nothing is cut, and nothing beside it to tell.
    let whole = session.probe("rsf:D-net", 1.0, 0.0).unwrap();
    assert!(!whole.sentence.contains("cut"), "{}", whole.sentence);
    assert_eq!(whole.table.columns.len(), 3);
}

/// Beside a line over its limit nothing is called safe.
#[test]
fn no_badge_praises_what_is_handed_on_beside_an_overload() {
    let badges = |id: &str| report(id, &[]).badges.into_iter().map(|b| b.text);
    let safe = |text: String| text.contains("safe");
    assert!(!badges("khojasteh-k33-tso-only").any(safe));
    assert!(badges("khojasteh-k33-truthful").any(safe));
}
