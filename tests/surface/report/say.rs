//! Sentences with the numbers of a report in them: what lessons and answers are written in.

use tandem::report::Report;
use tandem::report::plots::{by_clock, quantity};
use tandem::report::say::*;

fn report() -> Report {
    Report {
        summary: vec![
            quantity("cost".into(), "cost".into(), 12_345.678, "$", ""),
            quantity("price".into(), "price".into(), 39.372_5, "$/MWh", ""),
            quantity("none".into(), "none".into(), f64::NAN, "$", ""),
        ],
        series: vec![
            by_clock("p:G1".into(), "G1".into(), "MW", vec![1.0, -2.5, 0.123_456]),
            by_clock("price".into(), "price".into(), "$/MWh", vec![37.7, 41.0]),
        ]
        .into(),
        ..Report::default()
    }
}

#[test]
fn numbers_are_written_with_their_units() {
    for (text, said) in [
        ("{cost}", "12\u{202f}346\u{a0}$"),
        ("{price}", "39.4\u{a0}$/MWh"),
        ("{price | 3}", "39.373\u{a0}$/MWh"),
        (
            "{p:G1} {p:G1 at 3} {p:G1 max | bare}",
            "−2.5\u{a0}MW 0.123\u{a0}MW 1",
        ),
        ("{p:G1 | size}", "2.5\u{a0}MW"),
        ("{p:G1 sum}", "−1.38\u{a0}MW"),
        ("{price} {price at 2}", "39.4\u{a0}$/MWh 41\u{a0}$/MWh"),
        ("{p:G1 first - p:G1 at 2}", "3.5\u{a0}MW"),
        ("{cost / 1000 | in k$, 1}", "12.3\u{a0}k$"),
        ("no number", "no number"),
    ] {
        assert_eq!(say(text, &report(), 1).as_deref(), Ok(said), "{text}");
    }
}

#[test]
fn what_cannot_be_said_is_refused_in_words() {
    for (text, part) in [
        ("{cost", "closing"),
        ("{gone}", "no number “gone”"),
        ("{none}", "has no value"),
        ("{p:G1 at 9}", "has no value"),
        ("{p:G1 best}", "chooses no value"),
        ("{cost first}", "cost is one number"),
        ("{cost | loud}", "no way to write"),
        ("{}", "names no number"),
    ] {
        let said = say(text, &report(), 0).unwrap_err();
        assert!(said.contains(part), "{text}: {said}");
    }
}

#[test]
fn conditions_compare_numbers() {
    for (condition, is) in [
        ("", true),
        ("cost > 100", true),
        ("cost > 100 and p:G1 < 0", true),
        ("p:G1 max = 1", true),
        ("p:G1 max != 1.0000000001", false),
        ("cost - 12345.678 <= 0", true),
        ("price >= 40", false),
    ] {
        assert_eq!(holds(condition, &report(), 1), Ok(is), "{condition}");
    }
    assert!(holds("cost", &report(), 0).is_err());
    assert!(follows_clock("{cost} {p:G1}", "", &report()));
    assert!(follows_clock("{cost}", "p:G1 >= 0", &report()));
    assert!(!follows_clock(
        "{cost} {p:G1 max}",
        "cost > p:G1 min",
        &report()
    ));
}
