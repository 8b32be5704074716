//! Numbers as they are read and as the papers print them, and NaN as `null` in JSON.

use tandem::report::inside::*;

#[test]
fn exports_leave_out_the_rounding_of_a_solve() {
    for (value, text) in [
        (2.124_999_999_999_976, "2.125"),
        (-0.0, "0"),
        (1.0 / 3.0, "0.333333333333"),
        (123_456_789.123_456, "123456789.123"),
        (-1e-7, "-0.0000001"),
    ] {
        assert_eq!(exported(value).to_string(), text);
    }
}

#[test]
fn halves_go_up_as_printed() {
    assert_eq!(half_up(2.125, 2), 2.13);
    assert_eq!(half_up(2.125 - 1e-13, 2), 2.13);
    assert_eq!(half_up(-2.125, 2), -2.13);
    assert_eq!(half_up(2.1249, 2), 2.12);
    assert_eq!(half_up(-0.001, 2), 0.0);
    assert!(agrees(2.875, 2.88, 2));
    assert!(!agrees(2.8749, 2.88, 2));
}
