//! Texts of a user: characters that are not seen, names that are nearly right, cells of a spreadsheet.

use std::borrow::Cow;
use tandem::case::text::*;

#[test]
fn every_encoding_gives_its_text() {
    let little: Vec<u8> = "\u{feff}Łé"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = "\u{feff}Łé"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let plain = ("Łé".to_string(), false);
    assert_eq!(decoded(&little), plain);
    assert_eq!(decoded(&big), plain);
    assert_eq!(decoded("\u{feff}Łé".as_bytes()), plain);
    assert_eq!(decoded("Łé".as_bytes()), plain);
    assert_eq!(decoded(b"caf\xe9"), ("café".to_string(), true));
    assert_eq!(decoded(b"a\rb").0, "a\nb");
    assert_eq!(decoded(b"a\r\nb").0, "a\r\nb");
}

#[test]
fn hidden_characters_are_written_out() {
    assert_eq!(visible("a\u{202e}b\u{1b}\n"), "a\\u202eb\\u001b\n");
    assert_eq!(visible_line("a\nb"), "a\\u000ab");
    assert!(matches!(visible("Łódź 👩‍👧 −6 °"), Cow::Borrowed(_)));
}

/// OWASP, "CSV Injection": these begin a formula.
#[test]
fn formulas_become_text_and_numbers_stay() {
    for (text, written) in [
        ("=1+1", "'=1+1"),
        ("+x", "'+x"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("=cmd|' /C calc'!A0,1", "\"'=cmd|' /C calc'!A0,1\""),
        ("\t=1", "\"'\t=1\""),
        ("-6", "-6"),
        ("-1e-7", "-1e-7"),
        ("-", "-"),
        ("a \"b\", c", "\"a \"\"b\"\", c\""),
        ("2-3", "2-3"),
    ] {
        assert_eq!(csv_field(text), written);
    }
}

#[test]
fn a_name_nearly_right_is_found() {
    let known = ["max_p_mw", "min_p_mw", "x_pu"];
    assert_eq!(nearest("max_pmw", known.into_iter()), Some("max_p_mw"));
    assert_eq!(nearest("MAX_P_MW", known.into_iter()), Some("max_p_mw"));
    assert_eq!(nearest("colour", known.into_iter()), None);
    assert_eq!(distance(&['a'; 4], &['a'; 7]), 3);
}
