//! Where does a value stand on an axis? Ranges, ticks and their labels.

use tandem::chart::inside::*;

#[test]
fn ticks_are_few_nice_and_inside() {
    for (low, high, most) in [
        (0.0, 9.0, 5),
        (-1e-7, 3e-7, 4),
        (9.2, 10.6, 5),
        (0.5, 288.5, 8),
        (-3.0, 1e8, 3),
        (1e15, 1.0000001e15, 5),
    ] {
        let scale = Scale::numbers((low, high), most, false);
        assert!(
            scale.at.len() <= most + 1 && scale.at.len() >= 2,
            "{scale:?}"
        );
        let tolerance = 1e-9 * (high - low);
        assert!(
            scale
                .at
                .iter()
                .all(|t| *t >= low - tolerance && *t <= high + tolerance)
        );
    }
    let labels: Vec<_> = Scale::numbers((9.2, 10.6), 5, false).labels().collect();
    assert_eq!(labels, ["9.5", "10.0", "10.5"]);
    let labels: Vec<_> = Scale::numbers((0.5, 6.5), 20, true).labels().collect();
    assert_eq!(labels, ["1", "2", "3", "4", "5", "6"]);
}

#[test]
fn numbers_are_written_as_in_print() {
    assert_eq!(number(-2.5, 1), "−2.5");
    assert_eq!(number(-0.0001, 1), "0.0");
    assert_eq!(number(1234.0, 0), "1234");
    assert_eq!(number(-1234567.0, 0), "−1\u{202f}234\u{202f}567");
    assert_eq!(number(2e12, 0), "2e12");
}

#[test]
fn noise_does_not_fill_the_axis() {
    let extent = Extent::of([12.0, 12.0 + 1e-9, f64::NAN, f64::INFINITY]);
    let (low, high) = extent.padded();
    assert!(low < 11.0 && high > 13.0);
    assert_eq!(Extent::EMPTY.padded(), (0.0, 1.0));
    assert_eq!(Extent::of([0.0]).padded(), (-1.0, 1.0));
    assert_eq!(Extent::of([0.0, 10.0]).padded().0, 0.0);
}
