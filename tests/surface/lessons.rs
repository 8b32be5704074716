//! Lessons: those of the presets tell what is true, and a teacher's file is read or refused in words.

use tandem::scenario::{Document, link};
use tandem::session::Session;

fn solved(document: Document) -> Session {
    let mut session = Session::new(document);
    session.solve().unwrap();
    session
}

/// The lesson of a solved preset tells what is true, and its changes are those of inputs that there are.
pub fn can_be_told(id: &str, session: &Session) {
    assert_eq!(session.lesson_problems().unwrap(), Vec::new(), "{id}");
    let report = session.report().unwrap();
    let lesson = report.lesson.as_ref().unwrap();
    let text = serde_json::to_string(lesson).unwrap();
    assert!(!lesson.why.is_empty() && !lesson.next.is_empty(), "{id}");
    assert!(
        !text.contains("{p:") && !text.contains("}."),
        "{id}: {text}"
    );
    // One after another, as the page makes them.
    let mut document = session.document().clone();
    for (path, value) in lesson.steps.iter().flat_map(|step| &step.change) {
        document = document
            .with(path, &value.to_string())
            .unwrap_or_else(|problems| panic!("{id}: {path}: {problems:?}"));
    }
}

const OWN: &str = r#"{
  "lesson": 1,
  "title": "My own",
  "scenario": "p=zuo-4node&case.branches.2-3.max_p_mw=13",
  "question": "Does it still swing?",
  "predict": {
    "kind": "choose",
    "ask": "What does D2 do?",
    "choices": [
      {"say": "It swings.", "when": "swing_all > 0.001", "reply": "The line has room."},
      {"say": "It holds.", "when": "swing_all <= 0.001", "reply": "It makes {p:D2 last} throughout."}
    ]
  },
  "why": [{"say": "Line 2-3 carries {flow:2-3 max}, less than 13 MW."}],
  "next": ["zuo-4node-se"]
}"#;

#[test]
fn a_teachers_file_opens_and_goes_into_a_link() {
    let document = Document::open(OWN).unwrap();
    // By hand: at 13 MW nothing limits G1 (8 MW) and the DERs (4 and 2 MW): 12 MW cross line 2-3.
    let own = solved(document.clone());
    assert_eq!(own.lesson_problems().unwrap(), Vec::new());
    let report = own.report().unwrap();
    assert_eq!(
        (report.title.as_str(), report.question.as_str()),
        ("My own", "Does it still swing?")
    );
    let lesson = report.lesson.unwrap();
    assert_eq!(
        lesson.why,
        ["Line 2-3 carries 12\u{a0}MW, less than 13 MW."]
    );
    assert_eq!(lesson.next[0].id, "zuo-4node-se");
    let said = serde_json::to_value(&lesson.predict).unwrap();
    assert_eq!(said["guess"]["choices"][0]["right"], false);
    assert_eq!(said["guess"]["choices"][1]["right"], true);
    assert_eq!(
        said["guess"]["choices"][1]["reply"],
        "It makes 4\u{a0}MW throughout."
    );

    let again = link::decode(&link::encode(&document).fragment).unwrap();
    assert_eq!(again, document);
    assert_eq!(Document::open(&document.to_json()).unwrap(), document);
}

#[test]
fn what_is_wrong_with_a_lesson_is_said_field_by_field() {
    let refused = |text: String| Document::open(&text).unwrap_err()[0].to_string();
    for (old, new, part) in [
        ("\"lesson\": 1", "\"lesson\": 2", "version 1"),
        (
            "\"scenario\": \"p=zuo-4node&case.branches.2-3.max_p_mw=13\",",
            "",
            "which scenario",
        ),
        (
            "\"scenario\": \"p=zuo-4node&case.branches.2-3.max_p_mw=13\"",
            "\"scenario\": \"zuo-5node\"",
            "zuo-4node",
        ),
        ("\"next\"", "\"nxt\"", "nxt"),
    ] {
        let said = refused(OWN.replace(old, new));
        assert!(said.contains(part), "{said}");
    }
    for (old, new, field) in [
        (
            "swing_all > 0.001",
            "swing_all <= 0.001",
            "lesson.predict.choices",
        ),
        ("{flow:2-3 max}", "{flow:3-2 max}", "lesson.why.0.say"),
        (
            "{p:D2 last}",
            "{p:D2 latest}",
            "lesson.predict.choices.1.reply",
        ),
    ] {
        let problems = solved(Document::open(&OWN.replace(old, new)).unwrap())
            .lesson_problems()
            .unwrap();
        assert_eq!(problems[0].field, field);
    }
}
