//! The text of a case file, cut into statements without comments.

use tandem::case::matpower::inside::*;

fn cut(text: &str) -> Vec<(usize, String)> {
    let done = statements(text).unwrap();
    done.iter().map(|s| (s.line, s.flat())).collect()
}

#[test]
fn comments_continuations_and_strings() {
    let text = "a = 1; # one; two\nb = 'x;%y', c = ...\n  3\n%{\nd = 4\n%}\ne = a' ;\nf = {'O''Brien (w'; 'B'''}";
    let expected = [
        (1, "a = 1"),
        (2, "b = 'x;%y'"),
        (2, "c = 3"),
        (7, "e = a'"),
        (8, "f = {'O''Brien (w'; 'B'''}"),
    ];
    assert_eq!(cut(text), expected.map(|(l, t)| (l, t.to_string())));
}

#[test]
fn rows_know_their_lines() {
    let text = "\nm = [ % head\n 1, 2; 3 4\n\n 5 ...\n 6\n];";
    let all = statements(text).unwrap();
    let rows: Vec<_> = all[0].rows(5).iter().map(|p| (p.line, p.text)).collect();
    assert_eq!(rows[..2], [(3, "1, 2"), (3, "3 4")]);
    assert_eq!(rows[2].0, 5);
    assert_eq!(
        rows[2].1.split(is_blank).filter(|w| !w.is_empty()).count(),
        2
    );
}

#[test]
fn what_is_not_closed_is_placed() {
    for (text, line) in [
        ("a = 1\nm = [1 2\n3", 2),
        ("a = 1)\n", 1),
        ("\nb = 'x", 2),
        ("%{\n", 1),
        ("m = [1)", 1),
    ] {
        assert_eq!(statements(text).unwrap_err().field, format!("line {line}"));
    }
}
