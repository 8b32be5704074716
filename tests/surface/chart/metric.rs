//! How wide is a text? Advance widths of the sans that the page ships.

use tandem::chart::inside::*;

#[test]
fn digits_are_all_as_wide_as_each_other() {
    for c in '0'..='9' {
        assert_eq!(advance(c), 497);
    }
    // 3 digits at 497, stop at 249, space at 200, M 727, W 786; 10 px, 1.08 times as large.
    assert!((width_px("10.5 MW", 10.0) - 34.53 * 1.08).abs() < 1e-9);
    assert_eq!(advance('~'), 497);
    assert_eq!(advance('A'), 543);
}

#[test]
fn a_shortened_text_fits() {
    for max in 8..120 {
        let text = fit(
            "Distribution-level aggregator of feeder 12",
            12.0,
            f64::from(max),
        );
        assert!(
            text == "…" || width_px(&text, 12.0) <= f64::from(max),
            "{text} at {max}"
        );
    }
    let (a, b) = (
        fit("Substation 13", 12.0, 60.0),
        fit("Substation 14", 12.0, 60.0),
    );
    assert!(
        a != b && a.ends_with("13") && b.starts_with("Sub"),
        "{a} {b}"
    );
    // At words where there is more than one.
    assert_eq!(fit("prices to devices", 12.0, 60.0), "prices to…");
    assert_eq!(fit("prices to devices", 12.0, 50.0), "prices…");
    assert_eq!(fit("G1", 12.0, 100.0), "G1");
    assert_eq!(fit("", 12.0, 0.0), "");
}

#[test]
fn names_break_between_words() {
    assert_eq!(broken("limit of 2-3", 1).unwrap(), ["limit of 2-3"]);
    assert_eq!(broken("limit of 2-3", 2).unwrap(), ["limit", "of 2-3"]);
    assert_eq!(
        broken("limit of line 2-3, reverse", 2).unwrap(),
        ["limit of line", "2-3, reverse"]
    );
    assert_eq!(broken("limit", 2), None);
    assert_eq!(broken("a b c", 3).unwrap(), ["a", "b", "c"]);
}
