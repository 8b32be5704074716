//! What is said in numbers reads as a person would write it: plurals, ends that are the same, nothing, signs.

use serde_json::Value;
use tandem::session::Session;

/// Nouns that a report counts.
const COUNTED: [&str; 24] = [
    "solve",
    "interval",
    "number",
    "hour",
    "slot",
    "period",
    "step",
    "bid",
    "line",
    "bus",
    "round",
    "point",
    "limit",
    "unit",
    "feeder",
    "community",
    "solution",
    "problem",
    "case",
    "area",
    "branch",
    "seed",
    "owner",
    "resource",
];

fn plural(noun: &str) -> String {
    match noun {
        "bus" => "buses".into(),
        "branch" => "branches".into(),
        "community" => "communities".into(),
        _ => format!("{noun}s"),
    }
}

fn is_number(word: &str) -> bool {
    let word = word.trim_start_matches(['−', '(']);
    word.starts_with(|c: char| c.is_ascii_digit())
        && word
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c == '\u{202f}')
}

/// What is wrong with a sentence, if anything.
fn wrong(text: &str) -> Option<String> {
    let spaced = text.replace('\u{a0}', " ");
    // A comma parts what is counted from what follows.
    let parted = spaced.replace(", ", " , ");
    let words: Vec<&str> = parted
        .split_whitespace()
        .map(|word| match word {
            "," => word,
            word => word.trim_end_matches([',', ';', ':', ')']),
        })
        .collect();
    let word = |k: usize| words.get(k).copied().unwrap_or_default();
    let bare = |k: usize| word(k).trim_end_matches('.');
    for k in 0..words.len() {
        let number = word(k);
        let after_count = k > 0
            && matches!(
                word(k - 1),
                "of" | "to" | "and" | "or" | "all" | "times" | "/"
            );
        if number == "1" && !after_count && COUNTED.iter().any(|noun| bare(k + 1) == plural(noun)) {
            return Some(format!("“1 {}”", bare(k + 1)));
        }
        // “interval 2 line 2-3” and “M = 4 line” count nothing.
        let names = k > 0 && (word(k - 1) == "=" || COUNTED.contains(&word(k - 1)));
        if is_number(number)
            && !names
            && number != "1"
            && COUNTED.contains(&bare(k + 1))
            && number.parse::<u32>().is_ok()
        {
            return Some(format!("“{number} {}”", bare(k + 1)));
        }
        if is_number(number)
            && word(k + 1) == "to"
            && bare(k + 2) == number
            && (k == 0 || word(k - 1) == "from")
        {
            return Some(format!("“{number} to {number}”"));
        }
        if number == "0" && word(k + 1) == "of" && is_number(word(k + 2)) {
            return Some(format!("“0 of {}”", word(k + 2)));
        }
        if number.starts_with('−') && is_number(number) {
            let compared = (k + 1..k + 4).any(|at| matches!(bare(at), "less" | "more" | "fewer"));
            if compared && word(k + 1) == "%" {
                return Some(format!("“{number} % less or more”"));
            }
            if number
                .trim_start_matches('−')
                .chars()
                .all(|c| c == '0' || c == '.')
            {
                return Some(format!("“{number}”"));
            }
        }
        if matches!(number, "NaN" | "inf" | "−inf" | "-inf" | "undefined") {
            return Some(format!("“{number}”"));
        }
    }
    let doubled = ["..", " .", " ,", "  ", ",,", "()", "( ", " )", "{", "}"];
    let found = doubled.iter().find(|signs| spaced.contains(**signs));
    found.map(|signs| format!("“{signs}”"))
}

/// Everything of a report that is read as text: not what names a thing for the program.
fn texts(value: &Value, key: &str, found: &mut Vec<String>) {
    const NAMES: [&str; 12] = [
        "id", "kind", "series", "path", "unit", "field", "chart", "of", "subject", "label",
        "watch", "probe",
    ];
    match value {
        Value::String(text) if !NAMES.contains(&key) && text.contains(' ') => {
            found.push(text.clone())
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, key, found)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, item)| texts(item, key, found)),
        _ => {}
    }
}

#[test]
fn a_wrong_sentence_is_found() {
    for text in [
        "certified: 1 solves",
        "2 interval of 6",
        "from 80 to 80 MW",
        "over in 0 of 24 intervals",
        "It is −63.6\u{a0}% less than before.",
        "A gain of −0.00 $.",
        "NaN MW",
        "Done..",
    ] {
        assert!(wrong(text).is_some(), "{text}");
    }
    for text in [
        "1 solve, 21 solves and 1 of 24 intervals",
        "from 80 to 90 MW",
        "line 1 carries it in hour 19.",
        "It changes by −3 $ and is 4 % less.",
        "interval 1 of 6",
    ] {
        assert_eq!(wrong(text), None, "{text}");
    }
}

/// No sentence of a solved preset's report has one of the faults above.
pub fn reads_as_a_person_writes(id: &str, session: &Session) {
    let report = serde_json::to_value(session.report().unwrap()).unwrap();
    let mut said = Vec::new();
    texts(&report, "", &mut said);
    let faults = said.iter().filter_map(|text| Some((wrong(text)?, text)));
    let mut found: Vec<String> = faults
        .map(|(why, text)| format!("{id}: {why} in “{text}”"))
        .collect();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
