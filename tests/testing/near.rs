//! Comparisons of numbers. Each program of tests uses some of them.
#![allow(dead_code)]

#[track_caller]
pub fn near(what: &str, ours: f64, expected: f64, tolerance: f64) {
    let off = (ours - expected).abs();
    assert!(
        off <= tolerance,
        "{what}: ours {ours}, expected {expected}, off by {off:e}"
    );
}

/// As many numbers, each within the tolerance.
#[track_caller]
pub fn all_near(ours: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), expected.len());
    for (i, (a, b)) in ours.iter().zip(expected).enumerate() {
        assert!(
            (a - b).abs() <= tolerance,
            "[{i}]: {ours:?} is not {expected:?}"
        );
    }
}

/// Relative to the size of the numbers.
#[track_caller]
pub fn relatively_near(what: &str, a: f64, b: f64, tolerance: f64) {
    let off = (a - b).abs();
    let scale = 1.0 + a.abs().max(b.abs());
    assert!(
        off <= tolerance * scale,
        "{what}: {a} and {b}, off by {off:e}"
    );
}

#[track_caller]
pub fn at_most(what: &str, less: f64, more: f64, tolerance: f64) {
    let scale = 1.0 + less.abs().max(more.abs());
    assert!(
        less <= more + tolerance * scale,
        "{what}: {less} > {more} by {:e}",
        less - more
    );
}
